//! Twice the money is twice every amount, to rounding.
//!
//! For lists whose budgets never bind, not revolving, one tranche. Let `s` be the factor. A figure `x` of the small fund and
//! `y` of the large one differ by `|y - s x|`, because both round to the cent. One rounding moves an amount by at most half
//! a cent, that of the small fund counting `s` times: a *unit* is `u = (s + 1)/2` cents. All factors between amounts are at
//! most 1, so an amount made of amounts carries their units and one of its own:
//!
//! | amount | units |
//! | --- | --- |
//! | fund loan, grant; own funds (remainder of two); bank loan (remainder of three) | 1; 2; 3 |
//! | guaranteed amount, reserve: 3 + 1 | 4 |
//! | outstanding or exposure of a fund loan: 1 + 1; of a bank loan: 3 + 1 | 2; 4 |
//! | recovery in all on them: one more each | 3; 5 |
//! | recovered so far (cumulative, rounded): one more; an instalment is the difference of two | 4, 6; 8, 12 |
//! | call demanded: 4 + 1; the fund's share of an instalment: 12 + 1 | 5; 13 |
//! | interest: 2 + 1; premium: 4 + 1; grant clawed back: 1 + 1 | 3; 5; 2 |
//!
//! A call is paid in full or not at all where the line is uncapped. On a capped line what is paid is the smaller of the sum of
//! demands and the cap amount (so at most the sum of their units) if nothing is recovered on calls; if something is, the
//! room that returns feeds the errors back, and no simple bound is known: here capped lines lose everything (`lgd_mean = 1`).
//! Treasury and fees feed back into cash: [`Bounds::of`] follows them quarter by quarter.

use crate::generated::{ample_portfolio, fixed_cases};
use crate::{lines_of, play, sum};
use fesr::aggregate::columns::About;
use fesr::aggregate::figures::Figures;
use fesr::engine::totals::{LineTotals, PathTotals};
use fesr::metrics::{MetricId, Unit};
use fesr::plan::Plan;
use fesr::scenario::{Fund, GuaranteeKind, Pipeline, Scenario, Tranche};
use fesr::units::{Cents, Share};
use proptest::prelude::*;

/// The family for which the bounds are derived.
fn restricted(scenario: &Scenario) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.fund.tranches = vec![Tranche { share: Share::ONE, trigger: Share::ZERO }];
    for line in lines_of(&mut scenario) {
        if let Some(GuaranteeKind::Capped { .. }) = line.guarantee.map(|guarantee| guarantee.kind) {
            line.loss.lgd_mean = Share::ONE;
            line.loss.lgd_sd = Share::ZERO;
        }
    }
    scenario
}

/// Every amount of the scenario times `factor`.
fn scaled(scenario: &Scenario, factor: i64) -> Scenario {
    let mut scenario = scenario.clone();
    let scale = |amount: &mut Cents| *amount = Cents(amount.0 * factor);
    scale(&mut scenario.fund.endowment);
    scale(&mut scenario.fund.fees.budget);
    scale(&mut scenario.state_aid.ceiling);
    for line in lines_of(&mut scenario) {
        scale(&mut line.min_investment);
        scale(&mut line.max_investment);
        scale(&mut line.budget.loans);
        scale(&mut line.budget.guarantees);
        scale(&mut line.budget.grants);
        let Pipeline::List(borrowers) = &mut line.pipeline else { unreachable!("a list") };
        borrowers.iter_mut().for_each(|borrower| scale(&mut borrower.investment));
    }
    scenario
}

/// How many units each figure may be off.
struct Bounds {
    projects: f64,
    defaults: f64,
    payments: f64,
    /// Most instalments of a recovery.
    instalments: f64,
    quarters: f64,
    /// Treasury income to the horizon.
    treasury: f64,
    /// Fees due in one quarter.
    fee: f64,
    /// Fees due to the horizon, and what may pay them but the treasury: interest.
    fees_and_interest: f64,
    /// All other flows to any date.
    flows: f64,
}

impl Bounds {
    fn of(totals: &LineTotals, fund: &Fund, quarters: u32, instalments: usize) -> Bounds {
        let (projects, defaults) = (totals.projects as f64, totals.defaults as f64);
        let (payments, instalments) = (totals.payments as f64, instalments as f64);
        // Outstanding loans 2, reserves 4, grants 1 units a project, and one for the sum.
        let fees = &fund.fees;
        let per_project =
            2.0 * fees.loans.to_f64() / 4.0 + 4.0 * fees.guarantees.to_f64() / 4.0 + fees.grants.to_f64();
        let fee = per_project * projects + 1.0;
        // One for the cap on fees.
        let fees_and_interest = fee * f64::from(quarters) + 1.0 + 3.0 * payments;
        // Loans out (1) less outstanding (2); grants (1), clawed back to date (3); interest, premiums; fund recoveries to date
        // (4); calls paid and the recoveries on them.
        let calls = 5.0 * defaults + 4.0 * projects + 13.0 * instalments * defaults;
        let flows = 4.0 * projects + 8.0 * payments + 7.0 * defaults + calls;
        // Fees are paid out of a budget and the positive part of income, limited by a cap: minima and maxima, which pass on
        // the largest error of their arguments. Cash so carries the treasury's error twice.
        let rate = fund.treasury_rate.to_f64().abs() / 4.0;
        let mut treasury = 0.0;
        for _ in 0..quarters {
            treasury = (1.0 + 2.0 * rate) * treasury + rate * (flows + fees_and_interest) + 1.0;
        }
        let quarters = f64::from(quarters);
        Bounds {
            projects,
            defaults,
            payments,
            instalments,
            quarters,
            treasury,
            fee,
            fees_and_interest,
            flows,
        }
    }

