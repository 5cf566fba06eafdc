//! What every chart of a run is told from: the facts, the results in natural units, and the reader's language.

use crate::aggregate::QUANTILE_PER_MILLE;
use crate::aggregate::summary::{MetricSummary, SeriesSummary, Summary, TimelinePoint, natural};
use crate::aggregate::timeline::SeriesId;
use crate::chart::{
    AxisFormat, Band, Chart, ChartText, FanSeries, Figure, FigureReading, Hue, Marker, MarkerKind, Now,
};
use crate::metrics::MetricId;
use crate::numeric::normal::HALF_WIDTH_95;
use crate::plan::{LinePlan, Plan};
use crate::report::RunFacts;
use crate::report::telling::{Preposition, Telling, sentence, tell};
use crate::scenario::{LimitStatistic, LineNumber};
use crate::units::nearest_f64;

/// Fewest paths of which a distribution is drawn.
const FEWEST_PATHS: u64 = 20;

/// The bands of a fan, by the share of paths inside and the levels of their bounds in thousandths.
const BANDS: [(f64, u32, u32); 3] = [(0.5, 250, 750), (0.8, 100, 900), (0.95, 25, 975)];

/// The last quarter of history of a running fund, as a chart marks it.
pub(super) fn now(telling: Telling, plan: &Plan) -> Option<Now> {
    let label = tell!(telling, "oggi", "today");
    plan.has_history().then(|| Now { quarter: plan.today - 1, label })
}

/// Facts and results of a run, ready to be told.
pub(super) struct Story<'a> {
    pub facts: &'a RunFacts<'a>,
    pub plan: &'a Plan,
    pub summary: &'a Summary,
    pub telling: Telling,
}

/// The words of one chart.
pub(super) struct Words {
    pub title: String,
    pub subtitle: String,
    /// The numbers for screen readers; the title is put before them.
    pub numbers: String,
    /// What stands under the figure where there is room for it.
    pub reading: FigureReading,
}

