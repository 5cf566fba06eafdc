//! A figure of the page: the chart, three lines on how to read it, its numbers folded below.

use super::Page;
use super::figure_data::data_tables;
use crate::chart::FigureReading;
use crate::report::charts::LeftOut;
use crate::report::telling::{Telling, tell};
use maud::{Markup, PreEscaped, html};

/// A chart that is already drawn.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// The chart.
    pub chart: &'a crate::chart::Chart,
    /// Its SVG ([`crate::chart::to_svg`]).
    pub svg: &'a str,
}

/// A chart with all that belongs to it.
pub(super) fn figure(telling: Telling, picture: &Picture) -> Markup {
    let chart = picture.chart;
    let name = &chart.name;
    let tables = data_tables(chart, telling);
    html! {
        figure.picture id={ "figure-" (name) } {
            h3 { (chart.text.title) }
            // On narrow screens these stand in for the picture's own title, which would scroll out of sight.
            p.measure { (chart.whole_subtitle()) }
            p.hint aria-hidden="true" { (tell!(telling, "La figura scorre di lato ⟷", "The figure scrolls sideways ⟷")) }
            div.chart tabindex="0" role="group" aria-label=(chart.text.title) { (PreEscaped(picture.svg)) }
            figcaption {
                (reading(telling, &chart.text.reading))
                details {
                    summary { (tell!(telling, "I numeri della figura", "The numbers of this figure")) }
                    @for table in tables.iter().filter(|table| !table.is_empty()) { (table.render()) }
                    p.small { (tell!(
                        telling,
                        "Tutti i numeri, senza arrotondamenti: charts/{name}.csv",
                        "All numbers, not rounded: charts/{name}.csv"
                    )) }
                }
            }
        }
    }
}

/// What you see, how to read it, what it means here; what is not said is left out.
fn reading(telling: Telling, reading: &FigureReading) -> Markup {
    let lines = [
        (tell!(telling, "Che cosa si vede", "What you see"), &reading.see),
        (tell!(telling, "Come si legge", "How to read it"), &reading.read),
        (tell!(telling, "Che cosa vuol dire qui", "What it means here"), &reading.means),
    ];
    html! {
        @if lines.iter().any(|(_, text)| !text.is_empty()) {
            dl.reading {
                @for (name, text) in lines.iter().filter(|(_, text)| !text.is_empty()) {
                    dt { (name) }
                    dd { (text) }
                }
            }
        }
    }
}

/// A chart that was not drawn, and why.
pub(super) fn left_out(page: &Page, chart: &LeftOut) -> Markup {
    let telling = page.telling;
    let heading = tell!(telling, "Figura non disegnata", "Figure not drawn");
    html! {
        p.small id={ "figure-" (chart.name) } { (heading) " (" (chart.name) "): " (chart.reason) "." }
    }
}
