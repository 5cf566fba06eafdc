//! What is measured: one path of each, without and with what the rest of a run does with it.

use fesr::aggregate::BLOCK_PATHS;
use fesr::aggregate::block::{BlockContext, BlockOutcome, simulate_block};
use fesr::aggregate::collector::{Collector, Watcher};
use fesr::aggregate::summary::Summary;
use fesr::engine::chunk::{CHUNK_PATHS, ChunkSimulator};
use fesr::engine::kernel::draws::{UniformPairs, what};
use fesr::isa::Isa;
use fesr::plan::Plan;
use fesr::random::Purpose;
use std::hint::black_box;
use std::sync::atomic::AtomicBool;

/// Watches a run without a word.
#[derive(Default)]
pub struct Silent(AtomicBool);

impl Watcher for Silent {
    fn stop(&self) -> &AtomicBool {
        &self.0
    }
    fn simulated(&self, _paths: u64) {}
    fn blocks(&mut self, _blocks: &[BlockOutcome]) {}
    fn absorbed(&mut self, _collector: &Collector) {}
}

/// Paths by the chunk, without statistics.
pub fn simulate(simulator: &mut ChunkSimulator, paths: usize) {
    for first in (0..paths).step_by(CHUNK_PATHS) {
        simulator.run(first as u64, CHUNK_PATHS).expect("the books balance");
        black_box(simulator.timeline());
    }
}

/// Paths by the block, with the sums that `fesr run` keeps of them.
pub fn blocks(context: &BlockContext, paths: usize) {
    for block in 0..(paths as u64).div_ceil(BLOCK_PATHS) {
        black_box(simulate_block(context, block, paths as u64, 0).expect("the books balance").paths);
    }
}

/// Everything that `fesr run` does before it draws and writes: simulate, absorb, summarise.
pub fn all_outputs(plan: &Plan, paths: usize) {
    let mut collector = Collector::new(plan, paths as u64);
    collector.simulate(&mut Silent::default()).expect("the books balance");
    black_box(Summary::of(&mut collector).paths);
}

/// The same without summing up.
pub fn absorbed(plan: &Plan, paths: usize) {
    let mut collector = Collector::new(plan, paths as u64);
    collector.simulate(&mut Silent::default()).expect("the books balance");
    black_box(collector.paths);
}

/// The draws of the applicants of a path: six blocks for each of about 102, and 38 for the quarters' arrivals.
pub fn draw(isa: Isa, paths: usize) {
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
