//! Under the charts of the fund's own money.

use super::{ALL_BANDS, fan_marks};
use crate::chart::{FigureReading, StackPart};
use crate::metrics::MetricId;
use crate::report::charts::story::Story;
use crate::report::telling::tell;

/// Under the cash of the fund: means of cash and of its free part, and the quarter in which cash is lowest.
pub(in crate::report::charts) fn cash(
    story: &Story,
    means: &[f64],
    idle: &[f64],
    lowest: usize,
) -> FigureReading {
    let telling = story.telling;
    let euros = |amount: f64| telling.numbers.euros_short(amount);
    let marks = fan_marks(story, true, &ALL_BANDS);
    let see = tell!(
        telling,
        "A sinistra il denaro in cassa alla fine di ogni trimestre, a destra la parte non ancora promessa a progetti e garanzie. {marks}",
        "On the left the cash at the end of each quarter, on the right the part that is not yet promised to projects and guarantees. {marks}"
    );
    let quarter = telling.quarter(story.plan.start.plus(lowest as u32));
    let average = story.on_average();
    let (low, free) = (euros(means[lowest]), euros(idle[lowest].abs()));
    let read = if idle[lowest] < 0.0 {
        tell!(
            telling,
            "Un esempio: nel {quarter} in cassa ci sono {average} {low}, {free} meno di quanto è già promesso.",
            "An example: in {quarter} there is {low} of cash {average}, {free} less than what is already promised."
        )
    } else if low == free {
        tell!(
            telling,
            "Un esempio: nel {quarter} in cassa ci sono {average} {low}, tutti liberi.",
            "An example: in {quarter} there is {low} of cash {average}, all of it free."
        )
    } else {
        tell!(
            telling,
            "Un esempio: nel {quarter} in cassa ci sono {average} {low}, di cui {free} liberi.",
            "An example: in {quarter} there is {low} of cash {average}, of which {free} is free."
        )
    };
    let end = euros(means.last().copied().unwrap_or(0.0));
    let means = if story.plan.revolving {
        tell!(
            telling,
            "Il fondo è rotativo: i rientri tornano a finanziare progetti finché è aperto; a fine periodo restano {average} {end}.",
            "The fund revolves: what comes back funds projects again while it is open; {end} is left at the horizon {average}."
        )
    } else {
        tell!(
            telling,
            "Il fondo non è rotativo: i rientri non tornano in prestito e si accumulano in cassa, {end} {average} a fine periodo.",
            "The fund does not revolve: what comes back is not lent again and piles up in cash, {end} at the horizon {average}."
        )
    };
    FigureReading { see, read, means }
}

/// Under where each euro of the endowment ends; `uses`: the parts of the lower stack, `endowment` in euros.
pub(in crate::report::charts) fn endowment(
    story: &Story,
    uses: &[StackPart],
    endowment: f64,
) -> FigureReading {
    let telling = story.telling;
    let average = story.on_average();
    let see = tell!(
        telling,
        "Due barre della stessa lunghezza: da dove viene il denaro del fondo e dove è finito a fine periodo, {average}.",
        "Two bars of the same length: where the fund’s money comes from and where it has ended at the horizon, {average}."
    );
    let total: f64 = uses.iter().map(|part| part.value).sum();
    let largest = uses.iter().max_by(|a, b| a.value.total_cmp(&b.value)).expect("the stack has parts");
    let name = &largest.label;
    let (value, whole) = (telling.numbers.euros_short(largest.value), telling.numbers.euros_short(total));
    let share = telling.phrases.readable_percent(largest.value / total);
    let read = tell!(
        telling,
        "Un esempio: il pezzo «{name}» vale {value}, {share} dei {whole} in tutto.",
        "An example: the piece “{name}” stands for {value}, {share} of {whole} in all."
    );
    let mean = |metric| story.mean(metric, None);
    let back = story.mean(MetricId::ClosingResources, None);
    let parts = [
        (mean(MetricId::FundLoss), tell!(telling, "vanno persi", "lost")),
        (mean(MetricId::FeesPaid), tell!(telling, "in gestione", "management")),
        (
            mean(MetricId::GrantsPaid) - mean(MetricId::GrantsRecovered),
            tell!(telling, "in contributi", "grants"),
        ),
        (mean(MetricId::OutstandingAtHorizon), tell!(telling, "ancora in prestito", "still on loan")),
    ];
    // In cents with one decimal: what is rounded away is left out.
    let cents = |amount: f64| telling.shortest(((1_000.0 * amount / endowment).round() + 0.0) / 10.0);
    let parts = parts.iter().map(|(amount, name)| (cents(*amount), name)).filter(|(cents, _)| cents != "0");
    let parts: String = parts.map(|(cents, name)| format!(", {name} {cents}")).collect();
    let back = cents(back);
    let means = tell!(
        telling,
        "Di ogni euro della dotazione, in centesimi: alla Regione tornano o restano {back}{parts}.",
        "Of each euro of the endowment, in cents: back to or kept by the Region {back}{parts}."
    );
    FigureReading { see, read, means }
}
