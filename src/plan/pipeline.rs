//! Where applicants come from: distributions resolved for drawing, or the list of borrowers.

use crate::numeric;
use crate::numeric::normal::{normal_cdf, normal_quantile};
use crate::scenario::{Line, MEMBER_COUNTS, Pipeline, Scenario, StatisticalPipeline, Weight};
use crate::units::Cents;

/// A categorical law as cumulative probabilities.
#[derive(Clone, Debug, PartialEq)]
pub struct Categorical {
    cumulative: Vec<f64>,
}

impl Categorical {
    /// From weights, not all zero; they are normalised.
    pub fn new(weights: impl Iterator<Item = f64>) -> Categorical {
        let mut sum = 0.0;
        let mut cumulative: Vec<f64> = weights
            .map(|weight| {
                sum += weight;
                sum
            })
            .collect();
        // From the last category with any weight on, the cumulative probability is exactly 1: no draw falls beyond.
        for entry in &mut cumulative {
            *entry = if *entry == sum { 1.0 } else { *entry / sum };
        }
        Categorical { cumulative }
    }

    /// The category of a uniform draw in (0, 1): the first whose cumulative probability exceeds it.
    #[inline]
    pub fn pick(&self, uniform: f64) -> usize {
        let mut category = 0;
        while uniform >= self.cumulative[category] {
            category += 1;
        }
        category
    }

    /// Cumulative probabilities, the last one (and all of categories without weight at the end) exactly 1.
    #[inline]
    pub fn cumulative(&self) -> &[f64] {
        &self.cumulative
    }

    /// Probability of a category.
    pub fn probability(&self, category: usize) -> f64 {
        let before = if category == 0 { 0.0 } else { self.cumulative[category - 1] };
        self.cumulative[category] - before
    }
}

/// Law of the investment: log-normal, conditional on the line's range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum InvestmentLaw {
    /// Everybody asks for the same: the median, or the nearest end of a range that has no probability.
    Fixed(Cents),
    /// `exp(log_median + sigma z)` euros, `z` standard normal between the bounds of the range.
    LogNormal {
        /// Logarithm of the median in euros.
        log_median: f64,
        /// Standard deviation of the logarithm.
        sigma: f64,
        /// Probability below the range, in the tail that is drawn from.
        below: f64,
        /// Probability of the range.
        mass: f64,
        /// Draw from the upper tail (a range above the median keeps its precision so).
        upper: bool,
        /// The smallest and largest whole euro amounts, in cents.
        bounds: (Cents, Cents),
    },
}

impl InvestmentLaw {
    fn resolve(pipeline: &StatisticalPipeline, min: Cents, max: Cents) -> InvestmentLaw {
        let sigma = pipeline.investment_sigma.to_f64();
        if sigma == 0.0 {
            return InvestmentLaw::Fixed(pipeline.investment_median);
        }
        let log_median = numeric::ln(pipeline.investment_median.to_f64() / 100.0);
        let score = |amount: Cents| {
            if amount.0 <= 0 {
                f64::NEG_INFINITY
            } else {
                (numeric::ln(amount.to_f64() / 100.0) - log_median) / sigma
            }
        };
        let (low, high) = (score(min), score(max));
        let upper = low > 0.0;
        let (below, above) =
            if upper { (normal_cdf(-high), normal_cdf(-low)) } else { (normal_cdf(low), normal_cdf(high)) };
        let mass = above - below;
        if mass <= 0.0 {
            // A range so far out that it has no probability in double precision: its end nearest to the median.
            return InvestmentLaw::Fixed(whole_euros(if upper { min } else { max }, (min, max)));
        }
        InvestmentLaw::LogNormal { log_median, sigma, below, mass, upper, bounds: (min, max) }
    }

    /// The investment of a uniform draw, rounded to the euro.
    #[inline]
    pub fn draw(&self, uniform: f64) -> Cents {
        match *self {
            InvestmentLaw::Fixed(amount) => amount,
            InvestmentLaw::LogNormal { log_median, sigma, below, mass, upper, bounds: (min, max) } => {
                let tail = normal_quantile(below + uniform * mass);
                let score = if upper { -tail } else { tail };
                let euros = numeric::exp(log_median + sigma * score);
                let euros = euros.clamp(min.to_f64() / 100.0, max.to_f64() / 100.0);
                let rounded = Cents(crate::units::round_half_even(euros) * 100);
                // A range with cents at its ends must not lose an applicant to the rounding.
                Cents(rounded.0.clamp(min.0, max.0))
            }
        }
    }
}

/// An amount rounded to the euro, within a range whose ends may have cents.
fn whole_euros(amount: Cents, (min, max): (Cents, Cents)) -> Cents {
    Cents((crate::units::round_half_even(amount.to_f64() / 100.0) * 100).clamp(min.0, max.0))
}

/// A statistical pipeline resolved for drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct StatisticalSource {
    /// Mean number of arrivals of each open quarter.
    pub arrivals: Vec<f64>,
    /// Law of the investment.
    pub investment: InvestmentLaw,
    /// Themes, legal forms, sizes and ratings, by position.
    pub themes: Categorical,
    /// Legal forms.
    pub legal_forms: Categorical,
    /// Sizes.
    pub sizes: Categorical,
    /// Ratings.
    pub ratings: Categorical,
    /// Share accompanied.
    pub accompanied: f64,
    /// How many enterprises apply together, less one; `None`: everybody alone, and nothing is drawn.
    pub members: Option<Categorical>,
}

