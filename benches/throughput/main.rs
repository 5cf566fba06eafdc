//! How fast a path is, as ratios taken in one run: `cargo bench --bench throughput [-- PART ... --only=TEXT]`.
//!
//! Absolute times depend on the machine and on what else it does; a ratio of two things measured in turn does not. Each
//! row is measured in rounds, one after the other, and the median of the rounds counts. One thread, but for the stages.
//!
//! Parts, all of them if none is named:
//!
//! - `paths`: baseline, the plain program ([`baseline`]), which shares no code with the engine: every quarter visits every
//!   project, integer cents, one path at a time, every figure and every quarter of every path stored, quantiles by sorting.
//!   All outputs: what `fesr run` does up to the files: simulate, absorb, summarise; absorbed: without summarising. Kernel:
//!   paths alone, without statistics, on each instruction set; scalar: the same by the scalar engine. Random numbers: only
//!   the draws that a path of the scenario needs, in lanes.
//! - `run`: the first ones over 65,536 paths, where sorting weighs more and the fixed cost of a summary less.
//! - `scaling`: the kernel by applications and by quarters.
//! - `lists`: the portfolio of the textbooks and a list of the library, by the kernel for all plans and by the engine for
//!   settled lists.
//! - `stages`: a whole run, from the scenario file to the result's files in memory ([`stages`]).
//!
//! `--only=TEXT` measures the rows whose names contain the text, once, without warming up: for a profiler.
//! `--gate` prints no table: it fails if a ratio is outside of the bounds in [`gate`].

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
use std::hint::black_box;
use std::process::ExitCode;
use table::{Row, Table};
use work::{absorbed, all_outputs, draw, simulate};

/// Paths of one measurement, and rounds.
const PATHS: usize = 4_096;
const ROUNDS: usize = 7;

/// The same of whole runs, whose sorting and summaries weigh more the longer they are.
const RUN_PATHS: usize = 65_536;
const RUN_ROUNDS: usize = 3;

/// Paths of a run by stages, and rounds.
const STAGES_PATHS: u64 = 100_000;
const STAGES_ROUNDS: usize = 5;

fn main() -> ExitCode {
    let (options, parts): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|word| word.starts_with("--"));
    if options.iter().any(|option| option == "--gate") {
        return gate::hold();
    }
    let only = options.iter().find_map(|option| option.strip_prefix("--only="));
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|word| word == part);
    println!("widest instruction set: {}", Isa::current().word());
    if wanted("stages") && only.is_none() {
        // First, while the pool of the other parts does not exist.
        for threads in [1, 2] {
            stages::stages(&plans::scenario_file("wecare-mixed.toml"), STAGES_PATHS, threads, STAGES_ROUNDS);
        }
    }
    // One thread: ratios per core.
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("a pool");
    let table = |title: &'static str, rounds: usize| Table { title, rounds, only };
    if wanted("paths") {
        paths(table("wecare-mixed", ROUNDS));
    }
    if wanted("run") {
        run(table("wecare-mixed, a run of 65,536 paths", RUN_ROUNDS));
    }
    if wanted("scaling") {
        scaling(table("kernel by applications", ROUNDS), [0.25, 1.0, 4.0].map(plans::with_applications));
        scaling(table("kernel by quarters", ROUNDS), [5, 15, 30].map(plans::with_years));
    }
    if wanted("lists") {
        let title = "textbook portfolio: 100 borrowers, one year, one factor";
        settled_list(table(title, ROUNDS), &plans::textbook());
        let title = "portfolio-example: 45 listed borrowers, 64 quarters";
        settled_list(table(title, ROUNDS), &plans::library("portfolio-example.toml", &[]));
    }
    ExitCode::SUCCESS
}

/// The instruction sets of this machine.
fn instruction_sets() -> impl Iterator<Item = Isa> {
    Isa::ALL.into_iter().filter(|isa| isa.is_supported())
}

/// The strategy's fund: baseline, kernel, random numbers, by instruction set.
fn paths(table: Table) {
    let mixed = plans::mixed(&[]);
    let terms = KernelTerms::new(&mixed);
    let mut rows = vec![
        Row::new("baseline, all outputs", PATHS, |paths| drop(black_box(baseline::run(&mixed, paths)))),
        Row::new("all outputs", PATHS, |paths| all_outputs(&mixed, paths)),
        Row::new("absorbed", PATHS, |paths| absorbed(&mixed, paths)),
    ];
    let mut scalar = ChunkSimulator::scalar(&mixed);
    rows.push(Row::new("scalar engine", PATHS, move |paths| simulate(&mut scalar, paths)));
    for isa in instruction_sets() {
        let mut kernel = ChunkSimulator::new(&mixed, &terms, isa);
        let name = format!("kernel, {}", isa.word());
        rows.push(Row::new(name, PATHS, move |paths| simulate(&mut kernel, paths)));
        rows.push(Row::new(format!("random numbers, {}", isa.word()), PATHS, move |paths| draw(isa, paths)));
    }
    table.measure_and_print(rows);
}

/// The strategy's fund in a longer run.
fn run(table: Table) {
    let mixed = plans::mixed(&[]);
    table.measure_and_print(vec![
        Row::new("whole run, baseline", RUN_PATHS, |paths| drop(black_box(baseline::run(&mixed, paths)))),
        Row::new("whole run, all outputs", RUN_PATHS, |paths| all_outputs(&mixed, paths)),
        Row::new("whole run, absorbed", RUN_PATHS, |paths| absorbed(&mixed, paths)),
    ]);
}

/// What more applications or more quarters cost.
fn scaling(table: Table, plans: [(String, Plan); 3]) {
    let terms = plans.each_ref().map(|(_, plan)| KernelTerms::new(plan));
    let sizes = plans.iter().zip(&terms);
    table.measure_and_print(
        sizes.map(|((name, plan), terms)| kernel_row(name, plan, terms, PATHS / 4)).collect(),
    );
}

/// Paths of a plan, nothing else.
fn kernel_row<'a>(name: &str, plan: &'a Plan, terms: &'a KernelTerms, paths: usize) -> Row<'a> {
    let mut kernel = ChunkSimulator::new(plan, terms, Isa::current());
    Row::new(name, paths, move |paths| simulate(&mut kernel, paths))
}

/// A settled list: what decides on its borrowers does not depend on what happens.
fn settled_list(table: Table, plan: &Plan) {
    let terms = KernelTerms::new(plan);
    let mut kernel = ChunkSimulator::kernel(plan, &terms, Isa::current());
    let mut rows =
        vec![Row::new("kernel for all plans", 4 * PATHS, move |paths| simulate(&mut kernel, paths))];
    for isa in instruction_sets() {
        let mut settled = ChunkSimulator::new(plan, &terms, isa);
        let name = format!("settled list, {}", isa.word());
        rows.push(Row::new(name, 4 * PATHS, move |paths| simulate(&mut settled, paths)));
    }
    rows.push(Row::new("all outputs", 4 * PATHS, |paths| all_outputs(plan, paths)));
    table.measure_and_print(rows);
}
