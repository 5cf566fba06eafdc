//! Engine against twin: every field of the totals, every row of the timeline, every figure; equality, no tolerance.

use super::TwinPath;
use fesr::aggregate::columns::About;
use fesr::aggregate::figures::Figures;
use fesr::engine::PathSimulator;
use fesr::engine::totals::{PathTotals, TimelineRow};
use fesr::metrics::MetricId;
use fesr::plan::Plan;
use fesr::scenario::LineNumber;
use fesr::units::Cents;
use std::collections::BTreeMap;
use std::fmt::{self, Debug};

/// What the engine makes of a path, in the twin's shape.
pub struct EnginePath {
    pub totals: PathTotals,
    pub timeline: Vec<TimelineRow>,
    pub figures: Vec<(MetricId, Option<LineNumber>, i64)>,
}

/// A figure in which the two differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub field: String,
    pub engine: String,
    pub twin: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: engine {}, twin {}", self.field, self.engine, self.twin)
    }
}

/// Plays a path with the engine.
///
/// # Panics
/// If the engine's own books do not balance.
pub fn engine_path(
    plan: &Plan,
    simulator: &mut PathSimulator<'_>,
    figures: &Figures<'_>,
    path: u64,
) -> EnginePath {
    simulator.run(path).unwrap_or_else(|broken| panic!("{broken}"));
    let mut values = Vec::new();
    figures.of(simulator.totals(), |position, value| {
        let column = figures.columns()[position];
        let line = match column.about {
            About::All => None,
            About::Line(_, slot) => Some(plan.lines[slot].number),
        };
        values.push((column.metric, line, value));
    });
    EnginePath {
        totals: simulator.totals().clone(),
        timeline: simulator.timeline().to_vec(),
        figures: values,
    }
}

/// Every difference, in the order of the results.
pub fn differences(engine: &EnginePath, twin: &TwinPath) -> Vec<Difference> {
    let mut found = Vec::new();
    // Taken apart, so that a new field of the totals cannot be forgotten here.
    let PathTotals { lines, fund, themes, products, ratings, lifetime, census, borrowers } = &engine.totals;
    by_field(&mut found, "fund", fund, &twin.totals.fund);
    by_entry(&mut found, "lines", lines, &twin.totals.lines);
    by_entry(&mut found, "themes", themes, &twin.totals.themes);
    by_entry(&mut found, "products", products, &twin.totals.products);
    by_entry(&mut found, "ratings", ratings, &twin.totals.ratings);
    by_entry(&mut found, "lifetime", lifetime, &twin.totals.lifetime);
    by_entry(&mut found, "census", census, &twin.totals.census);
    by_entry(&mut found, "borrowers", &by_borrower(borrowers), &twin.totals.borrowers);
    by_entry(&mut found, "timeline", &engine.timeline, &twin.timeline);
    for &(metric, line, value) in &engine.figures {
        let of_twin =
            twin.figures.iter().find(|(m, l, _)| (*m, *l) == (metric, line)).map(|(_, _, value)| *value);
        if of_twin != Some(value) {
            let about = line.map_or("all", LineNumber::word);
            found.push(Difference {
                field: format!("figure {} of {about}", metric.id()),
                engine: value.to_string(),
                twin: of_twin.map_or("none".to_string(), |value| value.to_string()),
            });
        }
    }
    found
}

/// The engine names a borrower once for its loan and once for its guarantee: what counts is the sum, in any order.
fn by_borrower(entries: &[(usize, u32, Cents)]) -> Vec<(usize, u32, Cents)> {
    let mut losses: BTreeMap<(usize, u32), Cents> = BTreeMap::new();
    for &(slot, position, loss) in entries {
        *losses.entry((slot, position)).or_default() += loss;
    }
    let lost = losses.into_iter().filter(|(_, loss)| *loss != Cents::ZERO);
    lost.map(|((slot, position), loss)| (slot, position, loss)).collect()
}

fn by_entry<T: Debug + PartialEq>(found: &mut Vec<Difference>, name: &str, engine: &[T], twin: &[T]) {
    if engine.len() != twin.len() {
        let (engine, twin) = (format!("{engine:?}"), format!("{twin:?}"));
        found.push(Difference { field: format!("{name} (number of entries)"), engine, twin });
        return;
    }
    for (position, (ours, theirs)) in engine.iter().zip(twin).enumerate() {
        by_field(found, &format!("{name}[{position}]"), ours, theirs);
    }
}

/// Names the fields that differ by laying the two out line by line.
fn by_field<T: Debug + PartialEq>(found: &mut Vec<Difference>, name: &str, engine: &T, twin: &T) {
    if engine == twin {
        return;
    }
    let (ours, theirs) = (format!("{engine:#?}"), format!("{twin:#?}"));
    let mut within: Vec<&str> = Vec::new();
    for (our_line, their_line) in ours.lines().zip(theirs.lines()) {
        let trimmed = our_line.trim();
        if let Some(opened) = trimmed.strip_suffix(['{', '(', '[']) {
            within.push(opened);
        } else if trimmed.starts_with(['}', ')', ']']) {
            within.pop();
        }
        if our_line != their_line {
            let field = format!("{name} {}", within.concat());
            let (engine, twin) = (trimmed.to_string(), their_line.trim().to_string());
            found.push(Difference { field, engine, twin });
        }
    }
}
