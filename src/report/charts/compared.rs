//! The charts of `fesr compare`: several scenarios on the same paths, or mixes under economies.
//!
//! Names: `compare-MEASURE` (one figure under all scenarios), `compare-loss-curves`, `compare-over-time-SERIES`, and with
//! economies `grid-MEASURE`; of a stress test `stress-MEASURE` and `stress-loss-curves`. A scenario keeps its hue in all of them.

mod grid;

use super::story::{Story, now};
use super::{Album, RunFacts};
use crate::aggregate::summary::{Summary, natural};
use crate::aggregate::timeline::SeriesId;
use crate::chart::{
    AxisFormat, Chart, ChartText, CurveSeries, Curves, Dumbbell, DumbbellRow, ExceedancePoint, Fan, FanPanel,
    Figure, FigureReading, Hue, Layout,
};
use crate::metrics::{MetricId, Unit};
use crate::paired::comparison::{ComparisonCell, ComparisonRow};
use crate::paired::{Measure, PairedDifference};
use crate::plan::Plan;
use crate::report::comparison::Comparison;
use crate::report::telling::{Preposition, Telling, axis_format, tell};
use crate::scenario::LimitStatistic;

/// One scenario's run, for the charts that show more than numbers.
#[derive(Clone)]
pub struct ComparedRun<'a> {
    /// What was run.
    pub facts: RunFacts<'a>,
    /// Its plan.
    pub plan: &'a Plan,
    /// Its results.
    pub summary: &'a Summary,
}

/// Hues of the scenarios, in their order; the first one, which all are compared with, is grey.
const HUES: [Hue; 7] = [Hue::Grey, Hue::Blue, Hue::Orange, Hue::Green, Hue::Purple, Hue::Vermilion, Hue::Sky];

/// Most panels of a chart over time, and curves of a chart.
const MOST_PANELS: usize = 4;
const MOST_CURVES: usize = 7;

/// The charts of a stress test: each headline measure under all shocks, and the loss curves of those shown by `curves`, by
/// position. The scenarios are named by their shock; `source` is the scenario itself.
pub fn stress_album(comparison: &Comparison, runs: &[ComparedRun], curves: &[usize], source: &str) -> Album {
    let telling = Telling::new(comparison.language);
    let mut album = Album::default();
    let headlines = Measure::headlines();
    let mut add = |name: String, chart: Result<Chart, String>| {
        let chart = chart.map(|mut chart| {
            let Comparison { paths, seed, version, .. } = comparison;
            chart.text.footer = telling.phrases.source_line(source, *paths, *seed, version);
            chart.name.clone_from(&name);
            chart
        });
        album.add(&name, chart);
    };
    for row in comparison.scenes[0].rows.iter().filter(|row| headlines.contains(&row.measure)) {
        let teller = Teller { telling, comparison };
        add(measure_file("stress", &row.measure), teller.dumbbell(row));
    }
    let shown = Comparison {
        scenarios: curves.iter().map(|&position| comparison.scenarios[position].clone()).collect(),
        scenes: Vec::new(),
        ..comparison.clone()
    };
    let runs: Vec<ComparedRun> = curves.iter().map(|&position| runs[position].clone()).collect();
    add("stress-loss-curves".to_string(), Teller { telling, comparison: &shown }.loss_curves(&runs));
    album
}

/// All charts of a comparison; `runs` of the only scene, empty with economies.
pub fn comparison_album(comparison: &Comparison, runs: &[ComparedRun]) -> Album {
    let telling = Telling::new(comparison.language);
    let teller = Teller { telling, comparison };
    let mut album = Album::default();
    if comparison.economies.is_empty() {
        let headlines = Measure::headlines();
        for row in comparison.scenes[0].rows.iter().filter(|row| headlines.contains(&row.measure)) {
            album.add(&measure_file("compare", &row.measure), teller.dumbbell(row));
        }
        album.add("compare-loss-curves", teller.loss_curves(runs));
        for series in [SeriesId::LeverageEffect, SeriesId::DefaultRate, SeriesId::Cash] {
            for (index, runs) in runs.chunks(MOST_PANELS).enumerate() {
                let suffix = if index == 0 { String::new() } else { format!("-{}", index + 1) };
                let name = format!("compare-over-time-{}{suffix}", series.id().replace('_', "-"));
                album.add(&name, teller.over_time(series, runs, index * MOST_PANELS, &name));
            }
        }
    }
    for grid in &comparison.grids {
        album.add(&measure_file("grid", &grid.measure), teller.heat_map(grid));
    }
    album
}

