//! `summary.json`: schema `fesr/summary/1`.

use super::RunFacts;
use super::limits::LimitResult;
use super::number_text::{fixed, natural, statistic, value};
use super::precision::PrecisionPart;
use super::region::json::RegionPart;
use crate::aggregate::exact_check::ExactComparison;
use crate::aggregate::level_name;
use crate::aggregate::lifetime::RatioEstimate;
use crate::aggregate::summary::{MetricSummary, Summary};
use crate::aggregate::tail::TailSummary;
use crate::books::RegionBooks;
use crate::metrics::Unit;
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A number with the decimals that it is meant to have.
pub(super) type Number = Box<RawValue>;

pub(super) fn number(text: String) -> Number {
    RawValue::from_string(text).expect("fixed decimals are a JSON number")
}

fn statistic_number(unit: Unit, carried: f64) -> Number {
    number(statistic(unit, carried))
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    scenario: ScenarioPart<'a>,
    run: RunPart<'a>,
    metrics: Vec<MetricPart>,
    lifetime_pd: Vec<LifetimePart>,
    limits: Vec<LimitPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<RegionPart>,
    exact_check: Vec<ExactPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    precision: Option<PrecisionPart>,
}

#[derive(Serialize)]
struct ScenarioPart<'a> {
    name: &'a str,
    title: &'a str,
    description: &'a str,
    endowment: Number,
    start: String,
    horizon: String,
    horizon_quarters: u32,
}

#[derive(Serialize)]
struct RunPart<'a> {
    paths: u64,
    planned_paths: u64,
    seed: u64,
    version: &'a str,
    interrupted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    tail: Option<TailPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uncertain: Option<UncertainPart>,
}

/// What was drawn with `--uncertain`, and how much of the variance of the fund's figures it makes.
#[derive(Serialize)]
struct UncertainPart {
    /// Groups of paths, each with its own assumptions.
    groups: u64,
    assumptions: Vec<String>,
    /// Share of the variance that is ignorance, by figure of the whole fund.
    ignorance_share: BTreeMap<&'static str, SharePart>,
}

#[derive(Serialize)]
struct SharePart {
    value: Number,
    ci95: [Number; 2],
}

impl UncertainPart {
    fn of(facts: &RunFacts, summary: &Summary) -> Option<UncertainPart> {
        let uncertain = summary.uncertain.as_ref()?;
        let of_fund =
            summary.metrics.iter().zip(&uncertain.splits).filter(|(metric, _)| metric.line().is_none());
        let shares = of_fund.filter_map(|(metric, split)| {
            let split = split.as_ref()?;
            let (low, high) = split.share_interval();
            let [value, low, high] = [split.share(), low, high].map(|share| number(fixed(share, 6)));
            Some((metric.column.metric.id(), SharePart { value, ci95: [low, high] }))
        });
        Some(UncertainPart {
            groups: uncertain.groups,
            assumptions: facts.scenario.uncertainties.iter().map(|row| row.key.clone()).collect(),
            ignorance_share: shares.collect(),
        })
    }
}

/// What the weights of `--tail` are worth, as numbers of paths that weigh the same.
#[derive(Serialize)]
struct TailPart {
    effective_paths: Number,
    /// In the worst part of the fund loss beyond a level.
    effective_paths_beyond: BTreeMap<String, Number>,
    /// Length of the shift of the common luck, in standard deviations.
    shift: Number,
}

impl TailPart {
    fn of(tail: &TailSummary) -> TailPart {
        let beyond = [990, 999].into_iter().zip(tail.effective_worst);
        TailPart {
            effective_paths: number(fixed(tail.effective_paths, 1)),
            effective_paths_beyond: beyond
                .map(|(per_mille, paths)| (level_name(per_mille), number(fixed(paths, 1))))
                .collect(),
            shift: number(fixed(tail.shift, 6)),
        }
    }
}

#[derive(Serialize)]
struct MetricPart {
    id: &'static str,
    line: &'static str,
    unit: &'static str,
    /// The quarters over which the figure is taken: every VaR, ES and rate names its horizon.
    horizon: String,
    mean: Number,
    std_error: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mean_ci95: Option<[Number; 2]>,
    sd: Option<Number>,
    min: Number,
    max: Number,
    quantiles_exact: bool,
    quantiles: BTreeMap<String, Number>,
    quantile_ci95: BTreeMap<String, [Option<Number>; 2]>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    es: BTreeMap<String, ShortfallPart>,
}

#[derive(Serialize)]
struct ShortfallPart {
    value: Option<Number>,
    std_error: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
}

#[derive(Serialize)]
struct LifetimePart {
    rating: String,
    projects: i64,
    promised: EstimatePart,
    simulated: EstimatePart,
}

#[derive(Serialize)]
struct EstimatePart {
    value: Option<Number>,
    std_error: Option<Number>,
}

impl EstimatePart {
    fn of(estimate: Option<RatioEstimate>) -> EstimatePart {
        EstimatePart {
            value: estimate.map(|estimate| number(fixed(estimate.value, 9))),
            std_error: estimate.map(|estimate| number(fixed(estimate.std_error, 9))),
        }
    }
}

#[derive(Serialize)]
struct LimitPart {
    metric: &'static str,
    line: &'static str,
    statistic: String,
    min: Option<Number>,
    max: Option<Number>,
    value: Option<Number>,
    ci95: Option<[Option<Number>; 2]>,
    verdict: &'static str,
}

