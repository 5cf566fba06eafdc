//! Projects disbursed before today, resolved: what history replays.

use super::LinePlan;
use crate::scenario::{BookedStatus, Line};
use crate::units::Cents;

/// A project on the books of a running fund.
#[derive(Clone, Debug, PartialEq)]
pub struct BookedPlan {
    /// As typed.
    pub id: String,
    /// Quarter of its application.
    pub applied: u32,
    /// Quarter of its disbursement.
    pub disbursed: u32,
    /// Investment.
    pub investment: Cents,
    /// Positions of theme, legal form, size, rating and product.
    pub theme: usize,
    /// Legal form.
    pub legal_form: usize,
    /// Size.
    pub size: usize,
    /// Rating.
    pub rating: usize,
    /// Product.
    pub product: usize,
    /// Accompanied.
    pub accompanied: bool,
    /// Enterprises that applied together.
    pub members: u32,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a project before today.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fate {
    /// It runs; what is outstanding where that is not what the schedule says.
    Running(Option<OnTheBooks>),
    /// It defaulted in a quarter, and this part of the exposure is lost.
    Defaulted {
        /// The payment that it missed.
        quarter: u32,
        /// Loss given default.
        loss_given_default: f64,
    },
    /// It paid its last payment, at this age.
    Repaid {
        /// Its tenor, or its age in the quarter before today if it paid early.
        at_age: u32,
    },
}

/// What the books say is outstanding, where that differs from the schedule.
///
/// Up to that age the project paid as scheduled until so much was left (a moratorium stops it there); what is less than the schedule
/// was paid at that age at the latest. From then on what is outstanding falls as the schedule does: `books x f(k) / f(age)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnTheBooks {
    /// Of the fund loan.
    pub fund: Cents,
    /// Of the bank loan.
    pub bank: Cents,
    /// Age of the last payment before today.
    pub age: u32,
}

impl OnTheBooks {
    /// Nothing is left at this age.
    pub fn repaid(age: u32) -> OnTheBooks {
        OnTheBooks { fund: Cents::ZERO, bank: Cents::ZERO, age }
    }

    /// Outstanding after payment `age` of a loan of which `books` was left at [`OnTheBooks::age`].
    pub fn outstanding(&self, loan: Cents, books: Cents, fractions: &[f64], age: u32) -> Cents {
        match age.cmp(&self.age) {
            std::cmp::Ordering::Less => loan.times(fractions[age as usize]).max(books),
            std::cmp::Ordering::Equal => books,
            std::cmp::Ordering::Greater => {
                books.times(fractions[age as usize] / fractions[self.age as usize])
            }
        }
    }
}

/// The booked projects of a line, in file order.
pub(super) fn resolve(line: &Line, plan: &LinePlan, today: u32) -> Vec<BookedPlan> {
    line.booked
        .iter()
        .map(|project| {
            let borrower = &project.borrower;
            let product = borrower.product.expect("a booked project has a product");
            let age = today - 1 - project.disbursed_quarter;
            let package = plan.package(product, borrower.investment);
            let fate = match project.status {
                BookedStatus::Running { outstanding_fund, outstanding_bank } => {
                    let at = (age as usize).min(plan.fund_fractions.len() - 1);
                    let scheduled = (
                        package.fund_loan.times(plan.fund_fractions[at]),
                        package.bank_loan.times(plan.bank_fractions[at]),
                    );
                    let books =
                        (outstanding_fund.unwrap_or(scheduled.0), outstanding_bank.unwrap_or(scheduled.1));
                    Fate::Running((books != scheduled).then_some(OnTheBooks {
                        fund: books.0,
                        bank: books.1,
                        age,
                    }))
                }
                BookedStatus::Defaulted { quarter, loss_given_default } => {
                    Fate::Defaulted { quarter, loss_given_default: loss_given_default.to_f64() }
                }
                BookedStatus::Repaid => Fate::Repaid { at_age: age.min(plan.tenor) },
            };
            BookedPlan {
                id: borrower.id.clone(),
                applied: borrower.quarter,
                disbursed: project.disbursed_quarter,
                investment: borrower.investment,
                theme: borrower.theme.index(),
                legal_form: borrower.legal_form.index(),
                size: borrower.size.index(),
                rating: borrower.rating,
                product,
                accompanied: borrower.accompanied,
                members: borrower.members,
                fate,
            }
        })
        .collect()
}
