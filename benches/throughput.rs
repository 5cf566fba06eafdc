//! How fast a path is, as ratios taken in one run: `cargo bench`.
//!
//! Absolute times depend on the machine and on what else it does; a ratio of two things measured in turn does not. Each
//! row is measured in rounds, one after the other, and the median of the rounds counts. One thread.
//!
//! - baseline: the plain program, [`baseline`], which shares no code with the engine: every quarter visits every project,
//!   integer cents, one path at a time, every figure and every quarter of every path stored, quantiles by sorting.
//! - all outputs: what `fesr run` does up to the files: simulate, absorb, summarise; absorbed: without summarising.
//! - whole run: the same two over 65,536 paths, where sorting weighs more and the fixed cost of a summary less.
//! - kernel: paths alone, without statistics, on each instruction set; scalar: the same by the scalar engine.
//! - random numbers: only the draws that a path of the scenario needs, in lanes.

#![allow(clippy::disallowed_methods, reason = "a benchmark looks at the clock")]

mod baseline;

use fesr::aggregate::block::BlockOutcome;
use fesr::aggregate::collector::{Collector, Watcher};
use fesr::aggregate::summary::Summary;
use fesr::engine::chunk::{CHUNK_PATHS, ChunkSimulator};
use fesr::engine::kernel::draws::{UniformPairs, what};
use fesr::engine::kernel::terms::KernelTerms;
use fesr::isa::Isa;
use fesr::plan::Plan;
use fesr::random::Purpose;
use fesr::reading::{Files, SetOption, read_scenario};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// Paths of one measurement, and rounds.
const PATHS: usize = 4_096;
const ROUNDS: usize = 8;

/// The same of whole runs, whose sorting and summaries weigh more the longer they are.
const RUN_PATHS: usize = 65_536;
const RUN_ROUNDS: usize = 4;

struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        std::fs::read(path)
    }
}

struct Silent(AtomicBool);

impl Watcher for Silent {
    fn stop(&self) -> &AtomicBool {
        &self.0
    }
    fn simulated(&self, _paths: u64) {}
    fn blocks(&mut self, _blocks: &[BlockOutcome]) {}
    fn absorbed(&mut self, _collector: &Collector) {}
}

/// The plan of a scenario of the library with `--set` options.
fn plan(name: &str, options: &[&str]) -> Plan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name);
    let options: Vec<SetOption> =
        options.iter().map(|text| SetOption::parse(text).expect("a sound option")).collect();
    let reading = read_scenario(&Disk, &path, &options).unwrap_or_else(|problems| panic!("{problems}"));
    Plan::resolve(&reading.scenario)
}

/// 100 borrowers, one year, one factor, PD 2 %, LGD 45 %, correlation 0.2, money for all.
fn textbook_plan() -> Plan {
    let scenario = r#"
[fund]
endowment = 20_000_000
start = "2020-Q1"
horizon_years = 2
availability_years = 0.25
period = "2021-2027"
[line2]
disbursement_lag_quarters = 0
[line2.budget]
loans = 20_000_000
guarantees = 0
[pipeline]
borrowers = "borrowers.csv"
[[line2.product]]
name = "loan"
own_funds = 0.5
fund_loan = 0.5
[line2.loan]
tenor_quarters = 4
amortisation = "bullet"
bank_rate = 0
[line2.loss]
lgd_mean = 0.45
[credit]
systemic_correlation = 0.2
theme_correlation = 0
[[credit.rating]]
name = "B"
pd = 0.02
"#;
    let mut borrowers =
        String::from("id,line,quarter,investment,theme,legal_form,size,rating,product,accompanied\n");
    for number in 0..100 {
        borrowers.push_str(&format!("b{number},2,0,50000,other,nonprofit,small,B,loan,0\n"));
    }
    let mut files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    files.insert("textbook.toml".into(), scenario.into());
    files.insert("borrowers.csv".into(), borrowers.into());
    let reading = read_scenario(&files, Path::new("textbook.toml"), &[]);
    Plan::resolve(&reading.unwrap_or_else(|problems| panic!("{problems}")).scenario)
}

/// Paths by the chunk, without statistics.
fn simulate(simulator: &mut ChunkSimulator, paths: usize) {
    for first in (0..paths).step_by(CHUNK_PATHS) {
        simulator.run(first as u64, CHUNK_PATHS).expect("the books balance");
        black_box(simulator.timeline());
    }
}

/// Everything that `fesr run` does before it writes files.
fn all_outputs(plan: &Plan, paths: usize) {
    let mut collector = Collector::new(plan, paths as u64);
    collector.simulate(&mut Silent(AtomicBool::new(false))).expect("the books balance");
    black_box(Summary::of(&mut collector).paths);
}

/// The same without summing up.
fn absorbed(plan: &Plan, paths: usize) {
    let mut collector = Collector::new(plan, paths as u64);
    collector.simulate(&mut Silent(AtomicBool::new(false))).expect("the books balance");
    black_box(collector.paths);
}

/// The draws of the applicants of a path: six blocks for each of about 102, and 38 for the quarters' arrivals.
fn draw(isa: Isa, paths: usize) {
    const BLOCKS: usize = 102 * 6 + 38;
    let width = BLOCKS.next_multiple_of(16);
    let indices: Vec<u32> = (0..width as u32).collect();
    let (mut first, mut second) = (vec![0.0; width], vec![0.0; width]);
    for path in 0..paths as u64 {
        let what = what(Purpose::Enterprise, 1, 0);
        let paths = vec![path; width];
        isa.run(UniformPairs {
            seed: 1,
            what,
            paths: &paths,
            indices: &indices,
            first: &mut first,
            second: &mut second,
        });
        black_box((&first, &second));
    }
}

