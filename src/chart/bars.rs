//! Horizontal bars: mean values with their intervals, and stacks of parts.

use super::axis::{AxisFormat, from_zero, range_of};
use super::geometry::Area;
use super::palette::{Hue, Rgb};
use super::scene::{Anchor, Stroke, Text, Weight, width, wrap};
use super::sheet::{Axis, HEADING, LABEL, Sheet, X_AXIS};
use super::{fan::Threshold, geometry::Point};

/// Bars from zero, in groups.
#[derive(Clone, PartialEq, Debug)]
pub struct GroupedBars {
    /// Title of the x axis; the place to say what the whiskers are.
    pub axis_label: String,
    /// How values are written.
    pub format: AxisFormat,
    /// The groups, from top to bottom.
    pub groups: Vec<BarGroup>,
    /// A vertical black dashed line, if any.
    pub threshold: Option<Threshold>,
}

/// Bars under one heading.
#[derive(Clone, PartialEq, Debug)]
pub struct BarGroup {
    /// Its heading; may be empty.
    pub title: String,
    /// The bars, from top to bottom.
    pub bars: Vec<Bar>,
}

/// One bar.
#[derive(Clone, PartialEq, Debug)]
pub struct Bar {
    /// Its name, left of it.
    pub label: String,
    /// Its hue.
    pub hue: Hue,
    /// Its length; `None` is printed as "no data".
    pub value: Option<f64>,
    /// The ends of the whisker.
    pub interval: Option<(f64, f64)>,
    /// Another value to compare the bar with: a ring. What it is must be said in the axis title. Where bars have
    /// rings, both numbers stand in columns at the right.
    pub reference: Option<f64>,
}

/// Bars made of parts, each row with its total and the list of its parts.
#[derive(Clone, PartialEq, Debug)]
pub struct StackedBars {
    /// Title of the x axis; may be empty.
    pub axis_label: String,
    /// How values are written.
    pub format: AxisFormat,
    /// The rows, from top to bottom.
    pub rows: Vec<StackRow>,
}

/// One stack.
#[derive(Clone, PartialEq, Debug)]
pub struct StackRow {
    /// Its name, above it.
    pub label: String,
    /// Its parts, from the left. A part below zero is listed but has no length.
    pub parts: Vec<StackPart>,
}

/// A part of a stack.
#[derive(Clone, PartialEq, Debug)]
pub struct StackPart {
    /// Its name.
    pub label: String,
    /// Its hue.
    pub hue: Hue,
    /// Its size.
    pub value: f64,
}

const BAR: f64 = 18.0;
const BAR_PITCH: f64 = 32.0;
const GROUP_GAP: f64 = 14.0;
const STACK: f64 = 34.0;
const LIST_LINE: f64 = 19.0;
const SWATCH: f64 = 10.0;
/// Radius of the ring of a reference.
const RING: f64 = 5.0;
/// From the column of values to that of references, with a ring in between.
const RING_GAP: f64 = 32.0;

