//! Two figures against each other, one dot a mix: which ones are worth choosing, and which have a name.

use super::axis::{AxisFormat, range_of};
use super::geometry::{Area, Point};
use super::palette::{Hue, Rgb};
use super::placement::spread;
use super::scene::{Anchor, Text, Weight, width, wrap};
use super::sheet::{Axis, LABEL, Sheet, X_AXIS};

/// A cloud of mixes.
#[derive(Clone, PartialEq, Debug)]
pub struct Scatter {
    /// Title and format of the x axis.
    pub x: (String, AxisFormat),
    /// Title and format of the y axis.
    pub y: (String, AxisFormat),
    /// The dots.
    pub points: Vec<ScatterPoint>,
}

/// One mix.
#[derive(Clone, PartialEq, Debug)]
pub struct ScatterPoint {
    /// Where it is.
    pub at: (f64, f64),
    /// The ends of its whiskers, drawn for mixes with a name.
    pub intervals: ((f64, f64), (f64, f64)),
    /// Its hue; grey and small for mixes that another one beats.
    pub hue: Hue,
    /// Whether another one beats it.
    pub beaten: bool,
    /// Its name, if it has one.
    pub label: Option<String>,
}

const HEIGHT: f64 = 430.0;
const LINE: f64 = 16.0;

impl Scatter {
    pub(super) fn draw(&self, sheet: &mut Sheet) -> f64 {
        let heading = self.y.0.clone();
        let top = sheet.heading(&heading, sheet.left, sheet.top, sheet.right - sheet.left) + 4.0;
        let ranges = range_of(self.points.iter().map(|point| point.at.0))
            .zip(range_of(self.points.iter().map(|point| point.at.1)));
        let Some(((x_low, x_high), (y_low, y_high))) = ranges else {
            let area = Area { left: sheet.left, top, right: sheet.right, bottom: top + HEIGHT };
            sheet.empty(area);
            return area.bottom;
        };
        let limit = (sheet.right - sheet.left) * 0.27;
        let lines = |label: &str| wrap(label, LABEL, Weight::Bold, limit);
        let named: Vec<&ScatterPoint> = self.points.iter().filter(|point| point.label.is_some()).collect();
        let names = named
            .iter()
            .flat_map(|point| lines(point.label.as_deref().unwrap_or_default()))
            .map(|line| width(&line, LABEL, Weight::Bold))
            .fold(0.0, f64::max);
        let air = |low: f64, high: f64| (low - 0.04 * (high - low), high + 0.04 * (high - low));
        let numbers = sheet.numbers();
        let y = Axis::linear(air(y_low, y_high), (top + HEIGHT, top), 6, self.y.1, numbers);
        let area = Area {
            left: sheet.left + y.gutter() + 10.0,
            top,
            right: sheet.right - if names > 0.0 { names + 40.0 } else { 0.0 },
            bottom: top + HEIGHT,
        };
        sheet.y_axis(area, &y);
        let x = Axis::horizontal(air(x_low, x_high), (area.left, area.right), self.x.1, numbers);
        let place = |point: &ScatterPoint| Point { x: x.scale.at(point.at.0), y: y.scale.at(point.at.1) };
        // Beaten mixes first, so that the others lie on them.
        for beaten in [true, false] {
            for point in self.points.iter().filter(|point| point.beaten == beaten && point.label.is_none()) {
                let (radius, colour) = match beaten {
                    true => (3.0, Rgb::AXIS.tint(45)),
                    false => (4.5, point.hue.line()),
                };
                sheet.scene.dot(place(point), radius, colour);
            }
        }
        let wishes: Vec<(f64, f64)> = named
            .iter()
            .map(|point| {
                let count = lines(point.label.as_deref().unwrap_or_default()).len() as f64;
                (place(point).y, LINE * count + 6.0)
            })
            .collect();
        // `spread` keeps the order of wishes: from top to bottom.
        let mut order: Vec<usize> = (0..named.len()).collect();
        order.sort_by(|&one, &other| wishes[one].0.total_cmp(&wishes[other].0));
        let sorted: Vec<(f64, f64)> = order.iter().map(|&index| wishes[index]).collect();
        let middles = spread(&sorted, area.top, area.bottom);
        for (&index, middle) in order.iter().zip(middles) {
            let point = named[index];
            let at = place(point);
            let ((x_from, x_to), (y_from, y_to)) = point.intervals;
            let clamp = |value: f64, low: f64, high: f64| value.clamp(low.min(high), low.max(high));
            let horizontal = [x_from, x_to].map(|end| clamp(x.scale.at(end), area.left, area.right));
            let vertical = [y_from, y_to].map(|end| clamp(y.scale.at(end), area.top, area.bottom));
            sheet.scene.segment((horizontal[0], at.y), (horizontal[1], at.y), 1.5, Rgb::INK);
            sheet.scene.segment((at.x, vertical[0]), (at.x, vertical[1]), 1.5, Rgb::INK);
            sheet.scene.dot(at, 7.0, Rgb::INK);
            sheet.scene.dot(at, 5.5, point.hue.line());
            sheet.scene.segment((at.x + 8.0, at.y), (area.right + 14.0, middle), 0.75, Rgb::AXIS);
            let label = lines(point.label.as_deref().unwrap_or_default());
            let first = middle - (label.len() as f64 - 1.0) * LINE / 2.0 + LABEL * 0.35;
            for (index, line) in label.into_iter().enumerate() {
                let baseline = first + LINE * index as f64;
                let text = Text::new(line, area.right + 18.0, baseline, LABEL);
                sheet.scene.text(text.bold().colour(point.hue.text()).anchor(Anchor::Start));
            }
        }
        sheet.x_axis(area, &x, &self.x.0);
        area.bottom + X_AXIS
    }
}
