//! Progress on standard error: a bar with rate, time left and the expected loss converging, or a line now and then.

use super::checkpoint::Checkpoint;
use super::simulation::PathRows;
use crate::aggregate::block::BlockOutcome;
use crate::aggregate::collector::{Collector, Watcher};
use crate::aggregate::precision::{Look, PrecisionWatcher};
use crate::aggregate::summary::Average;
use crate::aggregate::tail::TailCollector;
use crate::aggregate::tail::block::TailBlock;
use crate::cli::ProgressMode;
use crate::locale::Numbers;
use crate::metrics::MetricId;
use crate::numeric::normal::HALF_WIDTH_95;
use crate::report::precision::look_text;
use crate::report::tables::{paths_csv_rows, weighted_paths_csv_rows};
use crate::scenario::Language;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Time between two lines of [`ProgressMode::Lines`].
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Shows the progress of one run and, if asked, writes its paths as they come.
pub struct RunWatcher<'w> {
    stop: Arc<AtomicBool>,
    bar: ProgressBar,
    lines: bool,
    started: Instant,
    last_line: Instant,
    planned: u64,
    numbers: Numbers,
    /// Where the rows of `paths.csv` go, if it is wanted.
    pub path_rows: Option<PathRows<'w>>,
    /// Whether those rows tell the weights of the paths (`--tail`).
    pub weighted_rows: bool,
    /// The first error of `paths.csv`; the run stops then.
    pub paths_error: Option<std::io::Error>,
    /// Where what is there so far is written down, if it is wanted.
    pub checkpoint: Option<Checkpoint>,
    columns: Vec<crate::aggregate::columns::Column>,
}

impl<'w> RunWatcher<'w> {
    /// For a run of `planned` paths.
    pub fn new(
        mode: ProgressMode,
        quiet: bool,
        planned: u64,
        numbers: Numbers,
        stop: Arc<AtomicBool>,
        columns: Vec<crate::aggregate::columns::Column>,
    ) -> RunWatcher<'w> {
        let (bar, lines) = bar_and_lines(mode, quiet);
        let target = if bar { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let style = bar_style(numbers);
        let bar = ProgressBar::with_draw_target(Some(planned), target).with_style(style);
        #[allow(clippy::disallowed_methods, reason = "the shell may look at the clock")]
        let now = Instant::now();
        RunWatcher {
            stop,
            bar,
            lines,
            started: now,
            last_line: now,
            planned,
            numbers,
            path_rows: None,
            weighted_rows: false,
            paths_error: None,
            checkpoint: None,
            columns,
        }
    }

    /// So many paths were there already.
    pub fn resumed(&self, paths: u64) {
        self.bar.set_position(paths);
        self.bar.reset_eta();
    }

    /// Takes the bar away; says how long the paths that count took.
    pub fn finish(&self, paths: u64) {
        self.bar.finish_and_clear();
        if self.lines || !self.bar.is_hidden() {
            let paths = self.numbers.count(paths);
            let seconds = self.numbers.decimal(self.started.elapsed().as_secs_f64(), 1);
            super::say(&match self.numbers.language() {
                Language::Italian => format!("  {paths} percorsi simulati in {seconds} s"),
                Language::English => format!("  {paths} paths simulated in {seconds} s"),
            });
        }
    }

    /// The expected loss with its interval, so far.
    fn headline(&self, loss: Average) -> String {
        let half = HALF_WIDTH_95 * loss.standard_error() / 100.0;
        let (mean, half) = (self.numbers.euros_short(loss.mean() / 100.0), self.numbers.euros_short(half));
        match self.numbers.language() {
            Language::Italian => format!("perdita {mean} ± {half}"),
            Language::English => format!("loss {mean} ± {half}"),
        }
    }

    /// Shows how far the run is and what is known so far.
    fn show(&mut self, paths: u64, loss: Option<Average>) {
        let headline = loss.map(|loss| self.headline(loss)).unwrap_or_default();
        if self.lines && self.last_line.elapsed() >= LINE_EVERY {
            #[allow(clippy::disallowed_methods, reason = "the shell may look at the clock")]
            let now = Instant::now();
            self.last_line = now;
            let (done, planned) = (self.numbers.count(paths), self.numbers.count(self.planned));
            super::say(&match self.numbers.language() {
                Language::Italian => format!("  {done} percorsi di {planned}, {headline}"),
                Language::English => format!("  {done} of {planned} paths, {headline}"),
            });
        }
        self.bar.set_message(headline);
    }

