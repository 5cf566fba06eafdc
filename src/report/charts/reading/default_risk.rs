//! Under the charts of losses and defaults.

use super::{ALL_BANDS, fan_marks, whiskers};
use crate::chart::{AxisFormat, FigureReading};
use crate::metrics::MetricId;
use crate::report::charts::story::Story;
use crate::report::telling::{Preposition, sentence, tell};
use crate::scenario::LineNumber;

/// Under the distribution of the fund loss. `at_risk`: the VaR 99 %, if its interval is inside the sample.
pub(in crate::report::charts) fn loss_distribution(
    story: &Story,
    expected: f64,
    at_risk: Option<f64>,
    shortfall: Option<f64>,
) -> FigureReading {
    let telling = story.telling;
    let euros = |amount: f64| telling.numbers.euros_short(amount);
    let paths = telling.numbers.count(story.summary.paths);
    let endowment = story.plan.endowment.to_f64() / 100.0;
    let see = tell!(
        telling,
        "Sopra: quanti dei {paths} futuri simulati, in percentuale, perdono un importo di ciascun intervallo. Sotto: la probabilità di perdere più di ciascun importo (scala logaritmica), con la fascia di confidenza al 95 %.",
        "Above: how many of the {paths} simulated futures, in percent, lose an amount in each interval. Below: the chance of losing more than each amount (log scale), with its 95% confidence band."
    );
    let mean = euros(expected);
    let mut read = match at_risk {
        None => tell!(
            telling,
            "Un esempio: la linea «Perdita attesa» sta a {mean}, la media di tutti i futuri simulati.",
            "An example: the line “Expected loss” stands at {mean}, the mean of all simulated futures."
        ),
        Some(value) if value <= 0.0 => tell!(
            telling,
            "Un esempio: la linea «VaR 99 %» sta a 0 €, perché almeno 99 futuri su 100 non perdono nulla.",
            "An example: the line “VaR 99%” stands at €0, because at least 99 futures in 100 lose nothing."
        ),
        Some(value) => {
            let value = euros(value);
            tell!(
                telling,
                "Un esempio: la linea «VaR 99 %» sta a {value}, cioè al massimo 1 futuro su 100 perde di più.",
                "An example: the line “VaR 99%” stands at {value}: at most 1 future in 100 loses more."
            )
        }
    };
    if let Some(value) = shortfall {
        let value = euros(value);
        read += &tell!(
            telling,
            " Nell’1 % peggiore dei futuri si perdono in media {value} (ES 99 %).",
            " In the worst 1% of futures the average loss is {value} (ES 99%)."
        );
    }
    let worst = story.largest(MetricId::FundLoss, None);
    let share = telling.the_percent(Preposition::None, expected / endowment);
    let worst_share = telling.the_percent(Preposition::A, worst / endowment);
    let (worst, endowment) = (euros(worst), euros(endowment));
    let means = tell!(
        telling,
        "In media va perso {share} della dotazione di {endowment}; nel peggiore dei futuri simulati si perdono {worst}, pari {worst_share}.",
        "On average {share} of the endowment of {endowment} is lost; in the worst simulated future {worst}, which is {worst_share} of it."
    );
    FigureReading { see, read, means }
}

