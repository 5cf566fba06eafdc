//! Exact expectations of every stream of a line whose projects are surely approved.
//!
//! Formula: `E[stream] = sum over projects, products, fates of P(product) P(not withdrawn) P(fate) x cents of the fate`,
//! with the fates "never defaults" and "defaults at age k" ([`super::default_law`]) and the cents that the model books
//! ([`super::project_cash`]). Expectations add up whatever the correlations; so nothing here depends on the copula.
//!
//! Not covered, and left out rather than approximated: streams that depend on a loss given default that moves with the
//! economy (`lgd_loading` and `lgd_sd` above 0) under another copula than the Gaussian; and calls paid, with what
//! follows from them, where a cap or an envelope may limit them.

use super::default_law::DefaultLaw;
use super::project_cash::ProjectCash;
use super::severity_law::SeverityLaw;
use super::stream::{Stream, StreamValues};
use super::sure_list::{SureLine, SureProject, sure_line};
use crate::plan::Plan;

/// A project with its cash and the law of its default.
#[derive(Clone, Debug)]
pub struct ProjectLaw {
    /// Who.
    pub project: SureProject,
    /// What each fate brings.
    pub cash: ProjectCash,
    /// Probability of being disbursed.
    pub disbursed: f64,
    /// Probability of default by each age from 1 on, if disbursed.
    pub cumulative: Vec<f64>,
}

impl ProjectLaw {
    fn new(
        plan: &Plan,
        slot: usize,
        sure: &SureLine,
        project: &SureProject,
        (law, severity): (&DefaultLaw, &SeverityLaw),
    ) -> ProjectLaw {
        let (disbursed, cumulative, losses) = match project.disbursed {
            Some(quarter) => (
                1.0 - plan.lines[slot].withdrawal_rate,
                law.cumulative(slot, project.traits, quarter),
                severity.at_ages(&law.hazards(slot, project.traits, quarter)),
            ),
            None => (0.0, Vec::new(), Vec::new()),
        };
        let cash = ProjectCash::new(plan, slot, sure, project, &losses);
        ProjectLaw { project: project.clone(), cash, disbursed, cumulative }
    }

    /// Probability of each fate, given that the project is disbursed: never, then at age 1, 2, ...
    pub fn fates(&self) -> Vec<f64> {
        let mut before = 0.0;
        let mut fates = vec![1.0];
        for &probability in &self.cumulative {
            fates.push(probability - before);
            before = probability;
        }
        fates[0] -= before;
        fates
    }

    /// Smallest and largest value of each stream over all fates that can happen.
    pub fn range(&self) -> (StreamValues, StreamValues) {
        let withdrawn = (self.disbursed < 1.0).then_some(&self.cash.withdrawn);
        let disbursed = if self.disbursed > 0.0 { self.cash.disbursed.as_slice() } else { &[] };
        let mut fates = withdrawn.into_iter().chain(disbursed);
        let first = fates.next().expect("a project has a fate");
        fates.fold((first.low, first.high), |(low, high), fate| {
            (low.zip(&fate.low, f64::min), high.zip(&fate.high, f64::max))
        })
    }

    /// Sum over fates, withdrawal included, of probability x what `part` takes from a fate.
    pub fn average(&self, part: impl Fn(&super::project_cash::Fate) -> &StreamValues) -> StreamValues {
        let mut sum = StreamValues::default();
        sum.add(1.0 - self.disbursed, part(&self.cash.withdrawn));
        if self.disbursed > 0.0 {
            for (probability, fate) in self.fates().iter().zip(&self.cash.disbursed) {
                sum.add(self.disbursed * probability, part(fate));
            }
        }
        sum
    }
}

/// The exact expectations of a line whose projects are surely approved.
#[derive(Clone, Debug)]
pub struct LineExpectation {
    /// Its projects.
    pub projects: Vec<ProjectLaw>,
    /// Expected value of each stream, cents or counts.
    pub mean: StreamValues,
    /// How far the rounding of random amounts may move each expectation, in cents; 0 if everything is exact.
    pub rounding: StreamValues,
    /// The streams that are covered.
    pub streams: Vec<Stream>,
    /// Whether losses given default say nothing of what else defaults: only then their streams have a known variance.
    pub independent_losses: bool,
}

impl LineExpectation {
    /// Bounds on each stream: sums of what the best and the worst fate of each project bring.
    pub fn range(&self) -> (StreamValues, StreamValues) {
        let (mut low, mut high) = (StreamValues::default(), StreamValues::default());
        for project in &self.projects {
            let range = project.range();
            low.add(1.0, &range.0);
            high.add(1.0, &range.1);
        }
        (low, high)
    }
}

/// The exact expectations of a line (by slot); `None` unless its projects are surely approved.
pub fn line_expectation(plan: &Plan, slot: usize) -> Option<LineExpectation> {
    let sure = sure_line(plan, slot)?;
    let law = DefaultLaw::new(plan);
    let severity = SeverityLaw::new(plan, &plan.lines[slot]);
    let laws = (&law, &severity);
    let projects: Vec<ProjectLaw> =
        sure.projects.iter().map(|project| ProjectLaw::new(plan, slot, &sure, project, laws)).collect();
    let mut mean = StreamValues::default();
    let mut rounding = StreamValues::default();
    for project in &projects {
        mean.add(1.0, &project.average(|fate| &fate.mean));
        rounding.add(1.0, &project.average(|fate| &fate.rounding));
    }
    mean[Stream::Applications] = sure.applications as f64;
    mean[Stream::RejectedIneligible] = sure.ineligible as f64;
    mean[Stream::InvestmentApplied] = sure.investment_applied.to_f64();
    let streams = Stream::ALL
        .iter()
        .copied()
        .filter(|stream| severity.is_known() || !stream.needs_severity())
        .filter(|stream| sure.calls_are_paid || !stream.needs_paid_calls())
        .collect();
    let independent_losses = severity.is_independent();
    Some(LineExpectation { projects, mean, rounding, streams, independent_losses })
}
