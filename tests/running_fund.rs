//! A running fund: what history replays, and the forecast from today's books, against the slow twin and against closed forms.

mod common;
mod generated;
#[path = "running_fund/snapshot.rs"]
mod snapshot;
mod twin;

use fesr::aggregate::figures::Figures;
use fesr::engine::PathSimulator;
use fesr::plan::Plan;
use fesr::resolved::resolved_toml;
use fesr::scenario::Scenario;
use generated::{any_scenario, fixed_sample};
use rayon::prelude::*;
use snapshot::{Precision, running_fund};
use twin::Twin;
use twin::compare::{differences, engine_path};

/// Engine and twin on some paths; the complaint about the first difference.
fn complaint(name: &str, scenario: &Scenario, paths: std::ops::Range<u64>) -> Option<String> {
    let plan = Plan::resolve(scenario);
    let twin = Twin::new(scenario);
    let figures = Figures::new(&plan);
    let mut simulator = PathSimulator::new(&plan);
    paths.into_iter().find_map(|path| {
        let found = differences(&engine_path(&plan, &mut simulator, &figures, path), &twin.path(path));
        let list: Vec<String> = found.iter().take(12).map(ToString::to_string).collect();
        (!found.is_empty())
            .then(|| format!("{name}, path {path}:\n{}\n{}", list.join("\n"), resolved_toml(scenario)))
    })
}

fn assert_no_complaints(complaints: &[String]) {
    let shown = complaints.iter().take(2).cloned().collect::<Vec<_>>().join("\n\n");
    assert!(complaints.is_empty(), "{} complaints:\n{shown}", complaints.len());
}

/// 400 generated funds, each simulated up to some quarter and watched from there on.
#[test]
fn running_funds_agree_with_the_twin_to_the_cent() {
    let complaints: Vec<String> = fixed_sample(any_scenario(), 400)
        .into_par_iter()
        .enumerate()
        .filter_map(|(position, generated)| {
            let fund = generated.scenario();
            let today = 1 + position as u32 * 7 % (fund.fund.horizon_quarters - 1);
            let running = running_fund(&fund, position as u64, today, Precision::Rough(position));
            complaint(&format!("generated scenario {position}, today {today}"), &running, 0..8)
        })
        .collect();
    assert_no_complaints(&complaints);
}
