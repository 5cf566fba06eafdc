//! The tilted law: weights that are bounded and average to 1, means that agree with a plain run.

use super::common::{collect, scenario_text};
use super::{SMALL_FUND, collect_tail, strategy, summarise_tail};
use fesr::aggregate::summary::{Average, Summary};
use fesr::aggregate::tail::pilot::{Reach, pilot};
use fesr::engine::PathSimulator;
use fesr::engine::luck::{Luck, WEIGHT_ONE};
use fesr::engine::tilt::{Place, SET_PATHS, Tilt};
use fesr::numeric::normal::normal_cdf;
use fesr::plan::Plan;

/// Dependences under which the small fund is tried.
const DEPENDENCES: [&str; 3] = [
    "dependence = \"static\"",
    "copula = \"student_t\"\nnu = 4",
    "dependence = \"ar1\"\npersistence = 0.8\nlgd_loading = 0.3",
];

fn small_fund(dependence: &str) -> Plan {
    Plan::resolve(&scenario_text(&SMALL_FUND.replace("[credit]", &format!("[credit]\n{dependence}")), None))
}

#[test]
fn weights_are_bounded_and_average_to_one() {
    for dependence in DEPENDENCES {
        let plan = small_fund(dependence);
        for reach in [Reach::CommonLuck, Reach::AllLuck] {
            let tilt = pilot(&plan, reach).expect("the books balance");
            assert!(tilt.length() > 0.5, "{dependence}: the pilot finds a shift, {}", tilt.length());
            let paths = 20_000;
            let collector = collect_tail(&plan, &tilt, paths);
            assert!(collector.weights.iter().all(|&weight| weight <= 2 * WEIGHT_ONE));
            assert!(collector.weights.iter().any(|&weight| weight < WEIGHT_ONE / 4));
            // Sets are independent; their sums have mean SET_PATHS. False alarms: 1 in 16,000 each.
            let whole: Vec<f64> = collector.sets[..(paths / SET_PATHS) as usize]
                .iter()
                .map(|&set| set as f64 / WEIGHT_ONE as f64 - SET_PATHS as f64)
                .collect();
            let n = whole.len() as f64;
            let mean = whole.iter().sum::<f64>() / n;
            let variance = whole.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0);
            assert!(mean.abs() <= 4.0 * (variance / n).sqrt() + 1e-9, "{dependence} {reach:?}: {mean}");
        }
    }
}

#[test]
fn no_place_lets_a_weight_exceed_two() {
    for paths in [1, 2, 3, 63, 64, 65, 1_000, 1_087] {
        let mut tilted = 0;
        for path in 0..paths {
            let place = Place::of(path, paths);
            assert!(place.stratum < place.strata && place.tilted_share <= 0.5);
            assert!(
                place.weight(f64::NEG_INFINITY) <= 2.0 && place.weight(f64::INFINITY) == 0.0
                    || paths == 1
                    || place.tilted_share == 0.0
            );
            tilted += u64::from(place.tilted);
        }
        assert_eq!(tilted, paths / SET_PATHS * 32 + paths % SET_PATHS / 2);
    }
}

/// Largest distance of the means of all figures, in standard errors of the difference. Figures that differ on
/// fewer than 1 path in 1,000 are left out: their error is not known well enough.
fn largest_distance(plain: &Summary, tail: &Summary) -> (f64, String) {
    let mut largest = (0.0, String::new());
    for (a, b) in plain.metrics.iter().zip(&tail.metrics) {
        let error = error_of_difference(&a.moments, &b.moments);
        let distance = (a.moments.mean() - b.moments.mean()).abs();
        let spread = a.quantile(1).zip(a.quantile(999)).is_some_and(|(low, high)| low.value < high.value);
        if error == 0.0 {
            assert_eq!(distance, 0.0, "{} is constant", a.column.metric.id());
        } else if spread && distance / error > largest.0 {
            largest = (distance / error, format!("{}.{}", a.column.metric.id(), a.column.about.word()));
        }
    }
    largest
}

/// Error of the difference of two independent estimates.
fn error_of_difference(a: &Average, b: &Average) -> f64 {
    (a.standard_error() * a.standard_error() + b.standard_error() * b.standard_error()).sqrt()
}

/// 5 standard errors: with some 150 figures a false alarm in 12,000 by the normal law, in some thousands with skew.
const FAMILY_BOUND: f64 = 5.0;

#[test]
fn means_of_the_small_fund_agree_with_a_plain_run_under_every_dependence() {
    for dependence in DEPENDENCES {
        let plan = small_fund(dependence);
        let plain = Summary::of(&mut collect(&plan, 30_000));
        let tilt = pilot(&plan, Reach::AllLuck).expect("the books balance");
        // Other paths than the plain ones: another seed.
        let other = Plan { seed: plan.seed + 1, ..plan.clone() };
        let tail = summarise_tail(&other, &tilt, 30_000);
        let (distance, figure) = largest_distance(&plain, &tail);
        assert!(distance < FAMILY_BOUND, "{dependence}: {figure} is {distance} standard errors away");
        for (a, b) in plain.groups.iter().zip(&tail.groups) {
            let error = error_of_difference(&a.moments, &b.moments);
            let distance = (a.moments.mean() - b.moments.mean()).abs();
            assert!(distance <= FAMILY_BOUND * error, "{dependence}: {:?} {:?}", a.group, a.metric);
        }
        for (a, b) in plain.timeline.iter().zip(&tail.timeline) {
            for (a, b) in a.points.iter().zip(&b.points) {
                let error = error_of_difference(&a.moments, &b.moments);
                let distance = (a.moments.mean() - b.moments.mean()).abs();
                assert!(distance <= FAMILY_BOUND * error + 1e-6, "{dependence}: timeline");
            }
        }
    }
}

