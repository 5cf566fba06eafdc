//! `--checkpoint`: what is there of a long run is written down now and then; the same command goes on from there.
//!
//! A checkpoint is a part of the run ([`crate::aggregate::part`]): that of its first blocks. It stands beside the results
//! until these are whole. If it is of another run nothing is simulated, for it may hold hours of that run; if it is damaged
//! there is nothing to go on with, and the run begins anew.

use super::part_files::{Standing, read_part, standing_part, unusable, write_aside};
use super::{Failure, say};
use crate::aggregate::collector::Collector;
use crate::aggregate::part::{restore, store};
use crate::locale::told;
use crate::plan::Plan;
use crate::report::part_file::{PartHead, part_file};
use crate::scenario::Language;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The checkpoint of one run.
pub struct Checkpoint {
    path: PathBuf,
    head: PartHead,
    every: Duration,
    last: Instant,
    language: Language,
    quiet: bool,
    failed: bool,
}

impl Checkpoint {
    /// Of the run that `head` says, in the file `path`, every so many seconds.
    pub fn new(path: PathBuf, head: PartHead, seconds: u64, language: Language, quiet: bool) -> Checkpoint {
        #[allow(clippy::disallowed_methods, reason = "the shell may look at the clock")]
        let last = Instant::now();
        Checkpoint { path, head, every: Duration::from_secs(seconds), last, language, quiet, failed: false }
    }

    /// What an earlier run wrote down; `None` if there is nothing of use.
    ///
    /// # Errors
    /// [`Failure`] if something stands in its place that would be lost: a checkpoint of another run, or another file.
    pub fn resume<'p>(&self, plan: &'p Plan) -> Result<Option<Collector<'p>>, Failure> {
        let standing = standing_part(&self.path, &self.head)?;
        if standing == Standing::Nothing {
            return Ok(None);
        }
        let path = self.path.display().to_string();
        let read = match standing {
            Standing::Same => read_part(&self.path, |_, body| restore(plan, self.head.planned_paths, body)),
            Standing::Nothing | Standing::Damaged => return Ok(self.begin_anew(&path)),
        };
        let collector = match read {
            Ok((_, Ok(collector))) => collector,
            Err(failure @ Failure::Files { .. }) => return Err(failure),
            Ok((_, Err(_))) | Err(_) => return Ok(self.begin_anew(&path)),
        };
        // Only a run's first blocks can be gone on with.
        let goes_on = match collector.coverage.ranges() {
            [] => true,
            [range] => range.start == collector.share.start && range.end <= collector.share.end,
            _ => false,
        };
        if !goes_on {
            let why = told!(
                "non è un punto di ripresa ma una parte di questa esecuzione: spostarlo, oppure scrivere altrove (-o)",
                "is no checkpoint but a part of this run: move it away, or write elsewhere (-o)"
            );
            return Err(unusable(&self.path, &why));
        }
        if !self.quiet {
            let told = told!(
                "si riprende da {path}: {paths} percorsi sono già simulati",
                "going on from {path}: {paths} paths are simulated already";
                path,
                paths = collector.paths,
            );
            say(told.text(self.language));
        }
        Ok(Some(collector))
    }

    fn begin_anew<T>(&self, path: &str) -> Option<T> {
        let told = told!("{path} è danneggiato: si ricomincia", "{path} is damaged: beginning anew"; path);
        say(told.text(self.language));
        None
    }

    /// Writes down what is there, if it is time to.
    pub fn absorbed(&mut self, collector: &Collector) {
        if self.last.elapsed() >= self.every {
            self.write(collector);
        }
    }

    /// Writes down what is there. A run whose checkpoint cannot be written goes on: its results can still be.
    pub fn write(&mut self, collector: &Collector) {
        let ranges = collector.coverage.ranges();
        self.head.blocks = ranges.iter().map(|range| (range.start, range.end)).collect();
        let written = write_aside(&self.path, &part_file(&self.head, &store(collector)));
        if let Err(cause) = written
            && !std::mem::replace(&mut self.failed, true)
        {
            let note = told!(
                "nota: non si può scrivere {path}: {cause}; l’esecuzione continua senza",
                "note: cannot write {path}: {cause}; the run goes on without";
                path = self.path.display().to_string(),
                cause,
            );
            say(note.text(self.language));
        }
        #[allow(clippy::disallowed_methods, reason = "the shell may look at the clock")]
        let now = Instant::now();
        self.last = now;
    }

    /// Says how an interrupted run goes on.
    pub fn tell_how_to_go_on(&self) {
        let note = told!(
            "lo stesso comando riprende da {path}",
            "the same command goes on from {path}";
            path = self.path.display().to_string(),
        );
        say(note.text(self.language));
    }

    /// Removes it: the results are whole.
    pub fn remove(self) {
        let _ = fs::remove_file(self.path);
    }
}
