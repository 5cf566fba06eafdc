//! What the fund costs the public, by source, in the manner of the Federal Credit Reform Act of 1990 (FCRA; OMB Circular
//! present values of what goes out less what comes in.
//!
//! `subsidy_cost` (MODEL.md section 9) is `sum over tranches of paid_in_q d_q - D cash`, with the discount factor `d_q` of
//! quarter `q` and `D` that of the last quarter. Every euro of cash was paid in or received and not paid out, so that
//!
//! `subsidy_cost = sum of (payments_q - receipts_q) d_q + sum over q of cash_q (d_q - d_(q+1))`:
//!
//! what the dealings with others cost, and what it costs that cash waits in the fund. The first sum is split by what was
//! paid and received for:
//!
//! | part | definition, all discounted |
//! | --- | --- |
//! | `defaults` | fund loans outstanding at default, at the default, less recoveries, plus calls paid less recoveries on them |
//! | `lending` | loans disbursed less principal repaid, less what was outstanding at default, less what performs at the horizon, less interest: the time value of the money lent less the interest received |
//! | `outstanding` | fund loans that perform at the horizon: `subsidy_cost` counts cash only |
//! | `grants` | grants paid less grants recovered |
//! | `fees` | management costs |
//! | `income` | treasury income and premiums, with a minus; of a running fund also what its given opening balances hold beyond the derived ones |
//! | `idle_cash` | cash that waits: `sum of cash_q (d_q - d_(q+1))` |
//!
//! Rounding: every part but `idle_cash` is rounded once. `idle_cash` is `subsidy_cost` less the other parts, which is its
//! definition: what the paid-in money costs beyond what the dealings with others cost. It differs from the sum above by
//! the roundings of tranches and parts only (a test holds the two together), and the parts add up to `subsidy_cost` to
//! the cent on every path. At a discount rate of 0 it is 0 or these roundings, which are then 0 too.

use super::path_books::{LineFlows, PathBooks};
use crate::engine::totals::PathTotals;
use crate::plan::Plan;
use crate::units::Cents;

/// A part of the subsidy cost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// Defaults net of recoveries.
    Defaults,
    /// Time value of money lent, less interest received.
    Lending,
    /// Loans that perform at the horizon.
    Outstanding,
    /// Grants net of those recovered.
    Grants,
    /// Management costs.
    Fees,
    /// Treasury income and premiums, with a minus.
    Income,
    /// Carry of idle cash.
    IdleCash,
}

/// Number of parts.
pub const PARTS: usize = Part::ALL.len();

impl Part {
    /// All, in the order of the files.
    pub const ALL: [Part; 7] = [
        Part::Defaults,
        Part::Lending,
        Part::Outstanding,
        Part::Grants,
        Part::Fees,
        Part::Income,
        Part::IdleCash,
    ];

    /// The id in files.
    pub fn id(self) -> &'static str {
        match self {
            Part::Defaults => "defaults",
            Part::Lending => "lending",
            Part::Outstanding => "outstanding",
            Part::Grants => "grants",
            Part::Fees => "fees",
            Part::Income => "income",
            Part::IdleCash => "idle_cash",
        }
    }
}

/// The parts of a path, in the order of [`Part::ALL`]; they add up to its `subsidy_cost`.
pub fn parts(plan: &Plan, books: &PathBooks, totals: &PathTotals) -> [Cents; PARTS] {
    let value = |of: &dyn Fn(&LineFlows) -> Cents| -> f64 {
        let flows = books.quarters().iter().zip(&plan.discount);
        flows.map(|(flows, discount)| of(&flows.all_lines()).to_f64() * discount).sum()
    };
    let fund_value = |of: &dyn Fn(usize) -> Cents| -> f64 {
        plan.discount.iter().enumerate().map(|(quarter, discount)| of(quarter).to_f64() * discount).sum()
    };
    let at_horizon = plan.discount[plan.quarters as usize - 1];
    let outstanding = totals.lines.iter().map(|line| line.outstanding_at_horizon).sum::<Cents>();
    let outstanding = outstanding.to_f64() * at_horizon;
    let defaults = value(&|line| line.fund_loss());
    let lending = value(&|line| line.loans - line.principal - line.exposure - line.interest) - outstanding;
    let grants = value(&|line| line.grants_paid - line.grants_recovered);
    let premiums = value(&|line| line.premiums);
    let fees = fund_value(&|quarter| books.quarters()[quarter].fund.fees());
    let treasury = fund_value(&|quarter| {
        let fund = &books.quarters()[quarter].fund;
        fund.treasury + fund.corrections
    });
    let [defaults, lending, outstanding, grants, fees, income] =
        [defaults, lending, outstanding, grants, fees, -(treasury + premiums)].map(Cents::rounded);
    let dealings = defaults + lending + outstanding + grants + fees + income;
    [defaults, lending, outstanding, grants, fees, income, totals.fund.subsidy_cost - dealings]
}

/// What idle cash costs by its own formula, `sum of cash_q (d_q - d_(q+1))`, in cents; [`Part::IdleCash`] is within the
/// roundings of it.
pub fn carry_of_idle_cash(plan: &Plan, cash: &[Cents]) -> f64 {
    let steps = plan.discount.windows(2).zip(cash);
    steps.map(|(discount, cash)| cash.to_f64() * (discount[0] - discount[1])).sum()
}
