//! The totals of a path from its ledger alone: what the rows say, added up by another road than the engine's.

use super::Ledger;
use crate::engine::applicants::Applicant;
use crate::engine::events::{Event, Who};
use crate::engine::totals::{Indicators, LineTotals, PathTotals};
use crate::plan::Plan;
use crate::units::Cents;
use std::collections::BTreeMap;

/// Totals of the lines and of the fund, from the events and the balances of a ledger. Groups stay empty.
///
/// A payment of a project without anything to pay leaves no row; payments are counted from the quarters between
/// disbursement and default, maturity or horizon. What runs at the horizon owes what was lent to it and neither
/// repaid nor lost by default.
pub fn from_entries(plan: &Plan, ledger: &Ledger) -> PathTotals {
    let last = plan.quarters - 1;
    let mut totals =
        PathTotals { lines: vec![LineTotals::default(); plan.lines.len()], ..PathTotals::default() };
    let mut principal = vec![Cents::ZERO; plan.lines.len()];
    let mut applicants: BTreeMap<Who, Applicant> = BTreeMap::new();
    // Quarter of disbursement of what still runs.
    let mut running: BTreeMap<Who, u32> = BTreeMap::new();
    let mut present_value = Cents::ZERO;
    for record in &ledger.records {
        let quarter = record.quarter;
        let fund = &mut totals.fund;
        if let Some(who) = record.event.who() {
            let line = &mut totals.lines[who.slot];
            let terms = &plan.lines[who.slot];
            match record.event {
                Event::PrincipalPaid { amount, .. } => principal[who.slot] += amount,
                Event::InterestPaid { amount, .. } => line.interest += amount,
                Event::PremiumPaid { amount, .. } => line.premiums += amount,
                Event::GrantPaid { amount, .. } => line.grants_paid += amount,
                Event::Defaulted { facts, .. } => {
                    line.defaults += 1;
                    line.fund_exposure += facts.fund_exposure;
                    line.bank_exposure += facts.bank_exposure;
                    line.bank_recoveries += facts.bank_recovery;
                    line.calls_demanded += facts.call;
                    let disbursed = running.remove(&who).unwrap_or(quarter);
                    line.payments += i64::from(quarter) - i64::from(disbursed) - 1;
                }
                Event::Matured { .. } => {
                    let disbursed = running.remove(&who).unwrap_or(quarter);
                    line.payments += i64::from(quarter - disbursed);
                }
                Event::CallSettled { sources, short, .. } => {
                    line.calls_paid += sources.total();
                    line.shortfall_events |= i64::from(short.0 > 0);
                }
                Event::LoanRecovered { amount, .. } => line.fund_recoveries += amount,
                Event::GrantRecovered { amount, .. } => line.grants_recovered += amount,
                Event::CallRecovered { amount, .. } => line.guarantee_recoveries += amount,
                Event::Withdrawn { .. } => line.withdrawals += 1,
                Event::Disbursed { product, package, .. } => {
                    line.projects += 1;
                    line.investment_supported +=
                        package.fund_loan + package.bank_loan + package.grant + package.own_funds;
                    line.fund_loans += package.fund_loan;
                    line.bank_loans += package.bank_loan;
                    if package.guaranteed.0 > 0 {
                        line.guaranteed_loans += package.bank_loan;
                    }
                    line.guarantees += package.guaranteed;
                    line.reserves += package.reserve;
                    line.grants += package.grant;
                    line.own_funds += package.own_funds;
                    if let Some(applicant) = applicants.get(&who) {
                        if plan.reports_aid {
                            line.gross_grant_equivalent +=
                                terms.gross_grant_equivalent(product, applicant.rating, &package);
                        }
                        line.indicators += Indicators::of(&package, applicant.members);
                    }
                    running.insert(who, quarter);
                }
                Event::Applied { applicant, .. } => {
                    line.applications += 1;
                    line.investment_applied += applicant.investment;
                    applicants.insert(who, applicant);
                }
                Event::FoundIneligible { .. } => line.rejected_ineligible += 1,
                Event::Approved { .. } => line.approvals += 1,
                Event::Lost { .. } => line.rejected_budget += 1,
                Event::Waits { .. } => {}
                Event::TranchePaid { .. }
                | Event::TreasuryReceived { .. }
                | Event::BalanceCorrected { .. }
                | Event::FeesPaid { .. } => {
                    unreachable!("events of the fund have nobody")
                }
            }
        } else {
            match record.event {
                Event::TranchePaid { amount, advanced, .. } => {
                    fund.tranches_advanced += i64::from(advanced);
                    present_value += amount.times(plan.discount[quarter as usize]);
                }
                Event::TreasuryReceived { amount } => fund.treasury += amount,
                Event::BalanceCorrected { .. } => {}
                Event::FeesPaid { from_fees, from_income, unpaid } => {
                    fund.fees_paid += from_fees + from_income;
                    fund.fees_unpaid += unpaid;
                }
                _ => unreachable!("all other events have somebody"),
            }
        }
    }
    for (who, disbursed) in running {
        totals.lines[who.slot].payments += i64::from(last - disbursed);
    }
    for (slot, line) in totals.lines.iter_mut().enumerate() {
        line.outstanding_at_horizon = line.fund_loans - principal[slot] - line.fund_exposure;
        let open = line.calls_demanded - line.calls_paid;
        if plan.lines[slot].guarantee.capped {
            line.cap_amount = line.reserves;
            line.capped_loss = line.guarantee_loss();
            line.shortfall = open.min((line.cap_amount - line.guarantee_loss()).positive());
        } else {
            line.shortfall = open;
        }
        line.calls_over_cap = open - line.shortfall;
        line.cap_hits = i64::from(line.calls_over_cap.0 > 0);
    }
    let closing_cash = ledger.cash.last().copied().unwrap_or_default();
    totals.fund.closing_resources = ledger.resources();
    totals.fund.never_paid_in = ledger.not_paid_in(plan);
    totals.fund.overdrafts = i64::from(ledger.cash.iter().any(|cash| cash.0 < 0));
    totals.fund.subsidy_cost = present_value - closing_cash.times(plan.discount[last as usize]);
    totals
}
