//! The chapters of the page, and which chart stands in which.

use super::figure::{figure, left_out};
use super::{
    Page, answer, assumptions, certainty, method, money, programme, region, reproduce, risk, rules, today,
    verdict,
};
use crate::report::telling::{Telling, tell};
use maud::{Markup, html};

/// A chapter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Chapter {
    Answer,
    Today,
    KeyFigures,
    Risk,
    OverTime,
    Money,
    Region,
    Certainty,
    Assumptions,
    Rules,
    Programme,
    Method,
    Reproduce,
}

impl Chapter {
    /// All, in the order of the page.
    pub const ALL: [Chapter; 13] = [
        Chapter::Answer,
        Chapter::Today,
        Chapter::KeyFigures,
        Chapter::Risk,
        Chapter::OverTime,
        Chapter::Money,
        Chapter::Region,
        Chapter::Certainty,
        Chapter::Assumptions,
        Chapter::Rules,
        Chapter::Programme,
        Chapter::Method,
        Chapter::Reproduce,
    ];

    /// Its id, the same in every language. Charts have ids of their own: `NAME-title`, `NAME-desc`.
    pub fn id(self) -> &'static str {
        match self {
            Chapter::Answer => "answer",
            Chapter::Today => "today",
            Chapter::KeyFigures => "key-figures",
            Chapter::Risk => "what-can-go-wrong",
            Chapter::OverTime => "over-time",
            Chapter::Money => "money",
            Chapter::Region => "region",
            Chapter::Certainty => "how-sure",
            Chapter::Assumptions => "assumptions",
            Chapter::Rules => "rules",
            Chapter::Programme => "programme",
            Chapter::Method => "method",
            Chapter::Reproduce => "reproduce",
        }
    }

    /// Its heading.
    pub fn heading(self, telling: Telling) -> String {
        match self {
            Chapter::Answer => tell!(telling, "La risposta", "The answer"),
            Chapter::Today => tell!(telling, "I libri di oggi", "Today’s books"),
            Chapter::KeyFigures => tell!(telling, "Cinque cifre e i limiti", "Five figures and the limits"),
            Chapter::Risk => tell!(telling, "Che cosa può andare storto", "What can go wrong"),
            Chapter::OverTime => tell!(telling, "Nel tempo", "Over time"),
            Chapter::Money => tell!(telling, "Denaro in entrata e in uscita", "Money in and out"),
            Chapter::Region => tell!(telling, "I libri della Regione", "The Region’s books"),
            Chapter::Certainty => tell!(telling, "Quanto siamo sicuri", "How sure we are"),
            Chapter::Assumptions => tell!(telling, "Ipotesi e loro fonti", "Assumptions and their sources"),
            Chapter::Rules => tell!(telling, "Regole della misura", "Rules of the measure"),
            Chapter::Programme => {
                tell!(telling, "Il programma intorno al fondo", "The programme around the fund")
            }
            Chapter::Method => tell!(telling, "Metodo e limiti", "Method and limits"),
            Chapter::Reproduce => tell!(telling, "Come rifare il calcolo", "How to reproduce it"),
        }
    }

    /// The chapter in which a chart stands, by its name.
    fn of_chart(name: &str) -> Chapter {
        const OVER_TIME: [&str; 4] = ["default-rate", "leverage-over-time", "guarantee-reserve", "cash"];
        const MONEY: [&str; 4] = ["sources", "leverage", "demand-met", "endowment"];
        const REGION: [&str; 2] = ["absorption", "subsidy-cost"];
        // Charts of a line end with its number.
        let name = name.strip_suffix("-1").or_else(|| name.strip_suffix("-2")).unwrap_or(name);
        if REGION.contains(&name) {
            Chapter::Region
        } else if OVER_TIME.contains(&name) {
            Chapter::OverTime
        } else if MONEY.contains(&name) {
            Chapter::Money
        } else {
            Chapter::Risk
        }
    }
}

/// What stands under the heading of a chapter.
pub(super) fn chapter(page: &Page, which: Chapter) -> Markup {
    match which {
        Chapter::Answer => answer::answer(page),
        Chapter::Today => today::todays_books(page),
        Chapter::KeyFigures => verdict::key_figures(page),
        Chapter::Risk => html! { (charts(page, which)) (risk::tables(page)) },
        Chapter::OverTime => charts(page, which),
        Chapter::Money => html! { (charts(page, which)) (money::tables(page)) },
        Chapter::Region => html! { (charts(page, which)) (region::tables(page)) },
        Chapter::Certainty => certainty::certainty(page),
        Chapter::Assumptions => assumptions::assumptions(page),
        Chapter::Rules => rules::rules(page),
        Chapter::Programme => programme::programme(page),
        Chapter::Method => method::method(page),
        Chapter::Reproduce => reproduce::reproduce(page),
    }
}

/// The charts of a chapter, and those of it that had nothing to show.
fn charts(page: &Page, which: Chapter) -> Markup {
    let pictures =
        page.contents.pictures.iter().filter(|picture| Chapter::of_chart(&picture.chart.name) == which);
    let missing = page.contents.left_out.iter().filter(|chart| Chapter::of_chart(&chart.name) == which);
    html! {
        @for picture in pictures { (figure(page.telling, picture)) }
        @for chart in missing { (left_out(page, chart)) }
    }
}
