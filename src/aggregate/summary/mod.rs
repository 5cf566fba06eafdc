//! Figures with their errors: what the report is written from.
//!
//! Values stay in the units that paths carry (cents, counts, 1e-9 of a ratio); [`natural`] turns them into euros and
//! ratios. Formulas and sources:
//! - quantile `p` of `n` paths: the value at rank `ceil(p n)`; its 95 % interval: order statistics by the exact binomial
//!   law (David and Nagaraja 2003, section 7.1), free of any assumption on the distribution;
//! - expected shortfall (ES): mean of the worst `(1-p) n`, the last one in part; its standard error from
//!   the influence function `q + (L-q)^+ / (1-p)` (Manistre and Hancock 2005), widened for the skewness of the tail so that
//!   1.96 of it make a 95 % interval ([`crate::numeric::edgeworth`]), like the errors of quantiles;
//! - probability: Clopper and Pearson 1934.

mod average;
mod contributions;
mod histogram;
mod metric;
mod timeline;

pub use average::Average;
pub use contributions::{ContributionSummary, summarise_contributions};
pub use histogram::{Bin, CountedValues, histogram_of};
pub use metric::{
    CONFIDENCE, ExceedancePoint, MetricSummary, QuantileEstimate, Shortfall, quantile_error, quantiles,
    shortfall_beyond, summarise_metric,
};
pub use timeline::{SeriesSummary, TimelinePoint, summarise_timeline};

use super::collector::Collector;
use super::exact_check::ExactCheck;
use super::figures::RATIO_ONE;
use super::groups::{Group, GroupFigure, groups};
use super::lifetime::RatioEstimate;
use super::precision::PrecisionOutcome;
use super::tail::TailSummary;
use super::uncertain::UncertainSummary;
use crate::analytic::exact_figure::exact_figures;
use crate::metrics::{MetricId, Unit};
use crate::scenario::LineNumber;
use rayon::prelude::*;

/// A value of a path in natural units: euros, counts, ratios.
pub fn natural(unit: Unit, carried: f64) -> f64 {
    match unit {
        Unit::Euro => carried / 100.0,
        Unit::Ratio => carried / RATIO_ONE as f64,
        Unit::Count | Unit::Probability => carried,
    }
}

/// Mean and standard deviation of one figure of a group.
#[derive(Clone, Debug)]
pub struct GroupSummary {
    /// The group.
    pub group: Group,
    /// The figure.
    pub metric: MetricId,
    /// Its mean, error and spread.
    pub moments: Average,
}

/// What the PDs of a rating promise beside what was simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct LifetimeSummary {
    /// The rating.
    pub rating: String,
    /// Projects of this rating disbursed on all paths.
    pub projects: i64,
    /// Mean of `F(k)` at the last age within tenor and horizon.
    pub promised: Option<RatioEstimate>,
    /// Share of the projects that defaulted.
    pub simulated: Option<RatioEstimate>,
}

/// Everything a run says.
pub struct Summary {
    /// Paths simulated.
    pub paths: u64,
    /// Path figures, in the order of files.
    pub metrics: Vec<MetricSummary>,
    /// Groups, group after group.
    pub groups: Vec<GroupSummary>,
    /// Timelines, series after series.
    pub timeline: Vec<SeriesSummary>,
    /// Who makes the loss and its tail.
    pub contributions: Vec<ContributionSummary>,
    /// Lifetime default probability by rating.
    pub lifetime: Vec<LifetimeSummary>,
    /// Simulated figures beside their exact expectations.
    pub exact_check: ExactCheck,
    /// How precise the headline figures are, of a run that went on until they are.
    pub precision: Option<PrecisionOutcome>,
    /// What the weights of the paths are worth, if they were drawn with `--tail`.
    pub tail: Option<TailSummary>,
    /// Luck and ignorance, if assumptions were drawn (`--uncertain`).
    pub uncertain: Option<UncertainSummary>,
}

impl Summary {
    /// Finishes a run. Figures whose values were not kept ([`super::part::with_values`]) are left out.
    pub fn of(collector: &mut Collector) -> Summary {
        let columns = collector.context.figures.columns().to_vec();
        let metrics = collector
            .columns
            .par_iter_mut()
            .zip(&columns)
            .filter(|((moments, distribution), _)| distribution.count() == moments.count)
            .map(|((moments, distribution), column)| summarise_metric(*column, moments, distribution))
            .collect();
        let plan = collector.context.plan;
        let group_summaries = groups(plan)
            .into_iter()
            .zip(&collector.groups.moments)
            .flat_map(|(group, moments)| {
                GroupFigure::ALL.iter().zip(moments).map(move |(figure, moments)| GroupSummary {
                    group: group.clone(),
                    metric: figure.metric(),
                    moments: moments.into(),
                })
            })
            .collect();
        let lifetime = plan
            .credit
            .rating_names
            .iter()
            .zip(&collector.lifetime)
            .map(|(rating, sums)| LifetimeSummary {
                rating: rating.clone(),
                projects: sums.projects,
                promised: sums.promised(),
                simulated: sums.simulated(),
            })
            .collect();
        Summary {
            paths: collector.paths,
            metrics,
            groups: group_summaries,
            timeline: summarise_timeline(
                &collector.context.timeline,
                &collector.timeline,
                &collector.streams,
            ),
            contributions: summarise_contributions(&mut collector.contributions, collector.paths),
            lifetime,
            // Exact figures are those of a fund that starts.
            exact_check: match plan.has_history() {
                true => ExactCheck::default(),
                false => ExactCheck::of(collector, &exact_figures(plan)),
            },
            precision: None,
            tail: None,
            uncertain: None,
        }
    }

    /// A path figure of the whole fund (`None`) or of a line.
    pub fn metric(&self, metric: MetricId, line: Option<LineNumber>) -> Option<&MetricSummary> {
        self.metrics.iter().find(|summary| summary.column.metric == metric && summary.line() == line)
    }
}
