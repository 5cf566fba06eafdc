//! Against exact laws: of equal loans over one period, whose defaults are binomial given the factor (Vasicek 2002), and of
//! different ones, by convolution (`fesr::analytic::loss_law`).

use super::common::MOST_STANDARD_ERRORS;
use super::common::one_period::OnePeriod;
use super::common::tolerance::standard_errors;
use super::known_laws::portfolio;
use super::{one_period, summarise_tail};
use fesr::aggregate::tail::pilot::{Reach, pilot};
use fesr::metrics::MetricId;
use fesr::numeric::normal::{normal_cdf, normal_density, normal_quantile};
use fesr::numeric::{exp, ln_1p};
use fesr::plan::Plan;

const BORROWERS: usize = 100;
/// Cents lost on one default: 45 % of 50,000 EUR.
const LOSS_OF_ONE: f64 = 2_250_000.0;

/// The law of the number of defaults: binomial given the factor, integrated over it by the trapezoidal rule, whose error
/// for so smooth and so quickly falling an integrand is below rounding.
fn law() -> Vec<f64> {
    let (pd, correlation): (f64, f64) = (0.02, 0.2);
    let threshold = normal_quantile(pd);
    let mut law = vec![0.0; BORROWERS + 1];
    let step = 0.005;
    for point in -1_700..=1_700 {
        let factor = f64::from(point) * step;
        let chance = normal_cdf((threshold - correlation.sqrt() * factor) / (1.0 - correlation).sqrt());
        let mut term = step * normal_density(factor) * exp(BORROWERS as f64 * ln_1p(-chance));
        for (defaults, share) in law.iter_mut().enumerate() {
            *share += term;
            term *= (BORROWERS - defaults) as f64 / (defaults + 1) as f64 * chance / (1.0 - chance);
        }
    }
    law
}

#[test]
fn mean_shortfalls_and_shares_are_those_of_the_closed_form() {
    let law = law();
    assert!((law.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    let mean: f64 = law.iter().enumerate().map(|(defaults, share)| defaults as f64 * share).sum();
    assert!((mean - 2.0).abs() < 1e-10, "{mean}");

    let plan = one_period(BORROWERS);
    let tilt = pilot(&plan, Reach::AllLuck).expect("the books balance");
    let summary = summarise_tail(&plan, &tilt, 20_000);
    let loss = summary.metric(MetricId::FundLoss, None).expect("reported");
    // 1 + 3 + some 40 comparisons at 4 standard errors: a false alarm in 400 together.
    let distance = (loss.moments.mean() - mean * LOSS_OF_ONE) / loss.moments.standard_error();
    assert!(distance.abs() < MOST_STANDARD_ERRORS, "mean: {distance}");
    for per_mille in [950, 990, 999] {
        let tail = 1.0 - f64::from(per_mille) / 1_000.0;
        let mut beyond = 0.0;
        let mut sum = 0.0;
        for (defaults, share) in law.iter().enumerate().rev() {
            let part = share.min(tail - beyond);
            beyond += part;
            sum += part * defaults as f64 * LOSS_OF_ONE;
        }
        let (value, error) = loss.shortfall(per_mille).and_then(|es| es.estimate).expect("enough paths");
        let distance = (value - sum / tail) / error;
        assert!(distance.abs() < MOST_STANDARD_ERRORS, "ES {per_mille}: {value} against {}", sum / tail);
        // The tail is known to better than 2 % where a plain run would know it to 5 %.
        assert!(error < 0.02 * value, "ES {per_mille}: {error}");
    }
    for point in &loss.exceedance {
        let defaults = (point.value as f64 / LOSS_OF_ONE).round() as usize;
        let exact: f64 = law[defaults + 1..].iter().sum();
        let error = (point.high - point.low) / 4.0;
        let distance = (point.probability - exact).abs() / error;
        assert!(
            distance < MOST_STANDARD_ERRORS,
            "more than {defaults} defaults: {} against {exact}",
            point.probability
        );
    }
}

#[test]
fn figures_of_different_loans_are_those_of_the_exact_law_whatever_the_copula() {
    for degrees in [None, Some(4.0)] {
        let portfolio = OnePeriod { degrees, ..portfolio() };
        let law = portfolio.law();
        let plan = Plan::resolve(&portfolio.scenario());
        let tilt = pilot(&plan, Reach::AllLuck).expect("the books balance");
        let summary = summarise_tail(&plan, &tilt, 40_000);
        let loss = summary.metric(MetricId::FundLoss, None).expect("reported");
        let mut distances =
            vec![("mean".to_string(), loss.moments.mean(), law.expected(), loss.moments.standard_error())];
        for per_mille in [950, 990, 999] {
            let level = f64::from(per_mille) / 1_000.0;
            let (value, error) = loss.shortfall(per_mille).and_then(|es| es.estimate).expect("enough paths");
            distances.push((format!("ES {level}"), value, law.expected_shortfall(level), error));
            let quantile = loss.quantile(per_mille).expect("reported");
            let error = quantile.std_error().expect("bounds");
            distances.push((
                format!("VaR {level}"),
                quantile.value as f64,
                law.value_at_risk(level).to_f64(),
                error,
            ));
        }
        let most = standard_errors(2 * distances.len());
        for (what, simulated, exact, error) in &distances {
            let distance = (simulated - exact) / error;
            println!("{degrees:?} {what}: {simulated} against {exact}, {distance:.2} errors of {error}");
            assert!(
                distance.abs() < most,
                "{degrees:?} {what}: {distance:.2} standard errors, more than {most:.2}"
            );
            assert!(*error < 0.02 * exact, "{degrees:?} {what} is known badly: {error}");
        }
    }
}
