//! Correlation moves the tail of the uncapped loss, not its mean (`lgd_loading` and `pd_log_sd` 0): `U` stays uniform whatever
//! the factors' weight and whatever the copula, so every default time keeps its law.
//!
//! The other promise about means is that of `pd_target = "lifetime"`: under ar1 lifetime defaults meet `F(n)`.

use crate::common::MOST_STANDARD_ERRORS;
use crate::generated::{ample_portfolio, fixed_sample};
use crate::{lines_of, play, sum};
use fesr::engine::totals::LineTotals;
use fesr::scenario::{Copula, Dependence, GuaranteeKind, PdMultiplier, PdTarget, Scenario};
use fesr::units::{Multiplier, Quantity, Share};
use rayon::prelude::*;
use rust_decimal::Decimal;

const PATHS: u64 = 4_000;

fn share(text: &str) -> Share {
    Share::new(text.parse().expect("a number")).expect("a share")
}

/// Mean and standard error.
fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

/// Whether a mean of 0 is credible. A value that never differs from 0 is.
fn is_about_zero(values: &[f64]) -> bool {
    let (mean, error) = mean_and_error(values);
    mean.abs() <= MOST_STANDARD_ERRORS * error
}

/// Uncapped guarantees that always pay in full, losses that do not depend on the economy, and a given dependence.
fn uncapped(scenario: &Scenario, copula: Copula, global: &str, theme: &str) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.credit.copula = copula;
    scenario.credit.systemic_correlation = share(global);
    scenario.credit.theme_correlation = share(theme);
    scenario.credit.lgd_loading = Share::ZERO;
    for line in lines_of(&mut scenario) {
        line.pd_log_sd = Quantity::new(Decimal::ZERO).expect("a number");
        if let Some(guarantee) = &mut line.guarantee {
            guarantee.kind = GuaranteeKind::Uncapped { provision_rate: share("0.2") };
        }
    }
    scenario
}

/// Figures that are sums over defaulted projects.
fn losses(totals: &LineTotals) -> [f64; 4] {
    [
        totals.defaults as f64,
        totals.loan_loss().to_f64(),
        totals.calls_demanded.to_f64(),
        totals.guarantee_loss().to_f64(),
    ]
}

/// Differences on the same path of two worlds with the same enterprises; 12 portfolios x 3 dependences x 4 figures = 144
/// comparisons at 4 standard errors: a false alarm in one of 110 versions of the generator.
#[test]
fn correlation_leaves_the_mean_of_the_uncapped_loss_alone() {
    let complaints: Vec<String> = fixed_sample(ample_portfolio(), 12)
        .par_iter()
        .flat_map(|generated| {
            let scenario = generated.scenario();
            let alone = play(&uncapped(&scenario, Copula::Gaussian, "0", "0"), PATHS);
            let worlds =
                [(Copula::Gaussian, "0.3", "0.2"), (Copula::StudentT, "0.1", "0.4"), (Copula::StudentT, "0", "0")];
            worlds
                .iter()
                .flat_map(|&(copula, global, theme)| {
                    let together = play(&uncapped(&scenario, copula, global, theme), PATHS);
                    (0..4)
                        .filter_map(|figure| {
                            let differences: Vec<f64> = together
                                .iter()
                                .zip(&alone)
                                .map(|(with, without)| losses(&sum(&with.0))[figure] - losses(&sum(&without.0))[figure])
                                .collect();
                            let (mean, error) = mean_and_error(&differences);
                            (!is_about_zero(&differences)).then(|| {
                                format!("figure {figure}, {copula:?} {global} {theme}: {mean} +- {error}\n{generated:?}")
                            })
                        })
                        .collect::<Vec<_>>()
                })
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// Defaults less the sum of `F(n)`, path by path, in a neutral economy and with all multipliers 1: 6 portfolios x 3 ratings =
/// 18 comparisons at 4 standard errors, a false alarm in one of 880 versions of the generator.
#[test]
fn lifetime_defaults_keep_their_promise() {
    let one = Multiplier::ONE;
    let complaints: Vec<String> = fixed_sample(ample_portfolio(), 6)
        .par_iter()
        .flat_map(|generated| {
            let mut scenario = uncapped(&generated.scenario(), Copula::Gaussian, "0.25", "0.1");
            scenario.credit.dependence = Dependence::Autoregressive;
            scenario.credit.pd_target = PdTarget::Lifetime;
            scenario.credit.persistence = share("0.9");
            scenario.credit.legal_form_multiplier = [one; 2];
            scenario.credit.theme_multiplier = [one; 4];
            scenario.credit.size_multiplier = [one; 3];
            scenario.credit.accompanied_multiplier = one;
            scenario.economy.pd_multiplier = PdMultiplier::ByFundYear(vec![one]);
            scenario.economy.factor_shift = vec![Quantity::new(Decimal::ZERO).expect("a number")];
            // The promise is about whole lives: the horizon sees the last payment.
            let longest =
                lines_of(&mut scenario).map(|line| line.disbursement_lag_quarters + line.loan.tenor_quarters);
            let longest = longest.max().expect("a line");
            scenario.fund.horizon_quarters = scenario.fund.availability_quarters + longest;
            let paths = play(&scenario, PATHS);
            (0..scenario.credit.ratings.len())
                .filter_map(|rating| {
                    let differences: Vec<f64> = paths
                        .iter()
                        .map(|(totals, _)| totals.lifetime[rating])
                        .map(|count| count.defaults as f64 - count.promised as f64 * 1e-9)
                        .collect();
                    let (mean, error) = mean_and_error(&differences);
                    let promise =
                        paths.iter().map(|(totals, _)| totals.lifetime[rating].promised).sum::<i64>();
                    assert!(promise > 0 || error == 0.0);
                    (!is_about_zero(&differences))
                        .then(|| format!("rating {rating}: {mean} +- {error}\n{generated:?}"))
                })
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