impl GroupedBars {
    pub(super) fn draw(&self, sheet: &mut Sheet) -> f64 {
        let top = sheet.top + if self.threshold.is_some() { 22.0 } else { 4.0 };
        let Some(range) = self.range() else {
            let area = Area { left: sheet.left, top, right: sheet.right, bottom: top + 260.0 };
            sheet.empty(area);
            return area.bottom;
        };
        let limit = (sheet.right - sheet.left) * 0.3;
        let bars = || self.groups.iter().flat_map(|group| &group.bars);
        let names = bars()
            .flat_map(|bar| wrap(&bar.label, LABEL, Weight::Regular, limit))
            .map(|line| width(&line, LABEL, Weight::Regular))
            .fold(0.0, f64::max);
        let values =
            bars().map(|bar| width(&self.value_text(bar, sheet), LABEL, Weight::Bold)).fold(0.0, f64::max);
        let references = bars().filter_map(|bar| self.reference_text(bar, sheet));
        let references = references.map(|text| width(&text, LABEL, Weight::Regular)).reduce(f64::max);
        let columns = references.map(|references| values + RING_GAP + references);
        let (left, right) = (sheet.left + names + 12.0, sheet.right - columns.unwrap_or(values) - 14.0);
        let value_column = references.map(|references| sheet.right - references - RING_GAP);
        let axis = Axis::horizontal(range, (left, right), self.format, sheet.numbers());

        // Lines first, so that bars lie on them.
        let grid_at = sheet.scene.marks.len();
        let mut y = top;
        let mut stretches: Vec<(f64, f64)> = Vec::new();
        for group in &self.groups {
            if !group.title.is_empty() {
                y = sheet.heading(&group.title, sheet.left, y, sheet.right - sheet.left) + 6.0;
            }
            let from = y;
            for bar in &group.bars {
                self.draw_bar(sheet, bar, y, (sheet.left + names, limit), &axis, value_column);
                y += BAR_PITCH.max(wrap(&bar.label, LABEL, Weight::Regular, limit).len() as f64 * 16.0 + 6.0);
            }
            stretches.push((from, y));
            y += GROUP_GAP;
        }
        let area = Area { left, top: top - 2.0, right, bottom: y - GROUP_GAP + 2.0 };
        // Lines stop at the headings of groups, and the last ones at the axis.
        if let Some(last) = stretches.last_mut() {
            last.1 = area.bottom;
        }
        let drawn = sheet.scene.marks.split_off(grid_at);
        for tick in &axis.ticks.values {
            let x = axis.scale.at(*tick);
            for (from, to) in &stretches {
                sheet.scene.segment((x, *from), (x, *to), 1.0, Rgb::GRID);
            }
        }
        sheet.scene.marks.extend(drawn);
        let zero = axis.scale.at(0.0);
        for (from, to) in &stretches {
            sheet.scene.segment((zero, *from), (zero, *to), 1.0, Rgb::AXIS);
        }
        if let Some(threshold) = &self.threshold {
            self.draw_threshold(sheet, area, axis.scale.at(threshold.value), threshold);
        }
        sheet.x_axis(area, &axis, &self.axis_label);
        area.bottom + X_AXIS
    }

    fn range(&self) -> Option<(f64, f64)> {
        let bars = self.groups.iter().flat_map(|group| &group.bars);
        let ends = bars
            .flat_map(|bar| [bar.value, bar.interval.map(|i| i.0), bar.interval.map(|i| i.1), bar.reference]);
        let data = range_of(ends.flatten())?;
        let threshold = self.threshold.iter().map(|threshold| threshold.value);
        let (low, high) = range_of(threshold.chain([data.0, data.1]))?;
        // A single value is widened on both sides; bars start from zero all the same.
        let low = if self.has_negative() { low } else { 0.0 };
        Some(from_zero(low, high, 0.02))
    }

    fn has_negative(&self) -> bool {
        let bars = self.groups.iter().flat_map(|group| &group.bars);
        let mut ends = bars.flat_map(|bar| [bar.value, bar.interval.map(|i| i.0), bar.reference]).flatten();
        ends.any(|end| end < 0.0) || self.threshold.iter().any(|threshold| threshold.value < 0.0)
    }

    fn value_text(&self, bar: &Bar, sheet: &Sheet) -> String {
        match bar.value.filter(|value| value.is_finite()) {
            Some(value) => self.format.value(value, sheet.numbers()),
            None => sheet.words().no_data.to_owned(),
        }
    }

    fn reference_text(&self, bar: &Bar, sheet: &Sheet) -> Option<String> {
        let value = bar.reference.filter(|value| value.is_finite())?;
        Some(self.format.value(value, sheet.numbers()))
    }

