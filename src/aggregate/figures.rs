//! The definitions of MODEL.md section 9: totals of a path to its figures, as integers.

use super::columns::{About, Column};
use crate::engine::totals::{LineTotals, PathTotals};
use crate::metrics::MetricId;
use crate::plan::Plan;
use crate::units::{Cents, round_half_even};

/// One in the integers that carry ratios.
pub const RATIO_ONE: i64 = 1_000_000_000;

/// `numerator / denominator` as an integer of 1e-9, rounded half-even; 0 where the denominator is 0. Beyond 9.2
/// billion it stays at the largest value.
pub fn ratio(numerator: i64, denominator: i64) -> i64 {
    if denominator == 0 {
        return 0;
    }
    let (numerator, denominator) =
        if denominator < 0 { (-numerator, -denominator) } else { (numerator, denominator) };
    // The 64-bit division is several times faster and covers amounts up to 92 M EUR.
    match numerator.checked_mul(RATIO_ONE) {
        Some(scaled) => {
            let (whole, rest) = (scaled.div_euclid(denominator), scaled.rem_euclid(denominator));
            let twice_over = rest.cmp(&(denominator - rest));
            whole + i64::from(twice_over.is_gt() || (twice_over.is_eq() && whole % 2 != 0))
        }
        None => {
            let scaled = numerator as i128 * RATIO_ONE as i128;
            let denominator = denominator as i128;
            let (whole, rest) = (scaled.div_euclid(denominator), scaled.rem_euclid(denominator));
            let twice_over = rest.cmp(&(denominator - rest));
            let rounded = whole + i128::from(twice_over.is_gt() || (twice_over.is_eq() && whole % 2 != 0));
            rounded.clamp(i64::MIN as i128, i64::MAX as i128) as i64
        }
    }
}

/// `numerator / denominator` for a denominator that is one f64 product (a contribution of the Union), in units of 1e-9;
/// at most 9 billion.
#[inline]
pub fn ratio_to(numerator: Cents, denominator: f64) -> i64 {
    const LARGEST: f64 = 9e18;
    if denominator == 0.0 {
        return 0;
    }
    round_half_even((numerator.to_f64() / denominator * RATIO_ONE as f64).clamp(-LARGEST, LARGEST))
}

/// What the figures of a path are computed from, for the fund and for each line.
struct Subject<'a> {
    totals: &'a LineTotals,
    contribution: Cents,
    union_contribution: f64,
    guarantees_budget: Cents,
    reserve_covers: bool,
}

/// Computes the figures of paths of one plan.
pub struct Figures<'p> {
    plan: &'p Plan,
    columns: Vec<Column>,
}

impl<'p> Figures<'p> {
    /// For all columns of a plan.
    pub fn new(plan: &'p Plan) -> Self {
        Figures { plan, columns: super::columns::columns(plan) }
    }

    /// For some columns of a plan.
    pub fn only(plan: &'p Plan, columns: &[Column]) -> Self {
        Figures { plan, columns: columns.to_vec() }
    }

    /// The columns, in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// An empty list for each column.
    pub fn no_paths(&self) -> Vec<Vec<i64>> {
        vec![Vec::new(); self.columns.len()]
    }

    /// Hands the figures of a path to `take`, column by column.
    pub fn of(&self, path: &PathTotals, mut take: impl FnMut(usize, i64)) {
        let mut all = LineTotals::default();
        path.lines.iter().for_each(|line| all.add(line));
        let covered = |slot: usize| {
            let line = &path.lines[slot];
            self.plan.lines[slot].guarantees_budget + line.premiums >= line.guarantee_loss()
        };
        let subject = |totals, contribution: Cents, guarantees_budget, reserve_covers| {
            let union_contribution = contribution.to_f64() * self.plan.union_share;
            Subject { totals, contribution, union_contribution, guarantees_budget, reserve_covers }
        };
        let guarantees = self.plan.lines.iter().map(|line| line.guarantees_budget).sum();
        let fund = subject(&all, self.plan.endowment, guarantees, (0..path.lines.len()).all(covered));
        // A fund has one or two lines; of one, the second subject is the first again and never asked for.
        let lines: [Subject; 2] = std::array::from_fn(|slot| {
            let slot = slot.min(path.lines.len() - 1);
            let line = &self.plan.lines[slot];
            subject(&path.lines[slot], line.contribution(), line.guarantees_budget, covered(slot))
        });
        for (position, column) in self.columns.iter().enumerate() {
            let subject = match column.about {
                About::All => &fund,
                About::Line(_, slot) => &lines[slot],
            };
            take(position, self.figure(column.metric, subject, path));
        }
    }

