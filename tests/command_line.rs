//! The program as its users meet it: exit codes, messages with their place, files that are whole or not there.

#[path = "common/workshop.rs"]
mod workshop;

use std::fs;
use std::path::Path;
use std::process::Command;
use workshop::{SCENARIO, Workshop, code, fesr, stderr, text};

#[test]
fn a_run_leaves_its_files_and_nothing_else() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO);
    let output = workshop.run(&scenario, &["--each-path", "--png", "--csv", "excel-it"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(workshop.left(), ["small"]);
    for name in [
        "report.html",
        "summary.json",
        "summary.csv",
        "timeline.csv",
        "histogram.csv",
        "groups.csv",
        "contributions.csv",
        "exact-check.csv",
        "paths.csv",
        "run.json",
        "scenario.resolved.toml",
        "charts/loss-distribution.svg",
        "charts/loss-distribution.csv",
        "charts/loss-distribution.png",
        "datapackage.json",
        "excel-it/summary.csv",
        "excel-it/charts/loss-distribution.csv",
        "charts/leverage.svg",
        "charts/demand-met.svg",
    ] {
        let path = workshop.path("out").join("small").join(name);
        assert!(fs::metadata(&path).is_ok_and(|file| file.len() > 0), "{name}");
    }
    let paths = fs::read_to_string(workshop.path("out/small/paths.csv")).expect("paths.csv");
    assert_eq!(paths.lines().count(), 2_001);
    let package = fs::read_to_string(workshop.path("out/small/datapackage.json")).expect("datapackage.json");
    let package: serde_json::Value = serde_json::from_str(&package).expect("JSON");
    let described: Vec<&serde_json::Value> =
        package["resources"].as_array().expect("a list").iter().collect();
    for resource in &described {
        let path = resource["path"].as_str().expect("a path");
        let file = fs::read(workshop.path("out/small").join(path)).expect(path);
        let hash = format!("sha256:{}", fesr::report::run_record::sha256(&file));
        assert_eq!(resource["hash"], hash.as_str(), "{path}");
    }
    assert_eq!(described.last().map(|resource| &resource["path"]), Some(&"paths.csv".into()));
    let summary: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(workshop.path("out/small/summary.json")).expect("summary"))
            .expect("JSON");
    assert_eq!(summary["schema"], "fesr/summary/1");
    assert_eq!(summary["run"]["paths"], 2_000);
    assert_eq!(summary["run"]["interrupted"], false);
}

#[test]
fn the_resolved_scenario_gives_the_same_results() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO);
    let run = |file: &str, out: &str| {
        let out = workshop.path(out);
        let output = fesr(&["run", file, "-o", text(&out), "-q", "--set", "credit.rating.*.pd*=1.5"]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        out.join("small")
    };
    let first = run(&scenario, "first");
    let resolved = first.join("scenario.resolved.toml");
    let second = workshop.path("second");
    let output = fesr(&["run", text(&resolved), "-o", text(&second), "-q"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    for name in [
        "report.html",
        "summary.json",
        "timeline.csv",
        "histogram.csv",
        "charts/loss-distribution.svg",
        "scenario.resolved.toml",
    ] {
        let same =
            fs::read(first.join(name)).expect(name) == fs::read(second.join("small").join(name)).expect(name);
        assert!(same, "{name} differs");
    }
}

#[test]
fn json_is_all_that_stands_on_standard_output() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO);
    let output = workshop.run(&scenario, &["--json"]);
    let documents: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(documents[0]["schema"], "fesr/key-figures/1");
}

#[test]
fn every_kind_of_bad_input_is_refused_with_its_place_and_leaves_the_output_alone() {
    let workshop = Workshop::new();
    let good = workshop.write("case.toml", SCENARIO);
    assert_eq!(code(&workshop.run(&good, &["-q"])), 0);
    let summary = workshop.path("out/case/summary.json");
    let before = fs::read(&summary).expect("a first result");
    let with = |from: &str, to: &str| {
        assert!(SCENARIO.contains(from), "{from}");
        SCENARIO.replace(from, to)
    };
    // What is wrong, the file, and what the message must say.
    let cases: Vec<(&str, String, &[&str])> = vec![
        ("broken TOML", with("endowment = 500_000", "endowment = = 500_000"), &["case.toml:6:"]),
        ("unknown key", with("tenor_quarters", "tenor_quarter"), &["tenor_quarter", "tenor_quarters"]),
        ("wrong unit", with("bank_rate = 0", "bank_rate = \"4 EUR\""), &["bank_rate", "case.toml:"]),
        ("shares that do not add up", with("own_funds = 0.5", "own_funds = 0.4"), &["90%", "case.toml:2"]),
        ("a budget off by one cent", with("loans = 400_000", "loans = 400_000.01"), &["R101", "0.01"]),
        ("not a number", with("pd = \"4%\"", "pd = nan"), &["pd", "case.toml:"]),
        ("1e300", with("endowment = 500_000", "endowment = 1e300"), &["endowment", "case.toml:6:"]),
        ("a negative amount", with("median = 50_000", "median = -50_000"), &["median", "case.toml:"]),
        (
            "a horizon of 0",
            with("horizon_years = 6", "horizon_years = 0"),
            &["horizon_years", "case.toml:8:"],
        ),
        ("an empty list", format!("{SCENARIO}\n[pipeline]\nborrowers = \"empty.csv\"\n"), &["empty.csv"]),
        (
            "a list that is not there",
            format!("{SCENARIO}\n[pipeline]\nborrowers = \"no.csv\"\n"),
            &["no.csv"],
        ),
        ("no scenario at all", String::new(), &["fund"]),
    ];
    workshop.write("empty.csv", "");
    for (what, content, parts) in &cases {
        let scenario = workshop.write("case.toml", content);
        let output = workshop.run(&scenario, &[]);
        let message = stderr(&output);
        assert_eq!(code(&output), 2, "{what}: {message}");
        for part in *parts {
            assert!(message.contains(part), "{what}: no {part:?} in\n{message}");
        }
        assert!(output.stdout.is_empty(), "{what}");
    }
    let missing = workshop.run(text(&workshop.path("missing.toml")), &[]);
    assert_eq!(code(&missing), 2);
    assert!(stderr(&missing).contains("missing.toml"));
    assert_eq!(fs::read(&summary).expect("still there"), before);
    assert_eq!(workshop.left(), ["case"]);
}

