//! `[[milestone]]`, `[lineN.outcomes]` and `fund.expected_leverage`: what they take, what they refuse, how they are inherited.

use crate::sample::{EVERY_KEY, SMALL, errors, read, read_files, sound};
use fesr::explain::explain;
use fesr::resolved::resolved_toml;
use fesr::scenario::{Language, LineNumber, Milestone, Outcome};
use fesr::units::{Cents, Quantity, Share};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// Milestones within a horizon.
pub fn milestones(quarters: u32) -> impl Strategy<Value = Vec<Milestone>> {
    let share = || (0u32..=1_000).prop_map(|share| Share::new(Decimal::new(i64::from(share), 3)).unwrap());
    let one = (0..quarters, 101i64..=100_000_000_000, proptest::option::of(share()));
    let one = one.prop_map(|(quarter, least, max_probability)| Milestone {
        quarter,
        min_disbursed: Cents(least),
        max_probability,
    });
    proptest::collection::vec(one, 0..3)
}

/// Outcomes in the order of their names; a name has one unit.
pub fn outcomes() -> impl Strategy<Value = Vec<Outcome>> {
    let all = vec![("beds_2", "posti letto"), ("care_places", "places \"new\""), ("jobs", "=1+1 <b>")];
    (proptest::sample::subsequence(all, 0..=3), proptest::collection::vec(0i64..=1_000_000_000, 3)).prop_map(
        |(names, numbers)| {
            let entries = names.into_iter().zip(numbers);
            entries
                .map(|((name, unit), number)| Outcome {
                    name: name.to_string(),
                    per_million: Quantity::new(Decimal::new(number, 3)).unwrap(),
                    unit: unit.to_string(),
                })
                .collect()
        },
    )
}

fn with(text: &str) -> String {
    format!("{SMALL}{text}")
}

#[test]
fn a_quarter_is_a_label_or_a_number_and_a_least_is_euros_or_a_share() {
    let text = with(
        "[[milestone]]\nquarter = \"2020-Q4\"\nmin_disbursed = \"40%\"\n\
         [[milestone]]\nquarter = 7\nmin_disbursed = 0.4\nmax_probability = \"10%\"\n\
         [[milestone]]\nquarter = 0\nmin_disbursed = 250_000.50\n\
         [[milestone]]\nquarter = 47\nmin_disbursed = 1\n",
    );
    let milestones = sound(read(&text)).scenario.milestones;
    let found: Vec<(u32, i64, bool)> = milestones
        .iter()
        .map(|milestone| (milestone.quarter, milestone.min_disbursed.0, milestone.max_probability.is_some()))
        .collect();
    assert_eq!(
        found,
        [(7, 40_000_000, false), (7, 40_000_000, true), (0, 25_000_050, false), (47, 100_000_000, false)]
    );
}

#[test]
fn milestones_that_cannot_be_are_refused_with_what_to_write() {
    for (quarter, least, place, part) in [
        ("\"2018-Q4\"", "1000", "E124 main.toml:28:11", "2019-Q1"),
        ("\"2031-Q1\"", "1000", "E124 main.toml:28:11", "2030-Q4"),
        ("\"2020\"", "1000", "E106 main.toml:28:11", "2021-Q4"),
        ("48", "1000", "E106 main.toml:28:11", "47"),
        ("-1", "1000", "E106 main.toml:28:11", "0"),
        ("3", "0", "E106 main.toml:29:17", "above 1 EUR"),
        ("3", "\"0.00001%\"", "E106 main.toml:29:17", "above 1 EUR"),
        ("3", "\"140%\"", "E106 main.toml:29:17", "between 0 and 1"),
        ("3", "true", "E103 main.toml:29:17", "min_disbursed"),
        ("3", "1.005", "E106 main.toml:29:17", "min_disbursed"),
    ] {
        let text = with(&format!("[[milestone]]\nquarter = {quarter}\nmin_disbursed = {least}\n"));
        let (places, told) = errors(read(&text));
        assert_eq!(places, [place], "{told}");
        assert!(told.contains(part), "{part} is missing in {told}");
    }
    let (_, told) = errors(read(&with("[[milestone]]\nquarter = 3\n")));
    assert!(told.contains("min_disbursed` is missing"), "{told}");
}

#[test]
fn outcomes_are_named_and_counted() {
    let text = with("[line2.outcomes]\njobs = { per_million = 2.5, unit = \"jobs\" }\n");
    let scenario = sound(read(&text)).scenario;
    let outcomes = &scenario.line2.as_ref().expect("line 2").outcomes;
    assert_eq!((outcomes.len(), outcomes[0].name.as_str(), outcomes[0].unit.as_str()), (1, "jobs", "jobs"));
    for language in [Language::English, Language::Italian] {
        let told = explain(&scenario, language);
        assert!(told.contains("jobs") && told.contains("2"), "{told}");
    }
    for (entry, code, part) in [
        ("\"Care places\" = { per_million = 1, unit = \"x\" }", "E108", "a-z, 0-9 and _"),
        ("\"=cmd\" = { per_million = 1, unit = \"x\" }", "E108", "a-z, 0-9 and _"),
        ("jobs = 3", "E103", "line2.outcomes.jobs"),
        ("jobs = { per_million = 3 }", "E102", "unit` is missing"),
        ("jobs = { per_million = -3, unit = \"x\" }", "E106", "per_million"),
        ("jobs = { per_milion = 3, unit = \"x\" }", "E101", "per_million"),
        ("jobs = { per_million = 3, unit = \" \" }", "E108", "unit"),
    ] {
        let (places, told) = errors(read(&with(&format!("[line2.outcomes]\n{entry}\n"))));
        assert!(places.iter().all(|place| place.starts_with(code)), "{entry}: {told}");
        assert!(told.contains(part), "{part} is missing in {told}");
    }
}

