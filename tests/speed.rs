//! Ratios of times that hold on every machine, however busy: the gate on speed. No time is judged.
//!
//! What counts is the processor time that the process was given, which waiting for a turn on a busy machine does not add to.
//! Works are done in turn, round after round, and each counts at the best of its rounds. The bounds are for what would be a mistake, not for what is a pity:
//! a kernel that is not used or whose paths fall back to the scalar engine, a stage that takes several times as long, draws
//! that are made anew for each mix, a cost that grows with the square of paths, applications or quarters. They are those of
//! the test profile (`opt-level = 1`, checks on, hardly any lanes); `cargo bench` has the ratios of a release build.
//!
//! Measured once on two cores under a load of 3, by the wall clock, in the order of the bounds below: 1.87, 2.76, 1.73, (2.9: the
//! longer work was always interrupted, hence the processor's time), 3.57, 1.04, 2.15.
#![allow(clippy::disallowed_methods, reason = "a measurement looks at the clock")]

mod common;

use common::{collect, scenario_file, scenario_set};
use fesr::aggregate::columns::columns;
use fesr::engine::chunk::{CHUNK_PATHS, ChunkSimulator};
use fesr::engine::kernel::draws::{UniformPairs, what};
use fesr::engine::kernel::terms::KernelTerms;
use fesr::isa::Isa;
use fesr::paired::FigureTable;
use fesr::paired::mix::{Mix, MixedLines, ProductDemand, with_mix};
use fesr::plan::Plan;
use fesr::random::Purpose;
use std::hint::black_box;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// Rounds of each comparison, unless they take longer than [`PATIENCE`].
const ROUNDS: usize = 60;

/// After so long a comparison has had enough rounds.
const PATIENCE: Duration = Duration::from_millis(1_800);

/// Rounds that a comparison has in any case.
const FEWEST_ROUNDS: usize = 5;

/// Processor time of the process so far.
#[cfg(target_os = "linux")]
fn clock() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Time so far, where processor time is not at hand.
#[cfg(not(target_os = "linux"))]
fn clock() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// How many times as long the first work takes as the second, each at its best.
fn ratio(mut first: impl FnMut(), mut second: impl FnMut()) -> f64 {
    let started = Instant::now();
    let mut best = [Duration::MAX; 2];
    for round in 0..ROUNDS {
        if round >= FEWEST_ROUNDS && started.elapsed() > PATIENCE {
            break;
        }
        for (best, work) in best.iter_mut().zip([&mut first as &mut dyn FnMut(), &mut second]) {
            let started = clock();
            work();
            *best = (*best).min(clock() - started);
        }
    }
    best[0].as_secs_f64() / best[1].as_secs_f64()
}

/// Prints a ratio and whether it lies within its bounds.
fn within(name: &str, measured: f64, least: f64, most: f64) -> bool {
    let holds = (least..=most).contains(&measured);
    println!(
        "{name:<44} {measured:>7.2}   {least:>5.2} to {most:>6.2} {}",
        if holds { "" } else { "BROKEN" }
    );
    holds
}

fn chunks(simulator: &mut ChunkSimulator, count: u64) {
    for chunk in 0..count {
        simulator.run(chunk * CHUNK_PATHS as u64, CHUNK_PATHS).expect("the books balance");
        black_box(simulator.totals());
    }
}

/// What the kernel takes on the second plan in units of what it takes on the first.
fn growth(small: &Plan, large: &Plan) -> f64 {
    let terms = [small, large].map(KernelTerms::new);
    let [mut of_small, mut of_large] = [(small, &terms[0]), (large, &terms[1])]
        .map(|(plan, terms)| ChunkSimulator::new(plan, terms, Isa::current()));
    ratio(|| chunks(&mut of_large, 1), || chunks(&mut of_small, 1))
}

/// Random numbers of as many applicants as a chunk of paths of `wecare-mixed` has.
fn numbers_of_chunk() -> impl FnMut() {
    const BLOCKS: usize = (102 * 6 + 38) * CHUNK_PATHS;
    let indices: Vec<u32> = (0..BLOCKS as u32).collect();
    let paths = vec![7; BLOCKS];
    let (mut first, mut second) = (vec![0.0; BLOCKS], vec![0.0; BLOCKS]);
    let what = what(Purpose::Enterprise, 1, 0);
    move || {
        let draws = UniformPairs {
            seed: 1,
            what,
            paths: &paths,
            indices: &indices,
            first: &mut first,
            second: &mut second,
        };
        Isa::current().run(draws);
        black_box((&first, &second));
    }
}

/// The same figures of some mixes, together and one after the other.
fn gain_of_sharing(plan: &Plan) -> f64 {
    let scenario = scenario_file("wecare-mixed.toml");
    let mixed = |mix| with_mix(&scenario, MixedLines::All, mix, ProductDemand::AsInScenario);
    let plans: Vec<Plan> =
        Mix::grid(3, true).into_iter().map(|mix| plan.with_budgets_of(&mixed(mix))).collect();
    let columns = columns(plan);
    let stop = AtomicBool::new(false);
    let fresh = || plans.iter().map(|plan| (plan, FigureTable::new(&columns))).collect::<Vec<_>>();
    ratio(
        || {
            for (plan, mut table) in fresh() {
                table.extend_to(plan, 32, &stop, &|_| {}).expect("the books balance");
            }
        },
        || {
            let mut tables = fresh();
            let all = tables.iter_mut().map(|(plan, table)| (*plan, table));
            FigureTable::extend_all(all, 32, &stop, &|_| {}).expect("the books balance");
        },
    )
}

#[test]
fn ratios_of_times() {
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("a pool");
    let plan = Plan::resolve(&scenario_file("wecare-mixed.toml"));
    let terms = KernelTerms::new(&plan);
    let mut scalar = ChunkSimulator::scalar(&plan);
    let mut kernel = ChunkSimulator::new(&plan, &terms, Isa::current());
    let of_kernel = ratio(|| chunks(&mut scalar, 1), || chunks(&mut kernel, 1));
    let of_numbers = ratio(|| chunks(&mut kernel, 1), numbers_of_chunk());
    let of_block = ratio(|| drop(collect(&plan, 256)), || chunks(&mut kernel, 8));
    let mut again = ChunkSimulator::new(&plan, &terms, Isa::current());
    let of_paths = ratio(|| chunks(&mut again, 4), || chunks(&mut kernel, 2));
    let more = |factor: u32| {
        let options = [1, 2].map(|line| format!("line{line}.pipeline.applications_per_year*={factor}"));
        Plan::resolve(&scenario_set("wecare-mixed.toml", &[&options[0], &options[1]]))
    };
    let of_applications = growth(&more(1), &more(4));
    let years = |years: u32| {
        Plan::resolve(&scenario_set("wecare-mixed.toml", &[&format!("fund.horizon_years={years}")]))
    };
    let of_quarters = growth(&years(15), &years(30));
    let all = [
        within("scalar engine / kernel", of_kernel, 1.4, f64::INFINITY),
        within("kernel / random numbers", of_numbers, 0.0, 5.0),
        within("paths with statistics / kernel", of_block, 0.0, 3.0),
        within("kernel, 2 x the paths", of_paths, 1.6, 2.5),
        within("kernel, 4 x the applications", of_applications, 0.0, 6.0),
        within("kernel, 120 / 60 quarters", of_quarters, 0.0, 2.0),
        within("10 mixes one by one / sharing draws", gain_of_sharing(&plan), 1.4, f64::INFINITY),
    ];
    assert!(all.iter().all(|&holds| holds), "a ratio is out of bounds: see above");
}