    /// Appends rows to `paths.csv`, if it is wanted.
    fn write_rows(&mut self, rows: impl Iterator<Item = String>) {
        let Some(file) = &mut self.path_rows else { return };
        for text in rows {
            if let Err(error) = file.write_all(text.as_bytes()) {
                self.paths_error = Some(error);
                self.path_rows = None;
                self.stop.store(true, Ordering::SeqCst);
                return;
            }
        }
    }
}

/// Shows the progress of a search through paths; it is told of them from any thread.
pub struct PathCounter {
    bar: ProgressBar,
    lines: bool,
    done: AtomicU64,
    last_line: Mutex<Instant>,
    planned: u64,
    numbers: Numbers,
}

impl PathCounter {
    /// For `planned` paths.
    pub fn new(mode: ProgressMode, quiet: bool, planned: u64, numbers: Numbers) -> PathCounter {
        let (bar, lines) = bar_and_lines(mode, quiet);
        let target = if bar { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(planned), target).with_style(bar_style(numbers));
        #[allow(clippy::disallowed_methods, reason = "the shell may look at the clock")]
        let now = Instant::now();
        PathCounter { bar, lines, done: AtomicU64::new(0), last_line: Mutex::new(now), planned, numbers }
    }

    /// So many more paths were simulated.
    pub fn simulated(&self, paths: u64) {
        self.bar.inc(paths);
        let done = self.done.fetch_add(paths, Ordering::Relaxed) + paths;
        if !self.lines {
            return;
        }
        let Ok(mut last_line) = self.last_line.lock() else { return };
        if last_line.elapsed() >= LINE_EVERY {
            #[allow(clippy::disallowed_methods, reason = "the shell may look at the clock")]
            let now = Instant::now();
            *last_line = now;
            let (done, planned) = (self.numbers.count(done), self.numbers.count(self.planned));
            super::say(&match self.numbers.language() {
                Language::Italian => format!("  {done} percorsi di {planned}"),
                Language::English => format!("  {done} of {planned} paths"),
            });
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Whether there is a bar, and whether there are lines instead.
fn bar_and_lines(mode: ProgressMode, quiet: bool) -> (bool, bool) {
    let terminal = std::io::stderr().is_terminal();
    match mode {
        _ if quiet => (false, false),
        ProgressMode::Auto => (terminal, !terminal),
        ProgressMode::Bar => (true, false),
        ProgressMode::Lines => (false, true),
        ProgressMode::None => (false, false),
    }
}

/// A bar that fits 80 columns: share done, rate, time left, and the expected loss as it settles.
fn bar_style(numbers: Numbers) -> ProgressStyle {
    let template = match numbers.language() {
        Language::Italian => "  {bar:16} {percent:>3} %  {rate} percorsi/s, restano {eta}  {msg}",
        Language::English => "  {bar:16} {percent:>3}%  {rate} paths/s, {eta} left  {msg}",
    };
    ProgressStyle::with_template(template)
        .expect("the template is sound")
        .with_key("rate", move |state: &ProgressState, text: &mut dyn std::fmt::Write| {
            // Nobody can complain about a progress bar that cannot be written.
            let _ = text.write_str(&numbers.count(state.per_sec() as u64));
        })
        .progress_chars("█▌░")
}

impl Watcher for RunWatcher<'_> {
    fn stop(&self) -> &AtomicBool {
        &self.stop
    }

    fn simulated(&self, paths: u64) {
        self.bar.inc(paths);
    }

    fn blocks(&mut self, blocks: &[BlockOutcome]) {
        let columns = self.columns.clone();
        self.write_rows(blocks.iter().map(|block| paths_csv_rows(&columns, block)));
    }

    fn absorbed(&mut self, collector: &Collector) {
        if let Some(checkpoint) = &mut self.checkpoint {
            checkpoint.absorbed(collector);
        }
        self.show(collector.paths, collector.moments_of(MetricId::FundLoss).map(Average::from));
    }

    fn tail_blocks(&mut self, blocks: &[TailBlock]) {
        let columns = self.columns.clone();
        let weighted = self.weighted_rows;
        self.write_rows(blocks.iter().map(|block| weighted_paths_csv_rows(&columns, block, weighted)));
    }

    fn tail_absorbed(&mut self, collector: &TailCollector) {
        self.show(collector.paths, collector.average_of(MetricId::FundLoss));
    }
}

impl PrecisionWatcher for RunWatcher<'_> {
    fn stage(&mut self, planned: u64) {
        self.planned = planned;
        self.bar.set_length(planned);
    }

    /// One line a look, so that the interval is seen to shrink.
    fn looked(&mut self, look: &Look) {
        if self.lines || !self.bar.is_hidden() {
            let text = look_text(self.numbers.language(), look);
            self.bar.suspend(|| super::say(&format!("  {text}")));
        }
    }
}
