//! Coverage of guarantees: what is set aside against what is promised, and how much of the cap is used.

use super::reading;
use super::story::{Story, Words, level_position};
use crate::aggregate::QUANTILE_PER_MILLE;
use crate::aggregate::summary::{TimelinePoint, natural};
use crate::aggregate::timeline::SeriesId;
use crate::chart::{
    AxisFormat, Chart, Exceedance, ExceedancePoint, Fan, FanPanel, Figure, Hue, Layout, Marker, MarkerKind,
    Threshold, ValueAxis,
};
use crate::metrics::{MetricId, Unit};
use crate::numeric::beta::clopper_pearson;
use crate::plan::LinePlan;
use crate::report::telling::{Preposition, sentence, tell};

/// From how many paths on the title speaks of shares of futures.
const PATHS_FOR_SHARES: u64 = 1_000;

/// The guarantee envelope of a line against its guaranteed exposure, and their ratio with its threshold.
pub(super) fn reserve(story: &Story, slot: usize) -> Result<Chart, String> {
    story.needs_a_path()?;
    let line = &story.plan.lines[slot];
    let (telling, about) = (story.telling, Some(line.number));
    if story.is_zero(MetricId::Guarantees, about) {
        return Err(no_guarantee_issued(story, line));
    }
    let exposure = story.series(SeriesId::OutstandingGuaranteed, about);
    let envelope = story.series(SeriesId::GuaranteeReserve, about);
    let ratio = story.series(SeriesId::ReserveRatio, about);
    // As the exposure builds up and runs out the ratio comes from and goes to infinity: what is told of it is about
    // the quarters in which a good part of the guarantees is outstanding, on most of the paths that have any.
    let exposures = story.means_over_time(exposure);
    let peak = highest(&exposures);
    let most = ratio.points.iter().map(|point| point.moments.count).max().unwrap_or(0);
    let matters = |quarter: usize, point: &TimelinePoint| {
        4.0 * exposures[quarter] >= exposures[peak]
            && 2 * point.moments.count >= most
            && point.moments.count > 0
    };
    let threshold = line.guarantee.reserve_rate;

    let words = telling.words;
    // Nothing is told of the years after the last guarantee.
    let widest = level_position(975);
    let outstanding =
        |point: &TimelinePoint| point.quantiles.get(widest).is_some_and(|quantile| quantile.0 > 0);
    let end = exposure.points.iter().rposition(outstanding).map_or(exposure.points.len(), |last| last + 2);
    let money = |series, label: &str, hue| {
        Story::first_quarters(story.fan_series(series, label, hue, &[0.8], |_, _| true), end)
    };
    // Words about when most is guaranteed are about the line that is drawn: the median, where it is not 0 throughout.
    let medians = story.medians_over_time(exposure);
    let drawn = if medians.iter().any(|&median| median > 0.0) { &medians } else { &exposures };
    let drawn_peak = highest(drawn);
    let mut amounts = vec![
        money(exposure, words.guaranteed_exposure, Hue::Blue),
        money(envelope, words.guarantee_reserve, Hue::Grey),
    ];
    for series in &mut amounts {
        // Two sets of bands in one panel leave no room for single paths.
        series.mean = None;
        series.samples.clear();
    }
    let shown = story.fan_series(ratio, words.median, Hue::Grey, &[0.5, 0.8, 0.95], matters);
    let mut shown = Story::first_quarters(shown, end);
    shown.mean = None;

    // The panel holds the median and the threshold; the upper ends of the bands may leave it.
    let largest = shown.median.iter().flatten().fold(2.0 * threshold, |largest, value| largest.max(*value));
    let panel = |title: String, format, range, series, thresholds| FanPanel {
        title,
        format,
        range,
        series,
        thresholds,
    };
    let lowest = Lowest::of(&ratio.points, &matters, threshold);
    let below = lowest.as_ref().filter(|_| story.summary.paths >= PATHS_FOR_SHARES);
    let below = below.map(|lowest| lowest.share_below(story, threshold));
    let ratio_heading = match &below {
        Some(below) => format!("{}: {below}", words.reserve_ratio),
        None => words.reserve_ratio.to_string(),
    };
    let figure = Fan {
        first_quarter: story.plan.start,
        now: story.now(),
        layout: Layout::Rows,
        panels: vec![
            panel(
                tell!(
                    telling,
                    "Esposizione garantita e dotazione per garanzie, in euro",
                    "Guaranteed exposure and guarantee budget, in euros"
                ),
                AxisFormat::Euro,
                None,
                amounts,
                Vec::new(),
            ),
            panel(
                ratio_heading,
                AxisFormat::Percent,
                Some((0.0, 1.1 * largest)),
                vec![shown],
                vec![Threshold { label: rate_name(story, line), value: threshold, until: None }],
            ),
        ],
    };
    let words =
        reserve_words(story, line, lowest.as_ref(), (drawn_peak, exposures[drawn_peak]), below.as_deref());
    let name = format!("guarantee-reserve-{}", line.number.word());
    Ok(story.chart(&name, words, Figure::Fan(figure)))
}

