//! Every class of error, with its place and its hint; and that no text at all breaks the reader.

use crate::sample::{EVERY_KEY, SMALL, errors, read, read_files};
use fesr::diagnostic::{Look, Severity};
use fesr::reading::{SetOption, read_scenario};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Reads the small scenario with one text replaced and expects one error at a place, with a part of its words.
fn refused(from: &str, to: &str, place: &str, part: &str) {
    assert!(SMALL.contains(from), "{from}");
    let (places, text) = errors(read(&SMALL.replacen(from, to, 1)));
    assert_eq!(places, [place], "{text}");
    assert!(text.contains(part), "{part} is missing in {text}");
}

#[test]
fn a_missing_file() {
    let files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    let problems = read_scenario(&files, Path::new("scenarios/none.toml"), &[]).unwrap_err();
    assert!(!problems.is_unreadable());
    assert!(problems.to_plain().contains("scenarios/none.toml:1:1: error[E001]"), "{problems}");
    assert!(problems.to_text(Look::Ascii).contains("there is no file"), "{problems}");
    let (places, text) = errors(read(&format!("extends = [\"base.toml\", \"none.toml\"]\n{SMALL}")));
    assert_eq!(places, ["E001 main.toml:1:12", "E001 main.toml:1:25"], "{text}");
    assert!(text.contains("relative to the file that names them"));
}

#[test]
fn broken_toml_with_all_its_errors() {
    let (places, text) = errors(read("[fund]\nendowment = = 5\nstart = 2018-Q4\nbank_rate = 4%\n"));
    assert!(places.len() >= 3, "{text}");
    assert!(places.iter().all(|place| place.starts_with("E005 main.toml:")), "{text}");
    assert!(text.contains("main.toml:2:13"), "{text}");
    assert!(text.contains("\"4%\""), "{text}");
}

