//! How sure we are: standard errors, the precision reached, what the weights of `--tail` are worth, simulated figures
//! beside exact ones, promised beside simulated default probabilities.

use super::Page;
use super::exact;
use super::figure_data::range;
use super::table::{Kind, Table, text};
use super::uncertain::luck_and_ignorance;
use crate::aggregate::summary::{MetricSummary, natural};
use crate::aggregate::tail::TailSummary;
use crate::numeric::normal::HALF_WIDTH_95;
use crate::report::key_figures::{KeyFigure, figure_name};
use crate::report::precision::{half_width_text, headline_name, verdict_text};
use crate::report::telling::{sentence, shown_as_percent, tell};
use crate::scenario::LimitStatistic;
use crate::units::Share;
use maud::{Markup, html};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// The chapter.
pub(super) fn certainty(page: &Page) -> Markup {
    let telling = page.telling;
    if !page.has_paths() {
        return html! { p { (tell!(telling, "Nessun percorso simulato.", "No path was simulated.")) } };
    }
    html! {
        p { (tell!(
            telling,
            "Gli intervalli dicono quanto una cifra potrebbe cambiare con altri sorteggi: coprono il vero valore del modello 95 volte su 100. Non dicono quanto siano giuste le ipotesi: quell’incertezza è di solito più grande.",
            "Intervals say how much a figure could change with other draws: they cover the model’s true value 95 times in 100. They do not say how right the assumptions are: that uncertainty is usually larger."
        )) }
        @if page.contents.summary.paths == 1 { p.notice { (tell!(
            telling,
            "È stato simulato un solo futuro: nessun errore è noto.",
            "Only one future was simulated: no error is known."
        )) } }
        (errors(page).render())
        (quantiles(page))
        (precision(page))
        (tail(page))
        (luck_and_ignorance(page))
        h3 { (tell!(telling, "Simulato ed esatto", "Simulated and exact")) }
        (exact::comparison(page))
        (lifetime(page))
    }
}

/// Headline figures with their standard errors.
fn errors(page: &Page) -> Table {
    let telling = page.telling;
    let mut table = Table::new(
        tell!(telling, "Errori delle cifre principali", "Errors of the headline figures"),
        vec![
            (tell!(telling, "Grandezza", "Figure"), Kind::Words),
            (sentence(telling.words.value), Kind::Number),
            (sentence(telling.words.standard_error), Kind::Number),
            (tell!(telling, "± al 95\u{a0}%", "± (95%)"), Kind::Number),
            (tell!(telling, "± relativo", "± relative"), Kind::Number),
        ],
    );
    for figure in &page.figures.figures {
        let KeyFigure { metric, statistic, value, .. } = *figure;
        let found = page.metric(metric, None);
        let error = standard_error(found, statistic).map(|error| natural(metric.unit(), error));
        let none = || "–".to_string();
        let write = |error: f64| telling.error(metric.unit(), shown_as_percent(metric), error);
        // Of a chance the interval knows more than the standard error: what never happened may still happen.
        let half_width = match found.mean_interval {
            Some((low, high)) if page.contents.summary.paths > 1 => Some((high - low) / 2.0),
            _ => error.map(|error| HALF_WIDTH_95 * error),
        };
        let relative = half_width.zip(value).filter(|(_, value)| *value != 0.0);
        table.row(vec![
            text(figure_name(telling, metric, statistic)),
            text(
                value.map_or_else(
                    || telling.words.too_few_paths.to_string(),
                    |value| page.amount(metric, value),
                ),
            ),
            text(error.map_or_else(none, write)),
            text(half_width.map_or_else(none, write)),
            text(relative.map_or_else(none, |(half, value)| telling.percent((half / value).abs()))),
        ]);
    }
    table
}

/// Standard error of a statistic in carried units; `None` where it is not known.
fn standard_error(found: &MetricSummary, statistic: LimitStatistic) -> Option<f64> {
    let per_mille = |level: Share| (level.decimal() * Decimal::ONE_THOUSAND).to_u32();
    match statistic {
        LimitStatistic::Mean => (found.moments.count > 1).then(|| found.moments.standard_error()),
        LimitStatistic::StandardDeviation => found.sd_error,
        LimitStatistic::Quantile(level) => found.quantile(per_mille(level)?)?.std_error(),
        LimitStatistic::ExpectedShortfall(level) => {
            found.shortfall(per_mille(level)?)?.estimate.map(|(_, error)| error)
        }
    }
}

fn quantiles(page: &Page) -> Markup {
    let telling = page.telling;
    let exact = page.contents.summary.metrics.iter().all(|metric| metric.exact_quantiles);
    let how = if exact {
        tell!(
            telling,
            "I quantili sono esatti per questi percorsi (statistiche d’ordine).",
            "Quantiles are exact for these paths (order statistics)."
        )
    } else {
        tell!(
            telling,
            "I quantili hanno un errore relativo di al massimo 0,0001; le code (0,2\u{a0}% per lato) sono esatte.",
            "Quantiles have a relative error of at most 0.0001; the tails (0.2% on either side) are exact."
        )
    };
    html! { p.small { (how) } }
}

