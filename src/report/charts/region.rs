//! The Region's books: how fast the money is used, and where the public cost comes from.

use super::story::{Story, Words, level_position};
use crate::aggregate::figures::RATIO_ONE;
use crate::books::RegionBooks;
use crate::books::absorption::Measure;
use crate::books::subsidy::Part;
use crate::books::summary::Spread;
use crate::chart::{
    AxisFormat, Band, Bar, BarGroup, Chart, Fan, FanPanel, FanSeries, Figure, FigureReading, GroupedBars,
    Hue, Layout, Threshold,
};
use crate::report::charts::reading::fan_marks;
use crate::report::region::words::{measure_name, part_name};
use crate::report::telling::{sentence, tell};
use crate::units::Quarter;

/// The bands of the chart of absorption.
const ABSORPTION_BANDS: [f64; 2] = [0.5, 0.95];
/// Most milestones that are drawn as lines; more would hide the bands.
const MOST_LINES: usize = 3;

/// Paid in, committed, disbursed over time, against the milestones.
pub(super) fn absorption(story: &Story, books: &RegionBooks) -> Result<Chart, String> {
    story.needs_a_path()?;
    let telling = story.telling;
    let panels = books.absorption.iter().map(|(measure, points)| {
        let milestones = match measure {
            Measure::Disbursed => thresholds(story, books),
            Measure::PaidIn | Measure::Committed => Vec::new(),
        };
        FanPanel {
            title: measure_name(*measure, telling),
            format: AxisFormat::Percent,
            range: None,
            series: vec![fan_series(story, points, hue_of(*measure))],
            thresholds: milestones,
        }
    });
    let figure = Fan {
        first_quarter: story.plan.start,
        now: story.now(),
        layout: Layout::Columns,
        panels: panels.collect(),
    };
    let open = story.plan.open_quarters.min(story.plan.quarters) as usize - 1;
    let mean_at = |measure: Measure, quarter: usize| -> f64 {
        let series = books.absorption.iter().find(|(other, _)| *other == measure);
        series.map_or(0.0, |(_, points)| points[quarter].moments.mean() / RATIO_ONE as f64)
    };
    let disbursed = telling.percent(mean_at(Measure::Disbursed, open));
    let end: Quarter = story.plan.start.plus(open as u32);
    let end = telling.quarter(end);
    let average = story.on_average();
    let title = match books.milestones.first() {
        Some(first) => {
            let quarter = telling.quarter(story.plan.start.plus(first.milestone.quarter));
            let futures = telling.futures(first.probability, books.paths);
            tell!(
                telling,
                "Il traguardo del {quarter} è mancato in {futures}; {average} a fine disponibilità ({end}) è erogato {disbursed} della dotazione",
                "The milestone of {quarter} is missed in {futures}; {average} {disbursed} of the endowment is disbursed when availability ends ({end})"
            )
        }
        None => tell!(
            telling,
            "A fine disponibilità ({end}) {average} è erogato {disbursed} della dotazione",
            "When availability ends ({end}) {average} {disbursed} of the endowment is disbursed"
        ),
    };
    let [paid_in, committed] =
        [Measure::PaidIn, Measure::Committed].map(|measure| telling.percent(mean_at(measure, open)));
    let horizon = story.horizon();
    let marks = fan_marks(story, true, &ABSORPTION_BANDS);
    let words = Words {
        title,
        subtitle: tell!(
            telling,
            "Versato, impegnato ed erogato a fine trimestre, in percentuale della dotazione, {horizon}",
            "Paid in, committed and disbursed at the end of each quarter, share of the endowment, {horizon}"
        ),
        numbers: tell!(
            telling,
            "A fine disponibilità {average}: versato {paid_in}, impegnato {committed}, erogato {disbursed}.",
            "When availability ends, {average}: paid in {paid_in}, committed {committed}, disbursed {disbursed}."
        ),
        reading: FigureReading {
            see: tell!(
                telling,
                "Da sinistra: il denaro versato dalla Regione al fondo, quello impegnato verso i progetti approvati, quello erogato (prestiti, contributi e accantonamenti per garanzie). {marks}",
                "From the left: money paid to the fund by the Region, money committed to approved projects, money disbursed (loans, grants and reserves set aside for guarantees). {marks}"
            ),
            read: tell!(
                telling,
                "Un esempio: nel {end} è {average} versato {paid_in}, impegnato {committed} ed erogato {disbursed} della dotazione.",
                "An example: in {end} {paid_in} of the endowment is paid in {average}, {committed} committed and {disbursed} disbursed."
            ),
            means: milestones_meaning(story, books),
        },
    };
    Ok(story.chart("absorption", words, Figure::Fan(figure)))
}

