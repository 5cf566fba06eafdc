//! What was assumed: the scenario in sentences, its figures with their sources, and what has none.

use super::Page;
use super::scenario_values::{ScenarioValue, scenario_values};
use super::table::{Kind, Table, text};
use crate::explain::{Paragraph, Sentence, SentencePlace, paragraphs};
use crate::report::telling::{Telling, tell};
use maud::{Markup, html};

/// Most values shown for one source.
const MOST_VALUES: usize = 8;

/// What a note in `[sources]` is worth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Standing {
    /// Nobody knows: it was assumed, perhaps with something to compare it with.
    Assumed,
    /// A source, and an assumption on top of it.
    Partly,
    /// A source.
    Sourced,
}

impl Standing {
    const ALL: [Standing; 3] = [Standing::Assumed, Standing::Partly, Standing::Sourced];

    /// By the words that scenario files use for it.
    fn of(note: &str) -> Standing {
        const WORDS: [&str; 4] = ["assumption", "assumed", "ipotesi", "assunzione"];
        let note = note.to_lowercase();
        if note.trim().is_empty() || WORDS.iter().any(|word| note.trim_start().starts_with(word)) {
            Standing::Assumed
        } else if WORDS.iter().any(|word| note.contains(word)) {
            Standing::Partly
        } else {
            Standing::Sourced
        }
    }

    fn heading(self, telling: Telling) -> String {
        match self {
            Standing::Assumed => tell!(telling, "Solo ipotesi", "Only assumed"),
            Standing::Partly => tell!(telling, "In parte ipotesi", "Partly assumed"),
            Standing::Sourced => tell!(telling, "Con una fonte", "With a source"),
        }
    }
}

/// Scenario files mark with it an act that was quoted without being at hand.
const FROM_MEMORY: &str = "[memory]";

/// The chapter.
pub(super) fn assumptions(page: &Page) -> Markup {
    let telling = page.telling;
    let scenario = page.contents.facts.scenario;
    let values = scenario_values(scenario, telling);
    let count = |standing: Standing| {
        scenario.sources.iter().filter(|(_, note)| Standing::of(note) == standing).count()
    };
    let [assumed, partly, sourced] =
        Standing::ALL.map(|standing| telling.numbers.count(count(standing) as u64));
    let unsourced: Vec<&ScenarioValue> = values
        .iter()
        .filter(|value| !scenario.sources.iter().any(|(key, _)| value.is_covered_by(key)))
        .collect();
    html! {
        @if scenario.sources.is_empty() {
            p { (tell!(
                telling,
                "Lo scenario non dice da dove vengono le sue cifre ([sources]): sono tutte da prendere come ipotesi.",
                "The scenario does not say where its figures come from ([sources]): take them all as assumptions."
            )) }
        } @else {
            p { (tell!(
                telling,
                "Annotazioni dello scenario sulle sue cifre: solo ipotesi {assumed}, in parte ipotesi {partly}, con una fonte {sourced}. I risultati valgono quanto queste cifre.",
                "Notes of the scenario on its figures: only assumed {assumed}, partly assumed {partly}, with a source {sourced}. The results are worth as much as these figures."
            )) }
        }
        @for standing in Standing::ALL { (sources(page, &values, standing)) }
        @if scenario.sources.iter().any(|(_, note)| note.contains(FROM_MEMORY)) {
            p.small { (tell!(
                telling,
                "{FROM_MEMORY}: l’atto non era a portata di mano quando la cifra è stata scritta; controllarlo prima di citarlo.",
                "{FROM_MEMORY}: the act was not at hand when the figure was written down; check it before quoting it."
            )) }
        }
        (without_source(page, &unsourced))
        h3 { (tell!(telling, "Lo scenario in parole", "The scenario in words")) }
        details {
            summary { (tell!(telling, "Leggi che cosa è stato supposto", "Read what was assumed")) }
            @for Paragraph { title, sentences } in paragraphs(scenario, telling.language) {
                h4 { bdi { (title) } }
                @for Sentence { text, place } in sentences {
                    @match place {
                        SentencePlace::Item { name, .. } => p { (name.trim()) " " (text) },
                        SentencePlace::Alone | SentencePlace::Detail => p { (text) },
                    }
                }
            }
        }
    }
}

