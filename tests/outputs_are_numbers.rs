//! No NaN and no infinity reaches a file: every output of every scenario of the library, and of every study, is searched.

#[path = "common/workshop.rs"]
mod workshop;

use std::fs;
use std::path::{Path, PathBuf};
use workshop::{Workshop, code, fesr, stderr, text};

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files
}

/// The first word of a text that stands for no finite number.
fn no_number(text: &str) -> Option<&str> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .find(|word| ["nan", "inf", "infinity", "-nan", "1e999"].contains(&word.to_lowercase().as_str()))
}

/// Searches every text file of a folder; says how many there were.
fn searched(folder: &Path) -> usize {
    let mut count = 0;
    for path in files(folder) {
        let Ok(content) = fs::read_to_string(&path) else { continue };
        count += 1;
        if let Some(word) = no_number(&content) {
            let line = content.lines().find(|line| no_number(line).is_some()).unwrap_or_default();
            panic!("{word} in {}: {}", path.display(), line.chars().take(200).collect::<String>());
        }
    }
    count
}

/// The scenarios of the library that can be run.
fn library() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let toml = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "toml");
    let mut scenarios: Vec<PathBuf> = files(&root).into_iter().filter(toml).collect();
    scenarios.sort();
    scenarios
}

#[test]
fn every_output_of_every_scenario_holds_numbers_only() {
    let workshop = Workshop::new();
    let scenarios = library();
    assert!(scenarios.len() >= 11, "{scenarios:?}");
    for (number, scenario) in scenarios.iter().enumerate() {
        let out = workshop.path(&format!("out-{number}"));
        let output = fesr(&[
            "run",
            text(scenario),
            "-o",
            text(&out),
            "-q",
            "--paths",
            "24",
            "--each-path",
            "--annual-report",
            "--csv",
            "excel-it",
            "--lang",
            "it",
        ]);
        assert!(matches!(code(&output), 0 | 1), "{}: {}", scenario.display(), stderr(&output));
        let count = searched(&out);
        assert!(count > 40, "{}: {count} files", scenario.display());
    }
}

#[test]
fn every_output_of_the_studies_holds_numbers_only() {
    let workshop = Workshop::new();
    let out = workshop.path("out");
    let scenario = "scenarios/portfolio-example.toml";
    for arguments in [
        vec![
            "compare",
            "scenarios/wecare-mixed.toml",
            "scenarios/mixes/loans-first.toml",
            "--economies",
            "scenarios/economies/mild.toml",
        ],
        vec!["frontier", "scenarios/wecare-mixed.toml", "--step", "50%"],
        vec!["stress", scenario],
        vec!["sensitivity", scenario],
    ] {
        let mut arguments = arguments;
        arguments.extend(["--paths", "50", "-q", "-o", text(&out)]);
        let output = fesr(&arguments);
        assert!(matches!(code(&output), 0 | 1), "{arguments:?}: {}", stderr(&output));
    }
    let output = fesr(&["run", scenario, "--tail", "--paths", "300", "-q", "-o", text(&out)]);
    assert!(matches!(code(&output), 0 | 1), "{}", stderr(&output));
    // With assumptions that are drawn too.
    let drawn = "scenarios/wecare-uncertain.toml";
    for arguments in [
        &["run", drawn, "--uncertain", "--paths", "64"][..],
        &["sensitivity", drawn, "--global", "--design", "16", "--paths", "20", "--name", "global"],
    ] {
        let output = fesr(&[arguments, &["-q", "-o", text(&out)]].concat());
        assert!(matches!(code(&output), 0 | 1), "{arguments:?}: {}", stderr(&output));
    }
    let output = fesr(&["trace", scenario, "--path", "3", "-q", "-o", text(&out)]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let count = searched(&out);
    assert!(count > 50, "{count} files");
}

#[test]
fn the_search_finds_what_it_looks_for() {
    for found in ["a,NaN,1", "{\"x\": -inf}", "\"M 1,2 L NaN,3\"", "Infinity", "mean;inf;2"] {
        assert!(no_number(found).is_some(), "{found}");
    }
    for clean in ["information", "finanza", "fund_loss,1.5", "nano", "inflation"] {
        assert_eq!(no_number(clean), None);
    }
}
