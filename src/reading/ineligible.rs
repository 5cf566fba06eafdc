//! Listed borrowers that their line cannot admit: legal in the model, and mostly a slip of the list.

use crate::diagnostic::{Place, Problem};
use crate::locale::{Told, pair, told};
use crate::scenario::{Borrower, Line, Pipeline, Scenario};

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
    let count = reasons.len();
    let more = match count {
        0 => return None,
        1..=MOST_NAMED => Told::default(),
        _ => told!("; e altri {more}", "; and {more} more"; more = count - MOST_NAMED),
    };
    reasons.truncate(MOST_NAMED);
    let message = told!(
        "{count} richiedenti su {listed} non potranno mai essere finanziati: {reasons}{more}",
        "{count} of {listed} borrowers can never be funded: {reasons}{more}";
        count,
        listed,
        reasons = Told::joined(&reasons, "; "),
        more,
    );
    Some(Problem::warning("W105", place, message).hint(pair(
        "controllare la loro linea e gli zeri del loro investimento",
        "check their line, and the zeros of their investment",
    )))
}

fn reason(line: &Line, borrower: &Borrower) -> Option<Told> {
    let (number, investment) = (line.number.word(), borrower.investment);
    let why = if investment < line.min_investment {
        told!(
            "{investment} EUR è meno dei {least} EUR della linea {number}",
            "{investment} EUR is below the {least} EUR of line {number}";
            investment,
            least = line.min_investment,
            number,
        )
    } else if investment > line.max_investment {
        told!(
            "{investment} EUR è più dei {most} EUR della linea {number}",
            "{investment} EUR is above the {most} EUR of line {number}";
            investment,
            most = line.max_investment,
            number,
        )
    } else if !line.legal_forms.contains(&borrower.legal_form) {
        told!(
            "la linea {number} non ammette {form}",
            "line {number} does not admit {form}";
            number,
            form = borrower.legal_form.word(),
        )
    } else if !line.sizes.contains(&borrower.size) {
        told!(
            "la linea {number} non ammette imprese {size}",
            "line {number} does not admit {size} enterprises";
            number,
            size = borrower.size.word(),
        )
    } else {
        return None;
    };
    let id = &borrower.id;
    Some(told!("\"{id}\" ({why})", "\"{id}\" ({why})"; id, why))
}
