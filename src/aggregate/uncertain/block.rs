//! A fixed block of paths, group after group in worlds of their own.

use super::{GROUP_PATHS, Worlds};
use crate::aggregate::BLOCK_PATHS;
use crate::aggregate::block::BlockContext;
use crate::aggregate::figures::Figures;
use crate::aggregate::tail::block::TailBlock;
use crate::aggregate::timeline_lanes::SeriesReader;
use crate::engine::InvariantBroken;
use crate::engine::chunk::{CHUNK_PATHS, ChunkSimulator};
use crate::engine::kernel::terms::KernelTerms;
use crate::engine::luck::WEIGHT_ONE;
use crate::engine::tilt::SET_PATHS;
use crate::isa::Isa;

// The paths of a group are one chunk.
const _: () = assert!(GROUP_PATHS as usize <= CHUNK_PATHS);

/// Simulates block number `block` of a run of `paths` paths, all of the weight 1; `None` if a world was refused. `context` is
/// that of the scenario as written, which all worlds share but for the assumptions ([`super::same_frame`]).
///
/// # Errors
/// [`InvariantBroken`] if the books of a path do not balance: a bug.
pub fn simulate_uncertain_block(
    context: &BlockContext,
    worlds: &dyn Worlds,
    block: u64,
    paths: u64,
    floor: i64,
) -> Result<Option<TailBlock>, InvariantBroken> {
    let first_path = block * BLOCK_PATHS;
    let count = BLOCK_PATHS.min(paths - first_path);
    let mut outcome = TailBlock::new(context, first_path, count);
    let mut reader = SeriesReader::new(&context.timeline, CHUNK_PATHS);
    let mut parts = Vec::new();
    let mut first = 0;
    while first < count {
        let size = (count - first).min(GROUP_PATHS) as usize;
        let Some(plan) = worlds.plan((first_path + first) / GROUP_PATHS) else { return Ok(None) };
        let terms = KernelTerms::new(&plan);
        let figures = Figures::only(&plan, context.figures.columns());
        let mut simulator = ChunkSimulator::new(&plan, &terms, Isa::current());
        simulator.run(first_path + first, size)?;
        for (lane, totals) in simulator.totals().iter().enumerate() {
            let path = first_path + first + lane as u64;
            outcome.weights.push(WEIGHT_ONE);
            figures.of(totals, |column, value| outcome.columns[column].push(value));
            outcome.add_path(context, totals, WEIGHT_ONE, &mut parts);
            outcome.add_candidate(path, totals, WEIGHT_ONE, &parts, floor);
        }
        outcome.add_timeline(&mut reader, simulator.timeline(), size);
        first += size as u64;
        if first.is_multiple_of(SET_PATHS) || first == count {
            outcome.close_set(((first - 1) / SET_PATHS * SET_PATHS) as usize);
        }
    }
    outcome.shrink();
    Ok(Some(outcome))
}
