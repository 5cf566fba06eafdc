//! Laws of the engine: the same figures on any threads, the same enterprises under any mix, exact expectations.

mod common;

use common::{MOST_STANDARD_ERRORS, all, collect, of_line, scenario_file, scenario_text, summarise};
use fesr::aggregate::quantile_rank;
use fesr::aggregate::summary::Summary;
use fesr::engine::PathSimulator;
use fesr::engine::applicants::Arrivals;
use fesr::metrics::MetricId;
use fesr::plan::Plan;
use fesr::report::{RunFacts, limits::judge, summary_json::summary_json, tables};
use fesr::scenario::{LineNumber, Pipeline};

/// A small fund that is quick to simulate: loans only, three years of life.
const SMALL_FUND: &str = r#"
[fund]
endowment = 300_000
start = "2020-Q1"
horizon_years = 3
availability_years = 0.5
period = "2021-2027"
[line2]
[line2.budget]
loans = 300_000
guarantees = 0
[line2.pipeline]
applications_per_year = 16
investment = { median = 50_000, sigma = 0.4 }
[[line2.product]]
name = "loan"
own_funds = 0.5
fund_loan = 0.5
[line2.loan]
tenor_quarters = 8
amortisation = "french"
bank_rate = 0
[line2.loss]
lgd_mean = 0.5
lgd_sd = 0.2
[[credit.rating]]
name = "B"
pd = 0.15
"#;

const LIBRARY: [&str; 7] = [
    "base.toml",
    "wecare-mixed.toml",
    "wecare-call-2018.toml",
    "portfolio-example.toml",
    "mixes/loans-first.toml",
    "mixes/guarantees-first.toml",
    "mixes/grants-heavy.toml",
];

#[test]
fn books_balance_on_every_path_of_the_library() {
    // The check itself stands in the engine; here it must not fail.
    for name in LIBRARY {
        let scenario = scenario_file(name);
        let plan = Plan::resolve(&scenario);
        let collector = collect(&plan, 2_000);
        assert_eq!(collector.paths, 2_000, "{name}");
    }
}

#[test]
fn results_do_not_depend_on_threads() {
    let scenario = scenario_file("wecare-mixed.toml");
    let render = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| {
            let plan = Plan::resolve(&scenario);
            let mut collector = collect(&plan, 5_000);
            let summary = Summary::of(&mut collector);
            let facts = RunFacts { scenario: &scenario, version: "test", paths: 5_000, planned: 5_000 };
            [
                summary_json(&facts, &summary, &judge(&scenario, &summary), None),
                tables::timeline_csv(&plan, &summary),
                tables::groups_csv(&summary),
                tables::contributions_csv(&summary),
                tables::histogram_csv(&summary),
            ]
        })
    };
    let one = render(1);
    assert_eq!(one, render(2));
    assert_eq!(one, render(7));
}

#[test]
fn a_path_is_the_same_whatever_was_simulated_before() {
    let plan = Plan::resolve(&scenario_file("wecare-mixed.toml"));
    let mut fresh = PathSimulator::new(&plan);
    fresh.run(77).expect("the books balance");
    let mut used = PathSimulator::new(&plan);
    for path in [3, 1_000_000_007, 12] {
        used.run(path).expect("the books balance");
    }
    used.run(77).expect("the books balance");
    assert_eq!(fresh.timeline(), used.timeline());
    assert_eq!(fresh.totals().lines, used.totals().lines);
    assert_eq!(fresh.totals().fund, used.totals().fund);
}

#[test]
fn enterprises_are_the_same_under_any_mix() {
    let applicants = |name: &str| {
        let plan = Plan::resolve(&scenario_file(name));
        let mut arrivals = Arrivals::new(&plan, 5);
        let mut all = Vec::new();
        for quarter in 0..plan.open_quarters {
            for slot in 0..plan.lines.len() {
                arrivals.append(slot, quarter, 1.0, &mut all);
            }
        }
        all.iter()
            .map(|a| (a.arrival, a.number, a.investment, a.theme, a.rating, a.accompanied))
            .collect::<Vec<_>>()
    };
    let mixed = applicants("wecare-mixed.toml");
    assert!(mixed.len() > 50);
    assert_eq!(mixed, applicants("mixes/loans-first.toml"));
    assert_eq!(mixed, applicants("mixes/guarantees-first.toml"));
}

