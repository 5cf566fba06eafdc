//! Simulated figures beside their exact expectations, with names that readers know.

use super::Page;
use super::table::{Kind, Table, text};
use crate::aggregate::exact_check::ExactComparison;
use crate::analytic::exact_figure::{Draw, Figure, LARGEST_Z};
use crate::explain::{legal_form_name, size_name};
use crate::locale::metric_name;
use crate::metrics::Unit;
use crate::report::telling::{Telling, tell};
use crate::scenario::{LegalForm, Size, Theme};
use maud::{Markup, html};

/// Most rows that are shown; the rest is in `exact-check.csv`.
const MOST_ROWS: usize = 80;

/// What the check says, and its table folded below.
pub(super) fn comparison(page: &Page) -> Markup {
    let telling = page.telling;
    let check = &page.contents.summary.exact_check;
    let Some(largest) = check.largest() else {
        let why = if page.contents.summary.tail.is_some() {
            tell!(
                telling,
                "Con --tail i percorsi non pesano tutti uguale, e nessuna cifra è confrontata con il suo valore esatto; il motore è lo stesso delle simulazioni che lo sono.",
                "With --tail paths do not weigh the same, and no figure is held against its exact value; the engine is that of the runs that are."
            )
        } else if page.contents.summary.uncertain.is_some() {
            tell!(
                telling,
                "Con --uncertain le ipotesi cambiano da un gruppo di percorsi all’altro, e nessuna cifra è confrontata con un valore esatto; il motore è lo stesso delle simulazioni che lo sono.",
                "With --uncertain the assumptions differ from one group of paths to the next, and no figure is held against an exact value; the engine is that of the runs that are."
            )
        } else {
            tell!(
                telling,
                "Nessuna cifra ha abbastanza eventi per essere confrontata con il suo valore esatto.",
                "No figure has events enough to be held against its exact value."
            )
        };
        return html! { p { (why) } };
    };
    let count = telling.numbers.count(check.comparisons.len() as u64);
    let (z, limit) = (telling.numbers.decimal(largest.z.abs(), 2), telling.numbers.decimal(LARGEST_Z, 0));
    let all = check.comparisons.len();
    html! {
        p { (tell!(
            telling,
            "{count} cifre il cui valore esatto è noto sono state confrontate con la simulazione: la più lontana dista {z} errori standard. Oltre {limit} sarebbe un errore del programma, che si fermerebbe senza risultati.",
            "{count} figures whose exact value is known were held against the simulation: the farthest is {z} standard errors away. Beyond {limit} it would be a bug, and the program would stop without results."
        )) }
        details {
            summary { (tell!(telling, "La tabella del confronto", "The table of comparisons")) }
            (table(page).render())
            @if all > MOST_ROWS {
                @let more = telling.numbers.count((all - MOST_ROWS) as u64);
                p.small { (tell!(telling, "e altre {more}: exact-check.csv", "and {more} more: exact-check.csv")) }
            }
        }
    }
}

fn table(page: &Page) -> Table {
    let telling = page.telling;
    let mut table = Table::new(
        tell!(
            telling,
            "Cifre simulate accanto ai loro valori esatti",
            "Simulated figures beside their exact values"
        ),
        vec![
            (tell!(telling, "Grandezza", "Figure"), Kind::Words),
            (tell!(telling, "Linea", "Line"), Kind::Words),
            (tell!(telling, "Gruppo", "Group"), Kind::Words),
            (tell!(telling, "Sorteggi", "Draws"), Kind::Number),
            (tell!(telling, "Esatto", "Exact"), Kind::Number),
            (tell!(telling, "Simulato", "Simulated"), Kind::Number),
            (tell!(telling, "Errore standard", "Standard error"), Kind::Number),
            ("z".to_string(), Kind::Number),
        ],
    );
    for entry in page.contents.summary.exact_check.comparisons.iter().take(MOST_ROWS) {
        let write = |carried: f64| amount(telling, entry, carried);
        table.row(vec![
            text(name(telling, entry.figure)),
            text(entry.line.word()),
            text(group(page, entry)),
            text(format!(
                "{}\u{a0}{}",
                telling.numbers.count(entry.draws),
                draw(telling, entry.figure.draw())
            )),
            text(write(entry.exact)),
            text(write(entry.simulated)),
            text(telling.error(entry.unit(), true, entry.natural(entry.std_error))),
            text(telling.numbers.decimal(entry.z, 2)),
        ]);
    }
    table
}

