//! Under the charts of the fund's own money.

use super::{ALL_BANDS, fan_marks};
use crate::chart::{FigureReading, StackPart};
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
        "Sopra il denaro in cassa alla fine di ogni trimestre, sotto la parte non ancora promessa a progetti e garanzie. {marks}",
        "Above the cash at the end of each quarter, below the part that is not yet promised to projects and guarantees. {marks}"
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

/// Under where each euro of the endowment ends; `uses`: the parts of the lower stack, `endowment` in euros; `correction`: by how
/// many euros the given opening balances of a running fund exceed what history derives.
pub(in crate::report::charts) fn endowment(
    story: &Story,
    uses: &[StackPart],
    endowment: f64,
    correction: f64,
) -> FigureReading {
    let telling = story.telling;
    let average = story.on_average();
    let see = tell!(
        telling,
        "Due barre della stessa lunghezza: da dove viene il denaro del fondo e dove è finito a fine periodo, {average}. Le percentuali sono quote della barra intera, dotazione e proventi insieme.",
        "Two bars of the same length: where the fund’s money comes from and where it has ended at the horizon, {average}. Percentages are parts of the whole bar, endowment and earnings together."
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
    let means = in_cents(story, uses, endowment, correction);
    FigureReading { see, read, means }
}

/// Where 100 cents of the endowment, and what the fund earned on them, end: the parts add up to the tenth.
fn in_cents(story: &Story, uses: &[StackPart], endowment: f64, correction: f64) -> String {
    let telling = story.telling;
    let amounts: Vec<f64> = uses.iter().map(|part| part.value / endowment).collect();
    let tenths = tenths_of_cents(&amounts);
    let cents = |tenths: i64| telling.shortest(tenths as f64 / 10.0);
    let named = uses.iter().zip(&tenths).filter(|(_, tenths)| **tenths != 0);
    let parts: Vec<String> =
        named.map(|(part, tenths)| format!("{} {}", part.label, cents(*tenths))).collect();
    let parts = parts.join(", ");
    let earned = tenths.iter().sum::<i64>() - 1_000;
    let (earned, all) = (cents(earned), cents(1_000 + earned));
    if earned == "0" {
        return tell!(
            telling,
            "Di ogni euro della dotazione, in centesimi: {parts}. In tutto 100.",
            "Of each euro of the endowment, in cents: {parts}. In all 100."
        );
    }
    if correction > 0.0 {
        return tell!(
            telling,
            "A ogni euro della dotazione si aggiungono {earned} centesimi: interessi, commissioni e ciò di cui i saldi di apertura dati superano la storia. Dei {all} centesimi: {parts}.",
            "To each euro of the endowment come another {earned} cents: interest, fees, and what the opening balances given exceed history by. Of the {all} cents: {parts}."
        );
    }
    tell!(
        telling,
        "Per ogni euro della dotazione il fondo incassa altri {earned} centesimi di interessi e commissioni. Dei {all} centesimi: {parts}.",
        "For each euro of the endowment the fund earns another {earned} cents of interest and fees. Of the {all} cents: {parts}."
    )
}

/// Parts of an euro in tenths of a cent that add up to the rounded whole: the largest remainders are rounded up (the
/// method of Hamilton).
fn tenths_of_cents(parts: &[f64]) -> Vec<i64> {
    let whole = (1_000.0 * parts.iter().sum::<f64>()).round() as i64;
    let mut tenths: Vec<i64> = parts.iter().map(|part| (1_000.0 * part).floor() as i64).collect();
    let missing = (whole - tenths.iter().sum::<i64>()).max(0) as usize;
    let mut order: Vec<usize> = (0..parts.len()).collect();
    let remainder = |position: usize| 1_000.0 * parts[position] - (1_000.0 * parts[position]).floor();
    order.sort_by(|&a, &b| remainder(b).total_cmp(&remainder(a)));
    order.iter().take(missing).for_each(|&position| tenths[position] += 1);
    tenths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_an_euro_add_up() {
        assert_eq!(tenths_of_cents(&[0.25, 0.75]), [250, 750]);
        assert_eq!(tenths_of_cents(&[1.0 / 3.0; 3]), [334, 333, 333]);
        assert_eq!(tenths_of_cents(&[0.049_25, 0.058_74, 0.034_26, 0.884_06]).iter().sum::<i64>(), 1_026);
        assert_eq!(tenths_of_cents(&[]), [0_i64; 0]);
    }
}
