//! Figures over time: a median in bands that hold 50, 80 or 95 % of the paths, one or more panels.

use super::axis::{AxisFormat, from_zero, range_of, widened};
use super::edge::{EdgeLabel, LEADER, draw_edge_labels, edge_labels, widest_first};
use super::geometry::{Area, Point, clip_line, clip_polygon};
use super::palette::{Hue, Rgb};
use super::scene::{Anchor, Stroke, Text, Weight, width};
use super::sheet::{Axis, LABEL, Sheet};
use crate::units::Quarter;

/// How panels are arranged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    /// Side by side, on one y scale: the same figure for several groups. All panels use the first one's format.
    Columns,
    /// One above the other, each on its own y scale: different figures of one thing.
    Rows,
}

/// A chart over quarters.
#[derive(Clone, PartialEq, Debug)]
pub struct Fan {
    /// The quarter of the first value of every series.
    pub first_quarter: Quarter,
    /// Until when the past is known, if it is: a thin upright line in every panel.
    pub now: Option<Now>,
    /// How panels are arranged.
    pub layout: Layout,
    /// The panels; one to four read well.
    pub panels: Vec<FanPanel>,
}

/// The last quarter that is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Now {
    /// Quarters after the first.
    pub quarter: u32,
    /// What stands beside the line: "today".
    pub label: String,
}

/// One panel.
#[derive(Clone, PartialEq, Debug)]
pub struct FanPanel {
    /// Its heading, with the unit where the ticks do not say it; may be empty.
    pub title: String,
    /// How its values are written.
    pub format: AxisFormat,
    /// The y range, if it is not to follow the data; what lies outside is cut.
    pub range: Option<(f64, f64)>,
    /// The series; one or two read well.
    pub series: Vec<FanSeries>,
    /// Lines not to be crossed: black and dashed.
    pub thresholds: Vec<Threshold>,
}

/// One figure over time. All series have one value per quarter; `None` is a gap.
#[derive(Clone, PartialEq, Debug)]
pub struct FanSeries {
    /// Printed at the right edge with the last median: "median", "Guarantee reserve".
    pub label: String,
    /// Its hue.
    pub hue: Hue,
    /// The bands, in any order.
    pub bands: Vec<Band>,
    /// The median.
    pub median: Vec<Option<f64>>,
    /// The mean, if it is to be shown: dashed.
    pub mean: Option<Vec<Option<f64>>>,
    /// A few single paths as thin lines: what one future looks like.
    pub samples: Vec<Vec<Option<f64>>>,
}

/// A band between two quantiles.
#[derive(Clone, PartialEq, Debug)]
pub struct Band {
    /// The share of paths inside: 0.5, 0.8, 0.95.
    pub share: f64,
    /// Lower bound per quarter.
    pub lower: Vec<Option<f64>>,
    /// Upper bound per quarter.
    pub upper: Vec<Option<f64>>,
}

/// A value not to be crossed.
#[derive(Clone, PartialEq, Debug)]
pub struct Threshold {
    /// Its name; the formatted value is printed after it.
    pub label: String,
    /// Where it is.
    pub value: f64,
    /// Position of the quarter by whose end it must be reached; `None`: it holds always.
    pub until: Option<usize>,
}

const HEIGHT: f64 = 390.0;
/// Width at which labels at the right edge are broken.
const WIDEST_LABEL: f64 = 170.0;
const BETWEEN_COLUMNS: f64 = 26.0;

impl Fan {
    pub(super) fn draw(&self, sheet: &mut Sheet) -> f64 {
        let quarters = self.panels.iter().map(FanPanel::quarters).max().unwrap_or(0);
        if quarters == 0 || self.panels.iter().all(|panel| panel.data_range().is_none()) {
            let area = Area {
                left: sheet.left,
                top: sheet.top + 8.0,
                right: sheet.right,
                bottom: sheet.top + 8.0 + HEIGHT,
            };
            sheet.empty(area);
            return area.bottom;
        }
        match self.layout {
            Layout::Columns => self.draw_columns(sheet, quarters),
            Layout::Rows => self.draw_rows(sheet, quarters),
        }
    }

    pub(super) fn has_samples(&self) -> bool {
        self.panels.iter().flat_map(|panel| &panel.series).any(|series| !series.samples.is_empty())
    }

