//! The check that every run makes on itself: simulated figures beside their exact expectations.
//!
//! Which figures are exact, when they are judged, and how seldom a correct run fails is said in
//! [`crate::analytic::exact_figure`]. The standard error is that of the exact law, not of the sample: a simulation that
//! varied too little or too much would not hide it.
//!
//! Runs with `--tail` are not judged ([`crate::aggregate::tail`]): their paths do not weigh the same, so that sums over
//! them are not the sums that these laws speak of. Their engine, path by path, is that of the runs that are judged.

use super::census::{CensusSums, FirstProjects};
use super::collector::Collector;
use super::columns::{About, Column};
use super::groups::{Dimension, groups};
use crate::analytic::default_law::DefaultLaw;
use crate::analytic::exact_figure::{Draw, ExactFigure, Figure, LARGEST_Z, Law};
use crate::metrics::{MetricId, Unit};
use crate::plan::{DependencePlan, Plan};
use crate::scenario::LineNumber;

/// A simulated figure beside its exact expectation, in carried units (cents, counts, 0 to 1).
#[derive(Clone, Debug, PartialEq)]
pub struct ExactComparison {
    /// What is compared.
    pub figure: Figure,
    /// Of which line.
    pub line: LineNumber,
    /// Of which theme, legal form, size, rating or product; empty if of all.
    pub group: String,
    /// Number of independent draws: paths, applicants or first projects.
    pub draws: u64,
    /// Exact expectation.
    pub exact: f64,
    /// Simulated mean.
    pub simulated: f64,
    /// Exact standard error of the simulated mean.
    pub std_error: f64,
    /// (simulated - exact) / standard error, the difference less what rounding to cents may explain; infinite if
    /// something that never varies differs.
    pub z: f64,
}

impl ExactComparison {
    /// Its unit.
    pub fn unit(&self) -> Unit {
        self.figure.unit()
    }

    /// A value in natural units: euros, counts, shares.
    pub fn natural(&self, carried: f64) -> f64 {
        match self.unit() {
            Unit::Euro => carried / 100.0,
            Unit::Count | Unit::Ratio | Unit::Probability => carried,
        }
    }
}

/// A simulated figure is further from its exact expectation than luck explains: a bug.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "{what} of line {line} should be {exact:.6} and was simulated as {simulated:.6} \
     (z = {z:.1}, {draws} draws; beyond {LARGEST_Z} it is not luck)"
)]
pub struct ExactCheckBroken {
    /// The figure, with its group.
    pub what: String,
    /// The line.
    pub line: &'static str,
    /// Exact expectation, in euros, counts or shares.
    pub exact: f64,
    /// Simulated mean.
    pub simulated: f64,
    /// Distance in exact standard errors.
    pub z: f64,
    /// Independent draws.
    pub draws: u64,
}

/// All comparisons of a run: those with enough events to be judged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExactCheck {
    /// Line after line.
    pub comparisons: Vec<ExactComparison>,
}

impl ExactCheck {
    /// Compares the paths of a run with exact figures of its plan; the first projects of each line are added.
    pub fn of(collector: &Collector, figures: &[ExactFigure]) -> ExactCheck {
        let plan = collector.context.plan;
        let mut comparisons = Vec::new();
        for (slot, census) in collector.census.iter().enumerate() {
            let of_line = figures.iter().filter(|figure| figure.slot == slot);
            comparisons.extend(
                of_line.filter_map(|figure| compare(plan, slot, figure, observe(collector, figure)?)),
            );
            comparisons.extend(first_projects(plan, slot, census));
        }
        ExactCheck { comparisons }
    }

    /// The comparison with the largest |z|.
    pub fn largest(&self) -> Option<&ExactComparison> {
        self.comparisons.iter().max_by(|a, b| a.z.abs().total_cmp(&b.z.abs()))
    }

    /// Whether every simulated figure is within luck's reach of its exact expectation.
    ///
    /// # Errors
    /// [`ExactCheckBroken`] of the figure with the largest |z|, if that is above [`LARGEST_Z`].
    pub fn verdict(&self) -> Result<(), ExactCheckBroken> {
        match self.largest() {
            Some(worst) if worst.z.abs() > LARGEST_Z => {
                let mut what = worst.figure.word().to_string();
                if !worst.group.is_empty() {
                    what += &format!(" ({})", worst.group);
                }
                Err(ExactCheckBroken {
                    what,
                    line: worst.line.word(),
                    exact: worst.natural(worst.exact),
                    simulated: worst.natural(worst.simulated),
                    z: worst.z,
                    draws: worst.draws,
                })
            }
            _ => Ok(()),
        }
    }
}

/// Sum and number of draws.
#[derive(Clone, Copy)]
struct Observed {
    sum: f64,
    draws: f64,
}

