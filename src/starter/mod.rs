//! The commented scenario that `fesr init` writes: one text in Italian, one in English, the same fund in both.

use crate::scenario::Language;

/// Where the name goes.
const NAME: &str = "@NAME@";

/// The scenario under a name, which has letters a-z, digits and hyphens only.
pub fn starter(name: &str, language: Language) -> String {
    let text = match language {
        Language::Italian => include_str!("it.toml"),
        Language::English => include_str!("en.toml"),
    };
    text.replace(NAME, name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::{Reading, read_scenario};
    use crate::rules;
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};

    fn read(language: Language) -> Reading {
        let text = starter("my-fund", language).into_bytes();
        let files = BTreeMap::from([(PathBuf::from("my-fund.toml"), text)]);
        read_scenario(&files, Path::new("my-fund.toml"), &[])
            .unwrap_or_else(|problems| panic!("{}", problems.to_plain()))
    }

    #[test]
    fn what_is_commented_out_about_uncertainty_is_sound_too() {
        for language in Language::ALL {
            let text = starter("my-fund", *language);
            let mut inside = false;
            let told: Vec<String> = text
                .lines()
                .map(|line| {
                    inside |= line == "# [uncertainty]";
                    inside &= line.starts_with('#');
                    if inside { line.trim_start_matches("# ").to_string() } else { line.to_string() }
                })
                .collect();
            let files = BTreeMap::from([(PathBuf::from("my-fund.toml"), told.join("\n").into_bytes())]);
            let reading = read_scenario(&files, Path::new("my-fund.toml"), &[])
                .unwrap_or_else(|problems| panic!("{}", problems.to_plain()));
            assert_eq!(reading.scenario.uncertainties.len(), 3);
        }
    }

    #[test]
    fn it_is_sound_and_keeps_every_rule_without_a_warning() {
        for language in Language::ALL {
            let reading = read(*language);
            assert_eq!(reading.warnings, []);
            let report = rules::check(&reading.scenario);
            assert!(report.may_run() && report.warned.is_empty(), "{:?}", report.warned);
            assert_eq!(reading.scenario.identity.name, "my-fund");
            assert_eq!(reading.scenario.identity.language, *language);
        }
    }

    #[test]
    fn both_languages_tell_of_the_same_fund() {
        let (mut italian, english) = (read(Language::Italian).scenario, read(Language::English).scenario);
        italian.identity.language = Language::English;
        italian.sources = english.sources.clone();
        assert_eq!(italian, english);
        let comments = |language| {
            let text = starter("x", language);
            text.lines().map(|line| line.contains('#')).collect::<Vec<bool>>()
        };
        assert_eq!(
            comments(Language::Italian),
            comments(Language::English),
            "a line is explained in one only"
        );
    }

    #[test]
    fn every_table_is_explained_where_it_first_appears() {
        for language in Language::ALL {
            let text = starter("x", *language);
            assert!(text.starts_with("#:schema ./fesr.schema.json\n"));
            for table in
                ["[fund]", "[line1]", "[line1.loan]", "[line1.loss]", "[credit]", "[macro]", "[[limit]]"]
            {
                let at = text.lines().position(|line| line.starts_with(table)).expect(table);
                let around: Vec<&str> = text.lines().skip(at.saturating_sub(1)).take(3).collect();
                assert!(around.iter().any(|line| line.contains("# ")), "{table}: {around:?}");
            }
        }
    }
}
