//! The figures of a plan whose exact expectation is known, for the check that every run makes on itself.
//!
//! # What is exact although budgets bind
//!
//! Who applies depends on nothing that happens in the fund: the number of applications, what they ask for and who they
//! are ([`super::applicant_law`]) hold under any mix.
//!
//! Defaults are harder: budgets that earlier defaults drained decide which later projects are approved, and earlier
//! defaults tell of the same economy. A project that was approved after others had time to default is therefore not a
//! fair draw: its default probability given that it was approved is not its `F(n)`. The **first project disbursed** of a
//! line is. Until it is disbursed its line has no running project; the line's envelopes move by nothing but
//! commitments, and no other envelope decides on approvals. Who is first, and when, is then a function of arrivals,
//! traits, preferences and withdrawals, whose random numbers are independent of those of defaults. Given the traits
//! and the quarter, its default has exactly the marginal law of [`super::default_law`], and, as paths are
//! independent, the number of first projects that default is a sum of independent events with known probabilities.
//! Under autoregressive factors the same holds; there the check takes the first quarter of age, which is in closed form.
//!
//! Lists that are surely approved ([`super::sure_list`]) have no such selection: all their streams are checked, under
//! static dependence also with their exact standard errors ([`super::stream_variance`]).
//!
//! # When a figure is judged
//!
//! Only where at least [`FEWEST_EVENTS`] events are expected over the run, and where the mean of the simulated
//! draws is near enough to normal: `roughness / sqrt(draws) <= ` [`ROUGHEST_MEAN`]. For events and counts the two
//! rules are nearly the same (the skewness of a Poisson number of mean 100 is 0.1). For sums of euros, where few large
//! amounts make the sum, the second one is what protects: `roughness` is the largest possible deviation in standard
//! deviations where there is one, else the larger of skewness and root of the excess kurtosis.
//! By Bernstein's inequality a correct bounded figure then exceeds |z| = [`LARGEST_Z`] with a probability of at most
//! 6e-7, whatever its law; in the normal limit it is 2e-9. A run that judges 100 figures stops wrongly at most once in
//! 16,000 runs if every figure stood at the edge of both rules, and about once in 5 million in the normal limit. With a
//! fixed seed a scenario either always passes or always fails.

use super::applicant_law::{self, Cumulants, InvestmentSum};
use super::expectations::{LineExpectation, line_expectation};
use super::stream::{Stream, StreamValues};
use super::stream_variance::{has_known_variance, stream_variance};
use crate::metrics::{MetricId, Unit};
use crate::plan::{ApplicantSource, Plan, StatisticalSource};
use crate::scenario::{LegalForm, Size, Theme};
use crate::units::Cents;

/// Fewer expected events than this are not judged.
pub const FEWEST_EVENTS: f64 = 100.0;

/// A mean of draws rougher than this (see [`Law::roughness`], over the root of the draws) is not judged.
pub const ROUGHEST_MEAN: f64 = 0.1;

/// A larger distance between an exact and a simulated figure, in exact standard errors, stops the program.
pub const LARGEST_Z: f64 = 6.0;

/// What is compared.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Figure {
    /// Mean over paths of a metric of a line.
    Metric(MetricId),
    /// Investment of an applicant.
    InvestmentOfApplicant,
    /// Share of applicants refused at arrival.
    IneligibleShare,
    /// Share of applicants of a theme.
    ThemeShare(usize),
    /// Of a legal form.
    LegalFormShare(usize),
    /// Of a size.
    SizeShare(usize),
    /// Of a rating.
    RatingShare(usize),
    /// That are accompanied.
    AccompaniedShare,
    /// That accept another product.
    AcceptsOtherShare,
    /// That prefer a product of the line.
    PreferredShare(usize),
    /// Share of the line's first projects that default within tenor and horizon; of one rating, or of all.
    FirstProjectDefault(Option<usize>),
    /// The same at age 1, under autoregressive factors.
    FirstQuarterDefault(Option<usize>),
}

