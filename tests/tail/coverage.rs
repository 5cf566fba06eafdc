//! Intervals cover what they say: repetitions of small runs of the engine with other seeds.

use super::SMALL_FUND;
use super::common::scenario_text;
use super::known_laws::{Repeated, assert_not_missed, covers, portfolio};
use fesr::aggregate::tail::moments::WeightedMoments;
use fesr::aggregate::tail::pilot::{Reach, pilot};
use fesr::aggregate::tail::ranked::{Entry, Ranked, RankedQuantile};
use fesr::engine::PathSimulator;
use fesr::engine::luck::Luck;
use fesr::engine::tilt::{Place, SET_PATHS, Tilt};
use fesr::plan::Plan;
use rayon::prelude::*;

/// Repetitions that are held against an exact law.
const REPETITIONS: u64 = 2_000;

/// Mean, VaR 99 % and ES 99 % and 99.9 % of the loss on weighted paths of the engine.
struct EngineRun {
    mean: (f64, f64),
    quantile: RankedQuantile,
    shortfalls: [(f64, f64); 2],
    /// Effective numbers of paths that make them.
    effective: [f64; 2],
}

impl EngineRun {
    fn new(plan: &Plan, tilt: &Tilt, paths: u64) -> EngineRun {
        let mut simulator = PathSimulator::new(plan);
        let mut moments = WeightedMoments::default();
        let mut sets = vec![0; paths.div_ceil(SET_PATHS) as usize];
        let mut entries = Vec::with_capacity(paths as usize);
        for path in 0..paths {
            simulator.run_with(path, Luck::tilted(tilt, Place::of(path, paths))).expect("the books balance");
            let value = simulator.totals().lines.iter().map(|line| line.fund_loss().0).sum();
            let (weight, set) = (simulator.luck().weight(), path / SET_PATHS);
            moments.add(value, weight);
            if (path + 1) % SET_PATHS == 0 || path + 1 == paths {
                moments.close(set);
            }
            sets[set as usize] += weight;
            entries.push(Entry { value, weight, set: set as u32 });
        }
        let average = moments.average(paths);
        let ranked = Ranked::new(entries, &sets, (paths, paths));
        EngineRun {
            mean: (average.mean(), average.standard_error()),
            quantile: ranked.quantiles(&[990])[0],
            shortfalls: [990, 999].map(|level| ranked.shortfall(level)),
            effective: [990, 999].map(|level| ranked.effective_beyond(level)),
        }
    }
}

/// Runs of a plan with the seeds from `first_seed` on.
fn repeat(plan: &Plan, tilt: &Tilt, first_seed: u64, repetitions: u64, paths: u64) -> Vec<EngineRun> {
    (first_seed..first_seed + repetitions)
        .into_par_iter()
        .map(|seed| EngineRun::new(&Plan { seed, ..plan.clone() }, tilt, paths))
        .collect()
}

/// Mean, VaR 99 %, ES 99 % and ES 99.9 %.
struct Truth {
    mean: f64,
    quantile: i64,
    shortfalls: [f64; 2],
}

/// Asserts that the intervals of all figures cover the truth.
fn assert_honest(what: &str, runs: &[EngineRun], truth: &Truth) {
    let repeated = |of: &dyn Fn(&EngineRun) -> (f64, f64), truth: f64| Repeated {
        estimates: runs.iter().map(of).collect(),
        truth,
    };
    repeated(&|run| run.mean, truth.mean).assert_honest(&format!("{what}: mean"));
    let covered = runs.iter().filter(|run| covers(&run.quantile, truth.quantile)).count();
    let count = runs.len() as f64;
    assert_not_missed(&format!("{what}: VaR 99 %"), covered as f64 / count, count);
    for (position, level) in ["ES 99 %", "ES 99.9 %"].into_iter().enumerate() {
        repeated(&|run| run.shortfalls[position], truth.shortfalls[position])
            .assert_honest(&format!("{what}: {level}"));
    }
}

#[test]
fn intervals_of_tilted_loans_cover_95_percent_of_the_exact_law() {
    let portfolio = portfolio();
    let law = portfolio.law();
    let plan = Plan::resolve(&portfolio.scenario());
    let tilt = pilot(&plan, Reach::AllLuck).expect("the books balance");
    let truth = Truth {
        mean: law.expected(),
        quantile: law.value_at_risk(0.99).0,
        shortfalls: [0.99, 0.999].map(|level| law.expected_shortfall(level)),
    };
    assert_honest("loans", &repeat(&plan, &tilt, 1_000, REPETITIONS, 1_024), &truth);
}

/// The figures of the docs of `fesr::aggregate::tail`:
/// `cargo test --test tail -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement of two minutes"]
fn how_often_those_of_a_small_fund_do() {
    let plan = Plan::resolve(&scenario_text(SMALL_FUND, None));
    let tilt = pilot(&plan, Reach::AllLuck).expect("the books balance");
    // The truth, from as many paths as 1,500 of the shorter and 375 of the longer runs have.
    let runs = repeat(&plan, &tilt, 1 << 40, 60, 25_600);
    let average = |of: &dyn Fn(&EngineRun) -> f64| runs.iter().map(of).sum::<f64>() / runs.len() as f64;
    let truth = Truth {
        mean: average(&|run| run.mean.0),
        quantile: average(&|run| run.quantile.value as f64) as i64,
        shortfalls: [0, 1].map(|position| average(&|run| run.shortfalls[position].0)),
    };
    for (paths, repetitions) in [(1_024, 3_000), (4_096, 1_000)] {
        let runs = repeat(&plan, &tilt, 1_000, repetitions, paths);
        let means = Repeated { estimates: runs.iter().map(|run| run.mean).collect(), truth: truth.mean };
        println!("{paths} paths: mean {:.4}", means.coverage());
        for (position, level) in ["ES 99 %", "ES 99.9 %"].into_iter().enumerate() {
            let of = |runs: &mut dyn Iterator<Item = &EngineRun>| Repeated {
                estimates: runs.map(|run| run.shortfalls[position]).collect(),
                truth: truth.shortfalls[position],
            };
            let all = of(&mut runs.iter());
            // A run reports only those of 100 effective paths.
            let reported = of(&mut runs.iter().filter(|run| run.effective[position] >= 100.0));
            println!(
                "{paths} paths: {level} {:.4}; reported by {} of {repetitions}: {:.4}",
                all.coverage(),
                reported.estimates.len(),
                reported.coverage()
            );
            if !reported.estimates.is_empty() {
                let count = reported.estimates.len() as f64;
                assert_not_missed(&format!("{paths} paths: {level} as reported"), reported.coverage(), count);
            }
        }
    }
}
