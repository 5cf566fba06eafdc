//! `--break "cap_hit.mean > 50%"`: what breaks a promise, in words of the command line.

use super::number;
use super::promises::{QUANTILES, SHORTFALLS};
use crate::diagnostic::nearest;
use crate::locale::{Told, told};
use crate::metrics::{MetricId, Scope, Unit};
use crate::scenario::{Limit, LimitStatistic, LineNumber};
use crate::units::Share;
use rust_decimal::Decimal;

/// Reads `METRIC[@LINE].STATISTIC > VALUE` (or `<`): the promise that is broken beyond the value.
///
/// # Errors
/// A sentence for the command line.
pub fn parse_break(text: &str) -> Result<Limit, Told> {
    let shape = || {
        told!(
            "scrivere GRANDEZZA[@LINEA].STATISTICA > VALORE (oppure <), per esempio \"cap_hit.mean > 50%\"",
            "write METRIC[@LINE].STATISTIC > VALUE (or <), such as \"cap_hit.mean > 50%\""
        )
    };
    let at = text.find(['>', '<']).ok_or_else(shape)?;
    let above = text.as_bytes()[at] == b'>';
    let (figure, value) = (text[..at].trim(), text[at + 1..].trim());
    let (name, statistic) = figure.split_once('.').ok_or_else(shape)?;
    let (id, line) = match name.split_once('@') {
        Some((id, line)) => (id.trim(), Some(line.trim())),
        None => (name.trim(), None),
    };
    let metric = MetricId::from_id(id).ok_or_else(|| match nearest(id, MetricId::IDS.iter().copied()) {
        Some(near) => told!(
            "`{id}` non è una grandezza; si intendeva `{near}`?",
            "`{id}` is no metric; did you mean `{near}`?";
            id,
            near,
        ),
        None => told!(
            "`{id}` non è una grandezza; gli id stanno in summary.csv",
            "`{id}` is no metric; summary.csv has the ids";
            id,
        ),
    })?;
    let line = match line {
        None | Some("all") => None,
        Some(word) => Some(
            LineNumber::from_word(word)
                .filter(|_| metric.scope() != Scope::AllOnly)
                .ok_or_else(|| told!("`{id}@{word}` non esiste", "there is no `{id}@{word}`"; id, word))?,
        ),
    };
    let statistic = parse_statistic(statistic.trim(), metric)?;
    let (bound, percent) = number::quoted(value)
        .map_err(|why| told!("il valore \"{value}\" {why}", "the value \"{value}\" is {why}"; value, why))?;
    if percent && matches!(metric.unit(), Unit::Euro | Unit::Count) {
        return Err(told!(
            "`{id}` è un importo o un conteggio: scrivere il solo numero",
            "`{id}` is an amount or a count: write the number alone";
            id,
        ));
    }
    let (min, max) = if above { (None, Some(bound)) } else { (Some(bound), None) };
    Ok(Limit { metric, line, statistic, min, max })
}

/// What breaks a promise, as [`parse_break`] reads it: `cap_hit@2.mean>0.5`. Of a limit with both bounds only the upper one.
pub fn break_text(limit: &Limit) -> String {
    let percent = |level: Share| (level.decimal() * Decimal::ONE_HUNDRED).normalize();
    let statistic = match limit.statistic {
        LimitStatistic::Mean => "mean".to_string(),
        LimitStatistic::StandardDeviation => "sd".to_string(),
        LimitStatistic::Quantile(level) => format!("{}%", percent(level)),
        LimitStatistic::ExpectedShortfall(level) => format!("es{}%", percent(level)),
    };
    let line = limit.line.map_or(String::new(), |line| format!("@{}", line.word()));
    let bound = match (limit.max, limit.min) {
        (Some(max), _) => format!(">{max}"),
        (None, Some(min)) => format!("<{min}"),
        (None, None) => String::new(),
    };
    format!("{}{line}.{statistic}{bound}", limit.metric.id())
}

fn parse_statistic(text: &str, metric: MetricId) -> Result<LimitStatistic, Told> {
    let lower = text.to_lowercase();
    let (level, shortfall) = match lower.as_str() {
        "mean" => return Ok(LimitStatistic::Mean),
        "sd" => return Ok(LimitStatistic::StandardDeviation),
        other => match other.strip_prefix("es") {
            Some(level) => (level.trim(), true),
            None => (other, false),
        },
    };
    let known: &[i64] = if shortfall { &SHORTFALLS } else { &QUANTILES };
    let level = match number::quoted(level) {
        Ok((level, true)) if known.iter().any(|&thousandths| Decimal::new(thousandths, 3) == level) => level,
        _ => {
            return Err(told!(
                "\"{text}\" non è una statistica riportata: mean, sd, 99%, es 99% ...",
                "\"{text}\" is not a statistic that is reported: mean, sd, 99%, es 99% ...";
                text,
            ));
        }
    };
    if shortfall && !metric.has_shortfall() {
        return Err(told!(
            "`{id}` non ha expected shortfall: usare un quantile, per esempio 99%",
            "`{id}` has no expected shortfall: use a quantile such as 99%";
            id = metric.id(),
        ));
    }
    let level = Share::new(level).map_err(|_| told!("livello impossibile", "impossible level"))?;
    Ok(if shortfall { LimitStatistic::ExpectedShortfall(level) } else { LimitStatistic::Quantile(level) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_are_read() {
        let limit = parse_break("cap_hit.mean > 50%").expect("a break");
        assert_eq!(limit.metric, MetricId::CapHit);
        assert_eq!((limit.min, limit.max, limit.line), (None, Some(Decimal::new(5, 1)), None));
        let limit = parse_break("fund_loss@2.es 99.9% > 500_000").expect("a break");
        assert_eq!(limit.line, Some(LineNumber::Two));
        assert_eq!(limit.max, Some(Decimal::from(500_000)));
        let level = Share::new(Decimal::new(999, 3)).expect("a share");
        assert_eq!(limit.statistic, LimitStatistic::ExpectedShortfall(level));
        let limit = parse_break("leverage_effect.2.5%<1,2").expect("a break");
        assert_eq!(limit.min, Some(Decimal::new(12, 1)));
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_a_hint() {
        for (text, hint) in [
            ("cap_hit.mean", "METRIC"),
            ("cap_hit > 1", "METRIC"),
            ("cap_hits.mean > 1", "cap_hit"),
            ("fund_loss.98% > 1", "reported"),
            ("fund_loss.mean > 5%", "amount"),
            ("fund_loss.mean > much", "much"),
            ("leverage_effect.es 99% < 1", "quantile"),
            ("closing_ratio@3.mean < 1", "closing_ratio@3"),
        ] {
            let error = parse_break(text).expect_err(text);
            assert!(error.to_string().contains(hint), "{text}: {error}");
        }
    }
}
