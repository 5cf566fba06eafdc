//! Extreme but legal values run and give numbers; what is beyond them is refused with its reason.

#[path = "common/mod.rs"]
mod common;
#[path = "common/workshop.rs"]
mod workshop;

use common::{all, collect, summarise};
use fesr::aggregate::summary::Summary;
use fesr::metrics::MetricId;
use fesr::plan::Plan;
use fesr::reading::read_scenario;
use fesr::scenario::Scenario;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use workshop::SCENARIO;

/// The scenario with texts replaced, each of which must be there.
fn with(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(SCENARIO.to_string(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

fn read(text: &str) -> Result<Scenario, String> {
    let files = BTreeMap::from([(PathBuf::from("extreme.toml"), text.as_bytes().to_vec())]);
    let reading =
        read_scenario(&files, Path::new("extreme.toml"), &[]).map_err(|problems| problems.to_plain())?;
    Ok(reading.scenario)
}

/// Runs some paths: books balance on each, and every figure is a number.
fn runs(changes: &[(&str, &str)]) -> Summary {
    let scenario = read(&with(changes)).unwrap_or_else(|problems| panic!("{problems}"));
    let summary = summarise(&scenario, 64);
    for metric in &summary.metrics {
        let moments = &metric.moments;
        let [mean, sd] = [moments.mean(), moments.standard_deviation()];
        assert!(mean.is_finite() && sd.is_finite(), "{}", metric.column.metric.id());
    }
    summary
}

/// Is refused with a place and these words.
fn refused(changes: &[(&str, &str)], reason: &str) {
    let problems = read(&with(changes)).expect_err(reason);
    assert!(
        problems.starts_with("extreme.toml:") && problems.contains(reason),
        "no {reason:?} in {problems}"
    );
}

fn mean(summary: &Summary, metric: MetricId) -> f64 {
    all(summary, metric).moments.mean()
}

const PD: &str = "pd = \"4%\"";
const LGD: &str = "lgd_mean = \"50%\"";
const RATING: &str = "[[credit.rating]]";

#[test]
fn amounts_of_one_cent_and_of_a_thousand_million_euros() {
    let cents = [
        ("endowment = 500_000", "endowment = 0.01"),
        ("loans = 400_000", "loans = 0.01"),
        ("guarantees = 100_000", "guarantees = 0"),
        ("median = 50_000", "median = 0.01"),
        ("[line2]", "[line2]\nmin_investment = 0.01\nmax_investment = 0.01"),
    ];
    let summary = runs(&cents);
    assert!(mean(&summary, MetricId::FundLoans) <= 1.0, "one cent and no more is lent");
    let most = [
        ("endowment = 500_000", "endowment = 1_000_000_000"),
        ("loans = 400_000", "loans = 1_000_000_000"),
        ("guarantees = 100_000", "guarantees = 0"),
        ("median = 50_000", "median = 1_000_000_000"),
        ("[line2]", "[line2]\nmin_investment = 0\nmax_investment = 1_000_000_000"),
    ];
    let summary = runs(&most);
    assert!(mean(&summary, MetricId::FundLoans) > 1e10, "many millions are lent");
    for amount in [
        "0.009",
        "0.001",
        "1_000_000_000.01",
        "1e12",
        "1_000_000_000_000",
        "9223372036854775808",
        "1e300",
        "0",
        "-0.01",
    ] {
        let to = format!("endowment = {amount}");
        refused(&[("endowment = 500_000", &to)], "fund.endowment");
    }
}

#[test]
fn amounts_that_could_not_be_counted_are_refused_before_the_run() {
    let huge = [
        ("[line2]", "[line2]\nmax_investment = 1_000_000_000"),
        ("applications_per_year = 20", "applications_per_year = 10_000"),
    ];
    refused(&[huge[0], huge[1]], "could exceed 5,000,000,000,000 EUR");
    refused(
        &[("applications_per_year = 20", "applications_per_year = 10_000\napplications_log_sd = 2")],
        "more than 10,000,000 applicants",
    );
    refused(
        &[
            ("bank_rate = 0", "bank_rate = 10\nfund_rate = 10"),
            ("horizon_years = 6", "horizon_years = 40\ntreasury_rate = 0.5"),
        ],
        "could exceed",
    );
    // Each of them alone is far from it.
    runs(&[("horizon_years = 6", "horizon_years = 40\ntreasury_rate = 0.2")]);
    runs(&[("horizon_years = 6", "horizon_years = 40\ndiscount_rate = -0.2")]);
    runs(&[("horizon_years = 6", "horizon_years = 6\ntreasury_rate = 0.5")]);
    runs(&[("bank_rate = 0", "bank_rate = 10\nfund_rate = 10")]);
    runs(&[("applications_per_year = 20", "applications_per_year = 1_000")]);
}

#[test]
fn loans_of_forty_years() {
    for amortisation in ["italian", "french", "bullet"] {
        let to = format!("amortisation = \"{amortisation}\"");
        let longest = [
            ("horizon_years = 6", "horizon_years = 40"),
            ("availability_years = 1", "availability_years = 40"),
            ("tenor_quarters = 12", "tenor_quarters = 160\ngrace_quarters = 159"),
            ("amortisation = \"italian\"", to.as_str()),
        ];
        runs(&longest);
        runs(&[longest[3], ("tenor_quarters = 12", "tenor_quarters = 1")]);
    }
    refused(&[("tenor_quarters = 12", "tenor_quarters = 161")], "between 1 and 160");
    refused(&[("tenor_quarters = 12", "tenor_quarters = 160\ngrace_quarters = 160")], "below the tenor");
    refused(&[("horizon_years = 6", "horizon_years = 40.25")], "between 1 and 40");
}

#[test]
fn a_hundred_ratings_run_and_a_thousand_are_refused() {
    let ratings = |count: usize| -> String {
        (0..count).map(|n| format!("{RATING}\nname = \"R{n}\"\npd = \"{}%\"\n", n % 50)).collect()
    };
    let from = format!("{RATING}\nname = \"B\"\n{PD}\n");
    runs(&[(&from, &ratings(100))]);
    refused(&[(&from, &ratings(101))], "at most 100 ratings, not 101");
    refused(&[(&from, &ratings(1_000))], "at most 100 ratings, not 1,000");
}

#[test]
fn a_hundred_thousand_borrowers_run_and_one_more_is_refused() {
    let listed =
        SCENARIO.replacen("[line2.pipeline]", "[pipeline]\nborrowers = \"list.csv\"\n[line2.pipeline]", 1);
    let list = |count: usize| {
        let mut list = "id,line,quarter,investment,theme,legal_form,size,rating\n".to_string();
        (0..count).for_each(|n| {
            list += &format!("b{n},2,{},{},other,nonprofit,micro,B\n", n % 4, 1_000 + n % 90_000)
        });
        list.into_bytes()
    };
    let read = |count: usize| {
        let files = BTreeMap::from([
            (PathBuf::from("extreme.toml"), listed.clone().into_bytes()),
            (PathBuf::from("list.csv"), list(count)),
        ]);
        read_scenario(&files, Path::new("extreme.toml"), &[])
    };
    let scenario = read(100_000).unwrap_or_else(|problems| panic!("{problems}")).scenario;
    let plan = Plan::resolve(&scenario);
    let collector = collect(&plan, 2);
    assert_eq!(collector.paths, 2);
    let problems = read(100_001).expect_err("one too many").to_plain();
    assert!(
        problems.starts_with("list.csv:1:1") && problems.contains("more than 100,000 rows"),
        "{problems}"
    );
}

#[test]
fn correlations_of_nothing_and_of_almost_everything() {
    for (systemic, theme) in
        [("0", "0"), ("0.999", "0"), ("0", "0.999"), ("0.5", "0.499999"), ("0.999999", "0")]
    {
        for dependence in [
            "",
            "copula = \"student_t\"\nnu = 2.001\n",
            "dependence = \"ar1\"\npersistence = 0.9999\n",
            "dependence = \"ar1\"\npd_target = \"lifetime\"\n",
        ] {
            let credit = format!(
                "[credit]\nsystemic_correlation = {systemic}\ntheme_correlation = {theme}\n{dependence}lgd_loading = 0.999\n{RATING}"
            );
            runs(&[(RATING, &credit)]);
        }
    }
    for (systemic, theme) in [("1", "0"), ("0.5", "0.5"), ("0.9999999", "0"), ("-0.001", "0"), ("1.1", "0")] {
        let credit =
            format!("[credit]\nsystemic_correlation = {systemic}\ntheme_correlation = {theme}\n{RATING}");
        refused(&[(RATING, &credit)], "correlation");
    }
}

#[test]
fn defaults_that_never_happen_and_that_always_do() {
    let none = runs(&[(PD, "pd = 0")]);
    assert_eq!(mean(&none, MetricId::Defaults), 0.0);
    let surely = runs(&[(PD, "pd = 0.999999999999")]);
    assert!(mean(&surely, MetricId::Defaults) > 0.99 * mean(&surely, MetricId::Projects), "all default");
    runs(&[(PD, "pd = 0.999999999999\n[macro]\npd_multiplier = [1000]")]);
    refused(&[(PD, "pd = 1")], "at least 0 and below 1");
    refused(&[(PD, "pd = \"100%\"")], "at least 0 and below 1");
    refused(&[(PD, "pd = 0.9999999999999")], "at most 0.999999999999");
    refused(&[(PD, "pd = -0.000001")], "at least 0");
}

#[test]
fn losses_of_nothing_of_everything_and_as_spread_as_a_beta_may_be() {
    let often = (PD, "pd = 0.5");
    let nothing = runs(&[often, (LGD, "lgd_mean = 0")]);
    assert_eq!(mean(&nothing, MetricId::FundLoss), 0.0);
    let everything = runs(&[often, (LGD, "lgd_mean = 1")]);
    let [loss, exposure] =
        [MetricId::LoanLoss, MetricId::DefaultedExposure].map(|metric| mean(&everything, metric));
    assert!(loss > 0.0 && (loss - exposure).abs() < 1e-9 * exposure, "{loss} of {exposure}");
    // sqrt(0.5 x 0.5) is 50 %: nearly all losses are nothing or everything.
    for spread in ["0.4999", "0.499999", "0.0001", "0.000001"] {
        let to = format!("lgd_mean = 0.5\nlgd_sd = {spread}");
        let summary = runs(&[often, (LGD, &to)]);
        assert!(mean(&summary, MetricId::FundLoss) > 0.0, "{spread}");
    }
    for (mean, sd) in [("0.000001", "0.0009"), ("0.999999", "0.0009"), ("0.01", "0.0994"), ("0.99", "0.0994")]
    {
        let to = format!("lgd_mean = {mean}\nlgd_sd = {sd}");
        runs(&[often, (LGD, &to)]);
    }
    refused(&[(LGD, "lgd_mean = 0.5\nlgd_sd = 0.5")], "must be below 50%");
    refused(&[(LGD, "lgd_mean = 0\nlgd_sd = 0.01")], "lgd_sd");
    refused(&[(LGD, "lgd_mean = 1\nlgd_sd = 0.000001")], "lgd_sd");
    refused(&[(LGD, "lgd_mean = 1.000001")], "between 0 and 1");
}