#[test]
fn several_problems_come_in_one_go() {
    let workshop = Workshop::new();
    let content = SCENARIO
        .replace("horizon_years = 6", "horizon_years = 0")
        .replace("\"4%\"", "\"400%\"")
        .replace("italian", "italien");
    let scenario = workshop.write("many.toml", content);
    let message = stderr(&workshop.run(&scenario, &["--diagnostics", "plain"]));
    for part in ["many.toml:8:", "horizon_years", "pd", "italian"] {
        assert!(message.contains(part), "no {part:?} in\n{message}");
    }
    assert!(message.lines().count() >= 3, "{message}");
}

#[test]
fn what_users_put_beside_the_results_stays_there() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO);
    assert_eq!(code(&workshop.run(&scenario, &["-q", "--png"])), 0);
    let folder = workshop.path("out/small");
    fs::write(folder.join("notes.txt"), "mine").expect("a note");
    fs::write(folder.join("charts/marked.svg"), "mine too").expect("a picture");
    assert_eq!(code(&workshop.run(&scenario, &["-q", "--seed", "2"])), 0);
    assert_eq!(fs::read_to_string(folder.join("notes.txt")).expect("still there"), "mine");
    assert_eq!(fs::read_to_string(folder.join("charts/marked.svg")).expect("still there"), "mine too");
    assert!(!folder.join("charts/leverage.png").exists(), "pictures of the earlier run are gone");
    assert_eq!(workshop.left(), ["small"]);
    // A run killed between putting its result in place and moving these files leaves them in the earlier one.
    let previous = workshop.path("out/.small.previous");
    fs::create_dir(&previous).expect("a leftover");
    fs::copy(folder.join("run.json"), previous.join("run.json")).expect("its record");
    fs::write(previous.join("summary.csv"), "old").expect("an old result");
    fs::write(previous.join("left-behind.txt"), "mine as well").expect("a note");
    assert_eq!(code(&workshop.run(&scenario, &["-q"])), 0);
    assert_eq!(fs::read_to_string(folder.join("left-behind.txt")).expect("brought along"), "mine as well");
    assert_ne!(fs::read_to_string(folder.join("summary.csv")).expect("the new one"), "old");
    assert_eq!(workshop.left(), ["small"]);
}

#[test]
fn a_broken_promise_is_exit_code_1() {
    let workshop = Workshop::new();
    let limit = |max: &str| {
        format!("{SCENARIO}\n[[limit]]\nmetric = \"default_rate\"\nstatistic = \"mean\"\nmax = {max}\n")
    };
    let broken = workshop.write("broken.toml", limit("0.001"));
    assert_eq!(code(&workshop.run(&broken, &["-q"])), 1);
    let kept = workshop.write("kept.toml", limit("0.9"));
    assert_eq!(code(&workshop.run(&kept, &["-q"])), 0);
}

#[test]
fn the_readme_explains_every_figure() {
    let readme =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("README.md");
    for &metric in fesr::metrics::MetricId::ALL {
        let row = format!("| `{}` | {} | {} |", metric.id(), metric.unit().word(), metric.meaning());
        assert!(readme.contains(&row), "README.md lacks the row\n{row}");
    }
}

#[test]
fn bad_command_lines_are_exit_code_2() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO);
    for arguments in [
        vec!["run"],
        vec!["run", &scenario, "--paths", "0"],
        // A scenario with this seed could not be read back.
        vec!["run", &scenario, "--seed", "0"],
        vec!["run", &scenario, "--set", "nonsense"],
        vec!["run", &scenario, "--lang", "fr"],
        vec!["run", &scenario, &scenario],
        vec!["simulate", &scenario],
    ] {
        assert_eq!(code(&fesr(&arguments)), 2, "{arguments:?}");
    }
}

