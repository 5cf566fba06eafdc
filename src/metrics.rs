//! What is reported of each path: the ids, units and kinds of MODEL.md section 9, in one table.
//!
//! The name in code, in the CSV header, in the JSON key and in the scenario's `[[limit]]` is the same word.

/// How a path figure is measured and carried.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// A whole number of things.
    Count,
    /// Euros; carried per path as whole cents.
    Euro,
    /// A ratio; carried per path as an integer of 1e-9.
    Ratio,
    /// An event of the path: 0 or 1; the mean is its probability.
    Probability,
}

impl Unit {
    /// The word in machine files.
    pub fn word(self) -> &'static str {
        match self {
            Unit::Count => "count",
            Unit::Euro => "EUR",
            Unit::Ratio => "ratio",
            Unit::Probability => "probability",
        }
    }
}

/// For which lines a metric exists.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// For `all` and for each line.
    AllAndLines,
    /// For `all` only.
    AllOnly,
}

macro_rules! metrics {
    ($($variant:ident, $id:literal, $unit:ident, $scope:ident, $shortfall:literal, $meaning:literal;)+) => {
        /// A figure of a path, by the id of MODEL.md section 9.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum MetricId { $(#[doc = $meaning] $variant,)+ }

        impl MetricId {
            /// All metrics, in the order of the tables.
            pub const ALL: &'static [MetricId] = &[$(MetricId::$variant,)+];
            /// The ids of all metrics, in the same order.
            pub const IDS: &'static [&'static str] = &[$($id,)+];

            /// The id in files.
            pub fn id(self) -> &'static str {
                match self { $(MetricId::$variant => $id,)+ }
            }

            /// The metric with this id.
            pub fn from_id(id: &str) -> Option<MetricId> {
                match id { $($id => Some(MetricId::$variant),)+ _ => None }
            }

            /// Its unit.
            pub fn unit(self) -> Unit {
                match self { $(MetricId::$variant => Unit::$unit,)+ }
            }

            /// For which lines it exists.
            pub fn scope(self) -> Scope {
                match self { $(MetricId::$variant => Scope::$scope,)+ }
            }

            /// Whether expected shortfalls are reported (EUR losses and their rates).
            pub fn has_shortfall(self) -> bool {
                match self { $(MetricId::$variant => $shortfall,)+ }
            }

            /// Its definition in a line.
            pub fn meaning(self) -> &'static str {
                match self { $(MetricId::$variant => $meaning,)+ }
            }
        }
    };
}

