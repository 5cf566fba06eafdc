//! The plain baseline of the benchmark means what the engine means: the same figures within sampling error, from other
//! random numbers by other code.

#[path = "../benches/baseline/mod.rs"]
mod baseline;
mod common;

use baseline::{FIGURES, SERIES, Summary};
use common::tolerance::standard_errors;
use fesr::aggregate::block::BlockOutcome;
use fesr::aggregate::collector::{Collector, Watcher};
use fesr::aggregate::columns::About;
use fesr::aggregate::groups::{GroupFigure, groups};
use fesr::aggregate::moments::Moments;
use fesr::plan::Plan;
use std::sync::atomic::AtomicBool;

const PATHS: usize = 4_096;

struct Silent(AtomicBool);

impl Watcher for Silent {
    fn stop(&self) -> &AtomicBool {
        &self.0
    }
    fn simulated(&self, _paths: u64) {}
    fn blocks(&mut self, _blocks: &[BlockOutcome]) {}
    fn absorbed(&mut self, _collector: &Collector) {}
}

fn position(about: About) -> usize {
    match about {
        About::All => 0,
        About::Line(_, slot) => slot + 1,
    }
}

/// A mean of the baseline beside the engine's.
struct Pair<'a> {
    name: String,
    /// Mean and standard error.
    plain: (f64, f64),
    engine: &'a Moments,
}

fn mean_of(summary: &Summary) -> (f64, f64) {
    (summary.mean, summary.standard_error)
}

impl Pair<'_> {
    fn standard_error(&self) -> f64 {
        self.plain.1.hypot(self.engine.standard_error())
    }

    /// In standard errors; what never varies must be equal.
    fn distance(&self) -> f64 {
        let difference = (self.plain.0 - self.engine.mean()).abs();
        if difference == 0.0 { 0.0 } else { difference / self.standard_error() }
    }
}

#[test]
fn means_of_all_figures_agree_within_sampling_error() {
    let plan = Plan::resolve(&common::scenario_from("extends = \"wecare-mixed.toml\"\n"));
    let report = baseline::run(&plan, PATHS);
    let mut collector = Collector::new(&plan, PATHS as u64);
    collector.simulate(&mut Silent(AtomicBool::new(false))).expect("the books balance");

    let figures = collector.context.figures.columns().iter().zip(&collector.columns);
    let mut pairs: Vec<Pair> = figures
        .map(|(column, (engine, _))| {
            let id = column.metric.id();
            let at = FIGURES.iter().position(|figure| figure.0 == id);
            let at = at.unwrap_or_else(|| panic!("the baseline does not know {id}"));
            let plain = mean_of(&report.figures[at][position(column.about)]);
            Pair { name: format!("{id} of {}", column.about.word()), plain, engine }
        })
        .collect();
    let series = collector.context.timeline.series();
    for (quarter, moments) in collector.timeline.chunks(series.len()).enumerate() {
        for (series, engine) in series.iter().zip(moments) {
            let id = series.id.id();
            let at = SERIES.iter().position(|&known| known == id);
            let at = at.unwrap_or_else(|| panic!("the baseline does not know {id}"));
            let plain = mean_of(&report.timeline[quarter][at][position(series.about)]);
            let name = format!("{id} of {} in quarter {quarter}", series.about.word());
            pairs.push(Pair { name, plain, engine });
        }
    }
    let of_groups = groups(&plan).into_iter().zip(&report.groups).zip(&collector.groups.moments);
    for ((group, plain), engine) in of_groups {
        for ((figure, &(mean, sd)), engine) in GroupFigure::ALL.iter().zip(plain).zip(engine) {
            let plain = (mean, sd / (PATHS as f64).sqrt());
            let name = format!("{} of {} {}", figure.metric().id(), group.dimension.word(), group.name);
            pairs.push(Pair { name, plain, engine });
        }
    }
    assert!(pairs.len() > 2_400, "{} figures", pairs.len());
    let limit = standard_errors(pairs.len());
    let complaints: Vec<String> = pairs
        .iter()
        .filter(|pair| pair.distance().is_nan() || pair.distance() > limit)
        .map(|pair| {
            let (plain, engine) = (pair.plain.0, pair.engine.mean());
            format!("{}: {plain} +- {}, engine {engine}", pair.name, pair.standard_error())
        })
        .collect();
    assert!(complaints.is_empty(), "beyond {limit} standard errors:\n{}", complaints.join("\n"));
}