/// The name of a chart of a measure: letters, digits and hyphens.
fn measure_file(kind: &str, measure: &Measure) -> String {
    let statistic = match measure.statistic {
        LimitStatistic::Mean => String::new(),
        LimitStatistic::StandardDeviation => "-sd".to_string(),
        LimitStatistic::Quantile(level) => format!("-q{}", level.decimal().normalize()).replace('.', ""),
        LimitStatistic::ExpectedShortfall(level) => {
            format!("-es{}", level.decimal().normalize()).replace('.', "")
        }
    };
    format!("{kind}-{}{statistic}", measure.metric.id().replace('_', "-"))
}

struct Teller<'c> {
    telling: Telling,
    comparison: &'c Comparison,
}

impl Teller<'_> {
    fn chart(
        &self,
        name: &str,
        title: String,
        subtitle: String,
        reading: FigureReading,
        figure: Figure,
    ) -> Chart {
        let comparison = self.comparison;
        let names: Vec<&str> = comparison.scenarios.iter().map(|named| named.title.as_str()).collect();
        let names = names.join(" · ");
        let footer =
            self.telling.phrases.source_line(&names, comparison.paths, comparison.seed, &comparison.version);
        let description = format!("{title}. {}", reading.read);
        Chart {
            name: name.to_string(),
            language: comparison.language,
            text: ChartText { title, subtitle, footer, description, reading },
            figure,
        }
    }

    fn value(&self, metric: MetricId, value: f64) -> String {
        axis_format(metric).value(value, self.telling.numbers)
    }

    fn dumbbell(&self, row: &ComparisonRow) -> Result<Chart, String> {
        let telling = self.telling;
        let metric = row.measure.metric;
        let measured: Vec<(usize, ComparisonCell)> =
            row.cells.iter().enumerate().filter_map(|(index, cell)| Some((index, (*cell)?))).collect();
        if measured.is_empty() {
            return Err(tell!(
                telling,
                "I percorsi sono troppo pochi per stimare questa grandezza",
                "Too few paths to estimate this figure"
            ));
        }
        let rows =
            self.comparison.scenarios.iter().zip(&row.cells).enumerate().map(|(index, (named, cell))| {
                DumbbellRow {
                    label: named.title.clone(),
                    hue: HUES[index % HUES.len()],
                    value: cell.map(|cell| cell.estimate.value),
                    interval: cell.map(|cell| cell.interval),
                    note: cell.map_or(String::new(), |cell| self.note(row, cell)),
                }
            });
        let figure = Figure::Dumbbell(Dumbbell {
            axis_label: tell!(
                telling,
                "linea sottile: intervallo al 95\u{a0}%; linea tratteggiata: il primo scenario",
                "thin line: 95% interval; dashed line: the first scenario"
            ),
            format: axis_format(metric),
            rows: rows.collect(),
        });
        let name = self.telling.measure(&row.measure);
        let title = self.extreme_title(&row.measure, &measured, &name);
        let subtitle = tell!(
            telling,
            "{name}, sugli stessi percorsi; accanto la differenza dal primo scenario, con metà del suo intervallo al 95\u{a0}%",
            "{name}, on the same paths; beside it the difference to the first scenario with half of its 95% interval"
        );
        // Of a quantile or a chance it is not said.
        let subtitle =
            match row.measure.statistic == LimitStatistic::Mean && metric.unit() != Unit::Probability {
                true => tell!(
                    telling,
                    "{subtitle}, e in quanti futuri va meglio",
                    "{subtitle}, and in how many futures it does better"
                ),
                false => subtitle,
            };
        let reading = self.dumbbell_reading(&measured, metric, &name);
        Ok(self.chart(&measure_file("compare", &row.measure), title, subtitle, reading, figure))
    }

    fn note(&self, row: &ComparisonRow, cell: ComparisonCell) -> String {
        let Some(against) = cell.against_first else { return String::new() };
        let (telling, metric) = (self.telling, row.measure.metric);
        let difference = against.paired.difference;
        let half = against.paired.half_width();
        if difference.value == 0.0 && half == 0.0 {
            return tell!(telling, "nessuna differenza", "no difference");
        }
        let mut note = match axis_format(metric) {
            AxisFormat::Percent | AxisFormat::Ratio(_) | AxisFormat::Count => {
                format!("{} ± {}", telling.change(metric, difference.value), telling.bare_error(metric, half))
            }
            AxisFormat::Euro => {
                let sign = if difference.value > 0.0 { "+" } else { "" };
                format!("{sign}{} ± {}", self.value(metric, difference.value), self.value(metric, half))
            }
        };
        if let (LimitStatistic::Mean, Some(contest)) = (row.measure.statistic, against.contest)
            && metric.unit() != Unit::Probability
        {
            let share = telling.the_percent(Preposition::In, contest.chance_better().0);
            note += &tell!(telling, "; meglio {share}", "; better in {share}");
        }
        note
    }

    /// Which scenario has most and which least, where they differ.
    fn extreme_title(&self, measure: &Measure, measured: &[(usize, ComparisonCell)], name: &str) -> String {
        let telling = self.telling;
        let by_value = |one: &&(usize, ComparisonCell), other: &&(usize, ComparisonCell)| {
            one.1.estimate.value.total_cmp(&other.1.estimate.value)
        };
        let (Some(least), Some(most)) = (measured.iter().min_by(by_value), measured.iter().max_by(by_value))
        else {
            return name.to_string();
        };
        let written = |cell: &ComparisonCell| self.value(measure.metric, cell.estimate.value);
        // Of several that read the same the first one: what differs in digits that nobody sees is no finding.
        let told = |extreme: &(usize, ComparisonCell)| {
            let value = written(&extreme.1);
            let named = measured.iter().find(|(_, cell)| written(cell) == value).unwrap_or(extreme);
            (self.comparison.scenarios[named.0].title.clone(), value)
        };
        if written(&least.1) == written(&most.1) {
            let (_, value) = told(most);
            return tell!(
                telling,
                "{name}: {value} in tutti gli scenari",
                "{name}: {value} in every scenario"
            );
        }
        let (least, most) = (told(least), told(most));
        let ((low, low_value), (high, high_value)) = (least, most);
        tell!(
            telling,
            "{name}: da {low_value} («{low}») a {high_value} («{high}»)",
            "{name}: from {low_value} (\"{low}\") to {high_value} (\"{high}\")"
        )
    }

    fn dumbbell_reading(
        &self,
        measured: &[(usize, ComparisonCell)],
        metric: MetricId,
        name: &str,
    ) -> FigureReading {
        let telling = self.telling;
        let see = tell!(
            telling,
            "Un punto per scenario: «{name}», stimata sugli stessi futuri; la linea sottile è l’intervallo al 95\u{a0}%, la linea tratteggiata il primo scenario.",
            "One dot a scenario: \"{name}\", estimated on the same futures; the thin line is the 95% interval, the dashed line the first scenario."
        );
        let compared = || measured.iter().filter_map(|(index, cell)| Some((*index, cell.against_first?)));
        // The example is one that differs, if there is one.
        let compared = compared()
            .find(|(_, against)| against.paired.is_beyond_noise())
            .or_else(|| compared().find(|(_, against)| against.paired.difference.value != 0.0))
            .or_else(|| compared().next());
        let (read, means) = match compared {
            None => {
                let (index, cell) = measured[0];
                let (title, value) =
                    (&self.comparison.scenarios[index].title, self.value(metric, cell.estimate.value));
                (tell!(telling, "«{title}»: {value}.", "\"{title}\": {value}."), String::new())
            }
            Some((index, against)) => {
                let title = &self.comparison.scenarios[index].title;
                let difference = against.paired.difference;
                let amount = match axis_format(metric) {
                    AxisFormat::Percent | AxisFormat::Ratio(_) | AxisFormat::Count => {
                        telling.amount_of_change(metric, difference.value.abs())
                    }
                    AxisFormat::Euro => self.value(metric, difference.value.abs()),
                };
                let read = if difference.value == 0.0 {
                    tell!(
                        telling,
                        "«{title}» sta dove sta il primo scenario.",
                        "\"{title}\" lies where the first scenario does."
                    )
                } else if difference.value > 0.0 {
                    tell!(
                        telling,
                        "«{title}» sta {amount} sopra il primo scenario.",
                        "\"{title}\" lies {amount} above the first scenario."
                    )
                } else {
                    tell!(
                        telling,
                        "«{title}» sta {amount} sotto il primo scenario.",
                        "\"{title}\" lies {amount} below the first scenario."
                    )
                };
                (read, self.noise(measured))
            }
        };
        FigureReading { see, read, means }
    }

    /// Whether the differences are beyond noise. Where every path is the same no number of paths would make a difference.
    fn noise(&self, measured: &[(usize, ComparisonCell)]) -> String {
        let telling = self.telling;
        let named = |wanted: &dyn Fn(&PairedDifference) -> bool| {
            let titles: Vec<&str> = measured
                .iter()
                .filter(|(_, cell)| cell.against_first.is_some_and(|against| wanted(&against.paired)))
                .map(|(index, _)| self.comparison.scenarios[*index].title.as_str())
                .collect();
            titles.join(", ")
        };
        let is_same =
            |paired: &PairedDifference| paired.difference.value == 0.0 && paired.half_width() == 0.0;
        let same = named(&is_same);
        let unclear = named(&|paired| !paired.is_beyond_noise() && !is_same(paired));
        if !same.is_empty() {
            let alike = tell!(
                telling,
                "Uguali al primo scenario in ogni futuro: {same}.",
                "The same as the first scenario in every future: {same}."
            );
            return match unclear.is_empty() {
                true => alike,
                false => format!("{alike} {}", self.within_noise(&unclear)),
            };
        }
        if unclear.is_empty() {
            return tell!(
                telling,
                "Ogni differenza è oltre l’errore di simulazione: viene dagli scenari, non dal caso.",
                "Every difference is beyond the error of simulation: they come from the scenarios, not from chance."
            );
        }
        self.within_noise(&unclear)
    }

    fn within_noise(&self, unclear: &str) -> String {
        tell!(
            self.telling,
            "Entro l’errore di simulazione: {unclear}; servono più percorsi per distinguerli dal primo scenario.",
            "Within the error of simulation: {unclear}; more paths are needed to tell them from the first scenario."
        )
    }

    fn loss_curves(&self, runs: &[ComparedRun]) -> Result<Chart, String> {
        let telling = self.telling;
        let metric = MetricId::FundLoss;
        let series: Vec<CurveSeries> = runs
            .iter()
            .zip(&self.comparison.scenarios)
            .enumerate()
            .take(MOST_CURVES)
            .map(|(index, (run, named))| {
                let loss = run.summary.metric(metric, None).expect("the loss is always reported");
                let points = loss.exceedance.iter().map(|point| ExceedancePoint {
                    value: natural(Unit::Euro, point.value as f64),
                    chance: point.probability,
                    interval: Some((point.low, point.high)),
                });
                CurveSeries {
                    label: named.title.clone(),
                    hue: HUES[index % HUES.len()],
                    points: points.collect(),
                }
            })
            .collect();
        let at_risk: Vec<(f64, &str)> = runs
            .iter()
            .zip(&self.comparison.scenarios)
            .filter_map(|(run, named)| {
                let quantile = run.summary.metric(metric, None)?.quantile(990)?;
                Some((natural(Unit::Euro, quantile.value as f64), named.title.as_str()))
            })
            .collect();
        let Some(worst) = at_risk.iter().max_by(|one, other| one.0.total_cmp(&other.0)) else {
            return Err(telling.words.never_exceeded.to_string());
        };
        let best = at_risk.iter().min_by(|one, other| one.0.total_cmp(&other.0)).unwrap_or(worst);
        let euros = |amount: f64| telling.numbers.euros_short(amount);
        let (low, low_name, high, high_name) = (euros(best.0), best.1, euros(worst.0), worst.1);
        let title = tell!(
            telling,
            "In un futuro su 100 si perde più di {high} con «{high_name}», più di {low} con «{low_name}»",
            "In 1 future in 100 more than {high} is lost with \"{high_name}\", more than {low} with \"{low_name}\""
        );
        let subtitle = tell!(
            telling,
            "Probabilità che la perdita del fondo superi ciascun valore, per scenario",
            "Chance that the loss of the fund exceeds each value, by scenario"
        );
        let reading = FigureReading {
            see: tell!(
                telling,
                "Una curva per scenario: a destra le perdite più grandi, in basso i futuri più rari; ogni tacca verticale è dieci volte più rara.",
                "One curve a scenario: larger losses to the right, rarer futures further down; each tick is ten times rarer."
            ),
            read: tell!(
                telling,
                "All’altezza dell’1\u{a0}% la curva di «{high_name}» è a {high}.",
                "At a chance of 1% the curve of \"{high_name}\" stands at {high}."
            ),
            means: tell!(
                telling,
                "Chi sta più a sinistra rischia di meno; dove le curve si incrociano, la scelta dipende da quanto si teme il caso raro.",
                "Further left is safer; where curves cross, the choice depends on how much the rare case is feared."
            ),
        };
        let figure = Figure::Curves(Curves {
            axis_label: telling.words.fund_loss.to_string(),
            format: AxisFormat::Euro,
            heading: telling.words.chance_of_losing_more.to_string(),
            series,
        });
        Ok(self.chart("compare-loss-curves", title, subtitle, reading, figure))
    }

    /// The same series over time, one panel a scenario.
    fn over_time(
        &self,
        id: SeriesId,
        runs: &[ComparedRun],
        first: usize,
        name: &str,
    ) -> Result<Chart, String> {
        let telling = self.telling;
        let format = match id.unit() {
            Unit::Euro => AxisFormat::Euro,
            Unit::Ratio if id == SeriesId::LeverageEffect => AxisFormat::Ratio(2),
            Unit::Ratio | Unit::Probability => AxisFormat::Percent,
            Unit::Count => AxisFormat::Count,
        };
        let mut last = Vec::new();
        let mut panels = Vec::new();
        for (index, run) in runs.iter().enumerate() {
            let story = Story::new(&run.facts, run.plan, run.summary);
            let series = story.series(id, None);
            let means = story.means_over_time(series);
            last.push(means.last().copied().unwrap_or(0.0));
            let hue = HUES[(first + index) % HUES.len()];
            panels.push(FanPanel {
                title: self.comparison.scenarios[first + index].title.clone(),
                format,
                range: None,
                series: vec![story.fan_series(
                    series,
                    telling.words.median,
                    hue,
                    &[0.5, 0.8, 0.95],
                    |_, _| true,
                )],
                thresholds: Vec::new(),
            });
        }
        let what = match id {
            SeriesId::LeverageEffect => {
                tell!(telling, "Effetto leva fino a fine trimestre", "Leverage up to the end of the quarter")
            }
            SeriesId::DefaultRate => tell!(
                telling,
                "Progetti insolventi fino a fine trimestre / progetti finanziati",
                "Projects in default up to the end of the quarter / projects funded"
            ),
            _ => tell!(
                telling,
                "Cassa del fondo a fine trimestre",
                "Cash of the fund at the end of the quarter"
            ),
        };
        let ends: Vec<String> = last.iter().map(|value| format.value(*value, telling.numbers)).collect();
        let ends = ends.join(", ");
        let title =
            tell!(telling, "{what}: alla fine, in media {ends}", "{what}: in the end, on average, {ends}");
        let subtitle = tell!(
            telling,
            "Mediana e fasce con il 50, l’80 e il 95\u{a0}% dei futuri, uno scenario per riquadro",
            "Median and bands with 50, 80 and 95% of futures, one scenario a panel"
        );
        let start = runs[0].plan.start;
        // One line for all panels: where they do not agree on today, none.
        let agree = runs.iter().all(|run| run.plan.today == runs[0].plan.today);
        let now = now(telling, runs[0].plan).filter(|_| agree);
        let reading = FigureReading {
            see: tell!(
                telling,
                "Un riquadro per scenario con la stessa scala: la linea è la mediana dei futuri, le fasce ne contengono il 50, l’80 e il 95\u{a0}%.",
                "One panel a scenario on one scale: the line is the median future, the bands hold 50, 80 and 95% of futures."
            ),
            read: {
                let (title, value) =
                    (&self.comparison.scenarios[first].title, format.value(last[0], telling.numbers));
                tell!(
                    telling,
                    "«{title}»: alla fine, in media, {value}.",
                    "\"{title}\": in the end, on average, {value}."
                )
            },
            means: tell!(
                telling,
                "Fasce più larghe: risultati meno prevedibili; una linea più alta prima: risultati più rapidi.",
                "Wider bands: less predictable results; a line that rises earlier: faster results."
            ),
        };
        let figure = Figure::Fan(Fan { first_quarter: start, now, layout: Layout::Columns, panels });
        Ok(self.chart(name, title, subtitle, reading, figure))
    }
}
