//! Where the time of a whole run goes, from the scenario file to the files of the result in memory.
//!
//! The stages are those of `fesr run`; only the disk is left out. Each is measured once a round, on all threads of the pool
//! it runs in.

use crate::plans::Disk;
use crate::table::median;
use crate::work::Silent;
use fesr::aggregate::collector::Collector;
use fesr::aggregate::summary::Summary;
use fesr::engine::chunk::{CHUNK_PATHS, ChunkSimulator};
use fesr::isa::Isa;
use fesr::plan::Plan;
use fesr::reading::read_scenario;
use fesr::report::limits::judge;
use fesr::report::result_files::{Extras, result_files};
use fesr::report::run_record::sha256;
use fesr::report::{OutputFile, RunFacts};
use fesr::rules;
use rayon::prelude::*;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

/// The stages in order; the first [`UNTIL_FIRST_PATH`] lead to the first path.
const STAGES: [&str; 7] = [
    "read and check",
    "plan",
    "tables, first paths",
    "all paths",
    "summary",
    "charts and files, in memory",
    "SHA-256 of the files",
];

/// Stages until the first path is simulated.
const UNTIL_FIRST_PATH: usize = 3;

/// Milliseconds of each stage of a run of `paths` paths.
fn run_once(file: &Path, paths: u64) -> [f64; STAGES.len()] {
    let mut stages = [0.0; STAGES.len()];
    let mut stage = 0;
    let mut started = Instant::now();
    let mut done = || {
        stages[stage] = started.elapsed().as_secs_f64() * 1e3;
        stage += 1;
        started = Instant::now();
    };
    let mut scenario =
        read_scenario(&Disk, file, &[]).unwrap_or_else(|problems| panic!("{problems}")).scenario;
    scenario.simulation.paths = paths;
    black_box(rules::check(&scenario));
    done();
    let plan = Plan::resolve(&scenario);
    done();
    let mut collector = Collector::new(&plan, paths);
    let mut first = ChunkSimulator::new(&plan, &collector.context.terms, Isa::current());
    first.run(0, CHUNK_PATHS).expect("the books balance");
    black_box(first.totals());
    done();
    collector.simulate(&mut Silent::default()).expect("the books balance");
    done();
    let summary = Summary::of(&mut collector);
    done();
    let facts = RunFacts { scenario: &scenario, version: "bench", paths, planned: paths };
    let limits = judge(&scenario, &summary);
    let files: Vec<OutputFile> = result_files(&facts, &plan, &summary, &limits, &Extras::default()).files;
    done();
    black_box(files.par_iter().map(|file| sha256(&file.bytes)).collect::<Vec<String>>());
    done();
    stages
}

/// Prints the median of each stage over some rounds, on `threads` threads.
pub fn stages(file: &Path, paths: u64, threads: usize, rounds: usize) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
    let runs: Vec<[f64; STAGES.len()]> =
        (0..rounds).map(|_| pool.install(|| run_once(file, paths))).collect();
    println!("\nwhole run of {paths} paths on {threads} threads, ms (median of {rounds}, best)");
    let print = |name: &str, of: &dyn Fn(&[f64; STAGES.len()]) -> f64| {
        let times: Vec<f64> = runs.iter().map(of).collect();
        let best = times.iter().copied().fold(f64::INFINITY, f64::min);
        println!("  {name:<34} {:>9.1} {best:>9.1}", median(&times));
    };
    for (stage, name) in STAGES.iter().enumerate() {
        print(name, &|run| run[stage]);
    }
    print("until the first path", &|run| run[..UNTIL_FIRST_PATH].iter().sum());
    print("after the last path", &|run| run[UNTIL_FIRST_PATH + 1..].iter().sum());
    print("whole run", &|run| run.iter().sum());
}
