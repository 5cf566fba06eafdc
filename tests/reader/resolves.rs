//! Writing a scenario back and reading it again changes nothing.

use super::any_scenario::scenario;
use crate::sample::{EVERY_KEY, SMALL, read_files, sound};
use fesr::reading::{Files, read_scenario};
use fesr::resolved::{BORROWERS_FILE, borrowers_csv, resolved_toml};
use fesr::rules::check;
use fesr::scenario::*;
use proptest::prelude::*;
use std::path::Path;

/// The scenario written and read again.
fn again(scenario: &Scenario) -> Scenario {
    let text = resolved_toml(scenario);
    let list = borrowers_csv(scenario);
    let mut files = vec![("main.toml", text.as_str())];
    files.extend(list.as_deref().map(|list| (BORROWERS_FILE, list)));
    sound(read_files(&files, &[])).scenario
}

#[test]
fn samples_are_written_and_read_again() {
    for text in [EVERY_KEY, SMALL] {
        let scenario = sound(read_files(&[("main.toml", text)], &[])).scenario;
        assert_eq!(again(&scenario), scenario, "{}", resolved_toml(&scenario));
        assert_eq!(resolved_toml(&again(&scenario)), resolved_toml(&scenario));
    }
}

/// Reads from the tree that the tests are built from.
struct Tree;

impl Files for Tree {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
    }
}

#[test]
fn the_scenarios_of_the_library_are_read_resolved_and_may_run() {
    let mut count = 0;
    for folder in ["scenarios", "scenarios/mixes", "scenarios/economies"] {
        let entries = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
        for path in entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        {
            let reading =
                sound(read_scenario(&Tree, &Path::new(folder).join(path.file_name().unwrap()), &[]));
            let report = check(&reading.scenario);
            assert!(report.may_run(), "{}", reading.rule_problems(&report));
            assert_eq!(again(&reading.scenario), reading.scenario, "{}", path.display());
            count += 1;
        }
    }
    assert!(count >= 11, "{count}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_scenario_is_written_and_read_again(scenario in scenario()) {
        let text = resolved_toml(&scenario);
        let read = again(&scenario);
        prop_assert_eq!(&read, &scenario, "{}", text);
        for language in [Language::English, Language::Italian] {
            prop_assert!(!fesr::explain::explain(&scenario, language).contains("NaN"));
        }
        prop_assert!(fesr::rules::check(&scenario).kept.len() <= fesr::rules::RULES.len());
    }
}
