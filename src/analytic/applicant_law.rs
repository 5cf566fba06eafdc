//! Exact laws of a statistical pipeline: how many apply, for how much, and who they are. MODEL.md section 3.
//!
//! Nothing of this depends on budgets or defaults, so that it holds in every scenario.
//!
//! - Applications: Poisson given the level `A` of demand, `A` log-normal with mean 1: a mixed Poisson law, whose cumulants
//!   follow from those of `A` (law of total cumulance, Brillinger 1969).
//! - Investment applied for: the same, compound.
//! - Given the number of applicants, their investments and traits are independent draws.
//!
//! The investment is log-normal between the bounds and rounded to the euro. Its moments are sums over whole euros where
//! these are coarse: amounts up to 32,768 euros, and laws whose effective range is at most so wide. Beyond, the rounding is
//! left out: there the law is smooth on a scale of hundreds of euros, and rounding moves moments by less than 1e-6 of a
//! standard deviation, below the standard error of a billion applicants.

use crate::numeric::normal::{normal_cdf, normal_density, normal_quantile};
use crate::numeric::{exp, integral, ln};
use crate::plan::{Categorical, InvestmentLaw, LinePlan, Plan, StatisticalSource};
use crate::units::Cents;

/// Mean and cumulants of a figure of one draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cumulants {
    /// Mean.
    pub mean: f64,
    /// Variance.
    pub variance: f64,
    /// Third cumulant.
    pub third: f64,
    /// Fourth cumulant.
    pub fourth: f64,
}

impl Cumulants {
    /// How far one draw is from normal: the larger of skewness and square root of excess kurtosis, in absolute value.
    pub fn roughness(&self) -> f64 {
        if self.variance <= 0.0 {
            return 0.0;
        }
        let skewness = self.third / (self.variance * self.variance.sqrt());
        let excess = self.fourth / (self.variance * self.variance);
        skewness.abs().max(excess.abs().sqrt())
    }

    /// Of a log-normal level with mean 1 whose logarithm has standard deviation `sd`.
    pub fn of_level(sd: f64) -> Cumulants {
        let omega = exp(sd * sd);
        let variance = crate::numeric::exp_m1(sd * sd);
        Cumulants {
            mean: 1.0,
            variance,
            third: (omega + 2.0) * variance * variance,
            fourth: (omega * omega * omega * omega + 2.0 * omega * omega * omega + 3.0 * omega * omega - 6.0)
                * variance
                * variance,
        }
    }

    /// Of a sum of a Poisson number of draws, mean `rate x level`, whose moments about 0 are `moments` (first to fourth).
    pub fn of_compound(rate: f64, level: &Cumulants, moments: [f64; 4]) -> Cumulants {
        let [one, two, three, four] = moments.map(|moment| rate * moment);
        Cumulants {
            mean: one,
            variance: two + one * one * level.variance,
            third: three + 3.0 * one * two * level.variance + one * one * one * level.third,
            fourth: four
                + (4.0 * one * three + 3.0 * two * two) * level.variance
                + 6.0 * one * one * two * level.third
                + one * one * one * one * level.fourth,
        }
    }
}

/// Number of applications of a path.
pub fn applications(line: &LinePlan, source: &StatisticalSource) -> Cumulants {
    Cumulants::of_compound(rate(source), &Cumulants::of_level(line.demand_log_sd), [1.0; 4])
}

/// Investment applied for on a path, in cents.
pub fn investment_applied(line: &LinePlan, source: &StatisticalSource, investment: &Cumulants) -> Cumulants {
    let Cumulants { mean, variance, third, fourth } = *investment;
    let moments = [
        mean,
        variance + mean * mean,
        third + 3.0 * mean * variance + mean * mean * mean,
        fourth
            + 3.0 * variance * variance
            + 4.0 * mean * third
            + 6.0 * mean * mean * variance
            + mean * mean * mean * mean,
    ];
    Cumulants::of_compound(rate(source), &Cumulants::of_level(line.demand_log_sd), moments)
}

fn rate(source: &StatisticalSource) -> f64 {
    source.arrivals.iter().sum()
}

/// Amounts up to this, and laws of an effective range at most this wide, in euros: sums over whole euros.
const NARROW: f64 = 32_768.0;

/// Euros around a threshold within which the rounding of shares to cents may make a condition flicker.
const FLICKER: i64 = 64;

/// Panels of an integral over scores.
const PANELS: u32 = 16;

