//! What one figure does when its assumptions move one at a time: a bar each, from its value at the low end of the
//! assumption to that at the high end, around the line of the base.

use super::axis::{AxisFormat, range_of};
use super::geometry::{Area, Point};
use super::palette::{Hue, Rgb};
use super::scene::{Anchor, Stroke, Text, Weight, width, wrap};
use super::sheet::{Axis, LABEL, Sheet, X_AXIS};

/// Bars around a base line, the widest first.
#[derive(Clone, PartialEq, Debug)]
pub struct Tornado {
    /// Title of the x axis: the figure with its unit.
    pub axis_label: String,
    /// How values are written.
    pub format: AxisFormat,
    /// Where the base line is.
    pub base: f64,
    /// What stands above the base line: its value in words.
    pub base_label: String,
    /// From top to bottom.
    pub rows: Vec<TornadoRow>,
}

/// One assumption.
#[derive(Clone, PartialEq, Debug)]
pub struct TornadoRow {
    /// Its name, left of the bars.
    pub label: String,
    /// At its low end.
    pub low: TornadoEnd,
    /// At its high end.
    pub high: TornadoEnd,
}

/// The figure at one end of an assumption.
#[derive(Clone, PartialEq, Debug)]
pub struct TornadoEnd {
    /// The assumption's value, printed at the end of the bar: "from 0.7%".
    pub label: String,
    /// The figure.
    pub value: f64,
    /// The ends of the whisker, if any.
    pub interval: Option<(f64, f64)>,
}

/// Hues of the low and the high end; the signs in the bars say the same.
const LOW: Hue = Hue::Blue;
const HIGH: Hue = Hue::Orange;
const BAR: f64 = 24.0;
const PITCH: f64 = 40.0;
const WHISKER: f64 = 4.0;
/// A bar narrower than this has no sign in it.
const ROOM_FOR_SIGN: f64 = 16.0;
/// Part of the sheet's width that names may take.
const NAMES: f64 = 0.24;

impl Tornado {
    pub(super) fn draw(&self, sheet: &mut Sheet) -> f64 {
        let top = sheet.top + 22.0;
        let ends = self.rows.iter().flat_map(|row| [&row.low, &row.high]).flat_map(|end| {
            let interval = end.interval.unwrap_or((end.value, end.value));
            [end.value, interval.0, interval.1]
        });
        let range = range_of(ends.chain([self.base]));
        let (Some((low, high)), false) = (range, self.rows.is_empty()) else {
            let area = Area { left: sheet.left, top, right: sheet.right, bottom: top + 200.0 };
            sheet.empty(area);
            return area.bottom;
        };
        let limit = (sheet.right - sheet.left) * NAMES;
        let text_width = |text: &str| width(text, LABEL, Weight::Regular);
        let names = self
            .rows
            .iter()
            .flat_map(|row| wrap(&row.label, LABEL, Weight::Regular, limit))
            .map(|line| text_width(&line))
            .fold(0.0, f64::max);
        let labels = self
            .rows
            .iter()
            .flat_map(|row| [&row.low, &row.high])
            .map(|end| text_width(&end.label))
            .fold(0.0, f64::max);
        let (left, right) = (sheet.left + names + labels + 24.0, sheet.right - labels - 12.0);
        let axis = Axis::horizontal((low, high), (left, right), self.format, sheet.numbers());
        let heights: Vec<f64> = self
            .rows
            .iter()
            .map(|row| {
                let lines = wrap(&row.label, LABEL, Weight::Regular, limit).len();
                (lines as f64 * 16.0 + 8.0).max(PITCH)
            })
            .collect();
        let area = Area { left, top, right, bottom: top + heights.iter().sum::<f64>() + 2.0 };
        for tick in &axis.ticks.values {
            let x = axis.scale.at(*tick);
            sheet.scene.segment((x, area.top), (x, area.bottom), 1.0, Rgb::GRID);
        }
        let mut y = top;
        for (row, height) in self.rows.iter().zip(heights) {
            self.draw_row(sheet, row, y + height / 2.0, (sheet.left + names, limit), &axis);
            y += height;
        }
        let base = axis.scale.at(self.base);
        let points = vec![Point { x: base, y: area.top - 4.0 }, Point { x: base, y: area.bottom }];
        sheet.scene.line(points, 1.5, Rgb::INK, Stroke::Dashed(6.0, 4.0));
        let half = width(&self.base_label, LABEL, Weight::Bold) / 2.0;
        let x = base.clamp(sheet.left + half, (sheet.right - half).max(sheet.left + half));
        let text = Text::new(self.base_label.clone(), x, area.top - 10.0, LABEL);
        sheet.scene.text(text.bold().anchor(Anchor::Middle));
        sheet.x_axis(area, &axis, &self.axis_label);
        area.bottom + X_AXIS
    }

