//! `fesr trace` as its users meet it: the path at a quantile, the file beside the results, what is refused and how.

#[path = "common/workshop.rs"]
mod workshop;

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use workshop::{code, fesr, stderr};

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

/// Two lines, guarantees and loans: a second for a thousand paths in any build.
const SCENARIO: &str = r#"
[scenario]
name = "two-lines"
[simulation]
paths = 3000
seed = 7
[fund]
endowment = 2_000_000
start = "2019-Q1"
horizon_years = 7
availability_years = 2
period = "2021-2027"
[line1]
max_investment = 1_500_000
[line1.budget]
loans = 900_000
guarantees = 300_000
grants = 0
[line1.pipeline]
applications_per_year = 3
investment = { median = 1_000_000, sigma = 0 }
[[line1.product]]
name = "guaranteed"
own_funds = 0.4
fund_loan = 0.2
bank_loan = 0.4
guarantee_rate = 0.8
[line1.loan]
tenor_quarters = 16
amortisation = "italian"
fund_rate = "1%"
bank_rate = "3%"
[line1.guarantee]
kind = "capped"
cap_rate = "20%"
[line1.loss]
lgd_mean = "50%"
lgd_sd = "20%"
[line2]
[line2.budget]
loans = 800_000
guarantees = 0
grants = 0
[line2.pipeline]
applications_per_year = 12
investment = { median = 50_000, sigma = 0.4 }
[[line2.product]]
name = "loan"
own_funds = 0.5
fund_loan = 0.5
[line2.loan]
tenor_quarters = 12
amortisation = "italian"
bank_rate = 0
[line2.loss]
lgd_mean = "50%"
[[credit.rating]]
name = "B"
pd = "6%"
"#;

struct Workshop {
    folder: tempfile::TempDir,
    scenario: String,
    out: String,
}

impl Workshop {
    fn new() -> Workshop {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name).to_str().expect("a path in UTF-8").to_string();
        let (scenario, out) = (path("two-lines.toml"), path("out"));
        fs::write(&scenario, SCENARIO).expect("a file");
        Workshop { folder, scenario, out }
    }

    fn command(&self, verb: &str, more: &[&str]) -> Output {
        let mut arguments = vec![verb, &self.scenario, "-o", &self.out, "--progress", "none"];
        arguments.extend(more);
        fesr(&arguments)
    }

    fn trace(&self, more: &[&str]) -> Output {
        self.command("trace", more)
    }

    fn results(&self) -> PathBuf {
        self.folder.path().join("out").join("two-lines")
    }

    fn json(&self, more: &[&str]) -> Value {
        let output = self.trace(&[more, &["--json", "-q"]].concat());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        serde_json::from_slice(&output.stdout).expect("JSON")
    }
}

/// Every file under a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.clone(), fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

