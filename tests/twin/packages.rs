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
        let quarters = 1..=terms.tenor() as usize;
        let by_reference_rate = || -> f64 {
            let quarters = quarters.clone().map(|k| {
                as_f64(package.fund_loan) * terms.fund_fractions[k - 1] * loan_margin
                    / 4.0
                    / terms.aid_discount[k]
            });
            quarters.sum()
        };
        let by_safe_harbour = || -> f64 {
            let quarters = quarters.clone().map(|k| {
                rate * as_f64(package.bank_loan) * terms.bank_fractions[k - 1] * premium_margin
                    / 4.0
                    / terms.aid_discount[k - 1]
            });
            quarters.sum()
        };
        // Aid per euro: one f64.
        let tenor = f64::from(terms.tenor());
        let [loan_amount, guarantee_amount, ceiling] = self.brackets();
        let loan = match self.fits_a_bracket(package.fund_loan, loan_amount, terms.tenor()) {
            true => as_f64(package.fund_loan) * (ceiling * tenor / (loan_amount * 20.0)),
            false => by_reference_rate(),
        };
        let fits = rate <= 0.8 && self.fits_a_bracket(package.guaranteed, guarantee_amount, terms.tenor());
        let guarantee = match fits {
            true => rate * as_f64(package.bank_loan) * (ceiling * tenor / (guarantee_amount * 20.0)),
            false => by_safe_harbour(),
        };
        rounded(loan.max(0.0) + guarantee.max(0.0) + as_f64(package.grant))
    }

    /// Loan and guaranteed amount of the brackets of five years, and the ceiling, in cents (DOMAIN.md 4.1).
    fn brackets(&self) -> [f64; 3] {
        match self.scenario.state_aid.regulation.word() {
            "1407/2013" => [1_000_000e2, 1_500_000e2, 200_000e2],
            _ => [1_500_000e2, 2_250_000e2, 300_000e2],
        }
    }

    /// Whether an amount is within the bracket of its duration: five years, or half the amount to ten years.
    fn fits_a_bracket(&self, amount: Decimal, of_five_years: f64, quarters: u32) -> bool {
        self.scenario.state_aid.route.word() == "simplified"
            && (quarters <= 20 && as_f64(amount) <= of_five_years
                || quarters <= 40 && as_f64(amount) <= of_five_years / 2.0)
    }

    /// Gross grant equivalents are counted if aid is limited, or if a base rate, margin or premium is given.
    pub fn reports_aid(&self) -> bool {
        let aid = &self.scenario.state_aid;
        let ratings = &self.scenario.credit.ratings;
        aid.regime == Regime::DeMinimis
            || aid.route.word() == "simplified"
            || !aid.base_rate.is_zero()
            || ratings.iter().any(|r| !r.reference_margin.is_zero() || !r.guarantee_premium.is_zero())
    }

    /// Whether each of an applicant's enterprises stays within the ceiling: gge / members + prior_aid <= ceiling.
    pub fn is_open(&self, applicant: &Applicant, product: usize) -> bool {
        let aid = &self.scenario.state_aid;
        match aid.regime {
            Regime::None => true,
            Regime::DeMinimis => {
                let of_line = self.lines[applicant.slot].line.state_aid;
                let ceiling = of_line.ceiling.unwrap_or(aid.ceiling).to_euros();
                let for_all = Decimal::from(applicant.members) * (ceiling - of_line.prior_aid.to_euros());
                self.package(applicant, product).aid <= for_all
            }
        }
    }
}
