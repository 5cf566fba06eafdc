//! Who gets what: eligibility, choice of product, needs of a package. MODEL.md section 3.

use super::applicants::Applicant;
use super::books::Books;
use super::events::Ineligibility;
use super::guarantees::GuaranteeBook;
use crate::plan::{LinePlan, Package, Plan};

/// An approved project that waits for its disbursement.
#[derive(Clone, Copy, Debug)]
pub struct Approved {
    /// Slot of the line.
    pub slot: usize,
    /// Who.
    pub applicant: Applicant,
    /// Product by position in the line.
    pub product: usize,
    /// Amounts.
    pub package: Package,
    /// Quarter of disbursement.
    pub due: u32,
}

/// Why an applicant may not be considered at all: outside the line's limits, or every product above the aid ceiling.
pub fn ineligibility(line: &LinePlan, applicant: &Applicant) -> Option<Ineligibility> {
    applicant.refused_by(line).or_else(|| {
        let some_product_is_open =
            || (0..line.products.len()).any(|product| is_open(line, applicant, product));
        (line.aid_room.is_some() && !some_product_is_open()).then_some(Ineligibility::AidCeiling)
    })
}

/// Whether the gross grant equivalent of a product leaves it open to an applicant.
fn is_open(line: &LinePlan, applicant: &Applicant, product: usize) -> bool {
    line.is_open(product, applicant.rating, applicant.investment, applicant.members)
}

/// The first product that an applicant accepts and whose needs are met: the preferred one, then the others in file
/// order.
pub fn choose_product(
    plan: &Plan,
    slot: usize,
    applicant: &Applicant,
    books: &Books,
    guarantees: &GuaranteeBook,
) -> Option<(usize, Package)> {
    let line = &plan.lines[slot];
    let others = if applicant.accepts_other { line.products.len() } else { 0 };
    std::iter::once(applicant.preferred)
        .chain((0..others).filter(|&product| product != applicant.preferred))
        .find_map(|product| {
            let package = line.package(product, applicant.investment);
            let met = needs_are_met(plan, slot, product, &package, books, guarantees)
                && is_open(line, applicant, product);
            met.then_some((product, package))
        })
}

fn needs_are_met(
    plan: &Plan,
    slot: usize,
    product: usize,
    package: &Package,
    books: &Books,
    guarantees: &GuaranteeBook,
) -> bool {
    let line = &plan.lines[slot];
    let envelopes = &books.lines[slot];
    if envelopes.loans - envelopes.blocked_loans < package.fund_loan
        || envelopes.grants - envelopes.blocked_grants < package.grant
    {
        return false;
    }
    let guaranteed = line.products[product].guarantee_rate > 0.0 && line.products[product].has_bank_loan;
    !guaranteed
        || envelopes.guarantees
            >= guarantees.promises(plan.revolving, line, package.reserve, package.guaranteed)
}
