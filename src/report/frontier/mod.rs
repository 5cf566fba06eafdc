//! What `fesr frontier` leaves: every mix with its figures, which ones no other beats, which ones to choose.

mod csv;
mod json;
mod page;
#[cfg(test)]
mod tests;
mod text;

pub use csv::{frontier_csv, mixes_csv};
pub use json::frontier_json;
pub use page::frontier_page;
pub use text::frontier_text;

use crate::metrics::MetricId;
use crate::paired::difference::Estimate;
use crate::paired::measure::{Direction, Measure};
use crate::paired::mix::{MixedLines, ProductDemand};
use crate::report::limits::{LimitResult, Verdict};
use crate::report::telling::{Telling, tell};
use crate::scenario::{Language, LimitStatistic, LineNumber};
use crate::units::Cents;

/// The envelopes of a line, in the order of the triangle's corners.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Envelope {
    /// What pays guarantee calls.
    Guarantees,
    /// What is lent.
    Loans,
    /// What is granted.
    Grants,
}

impl Envelope {
    /// All, in order.
    pub const ALL: [Envelope; 3] = [Envelope::Guarantees, Envelope::Loans, Envelope::Grants];

    /// The word in machine files.
    pub fn word(self) -> &'static str {
        match self {
            Envelope::Guarantees => "guarantees",
            Envelope::Loans => "loans",
            Envelope::Grants => "grants",
        }
    }
}

/// Share of a mix's money above which it counts as left lying: more than half of it, on average, is taken by no project.
const IDLE_SHARE: f64 = 0.5;

/// Why a mix that no other beats is still none to choose.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum SetApart {
    /// Most of its money is taken by no project: it loses little and returns much because it does little.
    LeavesMoneyIdle,
    /// It breaks a limit of the scenario beyond noise.
    BreaksLimit,
}

/// A number of a mix.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct MixValue {
    /// With its standard error.
    pub estimate: Estimate,
    /// 95 % interval.
    pub interval: (f64, f64),
}

/// One mix.
#[derive(Clone, PartialEq, Debug)]
pub struct MixPoint {
    /// Shares of guarantees, loans and grants.
    pub shares: [f64; 3],
    /// What the lines' envelopes for them hold.
    pub budget: [Cents; 3],
    /// Codes of the rules that forbid it; it was not simulated then.
    pub forbidden: Vec<&'static str>,
    /// Paths simulated.
    pub paths: u64,
    /// By objective.
    pub values: Vec<Option<MixValue>>,
    /// What of the envelopes was used, on average: reserves of guarantees, loans, grants of disbursed projects.
    pub used: Option<[f64; 3]>,
    /// Envelopes without money that some product needs.
    pub missing: Vec<Envelope>,
    /// The scenario's promises.
    pub limits: Vec<LimitResult>,
    /// A mix that is better beyond noise in some objective and not worse in any.
    pub dominated_by: Option<usize>,
}

impl MixPoint {
    /// Whether a promise is broken beyond its interval.
    pub fn breaks_limit(&self) -> bool {
        self.limits.iter().any(|limit| limit.verdict == Verdict::Broken)
    }

    /// Whether it was simulated.
    pub fn is_simulated(&self) -> bool {
        self.forbidden.is_empty()
    }

    /// Money that no project took, on average; re-lending counts as use, so never below 0.
    pub fn unused(&self) -> Option<f64> {
        let used: f64 = self.used?.iter().sum();
        let budget: f64 = self.budget.iter().map(|part| part.to_f64() / 100.0).sum();
        Some((budget - used).max(0.0))
    }

    /// What is not used as a share of the money of the mix.
    pub fn idle_share(&self) -> Option<f64> {
        let budget: f64 = self.budget.iter().map(|part| part.to_f64() / 100.0).sum();
        let unused = self.unused()?;
        (budget > 0.0).then_some(unused / budget)
    }

    /// Why it is none to choose even if no other beats it; a broken limit goes before idle money.
    pub fn set_apart(&self) -> Option<SetApart> {
        if self.breaks_limit() {
            return Some(SetApart::BreaksLimit);
        }
        let idle = self.idle_share().is_some_and(|share| share > IDLE_SHARE);
        idle.then_some(SetApart::LeavesMoneyIdle)
    }

