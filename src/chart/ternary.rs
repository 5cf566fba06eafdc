//! Mixes of three instruments on a triangle: guarantees at the left corner, loans at the right one, grants on top.
//!
//! Each mix is a hexagon shaded by one figure in five classes. Lines, ticks and labels of an instrument have its colour
//! and its slope: guarantees are read along the lines that rise to the left, loans along those that rise to the right,
//! grants along the level ones.

use super::axis::{AxisFormat, range_of};
use super::geometry::{Area, Point};
use super::palette::{Hue, Rgb};
use super::scene::{Anchor, Stroke, Text, Weight, wrap};
use super::sheet::{LABEL, Sheet};

/// A figure over all mixes.
#[derive(Clone, PartialEq, Debug)]
pub struct Ternary {
    /// Names of the instruments at the left, right and upper corner: "guarantees", "loans", "grants".
    pub corners: [String; 3],
    /// Parts that a side is divided into.
    pub parts: u32,
    /// How values are written.
    pub format: AxisFormat,
    /// What the shades are: "Leverage".
    pub measure: String,
    /// The mixes.
    pub cells: Vec<TernaryCell>,
    /// Mixes with a name, marked on the triangle and listed beside it.
    pub marks: Vec<TernaryMark>,
    /// What a dot in a cell means: "no mix is better in everything". May be empty.
    pub dot_means: String,
    /// What a hatched cell means: "not allowed by the rules". May be empty.
    pub hatch_means: String,
    /// What a crossed cell means: "breaks a limit". May be empty.
    pub cross_means: String,
}

/// One mix.
#[derive(Clone, PartialEq, Debug)]
pub struct TernaryCell {
    /// Shares of the three instruments, adding up to 1.
    pub shares: [f64; 3],
    /// The figure; `None` where the mix was not simulated.
    pub value: Option<f64>,
    /// With a dot.
    pub dotted: bool,
    /// Crossed out.
    pub crossed: bool,
}

/// A mix with a name.
#[derive(Clone, PartialEq, Debug)]
pub struct TernaryMark {
    /// Shares of the three instruments.
    pub shares: [f64; 3],
    /// One letter, printed in the ring.
    pub letter: char,
    /// What is said beside the triangle.
    pub label: String,
}

const SIDE: f64 = 520.0;
const CLASSES: usize = 5;
/// Tints of blue from the smallest to the largest class.
const SHADES: [u16; CLASSES] = [10, 28, 48, 72, 100];
const HUES: [Hue; 3] = [Hue::Blue, Hue::Orange, Hue::Green];
/// Half the root of 3: the height of a triangle whose side is 1.
const HEIGHT: f64 = 0.866_025_403_784_438_6;

impl Ternary {
    pub(super) fn draw(&self, sheet: &mut Sheet) -> f64 {
        let radius = self.radius();
        let top = sheet.top + 30.0 + radius;
        let Some((low, high)) = range_of(self.cells.iter().filter_map(|cell| cell.value)) else {
            let area = Area { left: sheet.left, top, right: sheet.right, bottom: top + 260.0 };
            sheet.empty(area);
            return area.bottom;
        };
        let frame = Frame { left: sheet.left + 34.0 + radius, bottom: top + SIDE * HEIGHT };
        for cell in &self.cells {
            self.draw_cell(sheet, cell, &frame, (low, high));
        }
        self.draw_grid(sheet, &frame);
        for mark in &self.marks {
            let centre = frame.at(mark.shares);
            sheet.scene.dot(centre, 11.5, Rgb::INK);
            sheet.scene.dot(centre, 9.5, Rgb::PAPER);
            let text = Text::new(mark.letter.to_string(), centre.x, centre.y + LABEL * 0.36, LABEL);
            sheet.scene.text(text.bold().anchor(Anchor::Middle));
        }
        let beside =
            self.draw_legend(sheet, frame.left + SIDE + radius + 56.0, sheet.top + 10.0, (low, high));
        (frame.bottom + radius + 44.0).max(beside)
    }

