//! Exceedance curves of one figure under several scenarios, over each other.

use super::axis::{AxisFormat, from_zero, range_of};
use super::distribution::ExceedancePoint;
use super::geometry::{Area, Point, clip_line, thin};
use super::palette::{Hue, Rgb};
use super::scene::{Stroke, Text, Weight, width, wrap};
use super::sheet::{Axis, LABEL, Sheet, X_AXIS};

/// The chance of exceeding each value, one curve a scenario, on a logarithmic scale.
#[derive(Clone, PartialEq, Debug)]
pub struct Curves {
    /// Title of the x axis.
    pub axis_label: String,
    /// How values are written.
    pub format: AxisFormat,
    /// Heading of the panel: "Chance of losing more".
    pub heading: String,
    /// The curves; up to six read well.
    pub series: Vec<CurveSeries>,
}

/// One curve.
#[derive(Clone, PartialEq, Debug)]
pub struct CurveSeries {
    /// Its name; the names stand at the right in the order of the curves' ends.
    pub label: String,
    /// Its hue; curves differ in their dashes too.
    pub hue: Hue,
    /// Points in order of value.
    pub points: Vec<ExceedancePoint>,
}

const HEIGHT: f64 = 360.0;
const SAMPLE: f64 = 26.0;

/// The dashes of the n-th curve.
fn stroke(index: usize) -> Stroke {
    match index % 4 {
        0 => Stroke::Solid,
        1 => Stroke::Dashed(10.0, 4.0),
        2 => Stroke::Dashed(4.0, 3.0),
        _ => Stroke::Dashed(2.0, 3.0),
    }
}

impl Curves {
    pub(super) fn draw(&self, sheet: &mut Sheet) -> f64 {
        let heading = format!("{} ({})", self.heading, sheet.words().logarithmic_scale);
        let top = sheet.heading(&heading, sheet.left, sheet.top, sheet.right - sheet.left) + 2.0;
        let seen = |point: &&ExceedancePoint| point.chance > 0.0 && point.chance.is_finite();
        let points = || self.series.iter().flat_map(|series| series.points.iter().filter(seen));
        let smallest = points().map(|point| point.chance).fold(1.0, f64::min);
        let Some((low, high)) = range_of(points().map(|point| point.value)) else {
            let area = Area { left: sheet.left, top, right: sheet.right, bottom: top + HEIGHT };
            sheet.empty_because(area, sheet.words().never_exceeded);
            return area.bottom;
        };
        let limit = (sheet.right - sheet.left) * 0.26;
        let names = self
            .series
            .iter()
            .flat_map(|series| wrap(&series.label, LABEL, Weight::Bold, limit))
            .map(|line| width(&line, LABEL, Weight::Bold))
            .fold(0.0, f64::max);
        let decades = (-libm::log10(smallest) - 1e-9).ceil().clamp(1.0, 12.0);
        let floor = 1.0 / libm::pow(10.0, decades);
        let y = Axis::probabilities(floor, (top + HEIGHT, top), sheet.numbers());
        let area = Area {
            left: sheet.left + y.gutter() + 10.0,
            top,
            right: sheet.right - names - SAMPLE - 26.0,
            bottom: top + HEIGHT,
        };
        sheet.y_axis(area, &y);
        let range = from_zero(low, high, 0.02);
        let x = Axis::horizontal(range, (area.left, area.right), self.format, sheet.numbers());
        for (index, series) in self.series.iter().enumerate() {
            let place =
                |point: &ExceedancePoint| Point { x: x.scale.at(point.value), y: y.scale.at(point.chance) };
            let line: Vec<Point> = series.points.iter().filter(seen).map(place).collect();
            for part in clip_line(&thin(&line), area) {
                sheet.scene.line(part, 2.25, series.hue.line(), stroke(index));
            }
            if let [only] = line[..] {
                sheet.scene.dot(only, 4.0, series.hue.line());
            }
        }
        sheet.x_axis(area, &x, &self.axis_label);
        self.draw_names(sheet, area, limit);
        area.bottom + X_AXIS
    }

    /// Names with a sample of their line, the curve that reaches farthest on top.
    fn draw_names(&self, sheet: &mut Sheet, area: Area, limit: f64) {
        let reach = |series: &CurveSeries| {
            series
                .points
                .iter()
                .map(|point| point.value)
                .filter(|value| value.is_finite())
                .fold(f64::MIN, f64::max)
        };
        let mut order: Vec<usize> = (0..self.series.len()).collect();
        order.sort_by(|&one, &other| reach(&self.series[other]).total_cmp(&reach(&self.series[one])));
        let mut y = area.top + 14.0;
        for index in order {
            let series = &self.series[index];
            let x = area.right + 16.0;
            let points = vec![Point { x, y: y - 4.0 }, Point { x: x + SAMPLE, y: y - 4.0 }];
            sheet.scene.line(points, 2.25, series.hue.line(), stroke(index));
            let colour = if series.points.is_empty() { Rgb::MUTED } else { series.hue.text() };
            for line in wrap(&series.label, LABEL, Weight::Bold, limit) {
                sheet.scene.text(Text::new(line, x + SAMPLE + 6.0, y, LABEL).bold().colour(colour));
                y += 16.0;
            }
            y += 6.0;
        }
    }
}
