//! Projects on the books: what a running project pays, and what its default sets off. MODEL.md sections 4, 6, 7.

use super::applicants::Applicant;
use crate::plan::{LinePlan, OnTheBooks, Package};
use crate::units::Cents;

/// A disbursed project that neither matured nor defaulted.
#[derive(Clone, Copy, Debug)]
pub struct Project {
    /// Slot of the line.
    pub slot: usize,
    /// Who.
    pub applicant: Applicant,
    /// Product by position in the line.
    pub product: usize,
    /// Amounts at disbursement.
    pub package: Package,
    /// Quarter of disbursement.
    pub disbursed: u32,
    /// Quarter of its default, if it defaults within tenor and horizon.
    pub default_quarter: Option<u32>,
    /// Fund loan outstanding.
    pub fund_outstanding: Cents,
    /// Bank loan outstanding.
    pub bank_outstanding: Cents,
    /// Guarantee rate x bank loan outstanding.
    pub guaranteed_outstanding: Cents,
    /// Quarter in which the grant was paid.
    pub grant_paid: Option<u32>,
    /// Age of the last payment: the tenor, or less if it was repaid early before today.
    pub last_age: u32,
    /// What the books of a running fund say was outstanding, where the schedule does not.
    pub books: Option<OnTheBooks>,
}

/// One scheduled payment of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Principal of the fund loan.
    pub principal: Cents,
    /// Interest on the fund loan.
    pub interest: Cents,
    /// Guarantee premium.
    pub premium: Cents,
    /// By how much the guaranteed amount falls.
    pub guaranteed_released: Cents,
}

impl Project {
    /// Makes payment `age` and lowers what is outstanding.
    pub fn pay(&mut self, line: &LinePlan, age: u32) -> Payment {
        let rate = line.products[self.product].guarantee_rate;
        let interest = self.fund_outstanding.times(line.fund_rate_quarter);
        let premium = Cents::rounded(rate * self.bank_outstanding.to_f64() * line.guarantee.premium_quarter);
        let (fund_after, bank_after) = match &self.books {
            None => (
                self.package.fund_loan.times(line.fund_fractions[age as usize]),
                self.package.bank_loan.times(line.bank_fractions[age as usize]),
            ),
            Some(books) => (
                books.outstanding(self.package.fund_loan, books.fund, &line.fund_fractions, age),
                books.outstanding(self.package.bank_loan, books.bank, &line.bank_fractions, age),
            ),
        };
        let guaranteed_after = bank_after.times(rate);
        let payment = Payment {
            principal: self.fund_outstanding - fund_after,
            interest,
            premium,
            guaranteed_released: self.guaranteed_outstanding - guaranteed_after,
        };
        self.fund_outstanding = fund_after;
        self.bank_outstanding = bank_after;
        self.guaranteed_outstanding = guaranteed_after;
        payment
    }
}

/// Splits a recovery over the line's schedule: cumulative amounts rounded, so that the parts add up. Calls `receive`
/// with the quarter and the amount of each instalment; what falls beyond the horizon falls in its last quarter.
pub fn instalments(
    schedule: &[(u32, f64)],
    total: Cents,
    quarter: u32,
    last_quarter: u32,
    mut receive: impl FnMut(u32, Cents),
) {
    let mut before = Cents::ZERO;
    for &(after, cumulative_share) in schedule {
        let cumulative = total.times(cumulative_share);
        receive((quarter + after).min(last_quarter), cumulative - before);
        before = cumulative;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instalments_add_up_to_the_cent_and_end_at_the_horizon() {
        for total in [0, 1, 2, 99, 100_001, 123_456_789] {
            let mut received = Vec::new();
            instalments(
                &[(0, 1.0 / 3.0), (4, 2.0 / 3.0), (12, 1.0)],
                Cents(total),
                50,
                59,
                |quarter, amount| {
                    received.push((quarter, amount.0));
                },
            );
            assert_eq!(received.iter().map(|part| part.1).sum::<i64>(), total);
            assert_eq!(received.iter().map(|part| part.0).collect::<Vec<_>>(), [50, 54, 59]);
        }
    }
}