    fn draw_row(
        &self,
        sheet: &mut Sheet,
        row: &TornadoRow,
        middle: f64,
        (names, limit): (f64, f64),
        axis: &Axis,
    ) {
        let lines = wrap(&row.label, LABEL, Weight::Regular, limit);
        let first = middle - (lines.len() as f64 - 1.0) * 8.0 + LABEL * 0.35;
        for (index, line) in lines.into_iter().enumerate() {
            let baseline = first + 16.0 * index as f64;
            sheet.scene.text(Text::new(line, names, baseline, LABEL).anchor(Anchor::End));
        }
        let (low_left, high_left) = row.sides(self.base);
        // Both ends on one side of the base: each has half of the height.
        let shared = low_left == high_left;
        for (end, hue, sign, leftwards, upper) in
            [(&row.low, LOW, "\u{2212}", low_left, true), (&row.high, HIGH, "+", high_left, false)]
        {
            let (top, bottom) = match (shared, upper) {
                (false, _) => (middle - BAR / 2.0, middle + BAR / 2.0),
                (true, true) => (middle - 18.0, middle - 1.0),
                (true, false) => (middle + 1.0, middle + 18.0),
            };
            self.draw_end(sheet, end, (hue, sign, leftwards), (top, bottom), axis);
        }
    }

    fn draw_end(
        &self,
        sheet: &mut Sheet,
        end: &TornadoEnd,
        (hue, sign, leftwards): (Hue, &str, bool),
        (top, bottom): (f64, f64),
        axis: &Axis,
    ) {
        let middle = f64::midpoint(top, bottom);
        let (base, at) = (axis.scale.at(self.base), axis.scale.at(end.value));
        let (left, right) = (base.min(at), base.max(at));
        if right > left {
            sheet.scene.rectangle(Area { left, top, right, bottom }, hue.bar());
        }
        // The sign stands between the base and the whisker.
        let whisker = end.interval.map_or(at, |(low, high)| {
            let nearer = if at < base { low.max(high) } else { low.min(high) };
            axis.scale.at(nearer)
        });
        let room = if at < base { base - whisker } else { whisker - base };
        if right > left && room >= ROOM_FOR_SIGN {
            let x = f64::midpoint(base, whisker);
            let text = Text::new(sign.to_string(), x, middle + LABEL * 0.35, LABEL);
            sheet.scene.text(text.bold().anchor(Anchor::Middle));
        }
        let (mut leftmost, mut rightmost) = (left, right);
        if let Some((low, high)) = end.interval.filter(|(low, high)| low.is_finite() && high.is_finite()) {
            let (low, high) = (axis.scale.at(low.min(high)), axis.scale.at(high.max(low)));
            sheet.scene.segment((low, middle), (high, middle), 1.75, Rgb::INK);
            for x in [low, high] {
                sheet.scene.segment((x, middle - WHISKER), (x, middle + WHISKER), 1.75, Rgb::INK);
            }
            (leftmost, rightmost) = (leftmost.min(low), rightmost.max(high));
        }
        let baseline = middle + LABEL * 0.35;
        let label = end.label.clone();
        sheet.scene.text(match leftwards {
            true => Text::new(label, leftmost - 7.0, baseline, LABEL).anchor(Anchor::End),
            false => Text::new(label, rightmost + 7.0, baseline, LABEL),
        });
    }
}

impl TornadoRow {
    /// Whether the low and the high end lie left of the base. An end that changes nothing stands opposite the other one.
    fn sides(&self, base: f64) -> (bool, bool) {
        match (self.low.value.total_cmp(&base), self.high.value.total_cmp(&base)) {
            (low, std::cmp::Ordering::Equal) if low.is_gt() => (false, true),
            (low, std::cmp::Ordering::Equal) if low.is_lt() => (true, false),
            (std::cmp::Ordering::Equal, high) => (high.is_ge(), high.is_lt()),
            (low, high) => (low.is_lt(), high.is_lt()),
        }
    }
}