    fn draw_bar(
        &self,
        sheet: &mut Sheet,
        bar: &Bar,
        y: f64,
        (names, limit): (f64, f64),
        axis: &Axis,
        value_column: Option<f64>,
    ) {
        let lines = wrap(&bar.label, LABEL, Weight::Regular, limit);
        let middle = y + BAR_PITCH.max(lines.len() as f64 * 16.0 + 6.0) / 2.0;
        let first = middle - (lines.len() as f64 - 1.0) * 8.0 + LABEL * 0.35;
        for (index, line) in lines.into_iter().enumerate() {
            let baseline = first + 16.0 * index as f64;
            sheet.scene.text(Text::new(line, names, baseline, LABEL).anchor(Anchor::End));
        }
        let zero = axis.scale.at(0.0);
        let mut end = zero;
        if let Some(value) = bar.value.filter(|value| value.is_finite()) {
            let at = axis.scale.at(value);
            let area = Area {
                left: at.min(zero),
                top: middle - BAR / 2.0,
                right: at.max(zero),
                bottom: middle + BAR / 2.0,
            };
            sheet.scene.rectangle(area, bar.hue.bar());
            end = end.max(at);
        }
        if let Some((low, high)) = bar.interval.filter(|(low, high)| low.is_finite() && high.is_finite()) {
            let (low, high) = (axis.scale.at(low.min(high)), axis.scale.at(high.max(low)));
            sheet.scene.segment((low, middle), (high, middle), 1.75, Rgb::INK);
            for x in [low, high] {
                sheet.scene.segment((x, middle - 4.0), (x, middle + 4.0), 1.75, Rgb::INK);
            }
            end = end.max(high);
        }
        if let Some(reference) = bar.reference.filter(|value| value.is_finite()) {
            let centre = Point { x: axis.scale.at(reference), y: middle };
            draw_ring(sheet, centre);
            end = end.max(centre.x + RING);
        }
        let label = self.value_text(bar, sheet);
        if let Some(column) = value_column {
            let baseline = middle + LABEL * 0.35;
            let value = Text::new(label, column, baseline, LABEL).bold().anchor(Anchor::End);
            sheet.scene.text(value);
            if let Some(text) = self.reference_text(bar, sheet) {
                draw_ring(sheet, Point { x: column + RING_GAP - RING - 5.0, y: middle });
                sheet.scene.text(Text::new(text, sheet.right, baseline, LABEL).anchor(Anchor::End));
            }
            return;
        }
        let mut x = end + 9.0;
        if let Some(threshold) = &self.threshold {
            // A number that the threshold would strike through stands behind it.
            let line = axis.scale.at(threshold.value);
            if (x - 4.0..x + width(&label, LABEL, Weight::Bold) + 4.0).contains(&line) {
                x = line + 7.0;
            }
        }
        let text = Text::new(label, x, middle + LABEL * 0.35, LABEL);
        sheet.scene.text(match bar.value.filter(|value| value.is_finite()) {
            Some(_) => text.bold(),
            None => text.colour(Rgb::MUTED),
        });
    }

    fn draw_threshold(&self, sheet: &mut Sheet, area: Area, x: f64, threshold: &Threshold) {
        let points = vec![Point { x, y: area.top - 4.0 }, Point { x, y: area.bottom }];
        sheet.scene.line(points, 1.5, Rgb::INK, Stroke::Dashed(6.0, 4.0));
        let label = format!("{} {}", threshold.label, self.format.exact(threshold.value, sheet.numbers()));
        let half = width(&label, LABEL, Weight::Bold) / 2.0;
        let x = x.clamp(sheet.left + half, (sheet.right - half).max(sheet.left + half));
        sheet.scene.text(Text::new(label, x, area.top - 10.0, LABEL).bold().anchor(Anchor::Middle));
    }
}

fn draw_ring(sheet: &mut Sheet, centre: Point) {
    sheet.scene.dot(centre, RING, Rgb::INK);
    sheet.scene.dot(centre, RING - 2.0, Rgb::PAPER);
}

