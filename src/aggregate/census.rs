//! Who applied to a line over all paths, and what became of the first project of each path.

use crate::analytic::default_law::Traits;
use crate::engine::totals::{FirstProject, LineCensus};
use std::collections::BTreeMap;

/// First projects of one kind: same traits, same quarter of disbursement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FirstProjects {
    /// How many.
    pub projects: u64,
    /// Those that defaulted within tenor and horizon.
    pub defaults: u64,
    /// Those that defaulted at age 1.
    pub first_quarter: u64,
}

/// Sums over paths for one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CensusSums {
    /// Applicants by theme.
    pub themes: [i64; 4],
    /// By legal form.
    pub legal_forms: [i64; 2],
    /// By size.
    pub sizes: [i64; 3],
    /// By rating.
    pub ratings: Vec<i64>,
    /// Those accompanied.
    pub accompanied: i64,
    /// Those that accept another product.
    pub accept_other: i64,
    /// First projects by traits and quarter of disbursement.
    pub first_projects: BTreeMap<(Traits, u32), FirstProjects>,
}

impl CensusSums {
    /// Without paths.
    pub fn new(ratings: usize) -> CensusSums {
        CensusSums { ratings: vec![0; ratings], ..CensusSums::default() }
    }

    /// Adds a path.
    pub fn add(&mut self, path: &LineCensus) {
        add_all(&mut self.themes, &path.themes);
        add_all(&mut self.legal_forms, &path.legal_forms);
        add_all(&mut self.sizes, &path.sizes);
        add_all(&mut self.ratings, &path.ratings);
        self.accompanied += path.accompanied;
        self.accept_other += path.accept_other;
        if let Some(project) = &path.first_project {
            let sums = self.first_projects.entry((traits(project), project.disbursed)).or_default();
            sums.projects += 1;
            sums.defaults += u64::from(project.default_age.is_some());
            sums.first_quarter += u64::from(project.default_age == Some(1));
        }
    }

    /// Adds the paths of another set.
    pub fn merge(&mut self, other: &CensusSums) {
        add_all(&mut self.themes, &other.themes);
        add_all(&mut self.legal_forms, &other.legal_forms);
        add_all(&mut self.sizes, &other.sizes);
        add_all(&mut self.ratings, &other.ratings);
        self.accompanied += other.accompanied;
        self.accept_other += other.accept_other;
        for (kind, counts) in &other.first_projects {
            let sums = self.first_projects.entry(*kind).or_default();
            sums.projects += counts.projects;
            sums.defaults += counts.defaults;
            sums.first_quarter += counts.first_quarter;
        }
    }

    /// Applicants.
    pub fn applicants(&self) -> i64 {
        self.themes.iter().sum()
    }
}

fn add_all(sums: &mut [i64], values: &[i64]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}

fn traits(project: &FirstProject) -> Traits {
    Traits {
        rating: project.rating,
        theme: project.theme,
        legal_form: project.legal_form,
        size: project.size,
        accompanied: project.accompanied,
    }
}