/// Expectation of a function of the investment in cents.
type Average<'a> = &'a dyn Fn(&dyn Fn(f64) -> f64) -> f64;

/// The law of one investment, for sums and integrals.
pub enum InvestmentSum {
    /// Always the same amount.
    Always(Cents),
    /// Scores (standard normal) from `low` to `high` hold all the probability that counts.
    Scores {
        /// Logarithm of the median in euros.
        log_median: f64,
        /// Standard deviation of the logarithm.
        sigma: f64,
        /// Lowest score.
        low: f64,
        /// Highest score.
        high: f64,
        /// Smallest and largest amount.
        bounds: (Cents, Cents),
    },
}

impl InvestmentSum {
    /// Prepares a law.
    pub fn new(law: &InvestmentLaw) -> InvestmentSum {
        // Part of the probability that may be dropped at either end.
        const DROPPED: f64 = 1e-18;
        match *law {
            InvestmentLaw::Fixed(amount) => InvestmentSum::Always(amount),
            InvestmentLaw::LogNormal { log_median, sigma, below, mass, upper, bounds } => {
                let top = below + mass;
                let lowest = normal_quantile(below.max(top * DROPPED));
                let highest = normal_quantile(top).min(9.0);
                if mass <= 0.0 || lowest >= highest {
                    return InvestmentSum::Always(law.draw(0.5));
                }
                let (low, high) = if upper { (-highest, -lowest) } else { (lowest, highest) };
                InvestmentSum::Scores { log_median, sigma, low, high, bounds }
            }
        }
    }

    /// Probability that the score lies between two values, relative to the whole.
    fn between(&self, from: f64, to: f64) -> f64 {
        match *self {
            InvestmentSum::Always(_) => 0.0,
            InvestmentSum::Scores { low, high, .. } => {
                let (from, to) = (from.max(low), to.min(high));
                if to <= from { 0.0 } else { interval(from, to) / interval(low, high) }
            }
        }
    }

    /// Score of an amount in euros.
    fn score(&self, euros: f64) -> f64 {
        match *self {
            InvestmentSum::Always(_) => 0.0,
            InvestmentSum::Scores { log_median, sigma, .. } if euros > 0.0 => {
                (ln(euros) - log_median) / sigma
            }
            InvestmentSum::Scores { .. } => f64::NEG_INFINITY,
        }
    }

    /// Probability of a whole amount of euros.
    fn whole(&self, euros: i64) -> f64 {
        self.between(self.score(euros as f64 - 0.5), self.score(euros as f64 + 0.5))
    }

    /// Cumulants of the investment, in cents.
    pub fn cumulants(&self) -> Cumulants {
        let central = |mean: f64, average: Average| {
            let variance = average(&|cents| (cents - mean) * (cents - mean));
            let third = average(&|cents| (cents - mean) * (cents - mean) * (cents - mean));
            let fourth = average(&|cents| {
                let square = (cents - mean) * (cents - mean);
                square * square
            });
            Cumulants { mean, variance, third, fourth: fourth - 3.0 * variance * variance }
        };
        match *self {
            InvestmentSum::Always(amount) => {
                Cumulants { mean: amount.to_f64(), variance: 0.0, third: 0.0, fourth: 0.0 }
            }
            InvestmentSum::Scores { log_median, sigma, low, high, bounds } => {
                let (least, most) = (exp(log_median + sigma * low), exp(log_median + sigma * high));
                let summed = if most - least <= NARROW { most } else { most.min(NARROW) };
                let first = least.floor() as i64;
                let last = summed.ceil() as i64;
                let atoms: Vec<(f64, f64)> = (first..=last)
                    .map(|euros| {
                        let cents = (100 * euros).clamp(bounds.0.0, bounds.1.0);
                        (cents as f64, self.whole(euros))
                    })
                    .collect();
                // From the end of the sum on, unless everything is summed.
                let from = if last < first { low } else { self.score(last as f64 + 0.5).max(low) };
                let whole = integral(low, high, PANELS, normal_density);
                let average = |value: &dyn Fn(f64) -> f64| {
                    let part =
                        |score: f64| normal_density(score) * value(100.0 * exp(log_median + sigma * score));
                    let sum: f64 = atoms.iter().map(|&(cents, probability)| probability * value(cents)).sum();
                    if from < high { sum + integral(from, high, PANELS, part) / whole } else { sum }
                };
                central(average(&|cents| cents), &average)
            }
        }
    }

