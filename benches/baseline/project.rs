//! A disbursed project, and what it pays in a quarter.

use super::applicant::{Applicant, Package};
use super::luck::{Common, normal, normal_cdf};
use super::{cents, times};
use fesr::plan::{CreditPlan, LinePlan};
use rand::rngs::SmallRng;

pub struct Project {
    pub slot: usize,
    pub product: usize,
    pub theme: usize,
    pub rating: usize,
    pub investment: i64,
    pub package: Package,
    pub disbursed: u32,
    pub is_running: bool,
    /// Factor on the rating's hazards.
    multiplier: f64,
    cumulated_hazard: f64,
    /// The project defaults when the cumulated hazard reaches it.
    threshold: f64,
    pub fund_balance: i64,
    pub bank_balance: i64,
    pub guaranteed_balance: i64,
    pub grant_paid: Option<u32>,
    pub defaulted: bool,
    /// What the fund has lost with it so far.
    pub fund_loss: i64,
}

/// What a running project pays in a quarter.
pub struct Payment {
    pub principal: i64,
    pub interest: i64,
    pub premium: i64,
    pub guaranteed_released: i64,
}

impl Project {
    #[allow(clippy::too_many_arguments, reason = "the facts of a disbursement")]
    pub fn new(
        credit: &CreditPlan,
        common: &Common,
        slot: usize,
        product: usize,
        applicant: &Applicant,
        package: Package,
        disbursed: u32,
        rng: &mut SmallRng,
    ) -> Project {
        let accompaniment = if applicant.accompanied { credit.accompanied_multiplier } else { 1.0 };
        let latent = credit.global_loading * common.global
            + credit.theme_loading * common.themes[applicant.theme]
            + credit.own_loading * normal(rng);
        Project {
            slot,
            product,
            theme: applicant.theme,
            rating: applicant.rating,
            investment: applicant.investment,
            package,
            disbursed,
            is_running: true,
            multiplier: credit.legal_form_multiplier[applicant.legal_form]
                * credit.theme_multiplier[applicant.theme]
                * credit.size_multiplier[applicant.size]
                * accompaniment
                * common.pd_level[slot],
            cumulated_hazard: 0.0,
            // 1 - exp(-H) >= Phi(X) where H >= -ln(1 - Phi(X)).
            threshold: -normal_cdf(-latent).ln(),
            fund_balance: package.fund_loan,
            bank_balance: package.bank_loan,
            guaranteed_balance: package.guaranteed,
            grant_paid: None,
            defaulted: false,
            fund_loss: 0,
        }
    }

    /// Whether it defaults at this age, in this quarter.
    pub fn defaults(&mut self, credit: &CreditPlan, age: u32, quarter: u32) -> bool {
        let years = &credit.hazards[self.rating];
        let year = ((age - 1) / 4) as usize;
        let hazard = years[year.min(years.len() - 1)];
        self.cumulated_hazard += hazard * self.multiplier * credit.economy[quarter as usize];
        self.cumulated_hazard >= self.threshold
    }

    pub fn pay(&mut self, line: &LinePlan, age: u32) -> Payment {
        let rate = line.products[self.product].guarantee_rate;
        let fund_after = times(self.package.fund_loan, line.fund_fractions[age as usize]);
        let bank_after = times(self.package.bank_loan, line.bank_fractions[age as usize]);
        let guaranteed_after = times(bank_after, rate);
        let payment = Payment {
            principal: self.fund_balance - fund_after,
            interest: times(self.fund_balance, line.fund_rate_quarter),
            premium: cents(rate * self.bank_balance as f64 * line.guarantee.premium_quarter),
            guaranteed_released: self.guaranteed_balance - guaranteed_after,
        };
        self.fund_balance = fund_after;
        self.bank_balance = bank_after;
        self.guaranteed_balance = guaranteed_after;
        payment
    }
}
