//! The study on a terminal: what was moved from where to where, what the figures did, and how sure that is.

use super::Sensitivity;
use super::words::shown;
use crate::paired::PairedDifference;
use crate::report::layout::{Accent, COLUMNS, Paint, left, printable, right, width, wrap};
use crate::report::telling::{Telling, sentence, tell};
use crate::sensitivity::indices::{GlobalStudy, Index, SobolIndices};
use crate::sensitivity::tornado::TornadoMeasure;

/// Most columns of an input's name in tables.
const NAMES: usize = 28;

/// The study as a page of at most 80 columns.
pub fn sensitivity_text(sensitivity: &Sensitivity, folder: &str, styled: bool) -> String {
    let page = Page { telling: Telling::new(sensitivity.language), paint: Paint { styled }, sensitivity };
    let mut text = page.head();
    text += &page.inputs();
    for of_measure in &sensitivity.tornado.measures {
        text += &page.tornado(of_measure);
    }
    if let Some(global) = &sensitivity.global {
        text += &page.global(global);
    }
    let folder = printable(folder);
    text += &tell!(
        page.telling,
        "\nRisultati in {folder}: report.html da leggere, le figure in charts/, i numeri in tornado.csv\n",
        "\nResults in {folder}: report.html to read, pictures in charts/, figures in tornado.csv\n"
    );
    text
}

/// What was moved, from where to where, an input each.
pub(super) fn input_sentences(sensitivity: &Sensitivity) -> Vec<String> {
    let telling = Telling::new(sensitivity.language);
    let inputs = sensitivity.inputs.iter().zip(&sensitivity.tornado.ends);
    let left_out = sensitivity.left_out.iter().map(|input| {
        let name = sentence(&printable(input.name.text(telling.language)));
        let why = printable(input.why.text(telling.language));
        tell!(
            telling,
            "{name}: non variata, perché lo scenario non ne accetta i valori ({why})",
            "{name}: not varied, for the scenario does not take its values ({why})"
        )
    });
    inputs
        .map(|(input, ends)| {
            let name = sentence(&printable(input.name.text(telling.language)));
            let (low, base, high) =
                (shown(telling, ends.low.1), shown(telling, ends.base.1), shown(telling, ends.high.1));
            tell!(
                telling,
                "{name} da {low} a {high} (base {base})",
                "{name} from {low} to {high} (base {base})"
            )
        })
        .chain(left_out)
        .collect()
}

/// For each figure the input that moves it most, and whether the order is beyond noise.
pub(super) fn answer_sentences(sensitivity: &Sensitivity) -> Vec<String> {
    let telling = Telling::new(sensitivity.language);
    let page = Page { telling, paint: Paint { styled: false }, sensitivity };
    let told = |of_measure: &TornadoMeasure| {
        let first = page.name(of_measure.bars.first()?.input);
        of_measure.base?;
        let figure = telling.measure(&of_measure.measure);
        let order: Vec<usize> = of_measure.bars.iter().map(|bar| bar.input).collect();
        let order = page.order(of_measure.settled(), of_measure.with_effect(), &order);
        Some(tell!(
            telling,
            "{figure}: la sposta di più «{first}». {order}",
            "{figure}: \"{first}\" moves it most. {order}"
        ))
    };
    sensitivity.tornado.measures.iter().filter_map(told).collect()
}

struct Page<'s> {
    telling: Telling,
    paint: Paint,
    sensitivity: &'s Sensitivity,
}