    /// Probability that an investment meets a condition which, but for cents, holds up to some amount, and again so
    /// from each of some amounts in euros on (`breaks`, ascending).
    fn probability_in_pieces(&self, holds: &dyn Fn(Cents) -> bool, breaks: &[i64]) -> f64 {
        let InvestmentSum::Scores { bounds: (min, max), .. } = *self else { return self.probability(holds) };
        let (least, most) = (min.0 / 100, max.0 / 100);
        let holds_at = |euros: i64| holds(Cents((100 * euros).clamp(min.0, max.0)));
        let atoms = |from: i64, to: i64| -> f64 {
            (from..=to).filter(|&euros| holds_at(euros)).map(|euros| self.whole(euros)).sum()
        };
        let mut sum = 0.0;
        let mut from = least - 1;
        for &stop in breaks.iter().filter(|&&stop| stop > least && stop < most).chain([&(most + 2 + FLICKER)])
        {
            let to = (stop - FLICKER - 1).min(most + 1);
            if from <= to {
                let (mut low, mut high) = (from - 1, to + 1);
                while high - low > 1 {
                    let middle = low + (high - low) / 2;
                    if holds_at(middle) { low = middle } else { high = middle }
                }
                let first = (low - FLICKER).max(from);
                sum += self.between(self.score(from as f64 - 0.5), self.score(first as f64 - 0.5));
                sum += atoms(first, (low + FLICKER).min(to));
            }
            let next = stop + FLICKER + 1;
            if stop < most {
                sum += atoms(from.max(to + 1), (next - 1).min(most + 1));
            }
            from = from.max(next);
        }
        sum
    }

    /// Probability that an investment meets a condition which, but for cents, holds up to some amount.
    fn probability(&self, holds: &dyn Fn(Cents) -> bool) -> f64 {
        match *self {
            InvestmentSum::Always(amount) => f64::from(u8::from(holds(amount))),
            InvestmentSum::Scores { bounds: (min, max), .. } => {
                if holds(max) {
                    return 1.0;
                }
                let holds_at = |euros: i64| holds(Cents((100 * euros).clamp(min.0, max.0)));
                let (mut low, mut high) = (min.0 / 100 - 1, max.0 / 100 + 1);
                while high - low > 1 {
                    let middle = low + (high - low) / 2;
                    if holds_at(middle) { low = middle } else { high = middle }
                }
                let first = low - FLICKER;
                let below = self.between(f64::NEG_INFINITY, self.score(first as f64 - 0.5));
                let near = (first..=low + FLICKER).filter(|&euros| holds_at(euros));
                below + near.map(|euros| self.whole(euros)).sum::<f64>()
            }
        }
    }
}

/// `Phi(to) - Phi(from)` from the side that keeps the digits.
fn interval(from: f64, to: f64) -> f64 {
    if from > 0.0 { normal_cdf(-from) - normal_cdf(-to) } else { normal_cdf(to) - normal_cdf(from) }
}

