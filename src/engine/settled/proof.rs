//! Whether everybody on a list is surely approved: whatever the luck, each admitted applicant gets the product that it
//! prefers in the quarter in which it applies.
//!
//! Proved from the plan, with sums over all admitted applicants of the largest amount among the products that each may
//! prefer:
//!
//! - *loans* and *grants*: the sum is within the budget. The envelopes fall by nothing else and what comes back only
//!   adds, so that every need is met in any order.
//! - *guarantees*, not revolving, or capped: the sum of the reserves `R` is within the budget `B`. The balance is at least
//!   `B - N` (premiums add, calls may also be paid from elsewhere), the promises are at most `max(R - N, 0)`, and
//!   the balance is never below 0.
//! - *guarantees*, uncapped and revolving: `B` covers the sum of guaranteed amounts times `max(1, provision rate)`, because
//!   paid calls, open calls and provisions on what still performs are never more.
//! - state aid: every product that an admitted applicant may prefer is within the ceiling.
//!
//! [`crate::analytic::sure_list`] has the same proof for its own ends; the two are kept apart because the one checks what
//! the other computes.

use crate::engine::applicants::Applicant;
use crate::engine::approval::ineligibility;
use crate::plan::{LinePlan, ListedApplicant, Package, Plan};
use crate::units::Cents;

/// Whether the list of a line (by slot) is surely approved.
pub fn surely_approved(plan: &Plan, slot: usize, rows: &[ListedApplicant]) -> bool {
    let line = &plan.lines[slot];
    let mut needs = Package::default();
    for row in rows {
        if row.quarter >= plan.open_quarters {
            return false;
        }
        if ineligibility(line, &as_applicant(row)).is_some() {
            continue;
        }
        let mut largest = Package::default();
        for product in may_prefer(line, row) {
            let package = line.package(product, row.investment);
            let aid = line.gross_grant_equivalent(product, row.rating, &package);
            if !line.aid_fits(aid, row.members) {
                return false;
            }
            largest.fund_loan = largest.fund_loan.max(package.fund_loan);
            largest.grant = largest.grant.max(package.grant);
            largest.reserve = largest.reserve.max(package.reserve);
            largest.guaranteed = largest.guaranteed.max(package.guaranteed);
        }
        needs.fund_loan += largest.fund_loan;
        needs.grant += largest.grant;
        needs.reserve += largest.reserve;
        needs.guaranteed += largest.guaranteed;
    }
    let promises = if plan.revolving && !line.guarantee.capped {
        // Each term of the promises is rounded by itself: one cent for the sum of provisions.
        needs.guaranteed.times(line.guarantee.reserve_rate.max(1.0)) + Cents(1)
    } else {
        needs.reserve
    };
    needs.fund_loan <= line.loans_budget
        && needs.grant <= line.grants_budget
        && (needs.guaranteed == Cents::ZERO || promises <= line.guarantees_budget)
}

/// The products that a listed applicant may prefer: the named one, or each with some demand.
fn may_prefer(line: &LinePlan, row: &ListedApplicant) -> impl Iterator<Item = usize> {
    (0..line.products.len()).filter(move |&product| match row.product {
        Some(named) => named == product,
        None => line.demand.probability(product) > 0.0,
    })
}

fn as_applicant(row: &ListedApplicant) -> Applicant {
    Applicant {
        number: row.number,
        listed: None,
        arrival: row.quarter,
        investment: row.investment,
        theme: row.theme,
        legal_form: row.legal_form,
        size: row.size,
        rating: row.rating,
        accompanied: row.accompanied,
        members: row.members,
        preferred: 0,
        accepts_other: false,
    }
}
