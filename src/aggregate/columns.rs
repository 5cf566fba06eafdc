//! The figures that every path leaves, as columns of integers.

use crate::metrics::{MetricId, Scope};
use crate::plan::Plan;
use crate::scenario::LineNumber;

/// What a figure is about: the whole fund or one line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum About {
    /// `all`
    All,
    /// A line, with its slot in the plan.
    Line(LineNumber, usize),
}

impl About {
    /// The word in files: `all`, `1` or `2`.
    pub fn word(self) -> &'static str {
        match self {
            About::All => "all",
            About::Line(number, _) => number.word(),
        }
    }

    /// The whole fund, then each of its lines.
    pub fn each(plan: &Plan) -> Vec<About> {
        let lines = plan.lines.iter().enumerate().map(|(slot, line)| About::Line(line.number, slot));
        std::iter::once(About::All).chain(lines).collect()
    }
}

/// One figure of a path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Column {
    /// Which metric.
    pub metric: MetricId,
    /// Of what.
    pub about: About,
}

/// All columns of a plan, in the order of files: metric by metric, `all` before the lines.
pub fn columns(plan: &Plan) -> Vec<Column> {
    let abouts = About::each(plan);
    let is_reported = |metric: MetricId| match metric {
        MetricId::GrossGrantEquivalent | MetricId::GrossGrantIntensity => plan.reports_aid,
        _ => true,
    };
    MetricId::ALL
        .iter()
        .copied()
        .filter(|&metric| is_reported(metric))
        .flat_map(|metric| {
            let count = match metric.scope() {
                Scope::AllAndLines => abouts.len(),
                Scope::AllOnly => 1,
            };
            abouts[..count].iter().map(move |&about| Column { metric, about })
        })
        .collect()
}
