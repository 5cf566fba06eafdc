//! `frontier.json`, and what `fesr frontier --json` prints.

use super::{Envelope, Frontier};
use crate::paired::mix::{MixedLines, ProductDemand};
use crate::report::limits::statistic_word;
use serde_json::{Value, json};

/// The whole frontier as JSON (`fesr/frontier/1`); mixes are named by their position.
pub fn frontier_json(frontier: &Frontier) -> String {
    let mixes: Vec<Value> = frontier
        .points
        .iter()
        .enumerate()
        .map(|(number, point)| {
            let values: Vec<Value> = frontier
                .objectives
                .iter()
                .zip(&point.values)
                .map(|(measure, value)| {
                    json!({
                        "metric": measure.metric.id(),
                        "statistic": statistic_word(measure.statistic),
                        "value": value.map(|value| value.estimate.value),
                        "std_error": value.map(|value| value.estimate.std_error),
                        "ci95": value.map(|value| [value.interval.0, value.interval.1]),
                    })
                })
                .collect();
            let limits: Vec<Value> = point
                .limits
                .iter()
                .map(|result| {
                    json!({
                        "metric": result.limit.metric.id(),
                        "statistic": statistic_word(result.limit.statistic),
                        "value": result.value,
                        "verdict": result.verdict.word(),
                    })
                })
                .collect();
            json!({
                "mix": number,
                "shares": point.shares,
                "budget": point.budget.map(|part| part.to_string()),
                "used": point.used,
                "unused": point.unused(),
                "binding_envelope": point.binding().map(|(envelope, _)| envelope.word()),
                "missing_envelopes": point.missing.iter().map(|envelope: &Envelope| envelope.word()).collect::<Vec<_>>(),
                "forbidden_by": point.forbidden,
                "paths": point.paths,
                "values": values,
                "limits": limits,
                "dominated_by": point.dominated_by,
            })
        })
        .collect();
    let recommendations: Vec<Value> = frontier
        .recommendations
        .iter()
        .map(|recommendation| {
            json!({
                "preference": recommendation.preference.word(),
                "mix": recommendation.best.map(|(best, _)| best),
                "value": recommendation.best.map(|(_, estimate)| estimate.value),
                "std_error": recommendation.best.map(|(_, estimate)| estimate.std_error),
                "within_noise": recommendation.rivals,
                "paths": recommendation.paths,
                "reason": frontier.reason(recommendation),
            })
        })
        .collect();
    let lines = match frontier.lines {
        MixedLines::Only(number) => number.word(),
        MixedLines::All => "all",
    };
    let demand = match frontier.demand {
        ProductDemand::AsInScenario => "as_in_scenario",
        ProductDemand::Follow => "follow",
    };
    let document = json!({
        "schema": "fesr/frontier/1",
        "version": frontier.version,
        "scenario": { "name": frontier.name, "title": frontier.title },
        "seed": frontier.seed,
        "paths": frontier.paths,
        "parts": frontier.parts,
        "line": lines,
        "products": demand,
        "interrupted": frontier.interrupted,
        "mixes": mixes,
        "recommendations": recommendations,
        "short_list": frontier.short_list().into_iter().map(|(mix, objectives)| json!({
            "mix": mix,
            "best_in": objectives.into_iter().map(|objective| {
                let measure = &frontier.objectives[objective];
                json!({ "metric": measure.metric.id(), "statistic": statistic_word(measure.statistic) })
            }).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    });
    let mut text = serde_json::to_string_pretty(&document).expect("plain data is JSON");
    text.push('\n');
    text
}
