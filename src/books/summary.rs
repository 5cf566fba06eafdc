//! The figures of the Region's books, with their errors.

use super::absorption::Measure;
use super::annual::AnnualColumn;
use super::collector::{BooksCollector, Layout, RatioSums};
use super::leverage::ExpectedLeverage;
use super::outcomes::{OUTCOME_ONE, OutcomeColumn, OutcomeTerms, Part, Price, Reach};
use super::subsidy;
use crate::aggregate::distribution::Distribution;
use crate::aggregate::moments::Moments;
use crate::aggregate::summary::{CONFIDENCE, QuantileEstimate, quantiles};
use crate::engine::InvariantBroken;
use crate::numeric::beta::clopper_pearson;
use crate::plan::Plan;
use crate::scenario::{LineNumber, Milestone, Scenario};

/// A figure over paths, in carried units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spread {
    /// Over all paths.
    pub moments: Moments,
    /// At the reported levels; of the yearly report and absorption over the first paths.
    pub quantiles: Vec<QuantileEstimate>,
}

impl Spread {
    fn of(moments: &Moments, distribution: &Distribution) -> Spread {
        Spread { moments: *moments, quantiles: quantiles(distribution, distribution.count()) }
    }

    /// The quantile at one of the reported levels, in thousandths.
    pub fn quantile(&self, per_mille: u32) -> Option<&QuantileEstimate> {
        self.quantiles.iter().find(|quantile| quantile.per_mille == per_mille)
    }

    /// Standard error of the mean; `None` for fewer than two paths.
    pub fn std_error(&self) -> Option<f64> {
        (self.moments.count > 1).then(|| self.moments.standard_error())
    }
}

/// A milestone, and how often it is missed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MilestoneFigure {
    /// The milestone.
    pub milestone: Milestone,
    /// Share of paths that miss it.
    pub probability: f64,
    /// Lower bound of its 95 % interval (Clopper and Pearson 1934).
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// Outcomes per euro: a ratio of means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OutcomeRatio {
    /// Position of the outcome.
    pub outcome: usize,
    /// Per euro of what.
    pub price: Price,
    /// Outcome per million euros and its standard error; `None` where nothing is lost or spent on average.
    pub per_million: Option<(f64, f64)>,
}

/// The Region's books of a run.
#[derive(Clone, Debug)]
pub struct RegionBooks {
    /// Paths.
    pub paths: u64,
    /// Paths behind the quantiles of the yearly report and of absorption.
    pub band_paths: u64,
    /// The yearly report, column by column; empty if it was not asked for.
    pub annual: Vec<(AnnualColumn, Spread)>,
    /// Shares of the endowment, quarter by quarter.
    pub absorption: Vec<(Measure, Vec<Spread>)>,
    /// The milestones, in the order of the scenario.
    pub milestones: Vec<MilestoneFigure>,
    /// The parts of the subsidy cost.
    pub subsidy: Vec<(subsidy::Part, Spread)>,
    /// The subsidy cost itself.
    pub subsidy_cost: Spread,
    /// The outcomes that the scenario names.
    pub outcome_terms: Vec<OutcomeTerms>,
    /// Their figures.
    pub outcomes: Vec<(OutcomeColumn, Spread)>,
    /// Per euro lost and spent.
    pub outcome_ratios: Vec<OutcomeRatio>,
    /// The expected leverage.
    pub expected_leverage: ExpectedLeverage,
}

impl RegionBooks {
    /// Plays the first `paths` paths of a scenario and keeps their books. `played` hears of so many more paths, from any
    /// thread.
    ///
    /// # Errors
    /// [`InvariantBroken`] of the first path whose books do not balance, or do not say what its totals say: a bug.
    pub fn of(
        scenario: &Scenario,
        plan: &Plan,
        paths: u64,
        annual_report: bool,
        played: &(impl Fn(u64) + Sync),
    ) -> Result<RegionBooks, InvariantBroken> {
        let layout = Layout::new(scenario, plan, annual_report);
        Ok(RegionBooks::summarise(&BooksCollector::play(layout, paths, played)?))
    }

    /// What completed investments bring: by outcome, of the fund and of each line that names it.
    pub fn completed_outcomes(&self) -> impl Iterator<Item = (&OutcomeTerms, Option<LineNumber>, &Spread)> {
        self.outcomes.iter().filter(|(column, _)| column.reach == Reach::Completed).filter_map(
            |(column, spread)| {
                let terms = &self.outcome_terms[column.outcome];
                match column.part {
                    Part::All => Some((terms, None, spread)),
                    Part::Line(line, slot) if terms.per_million[slot] != 0.0 => {
                        Some((terms, Some(line), spread))
                    }
                    Part::Line(..) | Part::Theme(..) => None,
                }
            },
        )
    }

