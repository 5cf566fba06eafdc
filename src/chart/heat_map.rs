//! A table of numbers whose cells are shaded by size: scenarios under economies.

use super::axis::{AxisFormat, range_of};
use super::geometry::Area;
use super::palette::{Hue, Rgb};
use super::scene::{Anchor, Text, Weight, width, wrap};
use super::sheet::{LABEL, Sheet};

/// Rows and columns of numbers; every number is printed, so that shade is never the only carrier.
#[derive(Clone, PartialEq, Debug)]
pub struct HeatMap {
    /// Heads of the columns.
    pub columns: Vec<String>,
    /// Rows, from top to bottom.
    pub rows: Vec<HeatRow>,
    /// How values are written.
    pub format: AxisFormat,
    /// What a frame around a cell means: "best of its row". May be empty.
    pub frame_means: String,
}

/// A row.
#[derive(Clone, PartialEq, Debug)]
pub struct HeatRow {
    /// Its name, left of its cells.
    pub label: String,
    /// One for each column.
    pub cells: Vec<HeatCell>,
}

/// A cell.
#[derive(Clone, PartialEq, Debug)]
pub struct HeatCell {
    /// Its number; `None` is printed as "no data".
    pub value: Option<f64>,
    /// Printed small below the number, such as its error; may be empty.
    pub note: String,
    /// Framed, for what [`HeatMap::frame_means`] says.
    pub framed: bool,
}

/// Shades from the smallest to the largest fifth of the range: tints of blue, all with dark or white text of at least
/// 4.5 to 1.
const SHADES: [u16; 5] = [6, 22, 40, 64, 100];
const CELL_HEIGHT: f64 = 46.0;
const GAP: f64 = 3.0;

impl HeatMap {
    pub(super) fn draw(&self, sheet: &mut Sheet) -> f64 {
        let values = self.rows.iter().flat_map(|row| row.cells.iter().filter_map(|cell| cell.value));
        let range = range_of(values);
        if self.columns.is_empty() || range.is_none() {
            let top = sheet.top + 4.0;
            let area = Area { left: sheet.left, top, right: sheet.right, bottom: top + 200.0 };
            sheet.empty(area);
            return area.bottom;
        }
        let room = sheet.right - sheet.left;
        let names_limit = room * 0.3;
        let names = self
            .rows
            .iter()
            .flat_map(|row| wrap(&row.label, LABEL, Weight::Regular, names_limit))
            .map(|line| width(&line, LABEL, Weight::Regular))
            .fold(0.0, f64::max);
        let left = sheet.left + names + 12.0;
        let pitch = (sheet.right - left) / self.columns.len() as f64;
        let heads: Vec<Vec<String>> =
            self.columns.iter().map(|head| wrap(head, LABEL, Weight::Bold, pitch - 8.0)).collect();
        let head_lines = heads.iter().map(Vec::len).max().unwrap_or(1) as f64;
        let mut y = sheet.top + 4.0 + head_lines * 16.0;
        for (column, lines) in heads.iter().enumerate() {
            let x = left + pitch * (column as f64 + 0.5);
            for (index, line) in lines.iter().rev().enumerate() {
                let baseline = y - 4.0 - 16.0 * index as f64;
                sheet.scene.text(Text::new(line, x, baseline, LABEL).bold().anchor(Anchor::Middle));
            }
        }
        y += 4.0;
        for row in &self.rows {
            let lines = wrap(&row.label, LABEL, Weight::Regular, names_limit);
            let height = CELL_HEIGHT.max(lines.len() as f64 * 16.0 + 8.0);
            let first = y + height / 2.0 - (lines.len() as f64 - 1.0) * 8.0 + LABEL * 0.35;
            for (index, line) in lines.into_iter().enumerate() {
                let baseline = first + 16.0 * index as f64;
                sheet.scene.text(Text::new(line, left - 12.0, baseline, LABEL).anchor(Anchor::End));
            }
            for (column, cell) in row.cells.iter().enumerate() {
                let area = Area {
                    left: left + pitch * column as f64,
                    top: y,
                    right: left + pitch * (column as f64 + 1.0) - GAP,
                    bottom: y + height - GAP,
                };
                self.draw_cell(sheet, cell, area, range.unwrap_or((0.0, 1.0)));
            }
            y += height;
        }
        if !self.frame_means.is_empty() {
            let swatch = Area { left, top: y + 8.0, right: left + 16.0, bottom: y + 20.0 };
            frame(sheet, swatch);
            sheet.scene.text(Text::new(&self.frame_means, left + 22.0, y + 19.0, LABEL).colour(Rgb::MUTED));
            y += 24.0;
        }
        y
    }

    fn draw_cell(&self, sheet: &mut Sheet, cell: &HeatCell, area: Area, (low, high): (f64, f64)) {
        let centre = area.centre();
        let Some(value) = cell.value.filter(|value| value.is_finite()) else {
            sheet.scene.rectangle(area, Rgb::GRID.tint(50));
            let text = Text::new(sheet.words().no_data, centre.x, centre.y + LABEL * 0.35, LABEL);
            sheet.scene.text(text.anchor(Anchor::Middle).colour(Rgb::MUTED));
            return;
        };
        let class = (((value - low) / (high - low) * SHADES.len() as f64) as usize).min(SHADES.len() - 1);
        sheet.scene.rectangle(area, Hue::Blue.line().tint(SHADES[class]));
        let ink = if class == SHADES.len() - 1 { Rgb::PAPER } else { Rgb::INK };
        let figure = self.format.value(value, sheet.numbers());
        let baseline = if cell.note.is_empty() { centre.y + LABEL * 0.35 } else { centre.y - 2.0 };
        sheet
            .scene
            .text(Text::new(figure, centre.x, baseline, LABEL).bold().anchor(Anchor::Middle).colour(ink));
        let note = wrap(&cell.note, 11.0, Weight::Regular, area.width() - 6.0).into_iter().next();
        let note = Text::new(note.unwrap_or_default(), centre.x, centre.y + 13.0, 11.0);
        sheet.scene.text(note.anchor(Anchor::Middle).colour(ink));
        if cell.framed {
            frame(sheet, area);
        }
    }
}

/// A dark frame inside the border of an area.
fn frame(sheet: &mut Sheet, area: Area) {
    let (left, right) = (area.left + 1.5, area.right - 1.5);
    let (top, bottom) = (area.top + 1.5, area.bottom - 1.5);
    for (from, to) in [
        ((left, top), (right, top)),
        ((left, bottom), (right, bottom)),
        ((left, top), (left, bottom)),
        ((right, top), (right, bottom)),
    ] {
        sheet.scene.segment(from, to, 3.0, Rgb::INK);
    }
}
