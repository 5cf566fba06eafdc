//! `fesr compare` as planners meet it: a difference that is known exactly, economies, files, exit codes.

#[path = "common/workshop.rs"]
mod workshop;

use serde_json::Value;
use std::fs;
use workshop::{SCENARIO, Workshop, code, fesr, stderr, text};

/// Loans of 20,000 EUR over 4 quarters, nobody defaults: interest is 5,000 x (4 + 3 + 2 + 1) x rate / 4.
fn lending_at(rate: &str) -> String {
    format!(
        r#"
[scenario]
name = "rate-{}"
[simulation]
paths = 2000
seed = 7
[fund]
endowment = 5_000_000
start = "2019-Q1"
horizon_years = 4
availability_years = 1
period = "2021-2027"
treasury_rate = 0
[line2]
[line2.budget]
loans = 4_900_000
guarantees = 100_000
[line2.pipeline]
applications_per_year = 20
investment = {{ median = 40_000, sigma = 0 }}
[[line2.product]]
name = "loan"
own_funds = 0.5
fund_loan = 0.5
[line2.loan]
tenor_quarters = 4
amortisation = "italian"
bank_rate = 0
fund_rate = "{rate}"
[line2.loss]
lgd_mean = "50%"
[[credit.rating]]
name = "B"
pd = "0%"
"#,
        rate.trim_end_matches('%')
    )
}

fn json(workshop: &Workshop, name: &str) -> Value {
    let path = workshop.path("out").join(name).join("comparison.json");
    serde_json::from_slice(&fs::read(path).expect("a file")).expect("JSON")
}

/// The cell of the second scenario in the row of a measure.
fn second<'j>(comparison: &'j Value, metric: &str, statistic: &str) -> &'j Value {
    let rows = comparison["comparisons"][0]["measures"].as_array().expect("rows");
    let row = rows
        .iter()
        .find(|row| row["metric"] == metric && row["statistic"] == statistic)
        .unwrap_or_else(|| panic!("{metric} {statistic} is compared"));
    &row["scenarios"][1]
}

