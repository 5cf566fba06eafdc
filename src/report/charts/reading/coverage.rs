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

/// Under the guarantee reserve of a line. `peak`: when its mean exposure is largest; `median` and `below`: the median
/// ratio then and the share of futures below the threshold, in words, if there is a ratio to show.
pub(in crate::report::charts) fn guarantee_reserve(
    story: &Story,
    line: &LinePlan,
    peak: usize,
    median: Option<f64>,
    below: Option<&str>,
) -> FigureReading {
    let telling = story.telling;
    let marks = fan_marks(story, false, &ALL_BANDS);
    let see = tell!(
        telling,
        "Sopra, in euro: quanto il fondo garantisce (linea continua) e quanto ha accantonato per pagare (a tratti). Sotto: il rapporto fra i due, con la soglia tratteggiata. {marks}",
        "Above, in euros: what the fund guarantees (solid) and what it has set aside to pay (long dashes). Below: the ratio of the two, with its dashed threshold. {marks}"
    );
    let (quarter, average) = (telling.quarter(story.plan.start.plus(peak as u32)), story.on_average());
    let read = match median {
        None => tell!(
            telling,
            "Un esempio: nel {quarter} l’importo garantito raggiunge {average} il suo massimo.",
            "An example: in {quarter} the guaranteed amount is at its highest {average}."
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
                "Un esempio: nel {quarter}, quando si garantisce di più, il rapporto{median} è {share}: {hundred} accantonati ogni 100 € garantiti.",
                "An example: in {quarter}, when most is guaranteed, the{median} ratio is {share}: {hundred} set aside for each €100 guaranteed."
            )
        }
    };
    let about = Some(line.number);
    let unpaid = story.mean(MetricId::ShortfallEvent, about);
    let paid = if unpaid > 0.0 {
        let futures = telling.futures(unpaid);
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
        let (chance, futures) = (telling.percent(point.chance), telling.futures(point.chance));
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
        let futures = telling.futures(hit);
        tell!(
            telling,
            "Oltre il cap paga la banca: accade in {futures}.",
            "Beyond the cap the bank pays: it happens in {futures}."
        )
    } else {
        tell!(
            telling,
            "Oltre il cap pagherebbe la banca: non accade in nessun futuro simulato.",
            "Beyond the cap the bank would pay: it happens in no simulated future."
        )
    };
    let means = if at_95 >= 1.0 {
        tell!(
            telling,
            "In almeno 5 futuri su 100 le garanzie consumano tutto il cap. {beyond}",
            "In at least 5 futures in 100 guarantees use up all of the cap. {beyond}"
        )
    } else {
        tell!(
            telling,
            "In 95 futuri su 100 le garanzie non costano più {unlucky} del cap. {beyond}",
            "In 95 futures out of 100 guarantees cost no more than {unlucky} of the cap. {beyond}"
        )
    };
    FigureReading { see, read, means }
}