metrics! {
    Applications, "applications", Count, AllAndLines, false, "applications received, eligible or not";
    Approvals, "approvals", Count, AllAndLines, false, "applications approved";
    Withdrawals, "withdrawals", Count, AllAndLines, false, "approved projects that withdrew before disbursement";
    Projects, "projects", Count, AllAndLines, false, "projects disbursed";
    RejectedBudget, "rejected_budget", Count, AllAndLines, false, "applications lost because no budget was free in time";
    RejectedIneligible, "rejected_ineligible", Count, AllAndLines, false, "applications outside the line's limits or above the aid ceiling";
    InvestmentApplied, "investment_applied", Euro, AllAndLines, false, "project investment applied for";
    InvestmentSupported, "investment_supported", Euro, AllAndLines, false, "project investment of disbursed projects";
    FundLoans, "fund_loans", Euro, AllAndLines, false, "fund loans disbursed";
    BankLoans, "bank_loans", Euro, AllAndLines, false, "bank loans disbursed to projects";
    GuaranteedLoans, "guaranteed_loans", Euro, AllAndLines, false, "bank loans that carry a guarantee, at disbursement";
    Guarantees, "guarantees", Euro, AllAndLines, false, "guaranteed amounts: guarantee rate x bank loan, at disbursement";
    Reserves, "reserves", Euro, AllAndLines, false, "reserves of the guarantees, at disbursement";
    Grants, "grants", Euro, AllAndLines, false, "grants awarded to disbursed projects";
    OwnFunds, "own_funds", Euro, AllAndLines, false, "own funds of disbursed projects";
    GrantsPaid, "grants_paid", Euro, AllAndLines, false, "grants paid";
    DemandCoverage, "demand_coverage", Ratio, AllAndLines, false, "investment supported / investment applied for (1 if nothing applied)";
    Absorption, "absorption", Ratio, AllAndLines, false, "(fund loans + reserves + grants) / contribution";
    LeverageEffect, "leverage_effect", Ratio, AllAndLines, false, "(fund loans + bank loans) / contribution of the Union";
    FinanceLeverage, "finance_leverage", Ratio, AllAndLines, false, "(fund loans + bank loans + grants) / contribution of the Union";
    LeverageOnUsed, "leverage_on_used", Ratio, AllAndLines, false, "(fund loans + bank loans) / (fund loans + reserves + grants)";
    InvestmentMultiplier, "investment_multiplier", Ratio, AllAndLines, false, "investment supported / contribution";
    PrivateLeverage, "private_leverage", Ratio, AllAndLines, false, "(bank loans + own funds) / contribution of the Union";
    GuaranteeMultiplier, "guarantee_multiplier", Ratio, AllAndLines, false, "guaranteed loans / reserves (0 if none)";
    Defaults, "defaults", Count, AllAndLines, false, "projects defaulted over the fund's life";
    DefaultRate, "default_rate", Ratio, AllAndLines, false, "defaults / projects (0 if none)";
    AnnualDefaultRate, "annual_default_rate", Ratio, AllAndLines, false, "defaults per project-year of payments made";
    DefaultedExposure, "defaulted_exposure", Euro, AllAndLines, false, "exposure at default of fund and bank loans";
    LoanLoss, "loan_loss", Euro, AllAndLines, true, "fund-loan exposure at default - recoveries on it";
    CallsDemanded, "calls_demanded", Euro, AllAndLines, true, "guarantee calls demanded by the banks";
    CallsPaid, "calls_paid", Euro, AllAndLines, true, "guarantee calls paid";
    CallsOverCap, "calls_over_cap", Euro, AllAndLines, true, "calls left unpaid at the horizon above the cap";
    Shortfall, "shortfall", Euro, AllAndLines, false, "calls left unpaid at the horizon within the cap";
    GuaranteeRecoveries, "guarantee_recoveries", Euro, AllAndLines, false, "the fund's share of recoveries on called loans";
    GuaranteeLoss, "guarantee_loss", Euro, AllAndLines, true, "calls paid - guarantee recoveries";
    FundLoss, "fund_loss", Euro, AllAndLines, true, "loan loss + guarantee loss";
    FundLossRate, "fund_loss_rate", Ratio, AllAndLines, true, "fund loss / contribution";
    BankLoss, "bank_loss", Euro, AllAndLines, true, "bank-loan exposure at default - recoveries - calls paid + guarantee recoveries";
    CapUtilisation, "cap_utilisation", Ratio, AllAndLines, false, "guarantee loss of capped lines / their cap amounts (0 if none)";
    CapHit, "cap_hit", Probability, AllAndLines, false, "at the horizon calls were left unpaid above the cap (calls that the cap only delayed do not count: `trace` tells of them)";
    ShortfallEvent, "shortfall_event", Probability, AllAndLines, false, "in some quarter a call within the cap could not be paid in full";
    OverdraftEvent, "overdraft_event", Probability, AllOnly, false, "cash was below 0 at the end of some quarter";
    ReserveCovers, "reserve_covers", Probability, AllAndLines, false, "guarantee budget + premiums covered the guarantee loss (always so where calls are paid from the envelope alone)";
    ReserveUsage, "reserve_usage", Ratio, AllAndLines, false, "guarantee loss / (guarantee budget + premiums)";
    CapitalKept, "capital_kept", Probability, AllOnly, false, "closing resources + outstanding loans + grants paid reached the endowment";
    InterestIncome, "interest_income", Euro, AllAndLines, false, "interest received on fund loans";
    PremiumIncome, "premium_income", Euro, AllAndLines, false, "guarantee premiums received";
    TreasuryIncome, "treasury_income", Euro, AllOnly, false, "interest on the fund's cash";
    FeesPaid, "fees_paid", Euro, AllOnly, false, "management fees paid";
    FeesUnpaid, "fees_unpaid", Euro, AllOnly, false, "management fees that nothing was left to pay";
    ClosingResources, "closing_resources", Euro, AllOnly, false, "all envelopes at the horizon: what comes back to the Region";
    ClosingRatio, "closing_ratio", Ratio, AllOnly, false, "closing resources / endowment";
    OutstandingAtHorizon, "outstanding_at_horizon", Euro, AllAndLines, false, "performing fund-loan balances after the last quarter";
    ValueRatio, "value_ratio", Ratio, AllOnly, false, "(closing resources + outstanding at horizon) / endowment";
    TranchesAdvanced, "tranches_advanced", Count, AllOnly, false, "tranches the Region had to pay ahead of the rule";
    NeverPaidIn, "never_paid_in", Euro, AllOnly, false, "endowment that was never drawn";
    GrantsRecovered, "grants_recovered", Euro, AllAndLines, false, "grants clawed back";
    SubsidyCost, "subsidy_cost", Euro, AllOnly, true, "present value of the tranches - present value of the closing cash";
    GrossGrantEquivalent, "gge", Euro, AllAndLines, false, "gross grant equivalent of disbursed projects (state aid)";
    GrossGrantIntensity, "gge_intensity", Ratio, AllAndLines, false, "gross grant equivalent / investment supported";
    EnterprisesSupported, "co01", Count, AllAndLines, false, "enterprises receiving support (CO01), each member of a project counted";
    EnterprisesWithGrant, "co02", Count, AllAndLines, false, "enterprises receiving grants (CO02)";
    EnterprisesWithInstrument, "co03", Count, AllAndLines, false, "enterprises receiving a fund loan or a guarantee (CO03)";
    PrivateWithGrant, "co06", Euro, AllAndLines, false, "own funds + bank loans of projects with a grant (CO06)";
    PrivateWithInstrument, "co07", Euro, AllAndLines, false, "own funds + bank loans of projects with a fund loan or a guarantee and no grant (CO07)";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_found_again() {
        for (metric, id) in MetricId::ALL.iter().zip(MetricId::IDS) {
            assert_eq!(MetricId::from_id(id), Some(*metric));
            assert_eq!(metric.id(), *id);
        }
    }
}