    fn summarise(collector: &BooksCollector<'_>) -> RegionBooks {
        let layout = &collector.layout;
        let spread = |column: usize| {
            let (moments, distribution) = &collector.columns[column];
            Spread::of(moments, distribution)
        };
        let quarters = layout.plan.quarters as usize;
        let absorption = Measure::ALL.iter().enumerate().map(|(position, &measure)| {
            let from = layout.absorption_range().start + position * quarters;
            (measure, (from..from + quarters).map(spread).collect())
        });
        let milestones = layout.milestones.iter().zip(&collector.missed).map(|(milestone, &missed)| {
            let (low, high) = clopper_pearson(missed, collector.paths, CONFIDENCE);
            let probability = missed as f64 / collector.paths as f64;
            MilestoneFigure { milestone: *milestone, probability, low, high }
        });
        let costs = layout.subsidy_range();
        let ratios = collector.ratios.iter().enumerate().map(|(position, sums)| OutcomeRatio {
            outcome: position / Price::ALL.len(),
            price: Price::ALL[position % Price::ALL.len()],
            per_million: ratio_of_means(sums),
        });
        RegionBooks {
            paths: collector.paths,
            band_paths: collector.paths.min(super::BAND_PATHS),
            annual: layout.annual.iter().copied().zip(layout.annual_range().map(spread)).collect(),
            absorption: absorption.collect(),
            milestones: milestones.collect(),
            subsidy: subsidy::Part::ALL.iter().copied().zip(costs.clone().map(spread)).collect(),
            subsidy_cost: spread(costs.end - 1),
            outcomes: layout
                .outcome_columns
                .iter()
                .copied()
                .zip(layout.outcome_range().map(spread))
                .collect(),
            outcome_terms: layout.outcomes.clone(),
            outcome_ratios: ratios.collect(),
            expected_leverage: layout.expected,
        }
    }
}

/// Mean outcome per million euros of mean price, with the standard error of the delta method:
/// `var R = (s_y^2 - 2 R s_xy + R^2 s_x^2) / (n x^2)` (Cochran 1977, section 6.4). `None` where the mean price is not above
/// 0.
fn ratio_of_means(sums: &RatioSums) -> Option<(f64, f64)> {
    let n = sums.price.count as f64;
    let (x, y) = (sums.price.mean(), sums.outcome.mean());
    if n < 2.0 || x <= 0.0 {
        return None;
    }
    let ratio = y / x;
    // n sum xy - sum x sum y, in exact integers; the products fit where the sums of a run do.
    let count = i128::from(sums.price.count);
    let scatter = match (count.checked_mul(sums.products), sums.price.sum().checked_mul(sums.outcome.sum())) {
        (Some(products), Some(sums)) => (products - sums) as f64,
        _ => n * sums.products as f64 - sums.price.sum() as f64 * sums.outcome.sum() as f64,
    };
    let covariance = scatter / (n * (n - 1.0));
    let variance = sums.outcome.variance() - 2.0 * ratio * covariance + ratio * ratio * sums.price.variance();
    // Cents to a million euros, millionths to whole ones.
    let scale = 1e8 / OUTCOME_ONE;
    Some((ratio * scale, (variance.max(0.0) / n).sqrt() / x * scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_of_means_has_the_error_of_the_delta_method() {
        let mut sums = RatioSums::default();
        for (outcome, price) in [(2_000_000, 100_000_000), (4_000_000, 300_000_000), (3_000_000, 200_000_000)]
        {
            sums.outcome.add(outcome);
            sums.price.add(price);
            sums.products += i128::from(outcome) * i128::from(price);
        }
        // Means 3 and 2 million euros: 1.5 per million. Residuals y - R x: 2 - 1.5, 4 - 4.5, 3 - 3: variance 0.25.
        let (ratio, error) = ratio_of_means(&sums).expect("something is lost");
        assert!((ratio - 1.5).abs() < 1e-12, "{ratio}");
        assert!((error - (0.25f64 / 3.0).sqrt() / 2.0).abs() < 1e-12, "{error}");
        assert_eq!(ratio_of_means(&RatioSums::default()), None);
    }
}
