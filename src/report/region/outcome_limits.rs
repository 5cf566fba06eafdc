//! Promises about social results (`[[limit]]` on `outcome_NAME`): judged as other limits are, by the 95 % interval.

use crate::books::RegionBooks;
use crate::books::outcomes::{OUTCOME_ONE, OutcomeTerms, Part, Reach};
use crate::books::summary::Spread;
use crate::numeric::normal::HALF_WIDTH_95;
use crate::report::limits::{FEWEST_EQUAL_PATHS, Verdict, judge_bounds};
use crate::report::telling::{Telling, tell};
use crate::scenario::{LimitStatistic, LineNumber, OutcomeLimit, Scenario};
use crate::units::Share;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// A promise about an outcome with what the books say of it, in units of the outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeResult {
    /// The promise.
    pub limit: OutcomeLimit,
    /// The statistic of what completed investments bring.
    pub value: Option<f64>,
    /// Lower bound of its 95 % interval; `None` if it lies beyond the sample.
    pub low: Option<f64>,
    /// Upper bound.
    pub high: Option<f64>,
    /// How it fares.
    pub verdict: Verdict,
}

/// Judges all promises of a scenario about outcomes.
pub fn judge_outcomes(scenario: &Scenario, books: &RegionBooks) -> Vec<OutcomeResult> {
    scenario.outcome_limits.iter().map(|limit| judge(limit, books)).collect()
}

fn judge(limit: &OutcomeLimit, books: &RegionBooks) -> OutcomeResult {
    let estimate = completed(books, limit).and_then(|spread| estimate(spread, limit.statistic));
    let (value, low, high) = match estimate {
        None => (None, None, None),
        Some((value, low, high)) => (Some(value), low, high),
    };
    let verdict = match value {
        None => Verdict::NotSettled,
        Some(_) => {
            let (low, high) = (low.unwrap_or(f64::NEG_INFINITY), high.unwrap_or(f64::INFINITY));
            judge_bounds([limit.min, limit.max], low, high)
        }
    };
    OutcomeResult { limit: limit.clone(), value, low, high, verdict }
}

/// What completed investments of the promise's line bring.
fn completed<'b>(books: &'b RegionBooks, limit: &OutcomeLimit) -> Option<&'b Spread> {
    let outcome = books.outcome_terms.iter().position(|terms| terms.name == limit.outcome)?;
    let about = |part: Part| match (part, limit.line) {
        (Part::All, None) => true,
        (Part::Line(number, _), Some(line)) => number == line,
        (Part::All | Part::Line(..) | Part::Theme(..), _) => false,
    };
    let column = books.outcomes.iter().find(|(column, _)| {
        column.outcome == outcome && column.reach == Reach::Completed && about(column.part)
    });
    column.map(|(_, spread)| spread)
}

/// Value and interval of a statistic. The reader lets no other statistics through.
fn estimate(spread: &Spread, statistic: LimitStatistic) -> Option<(f64, Option<f64>, Option<f64>)> {
    let moments = &spread.moments;
    let units = |carried: f64| carried / OUTCOME_ONE;
    match statistic {
        LimitStatistic::Mean => {
            let settled = moments.count >= FEWEST_EQUAL_PATHS || moments.min != moments.max;
            let error = spread.std_error().filter(|_| settled);
            let bound = |sign: f64| error.map(|error| units(moments.mean() + sign * HALF_WIDTH_95 * error));
            (moments.count > 0).then(|| (units(moments.mean()), bound(-1.0), bound(1.0)))
        }
        LimitStatistic::Quantile(level) => {
            let per_mille = (level.decimal() * Decimal::ONE_THOUSAND).to_u32()?;
            let quantile = spread.quantile(per_mille)?;
            let bound = |bound: Option<i64>| bound.map(|bound| units(bound as f64));
            Some((units(quantile.value as f64), bound(quantile.low), bound(quantile.high)))
        }
        LimitStatistic::StandardDeviation | LimitStatistic::ExpectedShortfall(_) => None,
    }
}

