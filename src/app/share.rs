//! `fesr run --shard`: one share of a run, left as a part for `fesr merge`.

use super::checkpoint::Checkpoint;
use super::folder_lock::FolderLock;
use super::part_files::{CHECKPOINT_ENDING, PART_ENDING, cannot_write, standing_part, write_aside};
use super::progress::RunWatcher;
use super::run::run_options;
use super::scenarios::{CheckedScenario, show_warnings};
use super::{Failure, Outcome, VERSION, print, say};
use crate::aggregate::collector::Collector;
use crate::aggregate::coverage::Coverage;
use crate::aggregate::part::{share_of_blocks, store};
use crate::cli::{RunArguments, ShardChoice};
use crate::locale::{Numbers, Told, told};
use crate::plan::Plan;
use crate::report::part_file::{PartHead, Shard, part_file};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Simulates a share of each scenario.
///
/// # Errors
/// [`Failure`] if the share cannot be made out, or a part cannot be simulated or written.
pub fn run_shares(
    scenarios: &[CheckedScenario],
    arguments: &RunArguments,
    choice: ShardChoice,
    stop: &Arc<AtomicBool>,
) -> Result<Outcome, Failure> {
    let shard = which_share(choice, |name| std::env::var(name).ok()).map_err(Failure::Usage)?;
    for checked in scenarios {
        refuse_precision(checked, "--shard")?;
    }
    fs::create_dir_all(&arguments.output).map_err(|cause| cannot_write(&arguments.output, cause))?;
    let mut written = Vec::new();
    for checked in scenarios {
        match run_share(checked, arguments, shard, stop)? {
            Some(path) => written.push(path.display().to_string()),
            None => return Ok(Outcome::Interrupted),
        }
    }
    if arguments.common.json {
        let mut text = serde_json::to_string_pretty(&serde_json::json!({ "parts": written, "shard": shard }))
            .expect("plain data is JSON");
        text.push('\n');
        print(&text)?;
    }
    Ok(Outcome::Done)
}

/// A run until it is precise looks at all its paths again and again: it has no shares and no checkpoints.
///
/// # Errors
/// [`Failure::Usage`] if the scenario asks for a precision.
pub fn refuse_precision(checked: &CheckedScenario, option: &str) -> Result<(), Failure> {
    if checked.scenario.simulation.precision.is_none() {
        return Ok(());
    }
    Err(Failure::Usage(told!(
        "{path} vuole una precisione (simulation.precision) e non ha un numero di percorsi: con {option} indicare --paths N",
        "{path} asks for a precision (simulation.precision) and has no number of paths: with {option} give --paths N";
        path = checked.path.display().to_string(),
        option,
    )))
}

/// One scenario's part; `None` if it was interrupted.
fn run_share(
    checked: &CheckedScenario,
    arguments: &RunArguments,
    shard: Shard,
    stop: &Arc<AtomicBool>,
) -> Result<Option<PathBuf>, Failure> {
    let scenario = &checked.scenario;
    let (language, quiet) = (scenario.identity.language, arguments.common.quiet);
    let plan = Plan::resolve(scenario);
    let planned = scenario.simulation.paths;
    let share = share_of_blocks(planned, shard.number, shard.count);
    let paths = Coverage::none(planned).paths_of(&share);
    let stem = format!("{}.shard-{}-of-{}", scenario.identity.name, shard.number, shard.count);
    let file = |ending: &str| arguments.output.join(format!("{stem}.{ending}"));
    let target = file(PART_ENDING);
    let _lock = FolderLock::take(&arguments.output, &stem)?;
    let scenario_file = checked.path.display().to_string();
    let mut head = PartHead::new(VERSION, scenario, &scenario_file, &run_options(arguments));
    head.shard = Some(shard);
    // A part of this run and share is made again, to the same bytes; one of another run is not lost.
    standing_part(&target, &head)?;
    if !quiet {
        show_warnings(checked);
        say(part_text(shard, paths, planned, &target).text(language));
    }
    let checkpoint = arguments
        .checkpoint
        .map(|seconds| Checkpoint::new(file(CHECKPOINT_ENDING), head.clone(), seconds, language, quiet));
    let resumed = checkpoint.as_ref().map(|checkpoint| checkpoint.resume(&plan)).transpose()?;
    let mut collector =
        resumed.flatten().unwrap_or_else(|| Collector::for_share(&plan, planned, share.clone()));
    let columns = collector.context.figures.columns().to_vec();
    let numbers = Numbers::new(language);
    let mut watcher = RunWatcher::new(arguments.progress, quiet, paths, numbers, Arc::clone(stop), columns);
    watcher.resumed(collector.paths);
    watcher.checkpoint = checkpoint;
    let simulated = collector.simulate_share(&mut watcher);
    watcher.finish(collector.paths);
    simulated.map_err(|broken| Failure::Invariant {
        scenario: scenario.identity.name.clone(),
        seed: scenario.simulation.seed,
        broken,
    })?;
    let checkpoint = watcher.checkpoint.take();
    if collector.paths < paths {
        if let Some(mut checkpoint) = checkpoint {
            checkpoint.write(&collector);
            checkpoint.tell_how_to_go_on();
        }
        return Ok(None);
    }
    head.blocks = collector.coverage.ranges().iter().map(|range| (range.start, range.end)).collect();
    let bytes = part_file(&head, &store(&collector));
    write_aside(&target, &bytes).map_err(|cause| cannot_write(&target, cause))?;
    if let Some(checkpoint) = checkpoint {
        checkpoint.remove();
    }
    Ok(Some(target))
}

