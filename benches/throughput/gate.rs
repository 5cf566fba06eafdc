//! Ratios that must hold on every machine, however busy: what CI asks (`cargo bench --bench throughput -- --gate`).
//!
//! No time is judged, only ratios of works done in turn, each at the best of many rounds of a few milliseconds: on a busy
//! machine most rounds are interrupted, but hardly all; a median would be that of the interruptions (a work of 15 ms
//! against one of 1 ms was measured three times too long that way). Bounds are about twice what was measured, so that only a
//! real loss breaks them: a kernel that is not used, not in wide registers, or whose paths mostly fall back to the
//! scalar engine.

use crate::kernel_row;
use crate::plans;
use crate::table::{Row, measure, ratio};
use crate::work::{blocks, draw, simulate};
use fesr::aggregate::BLOCK_PATHS;
use fesr::aggregate::block::BlockContext;
use fesr::engine::chunk::ChunkSimulator;
use fesr::engine::kernel::terms::KernelTerms;
use fesr::isa::Isa;
use std::process::ExitCode;

/// Paths of a row in a round, and rounds.
const PATHS: usize = BLOCK_PATHS as usize / 8;
const ROUNDS: usize = 100;
/// Random numbers are drawn for so many times the paths, so that no row is much shorter than another.
const PATHS_OF_NUMBERS: usize = 16 * PATHS;

/// A ratio and its bounds.
struct Bound {
    name: &'static str,
    measured: f64,
    least: f64,
    most: f64,
}

/// Measures all ratios; failure if one is out of bounds.
pub fn hold() -> ExitCode {
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("a pool");
    let isa = Isa::current();
    println!("ratios, best of {ROUNDS} rounds, instruction set {}", isa.word());
    let mut bounds = per_path(isa);
    bounds.extend(per_size());
    let mut held = true;
    for bound in &bounds {
        let holds = (bound.least..=bound.most).contains(&bound.measured);
        held &= holds;
        let verdict = if holds { "holds" } else { "BROKEN" };
        println!(
            "  {:<52} {:>7.2}   at least {:>5.2}, at most {:>6.2}: {verdict}",
            bound.name, bound.measured, bound.least, bound.most
        );
    }
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The kernel against the scalar engine and against the random numbers alone.
fn per_path(isa: Isa) -> Vec<Bound> {
    let plan = plans::mixed(&[]);
    let context = BlockContext::new(&plan);
    let mut scalar = ChunkSimulator::scalar(&plan);
    let mut rows = [
        Row::new("scalar engine", PATHS, move |paths| simulate(&mut scalar, paths)),
        Row::new("block of a run", PATHS, |paths| blocks(&context, paths)),
        kernel_row("kernel", &plan, &context.terms, PATHS),
        Row::new("random numbers", PATHS_OF_NUMBERS, |paths| draw(isa, paths)),
    ];
    measure(&mut rows, ROUNDS);
    let [scalar, block, kernel, numbers] = &rows;
    let (least_gain, most_numbers) = match isa {
        Isa::Base => (1.3, 6.0),
        Isa::V3 => (1.8, 22.0),
        Isa::V4 => (1.8, 30.0),
    };
    vec![
        Bound {
            name: "scalar engine / kernel",
            measured: ratio(scalar, kernel),
            least: least_gain,
            most: f64::INFINITY,
        },
        Bound {
            name: "block of a run, with statistics / scalar engine",
            measured: ratio(block, scalar),
            least: 0.0,
            most: 0.9,
        },
        Bound {
            name: "kernel / random numbers",
            measured: ratio(kernel, numbers),
            least: 1.0,
            most: most_numbers,
        },
    ]
}

/// Cost at most linear in applications and quarters.
fn per_size() -> Vec<Bound> {
    let applications = [1.0, 4.0].map(|factor| plans::with_applications(factor).1);
    let quarters = [15, 30].map(|years| plans::with_years(years).1);
    let [applications, quarters] = [applications, quarters].map(|plans| {
        let terms = plans.each_ref().map(KernelTerms::new);
        let [small, large] = [0, 1].map(|size| kernel_row("", &plans[size], &terms[size], PATHS));
        let mut rows = [large, small];
        measure(&mut rows, ROUNDS);
        ratio(&rows[0], &rows[1])
    });
    vec![
        Bound { name: "kernel, 406 / 102 applications", measured: applications, least: 1.0, most: 5.0 },
        Bound { name: "kernel, 120 / 60 quarters", measured: quarters, least: 1.0, most: 2.5 },
    ]
}