#[test]
fn the_path_at_a_quantile_has_the_quantile_of_the_run() {
    let workshop = Workshop::new();
    assert_eq!(code(&workshop.command("run", &["-q", "--each-path"])), 0);
    let before = files(&workshop.results());
    let summary: Value =
        serde_json::from_slice(&fs::read(workshop.results().join("summary.json")).expect("a summary"))
            .expect("JSON");
    let paths_csv = fs::read_to_string(workshop.results().join("paths.csv")).expect("paths.csv");
    let header: Vec<&str> = paths_csv.lines().next().expect("a header").split(',').collect();
    let mut traced = Vec::new();
    for (metric, line, quantile, level) in [
        ("fund_loss", "all", "99%", Some("0.99")),
        ("fund_loss", "1", "0.975", Some("0.975")),
        ("leverage_effect", "2", "2.5%", Some("0.025")),
        ("defaults", "all", "median", Some("0.5")),
        ("fund_loss", "2", "max", None),
        ("closing_resources", "all", "min", None),
    ] {
        let at = format!("{metric}:{quantile}");
        let mut arguments = vec!["--at", &at];
        if line != "all" {
            arguments.extend(["--line", line]);
        }
        let trace = workshop.json(&arguments);
        assert_eq!(trace["schema"], "fesr/trace/1");
        let figures = summary["metrics"].as_array().expect("metrics");
        let figure = figures
            .iter()
            .find(|figure| figure["id"] == metric && figure["line"] == line)
            .expect("a figure of the run");
        let expected = match level {
            Some(level) => &figure["quantiles"][level],
            None => &figure[quantile],
        };
        assert_eq!(&trace["selection"]["value"], expected, "{at}, line {line}");
        // The path's own figures say the same, in the trace and in the run's paths.csv.
        let own = trace["figures"]
            .as_array()
            .expect("figures")
            .iter()
            .find(|figure| figure["metric"] == metric && figure["line"] == line)
            .expect("a figure of the path");
        assert_eq!(&own["value"], expected, "{at}");
        let path = trace["path"].as_u64().expect("a path");
        let column = header
            .iter()
            .position(|name| *name == format!("{metric}.{line}"))
            .expect("a column of paths.csv");
        let row = paths_csv.lines().nth(path as usize + 1).expect("a row");
        let in_run: f64 = row.split(',').nth(column).expect("a cell").parse().expect("a number");
        assert_eq!(Some(in_run), expected.as_f64(), "{at}: path {path} of the run");
        traced.push(workshop.results().join(format!("trace-{path}.csv")));
    }
    // The results of the run are left as they were; beside them stand the ledgers and nothing else.
    let mut after = files(&workshop.results());
    for file in &traced {
        after.remove(file);
    }
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    assert!(before == after, "a file of the run was changed");
    let left: Vec<_> = fs::read_dir(&workshop.out).expect("out").map(|entry| entry.expect("entry")).collect();
    assert_eq!(left.len(), 1, "{left:?}");
    // A later run keeps them.
    assert_eq!(code(&workshop.command("run", &["-q"])), 0);
    assert!(traced.iter().all(|file| file.exists()));
}

#[test]
fn a_path_by_number_is_the_same_path() {
    let workshop = Workshop::new();
    let at = workshop.json(&["--at", "fund_loss:max"]);
    let path = at["path"].as_u64().expect("a path").to_string();
    let file = workshop.results().join(format!("trace-{path}.csv"));
    let first = fs::read(&file).expect("a ledger");
    fs::write(&file, "an older one").expect("written over");
    let by_number = workshop.json(&["--path", &path]);
    assert_eq!(fs::read(&file).expect("a ledger"), first);
    assert_eq!(by_number["entries"], at["entries"]);
    assert_eq!(by_number["selection"], Value::Null);
    // JSON and CSV hold the same rows; the CSV has opening and closing balances too.
    let entries = at["entries"].as_array().expect("entries").len();
    let envelopes = at["envelopes"].as_array().expect("envelopes").len();
    let text = String::from_utf8(first).expect("text");
    assert_eq!(text.lines().count(), 1 + entries + 2 * envelopes);
    // Threads change nothing.
    let alone = workshop.json(&["--at", "fund_loss:max", "--threads", "1"]);
    assert_eq!(alone, at);
}

