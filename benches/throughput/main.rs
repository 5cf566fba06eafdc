//! How fast a path is, as ratios taken in one run: `cargo bench --bench throughput [-- paths scaling textbook stages]`.
//!
//! Absolute times depend on the machine and on what else it does; a ratio of two things measured in turn does not. Each
//! row is measured in rounds, one after the other, and the median of the rounds counts. One thread, but for the stages.
//!
//! - baseline: what one would write first, [`baseline`].
//! - all outputs: what `fesr run` does up to the files: simulate, absorb, summarise.
//! - kernel: paths alone, without statistics, on each instruction set; scalar: the same by the scalar engine.
//! - random numbers: only the draws that a path of the scenario needs, in lanes.
//! - stages: a whole run, from the scenario file to the result's files in memory ([`stages`]).
//!
//! `-- --gate` prints no table: it fails if a ratio is outside of the bounds in [`gate`].

#![allow(clippy::disallowed_methods, reason = "a benchmark looks at the clock")]

#[path = "../baseline/mod.rs"]
mod baseline;
mod gate;
mod plans;
mod stages;
mod table;
mod work;

use fesr::engine::chunk::ChunkSimulator;
use fesr::engine::kernel::terms::KernelTerms;
use fesr::isa::Isa;
use fesr::plan::Plan;
use std::process::ExitCode;
use table::Row;
use work::{all_outputs, draw, simulate};

/// Paths of one measurement, and rounds.
const PATHS: usize = 4_096;
const ROUNDS: usize = 7;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let wanted = |part: &str| words.is_empty() || words.iter().any(|word| word == part);
    if words.iter().any(|word| word == "--gate") {
        return gate::hold();
    }
    println!("widest instruction set: {}", Isa::current().word());
    if wanted("stages") {
        // First, while the pool of the other parts does not exist.
        for threads in [1, 2] {
            stages::stages(&plans::scenario_file("wecare-mixed.toml"), 100_000, threads, 5);
        }
    }
    // One thread: ratios per core.
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("a pool");
    if wanted("paths") {
        paths();
    }
    if wanted("scaling") {
        scaling();
    }
    if wanted("textbook") {
        textbook();
    }
    ExitCode::SUCCESS
}

/// The strategy's fund: baseline, kernel, random numbers, by instruction set.
fn paths() {
    let mixed = plans::mixed(&[]);
    let terms = KernelTerms::new(&mixed);
    let mut rows = vec![
        Row::new("baseline, all outputs", PATHS, |paths| baseline::run(&mixed, paths)),
        Row::new("all outputs", PATHS, |paths| all_outputs(&mixed, paths)),
    ];
    let mut scalar = ChunkSimulator::scalar(&mixed);
    rows.push(Row::new("scalar engine", PATHS, move |paths| simulate(&mut scalar, paths)));
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_supported()) {
        let mut kernel = ChunkSimulator::new(&mixed, &terms, isa);
        let name = format!("kernel, {}", isa.word());
        rows.push(Row::new(name, PATHS, move |paths| simulate(&mut kernel, paths)));
        rows.push(Row::new(format!("random numbers, {}", isa.word()), PATHS, move |paths| draw(isa, paths)));
    }
    table::measure(&mut rows, ROUNDS);
    table::print("wecare-mixed", &rows);
}

/// What more applications and more quarters cost.
fn scaling() {
    let applications = [0.25, 1.0, 4.0].map(plans::with_applications);
    let quarters = [5, 15, 30].map(plans::with_years);
    for (title, plans) in [("kernel by applications", applications), ("kernel by quarters", quarters)] {
        let terms = plans.each_ref().map(|(_, plan)| KernelTerms::new(plan));
        let mut rows: Vec<Row> = plans
            .iter()
            .zip(&terms)
            .map(|((name, plan), terms)| kernel_row(name, plan, terms, PATHS / 4))
            .collect();
        table::measure(&mut rows, ROUNDS);
        table::print(title, &rows);
    }
}

/// Paths of a plan, nothing else.
fn kernel_row<'a>(name: &str, plan: &'a Plan, terms: &'a KernelTerms, paths: usize) -> Row<'a> {
    let mut kernel = ChunkSimulator::new(plan, terms, Isa::current());
    Row::new(name, paths, move |paths| simulate(&mut kernel, paths))
}

/// The portfolio of the textbooks.
fn textbook() {
    let plan = plans::textbook();
    let terms = KernelTerms::new(&plan);
    let mut rows = vec![
        kernel_row("kernel", &plan, &terms, 4 * PATHS),
        Row::new("all outputs", 4 * PATHS, |paths| all_outputs(&plan, paths)),
    ];
    table::measure(&mut rows, ROUNDS);
    table::print("textbook portfolio: 100 borrowers, one year, one factor", &rows);
}