/// A row of the borrowers' file.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedApplicant {
    /// As typed.
    pub id: String,
    /// Position in the line's file order: addresses the applicant's random numbers.
    pub number: u32,
    /// Quarter of the application.
    pub quarter: u32,
    /// Project investment.
    pub investment: Cents,
    /// Positions of theme, legal form, size and rating.
    pub theme: usize,
    /// Legal form.
    pub legal_form: usize,
    /// Size.
    pub size: usize,
    /// Rating.
    pub rating: usize,
    /// Named product.
    pub product: Option<usize>,
    /// Accompanied.
    pub accompanied: bool,
    /// Enterprises that apply together.
    pub members: u32,
    /// Fund quarter of its default, whatever its luck.
    pub forced_default_quarter: Option<u32>,
}

/// Where the applicants of a line come from.
#[derive(Clone, Debug, PartialEq)]
pub enum ApplicantSource {
    /// Drawn.
    Statistical(Box<StatisticalSource>),
    /// Listed, in order of decision: quarter, then file order.
    List(Vec<ListedApplicant>),
}

impl ApplicantSource {
    pub(super) fn resolve(scenario: &Scenario, line: &Line) -> ApplicantSource {
        match &line.pipeline {
            Pipeline::Statistical(pipeline) => {
                let by_year = &pipeline.applications_per_year;
                let arrivals = (0..scenario.fund.availability_quarters)
                    // Who applied before today is on the books.
                    .map(|quarter| match quarter < scenario.fund.today_quarter {
                        true => 0.0,
                        false => by_year[((quarter / 4) as usize).min(by_year.len() - 1)].to_f64() / 4.0,
                    })
                    .collect();
                ApplicantSource::Statistical(Box::new(StatisticalSource {
                    arrivals,
                    investment: InvestmentLaw::resolve(pipeline, line.min_investment, line.max_investment),
                    themes: by_position(4, &pipeline.themes, |theme| theme.index()),
                    legal_forms: by_position(2, &pipeline.legal_forms, |form| form.index()),
                    sizes: by_position(3, &pipeline.sizes, |size| size.index()),
                    ratings: by_position(scenario.credit.ratings.len(), &pipeline.ratings, |rating| rating),
                    accompanied: pipeline.accompanied.to_f64(),
                    members: pipeline.members.iter().any(|entry| entry.category > 1).then(|| {
                        by_position(MEMBER_COUNTS.len(), &pipeline.members, |count| count as usize - 1)
                    }),
                }))
            }
            Pipeline::List(borrowers) => {
                let mut applicants: Vec<ListedApplicant> = borrowers
                    .iter()
                    .enumerate()
                    .map(|(position, borrower)| ListedApplicant {
                        id: borrower.id.clone(),
                        number: position as u32,
                        quarter: borrower.quarter,
                        investment: borrower.investment,
                        theme: borrower.theme.index(),
                        legal_form: borrower.legal_form.index(),
                        size: borrower.size.index(),
                        rating: borrower.rating,
                        product: borrower.product,
                        accompanied: borrower.accompanied,
                        members: borrower.members,
                        forced_default_quarter: borrower.forced_default_quarter,
                    })
                    .collect();
                applicants.sort_by_key(|applicant| (applicant.quarter, applicant.number));
                ApplicantSource::List(applicants)
            }
        }
    }
}

fn by_position<T: Copy>(count: usize, weights: &[Weight<T>], position: impl Fn(T) -> usize) -> Categorical {
    let mut by_position = vec![0.0; count];
    for entry in weights {
        by_position[position(entry.category)] += entry.weight.to_f64();
    }
    Categorical::new(by_position.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_without_probability_gives_its_nearest_end() {
        for (median, expected) in [(990_000, 1_000_000), (9_000_000, 2_000_000)] {
            let text = format!(
                r#"
[fund]
endowment = 1_000_000
start = "2020-Q1"
horizon_years = 6
availability_years = 1
period = "2014-2020"
[line1]
max_investment = 2_000_000
[line1.budget]
loans = 1_000_000
guarantees = 0
[line1.pipeline]
applications_per_year = 4
investment = {{ median = {median}, sigma = 0.0001 }}
[[line1.product]]
name = "loan"
own_funds = 0.5
fund_loan = 0.5
[line1.loan]
tenor_quarters = 12
amortisation = "italian"
bank_rate = 0
[line1.loss]
lgd_mean = 0.5
[[credit.rating]]
name = "B"
pd = 0.02
"#
            );
            let files: std::collections::BTreeMap<std::path::PathBuf, Vec<u8>> =
                [("test.toml".into(), text.into_bytes())].into();
            let reading = crate::reading::read_scenario(&files, std::path::Path::new("test.toml"), &[]);
            let scenario = reading.unwrap_or_else(|problems| panic!("{problems}")).scenario;
            let plan = crate::plan::Plan::resolve(&scenario);
            let ApplicantSource::Statistical(source) = &plan.lines[0].applicants else { panic!("drawn") };
            for uniform in [0.001, 0.5, 0.999] {
                assert_eq!(source.investment.draw(uniform), Cents(expected * 100), "median {median}");
            }
        }
    }

    #[test]
    fn a_category_without_weight_is_never_picked() {
        let law = Categorical::new([0.0, 1.0, 0.0, 3.0, 0.0].into_iter());
        assert_eq!(law.pick(1e-17), 1);
        assert_eq!(law.pick(0.2499), 1);
        assert_eq!(law.pick(0.25), 3);
        assert_eq!(law.pick(1.0 - f64::EPSILON / 2.0), 3);
        assert_eq!(law.probability(3), 0.75);
        assert_eq!(law.probability(4), 0.0);
    }
}