/// Where a line over time is highest, the first time.
fn highest(values: &[f64]) -> usize {
    let first = |best: usize, next: usize| if values[next] > values[best] { next } else { best };
    (0..values.len()).reduce(first).unwrap_or(0)
}

fn no_guarantee_issued(story: &Story, line: &LinePlan) -> String {
    let line = line.number.word();
    tell!(
        story.telling,
        "Linea {line}: in nessun futuro simulato viene rilasciata una garanzia",
        "Line {line}: no guarantee is issued in any simulated future"
    )
}

fn rate_name(story: &Story, line: &LinePlan) -> String {
    match line.guarantee.capped {
        true => tell!(story.telling, "tasso di cap", "cap rate"),
        false => tell!(story.telling, "tasso di accantonamento", "provision rate"),
    }
}

/// The quarter in which most paths are below the threshold, as far as the quantiles tell.
struct Lowest {
    quarter: usize,
    /// At least this share of the paths is below (0 if none of the quantiles is), in thousandths.
    at_least: u32,
    /// Fewer than this share of the paths is below, if a quantile reaches the threshold.
    below: Option<u32>,
}

impl Lowest {
    fn of(
        points: &[TimelinePoint],
        matters: &impl Fn(usize, &TimelinePoint) -> bool,
        threshold: f64,
    ) -> Option<Lowest> {
        let mut lowest: Option<Lowest> = None;
        for (quarter, point) in points.iter().enumerate().filter(|(quarter, point)| matters(*quarter, point))
        {
            let reaches = |position: usize| {
                point
                    .quantiles
                    .get(position)
                    .is_some_and(|value| natural(Unit::Ratio, value.0 as f64) >= threshold)
            };
            let first = (0..QUANTILE_PER_MILLE.len()).find(|&position| reaches(position));
            let at_least = match first {
                Some(0) => 0,
                Some(position) => QUANTILE_PER_MILLE[position - 1],
                None => QUANTILE_PER_MILLE[QUANTILE_PER_MILLE.len() - 1],
            };
            if lowest.as_ref().is_none_or(|lowest| at_least > lowest.at_least) {
                let below = first.map(|position| QUANTILE_PER_MILLE[position]);
                lowest = Some(Lowest { quarter, at_least, below });
            }
        }
        lowest
    }

