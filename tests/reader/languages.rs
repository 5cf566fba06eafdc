//! Every problem in both languages: the same code, place, keys and values; other words.

use crate::mistakes::{Mistake, all_mistakes};
use crate::sample::{EVERY_KEY, SMALL};
use fesr::diagnostic::{Look, Problem, Problems};
use fesr::locale::Told;
use fesr::reading::{Reading, SetOption, read_scenario};
use fesr::rules::{RULES, check};
use fesr::scenario::Language;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn read(mistake: &Mistake) -> Result<Reading, Problems> {
    let files: BTreeMap<PathBuf, Vec<u8>> =
        mistake.files.iter().map(|(path, bytes)| (PathBuf::from(path), bytes.clone())).collect();
    let options: Vec<SetOption> =
        mistake.options.iter().map(|text| SetOption::parse(text).expect("an option")).collect();
    read_scenario(&files, Path::new("main.toml"), &options)
}

fn problems(mistake: &Mistake) -> Problems {
    match read(mistake) {
        Ok(reading) => Problems::new(reading.warnings, reading.sources, reading.scenario.identity.language),
        Err(problems) => problems,
    }
}

#[test]
fn every_mistake_is_told_in_both_languages() {
    for mistake in all_mistakes() {
        let english = problems(&mistake);
        let italian = english.clone().in_language(Language::Italian);
        for (problems, severity, part) in [
            (&english, ["error", "warning"], mistake.english),
            (&italian, ["errore", "avviso"], mistake.italian),
        ] {
            let plain = problems.to_plain();
            assert!(
                severity.iter().any(|word| plain.contains(&format!("{word}[{}]: ", mistake.code))),
                "{} is missing in\n{plain}",
                mistake.code
            );
            assert!(plain.contains(part), "{}: {part:?} is missing in\n{plain}", mistake.code);
            assert!(problems.to_text(Look::Ascii).contains(mistake.code));
        }
        let (english, italian) = (english.to_json(), italian.to_json());
        let count = english.as_array().expect("a list").len();
        for index in 0..count {
            for key in
                ["code", "severity", "file", "line", "column", "start", "end", "message", "label", "hints"]
            {
                assert_eq!(english[index][key], italian[index][key], "{key} does not depend on the language");
            }
        }
    }
}

/// Codes that stand in quotes in the sources of the reader.
fn codes_of_the_reader() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/reading");
    let mut codes = BTreeSet::new();
    for entry in fs::read_dir(folder).expect("the reader's sources") {
        let text = fs::read_to_string(entry.expect("a file").path()).expect("text");
        for part in text.split('"') {
            let Some((kind, number)) = part.split_at_checked(1) else { continue };
            if matches!(kind, "E" | "W") && number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit()) {
                codes.insert(part.to_string());
            }
        }
    }
    codes
}

#[test]
fn every_code_of_the_reader_is_tried_here() {
    let mut tried: BTreeSet<String> = all_mistakes().iter().map(|mistake| mistake.code.to_string()).collect();
    // A file that is there and cannot be read: tests/command_line_languages.rs.
    tried.insert("E006".to_string());
    // A file where another may not name one: tests/hostile_input.rs.
    tried.insert("E007".to_string());
    assert_eq!(tried, codes_of_the_reader());
}

