//! Under the charts of demand met and of guarantees.

use super::{ALL_BANDS, fan_marks, whiskers};
use crate::chart::{AxisFormat, ExceedancePoint, FigureReading};
use crate::metrics::MetricId;
use crate::plan::LinePlan;
use crate::report::charts::story::Story;
use crate::report::telling::{Preposition, sentence, tell};

/// Under the demand met.
pub(in crate::report::charts) fn demand_met(story: &Story) -> FigureReading {
    let telling = story.telling;
    let average = story.on_average();
    let see = tell!(
        telling,
        "Ogni barra è la parte degli investimenti richiesti che il fondo riesce a sostenere {average}, per linea e per tema.",
        "Each bar is the part of the investment applied for that the fund manages to support {average}, by line and by theme."
    ) + &whiskers(story);
    let whole = story.mean(MetricId::DemandCoverage, None);
    let share = AxisFormat::Percent.value(whole, telling.numbers);
    let hundred = telling.numbers.euros(100.0 * whole, 0);
    let read = tell!(
        telling,
        "Un esempio: la prima barra segna {share}, cioè di 100 € richiesti il fondo ne sostiene {average} {hundred}.",
        "An example: the first bar stands at {share}: of €100 applied for the fund supports {hundred} {average}."
    );
    let count = |metric| {
        let mean = story.mean(metric, None);
        telling.numbers.decimal(mean, if mean.fract() == 0.0 { 0 } else { 1 })
    };
    let (applications, projects) = (count(MetricId::Applications), count(MetricId::Projects));
    let (budget, ineligible) = (count(MetricId::RejectedBudget), count(MetricId::RejectedIneligible));
    let withdrawn = count(MetricId::Withdrawals);
    let average = sentence(average);
    let means = tell!(
        telling,
        "{average}: domande {applications}, progetti finanziati {projects}, respinte per fondi esauriti {budget}, non ammissibili {ineligible}, rinunce {withdrawn}.",
        "{average}: applications {applications}, projects funded {projects}, rejected for lack of budget {budget}, ineligible {ineligible}, withdrawn {withdrawn}."
    );
    FigureReading { see, read, means }
}

/// Under the guarantee budget of a line. `peak`: the quarter in which the line drawn for its exposure is highest, and the
/// median ratio then, if there is one; `below`: the share of futures below the threshold, in words.
pub(in crate::report::charts) fn guarantee_reserve(
    story: &Story,
    line: &LinePlan,
    (peak, median): (usize, Option<f64>),
    below: Option<&str>,
) -> FigureReading {
    let telling = story.telling;
    let marks = fan_marks(story, false, &ALL_BANDS);
    let see = tell!(
        telling,
        "Sopra, in euro: quanto il fondo garantisce (linea continua) e quanto la linea ha per pagare, cioè la sua dotazione per garanzie con le commissioni incassate, meno quanto ha già pagato (a tratti). Sotto: il rapporto fra i due, con la soglia tratteggiata. {marks}",
        "Above, in euros: what the fund guarantees (solid) and what the line has to pay with: its guarantee budget with the fees earned, less what it has paid so far (long dashes). Below: the ratio of the two, with its dashed threshold. {marks}"
    );
    let quarter = telling.quarter(story.plan.start.plus(peak as u32));
    let read = match median {
        None => tell!(
            telling,
            "Un esempio: nel {quarter} la linea dell’importo garantito è al suo massimo.",
            "An example: in {quarter} the line of the guaranteed amount is at its highest."
        ),
        Some(ratio) => {
            let median = match story.summary.paths {
                1 => String::new(),
                _ => tell!(telling, " mediano", " median"),
            };
            let (share, hundred) = (
                telling.percent(ratio),
                telling.numbers.euros(100.0 * ratio, if ratio < 0.1 { 2 } else { 0 }),
            );
            tell!(
                telling,
                "Un esempio: nel {quarter}, quando la linea continua è al suo massimo, il rapporto{median} è {share}: {hundred} di dotazione ogni 100 € garantiti.",
                "An example: in {quarter}, when the solid line is highest, the{median} ratio is {share}: {hundred} of budget for each €100 guaranteed."
            )
        }
    };
    let about = Some(line.number);
    let unpaid = story.mean(MetricId::ShortfallEvent, about);
    let paid = if unpaid > 0.0 {
        let futures = story.futures(unpaid);
        tell!(
            telling,
            "Una garanzia dovuta non è pagata in tempo in {futures}.",
            "A guarantee that is due is not paid in time in {futures}."
        )
    } else {
        tell!(
            telling,
            "In nessun futuro simulato una garanzia dovuta resta non pagata.",
            "In no simulated future is a guarantee that is due left unpaid."
        )
    };
    let means = match below {
        Some(below) => tell!(telling, "Il rapporto è {below}. {paid}", "The ratio is {below}. {paid}"),
        None => paid,
    };
    FigureReading { see, read, means }
}

