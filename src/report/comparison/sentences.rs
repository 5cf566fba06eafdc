//! The comparison in words: who loses less, who reaches further.

use super::Comparison;
use crate::metrics::MetricId;
use crate::paired::comparison::{AgainstFirst, ComparisonCell, ComparisonRow};
use crate::report::telling::{Telling, tell};
use crate::scenario::LimitStatistic;

/// A scenario's expected loss and leverage against the first scenario's, in a sentence each.
pub(super) fn sentences_of(comparison: &Comparison, rows: &[ComparisonRow], position: usize) -> Vec<String> {
    let of = |metric: MetricId| -> Option<ComparisonCell> {
        let mean = |row: &&ComparisonRow| {
            row.measure.metric == metric && row.measure.statistic == LimitStatistic::Mean
        };
        rows.iter().find(mean)?.cells[position]
    };
    let teller = Teller { telling: Telling::new(comparison.language), comparison };
    let mut sentences = Vec::new();
    if let Some(against) = of(MetricId::FundLoss).and_then(|cell| cell.against_first) {
        sentences.push(teller.loss_sentence(position, against));
    }
    if let Some(cell) = of(MetricId::LeverageEffect)
        && let Some(against) = cell.against_first
    {
        sentences.push(teller.leverage_sentence(cell, against));
    }
    sentences
}

struct Teller<'c> {
    telling: Telling,
    comparison: &'c Comparison,
}

impl Teller<'_> {
    fn loss_sentence(&self, position: usize, against: AgainstFirst) -> String {
        let telling = self.telling;
        let first = self.comparison.scenarios[0].title.clone();
        let name = self.comparison.scenarios[position].title.clone();
        if !against.paired.is_beyond_noise() {
            return tell!(
                telling,
                "«{name}»: la perdita attesa non si distingue da quella di «{first}» con questi percorsi.",
                "\"{name}\": its expected loss cannot be told from that of \"{first}\" with so many paths."
            );
        }
        let difference = against.paired.difference;
        let amount = telling.numbers.euros_short(difference.value.abs());
        let half = telling.numbers.euros_short(difference.interval().1 - difference.value);
        let futures =
            against.contest.map(|contest| telling.futures(contest.chance_better().0, self.comparison.paths));
        let futures = futures.unwrap_or_default();
        if difference.value > 0.0 {
            tell!(
                telling,
                "«{name}» perde in media {amount} (± {half}) più di «{first}»; perde meno in {futures}.",
                "\"{name}\" loses {amount} (± {half}) more than \"{first}\" on average; it loses less in {futures}."
            )
        } else {
            tell!(
                telling,
                "«{name}» perde in media {amount} (± {half}) meno di «{first}»; perde meno in {futures}.",
                "\"{name}\" loses {amount} (± {half}) less than \"{first}\" on average; it loses less in {futures}."
            )
        }
    }

    fn leverage_sentence(&self, cell: ComparisonCell, against: AgainstFirst) -> String {
        let telling = self.telling;
        let leverage = telling.numbers.decimal(cell.estimate.value, 2);
        let difference = against.paired.difference;
        let change = telling.numbers.decimal(difference.value.abs(), 2);
        if !against.paired.is_beyond_noise() {
            return tell!(
                telling,
                "La leva è {leverage}, la stessa entro l’errore.",
                "Its leverage is {leverage}, the same within the error."
            );
        }
        if difference.value > 0.0 {
            tell!(
                telling,
                "La leva è {leverage}: {change} in più.",
                "Its leverage is {leverage}: {change} more."
            )
        } else {
            tell!(
                telling,
                "La leva è {leverage}: {change} in meno.",
                "Its leverage is {leverage}: {change} less."
            )
        }
    }
}