impl Figure {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Figure::Metric(metric) => metric.id(),
            Figure::InvestmentOfApplicant => "investment_of_applicant",
            Figure::IneligibleShare => "ineligible_share",
            Figure::ThemeShare(_) => "theme_share",
            Figure::LegalFormShare(_) => "legal_form_share",
            Figure::SizeShare(_) => "size_share",
            Figure::RatingShare(_) => "rating_share",
            Figure::AccompaniedShare => "accompanied_share",
            Figure::AcceptsOtherShare => "accepts_other_share",
            Figure::PreferredShare(_) => "preferred_share",
            Figure::FirstProjectDefault(_) => "first_project_default",
            Figure::FirstQuarterDefault(_) => "first_project_default_in_first_quarter",
        }
    }

    /// How it is measured.
    pub fn unit(self) -> Unit {
        match self {
            Figure::Metric(metric) => metric.unit(),
            Figure::InvestmentOfApplicant => Unit::Euro,
            Figure::FirstProjectDefault(_) | Figure::FirstQuarterDefault(_) => Unit::Probability,
            _ => Unit::Ratio,
        }
    }

    /// What a draw of it is.
    pub fn draw(self) -> Draw {
        match self {
            Figure::Metric(_) => Draw::Path,
            Figure::FirstProjectDefault(_) | Figure::FirstQuarterDefault(_) => Draw::FirstProject,
            _ => Draw::Applicant,
        }
    }

    /// The group that it is about: theme, legal form, size, rating or product; empty if none.
    pub fn group(self, plan: &Plan, slot: usize) -> String {
        match self {
            Figure::ThemeShare(theme) => Theme::ALL[theme].word().to_string(),
            Figure::LegalFormShare(form) => LegalForm::ALL[form].word().to_string(),
            Figure::SizeShare(size) => Size::ALL[size].word().to_string(),
            Figure::RatingShare(rating)
            | Figure::FirstProjectDefault(Some(rating))
            | Figure::FirstQuarterDefault(Some(rating)) => plan.credit.rating_names[rating].clone(),
            Figure::PreferredShare(product) => plan.lines[slot].products[product].name.clone(),
            Figure::Metric(_)
            | Figure::InvestmentOfApplicant
            | Figure::IneligibleShare
            | Figure::AccompaniedShare
            | Figure::AcceptsOtherShare
            | Figure::FirstProjectDefault(None)
            | Figure::FirstQuarterDefault(None) => String::new(),
        }
    }
}

/// What is drawn independently, again and again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Draw {
    /// A path.
    Path,
    /// An applicant of the line, given how many there are.
    Applicant,
    /// The first project of the line on a path, given its traits and its quarter.
    FirstProject,
}

impl Draw {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Draw::Path => "paths",
            Draw::Applicant => "applicants",
            Draw::FirstProject => "first_projects",
        }
    }
}

/// The exact law of one draw, in carried units (cents, counts, 0 or 1).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Law {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
    /// How far a draw is from normal, in standard deviations.
    pub roughness: f64,
    /// Events expected of a draw.
    pub events: f64,
    /// How far rounding to cents may have moved the mean.
    pub rounding: f64,
}

impl Law {
    /// Of a figure that never varies.
    pub fn constant(mean: f64) -> Law {
        Law { mean, sd: 0.0, roughness: 0.0, events: f64::INFINITY, rounding: 0.0 }
    }

    /// Of an event that happens with this probability.
    pub fn event(probability: f64) -> Law {
        let sd = (probability * (1.0 - probability)).max(0.0).sqrt();
        let reach = probability.max(1.0 - probability);
        let roughness = if sd > 0.0 { reach / sd } else { 0.0 };
        let events = if sd > 0.0 { probability } else { f64::INFINITY };
        Law { mean: probability, sd, roughness, events, rounding: 0.0 }
    }

    fn of(cumulants: &Cumulants, events: f64) -> Law {
        Law {
            mean: cumulants.mean,
            sd: cumulants.variance.max(0.0).sqrt(),
            roughness: cumulants.roughness(),
            events,
            rounding: 0.0,
        }
    }

    /// Whether so many draws are enough to judge their mean.
    pub fn can_be_judged(&self, draws: f64) -> bool {
        draws > 0.0 && self.events * draws >= FEWEST_EVENTS && self.roughness <= ROUGHEST_MEAN * draws.sqrt()
    }
}

/// A figure of a line with its exact law.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ExactFigure {
    /// What.
    pub figure: Figure,
    /// Slot of the line.
    pub slot: usize,
    /// Its law.
    pub law: Law,
}

