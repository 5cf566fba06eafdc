//! One simulation under the eyes of a terminal: what `fesr run` and `fesr verify` have in common.

use super::Failure;
use super::checkpoint::Checkpoint;
use super::progress::RunWatcher;
use super::tail::simulate_tail;
use super::uncertain::{drawn_worlds, refused_world};
use crate::aggregate::collector::Collector;
use crate::aggregate::columns::columns;
use crate::aggregate::precision::{PrecisionRule, simulate_until_precise};
use crate::aggregate::summary::Summary;
use crate::aggregate::tail::TailCollector;
use crate::books::RegionBooks;
use crate::cli::ProgressMode;
use crate::engine::InvariantBroken;
use crate::locale::{Numbers, told};
use crate::plan::Plan;
use crate::report::tables;
use crate::scenario::{Language, Scenario};
use crate::sensitivity::DrawnWorlds;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub use crate::report::data_package::PATHS_FILE;

/// Where the rows of `paths.csv` go, as the paths come.
pub type PathRows<'w> = &'w mut (dyn Write + Send + Sync);

/// What is simulated and how it is shown.
pub struct Simulation<'s> {
    /// The scenario.
    pub scenario: &'s Scenario,
    /// The scenario resolved.
    pub plan: &'s Plan,
    /// Simulate no more than the first so many paths, as a run that was interrupted there.
    pub only_first: Option<u64>,
    /// Where what is there so far is written down, and read when the run begins.
    pub checkpoint: Option<Checkpoint>,
    /// The yearly report of the Region's books (`--annual-report`).
    pub annual_report: bool,
    /// Paths drawn for their tail (`--tail`), not as the model says.
    pub tail: bool,
    /// Assumptions drawn too (`--uncertain`).
    pub uncertain: bool,
    /// How progress is shown.
    pub progress: ProgressMode,
    /// No progress at all.
    pub quiet: bool,
    /// Language of the progress.
    pub language: Language,
    /// Raised to stop at the next block.
    pub stop: Arc<AtomicBool>,
}

/// What was simulated.
pub struct Simulated {
    /// The figures.
    pub summary: Summary,
    /// Its checkpoint, if it has one: to be removed when the results are whole.
    pub checkpoint: Option<Checkpoint>,
    /// Paths that were to be simulated; of a run until it is precise those at which it stopped, or would have looked next.
    pub planned: u64,
    /// The Region's books, if the scenario or the command line asks for them and the run was not interrupted.
    pub books: Option<RegionBooks>,
}

