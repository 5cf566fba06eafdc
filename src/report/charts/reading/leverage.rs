//! Under the charts of leverage and of the sources of finance.

use super::{ALL_BANDS, fan_marks};
use crate::chart::{FigureReading, StackRow};
use crate::metrics::MetricId;
use crate::report::charts::story::Story;
use crate::report::telling::{Preposition, sentence, tell};

/// Under the distribution of leverage; `base`: what it is divided by, in words.
pub(in crate::report::charts) fn leverage(story: &Story, base: &str) -> FigureReading {
    let (telling, metric) = (story.telling, MetricId::LeverageEffect);
    let paths = telling.numbers.count(story.summary.paths);
    let limits = match story.limit_markers(metric, None)[..] {
        [] => String::new(),
        _ => tell!(
            telling,
            ", quelle tratteggiate i limiti dello scenario",
            ", the dashed ones the scenario’s limits"
        ),
    };
    let see = tell!(
        telling,
        "Ogni barra: quanti dei {paths} futuri simulati, in percentuale, hanno un effetto leva di quell’intervallo. Le linee verticali segnano media e mediana{limits}.",
        "Each bar: how many of the {paths} simulated futures, in percent, have a leverage effect in that interval. The vertical lines mark mean and median{limits}."
    );
    let mean = story.mean(metric, None);
    let (ratio, hundred) = (telling.numbers.decimal(mean, 2), telling.numbers.euros(100.0 * mean, 0));
    let read = tell!(
        telling,
        "Un esempio: la media {ratio} vuol dire che ogni 100 € di {base} le imprese ricevono {hundred} di prestiti, del fondo e delle banche insieme.",
        "An example: the mean {ratio} says that for each €100 of {base} enterprises receive {hundred} of loans, from the fund and from banks together."
    );
    let decimal = |per_mille| telling.numbers.decimal(story.quantile(metric, None, per_mille), 2);
    let (low, high) = (decimal(50), decimal(950));
    let assumption = tell!(
        telling,
        "Si conta ogni prestito, come se senza il fondo non ne sarebbe stato concesso nessuno.",
        "Every loan counts, as if none of them had been made without the fund."
    );
    let means = if low == high {
        tell!(
            telling,
            "L’effetto leva è {low} in almeno 9 futuri su 10. {assumption}",
            "The leverage effect is {low} in at least 9 futures out of 10. {assumption}"
        )
    } else {
        tell!(
            telling,
            "In 9 futuri su 10 l’effetto leva sta tra {low} e {high}. {assumption}",
            "In 9 futures out of 10 the leverage effect is between {low} and {high}. {assumption}"
        )
    };
    FigureReading { see, read, means }
}

/// Under leverage over time; `half` and `most`: the quarters in which the mean reaches half and nine tenths.
pub(in crate::report::charts) fn leverage_over_time(
    story: &Story,
    means: &[f64],
    (half, most): (usize, usize),
) -> FigureReading {
    let telling = story.telling;
    let quarter = |index: usize| telling.quarter(story.plan.start.plus(index as u32));
    let marks = fan_marks(story, true, &ALL_BANDS);
    let see = tell!(
        telling,
        "Quanti euro di prestiti sono stati erogati, fino a ogni trimestre, per ogni euro messo a disposizione. {marks}",
        "How many euros of loans have been disbursed, up to each quarter, for each euro provided. {marks}"
    );
    let (at_half, value) = (quarter(half), telling.numbers.decimal(means[half], 2));
    let average = story.on_average();
    let read = tell!(
        telling,
        "Un esempio: nel {at_half} si è arrivati {average} a {value}, cioè {value} € di prestiti per ogni euro.",
        "An example: by {at_half} it has reached {value} {average}: €{value} of loans for each euro."
    );
    let first = means.iter().position(|&mean| mean > 0.0).unwrap_or(0);
    let (first, most) = (quarter(first), quarter(most));
    let last = telling.numbers.decimal(means.last().copied().unwrap_or(0.0), 2);
    let means = tell!(
        telling,
        "I prestiti partono nel {first} e nove decimi sono erogati entro il {most}; a fine periodo il valore medio è {last}.",
        "Lending starts in {first} and nine tenths are disbursed by {most}; at the horizon the mean is {last}."
    );
    FigureReading { see, read, means }
}

/// Under the sources of finance; `rows`: the stacks.
pub(in crate::report::charts) fn sources(story: &Story, rows: &[StackRow]) -> FigureReading {
    let telling = story.telling;
    let average = story.on_average();
    let see = tell!(
        telling,
        "Una barra per linea, lunga quanto gli investimenti dei progetti finanziati {average}; ogni pezzo è una fonte di denaro.",
        "One bar for each line, as long as the investment of the projects funded {average}; each piece is a source of money."
    );
    let total = |row: &StackRow| row.parts.iter().map(|part| part.value).sum::<f64>();
    let row =
        rows.iter().max_by(|a, b| total(a).total_cmp(&total(b))).expect("a chart of sources has a line");
    let part = row.parts.iter().max_by(|a, b| a.value.total_cmp(&b.value)).expect("a project has a source");
    let (label, name) = (&row.label, &part.label);
    let (value, whole) = (telling.numbers.euros_short(part.value), telling.numbers.euros_short(total(row)));
    let share = telling.phrases.readable_percent(part.value / total(row));
    let read = tell!(
        telling,
        "Un esempio ({label}): {name} {value} su {whole} di investimenti, {share}.",
        "An example ({label}): {name} {value} out of {whole} of investment, {share}."
    );
    let mean = |metric| story.mean(metric, None);
    let public = mean(MetricId::FundLoans) + mean(MetricId::Grants);
    let others = mean(MetricId::BankLoans) + mean(MetricId::OwnFunds);
    let means = if public > 0.0 {
        let each = telling.numbers.euros(others / public, 2);
        let share = sentence(&telling.the_percent(Preposition::None, public / (public + others)));
        tell!(
            telling,
            "{share} degli investimenti è denaro del fondo: per ogni euro che presta o dona, banche e imprese ne mettono {each}.",
            "{share} of the investment is money of the fund: for each euro that it lends or grants, banks and enterprises put in {each}."
        )
    } else {
        tell!(
            telling,
            "Il fondo non mette denaro nei progetti: garantisce i prestiti che le banche concedono.",
            "The fund puts no money into the projects: it guarantees the loans that banks make."
        )
    };
    FigureReading { see, read, means }
}
