//! How files build on each other, and what-ifs over them.

use crate::sample::{EVERY_KEY, SMALL, errors, read_files, sound};
use fesr::scenario::{GuaranteeKind, Pipeline, Theme};
use fesr::units::Cents;

#[test]
fn a_diamond_counts_its_base_once_and_later_wins() {
    let files = [
        (
            "s/main.toml",
            "extends = [\"mixes/loans.toml\", \"economies/bad.toml\"]\n[line2.loan]\ngrace_quarters = 2",
        ),
        (
            "s/mixes/loans.toml",
            "extends = \"../base.toml\"\n[line2.loan]\ntenor_quarters = 24\ngrace_quarters = 1\nbank_rate = 0.05",
        ),
        (
            "s/economies/bad.toml",
            "extends = \"./../base.toml\"\n[line2.loan]\nbank_rate = 0.06\n[macro]\npd_multiplier = 2",
        ),
        ("s/base.toml", SMALL),
    ];
    let reading = sound(read_files(&files, &[]));
    let line = reading.scenario.line2.as_ref().unwrap();
    assert_eq!(line.loan.tenor_quarters, 24);
    assert_eq!(line.loan.grace_quarters, 2);
    assert_eq!(line.loan.bank_rate.decimal().to_string(), "0.06");
    assert_eq!(reading.sources.iter().count(), 4);
    assert_eq!(reading.scenario.identity.name, "main");
}

#[test]
fn the_base_comes_before_all_who_extend_it() {
    // The base is named last, but the mix builds on it: the mix wins.
    let files = [
        ("main.toml", "extends = [\"mix.toml\", \"base.toml\"]"),
        ("mix.toml", "extends = \"base.toml\"\n[line2.loan]\ntenor_quarters = 24"),
        ("base.toml", SMALL),
    ];
    let reading = sound(read_files(&files, &[]));
    assert_eq!(reading.scenario.line2.unwrap().loan.tenor_quarters, 24);
}

#[test]
fn circles_are_named() {
    let files = [
        ("main.toml", "extends = \"a.toml\""),
        ("a.toml", "extends = \"b.toml\""),
        ("b.toml", "extends = [\"a.toml\"]"),
    ];
    let (places, text) = errors(read_files(&files, &[]));
    assert_eq!(places, ["E010 b.toml:1:12"]);
    assert!(text.contains("a.toml -> b.toml -> a.toml"), "{text}");
    let (places, _) = errors(read_files(&[("main.toml", "extends = \"./main.toml\"")], &[]));
    assert_eq!(places, ["E010 main.toml:1:11"]);
}

#[test]
fn endless_chains_are_refused() {
    let names: Vec<String> = (0..80).map(|n| format!("f{n}.toml")).collect();
    let texts: Vec<String> = (1..=80).map(|n| format!("extends = \"f{n}.toml\"")).collect();
    let mut files: Vec<(&str, &str)> =
        names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
    files.push(("main.toml", "extends = \"f0.toml\""));
    let (places, text) = errors(read_files(&files, &[]));
    assert!(places[0].starts_with("E011"), "{text}");
}

#[test]
fn the_name_is_never_inherited_but_places_stay_with_their_file() {
    let base = format!("[scenario]\nname = \"base\"\ntitle = \"Base\"\n{SMALL}");
    let reading = sound(read_files(&[("main.toml", "extends = \"base.toml\""), ("base.toml", &base)], &[]));
    assert_eq!(reading.scenario.identity.title, "main");
    let place = reading.place_of("line2.product.loan.fund_loan");
    assert_eq!(reading.sources.get(place.source).name, "base.toml");
    assert_eq!(reading.sources.line_and_column(&place), (20, 13));
    assert_eq!(reading.place_of("line2.product.loan.demand"), reading.place_of("line2.product.loan"));
}

