//! The yearly report on a financial instrument: Reg. 1303/2013 art. 46(2), with the fields of annex I of Implementing
//! Reg. 821/2014 where DOMAIN.md (section 2, art. 46) names them.
//!
//! The template reports amounts since the beginning ([`Basis::ToDate`]); beside each flow stands that of the year alone
//! ([`Basis::Year`]). A year is a calendar year: that of the quarter, whose first and last may be short.

use super::path_books::{Flows, PathBooks};
use crate::aggregate::figures::ratio_to;
use crate::metrics::Unit;
use crate::plan::Plan;
use crate::units::Cents;

macro_rules! items {
    ($($variant:ident, $id:literal, $field:literal, $unit:ident, $flow:literal, $meaning:literal;)+) => {
        /// A figure of the yearly report.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Item { $(#[doc = $meaning] $variant,)+ }

        impl Item {
            /// All, in the order of the report.
            pub const ALL: &'static [Item] = &[$(Item::$variant,)+];

            /// The id in files.
            pub fn id(self) -> &'static str {
                match self { $(Item::$variant => $id,)+ }
            }

            /// The field of annex I of Reg. 821/2014; empty where DOMAIN.md names none.
            pub fn field(self) -> &'static str {
                match self { $(Item::$variant => $field,)+ }
            }

            /// Its unit.
            pub fn unit(self) -> Unit {
                match self { $(Item::$variant => Unit::$unit,)+ }
            }

            /// Whether it adds up over the years; if not, it is a state at the end of the year.
            pub fn is_flow(self) -> bool {
                match self { $(Item::$variant => $flow,)+ }
            }

            /// Its definition in a line.
            pub fn meaning(self) -> &'static str {
                match self { $(Item::$variant => $meaning,)+ }
            }
        }
    };
}

items! {
    Programmed, "programmed", "", Euro, false, "programme contributions committed in the funding agreement: the endowment";
    PaidIn, "paid_in", "", Euro, true, "programme contributions paid to the fund";
    Committed, "committed", "", Euro, true, "fund loans, reserves and grants of approved projects, less those that withdrew";
    Disbursed, "disbursed", "25", Euro, true, "paid to final recipients through loans and grants, or set aside as guarantees for loans paid to them";
    LoansDisbursed, "loans_disbursed", "", Euro, true, "of which fund loans";
    GuaranteesSetAside, "guarantees_set_aside", "", Euro, true, "of which reserves of guarantees, when their loans were disbursed";
    GrantsPaid, "grants_paid", "", Euro, true, "of which grants paid";
    Recipients, "recipients", "29", Count, true, "final recipients supported: projects disbursed";
    RecipientsMicro, "recipients_micro", "29", Count, true, "of which micro enterprises";
    RecipientsSmall, "recipients_small", "29", Count, true, "of which small enterprises";
    RecipientsMedium, "recipients_medium", "29", Count, true, "of which medium enterprises";
    Defaults, "defaults", "32", Count, true, "projects defaulted";
    DefaultedAmount, "defaulted_amount", "33", Euro, true, "fund loans outstanding at default, and guarantee calls demanded";
    TreasuryIncome, "treasury_income", "35", Euro, true, "interest on payments to the fund not yet used; may be negative";
    InterestIncome, "interest_income", "36", Euro, true, "interest received on fund loans";
    PremiumIncome, "premium_income", "36", Euro, true, "guarantee premiums received";
    ResourcesPaidBack, "resources_paid_back", "36", Euro, true, "principal repaid, recoveries on loans and on guarantee calls, grants recovered";
    ResourcesReused, "resources_reused", "", Euro, true, "loans, calls and fees beyond what the budgets held at the start";
    ManagementCosts, "management_costs", "", Euro, true, "management costs and fees paid";
    OtherContributions, "other_contributions", "38", Euro, true, "bank loans and own funds of final recipients";
    LeverageExpected, "leverage_expected", "39", Ratio, false, "finance to final recipients per euro of the Union as the funding agreement expects, or as the budgets imply";
    LeverageAchieved, "leverage_achieved", "39", Ratio, false, "fund loans, bank loans and grants of projects disbursed to date / contribution of the Union";
    InvestmentMobilised, "investment_mobilised", "40", Euro, true, "investment of projects disbursed";
    FundValue, "fund_value", "", Euro, false, "cash and performing fund loans at the end of the year";
}

