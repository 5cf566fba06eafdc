//! The chance of exceeding each value, in powers of ten, with its confidence band.

use super::axis::Scale;
use super::distribution::ExceedancePoint;
use super::geometry::{Area, Point, clip_line, clip_polygon, thin};
use super::palette::Hue;
use super::scene::Stroke;
use super::sheet::{Axis, Sheet};

/// An exceedance curve in one panel.
pub(super) struct Curve<'a> {
    pub points: &'a [ExceedancePoint],
    pub hue: Hue,
}

impl Curve<'_> {
    /// The lowest probability that the panel shows: the power of ten below the smallest one of the curve.
    fn floor(&self) -> f64 {
        let smallest = self
            .points
            .iter()
            .map(|point| point.chance)
            .filter(|chance| *chance > 0.0 && chance.is_finite())
            .fold(1.0, f64::min);
        let decades = (-libm::log10(smallest) - 1e-9).ceil().clamp(1.0, 12.0);
        1.0 / libm::pow(10.0, decades)
    }

    pub fn axis(&self, pixels: (f64, f64), sheet: &Sheet) -> Axis {
        Axis::probabilities(self.floor(), pixels, sheet.numbers())
    }

    pub fn heading(&self, heading: &str, sheet: &mut Sheet, top: f64) -> f64 {
        let words = sheet.words();
        let heading = if self.points.iter().any(|point| point.interval.is_some()) {
            format!("{heading} ({}; {})", words.logarithmic_scale, words.confidence_band)
        } else {
            format!("{heading} ({})", words.logarithmic_scale)
        };
        sheet.heading(&heading, sheet.left, top, sheet.right - sheet.left)
    }

    pub fn draw(&self, sheet: &mut Sheet, area: Area, x: &Scale) {
        if !self.points.iter().any(|point| point.chance > 0.0) {
            let reason = sheet.words().never_exceeded;
            sheet.empty_because(area, reason);
            return;
        }
        let axis = self.axis((area.bottom, area.top), sheet);
        sheet.y_axis(area, &axis);
        let place = |value: f64, chance: f64| Point { x: x.at(value), y: axis.scale.at(chance) };
        let banded = self
            .points
            .iter()
            .filter_map(|point| point.interval.map(|band| (point.value, band)))
            .filter(|(value, band)| value.is_finite() && band.0.is_finite() && band.1.is_finite());
        let upper: Vec<Point> = banded.clone().map(|(value, band)| place(value, band.1)).collect();
        let lower: Vec<Point> = banded.map(|(value, band)| place(value, band.0)).collect();
        let mut band = thin(&upper);
        band.extend(thin(&lower).into_iter().rev());
        sheet.scene.polygon(clip_polygon(&band, area), self.hue.confidence(), 1.0);
        let line: Vec<Point> = self.points.iter().map(|point| place(point.value, point.chance)).collect();
        for part in clip_line(&thin(&line), area) {
            sheet.scene.line(part, 2.25, self.hue.line(), Stroke::Solid);
        }
        if let [only] = self.points {
            let point = place(only.value, only.chance);
            if point.y <= area.bottom {
                sheet.scene.dot(point, 4.0, self.hue.line());
            }
        }
    }
}
