//! Section 4: schedules, interest and premiums.

use super::money::{as_f64, rounded, times};
use super::{PathState, Project};
use fesr::numeric::{exp_m1, ln_1p};
use fesr::scenario::{Amortisation, LoanTerms};
use rust_decimal::Decimal;

/// `f(k)`: the outstanding fraction after payment `k`, at the periodic rate `i`.
pub fn outstanding_fraction(loan: &LoanTerms, i: f64, k: u32) -> f64 {
    let (n, g) = (loan.tenor_quarters, loan.grace_quarters);
    if k >= n {
        return 0.0;
    }
    if k <= g {
        return 1.0;
    }
    let (j, m) = ((k - g) as f64, (n - g) as f64);
    match loan.amortisation {
        Amortisation::Bullet => 1.0,
        Amortisation::Italian => 1.0 - j / m,
        Amortisation::French if i == 0.0 => 1.0 - j / m,
        Amortisation::French => {
            // ((1+i)^m - (1+i)^j) / ((1+i)^m - 1), as 1 - ((1+i)^j - 1) / ((1+i)^m - 1).
            let growth = |payments: f64| exp_m1(payments * ln_1p(i));
            1.0 - growth(j) / growth(m)
        }
    }
}

impl PathState<'_> {
    /// Fund loan outstanding at age `k`, whether or not the project is still alive.
    pub fn fund_outstanding(&self, project: &Project, k: u32) -> Decimal {
        let fractions = &self.twin.lines[project.applicant.slot].fund_fractions;
        self.outstanding(project, k, project.package.fund_loan, fractions, |books| books.0)
    }

    /// Bank loan outstanding at age `k`.
    pub fn bank_outstanding(&self, project: &Project, k: u32) -> Decimal {
        let fractions = &self.twin.lines[project.applicant.slot].bank_fractions;
        self.outstanding(project, k, project.package.bank_loan, fractions, |books| books.1)
    }

    /// The age of a project that runs at the end of a quarter: disbursed, not defaulted, not yet paid back.
    pub fn age_if_performing(&self, project: &Project, quarter: u32) -> Option<u32> {
        let age = quarter.checked_sub(project.disbursed_in?)?;
        let defaulted = project.defaulted_in.is_some_and(|default| default <= quarter);
        (!defaulted && age < self.final_age(project)).then_some(age)
    }

    /// Performing fund-loan balance at the end of a quarter.
    pub fn performing_fund_balance(&self, project: &Project, quarter: u32) -> Decimal {
        self.age_if_performing(project, quarter)
            .map_or(Decimal::ZERO, |age| self.fund_outstanding(project, age))
    }

    /// Guarantee rate x performing bank balance at the end of a quarter, rounded as a call is.
    pub fn performing_guaranteed(&self, project: &Project, quarter: u32) -> Decimal {
        self.age_if_performing(project, quarter).map_or(Decimal::ZERO, |age| {
            rounded(self.guarantee_rate(project) * as_f64(self.bank_outstanding(project, age)))
        })
    }

    /// Interest paid at age `k`: outstanding(k-1) x rate/4.
    pub fn interest(&self, project: &Project, k: u32) -> Decimal {
        let rate = self.twin.lines[project.applicant.slot].line.loan.fund_rate.to_f64();
        times(self.fund_outstanding(project, k - 1), rate / 4.0)
    }

    /// Guarantee premium at age `k`: guarantee_rate x bank outstanding(k-1) x premium_rate/4.
    pub fn premium(&self, project: &Project, k: u32) -> Decimal {
        let Some(guarantee) = &self.twin.lines[project.applicant.slot].line.guarantee else {
            return Decimal::ZERO;
        };
        let outstanding = as_f64(self.bank_outstanding(project, k - 1));
        rounded(self.guarantee_rate(project) * outstanding * (guarantee.premium_rate.to_f64() / 4.0))
    }

    /// The guarantee rate of a project's product.
    pub fn guarantee_rate(&self, project: &Project) -> f64 {
        self.twin.lines[project.applicant.slot].line.products[project.product].guarantee_rate.to_f64()
    }
}
