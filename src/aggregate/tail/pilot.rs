//! The pilot: a fixed number of paths that only serve to choose the tilt.
//!
//! Its paths have numbers from 2^63 on, which no run reaches, so that their luck is independent of the run's: given
//! the pilot, the run is ordinary importance sampling with a fixed law. The tilt is a function of scenario and seed.
//!
//! 1. [`PILOT_PATHS`] paths as the model says; the worst 1 % give a first tilt ([`super::fit`]).
//! 2. As many under the first tilt; the worst 0.1 % of the probability, now many paths, give the tilt of the run.

use super::fit::{WorstPath, least_variance_shift, least_variance_strength, own_luck, shift};
use crate::engine::luck::{Luck, WEIGHT_ONE};
use crate::engine::tilt::{Place, Tilt};
use crate::engine::{InvariantBroken, PathSimulator};
use crate::plan::{DependencePlan, Plan};
use rayon::prelude::*;

/// Paths of each of the two stages.
pub const PILOT_PATHS: u64 = 16_384;

/// Number of the first pilot path of each stage.
const FIRST_PATH: [u64; 2] = [1 << 63, 1 << 63 | 1 << 40];

/// Part of the probability whose paths a stage is fitted to, in thousandths.
const WORST_PER_MILLE: [u64; 2] = [10, 1];

/// Paths that one task simulates.
const CHUNK: u64 = 256;

/// What is tilted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// The common luck only.
    CommonLuck,
    /// The common luck and the projects' own.
    AllLuck,
}

/// Chooses the tilt for a plan.
///
/// # Errors
/// [`InvariantBroken`] if the books of a pilot path do not balance: a bug.
pub fn pilot(plan: &Plan, reach: Reach) -> Result<Tilt, InvariantBroken> {
    let plain = Tilt::none(profile(plan)?, plan.endowment);
    // The second stage sees the tail best if everything is tilted, whatever the run may tilt.
    let Some(first) = stage(plan, Reach::AllLuck, 0, &plain)? else {
        return Ok(plain);
    };
    Ok(stage(plan, reach, 1, &first)?.unwrap_or(plain))
}

/// One stage: paths under `law`, and the tilt that their worst ask for; `None` if all losses are equal.
fn stage(plan: &Plan, reach: Reach, number: usize, law: &Tilt) -> Result<Option<Tilt>, InvariantBroken> {
    let place = |path: u64| if number == 0 { Place::PLAIN } else { Place::of(path, PILOT_PATHS) };
    let losses = simulate(plan, PILOT_PATHS, |simulator, path| {
        simulator.run_with(FIRST_PATH[number] + path, Luck::tilted(law, place(path)))?;
        let loss: i64 = simulator.totals().lines.iter().map(|line| line.fund_loss().0).sum();
        Ok((loss, simulator.luck().weight(), path))
    })?;
    let Some(worst) = worst(losses, WORST_PER_MILLE[number]) else {
        return Ok(None);
    };
    let lucks = simulate(plan, worst.len() as u64, |simulator, position| {
        let (loss, weight, path) = worst[position as usize];
        simulator.run_with(FIRST_PATH[number] + path, Luck::recording(law, place(path)))?;
        let luck = simulator.luck().record().expect("asked for").clone();
        let least = worst.last().map_or(0, |path| path.0);
        Ok(WorstPath { weight: weight as f64 / WEIGHT_ONE as f64, excess: (loss - least) as f64, luck })
    })?;
    let tilt = Tilt::none(law.profile().to_vec(), plan.endowment);
    let towards = shift(&lucks);
    Ok(Some(match reach {
        Reach::CommonLuck => tilt.shifted(least_variance_shift(&lucks, towards)),
        Reach::AllLuck => {
            let tilt = tilt.shifted(towards);
            let own = own_luck(plan, &lucks, tilt.direction());
            let rates: Vec<f64> = plan.lines.iter().map(|line| line.loss.cure_rate).collect();
            least_variance_strength(&lucks, &tilt.with_own_luck(own), &rates)
        }
    }))
}

/// Loss, weight and number of the paths that make the worst part of the probability; `None` if all losses are equal.
fn worst(mut losses: Vec<(i64, u64, u64)>, per_mille: u64) -> Option<Vec<(i64, u64, u64)>> {
    losses.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.2.cmp(&b.2)));
    if losses.first()?.0 == losses.last()?.0 {
        return None;
    }
    let total: u64 = losses.iter().map(|path| path.1).sum();
    let wanted = total / 1_000 * per_mille;
    let mut seen = 0;
    let part = losses.iter().take_while(|path| {
        let more = seen < wanted;
        seen += path.1;
        more
    });
    Some(part.copied().collect())
}

/// Weight of each quarter's shock in the coordinate of its factor.
///
/// Static dependence has one shock. Autoregressive factors carry the shock of a quarter on: what the exposures `g` of
/// the quarters feel of it is `sum over q >= s of g_q phi^(q-s)`, times the weight of a shock. The profile is
/// proportional to this sum, so that a coordinate is the economy as the running projects feel it.
fn profile(plan: &Plan) -> Result<Vec<f64>, InvariantBroken> {
    let DependencePlan::Autoregressive { persistence, innovation, .. } = plan.credit.dependence else {
        return Ok(vec![1.0]);
    };
    const PATHS: u64 = 512;
    let rows = simulate(plan, PATHS, |simulator, path| {
        simulator.run(FIRST_PATH[0] + path)?;
        let exposure = simulator.timeline().iter().map(|row| {
            row.lines.iter().map(|line| (line.outstanding_fund_loans + line.outstanding_guaranteed).0).sum()
        });
        Ok(exposure.collect::<Vec<i64>>())
    })?;
    let quarters = plan.quarters as usize;
    let mut felt = vec![0.0; quarters];
    let mut later = 0.0;
    for quarter in (0..quarters).rev() {
        // Projects that default in a quarter were running at the end of the one before.
        let before = quarter.checked_sub(1);
        let exposure = before.map_or(0, |before| rows.iter().map(|row| row[before] as i128).sum::<i128>());
        later = exposure as f64 + persistence * later;
        felt[quarter] = later * if quarter == 0 { 1.0 } else { innovation };
    }
    let length = felt.iter().map(|part| part * part).sum::<f64>().sqrt();
    Ok(if length > 0.0 { felt.iter().map(|part| part / length).collect() } else { felt })
}

/// Results of paths `0..paths`, in their order whatever the threads.
fn simulate<'p, T: Send>(
    plan: &'p Plan,
    paths: u64,
    one: impl Fn(&mut PathSimulator<'p>, u64) -> Result<T, InvariantBroken> + Sync,
) -> Result<Vec<T>, InvariantBroken> {
    let chunks: Vec<Vec<T>> = (0..paths.div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| {
            let mut simulator = PathSimulator::new(plan);
            (chunk * CHUNK..((chunk + 1) * CHUNK).min(paths)).map(|path| one(&mut simulator, path)).collect()
        })
        .collect::<Result<_, _>>()?;
    Ok(chunks.into_iter().flatten().collect())
}
