//! The streams of cash and counts of a line that have an exact expectation when its projects are surely approved.

use crate::engine::totals::LineTotals;
use crate::metrics::MetricId;

/// Declares the streams: variant, metric of the results if it is one, value in a path's totals if it is there.
macro_rules! streams {
    ($($(#[$doc:meta])* $variant:ident, $metric:expr, |$totals:ident| $value:expr;)+) => {
        /// A sum over the life of the fund, in cents or counts.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum Stream { $($(#[$doc])* $variant,)+ }

        impl Stream {
            /// All of them.
            pub const ALL: &'static [Stream] = &[$(Stream::$variant,)+];
            /// How many there are.
            pub const COUNT: usize = Stream::ALL.len();

            /// The metric that it is in the results.
            pub fn metric(self) -> Option<MetricId> {
                use MetricId::*;
                match self { $(Stream::$variant => $metric,)+ }
            }

            /// Its value on a path.
            pub fn observe(self, totals: &LineTotals) -> Option<i64> {
                match self { $(Stream::$variant => { let $totals = totals; $value })+ }
            }
        }
    };
}

streams! {
    /// Applications.
    Applications, Some(Applications), |t| Some(t.applications);
    /// Applications outside the line's limits.
    RejectedIneligible, Some(RejectedIneligible), |t| Some(t.rejected_ineligible);
    /// Investment applied for.
    InvestmentApplied, Some(InvestmentApplied), |t| Some(t.investment_applied.0);
    /// Approvals.
    Approvals, Some(Approvals), |t| Some(t.approvals);
    /// Approved projects that withdrew.
    Withdrawals, Some(Withdrawals), |t| Some(t.withdrawals);
    /// Projects disbursed.
    Projects, Some(Projects), |t| Some(t.projects);
    /// Investment of disbursed projects.
    InvestmentSupported, Some(InvestmentSupported), |t| Some(t.investment_supported.0);
    /// Fund loans disbursed.
    FundLoans, Some(FundLoans), |t| Some(t.fund_loans.0);
    /// Bank loans disbursed.
    BankLoans, Some(BankLoans), |t| Some(t.bank_loans.0);
    /// Bank loans that carry a guarantee.
    GuaranteedLoans, Some(GuaranteedLoans), |t| Some(t.guaranteed_loans.0);
    /// Guaranteed amounts.
    Guarantees, Some(Guarantees), |t| Some(t.guarantees.0);
    /// Reserves.
    Reserves, Some(Reserves), |t| Some(t.reserves.0);
    /// Grants awarded.
    Grants, Some(Grants), |t| Some(t.grants.0);
    /// Own funds.
    OwnFunds, Some(OwnFunds), |t| Some(t.own_funds.0);
    /// Grants paid.
    GrantsPaid, Some(GrantsPaid), |t| Some(t.grants_paid.0);
    /// Grants clawed back.
    GrantsRecovered, Some(GrantsRecovered), |t| Some(t.grants_recovered.0);
    /// Projects defaulted.
    Defaults, Some(Defaults), |t| Some(t.defaults);
    /// Quarterly payments made.
    Payments, None, |t| Some(t.payments);
    /// Fund-loan exposure at default.
    FundExposure, None, |t| Some(t.fund_exposure.0);
    /// Bank-loan exposure at default.
    BankExposure, None, |t| Some(t.bank_exposure.0);
    /// Exposure at default of both.
    Exposure, Some(DefaultedExposure), |t| Some((t.fund_exposure + t.bank_exposure).0);
    /// Principal of fund loans repaid.
    Principal, None, |t| Some((t.fund_loans - t.fund_exposure - t.outstanding_at_horizon).0);
    /// Recoveries on fund loans.
    FundRecoveries, None, |t| Some(t.fund_recoveries.0);
    /// Recoveries on bank loans.
    BankRecoveries, None, |t| Some(t.bank_recoveries.0);
    /// Fund-loan exposure less recoveries.
    LoanLoss, Some(LoanLoss), |t| Some(t.loan_loss().0);
    /// Calls demanded.
    CallsDemanded, Some(CallsDemanded), |t| Some(t.calls_demanded.0);
    /// Calls paid.
    CallsPaid, Some(CallsPaid), |t| Some(t.calls_paid.0);
    /// The fund's share of recoveries on called loans.
    GuaranteeRecoveries, Some(GuaranteeRecoveries), |t| Some(t.guarantee_recoveries.0);
    /// Calls paid less the fund's share of recoveries.
    GuaranteeLoss, Some(GuaranteeLoss), |t| Some(t.guarantee_loss().0);
    /// Loan loss and guarantee loss.
    FundLoss, Some(FundLoss), |t| Some(t.fund_loss().0);
    /// What the banks lose.
    BankLoss, Some(BankLoss), |t| Some(t.bank_loss().0);
    /// Interest on fund loans.
    Interest, Some(InterestIncome), |t| Some(t.interest.0);
    /// Guarantee premiums.
    Premiums, Some(PremiumIncome), |t| Some(t.premiums.0);
    /// Performing balances after the last quarter.
    Outstanding, Some(OutstandingAtHorizon), |t| Some(t.outstanding_at_horizon.0);
    /// Gross grant equivalents of disbursed projects.
    GrossGrantEquivalent, Some(GrossGrantEquivalent), |t| Some(t.gross_grant_equivalent.0);
    /// Sum over quarters of fund loans outstanding at their start: what performance fees are taken on.
    LoanQuarters, None, |_t| None;
    /// Sum over quarters of original reserves of performing guaranteed loans at their start.
    ReserveQuarters, None, |_t| None;
    /// Grants paid before the last quarter: those whose fee falls within the horizon.
    GrantsCharged, None, |_t| None;
}

impl Stream {
    /// Whether it depends on the loss given default.
    pub fn needs_severity(self) -> bool {
        matches!(
            self,
            Stream::FundRecoveries
                | Stream::BankRecoveries
                | Stream::LoanLoss
                | Stream::GuaranteeRecoveries
                | Stream::GuaranteeLoss
                | Stream::FundLoss
                | Stream::BankLoss
        )
    }

    /// Whether its events are defaults, rather than approvals, withdrawals and choices of products.
    pub fn varies_by_default(self) -> bool {
        self.needs_severity()
            || matches!(
                self,
                Stream::Defaults
                    | Stream::FundExposure
                    | Stream::BankExposure
                    | Stream::Exposure
                    | Stream::CallsDemanded
                    | Stream::CallsPaid
                    | Stream::GrantsRecovered
                    | Stream::GrantsPaid
                    | Stream::Interest
                    | Stream::Premiums
                    | Stream::Outstanding
                    | Stream::Principal
                    | Stream::Payments
            )
    }

    /// Whether it depends on calls being paid in full when due.
    pub fn needs_paid_calls(self) -> bool {
        matches!(
            self,
            Stream::CallsPaid
                | Stream::GuaranteeRecoveries
                | Stream::GuaranteeLoss
                | Stream::FundLoss
                | Stream::BankLoss
        )
    }
}

/// A value of each stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StreamValues([f64; Stream::COUNT]);

impl Default for StreamValues {
    fn default() -> Self {
        StreamValues([0.0; Stream::COUNT])
    }
}

impl StreamValues {
    /// Adds `weight x` another set.
    pub fn add(&mut self, weight: f64, other: &StreamValues) {
        for (sum, value) in self.0.iter_mut().zip(&other.0) {
            *sum += weight * value;
        }
    }

    /// Each value through a function.
    pub fn map(&self, change: impl Fn(f64) -> f64) -> StreamValues {
        StreamValues(self.0.map(change))
    }

    /// Each pair of values through a function.
    pub fn zip(&self, other: &StreamValues, join: impl Fn(f64, f64) -> f64) -> StreamValues {
        let mut joined = *self;
        for (value, other) in joined.0.iter_mut().zip(&other.0) {
            *value = join(*value, *other);
        }
        joined
    }
}

impl std::ops::Index<Stream> for StreamValues {
    type Output = f64;
    fn index(&self, stream: Stream) -> &f64 {
        &self.0[stream as usize]
    }
}

impl std::ops::IndexMut<Stream> for StreamValues {
    fn index_mut(&mut self, stream: Stream) -> &mut f64 {
        &mut self.0[stream as usize]
    }
}