/// A row of the table: a name, and work over so many paths.
struct Row<'a> {
    name: String,
    paths: usize,
    work: Box<dyn FnMut(usize) + 'a>,
    rounds: Vec<f64>,
}

impl<'a> Row<'a> {
    fn new(name: impl Into<String>, paths: usize, work: impl FnMut(usize) + 'a) -> Row<'a> {
        Row { name: name.into(), paths, work: Box::new(work), rounds: Vec::new() }
    }

    /// Median time of a path in microseconds.
    fn median(&self) -> f64 {
        let mut rounds = self.rounds.clone();
        rounds.sort_by(f64::total_cmp);
        rounds[rounds.len() / 2]
    }
}

/// Only the rows whose names contain this are measured, in one round: `cargo bench --bench throughput -- "kernel, v3"`.
fn only() -> Option<String> {
    std::env::args().skip(1).find(|argument| !argument.starts_with('-'))
}

fn measure(title: &str, rounds: usize, mut rows: Vec<Row>) {
    let only = only();
    if let Some(only) = &only {
        rows.retain(|row| row.name.contains(only));
    }
    if rows.is_empty() {
        return;
    }
    let rounds = if only.is_some() { 0..1 } else { 0..rounds };
    // The first round warms up.
    let warm_up = usize::from(rounds.end > 1);
    for round in rounds {
        for row in rows.iter_mut() {
            let started = Instant::now();
            (row.work)(row.paths);
            let microseconds = started.elapsed().as_secs_f64() * 1e6 / row.paths as f64;
            if round >= warm_up {
                row.rounds.push(microseconds);
            }
        }
    }
    println!("\n{title}");
    let first = rows[0].median();
    for row in rows.iter() {
        let median = row.median();
        println!("  {:<34} {median:>9.3} us a path   first row / this {:>7.2}", row.name, first / median);
    }
}

fn main() {
    // One thread: ratios per core.
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("a pool");
    let mixed = plan("wecare-mixed.toml", &[]);
    let terms = KernelTerms::new(&mixed);
    let machine = Isa::current();
    println!("widest instruction set: {}", machine.word());

    let mut rows = vec![
        Row::new("baseline, all outputs", PATHS, |paths| drop(black_box(baseline::run(&mixed, paths)))),
        Row::new("all outputs", PATHS, |paths| all_outputs(&mixed, paths)),
        Row::new("absorbed", PATHS, |paths| absorbed(&mixed, paths)),
    ];
    let mut scalar = ChunkSimulator::scalar(&mixed);
    rows.push(Row::new("scalar engine", PATHS, move |paths| simulate(&mut scalar, paths)));
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_supported()) {
        let mut kernel = ChunkSimulator::new(&mixed, &terms, isa);
        let name = format!("kernel, {}", isa.word());
        rows.push(Row::new(name, PATHS, move |paths| simulate(&mut kernel, paths)));
        rows.push(Row::new(format!("random numbers, {}", isa.word()), PATHS, move |paths| draw(isa, paths)));
    }
    measure("wecare-mixed", ROUNDS, rows);

    let rows = vec![
        Row::new("whole run, baseline", RUN_PATHS, |paths| drop(black_box(baseline::run(&mixed, paths)))),
        Row::new("whole run, all outputs", RUN_PATHS, |paths| all_outputs(&mixed, paths)),
        Row::new("whole run, absorbed", RUN_PATHS, |paths| absorbed(&mixed, paths)),
    ];
    measure("wecare-mixed, a run of 65,536 paths", RUN_ROUNDS, rows);

    let times = |factor: f64| {
        let options =
            ["line1", "line2"].map(|line| format!("{line}.pipeline.applications_per_year*={factor}"));
        plan("wecare-mixed.toml", &[&options[0], &options[1]])
    };
    let plans: Vec<(String, Plan)> = [0.25, 1.0, 4.0]
        .into_iter()
        .map(|factor| (format!("{:.0} applications", factor * 101.6), times(factor)))
        .chain([8, 16, 32].into_iter().map(|years| {
            let horizon = format!("fund.horizon_years={years}");
            (format!("{} quarters", 4 * years), plan("wecare-mixed.toml", &[&horizon]))
        }))
        .collect();
    let tables: Vec<KernelTerms> = plans.iter().map(|(_, plan)| KernelTerms::new(plan)).collect();
    let rows: Vec<Row> = plans
        .iter()
        .zip(&tables)
        .map(|((name, plan), terms)| {
            let mut kernel = ChunkSimulator::new(plan, terms, machine);
            Row::new(name.clone(), PATHS / 4, move |paths| simulate(&mut kernel, paths))
        })
        .collect();
    measure("kernel by applications and quarters", ROUNDS, rows);

    let lists = [
        ("textbook portfolio: 100 borrowers, one year, one factor", textbook_plan()),
        ("portfolio-example: 45 listed borrowers, 64 quarters", plan("portfolio-example.toml", &[])),
    ];
    for (title, plan) in &lists {
        let terms = KernelTerms::new(plan);
        let mut kernel = ChunkSimulator::kernel(plan, &terms, machine);
        let mut rows =
            vec![Row::new("kernel for all plans", 4 * PATHS, move |paths| simulate(&mut kernel, paths))];
        for isa in Isa::ALL.into_iter().filter(|isa| isa.is_supported()) {
            let mut settled = ChunkSimulator::new(plan, &terms, isa);
            let name = format!("settled list, {}", isa.word());
            rows.push(Row::new(name, 4 * PATHS, move |paths| simulate(&mut settled, paths)));
        }
        rows.push(Row::new("all outputs", 4 * PATHS, |paths| all_outputs(plan, paths)));
        measure(title, ROUNDS, rows);
    }
}