impl<'a> Story<'a> {
    pub fn new(facts: &'a RunFacts<'a>, plan: &'a Plan, summary: &'a Summary) -> Story<'a> {
        Story { facts, plan, summary, telling: Telling::new(facts.scenario.identity.language) }
    }

    /// A chart with the footer that all share.
    pub fn chart(&self, name: &str, words: Words, figure: Figure) -> Chart {
        let telling = self.telling;
        let identity = &self.facts.scenario.identity;
        let seed = self.facts.scenario.simulation.seed;
        let mut footer =
            telling.phrases.source_line(&identity.title, self.facts.paths, seed, self.facts.version);
        if self.facts.interrupted() {
            let planned = telling.numbers.count(self.facts.planned);
            footer += &tell!(
                telling,
                " · interrotta: erano previsti {planned} percorsi",
                " · interrupted: {planned} paths were planned"
            );
        }
        let description = format!("{}. {}", words.title, words.numbers);
        Chart {
            name: name.to_string(),
            language: identity.language,
            text: ChartText {
                title: words.title,
                subtitle: words.subtitle,
                footer,
                description,
                reading: words.reading,
            },
            figure,
        }
    }

    /// The lines of the fund, in order.
    pub fn lines(&self) -> impl Iterator<Item = &LinePlan> {
        self.plan.lines.iter()
    }

    /// A share of the futures as a count, of no more than were simulated.
    pub fn futures(&self, share: f64) -> String {
        self.telling.futures(share, self.summary.paths)
    }

    /// The life of the fund in words.
    pub fn horizon(&self) -> String {
        self.telling.horizon(self.plan.start, self.plan.quarters)
    }

    /// "in media", "on average".
    pub fn on_average(&self) -> &'static str {
        self.telling.on_average(self.summary.paths)
    }

    /// Head of a list of means, or what it is worth if there was only one path.
    pub fn means_head(&self) -> String {
        match self.summary.paths {
            1 => sentence(self.on_average()),
            _ => tell!(self.telling, "Valori medi", "Means"),
        }
    }

    /// "perdita attesa", or just "perdita" if there was only one path.
    pub fn expected_loss(&self) -> String {
        match self.summary.paths {
            1 => tell!(self.telling, "perdita", "loss"),
            _ => tell!(self.telling, "perdita attesa", "expected loss"),
        }
    }

    pub fn metric(&self, metric: MetricId, line: Option<LineNumber>) -> &MetricSummary {
        self.summary.metric(metric, line).expect("the metric is reported for this line")
    }

    /// A carried value of a metric in natural units.
    pub fn natural(metric: MetricId, carried: f64) -> f64 {
        natural(metric.unit(), carried)
    }

    /// Mean over paths, natural units.
    pub fn mean(&self, metric: MetricId, line: Option<LineNumber>) -> f64 {
        Self::natural(metric, self.metric(metric, line).moments.mean())
    }

    /// 95 % interval of the mean by the normal law; none for a single path.
    pub fn mean_interval(&self, metric: MetricId, line: Option<LineNumber>) -> Option<(f64, f64)> {
        let moments = &self.metric(metric, line).moments;
        (moments.count > 1).then(|| {
            let error = HALF_WIDTH_95 * moments.standard_error();
            (Self::natural(metric, moments.mean() - error), Self::natural(metric, moments.mean() + error))
        })
    }

    /// A quantile in natural units.
    pub fn quantile(&self, metric: MetricId, line: Option<LineNumber>, per_mille: u32) -> f64 {
        let quantile = self.metric(metric, line).quantile(per_mille).expect("one of the reported levels");
        Self::natural(metric, quantile.value as f64)
    }

    /// Largest value of all paths, natural units.
    pub fn largest(&self, metric: MetricId, line: Option<LineNumber>) -> f64 {
        Self::natural(metric, self.metric(metric, line).moments.max as f64)
    }

    /// Whether a metric is exactly 0 on every path.
    pub fn is_zero(&self, metric: MetricId, line: Option<LineNumber>) -> bool {
        let moments = &self.metric(metric, line).moments;
        moments.min == 0 && moments.max == 0
    }

    /// A series of the fund or of a line.
    pub fn series(&self, id: SeriesId, line: Option<LineNumber>) -> &SeriesSummary {
        let word = line.map_or("all", LineNumber::word);
        self.summary
            .timeline
            .iter()
            .find(|series| series.series.id == id && series.series.about.word() == word)
            .expect("the series is reported for this line")
    }

    /// Until when the past is known, of a running fund.
    pub fn now(&self) -> Option<Now> {
        now(self.telling, self.plan)
    }

    /// A series with median, mean, bands and the first paths one by one; `shown` says which quarters are drawn. A band is drawn only if the
    /// paths are enough to have one outside it on either side.
    pub fn fan_series(
        &self,
        series: &SeriesSummary,
        label: &str,
        hue: Hue,
        shares: &[f64],
        shown: impl Fn(usize, &TimelinePoint) -> bool,
    ) -> FanSeries {
        let unit = series.series.id.unit();
        let points = || series.points.iter().enumerate();
        let quantiles = |per_mille: u32| -> Vec<Option<f64>> {
            let position = level_position(per_mille);
            points()
                .map(|(quarter, point)| {
                    let value = point.quantiles.get(position).filter(|_| shown(quarter, point))?;
                    Some(natural(unit, value.0 as f64))
                })
                .collect()
        };
        let bands = self
            .drawn_bands(shares)
            .map(|(share, low, high)| Band { share, lower: quantiles(low), upper: quantiles(high) })
            .collect();
        let mean = points()
            .map(|(quarter, point)| {
                (point.moments.count > 0 && shown(quarter, point))
                    .then(|| natural(unit, point.moments.mean()))
            })
            .collect();
        // Among a handful none is a sample.
        let enough = self.summary.paths >= FEWEST_PATHS;
        let samples = series.samples.iter().filter(|_| enough).map(|path| {
            let values = path.iter().zip(points());
            values
                .map(|(value, (quarter, point))| {
                    value.filter(|_| shown(quarter, point)).map(|value| natural(unit, value as f64))
                })
                .collect()
        });
        let samples = samples.collect();
        // A single path is its own median and mean.
        let only = self.summary.paths == 1;
        let label = if only && label == self.telling.words.median { self.telling.words.value } else { label };
        FanSeries {
            label: label.to_string(),
            hue,
            bands,
            median: quantiles(500),
            mean: (!only).then_some(mean),
            samples,
        }
    }

    /// The bands that a fan shows, of those wanted: share, and levels of the bounds in thousandths.
    pub fn drawn_bands<'b>(&self, wanted: &'b [f64]) -> impl Iterator<Item = (f64, u32, u32)> + use<'b> {
        let paths = self.summary.paths as f64;
        let drawn = move |share: f64| wanted.contains(&share) && paths * (1.0 - share) / 2.0 >= 1.0;
        BANDS.into_iter().filter(move |(share, ..)| drawn(*share))
    }

    /// A share as the labels of a chart write it, after its Italian article: a title that repeats a label says the
    /// same number.
    pub fn labelled_percent(&self, preposition: Preposition, share: f64) -> String {
        let label = AxisFormat::Percent.value(share, self.telling.numbers);
        self.telling.after_article(preposition, label)
    }

    /// The first quarters of a series.
    pub fn first_quarters(mut series: FanSeries, quarters: usize) -> FanSeries {
        let bounds = series.bands.iter_mut().flat_map(|band| [&mut band.lower, &mut band.upper]);
        let lines = bounds.chain([&mut series.median]).chain(&mut series.mean).chain(&mut series.samples);
        lines.for_each(|line| line.truncate(quarters));
        series
    }

    /// Means of a series, natural units; 0 where it exists on no path.
    pub fn means_over_time(&self, series: &SeriesSummary) -> Vec<f64> {
        let unit = series.series.id.unit();
        series.points.iter().map(|point| natural(unit, point.moments.mean())).collect()
    }

    /// Medians of a series, natural units; 0 where it exists on no path.
    pub fn medians_over_time(&self, series: &SeriesSummary) -> Vec<f64> {
        let (unit, position) = (series.series.id.unit(), level_position(500));
        let median = |point: &TimelinePoint| point.quantiles.get(position).map_or(0, |quantile| quantile.0);
        series.points.iter().map(|point| natural(unit, median(point) as f64)).collect()
    }

    /// The scenario's limits on a metric, as lines not to be crossed.
    pub fn limit_markers(&self, metric: MetricId, line: Option<LineNumber>) -> Vec<Marker> {
        let limits = self.facts.scenario.limits.iter();
        limits
            .filter(|limit| limit.metric == metric && limit.line == line)
            .filter(|limit| limit.statistic != LimitStatistic::StandardDeviation)
            .flat_map(|limit| {
                let statistic = self.telling.statistic(limit.statistic, metric);
                [limit.min, limit.max].into_iter().flatten().map(move |bound| Marker {
                    label: tell!(self.telling, "limite ({statistic})", "limit ({statistic})"),
                    value: nearest_f64(bound),
                    kind: MarkerKind::Threshold,
                })
            })
            .collect()
    }

    /// The declared bound of the mean of a metric of the whole fund, if there is exactly one.
    pub fn limit_of_mean(&self, metric: MetricId) -> Option<f64> {
        let bounds: Vec<f64> = self
            .facts
            .scenario
            .limits
            .iter()
            .filter(|limit| {
                limit.metric == metric && limit.line.is_none() && limit.statistic == LimitStatistic::Mean
            })
            .flat_map(|limit| [limit.min, limit.max])
            .flatten()
            .map(nearest_f64)
            .collect();
        match bounds[..] {
            [bound] => Some(bound),
            _ => None,
        }
    }

    /// Refuses a distribution of too few paths.
    pub fn needs_paths(&self) -> Result<(), String> {
        self.needs_a_path()?;
        let paths = self.telling.numbers.count(self.summary.paths);
        if self.summary.paths < FEWEST_PATHS {
            return Err(tell!(
                self.telling,
                "I percorsi sono troppo pochi ({paths}) per disegnare una distribuzione",
                "Too few paths ({paths}) to draw a distribution"
            ));
        }
        Ok(())
    }

    /// Refuses a run without paths.
    pub fn needs_a_path(&self) -> Result<(), String> {
        match self.summary.paths {
            0 => Err(tell!(self.telling, "Nessun percorso è stato simulato", "No path was simulated")),
            _ => Ok(()),
        }
    }

    /// Refuses a run in which nothing is ever funded.
    pub fn needs_projects(&self) -> Result<(), String> {
        self.needs_a_path()?;
        if self.is_zero(MetricId::Projects, None) {
            return Err(tell!(
                self.telling,
                "In nessun futuro simulato viene finanziato un progetto",
                "No project is funded in any simulated future"
            ));
        }
        Ok(())
    }

    /// Why there are no charts of guarantees.
    pub fn no_guarantees(&self) -> String {
        tell!(self.telling, "Lo scenario non prevede garanzie", "The scenario has no guarantees")
    }
}

/// Position of a level among the quantiles.
pub(super) fn level_position(per_mille: u32) -> usize {
    QUANTILE_PER_MILLE.iter().position(|&level| level == per_mille).expect("one of the reported levels")
}
