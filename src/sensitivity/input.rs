//! Assumptions that are varied, and how their values are said.

use super::defaults::{LeftOutInput, default_inputs};
use super::law::ends;
use super::variation::Variation;
use crate::locale::{Told, told};
use crate::reading::kinds::{Kind, kind};
use crate::reading::{keys, split_path};
use crate::scenario::{Change, Law, Pipeline, Scenario};
use crate::units::nearest_f64;
use rust_decimal::Decimal;

/// An assumption with the values that it may have.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// A word for machine files: the key, or the name of a default.
    pub id: String,
    /// What readers see.
    pub name: Told,
    /// Dotted keys that change together, all in the same way.
    pub keys: Vec<String>,
    /// What a value does to them.
    pub change: Change,
    /// Which values.
    pub law: Law,
    /// Where the law comes from; `None`: the scenario says it.
    pub source: Option<Told>,
}

/// How a value of an input is said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shown {
    /// A part of a whole, or a rate.
    Percent(f64),
    /// Euros.
    Euros(f64),
    /// A plain number.
    Number(f64),
    /// A factor: × 1.5.
    Times(f64),
    /// Percentage points more.
    Points(f64),
    /// Quarters more.
    Quarters(f64),
    /// So much more of a plain number.
    More(f64),
}

/// What is varied: the scenario's own `[uncertainty]`, else the defaults. An input that the scenario cannot take at one of
/// its ends is left out of the defaults; the scenario's own were checked when it was read.
pub fn inputs(scenario: &Scenario) -> Vec<Input> {
    if scenario.uncertainties.is_empty() {
        return default_inputs(scenario).0;
    }
    own_inputs(scenario)
}

/// The defaults that the scenario cannot take; none where it says itself what is uncertain.
pub fn left_out_inputs(scenario: &Scenario) -> Vec<LeftOutInput> {
    if scenario.uncertainties.is_empty() { default_inputs(scenario).1 } else { Vec::new() }
}

/// The rows of `[uncertainty]`.
pub(super) fn own_inputs(scenario: &Scenario) -> Vec<Input> {
    scenario
        .uncertainties
        .iter()
        .map(|row| Input {
            id: row.key.clone(),
            name: name(&row.key),
            keys: vec![row.key.clone()],
            change: row.change,
            law: row.law,
            source: None,
        })
        .collect()
}

/// The name of a key that readers know; others keep the key itself.
fn name(key: &str) -> Told {
    let path = split_path(key).unwrap_or_default();
    let steps: Vec<&str> = path.iter().map(String::as_str).collect();
    let of_line = |told: Told| match steps.first() {
        Some(&"line1") => told!("{told}, linea 1", "{told}, line 1"; told),
        Some(&"line2") => told!("{told}, linea 2", "{told}, line 2"; told),
        _ => told,
    };
    match steps[..] {
        ["credit", "rating", "*", "pd"] | ["credit", "migration", "pd_multiplier"] => {
            told!("livello delle PD", "PD level")
        }
        ["credit", "rating", rating, "pd"] => {
            told!("PD della classe {rating}", "PD of rating {rating}"; rating)
        }
        ["credit", "systemic_correlation"] => told!("correlazione sistemica", "systemic correlation"),
        ["credit", "theme_correlation"] => told!("correlazione di tema", "theme correlation"),
        ["credit", "lgd_loading"] => told!("legame tra LGD ed economia", "loading of LGD on the economy"),
        ["macro", "pd_multiplier"] => told!("moltiplicatore delle PD", "multiplier of PDs"),
        [_, "pd_log_sd"] => of_line(told!("incertezza delle PD", "uncertainty of PDs")),
        [_, "loss", "lgd_mean"] => of_line(told!("LGD media", "mean LGD")),
        [_, "loss", "lgd_sd"] => of_line(told!("dispersione della LGD", "spread of LGD")),
        [_, "loss", "cure_rate"] => of_line(told!("default sanati", "cured defaults")),
        [_, "loss", "recovery", "*", "after_quarters"] => {
            of_line(told!("attesa dei recuperi", "delay of recoveries"))
        }
        [_, "pipeline", "applications_per_year"] => of_line(told!("domanda", "demand")),
        [_, "pipeline", "investment", "median"] => {
            of_line(told!("investimento tipico", "typical investment"))
        }
        [_, "pipeline", "accompanied"] => of_line(told!("progetti accompagnati", "accompanied projects")),
        [_, "withdrawal_rate"] => of_line(told!("rinunce", "withdrawals")),
        [_, "fallback"] => of_line(told!("chi accetta altro", "who takes another product")),
        [_, "loan", "bank_rate"] => of_line(told!("tasso della banca", "bank rate")),
        [_, "loan", "fund_rate"] => of_line(told!("tasso del fondo", "fund rate")),
        _ => Told::same(key),
    }
}