    /// From the middle of the cell of a mix to its corners: cells fill the triangle.
    fn radius(&self) -> f64 {
        SIDE / f64::from(self.parts.max(1)) / (2.0 * HEIGHT)
    }

    /// Lines at every fifth of a side, or at the fraction nearest to it that falls on mixes.
    fn divisions(&self) -> u32 {
        [5, 4, 6, 3, 2].into_iter().find(|divisions| self.parts.is_multiple_of(*divisions)).unwrap_or(5)
    }

    fn class(&self, value: f64, (low, high): (f64, f64)) -> usize {
        (((value - low) / (high - low) * CLASSES as f64) as usize).min(CLASSES - 1)
    }

    fn draw_cell(&self, sheet: &mut Sheet, cell: &TernaryCell, frame: &Frame, range: (f64, f64)) {
        let centre = frame.at(cell.shares);
        // A little less, so that neighbours part.
        let radius = self.radius() * 0.96;
        let corners =
            [(0.0, -1.0), (HEIGHT, -0.5), (HEIGHT, 0.5), (0.0, 1.0), (-HEIGHT, 0.5), (-HEIGHT, -0.5)];
        let hexagon: Vec<Point> = corners
            .iter()
            .map(|(x, y)| Point { x: centre.x + x * radius, y: centre.y + y * radius })
            .collect();
        match cell.value.filter(|value| value.is_finite()) {
            Some(value) => {
                let class = self.class(value, range);
                sheet.scene.polygon(hexagon, Hue::Blue.line().tint(SHADES[class]), 1.0);
                let ink = if class >= CLASSES - 2 { Rgb::PAPER } else { Rgb::INK };
                if cell.crossed {
                    let arm = radius * 0.42;
                    let (x, y) = (centre.x, centre.y);
                    sheet.scene.segment((x - arm, y - arm), (x + arm, y + arm), 1.25, ink);
                    sheet.scene.segment((x - arm, y + arm), (x + arm, y - arm), 1.25, ink);
                } else if cell.dotted {
                    sheet.scene.dot(centre, (radius * 0.22).min(4.0), ink);
                }
            }
            None => {
                sheet.scene.polygon(hexagon, Rgb::GRID.tint(60), 1.0);
                let (x, y, arm) = (centre.x, centre.y, radius * 0.6);
                for shift in [-0.5, 0.0, 0.5] {
                    let shift = shift * radius;
                    let from = (x - arm * 0.6 + shift, y + arm * 0.8);
                    sheet.scene.segment(from, (x + arm * 0.6 + shift, y - arm * 0.8), 1.0, Rgb::AXIS);
                }
            }
        }
    }

    /// Borders, lines at every fifth with their labels, names of the corners.
    fn draw_grid(&self, sheet: &mut Sheet, frame: &Frame) {
        let (numbers, radius) = (sheet.numbers(), self.radius());
        let divisions = self.divisions();
        for division in 1..divisions {
            let share = f64::from(division) / f64::from(divisions);
            let rest = 1.0 - share;
            // Guarantees are named on the lower side, loans on the right one, grants on the left one.
            let ends = [
                ([share, rest, 0.0], [share, 0.0, rest]),
                ([0.0, share, rest], [rest, share, 0.0]),
                ([rest, 0.0, share], [0.0, rest, share]),
            ];
            for (instrument, (named, other)) in ends.into_iter().enumerate() {
                let (from, to) = (frame.at(named), frame.at(other));
                let colour = HUES[instrument].text();
                sheet.scene.line(vec![from, to], 0.75, colour, Stroke::Dashed(2.0, 4.0));
                let label = numbers.percent(share, 0);
                let (x, y, anchor) = match instrument {
                    0 => (from.x, from.y + radius + LABEL + 3.0, Anchor::Middle),
                    1 => (from.x + HEIGHT * radius + 6.0, from.y + 4.0, Anchor::Start),
                    _ => (from.x - HEIGHT * radius - 6.0, from.y + 4.0, Anchor::End),
                };
                sheet.scene.text(Text::new(label, x, y, LABEL).colour(colour).anchor(anchor));
            }
        }
        let (left, right, upper) =
            (frame.at([1.0, 0.0, 0.0]), frame.at([0.0, 1.0, 0.0]), frame.at([0.0, 0.0, 1.0]));
        let names = [
            (left.x - radius - 28.0, left.y + radius + 36.0, Anchor::Start),
            (right.x + radius + 28.0, right.y + radius + 36.0, Anchor::End),
            (upper.x, upper.y - radius - 8.0, Anchor::Middle),
        ];
        for (instrument, (x, y, anchor)) in names.into_iter().enumerate() {
            let name = format!("{} {}", numbers.percent(1.0, 0), self.corners[instrument]);
            sheet.scene.text(
                Text::new(name, x, y, LABEL + 1.0).bold().colour(HUES[instrument].text()).anchor(anchor),
            );
        }
    }