    /// Side by side on one scale, at most three in a row.
    fn draw_columns(&self, sheet: &mut Sheet, quarters: usize) -> f64 {
        let range = self
            .panels
            .iter()
            .filter_map(FanPanel::y_range)
            .reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
            .unwrap_or((0.0, 1.0));
        let format = self.panels[0].format;
        let gutter = Axis::linear(range, (1.0, 0.0), 6, format, sheet.numbers()).gutter() + 8.0;
        let per_row = match self.panels.len() {
            4 => 2,
            count => count.min(3),
        };
        let height = if self.panels.len() > per_row { HEIGHT * 0.6 } else { HEIGHT };
        let count = per_row as f64;
        let room = (sheet.right - sheet.left - gutter - BETWEEN_COLUMNS * (count - 1.0)) / count;
        let limit = if per_row == 1 { WIDEST_LABEL } else { (room * 0.24).max(62.0) };
        let labels: Vec<Vec<EdgeLabel>> =
            self.panels.iter().map(|panel| edge_labels(panel, sheet, limit)).collect();
        let label_width = labels.iter().flatten().map(EdgeLabel::width).fold(0.0, f64::max);
        let left_of = |column: usize| sheet.left + gutter + column as f64 * (room + BETWEEN_COLUMNS);
        let lefts: Vec<f64> = (0..per_row).map(left_of).collect();

        let mut top = sheet.top;
        for (row, row_labels) in self.panels.chunks(per_row).zip(labels.chunks(per_row)) {
            let mut below = top;
            for (column, panel) in row.iter().enumerate() {
                let start = if column == 0 { sheet.left } else { lefts[column] };
                let heading = sheet.heading(&panel.title, start, top, lefts[column] + room - start);
                below = below.max(heading);
            }
            top = below + 10.0;
            for (column, (panel, labels)) in row.iter().zip(row_labels).enumerate() {
                let left = lefts[column];
                let area =
                    Area { left, top, right: left + room - LEADER - label_width, bottom: top + height };
                let mut axis = Axis::linear(range, (area.bottom, area.top), 6, format, sheet.numbers());
                if column > 0 {
                    axis.labels.iter_mut().for_each(String::clear);
                }
                panel.draw(sheet, area, &axis, labels, quarters);
                self.draw_now(sheet, area, quarters);
                self.draw_years(sheet, area, quarters);
            }
            top += height + 44.0;
        }
        top - 20.0
    }

    fn draw_rows(&self, sheet: &mut Sheet, quarters: usize) -> f64 {
        let axes: Vec<Option<(f64, f64)>> = self.panels.iter().map(FanPanel::y_range).collect();
        let axis_of = |panel: &FanPanel, range: &Option<(f64, f64)>, pixels: (f64, f64), sheet: &Sheet| {
            let most = if self.panels.len() == 1 { 6 } else { 5 };
            Axis::linear(range.unwrap_or((0.0, 1.0)), pixels, most, panel.format, sheet.numbers())
        };
        let gutter = self
            .panels
            .iter()
            .zip(&axes)
            .map(|(panel, range)| axis_of(panel, range, (1.0, 0.0), sheet).gutter())
            .fold(0.0, f64::max)
            + 8.0;
        let labels: Vec<Vec<EdgeLabel>> =
            self.panels.iter().map(|panel| edge_labels(panel, sheet, WIDEST_LABEL)).collect();
        let label_width = labels.iter().flatten().map(EdgeLabel::width).fold(0.0, f64::max);
        let height = match self.panels.len() {
            1 => HEIGHT,
            // The first panel is the story, the others explain it.
            count => (HEIGHT + 40.0 * (count - 1) as f64) / (count as f64 + 0.5),
        };
        let (left, right) = (sheet.left + gutter, sheet.right - LEADER - label_width);
        let mut top = sheet.top;
        let last = self.panels.len() - 1;
        for (index, panel) in self.panels.iter().enumerate() {
            top = sheet.heading(&panel.title, sheet.left, top, sheet.right - sheet.left) + 10.0;
            let high = if index == 0 && last > 0 { height * 1.5 } else { height };
            let area = Area { left, top, right, bottom: top + high };
            let axis = axis_of(panel, &axes[index], (area.bottom, area.top), sheet);
            panel.draw(sheet, area, &axis, &labels[index], quarters);
            self.draw_now(sheet, area, quarters);
            if index == last {
                self.draw_years(sheet, area, quarters);
            } else {
                sheet.scene.segment((area.left, area.bottom), (area.right, area.bottom), 1.0, Rgb::AXIS);
            }
            top = area.bottom + 26.0;
        }
        top
    }