    /// The envelope of which the largest share is used, with that share.
    pub fn binding(&self) -> Option<(Envelope, f64)> {
        let used = self.used?;
        Envelope::ALL
            .into_iter()
            .zip(used)
            .zip(self.budget)
            .filter(|(_, budget)| budget.0 > 0)
            .map(|((envelope, used), budget)| (envelope, used / (budget.to_f64() / 100.0)))
            .max_by(|one, other| one.1.total_cmp(&other.1))
    }
}

/// What somebody may want of a mix.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Preference {
    /// The highest leverage.
    MostLeverage,
    /// The lowest ES 99 % of the loss among mixes whose leverage is at least that of the scenario's own mix.
    Safest,
    /// The most investment supported per euro lost.
    MostInvestmentPerLoss,
}

impl Preference {
    /// All, in order.
    pub const ALL: [Preference; 3] =
        [Preference::MostLeverage, Preference::Safest, Preference::MostInvestmentPerLoss];

    /// The word in machine files.
    pub fn word(self) -> &'static str {
        match self {
            Preference::MostLeverage => "most_leverage",
            Preference::Safest => "safest_above_leverage",
            Preference::MostInvestmentPerLoss => "most_investment_per_euro_lost",
        }
    }

    /// The letter on charts.
    pub fn letter(self) -> char {
        match self {
            Preference::MostLeverage => 'A',
            Preference::Safest => 'B',
            Preference::MostInvestmentPerLoss => 'C',
        }
    }

    /// What is preferred, in words.
    pub fn name(self, language: Language) -> &'static str {
        match (self, language) {
            (Preference::MostLeverage, Language::Italian) => "leva più alta entro i limiti",
            (Preference::MostLeverage, Language::English) => "most leverage within the limits",
            (Preference::Safest, Language::Italian) => "più sicuro a parità di leva",
            (Preference::Safest, Language::English) => "safest with at least the same leverage",
            (Preference::MostInvestmentPerLoss, Language::Italian) => "più investimenti per euro perso",
            (Preference::MostInvestmentPerLoss, Language::English) => "most investment per euro lost",
        }
    }
}

/// The mix that a preference leads to.
#[derive(Clone, PartialEq, Debug)]
pub struct Recommendation {
    /// What is preferred.
    pub preference: Preference,
    /// The mix and its number (leverage, ES 99 % in euros, euros of investment per euro lost); `None` if no mix keeps
    /// the limits.
    pub best: Option<(usize, Estimate)>,
    /// Mixes that cannot be told from it at 95 %, best first.
    pub rivals: Vec<usize>,
    /// Paths on which that was decided.
    pub paths: u64,
}

/// Everything that `fesr frontier` tells.
#[derive(Clone, Debug)]
pub struct Frontier {
    /// The reader's language.
    pub language: Language,
    /// The program's version.
    pub version: String,
    /// The scenario.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Seed of all mixes.
    pub seed: u64,
    /// Paths of every mix on the grid.
    pub paths: u64,
    /// Parts that the money is divided into.
    pub parts: u32,
    /// Which lines.
    pub lines: MixedLines,
    /// What applicants ask for.
    pub demand: ProductDemand,
    /// What mixes are judged by.
    pub objectives: Vec<Measure>,
    /// The scenario's own mix first, then the grid.
    pub points: Vec<MixPoint>,
    /// What to choose.
    pub recommendations: Vec<Recommendation>,
    /// Whether mixes are missing because the run was stopped.
    pub interrupted: bool,
}

impl Frontier {
    /// Whether the triangle has an inside: grants take part.
    pub fn has_grants(&self) -> bool {
        self.points.iter().skip(1).any(|point| point.shares[2] > 0.0)
    }

    /// Position of an objective.
    pub fn objective(&self, metric: MetricId, mean: bool) -> Option<usize> {
        self.objectives.iter().position(|measure| {
            measure.metric == metric && (measure.statistic == LimitStatistic::Mean) == mean
        })
    }

    /// The lines in words.
    pub fn lines_name(&self) -> String {
        let telling = Telling::new(self.language);
        match self.lines {
            MixedLines::Only(LineNumber::One) => telling.words.line_one.to_string(),
            MixedLines::Only(LineNumber::Two) => telling.words.line_two.to_string(),
            MixedLines::All => telling.words.all_lines.to_string(),
        }
    }

