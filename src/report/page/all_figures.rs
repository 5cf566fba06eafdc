//! Every figure of the run in one table, folded: mean with its error, spread and quantiles.

use super::Page;
use super::table::{Kind, Table, text};
use crate::aggregate::summary::{MetricSummary, natural};
use crate::locale::metric_name;
use crate::metrics::Unit;
use crate::report::telling::{sentence, tell};
use maud::{Markup, html};

/// Levels that are shown, in thousandths.
const LEVELS: [u32; 4] = [50, 500, 950, 990];

/// The table.
pub(super) fn all_figures(page: &Page) -> Markup {
    let telling = page.telling;
    let mut heads = vec![
        (tell!(telling, "Grandezza", "Figure"), Kind::Words),
        (sentence(telling.words.line), Kind::Words),
        (sentence(telling.words.mean), Kind::Number),
        (sentence(telling.words.standard_error), Kind::Number),
        (sentence(telling.words.standard_deviation), Kind::Number),
    ];
    heads.extend(
        LEVELS.map(|level| (telling.phrases.plain_percent(f64::from(level) / 1_000.0), Kind::Number)),
    );
    let mut table = Table::new(
        tell!(telling, "Tutte le cifre: media, errore e quantili", "All figures: mean, error and quantiles"),
        heads,
    );
    for found in &page.contents.summary.metrics {
        table.row(row(page, found));
    }
    html! {
        details {
            summary { (tell!(telling, "Tutte le cifre della simulazione", "All figures of the run")) }
            (table.render())
            p.small { (tell!(
                telling,
                "Altri quantili, minimi, massimi ed ES: summary.csv",
                "More quantiles, minima, maxima and ES: summary.csv"
            )) }
        }
    }
}

fn row(page: &Page, found: &MetricSummary) -> Vec<Markup> {
    let metric = found.column.metric;
    let write = |carried: f64| page.amount(metric, natural(metric.unit(), carried));
    let known = found.moments.count > 1;
    let error = |carried: f64| if known { write(carried) } else { "–".to_string() };
    let line = match found.line() {
        None => page.telling.words.all_lines.to_string(),
        Some(line) => page.telling.line(line),
    };
    let mut cells = vec![
        text(metric_name(metric, page.telling.language)),
        text(line),
        text(write(found.moments.mean())),
        text(error(found.moments.standard_error())),
        text(error(found.moments.standard_deviation())),
    ];
    cells.extend(LEVELS.map(|level| match found.quantile(level) {
        // Of an event that happens or not a quantile says nothing.
        Some(quantile) if metric.unit() != Unit::Probability => text(write(quantile.value as f64)),
        Some(_) | None => text("–"),
    }));
    cells
}
