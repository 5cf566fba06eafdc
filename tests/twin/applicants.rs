//! Section 3: who applies.

use super::luck::Luck;
use super::money::{as_f64, by_year, from_cents, rounded};
use super::{PathState, Twin};
use fesr::numeric::normal::{normal_cdf, normal_quantile};
use fesr::numeric::poisson::{poisson_parts, poisson_quantile};
use fesr::numeric::{exp, ln};
use fesr::random::Purpose;
use fesr::scenario::{Borrower, LegalForm, Line, Pipeline, Size, StatisticalPipeline, Theme, Weight};
use rust_decimal::Decimal;

/// An enterprise with a project.
#[derive(Clone, Debug)]
pub struct Applicant {
    pub slot: usize,
    /// Number in the line: addresses its luck.
    pub number: u32,
    /// Position in the line's list in order of decision, if it is listed.
    pub listed: Option<u32>,
    pub arrival: u32,
    pub investment: Decimal,
    pub theme: usize,
    pub legal_form: usize,
    pub size: usize,
    pub rating: usize,
    pub accompanied: bool,
    /// Enterprises that apply together.
    pub members: u32,
    pub preferred: usize,
    pub accepts_other: bool,
    /// Fund quarter of a default that happens whatever the luck.
    pub forced_default: Option<u32>,
    /// Position among the line's projects that were disbursed before today.
    pub booked: Option<usize>,
}

impl Applicant {
    /// Whether the line admits investment, legal form and size.
    pub fn is_admitted(&self, line: &Line) -> bool {
        self.investment >= line.min_investment.to_euros()
            && self.investment <= line.max_investment.to_euros()
            && line.legal_forms.contains(&LegalForm::ALL[self.legal_form])
            && line.sizes.contains(&Size::ALL[self.size])
    }
}

impl PathState<'_> {
    /// The applicants of a line in this quarter, in order of arrival.
    pub fn arrivals(&self, slot: usize) -> Vec<Applicant> {
        if self.quarter >= self.twin.open_quarters() || self.quarter < self.twin.today() {
            return Vec::new();
        }
        match &self.twin.lines[slot].line.pipeline {
            Pipeline::Statistical(pipeline) => self.drawn(slot, pipeline),
            Pipeline::List(borrowers) => self.listed(slot, borrowers),
        }
    }

    /// A Poisson number of applicants, each drawn by itself.
    fn drawn(&self, slot: usize, pipeline: &StatisticalPipeline) -> Vec<Applicant> {
        let twin = self.twin;
        let number = twin.lines[slot].number();
        let per_year = by_year(&pipeline.applications_per_year, self.quarter).to_f64();
        let mean = per_year / 4.0 * self.economy.demand_level[slot];
        let mut draws = self.luck.stream(Purpose::Arrivals, number, self.quarter);
        let (parts, mean_of_each) = poisson_parts(mean);
        let count: u64 = (0..parts).map(|_| poisson_quantile(mean_of_each, draws.uniform())).sum();
        // Numbers follow those of the projects on the books, all of whom applied before.
        let before =
            self.applications.iter().filter(|application| application.applicant.slot == slot).count();
        (0..count)
            .map(|position| {
                drawn_applicant(twin, self.luck, slot, self.quarter, before as u32 + position as u32)
            })
            .collect()
    }

    /// The rows of the list with this quarter, in file order.
    fn listed(&self, slot: usize, borrowers: &[Borrower]) -> Vec<Applicant> {
        let earlier = borrowers.iter().filter(|borrower| borrower.quarter < self.quarter).count();
        let now = borrowers.iter().enumerate().filter(|(_, borrower)| borrower.quarter == self.quarter);
        now.enumerate()
            .map(|(position, (row, borrower))| {
                let number = row as u32;
                let (preferred, accepts_other) =
                    preference(self.twin, self.luck, slot, number, borrower.product);
                Applicant {
                    slot,
                    number,
                    listed: Some((earlier + position) as u32),
                    arrival: self.quarter,
                    investment: borrower.investment.to_euros(),
                    theme: borrower.theme.index(),
                    legal_form: borrower.legal_form.index(),
                    size: borrower.size.index(),
                    rating: borrower.rating,
                    accompanied: borrower.accompanied,
                    members: borrower.members,
                    preferred,
                    accepts_other,
                    forced_default: borrower.forced_default_quarter,
                    booked: None,
                }
            })
            .collect()
    }
}

