//! Luck and ignorance, of runs that drew their assumptions (`--uncertain`).

use super::Page;
use super::table::{Kind, Table, text};
use crate::aggregate::summary::Summary;
use crate::aggregate::summary::natural;
use crate::locale::metric_name;
use crate::metrics::MetricId;
use crate::report::telling::{Preposition, Telling, sentence, tell};
use maud::{Markup, html};

/// The figures that are told of, where they vary.
const FIGURES: [MetricId; 6] = [
    MetricId::FundLoss,
    MetricId::LeverageEffect,
    MetricId::DemandCoverage,
    MetricId::InvestmentSupported,
    MetricId::DefaultRate,
    MetricId::ClosingResources,
];

/// How much of the loss's variance is ignorance, in a sentence; `None` unless assumptions were drawn.
pub(in crate::report) fn uncertain_sentence(telling: Telling, summary: &Summary) -> Option<String> {
    let uncertain = summary.uncertain.as_ref()?;
    let groups = telling.numbers.count(uncertain.groups);
    let mut told = tell!(
        telling,
        "Ipotesi sorteggiate (--uncertain): {groups} gruppi di 16 futuri, ciascuno con le sue ipotesi.",
        "Assumptions drawn (--uncertain): {groups} groups of 16 futures, each with its own assumptions."
    );
    let loss =
        summary.metrics.iter().position(|of| of.column.metric == MetricId::FundLoss && of.line().is_none());
    if let Some(split) = loss.and_then(|position| uncertain.splits[position]) {
        let (low, high) = split.share_interval();
        let [share, low, high] = [split.share(), low, high].map(|share| telling.numbers.percent(share, 0));
        let share = telling.after_article(Preposition::None, share);
        told += &tell!(
            telling,
            " Della varianza della perdita {share} viene da ciò che non si sa (intervallo al 95\u{a0}%: {low} – {high}), il resto dal caso.",
            " Of the variance of the loss {share} comes from what is not known (95% interval: {low} to {high}), the rest from luck."
        );
    }
    Some(told)
}

/// The table of luck and ignorance.
pub(super) fn luck_and_ignorance(page: &Page) -> Markup {
    let (telling, summary) = (page.telling, page.contents.summary);
    let (Some(uncertain), Some(told)) = (&summary.uncertain, uncertain_sentence(telling, summary)) else {
        return html! {};
    };
    let mut table = Table::new(
        tell!(telling, "Caso e ignoranza", "Luck and ignorance"),
        vec![
            (tell!(telling, "Grandezza", "Figure"), Kind::Words),
            (tell!(telling, "Scarto per il caso", "Spread by luck"), Kind::Number),
            (tell!(telling, "Scarto per ciò che non si sa", "Spread by what is not known"), Kind::Number),
            (tell!(telling, "Quota della varianza", "Share of the variance"), Kind::Number),
            (tell!(telling, "Intervallo al 95\u{a0}%", "95% interval"), Kind::Number),
        ],
    );
    for metric in FIGURES {
        let found = summary.metrics.iter().position(|of| of.column.metric == metric && of.line().is_none());
        let Some(split) = found.and_then(|position| uncertain.splits[position]) else { continue };
        let spread = |variance: f64| page.amount(metric, natural(metric.unit(), variance.max(0.0).sqrt()));
        let (low, high) = split.share_interval();
        let [share, low, high] = [split.share(), low, high].map(|share| telling.numbers.percent(share, 1));
        table.row(vec![
            text(sentence(metric_name(metric, telling.language))),
            text(spread(split.luck)),
            text(spread(split.ignorance)),
            text(share),
            text(format!("{low} – {high}")),
        ]);
    }
    let keys: Vec<&str> =
        page.contents.facts.scenario.uncertainties.iter().map(|row| row.key.as_str()).collect();
    let keys = keys.join(", ");
    html! {
        h3 { (tell!(telling, "Caso e ignoranza", "Luck and ignorance")) }
        p { (told) }
        p { (tell!(
            telling,
            "Sorteggiate: {keys}. Tutte le cifre, le fasce e i quantili di questa pagina comprendono anche ciò che non si sa; gli errori sono tra gruppi. Una quota sotto lo zero è un errore di stima: vuol dire nessuna ignoranza visibile.",
            "Drawn: {keys}. All figures, bands and quantiles of this page include what is not known; errors are those between groups. A share below zero is an error of estimation: no ignorance to be seen."
        )) }
        (table.render())
    }
}