#[test]
fn a_difference_that_is_known_exactly() {
    let workshop = Workshop::new();
    let cheap = workshop.write("cheap.toml", lending_at("1%"));
    let dear = workshop.write("dear.toml", lending_at("3%"));
    let out = workshop.path("out");
    let output = fesr(&["compare", &cheap, &dear, "-o", text(&out), "--name", "rates", "--quiet"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let comparison = json(&workshop, "rates");
    // The same applicants, the same loans: 2 % a year more on a mean balance of 12,500 EUR for a year, exactly 250 EUR.
    let projects = second(&comparison, "projects", "mean");
    assert_eq!(projects["difference"]["value"], 0.0);
    assert_eq!(projects["difference"]["std_error"], 0.0);
    let number = |value: &Value| value.as_f64().expect("a number");
    let closing = &second(&comparison, "closing_resources", "mean")["difference"];
    let (mean, error) = (number(&projects["value"]), number(&projects["std_error"]));
    assert!(mean > 10.0 && error > 0.0);
    assert!((number(&closing["value"]) - 250.0 * mean).abs() < 1e-6, "{closing}");
    assert!((number(&closing["std_error"]) - 250.0 * error).abs() < 1e-6, "{closing}");
    assert_eq!(closing["beyond_noise"], true);
    // What comes back is more on every path with a project.
    let better = &second(&comparison, "closing_resources", "mean")["better"];
    assert_eq!(better["worse"], 0);
    assert_eq!(number(&better["paths"]) + number(&better["equal"]), 2_000.0);
    for file in [
        "comparison.csv",
        "charts/compare-fund-loss.svg",
        "charts/compare-fund-loss.csv",
        "scenarios/rate-1/scenario.resolved.toml",
    ] {
        assert!(out.join("rates").join(file).exists(), "{file}");
    }
}

#[test]
fn economies_make_a_grid_with_regrets() {
    let workshop = Workshop::new();
    let out = workshop.path("out");
    let arguments = [
        "compare",
        "scenarios/mixes/guarantees-first.toml",
        "scenarios/mixes/loans-first.toml",
        "--economies",
        "scenarios/economies/base.toml",
        "scenarios/economies/recession-2012.toml",
        "--paths",
        "600",
        "--lang",
        "it",
        "-o",
        text(&out),
        "--name",
        "grid",
        "--progress",
        "none",
    ];
    let output = fesr(&arguments);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let told = String::from_utf8(output.stdout).expect("text");
    assert!(told.contains("Rimpianto"), "{told}");
    assert!(
        told.lines().all(|line| line.chars().count() <= 80 || line.starts_with("Risultati in")),
        "{told}"
    );
    let comparison = json(&workshop, "grid");
    let loss = &comparison["grids"][0];
    assert_eq!((loss["metric"].as_str(), loss["statistic"].as_str()), (Some("fund_loss"), Some("mean")));
    // Fewer guarantees, less lost: in either economy, and both lose most in the recession.
    assert_eq!(loss["best_scenario_by_economy"], serde_json::json!(["loans-first", "loans-first"]));
    assert_eq!(loss["worst_economy_by_scenario"], serde_json::json!(["recession-2012", "recession-2012"]));
    assert_eq!(loss["least_regret"], "loans-first");
    let grid = fs::read_to_string(out.join("grid/grid.csv")).expect("a file");
    assert_eq!(grid.lines().count(), 1 + 6 * 4, "six headline figures, two mixes, two economies");
    assert!(grid.contains("fund_loss,all,EUR,mean,base,loans-first,"));
    assert!(out.join("grid/charts/grid-fund-loss.svg").exists());
}

#[test]
fn the_same_bytes_on_any_number_of_threads() {
    let workshop = Workshop::new();
    let first = workshop.write("first.toml", format!("[scenario]\nname = \"first\"\n{SCENARIO}"));
    let second = workshop.write(
        "second.toml",
        format!(
            "[scenario]\nname = \"second\"\n{}",
            SCENARIO.replace("lgd_mean = \"50%\"", "lgd_mean = \"60%\"")
        ),
    );
    let folders = ["1", "3"].map(|threads| {
        let out = workshop.path(threads);
        let output = fesr(&[
            "compare",
            &first,
            &second,
            "-o",
            text(&out),
            "--name",
            "same",
            "-q",
            "--threads",
            threads,
        ]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        out.join("same")
    });
    for file in [
        "comparison.json",
        "comparison.csv",
        "charts/compare-fund-loss.svg",
        "charts/compare-loss-curves.csv",
    ] {
        let read = |folder: &std::path::PathBuf| fs::read(folder.join(file)).expect("a file");
        assert!(read(&folders[0]) == read(&folders[1]), "{file}");
    }
}

#[test]
fn what_cannot_be_compared_is_said_before_the_first_path() {
    let workshop = Workshop::new();
    let scenario = workshop.write("one.toml", format!("[scenario]\nname = \"one\"\n{SCENARIO}"));
    let output = fesr(&["compare", &scenario, &scenario, "-o", text(&workshop.path("out"))]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("two scenarios are called \"one\""), "{}", stderr(&output));
    let output = fesr(&["compare", &scenario, "-o", text(&workshop.path("out")), "--name", "No/Name"]);
    assert_eq!(code(&output), 2);
    let broken = workshop.write("broken.toml", "[fund]\nendowmentt = 1\n");
    let output = fesr(&["compare", &scenario, &broken, "-o", text(&workshop.path("out"))]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("endowment"), "{}", stderr(&output));
}

#[test]
fn a_broken_promise_is_exit_code_1() {
    let workshop = Workshop::new();
    let limit = "\n[[limit]]\nmetric = \"projects\"\nstatistic = \"mean\"\nmin = 1000\n";
    let first = workshop.write("first.toml", format!("[scenario]\nname = \"first\"\n{SCENARIO}"));
    let second = workshop.write("second.toml", format!("[scenario]\nname = \"second\"\n{SCENARIO}{limit}"));
    let compare = |one: &str, other: &str| {
        fesr(&["compare", one, other, "-o", text(&workshop.path("out")), "--progress", "none"])
    };
    // All are held to the first scenario's promises.
    let output = compare(&second, &first);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains("first: 0 of 1 kept"));
    // Those of another one do not count, and that is said.
    let output = compare(&first, &second);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let told = String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("All are held to the limits of \"first\""), "{told}");
}