    /// How many paths are below the threshold in the worst quarter, as closely as the quantiles tell.
    fn share_below(&self, story: &Story, threshold: f64) -> String {
        let telling = story.telling;
        let threshold = telling.the_chosen_percent(Preposition::None, threshold);
        let percent = |preposition, per_mille: u32| {
            telling.the_chosen_percent(preposition, f64::from(per_mille) / 1_000.0)
        };
        let quarter = telling.quarter(story.plan.start.plus(self.quarter as u32));
        match (self.at_least, self.below) {
            (0, below) => {
                let below = percent(Preposition::Di, below.unwrap_or(QUANTILE_PER_MILLE[0]));
                tell!(
                    telling,
                    "in ogni trimestre sotto {threshold} in meno {below} dei percorsi",
                    "below {threshold} on less than {below} of paths in each quarter"
                )
            }
            (at_least, Some(below)) => {
                let (from, to) = (percent(Preposition::Da, at_least), percent(Preposition::A, below));
                tell!(
                    telling,
                    "nel {quarter}, il trimestre peggiore, sotto {threshold} in una parte dei percorsi che va {from} {to}",
                    "below {threshold} on {from} to {to} of paths in {quarter}, the worst quarter"
                )
            }
            (at_least, None) => {
                let from = percent(Preposition::None, at_least);
                tell!(
                    telling,
                    "nel {quarter}, il trimestre peggiore, sotto {threshold} in oltre {from} dei percorsi",
                    "below {threshold} on more than {from} of paths in {quarter}, the worst quarter"
                )
            }
        }
    }
}

fn reserve_words(
    story: &Story,
    line: &LinePlan,
    lowest: Option<&Lowest>,
    (peak, exposure): (usize, f64),
    below: Option<&str>,
) -> Words {
    let (telling, about) = (story.telling, Some(line.number));
    let number = line.number.word();
    let quarter = |index: usize| telling.quarter(story.plan.start.plus(index as u32));
    let envelope = story.means_over_time(story.series(SeriesId::GuaranteeReserve, about));
    let (reserve, exposure) =
        (telling.numbers.euros_short(envelope[peak]), telling.numbers.euros_short(exposure));
    let average = story.on_average();
    let at_peak = quarter(peak);
    let at_the_peak = tell!(
        telling,
        "nel {at_peak} {average} {reserve} di dotazione per {exposure} garantiti",
        "in {at_peak} {average} a budget of {reserve} for {exposure} guaranteed"
    );
    let threshold = telling.the_chosen_percent(Preposition::None, line.guarantee.reserve_rate);
    let share = |per_mille: u32| telling.futures_of_level(per_mille, story.summary.paths);
    let title = match lowest.filter(|_| story.summary.paths >= PATHS_FOR_SHARES) {
        None => tell!(telling, "Linea {number}: {at_the_peak}", "Line {number}: {at_the_peak}"),
        Some(lowest) => match lowest.below {
            Some(below) if below <= 100 => {
                let above = share(1_000 - below);
                tell!(
                    telling,
                    "Linea {number}: in ogni trimestre, in almeno {above}, la dotazione per garanzie raggiunge {threshold} dell’esposizione garantita",
                    "Line {number}: in each quarter the guarantee budget is at least {threshold} of the guaranteed exposure in at least {above}"
                )
            }
            _ => {
                let (worst, share) = (quarter(lowest.quarter), share(lowest.at_least));
                tell!(
                    telling,
                    "Linea {number}: nel {worst} la dotazione per garanzie è sotto {threshold} dell’esposizione garantita in almeno {share}",
                    "Line {number}: in {worst} the guarantee budget is below {threshold} of the guaranteed exposure in at least {share}"
                )
            }
        },
    };
    let at_level = |per_mille: u32| {
        let points = &story.series(SeriesId::ReserveRatio, about).points;
        let value = points[peak].quantiles.get(level_position(per_mille))?;
        Some(natural(Unit::Ratio, value.0 as f64))
    };
    let shown =
        |ratio: Option<f64>| ratio.map_or(telling.words.no_data.to_string(), |ratio| telling.percent(ratio));
    let median = at_level(500);
    let (middle, unlucky) = (shown(median), shown(at_level(50)));
    let at_the_peak = sentence(&at_the_peak);
    Words {
        title,
        subtitle: tell!(
            telling,
            "A fine trimestre; il rapporto finché l’esposizione media è almeno un quarto del suo massimo",
            "At the end of each quarter; the ratio while mean exposure is at least a quarter of its peak"
        ),
        numbers: tell!(
            telling,
            "{at_the_peak}; rapporto mediano {middle}, quantile 5 % {unlucky}.",
            "{at_the_peak}; median ratio {middle}, 5% quantile {unlucky}."
        ),
        reading: reading::guarantee_reserve(story, line, (peak, median), below),
    }
}

