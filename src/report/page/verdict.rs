//! Five key figures, each with its interval and how it fares against the scenario's limits; then all limits, then all
//! headline figures.

use super::Page;
use super::figure_data::range;
use super::region;
use super::table::{Kind, Table, text};
use crate::aggregate::summary::natural;
use crate::locale::metric_name;
use crate::metrics::{MetricId as M, Unit};
use crate::report::key_figures::{KeyFigure, figure_name};
use crate::report::limits::{LimitResult, Verdict, estimate};
use crate::report::region::unjudged;
use crate::report::telling::{sentence, shown_as_percent, tell};
use crate::scenario::{LimitStatistic, LineNumber};
use crate::units::{Share, nearest_f64};
use maud::{Markup, html};
use rust_decimal::Decimal;

/// The chapter.
pub(super) fn key_figures(page: &Page) -> Markup {
    let telling = page.telling;
    if !page.has_paths() {
        return html! { p { (tell!(telling, "Nessun percorso simulato.", "No path was simulated.")) } };
    }
    html! {
        ul.cards { @for card in cards(page) { (card.render(page)) } }
        (limits(page))
        (headlines(page))
    }
}

/// Fewest paths of which "99 futures in 100" is said.
pub(super) const FEWEST_PATHS: u64 = 100;

/// A key figure on a card of its own.
struct Card {
    metric: M,
    statistic: LimitStatistic,
    name: String,
    note: String,
}

fn cards(page: &Page) -> Vec<Card> {
    let telling = page.telling;
    let mean = LimitStatistic::Mean;
    let hundredths = |level: i64| Share::new(Decimal::new(level, 2)).expect("a share");
    let worst = LimitStatistic::ExpectedShortfall(hundredths(99));
    let on_average = sentence(telling.on_average(page.contents.summary.paths));
    let euros = |metric: M| telling.numbers.euros(page.mean(metric, None), 0);
    let count = |metric: M| telling.numbers.decimal(page.mean(metric, None), 1);
    let (expected, projects, applications) = (euros(M::FundLoss), count(M::Projects), count(M::Applications));
    // With few paths the mean of the worst hundredth is not known, what 99 in 100 do not exceed perhaps is.
    let is_known = estimate(page.metric(M::FundLoss, None), worst).is_some();
    let (statistic, name) = if is_known || page.contents.summary.paths < FEWEST_PATHS {
        let name = tell!(
            telling,
            "Perdita media nell’1\u{a0}% peggiore dei futuri (ES\u{a0}99\u{a0}%)",
            "Mean loss in the worst 1% of futures (ES\u{a0}99%)"
        );
        (worst, name)
    } else {
        let name = tell!(
            telling,
            "Perdita che 99\u{a0}futuri su\u{a0}100 non superano (VaR\u{a0}99\u{a0}%)",
            "Loss that 99\u{a0}futures in\u{a0}100 do not exceed (VaR\u{a0}99%)"
        );
        (LimitStatistic::Quantile(hundredths(99)), name)
    };
    let mut cards = vec![Card {
        metric: M::FundLoss,
        statistic,
        name,
        note: tell!(telling, "Perdita attesa: {expected}", "Expected loss: {expected}"),
    }];
    if page.has_capped_guarantees() {
        let late = telling.percent(page.mean(M::ShortfallEvent, None));
        cards.push(Card {
            metric: M::CapHit,
            statistic: mean,
            name: tell!(
                telling,
                "Probabilità che il cap lasci escussioni impagate",
                "Chance that the cap leaves calls unpaid"
            ),
            note: tell!(
                telling,
                "A fine periodo; chi il cap fa solo attendere non è contato. Dovuto entro il cap e non pagato in tempo: {late}",
                "At the horizon; calls that the cap only delays are not counted. Owed within the cap and not paid in time: {late}"
            ),
        });
    } else {
        let defaults = count(M::Defaults);
        cards.push(Card {
            metric: M::DefaultRate,
            statistic: mean,
            name: metric_name(M::DefaultRate, telling.language).to_string(),
            note: tell!(
                telling,
                "{on_average} {defaults} inadempimenti su {projects} progetti",
                "{on_average} {defaults} defaults of {projects} projects"
            ),
        });
    }
    let additional = telling.numbers.decimal(page.additional_leverage(page.mean(M::LeverageEffect, None)), 3);
    let deadweight = telling.phrases.plain_percent(page.contents.facts.scenario.fund.deadweight.to_f64());
    let (closing, never) = (euros(M::ClosingResources), euros(M::NeverPaidIn));
    cards.extend([
        Card {
            metric: M::LeverageEffect,
            statistic: mean,
            name: metric_name(M::LeverageEffect, telling.language).to_string(),
            note: tell!(
                telling,
                "Effetto leva aggiuntivo: {additional} (prestiti che ci sarebbero stati comunque: {deadweight})",
                "Additional leverage: {additional} (loans that would have been made anyway: {deadweight})"
            ),
        },
        Card {
            metric: M::DemandCoverage,
            statistic: mean,
            name: metric_name(M::DemandCoverage, telling.language).to_string(),
            note: tell!(
                telling,
                "{on_average} {projects} progetti su {applications} domande",
                "{on_average} {projects} projects of {applications} applications"
            ),
        },
        Card {
            metric: M::ClosingRatio,
            statistic: mean,
            name: metric_name(M::ClosingRatio, telling.language).to_string(),
            note: tell!(
                telling,
                "{closing}, di cui {never} mai versati",
                "{closing}, of which {never} were never paid in"
            ),
        },
    ]);
    cards
}

