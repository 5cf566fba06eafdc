//! What is the same on every path of a line: tables that only save time.

use super::loans::outstanding_fraction;
use fesr::numeric::{BetaLaw, ln_1p, pow};
use fesr::plan::lifetime_scale;
use fesr::scenario::{Dependence, GuaranteeKind, Line, PdTarget, Rating, Scenario};

/// A line with its tables.
pub struct LineTerms<'s> {
    pub line: &'s Line,
    /// `f(k)` of fund loans, `k = 0 ..= n`.
    pub fund_fractions: Vec<f64>,
    /// `f(k)` of bank loans.
    pub bank_fractions: Vec<f64>,
    /// `None`: the loss given default is always its mean.
    pub lgd_law: Option<BetaLaw>,
    /// `(1 + base_rate + 1 %)^(k/4)` for `k = 0 ..= n` (state aid).
    pub aid_discount: Vec<f64>,
    /// Factor on the hazards of each rating, so that lifetime defaults keep their promise.
    pub lifetime_scale: Vec<f64>,
}

impl<'s> LineTerms<'s> {
    pub fn new(scenario: &Scenario, line: &'s Line) -> LineTerms<'s> {
        let n = line.loan.tenor_quarters;
        let fractions =
            |rate: f64| (0..=n).map(|k| outstanding_fraction(&line.loan, rate / 4.0, k)).collect();
        let discount_rate = scenario.state_aid.base_rate.to_f64() + 0.01;
        LineTerms {
            line,
            fund_fractions: fractions(line.loan.fund_rate.to_f64()),
            bank_fractions: fractions(line.loan.bank_rate.to_f64()),
            lgd_law: BetaLaw::from_mean_sd(line.loss.lgd_mean.to_f64(), line.loss.lgd_sd.to_f64()),
            aid_discount: (0..=n).map(|k| pow(1.0 + discount_rate, k as f64 / 4.0)).collect(),
            lifetime_scale: scenario.credit.ratings.iter().map(|rating| scale(scenario, rating, n)).collect(),
        }
    }

    /// Payments until a loan is paid back.
    pub fn tenor(&self) -> u32 {
        self.line.loan.tenor_quarters
    }

    /// The line's number in addresses of random numbers: 1 or 2.
    pub fn number(&self) -> u8 {
        self.line.number.index() as u8 + 1
    }

    /// Whether the line's guarantees are capped.
    pub fn capped(&self) -> bool {
        match self.line.guarantee.map(|guarantee| guarantee.kind) {
            Some(GuaranteeKind::Capped { .. }) | None => true,
            Some(GuaranteeKind::Uncapped { .. }) => false,
        }
    }

    /// Cap rate or provision rate; 0 where the line has no guarantees.
    pub fn reserve_rate(&self) -> f64 {
        self.line.guarantee.map_or(0.0, |guarantee| guarantee.kind.reserve_rate().to_f64())
    }
}

/// Quarterly hazard of a rating at age `k`: `-ln(1 - pd) / 4` of the year of age.
pub fn rating_hazard(rating: &Rating, k: u32) -> f64 {
    let pd = super::money::by_year(&rating.pd, k - 1).to_f64();
    -ln_1p(-pd) / 4.0
}

fn scale(scenario: &Scenario, rating: &Rating, n: u32) -> f64 {
    let credit = &scenario.credit;
    match (credit.dependence, credit.pd_target) {
        (Dependence::Autoregressive, PdTarget::Lifetime) => {
            let hazards: Vec<f64> = (1..=n).map(|k| rating_hazard(rating, k)).collect();
            let (global, theme) =
                (credit.systemic_correlation.to_f64().sqrt(), credit.theme_correlation.to_f64().sqrt());
            lifetime_scale(&hazards, global * global + theme * theme, credit.persistence.to_f64())
        }
        (Dependence::Autoregressive, PdTarget::Quarter) | (Dependence::Static, _) => 1.0,
    }
}