fn milestones_meaning(story: &Story, books: &RegionBooks) -> String {
    let telling = story.telling;
    let worst = books.milestones.iter().max_by(|one, other| one.probability.total_cmp(&other.probability));
    match worst {
        None => tell!(
            telling,
            "Lo scenario non fissa traguardi di spesa ([[milestone]]).",
            "The scenario sets no milestones of spending ([[milestone]])."
        ),
        Some(worst) => {
            let quarter = telling.quarter(story.plan.start.plus(worst.milestone.quarter));
            let futures = telling.futures(worst.probability, books.paths);
            tell!(
                telling,
                "Le linee tratteggiate sono i traguardi dello scenario: ciascuna arriva alla tacca del trimestre entro cui va raggiunta. Il più difficile è quello del {quarter}, mancato in {futures}.",
                "The dashed lines are the milestones of the scenario: each runs to the tick of the quarter by which it must be reached. The hardest is that of {quarter}, missed in {futures}."
            )
        }
    }
}

fn thresholds(story: &Story, books: &RegionBooks) -> Vec<Threshold> {
    let telling = story.telling;
    let line = |figure: &crate::books::summary::MilestoneFigure| {
        let quarter = story.plan.start.plus(figure.milestone.quarter);
        // The room beside a panel is narrow.
        let (number, year) = (quarter.number(), quarter.year());
        Threshold {
            label: tell!(telling, "entro il {number}° trim. {year}", "by Q{number} {year}"),
            value: figure.milestone.min_disbursed.to_f64() / story.plan.endowment.to_f64(),
            until: Some(figure.milestone.quarter as usize),
        }
    };
    books.milestones.iter().take(MOST_LINES).map(line).collect()
}

fn hue_of(measure: Measure) -> Hue {
    match measure {
        Measure::PaidIn => Hue::Grey,
        Measure::Committed => Hue::Sky,
        Measure::Disbursed => Hue::Orange,
    }
}

fn fan_series(story: &Story, points: &[Spread], hue: Hue) -> FanSeries {
    let share = |carried: f64| carried / RATIO_ONE as f64;
    let level = |per_mille: u32| -> Vec<Option<f64>> {
        let position = level_position(per_mille);
        let value =
            |point: &Spread| point.quantiles.get(position).map(|quantile| share(quantile.value as f64));
        points.iter().map(value).collect()
    };
    let bands = story.drawn_bands(&ABSORPTION_BANDS);
    let words = story.telling.words;
    let only = story.summary.paths == 1;
    FanSeries {
        label: if only { words.value } else { words.median }.to_string(),
        hue,
        bands: bands
            .map(|(share, low, high)| Band { share, lower: level(low), upper: level(high) })
            .collect(),
        median: level(500),
        mean: (!only).then(|| points.iter().map(|point| Some(share(point.moments.mean()))).collect()),
        samples: Vec::new(),
    }
}