fn amount(telling: Telling, entry: &ExactComparison, carried: f64) -> String {
    let value = entry.natural(carried);
    match entry.unit() {
        Unit::Euro => telling.numbers.euros(value, 0),
        Unit::Count => telling.numbers.decimal(value, 3),
        Unit::Ratio | Unit::Probability => telling.numbers.percent(value, 3),
    }
}

fn draw(telling: Telling, draw: Draw) -> String {
    match draw {
        Draw::Path => tell!(telling, "percorsi", "paths"),
        Draw::Applicant => tell!(telling, "domande", "applicants"),
        Draw::FirstProject => tell!(telling, "primi progetti", "first projects"),
    }
}

fn name(telling: Telling, figure: Figure) -> String {
    match figure {
        Figure::Metric(metric) => metric_name(metric, telling.language).to_string(),
        Figure::InvestmentOfApplicant => {
            tell!(telling, "Investimento di una domanda", "Investment of an applicant")
        }
        Figure::IneligibleShare => tell!(telling, "Quota non ammissibile", "Share not eligible"),
        Figure::ThemeShare(_) => tell!(telling, "Quota del tema", "Share of the theme"),
        Figure::LegalFormShare(_) => tell!(telling, "Quota della forma giuridica", "Share of the legal form"),
        Figure::SizeShare(_) => tell!(telling, "Quota della dimensione", "Share of the size"),
        Figure::RatingShare(_) => tell!(telling, "Quota della classe di merito", "Share of the rating class"),
        Figure::AccompaniedShare => tell!(telling, "Quota accompagnata", "Share accompanied"),
        Figure::AcceptsOtherShare => {
            tell!(telling, "Quota che accetta un altro prodotto", "Share that accepts another product")
        }
        Figure::PreferredShare(_) => {
            tell!(telling, "Quota che preferisce il prodotto", "Share that prefers the product")
        }
        Figure::FirstProjectDefault(_) => {
            tell!(telling, "Inadempimenti dei primi progetti", "Defaults of first projects")
        }
        Figure::FirstQuarterDefault(_) => tell!(
            telling,
            "Inadempimenti dei primi progetti nel primo trimestre",
            "Defaults of first projects in their first quarter"
        ),
    }
}

/// The group in words, or the name that the scenario gives it.
fn group(page: &Page, entry: &ExactComparison) -> String {
    let telling = page.telling;
    let words = telling.words;
    match entry.figure {
        Figure::ThemeShare(theme) => match Theme::ALL[theme] {
            Theme::HealthWellbeing => words.health_wellbeing.to_string(),
            Theme::DemographicChange => words.demographic_change.to_string(),
            Theme::PovertyExclusion => words.poverty_exclusion.to_string(),
            Theme::Other => words.other_theme.to_string(),
        },
        Figure::LegalFormShare(form) => legal_form_name(LegalForm::ALL[form], telling.language).to_string(),
        Figure::SizeShare(size) => size_name(Size::ALL[size], telling.language).to_string(),
        Figure::Metric(_)
        | Figure::InvestmentOfApplicant
        | Figure::IneligibleShare
        | Figure::AccompaniedShare
        | Figure::AcceptsOtherShare => "–".to_string(),
        Figure::RatingShare(_)
        | Figure::PreferredShare(_)
        | Figure::FirstProjectDefault(_)
        | Figure::FirstQuarterDefault(_)
            if entry.group.is_empty() =>
        {
            "–".to_string()
        }
        Figure::RatingShare(_)
        | Figure::PreferredShare(_)
        | Figure::FirstProjectDefault(_)
        | Figure::FirstQuarterDefault(_) => page.contents.facts.scenario.named(&entry.group).to_string(),
    }
}
