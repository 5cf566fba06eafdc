//! Common random numbers: figures kept path by path are those of a run, and a difference of two scenarios has the error
//! that its pairs say.

mod common;

use common::{collect, scenario_file, scenario_set, tolerance};
use fesr::aggregate::columns::columns;
use fesr::aggregate::order_statistic::figure_of_each_path;
use fesr::aggregate::summary::{Summary, natural};
use fesr::metrics::{MetricId, Unit};
use fesr::numeric::beta::clopper_pearson;
use fesr::numeric::exp;
use fesr::numeric::normal::{normal_cdf, normal_quantile};
use fesr::paired::difference::Estimate;
use fesr::paired::influence::influence;
use fesr::paired::{Contest, Direction, FigureTable, Measure, PairedDifference};
use fesr::plan::Plan;
use fesr::random::{Address, Purpose};
use fesr::scenario::LimitStatistic;
use fesr::units::Share;
use rust_decimal::Decimal;
use std::sync::atomic::AtomicBool;

const PATHS: u64 = 12_500;

fn level(per_mille: i64) -> Share {
    Share::new(Decimal::new(per_mille, 3)).expect("a share")
}

fn table(plan: &Plan, paths: u64) -> FigureTable {
    FigureTable::simulate(plan, &columns(plan), paths, &AtomicBool::new(false), &|_| {})
        .expect("balanced books")
}

#[test]
fn figures_are_those_of_a_run_whatever_the_steps() {
    let plan = Plan::resolve(&scenario_file("wecare-mixed.toml"));
    let whole = table(&plan, PATHS);
    let mut in_steps = table(&plan, 2_500);
    in_steps.extend_to(&plan, PATHS, &AtomicBool::new(false), &|_| {}).expect("balanced books");
    let summary = Summary::of(&mut collect(&plan, PATHS));
    for column in columns(&plan) {
        let values = whole.column(column).expect("kept");
        assert_eq!(Some(values), in_steps.column(column));
        let of_run = summary.metrics.iter().find(|metric| metric.column == column).expect("reported");
        let unit = column.metric.unit();
        let same = |statistic, value: f64, error: f64| {
            let estimate = Estimate::of(values, unit, statistic).expect("enough paths");
            let close = |ours: f64, theirs: f64, within: f64| {
                let theirs = natural(unit, theirs);
                assert!(
                    (ours - theirs).abs() <= within * theirs.abs(),
                    "{} {statistic:?}: {ours} and {theirs}",
                    column.metric.id()
                );
            };
            close(estimate.value, value, tolerance::ROUNDING);
            close(estimate.std_error, error, 1e-9);
        };
        same(LimitStatistic::Mean, of_run.moments.mean(), of_run.moments.standard_error());
        for shortfall in &of_run.shortfalls {
            let Some((value, error)) = shortfall.estimate else { continue };
            same(LimitStatistic::ExpectedShortfall(level(i64::from(shortfall.per_mille))), value, error);
        }
        let Some(quantile) = of_run.quantile(990) else { continue };
        let error = quantile.std_error().expect("an interval within the sample");
        let ours = Estimate::of(values, unit, LimitStatistic::Quantile(level(990))).expect("enough paths");
        assert_eq!(ours.value, natural(unit, quantile.value as f64));
        let expected = natural(unit, error);
        assert!((ours.std_error - expected).abs() <= 1e-9 * expected, "{}", column.metric.id());
    }
}

#[test]
fn one_column_is_that_of_the_scalar_engine() {
    let plan = Plan::resolve(&scenario_file("wecare-mixed.toml"));
    let all = columns(&plan);
    let column = all.iter().position(|column| column.metric == MetricId::FundLoss).expect("reported");
    let scalar = figure_of_each_path(&plan, column, 1_500, &AtomicBool::new(false), &|_| {});
    let scalar = scalar.expect("balanced books").expect("not stopped");
    assert_eq!(table(&plan, 1_500).column(all[column]), Some(scalar.as_slice()));
}

/// What the treasury earns on idle cash changes nothing of what befalls the projects: the difference of `fund_loss` is
/// exactly 0.
#[test]
fn what_does_not_differ_has_a_difference_of_exactly_nothing() {
    let base = Plan::resolve(&scenario_set("wecare-mixed.toml", &["fund.treasury_rate=0"]));
    let dearer = Plan::resolve(&scenario_set("wecare-mixed.toml", &["fund.treasury_rate=0.01"]));
    let (first, second) = (table(&base, 2_000), table(&dearer, 2_000));
    let both = |metric| {
        let column = Measure::of_fund(metric, LimitStatistic::Mean).column(&base).expect("of the fund");
        (first.column(column).expect("kept"), second.column(column).expect("kept"))
    };
    let (one, other) = both(MetricId::FundLoss);
    let statistics = [
        LimitStatistic::Mean,
        LimitStatistic::StandardDeviation,
        LimitStatistic::Quantile(level(990)),
        LimitStatistic::ExpectedShortfall(level(950)),
    ];
    for statistic in statistics {
        let paired = PairedDifference::of(one, other, Unit::Euro, statistic).expect("enough paths");
        assert_eq!((paired.difference.value, paired.difference.std_error), (0.0, 0.0), "{statistic:?}");
        assert!(paired.unpaired_std_error > 0.0, "the losses vary by themselves");
        assert!(!paired.is_beyond_noise());
    }
    let equal = Contest::of(one, other, Direction::Down).expect("less loss is better");
    assert_eq!((equal.better, equal.equal, equal.worse), (0, 2_000, 0));
    let (one, other) = both(MetricId::TreasuryIncome);
    let paired = PairedDifference::of(one, other, Unit::Euro, LimitStatistic::Mean).expect("enough paths");
    assert!(paired.is_beyond_noise());
    let sum: i64 = other.iter().zip(one).map(|(other, one)| other - one).sum();
    assert!((paired.difference.value - sum as f64 / 2_000.0 / 100.0).abs() < 1e-6);
}

