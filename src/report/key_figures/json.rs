//! Key figures as `fesr/key-figures/1`: numbers without locale, ids and words of the scenario format.

use super::{ExactCheckResult, KeyFigure, KeyFigures, Warning};
use crate::metrics::Unit;
use crate::report::limits::{LimitResult, statistic_word};
use crate::report::number_text::{fixed, natural};
use crate::report::precision::PrecisionPart;
use crate::scenario::LineNumber;
use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// The schema of the document.
const SCHEMA: &str = "fesr/key-figures/1";

/// A number with the decimals that it is meant to have.
type Number = Box<RawValue>;

fn number(text: String) -> Number {
    RawValue::from_string(text).expect("fixed decimals are a JSON number")
}

fn measured(unit: Unit, value: Option<f64>) -> Option<Number> {
    value.map(|value| number(natural(unit, value)))
}

/// A bound beyond the sample is null; without a value there is no interval.
fn interval(
    unit: Unit,
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
) -> Option<[Option<Number>; 2]> {
    value.map(|_| [measured(unit, low), measured(unit, high)])
}

fn line_word(line: Option<LineNumber>) -> &'static str {
    line.map_or("all", LineNumber::word)
}

impl Serialize for KeyFigures {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = 14 + usize::from(self.tail.is_some());
        let mut document = serializer.serialize_struct("KeyFigures", fields)?;
        document.serialize_field("schema", SCHEMA)?;
        document.serialize_field("scenario", &self.name)?;
        document.serialize_field("title", &self.title)?;
        document.serialize_field("paths", &self.paths)?;
        document.serialize_field("planned_paths", &self.planned)?;
        document.serialize_field("seed", &self.seed)?;
        document.serialize_field("version", &self.version)?;
        let last = self.start.plus(self.quarters.max(1) - 1);
        document.serialize_field("horizon", &format!("{}..{last}", self.start))?;
        document.serialize_field("figures", &self.figures)?;
        let limits: Vec<JsonLimit> = self.limits.iter().map(JsonLimit).collect();
        document.serialize_field("limits", &limits)?;
        document.serialize_field("exact_check", &self.exact_check)?;
        match &self.precision {
            Some(outcome) => document.serialize_field("precision", &PrecisionPart::of(outcome))?,
            None => document.skip_field("precision")?,
        }
        document.serialize_field("warnings", &self.warnings)?;
        if let Some(tail) = &self.tail {
            let [worst_hundredth, worst_thousandth] = tail.effective_worst;
            let effective =
                [("all", tail.effective_paths), ("0.99", worst_hundredth), ("0.999", worst_thousandth)];
            let effective: BTreeMap<&str, Number> =
                effective.into_iter().map(|(part, paths)| (part, number(fixed(paths, 1)))).collect();
            document.serialize_field("effective_paths", &effective)?;
        }
        document.serialize_field("folder", &self.folder)?;
        document.end()
    }
}

impl Serialize for ExactCheckResult {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut result = serializer.serialize_struct("ExactCheckResult", 2)?;
        result.serialize_field("figures", &self.figures)?;
        result.serialize_field("largest_z", &number(fixed(self.largest_z, 3)))?;
        result.end()
    }
}

impl Serialize for KeyFigure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let unit = self.metric.unit();
        let mut figure = serializer.serialize_struct("KeyFigure", 7)?;
        figure.serialize_field("topic", self.topic.word())?;
        figure.serialize_field("metric", self.metric.id())?;
        figure.serialize_field("line", line_word(self.line))?;
        figure.serialize_field("statistic", &statistic_word(self.statistic))?;
        figure.serialize_field("unit", unit.word())?;
        figure.serialize_field("value", &measured(unit, self.value))?;
        figure.serialize_field("ci95", &interval(unit, self.value, self.low, self.high))?;
        figure.end()
    }
}

/// A limit as in `summary.json`.
struct JsonLimit<'a>(&'a LimitResult);

impl Serialize for JsonLimit<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let JsonLimit(LimitResult { limit, value, low, high, verdict }) = self;
        let unit = limit.metric.unit();
        let bound = |bound: Option<rust_decimal::Decimal>| bound.map(|bound| number(bound.to_string()));
        let mut entry = serializer.serialize_struct("LimitResult", 8)?;
        entry.serialize_field("metric", limit.metric.id())?;
        entry.serialize_field("line", line_word(limit.line))?;
        entry.serialize_field("statistic", &statistic_word(limit.statistic))?;
        entry.serialize_field("min", &bound(limit.min))?;
        entry.serialize_field("max", &bound(limit.max))?;
        entry.serialize_field("value", &measured(unit, *value))?;
        entry.serialize_field("ci95", &interval(unit, *value, *low, *high))?;
        entry.serialize_field("verdict", verdict.word())?;
        entry.end()
    }
}

impl Serialize for Warning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut warning = serializer.serialize_struct("Warning", 2)?;
        warning.serialize_field("warning", self.word())?;
        let euros = |amount: f64| number(natural(Unit::Euro, amount));
        let ratio = |share: f64| number(natural(Unit::Ratio, share));
        match self {
            Warning::Interrupted => warning.skip_field("value")?,
            Warning::RulesWaived { codes } => warning.serialize_field("codes", codes)?,
            Warning::GuaranteeNotHonoured { share }
            | Warning::Overdraft { share }
            | Warning::TranchesAdvanced { share } => {
                warning.serialize_field("share_of_paths", &ratio(*share))?;
            }
            Warning::ThinTail { effective } => {
                warning.serialize_field("effective_paths", &number(fixed(*effective, 1)))?;
            }
            Warning::TailTooShort { needed } => warning.serialize_field("paths_needed", needed)?,
            Warning::WideInterval { half_width } => {
                warning.serialize_field("relative_half_width", &ratio(*half_width))?;
            }
            Warning::OutstandingAtHorizon { amount }
            | Warning::FeesUnpaid { amount }
            | Warning::NeverPaidIn { amount } => warning.serialize_field("mean_eur", &euros(*amount))?,
        }
        warning.end()
    }
}
