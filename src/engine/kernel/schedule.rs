//! Scheduled payments of all projects of a line, added up by quarter when a project is disbursed.
//!
//! What a project will pay is known at its disbursement: its amounts, its schedule and, as default times are drawn
//! then, how many payments it makes. So its payments are added to rows of quarters at once, in lanes over ages, and
//! a quarter only reads four sums per line instead of visiting every project. Amounts are whole cents in floating point,
//! exact below 2^53; each is rounded exactly as [`crate::engine::projects::Project::pay`] rounds it.

use crate::isa::Stage;
use crate::numeric::lanes::round_half_even;
use crate::plan::LinePlan;

/// Sums of scheduled payments by quarter.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Principal of fund loans.
    pub principal: Vec<f64>,
    /// Interest on fund loans.
    pub interest: Vec<f64>,
    /// Guarantee premiums.
    pub premium: Vec<f64>,
    /// By how much guaranteed amounts fall.
    pub released: Vec<f64>,
    /// Projects that mature.
    pub matured: Vec<i64>,
    /// Original reserves of the projects that mature.
    pub matured_reserves: Vec<i64>,
}

impl Rows {
    /// No payments in so many quarters.
    pub fn clear(&mut self, quarters: usize) {
        for row in [&mut self.principal, &mut self.interest, &mut self.premium, &mut self.released] {
            row.clear();
            row.resize(quarters, 0.0);
        }
        for row in [&mut self.matured, &mut self.matured_reserves] {
            row.clear();
            row.resize(quarters, 0);
        }
    }
}

/// Adds the payments of one project, from the quarter after its disbursement on.
pub struct AddSchedule<'a> {
    /// The line.
    pub line: &'a LinePlan,
    /// Rows of the line.
    pub rows: &'a mut Rows,
    /// Quarter of the first payment.
    pub first: usize,
    /// Number of payments made within tenor and horizon.
    pub payments: usize,
    /// Fund loan in cents.
    pub fund_loan: f64,
    /// Bank loan in cents.
    pub bank_loan: f64,
    /// Part of the bank loan guaranteed.
    pub guarantee_rate: f64,
}

impl Stage for AddSchedule<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let AddSchedule { line, rows, first, payments, fund_loan, bank_loan, guarantee_rate } = self;
        let quarters = first..first + payments;
        if fund_loan > 0.0 {
            let before = &line.fund_fractions[..payments];
            let after = &line.fund_fractions[1..=payments];
            let principal = &mut rows.principal[quarters.clone()];
            for ((row, &before), &after) in principal.iter_mut().zip(before).zip(after) {
                *row += round_half_even(fund_loan * before) - round_half_even(fund_loan * after);
            }
            if line.fund_rate_quarter != 0.0 {
                for (row, &before) in rows.interest[quarters.clone()].iter_mut().zip(before) {
                    *row += round_half_even(round_half_even(fund_loan * before) * line.fund_rate_quarter);
                }
            }
        }
        if guarantee_rate > 0.0 && bank_loan > 0.0 {
            let before = &line.bank_fractions[..payments];
            let after = &line.bank_fractions[1..=payments];
            let guaranteed =
                |fraction: f64| round_half_even(round_half_even(bank_loan * fraction) * guarantee_rate);
            let released = &mut rows.released[quarters.clone()];
            for ((row, &before), &after) in released.iter_mut().zip(before).zip(after) {
                *row += guaranteed(before) - guaranteed(after);
            }
            let premium_rate = line.guarantee.premium_quarter;
            if premium_rate != 0.0 {
                for (row, &before) in rows.premium[quarters].iter_mut().zip(before) {
                    *row +=
                        round_half_even(guarantee_rate * round_half_even(bank_loan * before) * premium_rate);
                }
            }
        }
    }
}
