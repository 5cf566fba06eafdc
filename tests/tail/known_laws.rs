//! Intervals of expected shortfalls cover what they say, held against laws whose shortfall is known exactly.
//!
//! Plain runs: 2,000 independent values, of which 100 make ES 95 % (the fewest that are reported). Tilted runs: sets of
//! weighted values as `--tail` draws them, from laws that a factor and own luck make.

use super::common::one_period::OnePeriod;
use fesr::aggregate::distribution::Distribution;
use fesr::aggregate::quantile_rank;
use fesr::aggregate::summary::shortfall_beyond;
use fesr::aggregate::tail::ranked::{Entry, Ranked, RankedQuantile};
use fesr::analytic::loss_law::LossLaw;
use fesr::engine::luck::WEIGHT_ONE;
use fesr::engine::tilt::{Place, SET_PATHS};
use fesr::numeric::exp;
use fesr::numeric::normal::{HALF_WIDTH_95, normal_cdf, normal_density, normal_quantile};
use rayon::prelude::*;

/// Repetitions of each run that costs little.
const REPETITIONS: u64 = 6_000;

/// Smallest unit of a value that is not money.
const UNIT: f64 = 1e-6;

/// Uniform numbers: SplitMix64 (Steele, Lea and Flood 2014).
struct Draws {
    state: u64,
}

impl Draws {
    /// Of a repetition.
    fn of(repetition: u64) -> Draws {
        Draws { state: (repetition + 1) << 32 }
    }

    /// In (0, 1).
    fn uniform(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        ((mixed >> 12) as f64 + 0.5) / (1u64 << 52) as f64
    }
}

/// A law of which quantiles and shortfalls are known.
enum KnownLaw {
    Gaussian,
    /// Of the exponential of a standard normal.
    LogNormal,
    /// Of a loan portfolio, with its distribution function.
    Loans(LossLaw, Vec<f64>),
}

impl KnownLaw {
    const NAMES: [&str; 3] = ["Gaussian", "log-normal", "loans"];

    fn all() -> [KnownLaw; 3] {
        let law = portfolio().law();
        let cumulated = law.points().scan(0.0, |sum, (_, probability)| {
            *sum += probability;
            Some(*sum)
        });
        let cumulated = cumulated.collect();
        [KnownLaw::Gaussian, KnownLaw::LogNormal, KnownLaw::Loans(law, cumulated)]
    }

    /// The value at a normal score.
    fn at(&self, score: f64) -> i64 {
        match self {
            KnownLaw::Gaussian => (score / UNIT).round() as i64,
            KnownLaw::LogNormal => (exp(score) / UNIT).round() as i64,
            KnownLaw::Loans(law, cumulated) => {
                let level = normal_cdf(score);
                let point = cumulated.partition_point(|&below| below < level).min(cumulated.len() - 1);
                law.unit().0 * point as i64
            }
        }
    }

    /// The exact expected shortfall.
    fn shortfall(&self, per_mille: u32) -> f64 {
        let level = f64::from(per_mille) / 1_000.0;
        let quantile = normal_quantile(level);
        match self {
            KnownLaw::Gaussian => normal_density(quantile) / (1.0 - level) / UNIT,
            KnownLaw::LogNormal => exp(0.5) * normal_cdf(1.0 - quantile) / (1.0 - level) / UNIT,
            KnownLaw::Loans(law, _) => law.expected_shortfall(level),
        }
    }
}

/// Loans of different sizes, so that the loss takes thousands of values.
pub fn portfolio() -> OnePeriod {
    OnePeriod {
        loans: (0..16).map(|i| (20_000 + 5_000 * ((7 * i) % 16), i as usize % 3)).collect(),
        default_probabilities: vec![0.01, 0.04, 0.12],
        loss_given_default: 0.45,
        systemic_correlation: 0.2,
        theme_correlation: 0.0,
        degrees: None,
        seed: 20_260_301,
    }
}

/// Values and standard errors of repeated estimates of one figure.
pub struct Repeated {
    /// Value and standard error of each.
    pub estimates: Vec<(f64, f64)>,
    /// What they estimate.
    pub truth: f64,
}

impl Repeated {
    fn count(&self) -> f64 {
        self.estimates.len() as f64
    }

    /// How often the truth is within 1.96 standard errors.
    pub fn coverage(&self) -> f64 {
        let covers = |&&(value, error): &&(f64, f64)| (value - self.truth).abs() <= HALF_WIDTH_95 * error;
        self.estimates.iter().filter(covers).count() as f64 / self.count()
    }

    /// The mean standard error over the standard deviation of the estimates.
    fn honesty(&self) -> f64 {
        let mean = self.estimates.iter().map(|estimate| estimate.0).sum::<f64>() / self.count();
        let squares: f64 = self.estimates.iter().map(|(value, _)| (value - mean) * (value - mean)).sum();
        let mean_error = self.estimates.iter().map(|estimate| estimate.1).sum::<f64>() / self.count();
        mean_error / (squares / self.count()).sqrt()
    }

    /// Asserts that 95 % are covered, and that the error is still a standard error: as large as the estimates scatter, but for
    /// what few and skewed values need more.
    pub fn assert_honest(&self, what: &str) {
        let honesty = self.honesty();
        println!("{what}: mean error over spread {honesty:.3}");
        assert_covered(what, self.coverage(), self.count());
        assert!((0.94..1.2).contains(&honesty), "{what}: {honesty}");
    }
}

