//! One figure under several scenarios: a dot with its interval for each, and the way from the first one's dot.

use super::axis::{AxisFormat, range_of};
use super::geometry::{Area, Point};
use super::palette::{Hue, Rgb};
use super::scene::{Anchor, Stroke, Text, Weight, width, wrap};
use super::sheet::{Axis, LABEL, Sheet, X_AXIS};

/// Dots on one axis; the first row is what the others are compared with.
#[derive(Clone, PartialEq, Debug)]
pub struct Dumbbell {
    /// Title of the x axis; the place to say what the whiskers are.
    pub axis_label: String,
    /// How values are written.
    pub format: AxisFormat,
    /// From top to bottom, the first one being the reference.
    pub rows: Vec<DumbbellRow>,
}

/// One scenario.
#[derive(Clone, PartialEq, Debug)]
pub struct DumbbellRow {
    /// Its name, left of its dot.
    pub label: String,
    /// Its hue.
    pub hue: Hue,
    /// Where its dot is; `None` is printed as "no data".
    pub value: Option<f64>,
    /// The ends of the whisker.
    pub interval: Option<(f64, f64)>,
    /// Printed after the value: "+41 k€, better in 93 %". May be empty.
    pub note: String,
}

const PITCH: f64 = 36.0;
const WHISKER: f64 = 5.0;

impl Dumbbell {
    pub(super) fn draw(&self, sheet: &mut Sheet) -> f64 {
        let top = sheet.top + 4.0;
        let ends = self
            .rows
            .iter()
            .flat_map(|row| [row.value, row.interval.map(|ends| ends.0), row.interval.map(|ends| ends.1)]);
        let Some((low, high)) = range_of(ends.flatten()) else {
            let area = Area { left: sheet.left, top, right: sheet.right, bottom: top + 200.0 };
            sheet.empty(area);
            return area.bottom;
        };
        let room = sheet.right - sheet.left;
        let widest = |texts: &mut dyn Iterator<Item = f64>| texts.fold(0.0, f64::max);
        let names = widest(&mut self.rows.iter().flat_map(|row| {
            wrap(&row.label, LABEL, Weight::Regular, room * 0.28)
                .into_iter()
                .map(|line| width(&line, LABEL, Weight::Regular))
        }));
        let values =
            widest(&mut self.rows.iter().map(|row| width(&self.value_text(row, sheet), LABEL, Weight::Bold)));
        let notes = widest(&mut self.rows.iter().flat_map(|row| {
            wrap(&row.note, LABEL, Weight::Regular, room * 0.26)
                .into_iter()
                .map(|line| width(&line, LABEL, Weight::Regular))
        }));
        let air = (high - low) * 0.04;
        let (left, right) = (sheet.left + names + 14.0, sheet.right - values.max(notes) - 16.0);
        let axis = Axis::horizontal((low - air, high + air), (left, right), self.format, sheet.numbers());
        let heights: Vec<f64> = self
            .rows
            .iter()
            .map(|row| {
                let lines = |text: &str, share: f64| wrap(text, LABEL, Weight::Regular, room * share).len();
                let beside = 1 + lines(&row.note, 0.26);
                (lines(&row.label, 0.28).max(beside) as f64 * 16.0 + 8.0).max(PITCH)
            })
            .collect();
        let area = Area { left, top, right, bottom: top + heights.iter().sum::<f64>() + 2.0 };
        for tick in &axis.ticks.values {
            let x = axis.scale.at(*tick);
            sheet.scene.segment((x, area.top), (x, area.bottom), 1.0, Rgb::GRID);
        }
        let reference = self.rows.first().and_then(|row| row.value).filter(|value| value.is_finite());
        if let Some(reference) = reference {
            let x = axis.scale.at(reference);
            let points = vec![Point { x, y: area.top }, Point { x, y: area.bottom }];
            sheet.scene.line(points, 1.25, Rgb::AXIS, Stroke::Dashed(4.0, 4.0));
        }
        let mut y = top;
        for (row, height) in self.rows.iter().zip(heights) {
            self.draw_row(sheet, row, y + height / 2.0, names, (&axis, reference));
            y += height;
        }
        sheet.x_axis(area, &axis, &self.axis_label);
        area.bottom + X_AXIS
    }

    fn value_text(&self, row: &DumbbellRow, sheet: &Sheet) -> String {
        match row.value.filter(|value| value.is_finite()) {
            Some(value) => self.format.value(value, sheet.numbers()),
            None => sheet.words().no_data.to_owned(),
        }
    }

    fn draw_row(
        &self,
        sheet: &mut Sheet,
        row: &DumbbellRow,
        middle: f64,
        names: f64,
        (axis, reference): (&Axis, Option<f64>),
    ) {
        let room = sheet.right - sheet.left;
        let lines = wrap(&row.label, LABEL, Weight::Regular, room * 0.28);
        let first = middle - (lines.len() as f64 - 1.0) * 8.0 + LABEL * 0.35;
        for (index, line) in lines.into_iter().enumerate() {
            let baseline = first + 16.0 * index as f64;
            sheet.scene.text(Text::new(line, sheet.left + names, baseline, LABEL).anchor(Anchor::End));
        }
        if let Some(value) = row.value.filter(|value| value.is_finite()) {
            let at = axis.scale.at(value);
            if let Some(reference) = reference {
                let from = axis.scale.at(reference);
                sheet.scene.segment(
                    (from.min(at), middle),
                    (from.max(at), middle),
                    6.0,
                    row.hue.line().tint(45),
                );
            }
            if let Some((low, high)) = row.interval.filter(|(low, high)| low.is_finite() && high.is_finite())
            {
                let (low, high) = (axis.scale.at(low.min(high)), axis.scale.at(high.max(low)));
                sheet.scene.segment((low, middle), (high, middle), 1.75, Rgb::INK);
                for x in [low, high] {
                    sheet.scene.segment((x, middle - WHISKER), (x, middle + WHISKER), 1.75, Rgb::INK);
                }
            }
            sheet.scene.dot(Point { x: at, y: middle }, 6.0, row.hue.line());
        }
        let notes = wrap(&row.note, LABEL, Weight::Regular, room * 0.26);
        let text = self.value_text(row, sheet);
        let baseline = middle - notes.len() as f64 * 8.0 + LABEL * 0.35;
        sheet.scene.text(Text::new(text, sheet.right, baseline, LABEL).bold().anchor(Anchor::End));
        for (index, note) in notes.into_iter().enumerate() {
            let baseline = baseline + 16.0 * (index as f64 + 1.0);
            let text = Text::new(note, sheet.right, baseline, LABEL).anchor(Anchor::End);
            sheet.scene.text(text.colour(Rgb::MUTED));
        }
    }
}