/// The chance of using at least so much of the cap of a line.
pub(super) fn cap_utilisation(story: &Story, slot: usize) -> Result<Chart, String> {
    story.needs_paths()?;
    let line = &story.plan.lines[slot];
    let (telling, about, metric) = (story.telling, Some(line.number), MetricId::CapUtilisation);
    let number = line.number.word();
    if story.is_zero(MetricId::Guarantees, about) {
        return Err(no_guarantee_issued(story, line));
    }
    if story.is_zero(metric, about) {
        return Err(tell!(
            telling,
            "Linea {number}: in nessun futuro simulato le garanzie costano qualcosa",
            "Line {number}: guarantees cost nothing in any simulated future"
        ));
    }
    // Counts from the upper end: exact at the edges of the bins, a bin from 0 to 0 apart.
    let paths = story.summary.paths;
    let mut at_least = paths;
    let mut points = Vec::new();
    for bin in &story.metric(metric, about).histogram {
        if bin.from == bin.to {
            at_least -= bin.count;
            continue;
        }
        if at_least > 0 {
            points.push(ExceedancePoint {
                value: Story::natural(metric, bin.from as f64),
                chance: at_least as f64 / paths as f64,
                interval: Some(clopper_pearson(at_least, paths, 0.95)),
            });
        }
        at_least -= bin.count;
    }
    let mean = story.mean(metric, about);
    let reading = reading::cap_utilisation(story, line, &points);
    let figure = Exceedance {
        axis: ValueAxis {
            label: telling.words.cap_utilisation.to_string(),
            format: AxisFormat::Percent,
            hue: Hue::Blue,
        },
        heading: tell!(
            telling,
            "Probabilità di usare almeno questa quota del cap",
            "Chance of using at least this share of the cap"
        ),
        points,
        markers: vec![
            Marker { label: telling.words.mean.to_string(), value: mean, kind: MarkerKind::Statistic },
            Marker { label: "cap".to_string(), value: 1.0, kind: MarkerKind::Threshold },
        ],
    };
    let used = story.labelled_percent(Preposition::None, mean);
    let hit = story.mean(MetricId::CapHit, about);
    let title = if hit == 0.0 {
        tell!(
            telling,
            "Linea {number}: il cap non lascia escussioni impagate in nessun futuro; in media ne serve {used}",
            "Line {number}: the cap leaves no call unpaid in any future; on average {used} of it is used"
        )
    } else {
        let futures = story.futures(hit);
        tell!(
            telling,
            "Linea {number}: il cap lascia escussioni impagate in {futures}; in media ne serve {used}",
            "Line {number}: the cap leaves calls unpaid in {futures}; on average {used} of it is used"
        )
    };
    let interval = story.metric(MetricId::CapHit, about).mean_interval;
    let certainty = interval.map_or(String::new(), |(low, high)| {
        let (low, high) = (telling.numbers.percent(low, 2), telling.numbers.percent(high, 2));
        let interval = telling.words.confidence_interval;
        format!(" ({interval} {low}\u{2013}{high})")
    });
    let chance = telling.numbers.percent(hit, 2);
    let unlucky = telling.percent(story.quantile(metric, about, 950));
    let (rate, horizon) = (telling.phrases.plain_percent(line.guarantee.reserve_rate), story.horizon());
    let words = Words {
        title,
        subtitle: tell!(
            telling,
            "Perdite sulle garanzie / importo massimo garantito (cap: {rate} degli importi garantiti), {horizon}",
            "Losses on guarantees / cap amount ({rate} of the guaranteed amounts), {horizon}"
        ),
        numbers: tell!(
            telling,
            "Escussioni impagate a fine periodo per il cap: {chance} dei percorsi{certainty}; quantile 95 % dell’utilizzo {unlucky}.",
            "Calls left unpaid by the cap at the horizon: {chance} of paths{certainty}; 95% quantile of its use {unlucky}."
        ),
        reading,
    };
    Ok(story.chart(&format!("cap-utilisation-{number}"), words, Figure::Exceedance(figure)))
}
