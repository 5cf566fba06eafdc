//! Ratios that should hold on every machine, however busy: `cargo bench --bench throughput -- --gate`. Not a step of CI yet.
//!
//! No time is judged, only ratios of works done in turn, each at the best of many rounds of a few milliseconds: on a busy
//! machine most rounds are interrupted, but hardly all; a median would be that of the interruptions (a work of 15 ms
//! against one of 1 ms was measured three times too long that way).
//!
//! Bounds are wide on purpose. They are for a kernel that is not used, not in wide registers, or whose paths mostly fall
//! back to the scalar engine, and for a cost that grows with the square of the applications; a loss of a third is for
//! the benchmark's tables to show. Measured with AVX-512 on two cores under a load of 3 to 7, in seven runs:
//!
//! | ratio | measured | bound |
//! | --- | --- | --- |
//! | scalar engine / kernel | 2.7 to 3.8 | at least 1.5 (1 if the kernel is not used) |
//! | block of a run, with statistics / scalar engine | 0.38 to 0.48 | at most 0.9 |
//! | kernel / random numbers | 16.4 to 16.8 | at most 50 |
//! | 406 / 102 applications | 2.4 to 2.5 | at most 6 (16 if quadratic) |
//! | 120 / 60 quarters | 1.26 to 1.29 | at most 3 (4 if quadratic) |

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

/// A ratio and its bound.
struct Ratio {
    name: &'static str,
    measured: f64,
    bound: Limit,
}

/// What a ratio must keep to.
enum Limit {
    AtLeast(f64),
    AtMost(f64),
}

impl Ratio {
    fn at_least(name: &'static str, measured: f64, least: f64) -> Ratio {
        Ratio { name, measured, bound: Limit::AtLeast(least) }
    }

    fn at_most(name: &'static str, measured: f64, most: f64) -> Ratio {
        Ratio { name, measured, bound: Limit::AtMost(most) }
    }

    /// Whether it keeps to its bound; prints it.
    fn holds(&self) -> bool {
        let (holds, word, bound) = match self.bound {
            Limit::AtLeast(least) => (self.measured >= least, "at least", least),
            Limit::AtMost(most) => (self.measured <= most, "at most", most),
        };
        let verdict = if holds { "holds" } else { "BROKEN" };
        println!("  {:<50} {:>6.2}   {word:>8} {bound:>5.2}: {verdict}", self.name, self.measured);
        holds
    }
}

/// Measures all ratios; failure if one breaks its bound.
pub fn hold() -> ExitCode {
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("a pool");
    let isa = Isa::current();
    println!("ratios, best of {ROUNDS} rounds, instruction set {}", isa.word());
    let ratios = per_path(isa).into_iter().chain(per_size());
    let broken = ratios.filter(|ratio| !ratio.holds()).count();
    if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The kernel against the scalar engine and against the random numbers alone.
fn per_path(isa: Isa) -> [Ratio; 3] {
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
        Isa::Base => (1.2, 15.0),
        Isa::V3 | Isa::V4 => (1.5, 50.0),
    };
    [
        Ratio::at_least("scalar engine / kernel", ratio(scalar, kernel), least_gain),
        Ratio::at_most("block of a run, with statistics / scalar engine", ratio(block, scalar), 0.9),
        Ratio::at_most("kernel / random numbers", ratio(kernel, numbers), most_numbers),
    ]
}

/// What more applications and quarters cost.
fn per_size() -> [Ratio; 2] {
    let applications = [1.0, 4.0].map(|factor| plans::with_applications(factor).1);
    let quarters = [15, 30].map(|years| plans::with_years(years).1);
    let [applications, quarters] = [applications, quarters].map(|plans| {
        let terms = plans.each_ref().map(KernelTerms::new);
        let [small, large] = [0, 1].map(|size| kernel_row("", &plans[size], &terms[size], PATHS));
        let mut rows = [large, small];
        measure(&mut rows, ROUNDS);
        ratio(&rows[0], &rows[1])
    });
    [
        Ratio::at_most("kernel, 406 / 102 applications", applications, 6.0),
        Ratio::at_most("kernel, 120 / 60 quarters", quarters, 3.0),
    ]
}