#[test]
fn texts_that_are_none() {
    for (bytes, code, part) in [
        (&b"[fund]\xff"[..], "E003 main.toml:1:7", "UTF-8"),
        (&b"[fund]\n\0"[..], "E004 main.toml:2:1", "NUL"),
        (&vec![b'#'; 1024 * 1024][..], "E002 main.toml:1:1", "524,288"),
    ] {
        let files = BTreeMap::from([(PathBuf::from("main.toml"), bytes.to_vec())]);
        let (places, text) = errors(read_scenario(&files, Path::new("main.toml"), &[]));
        assert_eq!(places, [code]);
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn unknown_keys() {
    refused(
        "horizon_years = 12",
        "horizon_years = 12\nendowmnet = 3",
        "E101 main.toml:5:1",
        "did you mean `endowment`?",
    );
    refused("[line2.loss]", "[line2.losses]", "E101 main.toml:22:8", "did you mean `loss`?");
}

#[test]
fn missing_keys_and_tables() {
    refused("period = \"2014-2020\"\n", "", "E102 main.toml:1:1", "write for example period = \"2014-2020\"");
    refused("loans = 1_000_000\n", "", "E102 main.toml:8:1", "`line2.budget.loans` is missing");
    let (places, text) = errors(read("[scenario]\nname = \"x\"\n"));
    assert_eq!(places.len(), 3, "{text}");
    for part in ["`fund` is missing", "`credit` is missing", "needs [line1] or [line2]", "endowment, start"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn wrong_units() {
    refused(
        "1_000_000\nstart",
        "\"5 M€\"\nstart",
        "E107 main.toml:2:13",
        "write euros without unit and grouping: 5_000_000",
    );
    refused("1_000_000\nstart", "\"20%\"\nstart", "E107 main.toml:2:13", "takes euros, not a percentage");
    refused("bank_rate = 0.04", "bank_rate = 40", "E106 main.toml:21:13", "did you mean \"40%\"?");
    refused("lgd_mean = 0.5", "lgd_mean = 50", "E106 main.toml:23:12", "did you mean \"50%\"?");
    refused("loans = 1_000_000", "loans = \"100%\"", "E107 main.toml:9:9", "no `total`");
}

#[test]
fn wrong_kinds() {
    refused(
        "horizon_years = 12",
        "horizon_years = \"12\"",
        "E103 main.toml:4:17",
        "a number of years, without quotes, not a text",
    );
    refused("start = \"2019-Q1\"", "start = 2019-01-01", "E103 main.toml:3:9", "not a date");
    refused(
        "[[line2.product]]",
        "[line2.product]",
        "E103 main.toml:14:1",
        "[[line2.product]] with two brackets",
    );
    refused("\"italian\"", "\"frensh\"", "E104 main.toml:20:16", "did you mean \"french\"?");
}

#[test]
fn shares_that_do_not_add_up() {
    refused(
        "own_funds = 0.2",
        "own_funds = 0.25",
        "E120 main.toml:17:13",
        "add up to 105%, not 100% (5% is too much",
    );
    refused("own_funds = 0.2", "own_funds = \"19,99 %\"", "E120 main.toml:17:13", "0.01% is missing");
    refused(
        "start =",
        "tranches = { shares = [0.5, 0.4], triggers = [0, 0.6] }\nstart =",
        "E120 main.toml:3:23",
        "10% is missing",
    );
    refused(
        "lgd_mean = 0.5",
        "lgd_mean = 0.5\nrecovery = [{ after_quarters = 4, share = 0.5 }]",
        "E120 main.toml:24:12",
        "50% is missing",
    );
    refused(
        "loans = 1_000_000\nguarantees = 0",
        "total = 1_000_000\nloans = 0.5\nguarantees = 0.4",
        "E120 main.toml:9:9",
        "10% is missing",
    );
}

#[test]
fn numbers_that_are_none_or_too_large() {
    refused("1_000_000\nstart", "nan\nstart", "E105 main.toml:2:13", "nan is not a finite number");
    refused("1_000_000\nstart", "-inf\nstart", "E105 main.toml:2:13", "-inf is not a finite number");
    refused("1_000_000\nstart", "1e300\nstart", "E105 main.toml:2:13", "1e300 is too large");
    refused("1_000_000\nstart", "1_000_000_001\nstart", "E106 main.toml:2:13", "1,000,000,000 EUR");
    refused("1_000_000\nstart", "-5\nstart", "E106 main.toml:2:13", "not \u{2212}5");
    refused("1_000_000\nstart", "1250.505\nstart", "E106 main.toml:2:13", "at most two decimals");
    refused("lgd_mean = 0.5", "lgd_mean = nan", "E105 main.toml:23:12", "not a finite number");
    refused("pd = 0.01", "pd = 1e-300", "E105 main.toml:26:6", "more decimals than can be kept");
}

#[test]
fn ranges_that_are_told_are_those_that_hold() {
    let start = SMALL.split("start = ").nth(1).and_then(|rest| rest.lines().next()).expect("a start");
    for (quarter, told) in [
        ("9999-Q4", "must be between 1900-Q1 and 2200-Q4"),
        ("1899-Q4", "must be between 1900-Q1 and 2200-Q4"),
        ("2018-Q5", "is written like \"2018-Q4\""),
        ("x018-Q1", "is written like \"2018-Q4\""),
    ] {
        let at = "E106 main.toml:3:9";
        refused(&format!("start = {start}"), &format!("start = \"{quarter}\""), at, told);
    }
    // Refused is not asked about too: one rate, one message.
    for (rate, told) in [
        ("5", "did you mean \"5%\"?"),
        ("0.6", "did you mean \"0.6%\"?"),
        ("-0.3", "between \u{2212}20% and 50%"),
    ] {
        let text = SMALL.replacen("[line2]", &format!("discount_rate = {rate}\n[line2]"), 1);
        let (places, message) = errors(read(&text));
        assert_eq!(places.len(), 1, "{message}");
        assert!(message.contains(told) && !message.contains("W101"), "{message}");
    }
}

#[test]
fn values_out_of_range() {
    for horizon in ["0", "0.5", "41", "-1"] {
        let to = format!("horizon_years = {horizon}");
        let result = read(&SMALL.replacen("horizon_years = 12", &to, 1));
        let (places, text) = errors(result);
        assert_eq!(places, ["E106 main.toml:4:17"], "{text}");
        assert!(text.contains("between 1 and 40 years"), "{text}");
    }
    refused("horizon_years = 12", "horizon_years = 12.1", "E106 main.toml:4:17", "multiple of 0.25");
    refused(
        "availability_years = 4",
        "availability_years = 12.25",
        "E124 main.toml:5:22",
        "must not be longer",
    );
    refused("tenor_quarters = 20", "tenor_quarters = 0", "E106 main.toml:19:18", "between 1 and 160");
    refused(
        "tenor_quarters = 20",
        "tenor_quarters = 20\ngrace_quarters = 20",
        "E124 main.toml:20:18",
        "below the tenor",
    );
    refused("pd = 0.01", "pd = 1", "E106 main.toml:26:6", "at least 0 and below 1");
    refused("bank_rate = 0.04", "bank_rate = -0.01", "E106 main.toml:21:13", "must not be negative");
    refused("lgd_mean = 0.5", "lgd_mean = 0.5\nlgd_sd = 0.5", "E124 main.toml:24:10", "below 50%");
    refused(
        "lgd_mean = 0.5",
        "lgd_mean = 0\nlgd_sd = 0.1",
        "E124 main.toml:24:10",
        "must be 0: with a mean of 0%",
    );
    refused("lgd_mean = 0.5", "lgd_mean = 1\nlgd_sd = 0.1", "E124 main.toml:24:10", "every loss is 100%");
    refused("median = 60_000", "median = 0", "E106 main.toml:13:25", "between 0.01");
    refused("[line2]\n", "[line2]\nmin_investment = 200_000\n", "E122 main.toml:8:18", "is above");
    refused("[line2]\n", "[line2]\ngrant_lag_quarters = 21\n", "E124 main.toml:8:22", "tenor of 20 quarters");
    refused("[line2]\n", "[line2]\npd_log_sd = 2.01\n", "E106 main.toml:8:13", "between 0 and 2");
    refused("[[credit.rating]]", "[credit]\nnu = 2\n[[credit.rating]]", "E106 main.toml:25:6", "above 2");
    refused(
        "[[credit.rating]]",
        "[credit]\nsystemic_correlation = 0.6\ntheme_correlation = 0.4\n[[credit.rating]]",
        "E124 main.toml:26:21",
        "below 1",
    );
    refused(
        "[[credit.rating]]",
        "[credit]\npersistence = 1\n[[credit.rating]]",
        "E106 main.toml:25:15",
        "below 1",
    );
    refused("[fund]", "simulation.paths = 0\n[fund]", "E106 main.toml:1:20", "between 1 and 1,000,000,000");
    for (written, part) in [
        ("\"60%\"", "between 0.0001 and 0.5 (0.01 % and 50 %), not 60%"),
        ("0.00001", "write for example precision = \"1%\""),
        ("2", "did you mean \"2%\"?"),
    ] {
        let to = format!("simulation.precision = {written}\n[fund]");
        refused("[fund]", &to, "E106 main.toml:1:24", part);
    }
    refused("[fund]", "simulation.precision = true\n[fund]", "E103 main.toml:1:24", "0.01 or \"1%\"");
    refused("[fund]", "simulation.seed = 0\n[fund]", "E106 main.toml:1:19", "between 1");
    refused("[fund]", "simulation.seed = 9223372036854775808\n[fund]", "E106 main.toml:1:19", "between 1");
}

#[test]
fn keys_that_contradict_each_other() {
    let guarantee =
        "[line2.guarantee]\nkind = \"capped\"\ncap_rate = 0.2\nprovision_rate = 0.1\n[line2.loss]";
    refused("[line2.loss]", guarantee, "E123 main.toml:25:18", "other kind");
    refused(
        "own_funds = 0.2",
        "bank_loan = 0.2\nguarantee_rate = 0.8",
        "E102 main.toml:7:1",
        "`line2.guarantee` is missing",
    );
    refused("name = \"loan\"", "name = \"loan\"\ndemand = 0", "E125 main.toml:16:10", "nobody could apply");
    refused(
        "[line2.loan]",
        "[[line2.product]]\nname = \"loan\"\nown_funds = 1\n[line2.loan]",
        "E109 main.toml:19:8",
        "its own name",
    );
    refused("name = \"2\"", "name = \" A\"", "E108 main.toml:25:8", "spaces at its ends");
    refused(
        "[[credit.rating]]",
        "[credit]\ndependence = \"ar1\"\ncopula = \"student_t\"\n[[credit.rating]]",
        "E123 main.toml:26:10",
        "static",
    );
    refused(
        "investment =",
        "ratings = { \"2\" = 0 }\ninvestment =",
        "E125 main.toml:13:11",
        "at least one weight above 0",
    );
    refused("investment =", "ratings = { \"5\" = 1 }\ninvestment =", "E101 main.toml:13:13", "known: 2");
}

#[test]
fn promises_waivers_and_sources_are_checked() {
    let refused_after = |added: &str, code: &str, part: &str| {
        let (places, text) = errors(read(&format!("{SMALL}{added}")));
        assert_eq!(places.len(), 1, "{text}");
        assert!(places[0].starts_with(code) && text.contains(part), "{code} {part}: {text}");
    };
    let limit = |lines: &str| format!("[[limit]]\n{lines}\n");
    refused_after(
        &limit("metric = \"cap_hits\"\nstatistic = \"mean\"\nmax = 0.1"),
        "E104",
        "did you mean \"cap_hit\"?",
    );
    refused_after(&limit("metric = \"cap_hit\"\nstatistic = \"98%\"\nmax = 0.1"), "E104", "97.5%");
    refused_after(
        &limit("metric = \"cap_hit\"\nstatistic = \"es 99%\"\nmax = 0.1"),
        "E126",
        "no expected shortfall",
    );
    refused_after(&limit("metric = \"cap_hit\"\nstatistic = \"mean\""), "E102", "needs `max` or `min`");
    refused_after(
        &limit("metric = \"cap_hit\"\nstatistic = \"mean\"\nmax = 0.1\nmin = 0.2"),
        "E122",
        "above",
    );
    refused_after(
        &limit("metric = \"cap_hit\"\nline = \"1\"\nstatistic = \"mean\"\nmax = 0.1"),
        "E126",
        "does not have",
    );
    refused_after(
        &limit("metric = \"closing_ratio\"\nline = \"2\"\nstatistic = \"mean\"\nmax = 1"),
        "E126",
        "whole fund only",
    );
    refused_after(
        &limit("metric = \"fund_loss\"\nstatistic = \"mean\"\nmax = \"10%\""),
        "E107",
        "not a share",
    );
    refused_after("[rules]\nwaive = [\"R999\"]", "E104", "R999");
    refused_after("[rules]\nwaive = [\"R101\"]", "E127", "can never be waived");
    refused_after(
        "[sources]\n\"credit.systemic_corelation\" = \"x\"",
        "E128",
        "did you mean `credit.systemic_correlation`?",
    );
    refused_after("[sources]\n\"credit.rating.9.pd\" = \"x\"", "E128", "the entries are 2");
    refused_after("[state_aid]\nregime = \"de_minimis\"\nbase_rate = 0", "E102", "ceiling = 200_000");
}

#[test]
fn rates_above_a_fifth_are_asked_about() {
    let reading = read(&SMALL.replacen("pd = 0.01", "pd = 0.5", 1)).unwrap();
    assert_eq!(reading.warnings.len(), 1);
    assert_eq!(reading.warnings[0].severity, Severity::Warning);
    assert_eq!(reading.warnings[0].hints[0].to_string(), "did you mean \"0.5%\"?");
    let reading = read(&SMALL.replacen("bank_rate = 0.04", "bank_rate = 4", 1)).unwrap();
    assert_eq!(reading.warnings[0].hints[0].to_string(), "did you mean \"4%\"?");
    assert_eq!(read(&SMALL.replacen("pd = 0.01", "pd = \"20%\"", 1)).unwrap().warnings, []);
}

#[test]
fn all_problems_of_all_files_come_in_one_go_and_in_order() {
    let base = SMALL.replacen("lgd_mean = 0.5", "lgd_mean = 2", 1).replacen("\"italian\"", "\"italia\"", 1);
    let main = "extends = \"base.toml\"\n[fund]\nendowment = -1\nhorizont_years = 3\n";
    let (places, text) = errors(read_files(
        &[("main.toml", main), ("base.toml", &base)],
        &["fund.nothing=1", "line2.loan.bank_rate=nan"],
    ));
    assert_eq!(
        places,
        [
            "E106 main.toml:3:13",
            "E101 main.toml:4:1",
            "E104 base.toml:20:16",
            "E106 base.toml:23:12",
            "E101 --set:1:1",
            "E105 --set:1:22"
        ],
        "{text}"
    );
}

#[test]
fn a_rendered_error_shows_the_line_and_what_to_do() {
    let problems = read(&SMALL.replacen("own_funds = 0.2", "own_funds = 0.25", 1)).unwrap_err();
    let text = problems.to_text(Look::Ascii);
    for part in ["error[E120]", "main.toml:17:13", "17 | fund_loan = 0.8", "^^^", "5% is too much"] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    let json = problems.to_json();
    assert_eq!(json[0]["code"], "E120");
    assert_eq!(json[0]["line"], 17);
}

/// The sample with a stretch cut out, or with a text put in.
fn damaged() -> impl Strategy<Value = String> {
    let boundary = |text: &str, at: usize| {
        (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
    };
    (any::<prop::sample::Index>(), 0usize..40, "[-=\"'\\[\\]{}#.,%0-9a-z_\n ]{0,12}").prop_map(
        move |(at, length, put)| {
            let start = boundary(EVERY_KEY, at.index(EVERY_KEY.len()));
            let end = boundary(EVERY_KEY, start + length).max(start);
            format!("{}{put}{}", &EVERY_KEY[..start], &EVERY_KEY[end..])
        },
    )
}

/// Reads a text and renders whatever comes of it.
fn survives(text: &str, options: &[&str]) {
    let options: Vec<SetOption> = options.iter().filter_map(|option| SetOption::parse(option).ok()).collect();
    let files = BTreeMap::from([
        (PathBuf::from("main.toml"), text.as_bytes().to_vec()),
        (PathBuf::from("borrowers.csv"), text.as_bytes().to_vec()),
    ]);
    if let Err(problems) = read_scenario(&files, Path::new("main.toml"), &options) {
        assert!(problems.has_errors());
        assert!(!problems.to_text(Look::Ascii).is_empty() && !problems.to_plain().is_empty());
        assert!(problems.to_json().is_array());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_text_breaks_the_reader(text in any::<String>()) {
        survives(&text, &[]);
    }

    #[test]
    fn no_damage_breaks_the_reader(text in damaged()) {
        survives(&text, &[]);
    }

    #[test]
    fn no_option_breaks_the_reader(option in "[a-z0-9.*\"_+-]{0,30}[*+]?=[\\PC]{0,20}") {
        survives(EVERY_KEY, &[&option]);
    }
}
