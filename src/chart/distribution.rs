//! How a figure is spread over the paths: a histogram with named values, and the chance of exceeding each value.

use super::axis::{AxisFormat, Scale, from_zero, range_of};
use super::geometry::{Area, Point, clip_line, clip_polygon, thin};
use super::palette::{Hue, Rgb};
use super::placement::{Flag, FlagPlace, place_flags};
use super::scene::{Stroke, Text, Weight, clean, width};
use super::sheet::{Axis, LABEL, Sheet, X_AXIS};

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
/// density. A spike far taller than the bars is cut, marked as cut, and labelled with its share.
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

const HISTOGRAM_ALONE: f64 = 340.0;
const HISTOGRAM_ABOVE: f64 = 190.0;
const CURVE_BELOW: f64 = 170.0;
const CURVE_ALONE: f64 = 340.0;
const FLAG_ROW: f64 = 20.0;
const SPIKE_WIDTH: f64 = 7.0;

impl Histogram {
    pub(super) fn draw(&self, sheet: &mut Sheet) -> f64 {
        let heading = self.heading(sheet);
        let top = sheet.heading(&heading, sheet.left, sheet.top, sheet.right - sheet.left);
        let Some(range) = self.range(&[]) else {
            let area = Area { left: sheet.left, top, right: sheet.right, bottom: top + HISTOGRAM_ALONE };
            sheet.empty(area);
            return area.bottom;
        };
        let heights = Heights::of(&self.bins);
        let gutter = heights.axis((1.0, 0.0), sheet).gutter() + 8.0;
        let horizontal = Horizontal::new(range, self.axis.format, sheet, gutter);
        let flags = Flags::new(&self.flag_texts(&heights, sheet), &horizontal, sheet);
        let area = horizontal.area(top + flags.height(), HISTOGRAM_ALONE);
        self.draw_bars(sheet, area, &heights, &horizontal.axis.scale);
        flags.draw(sheet, area);
        sheet.x_axis(area, &horizontal.axis, &self.axis.label);
        area.bottom + X_AXIS
    }

    fn heading(&self, sheet: &Sheet) -> String {
        let heights = Heights::of(&self.bins);
        let width = self.axis.format.value(heights.width, sheet.numbers());
        if heights.width > 0.0 {
            sheet.phrases().share_of_paths_per(&width)
        } else {
            sheet.words().share_of_all_paths.to_owned()
        }
    }

    /// The range of the x axis: everything that is drawn; from zero unless the data is far from it.
    fn range(&self, curve: &[ExceedancePoint]) -> Option<(f64, f64)> {
        let filled = self.bins.iter().filter(|bin| bin.count > 0).flat_map(|bin| [bin.from, bin.to]);
        let data = range_of(filled.chain(curve.iter().map(|point| point.value)))?;
        let markers = self.markers.iter().map(|marker| marker.value);
        let (low, high) = range_of(markers.chain([data.0, data.1]))?;
        Some(if low >= 0.0 && low < high * 0.5 {
            from_zero(0.0, high, 0.02)
        } else {
            let air = (high - low) * 0.02;
            (low - air, high + air)
        })
    }

    /// Labels of markers and spikes, with the position and the style of each.
    fn flag_texts(&self, heights: &Heights, sheet: &Sheet) -> Vec<FlagText> {
        let numbers = sheet.numbers();
        let mut flags = marker_flags(&self.markers, self.axis.format, sheet);
        for bin in &self.bins {
            if bin.from == bin.to && bin.count > 0 {
                let value = self.axis.format.value(bin.from, numbers);
                flags.push(FlagText {
                    value: bin.from,
                    name: String::new(),
                    figure: sheet.phrases().share_exactly_at(heights.share(bin), &value),
                    colour: self.axis.hue.text(),
                    line: FlagLine::Spike,
                });
            }
        }
        flags
    }