/// The precision that a run with `--precision` reached.
fn precision(page: &Page) -> Markup {
    let telling = page.telling;
    let Some(outcome) = &page.contents.summary.precision else { return html! {} };
    let mut table = Table::new(
        tell!(telling, "Cifre che decidono quando fermarsi", "Figures that decide when to stop"),
        vec![
            (tell!(telling, "Grandezza", "Figure"), Kind::Words),
            (tell!(telling, "± al 95\u{a0}%", "± (95%)"), Kind::Number),
            (tell!(telling, "Entro l’obiettivo", "Within the target"), Kind::Words),
        ],
    );
    for estimate in &outcome.look.estimates {
        let within = estimate.is_within(outcome.look.target);
        table.row(vec![
            text(headline_name(telling, estimate.headline)),
            text(half_width_text(telling, estimate)),
            text(if within { telling.words.yes } else { telling.words.no }),
        ]);
    }
    html! {
        h3 { (tell!(telling, "Precisione raggiunta", "Precision reached")) }
        p { (verdict_text(telling, outcome, page.contents.summary.paths)) }
        (table.render())
    }
}

/// How many paths of equal weight the weighted ones are worth.
fn tail(page: &Page) -> Markup {
    let telling = page.telling;
    let Some(TailSummary { effective_paths, effective_worst, shift }) = page.contents.summary.tail else {
        return html! {};
    };
    let mut table = Table::new(
        tell!(telling, "Percorsi equivalenti (--tail)", "Equivalent paths (--tail)"),
        vec![
            (tell!(telling, "Parte dei futuri", "Part of the futures"), Kind::Words),
            (tell!(telling, "Percorsi equivalenti", "Equivalent paths"), Kind::Number),
        ],
    );
    let parts = [
        (tell!(telling, "tutti", "all"), effective_paths),
        (tell!(telling, "1\u{a0}% peggiore della perdita", "worst 1% of the loss"), effective_worst[0]),
        (tell!(telling, "0,1\u{a0}% peggiore della perdita", "worst 0.1% of the loss"), effective_worst[1]),
    ];
    for (name, effective) in parts {
        table.row(vec![text(name), text(telling.numbers.decimal(effective.floor(), 0))]);
    }
    let shift = telling.numbers.decimal(shift, 2);
    html! {
        h3 { (tell!(telling, "Coda esaminata da vicino", "Tail looked at closely")) }
        p { (tell!(
            telling,
            "I percorsi sono sorteggiati più spesso dove la sorte comune è cattiva (spostamento {shift} deviazioni standard) e pesano di meno: tanti percorsi di pari peso darebbero la stessa certezza (Kish 1965).",
            "Paths are drawn more often where the common luck is bad (shift {shift} standard deviations) and weigh less: so many paths of equal weight would be as certain (Kish 1965)."
        )) }
        (table.render())
    }
}

/// What the PDs of the ratings promise over the life of a loan, beside what was simulated.
fn lifetime(page: &Page) -> Markup {
    let telling = page.telling;
    let entries: Vec<_> = page.contents.summary.lifetime.iter().filter(|entry| entry.projects > 0).collect();
    if entries.is_empty() {
        return html! {};
    }
    let mut table = Table::new(
        tell!(
            telling,
            "Inadempimenti nella vita di un prestito, per classe di merito",
            "Defaults over the life of a loan, by rating class"
        ),
        vec![
            (sentence(telling.words.rating), Kind::Words),
            (tell!(telling, "Progetti simulati", "Projects simulated"), Kind::Number),
            (tell!(telling, "Promessi dalle PD", "Promised by the PDs"), Kind::Number),
            (tell!(telling, "Simulati", "Simulated"), Kind::Number),
            (tell!(telling, "Intervallo al 95\u{a0}%", "95% interval"), Kind::Number),
        ],
    );
    let percent = |share: f64| telling.numbers.percent(share, 2);
    for entry in entries {
        let interval = entry.simulated.map_or("–".to_string(), |simulated| {
            let half = HALF_WIDTH_95 * simulated.std_error;
            range(percent((simulated.value - half).max(0.0)), percent((simulated.value + half).min(1.0)))
        });
        table.row(vec![
            text(&entry.rating),
            text(telling.numbers.count(entry.projects.unsigned_abs())),
            text(entry.promised.map_or("–".to_string(), |promised| percent(promised.value))),
            text(entry.simulated.map_or("–".to_string(), |simulated| percent(simulated.value))),
            text(interval),
        ]);
    }
    html! {
        (table.render())
        p.small { (tell!(
            telling,
            "Simulato e promesso possono differire: chi è finanziato più tardi è scelto da ciò che gli inadempimenti precedenti hanno lasciato, e in un’economia che cambia chi resta è il più fortunato.",
            "Simulated and promised may differ: who is funded later is chosen by what earlier defaults left, and in a changing economy survivors are the lucky ones."
        )) }
    }
}