    /// A mix in words: "35 % guarantees, 40 % loans, 25 % grants".
    pub fn mix_name(&self, position: usize) -> String {
        let telling = Telling::new(self.language);
        let [guarantees, loans, grants] =
            self.points[position].shares.map(|share| telling.phrases.readable_percent(share));
        if self.has_grants() {
            tell!(
                telling,
                "{guarantees} garanzie, {loans} prestiti, {grants} contributi",
                "{guarantees} guarantees, {loans} loans, {grants} grants"
            )
        } else {
            tell!(
                telling,
                "{guarantees} garanzie, {loans} prestiti",
                "{guarantees} guarantees, {loans} loans"
            )
        }
    }

    /// Whether a mix was simulated and no other beats it.
    pub fn is_unbeaten(&self, position: usize) -> bool {
        let point = &self.points[position];
        point.is_simulated() && point.dominated_by.is_none()
    }

    /// Whether a mix is worth choosing: beaten by no other, within the limits, most of its money used.
    pub fn is_kept(&self, position: usize) -> bool {
        self.is_unbeaten(position) && self.points[position].set_apart().is_none()
    }

    /// How many mixes no other beats, and which of them are none to choose; a sentence.
    pub fn unbeaten_told(&self) -> String {
        let telling = Telling::new(self.language);
        let positions = || (0..self.points.len()).filter(|&position| self.is_unbeaten(position));
        let apart =
            |why| positions().filter(|&position| self.points[position].set_apart() == Some(why)).count();
        let (all, broken, idle) =
            (positions().count(), apart(SetApart::BreaksLimit), apart(SetApart::LeavesMoneyIdle));
        let [all_told, broken_told, idle_told, left_told] =
            [all, broken, idle, all - broken - idle].map(|count| telling.numbers.count(count as u64));
        if broken + idle == 0 {
            return tell!(
                telling,
                "Non battuti da nessun altro (migliore oltre l’errore in un obiettivo, peggiore in nessuno): {all_told} mix. Tutti rispettano i limiti e usano almeno metà del denaro.",
                "Beaten by no other (better beyond noise in one objective, worse in none): {all_told} mixes. All of them keep the limits and use at least half of their money."
            );
        }
        let mut reasons = Vec::new();
        if broken > 0 {
            reasons.push(tell!(
                telling,
                "rompono un limite dello scenario (✘): {broken_told}",
                "break a limit of the scenario (✘): {broken_told}"
            ));
        }
        if idle > 0 {
            reasons.push(tell!(
                telling,
                "lasciano fermo più di metà del denaro (○), e per questo perdono poco: {idle_told}",
                "leave more than half of their money idle (○), which is why they lose little: {idle_told}"
            ));
        }
        let reasons = reasons.join("; ");
        tell!(
            telling,
            "Non battuti da nessun altro (migliore oltre l’errore in un obiettivo, peggiore in nessuno): {all_told} mix. Non tutti si possono scegliere: {reasons}. Ne restano {left_told}.",
            "Beaten by no other (better beyond noise in one objective, worse in none): {all_told} mixes. Not all of them can be chosen: {reasons}. That leaves {left_told}."
        )
    }

    /// The short list: for each objective the best of the mixes that are kept, each mix once with the objectives in which
    /// it is best; in order of the objectives.
    pub fn short_list(&self) -> Vec<(usize, Vec<usize>)> {
        let mut list: Vec<(usize, Vec<usize>)> = Vec::new();
        for (objective, measure) in self.objectives.iter().enumerate() {
            let sign = if measure.direction() == Direction::Down { -1.0 } else { 1.0 };
            let value =
                |position: usize| Some(sign * self.points[position].values[objective]?.estimate.value);
            let kept = (0..self.points.len()).filter(|&position| self.is_kept(position));
            let mut best: Option<(usize, f64)> = None;
            for (position, value) in kept.filter_map(|position| Some((position, value(position)?))) {
                if best.is_none_or(|(_, known)| value > known) {
                    best = Some((position, value));
                }
            }
            let Some((best, _)) = best else { continue };
            match list.iter_mut().find(|(position, _)| *position == best) {
                Some((_, objectives)) => objectives.push(objective),
                None => list.push((best, vec![objective])),
            }
        }
        list
    }

