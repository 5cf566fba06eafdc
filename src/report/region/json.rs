//! The Region's books in `summary.json`: milestones, social results, and how their promises fare.

use super::milestones::verdict;
use super::outcome_limits::{OutcomeResult, judge_outcomes};
use crate::aggregate::level_name;
use crate::books::RegionBooks;
use crate::books::outcomes::{OUTCOME_ONE, OutcomeTerms};
use crate::books::summary::{MilestoneFigure, Spread};
use crate::report::limits::{Verdict, statistic_word};
use crate::report::number_text::fixed;
use crate::report::summary_json::{Number, number};
use crate::scenario::{LineNumber, OUTCOME_PREFIX, Scenario};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::BTreeMap;

/// What the books add to the summary; all other figures of theirs are in their own tables.
#[derive(Serialize)]
pub(in crate::report) struct RegionPart {
    /// Paths played for the books.
    paths: u64,
    milestones: Vec<MilestonePart>,
    outcomes: Vec<OutcomePart>,
    /// `[[limit]]` on outcomes.
    outcome_limits: Vec<OutcomeLimitPart>,
}

impl RegionPart {
    pub(in crate::report) fn of(scenario: &Scenario, books: &RegionBooks) -> RegionPart {
        RegionPart {
            paths: books.paths,
            milestones: books.milestones.iter().map(|figure| MilestonePart::of(scenario, figure)).collect(),
            outcomes: books
                .completed_outcomes()
                .map(|(terms, line, spread)| OutcomePart::of(terms, line, spread))
                .collect(),
            outcome_limits: judge_outcomes(scenario, books).iter().map(OutcomeLimitPart::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct MilestonePart {
    quarter: u32,
    label: String,
    min_disbursed: Number,
    /// Probability of missing it.
    missed: Number,
    missed_ci95: [Number; 2],
    max_probability: Option<Number>,
    verdict: Option<&'static str>,
}

impl MilestonePart {
    fn of(scenario: &Scenario, figure: &MilestoneFigure) -> MilestonePart {
        let share = |share: f64| number(fixed(share, 9));
        let milestone = &figure.milestone;
        MilestonePart {
            quarter: milestone.quarter,
            label: scenario.fund.start.plus(milestone.quarter).to_string(),
            min_disbursed: number(milestone.min_disbursed.to_string()),
            missed: share(figure.probability),
            missed_ci95: [figure.low, figure.high].map(share),
            max_probability: milestone.max_probability.map(|most| share(most.to_f64())),
            verdict: verdict(figure).map(Verdict::word),
        }
    }
}

#[derive(Serialize)]
struct OutcomePart {
    id: String,
    line: &'static str,
    unit: String,
    mean: Number,
    std_error: Option<Number>,
    sd: Option<Number>,
    min: Number,
    max: Number,
    quantiles: BTreeMap<String, Number>,
}

impl OutcomePart {
    fn of(terms: &OutcomeTerms, line: Option<LineNumber>, spread: &Spread) -> OutcomePart {
        let units = |carried: f64| number(fixed(carried / OUTCOME_ONE, 6));
        let moments = &spread.moments;
        OutcomePart {
            id: format!("{OUTCOME_PREFIX}{}", terms.name),
            line: line.map_or("all", LineNumber::word),
            unit: terms.unit.clone(),
            mean: units(moments.mean()),
            std_error: spread.std_error().map(units),
            sd: (moments.count > 1).then(|| units(moments.standard_deviation())),
            min: units(moments.min as f64),
            max: units(moments.max as f64),
            quantiles: spread
                .quantiles
                .iter()
                .map(|quantile| (level_name(quantile.per_mille), units(quantile.value as f64)))
                .collect(),
        }
    }
}

#[derive(Serialize)]
struct OutcomeLimitPart {
    metric: String,
    line: &'static str,
    statistic: String,
    min: Option<Number>,
    max: Option<Number>,
    value: Option<Number>,
    ci95: Option<[Option<Number>; 2]>,
    verdict: &'static str,
}

impl OutcomeLimitPart {
    fn of(result: &OutcomeResult) -> OutcomeLimitPart {
        let limit = &result.limit;
        let bound = |bound: Decimal| number(bound.normalize().to_string());
        let units = |units: f64| number(fixed(units, 6));
        OutcomeLimitPart {
            metric: format!("{OUTCOME_PREFIX}{}", limit.outcome),
            line: limit.line.map_or("all", LineNumber::word),
            statistic: statistic_word(limit.statistic),
            min: limit.min.map(bound),
            max: limit.max.map(bound),
            value: result.value.map(units),
            ci95: result.value.map(|_| [result.low, result.high].map(|bound| bound.map(units))),
            verdict: result.verdict.word(),
        }
    }
}
