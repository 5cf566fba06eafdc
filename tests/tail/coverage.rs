//! Intervals cover what they say: repetitions of a small run with other seeds.

use super::SMALL_FUND;
use super::common::scenario_text;
use fesr::aggregate::tail::moments::WeightedMoments;
use fesr::aggregate::tail::pilot::{Reach, pilot};
use fesr::aggregate::tail::ranked::{Entry, Ranked, RankedQuantile};
use fesr::engine::PathSimulator;
use fesr::engine::luck::Luck;
use fesr::engine::tilt::{Place, SET_PATHS, Tilt};
use fesr::numeric::normal::HALF_WIDTH_95;
use fesr::plan::Plan;
use rayon::prelude::*;

/// What a run of the small fund says of its loss: mean, VaR and ES 99 %, each with its interval.
struct Estimates {
    mean: (f64, f64),
    quantile: RankedQuantile,
    shortfall: (f64, f64),
}

fn estimates(plan: &Plan, tilt: &Tilt, paths: u64) -> Estimates {
    let mut simulator = PathSimulator::new(plan);
    let mut moments = WeightedMoments::default();
    let mut entries = Vec::new();
    let mut sets = vec![0; paths.div_ceil(SET_PATHS) as usize];
    for path in 0..paths {
        let set = path / SET_PATHS;
        simulator.run_with(path, Luck::tilted(tilt, Place::of(path, paths))).expect("the books balance");
        let value = simulator.totals().lines.iter().map(|line| line.fund_loss().0).sum();
        let weight = simulator.luck().weight();
        moments.add(value, weight);
        if (path + 1) % SET_PATHS == 0 || path + 1 == paths {
            moments.close(set);
        }
        sets[set as usize] += weight;
        entries.push(Entry { value, weight, set: set as u32 });
    }
    let average = moments.average(paths);
    let ranked = Ranked::new(entries, &sets, (paths, paths));
    Estimates {
        mean: (average.mean(), average.standard_error()),
        quantile: ranked.quantiles(&[990])[0],
        shortfall: ranked.shortfall(990),
    }
}

/// So many repetitions know a coverage of 95 % to 0.69 points. The bounds are three of these: a right program would fail
/// one in 370 such tests for each of the three figures. Longer runs are told in the docs of `fesr::aggregate::tail`.
const REPETITIONS: u64 = 1_000;

#[test]
fn intervals_of_mean_value_at_risk_and_shortfall_cover_95_percent() {
    let plan = Plan::resolve(&scenario_text(SMALL_FUND, None));
    let tilt = pilot(&plan, Reach::AllLuck).expect("the books balance");
    let seeded = |seed: u64| Plan { seed, ..plan.clone() };
    // The truth, from as many paths as 200 repetitions have: its own error is a fourteenth of theirs.
    let truths: Vec<Estimates> =
        (0..16u64).into_par_iter().map(|part| estimates(&seeded(1 << 40 | part), &tilt, 25_600)).collect();
    let average =
        |value: &dyn Fn(&Estimates) -> f64| truths.iter().map(value).sum::<f64>() / truths.len() as f64;
    let (mean, quantile, shortfall) = (
        average(&|truth| truth.mean.0),
        average(&|truth| truth.quantile.value as f64),
        average(&|truth| truth.shortfall.0),
    );
    let covered: Vec<[bool; 3]> = (0..REPETITIONS)
        .into_par_iter()
        .map(|repetition| {
            let seen = estimates(&seeded(1_000 + repetition), &tilt, 2_048);
            let within =
                |(value, error): (f64, f64), truth: f64| (value - truth).abs() <= HALF_WIDTH_95 * error;
            let low = seen.quantile.low.is_none_or(|low| low as f64 <= quantile);
            let high = seen.quantile.high.is_none_or(|high| quantile <= high as f64);
            [within(seen.mean, mean), low && high, within(seen.shortfall, shortfall)]
        })
        .collect();
    for (position, figure) in ["mean", "VaR 99 %", "ES 99 %"].into_iter().enumerate() {
        let share = covered.iter().filter(|seen| seen[position]).count() as f64 / REPETITIONS as f64;
        println!("{figure}: {share}");
        assert!((0.929..=0.971).contains(&share), "{figure}: {share}");
    }
}