#[test]
fn figures_of_the_fund_are_those_of_its_lines() {
    let summary = summarise(&scenario_file("wecare-mixed.toml"), 1_000);
    for metric in [
        MetricId::Applications,
        MetricId::Projects,
        MetricId::InvestmentSupported,
        MetricId::FundLoans,
        MetricId::FundLoss,
        MetricId::BankLoss,
        MetricId::CallsPaid,
        MetricId::InterestIncome,
        MetricId::GrantsPaid,
    ] {
        let lines: i128 = [LineNumber::One, LineNumber::Two]
            .iter()
            .map(|&line| of_line(&summary, metric, line).moments.sum())
            .sum();
        assert_eq!(all(&summary, metric).moments.sum(), lines, "{}", metric.id());
    }
}

#[test]
fn contributions_add_up_to_the_cent() {
    let summary = summarise(&scenario_file("portfolio-example.toml"), 20_000);
    let loss = all(&summary, MetricId::FundLoss);
    let mean = loss.moments.mean().round() as i64;
    let shortfall = loss.shortfall(990).and_then(|s| s.estimate).expect("enough paths").0.round() as i64;
    for split in ["line", "theme", "product", "rating", "borrower"] {
        let parts: Vec<_> =
            summary.contributions.iter().filter(|entry| entry.part.split.word() == split).collect();
        assert!(!parts.is_empty(), "{split}");
        let mean_of_parts: i64 = parts.iter().map(|entry| entry.mean).sum();
        let tail_of_parts: i64 = parts.iter().map(|entry| entry.shortfall.expect("enough paths").0).sum();
        assert!((mean_of_parts - mean).abs() <= 1, "{split}: {mean_of_parts} is not {mean}");
        assert!((tail_of_parts - shortfall).abs() <= 1, "{split}: {tail_of_parts} is not {shortfall}");
    }
}

#[test]
fn demand_has_its_exact_expectation() {
    let scenario = scenario_file("wecare-mixed.toml");
    let summary = summarise(&scenario, 20_000);
    for line in scenario.lines() {
        let Pipeline::Statistical(pipeline) = &line.pipeline else { panic!("a statistical line") };
        let years = &pipeline.applications_per_year;
        let expected: f64 = (0..scenario.fund.availability_quarters as usize)
            .map(|quarter| years[(quarter / 4).min(years.len() - 1)].to_f64() / 4.0)
            .sum();
        let simulated = &of_line(&summary, MetricId::Applications, line.number).moments;
        let z = (simulated.mean() - expected) / simulated.standard_error();
        assert!(z.abs() < MOST_STANDARD_ERRORS, "line {}: z = {z}", line.number.word());
    }
}

#[test]
fn cells_and_exact_values_tell_the_same_story() {
    // More paths than are kept exactly: means agree exactly, quantiles within 1e-4, the tails exactly.
    const PATHS: u64 = 135_000;
    let scenario = scenario_text(SMALL_FUND, None);
    let plan = Plan::resolve(&scenario);
    let mut many = collect(&plan, PATHS);
    let summary = Summary::of(&mut many);
    let loss = all(&summary, MetricId::FundLoss);
    assert!(!loss.exact_quantiles);
    let mut values: Vec<i64> = Vec::new();
    let mut simulator = PathSimulator::new(&plan);
    for path in 0..PATHS {
        simulator.run(path).expect("the books balance");
        values.push(simulator.totals().lines.iter().map(|line| line.fund_loss().0).sum());
    }
    values.sort_unstable();
    assert_eq!(loss.moments.sum(), values.iter().map(|&v| v as i128).sum::<i128>());
    for quantile in &loss.quantiles {
        let exact = values[quantile_rank(PATHS, quantile.per_mille) as usize - 1];
        let error = (quantile.value - exact).abs() as f64;
        assert!(
            error <= 1e-4 * exact.abs() as f64,
            "{}: {} is not {exact}",
            quantile.per_mille,
            quantile.value
        );
        if quantile.per_mille == 999 {
            assert_eq!(quantile.value, exact, "the tail is exact");
        }
    }
    let tail = &values[values.len() - 135..];
    let expected = tail.iter().sum::<i64>() as f64 / 135.0;
    let shortfall = loss.shortfall(999).and_then(|s| s.estimate).expect("135 paths in the tail").0;
    assert!((shortfall - expected).abs() < 1e-9 * expected, "{shortfall} is not {expected}");
}
