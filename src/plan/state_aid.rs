//! Gross grant equivalents per cent lent or guaranteed: RULES.md, Commission communications 2008/C 14/02 (reference
//! rates) and 2008/C 155/02 (guarantees).

use crate::numeric;
use crate::scenario::Scenario;

/// What the gross grant equivalent of a line's products depends on.
pub(super) struct AidFactors<'a> {
    pub scenario: &'a Scenario,
    pub fund_fractions: &'a [f64],
    pub bank_fractions: &'a [f64],
    pub fund_rate: f64,
    pub premium_rate: f64,
}

impl AidFactors<'_> {
    fn discount(&self, quarters: usize) -> f64 {
        let rate = self.scenario.state_aid.base_rate.to_f64() + 0.01;
        numeric::pow(1.0 + rate, quarters as f64 / 4.0)
    }

    /// `sum_{k=1..n} f(k-1) x (base_rate + margin - fund_rate) / 4 / (1+d)^(k/4)` for each rating.
    pub(super) fn per_fund_loan(&self) -> Vec<f64> {
        let base = self.scenario.state_aid.base_rate.to_f64();
        let annuity: f64 =
            (1..self.fund_fractions.len()).map(|k| self.fund_fractions[k - 1] / 4.0 / self.discount(k)).sum();
        self.scenario
            .credit
            .ratings
            .iter()
            .map(|rating| annuity * (base + rating.reference_margin.to_f64() - self.fund_rate))
            .collect()
    }

    /// `sum_{k=1..n} f_bank(k-1) x (guarantee_premium - premium_rate) / 4 / (1+d)^((k-1)/4)` for each rating.
    pub(super) fn per_guarantee(&self) -> Vec<f64> {
        let annuity: f64 = (1..self.bank_fractions.len())
            .map(|k| self.bank_fractions[k - 1] / 4.0 / self.discount(k - 1))
            .sum();
        self.scenario
            .credit
            .ratings
            .iter()
            .map(|rating| annuity * (rating.guarantee_premium.to_f64() - self.premium_rate))
            .collect()
    }
}
