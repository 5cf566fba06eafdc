//! `sensitivity.json`, and what `fesr sensitivity --json` prints.

use super::Sensitivity;
use super::csv::line_word;
use crate::paired::Measure;
use crate::report::limits::statistic_word;
use crate::sensitivity::indices::{GlobalStudy, Index, SobolIndices};
use crate::sensitivity::tornado::{Bar, End, TornadoMeasure};
use serde_json::{Value, json};

/// The whole study as JSON (`fesr/sensitivity/1`). Numbers are in natural units; `null` is what could not be estimated.
pub fn sensitivity_json(sensitivity: &Sensitivity) -> String {
    let inputs: Vec<Value> = sensitivity
        .inputs
        .iter()
        .zip(&sensitivity.tornado.ends)
        .map(|(input, ends)| {
            json!({
                "id": input.id,
                "keys": input.keys,
                "operation": input.change.word(),
                "low": ends.low.0.to_string(),
                "base": ends.base.0.to_string(),
                "high": ends.high.0.to_string(),
                "source": input.source.as_ref().map(ToString::to_string),
            })
        })
        .collect();
    let document = json!({
        "schema": "fesr/sensitivity/1",
        "version": sensitivity.version,
        "scenario": sensitivity.name,
        "seed": sensitivity.seed,
        "interrupted": sensitivity.interrupted,
        "default_inputs": sensitivity.by_default,
        "inputs": inputs,
        "left_out": sensitivity.left_out.iter().map(|input| json!({
            "name": input.name.to_string(), "reason": input.why.to_string(),
        })).collect::<Vec<_>>(),
        "tornado": {
            "paths": sensitivity.tornado.paths,
            "runs": sensitivity.tornado.runs,
            "measures": sensitivity
                .tornado
                .measures
                .iter()
                .map(|of_measure| tornado(sensitivity, of_measure))
                .collect::<Vec<_>>(),
        },
        "sobol": sensitivity.global.as_ref().map(|global| sobol(sensitivity, global)),
    });
    let mut text = serde_json::to_string_pretty(&document).expect("plain data is JSON");
    text.push('\n');
    text
}

fn named(measure: &Measure) -> Value {
    json!({
        "metric": measure.metric.id(),
        "line": line_word(measure),
        "unit": measure.metric.unit().word(),
        "statistic": statistic_word(measure.statistic),
    })
}

fn tornado(sensitivity: &Sensitivity, of_measure: &TornadoMeasure) -> Value {
    let mut value = named(&of_measure.measure);
    value["base"] = match of_measure.base {
        None => Value::Null,
        Some((base, (low, high))) => {
            json!({ "value": base.value, "std_error": base.std_error, "ci95": [low, high] })
        }
    };
    value["order_settled_for"] = json!(of_measure.settled());
    let bars = of_measure.bars.iter().map(|bar| bar_json(sensitivity, bar));
    value["inputs"] = bars.collect();
    value
}

fn bar_json(sensitivity: &Sensitivity, bar: &Bar) -> Value {
    let end = |end: &End| {
        let difference = end.difference.difference;
        let (low, high) = end.difference.interval();
        json!({
            "value": end.estimate.value,
            "std_error": end.estimate.std_error,
            "difference": {
                "value": difference.value, "std_error": difference.std_error, "ci95": [low, high],
            },
        })
    };
    json!({
        "input": sensitivity.inputs[bar.input].id,
        "low": end(&bar.low),
        "high": end(&bar.high),
        "width": { "value": bar.width.value, "std_error": bar.width.std_error },
        "beyond_noise": bar.is_beyond_noise(),
        "wider_than_next": bar.wider_than_next,
    })
}

fn sobol(sensitivity: &Sensitivity, global: &GlobalStudy) -> Value {
    let measures: Vec<Value> = global
        .measures
        .iter()
        .map(|(measure, indices)| {
            let mut value = named(measure);
            value["indices"] = indices.as_ref().map_or(Value::Null, |found| indices_json(sensitivity, found));
            value
        })
        .collect();
    json!({ "design_rows": global.rows, "runs": global.runs, "paths": global.paths, "measures": measures })
}

fn indices_json(sensitivity: &Sensitivity, indices: &SobolIndices) -> Value {
    let index = |index: Index| json!({ "value": index.value, "ci95": [index.interval.0, index.interval.1] });
    let inputs: Vec<Value> = indices
        .inputs
        .iter()
        .map(|of_input| {
            json!({
                "input": sensitivity.inputs[of_input.input].id,
                "first_order": index(of_input.first),
                "total": index(of_input.total),
                "larger_than_next": of_input.larger_than_next,
            })
        })
        .collect();
    json!({
        "mean": indices.mean,
        "sd": indices.sd,
        "order_settled_for": indices.settled(),
        "inputs": inputs,
    })
}