/// Asserts that a share of the repetitions is 95 % as far as so many can tell: within three standard errors of that share. A
/// right program would fail one of 370 such comparisons.
pub fn assert_covered(what: &str, coverage: f64, repetitions: f64) {
    println!("{what}: coverage {coverage:.4}");
    let tolerance = 3.0 * (0.95 * 0.05 / repetitions).sqrt();
    assert!((coverage - 0.95).abs() <= tolerance, "{what}: {coverage} is not 0.95 +- {tolerance:.4}");
}

/// Asserts that a share of the repetitions is at least 95 %, likewise: an interval that ends at values which many paths have
/// covers more.
pub fn assert_not_missed(what: &str, coverage: f64, repetitions: f64) {
    println!("{what}: coverage {coverage:.4}");
    let tolerance = 3.0 * (0.95 * 0.05 / repetitions).sqrt();
    assert!(coverage >= 0.95 - tolerance, "{what}: {coverage} is below 0.95 - {tolerance:.4}");
}

/// Whether an interval holds the true quantile.
pub fn covers(interval: &RankedQuantile, truth: i64) -> bool {
    interval.low.is_none_or(|low| low <= truth) && interval.high.is_none_or(|high| truth <= high)
}

/// Plain runs of 2,000 values. What lies below the 80 % quantile has no say in the tail and stands at one value.
fn plain(law: &KnownLaw) -> Vec<(Distribution, i64)> {
    const VALUES: u64 = 2_000;
    const BODY: f64 = 0.8;
    let body = law.at(normal_quantile(BODY));
    (0..REPETITIONS)
        .into_par_iter()
        .map(|repetition| {
            let mut draws = Draws::of(repetition);
            let value = |level: f64| if level < BODY { body } else { law.at(normal_quantile(level)) };
            let values: Vec<i64> = (0..VALUES).map(|_| value(draws.uniform())).collect();
            let mut distribution = Distribution::for_paths(VALUES);
            distribution.absorb(&values);
            let quantile = distribution.order_statistics(&[quantile_rank(VALUES, 950)])[0];
            (distribution, quantile)
        })
        .collect()
}

#[test]
fn plain_intervals_cover_95_percent_of_known_laws() {
    for (law, name) in KnownLaw::all().iter().zip(KnownLaw::NAMES) {
        let estimates = plain(law)
            .iter()
            .map(|(values, quantile)| shortfall_beyond(values, 950, *quantile).estimate.expect("100 of them"))
            .collect();
        Repeated { estimates, truth: law.shortfall(950) }.assert_honest(name);
    }
}

#[test]
fn without_the_correction_for_skewness_the_test_would_fail() {
    let law = KnownLaw::LogNormal;
    let estimates = plain(&law)
        .iter()
        .map(|(values, quantile)| {
            let (excess, n) = (values.excess_over(*quantile), values.count() as f64);
            let mean = excess.sum as f64 / n;
            let error = ((excess.squares / n - mean * mean) / n).sqrt() / 0.05;
            (*quantile as f64 + mean / 0.05, error)
        })
        .collect();
    let coverage = Repeated { estimates, truth: law.shortfall(950) }.coverage();
    assert!(coverage < 0.94, "{coverage}");
}

/// What a run of weighted values says of the worst 1 % of a law.
struct TiltedRun {
    quantile: RankedQuantile,
    shortfall: (f64, f64),
    effective: f64,
}

/// Half of the luck is common and shifted in half of the paths, by sets, as in a `--tail` run. The worst 1 % is worth some 103
/// values of equal weight, hardly more than the fewest that are reported.
fn tilted(law: &KnownLaw, repetition: u64) -> TiltedRun {
    const PATHS: u64 = 4_096;
    const SHIFT: f64 = 1.6;
    let part = 0.5f64.sqrt();
    let mut draws = Draws::of(repetition);
    let mut sets = vec![0; PATHS.div_ceil(SET_PATHS) as usize];
    let entries = (0..PATHS).map(|path| {
        let place = Place::of(path, PATHS);
        let shift = if place.tilted { SHIFT } else { 0.0 };
        let common = normal_quantile(place.level(draws.uniform())) + shift;
        let own = normal_quantile(draws.uniform());
        let weight = place.weight(SHIFT * (common - SHIFT / 2.0));
        let weight = (weight * WEIGHT_ONE as f64).round() as u64;
        let set = path / SET_PATHS;
        sets[set as usize] += weight;
        Entry { value: law.at(part * (common + own)), weight, set: set as u32 }
    });
    let entries = entries.collect();
    let ranked = Ranked::new(entries, &sets, (PATHS, PATHS));
    TiltedRun {
        quantile: ranked.quantiles(&[990])[0],
        shortfall: ranked.shortfall(990),
        effective: ranked.effective_beyond(990),
    }
}

#[test]
fn tilted_intervals_cover_95_percent_of_known_laws() {
    for (law, name) in KnownLaw::all().iter().zip(KnownLaw::NAMES) {
        let runs: Vec<TiltedRun> =
            (0..REPETITIONS / 2).into_par_iter().map(|repetition| tilted(law, repetition)).collect();
        let count = runs.len() as f64;
        let effective = runs.iter().map(|run| run.effective).sum::<f64>() / count;
        assert!((100.0..110.0).contains(&effective), "{name}: {effective}");
        let estimates = runs.iter().map(|run| run.shortfall).collect();
        Repeated { estimates, truth: law.shortfall(990) }.assert_honest(name);
        let quantile = law.at(normal_quantile(0.99));
        let covered = runs.iter().filter(|run| covers(&run.quantile, quantile)).count() as f64 / count;
        match law {
            KnownLaw::Gaussian | KnownLaw::LogNormal => {
                assert_covered(&format!("{name}: VaR"), covered, count);
            }
            KnownLaw::Loans(..) => assert_not_missed(&format!("{name}: VaR"), covered, count),
        }
    }
}