    /// Where the past ends; the label stands on the side of the future, or before the line where there is no room.
    fn draw_now(&self, sheet: &mut Sheet, area: Area, quarters: usize) {
        let Some(now) = self.now.as_ref().filter(|now| (now.quarter as usize) < quarters) else { return };
        let x = x_of(now.quarter as usize, quarters, area);
        let line = vec![Point { x, y: area.top }, Point { x, y: area.bottom }];
        sheet.scene.line(line, 1.0, Rgb::MUTED, Stroke::Dashed(2.0, 3.0));
        let room = width(&now.label, LABEL, Weight::Regular) + 5.0;
        let (at, anchor) =
            if x + room <= area.right { (x + 5.0, Anchor::Start) } else { (x - 5.0, Anchor::End) };
        let label = Text::new(&now.label, at, area.top + LABEL, LABEL).anchor(anchor).colour(Rgb::MUTED);
        sheet.scene.text(label);
    }

    /// Years under the plot, at most six, each at its first quarter.
    fn draw_years(&self, sheet: &mut Sheet, area: Area, quarters: usize) {
        sheet.scene.segment((area.left, area.bottom), (area.right, area.bottom), 1.0, Rgb::AXIS);
        let years: Vec<(usize, i32)> = (0..quarters)
            .map(|index| (index, self.first_quarter.plus(index as u32)))
            .filter(|(index, quarter)| quarter.number() == 1 || quarters < 4 && *index == 0)
            .map(|(index, quarter)| (index, quarter.year()))
            .collect();
        let room = (area.width() / (width("2030", LABEL, Weight::Regular) + 14.0)).floor().clamp(2.0, 6.0);
        let every = [1, 2, 3, 4, 5, 10, 20, 50]
            .into_iter()
            .find(|every| {
                years.iter().filter(|(_, year)| year.rem_euclid(*every) == 0).count() as f64 <= room
            })
            .unwrap_or(100);
        for (index, year) in years.iter().filter(|(_, year)| years.len() == 1 || year.rem_euclid(every) == 0)
        {
            let x = x_of(*index, quarters, area);
            sheet.scene.segment((x, area.bottom), (x, area.bottom + 5.0), 1.0, Rgb::AXIS);
            sheet.tick_label(x, area.bottom + 19.0, &year.to_string());
        }
    }
}

/// Where a quarter is drawn.
fn x_of(index: usize, quarters: usize, area: Area) -> f64 {
    if quarters <= 1 {
        return area.centre().x;
    }
    area.left + area.width() * index as f64 / (quarters - 1) as f64
}

impl FanPanel {
    fn quarters(&self) -> usize {
        self.series.iter().flat_map(FanSeries::lines).map(<[Option<f64>]>::len).max().unwrap_or(0)
    }

    fn data_range(&self) -> Option<(f64, f64)> {
        range_of(self.series.iter().flat_map(FanSeries::lines).flatten().copied().flatten())
    }

    /// The range of bands, medians and means: a single path may leave the panel, and does not flatten the rest.
    fn main_range(&self) -> Option<(f64, f64)> {
        let lines = self.series.iter().flat_map(FanSeries::main_lines).flatten();
        range_of(lines.copied().flatten()).or_else(|| self.data_range())
    }

    fn y_range(&self) -> Option<(f64, f64)> {
        if let Some((low, high)) = self.range {
            return Some(widened(low.min(high), high.max(low)));
        }
        let (low, high) = self.main_range()?;
        let (low, high) = range_of(self.thresholds.iter().map(|line| line.value).chain([low, high]))?;
        Some(from_zero(low, high, 0.05))
    }

