//! The charts of a run: what the results say, as [`Chart`]s whose titles are true for these results.
//!
//! One file per family: default risk (`default_risk`, `tail`), leverage (`leverage`), coverage (`coverage`, `guarantee`), the fund's
//! own money (`fund`). Each looks at the results first: the wording of a title follows from the numbers, and a
//! chart that would show nothing is left out with the reason in words ([`Album::left_out`]). What stands under each figure is
//! in `reading`.
//!
//! Names of charts (and of their files): `loss-distribution`, `losses`, `tail`, `tail-borrowers` (of lists), `default-rate`, `leverage`,
//! `leverage-over-time`, `sources`, `demand-met`, `guarantee-reserve-1`, `guarantee-reserve-2`,
//! `cap-utilisation-1`, `cap-utilisation-2`, `cash`, `endowment`; of runs with the Region's books also `absorption` and `subsidy-cost`
//! ([`region_album`]).

pub mod compared;
mod coverage;
mod default_risk;
mod fund;
mod guarantee;
mod leverage;
pub mod mixes;
mod reading;
mod region;
mod story;
mod tail;

use super::RunFacts;
use crate::aggregate::summary::Summary;
use crate::books::RegionBooks;
use crate::chart::Chart;
use crate::plan::Plan;
use story::Story;

/// The charts of a run, and those that had nothing to show.
#[derive(Clone, Debug, Default)]
pub struct Album {
    /// In the order of the report.
    pub charts: Vec<Chart>,
    /// Charts left out.
    pub left_out: Vec<LeftOut>,
}

/// A chart that was left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeftOut {
    /// Its name.
    pub name: String,
    /// Why, as a sentence in the scenario's language.
    pub reason: String,
}

impl Album {
    /// Adds those of another one.
    pub fn extend(&mut self, other: Album) {
        self.charts.extend(other.charts);
        self.left_out.extend(other.left_out);
    }

    pub(in crate::report) fn add(&mut self, name: &str, chart: Result<Chart, String>) {
        match chart {
            Ok(chart) => self.charts.push(chart),
            Err(reason) => self.left_out.push(LeftOut { name: name.to_string(), reason }),
        }
    }
}

/// All charts of a run, in the language of its scenario.
pub fn charts(facts: &RunFacts, plan: &Plan, summary: &Summary) -> Vec<Chart> {
    album(facts, plan, summary).charts
}

/// All charts of a run, and why some were left out.
pub fn album(facts: &RunFacts, plan: &Plan, summary: &Summary) -> Album {
    let story = Story::new(facts, plan, summary);
    let mut album = Album::default();
    album.add("loss-distribution", default_risk::loss_distribution(&story));
    album.add("losses", default_risk::losses(&story));
    album.add("tail", tail::by_kind(&story));
    if plan.lines.iter().any(|line| line.listed_ids().next().is_some()) {
        album.add("tail-borrowers", tail::by_borrower(&story));
    }
    album.add("default-rate", default_risk::default_rate(&story));
    album.add("leverage", leverage::distribution(&story));
    album.add("leverage-over-time", leverage::over_time(&story));
    album.add("sources", leverage::sources(&story));
    album.add("demand-met", coverage::demand_met(&story));
    if plan.lines.iter().any(|line| line.has_guarantees()) {
        for (slot, line) in plan.lines.iter().enumerate() {
            if line.has_guarantees() {
                let number = line.number.word();
                album.add(&format!("guarantee-reserve-{number}"), guarantee::reserve(&story, slot));
                if line.guarantee.capped {
                    album.add(&format!("cap-utilisation-{number}"), guarantee::cap_utilisation(&story, slot));
                }
            }
        }
    } else {
        album.add("guarantee-reserve", Err(story.no_guarantees()));
    }
    album.add("cash", fund::cash(&story));
    album.add("endowment", fund::endowment(&story));
    album
}

/// The charts of the Region's books, in the language of the scenario.
pub fn region_album(facts: &RunFacts, plan: &Plan, summary: &Summary, books: &RegionBooks) -> Album {
    let story = Story::new(facts, plan, summary);
    let mut album = Album::default();
    album.add("absorption", region::absorption(&story, books));
    album.add("subsidy-cost", region::subsidy_cost(&story, books));
    album
}
