//! A scenario that cannot be wrong: what the planner decides and what the world does, after reading and checking.
//!
//! These types are the meeting point of the reader (`reading`, text to scenario) and the plan
//! (`plan`, scenario to flat numbers). They follow SCENARIO.md table by table, with every default filled
//! in. Numbers keep the exact decimal value that was typed; the plan takes the nearest `f64` of each.

mod books;
mod choice;
mod credit;
mod fund;
mod history;
mod line;
mod migration;
mod translation;
mod uncertainty;

pub use books::{Milestone, OUTCOME_PREFIX, Outcome, OutcomeLimit};
pub use choice::{
    AidRoute, Amortisation, Backing, Change, Choice, Copula, Dependence, Language, LegalForm, LineNumber,
    PdTarget, Period, QueueOrder, Regime, Regulation, Size, Theme,
};
pub use credit::{Credit, Economy, PdMultiplier, Rating};
pub use fund::{Fees, Fund, StateAid, Tranche};
pub use history::{BookedProject, BookedStatus, FundOpening, LineOpening};
pub use line::{
    Borrower, Budget, Guarantee, GuaranteeKind, Line, LineAid, LoanTerms, Loss, MEMBER_COUNTS, Pipeline,
    Product, RecoveryStep, StatisticalPipeline, Weight,
};
pub use migration::Migration;
pub use translation::{Translation, Translations};
pub use uncertainty::{Law, Uncertainty};

use crate::units::{Cents, Precision};

/// A complete, checked scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// `[scenario]`: name, title, description, language.
    pub identity: Identity,
    /// `[simulation]`: how many paths, from which seed.
    pub simulation: Simulation,
    /// `[fund]` with its fees.
    pub fund: Fund,
    /// `[line1]`, if the fund has one.
    pub line1: Option<Line>,
    /// `[line2]`, if the fund has one.
    pub line2: Option<Line>,
    /// `[credit]`: ratings, multipliers and dependence.
    pub credit: Credit,
    /// `[macro]`: what the economy does to defaults over time.
    pub economy: Economy,
    /// `[programme]`: the measures of the strategy around the fund, for the report.
    pub programme: Vec<Measure>,
    /// `[[limit]]`: promises that the results must keep.
    pub limits: Vec<Limit>,
    /// `[[milestone]]`: how much must be disbursed by when, in the order of the file.
    pub milestones: Vec<Milestone>,
    /// `[[limit]]` on social results, in the order of the file.
    pub outcome_limits: Vec<OutcomeLimit>,
    /// `[rules] waive`: rule codes knowingly broken, such as `R103`.
    pub waived_rules: Vec<String>,
    /// `[sources]`: dotted key of a figure, and where it comes from.
    pub sources: Vec<(String, String)>,
    /// `[uncertainty]`: how far assumptions may be off, in the order of the keys.
    pub uncertainties: Vec<Uncertainty>,
    /// `[state_aid]`, or the regime `none`.
    pub state_aid: StateAid,
    /// `title_it` and its fellows, `[italian]`, `[english]`: what the scenario names, in the reader's language.
    pub translations: Translations,
}

impl Scenario {
    /// Largest gross grant equivalent of one enterprise in a line.
    pub fn aid_ceiling(&self, line: &Line) -> Cents {
        line.state_aid.ceiling.unwrap_or(self.state_aid.ceiling)
    }

    /// The lines that the fund has, in order.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.line1.iter().chain(self.line2.iter())
    }

    /// One of the lines, if the fund has it.
    pub fn line(&self, number: LineNumber) -> Option<&Line> {
        match number {
            LineNumber::One => self.line1.as_ref(),
            LineNumber::Two => self.line2.as_ref(),
        }
    }
}

/// `[scenario]`: who this scenario is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// `[a-z0-9-]+`; names the output folder.
    pub name: String,
    /// What readers see; the name if none was given.
    pub title: String,
    /// A sentence or two.
    pub description: String,
    /// The language of everything a reader of the results sees.
    pub language: Language,
}

/// `[simulation]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Simulation {
    /// Number of paths, 1 to 1,000,000,000; not used by a run until it is precise.
    pub paths: u64,
    /// Go on until the headline figures are that precise ([`crate::aggregate::precision`]), instead of `paths`.
    pub precision: Option<Precision>,
    /// Seed of all random numbers.
    pub seed: u64,
}

/// One measure of the strategy around the fund: `{ name = "FSE 1", amount = 6_400_000 }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Its name.
    pub name: String,
    /// Its budget.
    pub amount: Cents,
}

/// A promise that the results must keep: a statistic of a metric within bounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// Metric id of MODEL.md section 9.
    pub metric: crate::metrics::MetricId,
    /// The line, or `None` for `all`.
    pub line: Option<LineNumber>,
    /// Which statistic is bounded.
    pub statistic: LimitStatistic,
    /// Lower bound, in euros for amounts, as a plain number otherwise.
    pub min: Option<rust_decimal::Decimal>,
    /// Upper bound.
    pub max: Option<rust_decimal::Decimal>,
}

/// The statistic that a limit bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LimitStatistic {
    /// `"mean"`
    Mean,
    /// `"sd"`
    StandardDeviation,
    /// A quantile, `"99%"`: one of those reported.
    Quantile(crate::units::Share),
    /// Expected shortfall, `"es 99%"`: 95, 99 or 99.9 %, of metrics that have one.
    ExpectedShortfall(crate::units::Share),
}
