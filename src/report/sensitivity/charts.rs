//! The charts of `fesr sensitivity`: `tornado-MEASURE` and, with `--global`, `sobol-MEASURE`.

use super::Sensitivity;
use super::words::shown;
use crate::chart::{
    AxisFormat, Bar as ChartBar, BarGroup, Chart, ChartText, Figure, FigureReading, GroupedBars, Hue,
    Tornado as TornadoFigure, TornadoEnd, TornadoRow,
};
use crate::paired::Measure;
use crate::report::charts::Album;
use crate::report::telling::{Telling, axis_format, sentence, tell};
use crate::scenario::{Language, LimitStatistic};
use crate::sensitivity::indices::{Index, SobolIndices};
use crate::sensitivity::tornado::{Bar, End, TornadoMeasure};

/// All charts of a study in a language.
pub fn sensitivity_album(sensitivity: &Sensitivity, language: Language) -> Album {
    let teller = Teller { telling: Telling::new(language), sensitivity };
    let mut album = Album::default();
    for of_measure in &sensitivity.tornado.measures {
        let name = file("tornado", &of_measure.measure);
        album.add(&name, teller.tornado(&name, of_measure));
    }
    for (measure, indices) in sensitivity.global.iter().flat_map(|global| &global.measures) {
        let name = file("sobol", measure);
        album.add(&name, teller.sobol(&name, measure, indices.as_ref()));
    }
    album
}

/// The name of a chart of a measure: letters, digits and hyphens.
fn file(kind: &str, measure: &Measure) -> String {
    let line = measure.line.map_or(String::new(), |line| format!("-line{}", line.word()));
    let statistic = match measure.statistic {
        LimitStatistic::Mean => String::new(),
        LimitStatistic::StandardDeviation => "-sd".to_string(),
        LimitStatistic::Quantile(level) => format!("-q{}", level.decimal().normalize()).replace('.', ""),
        LimitStatistic::ExpectedShortfall(level) => {
            format!("-es{}", level.decimal().normalize()).replace('.', "")
        }
    };
    format!("{kind}-{}{line}{statistic}", measure.metric.id().replace('_', "-"))
}