#[test]
fn a_contest_counts_pairs_in_the_direction_that_is_better() {
    let (first, second) = ([5, 5, 5, 5, 5], [1, 5, 9, 9, 9]);
    let up = Contest::of(&first, &second, Direction::Up).expect("a direction");
    assert_eq!((up.better, up.equal, up.worse), (3, 1, 1));
    let down = Contest::of(&first, &second, Direction::Down).expect("a direction");
    assert_eq!((down.better, down.equal, down.worse), (1, 1, 3));
    assert_eq!(Contest::of(&first, &second, Direction::Neither), None);
    assert_eq!(up.chance_better(), (0.6, clopper_pearson(3, 5, 0.95)));
}

/// Pairs of log-normal losses with a correlation of 0.8 between their logarithms: mean, quantile and ES of both laws are
/// known, so is how often the 95 % interval of their difference should hold the truth.
#[test]
fn intervals_of_differences_hold_the_truth_as_often_as_they_say() {
    const REPETITIONS: u64 = 1_000;
    const PAIRS: u64 = 3_000;
    let (sigma, larger, p) = (0.5, 1.1, 0.95);
    let (correlation, rest) = (0.8, 0.6);
    let z = normal_quantile(p);
    let mean = exp(sigma * sigma / 2.0);
    let truths = [
        (LimitStatistic::Mean, mean),
        (LimitStatistic::Quantile(level(950)), exp(sigma * z)),
        (LimitStatistic::ExpectedShortfall(level(950)), mean * normal_cdf(sigma - z) / (1.0 - p)),
    ];
    let mut covered = [0_u64; 3];
    for repetition in 0..REPETITIONS {
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for pair in 0..PAIRS {
            let address = Address {
                seed: 20,
                path: repetition * PAIRS + pair,
                purpose: Purpose::Idiosyncratic,
                line: 1,
                index: 0,
            };
            let [u, v] = address.uniforms();
            let (x, y) = (normal_quantile(u), normal_quantile(v));
            first.push((1e6 * exp(sigma * x)) as i64);
            second.push((1e6 * larger * exp(sigma * (correlation * x + rest * y))) as i64);
        }
        for ((statistic, truth), covered) in truths.iter().zip(&mut covered) {
            let paired =
                PairedDifference::of(&first, &second, Unit::Count, *statistic).expect("enough paths");
            assert!(paired.difference.std_error < 0.9 * paired.unpaired_std_error, "{statistic:?}");
            let (low, high) = paired.difference.interval();
            let truth = 1e6 * (larger - 1.0) * truth;
            *covered += u64::from(low <= truth && truth <= high);
        }
    }
    // One standard error of a share of 95 % is 0.69 points; a tail of 150 values is a little too sure of its mean.
    let within = tolerance::standard_errors(3) * (0.95_f64 * 0.05 / REPETITIONS as f64).sqrt();
    for ((statistic, _), covered) in truths.iter().zip(covered) {
        let share = covered as f64 / REPETITIONS as f64;
        println!("{statistic:?}: {share}");
        assert!((share - 0.95).abs() < within, "{statistic:?} covers {share}");
    }
}

#[test]
fn influences_add_up_to_nothing() {
    let values: Vec<i64> = (0..5_000_u64).map(|path| ((path * 7_919) % 10_007) as i64).collect();
    for statistic in [
        LimitStatistic::Mean,
        LimitStatistic::StandardDeviation,
        LimitStatistic::Quantile(level(900)),
        LimitStatistic::ExpectedShortfall(level(950)),
    ] {
        let influence = influence(&values, statistic).expect("enough paths");
        let mean = influence.of_path.iter().sum::<f64>() / values.len() as f64;
        assert!(mean.abs() < 1e-3 * influence.std_error() * 5_000_f64.sqrt(), "{statistic:?}: {mean}");
    }
    assert!(
        influence(&values[..1_000], LimitStatistic::ExpectedShortfall(level(950))).is_none(),
        "50 in the tail"
    );
    assert!(influence(&[7], LimitStatistic::Mean).is_none(), "one path has no error");
}