    /// The reason for a recommendation, in a sentence.
    pub fn reason(&self, recommendation: &Recommendation) -> String {
        let telling = Telling::new(self.language);
        let Some((best, estimate)) = recommendation.best else {
            let keeps_limits = |point: &MixPoint| point.is_simulated() && !point.breaks_limit();
            let loss = self.objective(MetricId::FundLoss, true);
            let loses_nothing = |point: &MixPoint| {
                let value = loss.and_then(|loss| point.values[loss]);
                keeps_limits(point) && value.is_some_and(|value| value.estimate.value == 0.0)
            };
            let of_loss = recommendation.preference == Preference::MostInvestmentPerLoss;
            return if of_loss && self.points.iter().any(loses_nothing) {
                tell!(
                    telling,
                    "Alcuni mix non perdono nulla: il rapporto non esiste.",
                    "Some mixes lose nothing: there is no such ratio."
                )
            } else if self.points.iter().any(keeps_limits) {
                tell!(
                    telling,
                    "Con questi percorsi non si può dire: la grandezza non esiste o poggia su troppo pochi futuri.",
                    "It cannot be told from these paths: the figure does not exist or rests on too few futures."
                )
            } else {
                tell!(
                    telling,
                    "Nessun mix rispetta i limiti dello scenario.",
                    "No mix keeps the scenario’s limits."
                )
            };
        };
        let mut mix = self.mix_name(best);
        if best == 0 {
            mix = tell!(telling, "Il mix dello scenario ({mix})", "The scenario’s own mix ({mix})");
        }
        let half = estimate.interval().1 - estimate.value;
        let own = |metric, mean| {
            let value = self.points[0].values[self.objective(metric, mean)?]?;
            Some(value.estimate.value)
        };
        let mut text = match recommendation.preference {
            Preference::MostLeverage => {
                let (value, half) =
                    (telling.numbers.decimal(estimate.value, 2), telling.numbers.decimal(half, 2));
                tell!(telling, "{mix}: leva {value} ± {half}.", "{mix}: leverage {value} ± {half}.")
            }
            Preference::Safest => {
                let (value, half) =
                    (telling.numbers.euros_short(estimate.value), telling.numbers.euros_short(half));
                let floor = telling.numbers.decimal(own(MetricId::LeverageEffect, true).unwrap_or(0.0), 2);
                tell!(
                    telling,
                    "{mix}: ES 99\u{a0}% della perdita {value} ± {half}, con una leva di almeno {floor}.",
                    "{mix}: ES 99% of the loss {value} ± {half}, with a leverage of at least {floor}."
                )
            }
            Preference::MostInvestmentPerLoss => {
                let (value, half) =
                    (telling.numbers.decimal(estimate.value, 1), telling.numbers.decimal(half, 1));
                tell!(
                    telling,
                    "{mix}: {value} ± {half} euro di investimenti per euro perso.",
                    "{mix}: {value} ± {half} euros of investment per euro lost."
                )
            }
        };
        text.push(' ');
        if self.points[best].set_apart() == Some(SetApart::LeavesMoneyIdle)
            && let Some(idle) = self.points[best].idle_share()
        {
            let idle = telling.percent(idle);
            text += &tell!(
                telling,
                "Attenzione: nessun progetto prende {idle} del suo denaro. ",
                "Beware: no project takes {idle} of its money. "
            );
        }
        let count = recommendation.rivals.len();
        if recommendation.paths > self.paths {
            let paths = telling.numbers.count(recommendation.paths);
            text += &tell!(
                telling,
                "L’ordine è deciso su {paths} percorsi. ",
                "The order was decided on {paths} paths. "
            );
        }
        text += &match (count, recommendation.rivals.first()) {
            (0, _) | (_, None) => {
                tell!(telling, "È il migliore oltre l’errore.", "It is the best beyond noise.")
            }
            (1, Some(&rival)) => {
                let rival = self.mix_name(rival);
                tell!(
                    telling,
                    "Entro l’errore un altro mix lo vale: {rival}.",
                    "Within noise another mix is as good: {rival}."
                )
            }
            (_, Some(&rival)) => {
                let (count, rival) = (telling.numbers.count(count as u64), self.mix_name(rival));
                tell!(
                    telling,
                    "Entro l’errore altri {count} mix lo valgono, il primo dei quali: {rival}.",
                    "Within noise {count} other mixes are as good, the first of them: {rival}."
                )
            }
        };
        text
    }
}