fn part_text(shard: Shard, paths: u64, planned: u64, target: &Path) -> Told {
    told!(
        "quota {number} di {count}: {paths} percorsi di {planned}, scritta in {target}",
        "share {number} of {count}: {paths} paths of {planned}, written to {target}";
        number = shard.number,
        count = shard.count,
        paths,
        planned,
        target = target.display().to_string(),
    )
}

/// The share that is asked for; `variable` looks into the environment.
///
/// Slurm numbers the tasks of an array as the user likes. With `--shard /S` its number is the share, so that
/// `sbatch --array=3,5` makes shares 3 and 5 again. Without `/S` the array must be a whole one that begins at 0 or 1: of
/// some tasks that were put in again Slurm counts only these. A Kubernetes indexed job counts from 0 and does not say
/// how many there are.
///
/// # Errors
/// What is missing.
pub fn which_share(choice: ShardChoice, variable: impl Fn(&str) -> Option<String>) -> Result<Shard, Told> {
    let number = |name: &str| variable(name)?.trim().parse::<u64>().ok();
    let task = number("SLURM_ARRAY_TASK_ID");
    let index = number("JOB_COMPLETION_INDEX");
    let shard = |number: u64, count: u64| match (1..=count).contains(&number) {
        true => Ok(Shard { number, count }),
        false => Err(told!(
            "lo scheduler chiede la quota {number} di {count}: numerare le quote da 1 a {count} (Slurm: --array=1-{count})",
            "the scheduler asks for share {number} of {count}: number the shares from 1 to {count} (Slurm: --array=1-{count})";
            number,
            count,
        )),
    };
    match choice {
        ShardChoice::Given { number, count } => shard(number, count),
        ShardChoice::OfMany(count) => match (task, index) {
            (Some(task), _) => shard(task, count),
            (None, Some(index)) => shard(index.saturating_add(1), count),
            (None, None) => Err(told!(
                "--shard /{count}: né Slurm (SLURM_ARRAY_TASK_ID) né Kubernetes (JOB_COMPLETION_INDEX) dicono quale quota; scrivere per esempio 1/{count}",
                "--shard /{count}: neither Slurm (SLURM_ARRAY_TASK_ID) nor Kubernetes (JOB_COMPLETION_INDEX) says which share; write for example 1/{count}";
                count,
            )),
        },
        ShardChoice::AsScheduled => {
            let (Some(task), Some(count)) = (task, number("SLURM_ARRAY_TASK_COUNT")) else {
                return Err(told!(
                    "--shard senza K/S vale in un array di Slurm (SLURM_ARRAY_TASK_ID e _COUNT); in un Job indicizzato di Kubernetes scrivere --shard /S, altrove --shard K/S",
                    "--shard without K/S works in a Slurm array (SLURM_ARRAY_TASK_ID and _COUNT); in an indexed job of Kubernetes write --shard /S, elsewhere --shard K/S"
                ));
            };
            let least = number("SLURM_ARRAY_TASK_MIN").unwrap_or(1);
            let most = number("SLURM_ARRAY_TASK_MAX").unwrap_or(least + count.saturating_sub(1));
            if least > 1 || most.checked_sub(least).is_none_or(|span| span + 1 != count) {
                return Err(told!(
                    "l’array di Slurm va da {least} a {most} e ha {count} compiti: se è una parte di un altro, dire --shard /S con il numero intero delle quote",
                    "the Slurm array goes from {least} to {most} and has {count} tasks: if it is a part of another one, say --shard /S with the whole number of shares";
                    least,
                    most,
                    count,
                ));
            }
            shard((task + 1).saturating_sub(least), count)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(choice: ShardChoice, variables: &[(&str, &str)]) -> Result<(u64, u64), Told> {
        let find = |name: &str| {
            variables.iter().find(|(other, _)| *other == name).map(|(_, value)| value.to_string())
        };
        which_share(choice, find).map(|shard| (shard.number, shard.count))
    }

    /// Task, count, least, most of an array.
    fn slurm(values: [&str; 4]) -> Vec<(&str, &str)> {
        let names =
            ["SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX"];
        names.into_iter().zip(values).collect()
    }

    #[test]
    fn the_scheduler_says_which_share() {
        let auto = ShardChoice::AsScheduled;
        assert_eq!(share(auto, &slurm(["3", "8", "1", "8"])), Ok((3, 8)));
        assert_eq!(share(auto, &slurm(["0", "8", "0", "7"])), Ok((1, 8)));
        assert_eq!(share(auto, &slurm(["7", "8", "0", "7"])), Ok((8, 8)));
        assert!(share(auto, &slurm(["3", "1", "3", "3"])).is_err(), "one task put in again");
        assert!(share(auto, &slurm(["3", "2", "1", "3"])).is_err(), "two tasks put in again");
        assert!(share(auto, &[("JOB_COMPLETION_INDEX", "3")]).is_err(), "of how many?");
        assert!(share(auto, &[]).is_err());
        let of_eight = ShardChoice::OfMany(8);
        assert_eq!(share(of_eight, &slurm(["3", "1", "3", "3"])), Ok((3, 8)));
        assert_eq!(share(of_eight, &[("JOB_COMPLETION_INDEX", "0")]), Ok((1, 8)));
        assert_eq!(share(of_eight, &[("JOB_COMPLETION_INDEX", "7")]), Ok((8, 8)));
        assert!(share(of_eight, &[("JOB_COMPLETION_INDEX", "8")]).is_err());
        assert!(share(of_eight, &slurm(["0", "8", "0", "7"])).is_err(), "numbered from 0");
        assert!(share(of_eight, &[]).is_err());
        let given = ShardChoice::Given { number: 2, count: 3 };
        assert_eq!(share(given, &slurm(["3", "8", "1", "8"])), Ok((2, 3)), "what is typed counts");
    }
}