impl Simulation<'_> {
    /// Simulates, summarises and holds the summary against what is known exactly; `None` if it was stopped before the
    /// first block was whole. `path_rows` takes `paths.csv`.
    ///
    /// # Errors
    /// [`Failure::Invariant`] if the books of a path do not balance, [`Failure::ExactCheck`] if a figure is not what it
    /// is known to be, [`Failure::Files`] if a row cannot be written, any [`Failure`] of a checkpoint of another run.
    pub fn run(mut self, path_rows: Option<PathRows<'_>>) -> Result<Option<Simulated>, Failure> {
        let cannot_write = |cause| Failure::Files {
            what: told!("non si può scrivere {file}", "cannot write {file}"; file = PATHS_FILE),
            cause,
        };
        let planned = self.scenario.simulation.paths;
        let first = self.only_first.unwrap_or(planned);
        let columns = columns(self.plan);
        let (numbers, stop) = (Numbers::new(self.language), Arc::clone(&self.stop));
        let mut watcher = RunWatcher::new(self.progress, self.quiet, first, numbers, stop, columns.clone());
        if let Some(rows) = path_rows {
            let header = tables::paths_csv_header(&columns, self.tail);
            rows.write_all(header.as_bytes()).map_err(cannot_write)?;
            watcher.path_rows = Some(rows);
            watcher.weighted_rows = self.tail;
        }
        let resumed = self.checkpoint.as_ref().map(|checkpoint| checkpoint.resume(self.plan)).transpose()?;
        watcher.checkpoint = self.checkpoint.take();
        let worlds = match self.uncertain {
            true => Some(drawn_worlds(self.scenario)?),
            false => None,
        };
        let simulated = match (&worlds, self.tail) {
            (Some(worlds), _) => self.run_uncertain(worlds, first, &mut watcher),
            (None, true) => self.run_tail(first, &mut watcher),
            (None, false) => self.run_plain(first, resumed.flatten(), &mut watcher),
        };
        if let Some(refused) = worlds.as_ref().and_then(DrawnWorlds::refused) {
            return Err(refused_world(self.scenario, &refused));
        }
        let simulated = simulated.map_err(|broken| Failure::Invariant {
            scenario: self.scenario.identity.name.clone(),
            seed: self.scenario.simulation.seed,
            broken,
        })?;
        if let Some(cause) = watcher.paths_error.take() {
            return Err(cannot_write(cause));
        }
        let Some(mut simulated) = simulated else { return Ok(None) };
        simulated.summary = held_against_exact(self.scenario, simulated.summary)?;
        simulated.checkpoint = watcher.checkpoint.take();
        // The books follow the scenario as it stands; drawn assumptions are none of theirs.
        if !self.uncertain {
            simulated.books = self.books(simulated.summary.paths, simulated.planned)?;
        }
        Ok(Some(simulated))
    }

    /// The Region's books of the paths of a run that was not interrupted.
    fn books(&self, paths: u64, planned: u64) -> Result<Option<RegionBooks>, Failure> {
        if paths < planned || !crate::books::wanted(self.scenario, self.annual_report) {
            return Ok(None);
        }
        if !self.quiet && self.progress != ProgressMode::None {
            let paths = Numbers::new(self.language).count(paths);
            let note = told!(
                "  libri della Regione: altri {paths} percorsi da seguire trimestre per trimestre",
                "  the Region's books: {paths} paths to follow quarter by quarter";
                paths,
            );
            super::say(note.text(self.language));
        }
        region_books(self.scenario, self.plan, paths, self.annual_report)
    }

    /// Paths as the model says: a number of them, or until they are precise.
    fn run_plain(
        &self,
        first: u64,
        resumed: Option<Collector<'_>>,
        watcher: &mut RunWatcher<'_>,
    ) -> Result<Option<Simulated>, InvariantBroken> {
        let planned = self.scenario.simulation.paths;
        let rule = self.scenario.simulation.precision.map(PrecisionRule::new);
        let mut collector = match resumed {
            Some(mut collector) => {
                if !collector.simulate_timelines(watcher)? {
                    return Ok(None);
                }
                watcher.resumed(collector.paths);
                collector
            }
            None => Collector::new(self.plan, rule.map_or(planned, |rule| rule.most())),
        };
        let simulated = match rule {
            None => collector.simulate_first(first, watcher).map(|()| None),
            Some(rule) => simulate_until_precise(&mut collector, rule, self.only_first, watcher).map(Some),
        };
        watcher.finish(collector.paths);
        let precision = simulated?;
        if collector.paths == 0 || watcher.paths_error.is_some() {
            return Ok(None);
        }
        if collector.paths < planned
            && let Some(checkpoint) = &mut watcher.checkpoint
        {
            checkpoint.write(&collector);
            checkpoint.tell_how_to_go_on();
        }
        let mut summary = Summary::of(&mut collector);
        summary.precision = precision.map(|run| run.outcome(&summary));
        let planned = precision.map_or(planned, |run| run.planned);
        Ok(Some(Simulated { summary, checkpoint: None, books: None, planned }))
    }

    /// Groups of paths in worlds of their own.
    fn run_uncertain(
        &self,
        worlds: &DrawnWorlds,
        first: u64,
        watcher: &mut RunWatcher<'_>,
    ) -> Result<Option<Simulated>, InvariantBroken> {
        let planned = self.scenario.simulation.paths;
        let mut collector = TailCollector::uncertain(self.plan, worlds, planned);
        let simulated = collector.simulate_first(first, watcher);
        watcher.finish(collector.paths);
        simulated?;
        if collector.paths == 0 || worlds.refused().is_some() || watcher.paths_error.is_some() {
            return Ok(None);
        }
        Ok(Some(Simulated { summary: collector.summary(), checkpoint: None, books: None, planned }))
    }

    /// Paths drawn for their tail.
    fn run_tail(
        &self,
        first: u64,
        watcher: &mut RunWatcher<'_>,
    ) -> Result<Option<Simulated>, InvariantBroken> {
        let planned = self.scenario.simulation.paths;
        let summary = simulate_tail(self.plan, planned, first, watcher);
        let paths = summary.as_ref().ok().and_then(Option::as_ref).map_or(0, |summary| summary.paths);
        watcher.finish(paths);
        Ok(summary?.map(|summary| Simulated { summary, checkpoint: None, books: None, planned }))
    }
}

/// A summary none of whose figures is farther from its exact value than luck allows.
///
/// # Errors
/// [`Failure::ExactCheck`] with the figure that is.
pub fn held_against_exact(scenario: &Scenario, summary: Summary) -> Result<Summary, Failure> {
    summary.exact_check.verdict().map_err(|broken| Failure::ExactCheck {
        scenario: scenario.identity.name.clone(),
        seed: scenario.simulation.seed,
        broken,
    })?;
    Ok(summary)
}

/// Uses so many threads from here on; all processors if none is named.
///
/// # Errors
/// [`Failure::Usage`] if they cannot be had.
pub fn use_threads(threads: Option<u16>) -> Result<(), Failure> {
    let Some(threads) = threads else { return Ok(()) };
    rayon::ThreadPoolBuilder::new().num_threads(threads as usize).build_global().map_err(|error| {
        Failure::Usage(told!(
            "non si possono usare {threads} thread: {error}",
            "cannot use {threads} threads: {error}";
            threads = u32::from(threads),
            error = error.to_string(),
        ))
    })
}

/// The Region's books of so many paths, if the scenario or the command line asks for them.
///
/// # Errors
/// [`Failure::Invariant`] if they disagree with the books of a path.
pub fn region_books(
    scenario: &Scenario,
    plan: &Plan,
    paths: u64,
    annual_report: bool,
) -> Result<Option<RegionBooks>, Failure> {
    if !crate::books::wanted(scenario, annual_report) {
        return Ok(None);
    }
    RegionBooks::of(scenario, plan, paths, annual_report, &|_| {}).map(Some).map_err(|broken| {
        Failure::Invariant {
            scenario: scenario.identity.name.clone(),
            seed: scenario.simulation.seed,
            broken,
        }
    })
}
