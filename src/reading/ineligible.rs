//! Listed borrowers that their line cannot admit: legal in the model, and mostly a slip of the list.

use crate::diagnostic::{Place, Problem};
use crate::locale::Numbers;
use crate::scenario::{Borrower, Language, Line, Pipeline, Scenario};

/// Borrowers named in the warning.
const MOST_NAMED: usize = 5;

/// A warning that names the borrowers who will be `rejected_ineligible` on every path, with the reason of each.
pub(super) fn ineligible_borrowers(scenario: &Scenario, place: &Place) -> Option<Problem> {
    let mut listed = 0;
    let mut reasons = Vec::new();
    for line in scenario.lines() {
        if let Pipeline::List(borrowers) = &line.pipeline {
            listed += borrowers.len();
            reasons.extend(borrowers.iter().filter_map(|borrower| reason(line, borrower)));
        }
    }
    if reasons.is_empty() {
        return None;
    }
    let count = reasons.len();
    let more = if count > MOST_NAMED { format!("; and {} more", count - MOST_NAMED) } else { String::new() };
    reasons.truncate(MOST_NAMED);
    let message = format!("{count} of {listed} borrowers can never be funded: {}{more}", reasons.join("; "));
    Some(Problem::warning("W105", place, message).hint("check their line, and the zeros of their investment"))
}

fn reason(line: &Line, borrower: &Borrower) -> Option<String> {
    let numbers = Numbers::new(Language::English);
    let (id, number, investment) = (&borrower.id, line.number.word(), numbers.cents(borrower.investment));
    let why = if borrower.investment < line.min_investment {
        format!("{investment} is below the {} of line {number}", numbers.cents(line.min_investment))
    } else if borrower.investment > line.max_investment {
        format!("{investment} is above the {} of line {number}", numbers.cents(line.max_investment))
    } else if !line.legal_forms.contains(&borrower.legal_form) {
        format!("line {number} does not admit {}", borrower.legal_form.word())
    } else if !line.sizes.contains(&borrower.size) {
        format!("line {number} does not admit {} enterprises", borrower.size.word())
    } else {
        return None;
    };
    Some(format!("\"{id}\" ({why})"))
}