struct Teller<'s> {
    telling: Telling,
    sensitivity: &'s Sensitivity,
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
        let sensitivity = self.sensitivity;
        let footer = self.telling.phrases.source_line(
            &sensitivity.title,
            sensitivity.tornado.paths,
            sensitivity.seed,
            &sensitivity.version,
        );
        let description = format!("{title}. {}", reading.read);
        Chart {
            name: name.to_string(),
            language: self.telling.language,
            text: ChartText { title, subtitle, footer, description, reading },
            figure,
        }
    }

    fn name(&self, input: usize) -> String {
        sentence(self.sensitivity.inputs[input].name.text(self.telling.language))
    }

    fn too_few(&self) -> String {
        tell!(
            self.telling,
            "I percorsi sono troppo pochi per stimare questa grandezza, oppure non cambia mai",
            "Too few paths to estimate this figure, or it never changes"
        )
    }

    fn tornado(&self, name: &str, of_measure: &TornadoMeasure) -> Result<Chart, String> {
        let telling = self.telling;
        let measure = &of_measure.measure;
        let (Some((base, _)), Some(widest)) = (of_measure.base, of_measure.bars.first()) else {
            return Err(self.too_few());
        };
        let format = axis_format(measure.metric);
        let value = |value: f64| format.value(value, telling.numbers);
        let rows = of_measure.bars.iter().map(|bar| self.row(bar, base.value)).collect();
        let at_base = value(base.value);
        let figure = Figure::Tornado(TornadoFigure {
            axis_label: telling.measure_with_unit(measure),
            format,
            base: base.value,
            base_label: tell!(telling, "base {at_base}", "base {at_base}"),
            rows,
        });
        let (figure_name, input) = (telling.measure(measure), self.name(widest.input));
        let title = if widest.width.value == 0.0 {
            tell!(
                telling,
                "{figure_name}: nessuna ipotesi la cambia",
                "{figure_name}: no assumption changes it"
            )
        } else {
            tell!(telling, "{figure_name}: conta di più «{input}»", "{figure_name}: \"{input}\" matters most")
        };
        let subtitle = tell!(
            telling,
            "Una ipotesi alla volta, le altre alla base; blu (−) al minimo, arancio (+) al massimo; linea sottile: intervallo al 95\u{a0}% della differenza dalla base",
            "One assumption at a time, the others at their base; blue (−) at its low end, orange (+) at its high end; thin line: 95% interval of the difference to the base"
        );
        let ends = &self.sensitivity.tornado.ends[widest.input];
        let (low, high) = (shown(telling, ends.low.1), shown(telling, ends.high.1));
        let (at_low, at_high) = (value(widest.low.estimate.value), value(widest.high.estimate.value));
        let reading = FigureReading {
            see: tell!(
                telling,
                "Una barra per ipotesi, dalla più larga alla più stretta: dove va la grandezza quando l’ipotesi va da un estremo all’altro.",
                "One bar an assumption, from the widest to the narrowest: where the figure goes as the assumption goes from one end to the other."
            ),
            read: tell!(
                telling,
                "«{input}» da {low} a {high}: da {at_low} a {at_high}.",
                "\"{input}\" from {low} to {high}: from {at_low} to {at_high}."
            ),
            means: self.noise(of_measure.settled(), of_measure.with_effect()),
        };
        Ok(self.chart(name, title, subtitle, reading, figure))
    }

    fn row(&self, bar: &Bar, base: f64) -> TornadoRow {
        let telling = self.telling;
        let ends = &self.sensitivity.tornado.ends[bar.input];
        let end = |end: &End, label: String| {
            let (low, high) = end.difference.interval();
            TornadoEnd { label, value: end.estimate.value, interval: Some((base + low, base + high)) }
        };
        let (low, high) = (shown(telling, ends.low.1), shown(telling, ends.high.1));
        TornadoRow {
            label: self.name(bar.input),
            low: end(&bar.low, tell!(telling, "da {low}", "from {low}")),
            high: end(&bar.high, tell!(telling, "a {high}", "to {high}")),
        }
    }

    fn noise(&self, settled: usize, all: usize) -> String {
        let telling = self.telling;
        match settled {
            _ if all < 2 => String::new(),
            settled if settled + 1 >= all => tell!(
                telling,
                "L’ordine va oltre l’errore di simulazione.",
                "The order is beyond the error of simulation."
            ),
            0 => tell!(
                telling,
                "L’ordine non va oltre l’errore di simulazione: servono più simulazioni.",
                "The order is not beyond the error of simulation: it takes more of it."
            ),
            settled => tell!(
                telling,
                "L’ordine va oltre l’errore di simulazione fino alla posizione {settled}; poi non è certo.",
                "The order is beyond the error of simulation down to place {settled}; after that it is not sure."
            ),
        }
    }

    fn sobol(&self, name: &str, measure: &Measure, indices: Option<&SobolIndices>) -> Result<Chart, String> {
        let telling = self.telling;
        let Some(indices) = indices else { return Err(self.too_few()) };
        let Some(largest) = indices.inputs.first() else { return Err(self.too_few()) };
        let bar = |label: String, hue: Hue, index: Index| ChartBar {
            label,
            hue,
            value: Some(index.value),
            interval: Some(index.interval),
            reference: None,
        };
        let groups = indices
            .inputs
            .iter()
            .map(|of_input| BarGroup {
                title: self.name(of_input.input),
                bars: vec![
                    bar(tell!(telling, "primo ordine", "first order"), Hue::Blue, of_input.first),
                    bar(tell!(telling, "totale", "total"), Hue::Orange, of_input.total),
                ],
            })
            .collect();
        let figure_name = telling.measure(measure);
        let input = self.name(largest.input);
        let share = telling.percent(largest.total.value);
        let title = tell!(
            telling,
            "{figure_name}: di ciò che non si sa conta di più «{input}»",
            "{figure_name}: of what is not known, \"{input}\" matters most"
        );
        let subtitle = tell!(
            telling,
            "Quota della varianza per ipotesi, tutte variate insieme; linea sottile: intervallo al 95\u{a0}% (bootstrap)",
            "Share of the variance by assumption, all moved at once; thin line: 95% interval (bootstrap)"
        );
        let reading = FigureReading {
            see: tell!(
                telling,
                "Due barre per ipotesi: la quota di varianza che sparirebbe conoscendola, e quella che resterebbe conoscendo tutte le altre.",
                "Two bars an assumption: the share of variance that would go if it were known, and the share that would be left if all others were."
            ),
            read: tell!(
                telling,
                "Conoscendo tutto tranne «{input}» resterebbe {share} della varianza.",
                "If all but \"{input}\" were known, {share} of the variance would be left."
            ),
            means: self.noise(indices.settled(), indices.inputs.len()),
        };
        let figure = Figure::GroupedBars(GroupedBars {
            axis_label: tell!(telling, "quota della varianza", "share of the variance"),
            format: AxisFormat::Ratio(2),
            groups,
            threshold: None,
        });
        Ok(self.chart(name, title, subtitle, reading, figure))
    }
}