impl StackedBars {
    pub(super) fn draw(&self, sheet: &mut Sheet) -> f64 {
        let longest = self.rows.iter().map(StackRow::total).fold(0.0, f64::max);
        if self.rows.is_empty() || longest <= 0.0 {
            let top = sheet.top + 4.0;
            let area = Area { left: sheet.left, top, right: sheet.right, bottom: top + 260.0 };
            sheet.empty(area);
            return area.bottom;
        }
        let (left, right) = (sheet.left, sheet.right - 10.0);
        let axis = Axis::horizontal((0.0, longest), (left, right), self.format, sheet.numbers());
        let mut y = sheet.top + 4.0;
        for row in &self.rows {
            y = self.draw_row(sheet, row, y, &axis) + 22.0;
        }
        let area = Area { left, top: sheet.top, right, bottom: y - 8.0 };
        sheet.x_axis(area, &axis, &self.axis_label);
        area.bottom + if self.axis_label.is_empty() { X_AXIS - 20.0 } else { X_AXIS }
    }

    fn draw_row(&self, sheet: &mut Sheet, row: &StackRow, top: f64, axis: &Axis) -> f64 {
        let numbers = sheet.numbers();
        let total = row.total();
        let figure = format!("{} {}", sheet.words().total, self.format.value(total, numbers));
        let room = width(&figure, LABEL, Weight::Bold) + 20.0;
        let figure_at = sheet.right;
        let baseline = top + HEADING * 0.8;
        sheet.scene.text(Text::new(figure, figure_at, baseline, LABEL).bold().anchor(Anchor::End));
        let top = sheet.heading(&row.label, sheet.left, top, sheet.right - sheet.left - room) + 4.0;

        let mut start = 0.0;
        for part in row.parts.iter().filter(|part| part.value.is_finite() && part.value > 0.0) {
            let (left, right) = (axis.scale.at(start), axis.scale.at(start + part.value));
            let gap = if right - left >= 4.0 { 1.0 } else { 0.0 };
            let area = Area { left, top, right: right - gap, bottom: top + STACK };
            sheet.scene.hatched(area, part.hue.part(), part.hue.hatch());
            start += part.value;
        }
        self.draw_list(sheet, row, top + STACK + 6.0, total)
    }

    /// The parts by name and size, each after a square of its colour, in as many lines as needed.
    fn draw_list(&self, sheet: &mut Sheet, row: &StackRow, top: f64, total: f64) -> f64 {
        let numbers = sheet.numbers();
        let (mut x, mut baseline) = (sheet.left, top + LABEL);
        for part in &row.parts {
            let figure = self.format.value(part.value, numbers);
            let figure = match self.format {
                AxisFormat::Percent => figure,
                _ if total > 0.0 && part.value >= 0.0 => {
                    format!("{figure} ({})", sheet.phrases().readable_percent(part.value / total))
                }
                _ => figure,
            };
            let name = wrap(&part.label, LABEL, Weight::Regular, (sheet.right - sheet.left) * 0.5);
            let name = name.into_iter().next().unwrap_or_default();
            let name_width = width(&name, LABEL, Weight::Regular) + 5.0;
            let whole = SWATCH + 6.0 + name_width + width(&figure, LABEL, Weight::Bold);
            if x + whole > sheet.right && x > sheet.left {
                x = sheet.left;
                baseline += LIST_LINE;
            }
            let swatch = Area { left: x, top: baseline - SWATCH, right: x + SWATCH, bottom: baseline };
            sheet.scene.hatched(swatch, part.hue.part(), part.hue.hatch());
            sheet.scene.text(Text::new(name, x + SWATCH + 6.0, baseline, LABEL));
            sheet.scene.text(Text::new(figure, x + SWATCH + 6.0 + name_width, baseline, LABEL).bold());
            x += whole + 20.0;
        }
        baseline + 4.0
    }
}

impl StackRow {
    /// The length of the whole stack.
    fn total(&self) -> f64 {
        self.parts
            .iter()
            .map(|part| part.value)
            .filter(|value| value.is_finite())
            .map(|value| value.max(0.0))
            .sum()
    }
}
