//! What stands under a figure for somebody who has never seen such a chart: what you see, how to read it with one value
//! of this very chart, and what it means for this fund.
//!
//! Plain words, one or two sentences each. What is said follows from the numbers, as titles do; a value that is read
//! aloud is one that the chart shows.

mod coverage;
mod default_risk;
mod fund;
mod leverage;
mod tail;

pub(super) use coverage::{cap_utilisation, demand_met, guarantee_reserve};
pub(super) use default_risk::{default_rate, loss_distribution, losses};
pub(super) use fund::{cash, endowment};
pub(super) use leverage::{leverage, leverage_over_time, sources};
pub(super) use tail::tail;

use super::story::Story;
use crate::report::telling::{Preposition, tell};
use crate::scenario::Language;

/// The bands that a fan may show.
const ALL_BANDS: [f64; 3] = [0.5, 0.8, 0.95];

/// What lines and bands of a fan are: "The solid line is the median ...".
pub(super) fn fan_marks(story: &Story, with_mean: bool, wanted: &[f64]) -> String {
    let telling = story.telling;
    if story.summary.paths == 1 {
        return tell!(
            telling,
            "La linea è l’unico futuro simulato.",
            "The line is the only future simulated."
        );
    }
    let lines = if with_mean {
        tell!(
            telling,
            "La linea continua è la mediana (metà dei futuri sta sopra, metà sotto), quella tratteggiata la media",
            "The solid line is the median (half of the futures above, half below), the dashed one the mean"
        )
    } else {
        tell!(
            telling,
            "La linea è la mediana: metà dei futuri sta sopra, metà sotto",
            "The line is the median: half of the futures above, half below"
        )
    };
    let shares: Vec<String> = story
        .drawn_bands(wanted)
        .map(|(share, ..)| telling.the_chosen_percent(Preposition::None, share))
        .collect();
    match shares.split_last() {
        None => format!("{lines}."),
        Some((only, [])) => tell!(
            telling,
            "{lines}; la fascia contiene {only} dei futuri.",
            "{lines}; the band holds {only} of the futures."
        ),
        Some((last, others)) => {
            let others = others.join(", ");
            tell!(
                telling,
                "{lines}; le fasce, dalla più scura alla più chiara, contengono {others} e {last} dei futuri.",
                "{lines}; the bands, from dark to light, hold {others} and {last} of the futures."
            )
        }
    }
}

/// What the thin line across a bar is; nothing for a single path.
fn whiskers(story: &Story) -> String {
    match (story.telling.language, story.summary.paths) {
        (_, 1) => String::new(),
        (Language::Italian, _) => {
            " La linea sottile attraverso la barra dice quanto è precisa la media: intervallo di confidenza al 95\u{a0}%."
                .to_string()
        }
        (Language::English, _) => {
            " The thin line across the bar says how precise the mean is: its 95% confidence interval.".to_string()
        }
    }
}