    fn figure(&self, metric: MetricId, subject: &Subject, path: &PathTotals) -> i64 {
        let totals = subject.totals;
        let fund = &path.fund;
        let contribution = subject.contribution.0;
        let union_contribution = subject.union_contribution;
        let finance = totals.fund_loans + totals.bank_loans;
        let used = totals.fund_loans + totals.reserves + totals.grants;
        match metric {
            MetricId::Applications => totals.applications,
            MetricId::Approvals => totals.approvals,
            MetricId::Withdrawals => totals.withdrawals,
            MetricId::Projects => totals.projects,
            MetricId::RejectedBudget => totals.rejected_budget,
            MetricId::RejectedIneligible => totals.rejected_ineligible,
            MetricId::InvestmentApplied => totals.investment_applied.0,
            MetricId::InvestmentSupported => totals.investment_supported.0,
            MetricId::FundLoans => totals.fund_loans.0,
            MetricId::BankLoans => totals.bank_loans.0,
            MetricId::GuaranteedLoans => totals.guaranteed_loans.0,
            MetricId::Guarantees => totals.guarantees.0,
            MetricId::Reserves => totals.reserves.0,
            MetricId::Grants => totals.grants.0,
            MetricId::OwnFunds => totals.own_funds.0,
            MetricId::GrantsPaid => totals.grants_paid.0,
            MetricId::DemandCoverage => coverage(totals.investment_supported, totals.investment_applied),
            MetricId::Absorption => ratio(used.0, contribution),
            MetricId::LeverageEffect => ratio_to(finance, union_contribution),
            MetricId::FinanceLeverage => ratio_to(finance + totals.grants, union_contribution),
            MetricId::LeverageOnUsed => ratio(finance.0, used.0),
            MetricId::InvestmentMultiplier => ratio(totals.investment_supported.0, contribution),
            MetricId::PrivateLeverage => ratio_to(totals.bank_loans + totals.own_funds, union_contribution),
            MetricId::GuaranteeMultiplier => ratio(totals.guaranteed_loans.0, totals.reserves.0),
            MetricId::Defaults => totals.defaults,
            MetricId::DefaultRate => ratio(totals.defaults, totals.projects),
            MetricId::AnnualDefaultRate => ratio(4 * totals.defaults, totals.payments),
            MetricId::DefaultedExposure => (totals.fund_exposure + totals.bank_exposure).0,
            MetricId::LoanLoss => totals.loan_loss().0,
            MetricId::CallsDemanded => totals.calls_demanded.0,
            MetricId::CallsPaid => totals.calls_paid.0,
            MetricId::CallsOverCap => totals.calls_over_cap.0,
            MetricId::Shortfall => totals.shortfall.0,
            MetricId::GuaranteeRecoveries => totals.guarantee_recoveries.0,
            MetricId::GuaranteeLoss => totals.guarantee_loss().0,
            MetricId::FundLoss => totals.fund_loss().0,
            MetricId::FundLossRate => ratio(totals.fund_loss().0, contribution),
            MetricId::BankLoss => totals.bank_loss().0,
            MetricId::CapUtilisation => ratio(totals.capped_loss.0, totals.cap_amount.0),
            MetricId::CapHit => i64::from(totals.cap_hits > 0),
            MetricId::ShortfallEvent => i64::from(totals.shortfall_events > 0),
            MetricId::OverdraftEvent => fund.overdrafts,
            MetricId::ReserveCovers => i64::from(subject.reserve_covers),
            MetricId::ReserveUsage => {
                let means = subject.guarantees_budget + totals.premiums;
                if subject.guarantees_budget.0 == 0 { 0 } else { ratio(totals.guarantee_loss().0, means.0) }
            }
            MetricId::CapitalKept => {
                let kept = fund.closing_resources + totals.outstanding_at_horizon + totals.grants_paid;
                i64::from(kept >= self.plan.endowment)
            }
            MetricId::InterestIncome => totals.interest.0,
            MetricId::PremiumIncome => totals.premiums.0,
            MetricId::TreasuryIncome => fund.treasury.0,
            MetricId::FeesPaid => fund.fees_paid.0,
            MetricId::FeesUnpaid => fund.fees_unpaid.0,
            MetricId::ClosingResources => fund.closing_resources.0,
            MetricId::ClosingRatio => ratio(fund.closing_resources.0, self.plan.endowment.0),
            MetricId::OutstandingAtHorizon => totals.outstanding_at_horizon.0,
            MetricId::ValueRatio => {
                ratio((fund.closing_resources + totals.outstanding_at_horizon).0, self.plan.endowment.0)
            }
            MetricId::TranchesAdvanced => fund.tranches_advanced,
            MetricId::NeverPaidIn => fund.never_paid_in.0,
            MetricId::GrantsRecovered => totals.grants_recovered.0,
            MetricId::SubsidyCost => fund.subsidy_cost.0,
            MetricId::GrossGrantEquivalent => totals.gross_grant_equivalent.0,
            MetricId::GrossGrantIntensity => {
                ratio(totals.gross_grant_equivalent.0, totals.investment_supported.0)
            }
            MetricId::EnterprisesSupported => totals.indicators.enterprises,
            MetricId::EnterprisesWithGrant => totals.indicators.with_grant,
            MetricId::EnterprisesWithInstrument => totals.indicators.with_instrument,
            MetricId::PrivateWithGrant => totals.indicators.private_with_grant.0,
            MetricId::PrivateWithInstrument => totals.indicators.private_with_instrument.0,
        }
    }
}

/// Investment supported / investment applied for; 1 if nothing was applied for.
pub fn coverage(supported: Cents, applied: Cents) -> i64 {
    if applied.0 == 0 { RATIO_ONE } else { ratio(supported.0, applied.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_round_half_even_on_both_roads() {
        assert_eq!(ratio(1, 3), 333_333_333);
        assert_eq!(ratio(2, 3), 666_666_667);
        assert_eq!(ratio(-1, 3), -333_333_333);
        assert_eq!(ratio(5, 0), 0);
        assert_eq!(ratio(1, 2_000_000_000), 0);
        assert_eq!(ratio(3, 2_000_000_000), 2);
        assert_eq!(ratio(9_300_000_000_000, 9_300_000_000_000), RATIO_ONE);
        assert_eq!(ratio(i64::MAX, 1), i64::MAX);
    }
}
