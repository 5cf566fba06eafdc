//! `fesr frontier` as planners meet it: a frontier that is known by construction, files, limits, languages.

#[path = "common/workshop.rs"]
mod workshop;

use serde_json::Value;
use std::fs;
use workshop::{Workshop, code, fesr, stderr, text};

/// One product, loans; more demand than money. Nobody defaults and loans bear no interest, so nothing is lost and all
/// comes back, whatever the mix: the more is lent, the better.
const LOANS_ONLY: &str = r#"
[scenario]
name = "loans-only"
[simulation]
paths = 2000
seed = 5
[fund]
endowment = 500_000
start = "2019-Q1"
horizon_years = 6
availability_years = 1
period = "2021-2027"
treasury_rate = 0
[line2]
[line2.budget]
loans = 250_000
guarantees = 150_000
grants = 100_000
[line2.pipeline]
applications_per_year = 60
investment = { median = 50_000, sigma = 0.4 }
[[line2.product]]
name = "loan"
own_funds = 0.5
fund_loan = 0.5
[line2.loan]
tenor_quarters = 12
amortisation = "italian"
fund_rate = 0
bank_rate = 0
[line2.loss]
lgd_mean = "50%"
[[credit.rating]]
name = "B"
pd = "0%"
"#;

fn frontier(workshop: &Workshop, scenario: &str, more: &[&str]) -> (i32, String) {
    let out = workshop.path("out");
    let output = fesr(&[&["frontier", scenario, "-o", text(&out), "--progress", "none"], more].concat());
    assert!([0, 1].contains(&code(&output)), "{}", stderr(&output));
    (code(&output), String::from_utf8(output.stdout).expect("text"))
}

fn json(workshop: &Workshop, name: &str) -> Value {
    let path = workshop.path("out").join(name).join("frontier.json");
    serde_json::from_slice(&fs::read(path).expect("a file")).expect("JSON")
}

#[test]
fn a_frontier_known_by_construction() {
    let workshop = Workshop::new();
    let scenario = workshop.write("loans-only.toml", LOANS_ONLY);
    let (code, told) = frontier(&workshop, &scenario, &["--step", "25%", "--paths", "1500"]);
    assert_eq!(code, 0);
    let result = json(&workshop, "frontier-loans-only");
    let mixes = result["mixes"].as_array().expect("mixes");
    assert_eq!(mixes.len(), 1 + 15, "the scenario's own mix and a grid of quarters");
    let all_loans =
        mixes.iter().position(|mix| mix["shares"] == serde_json::json!([0.0, 1.0, 0.0])).expect("a corner");
    for (position, mix) in mixes.iter().enumerate() {
        // Every other mix lends less, to the same applicants.
        assert_eq!(mix["dominated_by"].is_null(), position == all_loans, "{mix}");
        let share = mix["shares"][1].as_f64().expect("a share");
        assert_eq!(mix["missing_envelopes"].as_array().expect("a list").len(), usize::from(share == 0.0));
    }
    let most_leverage = &result["recommendations"][0];
    assert_eq!(most_leverage["preference"], "most_leverage");
    assert_eq!(most_leverage["mix"], serde_json::json!(all_loans));
    assert_eq!(most_leverage["within_noise"], serde_json::json!([]));
    assert!(told.lines().all(|line| line.chars().count() <= 80 || line.starts_with("Results in")), "{told}");
    let folder = workshop.path("out").join("frontier-loans-only");
    let lines = |name: &str| fs::read_to_string(folder.join(name)).expect("a file").lines().count();
    assert_eq!(lines("mixes.csv"), 1 + 16);
    // ES 99 % rests on 15 paths: too few; five objectives remain.
    assert_eq!(lines("frontier.csv"), 1 + 16 * 5);
    for file in ["report.html", "charts/mixes-leverage-effect.svg", "charts/mixes-leverage-effect.csv"] {
        assert!(folder.join(file).exists(), "{file}");
    }
    let page = fs::read_to_string(folder.join("report.html")).expect("a page");
    assert!(page.trim_end().ends_with("</html>") && !page.contains("<script"));
    assert_eq!(page.matches("<figure").count(), 5, "a triangle for each objective that could be estimated");
}

#[test]
fn limits_are_constraints_and_the_answer_speaks_italian() {
    let workshop = Workshop::new();
    let limit = "\n[[limit]]\nmetric = \"grants\"\nstatistic = \"mean\"\nmin = 1\n";
    let scenario = workshop.write("limited.toml", LOANS_ONLY.to_string() + limit);
    let more = ["--step", "50%", "--paths", "1200", "--lang", "it", "--name", "limited"];
    let (code, told) = frontier(&workshop, &scenario, &more);
    // No product has a grant, so no mix awards one: the scenario's own mix breaks the limit too.
    assert_eq!(code, 1);
    assert!(told.contains("Nessun mix rispetta i limiti dello scenario."), "{told}");
    let result = json(&workshop, "limited");
    assert_eq!(result["recommendations"][0]["mix"], Value::Null);
}

#[test]
fn demand_that_follows_the_money_leaves_less_of_it_idle() {
    let workshop = Workshop::new();
    let out = workshop.path("out");
    let unused = |products: &str| {
        let more = [
            "frontier",
            "scenarios/wecare-mixed.toml",
            "--step",
            "50%",
            "--paths",
            "300",
            "-q",
            "--products",
            products,
            "--name",
            products,
            "-o",
            text(&out),
        ];
        let output = fesr(&more);
        assert!([0, 1].contains(&code(&output)), "{}", stderr(&output));
        let result = json(&workshop, products);
        let mixes = result["mixes"].as_array().expect("mixes").clone();
        let corner =
            mixes.iter().find(|mix| mix["shares"] == serde_json::json!([1.0, 0.0, 0.0])).expect("a corner");
        corner["unused"].as_f64().expect("simulated")
    };
    let (stubborn, following) = (unused("scenario"), unused("follow"));
    // All for guarantees: who wants a loan of the fund takes a guarantee only if the weights follow.
    assert!(following < 0.9 * stubborn, "{following} against {stubborn} EUR");
}

#[test]
fn the_same_bytes_on_any_number_of_threads() {
    let workshop = Workshop::new();
    let scenario = workshop.write("loans-only.toml", LOANS_ONLY.replace("\"0%\"", "\"5%\""));
    let read = |threads: &str| {
        let out = workshop.path(threads);
        let more = ["frontier", &scenario, "-o", text(&out), "-q", "--threads", threads, "--step", "25%"];
        let output = fesr(&[&more[..], &["--paths", "700"]].concat());
        assert!([0, 1].contains(&code(&output)), "{}", stderr(&output));
        ["frontier.json", "frontier.csv", "mixes.csv", "report.html", "charts/frontier-leverage.svg"]
            .map(|file| fs::read(out.join("frontier-loans-only").join(file)).unwrap_or_default())
    };
    assert!(read("1") == read("3"));
}

#[test]
fn what_cannot_be_divided_is_refused() {
    let workshop = Workshop::new();
    let scenario = workshop.write("loans-only.toml", LOANS_ONLY);
    let out = workshop.path("out");
    for (more, part) in [(["--step", "7%"], "5%"), (["--line", "1"], "no line 1")] {
        let output = fesr(&[&["frontier", &scenario, "-o", text(&out)], &more[..]].concat());
        assert_eq!(code(&output), 2);
        assert!(stderr(&output).contains(part), "{}", stderr(&output));
    }
}