impl Page<'_> {
    fn paragraph(&self, text: &str) -> String {
        wrap(text, COLUMNS).iter().map(|line| format!("{line}\n")).collect()
    }

    fn heading(&self, text: &str) -> String {
        wrap(text, COLUMNS)
            .iter()
            .map(|line| format!("{}\n", self.paint.apply(Accent::Heading, line)))
            .collect()
    }

    fn head(&self) -> String {
        let (telling, sensitivity) = (self.telling, self.sensitivity);
        let title = printable(&sensitivity.title);
        let (runs, paths) = (sensitivity.tornado.runs, telling.numbers.count(sensitivity.tornado.paths));
        let seed = sensitivity.seed;
        let mut text =
            self.heading(&tell!(telling, "Che cosa conta di più: {title}", "What matters most: {title}"));
        text += &self.paragraph(&tell!(
            telling,
            "{runs} simulazioni di {paths} percorsi, seme {seed}: gli stessi richiedenti e la stessa sorte. ± è metà dell’intervallo al 95\u{a0}% della differenza dalla base, percorso per percorso.",
            "{runs} runs of {paths} paths, seed {seed}: the same applicants and the same luck. ± is half of the 95% interval of the difference to the base, path by path."
        ));
        if sensitivity.interrupted {
            text += &self.paragraph(&tell!(
                telling,
                "Interrotto: contano solo le ipotesi provate per intero.",
                "Interrupted: only assumptions that were tried in full count."
            ));
        }
        text
    }

    /// What was moved, from where to where.
    fn inputs(&self) -> String {
        let telling = self.telling;
        let heading = if self.sensitivity.by_default {
            tell!(
                telling,
                "Ipotesi variate (intervalli predefiniti: lo scenario non ha [uncertainty])",
                "Assumptions moved (default ranges: the scenario has no [uncertainty])"
            )
        } else {
            tell!(telling, "Ipotesi variate", "Assumptions moved")
        };
        let mut text = format!("\n{}", self.heading(&heading));
        for told in input_sentences(self.sensitivity) {
            for (index, line) in wrap(&told, COLUMNS - 4).into_iter().enumerate() {
                text += &format!("{}{line}\n", if index == 0 { "  " } else { "    " });
            }
        }
        text
    }

    fn tornado(&self, of_measure: &TornadoMeasure) -> String {
        let telling = self.telling;
        let metric = of_measure.measure.metric;
        let name = telling.measure_with_unit(&of_measure.measure);
        let Some((base, interval)) = of_measure.base else {
            let told = tell!(
                telling,
                "{name}: non stimabile con così pochi percorsi",
                "{name}: cannot be estimated with so few paths"
            );
            return format!("\n{}", self.heading(&told));
        };
        let value = telling.bare(metric, base.value);
        let half = telling.bare_error(metric, (interval.1 - interval.0) / 2.0);
        let told = tell!(telling, "{name}: base {value} ± {half}", "{name}: base {value} ± {half}");
        let mut text = format!("\n{}", self.heading(&told));
        let difference = |of: PairedDifference| {
            let difference = of.difference;
            if difference.value == 0.0 && difference.std_error == 0.0 {
                return "=".to_string();
            }
            let value = telling.bare_difference(metric, difference.value);
            format!("{value} ± {}", telling.bare_error(metric, of.half_width()))
        };
        let mut rows = vec![[
            String::new(),
            tell!(telling, "al minimo", "at the low end"),
            tell!(telling, "al massimo", "at the high end"),
        ]];
        for bar in &of_measure.bars {
            let name = self.name(bar.input);
            rows.push([name, difference(bar.low.difference), difference(bar.high.difference)]);
        }
        text += &table(&rows);
        text += &self.indented(&self.order(
            of_measure.settled(),
            of_measure.with_effect(),
            &of_measure.bars.iter().map(|bar| bar.input).collect::<Vec<_>>(),
        ));
        text
    }

    fn name(&self, input: usize) -> String {
        sentence(&printable(self.sensitivity.inputs[input].name.text(self.telling.language)))
    }

    fn indented(&self, text: &str) -> String {
        wrap(text, COLUMNS - 2).iter().map(|line| format!("  {line}\n")).collect()
    }

    /// Whether the order of the inputs is beyond noise.
    fn order(&self, settled: usize, all: usize, order: &[usize]) -> String {
        let telling = self.telling;
        match settled {
            _ if all < 2 => String::new(),
            0 => tell!(
                telling,
                "L’ordine non va oltre l’errore di simulazione: servono più percorsi.",
                "The order is not beyond the error of simulation: it takes more paths."
            ),
            settled if settled + 1 >= all => tell!(
                telling,
                "L’ordine va oltre l’errore di simulazione.",
                "The order is beyond the error of simulation."
            ),
            settled => {
                let first: Vec<String> = order.iter().take(settled).map(|&input| self.name(input)).collect();
                let first = first.join(", ");
                tell!(
                    telling,
                    "Oltre l’errore di simulazione: {first}; poi l’ordine non è certo.",
                    "Beyond the error of simulation: {first}; after that the order is not sure."
                )
            }
        }
    }

    fn global(&self, global: &GlobalStudy) -> String {
        let telling = self.telling;
        let (runs, rows) = (telling.numbers.count(global.runs), global.rows);
        let paths = telling.numbers.count(global.paths);
        let mut text = format!(
            "\n{}",
            self.heading(&tell!(telling, "Tutte le ipotesi insieme", "All assumptions at once"))
        );
        text += &self.paragraph(&tell!(
            telling,
            "{runs} simulazioni di {paths} percorsi su {rows} punti di Sobol. Primo ordine: quota della varianza che sparirebbe conoscendo l’ipotesi; totale: quota che resterebbe conoscendo tutte le altre. Tra parentesi l’intervallo al 95\u{a0}% (bootstrap); un valore sotto lo zero è errore del campione.",
            "{runs} runs of {paths} paths on {rows} Sobol points. First order: share of the variance that would go if the assumption were known; total: share that would be left if all others were. In brackets the 95% interval (bootstrap); a value below zero is error of the sample."
        ));
        for (measure, indices) in &global.measures {
            let name = telling.measure(measure);
            text += &match indices {
                None => {
                    let told = tell!(
                        telling,
                        "{name}: non stimabile, o sempre la stessa",
                        "{name}: cannot be estimated, or always the same"
                    );
                    format!("\n{}", self.heading(&told))
                }
                Some(indices) => {
                    let unit = telling.measure_with_unit(measure);
                    let (mean, sd) = (
                        telling.bare(measure.metric, indices.mean),
                        telling.bare(measure.metric, indices.sd),
                    );
                    let told = tell!(
                        telling,
                        "{unit}: media {mean}, scarto {sd} per ciò che non si sa",
                        "{unit}: mean {mean}, sd {sd} from what is not known"
                    );
                    format!("\n{}{}", self.heading(&told), self.indices(indices))
                }
            };
        }
        text
    }

    fn indices(&self, indices: &SobolIndices) -> String {
        let telling = self.telling;
        let index = |index: Index| {
            let of = |value: f64| telling.numbers.decimal(value, 2);
            let (low, high) = (of(index.interval.0), of(index.interval.1));
            let value = of(index.value);
            tell!(telling, "{value} ({low}; {high})", "{value} ({low}, {high})")
        };
        let mut rows = vec![[
            String::new(),
            tell!(telling, "primo ordine", "first order"),
            tell!(telling, "totale", "total"),
        ]];
        for of_input in &indices.inputs {
            rows.push([self.name(of_input.input), index(of_input.first), index(of_input.total)]);
        }
        let order: Vec<usize> = indices.inputs.iter().map(|of_input| of_input.input).collect();
        table(&rows) + &self.indented(&self.order(indices.settled(), order.len(), &order))
    }
}

/// Names, and two columns of numbers on the right.
fn table(rows: &[[String; 3]]) -> String {
    let widest = |column: usize| rows.iter().map(|row| width(&row[column])).max().unwrap_or(0);
    let (names, low, high) = (widest(0).min(NAMES), widest(1), widest(2));
    let mut text = String::new();
    for row in rows {
        let mut lines = wrap(&row[0], names.max(8)).into_iter();
        let name = lines.next().unwrap_or_default();
        let line = format!("  {}  {}  {}", left(&name, names), right(&row[1], low), right(&row[2], high));
        text += &format!("{}\n", line.trim_end());
        for line in lines {
            text += &format!("  {line}\n");
        }
    }
    text
}
