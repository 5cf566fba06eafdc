//! Lists of borrowers that are surely approved: whatever the luck, every applicant gets its preferred product in the
//! quarter in which it applies.
//!
//! What is proved from the plan, with sums over all admitted applicants of the largest amount among the products that
//! each may prefer:
//!
//! - *loans* and *grants*: the sum of the amounts is within the budget. The envelopes fall by nothing else and what
//!   comes back only adds, so that every need is met in any order.
//! - *guarantees*, not revolving, or capped: the sum of the reserves `R` is within the budget `B`. The balance is at least
//!   `B - N` (premiums add, calls may also be paid from elsewhere), the promises are at most `max(R - N, 0)`, and
//!   the balance is never below 0.
//! - *guarantees*, uncapped and revolving: `B` covers the sum of guaranteed amounts times `max(1, provision rate)`, because
//!   paid calls, open calls and provisions on what still performs are never more.
//! - state aid: every product that an applicant may prefer is within the ceiling.
//!
//! Applicants whom the line does not admit are refused on every path and disturb nobody.
//!
//! Calls are surely paid in full when due if besides the guarantees budget covers all guaranteed amounts, and the line is
//! uncapped or every reserve is at least the guaranteed amount: then neither room nor funds ever limit them.

use super::default_law::Traits;
use crate::engine::applicants::Applicant;
use crate::engine::approval::ineligibility;
use crate::plan::{ApplicantSource, LinePlan, ListedApplicant, Package, Plan};
use crate::units::Cents;

/// A project that is surely approved.
#[derive(Clone, Debug)]
pub struct SureProject {
    /// What its default depends on.
    pub traits: Traits,
    /// Quarter of approval.
    pub approved: u32,
    /// Quarter of disbursement; `None` if it falls beyond the horizon.
    pub disbursed: Option<u32>,
    /// Its investment.
    pub investment: Cents,
    /// Products it may prefer: probability, position, amounts.
    pub packages: Vec<(f64, usize, Package)>,
}

/// A line whose projects are surely approved.
#[derive(Clone, Debug)]
pub struct SureLine {
    /// Projects, in order of decision.
    pub projects: Vec<SureProject>,
    /// Applicants.
    pub applications: usize,
    /// Those whom the line does not admit.
    pub ineligible: usize,
    /// Investment applied for.
    pub investment_applied: Cents,
    /// Whether all calls are surely paid in full when due.
    pub calls_are_paid: bool,
}

/// The line (by slot) as a list of sure approvals; `None` if it has no list, or if some approval depends on luck.
pub fn sure_line(plan: &Plan, slot: usize) -> Option<SureLine> {
    let line = &plan.lines[slot];
    let ApplicantSource::List(rows) = &line.applicants else { return None };
    let mut sure = SureLine {
        projects: Vec::new(),
        applications: rows.len(),
        ineligible: 0,
        investment_applied: rows.iter().map(|row| row.investment).sum(),
        calls_are_paid: true,
    };
    let (mut loans, mut grants, mut reserves, mut guaranteed) =
        (Cents::ZERO, Cents::ZERO, Cents::ZERO, Cents::ZERO);
    for row in rows {
        if row.quarter >= plan.open_quarters {
            return None;
        }
        let applicant = as_applicant(row);
        if ineligibility(line, &applicant).is_some() {
            sure.ineligible += 1;
            continue;
        }
        let packages = preferred_packages(line, row);
        for (_, product, package) in &packages {
            let aid = line.gross_grant_equivalent(*product, row.rating, package);
            if !line.aid_fits(aid, row.members) {
                return None;
            }
        }
        let largest = |amount: &dyn Fn(&Package) -> Cents| {
            packages.iter().map(|(_, _, package)| amount(package)).max().unwrap_or(Cents::ZERO)
        };
        loans += largest(&|package| package.fund_loan);
        grants += largest(&|package| package.grant);
        reserves += largest(&|package| package.reserve);
        guaranteed += largest(&|package| package.guaranteed);
        sure.calls_are_paid &= !line.guarantee.capped
            || packages.iter().all(|(_, _, package)| package.reserve >= package.guaranteed);
        let disbursed = row.quarter + line.disbursement_lag;
        sure.projects.push(SureProject {
            traits: Traits::of_listed(row),
            approved: row.quarter,
            disbursed: (disbursed < plan.quarters).then_some(disbursed),
            investment: row.investment,
            packages,
        });
    }
    let promises = if plan.revolving && !line.guarantee.capped {
        // Each term of the promises is rounded by itself: one cent for the sum of provisions.
        guaranteed.times(line.guarantee.reserve_rate.max(1.0)) + Cents(1)
    } else {
        reserves
    };
    let guarantees_suffice = guaranteed == Cents::ZERO || promises <= line.guarantees_budget;
    sure.calls_are_paid &= guaranteed <= line.guarantees_budget;
    (loans <= line.loans_budget && grants <= line.grants_budget && guarantees_suffice).then_some(sure)
}

/// The products that a listed applicant may prefer: the named one, or each with its demand.
fn preferred_packages(line: &LinePlan, row: &ListedApplicant) -> Vec<(f64, usize, Package)> {
    (0..line.products.len())
        .map(|product| {
            let probability = match row.product {
                Some(named) => f64::from(u8::from(named == product)),
                None => line.demand.probability(product),
            };
            (probability, product)
        })
        .filter(|(probability, _)| *probability > 0.0)
        .map(|(probability, product)| (probability, product, line.package(product, row.investment)))
        .collect()
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