#[test]
fn means_of_the_strategy_agree_with_a_plain_run() {
    let (plan, tilt) = strategy();
    let plain = Summary::of(&mut collect(plan, 10_000));
    let other = Plan { seed: plan.seed + 1, ..plan.clone() };
    let tail = summarise_tail(&other, tilt, 10_000);
    let (distance, figure) = largest_distance(&plain, &tail);
    assert!(distance < FAMILY_BOUND, "{figure} is {distance} standard errors away");
    // The lifetime default rates, promised and simulated.
    for (a, b) in plain.lifetime.iter().zip(&tail.lifetime) {
        for (a, b) in [(a.promised, b.promised), (a.simulated, b.simulated)] {
            let Some((a, b)) = a.zip(b) else { continue };
            let error = (a.std_error * a.std_error + b.std_error * b.std_error).sqrt();
            assert!((a.value - b.value).abs() <= FAMILY_BOUND * error, "{a:?} {b:?}");
        }
    }
    // The parts of each split add up to the whole to the cent.
    let loss = tail.metric(fesr::metrics::MetricId::FundLoss, None).expect("reported");
    let shortfall = loss.shortfall(990).and_then(|es| es.estimate).expect("enough paths").0;
    let mut splits: Vec<(&str, i64, i64)> = Vec::new();
    for entry in &tail.contributions {
        let word = entry.part.split.word();
        if splits.last().is_none_or(|last| last.0 != word) {
            splits.push((word, 0, 0));
        }
        let last = splits.last_mut().expect("just pushed");
        last.1 += entry.mean;
        last.2 += entry.shortfall.expect("enough paths").0;
    }
    for (split, mean, tail) in splits {
        assert_eq!(mean, loss.moments.mean().round_ties_even() as i64, "{split}");
        assert_eq!(tail, shortfall.round_ties_even() as i64, "{split}");
    }
}

#[test]
fn the_ratio_kept_while_drawing_is_that_of_what_was_drawn() {
    for dependence in DEPENDENCES {
        let plan = small_fund(dependence);
        let tilt = pilot(&plan, Reach::AllLuck).expect("the books balance");
        let rates: Vec<f64> = plan.lines.iter().map(|line| line.loss.cure_rate).collect();
        let mut simulator = PathSimulator::new(&plan);
        for path in 0..256 {
            let place = Place::of(path, 256);
            simulator.run_with(path, Luck::recording(&tilt, place)).expect("the books balance");
            let luck = simulator.luck();
            let afterwards = tilt.log_ratio(luck.record().expect("asked for"), &rates);
            // Sums of some dozens of terms of the size of 1.
            assert!((luck.log_ratio() - afterwards).abs() < 1e-9, "{} {afterwards}", luck.log_ratio());
            // What the strata ask for is what was drawn: the position lies in the path's own range.
            let record = luck.record().expect("asked for");
            let position: f64 =
                record.common.iter().zip(tilt.direction()).map(|(value, part)| value * part).sum();
            let level = normal_cdf(position - if place.tilted { tilt.length() } else { 0.0 });
            let range = place.level(0.0)..place.level(1.0);
            assert!(level > range.start - 1e-9 && level < range.end + 1e-9, "{level} in {range:?}");
        }
    }
}

#[test]
fn without_losses_nothing_is_tilted() {
    let plan = Plan::resolve(&scenario_text(&SMALL_FUND.replace("pd = 0.08", "pd = 0"), None));
    let tilt = pilot(&plan, Reach::AllLuck).expect("the books balance");
    assert_eq!(tilt.length(), 0.0);
    assert!(!tilt.tilts_own_luck());
    let collector = collect_tail(&plan, &tilt, 2_000);
    assert!(collector.weights.iter().all(|&weight| weight == WEIGHT_ONE));
}

#[test]
fn a_tilt_that_moves_nothing_gives_plain_paths() {
    for dependence in DEPENDENCES {
        let plan = small_fund(dependence);
        let profile = vec![0.0; plan.quarters as usize];
        let nothing = Tilt::none(profile, plan.endowment);
        let mut plain = PathSimulator::new(&plan);
        let mut tilted = PathSimulator::new(&plan);
        for path in 0..200 {
            plain.run(path).expect("the books balance");
            tilted
                .run_with(path, Luck::recording(&nothing, Place::of(path, 200)))
                .expect("the books balance");
            assert_eq!(plain.totals().lines, tilted.totals().lines);
            assert_eq!(tilted.luck().weight(), WEIGHT_ONE);
        }
    }
}
