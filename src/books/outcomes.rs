//! What completed investments bring: places in care, people served, jobs.
//!
//! `outcome = per_million x completed investment / 1,000,000 EUR`, per line and theme; carried in millionths, so that
//! themes and lines add up exactly.

use super::path_books::{Investments, PathBooks};
use crate::engine::factors::THEMES;
use crate::plan::Plan;
use crate::scenario::{LineNumber, Scenario, Theme};
use crate::units::{Cents, round_half_even};

/// One unit of an outcome in the integers that carry it.
pub const OUTCOME_ONE: f64 = 1_000_000.0;

/// An outcome of the scenario, over its lines.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeTerms {
    /// Its name.
    pub name: String,
    /// What is counted.
    pub unit: String,
    /// How many of it a million euros bring, by slot of the line; 0 where a line does not name it.
    pub per_million: [f64; 2],
}

/// Whether investments are those completed or those supported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// Of projects that did not default.
    Completed,
    /// Of all projects disbursed: if nothing failed.
    Supported,
}

/// Of which investments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// All of the fund.
    All,
    /// A line, with its slot.
    Line(LineNumber, usize),
    /// A theme, over both lines.
    Theme(Theme, usize),
}

/// One column: an outcome of some investments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OutcomeColumn {
    /// Position of the outcome.
    pub outcome: usize,
    /// Completed or supported.
    pub reach: Reach,
    /// Of which investments.
    pub part: Part,
}

/// The outcomes that the lines name, in the order of their names.
pub fn terms(scenario: &Scenario) -> Vec<OutcomeTerms> {
    let mut all: Vec<OutcomeTerms> = Vec::new();
    for (slot, line) in scenario.lines().enumerate() {
        for outcome in &line.outcomes {
            let position = all.iter().position(|terms| terms.name == outcome.name).unwrap_or_else(|| {
                let (name, unit) = (outcome.name.clone(), outcome.unit.clone());
                all.push(OutcomeTerms { name, unit, per_million: [0.0; 2] });
                all.len() - 1
            });
            all[position].per_million[slot] = outcome.per_million.to_f64();
        }
    }
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

/// All columns: outcome by outcome, completed and supported, of the fund, of each line and of each theme.
pub fn columns(plan: &Plan, terms: &[OutcomeTerms]) -> Vec<OutcomeColumn> {
    let mut parts = vec![Part::All];
    parts.extend(plan.lines.iter().enumerate().map(|(slot, line)| Part::Line(line.number, slot)));
    parts.extend(Theme::ALL.iter().enumerate().map(|(position, &theme)| Part::Theme(theme, position)));
    let mut columns = Vec::new();
    for outcome in 0..terms.len() {
        for reach in [Reach::Completed, Reach::Supported] {
            columns.extend(parts.iter().map(|&part| OutcomeColumn { outcome, reach, part }));
        }
    }
    columns
}

/// An outcome of a path in millionths.
pub fn figure(column: &OutcomeColumn, terms: &[OutcomeTerms], books: &PathBooks) -> i64 {
    let per_million = &terms[column.outcome].per_million;
    let of = |slot: usize, theme: usize| {
        let investments = books.investments(slot, theme);
        let investment = match column.reach {
            Reach::Completed => Investments::completed(investments),
            Reach::Supported => investments.supported,
        };
        // 1e8 cents are a million euros.
        round_half_even(investment.to_f64() / 1e8 * per_million[slot] * OUTCOME_ONE)
    };
    let line = |slot: usize| (0..THEMES).map(|theme| of(slot, theme)).sum::<i64>();
    match column.part {
        Part::All => line(0) + line(1),
        Part::Line(_, slot) => line(slot),
        Part::Theme(_, theme) => of(0, theme) + of(1, theme),
    }
}

/// What an outcome is held against.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Price {
    /// The fund's loss.
    Lost,
    /// What does not come back: the loss, grants net of those recovered, management costs.
    Spent,
}

impl Price {
    /// Both.
    pub const ALL: [Price; 2] = [Price::Lost, Price::Spent];

    /// On a path.
    pub fn of(self, books: &PathBooks) -> Cents {
        let total = books.total();
        let all = total.all_lines();
        match self {
            Price::Lost => all.fund_loss(),
            Price::Spent => all.fund_loss() + all.grants_paid - all.grants_recovered + total.fund.fees(),
        }
    }
}