#[test]
fn an_outcome_of_both_lines_counts_one_thing() {
    let text = |unit: &str| {
        let two = format!("[line2.outcomes]\ncare_places = {{ per_million = 1, unit = \"{unit}\" }}\n");
        EVERY_KEY.replace("[credit]\n", &format!("{two}[credit]\n"))
    };
    sound(read(&text("places")));
    let (places, told) = errors(read(&text("beds")));
    assert!(places[0].starts_with("E123"), "{told}");
    assert!(told.contains("counts places in line 1 and beds in line 2"), "{told}");
}

#[test]
fn outcomes_merge_by_name_milestones_replace_and_options_reach_both() {
    let base = with(
        "[line2.outcomes]\njobs = { per_million = 2, unit = \"jobs\" }\nbeds = { per_million = 5, unit = \"beds\" }\n\
         [[milestone]]\nquarter = 3\nmin_disbursed = 1_000\n[[milestone]]\nquarter = 5\nmin_disbursed = 2_000\n",
    );
    let main = "extends = \"base.toml\"\n[line2.outcomes]\njobs = { per_million = 3, unit = \"jobs\" }\n\
                [[milestone]]\nquarter = 9\nmin_disbursed = 5_000\n";
    let options = [
        "line2.outcomes.beds.per_million*=2",
        "milestone.1.min_disbursed=60%",
        "line2.outcomes.meals={ per_million = 1, unit = \"meals\" }",
        "fund.expected_leverage=2.5",
    ];
    let scenario = sound(read_files(&[("base.toml", &base), ("main.toml", main)], &options)).scenario;
    let resolved = resolved_toml(&scenario);
    for line in [
        "beds = { per_million = 10, unit = \"beds\" }",
        "jobs = { per_million = 3, unit = \"jobs\" }",
        "meals = { per_million = 1, unit = \"meals\" }",
        "quarter = \"2021-Q2\"",
        "min_disbursed = 600_000",
        "expected_leverage = 2.5",
    ] {
        assert!(resolved.contains(line), "{line} is missing in\n{resolved}");
    }
    assert_eq!(scenario.milestones.len(), 1);
}

#[test]
fn promises_about_outcomes_name_what_a_line_has() {
    let outcomes = "[line2.outcomes]\njobs = { per_million = 30, unit = \"jobs\" }\n";
    let limit = |rest: &str| with(&format!("{outcomes}[[limit]]\n{rest}\n"));
    let scenario =
        sound(read(&limit("metric = \"outcome_jobs\"\nline = 2\nstatistic = \"10%\"\nmin = 12.5\nmax = 80")))
            .scenario;
    assert!(scenario.limits.is_empty());
    let [promise] = &scenario.outcome_limits[..] else { panic!("one promise") };
    assert_eq!((promise.outcome.as_str(), promise.line), ("jobs", Some(LineNumber::Two)));
    assert_eq!((promise.min, promise.max), (Some(Decimal::new(125, 1)), Some(Decimal::from(80))));
    for (rest, code, part) in [
        ("metric = \"outcome_job\"\nstatistic = \"mean\"\nmin = 1", "E104", "did you mean \"outcome_jobs\"?"),
        ("metric = \"outcome_jobs\"\nstatistic = \"sd\"\nmin = 1", "E126", "the mean or a quantile"),
        ("metric = \"outcome_jobs\"\nstatistic = \"es 99%\"\nmin = 1", "E126", "the mean or a quantile"),
        ("metric = \"outcome_jobs\"\nstatistic = \"mean\"\nmin = \"5%\"", "E107", "is not a share"),
        ("metric = \"outcome_jobs\"\nstatistic = \"mean\"", "E102", "`max` or `min`"),
        ("metric = \"outcome_jobs\"\nstatistic = \"mean\"\nmin = 3\nmax = 2", "E122", "is above"),
    ] {
        let (places, told) = errors(read(&limit(rest)));
        assert!(places.len() == 1 && places[0].starts_with(code), "{told}");
        assert!(told.contains(part), "{told}");
    }
    let (places, told) =
        errors(read(&with("[[limit]]\nmetric = \"outcome_jobs\"\nstatistic = \"mean\"\nmin = 1\n")));
    assert!(places[0].starts_with("E126"), "{told}");
}
