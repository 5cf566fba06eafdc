//! The rows of a running fund held against the terms of their line, and what they leave unsaid filled in from them.
//!
//! Refused is what cannot be: more outstanding than was lent, a payment missed after the last one, a project that runs past its
//! tenor or with nothing to pay. More outstanding than the schedule has it is a moratorium or arrears, and mostly meant: a
//! warning. Less is an early repayment, and not worth a word.

use super::booked::{BookedRow, Fate};
use super::context::Context;
use crate::diagnostic::Problem;
use crate::locale::{pair, told};
use crate::plan::outstanding_fractions;
use crate::scenario::{BookedProject, BookedStatus, LoanTerms, Loss, Product};
use crate::units::{Cents, Rate};

/// What rows are held against.
pub(super) struct Terms<'t> {
    pub products: &'t [Product],
    pub loan: &'t LoanTerms,
    pub loss: &'t Loss,
    /// The first quarter that is not history.
    pub today: u32,
}

/// The projects of a line's rows; `None` if one of them cannot be.
pub(super) fn projects(
    context: &Context<'_>,
    rows: &[BookedRow],
    terms: &Terms<'_>,
) -> Option<Vec<BookedProject>> {
    let projects: Vec<Option<BookedProject>> = rows.iter().map(|row| project(context, row, terms)).collect();
    projects.into_iter().collect()
}

fn project(context: &Context<'_>, row: &BookedRow, terms: &Terms<'_>) -> Option<BookedProject> {
    let history = &row.history;
    let mut sound = true;
    let mut refuse = |problem: Problem| {
        sound = false;
        context.report(problem);
    };
    let tenor = terms.loan.tenor_quarters;
    let last_payment = history.disbursed_quarter + tenor;
    let status = match history.fate {
        Fate::Repaid => {
            if history.disbursed_quarter + 1 == terms.today {
                let reason = told!(
                    "erogato nel trimestre prima di oggi, non ha ancora pagato rate: non può essere già rimborsato",
                    "disbursed in the quarter before today, it has paid nothing yet: it cannot have been repaid"
                );
                let hint = pair("scrivere running", "write running");
                refuse(row.problem("E210", "status", reason, Problem::error).hint(hint));
            }
            BookedStatus::Repaid
        }
        Fate::Defaulted { quarter, loss } => {
            if quarter > last_payment {
                let reason = told!(
                    "il trimestre {quarter} è dopo l’ultima rata, quella del trimestre {last_payment}",
                    "quarter {quarter} is after the last payment, that of quarter {last_payment}";
                    quarter,
                    last_payment,
                );
                let hint = told!(
                    "scrivere un trimestre fino a {last_payment}, oppure repaid in `status`",
                    "write a quarter up to {last_payment}, or repaid under `status`";
                    last_payment,
                );
                refuse(row.problem("E210", "default_quarter", reason, Problem::error).hint(hint));
            }
            BookedStatus::Defaulted { quarter, loss_given_default: loss.unwrap_or(terms.loss.lgd_mean) }
        }
        Fate::Running { fund, bank } => {
            if last_payment < terms.today {
                let reason = told!(
                    "erogato nel trimestre {disbursed} per {tenor} trimestri, ha pagato l’ultima rata nel trimestre {last_payment}",
                    "disbursed in quarter {disbursed} for {tenor} quarters, it made its last payment in quarter {last_payment}";
                    disbursed = history.disbursed_quarter,
                    tenor,
                    last_payment,
                );
                let hint = pair("scrivere repaid o defaulted", "write repaid or defaulted");
                refuse(row.problem("E210", "status", reason, Problem::error).hint(hint));
            } else {
                balances(context, row, terms, &mut refuse);
            }
            BookedStatus::Running { outstanding_fund: fund, outstanding_bank: bank }
        }
    };
    let project = BookedProject {
        borrower: row.borrower.clone(),
        disbursed_quarter: history.disbursed_quarter,
        status,
    };
    sound.then_some(project)
}

/// Outstanding balances of a running project against what was lent and what the schedule has left.
fn balances(context: &Context<'_>, row: &BookedRow, terms: &Terms<'_>, refuse: &mut impl FnMut(Problem)) {
    let Fate::Running { fund, bank } = row.history.fate else { return };
    let Some(product) = row.borrower.product.and_then(|product| terms.products.get(product)) else { return };
    let (fund_loan, bank_loan) = lent(product, row.borrower.investment);
    let age = (terms.today - 1 - row.history.disbursed_quarter) as usize;
    let scheduled = |loan: Cents, rate: Rate| {
        let LoanTerms { amortisation, tenor_quarters, grace_quarters, .. } = *terms.loan;
        loan.times(
            outstanding_fractions(amortisation, tenor_quarters, grace_quarters, rate.to_f64() / 4.0)[age],
        )
    };
    let of_fund = ("outstanding_fund", fund, fund_loan, scheduled(fund_loan, terms.loan.fund_rate));
    let of_bank = ("outstanding_bank", bank, bank_loan, scheduled(bank_loan, terms.loan.bank_rate));
    for (column, written, loan, scheduled) in [of_fund, of_bank] {
        let Some(outstanding) = written else { continue };
        if outstanding > loan {
            let reason = told!(
                "{outstanding} EUR sono più dei {loan} EUR prestati con \"{product}\"",
                "{outstanding} EUR is more than the {loan} EUR lent by \"{product}\"";
                outstanding,
                loan,
                product = product.name.as_str(),
            );
            let hint = told!(
                "scrivere al massimo {loan}; secondo il piano ne restano {scheduled}",
                "write at most {loan}; by the schedule {scheduled} is left";
                loan,
                scheduled,
            );
            refuse(row.problem("E210", column, reason, Problem::error).hint(hint));
        } else if age == 0 && outstanding != scheduled {
            let reason = told!(
                "erogato nel trimestre prima di oggi, non ha ancora pagato rate: restano {loan} EUR",
                "disbursed in the quarter before today, it has paid nothing yet: {loan} EUR is left";
                loan,
            );
            let hint = pair("lasciare vuoto", "leave it empty");
            refuse(row.problem("E210", column, reason, Problem::error).hint(hint));
        } else if outstanding > scheduled {
            let reason = told!(
                "{outstanding} EUR sono più dei {scheduled} EUR che secondo il piano restano",
                "{outstanding} EUR is more than the {scheduled} EUR that the schedule leaves";
                outstanding,
                scheduled,
            );
            let hint = pair(
                "vale come una moratoria: il resto segue il piano in proporzione",
                "it counts as a moratorium: the rest follows the schedule in proportion",
            );
            context.report(row.problem("W106", column, reason, Problem::warning).hint(hint));
        }
    }
    let left = fund.map_or(of_fund.3, |amount| amount) + bank.map_or(of_bank.3, |amount| amount);
    if left == Cents::ZERO && (fund_loan + bank_loan).0 > 0 {
        let reason = told!("non ha più nulla da pagare", "it has nothing left to pay");
        let hint = pair("scrivere repaid", "write repaid");
        refuse(row.problem("E210", "status", reason, Problem::error).hint(hint));
    }
}

/// Fund loan and bank loan of a product, as [`crate::plan::LinePlan::package`] has them.
fn lent(product: &Product, investment: Cents) -> (Cents, Cents) {
    let part = |share: crate::units::Share| investment.times(share.to_f64());
    let fund_loan = part(product.fund_loan);
    let bank_loan = match product.bank_loan.is_zero() {
        true => Cents::ZERO,
        false => investment - fund_loan - part(product.grant) - part(product.own_funds),
    };
    (fund_loan, bank_loan)
}