/// Under the losses by instrument and line.
pub(in crate::report::charts) fn losses(story: &Story) -> FigureReading {
    let telling = story.telling;
    let average = story.on_average();
    let see = tell!(
        telling,
        "Una barra per ogni linea che usa lo strumento: quanto vi perde il fondo {average}, al netto di ciò che recupera.",
        "One bar for each line that uses the instrument: what the fund loses on it {average}, net of what it recovers."
    ) + &whiskers(story);
    let (metric, line, value) = largest_loss(story);
    let amount = telling.numbers.euros_short(value);
    let number = line.word();
    let name = match metric {
        MetricId::LoanLoss => {
            tell!(telling, "prestiti del fondo nella linea {number}", "loans of the fund in line {number}")
        }
        _ => tell!(telling, "garanzie nella linea {number}", "guarantees in line {number}"),
    };
    let read = match story.mean_interval(metric, Some(line)) {
        Some((low, high)) if low < high => {
            let (low, high) = (telling.numbers.euros_short(low.max(0.0)), telling.numbers.euros_short(high));
            tell!(
                telling,
                "Un esempio: {name}, perdita media {amount}; simulando molti più futuri starebbe, con una confidenza del 95 %, tra {low} e {high}.",
                "An example: {name}, mean loss {amount}; with many more simulated futures it would lie, with a confidence of 95%, between {low} and {high}."
            )
        }
        _ => tell!(telling, "Un esempio: {name}, perdita {amount}.", "An example: {name}, loss {amount}."),
    };
    let whole = story.mean(MetricId::FundLoss, None);
    let loss = story.expected_loss();
    let total = telling.numbers.euros_short(whole);
    let means = if value >= whole {
        tell!(
            telling,
            "Tutta la {loss} di {total} viene da lì.",
            "All of the {loss} of {total} comes from there."
        )
    } else {
        let share = sentence(&telling.the_percent(Preposition::None, value / whole));
        let by = |metric| telling.numbers.euros_short(story.mean(metric, None));
        let (loans, guarantees) = (by(MetricId::LoanLoss), by(MetricId::GuaranteeLoss));
        let both =
            [MetricId::LoanLoss, MetricId::GuaranteeLoss].iter().all(|&metric| !story.is_zero(metric, None));
        let rest = if both {
            tell!(
                telling,
                " In tutto i prestiti del fondo ne fanno {loans}, le garanzie {guarantees}.",
                " In all, loans of the fund make {loans} of it, guarantees {guarantees}."
            )
        } else {
            String::new()
        };
        tell!(
            telling,
            "{share} della {loss} di {total} viene da lì.{rest}",
            "{share} of the {loss} of {total} comes from there.{rest}"
        )
    };
    FigureReading { see, read, means }
}

/// The instrument and line with the largest mean loss.
fn largest_loss(story: &Story) -> (MetricId, LineNumber, f64) {
    let parts = [MetricId::LoanLoss, MetricId::GuaranteeLoss].into_iter().flat_map(|metric| {
        story.lines().map(move |line| (metric, line.number, story.mean(metric, Some(line.number))))
    });
    parts.max_by(|a, b| a.2.total_cmp(&b.2)).expect("a scenario has a line")
}

/// Under the default rates over time; `funded`: the lines that have a panel.
pub(in crate::report::charts) fn default_rate(story: &Story, funded: &[LineNumber]) -> FigureReading {
    let telling = story.telling;
    let marks = fan_marks(story, true, &ALL_BANDS);
    let what = tell!(
        telling,
        "Trimestre dopo trimestre, quanti dei progetti finanziati fin lì non hanno restituito il dovuto",
        "Quarter by quarter, how many of the projects funded so far have failed to repay"
    );
    let see = if funded.len() > 1 {
        tell!(telling, "{what}; un riquadro per linea. {marks}", "{what}; one panel for each line. {marks}")
    } else {
        format!("{what}. {marks}")
    };
    let line = *funded.last().expect("a chart of default rates has a line");
    let number = line.word();
    let (quarter, middle) = (
        telling.quarter(story.plan.start.plus(story.plan.quarters.max(1) - 1)),
        AxisFormat::Percent.value(story.quantile(MetricId::DefaultRate, Some(line), 500), telling.numbers),
    );
    let read = if story.summary.paths == 1 {
        tell!(
            telling,
            "Un esempio: nella linea {number} la curva arriva, nel {quarter}, a {middle}.",
            "An example: in line {number} the curve reaches {middle} in {quarter}."
        )
    } else {
        tell!(
            telling,
            "Un esempio: nella linea {number}, nel {quarter}, la mediana segna {middle}: in metà dei futuri la quota di inadempienti non è più alta.",
            "An example: in line {number}, in {quarter}, the median stands at {middle}: in half of the futures the share in default is no higher."
        )
    };
    let average = sentence(story.on_average());
    let count = |metric| {
        let mean = story.mean(metric, None);
        telling.numbers.decimal(mean, if mean.fract() == 0.0 { 0 } else { 1 })
    };
    let (projects, defaults) = (count(MetricId::Projects), count(MetricId::Defaults));
    let mut means = tell!(
        telling,
        "{average}, su {projects} progetti finanziati, {defaults} risultano inadempienti.",
        "{average} {defaults} of {projects} projects funded default."
    );
    if story.summary.paths > 1 {
        let high = telling.the_percent(Preposition::None, story.quantile(MetricId::DefaultRate, None, 950));
        let most = telling.futures_of_level(950, story.summary.paths);
        means += &tell!(
            telling,
            " In {most} gli inadempienti non superano {high} dei progetti di tutte le linee.",
            " In {most} no more than {high} of the projects of all lines default."
        );
    }
    FigureReading { see, read, means }
}