#[test]
fn every_rule_is_told_in_both_languages() {
    for rule in RULES {
        for pair in [rule.demand, rule.reason, rule.source, rule.change] {
            speaks_italian(&Told::from(pair), rule.code);
        }
    }
    // A scenario that breaks many of them at once.
    let broken = EVERY_KEY
        .replacen("endowment = 5_000_000", "endowment = 6_000_000.01", 1)
        .replacen("min_investment = 1_000_000", "min_investment = 900_000", 1)
        .replacen("legal_forms = [\"nonprofit\"]", "legal_forms = [\"nonprofit\", \"forprofit\"]", 1)
        .replacen("waive = [\"R114\"]", "waive = []", 1);
    let files = BTreeMap::from([(PathBuf::from("main.toml"), broken.into_bytes())]);
    let reading = read_scenario(&files, Path::new("main.toml"), &[]).expect("a scenario that can be read");
    let report = check(&reading.scenario);
    let problems = reading.rule_problems(&report);
    assert!(problems.list.len() >= 4, "{problems}");
    for problem in &problems.list {
        problem_speaks_italian(problem);
    }
    let plain = problems.in_language(Language::Italian).to_plain();
    for part in
        ["errore[R101]", "6.000.000,01 EUR", "progetti da 900.000 EUR", "oppure derogare consapevolmente"]
    {
        assert!(plain.contains(part), "{part} is missing in\n{plain}");
    }
}

#[test]
fn no_italian_text_has_english_words() {
    for mistake in all_mistakes() {
        for problem in &problems(&mistake).list {
            problem_speaks_italian(problem);
        }
    }
}

fn problem_speaks_italian(problem: &Problem) {
    for told in [&problem.message, &problem.label].into_iter().chain(&problem.hints) {
        speaks_italian(told, problem.code);
    }
}

/// Words that Italian does not have and English sentences can hardly do without.
const ENGLISH: [&str; 44] = [
    "the", "of", "is", "are", "not", "and", "or", "must", "write", "with", "to", "be", "takes", "did",
    "mean", "you", "has", "have", "there", "its", "than", "from", "for", "which", "what", "that", "this",
    "them", "known", "here", "missing", "below", "above", "between", "most", "least", "cannot", "should",
    "only", "each", "every", "no-one", "wrong", "may",
];

/// The Italian text is another than the English one, and has none of its words outside of code.
fn speaks_italian(told: &Told, code: &str) {
    let (italian, english) = (told.text(Language::Italian), told.text(Language::English));
    if english.is_empty() && italian.is_empty() {
        return;
    }
    let prose = without_code(italian);
    for word in prose.split(|c: char| !c.is_alphanumeric() && c != '_') {
        let word = word.to_lowercase();
        assert!(!ENGLISH.contains(&word.as_str()), "{code}: {word:?} in {italian}");
    }
    assert_ne!(italian, english, "{code}");
}

/// The text without what stands in backticks and double quotes.
fn without_code(text: &str) -> String {
    let mut prose = String::new();
    let mut open = None;
    for letter in text.chars() {
        match open {
            Some(quote) if letter == quote => open = None,
            Some(_) => {}
            None if matches!(letter, '`' | '"') => open = Some(letter),
            None => prose.push(letter),
        }
    }
    prose
}

#[test]
fn the_language_is_the_scenario_s_as_far_as_it_can_be_read() {
    let shown = |text: &str, options: &[&'static str]| {
        let files = vec![("main.toml", text.as_bytes().to_vec())];
        let mistake = Mistake { code: "", files, options: options.to_vec(), italian: "", english: "" };
        problems(&mistake).language
    };
    let broken = SMALL.replacen("endowment", "endowmnet", 1);
    let italian = "scenario.lang = \"it\"\n";
    assert_eq!(shown(&broken, &[]), Language::English);
    assert_eq!(shown(&format!("{italian}{broken}"), &[]), Language::Italian);
    assert_eq!(shown(&broken, &["scenario.lang=it"]), Language::Italian);
    assert_eq!(shown(&format!("{italian}{broken}\nstart = = 3"), &[]), Language::Italian, "broken TOML");
    assert_eq!(shown(&format!("scenario.lang = \"fr\"\n{broken}"), &[]), Language::English);
    // The base of a scenario is for other readers.
    let base = format!("{italian}{broken}");
    let files = vec![("main.toml", b"extends = \"base.toml\"\n".to_vec()), ("base.toml", base.into_bytes())];
    let mistake = Mistake { code: "", files, options: Vec::new(), italian: "", english: "" };
    assert_eq!(problems(&mistake).language, Language::English);
}