    fn draw(&self, sheet: &mut Sheet, area: Area, axis: &Axis, labels: &[EdgeLabel], quarters: usize) {
        if self.data_range().is_none() {
            sheet.empty(area);
            return;
        }
        sheet.y_axis(area, axis);
        let place =
            |index: usize, value: f64| Point { x: x_of(index, quarters, area), y: axis.scale.at(value) };
        for series in &self.series {
            for (rank, band) in widest_first(series).into_iter().enumerate() {
                self.draw_band(sheet, area, band, rank, series.hue, &place);
            }
        }
        for (position, series) in self.series.iter().enumerate() {
            for sample in &series.samples {
                draw_line(sheet, area, sample, &place, (0.75, Rgb::SAMPLE, Stroke::Solid));
            }
            if let Some(mean) = &series.mean {
                draw_line(sheet, area, mean, &place, (1.75, series.hue.text(), Stroke::Dashed(5.0, 4.0)));
            }
            // The second of two series is told from the first without its hue.
            let stroke = if position == 0 { Stroke::Solid } else { Stroke::Dashed(12.0, 3.0) };
            draw_line(sheet, area, &series.median, &place, (2.5, series.hue.text(), stroke));
        }
        let zero = axis.scale.at(0.0);
        if zero > area.top && zero < area.bottom - 1.0 {
            sheet.scene.segment((area.left, zero), (area.right, zero), 1.0, Rgb::AXIS);
        }
        for threshold in &self.thresholds {
            let y = axis.scale.at(threshold.value);
            let line = [Point { x: area.left, y }, Point { x: area.right, y }];
            let Some(until) = threshold.until else {
                for part in clip_line(&line, area) {
                    sheet.scene.line(part, 1.5, Rgb::INK, Stroke::Dashed(6.0, 4.0));
                }
                continue;
            };
            // Up to its quarter it counts; the rest of the line only leads to its label.
            let end = Point { x: x_of(until, quarters, area), y };
            let [counts, leads] = [[line[0], end], [end, line[1]]];
            for part in clip_line(&counts, area) {
                sheet.scene.line(part, 1.5, Rgb::INK, Stroke::Dashed(6.0, 4.0));
            }
            for part in clip_line(&leads, area) {
                sheet.scene.line(part, 0.75, Rgb::INK, Stroke::Dashed(1.5, 4.0));
            }
            sheet.scene.segment((end.x, end.y - 6.0), (end.x, end.y + 6.0), 2.5, Rgb::INK);
        }
        draw_edge_labels(sheet, area, axis, labels, |index| x_of(index, quarters, area));
    }

    /// One band: each unbroken run of quarters is a polygon.
    fn draw_band(
        &self,
        sheet: &mut Sheet,
        area: Area,
        band: &Band,
        rank: usize,
        hue: Hue,
        place: &impl Fn(usize, f64) -> Point,
    ) {
        let both: Vec<Option<(f64, f64)>> = band
            .lower
            .iter()
            .zip(&band.upper)
            .map(|bounds| match bounds {
                (Some(low), Some(high)) if low.is_finite() && high.is_finite() => Some((*low, *high)),
                _ => None,
            })
            .collect();
        // Where two series share a panel their bands may cross: thin paint shows both.
        let (fill, opacity) = match self.series.len() {
            0 | 1 => (hue.band(rank), 1.0),
            _ => (hue.line(), 0.22),
        };
        for run in runs(&both) {
            let mut polygon: Vec<Point> = run.iter().map(|(index, bounds)| place(*index, bounds.1)).collect();
            polygon.extend(run.iter().rev().map(|(index, bounds)| place(*index, bounds.0)));
            if let [upper, lower] = polygon[..] {
                // A single quarter between gaps still has a width that can be seen.
                polygon = [(upper, -3.0), (upper, 3.0), (lower, 3.0), (lower, -3.0)]
                    .map(|(point, shift)| Point { x: point.x + shift, y: point.y })
                    .to_vec();
            }
            sheet.scene.polygon(clip_polygon(&polygon, area), fill, opacity);
        }
    }
}

impl FanSeries {
    fn lines(&self) -> impl Iterator<Item = &[Option<f64>]> {
        self.main_lines().chain(self.samples.iter().map(Vec::as_slice))
    }

    /// All but single paths.
    fn main_lines(&self) -> impl Iterator<Item = &[Option<f64>]> {
        let bands = self.bands.iter().flat_map(|band| [band.lower.as_slice(), band.upper.as_slice()]);
        bands.chain([self.median.as_slice()]).chain(self.mean.as_deref())
    }
}

/// The unbroken runs of a line, with the positions of their values.
fn runs<T: Copy>(line: &[Option<T>]) -> Vec<Vec<(usize, T)>> {
    let mut runs: Vec<Vec<(usize, T)>> = Vec::new();
    let mut open = false;
    for (index, value) in line.iter().enumerate() {
        match value {
            Some(value) if open => runs.last_mut().expect("a run is open").push((index, *value)),
            Some(value) => runs.push(vec![(index, *value)]),
            None => {}
        }
        open = value.is_some();
    }
    runs
}

fn draw_line(
    sheet: &mut Sheet,
    area: Area,
    line: &[Option<f64>],
    place: &impl Fn(usize, f64) -> Point,
    (width, colour, stroke): (f64, Rgb, Stroke),
) {
    let finite: Vec<Option<f64>> = line.iter().map(|value| value.filter(|value| value.is_finite())).collect();
    for run in runs(&finite) {
        let mut points: Vec<Point> = run.iter().map(|(index, value)| place(*index, *value)).collect();
        if let [only] = points[..] {
            points = vec![Point { x: only.x - 3.0, y: only.y }, Point { x: only.x + 3.0, y: only.y }];
        }
        for part in clip_line(&points, area) {
            sheet.scene.line(part, width, colour, stroke);
        }
    }
}
