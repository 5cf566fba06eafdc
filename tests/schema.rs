//! The JSON Schema of scenarios: fresh beside the library, true for every scenario of it, and of one mind with the reader.

#[path = "reader/sample.rs"]
#[allow(dead_code, reason = "shared with the reader's tests")]
mod sample;

use fesr::reading::keys::KEYS;
use fesr::reading::kinds::{Kind, kind};
use fesr::reading::schema::{SCHEMA_FILE, schema, schema_json};
use fesr::scenario::Language;
use fesr::starter::starter;
use sample::{EVERY_KEY, SMALL, read_files};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

fn library() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

fn json(toml: &str) -> Value {
    toml::from_str(toml).unwrap_or_else(|error| panic!("{error}\n{toml}"))
}

/// Everything that the schema finds wrong.
fn faults(toml: &str) -> Vec<String> {
    let validator = jsonschema::validator_for(&schema()).expect("a sound schema");
    let document = json(toml);
    validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// Scenario files below a folder, with the number of folders between.
fn scenarios(folder: &Path, depth: usize) -> Vec<(PathBuf, usize)> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut found = Vec::new();
    for path in entries {
        if path.is_dir() {
            found.extend(scenarios(&path, depth + 1));
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            found.push((path, depth));
        }
    }
    found
}

#[test]
fn the_committed_schema_is_fresh() {
    let committed = fs::read_to_string(library().join(SCHEMA_FILE)).expect("the schema");
    assert!(committed == schema_json(), "stale: fesr schema > scenarios/{SCHEMA_FILE}");
}

#[test]
fn every_scenario_names_the_schema_and_is_valid_under_it() {
    let all = scenarios(&library(), 0);
    assert!(all.len() >= 11, "{}", all.len());
    for (path, depth) in all {
        let text = fs::read_to_string(&path).expect("a scenario");
        let up = if depth == 0 { "./".to_string() } else { "../".repeat(depth) };
        let first = text.lines().next().unwrap_or_default();
        assert_eq!(first, format!("#:schema {up}{SCHEMA_FILE}"), "{}", path.display());
        assert_eq!(faults(&text), [""; 0], "{}", path.display());
    }
}

#[test]
fn so_is_what_the_program_writes_and_what_the_reader_tests_are_made_of() {
    for language in Language::ALL {
        assert_eq!(faults(&starter("x", *language)), [""; 0]);
    }
    for text in [EVERY_KEY, SMALL] {
        assert_eq!(faults(text), [""; 0]);
        let resolved = fesr::resolved::resolved_toml(&sample::sound(sample::read(text)).scenario);
        assert_eq!(faults(&resolved), [""; 0]);
    }
}

#[test]
fn slips_are_found() {
    for (slip, place) in [
        ("[fund]\nendowmnet = 1", "endowmnet"),
        ("[fnud]\nendowment = 1", "fnud"),
        ("[fund]\nendowment = true", "/fund/endowment"),
        ("[fund]\nendowment = '5 M€'", "/fund/endowment"),
        ("[fund]\nperiod = '2014'", "/fund/period"),
        ("[fund]\nhorizon_years = 16.1", "/fund/horizon_years"),
        ("[fund]\nhorizon_years = '16'", "/fund/horizon_years"),
        ("[fund.tranches]\nshares = [1]", "triggers"),
        ("[line1]\nwithdrawal_rate = 5", "/line1/withdrawal_rate"),
        ("[line1]\nwithdrawal_rate = '5 percent'", "/line1/withdrawal_rate"),
        ("[line2.loan]\namortisation = 'French'", "/line2/loan/amortisation"),
        ("[line2.pipeline]\nthemes = { health = 1 }", "health"),
        ("[line1.product]\nname = 'x'", "/line1/product"),
        ("[[line1.product]]\nfund_loan = 1", "name"),
        ("[[credit.rating]]\npd = 0.1", "name"),
        ("[credit.migration]\nmatrix = { A = { A = 2 } }", "/credit/migration/matrix/A/A"),
        ("[[credit.rating]]\nname = 1\npd = 0.1", "/credit/rating/0/name"),
        ("[[limit]]\nmetric = 'fund_los'\nstatistic = 'mean'", "/limit/0/metric"),
        ("[[limit]]\nmetric = 'fund_loss'\nstatistic = 'median'", "/limit/0/statistic"),
        ("[rules]\nwaive = ['R101']", "/rules/waive"),
        ("[simulation]\npaths = 0", "/simulation/paths"),
        ("extends = 1", "/extends"),
    ] {
        let found = faults(slip);
        assert!(found.iter().any(|fault| fault.contains(place)), "{slip}: {found:?}");
    }
}

