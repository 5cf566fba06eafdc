//! Section 3: financing packages; and what of them is state aid (RULES.md).

use super::Twin;
use super::applicants::Applicant;
use super::money::{as_f64, rounded, times};
use super::terms::LineTerms;
use fesr::scenario::Regime;
use rust_decimal::Decimal;

/// The amounts of a product for one investment.
#[derive(Clone, Debug)]
pub struct Package {
    pub fund_loan: Decimal,
    pub bank_loan: Decimal,
    pub grant: Decimal,
    pub own_funds: Decimal,
    /// Whether the product's bank loan is guaranteed.
    pub is_guaranteed: bool,
    /// guarantee_rate x bank_loan.
    pub guaranteed: Decimal,
    /// guarantee_rate x bank_loan x cap_rate, or x provision_rate.
    pub reserve: Decimal,
    /// Gross grant equivalent.
    pub aid: Decimal,
}

impl Twin<'_> {
    /// The package of a product for an applicant.
    pub fn package(&self, applicant: &Applicant, product: usize) -> Package {
        let terms = &self.lines[applicant.slot];
        let shares = &terms.line.products[product];
        let investment = applicant.investment;
        let fund_loan = times(investment, shares.fund_loan.to_f64());
        let grant = times(investment, shares.grant.to_f64());
        // The bank loan takes the remainder; own funds where the product has no bank loan.
        let (bank_loan, own_funds) = if shares.bank_loan.is_zero() {
            (Decimal::ZERO, investment - fund_loan - grant)
        } else {
            let own_funds = times(investment, shares.own_funds.to_f64());
            (investment - fund_loan - grant - own_funds, own_funds)
        };
        let rate = shares.guarantee_rate.to_f64();
        let mut package = Package {
            fund_loan,
            bank_loan,
            grant,
            own_funds,
            is_guaranteed: !shares.guarantee_rate.is_zero() && !shares.bank_loan.is_zero(),
            guaranteed: rounded(rate * as_f64(bank_loan)),
            reserve: rounded(rate * as_f64(bank_loan) * terms.reserve_rate()),
            aid: Decimal::ZERO,
        };
        package.aid = self.gross_grant_equivalent(terms, applicant.rating, rate, &package);
        package
    }

    /// Loan, guarantee (neither below 0) and grant, rounded once.
    fn gross_grant_equivalent(
        &self,
        terms: &LineTerms<'_>,
        rating: usize,
        rate: f64,
        package: &Package,
    ) -> Decimal {
        let rating = &self.scenario.credit.ratings[rating];
        let base = self.scenario.state_aid.base_rate.to_f64();
        let loan_margin = base + rating.reference_margin.to_f64() - terms.line.loan.fund_rate.to_f64();
        let premium = terms.line.guarantee.map_or(0.0, |guarantee| guarantee.premium_rate.to_f64());
        let premium_margin = rating.guarantee_premium.to_f64() - premium;
        let years = 1..=terms.tenor() as usize;
        let loan: f64 = years
            .clone()
            .map(|k| {
                as_f64(package.fund_loan) * terms.fund_fractions[k - 1] * loan_margin
                    / 4.0
                    / terms.aid_discount[k]
            })
            .sum();
        let guarantee: f64 = years
            .map(|k| {
                rate * as_f64(package.bank_loan) * terms.bank_fractions[k - 1] * premium_margin
                    / 4.0
                    / terms.aid_discount[k - 1]
            })
            .sum();
        rounded(loan.max(0.0) + guarantee.max(0.0) + as_f64(package.grant))
    }

    /// Gross grant equivalents are counted if aid is limited, or if a base rate, margin or premium is given.
    pub fn reports_aid(&self) -> bool {
        let aid = &self.scenario.state_aid;
        let ratings = &self.scenario.credit.ratings;
        aid.regime == Regime::DeMinimis
            || !aid.base_rate.is_zero()
            || ratings.iter().any(|r| !r.reference_margin.is_zero() || !r.guarantee_premium.is_zero())
    }

    /// Whether the aid ceiling leaves a product open to an applicant.
    pub fn is_open(&self, applicant: &Applicant, product: usize) -> bool {
        let aid = &self.scenario.state_aid;
        match aid.regime {
            Regime::None => true,
            Regime::DeMinimis => self.package(applicant, product).aid <= aid.ceiling.to_euros(),
        }
    }
}
