//! One number of a scenario's results: which figure, of what, which statistic.

use crate::aggregate::columns::{About, Column};
use crate::aggregate::precision::Headline;
use crate::metrics::{MetricId, Scope};
use crate::plan::Plan;
use crate::scenario::{LimitStatistic, LineNumber};

/// A figure and a statistic of it: "ES 99 % of `fund_loss`".
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Measure {
    /// Which figure of a path.
    pub metric: MetricId,
    /// Of which line; `None`: of the whole fund.
    pub line: Option<LineNumber>,
    /// Which statistic over the paths.
    pub statistic: LimitStatistic,
}

/// Which of two values of a figure is preferred.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// More is better: leverage, investment supported, what comes back.
    Up,
    /// Less is better: losses, calls, chances of a broken promise.
    Down,
    /// Neither: counts and flows that describe the mix.
    Neither,
}

impl Measure {
    /// A statistic of a figure of the whole fund.
    pub fn of_fund(metric: MetricId, statistic: LimitStatistic) -> Measure {
        Measure { metric, line: None, statistic }
    }

    /// The headline figures of PRODUCT.md, in their order.
    pub fn headlines() -> Vec<Measure> {
        Headline::ALL
            .iter()
            .map(|headline| Measure::of_fund(headline.metric(), headline.statistic()))
            .collect()
    }

    /// The column of this figure under a plan; `None` if the plan does not have it.
    pub fn column(&self, plan: &Plan) -> Option<Column> {
        let about = match self.line {
            None => About::All,
            Some(_) if self.metric.scope() == Scope::AllOnly => return None,
            Some(number) => {
                let slot = plan.lines.iter().position(|line| line.number == number)?;
                About::Line(number, slot)
            }
        };
        Some(Column { metric: self.metric, about })
    }

    /// Which direction is better.
    pub fn direction(&self) -> Direction {
        direction(self.metric)
    }
}

/// Which direction of a figure a public fund prefers.
pub fn direction(metric: MetricId) -> Direction {
    use Direction::{Down, Neither, Up};
    match metric {
        MetricId::Projects
        | MetricId::Approvals
        | MetricId::InvestmentSupported
        | MetricId::DemandCoverage
        | MetricId::Absorption
        | MetricId::LeverageEffect
        | MetricId::FinanceLeverage
        | MetricId::LeverageOnUsed
        | MetricId::InvestmentMultiplier
        | MetricId::PrivateLeverage
        | MetricId::GuaranteeMultiplier
        | MetricId::GuaranteeRecoveries
        | MetricId::ReserveCovers
        | MetricId::CapitalKept
        | MetricId::InterestIncome
        | MetricId::PremiumIncome
        | MetricId::TreasuryIncome
        | MetricId::ClosingResources
        | MetricId::ClosingRatio
        | MetricId::ValueRatio
        | MetricId::GrantsRecovered
        | MetricId::EnterprisesSupported
        | MetricId::PrivateWithGrant
        | MetricId::PrivateWithInstrument => Up,
        MetricId::RejectedBudget
        | MetricId::RejectedIneligible
        | MetricId::Withdrawals
        | MetricId::Defaults
        | MetricId::DefaultRate
        | MetricId::AnnualDefaultRate
        | MetricId::DefaultedExposure
        | MetricId::LoanLoss
        | MetricId::CallsDemanded
        | MetricId::CallsPaid
        | MetricId::CallsOverCap
        | MetricId::Shortfall
        | MetricId::GuaranteeLoss
        | MetricId::FundLoss
        | MetricId::FundLossRate
        | MetricId::BankLoss
        | MetricId::CapUtilisation
        | MetricId::CapHit
        | MetricId::ShortfallEvent
        | MetricId::OverdraftEvent
        | MetricId::ReserveUsage
        | MetricId::FeesPaid
        | MetricId::FeesUnpaid
        | MetricId::TranchesAdvanced
        | MetricId::NeverPaidIn
        | MetricId::SubsidyCost => Down,
        MetricId::Applications
        | MetricId::InvestmentApplied
        | MetricId::FundLoans
        | MetricId::BankLoans
        | MetricId::GuaranteedLoans
        | MetricId::Guarantees
        | MetricId::Reserves
        | MetricId::Grants
        | MetricId::OwnFunds
        | MetricId::GrantsPaid
        | MetricId::OutstandingAtHorizon
        | MetricId::GrossGrantEquivalent
        | MetricId::GrossGrantIntensity
        | MetricId::EnterprisesWithGrant
        | MetricId::EnterprisesWithInstrument => Neither,
    }
}
