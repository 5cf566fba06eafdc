//! How a figure is spread over the paths: a histogram with named values, and the chance of exceeding each value.

use super::axis::AxisFormat;
use super::curve::Curve;
use super::flags::{Flags, Horizontal, marker_flags};
use super::geometry::Area;
use super::histogram::Heights;
use super::palette::{Hue, Rgb};
use super::sheet::{Sheet, X_AXIS};

/// The figure that is spread: what it is called, how it is written, its hue.
#[derive(Clone, PartialEq, Debug)]
pub struct ValueAxis {
    /// Title of the x axis: "Loss of the fund over its life".
    pub label: String,
    /// How its values are written.
    pub format: AxisFormat,
    /// Hue of bars and curve.
    pub hue: Hue,
}

/// A bar: paths with a value from `from` up to `to`. If both are equal, paths with exactly that value: a spike.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Bin {
    /// Lower bound.
    pub from: f64,
    /// Upper bound, not below `from`.
    pub to: f64,
    /// Number of paths.
    pub count: u64,
}

/// What a named value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MarkerKind {
    /// A statistic of the figure itself: a solid line.
    Statistic,
    /// A line not to be crossed: black and dashed.
    Threshold,
}

/// A named value on the axis: "VaR 99 %". The formatted value is printed after the name.
#[derive(Clone, PartialEq, Debug)]
pub struct Marker {
    /// Its name.
    pub label: String,
    /// Where it is.
    pub value: f64,
    /// Statistic or threshold.
    pub kind: MarkerKind,
}

/// A histogram with named values.
///
/// Heights are shares of all paths per interval of the usual (median) width; bins of another width are drawn by
/// density. A spike far taller than the bars is cut, marked as cut, and labelled with its share. The axis does not
/// follow a few extreme paths: its title says how many lie beyond it.
#[derive(Clone, PartialEq, Debug)]
pub struct Histogram {
    /// The figure.
    pub axis: ValueAxis,
    /// Bars, in order.
    pub bins: Vec<Bin>,
    /// Named values.
    pub markers: Vec<Marker>,
}

/// A point of an exceedance curve.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ExceedancePoint {
    /// The value x.
    pub value: f64,
    /// Estimated probability of a value above x, 0 to 1.
    pub chance: f64,
    /// Confidence interval of that probability, if known.
    pub interval: Option<(f64, f64)>,
}

/// The chance of exceeding each value, on a logarithmic scale, with its confidence band.
#[derive(Clone, PartialEq, Debug)]
pub struct Exceedance {
    /// The figure.
    pub axis: ValueAxis,
    /// Heading: "Chance of losing more".
    pub heading: String,
    /// Points in order of value.
    pub points: Vec<ExceedancePoint>,
    /// Named values.
    pub markers: Vec<Marker>,
}

/// A histogram above the exceedance curve of the same figure, sharing the x axis.
#[derive(Clone, PartialEq, Debug)]
pub struct LossDistribution {
    /// Upper panel, and the axis and markers of both.
    pub histogram: Histogram,
    /// Heading of the lower panel: "Chance of losing more".
    pub curve_heading: String,
    /// The curve, in order of value.
    pub curve: Vec<ExceedancePoint>,
}

const HISTOGRAM_ABOVE: f64 = 190.0;
const CURVE_BELOW: f64 = 170.0;
const CURVE_ALONE: f64 = 340.0;

impl LossDistribution {
    pub(super) fn draw(&self, sheet: &mut Sheet) -> f64 {
        let histogram = &self.histogram;
        let heading = histogram.heading(sheet);
        let top = sheet.heading(&heading, sheet.left, sheet.top, sheet.right - sheet.left);
        let Some(range) = histogram.range(&self.curve) else {
            let area = Area {
                left: sheet.left,
                top,
                right: sheet.right,
                bottom: top + HISTOGRAM_ABOVE + CURVE_BELOW,
            };
            sheet.empty(area);
            return area.bottom;
        };
        let heights = Heights::of(&histogram.bins);
        let curve = Curve { points: &self.curve, hue: histogram.axis.hue };
        let gutter =
            heights.axis((1.0, 0.0), sheet).gutter().max(curve.axis((1.0, 0.0), sheet).gutter()) + 8.0;
        let horizontal = Horizontal::new(range, histogram.axis.format, sheet, gutter);
        let flags = Flags::new(&histogram.flag_texts(&heights, sheet), &horizontal, sheet);
        let upper = horizontal.area(top + flags.height(), HISTOGRAM_ABOVE);
        histogram.draw_bars(sheet, upper, &heights, &horizontal.axis.scale);
        sheet.scene.segment((upper.left, upper.bottom), (upper.right, upper.bottom), 1.0, Rgb::AXIS);
        flags.draw(sheet, upper);

        let top = curve.heading(&self.curve_heading, sheet, upper.bottom + 24.0);
        let lower = horizontal.area(top + 10.0, CURVE_BELOW);
        curve.draw(sheet, lower, &horizontal.axis.scale);
        flags.draw_lines(sheet, lower);
        sheet.x_axis(lower, &horizontal.axis, &histogram.axis_title(sheet));
        lower.bottom + X_AXIS
    }
}

impl Exceedance {
    pub(super) fn draw(&self, sheet: &mut Sheet) -> f64 {
        let curve = Curve { points: &self.points, hue: self.axis.hue };
        let top = curve.heading(&self.heading, sheet, sheet.top);
        let probe = Histogram { axis: self.axis.clone(), bins: Vec::new(), markers: self.markers.clone() };
        let Some(range) = probe.range(&self.points) else {
            let area = Area { left: sheet.left, top, right: sheet.right, bottom: top + CURVE_ALONE };
            sheet.empty(area);
            return area.bottom;
        };
        let gutter = curve.axis((1.0, 0.0), sheet).gutter() + 8.0;
        let horizontal = Horizontal::new(range, self.axis.format, sheet, gutter);
        let flags = Flags::new(&marker_flags(&self.markers, self.axis.format, sheet), &horizontal, sheet);
        let area = horizontal.area(top + flags.height(), CURVE_ALONE);
        curve.draw(sheet, area, &horizontal.axis.scale);
        flags.draw(sheet, area);
        sheet.x_axis(area, &horizontal.axis, &self.axis.label);
        area.bottom + X_AXIS
    }
}
