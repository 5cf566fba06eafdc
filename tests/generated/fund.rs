//! `[fund]`, its fees and tranches, `[rules]` and `[state_aid]`.

use super::{Family, euros, one_of};
use proptest::prelude::*;

/// A fund before the budgets of its lines are known.
#[derive(Clone, Debug)]
pub struct FundDraft {
    seed: u32,
    horizon_quarters: u32,
    open_choice: u32,
    fees_budget_cents: u64,
    terms: String,
    fees: String,
    aid: String,
}

pub fn draft(family: Family) -> impl Strategy<Value = FundDraft> {
    (1..u32::MAX, 4_u32..=24, 0_u32..24, budget(), terms(family), fees(), aid(family)).prop_map(
        |(seed, horizon_quarters, open_choice, fees_budget_cents, terms, fees, aid)| FundDraft {
            seed,
            horizon_quarters,
            open_choice,
            fees_budget_cents,
            terms,
            fees,
            aid,
        },
    )
}

impl FundDraft {
    /// Quarters in which applications arrive: 1 up to the horizon.
    pub fn open_quarters(&self) -> u32 {
        1 + self.open_choice % self.horizon_quarters
    }

    /// The tables, for lines with these budgets.
    pub fn text(&self, budgets_cents: u64) -> String {
        // A fund has at least a cent.
        let fees_budget =
            if budgets_cents == 0 { self.fees_budget_cents.max(1) } else { self.fees_budget_cents };
        let years = |quarters: u32| format!("{}.{:02}", quarters / 4, 25 * (quarters % 4));
        format!(
            "[rules]\nwaive = [\"R102\", \"R103\", \"R104\", \"R105\", \"R106\", \"R108\", \"R118\"]\n\
             [simulation]\npaths = 1000\nseed = {}\n\
             [fund]\nendowment = {}\nhorizon_years = {}\navailability_years = {}\n{}\
             [fund.fees]\nbudget = {}\n{}{}",
            self.seed,
            euros(budgets_cents + fees_budget),
            years(self.horizon_quarters),
            years(self.open_quarters()),
            self.terms,
            euros(fees_budget),
            self.fees,
            self.aid,
        )
    }
}

fn budget() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), 1_u64..5_000_000, 5_000_000_u64..50_000_000]
}

fn terms(family: Family) -> impl Strategy<Value = String> {
    let revolving = match family {
        Family::Any => prop_oneof![Just(false), Just(true)].boxed(),
        Family::Ample => Just(false).boxed(),
    };
    (
        one_of(&["2018-Q4", "2021-Q1", "2014-Q2"]),
        one_of(&["2014-2020", "2021-2027"]),
        revolving,
        (one_of(&["1", "\"50%\"", "0.333"]), one_of(&["0", "\"12.5%\"", "1"])),
        one_of(&["0", "\"2.5%\"", "-0.01", "\"-45%\""]),
        one_of(&["0", "\"0.69%\"", "-0.05", "\"12%\""]),
        tranches(),
    )
        .prop_map(|(start, period, revolving, (union_share, deadweight), treasury, discount, tranches)| {
            format!(
                "start = \"{start}\"\nperiod = \"{period}\"\nrevolving = {revolving}\nunion_share = {union_share}\ndeadweight = {deadweight}\n\
                 treasury_rate = {treasury}\ndiscount_rate = {discount}\n{tranches}"
            )
        })
}

fn tranches() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        2 => Just(""),
        2 => Just("tranches = { shares = [0.25, 0.25, 0.25, 0.25], triggers = [0, 0.6, 0.85, 0.85] }\n"),
        1 => Just("tranches = { shares = [\"33.3%\", \"33.3%\", \"33.4%\"], triggers = [0, 1, 0] }\n"),
        1 => Just("tranches = { shares = [0.1, 0.2, 0.3, 0.4], triggers = [0, 0.05, 0.1, 0.2] }\n"),
        1 => Just("tranches = { shares = [0, 0.15, 0.85], triggers = [0, 0.5, 1] }\n"),
    ]
}

fn fees() -> impl Strategy<Value = String> {
    (
        one_of(&["[0]", "[\"0.5%\"]", "[\"3%\", \"1.25%\", 0]", "[0, 0, \"8%\"]"]),
        one_of(&["0", "\"1%\"", "\"7%\""]),
        one_of(&["0", "\"1.5%\"", "\"9%\""]),
        one_of(&["0", "\"0.5%\"", "\"6%\""]),
        one_of(&["1", "\"7%\"", "\"1.5%\"", "0"]),
    )
        .prop_map(|(base, loans, guarantees, grants, cap)| {
            format!(
                "base = {base}\nloans = {loans}\nguarantees = {guarantees}\ngrants = {grants}\ncap = {cap}\n"
            )
        })
}

fn aid(family: Family) -> impl Strategy<Value = String> {
    match family {
        Family::Ample => Just(String::new()).boxed(),
        Family::Any => prop_oneof![
            3 => Just(String::new()),
            2 => (prop_oneof![Just(500_u32), 1_000_u32..60_000, Just(300_000)], one_of(&["\"-0.13%\"", "\"2.9%\"", "0"]), one_of(&["", "route = \"simplified\"\n", "route = \"simplified\"\nregulation = \"2023/2831\"\n"]))
                .prop_map(|(ceiling, base_rate, route)| {
                    format!("[state_aid]\nregime = \"de_minimis\"\nceiling = {ceiling}\nbase_rate = {base_rate}\n{route}")
                }),
        ]
        .boxed(),
    }
}
