//! The generator of scenarios keeps its promises: what it makes is valid, and it reaches what it is made for.

mod generated;

use fesr::engine::PathSimulator;
use fesr::engine::totals::{FundTotals, LineTotals};
use fesr::plan::Plan;
use fesr::rules;
use generated::{ample_portfolio, any_scenario, fixed_sample};

/// Totals over some paths of a sample: what never happens is never tested.
fn totals(sample: Vec<generated::GeneratedScenario>) -> (LineTotals, FundTotals) {
    let (mut lines, mut fund) = (LineTotals::default(), FundTotals::default());
    for generated in sample {
        let scenario = generated.scenario();
        let report = rules::check(&scenario);
        assert!(report.may_run(), "{:?}\n{generated:?}", report.broken_errors);
        let plan = Plan::resolve(&scenario);
        let mut simulator = PathSimulator::new(&plan);
        for path in 0..5 {
            simulator.run(path).unwrap_or_else(|broken| panic!("{broken}\n{generated:?}"));
            simulator.totals().lines.iter().for_each(|line| lines.add(line));
            fund.add(&simulator.totals().fund);
        }
    }
    (lines, fund)
}

#[test]
fn generated_scenarios_may_run_and_reach_every_event() {
    let (lines, fund) = totals(fixed_sample(any_scenario(), 400));
    for (what, count) in [
        ("rejected for budget", lines.rejected_budget),
        ("rejected as ineligible", lines.rejected_ineligible),
        ("withdrawals", lines.withdrawals),
        ("defaults", lines.defaults),
        ("grants recovered", lines.grants_recovered.0),
        ("calls over cap", lines.calls_over_cap.0),
        ("shortfall", lines.shortfall.0),
        ("shortfall events", lines.shortfall_events),
        ("guarantee recoveries", lines.guarantee_recoveries.0),
        ("outstanding at horizon", lines.outstanding_at_horizon.0),
        ("premiums", lines.premiums.0),
        ("aid", lines.gross_grant_equivalent.0),
        ("associated enterprises", lines.indicators.enterprises - lines.projects),
        ("enterprises with a grant", lines.indicators.with_grant),
        ("enterprises with an instrument", lines.indicators.with_instrument),
        ("private investment with a grant", lines.indicators.private_with_grant.0),
        ("private investment without", lines.indicators.private_with_instrument.0),
        ("fees unpaid", fund.fees_unpaid.0),
        ("never paid in", fund.never_paid_in.0),
        ("tranches advanced", fund.tranches_advanced),
        ("overdrafts", fund.overdrafts),
    ] {
        assert!(count > 0, "{what}: never happened");
    }
}

#[test]
fn budgets_of_ample_portfolios_never_bind() {
    let (lines, _) = totals(fixed_sample(ample_portfolio(), 200));
    assert_eq!(lines.rejected_budget, 0);
    assert!(lines.projects > 0 && lines.defaults > 0 && lines.calls_over_cap.0 > 0);
}