#[test]
fn the_table_fits_a_terminal_and_speaks_both_languages() {
    let workshop = Workshop::new();
    for (language, words) in [
        (
            "en",
            ["Why it went this way", "The ledger, in euros", "line 1", "closing cash", "opening balances"],
        ),
        (
            "it",
            [
                "Perché è andata così",
                "Il libro dei movimenti",
                "linea 1",
                "cassa finale",
                "saldi di apertura",
            ],
        ),
    ] {
        let output = workshop.trace(&["--at", "fund_loss:99%", "--lang", language]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let table = stdout(&output);
        for word in words {
            assert!(table.contains(word), "no {word:?} in\n{table}");
        }
        assert!(!table.contains('\u{1b}'), "colours without a terminal");
        let file = table.lines().last().expect("the file").to_string();
        assert!(file.contains("trace-"), "{file}");
        for line in table.lines().filter(|line| *line != file) {
            assert!(line.chars().count() <= 80, "too wide: {line:?}");
        }
        let every = workshop.trace(&["--at", "fund_loss:99%", "--lang", language, "--every-entry", "-q"]);
        assert!(stdout(&every).lines().count() > table.lines().count(), "{language}");
        assert!(every.stderr.is_empty(), "{}", stderr(&every));
    }
}

#[test]
fn what_cannot_be_traced_is_refused_with_help() {
    let workshop = Workshop::new();
    let cases: &[(&[&str], &str)] = &[
        (&[], "--path"),
        (&["--path", "1", "--at", "fund_loss:99%"], "cannot be used with"),
        (&["--path", "-1"], "-1"),
        (&["--path", "9223372036854775808"], "999,999,999"),
        (&["--path", "one"], "one"),
        (&["--at", "fund_los:99%"], "did you mean fund_loss"),
        (&["--at", "fund_loss"], "fund_loss:99%"),
        (&["--at", "fund_loss:99"], "% sign"),
        (&["--at", "fund_loss:120%"], "between 0% and 100%"),
        (&["--at", "fund_loss:soon"], "median"),
        (&["--at", "fund_loss:mean"], "no path stands at the mean"),
        (&["--at", "fees_paid:max", "--line", "1"], "whole fund"),
        (&["--at", "gge:max"], "state aid"),
        (&["--at", "fund_loss:max", "--line", "3"], "expected 1 or 2"),
        (&["--path", "1", "--line", "1"], "cannot be used with"),
        (&["--path", "1", "--paths", "10"], "cannot be used with"),
    ];
    for (arguments, part) in cases {
        let output = workshop.trace(arguments);
        let message = stderr(&output);
        assert_eq!(code(&output), 2, "{arguments:?}: {message}");
        assert!(message.contains(part), "{arguments:?}: no {part:?} in\n{message}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
    assert!(!workshop.results().exists(), "nothing was written");
    // A place that cannot be written to fails before the first path.
    let file = workshop.folder.path().join("file");
    fs::write(&file, "in the way").expect("a file");
    let output = fesr(&[
        "trace",
        &workshop.scenario,
        "--at",
        "fund_loss:max",
        "--paths",
        "1000000000",
        "-o",
        file.to_str().expect("a path in UTF-8"),
    ]);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
}

#[test]
fn a_path_of_another_run_is_told_from_those_in_the_folder() {
    let workshop = Workshop::new();
    assert_eq!(code(&workshop.command("run", &["-q"])), 0);
    let note = |more: &[&str]| {
        let output = workshop.trace(more);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        stderr(&output).lines().any(|line| line.starts_with("note:"))
    };
    assert!(!note(&["--path", "2999", "--lang", "en"]));
    assert!(note(&["--path", "3000", "--lang", "en"]), "the run has 3,000 paths");
    assert!(note(&["--path", "1", "--lang", "en", "--seed", "8"]));
    assert!(note(&["--path", "1", "--lang", "en", "--set", "credit.rating.*.pd*=2"]));
    let quiet = workshop.trace(&["--path", "3000", "-q"]);
    assert!(quiet.stderr.is_empty(), "{}", stderr(&quiet));
}

#[cfg(unix)]
#[test]
fn an_interrupted_search_writes_nothing() {
    let workshop = Workshop::new();
    let child = Command::new(env!("CARGO_BIN_EXE_fesr"))
        .args(["trace", &workshop.scenario, "-o", &workshop.out, "-q", "--threads", "1"])
        .args(["--at", "fund_loss:99%", "--paths", "1000000000"])
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    std::thread::sleep(std::time::Duration::from_secs(2));
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(code(&output), 130, "{}", stderr(&output));
    assert!(stderr(&output).contains("no ledger is written"), "{}", stderr(&output));
    assert!(output.stdout.is_empty());
    assert_eq!(fs::read_dir(&workshop.out).expect("out").count(), 0, "nothing is left behind");
}
