//! `stress.json`, and what `fesr stress --json` prints.

use super::csv::{number, state};
use super::{Origin, StressTest};
use crate::paired::breaking::{Answer, Number, Verdict};
use crate::report::comparison::comparison_value;
use crate::report::limits::statistic_word;
use crate::scenario::{Language, LineNumber};
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// The whole stress test as JSON (`fesr/stress/1`). Numbers are in natural units; values of levers are exact, as text;
/// `null` is what does not exist or could not be estimated.
pub fn stress_json(stress: &StressTest) -> String {
    let named = stress.comparison.scenarios.iter().zip(&stress.origins);
    let variants: Vec<Value> = named
        .map(|(named, origin)| {
            let (kind, economy, sets, cut) = match origin {
                Origin::AsItIs => ("as it is", None, &[][..], None),
                Origin::Economy(file) => ("economy", Some(file), &[][..], None),
                Origin::Shock { sets, cut } => {
                    ("shock", None, &sets[..], cut.as_ref().map(|cut| cut.text(Language::English)))
                }
            };
            json!({
                "name": named.name, "title": named.title, "kind": kind, "economy": economy, "set": sets, "cut": cut,
            })
        })
        .collect();
    let left_out: Vec<Value> = stress
        .left_out
        .iter()
        .map(|left_out| {
            let text = Language::English;
            json!({ "what": left_out.what.text(text), "why": left_out.why.text(text) })
        })
        .collect();
    let reverse = stress.reverse.as_ref().map(|reverse| {
        let answers = reverse.answers.iter().zip(&reverse.traces);
        json!({
            "paths": reverse.paths,
            "interrupted": reverse.interrupted,
            "answers": answers.map(|(answer, trace)| answer_json(answer, trace.as_deref())).collect::<Vec<_>>(),
        })
    });
    let document = json!({
        "schema": "fesr/stress/1",
        "scenario": stress.title,
        "interrupted": stress.interrupted(),
        "variants": variants,
        "left_out": left_out,
        "comparison": comparison_value(&stress.comparison),
        "reverse": reverse,
    });
    let mut text = serde_json::to_string_pretty(&document).expect("plain data is JSON");
    text.push('\n');
    text
}

fn answer_json(answer: &Answer, trace: Option<&str>) -> Value {
    let measure = answer.breach.measure;
    let decimal = |value: Option<Decimal>| value.map(|value| value.normalize().to_string());
    let statistic = |number: Option<Number>| {
        number.map(|Number { value, interval: (low, high) }| json!({ "value": value, "ci95": [low, high] }))
    };
    let (at, from, to) = match answer.verdict {
        Verdict::At { value, from, to, .. } => (Some(value), from, to),
        Verdict::Already | Verdict::Never { .. } | Verdict::Unknown => (None, None, None),
    };
    json!({
        "metric": measure.metric.id(),
        "line": measure.line.map_or("all", LineNumber::word),
        "statistic": statistic_word(measure.statistic),
        "breaks": if answer.breach.above { "above" } else { "below" },
        "bound": answer.breach.bound.normalize().to_string(),
        "lever": answer.lever.word(),
        "state": state(answer),
        "value": decimal(at),
        "ci95": [decimal(from), decimal(to)],
        "reach": answer.reach.to_string(),
        "kept_again_at": decimal(answer.kept_again),
        "at_start": statistic(answer.at_start),
        "there": statistic(number(answer)),
        "nearest_path": answer.nearest.as_ref().map(|nearest| json!({
            "path": nearest.path, "set": nearest.sets, "trace": trace,
        })),
    })
}