    fn draw_bars(&self, sheet: &mut Sheet, area: Area, heights: &Heights, x: &Scale) {
        let axis = heights.axis((area.bottom, area.top), sheet);
        sheet.y_axis(area, &axis);
        let at = |value: f64| x.at(value).clamp(area.left, area.right);
        for bin in self.bins.iter().filter(|bin| bin.count > 0 && bin.to > bin.from) {
            let (left, right) = (at(bin.from), at(bin.to));
            // A hair of paper between neighbours, where there is room for it.
            let gap = if right - left >= 4.0 { 0.5 } else { 0.0 };
            let top = axis.scale.at(heights.height(bin)).max(area.top);
            let bar = Area { left: left + gap, top, right: right - gap, bottom: area.bottom };
            sheet.scene.rectangle(bar, self.axis.hue.line().tint(70));
        }
        for bin in self.bins.iter().filter(|bin| bin.count > 0 && bin.to == bin.from) {
            let centre = at(bin.from).clamp(area.left + SPIKE_WIDTH / 2.0, area.right - SPIKE_WIDTH / 2.0);
            let full = axis.scale.at(heights.height(bin));
            let bar = Area {
                left: centre - SPIKE_WIDTH / 2.0,
                top: full.max(area.top),
                right: centre + SPIKE_WIDTH / 2.0,
                bottom: area.bottom,
            };
            sheet.scene.rectangle(bar, self.axis.hue.text());
            if full < area.top {
                // Cut: two slanted strokes of paper across the bar.
                for y in [area.top + 12.0, area.top + 18.0] {
                    sheet.scene.segment(
                        (bar.left - 2.0, y + 3.0),
                        (bar.right + 2.0, y - 3.0),
                        2.5,
                        Rgb::PAPER,
                    );
                }
            }
        }
    }
}

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
        sheet.x_axis(lower, &horizontal.axis, &histogram.axis.label);
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

/// The x axis of one or two panels.
struct Horizontal {
    axis: Axis,
    left: f64,
    right: f64,
}

impl Horizontal {
    fn new(range: (f64, f64), format: AxisFormat, sheet: &Sheet, gutter: f64) -> Horizontal {
        let (left, right) = (sheet.left + gutter, sheet.right - 8.0);
        Horizontal { axis: Axis::horizontal(range, (left, right), format, sheet.numbers()), left, right }
    }

    fn area(&self, top: f64, height: f64) -> Area {
        Area { left: self.left, top, right: self.right, bottom: top + height }
    }
}

/// How tall bars are.
struct Heights {
    total: f64,
    /// The usual width of a bin; 0 if all bins are spikes.
    width: f64,
    /// The tallest height that is drawn whole.
    tallest: f64,
}

impl Heights {
    fn of(bins: &[Bin]) -> Heights {
        let total = bins.iter().map(|bin| bin.count as f64).sum::<f64>().max(1.0);
        let mut widths: Vec<f64> = bins
            .iter()
            .map(|bin| bin.to - bin.from)
            .filter(|width| *width > 0.0 && width.is_finite())
            .collect();
        widths.sort_by(f64::total_cmp);
        let width = widths.get(widths.len() / 2).copied().unwrap_or(0.0);
        let mut heights = Heights { total, width, tallest: 0.0 };
        let tallest = |spikes: bool, heights: &Heights| {
            bins.iter()
                .filter(|bin| (bin.from == bin.to) == spikes)
                .map(|bin| heights.height(bin))
                .fold(0.0, f64::max)
        };
        let (bar, spike) = (tallest(false, &heights), tallest(true, &heights));
        heights.tallest = if bar > 0.0 && spike > 1.6 * bar { bar * 1.25 } else { bar.max(spike) * 1.06 };
        heights
    }

    fn share(&self, bin: &Bin) -> f64 {
        bin.count as f64 / self.total
    }

    fn height(&self, bin: &Bin) -> f64 {
        let own = bin.to - bin.from;
        if own > 0.0 { self.share(bin) * self.width / own } else { self.share(bin) }
    }

    fn axis(&self, pixels: (f64, f64), sheet: &Sheet) -> Axis {
        let range = from_zero(0.0, self.tallest, 0.0);
        Axis::linear(range, pixels, 5, AxisFormat::Percent, sheet.numbers())
    }
}

