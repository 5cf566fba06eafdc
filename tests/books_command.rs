//! The Region's books as users of `fesr run` meet them: files, page, exit codes, and that they can be done again.

#[path = "common/workshop.rs"]
mod workshop;

use std::fs;
use workshop::{SCENARIO, Workshop, code, fesr, stderr, text};

const TABLES: [&str; 5] =
    ["annual-report.csv", "absorption.csv", "milestones.csv", "subsidy-cost.csv", "outcomes.csv"];

fn with_books(most: &str) -> String {
    format!(
        "{SCENARIO}[line2.outcomes]\njobs = {{ per_million = 30, unit = \"=jobs <b>&\" }}\n\
         [[milestone]]\nquarter = \"2020-Q1\"\nmin_disbursed = \"70%\"\n{most}"
    )
}

#[test]
fn books_are_written_told_and_verified() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", with_books(""));
    let output = workshop.run(&scenario, &["--annual-report", "--lang", "it", "--csv", "excel-it"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let told = String::from_utf8(output.stdout.clone()).expect("text");
    assert!(told.contains("Traguardo del 1°\u{a0}trimestre 2020"), "{told}");
    let folder = workshop.path("out/small");
    let package = fs::read_to_string(folder.join("datapackage.json")).expect("a package");
    for table in TABLES {
        assert!(folder.join(table).exists() && folder.join("excel-it").join(table).exists(), "{table}");
        assert!(package.contains(&format!("\"{table}\"")), "{table}");
    }
    let page = fs::read_to_string(folder.join("report.html")).expect("a page");
    for part in [
        "I libri della Regione",
        "figure-absorption",
        "figure-subsidy-cost",
        "=jobs &lt;b&gt;&amp;",
        "L’anno 2019",
        "Dall’inizio alla fine di ogni anno, valori medi: 2",
        "--annual-report",
    ] {
        assert!(page.contains(part), "no {part:?}");
    }
    assert!(!page.contains("=jobs <b>"), "units are data");
    let outcomes = fs::read_to_string(folder.join("outcomes.csv")).expect("a table");
    assert!(outcomes.contains("outcome_jobs,completed,all,all,'=jobs <b>&,mean,"), "{outcomes}");
    let verified = fesr(&["verify", text(&folder), "-q"]);
    assert_eq!(code(&verified), 0, "{}", stderr(&verified));
    // A record that says nothing of the option is of a run without it: the yearly report is one file too many.
    let record = folder.join("run.json");
    let edited = fs::read_to_string(&record).expect("a record").replace("    \"annual_report\": true,\n", "");
    fs::write(&record, edited).expect("written");
    assert_eq!(code(&fesr(&["verify", text(&folder), "-q"])), 1);
}

#[test]
fn nobody_who_does_not_ask_gets_books() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO);
    assert_eq!(code(&workshop.run(&scenario, &[])), 0);
    let folder = workshop.path("out/small");
    assert!(TABLES.iter().all(|table| !folder.join(table).exists()));
    let page = fs::read_to_string(folder.join("report.html")).expect("a page");
    assert!(!page.contains("Region’s books"));
    assert!(!fs::read_to_string(folder.join("run.json")).expect("a record").contains("annual_report"));
}

#[test]
fn a_milestone_that_is_missed_too_often_is_exit_code_1() {
    let workshop = Workshop::new();
    for (most, strict, expected) in [
        ("max_probability = 1\n", false, 0),
        ("max_probability = 0\n", false, 1),
        ("max_probability = 0\n", true, 1),
    ] {
        let scenario = workshop.write("small.toml", with_books(most));
        let options: &[&str] = if strict { &["--strict", "-q"] } else { &["-q"] };
        let output = workshop.run(&scenario, options);
        assert_eq!(code(&output), expected, "{most} {}", stderr(&output));
        assert!(!workshop.path("out/small/annual-report.csv").exists(), "it was not asked for");
    }
}

#[test]
fn promised_social_results_are_judged_written_and_decide_the_exit_code() {
    let workshop = Workshop::new();
    for (least, expected, verdict) in [("0.001", 0, "kept"), ("1_000_000", 1, "broken")] {
        let promised = format!(
            "[[limit]]\nmetric = \"outcome_jobs\"\nline = \"2\"\nstatistic = \"mean\"\nmin = {least}\n"
        );
        let scenario = workshop.write("small.toml", with_books("") + &promised);
        let output = workshop.run(&scenario, &[]);
        assert_eq!(code(&output), expected, "{}", stderr(&output));
        let folder = workshop.path("out/small");
        let summary = fs::read_to_string(folder.join("summary.json")).expect("a summary");
        let summary: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
        let judged = &summary["region"]["outcome_limits"][0];
        assert_eq!(judged["metric"], "outcome_jobs");
        assert_eq!((&judged["line"], &judged["verdict"]), (&"2".into(), &verdict.into()));
        let mean = summary["region"]["outcomes"][0]["mean"].as_f64().expect("a mean");
        assert_eq!(judged["value"].as_f64().expect("a value"), mean);
        let rows = fs::read_to_string(folder.join("summary.csv")).expect("a table");
        let row = rows.lines().find(|row| row.starts_with("outcome_jobs,2,count,mean,")).expect("a row");
        assert_eq!(row.split(',').nth(4).expect("a value").parse::<f64>().expect("a number"), mean);
        let page = fs::read_to_string(folder.join("report.html")).expect("a page");
        assert!(page.contains(&format!("social results): 1; kept {}", u8::from(expected == 0))), "{verdict}");
        assert_eq!(code(&fesr(&["verify", text(&folder), "-q"])), 0);
    }
}

#[test]
fn runs_without_books_say_what_they_leave_unjudged() {
    let workshop = Workshop::new();
    let uncertain = "[uncertainty]\n\"credit.systemic_correlation\" = { uniform = [0.05, 0.15] }\n";
    let scenario = workshop.write("small.toml", with_books("max_probability = 0\n") + uncertain);
    let output = workshop.run(&scenario, &["--uncertain"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let told = String::from_utf8(output.stdout).expect("text");
    assert!(told.contains("Not judged by this run: milestones of spending 1"), "{told}");
    let page = fs::read_to_string(workshop.path("out/small/report.html")).expect("a page");
    assert!(page.contains("Not judged by this run"));
    let output = workshop.run(&scenario, &["--tail", "--paths", "2048"]);
    let told = String::from_utf8(output.stdout.clone()).expect("text");
    assert!(told.contains("drawn without looking for the tail"), "{told} {}", stderr(&output));
}
