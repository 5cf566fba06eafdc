//! `report.html`: one page that a council can read, print and mail. No script, no request to any network.
//!
//! The chapters, in order: the answer in sentences (`answer`); key figures with a verdict against the scenario's
//! limits (`verdict`); what can go wrong (`risk`), over time and money in and out (`chapter`, `money`, `all_figures`); the Region's books if they were kept (`region`); how sure
//! we are (`certainty`, `exact`); what was assumed (`assumptions`); rules of the measure (`rules`); the programme
//! around the fund (`programme`); method and limits (`method`); how to do it again (`reproduce`).
//!
//! Text from a scenario is data: every text is escaped by `maud` where it enters the page, control characters become
//! spaces. The only markup that is taken as it is are the charts' SVGs, drawn and escaped by [`crate::chart`]. A policy
//! in the head forbids every request, script and foreign style, whatever a browser would make of the rest
//! (`style::policy`).
//!
//! The page is the same bytes for the same results: no clock, no file names, nothing of the machine. It speaks the
//! scenario's language; a sentence that lacks one of its two languages does not compile (`tell!`).

mod all_figures;
mod answer;
mod assumptions;
mod certainty;
mod chapter;
mod dark;
mod exact;
mod figure;
mod figure_data;
mod method;
mod money;
mod programme;
mod region;
mod reproduce;
mod risk;
mod rules;
mod scenario_values;
pub mod study;
mod style;
mod table;
mod today;
pub(in crate::report) mod uncertain;
mod verdict;

pub use figure::Picture;

use super::RunFacts;
use super::charts::LeftOut;
use super::key_figures::{KeyFigures, key_figures};
use super::limits::LimitResult;
use super::spreadsheet_csv::ExtraCsv;
use super::telling::{Telling, tell};
use crate::aggregate::summary::{MetricSummary, Summary, natural};
use crate::books::RegionBooks;
use crate::metrics::MetricId;
use crate::plan::Plan;
use crate::scenario::LineNumber;
use chapter::{Chapter, chapter};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// Name of the page in a result folder.
pub const PAGE_FILE: &str = "report.html";

/// What a page is made of.
#[derive(Clone, Copy)]
pub struct Contents<'a> {
    /// What was run.
    pub facts: &'a RunFacts<'a>,
    /// The scenario as flat numbers.
    pub plan: &'a Plan,
    /// The results.
    pub summary: &'a Summary,
    /// How the scenario's limits fare.
    pub limits: &'a [LimitResult],
    /// The charts, drawn.
    pub pictures: &'a [Picture<'a>],
    /// Charts that had nothing to show.
    pub left_out: &'a [LeftOut],
    /// The Region's books, if they were kept.
    pub books: Option<&'a RegionBooks>,
    /// Whether charts are written as PNG too: part of the command that does it again.
    pub png: bool,
    /// The tables that are written once more for a spreadsheet: part of it too.
    pub csv: Option<ExtraCsv>,
}

/// A page being written.
struct Page<'a> {
    contents: Contents<'a>,
    telling: Telling,
    figures: KeyFigures,
}

impl<'a> Page<'a> {
    fn new(contents: Contents<'a>) -> Page<'a> {
        let Contents { facts, plan, summary, limits, .. } = contents;
        let telling = Telling::new(facts.scenario.identity.language);
        Page { contents, telling, figures: key_figures(facts, plan, summary, limits, "") }
    }

    /// The chapters: that of the Region's books only if they were kept, that of today's only of a running fund.
    fn chapters(&self) -> impl Iterator<Item = Chapter> {
        let kept = self.contents.books.is_some();
        let running = self.contents.plan.has_history();
        Chapter::ALL.into_iter().filter(move |chapter| match chapter {
            Chapter::Region => kept,
            Chapter::Today => running,
            _ => true,
        })
    }

    /// Whether there is any path to speak of.
    fn has_paths(&self) -> bool {
        self.contents.summary.paths > 0
    }

    fn metric(&self, metric: MetricId, line: Option<LineNumber>) -> &'a MetricSummary {
        self.contents.summary.metric(metric, line).expect("the metric is reported for this line")
    }

    /// Mean over paths, natural units.
    fn mean(&self, metric: MetricId, line: Option<LineNumber>) -> f64 {
        natural(metric.unit(), self.metric(metric, line).moments.mean())
    }

    /// Whether a figure of the whole fund is exactly 0 on every path.
    fn is_zero(&self, metric: MetricId) -> bool {
        let moments = &self.metric(metric, None).moments;
        moments.min == 0 && moments.max == 0
    }