#[derive(Serialize)]
struct ExactPart {
    figure: &'static str,
    line: &'static str,
    /// Theme, legal form, size, rating or product; empty if of all.
    group: String,
    unit: &'static str,
    /// What the draws are.
    draw: &'static str,
    draws: u64,
    exact: Number,
    simulated: Number,
    std_error: Number,
    z: Number,
}

impl ExactPart {
    fn of(comparison: &ExactComparison) -> ExactPart {
        let amount = |carried| number(natural(comparison.unit(), comparison.natural(carried)));
        ExactPart {
            figure: comparison.figure.word(),
            line: comparison.line.word(),
            group: comparison.group.clone(),
            unit: comparison.unit().word(),
            draw: comparison.figure.draw().word(),
            draws: comparison.draws,
            exact: amount(comparison.exact),
            simulated: amount(comparison.simulated),
            std_error: amount(comparison.std_error),
            z: number(fixed(comparison.z, 3)),
        }
    }
}

/// The whole summary as JSON text.
pub fn summary_json(
    facts: &RunFacts,
    summary: &Summary,
    limits: &[LimitResult],
    books: Option<&RegionBooks>,
) -> String {
    let scenario = facts.scenario;
    let horizon = facts.horizon();
    let document = Document {
        schema: "fesr/summary/1",
        scenario: ScenarioPart {
            name: &scenario.identity.name,
            title: &scenario.identity.title,
            description: &scenario.identity.description,
            endowment: number(scenario.fund.endowment.to_string()),
            start: scenario.fund.start.to_string(),
            horizon: horizon.clone(),
            horizon_quarters: scenario.fund.horizon_quarters,
        },
        run: RunPart {
            paths: facts.paths,
            planned_paths: facts.planned,
            seed: scenario.simulation.seed,
            version: facts.version,
            interrupted: facts.interrupted(),
            tail: summary.tail.as_ref().map(TailPart::of),
            uncertain: UncertainPart::of(facts, summary),
        },
        metrics: summary.metrics.iter().map(|metric| metric_part(metric, &horizon)).collect(),
        lifetime_pd: summary
            .lifetime
            .iter()
            .map(|lifetime| LifetimePart {
                rating: lifetime.rating.clone(),
                projects: lifetime.projects,
                promised: EstimatePart::of(lifetime.promised),
                simulated: EstimatePart::of(lifetime.simulated),
            })
            .collect(),
        limits: limits.iter().map(limit_part).collect(),
        region: books.map(|books| RegionPart::of(scenario, books)),
        exact_check: summary.exact_check.comparisons.iter().map(ExactPart::of).collect(),
        precision: summary.precision.as_ref().map(PrecisionPart::of),
    };
    let mut text = serde_json::to_string_pretty(&document).expect("plain data is JSON");
    text.push('\n');
    text
}

fn metric_part(metric: &MetricSummary, horizon: &str) -> MetricPart {
    let unit = metric.column.metric.unit();
    let moments = &metric.moments;
    let known = moments.count > 1;
    MetricPart {
        id: metric.column.metric.id(),
        line: metric.column.about.word(),
        unit: unit.word(),
        horizon: horizon.to_string(),
        mean: statistic_number(unit, moments.mean()),
        std_error: known.then(|| statistic_number(unit, moments.standard_error())),
        mean_ci95: metric.mean_interval.map(|(low, high)| [low, high].map(|bound| number(fixed(bound, 9)))),
        sd: known.then(|| statistic_number(unit, moments.standard_deviation())),
        min: number(value(unit, moments.min)),
        max: number(value(unit, moments.max)),
        quantiles_exact: metric.exact_quantiles,
        quantiles: metric
            .quantiles
            .iter()
            .map(|quantile| (level_name(quantile.per_mille), number(value(unit, quantile.value))))
            .collect(),
        quantile_ci95: metric
            .quantiles
            .iter()
            .map(|quantile| {
                let bounds =
                    [quantile.low, quantile.high].map(|bound| bound.map(|bound| number(value(unit, bound))));
                (level_name(quantile.per_mille), bounds)
            })
            .collect(),
        es: metric
            .shortfalls
            .iter()
            .map(|shortfall| {
                let part = ShortfallPart {
                    value: shortfall.estimate.map(|(value, _)| statistic_number(unit, value)),
                    std_error: shortfall.estimate.map(|(_, error)| statistic_number(unit, error)),
                    note: shortfall.estimate.is_none().then_some("too few paths"),
                };
                (level_name(shortfall.per_mille), part)
            })
            .collect(),
    }
}

fn limit_part(result: &LimitResult) -> LimitPart {
    let decimal = |bound: rust_decimal::Decimal| number(bound.normalize().to_string());
    LimitPart {
        metric: result.limit.metric.id(),
        line: result.limit.line.map_or("all", |line| line.word()),
        statistic: super::limits::statistic_word(result.limit.statistic),
        min: result.limit.min.map(decimal),
        max: result.limit.max.map(decimal),
        value: result.value.map(|value| number(fixed(value, 9))),
        ci95: result
            .value
            .map(|_| [result.low, result.high].map(|bound| bound.map(|bound| number(fixed(bound, 9))))),
        verdict: result.verdict.word(),
    }
}