/// Probability that an applicant of a line is refused at arrival: outside the line's investment range, legal forms or
/// sizes, or every product above the state aid ceiling. `None` if it is not 0 and too small to be told from 0.
pub fn ineligible_share(plan: &Plan, line: &LinePlan, source: &StatisticalSource) -> Option<f64> {
    // Below this the probabilities that add up to 1 leave only their roundings.
    const UNCERTAIN: f64 = 1e-12;
    let refused = |weights: &Categorical, admits: &[bool]| -> f64 {
        let categories = admits.iter().enumerate().filter(|(_, admitted)| !**admitted);
        categories.map(|(category, _)| weights.probability(category)).sum()
    };
    let forms = refused(&source.legal_forms, &line.admits_legal_form);
    let sizes = refused(&source.sizes, &line.admits_size);
    let investment = InvestmentSum::new(&source.investment);
    let within = |amount: Cents| amount >= line.min_investment && amount <= line.max_investment;
    // Where an amount leaves its simplified bracket its aid is found anew, and may be less.
    let breaks = if line.aid_room.is_some() { line.bracket_ends() } else { Vec::new() };
    // Ratings and numbers of members are drawn independently; members matter only under a ceiling.
    let counts: Vec<(u32, f64)> = match (&source.members, line.aid_room) {
        (Some(law), Some(_)) => {
            (0..law.cumulative().len()).map(|count| (count as u32 + 1, law.probability(count))).collect()
        }
        _ => vec![(1, 1.0)],
    };
    let ratings = 0..plan.credit.hazards.len();
    let refused: f64 = ratings
        .flat_map(|rating| counts.iter().map(move |&(members, weight)| (rating, members, weight)))
        .map(|(rating, members, weight)| {
            let probability = weight * source.ratings.probability(rating);
            if probability == 0.0 {
                return 0.0;
            }
            let holds = |amount: Cents| {
                within(amount)
                    && (0..line.products.len()).any(|product| line.is_open(product, rating, amount, members))
            };
            let holding = match breaks[..] {
                [] => investment.probability(&holds),
                _ => investment.probability_in_pieces(&holds, &breaks),
            };
            probability * (1.0 - holding)
        })
        .sum();
    let share = forms + (1.0 - forms) * (sizes + (1.0 - sizes) * refused);
    (share == 0.0 || share > UNCERTAIN).then_some(share.min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn law(median: f64, sigma: f64, bounds: (i64, i64)) -> InvestmentLaw {
        let score = |euros: i64| (ln(euros as f64) - ln(median)) / sigma;
        let (low, high) = (score(bounds.0), score(bounds.1));
        let upper = low > 0.0;
        let (below, above) =
            if upper { (normal_cdf(-high), normal_cdf(-low)) } else { (normal_cdf(low), normal_cdf(high)) };
        let bounds = (Cents(100 * bounds.0), Cents(100 * bounds.1));
        InvestmentLaw::LogNormal { log_median: ln(median), sigma, below, mass: above - below, upper, bounds }
    }

    /// Moments by midpoints of the draw itself, the engine's own road from a uniform to an amount.
    fn by_draws(law: &InvestmentLaw) -> (f64, f64) {
        let count = 400_000;
        let draws: Vec<f64> =
            (0..count).map(|i| law.draw((f64::from(i) + 0.5) / f64::from(count)).to_f64()).collect();
        let mean = draws.iter().sum::<f64>() / f64::from(count);
        (mean, draws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / f64::from(count))
    }

    #[test]
    fn moments_are_those_of_the_draws() {
        // The draws end at their outermost midpoint, which a heavy tail feels.
        for (median, sigma, bounds, tolerance) in [
            (1_400_000.0, 0.35, (1_000_000, 4_000_000), 1e-3),
            (50_000.0, 0.6, (1, 100_000), 1e-3),
            (50_000.0, 0.00002, (1, 100_000), 1e-3),
            (30_000.0, 0.2, (60_000, 61_000), 1e-3),
            (300_000.0, 0.2, (20_000, 120_000), 1e-3),
            (1_000.0, 0.3, (50_000, 900_000), 1e-3),
            (1.0, 1.16, (0, 100_000), 2e-2),
            (300.0, 0.55, (0, 1_000_000), 1e-3),
            (20_000.0, 1.0, (1, 1_000_000), 1e-3),
        ] {
            let law = law(median, sigma, bounds);
            let exact = InvestmentSum::new(&law).cumulants();
            let (mean, variance) = by_draws(&law);
            let sd = exact.variance.sqrt();
            assert!((mean - exact.mean).abs() < 1e-4 * sd, "{median} {sigma}: {mean} {exact:?}");
            assert!(
                (variance / exact.variance - 1.0).abs() < tolerance,
                "{median} {sigma}: {variance} {exact:?}"
            );
        }
    }

    #[test]
    fn a_poisson_number_has_all_cumulants_equal() {
        let poisson = Cumulants::of_compound(7.5, &Cumulants::of_level(0.0), [1.0; 4]);
        assert_eq!(poisson, Cumulants { mean: 7.5, variance: 7.5, third: 7.5, fourth: 7.5 });
        assert!((poisson.roughness() - 1.0 / 7.5f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn a_threshold_is_found_to_the_euro() {
        let law = law(50_000.0, 0.5, (1, 100_000));
        let sum = InvestmentSum::new(&law);
        let exact = sum.probability(&|amount| amount <= Cents(6_234_500));
        let count = 400_000;
        let drawn = (0..count)
            .filter(|&i| law.draw((f64::from(i) + 0.5) / f64::from(count)) <= Cents(6_234_500))
            .count() as f64
            / f64::from(count);
        assert!((exact - drawn).abs() < 1e-5, "{exact} {drawn}");
    }
}
