//! A measure as it is typed: `fund_loss.mean`, `fund_loss.99%`, `fund_loss.es99%`, `leverage_effect.line1.mean`.

use crate::aggregate::{QUANTILE_PER_MILLE, SHORTFALL_PER_MILLE};
use crate::diagnostic::nearest;
use crate::locale::{Told, told};
use crate::metrics::{MetricId, Scope};
use crate::paired::Measure;
use crate::scenario::{LimitStatistic, LineNumber};
use crate::units::Share;
use rust_decimal::Decimal;

/// Reads METRIC.STATISTIC or METRIC.LINE.STATISTIC; without a statistic the mean.
///
/// # Errors
/// A sentence for the command line: no such metric, no such statistic of it, or a line that it does not have.
pub fn parse_measure(text: &str) -> Result<Measure, Told> {
    let (id, rest) = text.split_once('.').unwrap_or((text, "mean"));
    let metric = MetricId::from_id(id).ok_or_else(|| {
        let meant = nearest(id, MetricId::IDS.iter().copied()).unwrap_or("fund_loss");
        told!(
            "la grandezza {id} non esiste; si intendeva {meant}?",
            "there is no figure {id}; did you mean {meant}?";
            id,
            meant,
        )
    })?;
    let (line, statistic) = match rest.split_once('.') {
        Some(("line1", statistic)) => (Some(LineNumber::One), statistic),
        Some(("line2", statistic)) => (Some(LineNumber::Two), statistic),
        _ => (None, rest),
    };
    if line.is_some() && metric.scope() == Scope::AllOnly {
        return Err(told!("{id} esiste solo per l’intero fondo", "{id} exists for the whole fund only"; id));
    }
    let statistic = parse_statistic(statistic, metric)?;
    Ok(Measure { metric, line, statistic })
}

/// A measure as [`parse_measure`] reads it: `fund_loss.line1.es99%`.
pub fn measure_text(measure: &Measure) -> String {
    let percent = |level: Share| (level.decimal() * Decimal::ONE_HUNDRED).normalize();
    let statistic = match measure.statistic {
        LimitStatistic::Mean => "mean".to_string(),
        LimitStatistic::StandardDeviation => "sd".to_string(),
        LimitStatistic::Quantile(level) => format!("{}%", percent(level)),
        LimitStatistic::ExpectedShortfall(level) => format!("es{}%", percent(level)),
    };
    let line = measure.line.map_or(String::new(), |line| format!("line{}.", line.word()));
    format!("{}.{line}{statistic}", measure.metric.id())
}

fn parse_statistic(text: &str, metric: MetricId) -> Result<LimitStatistic, Told> {
    let unknown = || {
        told!(
            "{text} non è una statistica: scrivere mean, sd, un quantile come 99% o, delle perdite, es99%",
            "{text} is no statistic: write mean, sd, a quantile such as 99% or, of losses, es99%";
            text,
        )
    };
    let (level, shortfall) = match text.trim() {
        "mean" => return Ok(LimitStatistic::Mean),
        "sd" => return Ok(LimitStatistic::StandardDeviation),
        other => match (other.strip_prefix("es"), other.strip_prefix('q')) {
            (Some(level), _) => (level.trim(), true),
            (None, Some(level)) => (level, false),
            (None, None) => (other, false),
        },
    };
    let level = level.replacen(',', ".", 1);
    let level = match level.strip_suffix('%') {
        Some(percent) => percent.trim_end().parse::<Decimal>().map(|level| level / Decimal::ONE_HUNDRED),
        None => level.parse::<Decimal>(),
    };
    let level = level.map_err(|_| unknown())?;
    let known: &[u32] = if shortfall { &SHORTFALL_PER_MILLE } else { &QUANTILE_PER_MILLE };
    let reported = known.iter().any(|per_mille| Decimal::new(i64::from(*per_mille), 3) == level);
    if !reported || (shortfall && !metric.has_shortfall()) {
        return Err(unknown());
    }
    let level = Share::new(level).map_err(|_| unknown())?;
    Ok(if shortfall { LimitStatistic::ExpectedShortfall(level) } else { LimitStatistic::Quantile(level) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_read_in_every_spelling() {
        let parsed = |text: &str| parse_measure(text).unwrap_or_else(|told| panic!("{text}: {told}"));
        assert_eq!(parsed("fund_loss"), Measure::of_fund(MetricId::FundLoss, LimitStatistic::Mean));
        let level = |per_mille| Share::new(Decimal::new(per_mille, 3)).unwrap();
        for text in ["fund_loss.99%", "fund_loss.q0.99", "fund_loss.0.99"] {
            assert_eq!(parsed(text).statistic, LimitStatistic::Quantile(level(990)), "{text}");
        }
        for text in ["fund_loss.es99%", "fund_loss.es 99%", "fund_loss.es0.99"] {
            assert_eq!(parsed(text).statistic, LimitStatistic::ExpectedShortfall(level(990)), "{text}");
        }
        assert_eq!(parsed("fund_loss.2.5%").statistic, LimitStatistic::Quantile(level(25)));
        for text in ["fund_loss.mean", "fund_loss.es99%", "leverage_effect.line1.2.5%", "defaults.sd"] {
            assert_eq!(measure_text(&parsed(text)), text);
        }
        assert_eq!(parsed("leverage_effect.line2.sd").line, Some(LineNumber::Two));
    }

    #[test]
    fn what_is_no_measure_is_refused() {
        for text in ["fund_los", "fund_loss.", "fund_loss.98.5%", "cap_hit.es99%", "closing_ratio.line1.mean"]
        {
            assert!(parse_measure(text).is_err(), "{text}");
        }
    }
}