/// A line for each promise, in the scenario's language; nothing without promises.
pub fn outcome_limits_text(scenario: &Scenario, books: &RegionBooks) -> String {
    let telling = Telling::new(scenario.identity.language);
    let mut text = String::new();
    for result in judge_outcomes(scenario, books) {
        let name = promise_name(scenario, books, telling, &result.limit);
        let value = value_text(telling, &result);
        let bounds = bounds_text(telling, &result.limit);
        let verdict = match result.verdict {
            Verdict::Kept => tell!(telling, "rispettato", "kept"),
            Verdict::Broken => tell!(telling, "NON RISPETTATO", "BROKEN"),
            Verdict::NotSettled => tell!(telling, "non deciso", "not settled"),
        };
        let interval = interval_text(telling, &result);
        let line = tell!(
            telling,
            "Risultato sociale, {name}: {value} (intervallo al 95\u{a0}%: {interval}); promesso {bounds}: {verdict}",
            "Social result, {name}: {value} (95% interval: {interval}); promised {bounds}: {verdict}"
        );
        let lines = crate::layout::wrap(&line, crate::layout::COLUMNS);
        lines.into_iter().for_each(|line| text += &format!("{line}\n"));
    }
    text
}

/// What is promised: name, unit, line, statistic.
pub fn promise_name(
    scenario: &Scenario,
    books: &RegionBooks,
    telling: Telling,
    limit: &OutcomeLimit,
) -> String {
    let terms = books.outcome_terms.iter().find(|terms| terms.name == limit.outcome);
    let mut name = terms.map_or_else(|| limit.outcome.clone(), |terms| outcome_name(scenario, terms));
    name += &limit.line.map_or(String::new(), |line: LineNumber| format!(", {}", telling.line(line)));
    let percent = |level: Share| telling.phrases.plain_percent(level.to_f64());
    name + &match limit.statistic {
        LimitStatistic::Mean => tell!(telling, ", media", ", mean"),
        LimitStatistic::Quantile(level) => {
            let level = percent(level);
            tell!(telling, ", quantile {level}", ", {level} quantile")
        }
        LimitStatistic::StandardDeviation => tell!(telling, ", deviazione standard", ", standard deviation"),
        LimitStatistic::ExpectedShortfall(level) => format!(", expected shortfall {}", percent(level)),
    }
}

/// The name and the unit of an outcome, as readers of the scenario's language see them.
pub fn outcome_name(scenario: &Scenario, terms: &OutcomeTerms) -> String {
    let (name, unit) = (scenario.named(&terms.name), scenario.named(&terms.unit));
    if name == unit { name.to_string() } else { format!("{name} ({unit})") }
}

/// What a promise allows.
pub fn bounds_text(telling: Telling, limit: &OutcomeLimit) -> String {
    let number = |bound: Decimal| telling.shortest(crate::units::nearest_f64(bound));
    match (limit.min, limit.max) {
        (Some(min), Some(max)) => format!("{} – {}", number(min), number(max)),
        (Some(min), None) => format!("≥\u{a0}{}", number(min)),
        (None, Some(max)) => format!("≤\u{a0}{}", number(max)),
        (None, None) => "–".to_string(),
    }
}

/// The statistic.
pub fn value_text(telling: Telling, result: &OutcomeResult) -> String {
    result.value.map_or("–".to_string(), |value| telling.numbers.decimal(value, 1))
}

/// Its interval.
pub fn interval_text(telling: Telling, result: &OutcomeResult) -> String {
    let bound = |bound: Option<f64>| match bound {
        Some(bound) => telling.numbers.decimal(bound, 1),
        None => tell!(telling, "n.d.", "n/a"),
    };
    format!("{} – {}", bound(result.low), bound(result.high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::moments::Moments;

    #[test]
    fn means_and_quantiles_have_intervals_and_nothing_else_is_known() {
        let mut moments = Moments::default();
        [4_000_000, 6_000_000].into_iter().for_each(|value| moments.add(value));
        let spread = Spread { moments, quantiles: Vec::new() };
        // Mean 5, standard deviation the root of 2, standard error 1.
        let (value, low, high) = estimate(&spread, LimitStatistic::Mean).expect("a mean");
        assert_eq!(value, 5.0);
        assert!((high.expect("a bound") - low.expect("a bound") - 2.0 * HALF_WIDTH_95).abs() < 1e-12);
        assert_eq!(estimate(&spread, LimitStatistic::StandardDeviation), None);
        let median = LimitStatistic::Quantile(Share::new(Decimal::new(5, 1)).expect("a share"));
        assert_eq!(estimate(&spread, median), None, "no quantile is there");
    }
}