    /// The whole fund, and its lines if there is more than one.
    fn abouts(&self) -> Vec<Option<LineNumber>> {
        let lines: Vec<Option<LineNumber>> =
            self.contents.plan.lines.iter().map(|line| Some(line.number)).collect();
        if lines.len() > 1 { [None].into_iter().chain(lines).collect() } else { vec![None] }
    }

    fn has_guarantees(&self) -> bool {
        self.contents.plan.lines.iter().any(|line| line.has_guarantees())
    }

    fn has_capped_guarantees(&self) -> bool {
        self.contents.plan.lines.iter().any(|line| line.has_guarantees() && line.guarantee.capped)
    }
}

/// The page as a complete HTML document.
pub fn report_html(contents: Contents) -> String {
    let page = Page::new(contents);
    let telling = page.telling;
    let identity = &contents.facts.scenario.identity;
    let sheet = style::style_sheet(contents.pictures.iter());
    let report = tell!(telling, "Relazione", "Report");
    let document = html! {
        (DOCTYPE)
        html lang=(identity.language.word()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(style::policy(&sheet));
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content={ "fesr " (contents.facts.version) };
                title { (identity.title) " – " (report) }
                style { (PreEscaped(&sheet)) }
            }
            body {
                a.skip href="#answer" { (tell!(telling, "Vai alla risposta", "Skip to the answer")) }
                (head(&page))
                (contents_list(&page))
                main {
                    @for which in page.chapters() {
                        section id=(which.id()) aria-labelledby={ (which.id()) "-heading" } {
                            h2 id={ (which.id()) "-heading" } { (which.heading(telling)) }
                            (chapter(&page, which))
                        }
                    }
                }
                footer { p { (source(&page)) } }
            }
        }
    };
    printable(document.into_string())
}

/// Title, description and the facts of the run.
fn head(page: &Page) -> Markup {
    let (telling, contents) = (page.telling, page.contents);
    let facts = contents.facts;
    let identity = &facts.scenario.identity;
    let horizon = telling.horizon(contents.plan.start, contents.plan.quarters);
    let (paths, seed) = (telling.phrases.paths(facts.paths), facts.scenario.simulation.seed);
    let endowment = telling.numbers.euros(contents.plan.endowment.to_f64() / 100.0, 0);
    html! {
        header {
            p.kicker { (tell!(
                telling,
                "Strumento finanziario misto: relazione sui risultati della simulazione",
                "Mixed financial instrument: report on the results of the simulation"
            )) }
            h1 { bdi { (identity.title) } }
            @if !identity.description.is_empty() { p { bdi { (identity.description) } } }
            p.facts { (tell!(
                telling,
                "Dotazione {endowment}; periodo {horizon}; {paths}, seme {seed}",
                "Endowment {endowment}; {horizon}; {paths}, seed {seed}"
            )) }
            @if facts.interrupted() {
                @let planned = telling.phrases.paths(facts.planned);
                p.notice {
                    strong { (tell!(telling, "Simulazione interrotta.", "The run was interrupted.")) } " "
                    (tell!(
                        telling,
                        "Ne erano previsti {planned}: questa pagina vale solo per {paths}.",
                        "It was to have {planned}: this page speaks of {paths} only."
                    ))
                }
            }
        }
    }
}

fn contents_list(page: &Page) -> Markup {
    let telling = page.telling;
    html! {
        nav aria-labelledby="contents-heading" {
            h2 id="contents-heading" { (tell!(telling, "In questa pagina", "On this page")) }
            ol {
                @for which in page.chapters() {
                    li { a href={ "#" (which.id()) } { (which.heading(telling)) } }
                }
            }
        }
    }
}

/// The last line: where all figures come from.
fn source(page: &Page) -> String {
    let facts = page.contents.facts;
    let scenario = facts.scenario;
    page.telling.phrases.source_line(
        &scenario.identity.title,
        facts.paths,
        scenario.simulation.seed,
        facts.version,
    )
}

/// Without characters that are no text: they end neither up on a screen nor in a well-formed document.
fn printable(document: String) -> String {
    let is_no_text =
        |letter: char| letter.is_control() && letter != '\n' || matches!(letter, '\u{fffe}' | '\u{ffff}');
    if document.contains(is_no_text) {
        document.chars().map(|letter| if is_no_text(letter) { ' ' } else { letter }).collect()
    } else {
        document
    }
}
