//! Who applies, and what a product would give them.

use super::luck::{normal, pick};
use super::{cents, times};
use fesr::plan::{ApplicantSource, InvestmentLaw, LinePlan};
use rand::RngExt;
use rand::rngs::SmallRng;

#[derive(Clone, Copy)]
pub struct Applicant {
    pub arrival: u32,
    pub investment: i64,
    pub theme: usize,
    pub legal_form: usize,
    pub size: usize,
    pub rating: usize,
    pub accompanied: bool,
    pub preferred: usize,
    pub accepts_other: bool,
}

impl Applicant {
    pub fn draw(line: &LinePlan, arrival: u32, rng: &mut SmallRng) -> Applicant {
        let ApplicantSource::Statistical(source) = &line.applicants else { unreachable!("drawn") };
        Applicant {
            arrival,
            investment: investment(&source.investment, rng),
            theme: pick(source.themes.cumulative(), rng),
            legal_form: pick(source.legal_forms.cumulative(), rng),
            size: pick(source.sizes.cumulative(), rng),
            rating: pick(source.ratings.cumulative(), rng),
            accompanied: rng.random_bool(source.accompanied),
            preferred: pick(line.demand.cumulative(), rng),
            accepts_other: rng.random_bool(line.fallback),
        }
    }

    /// Inside the line's limits, and at least one product is open to it.
    pub fn is_eligible(&self, line: &LinePlan) -> bool {
        (line.min_investment.0..=line.max_investment.0).contains(&self.investment)
            && line.admits_legal_form[self.legal_form]
            && line.admits_size[self.size]
            && (0..line.products.len())
                .any(|p| Package::new(line, p, self.investment).is_open(line, p, self.rating))
    }
}

/// Log-normal, conditional on the range: drawn again until it falls within; rounded to the euro.
fn investment(law: &InvestmentLaw, rng: &mut SmallRng) -> i64 {
    match *law {
        InvestmentLaw::Fixed(amount) => amount.0,
        InvestmentLaw::LogNormal { log_median, sigma, bounds: (min, max), .. } => loop {
            let amount = 100 * cents((log_median + sigma * normal(rng)).exp());
            if (min.0..=max.0).contains(&amount) {
                break amount;
            }
        },
    }
}

/// The amounts of a product for an investment.
#[derive(Clone, Copy)]
pub struct Package {
    pub fund_loan: i64,
    pub bank_loan: i64,
    pub grant: i64,
    pub own_funds: i64,
    pub guaranteed: i64,
    pub reserve: i64,
}

impl Package {
    pub fn new(line: &LinePlan, product: usize, investment: i64) -> Package {
        let product = &line.products[product];
        let fund_loan = times(investment, product.fund_loan);
        let grant = times(investment, product.grant);
        let rest = investment - fund_loan - grant;
        let own_funds = if product.has_bank_loan { times(investment, product.own_funds) } else { rest };
        let bank_loan = rest - own_funds;
        Package {
            fund_loan,
            bank_loan,
            grant,
            own_funds,
            guaranteed: times(bank_loan, product.guarantee_rate),
            reserve: cents(product.guarantee_rate * bank_loan as f64 * line.guarantee.reserve_rate),
        }
    }

    /// CO01, CO02, CO03, CO06 and CO07 of a project of one enterprise.
    pub fn indicators(&self) -> [i64; 5] {
        let (has_grant, has_instrument) = (self.grant > 0, self.fund_loan > 0 || self.guaranteed > 0);
        let private = self.own_funds + self.bank_loan;
        let with_grant = if has_grant { private } else { 0 };
        let with_instrument = if has_instrument && !has_grant { private } else { 0 };
        [
            i64::from(has_grant || has_instrument),
            i64::from(has_grant),
            i64::from(has_instrument),
            with_grant,
            with_instrument,
        ]
    }

    /// Gross grant equivalent.
    pub fn aid(&self, line: &LinePlan, product: usize, rating: usize) -> i64 {
        let product = &line.products[product];
        let loan = self.fund_loan as f64 * product.aid_per_fund_loan[rating];
        let guarantee = product.guarantee_rate * self.bank_loan as f64 * product.aid_per_guarantee[rating];
        cents(loan.max(0.0) + guarantee.max(0.0) + self.grant as f64)
    }

    /// Whether the ceiling of state aid leaves the product open to an enterprise alone.
    pub fn is_open(&self, line: &LinePlan, product: usize, rating: usize) -> bool {
        line.aid_room.is_none_or(|room| self.aid(line, product, rating) <= room.0)
    }
}