impl Card {
    fn render(&self, page: &Page) -> Markup {
        let telling = page.telling;
        let found = estimate(page.metric(self.metric, None), self.statistic);
        let write = |value: f64| page.amount(self.metric, value);
        let about_it = page
            .contents
            .limits
            .iter()
            .filter(|result| result.limit.metric == self.metric && result.limit.line.is_none());
        let about_it: Vec<&LimitResult> = about_it.collect();
        html! {
            li.card {
                h3 { (self.name) }
                @match found {
                    Some((value, low, high)) => {
                        p.value { (write(value)) }
                        p.interval { (interval(page, self.metric, low, high)) }
                    }
                    None => {
                        p.value { "–" }
                        p.interval { (sentence(telling.words.too_few_paths)) }
                    }
                }
                p.note { (self.note) }
                @if about_it.is_empty() {
                    p { span.verdict.none { (tell!(telling, "Nessun limite posto", "No limit set")) } }
                }
                @for result in about_it {
                    p { (badge(page, result.verdict)) " " (bound(page, result)) }
                    @if result.limit.statistic != self.statistic {
                        @let statistic = telling.statistic(result.limit.statistic, self.metric);
                        @let value = result.value.map_or_else(|| telling.words.too_few_paths.to_string(), write);
                        p.note { (tell!(telling, "limite su {statistic}: {value}", "limit on {statistic}: {value}")) }
                    }
                }
            }
        }
    }
}

/// "95% interval: a – b".
fn interval(page: &Page, metric: M, low: Option<f64>, high: Option<f64>) -> String {
    let telling = page.telling;
    if (low, high) == (None, None) {
        return tell!(telling, "Intervallo al 95\u{a0}%: non noto", "95% interval: not known");
    }
    let bounds = bounds(page, metric, low, high);
    tell!(telling, "Intervallo al 95\u{a0}%: {bounds}", "95% interval: {bounds}")
}

/// Both ends of an interval; of an amount that cannot be negative not below 0.
fn bounds(page: &Page, metric: M, low: Option<f64>, high: Option<f64>) -> String {
    let never_negative = page.metric(metric, None).moments.min >= 0;
    let write = |bound: Option<f64>| match bound {
        Some(value) => page.amount(metric, if never_negative { value.max(0.0) } else { value }),
        None => tell!(page.telling, "n.d.", "n/a"),
    };
    range(write(low), write(high))
}

/// A verdict as a shape and a word.
pub(super) fn badge(page: &Page, verdict: Verdict) -> Markup {
    let words = page.telling.words;
    let (class, shape, word) = match verdict {
        Verdict::Kept => ("verdict kept", "✔", words.kept),
        Verdict::Broken => ("verdict broken", "✘", words.broken),
        Verdict::NotSettled => ("verdict unsettled", "?", words.not_settled),
    };
    html! { span class=(class) { span aria-hidden="true" { (shape) "\u{a0}" } (word) } }
}

/// What the limit allows: "≤ 5%".
fn bound(page: &Page, result: &LimitResult) -> String {
    let telling = page.telling;
    let metric = result.limit.metric;
    let write = |bound: Decimal| {
        let value = nearest_f64(bound);
        match metric.unit() {
            Unit::Euro => telling.numbers.euros(value, usize::from(value.fract() != 0.0) * 2),
            Unit::Count => telling.shortest(value),
            Unit::Ratio if !shown_as_percent(metric) => telling.shortest(value),
            Unit::Ratio | Unit::Probability => {
                format!("{}{}", telling.shortest(value * 100.0), telling.numbers.percent_sign())
            }
        }
    };
    match (result.limit.min, result.limit.max) {
        (Some(min), Some(max)) => range(write(min), write(max)),
        (Some(min), None) => format!("≥\u{a0}{}", write(min)),
        (None, Some(max)) => format!("≤\u{a0}{}", write(max)),
        (None, None) => "–".to_string(),
    }
}

