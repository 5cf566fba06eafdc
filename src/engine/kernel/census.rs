//! The applications of a path, counted before its first quarter: nothing in its quarters depends on these sums.

use super::applicants::TABLE;
use super::path::PathInputs;
use crate::engine::totals::{GroupTotals, PathTotals};
use crate::units::Cents;

impl PathInputs<'_> {
    /// Totals of the path on which nothing has happened yet but all its applications are counted: nothing in its quarters
    /// depends on these sums.
    pub fn count_applications(&self, totals: &mut PathTotals) {
        totals.start(self.plan);
        for (slot, line) in self.plan.lines.iter().enumerate() {
            let (starts, applicants) = (self.starts[slot], &self.applicants[slot]);
            let all = starts[0] as usize..starts[starts.len() - 1] as usize;
            let (mut themes, mut products, mut ratings) = Default::default();
            let (mut legal_forms, mut sizes) = ([0; 2], [0; 4]);
            let (mut accompanied, mut accept_other) = (0, 0);
            for at in all.clone() {
                let investment = applicants.investment[at];
                Tally::add(&mut themes, applicants.theme[at], investment);
                Tally::add(&mut products, applicants.preferred[at], investment);
                Tally::add(&mut ratings, applicants.rating[at], investment);
                legal_forms[applicants.legal_form[at] as usize % 2] += 1;
                sizes[applicants.size[at] as usize % 4] += 1;
                accompanied += i64::from(applicants.accompanied[at]);
                accept_other += i64::from(applicants.accepts_other[at]);
            }
            let of_line = &mut totals.lines[slot];
            of_line.applications = all.len() as i64;
            of_line.investment_applied = themes.iter().map(Tally::amount).sum();
            let enter = |groups: &mut [GroupTotals], tallies: &Tallies| {
                for (group, tally) in groups.iter_mut().zip(tallies) {
                    group.applications += tally.applications;
                    group.investment_applied += tally.amount();
                }
            };
            enter(&mut totals.themes, &themes);
            enter(&mut totals.products[line.first_product..][..line.products.len()], &products);
            enter(&mut totals.ratings, &ratings);
            let census = &mut totals.census[slot];
            census.themes.iter_mut().zip(&themes).for_each(|(count, tally)| *count = tally.applications);
            census.ratings.iter_mut().zip(&ratings).for_each(|(count, tally)| *count = tally.applications);
            census.legal_forms = legal_forms;
            census.sizes.copy_from_slice(&sizes[..3]);
            (census.accompanied, census.accept_other) = (accompanied, accept_other);
        }
    }
}

/// Applications of one group of a line.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    applications: i64,
    /// Whole cents; exact, as all applications of the path are ([`amounts_are_exact`](super::applicants::amounts_are_exact)).
    investment: f64,
}

/// Of all groups of a kind, by position.
type Tallies = [Tally; TABLE];

impl Tally {
    #[inline(always)]
    fn add(tallies: &mut Tallies, group: u8, investment: f64) {
        let tally = &mut tallies[group as usize % TABLE];
        tally.applications += 1;
        tally.investment += investment;
    }

    fn amount(&self) -> Cents {
        Cents(self.investment as i64)
    }
}