    /// Units of a figure in EUR.
    fn units(&self, metric: MetricId) -> f64 {
        let (n, d, p) = (self.projects, self.defaults, self.payments);
        let calls_paid = 5.0 * d + 4.0 * n;
        let recoveries_on_calls = 13.0 * self.instalments * d;
        let fees_paid = self.fees_and_interest + self.treasury;
        let cash = self.flows + fees_paid + self.treasury;
        match metric {
            MetricId::InvestmentApplied | MetricId::InvestmentSupported | MetricId::NeverPaidIn => 0.0,
            MetricId::FundLoans | MetricId::Grants | MetricId::GrantsPaid => n,
            MetricId::OwnFunds => 2.0 * n,
            MetricId::BankLoans | MetricId::GuaranteedLoans => 3.0 * n,
            MetricId::Guarantees | MetricId::Reserves => 4.0 * n,
            MetricId::DefaultedExposure => 6.0 * d,
            MetricId::LoanLoss => 5.0 * d,
            MetricId::CallsDemanded => 5.0 * d,
            MetricId::CallsPaid => calls_paid,
            MetricId::CallsOverCap | MetricId::Shortfall => 5.0 * d + calls_paid,
            MetricId::GuaranteeRecoveries => recoveries_on_calls,
            MetricId::GuaranteeLoss => calls_paid + recoveries_on_calls,
            MetricId::FundLoss => 5.0 * d + calls_paid + recoveries_on_calls,
            MetricId::BankLoss => 9.0 * d + calls_paid + recoveries_on_calls,
            MetricId::InterestIncome => 3.0 * p,
            MetricId::PremiumIncome => 5.0 * p,
            MetricId::TreasuryIncome => self.treasury,
            MetricId::FeesPaid => fees_paid,
            // In each quarter: what is due (the cap less what was paid counts), less what was paid.
            MetricId::FeesUnpaid => self.quarters * (self.fee + 1.0 + 2.0 * fees_paid),
            MetricId::ClosingResources => cash,
            MetricId::OutstandingAtHorizon => 2.0 * n,
            MetricId::GrantsRecovered => 2.0 * d,
            // Discount factors are below 1.4 (-5 % a year, 6 years), each present value is rounded.
            MetricId::SubsidyCost => 1.4 * cash + 2.0,
            // Parts of loan and guarantee are a small share of them; one rounding.
            MetricId::GrossGrantEquivalent => 6.0 * n,
            // Bank loans and own funds.
            MetricId::PrivateWithGrant | MetricId::PrivateWithInstrument => 5.0 * n,
            _ => unreachable!("{} is not in EUR", metric.id()),
        }
    }
}

fn about(totals: &PathTotals, about: About) -> LineTotals {
    match about {
        About::All => sum(totals),
        About::Line(_, slot) => totals.lines[slot],
    }
}

proptest! {
    #![proptest_config(fixed_cases(200))]

    #[test]
    fn scaling_all_amounts_scales_all_amounts(generated in ample_portfolio(), factor in 2_i64..=30) {
        let small = restricted(&generated.scenario());
        let large = scaled(&small, factor);
        let plans = [Plan::resolve(&small), Plan::resolve(&large)];
        let figures = plans.each_ref().map(Figures::new);
        let instalments = small.lines().map(|line| line.loss.recovery.len()).max().expect("a line");
        let unit = (factor as f64 + 1.0) / 2.0;
        for ((before, _), (after, _)) in play(&small, 8).iter().zip(play(&large, 8)) {
            let mut values = [Vec::new(), Vec::new()];
            figures[0].of(before, |_, value| values[0].push(value));
            figures[1].of(&after, |_, value| values[1].push(value));
            for (position, column) in figures[0].columns().iter().enumerate() {
                let (x, y) = (values[0][position], values[1][position]);
                match column.metric.unit() {
                    Unit::Count => prop_assert_eq!(x, y, "{}", column.metric.id()),
                    Unit::Euro => {
                        let totals = about(before, column.about);
                        let bounds = Bounds::of(&totals, &small.fund, small.fund.horizon_quarters, instalments);
                        // A cent for the products of f64s, which are not exact.
                        let most = bounds.units(column.metric) * unit + if x == 0 && y == 0 { 0.0 } else { 1.0 };
                        let off = (y - factor * x).abs() as f64;
                        prop_assert!(
                            off <= most,
                            "{} of {}: {} x {} is {} cents away from {}, at most {} are rounding",
                            column.metric.id(), column.about.word(), factor, x, off, y, most
                        );
                    }
                    // Ratios follow from amounts; events may turn on one cent.
                    Unit::Ratio | Unit::Probability => {}
                }
            }
        }
    }
}
