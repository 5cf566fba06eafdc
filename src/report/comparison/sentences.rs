//! The comparison in words: who loses less, who reaches further.

use super::Comparison;
use crate::metrics::MetricId;
use crate::paired::comparison::{AgainstFirst, ComparisonCell, ComparisonRow};
use crate::paired::grid::Grid;
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

/// Which mix leaves least to regret when nobody knows the economy that comes, how far it is from the best at worst, and what
/// is given up for that; `None` of a measure of which neither direction is better.
pub fn regret_sentence(comparison: &Comparison, grid: &Grid) -> Option<String> {
    let telling = Telling::new(comparison.language);
    let least = grid.least_regret?;
    let metric = grid.measure.metric;
    let amount = |value: f64| telling.amount_of_change(metric, value);
    let name = telling.measure(&grid.measure);
    let title = |mix: usize| comparison.scenarios[mix].title.as_str();
    let economy = |position: usize| comparison.economies[position].title.as_str();
    let (at, regret) = grid.largest_regret(least)?;
    let chosen = title(least);
    if regret.value == 0.0 {
        return Some(tell!(
            telling,
            "{name}: «{chosen}» è il migliore in ogni economia, e non lascia nulla di cui pentirsi.",
            "{name}: \"{chosen}\" is best in every economy and leaves nothing to regret."
        ));
    }
    let (worst, place) = (amount(regret.value), economy(at));
    let mut told = tell!(
        telling,
        "{name}: se non si sa quale economia verrà, si pente meno chi sceglie «{chosen}», che al peggio («{place}») sta a {worst} dal migliore.",
        "{name}: who cannot know the economy regrets the choice of \"{chosen}\" least: at worst (\"{place}\") it is {worst} from the best."
    );
    // The mix that is best most often, if it is another one: what its choice could cost.
    let wins = |mix: usize| grid.best_mix.iter().filter(|&&best| best == Some(mix)).count();
    let favourite = (0..comparison.scenarios.len()).max_by_key(|&mix| (wins(mix), usize::MAX - mix))?;
    if favourite != least && wins(favourite) > wins(least) {
        let (at, regret) = grid.largest_regret(favourite)?;
        let (count, all) = (wins(favourite), grid.best_mix.len());
        let (other, cost, place) = (title(favourite), amount(regret.value), economy(at));
        told += &tell!(
            telling,
            " «{other}» è il migliore in {count} economie su {all}, ma in «{place}» sta a {cost} dal migliore.",
            " \"{other}\" is best in {count} of {all} economies, but {cost} from the best in \"{place}\"."
        );
    }
    Some(told)
}

/// What the mix that loses least costs in leverage, and what the mix with most leverage costs in losses, each in the economy
/// that is worst for it; `None` if one mix is the choice for both.
pub(super) fn trade_off_sentence(comparison: &Comparison) -> Option<String> {
    let telling = Telling::new(comparison.language);
    let grid = |metric: MetricId| {
        comparison
            .grids
            .iter()
            .find(|grid| grid.measure.metric == metric && grid.measure.statistic == LimitStatistic::Mean)
    };
    let (loss, leverage) = (grid(MetricId::FundLoss)?, grid(MetricId::LeverageEffect)?);
    let (safe, far) = (loss.least_regret?, leverage.least_regret?);
    if safe == far {
        return None;
    }
    let worst = |grid: &Grid, mix: usize, largest: bool| -> Option<f64> {
        let values = grid.cells.iter().map(|cells| Some(cells[mix]?.estimate.value));
        let values: Vec<f64> = values.collect::<Option<_>>()?;
        values.into_iter().reduce(|one, other| if largest { one.max(other) } else { one.min(other) })
    };
    let euros = |mix: usize| Some(telling.numbers.euros_short(worst(loss, mix, true)?));
    let times = |mix: usize| Some(telling.numbers.decimal(worst(leverage, mix, false)?, 2));
    let title = |mix: usize| comparison.scenarios[mix].title.as_str();
    let (safe_title, far_title) = (title(safe), title(far));
    let (safe_loss, far_loss, safe_leverage, far_leverage) =
        (euros(safe)?, euros(far)?, times(safe)?, times(far)?);
    Some(tell!(
        telling,
        "Non si può avere tutto: nell’economia peggiore «{safe_title}» perde in media {safe_loss} con una leva di {safe_leverage}, «{far_title}» perde {far_loss} con una leva di {far_leverage}.",
        "One cannot have both: in the worst economy \"{safe_title}\" loses {safe_loss} on average with a leverage of {safe_leverage}, \"{far_title}\" loses {far_loss} with a leverage of {far_leverage}."
    ))
}

/// That all are held to the first scenario's promises, where others have their own.
pub(super) fn limits_sentence(comparison: &Comparison) -> Option<String> {
    let telling = Telling::new(comparison.language);
    let others: Vec<String> = comparison
        .other_limits
        .iter()
        .map(|&position| {
            let title = &comparison.scenarios[position].title;
            tell!(telling, "«{title}»", "\"{title}\"")
        })
        .collect();
    let first = comparison.scenarios.first().map(|first| first.title.as_str())?;
    let names = others.join(", ");
    (!others.is_empty()).then(|| {
        tell!(
            telling,
            "Tutti sono giudicati con i limiti di «{first}», perché un confronto ha un solo metro; non contano quelli di {names}.",
            "All are held to the limits of \"{first}\", for a comparison has one yardstick; those of {names} do not count."
        )
    })
}

/// That some are not measured alike: another start, horizon or discount rate.
pub(super) fn yardstick_sentence(comparison: &Comparison) -> Option<String> {
    let telling = Telling::new(comparison.language);
    let titles = comparison.other_yardsticks.iter().map(|&position| {
        let title = &comparison.scenarios[position].title;
        tell!(telling, "«{title}»", "\"{title}\"")
    });
    let names = titles.collect::<Vec<_>>().join(", ");
    let first = comparison.scenarios.first().map(|first| first.title.as_str())?;
    (!names.is_empty()).then(|| {
        tell!(
            telling,
            "Attenzione: hanno un inizio, un orizzonte o un tasso di sconto diverso da «{first}»: {names}. Le cifre a fine periodo e in valore attuale non misurano la stessa cosa.",
            "Mind: another start, horizon or discount rate than \"{first}\": {names}. Figures at the end and in present value do not measure the same."
        )
    })
}

/// How many of the differences would be beyond noise by chance alone, where there are many.
pub(super) fn many_sentence(comparison: &Comparison) -> Option<String> {
    let telling = Telling::new(comparison.language);
    let differences: usize = comparison
        .scenes
        .iter()
        .flat_map(|scene| &scene.rows)
        .flat_map(|row| &row.cells)
        .filter(|cell| cell.is_some_and(|cell| cell.against_first.is_some()))
        .count();
    let by_chance = differences / 20;
    let (count, by_chance_text) =
        (telling.numbers.count(differences as u64), telling.numbers.count(by_chance as u64));
    (by_chance >= 2).then(|| {
        tell!(
            telling,
            "Ogni intervallo vale da solo, al 95\u{a0}%: di {count} differenze senza alcun effetto circa {by_chance_text} sembrerebbero oltre l’errore per caso.",
            "Each interval stands for itself, at 95%: of {count} differences without any effect some {by_chance_text} would seem beyond noise by chance."
        )
    })
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
        let half = telling.numbers.euros_short(against.paired.half_width());
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
