//! The loss of a list of loans over one year against its exact law.

use crate::common::one_period::{OnePeriod, share_up_to, sorted_values};
use crate::common::tolerance::{confidence, standard_errors};
use crate::common::{all, collect};
use fesr::aggregate::summary::Summary;
use fesr::analytic::expectations::line_expectation;
use fesr::analytic::loss_law::LossLaw;
use fesr::analytic::stream::Stream;
use fesr::analytic::stream_variance::stream_variance;
use fesr::metrics::MetricId;
use fesr::numeric::beta::beta_cdf;
use fesr::numeric::binomial::quantile_interval_ranks;
use fesr::plan::Plan;
use fesr::units::Cents;

/// The most for which every value is kept.
const PATHS: u64 = 131_072;

/// Points of the distribution function are compared where so many paths are expected on either side.
const FEWEST_PATHS: f64 = 100.0;

/// Sixteen loans of 20,000 to 95,000 EUR in three ratings: five thousand possible losses, twelve orders of magnitude of probability.
fn portfolio(systemic: f64, theme: f64, degrees: Option<f64>) -> OnePeriod {
    OnePeriod {
        loans: (0..16).map(|i| (20_000 + 5_000 * ((7 * i) % 16), i as usize % 3)).collect(),
        default_probabilities: vec![0.01, 0.04, 0.12],
        loss_given_default: 0.45,
        systemic_correlation: systemic,
        theme_correlation: theme,
        degrees,
        seed: 20_260_301,
    }
}

/// `E[(loss - centre)^power]`.
fn central_moment(law: &LossLaw, centre: f64, power: i32) -> f64 {
    law.points()
        .map(|(loss, probability)| {
            let distance = loss.to_f64() - centre;
            (0..power).fold(probability, |product, _| product * distance)
        })
        .sum()
}

/// Standard error of the expected shortfall of `n` paths: that of the mean of `q + (L - q)^+ / (1 - level)`.
fn shortfall_error(law: &LossLaw, level: f64, n: f64) -> f64 {
    let quantile = law.value_at_risk(level);
    let mean = law.mean_excess(quantile);
    let square: f64 = law
        .points()
        .filter(|(loss, _)| *loss > quantile)
        .map(|(loss, probability)| (loss - quantile).to_f64() * (loss - quantile).to_f64() * probability)
        .sum();
    ((square - mean * mean) / n).sqrt() / (1.0 - level)
}

/// Simulated figures of a portfolio against its law: the largest distance in standard errors, and what it was about.
fn compare(portfolio: &OnePeriod) {
    let law = portfolio.law();
    let plan = Plan::resolve(&portfolio.scenario());
    let mut collector = collect(&plan, PATHS);
    let values = sorted_values(&collector, MetricId::FundLoss);
    let summary = Summary::of(&mut collector);
    let simulated = all(&summary, MetricId::FundLoss);
    let n = PATHS as f64;
    assert_eq!(all(&summary, MetricId::Projects).moments.min, portfolio.loans.len() as i64, "all are funded");
    assert_eq!(all(&summary, MetricId::Projects).moments.max, portfolio.loans.len() as i64, "all are funded");

    let mut distances: Vec<(String, f64)> = Vec::new();
    let mut distance = |what: String, simulated: f64, exact: f64, error: f64| {
        distances.push((what, (simulated - exact) / error));
    };
    let (mean, sd) = (law.expected(), law.standard_deviation());
    distance("expected loss".into(), simulated.moments.mean(), mean, sd / n.sqrt());
    let fourth = central_moment(&law, mean, 4);
    let sd_error = ((fourth - sd * sd * sd * sd) / n).sqrt() / (2.0 * sd);
    distance("standard deviation".into(), simulated.moments.standard_deviation(), sd, sd_error);
    // P(0) is the first of the points of the distribution function.
    let mut cumulated = 0.0;
    let mut last_compared = -1.0;
    for (loss, probability) in law.points() {
        cumulated += probability;
        let expected = n * cumulated.min(1.0 - cumulated);
        if probability > 0.0 && expected >= FEWEST_PATHS && cumulated - last_compared >= 0.002 {
            let error = (cumulated * (1.0 - cumulated) / n).sqrt();
            distance(format!("P(loss <= {loss})"), share_up_to(&values, loss.0), cumulated, error);
            last_compared = cumulated;
        }
    }
    for shortfall in &simulated.shortfalls {
        let level = f64::from(shortfall.per_mille) / 1_000.0;
        let (value, _) = shortfall.estimate.expect("131 paths in the tail of 99.9 %");
        let error = shortfall_error(&law, level, n);
        distance(format!("ES {level}"), value, law.expected_shortfall(level), error);
    }
    let comparisons = distances.len() + simulated.quantiles.len();
    assert!(comparisons >= 50, "only {comparisons} comparisons");
    let most = standard_errors(comparisons);
    for (what, z) in &distances {
        assert!(z.abs() < most, "{what}: {z:.2} standard errors, more than {most:.2}");
    }
    for quantile in &simulated.quantiles {
        let level = f64::from(quantile.per_mille) / 1_000.0;
        let (low, high) = quantile_interval_ranks(PATHS, level, confidence(comparisons));
        let bound = |rank: Option<u64>| values[rank.expect("131 paths beyond 0.1 % and 99.9 %") as usize - 1];
        let exact = law.value_at_risk(level).0;
        let (low, high) = (bound(low), bound(high));
        assert!(low <= exact && exact <= high, "VaR {level}: {exact} is not in {low} to {high}");
    }
}

