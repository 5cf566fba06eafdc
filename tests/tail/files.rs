//! What a `--tail` run leaves: the same bytes on any threads, weights where they belong.

use super::common::scenario_text;
use super::{SMALL_FUND, collect_tail};
use fesr::aggregate::tail::pilot::{Reach, pilot};
use fesr::plan::Plan;
use fesr::report::run_record::sha256;
use fesr::report::{RunFacts, limits::judge, summary_json::summary_json, tables};
use std::path::Path;
use std::process::{Command, Output};

#[test]
fn results_do_not_depend_on_threads() {
    let scenario = scenario_text(SMALL_FUND, None);
    let render = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| {
            let plan = Plan::resolve(&scenario);
            let tilt = pilot(&plan, Reach::AllLuck).expect("the books balance");
            // The last set is not whole.
            let summary = collect_tail(&plan, &tilt, 5_001).summary();
            let facts = RunFacts { scenario: &scenario, version: "test", paths: 5_001, planned: 5_001 };
            [
                summary_json(&facts, &summary, &judge(&scenario, &summary), None),
                tables::summary_csv(&summary, None),
                tables::timeline_csv(&plan, &summary),
                tables::groups_csv(&summary),
                tables::contributions_csv(&summary),
                tables::histogram_csv(&summary),
            ]
        })
    };
    let one = render(1);
    assert_eq!(one, render(2));
    assert_eq!(one, render(7));
}

fn fesr(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fesr"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .expect("the program starts")
}

fn read(folder: &Path, name: &str) -> String {
    let path = folder.join("output/small").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_program_writes_every_file_with_weights() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("small.toml"), SMALL_FUND).expect("a file");
    let run = ["run", "small.toml", "--tail", "--paths", "3000", "--each-path"];
    let output = fesr(folder.path(), &run);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let terminal = String::from_utf8(output.stdout).expect("text");
    assert!(terminal.contains("(--tail)"), "{terminal}");
    for name in ["summary.csv", "timeline.csv", "groups.csv", "contributions.csv", "charts/fund-loss.svg"] {
        if name.ends_with(".svg") {
            let charts = std::fs::read_dir(folder.path().join("output/small/charts")).expect("charts");
            assert!(charts.count() > 10);
        } else {
            assert!(read(folder.path(), name).lines().count() > 5, "{name}");
        }
    }
    let record: serde_json::Value = serde_json::from_str(&read(folder.path(), "run.json")).expect("JSON");
    assert_eq!(record["options"]["tail"], true);
    let summary: serde_json::Value =
        serde_json::from_str(&read(folder.path(), "summary.json")).expect("JSON");
    let effective = summary["run"]["tail"]["effective_paths_beyond"]["0.999"].as_f64().expect("a number");
    assert!(effective > 10.0, "{effective}");

    // The weights of paths.csv give the mean of summary.json, and each histogram holds all paths.
    let paths = read(folder.path(), "paths.csv");
    let mut rows = csv::Reader::from_reader(paths.as_bytes());
    let header: Vec<String> = rows.headers().expect("a header").iter().map(str::to_string).collect();
    assert_eq!(header[..2], ["path", "weight"]);
    let column = header.iter().position(|name| name == "fund_loss.all").expect("a column");
    let (mut weight_sum, mut loss_sum, mut count) = (0.0, 0.0, 0);
    for row in rows.records() {
        let row = row.expect("a row");
        let weight: f64 = row[1].parse().expect("a number");
        assert!((0.0..=2.0).contains(&weight));
        weight_sum += weight;
        loss_sum += weight * row[column].parse::<f64>().expect("a number");
        count += 1;
    }
    assert_eq!(count, 3_000);
    let metrics = summary["metrics"].as_array().expect("metrics");
    let loss = metrics.iter().find(|metric| metric["id"] == "fund_loss" && metric["line"] == "all");
    let loss = loss.expect("the fund loss");
    let (mean, error) =
        (loss["mean"].as_f64().expect("a number"), loss["std_error"].as_f64().expect("a number"));
    // The unbiased mean and the ratio differ by much less than their error.
    assert!((mean - loss_sum / weight_sum).abs() < 0.1 * error, "{mean} {}", loss_sum / weight_sum);
    let histogram = read(folder.path(), "histogram.csv");
    let mut rows = csv::Reader::from_reader(histogram.as_bytes());
    let counts = rows
        .records()
        .map(|row| row.expect("a row"))
        .filter(|row| &row[0] == "fund_loss" && &row[1] == "all");
    let total: f64 = counts.map(|row| row[5].parse::<f64>().expect("a number")).sum();
    assert!((total - 3_000.0).abs() < 1e-3, "{total}");

    // Nothing is held against exact values: a header, and an empty list.
    assert_eq!(read(folder.path(), "exact-check.csv").lines().count(), 1);
    assert_eq!(summary["exact_check"].as_array().map(Vec::len), Some(0));

    // Verified: every byte again, one by one; and a changed weight is found.
    let verified = fesr(folder.path(), &["verify", "output/small"]);
    let told = String::from_utf8(verified.stdout).expect("text");
    assert_eq!(verified.status.code(), Some(0), "{told}");
    assert!(told.contains("output/small: identical"), "{told}");
    let (head, row) = paths.split_once("\n7,").expect("path 7");
    let changed = format!("{head}\n7,1{row}");
    std::fs::write(folder.path().join("output/small/paths.csv"), changed).expect("written");
    let verified = fesr(folder.path(), &["verify", "output/small"]);
    let told = String::from_utf8(verified.stdout).expect("text");
    assert_eq!(verified.status.code(), Some(1), "{told}");
    assert!(told.contains("paths.csv"), "{told}");

    // A record that asks for what --tail cannot do is refused, not believed.
    let first = read(folder.path(), "run.json");
    let record = first.replace(
        "\"paths\": 3000,\n  \"planned_paths\": 3000",
        "\"paths\": 3000,\n  \"planned_paths\": 99999999",
    );
    assert_ne!(record, first);
    let resolved = read(folder.path(), "scenario.resolved.toml");
    let too_many = resolved.replacen("paths = 3_000", "paths = 99_999_999", 1);
    assert_ne!(too_many, resolved);
    let record = record.replace(&sha256(resolved.as_bytes()), &sha256(too_many.as_bytes()));
    std::fs::write(folder.path().join("output/small/run.json"), record).expect("written");
    std::fs::write(folder.path().join("output/small/scenario.resolved.toml"), too_many).expect("written");
    let refused = fesr(folder.path(), &["verify", "output/small"]);
    let told = String::from_utf8(refused.stderr).expect("text");
    assert_eq!(refused.status.code(), Some(2), "{told}");
    assert!(told.contains("run.json says --tail") && told.contains("67,108,864"), "{told}");
}

