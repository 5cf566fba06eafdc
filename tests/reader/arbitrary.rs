//! The library's files, damaged at random: whatever comes of it is read within a second, or every problem says in which
//! file and line it is and why, in both languages.

#![allow(clippy::disallowed_methods, reason = "a test that bounds the time of reading looks at the clock")]

use fesr::diagnostic::Look;
use fesr::explain::explain;
use fesr::plan::Plan;
use fesr::reading::read_scenario;
use fesr::resolved::{BORROWERS_FILE, borrowers_csv, resolved_toml};
use fesr::rules::check;
use fesr::scenario::Language;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// Longest time for one file: a second of this machine, which runs other tests beside this one.
const LONGEST: Duration = Duration::from_secs(3);

type InMemory = BTreeMap<PathBuf, Vec<u8>>;

/// The library in memory, by path from the crate's folder.
static LIBRARY: LazyLock<InMemory> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = InMemory::new();
    for folder in ["scenarios", "scenarios/mixes", "scenarios/economies"] {
        for entry in std::fs::read_dir(root.join(folder)).expect("the library") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "toml" || extension == "csv") {
                let name = path.strip_prefix(root).expect("below the root").to_path_buf();
                files.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    files
});

fn named(extension: &str) -> Vec<PathBuf> {
    LIBRARY.keys().filter(|path| path.extension().is_some_and(|own| own == extension)).cloned().collect()
}

/// Words and values that a damage may put in.
const WORDS: [&str; 36] = [
    "0",
    "-1",
    "1e12",
    "1e300",
    "nan",
    "-inf",
    "0.001",
    "\"100%\"",
    "\"-5 %\"",
    "9999999999999999999999",
    "true",
    "[]",
    "{}",
    "\"\"",
    "\"x\"",
    "[1, 2]",
    "2019-01-01",
    "\n[line1]\n",
    "\n[[line2.product]]\n",
    "\n[[limit]]\n",
    "=",
    "\"",
    "'''",
    "#",
    "\n",
    ",",
    ";",
    "\u{feff}",
    "\0",
    "\u{202e}",
    "è",
    "extends = \"base.toml\"\n",
    "extends = \"fuzz.toml\"\n",
    "\n[pipeline]\nborrowers = \"portfolio-example.csv\"\n",
    "0x7fffffffffffffff",
    "\r\n",
];

/// One damage: cut a stretch, put a word in, or copy a stretch elsewhere.
#[derive(Clone, Debug)]
enum Damage {
    Replace(prop::sample::Index, usize, &'static str),
    Value(prop::sample::Index, &'static str),
    Copy(prop::sample::Index, usize, prop::sample::Index),
    Byte(prop::sample::Index, u8),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        2 => (at(), 0usize..30, prop::sample::select(&WORDS[..])).prop_map(|(at, length, word)| Damage::Replace(at, length, word)),
        4 => (at(), prop::sample::select(&WORDS[..])).prop_map(|(at, word)| Damage::Value(at, word)),
        1 => (at(), 1usize..400, at()).prop_map(|(from, length, to)| Damage::Copy(from, length, to)),
        1 => (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
    ]
}

/// The bytes with a damage.
fn damaged(mut bytes: Vec<u8>, damage: &Damage) -> Vec<u8> {
    if bytes.is_empty() {
        return bytes;
    }
    let stretch = |at: usize, length: usize| at..(at + length).min(bytes.len());
    match damage {
        Damage::Replace(at, length, word) => {
            let range = stretch(at.index(bytes.len()), *length);
            bytes.splice(range, word.bytes());
        }
        Damage::Value(at, word) => {
            // The value of a line, or a cell of a list.
            let from = at.index(bytes.len());
            let start = bytes[from..].iter().position(|byte| matches!(byte, b'=' | b','));
            if let Some(start) = start.map(|start| from + start + 1) {
                let end = bytes[start..].iter().position(|byte| matches!(byte, b'\n' | b',' | b'#'));
                bytes.splice(start..end.map_or(bytes.len(), |end| start + end), format!(" {word} ").bytes());
            }
        }
        Damage::Copy(from, length, to) => {
            let copied = bytes[stretch(from.index(bytes.len()), *length)].to_vec();
            let to = to.index(bytes.len());
            bytes.splice(to..to, copied);
        }
        Damage::Byte(at, byte) => {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
    }
    bytes
}

/// Reads a scenario among files and holds whatever comes of it to account.
fn holds(files: &InMemory, path: &Path) {
    let begun = Instant::now();
    let reading = read_scenario(files, path, &[]);
    match reading {
        Err(problems) => {
            assert!(problems.has_errors());
            let (ascii, plain, json) =
                (problems.to_text(Look::Ascii), problems.to_plain(), problems.to_json());
            assert!(begun.elapsed() < LONGEST, "{:?}", begun.elapsed());
            assert_eq!(json.as_array().map(Vec::len), Some(problems.list.len()));
            assert!(!ascii.is_empty() && plain.lines().count() >= problems.list.len());
            for problem in &problems.list {
                let place = problem.place.as_ref().unwrap_or_else(|| panic!("no place: {plain}"));
                let (line, column) = problems.sources.line_and_column(place);
                assert!(line >= 1 && column >= 1 && !problems.sources.get(place.source).name.is_empty());
                for language in [Language::English, Language::Italian] {
                    assert!(problem.message.text(language).len() > 10, "no reason: {plain}");
                }
            }
        }
        Ok(reading) => {
            let scenario = reading.scenario;
            let text = resolved_toml(&scenario);
            let list = borrowers_csv(&scenario).unwrap_or_default();
            let again = InMemory::from([
                (PathBuf::from("again.toml"), text.into_bytes()),
                (PathBuf::from(BORROWERS_FILE), list.into_bytes()),
            ]);
            let again = read_scenario(&again, Path::new("again.toml"), &[])
                .unwrap_or_else(|problems| panic!("{problems}"));
            assert_eq!(again.scenario, scenario);
            let report = check(&scenario);
            assert!(!explain(&scenario, Language::Italian).is_empty());
            if report.may_run() {
                Plan::resolve(&scenario);
            }
            assert!(begun.elapsed() < LONGEST, "{:?}", begun.elapsed());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_damage_to_a_scenario_of_the_library_breaks_the_reader(
        which in any::<prop::sample::Index>(),
        damages in prop::collection::vec(damage(), 1..5),
    ) {
        let name = which.get(&named("toml")).clone();
        let mut files = LIBRARY.clone();
        let bytes = damages.iter().fold(files[&name].clone(), damaged);
        let path = name.with_file_name("fuzz.toml");
        files.insert(path.clone(), bytes);
        holds(&files, &path);
    }

    #[test]
    fn no_damage_to_a_list_of_borrowers_breaks_the_reader(damages in prop::collection::vec(damage(), 1..5)) {
        let mut files = LIBRARY.clone();
        let name = Path::new("scenarios/portfolio-example.csv");
        let bytes = damages.iter().fold(files[name].clone(), damaged);
        files.insert(name.to_path_buf(), bytes);
        holds(&files, Path::new("scenarios/portfolio-example.toml"));
    }

    #[test]
    fn no_bytes_break_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..300), in_list in any::<bool>()) {
        let mut files = LIBRARY.clone();
        let name = if in_list { "scenarios/portfolio-example.csv" } else { "scenarios/portfolio-example.toml" };
        files.insert(PathBuf::from(name), bytes);
        holds(&files, Path::new("scenarios/portfolio-example.toml"));
    }
}
