//! Texts for the terminal and key figures as JSON.

use super::sample::{degenerate, mixed, simulated};
use crate::report::key_figures::{KeyFigures, files_text, key_figures, plan_text};
use crate::scenario::Language;

fn figures(paths: u64, planned: u64, scenario: &crate::scenario::Scenario) -> KeyFigures {
    simulated(scenario, paths, planned, |facts, plan, summary, limits| {
        key_figures(facts, plan, summary, limits, "output/sample")
    })
}

fn check(name: &str, text: &str) {
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{name}: too wide: “{line}”");
        assert!(!line.ends_with(' '), "{name}: “{line}”");
        assert!(!line.chars().any(char::is_control), "{name}: “{line}”");
        assert!(!line.contains("NaN") && !line.contains("inf "), "{name}: “{line}”");
    }
}

#[test]
fn texts_fit_the_terminal_in_both_languages_whatever_the_run() {
    for &language in Language::ALL {
        let ordinary = ("mixed", mixed(language), 1_000, 1_000);
        for (name, scenario, paths, planned) in degenerate(language).into_iter().chain([ordinary]) {
            let figures = figures(paths, planned, &scenario);
            check(name, &figures.to_text(false));
            let marks = figures.to_text(false).lines().filter(|line| line.starts_with("! ")).count();
            assert_eq!(marks, figures.warnings.len().min(2), "{name}: two warnings are shown, all are kept");
            let plan = crate::plan::Plan::resolve(&scenario);
            let files = ["summary.json", "summary.csv", "charts/"];
            check(name, &plan_text(&scenario, &plan, false));
            check(name, &files_text(&scenario, "output/sample", &files));
        }
    }
}

#[test]
fn intervals_line_up_under_each_other() {
    let text = figures(1_000, 1_000, &mixed(Language::Italian)).to_text(false);
    let table = text.split("Limiti").next().expect("the table comes first");
    let dashes: Vec<usize> =
        table.lines().filter_map(|line| line.chars().position(|letter| letter == '–')).collect();
    assert!(dashes.len() > 8, "{text}");
    assert!(dashes.windows(2).all(|pair| pair[0] == pair[1]), "{text}");
}

#[test]
fn verdicts_have_a_word_and_a_shape() {
    let figures = figures(1_000, 1_000, &mixed(Language::English));
    let text = figures.to_text(false);
    for verdict in ["? not settled", "✘ broken", "✔ kept"] {
        assert!(text.contains(verdict), "{verdict} is not in\n{text}");
    }
    let coloured = figures.to_text(true);
    assert!(
        coloured.contains("\u{1b}[") && coloured.contains("✘ broken"),
        "colour adds, it does not replace"
    );
}

#[test]
fn json_has_ids_units_and_numbers_without_locale() {
    let figures = figures(300, 400, &mixed(Language::Italian));
    let text = serde_json::to_string(&figures).expect("plain data is JSON");
    let document: serde_json::Value = serde_json::from_str(&text).expect("what is written is JSON");
    assert_eq!(document["schema"], "fesr/key-figures/1");
    assert_eq!(document["warnings"][0]["warning"], "interrupted");
    let entries = document["figures"].as_array().expect("figures");
    let find = |metric: &str, statistic: &str| {
        entries
            .iter()
            .find(|entry| entry["metric"] == metric && entry["statistic"] == statistic)
            .expect("is there")
    };
    let loss = find("fund_loss", "mean");
    assert_eq!(loss["unit"], "EUR");
    assert!(loss["value"].as_f64().is_some_and(|value| value > 0.0));
    assert!(find("fund_loss", "es 99%")["value"].is_null(), "300 paths have no ES 99 %");
    assert_eq!(document["limits"][0]["verdict"], "not settled");
}