fn limits(page: &Page) -> Markup {
    let telling = page.telling;
    let of_books = region::promise_rows(page);
    let unjudged = match page.contents.books {
        Some(_) => None,
        None => unjudged(page.contents.facts.scenario, telling),
    };
    if page.contents.limits.is_empty() && of_books.is_empty() {
        return html! {
            p { (tell!(
                telling,
                "Lo scenario non pone limiti ([[limit]]): nessuna di queste cifre è giudicata.",
                "The scenario sets no limits ([[limit]]): none of these figures is judged."
            )) }
            @if let Some(told) = unjudged { p { (told) } }
        };
    }
    let mut table = Table::new(
        tell!(telling, "Limiti posti dallo scenario", "Limits set by the scenario"),
        vec![
            (tell!(telling, "Grandezza", "Figure"), Kind::Words),
            (tell!(telling, "Limite", "Limit"), Kind::Number),
            (sentence(telling.words.value), Kind::Number),
            (tell!(telling, "Intervallo al 95\u{a0}%", "95% interval"), Kind::Number),
            (tell!(telling, "Verdetto", "Verdict"), Kind::Words),
        ],
    );
    for result in page.contents.limits {
        let limit = &result.limit;
        let mut name = metric_name(limit.metric, telling.language).to_string();
        name += &limit.line.map_or(String::new(), |line| format!(", {}", telling.line(line)));
        name += &format!(", {}", telling.statistic(limit.statistic, limit.metric));
        let (value, interval) = match result.value {
            None => (telling.words.too_few_paths.to_string(), "–".to_string()),
            Some(value) => {
                let write = |bound: Option<f64>| {
                    bound.map_or_else(
                        || tell!(telling, "n.d.", "n/a"),
                        |bound| page.amount(limit.metric, bound),
                    )
                };
                (page.amount(limit.metric, value), range(write(result.low), write(result.high)))
            }
        };
        table.row(vec![
            text(name),
            text(bound(page, result)),
            text(value),
            text(interval),
            badge(page, result.verdict),
        ]);
    }
    of_books.into_iter().for_each(|row| table.row(row));
    html! {
        (table.render())
        @if let Some(told) = unjudged { p { (told) } }
        p.small { (tell!(
            telling,
            "Un limite è rispettato, o non rispettato, se lo dice l’intero intervallo al 95\u{a0}%; se l’intervallo lo attraversa non è deciso, e servono più percorsi.",
            "A limit is kept, or broken, if the whole 95% interval says so; if the interval lies across it, it is not settled, and more paths are needed."
        )) }
    }
}

/// All headline figures, as the terminal shows them.
fn headlines(page: &Page) -> Markup {
    let telling = page.telling;
    let mut table = Table::new(
        tell!(
            telling,
            "Tutte le cifre principali, per l’intero fondo",
            "All headline figures, of the whole fund"
        ),
        vec![
            (tell!(telling, "Grandezza", "Figure"), Kind::Words),
            (sentence(telling.words.value), Kind::Number),
            (tell!(telling, "Intervallo al 95\u{a0}%", "95% interval"), Kind::Number),
        ],
    );
    for figure in &page.figures.figures {
        let KeyFigure { metric, statistic, value, low, high, .. } = *figure;
        let (value, interval) = match value {
            None => (telling.words.too_few_paths.to_string(), "–".to_string()),
            Some(value) if (low, high) == (None, None) => (page.amount(metric, value), "–".to_string()),
            Some(value) => (page.amount(metric, value), bounds(page, metric, low, high)),
        };
        table.row(vec![text(figure_name(telling, metric, statistic)), text(value), text(interval)]);
    }
    table.render()
}

impl Page<'_> {
    /// A figure in natural units as tables show it.
    pub(super) fn amount(&self, metric: M, value: f64) -> String {
        self.telling.figure(metric.unit(), shown_as_percent(metric), value)
    }

    /// The part of a leverage that would not be there without the fund: `leverage x (1 - deadweight)`. Loans that would
    /// have been made anyway are taken out of fund and bank loans alike.
    pub(super) fn additional_leverage(&self, leverage: f64) -> f64 {
        leverage * (1.0 - self.contents.facts.scenario.fund.deadweight.to_f64())
    }

    /// Mean of a figure as tables show it; "–" where it is not reported.
    pub(super) fn mean_text(&self, metric: M, line: Option<LineNumber>) -> String {
        match self.contents.summary.metric(metric, line) {
            Some(found) => self.amount(metric, natural(metric.unit(), found.moments.mean())),
            None => "–".to_string(),
        }
    }
}
