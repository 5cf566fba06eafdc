//! Named values above a plot: a line down into the plot, a name and a figure beside it.

use super::axis::AxisFormat;
use super::distribution::{Marker, MarkerKind};
use super::geometry::{Area, Point};
use super::palette::Rgb;
use super::placement::{Flag, FlagPlace, place_flags};
use super::scene::{Stroke, Text, Weight, clean, width};
use super::sheet::{Axis, LABEL, Sheet};

/// Height of a row of labels.
const ROW: f64 = 20.0;

/// The x axis of one or two panels.
pub(super) struct Horizontal {
    pub axis: Axis,
    left: f64,
    right: f64,
}

impl Horizontal {
    pub fn new(range: (f64, f64), format: AxisFormat, sheet: &Sheet, gutter: f64) -> Horizontal {
        let (left, right) = (sheet.left + gutter, sheet.right - 8.0);
        Horizontal { axis: Axis::horizontal(range, (left, right), format, sheet.numbers()), left, right }
    }

    pub fn area(&self, top: f64, height: f64) -> Area {
        Area { left: self.left, top, right: self.right, bottom: top + height }
    }
}

/// How the line of a flag is drawn.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum FlagLine {
    Marker(MarkerKind),
    /// The bar of a spike is its own line; only the way up to the label is drawn.
    Spike,
}

/// A label above the plot.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct FlagText {
    pub value: f64,
    pub name: String,
    pub figure: String,
    pub colour: Rgb,
    pub line: FlagLine,
}

pub(super) fn marker_flags(markers: &[Marker], format: AxisFormat, sheet: &Sheet) -> Vec<FlagText> {
    markers
        .iter()
        .filter(|marker| marker.value.is_finite())
        .map(|marker| FlagText {
            value: marker.value,
            name: clean(&marker.label),
            figure: match marker.kind {
                MarkerKind::Statistic => format.value(marker.value, sheet.numbers()),
                MarkerKind::Threshold => format.exact(marker.value, sheet.numbers()),
            },
            colour: Rgb::INK,
            line: FlagLine::Marker(marker.kind),
        })
        .collect()
}

/// The labels above a plot, placed.
pub(super) struct Flags {
    texts: Vec<FlagText>,
    flags: Vec<Flag>,
    places: Vec<FlagPlace>,
    name_widths: Vec<f64>,
}

impl Flags {
    pub fn new(texts: &[FlagText], horizontal: &Horizontal, sheet: &Sheet) -> Flags {
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
    pub fn height(&self) -> f64 {
        let rows = self.places.iter().map(|place| place.row + 1).max().unwrap_or(0);
        rows as f64 * ROW + 14.0
    }

    pub fn draw(&self, sheet: &mut Sheet, area: Area) {
        for (index, text) in self.texts.iter().enumerate() {
            let (flag, place) = (self.flags[index], self.places[index]);
            let baseline = area.top - 9.0 - place.row as f64 * ROW;
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
    pub fn draw_lines(&self, sheet: &mut Sheet, area: Area) {
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
