//! What is the same on every path of a line: tables that only save time.

use super::loans::outstanding_fraction;
use fesr::numeric::{BetaLaw, ln_1p, pow};
use fesr::plan::lifetime_scale;
use fesr::scenario::{Dependence, GuaranteeKind, Line, PdTarget, Scenario};
use rust_decimal::Decimal;

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
    /// Yearly PD of each rating by year of age; the last repeats.
    pub pds: Vec<Vec<f64>>,
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
            lifetime_scale: pds(scenario).iter().map(|pds| scale(scenario, pds, n)).collect(),
            pds: pds(scenario),
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

/// Yearly PDs of every rating by year of age: as written, or `1 - S(y) / S(y-1)` with `S(y)` the sum of a row of the matrix'
/// `y`-th power, times the multiplier.
fn pds(scenario: &Scenario) -> Vec<Vec<f64>> {
    let credit = &scenario.credit;
    let Some(migration) = &credit.migration else {
        return credit
            .ratings
            .iter()
            .map(|rating| rating.pd.iter().map(|pd| pd.to_f64()).collect())
            .collect();
    };
    let n = migration.rows.len();
    let one_year: Vec<Vec<Decimal>> =
        migration.rows.iter().map(|row| row[..n].iter().map(|share| share.decimal()).collect()).collect();
    let unit = |r: usize, c: usize| Decimal::from(u8::from(r == c));
    let mut power: Vec<Vec<Decimal>> = (0..n).map(|r| (0..n).map(|c| unit(r, c)).collect()).collect();
    let mut pds = vec![Vec::new(); n];
    for _year in 1..=40 {
        let next: Vec<Vec<Decimal>> = power
            .iter()
            .map(|row| (0..n).map(|c| (0..n).map(|j| row[j] * one_year[j][c]).sum()).collect())
            .collect();
        for r in 0..n {
            let (alive, before): (Decimal, Decimal) = (next[r].iter().sum(), power[r].iter().sum());
            let pd = (Decimal::ONE - alive / before) * migration.pd_multiplier.decimal();
            pds[r].push(pd.to_string().parse().expect("a number"));
        }
        power = next;
    }
    pds
}

/// Quarterly hazard at age `k`: `-ln(1 - pd) / 4` of the year of age.
pub fn rating_hazard(pds: &[f64], k: u32) -> f64 {
    -ln_1p(-super::money::by_year(pds, k - 1)) / 4.0
}

fn scale(scenario: &Scenario, pds: &[f64], n: u32) -> f64 {
    let credit = &scenario.credit;
    match (credit.dependence, credit.pd_target) {
        (Dependence::Autoregressive, PdTarget::Lifetime) => {
            let hazards: Vec<f64> = (1..=n).map(|k| rating_hazard(pds, k)).collect();
            let (global, theme) =
                (credit.systemic_correlation.to_f64().sqrt(), credit.theme_correlation.to_f64().sqrt());
            lifetime_scale(&hazards, global * global + theme * theme, credit.persistence.to_f64())
        }
        (Dependence::Autoregressive, PdTarget::Quarter) | (Dependence::Static, _) => 1.0,
    }
}
