//! Mixes under economies: a heat map for each headline measure.

use super::{Teller, measure_file};
use crate::chart::{AxisFormat, Chart, Figure, FigureReading, HeatCell, HeatMap, HeatRow};
use crate::paired::Direction;
use crate::paired::grid::Grid;
use crate::report::comparison::regret_sentence;
use crate::report::telling::{axis_format, tell};

impl Teller<'_> {
    /// One row an economy, one column a mix.
    pub(super) fn heat_map(&self, grid: &Grid) -> Result<Chart, String> {
        let telling = self.telling;
        let metric = grid.measure.metric;
        let rows: Vec<HeatRow> = self
            .comparison
            .economies
            .iter()
            .zip(&grid.cells)
            .enumerate()
            .map(|(economy, (named, cells))| HeatRow {
                label: named.title.clone(),
                cells: cells
                    .iter()
                    .enumerate()
                    .map(|(mix, cell)| HeatCell {
                        value: cell.map(|cell| cell.estimate.value),
                        note: cell.map_or(String::new(), |cell| {
                            let half = cell.estimate.interval().1 - cell.estimate.value;
                            match axis_format(metric) {
                                AxisFormat::Ratio(_) => format!("± {}", telling.bare_error(metric, half)),
                                AxisFormat::Euro | AxisFormat::Percent | AxisFormat::Count => {
                                    format!("± {}", self.value(metric, half))
                                }
                            }
                        }),
                        framed: grid.best_mix[economy] == Some(mix),
                    })
                    .collect(),
            })
            .collect();
        if rows.iter().all(|row| row.cells.iter().all(|cell| cell.value.is_none())) {
            return Err(tell!(
                telling,
                "I percorsi sono troppo pochi per stimare questa grandezza",
                "Too few paths to estimate this figure"
            ));
        }
        let name = self.telling.measure(&grid.measure);
        let title = self.grid_title(grid, &name);
        let frame_means = match grid.measure.direction() {
            Direction::Neither => String::new(),
            Direction::Up | Direction::Down => {
                tell!(telling, "il mix migliore in quell’economia", "the best mix in that economy")
            }
        };
        let subtitle = tell!(
            telling,
            "{name}, per economia (righe) e mix (colonne), sugli stessi percorsi; ± metà dell’intervallo al 95\u{a0}%",
            "{name}, by economy (rows) and mix (columns), on the same paths; ± half of the 95% interval"
        );
        let read = grid.cells[0].first().copied().flatten().map_or(String::new(), |cell| {
            let (economy, mix) = (&self.comparison.economies[0].title, &self.comparison.scenarios[0].title);
            let value = self.value(metric, cell.estimate.value);
            tell!(telling, "«{mix}» in «{economy}»: {value}.", "\"{mix}\" in \"{economy}\": {value}.")
        });
        let reading = FigureReading {
            see: tell!(
                telling,
                "Una riga per economia, una colonna per mix; più scuro è un valore più grande.",
                "One row an economy, one column a mix; darker is larger."
            ),
            read,
            means: regret_sentence(self.comparison, grid).unwrap_or_default(),
        };
        let figure = Figure::HeatMap(HeatMap {
            columns: self.comparison.scenarios.iter().map(|named| named.title.clone()).collect(),
            rows,
            format: axis_format(metric),
            frame_means,
        });
        Ok(self.chart(&measure_file("grid", &grid.measure), title, subtitle, reading, figure))
    }

    fn grid_title(&self, grid: &Grid, name: &str) -> String {
        let telling = self.telling;
        let best: Vec<Option<usize>> = grid.best_mix.clone();
        match best[0] {
            Some(mix) if best.iter().all(|&other| other == Some(mix)) => {
                let title = &self.comparison.scenarios[mix].title;
                tell!(
                    telling,
                    "{name}: «{title}» è il migliore in ogni economia",
                    "{name}: \"{title}\" is best in every economy"
                )
            }
            Some(_) => tell!(
                telling,
                "{name}: il mix migliore dipende dall’economia",
                "{name}: which mix is best depends on the economy"
            ),
            None => name.to_string(),
        }
    }
}