#[test]
fn what_cannot_be_written_is_exit_code_3_before_the_run() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO);
    workshop.write("out", "a file where the folder should be");
    let output = workshop.run(&scenario, &[]);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
}

#[test]
fn what_was_set_on_the_command_line_is_recorded_and_changes_the_results() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO);
    assert_eq!(
        code(&workshop.run(&scenario, &["-q", "--set", "line2.loss.lgd_mean=\"80%\"", "--seed", "7"])),
        0
    );
    let record = fs::read_to_string(workshop.path("out/small/run.json")).expect("run.json");
    assert!(record.contains("line2.loss.lgd_mean") && record.contains("\"seed\": 7"), "{record}");
    let resolved = fs::read_to_string(workshop.path("out/small/scenario.resolved.toml")).expect("resolved");
    assert!(resolved.contains("lgd_mean = \"80%\"") && resolved.contains("seed = 7"), "{resolved}");
}

#[test]
fn check_says_that_aid_may_jump_where_a_bracket_ends() {
    for (language, said) in [("it", "l’ESL può saltare"), ("en", "the aid may jump")] {
        let of = |scenario: &str| {
            let output = fesr(&["check", scenario, "-q", "--lang", language]);
            assert_eq!(code(&output), 0, "{}", stderr(&output));
            String::from_utf8(output.stdout).expect("text").split_whitespace().collect::<Vec<_>>().join(" ")
        };
        // All its large loans lie beyond the bracket; the other scenario counts no aid.
        assert_eq!(of("scenarios/de-minimis.toml").matches(said).count(), 1, "of line 1 only");
        assert!(!of("scenarios/wecare-mixed.toml").contains(said));
    }
}

#[test]
fn check_answers_without_simulating() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO);
    let plain = fesr(&["check", &scenario]);
    assert_eq!(code(&plain), 0);
    assert!(String::from_utf8_lossy(&plain.stdout).contains("can be run"));
    let resolved = fesr(&["check", &scenario, "--resolved", "-q"]);
    assert!(String::from_utf8_lossy(&resolved.stdout).contains("endowment = 500_000"));
    for (language, word) in [("it", "Il fondo"), ("en", "The fund")] {
        let explained = fesr(&["check", &scenario, "--explain", "--lang", language, "-q"]);
        assert!(String::from_utf8_lossy(&explained.stdout).contains(word), "{language}");
    }
    let json = fesr(&["check", &scenario, "--json", "-q"]);
    let documents: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(documents[0]["schema"], "fesr/check/1");
}

#[cfg(unix)]
#[test]
fn of_two_runs_at_once_one_is_told_and_a_killed_one_leaves_nothing_behind() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO);
    let out = workshop.path("out");
    let mut child = Command::new(env!("CARGO_BIN_EXE_fesr"))
        .args(["run", &scenario, "-o", text(&out), "--paths", "1000000000", "-q", "--threads", "1"])
        .spawn()
        .expect("the program starts");
    std::thread::sleep(std::time::Duration::from_secs(1));
    let second = workshop.run(&scenario, &["-q"]);
    assert_eq!(code(&second), 3, "{}", stderr(&second));
    assert!(stderr(&second).contains("another run is writing"), "{}", stderr(&second));
    child.kill().expect("killed");
    child.wait().expect("it is gone");
    assert!(!workshop.left().is_empty(), "the killed run left its partial folder");
    let third = workshop.run(&scenario, &["-q"]);
    assert_eq!(code(&third), 0, "{}", stderr(&third));
    assert_eq!(workshop.left(), ["small"]);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_is_marked_and_replaces_nothing() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO);
    assert_eq!(code(&workshop.run(&scenario, &["-q"])), 0);
    let before = fs::read(workshop.path("out/small/summary.json")).expect("a whole result");
    let out = workshop.path("out");
    let child = Command::new(env!("CARGO_BIN_EXE_fesr"))
        .args(["run", &scenario, "-o", text(&out), "--paths", "1000000000", "-q", "--threads", "1"])
        .spawn()
        .expect("the program starts");
    // Long enough for some blocks in any build, far too short for a thousand million paths.
    std::thread::sleep(std::time::Duration::from_secs(3));
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(code(&output), 130, "{}", stderr(&output));
    assert_eq!(fs::read(workshop.path("out/small/summary.json")).expect("still there"), before);
    let part = fs::read_to_string(workshop.path("out/small.interrupted/summary.json")).expect("the part");
    let summary: serde_json::Value = serde_json::from_str(&part).expect("JSON");
    assert_eq!(summary["run"]["interrupted"], true);
    let paths = summary["run"]["paths"].as_u64().expect("a number");
    assert!(paths > 0 && paths.is_multiple_of(1_024), "{paths} paths");
    assert_eq!(workshop.left(), ["small", "small.interrupted"]);
}