fn drawn_applicant(twin: &Twin<'_>, luck: Luck, slot: usize, arrival: u32, number: u32) -> Applicant {
    let line = twin.lines[slot].line;
    let Pipeline::Statistical(pipeline) = &line.pipeline else { unreachable!("a drawn line") };
    let mut draws = luck.stream(Purpose::Enterprise, twin.lines[slot].number(), number);
    let investment = investment(pipeline, line, draws.uniform());
    let ratings: Vec<usize> = (0..twin.scenario.credit.ratings.len()).collect();
    let theme = category(&weights(&pipeline.themes, Theme::ALL), draws.uniform());
    let legal_form = category(&weights(&pipeline.legal_forms, LegalForm::ALL), draws.uniform());
    let size = category(&weights(&pipeline.sizes, Size::ALL), draws.uniform());
    let rating = category(&weights(&pipeline.ratings, &ratings), draws.uniform());
    let accompanied = draws.uniform() < pipeline.accompanied.to_f64();
    let (preferred, accepts_other) = preference(twin, luck, slot, number, None);
    Applicant {
        slot,
        number,
        listed: None,
        arrival,
        investment,
        theme,
        legal_form,
        size,
        rating,
        accompanied,
        members: members(pipeline, twin, luck, slot, number),
        preferred,
        accepts_other,
        forced_default: None,
        booked: None,
    }
}

/// How many enterprises apply together: drawn only where the pipeline knows associations.
fn members(pipeline: &StatisticalPipeline, twin: &Twin<'_>, luck: Luck, slot: usize, number: u32) -> u32 {
    let counts: Vec<u32> = (1..=20).collect();
    let weights = weights(&pipeline.members, &counts);
    if weights[1..].iter().all(|weight| *weight == 0.0) {
        return 1;
    }
    counts[category(&weights, luck.uniform(Purpose::Members, twin.lines[slot].number(), number))]
}

/// Preferred product, by demand unless it is named, and whether another is accepted.
fn preference(twin: &Twin<'_>, luck: Luck, slot: usize, number: u32, named: Option<usize>) -> (usize, bool) {
    let terms = &twin.lines[slot];
    let [demand, acceptance] = luck.uniforms(Purpose::Preference, terms.number(), number);
    let weights: Vec<f64> = terms.line.products.iter().map(|product| product.demand.to_f64()).collect();
    (named.unwrap_or_else(|| category(&weights, demand)), acceptance < terms.line.fallback.to_f64())
}

/// The weight of each category; 0 of those that the table does not name.
fn weights<T: Copy + PartialEq>(table: &[Weight<T>], categories: &[T]) -> Vec<f64> {
    let weight_of = |category: T| -> f64 {
        let named = table.iter().filter(|entry| entry.category == category);
        named.map(|entry| entry.weight.to_f64()).sum()
    };
    categories.iter().map(|&category| weight_of(category)).collect()
}

/// The first category whose cumulative probability is above the uniform.
fn category(weights: &[f64], uniform: f64) -> usize {
    let all: f64 = weights.iter().sum();
    (0..weights.len())
        .find(|&category| weights[..=category].iter().sum::<f64>() / all > uniform)
        .expect("the last cumulative probability is 1")
}

/// Log-normal with given median and sigma, conditional on the line's range, rounded to the euro; sigma 0: the median.
fn investment(pipeline: &StatisticalPipeline, line: &Line, uniform: f64) -> Decimal {
    let sigma = pipeline.investment_sigma.to_f64();
    if sigma == 0.0 {
        return pipeline.investment_median.to_euros();
    }
    let (min, max) = (line.min_investment.to_euros(), line.max_investment.to_euros());
    let log_median = ln(pipeline.investment_median.to_f64() / 100.0);
    let score = |amount: Decimal| match amount.is_zero() {
        true => f64::NEG_INFINITY,
        false => (ln(as_f64(amount) / 100.0) - log_median) / sigma,
    };
    let (low, high) = (score(min), score(max));
    // A range above the median is drawn from the upper tail, downwards.
    let is_above = low > 0.0;
    let (below, above) =
        if is_above { (normal_cdf(-high), normal_cdf(-low)) } else { (normal_cdf(low), normal_cdf(high)) };
    let (least, most) = (as_f64(min) / 100.0, as_f64(max) / 100.0);
    let euros = if above == below {
        // No probability at all: the end of the range that is nearest to the median.
        if is_above { least } else { most }
    } else {
        let score = normal_quantile(below + uniform * (above - below));
        exp(log_median + sigma * if is_above { -score } else { score }).clamp(least, most)
    };
    let whole = rounded(euros) * Decimal::ONE_HUNDRED;
    whole.clamp(min, max).max(from_cents(0))
}