/// The figures whose notes have one standing.
fn sources(page: &Page, values: &[ScenarioValue], standing: Standing) -> Markup {
    let telling = page.telling;
    let mut table = Table::new(
        standing.heading(telling),
        vec![
            (tell!(telling, "Chiave", "Key"), Kind::Key),
            (tell!(telling, "Valore", "Value"), Kind::Exact),
            (
                tell!(
                    telling,
                    "Fonte o ragione, come la scrive lo scenario",
                    "Source or reason, as the scenario has it"
                ),
                Kind::Prose,
            ),
        ],
    );
    for (name, note) in
        page.contents.facts.scenario.sources.iter().filter(|(_, note)| Standing::of(note) == standing)
    {
        let covered: Vec<&ScenarioValue> = values.iter().filter(|value| value.is_covered_by(name)).collect();
        table.row(vec![super::table::key(name), shown(name, &covered), text(note)]);
    }
    if table.is_empty() {
        html! {}
    } else {
        table.render()
    }
}

/// The values that a key names: one alone, several with what tells them apart, one a line.
fn shown(key: &str, covered: &[&ScenarioValue]) -> Markup {
    html! {
        @match covered {
            [] => "–",
            [value] => (value.shown),
            _ => {
                @for value in covered.iter().take(MOST_VALUES) {
                    div { (distinct(key, &value.key)) ": " (value.shown) }
                }
                @if covered.len() > MOST_VALUES { div { "…" } }
            }
        }
    }
}

/// What a figure's key has beyond the note's: the rest of it, or the entry that `*` stands for.
fn distinct<'k>(note: &str, key: &'k str) -> &'k str {
    match note.split_once('*') {
        Some((before, after)) => {
            key.strip_prefix(before).map_or(key, |rest| rest.strip_suffix(after).unwrap_or(rest))
        }
        None => key.strip_prefix(note).map_or(key, |rest| rest.trim_start_matches('.')),
    }
}

/// Everything else that the scenario sets or leaves to its default.
fn without_source(page: &Page, values: &[&ScenarioValue]) -> Markup {
    let telling = page.telling;
    if values.is_empty() {
        return html! {};
    }
    let mut table = Table::new(
        tell!(telling, "Cifre senza una fonte nello scenario", "Figures without a source in the scenario"),
        vec![(tell!(telling, "Chiave", "Key"), Kind::Key), (tell!(telling, "Valore", "Value"), Kind::Exact)],
    );
    for value in values {
        table.row(vec![super::table::key(&value.key), text(&value.shown)]);
    }
    let count = telling.numbers.count(values.len() as u64);
    html! {
        details {
            summary { (tell!(
                telling,
                "Altre {count} chiavi senza una fonte annotata, anche lasciate al valore predefinito: da prendere come ipotesi",
                "Another {count} keys without a noted source, defaults among them: take them as assumptions"
            )) }
            (table.render())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_told_apart_by_their_words() {
        for (note, standing) in [
            ("assumption", Standing::Assumed),
            ("Assumption; Basel retail 3-16 %", Standing::Assumed),
            ("ipotesi: nessuna evidenza", Standing::Assumed),
            ("ABI-Cerved 2019; shrunk for micro (assumption)", Standing::Partly),
            ("Reg. 1303/2013 art. 41 [memory]", Standing::Sourced),
            (" ", Standing::Assumed),
        ] {
            assert_eq!(Standing::of(note), standing, "{note}");
        }
    }

    #[test]
    fn what_a_star_stands_for_is_named() {
        assert_eq!(distinct("credit.rating.*.pd", "credit.rating.B.pd"), "B");
        assert_eq!(distinct("fund.tranches", "fund.tranches.shares"), "shares");
    }
}
