//! The charts of the scenarios of the repository, in both languages.

mod common;

use common::{scenario_file, summarise};
use fesr::chart::{Bar, Chart, Figure, to_svg};
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

/// Texts that show that a sentence was built wrongly.
const NONSENSE: [&str; 10] = ["NaN", "inf ", "  ", " ,", " .", "..", "{", "-0", "\u{2212}0\u{a0}", "()"];

#[test]
fn every_chart_is_told_in_both_languages() {
    for name in SCENARIOS {
        let [italian, english] = albums(scenario_file(name), 10_000);
        assert_eq!(italian.charts.len(), english.charts.len());
        for (one, other) in italian.charts.iter().zip(&english.charts) {
            assert_eq!(one.name, other.name);
            let (one_texts, other_texts) = (texts(one), texts(other));
            for (one_text, other_text) in one_texts.into_iter().zip(other_texts) {
                assert_ne!(one_text, other_text, "{name}, {}", one.name);
            }
            for text in one_texts.into_iter().chain(other_texts) {
                assert!(!text.is_empty(), "{name}, {}", one.name);
                for nonsense in NONSENSE {
                    assert!(!text.contains(nonsense), "{name}, {}: “{text}”", one.name);
                }
            }
            // One value of this very chart is read aloud.
            let has_digit = |text: &String| text.contains(|letter: char| letter.is_ascii_digit());
            assert!(has_digit(&one.text.reading.read) && has_digit(&other.text.reading.read), "{}", one.name);
        }
    }
}

/// The page holds all pictures in one file of at most 1.5 MB, in one document.
#[test]
fn the_pictures_fit_on_one_page() {
    let [album, _] = albums(scenario_file("wecare-mixed.toml"), 10_000);
    let pictures: Vec<String> = album.charts.iter().map(to_svg).collect();
    let size: usize = pictures.iter().map(String::len).sum();
    assert!(size < 400_000, "{size} bytes of SVG");
    let mut ids: Vec<String> = Vec::new();
    for picture in &pictures {
        let document = roxmltree::Document::parse(picture).expect("well formed");
        ids.extend(document.descendants().filter_map(|node| node.attribute("id").map(str::to_owned)));
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(count, ids.len(), "an id is used twice on the page");
    assert_eq!(count, 2 * pictures.len());
}

/// Both splits of the tail name their parts, and each group makes a whole.
#[test]
fn the_parts_of_the_tail_make_a_whole() {
    let [_, album] = albums(scenario_file("portfolio-example.toml"), 10_000);
    for name in ["tail", "tail-borrowers"] {
        let chart = album.charts.iter().find(|chart| chart.name == name).expect(name);
        let Figure::GroupedBars(figure) = &chart.figure else { panic!("bars") };
        for group in &figure.groups {
            let sum = |of: fn(&Bar) -> Option<f64>| group.bars.iter().filter_map(of).sum::<f64>();
            for whole in [sum(|bar| bar.value), sum(|bar| bar.reference)] {
                assert!((whole - 1.0).abs() < 1e-9, "{name}, {}: {whole}", group.title);
            }
        }
    }
}
