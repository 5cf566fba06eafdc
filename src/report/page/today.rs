//! A running fund: what is history and what is forecast, and the books that the forecast starts from.

use super::Page;
use super::table::{Kind, Table, text};
use crate::engine::path::today::TodaysBooks;
use crate::report::telling::tell;
use crate::today::told::BooksTold;
use maud::{Markup, html};

/// The chapter; nothing of a fund that starts.
pub(super) fn todays_books(page: &Page) -> Markup {
    let telling = page.telling;
    let scenario = page.contents.facts.scenario;
    let Some(books) = TodaysBooks::of(page.contents.plan) else { return html! {} };
    let told = BooksTold::new(scenario, &books, scenario.identity.language);
    let mut heads = vec![(tell!(telling, "Oggi", "Today"), Kind::Words)];
    let lines = page.contents.plan.lines.iter();
    heads.extend(lines.map(|line| (telling.line(line.number).to_string(), Kind::Number)));
    let mut projects = Table::new(
        tell!(telling, "Progetti e promesse nei libri", "Projects and promises on the books"),
        heads,
    );
    for (name, cells) in &told.rows {
        projects.row([text(name)].into_iter().chain(cells.iter().map(text)).collect());
    }
    let heads = vec![
        (tell!(telling, "Saldo di apertura", "Opening balance"), Kind::Words),
        (tell!(telling, "Dalla storia", "From history"), Kind::Number),
        (tell!(telling, "Dato", "Given"), Kind::Number),
        (tell!(telling, "Usato", "Used"), Kind::Number),
    ];
    let caption = tell!(telling, "Da dove parte la previsione", "Where the forecast starts from");
    let mut balances = Table::new(caption, heads);
    for balance in &told.balances {
        let given = if balance.given.is_empty() { "–" } else { &balance.given };
        balances.row(vec![text(&balance.name), text(&balance.derived), text(given), text(&balance.used)]);
    }
    html! {
        p { (told.what_is_history) }
        p { (told.on_the_books) }
        (projects.render())
        p { (told.balances_given) }
        (balances.render())
        p.small { (tell!(
            telling,
            "I saldi comprendono ciò che la Regione deve ancora versare e ciò che è già promesso. La probabilità di inadempimento di chi oggi paga è condizionata all’essere arrivato fin qui; che cosa la storia dica dell’economia non è dedotto.",
            "Balances include what the Region has still to pay in and what is already promised. The default probability of those who pay today is conditional on having come this far; what history says about the economy is not inferred."
        )) }
    }
}