/// All figures whose law follows from the plan alone. (That of first projects needs their observed traits:
/// [`super::default_law::DefaultLaw`].)
pub fn exact_figures(plan: &Plan) -> Vec<ExactFigure> {
    let mut figures = Vec::new();
    for (slot, line) in plan.lines.iter().enumerate() {
        let mut add = |figure, law| figures.push(ExactFigure { figure, slot, law });
        match &line.applicants {
            ApplicantSource::Statistical(source) => statistical(plan, slot, source, &mut add),
            ApplicantSource::List(rows) => {
                // Under autoregressive factors no variance is known, and the expectations cost much.
                // Forced defaults follow no rating.
                let is_known = has_known_variance(plan) && !plan.forces_defaults();
                let expectation = if is_known { line_expectation(plan, slot) } else { None };
                let variance =
                    expectation.as_ref().and_then(|expectation| stream_variance(plan, slot, expectation));
                match (expectation, variance) {
                    (Some(expectation), Some(variance)) => {
                        sure_list(plan, &expectation, &variance, &mut add);
                    }
                    _ => {
                        let applied: Cents = rows.iter().map(|row| row.investment).sum();
                        add(Figure::Metric(MetricId::Applications), Law::constant(rows.len() as f64));
                        add(Figure::Metric(MetricId::InvestmentApplied), Law::constant(applied.to_f64()));
                    }
                }
            }
        }
    }
    figures
}

fn statistical(plan: &Plan, slot: usize, source: &StatisticalSource, add: &mut dyn FnMut(Figure, Law)) {
    let line = &plan.lines[slot];
    let investment = InvestmentSum::new(&source.investment).cumulants();
    let applications = applicant_law::applications(line, source);
    let applied = applicant_law::investment_applied(line, source, &investment);
    let expected = applications.mean;
    add(Figure::Metric(MetricId::Applications), Law::of(&applications, expected));
    add(Figure::Metric(MetricId::InvestmentApplied), Law::of(&applied, expected));
    add(Figure::InvestmentOfApplicant, Law::of(&investment, 1.0));
    if let Some(share) = applicant_law::ineligible_share(plan, line, source) {
        add(Figure::IneligibleShare, Law::event(share));
    }
    let mut share = |figure: Figure, probability: f64| {
        // A class that nobody or everybody belongs to says nothing.
        if probability > 0.0 && probability < 1.0 {
            add(figure, Law::event(probability));
        }
    };
    for theme in 0..Theme::ALL.len() {
        share(Figure::ThemeShare(theme), source.themes.probability(theme));
    }
    for form in 0..LegalForm::ALL.len() {
        share(Figure::LegalFormShare(form), source.legal_forms.probability(form));
    }
    for size in 0..Size::ALL.len() {
        share(Figure::SizeShare(size), source.sizes.probability(size));
    }
    for rating in 0..plan.credit.rating_names.len() {
        share(Figure::RatingShare(rating), source.ratings.probability(rating));
    }
    share(Figure::AccompaniedShare, source.accompanied);
    share(Figure::AcceptsOtherShare, line.fallback);
    for product in 0..line.products.len() {
        share(Figure::PreferredShare(product), line.demand.probability(product));
    }
}

/// Streams of a list that is surely approved: those with a known variance, and those that never vary.
fn sure_list(
    plan: &Plan,
    expectation: &LineExpectation,
    variance: &StreamValues,
    add: &mut dyn FnMut(Figure, Law),
) {
    let (low, high) = expectation.range();
    let defaults = expectation.mean[Stream::Defaults];
    for &stream in &expectation.streams {
        let Some(metric) = stream.metric() else { continue };
        let reported = metric != MetricId::GrossGrantEquivalent || plan.reports_aid;
        let has_variance = expectation.independent_losses || !stream.needs_severity();
        if !reported || !has_variance {
            continue;
        }
        let mean = expectation.mean[stream];
        let rounding = expectation.rounding[stream];
        // What could vary but almost never does leaves nothing but roundings of the sums of squares: not judged.
        let noise = 1e-12 * mean * mean;
        let law = if low[stream] == high[stream] {
            Law { rounding, ..Law::constant(mean) }
        } else if variance[stream] <= noise {
            continue;
        } else {
            let sd = variance[stream].sqrt();
            let reach = (high[stream] - mean).max(mean - low[stream]);
            let events =
                if stream.varies_by_default() { defaults } else { expectation.projects.len() as f64 };
            Law { mean, sd, roughness: reach / sd, events, rounding }
        };
        add(Figure::Metric(metric), law);
    }
}
