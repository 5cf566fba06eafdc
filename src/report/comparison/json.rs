//! `comparison.json`, and what `fesr compare --json` prints.

use super::csv::line_word;
use super::{Comparison, Named};
use crate::paired::comparison::ComparisonCell;
use crate::paired::grid::Grid;
use crate::report::limits::statistic_word;
use serde_json::{Value, json};

/// The whole comparison as JSON (`fesr/comparison/1`). Numbers are in natural units; `null` is what could not be
/// estimated.
pub fn comparison_json(comparison: &Comparison) -> String {
    let document = comparison_value(comparison);
    let mut text = serde_json::to_string_pretty(&document).expect("plain data is JSON");
    text.push('\n');
    text
}

/// The same as a value.
pub fn comparison_value(comparison: &Comparison) -> Value {
    let scenes: Vec<Value> = comparison
        .scenes
        .iter()
        .enumerate()
        .map(|(position, scene)| {
            let rows: Vec<Value> = scene
                .rows
                .iter()
                .map(|row| {
                    let cells = comparison.scenarios.iter().zip(&row.cells);
                    json!({
                        "metric": row.measure.metric.id(),
                        "line": line_word(&row.measure),
                        "unit": row.measure.metric.unit().word(),
                        "statistic": statistic_word(row.measure.statistic),
                        "scenarios": cells.map(|(named, cell)| cell_json(named, *cell)).collect::<Vec<_>>(),
                    })
                })
                .collect();
            let limits: Vec<Value> = comparison
                .scenarios
                .iter()
                .zip(&scene.limits)
                .flat_map(|(named, limits)| {
                    limits.iter().map(|result| {
                        json!({
                            "scenario": named.name,
                            "metric": result.limit.metric.id(),
                            "line": result.limit.line.map_or("all", |line| line.word()),
                            "statistic": statistic_word(result.limit.statistic),
                            "min": result.limit.min.map(|bound| bound.normalize().to_string()),
                            "max": result.limit.max.map(|bound| bound.normalize().to_string()),
                            "value": result.value,
                            "low": result.low,
                            "high": result.high,
                            "verdict": result.verdict.word(),
                        })
                    })
                })
                .collect();
            let economy = comparison.economies.get(position).map(|economy| economy.name.as_str());
            json!({ "economy": economy, "measures": rows, "limits": limits })
        })
        .collect();
    json!({
        "schema": "fesr/comparison/1",
        "version": comparison.version,
        "paths": comparison.paths,
        "interrupted": comparison.interrupted,
        "seed": comparison.seed,
        "scenarios": names(&comparison.scenarios),
        "economies": names(&comparison.economies),
        "comparisons": scenes,
        "limits_of": comparison.scenarios.first().map(|first| first.name.as_str()),
        "grids": comparison.grids.iter().map(|grid| grid_json(comparison, grid)).collect::<Vec<_>>(),
    })
}

fn names(named: &[Named]) -> Vec<Value> {
    named.iter().map(|named| json!({ "name": named.name, "title": named.title })).collect()
}

fn cell_json(named: &Named, cell: Option<ComparisonCell>) -> Value {
    let Some(cell) = cell else { return json!({ "scenario": named.name, "value": null }) };
    let mut value = json!({
        "scenario": named.name,
        "value": cell.estimate.value,
        "std_error": cell.estimate.std_error,
        "ci95": [cell.interval.0, cell.interval.1],
    });
    if let Some(against) = cell.against_first {
        let difference = against.paired.difference;
        let (low, high) = against.paired.interval();
        value["difference"] = json!({
            "value": difference.value,
            "std_error": difference.std_error,
            "ci95": [low, high],
            "unpaired_std_error": against.paired.unpaired_std_error,
            "beyond_noise": against.paired.is_beyond_noise(),
        });
        if let Some(contest) = against.contest {
            let (chance, (low, high)) = contest.chance_better();
            value["better"] = json!({
                "paths": contest.better, "equal": contest.equal, "worse": contest.worse,
                "probability": chance, "ci95": [low, high],
            });
        }
    }
    value
}

fn grid_json(comparison: &Comparison, grid: &Grid) -> Value {
    let mix = |position: Option<usize>| position.map(|mix| comparison.scenarios[mix].name.as_str());
    let economy =
        |position: Option<usize>| position.map(|economy| comparison.economies[economy].name.as_str());
    json!({
        "metric": grid.measure.metric.id(),
        "statistic": statistic_word(grid.measure.statistic),
        "best_scenario_by_economy": grid.best_mix.iter().map(|&best| mix(best)).collect::<Vec<_>>(),
        "worst_economy_by_scenario": grid.worst_economy.iter().map(|&worst| economy(worst)).collect::<Vec<_>>(),
        "least_regret": mix(grid.least_regret),
        "largest_regret_by_scenario": (0..comparison.scenarios.len()).map(|mix| {
            let largest = grid.largest_regret(mix);
            largest.map(|(at, regret)| json!({
                "economy": economy(Some(at)), "value": regret.value, "std_error": regret.std_error,
            }))
        }).collect::<Vec<_>>(),
    })
}