#[test]
fn weights_replace_whole_and_forms_drop_each_other() {
    let main = "extends = \"base.toml\"\n[line1.pipeline]\nthemes = { other = 1 }\n[line1.guarantee]\nkind = \"uncapped\"\nprovision_rate = 0.1\n[line1.budget]\ntotal = 4_000_000\nloans = \"75%\"\nguarantees = \"25%\"\n[line2.budget]\nloans = 400_000\nguarantees = 0\ngrants = 600_000";
    let reading = sound(read_files(&[("main.toml", main), ("base.toml", EVERY_KEY)], &[]));
    let line1 = reading.scenario.line1.as_ref().unwrap();
    let Pipeline::Statistical(pipeline) = &line1.pipeline else { panic!("a list") };
    assert_eq!(pipeline.themes.iter().map(|weight| weight.category).collect::<Vec<_>>(), [Theme::Other]);
    assert!(matches!(line1.guarantee.unwrap().kind, GuaranteeKind::Uncapped { .. }));
    assert_eq!(line1.budget.guarantees, Cents(100_000_000));
    assert_eq!(reading.scenario.line2.as_ref().unwrap().budget.grants, Cents(60_000_000));
}

#[test]
fn shares_of_an_odd_total_add_up_to_the_cent() {
    let text = EVERY_KEY.replacen(
        "total = 1_000_000\nloans = \"50%\"\nguarantees = 0\ngrants = 0.5",
        "total = 1_000_000.01\nloans = \"50%\"\nguarantees = \"25%\"\ngrants = 0.25",
        1,
    );
    let reading = sound(read_files(&[("main.toml", &text)], &[]));
    let budget = reading.scenario.line2.unwrap().budget;
    // Half of 100,000,001 cents is a tie: to even; three quarters end in .75: up.
    assert_eq!(
        (budget.loans, budget.guarantees, budget.grants),
        (Cents(50_000_000), Cents(25_000_001), Cents(25_000_000))
    );
}

#[test]
fn options_change_the_merged_scenario() {
    let options = [
        "credit.rating.*.pd*=2",
        "line1.product.co-loan.demand=3",
        "line1.loan.bank_rate+=1%",
        "line1.pipeline.investment.median*=1.0000001",
        "line2.pipeline.accompanied=25%",
        "fund.fees.base=[0.004, 0.003]",
        "fund.fees.base*=0.5",
        "line2.fallback*=0.5",
        "scenario.name=what-if",
        "line1.guarantee.kind=uncapped",
        "line1.guarantee.provision_rate=12,5%",
        "line1.pipeline.ratings.3=0",
        "sources.credit.nu=a guess",
    ];
    let reading = sound(read_files(&[("main.toml", EVERY_KEY)], &options));
    let scenario = &reading.scenario;
    let line1 = scenario.line1.as_ref().unwrap();
    assert_eq!(scenario.credit.ratings[1].pd[1].decimal().to_string(), "0.03");
    assert_eq!(line1.products[0].demand.to_f64(), 3.0);
    assert_eq!(line1.loan.bank_rate.to_f64(), 0.05);
    let Pipeline::Statistical(pipeline) = &line1.pipeline else { panic!("a list") };
    assert_eq!(pipeline.investment_median, Cents(140_000_014));
    assert_eq!(pipeline.ratings.len(), 2);
    assert_eq!(scenario.fund.fees.base[0].to_f64(), 0.002);
    assert_eq!(scenario.line2.as_ref().unwrap().fallback.to_f64(), 0.5);
    assert_eq!(scenario.identity.name, "what-if");
    assert!(matches!(line1.guarantee.unwrap().kind, GuaranteeKind::Uncapped { .. }));
    assert!(scenario.sources.contains(&("credit.nu".to_string(), "a guess".to_string())));
}

#[test]
fn options_are_checked_like_the_file() {
    for (option, place, part) in [
        ("line1.loan.bank_rate=much", "E103 --set:1:22", "not a number"),
        ("line1.loan.tenor_quarters*=1.01", "E106 --set:1:1", "whole number"),
        ("fund.horizon_years=0", "E106 --set:1:20", "between 1 and 40"),
        ("line3.x=1", "E101 --set:1:1", "did you mean `line1`?"),
    ] {
        let (places, text) = errors(read_files(&[("main.toml", EVERY_KEY)], &[option]));
        assert_eq!(places, [place], "{text}");
        assert!(text.contains(part), "{text}");
    }
}
