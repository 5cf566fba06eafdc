//! The engine gives the same cents and the same counts as the slow twin, path by path, from the same random numbers.

mod common;
mod generated;
mod twin;

use common::scenario_from;
use fesr::aggregate::figures::Figures;
use fesr::engine::PathSimulator;
use fesr::plan::Plan;
use fesr::resolved::resolved_toml;
use fesr::scenario::Scenario;
use generated::{ample_portfolio, any_scenario, fixed_sample};
use rayon::prelude::*;
use std::ops::Range;
use twin::Twin;
use twin::compare::{Difference, differences, engine_path};

/// Whatever the planner may decide, and whatever the world may do.
const MIXES: [&str; 7] = [
    "base.toml",
    "wecare-mixed.toml",
    "wecare-call-2018.toml",
    "portfolio-example.toml",
    "mixes/loans-first.toml",
    "mixes/guarantees-first.toml",
    "mixes/grants-heavy.toml",
];
const ECONOMIES: [&str; 4] = [
    "economies/base.toml",
    "economies/mild.toml",
    "economies/recession-2012.toml",
    "economies/supported-crisis.toml",
];

/// The first path on which engine and twin differ, with all differences.
fn first_difference(scenario: &Scenario, paths: Range<u64>) -> Option<(u64, Vec<Difference>)> {
    let plan = Plan::resolve(scenario);
    let twin = Twin::new(scenario);
    let figures = Figures::new(&plan);
    let mut simulator = PathSimulator::new(&plan);
    paths.into_iter().find_map(|path| {
        let found = differences(&engine_path(&plan, &mut simulator, &figures, path), &twin.path(path));
        (!found.is_empty()).then_some((path, found))
    })
}

fn complaint(name: &str, scenario: &Scenario, path: u64, found: &[Difference]) -> String {
    let list: Vec<String> = found.iter().take(20).map(Difference::to_string).collect();
    format!(
        "{name}, path {path}: {} differences\n{}\nscenario:\n{}",
        found.len(),
        list.join("\n"),
        resolved_toml(scenario)
    )
}

/// Holds engine and twin together on the paths of many scenarios; all complaints in one go.
fn assert_equal_on(scenarios: &[(String, Scenario)], paths: Range<u64>, chunk: u64) {
    let jobs: Vec<(&String, &Scenario, Range<u64>)> = scenarios
        .iter()
        .flat_map(|(name, scenario)| {
            paths.clone().step_by(chunk as usize).map(move |first| (name, scenario, first..first + chunk))
        })
        .collect();
    let complaints: Vec<String> = jobs
        .into_par_iter()
        .filter_map(|(name, scenario, paths)| {
            let (path, found) = first_difference(scenario, paths)?;
            Some(complaint(name, scenario, path, &found))
        })
        .collect();
    let shown = complaints.iter().take(3).cloned().collect::<Vec<_>>().join("\n\n");
    assert!(complaints.is_empty(), "{} complaints:\n{shown}", complaints.len());
}

#[test]
fn library_scenarios_agree_to_the_cent() {
    let scenarios: Vec<(String, Scenario)> = MIXES
        .iter()
        .flat_map(|mix| ECONOMIES.iter().map(move |economy| (*mix, *economy)))
        .map(|(mix, economy)| {
            let toml = format!("extends = [\"{mix}\", \"{economy}\"]\n");
            (format!("{mix} in {economy}"), scenario_from(&toml))
        })
        .collect();
    assert_equal_on(&scenarios, 0..100, 25);
}

#[test]
fn generated_scenarios_agree_to_the_cent() {
    let scenarios: Vec<(String, Scenario)> = fixed_sample(any_scenario(), 600)
        .into_iter()
        .chain(fixed_sample(ample_portfolio(), 100))
        .enumerate()
        .map(|(position, generated)| (format!("generated scenario {position}"), generated.scenario()))
        .collect();
    assert_equal_on(&scenarios, 0..20, 20);
}

/// A long search for rare differences: `cargo test --release --test slow_twin -- --ignored`.
#[test]
#[ignore = "takes minutes"]
fn many_more_generated_scenarios_agree_to_the_cent() {
    let scenarios: Vec<(String, Scenario)> = fixed_sample(any_scenario(), 20_000)
        .into_iter()
        .skip(600)
        .enumerate()
        .map(|(position, generated)| (format!("generated scenario {}", 600 + position), generated.scenario()))
        .collect();
    assert_equal_on(&scenarios, 0..6, 6);
}