/// The simulated sum of a figure; `None` if the run does not report it.
fn observe(collector: &Collector, figure: &ExactFigure) -> Option<Observed> {
    let plan = collector.context.plan;
    let line = &plan.lines[figure.slot];
    let census = &collector.census[figure.slot];
    let of_path = |metric: MetricId| {
        let column = Column { metric, about: About::Line(line.number, figure.slot) };
        let position = collector.context.figures.columns().iter().position(|other| *other == column)?;
        Some(collector.columns[position].0.sum() as f64)
    };
    let sum = match figure.figure {
        Figure::Metric(metric) => of_path(metric)?,
        Figure::InvestmentOfApplicant => of_path(MetricId::InvestmentApplied)?,
        Figure::IneligibleShare => of_path(MetricId::RejectedIneligible)?,
        Figure::ThemeShare(theme) => census.themes[theme] as f64,
        Figure::LegalFormShare(form) => census.legal_forms[form] as f64,
        Figure::SizeShare(size) => census.sizes[size] as f64,
        Figure::RatingShare(rating) => census.ratings[rating] as f64,
        Figure::AccompaniedShare => census.accompanied as f64,
        Figure::AcceptsOtherShare => census.accept_other as f64,
        Figure::PreferredShare(product) => {
            let first = groups(plan).iter().position(|group| group.dimension == Dimension::Product)?;
            // Applications come first among the figures of a group.
            collector.groups.moments[first + line.first_product + product][0].sum() as f64
        }
        Figure::FirstProjectDefault(_) | Figure::FirstQuarterDefault(_) => return None,
    };
    let draws = match figure.figure.draw() {
        Draw::Path => collector.paths as f64,
        Draw::Applicant => census.applicants() as f64,
        Draw::FirstProject => return None,
    };
    Some(Observed { sum, draws })
}

fn compare(plan: &Plan, slot: usize, figure: &ExactFigure, observed: Observed) -> Option<ExactComparison> {
    let Law { mean, sd, rounding, .. } = figure.law;
    if !figure.law.can_be_judged(observed.draws) {
        return None;
    }
    let simulated = observed.sum / observed.draws;
    let std_error = sd / observed.draws.sqrt();
    let difference = simulated - mean;
    // Beside cents, the sums behind an exact figure carry the rounding of doubles.
    let unexplained = (difference.abs() - rounding - 1e-11 * mean.abs()).max(0.0);
    let z = if unexplained == 0.0 { 0.0 } else { difference.signum() * unexplained / std_error };
    Some(ExactComparison {
        figure: figure.figure,
        line: plan.lines[slot].number,
        group: figure.figure.group(plan, slot),
        draws: observed.draws as u64,
        exact: mean,
        simulated,
        std_error,
        z,
    })
}

/// First projects of a line: of each rating that has enough of them, and of all together.
fn first_projects(plan: &Plan, slot: usize, census: &CensusSums) -> Vec<ExactComparison> {
    if plan.forces_defaults() {
        return Vec::new();
    }
    let law = DefaultLaw::new(plan);
    let by_quarter = matches!(plan.credit.dependence, DependencePlan::Autoregressive { .. });
    let ratings = plan.credit.rating_names.len();
    let mut sums = vec![FirstSums::default(); ratings + 1];
    for ((traits, quarter), counts) in &census.first_projects {
        let (probability, defaults) = if by_quarter {
            (law.first_quarter(slot, *traits, *quarter), counts.first_quarter)
        } else {
            (law.lifetime(slot, *traits, *quarter), counts.defaults)
        };
        for position in [traits.rating, ratings] {
            sums[position].add(counts, probability, defaults);
        }
    }
    let figure = |rating| {
        if by_quarter { Figure::FirstQuarterDefault(rating) } else { Figure::FirstProjectDefault(rating) }
    };
    sums.iter()
        .enumerate()
        .filter(|(_, sums)| sums.projects > 0.0)
        .filter_map(|(position, sums)| {
            let figure = figure((position < ratings).then_some(position));
            let exact = ExactFigure { figure, slot, law: sums.law() };
            compare(plan, slot, &exact, Observed { sum: sums.defaults, draws: sums.projects })
        })
        .collect()
}

/// Sums over first projects with known probabilities.
#[derive(Clone, Copy, Default)]
struct FirstSums {
    projects: f64,
    defaults: f64,
    expected: f64,
    variance: f64,
}

impl FirstSums {
    fn add(&mut self, counts: &FirstProjects, probability: f64, defaults: u64) {
        let projects = counts.projects as f64;
        self.projects += projects;
        self.defaults += defaults as f64;
        self.expected += projects * probability;
        self.variance += projects * probability * (1.0 - probability);
    }

    /// Of the mean of independent events with different probabilities (Poisson's binomial law).
    fn law(&self) -> Law {
        let mean = self.expected / self.projects;
        let sd = (self.variance / self.projects).max(0.0).sqrt();
        if sd == 0.0 {
            return Law::constant(mean);
        }
        Law { mean, sd, roughness: 1.0 / sd, events: mean, rounding: 0.0 }
    }
}