    /// Classes, signs and named mixes beside the triangle; returns the lower border.
    fn draw_legend(&self, sheet: &mut Sheet, left: f64, top: f64, (low, high): (f64, f64)) -> f64 {
        let room = sheet.right - left;
        let numbers = sheet.numbers();
        let mut y = top;
        for line in wrap(&self.measure, LABEL, Weight::Bold, room) {
            sheet.scene.text(Text::new(line, left, y + LABEL, LABEL).bold());
            y += 17.0;
        }
        y += 6.0;
        let bound = |class: usize| low + (high - low) * class as f64 / CLASSES as f64;
        for class in (0..CLASSES).rev() {
            let swatch = Area { left, top: y, right: left + 22.0, bottom: y + 16.0 };
            sheet.scene.rectangle(swatch, Hue::Blue.line().tint(SHADES[class]));
            let (from, to) =
                (self.format.value(bound(class), numbers), self.format.value(bound(class + 1), numbers));
            sheet.scene.text(Text::new(format!("{from} – {to}"), left + 30.0, y + 13.0, LABEL));
            y += 20.0;
        }
        y += 8.0;
        for (sign, meaning) in [('•', &self.dot_means), ('×', &self.cross_means), ('/', &self.hatch_means)]
        {
            if meaning.is_empty() {
                continue;
            }
            sheet.scene.text(Text::new(sign.to_string(), left + 8.0, y + LABEL, LABEL).bold());
            for line in wrap(meaning, LABEL, Weight::Regular, room - 30.0) {
                sheet.scene.text(Text::new(line, left + 30.0, y + LABEL, LABEL).colour(Rgb::MUTED));
                y += 17.0;
            }
            y += 3.0;
        }
        y += 8.0;
        for mark in &self.marks {
            sheet.scene.dot(Point { x: left + 11.0, y: y + 8.5 }, 10.0, Rgb::INK);
            sheet.scene.dot(Point { x: left + 11.0, y: y + 8.5 }, 8.5, Rgb::PAPER);
            let letter = Text::new(mark.letter.to_string(), left + 11.0, y + 8.5 + LABEL * 0.36, LABEL);
            sheet.scene.text(letter.bold().anchor(Anchor::Middle));
            for line in wrap(&mark.label, LABEL, Weight::Regular, room - 30.0) {
                sheet.scene.text(Text::new(line, left + 30.0, y + LABEL, LABEL));
                y += 17.0;
            }
            y += 8.0;
        }
        y
    }
}

/// Where the triangle stands.
struct Frame {
    left: f64,
    bottom: f64,
}

impl Frame {
    fn at(&self, [_, right, upper]: [f64; 3]) -> Point {
        Point { x: self.left + SIDE * (right + upper / 2.0), y: self.bottom - SIDE * HEIGHT * upper }
    }
}
