//! `tornado.csv` and `sobol.csv`: one number a row and figure, locale-free.

use super::Sensitivity;
use crate::paired::Measure;
use crate::report::number_text::{fixed, natural};
use crate::report::table_shape::studies;
use crate::report::tables::{Table, statistic_name};
use crate::scenario::LineNumber;
use crate::sensitivity::indices::Index;
use crate::sensitivity::tornado::End;
use crate::spreadsheet::safe;

pub(super) fn line_word(measure: &Measure) -> &'static str {
    measure.line.map_or("all", LineNumber::word)
}

fn flag(flag: bool) -> String {
    u8::from(flag).to_string()
}

fn maybe(flagged: Option<bool>) -> String {
    flagged.map_or(String::new(), flag)
}

/// `tornado.csv`: each input's low and high end, what the figure is there, and its paired difference to the base.
pub fn tornado_csv(sensitivity: &Sensitivity) -> String {
    let mut table = Table::shaped(&studies::TORNADO);
    for of_measure in &sensitivity.tornado.measures {
        let Some((base, _)) = of_measure.base else { continue };
        let measure = of_measure.measure;
        let unit = measure.metric.unit();
        for (rank, bar) in of_measure.bars.iter().enumerate() {
            let input = &sensitivity.inputs[bar.input];
            let ends = &sensitivity.tornado.ends[bar.input];
            let mut cells = vec![
                measure.metric.id().to_string(),
                line_word(&measure).to_string(),
                unit.word().to_string(),
                statistic_name(measure.statistic),
                (rank + 1).to_string(),
                safe(&input.id),
                safe(&input.keys.join(" ")),
                input.change.word().to_string(),
                ends.low.0.to_string(),
                ends.base.0.to_string(),
                ends.high.0.to_string(),
                natural(unit, base.value),
                natural(unit, base.std_error),
            ];
            let end = |end: &End| {
                let difference = end.difference.difference;
                [end.estimate.value, difference.value, difference.std_error].map(|value| natural(unit, value))
            };
            cells.extend(end(&bar.low));
            cells.extend(end(&bar.high));
            cells.extend([natural(unit, bar.width.value), natural(unit, bar.width.std_error)]);
            cells.extend([flag(bar.is_beyond_noise()), maybe(bar.wider_than_next)]);
            table.row(&cells);
        }
    }
    table.into_text()
}

/// `sobol.csv`: first-order and total indices with their bootstrap intervals; `None` without `--global`.
pub fn sobol_csv(sensitivity: &Sensitivity) -> Option<String> {
    let global = sensitivity.global.as_ref()?;
    let mut table = Table::shaped(&studies::SOBOL);
    for (measure, indices) in &global.measures {
        let Some(indices) = indices else { continue };
        for (rank, of_input) in indices.inputs.iter().enumerate() {
            let mut cells = vec![
                measure.metric.id().to_string(),
                line_word(measure).to_string(),
                measure.metric.unit().word().to_string(),
                statistic_name(measure.statistic),
                (rank + 1).to_string(),
                safe(&sensitivity.inputs[of_input.input].id),
            ];
            let index =
                |index: Index| [index.value, index.interval.0, index.interval.1].map(|value| fixed(value, 6));
            cells.extend(index(of_input.first));
            cells.extend(index(of_input.total));
            cells.push(maybe(of_input.larger_than_next));
            cells.extend([global.rows.to_string(), global.runs.to_string(), global.paths.to_string()]);
            table.row(&cells);
        }
    }
    Some(table.into_text())
}
