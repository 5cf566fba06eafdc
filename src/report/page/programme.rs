//! The programme around the fund: the measures of the strategy and which of them this fund is.

use super::Page;
use super::table::{Kind, Table, text};
use crate::report::telling::{Preposition, tell};
use crate::scenario::Measure;
use crate::units::Cents;
use maud::{Markup, html};

/// The chapter.
pub(super) fn programme(page: &Page) -> Markup {
    let telling = page.telling;
    let scenario = page.contents.facts.scenario;
    if scenario.programme.is_empty() {
        return html! { p { (tell!(
            telling,
            "Lo scenario non nomina il programma di cui il fondo fa parte ([programme]).",
            "The scenario does not name the programme that the fund is part of ([programme])."
        )) } };
    }
    let euros = |amount: Cents| {
        telling.numbers.euros(amount.to_f64() / 100.0, if amount.0 % 100 == 0 { 0 } else { 2 })
    };
    let total: Cents = scenario.programme.iter().map(|measure| measure.amount).sum();
    let endowment = scenario.fund.endowment;
    let own = own_measure(&scenario.programme, endowment);
    let percent = |part: Cents| telling.numbers.percent(part.to_f64() / (total.to_f64()).max(1.0), 1);
    let (all, mine) = (euros(total), euros(endowment));
    let share = telling.the_percent(Preposition::None, endowment.to_f64() / total.to_f64().max(1.0));
    let mut table = Table::new(
        tell!(telling, "Misure del programma", "Measures of the programme"),
        vec![
            (tell!(telling, "Misura", "Measure"), Kind::Words),
            (tell!(telling, "Risorse", "Resources"), Kind::Number),
            (tell!(telling, "Quota", "Share"), Kind::Number),
            (tell!(telling, "Che cos’è", "What it is"), Kind::Words),
        ],
    );
    for (position, measure) in scenario.programme.iter().enumerate() {
        let note = if own == Some(position) {
            tell!(telling, "questo fondo", "this fund")
        } else {
            "–".to_string()
        };
        table.row(vec![
            text(scenario.named(&measure.name)),
            text(euros(measure.amount)),
            text(percent(measure.amount)),
            text(note),
        ]);
    }
    table.row(vec![
        html! { strong { (tell!(telling, "Totale", "Total")) } },
        text(&all),
        text(telling.numbers.percent(1.0, 1)),
        text("–"),
    ]);
    html! {
        p { (tell!(
            telling,
            "Il fondo non è solo: con {mine} è {share} di un programma di {all}. Questa relazione simula solo il fondo; le altre misure pesano sui suoi risultati per la via delle ipotesi, per esempio quando accompagnano i progetti prima che chiedano un finanziamento.",
            "The fund is not alone: with {mine} it is {share} of a programme of {all}. This report simulates the fund only; the other measures bear on its results through the assumptions, for instance where they accompany projects before these apply."
        )) }
        (table.render())
        @for (_, note) in scenario.sources.iter().filter(|(key, _)| key.starts_with("programme")) {
            p.small { (note) }
        }
        (accompanied(page))
    }
}

/// The measure with the fund's amount, if there is exactly one.
fn own_measure(measures: &[Measure], endowment: Cents) -> Option<usize> {
    let mut same = measures.iter().enumerate().filter(|(_, measure)| measure.amount == endowment);
    match (same.next(), same.next()) {
        (Some((position, _)), None) => Some(position),
        _ => None,
    }
}

/// What the scenario assumes of the accompaniment measure.
fn accompanied(page: &Page) -> Markup {
    let telling = page.telling;
    let credit = &page.contents.facts.scenario.credit;
    let multiplier = telling.shortest(crate::units::nearest_f64(credit.accompanied_multiplier.decimal()));
    html! {
        p { (tell!(
            telling,
            "Le imprese accompagnate hanno nello scenario un rischio di inadempimento moltiplicato per {multiplier}.",
            "In the scenario the risk of default of accompanied enterprises is multiplied by {multiplier}."
        )) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_measure_is_the_only_one_of_the_same_amount() {
        let measure = |amount| Measure { name: "m".to_string(), amount: Cents(amount) };
        let measures = [measure(1), measure(2), measure(2)];
        assert_eq!(own_measure(&measures, Cents(1)), Some(0));
        assert_eq!(own_measure(&measures, Cents(2)), None);
        assert_eq!(own_measure(&measures, Cents(3)), None);
    }
}