#[test]
fn a_trace_beside_the_results_says_that_its_path_is_none_of_theirs() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("small.toml"), SMALL_FUND).expect("a file");
    assert!(fesr(folder.path(), &["run", "small.toml", "--tail", "--paths", "500"]).status.success());
    let traced = fesr(folder.path(), &["trace", "small.toml", "--path", "3"]);
    let told = String::from_utf8(traced.stderr).expect("text");
    assert!(traced.status.success(), "{told}");
    assert!(told.contains("with --tail") && told.contains("none of theirs"), "{told}");
}

#[test]
fn a_precision_is_refused_and_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("small.toml"), SMALL_FUND).expect("a file");
    let output = fesr(folder.path(), &["run", "small.toml", "--tail", "--precision", "5%"]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8(output.stderr).expect("text");
    assert!(message.contains("--tail") && message.contains("--precision"), "{message}");
    // The scenario's own precision; a number of paths on the command line takes its place.
    let precise = format!("[simulation]\nprecision = \"5%\"\n{SMALL_FUND}");
    std::fs::write(folder.path().join("small.toml"), precise).expect("a file");
    let output = fesr(folder.path(), &["run", "small.toml", "--tail"]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8(output.stderr).expect("text");
    assert!(message.contains("precision = \"5%\"") && message.contains("--paths"), "{message}");
    assert!(!folder.path().join("output").exists());
    assert!(fesr(folder.path(), &["run", "small.toml", "--tail", "--paths", "500"]).status.success());
}

#[test]
fn too_many_paths_are_refused_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("small.toml"), SMALL_FUND).expect("a file");
    let output = fesr(folder.path(), &["run", "small.toml", "--tail", "--paths", "100000000"]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8(output.stderr).expect("text");
    assert!(message.contains("67,108,864"), "{message}");
    assert!(!folder.path().join("output").exists());
}
