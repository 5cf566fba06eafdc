//! How precise the headline figures are, for people and for programs: of a run that went on until they are
//! ([`crate::aggregate::precision`]).

use super::key_figures::figure_name;
use super::limits::statistic_word;
use super::number_text::{fixed, natural};
use super::telling::{Telling, tell};
use crate::aggregate::precision::{
    CHANCE_HALF_WIDTH, Ending, Headline, HeadlineEstimate, Look, PrecisionOutcome,
};
use crate::scenario::Language;
use crate::units::{Precision, nearest_f64};
use serde::Serialize;
use serde_json::value::RawValue;

/// A number with the decimals that it is meant to have.
type Number = Box<RawValue>;

fn number(text: String) -> Number {
    RawValue::from_string(text).expect("fixed decimals are a JSON number")
}

/// `precision` of `summary.json` and of the key figures.
#[derive(Serialize)]
pub(super) struct PrecisionPart {
    /// Half-width of the 95 % intervals relative to the figure.
    target: Number,
    /// Half-width that is good enough for `cap_hit`, absolute.
    cap_hit_target: Number,
    reached: bool,
    ending: &'static str,
    most_paths: u64,
    figures: Vec<FigurePart>,
}

#[derive(Serialize)]
struct FigurePart {
    metric: &'static str,
    line: &'static str,
    statistic: String,
    unit: &'static str,
    value: Option<Number>,
    half_width: Option<Number>,
    /// Null for `cap_hit`, whose target is absolute, and where the figure is 0 and its half-width is not.
    relative_half_width: Option<Number>,
    within: bool,
    /// One value on all paths.
    constant: bool,
}

impl PrecisionPart {
    /// Of a run's outcome.
    pub fn of(outcome: &PrecisionOutcome) -> PrecisionPart {
        let target = outcome.look.target;
        PrecisionPart {
            target: number(target.decimal().normalize().to_string()),
            cap_hit_target: number(fixed(CHANCE_HALF_WIDTH, 3)),
            reached: outcome.ending == Ending::Reached,
            ending: outcome.ending.word(),
            most_paths: outcome.most_paths,
            figures: outcome.look.estimates.iter().map(|estimate| FigurePart::of(estimate, target)).collect(),
        }
    }
}

impl FigurePart {
    fn of(estimate: &HeadlineEstimate, target: Precision) -> FigurePart {
        let metric = estimate.headline.metric();
        let amount = |value: f64| number(natural(metric.unit(), value));
        let is_relative = estimate.headline != Headline::CapHit;
        FigurePart {
            metric: metric.id(),
            line: "all",
            statistic: statistic_word(estimate.headline.statistic()),
            unit: metric.unit().word(),
            value: estimate.value.map(amount),
            half_width: estimate.half_width.map(amount),
            relative_half_width: estimate
                .relative()
                .filter(|_| is_relative)
                .map(|relative| number(fixed(relative, 9))),
            within: estimate.is_within(target),
            constant: estimate.constant,
        }
    }
}

/// The name of a headline figure for readers.
pub(super) fn headline_name(telling: Telling, headline: Headline) -> String {
    figure_name(telling, headline.metric(), headline.statistic())
}

/// "±0.8%", of a chance "±0.3 points"; "n/a" where it is not known.
pub(super) fn half_width_text(telling: Telling, estimate: &HeadlineEstimate) -> String {
    match estimate.relative() {
        None => tell!(telling, "n.d.", "n/a"),
        Some(half_width) if estimate.headline == Headline::CapHit => points_text(telling, half_width, 2),
        Some(relative) => format!("±{}", telling.percent(relative)),
    }
}

/// "±0.5 points".
fn points_text(telling: Telling, half_width: f64, decimals: usize) -> String {
    let points = telling.numbers.decimal(half_width * 100.0, decimals);
    tell!(telling, "±{points}\u{a0}punti", "±{points}\u{a0}points")
}

/// The wanted precision: "±1%".
pub(super) fn target_text(telling: Telling, target: Precision) -> String {
    let hundredfold = telling.shortest(nearest_f64(target.decimal()) * 100.0);
    format!("±{hundredfold}{}", telling.numbers.percent_sign())
}

/// One line of progress: how far the widest interval is from the target.
pub fn look_text(language: Language, look: &Look) -> String {
    let telling = Telling::new(language);
    let (paths, target) = (telling.numbers.count(look.paths), target_text(telling, look.target));
    let widest = look.widest();
    let (name, half_width) = (headline_name(telling, widest.headline), half_width_text(telling, widest));
    match look.is_within() {
        true => tell!(
            telling,
            "{paths} percorsi: tutto entro {target} (più incerto: {name} {half_width})",
            "{paths} paths: all within {target} (widest: {name} {half_width})"
        ),
        false => {
            let target = match widest.headline {
                Headline::CapHit => points_text(telling, CHANCE_HALF_WIDTH, 1),
                _ => target,
            };
            tell!(
                telling,
                "{paths} percorsi: {name} {half_width}, l’intervallo più largo; obiettivo {target}",
                "{paths} paths: {name} {half_width}, the widest interval; target {target}"
            )
        }
    }
}

/// Whether the target was reached, in a sentence.
pub(super) fn verdict_text(telling: Telling, outcome: &PrecisionOutcome, paths: u64) -> String {
    let target = target_text(telling, outcome.look.target);
    let (paths, most) = (telling.numbers.count(paths), telling.numbers.count(outcome.most_paths));
    match outcome.ending {
        Ending::Reached => tell!(
            telling,
            "{target} raggiunta con {paths} percorsi: due volte di seguito ogni intervallo al 95\u{a0}% è entro l’obiettivo.",
            "{target} reached with {paths} paths: twice running every 95% interval is within the target."
        ),
        Ending::MostPaths if outcome.look.is_within() => tell!(
            telling,
            "{target} raggiunta una volta sola, al massimo di {most} percorsi, dove la simulazione si ferma.",
            "{target} reached only once, at the most paths ({most}), where the run stops."
        ),
        Ending::MostPaths => tell!(
            telling,
            "{target} NON raggiunta: la simulazione si è fermata al massimo di {most} percorsi.",
            "{target} NOT reached: the run stopped at the most paths ({most})."
        ),
        Ending::Interrupted => tell!(
            telling,
            "{target} NON raggiunta: la simulazione è stata interrotta.",
            "{target} NOT reached: the run was interrupted."
        ),
    }
}
