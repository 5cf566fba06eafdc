//! `--precision` as its users meet it: what is said, what is written, and that it can be done again to the byte.

#[path = "common/workshop.rs"]
mod workshop;

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use workshop::{SCENARIO, Workshop, code, fesr, stderr, text};

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

/// Runs into a folder of its own.
fn run(workshop: &Workshop, scenario: &str, out: &str, more: &[&str]) -> Output {
    let out = workshop.path(out);
    let output = fesr(&[&["run", scenario, "-o", text(&out)], more].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    output
}

/// Every file of a folder, by name.
fn content(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        match path.is_dir() {
            true => all
                .extend(content(&path).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes))),
            false => {
                all.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    all
}

fn json(folder: &Path, name: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.join(name)).expect("a file")).expect("JSON")
}

#[test]
fn a_precise_run_is_a_plain_run_that_chose_its_paths() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO);
    let options = ["--precision", "10%", "--each-path", "--progress", "lines", "--threads", "1"];
    let output = run(&workshop, &scenario, "precise", &options);
    let precise = workshop.path("precise/small");
    // The interval is seen to shrink, the target and the outcome are said.
    let progress = stderr(&output);
    for part in ["as many as ±10% takes", "  16,384 paths: ", "  32,768 paths: all within ±10% (widest: "] {
        assert!(progress.contains(part), "no {part:?} in\n{progress}");
    }
    let told = stdout(&output);
    assert!(told.contains("\nPrecision\n  ±10% reached with 32,768 paths: twice running"), "{told}");
    assert!(told.lines().all(|line| line.chars().count() <= 80 || line.starts_with("Results in")), "{told}");
    let summary = json(&precise, "summary.json");
    assert_eq!(summary["run"]["paths"], 32_768);
    assert_eq!(summary["run"]["interrupted"], false);
    let precision = &summary["precision"];
    assert_eq!(precision["target"].to_string(), "0.1");
    assert_eq!((&precision["reached"], &precision["ending"]), (&Value::from(true), &Value::from("reached")));
    assert_eq!(precision["most_paths"], 4_194_304);
    let figures = precision["figures"].as_array().expect("figures");
    let named: Vec<(&str, &str)> = figures
        .iter()
        .map(|figure| (figure["metric"].as_str().expect("id"), figure["statistic"].as_str().expect("word")))
        .collect();
    let expected = [
        ("fund_loss", "mean"),
        ("fund_loss", "99%"),
        ("fund_loss", "es 99%"),
        ("leverage_effect", "mean"),
        ("demand_coverage", "mean"),
        ("cap_hit", "mean"),
    ];
    assert_eq!(named, expected);
    assert!(figures.iter().all(|figure| figure["within"] == true), "{precision}");
    assert_eq!(figures[5]["constant"], true, "there are no guarantees");
    // The half-width named is that of the interval reported.
    let loss =
        summary["metrics"].as_array().expect("metrics").iter().find(|metric| metric["id"] == "fund_loss");
    let loss = loss.expect("fund_loss");
    let number = |value: &Value| value.as_f64().expect("a number");
    let bounds = &loss["quantile_ci95"]["0.99"];
    let half = (number(&bounds[1]) - number(&bounds[0])) / 2.0;
    assert!((number(&figures[1]["half_width"]) - half).abs() < 1e-3, "{}", figures[1]);
    let half = 1.96 * number(&loss["std_error"]);
    assert!((number(&figures[0]["half_width"]) / half - 1.0).abs() < 1e-3, "{}", figures[0]);

    // On other threads, from the scenario's key, through --set: the same bytes but for the recorded options.
    let keyed = SCENARIO.replace("paths = 2000", "paths = 2000\nprecision = \"10 %\"");
    fs::create_dir(workshop.path("keyed")).expect("a folder");
    let keyed = workshop.write("keyed/small.toml", keyed);
    run(&workshop, &keyed, "by-key", &["--each-path", "-q", "--threads", "2"]);
    let (flag, key) = (content(&precise), content(&workshop.path("by-key/small")));
    let differing = |a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>| -> Vec<String> {
        assert!(a.keys().eq(b.keys()));
        a.iter().filter(|(name, bytes)| b[*name] != **bytes).map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(differing(&flag, &key), ["run.json"]);
    assert_eq!(json(&precise, "run.json")["options"]["precision"], "10%");
    assert_eq!(json(&workshop.path("by-key/small"), "run.json")["options"].get("precision"), None);
    assert_eq!(json(&workshop.path("by-key/small"), "run.json")["precision"], "10%");

    // The plain run of as many paths; its scenario, summary and page say nothing of precision.
    run(&workshop, &keyed, "plain", &["--paths", "32768", "--each-path", "-q"]);
    let plain = content(&workshop.path("plain/small"));
    assert_eq!(
        differing(&flag, &plain),
        ["report.html", "run.json", "scenario.resolved.toml", "summary.json"]
    );
    let mut without = summary.clone();
    without.as_object_mut().expect("an object").remove("precision");
    assert_eq!(json(&workshop.path("plain/small"), "summary.json"), without);

    // The scenario as run gives the same again, and so does verify.
    let resolved = precise.join("scenario.resolved.toml");
    run(&workshop, text(&resolved), "again", &["--each-path", "-q", "--threads", "2"]);
    assert_eq!(differing(&flag, &content(&workshop.path("again/small"))), ["run.json"]);
    let output = fesr(&["verify", text(&precise), text(&workshop.path("by-key/small")), "-q"]);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    // A path of the run is known to trace as one of its own, whoever asked for the precision.
    let out = workshop.path("precise");
    let output = fesr(&["trace", &scenario, "--path", "32767", "-o", text(&out)]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(!stderr(&output).contains("note:"), "{}", stderr(&output));
}

#[test]
fn an_interrupted_precise_run_is_marked_and_can_be_done_again() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO);
    let out = workshop.path("out");
    let child = Command::new(env!("CARGO_BIN_EXE_fesr"))
        .args(["run", &scenario, "-o", text(&out), "--precision", "0.01%", "-q", "--threads", "1"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    let told = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(told.success());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(code(&output), 130);
    assert!(stdout(&output).contains("±0.01% NOT reached: the run was interrupted"), "{}", stdout(&output));
    let folder = workshop.path("out/small.interrupted");
    let summary = json(&folder, "summary.json");
    assert_eq!(summary["run"]["interrupted"], true);
    assert_eq!(summary["precision"]["ending"], "interrupted");
    let output = fesr(&["verify", text(&folder), "-q"]);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn what_cannot_be_asked_is_refused_with_what_to_write() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO);
    for (arguments, part) in [
        (&["--precision", "1%", "--paths", "5000"][..], "cannot be used with"),
        (&["--precision", "1"], "did you mean 1%?"),
        (&["--precision", "60%"], "between 0.0001 and 0.5 (0.01 % and 50 %), not 60%"),
        (&["--precision", "0"], "between 0.0001 and 0.5"),
        (&["--precision", "0.005%"], "not 0.005%"),
        (&["--precision", "fine"], "not a number; write for example 1%"),
        (&["--set", "simulation.precision=75%"], "`simulation.precision`: a precision must be between"),
    ] {
        let output = workshop.run(&scenario, arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(stderr(&output).contains(part), "{arguments:?}: {}", stderr(&output));
    }
    assert!(workshop.left().is_empty());
}

#[test]
fn italian_readers_are_told_in_italian() {
    let workshop = Workshop::new();
    let scenario = workshop.write("small.toml", SCENARIO);
    let more = ["--set", "simulation.precision=0.25", "--lang", "it", "--progress", "lines"];
    let output = run(&workshop, &scenario, "out", &more);
    let (progress, told) = (stderr(&output), stdout(&output));
    assert!(progress.contains("  16.384 percorsi: tutto entro ±25\u{a0}% (più incerto: "), "{progress}");
    assert!(
        told.lines().all(|line| line.chars().count() <= 80 || line.starts_with("Risultati in")),
        "{told}"
    );
    assert!(told.contains("\nPrecisione\n  ±25\u{a0}% raggiunta con 32.768 percorsi"), "{told}");
    let output = run(&workshop, &scenario, "json", &[&more[..], &["--json"]].concat());
    let figures: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(figures[0]["precision"]["reached"], true);
}
