//! Many small loans against the limit of infinitely many.
//!
//! A pool of `n` equal loans differs from the limit by terms of order `1/n`: the expected shortfall by the granularity
//! adjustment, the distribution function (half-way between two losses) by less than a constant over `n`, the
//! variance by exactly `E[p (1 - p)] / n`.

use crate::common::one_period::{OnePeriod, share_up_to, sorted_values};
use crate::common::tolerance::{ROUNDING, standard_errors};
use crate::common::{all, collect};
use fesr::aggregate::summary::Summary;
use fesr::analytic::large_pool::LargePool;
use fesr::analytic::loss_law::{Dependence, Loan, LossLaw};
use fesr::metrics::MetricId;
use fesr::plan::Plan;
use fesr::units::Cents;

const DEFAULT_PROBABILITY: f64 = 0.03;
const CORRELATION: f64 = 0.15;

fn limit() -> LargePool {
    LargePool::new(DEFAULT_PROBABILITY, CORRELATION).expect("in range")
}

/// `count` loans that lose 1 cent each.
fn pool(count: usize) -> LossLaw {
    let loan = Loan { loss: Cents(1), default_probability: DEFAULT_PROBABILITY };
    LossLaw::new(&vec![loan; count], Dependence::Gaussian { correlation: CORRELATION }).expect("in range")
}

/// Largest difference of the distribution functions in the upper half, half-way between two losses. (Near 0 a small pool
/// has too few defaults for the order of the difference to show.)
fn apart(count: usize, limit: &LargePool) -> f64 {
    let mut cumulated = 0.0;
    let mut most: f64 = 0.0;
    for (defaults, (_, probability)) in pool(count).points().enumerate() {
        cumulated += probability;
        let limiting = limit.cdf((defaults as f64 + 0.5) / count as f64);
        if limiting >= 0.5 {
            most = most.max((cumulated - limiting).abs());
        }
    }
    most
}

#[test]
fn the_variance_of_a_pool_is_that_of_the_limit_and_of_single_defaults() {
    let limit = limit();
    let systematic = limit.standard_deviation() * limit.standard_deviation();
    // E[p (1 - p)] = PD - E[p^2].
    let own = DEFAULT_PROBABILITY - DEFAULT_PROBABILITY * DEFAULT_PROBABILITY - systematic;
    for count in [10, 100, 1_000] {
        let sd = pool(count).standard_deviation() / count as f64;
        let expected = systematic + own / count as f64;
        assert!(
            (sd * sd / expected - 1.0).abs() < 100.0 * ROUNDING,
            "{count}: {} is not {expected}",
            sd * sd
        );
    }
}

#[test]
fn the_shortfall_exceeds_the_limit_by_the_granularity_adjustment() {
    let limit = limit();
    for level in [0.95, 0.99, 0.999] {
        let adjustment = limit.shortfall_granularity(level);
        // What is left of n (ES_n - ES) beside the adjustment falls at least as 1/n^(3/4) (the lattice roughens it).
        let rest = |count: usize| {
            let shortfall = pool(count).expected_shortfall(level) / count as f64;
            (shortfall - limit.expected_shortfall(level)) * count as f64 / adjustment - 1.0
        };
        let (few, some, many) = (rest(100), rest(400), rest(1_600));
        assert!(few.abs() < 0.2, "{level}: {few}");
        assert!(some.abs() < few.abs() / 2.8, "{level}: {few} {some}");
        assert!(many.abs() < some.abs() / 2.8, "{level}: {some} {many}");
    }
}

#[test]
fn the_distribution_approaches_the_limit_as_one_over_the_number_of_loans() {
    let limit = limit();
    let distances: Vec<f64> = [100, 400, 1_600].iter().map(|&count| apart(count, &limit)).collect();
    for pair in distances.windows(2) {
        let ratio = pair[0] / pair[1];
        assert!((3.0..5.0).contains(&ratio), "four times the loans: {ratio} times nearer");
    }
}

#[test]
fn a_simulated_pool_of_a_thousand_loans_is_near_the_limit() {
    const PATHS: u64 = 20_000;
    const LOANS: usize = 1_000;
    const LARGEST_LOSS: f64 = 100.0 * 10_000.0 * 0.5 * LOANS as f64;
    let limit = limit();
    let portfolio = OnePeriod {
        loans: vec![(10_000, 0); LOANS],
        default_probabilities: vec![DEFAULT_PROBABILITY],
        loss_given_default: 0.5,
        systemic_correlation: CORRELATION,
        theme_correlation: 0.0,
        degrees: None,
        seed: 99,
    };
    let plan = Plan::resolve(&portfolio.scenario());
    let mut collector = collect(&plan, PATHS);
    let values = sorted_values(&collector, MetricId::FundLoss);
    let summary = Summary::of(&mut collector);
    let simulated = all(&summary, MetricId::FundLoss);
    let n = PATHS as f64;
    let levels = [0.55, 0.65, 0.75, 0.85, 0.9, 0.95, 0.975, 0.99];
    let most = standard_errors(levels.len() + 3);
    // The bias of the distribution function: what the exact law of a smaller pool shows, scaled by 1/n and doubled.
    let bias = 2.0 * apart(400, &limit) * 400.0 / LOANS as f64;
    for level in levels {
        // The loss half-way between two numbers of defaults that is nearest to the limit's quantile.
        let defaults = (limit.quantile(level) * LOANS as f64).floor();
        let exact = limit.cdf((defaults + 0.5) / LOANS as f64);
        let share = share_up_to(&values, (defaults * LARGEST_LOSS / LOANS as f64) as i64);
        let error = (exact * (1.0 - exact) / n).sqrt();
        assert!((share - exact).abs() < bias + most * error, "{level}: {share} is not {exact}");
    }
    for level in [950, 990] {
        let (shortfall, error) = simulated.shortfall(level).and_then(|s| s.estimate).expect("enough paths");
        let exact = limit.expected_shortfall(f64::from(level) / 1_000.0);
        let bias = 2.0 * limit.shortfall_granularity(f64::from(level) / 1_000.0) / LOANS as f64;
        let distance = (shortfall / LARGEST_LOSS - exact).abs();
        assert!(distance < bias + most * error / LARGEST_LOSS, "ES {level}: {}", shortfall / LARGEST_LOSS);
    }
    let error = simulated.moments.standard_error() / LARGEST_LOSS;
    let distance = (simulated.moments.mean() / LARGEST_LOSS - limit.expected()).abs();
    assert!(distance < most * error, "expected loss: {distance}");
}
