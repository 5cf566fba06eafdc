//! Lists of loans that live one year, whose loss has an exact law.
//!
//! All loans are surely approved and disbursed in quarter 0, are repaid in one sum at the end of the year, and lose a
//! fixed part on default, so that a default costs the same in every quarter: MODEL.md becomes a one-period model with
//! default probability `F(4) = PD`.

use super::scenario_text;
use fesr::aggregate::collector::Collector;
use fesr::aggregate::distribution::Distribution;
use fesr::analytic::loss_law::{Dependence, Loan, LossLaw};
use fesr::metrics::MetricId;
use fesr::scenario::Scenario;
use fesr::units::Cents;

/// A portfolio of fund loans over one year.
#[derive(Clone, Debug)]
pub struct OnePeriod {
    /// Loans: whole euros and position of the rating.
    pub loans: Vec<(i64, usize)>,
    /// Yearly default probability of each rating.
    pub default_probabilities: Vec<f64>,
    /// Part of a loan that is lost on default.
    pub loss_given_default: f64,
    /// Correlation through the economy.
    pub systemic_correlation: f64,
    /// Correlation through the theme, which all loans have in common.
    pub theme_correlation: f64,
    /// Degrees of freedom of a Student-t copula; `None`: Gaussian.
    pub degrees: Option<f64>,
    /// Seed.
    pub seed: u64,
}

impl OnePeriod {
    /// The scenario.
    pub fn scenario(&self) -> Scenario {
        let total: i64 = self.loans.iter().map(|loan| loan.0).sum();
        let copula = match self.degrees {
            Some(degrees) => format!("copula = \"student_t\"\nnu = {degrees}"),
            None => String::new(),
        };
        let ratings: String = self
            .default_probabilities
            .iter()
            .enumerate()
            .map(|(position, pd)| format!("[[credit.rating]]\nname = \"r{position}\"\npd = {pd}\n"))
            .collect();
        let (lgd, systemic, theme, seed) =
            (self.loss_given_default, self.systemic_correlation, self.theme_correlation, self.seed);
        let toml = format!(
            r#"
[simulation]
seed = {seed}
[fund]
endowment = {total}
start = "2020-Q1"
horizon_years = 1.25
availability_years = 0.25
period = "2021-2027"
[line2]
max_investment = 1_000_000
[line2.budget]
loans = {total}
guarantees = 0
[[line2.product]]
name = "loan"
fund_loan = 1
[line2.loan]
tenor_quarters = 4
amortisation = "bullet"
bank_rate = 0
[line2.loss]
lgd_mean = {lgd}
[pipeline]
borrowers = "borrowers.csv"
[credit]
systemic_correlation = {systemic}
theme_correlation = {theme}
{copula}
{ratings}"#
        );
        let mut csv = String::from("id,line,quarter,investment,theme,legal_form,size,rating,product\n");
        for (number, (euros, rating)) in self.loans.iter().enumerate() {
            csv.push_str(&format!("b{number},2,0,{euros},health_wellbeing,nonprofit,micro,r{rating},loan\n"));
        }
        scenario_text(&toml, Some(&csv))
    }

    /// What a default of each loan costs, and how likely it is.
    pub fn exposures(&self) -> Vec<Loan> {
        self.loans
            .iter()
            .map(|&(euros, rating)| {
                Loan::new(Cents(100 * euros), self.loss_given_default, self.default_probabilities[rating])
            })
            .collect()
    }

    /// The copula: the economy and the common theme are one factor.
    pub fn dependence(&self) -> Dependence {
        let correlation = self.systemic_correlation + self.theme_correlation;
        match self.degrees {
            Some(degrees) => Dependence::StudentT { correlation, degrees },
            None if correlation == 0.0 => Dependence::Independent,
            None => Dependence::Gaussian { correlation },
        }
    }

    /// The exact law of the fund loss.
    pub fn law(&self) -> LossLaw {
        LossLaw::new(&self.exposures(), self.dependence()).unwrap_or_else(|error| panic!("{error}"))
    }
}

/// The values of a figure of the whole fund on all paths, ascending. At most 131,072 paths.
pub fn sorted_values(collector: &Collector, metric: MetricId) -> Vec<i64> {
    let position = collector
        .context
        .figures
        .columns()
        .iter()
        .position(|column| column.metric == metric)
        .unwrap_or_else(|| panic!("{} is missing", metric.id()));
    let distribution: &Distribution = &collector.columns[position].1;
    assert!(distribution.is_exact(), "more paths than are kept");
    let mut values = Vec::new();
    distribution.for_each(|value, _| values.push(value));
    values.sort_unstable();
    values
}

/// Share of ascending values that are at most `x`.
pub fn share_up_to(sorted: &[i64], x: i64) -> f64 {
    sorted.partition_point(|&value| value <= x) as f64 / sorted.len() as f64
}