/// Values of every kind, good for some keys and bad for others.
const VALUES: [&str; 40] = [
    "0",
    "1",
    "2",
    "3",
    "-1",
    "-2",
    "0.5",
    "0.25",
    "0.3",
    "1.5",
    "-0.3",
    "-0.6",
    "10.5",
    "11",
    "40",
    "41",
    "160",
    "161",
    "1_001",
    "1_000_001",
    "1_000_000_001",
    "'50%'",
    "'1250.50'",
    "'abc'",
    "'Abc'",
    "''",
    "'it'",
    "'2018-Q4'",
    "'99%'",
    "'R114'",
    "true",
    "[]",
    "[0.5]",
    "[true]",
    "['nonprofit']",
    "[-3, 12]",
    "{}",
    "{ a = 1 }",
    "{ '2020' = 1.5 }",
    "{ nonprofit = -1 }",
];

/// What the reader says of a value under a key, others being sound: true if it takes it as one of the right kind. Sums and
/// the like, which a schema cannot see, do not count.
fn reader_takes(key: &str, value: &str) -> bool {
    let mut options = vec![format!("{key}={value}")];
    if key.ends_with("provision_rate") {
        options.insert(0, "line1.guarantee.kind='uncapped'".to_string());
    }
    if key == "credit.migration.pd_multiplier" {
        options
            .insert(0, "credit.migration.matrix={ 2 = { 2 = 1 }, 3 = { 3 = 1 }, 4 = { 4 = 1 } }".to_string());
    }
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let Err(problems) = read_files(&[("main.toml", EVERY_KEY)], &options) else { return true };
    let last = key.rsplit('.').next().unwrap_or(key);
    !problems.list.iter().any(|problem| match problem.code {
        // Other keys name the ratings; a total drops envelopes in euros; another kind of guarantee wants another rate.
        "E101" | "E102" => !["rating.*.name", ".kind", ".total"].iter().any(|end| key.ends_with(end)),
        "E103" | "E104" | "E105" | "E106" | "E107" | "E108" => [format!("{last}`"), format!("{last}.")]
            .iter()
            .any(|part| problem.message.to_string().contains(part)),
        _ => false,
    })
}

/// Ends that the reader leaves out and the old drafts of JSON Schema cannot.
fn is_excluded_end(path: &str, value: &str) -> bool {
    let below_one = ["systemic_correlation", "theme_correlation", "persistence", "lgd_loading"];
    below_one.iter().any(|key| path.ends_with(key)) && value == "1"
        || path == "credit.nu" && value == "2"
        || path == "state_aid.base_rate" && value == "-1"
}

#[test]
fn the_schema_and_the_reader_take_the_same_values() {
    let mut refused = 0;
    let mut taken = 0;
    for key in KEYS.iter().filter(|key| key.path != "extends") {
        let kind = kind(key.path).expect("a kind");
        let in_line1 = key.path.strip_prefix("line.").map(|rest| format!("line1.{rest}"));
        let path = in_line1.unwrap_or_else(|| key.path.to_string());
        let pointer: Vec<&str> = path.split('.').collect();
        let part = subschema(&pointer);
        for value in VALUES {
            let instance = json(&format!("value = {value}"))["value"].clone();
            let in_schema = jsonschema::is_valid(&part, &instance);
            if reader_takes(&path, value) {
                taken += 1;
                assert!(in_schema, "{path} = {value}: the reader takes it, the schema does not: {part}");
            } else {
                refused += 1;
                // A number in quotes has no bounds in a schema, and the ratings' names are the scenario's own.
                let number_in_quotes = ["'50%'", "'99%'", "'1250.50'"].contains(&value);
                let names = matches!(kind, Kind::WeightsOfNames | Kind::SharesBetweenNames);
                let beyond_schema = number_in_quotes || names || is_excluded_end(key.path, value);
                assert!(!in_schema || beyond_schema, "{path} = {value}: only the schema takes it: {part}");
            }
        }
    }
    assert!(taken > 900 && refused > 3_000, "{taken} taken, {refused} refused");
}

/// The part of the schema for a key; `*` is any entry of a list.
fn subschema(path: &[&str]) -> Value {
    let mut part = schema();
    for step in path {
        part = match *step {
            "*" if part["patternProperties"].is_object() => {
                let named = part["patternProperties"].as_object().and_then(|named| named.values().next());
                named.expect("a pattern").clone()
            }
            "*" => part["items"].clone(),
            step => part["properties"][step].clone(),
        };
        assert!(part.is_object(), "{path:?}");
    }
    part
}