/// Under the use of the cap of a line; `points`: the curve.
pub(in crate::report::charts) fn cap_utilisation(
    story: &Story,
    line: &LinePlan,
    points: &[ExceedancePoint],
) -> FigureReading {
    let telling = story.telling;
    let about = Some(line.number);
    let see = tell!(
        telling,
        "La curva dice quanto è probabile che le garanzie costino almeno una certa quota del cap, cioè del massimo che il fondo paga (scala logaritmica); la fascia è la sua confidenza al 95 %.",
        "The curve says how likely guarantees are to cost at least a given share of the cap, the most that the fund pays (log scale); the band is its 95% confidence."
    );
    // The point nearest to a chance of one in ten from above: neither certain nor lost in the tail.
    let example = points.iter().rfind(|point| point.chance >= 0.1 && point.value > 0.0).or(points.first());
    let read = example.map_or(String::new(), |point| {
        let share = AxisFormat::Percent.exact(point.value, telling.numbers);
        let (chance, futures) = (telling.percent(point.chance), story.futures(point.chance));
        tell!(
            telling,
            "Un esempio: sopra {share} la curva segna {chance}: in {futures} le garanzie costano almeno quella quota del cap.",
            "An example: above {share} the curve stands at {chance}: in {futures} guarantees cost at least that share of the cap."
        )
    });
    let at_95 = story.quantile(MetricId::CapUtilisation, about, 950);
    let unlucky = story.labelled_percent(Preposition::Di, at_95);
    let hit = story.mean(MetricId::CapHit, about);
    let beyond = if hit > 0.0 {
        let futures = story.futures(hit);
        tell!(
            telling,
            "In {futures} escussioni oltre il cap restano impagate alla fine, e la perdita alla banca. Quelle che il cap fa solo attendere, finché i recuperi riaprono spazio, non sono contate qui: la banca le riceve più tardi.",
            "In {futures} calls beyond the cap are still unpaid at the end, and the bank bears the loss. Calls that the cap only delays, until recoveries make room again, are not counted here: the bank is paid later."
        )
    } else {
        tell!(
            telling,
            "Alla fine il cap non lascia escussioni impagate in nessun futuro simulato. Può però farne attendere qualcuna, finché i recuperi riaprono spazio: queste attese non sono contate qui.",
            "At the end the cap leaves no call unpaid in any simulated future. It may still delay some, until recoveries make room again: such delays are not counted here."
        )
    };
    let most = telling.futures_of_level(950, story.summary.paths);
    let means = if at_95 >= 1.0 {
        tell!(
            telling,
            "In almeno un futuro su 20 le garanzie consumano tutto il cap. {beyond}",
            "In at least one future in 20 guarantees use up all of the cap. {beyond}"
        )
    } else {
        tell!(
            telling,
            "In {most} le garanzie non costano più {unlucky} del cap. {beyond}",
            "In {most} guarantees cost no more than {unlucky} of the cap. {beyond}"
        )
    };
    FigureReading { see, read, means }
}