impl Input {
    /// The kind of its keys' values, a single one of a list.
    pub(super) fn kind(&self) -> Option<Kind> {
        let path = split_path(self.keys.first()?)?;
        let mut kind = kind(keys::find(&path)?.path)?;
        while let Kind::OneOrMore(inner, _) | Kind::ByYear(inner, _) = kind {
            kind = *inner;
        }
        Some(kind)
    }

    /// A value as the file can hold it: whole quarters and counts, whole cents, else twelve decimals.
    pub fn rounded(&self, value: f64) -> Decimal {
        let decimals = match self.kind() {
            Some(Kind::Whole(..)) if self.change != Change::Scale => 0,
            Some(Kind::Amount(_)) if self.change != Change::Scale => 2,
            Some(Kind::Years(..)) if self.change != Change::Scale => {
                let quarters = (value * 4.0).round();
                return Decimal::try_from(quarters / 4.0).unwrap_or_default().normalize();
            }
            _ => 12,
        };
        let text = format!("{value:.decimals$}");
        text.parse::<Decimal>().unwrap_or_default().normalize()
    }

    /// The low and the high end, as the file can hold them.
    pub fn ends(&self) -> (Decimal, Decimal) {
        let (low, high) = ends(&self.law);
        (self.rounded(low), self.rounded(high))
    }

    /// The base, as the file can hold it.
    pub fn base(&self) -> Decimal {
        self.rounded(nearest_f64(self.law.base()))
    }

    /// The value at a share `u` of its law.
    pub fn at(&self, u: f64) -> Decimal {
        self.rounded(self.law.quantile(u))
    }

    /// How a value is said, in a scenario that has it: the resulting probability, rate or amount where there is one, else
    /// what the value does.
    pub fn shown(&self, value: Decimal, varied: &Scenario) -> Shown {
        let value = nearest_f64(value);
        if self.keys.iter().all(|key| key == varied.credit.pd_level_key()) {
            return Shown::Percent(mean_pd(varied));
        }
        let percent = matches!(self.kind(), Some(Kind::Share | Kind::Rate(..) | Kind::FlagOrShare))
            || self.keys.iter().all(|key| key.ends_with("_correlation"));
        if let Some(result) = self.only_result(varied) {
            return match self.kind() {
                _ if percent => Shown::Percent(result),
                Some(Kind::Amount(_) | Kind::Envelope) => Shown::Euros(result),
                _ => Shown::Number(result),
            };
        }
        match self.change {
            Change::Scale => Shown::Times(value),
            Change::Shift if percent => Shown::Points(value),
            Change::Shift if self.keys.iter().all(|key| key.ends_with("quarters")) => Shown::Quarters(value),
            Change::Shift => Shown::More(value),
            Change::Set if percent => Shown::Percent(value),
            Change::Set => match self.kind() {
                Some(Kind::Amount(_) | Kind::Envelope) => Shown::Euros(value),
                _ => Shown::Number(value),
            },
        }
    }

    /// The value that all keys have in a scenario, if it is a single one.
    fn only_result(&self, varied: &Scenario) -> Option<f64> {
        let values = Variation::values(varied, &self.keys)?;
        let first = *values.first()?;
        values.iter().all(|value| *value == first).then_some(first)
    }
}

/// The mean yearly PD of applicants in their first year, before multipliers, each line weighing as many applicants as it
/// expects in its first year.
fn mean_pd(scenario: &Scenario) -> f64 {
    let pd = |rating: usize| {
        scenario.credit.ratings[rating].pd.first().map_or(0.0, |pd| nearest_f64(pd.decimal()))
    };
    let (mut sum, mut weight) = (0.0, 0.0);
    for line in scenario.lines() {
        let (of_line, applicants) = match &line.pipeline {
            Pipeline::List(borrowers) => {
                let count = borrowers.len() as f64;
                let total: f64 = borrowers.iter().map(|borrower| pd(borrower.rating)).sum();
                (if count > 0.0 { total / count } else { 0.0 }, count)
            }
            Pipeline::Statistical(pipeline) => {
                let weights = pipeline.ratings.iter().map(|entry| nearest_f64(entry.weight.decimal()));
                let all: f64 = weights.sum();
                let total: f64 = pipeline
                    .ratings
                    .iter()
                    .map(|entry| nearest_f64(entry.weight.decimal()) * pd(entry.category))
                    .sum();
                let applicants = pipeline.applications_per_year.first();
                let applicants = applicants.map_or(0.0, |count| nearest_f64(count.decimal()));
                (if all > 0.0 { total / all } else { 0.0 }, applicants)
            }
        };
        sum += applicants * of_line;
        weight += applicants;
    }
    if weight > 0.0 { sum / weight } else { 0.0 }
}