/// Over which time a figure is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Basis {
    /// What happened in the year.
    Year,
    /// From the beginning to the end of the year, or the state there.
    ToDate,
}

impl Basis {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Basis::Year => "year",
            Basis::ToDate => "to_date",
        }
    }
}

/// One column of the yearly report.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AnnualColumn {
    /// Calendar year.
    pub year: i32,
    /// Which figure.
    pub item: Item,
    /// Over which time.
    pub basis: Basis,
}

/// All columns of a plan: year by year, item by item.
pub fn columns(plan: &Plan) -> Vec<AnnualColumn> {
    let (first, last) = (plan.start.year(), plan.start.plus(plan.quarters - 1).year());
    let of_year = |year: i32| {
        Item::ALL.iter().flat_map(move |&item| {
            let bases: &[Basis] =
                if item.is_flow() { &[Basis::Year, Basis::ToDate] } else { &[Basis::ToDate] };
            bases.iter().map(move |&basis| AnnualColumn { year, item, basis })
        })
    };
    (first..=last).flat_map(of_year).collect()
}

/// The figures of a path, in the order of [`columns`]; `expected` is the expected leverage in 1e-9.
pub fn figures(plan: &Plan, books: &PathBooks, expected: i64, take: &mut impl FnMut(i64)) {
    let last = plan.quarters - 1;
    let (mut before, mut now) = (Flows::default(), Flows::default());
    for (quarter, flows) in books.quarters().iter().enumerate() {
        now.add(flows);
        let quarter = quarter as u32;
        if quarter != last && plan.start.plus(quarter).number() != 4 {
            continue;
        }
        for &item in Item::ALL {
            let to_date = to_date(item, plan, &now, expected);
            if item.is_flow() {
                take(to_date - self::to_date(item, plan, &before, expected));
            }
            take(to_date);
        }
        before = now;
    }
}

/// A figure from all flows up to a quarter.
fn to_date(item: Item, plan: &Plan, flows: &Flows, expected: i64) -> i64 {
    let (fund, all) = (&flows.fund, flows.all_lines());
    match item {
        Item::Programmed => plan.endowment.0,
        Item::PaidIn => fund.paid_in.0,
        Item::Committed => all.committed.0,
        Item::Disbursed => all.disbursed().0,
        Item::LoansDisbursed => all.loans.0,
        Item::GuaranteesSetAside => all.reserves.0,
        Item::GrantsPaid => all.grants_paid.0,
        Item::Recipients => all.projects,
        Item::RecipientsMicro => all.micro,
        Item::RecipientsSmall => all.small,
        Item::RecipientsMedium => all.medium,
        Item::Defaults => all.defaults,
        Item::DefaultedAmount => (all.exposure + all.calls_demanded).0,
        Item::TreasuryIncome => fund.treasury.0,
        Item::InterestIncome => all.interest.0,
        Item::PremiumIncome => all.premiums.0,
        Item::ResourcesPaidBack => {
            (all.principal + all.loan_recoveries + all.call_recoveries + all.grants_recovered).0
        }
        Item::ResourcesReused => reused(plan, flows).0,
        Item::ManagementCosts => fund.fees().0,
        Item::OtherContributions => (all.bank_loans + all.own_funds).0,
        Item::LeverageExpected => expected,
        Item::LeverageAchieved => {
            let finance = all.loans + all.bank_loans + all.grants_awarded;
            ratio_to(finance, plan.endowment.to_f64() * plan.union_share)
        }
        Item::InvestmentMobilised => all.investment.0,
        Item::FundValue => (flows.cash() + all.outstanding()).0,
    }
}

/// What was spent beyond the budgets of the start, and so out of resources paid back or earned (Reg. 1303/2013 art. 44):
/// loans beyond the line's loans budget, calls beyond its guarantees budget or out of *income* and *returned*, fees out of
/// *income*. Programme resources count as spent first.
fn reused(plan: &Plan, flows: &Flows) -> Cents {
    let of_lines: Cents = plan
        .lines
        .iter()
        .zip(&flows.lines)
        .map(|(line, flows)| {
            (flows.loans - line.loans_budget).positive()
                + (flows.calls_from_guarantees - line.guarantees_budget).positive()
                + flows.calls_from_others
        })
        .sum();
    of_lines + flows.fund.fees_from_income
}