/// The parts of the public cost: means, and the range of nine futures in ten.
pub(super) fn subsidy_cost(story: &Story, books: &RegionBooks) -> Result<Chart, String> {
    story.needs_a_path()?;
    let telling = story.telling;
    let euros = |amount: f64| telling.numbers.euros_short(amount);
    let bar = |label: String, hue: Hue, spread: &Spread| {
        let quantile = |level: u32| spread.quantile(level).map(|quantile| quantile.value as f64 / 100.0);
        Bar {
            label,
            hue,
            value: Some(spread.moments.mean() / 100.0),
            interval: quantile(50).zip(quantile(950)).filter(|_| books.paths > 1),
            reference: None,
        }
    };
    let parts = books.subsidy.iter().filter(|(_, spread)| spread.moments.min != 0 || spread.moments.max != 0);
    let parts: Vec<Bar> =
        parts.map(|(part, spread)| bar(part_name(*part, telling), hue_of_part(*part), spread)).collect();
    let total = bar(
        tell!(telling, "Costo pubblico attualizzato", "Public cost in present value"),
        Hue::Grey,
        &books.subsidy_cost,
    );
    let cost = books.subsidy_cost.moments.mean() / 100.0;
    let endowment = story.plan.endowment.to_f64() / 100.0;
    let largest = books
        .subsidy
        .iter()
        .max_by(|(_, one), (_, other)| one.moments.mean().total_cmp(&other.moments.mean()))
        .filter(|(_, spread)| spread.moments.mean() > 0.0);
    let (whole, share, average) =
        (euros(cost), telling.percent(cost / endowment), sentence(story.on_average()));
    let title = match largest {
        Some((part, spread)) => {
            let (name, amount) =
                (part_name(*part, telling).to_lowercase(), euros(spread.moments.mean() / 100.0));
            tell!(
                telling,
                "{average} il fondo costa {whole} al pubblico, {share} della dotazione; la voce maggiore: {name} ({amount})",
                "{average} the fund costs the public {whole}, {share} of the endowment; the largest part: {name} ({amount})"
            )
        }
        None => tell!(
            telling,
            "{average} il fondo costa {whole} al pubblico, {share} della dotazione",
            "{average} the fund costs the public {whole}, {share} of the endowment"
        ),
    };
    let rate = telling.phrases.plain_percent(story.facts.scenario.fund.discount_rate.to_f64());
    let horizon = story.horizon();
    let figure = GroupedBars {
        axis_label: tell!(
            telling,
            "barra: media; trattino: nove futuri su dieci",
            "bar: mean; whisker: nine futures in ten"
        ),
        format: AxisFormat::Euro,
        groups: vec![
            BarGroup { title: tell!(telling, "Voci", "Parts"), bars: parts },
            BarGroup { title: tell!(telling, "Somma", "Sum"), bars: vec![total] },
        ],
        threshold: None,
    };
    let words = Words {
        title,
        subtitle: tell!(
            telling,
            "Costo per il pubblico in valore attuale al tasso {rate} l’anno, in euro, {horizon}",
            "Cost to the public in present value at {rate} a year, in euros, {horizon}"
        ),
        numbers: tell!(telling, "Costo medio {whole}.", "Mean cost {whole}."),
        reading: FigureReading {
            see: tell!(
                telling,
                "Una barra per ogni voce del costo pubblico; sotto, la loro somma. A sinistra dello zero stanno gli incassi.",
                "A bar for each part of the public cost; below, their sum. Receipts stand left of zero."
            ),
            read: tell!(
                telling,
                "Su ogni futuro simulato le voci sommano al costo, al centesimo: {whole} in media.",
                "In every simulated future the parts add up to the cost, to the cent: {whole} on average."
            ),
            means: tell!(
                telling,
                "Ciò che si perde con gli inadempimenti e ciò che si dona non tornano; il tempo del denaro prestato e della liquidità in attesa costa solo se il tasso di sconto è maggiore di 0 (qui {rate}).",
                "What defaults lose and what is granted does not come back; the time of money lent and of cash that waits costs only if the discount rate is above 0 (here {rate})."
            ),
        },
    };
    Ok(story.chart("subsidy-cost", words, Figure::GroupedBars(figure)))
}

fn hue_of_part(part: Part) -> Hue {
    match part {
        Part::Defaults => Hue::Vermilion,
        Part::Lending | Part::Outstanding => Hue::Orange,
        Part::Grants => Hue::Green,
        Part::Fees => Hue::Purple,
        Part::Income => Hue::Blue,
        Part::IdleCash => Hue::Sky,
    }
}