#[test]
fn independent_borrowers() {
    compare(&portfolio(0.0, 0.0, None));
}

#[test]
fn gaussian_copula() {
    compare(&portfolio(0.2, 0.0, None));
}

#[test]
fn economy_and_common_theme_act_as_one_factor() {
    compare(&portfolio(0.12, 0.2, None));
}

#[test]
fn student_t_copula() {
    compare(&portfolio(0.1, 0.1, Some(4.0)));
}

#[test]
fn student_t_copula_without_correlation() {
    compare(&portfolio(0.0, 0.0, Some(3.0)));
}

#[test]
fn the_wrong_law_would_be_found() {
    // What the comparisons above can tell apart: correlations of 0.20 and 0.23 differ in the shortfall by more than
    // they forgive.
    let n = PATHS as f64;
    let (law, other) = (portfolio(0.2, 0.0, None).law(), portfolio(0.23, 0.0, None).law());
    let apart = other.expected_shortfall(0.95) - law.expected_shortfall(0.95);
    assert!(
        apart / shortfall_error(&law, 0.95, n) > standard_errors(100),
        "{}",
        apart / shortfall_error(&law, 0.95, n)
    );
}

#[test]
fn equal_independent_loans_default_as_the_binomial_law_says() {
    let (count, pd) = (30u32, 0.07);
    let portfolio = OnePeriod {
        loans: vec![(25_000, 0); count as usize],
        default_probabilities: vec![pd],
        loss_given_default: 0.6,
        systemic_correlation: 0.0,
        theme_correlation: 0.0,
        degrees: None,
        seed: 7,
    };
    let plan = Plan::resolve(&portfolio.scenario());
    let collector = collect(&plan, PATHS);
    let defaults = sorted_values(&collector, MetricId::Defaults);
    let losses = sorted_values(&collector, MetricId::FundLoss);
    // Twice the smaller tail of the number of paths with at most k defaults, itself binomial.
    let allowed = 1.0 - confidence(count as usize);
    for k in 0..count {
        let exact = 1.0 - beta_cdf(f64::from(k + 1), f64::from(count - k), pd);
        let hits = defaults.partition_point(|&value| value <= i64::from(k)) as u64;
        assert_eq!(hits, losses.partition_point(|&loss| loss <= 1_500_000 * i64::from(k)) as u64);
        let at_most =
            if hits == PATHS { 1.0 } else { 1.0 - beta_cdf((hits + 1) as f64, (PATHS - hits) as f64, exact) };
        let at_least = if hits == 0 { 1.0 } else { beta_cdf(hits as f64, (PATHS - hits + 1) as f64, exact) };
        let chance = 2.0 * at_most.min(at_least);
        assert!(
            chance > allowed,
            "{hits} paths with at most {k} defaults, expected {:.1}",
            exact * PATHS as f64
        );
    }
    assert_eq!(portfolio.law().unit(), Cents(1_500_000));
}

/// The variance that the live check computes from pairs of projects is that of the exact law of the whole portfolio, also
/// where rare defaults come together.
#[test]
fn variances_of_sure_lists_are_those_of_the_law() {
    // Relative; the trapezium rules over the common luck of both are far finer.
    const TOLERANCE: f64 = 1e-4;
    for (count, pd, systemic, theme, degrees) in [
        (300, 0.005, 0.1, 0.0, Some(3.0)),
        (300, 0.01, 0.1, 0.05, Some(2.05)),
        (100, 0.6, 0.2, 0.0, Some(4.0)),
        (100, 0.02, 0.3, 0.0, None),
        (100, 0.02, 0.0, 0.0, Some(5.0)),
    ] {
        let portfolio = OnePeriod {
            loans: vec![(10_000, 0); count],
            default_probabilities: vec![pd],
            loss_given_default: 0.5,
            systemic_correlation: systemic,
            theme_correlation: theme,
            degrees,
            seed: 1,
        };
        let exact = portfolio.law().standard_deviation();
        let plan = Plan::resolve(&portfolio.scenario());
        let expectation = line_expectation(&plan, 0).expect("surely approved");
        let variance = stream_variance(&plan, 0, &expectation).expect("static dependence");
        let from_pairs = variance[Stream::LoanLoss].sqrt();
        assert!(
            (from_pairs / exact - 1.0).abs() < TOLERANCE,
            "{count} loans, PD {pd}, {degrees:?}: {from_pairs} is not {exact}"
        );
    }
}
