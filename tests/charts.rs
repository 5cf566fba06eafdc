//! The charts of the scenarios of the repository, in both languages.

mod common;

use common::{scenario_file, summarise};
use fesr::chart::Chart;
use fesr::plan::Plan;
use fesr::report::RunFacts;
use fesr::report::charts::{Album, album};
use fesr::scenario::{Language, Scenario};

const SCENARIOS: [&str; 3] = ["wecare-mixed.toml", "wecare-call-2018.toml", "portfolio-example.toml"];

/// The charts of a scenario in each language, Italian first.
fn albums(mut scenario: Scenario, paths: u64) -> [Album; 2] {
    let plan = Plan::resolve(&scenario);
    let summary = summarise(&scenario, paths);
    [Language::Italian, Language::English].map(|language| {
        scenario.identity.language = language;
        let facts = RunFacts { scenario: &scenario, version: "0.1.0", paths, planned: paths };
        album(&facts, &plan, &summary)
    })
}

fn texts(chart: &Chart) -> [&String; 7] {
    let (text, reading) = (&chart.text, &chart.text.reading);
    [
        &text.title,
        &text.subtitle,
        &text.footer,
        &text.description,
        &reading.see,
        &reading.read,
        &reading.means,
    ]
}

/// Prints every text of every chart, to be read: `cargo test --test charts -- --ignored --nocapture`.
#[test]
#[ignore = "prints the texts of all charts"]
fn print_texts() {
    for name in SCENARIOS {
        for album in albums(scenario_file(name), 20_000) {
            for chart in &album.charts {
                println!("== {name} {} {}", chart.name, chart.language.word());
                texts(chart).iter().for_each(|text| println!("{text}"));
            }
            album.left_out.iter().for_each(|left_out| println!("-- {}: {}", left_out.name, left_out.reason));
        }
    }
}