/// An exceedance curve in one panel.
struct Curve<'a> {
    points: &'a [ExceedancePoint],
    hue: Hue,
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

    fn axis(&self, pixels: (f64, f64), sheet: &Sheet) -> Axis {
        Axis::probabilities(self.floor(), pixels, sheet.numbers())
    }

    fn heading(&self, heading: &str, sheet: &mut Sheet, top: f64) -> f64 {
        let words = sheet.words();
        let heading = if self.points.iter().any(|point| point.interval.is_some()) {
            format!("{heading} ({}; {})", words.logarithmic_scale, words.confidence_band)
        } else {
            format!("{heading} ({})", words.logarithmic_scale)
        };
        sheet.heading(&heading, sheet.left, top, sheet.right - sheet.left)
    }

    fn draw(&self, sheet: &mut Sheet, area: Area, x: &Scale) {
        if self.points.is_empty() {
            sheet.empty(area);
            return;
        }
        let axis = self.axis((area.bottom, area.top), sheet);
        sheet.y_axis(area, &axis);
        // Points far below the panel would only make the cutting inexact.
        let place = |value: f64, chance: f64| Point {
            x: x.at(value),
            y: axis.scale.at(chance).min(area.bottom + 4.0 * area.height()),
        };
        let banded = self.points.iter().filter_map(|point| point.interval.map(|band| (point.value, band)));
        let upper: Vec<Point> = banded.clone().map(|(value, band)| place(value, band.1)).collect();
        let lower: Vec<Point> = banded.map(|(value, band)| place(value, band.0)).collect();
        let mut band = thin(&upper);
        band.extend(thin(&lower).into_iter().rev());
        sheet.scene.polygon(clip_polygon(&band, area), self.hue.line().tint(30), 1.0);
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

/// How the line of a flag is drawn.
#[derive(Clone, Copy, PartialEq, Debug)]
enum FlagLine {
    Marker(MarkerKind),
    /// The bar of a spike is its own line; only the way up to the label is drawn.
    Spike,
}

/// A label above the plot.
#[derive(Clone, PartialEq, Debug)]
struct FlagText {
    value: f64,
    name: String,
    figure: String,
    colour: Rgb,
    line: FlagLine,
}

fn marker_flags(markers: &[Marker], format: AxisFormat, sheet: &Sheet) -> Vec<FlagText> {
    markers
        .iter()
        .filter(|marker| marker.value.is_finite())
        .map(|marker| FlagText {
            value: marker.value,
            name: clean(&marker.label),
            figure: format.value(marker.value, sheet.numbers()),
            colour: Rgb::INK,
            line: FlagLine::Marker(marker.kind),
        })
        .collect()
}

/// The labels above a plot, placed.
struct Flags {
    texts: Vec<FlagText>,
    flags: Vec<Flag>,
    places: Vec<FlagPlace>,
    name_widths: Vec<f64>,
}

impl Flags {
    fn new(texts: &[FlagText], horizontal: &Horizontal, sheet: &Sheet) -> Flags {
        let mut texts = texts.to_vec();
        texts.sort_by(|a, b| a.value.total_cmp(&b.value));
        let name_widths: Vec<f64> = texts
            .iter()
            .map(|text| match text.name.as_str() {
                "" => 0.0,
                name => width(name, LABEL, Weight::Regular) + 5.0,
            })
            .collect();
        let flags: Vec<Flag> = texts
            .iter()
            .zip(&name_widths)
            .map(|(text, name)| Flag {
                x: horizontal.axis.scale.at(text.value).clamp(horizontal.left, horizontal.right),
                width: name + width(&text.figure, LABEL, Weight::Bold),
            })
            .collect();
        let places = place_flags(&flags, sheet.left, sheet.right);
        Flags { texts, flags, places, name_widths }
    }

    /// Room for all rows above the plot.
    fn height(&self) -> f64 {
        let rows = self.places.iter().map(|place| place.row + 1).max().unwrap_or(0);
        rows as f64 * FLAG_ROW + 14.0
    }

    fn draw(&self, sheet: &mut Sheet, area: Area) {
        for (index, text) in self.texts.iter().enumerate() {
            let (flag, place) = (self.flags[index], self.places[index]);
            let baseline = area.top - 9.0 - place.row as f64 * FLAG_ROW;
            self.draw_line(sheet, index, baseline - 10.0, area.top);
            let name = Text::new(&text.name, place.left, baseline, LABEL).colour(text.colour);
            sheet.scene.text(name);
            let start = place.left + self.name_widths[index];
            sheet.scene.text(Text::new(&text.figure, start, baseline, LABEL).bold().colour(text.colour));
            debug_assert!(flag.width > 0.0);
        }
        self.draw_lines(sheet, area);
    }

    /// The lines inside a plot.
    fn draw_lines(&self, sheet: &mut Sheet, area: Area) {
        for (index, text) in self.texts.iter().enumerate() {
            if text.line != FlagLine::Spike {
                self.draw_line(sheet, index, area.top, area.bottom);
            }
        }
    }

    fn draw_line(&self, sheet: &mut Sheet, index: usize, top: f64, bottom: f64) {
        let x = self.flags[index].x;
        let (width, stroke) = match self.texts[index].line {
            FlagLine::Marker(MarkerKind::Statistic) => (1.25, Stroke::Solid),
            FlagLine::Marker(MarkerKind::Threshold) => (1.5, Stroke::Dashed(6.0, 4.0)),
            FlagLine::Spike => (1.0, Stroke::Solid),
        };
        let points = vec![Point { x, y: top }, Point { x, y: bottom }];
        sheet.scene.line(points, width, self.texts[index].colour, stroke);
    }
}
