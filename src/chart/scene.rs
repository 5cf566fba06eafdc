//! A drawing as a list of marks: what charts produce and the canvas paints.
//!
//! Lengths are logical pixels from the top left corner. Whatever enters a scene is already clipped, thinned and
//! finite; tests look at scenes, not at pictures.

use super::font;
use super::geometry::{Area, Point};
use super::palette::{Hatch, Rgb};

/// Distance between the lines of a hatch, along an edge.
const HATCH_PITCH: f64 = 7.0;

/// Weight of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// Which point of a text its x position is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A line of text.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Text {
    pub content: String,
    pub x: f64,
    pub baseline: f64,
    pub size: f64,
    pub weight: Weight,
    pub colour: Rgb,
    pub anchor: Anchor,
}

impl Text {
    /// A regular, dark text that starts at a point.
    pub fn new(content: impl Into<String>, x: f64, baseline: f64, size: f64) -> Text {
        Text {
            content: clean(&content.into()),
            x,
            baseline,
            size,
            weight: Weight::Regular,
            colour: Rgb::INK,
            anchor: Anchor::Start,
        }
    }

    pub fn bold(self) -> Text {
        Text { weight: Weight::Bold, ..self }
    }

    pub fn colour(self, colour: Rgb) -> Text {
        Text { colour, ..self }
    }

    pub fn anchor(self, anchor: Anchor) -> Text {
        Text { anchor, ..self }
    }

    /// Its width.
    pub fn width(&self) -> f64 {
        width(&self.content, self.size, self.weight)
    }

    /// The box that it fills, from the top of its capitals to the bottom of its descenders.
    pub fn bounds(&self) -> Area {
        let width = self.width();
        let left = match self.anchor {
            Anchor::Start => self.x,
            Anchor::Middle => self.x - width / 2.0,
            Anchor::End => self.x - width,
        };
        Area {
            left,
            top: self.baseline - 0.72 * self.size,
            right: left + width,
            bottom: self.baseline + 0.22 * self.size,
        }
    }
}

/// A text as it is drawn: control characters, which XML does not allow, become spaces, and spaces do not pile up.
pub(super) fn clean(content: &str) -> String {
    let spaced: String =
        content.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    spaced.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The width of a text in the embedded font.
pub(super) fn width(content: &str, size: f64, weight: Weight) -> f64 {
    font::width(content, size, weight)
}

/// A text broken into lines no wider than `limit`, at spaces; a word that is too wide is broken where it must be.
pub(super) fn wrap(content: &str, size: f64, weight: Weight, limit: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    // Set as far as the line goes.
    let mut pen = font::Pen::new(weight);
    for word in content.split([' ', '\n', '\t']).filter(|word| !word.is_empty()) {
        let space = if line.is_empty() { "" } else { " " };
        let mut longer = pen;
        longer.set_all(space);
        longer.set_all(word);
        if longer.width(size) <= limit {
            line.push_str(space);
            line.push_str(word);
            pen = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
            pen = font::Pen::new(weight);
        }
        for letter in word.chars() {
            line.push(letter);
            pen.set(letter);
            if pen.width(size) > limit && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::replace(&mut line, letter.to_string()));
                pen = font::Pen::new(weight);
                pen.set(letter);
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// The same number of lines, as evenly filled as words allow: for titles.
pub(super) fn wrap_evenly(content: &str, size: f64, weight: Weight, limit: f64) -> Vec<String> {
    let lines = wrap(content, size, weight, limit);
    let mut best = lines;
    for percent in (50..100).rev() {
        let narrower = wrap(content, size, weight, limit * f64::from(percent) / 100.0);
        if narrower.len() > best.len() {
            break;
        }
        best = narrower;
    }
    best
}

/// Whether a line is drawn through or in dashes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Stroke {
    Solid,
    /// Lengths of dash and gap.
    Dashed(f64, f64),
}

/// One thing to paint.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Mark {
    /// A filled rectangle.
    Rectangle { area: Area, fill: Rgb },
    /// A line through points.
    Line { points: Vec<Point>, width: f64, colour: Rgb, stroke: Stroke },
    /// A filled polygon; `opacity` from 0 to 1.
    Polygon { points: Vec<Point>, fill: Rgb, opacity: f64 },
    /// A filled circle.
    Dot { centre: Point, radius: f64, fill: Rgb },
    /// A line of text.
    Text(Text),
}

/// A drawing.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Scene {
    pub width: f64,
    pub height: f64,
    pub marks: Vec<Mark>,
}

impl Scene {
    pub fn new(width: f64) -> Scene {
        Scene { width, height: 0.0, marks: Vec::new() }
    }

    /// Adds a text; an empty text is left out.
    pub fn text(&mut self, text: Text) {
        if !text.content.is_empty() {
            self.marks.push(Mark::Text(text));
        }
    }

    pub fn rectangle(&mut self, area: Area, fill: Rgb) {
        if area.width() > 0.0 && area.height() > 0.0 {
            self.marks.push(Mark::Rectangle { area, fill });
        }
    }

    /// A rectangle with thin lines of paper across it.
    pub fn hatched(&mut self, area: Area, fill: Rgb, hatch: Option<Hatch>) {
        self.rectangle(area, fill);
        let Some(hatch) = hatch.filter(|_| area.width() >= HATCH_PITCH && area.height() > 0.0) else {
            return;
        };
        let height = area.height();
        let lines = ((area.width() + height) / HATCH_PITCH) as usize;
        for index in 0..=lines {
            // The line from (start, bottom) to (start + height, top), cut at the sides.
            let start = area.left - height + HATCH_PITCH * (index as f64 + 0.5);
            let (from, to) = (start.max(area.left), (start + height).min(area.right));
            if from >= to {
                continue;
            }
            let y = |x: f64| match hatch {
                Hatch::Rising => area.bottom - (x - start),
                Hatch::Falling => area.top + (x - start),
            };
            self.segment((from, y(from)), (to, y(to)), 1.0, Rgb::PAPER);
        }
    }

    pub fn line(&mut self, points: Vec<Point>, width: f64, colour: Rgb, stroke: Stroke) {
        if points.len() >= 2 {
            self.marks.push(Mark::Line { points, width, colour, stroke });
        }
    }

    pub fn segment(&mut self, from: (f64, f64), to: (f64, f64), width: f64, colour: Rgb) {
        self.line(vec![Point::from(from), Point::from(to)], width, colour, Stroke::Solid);
    }

    pub fn polygon(&mut self, points: Vec<Point>, fill: Rgb, opacity: f64) {
        if points.len() >= 3 {
            self.marks.push(Mark::Polygon { points, fill, opacity });
        }
    }

    pub fn dot(&mut self, centre: Point, radius: f64, fill: Rgb) {
        self.marks.push(Mark::Dot { centre, radius, fill });
    }

    /// The texts of the drawing.
    pub fn texts(&self) -> impl Iterator<Item = &Text> {
        self.marks.iter().filter_map(|mark| match mark {
            Mark::Text(text) => Some(text),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_lines_fit_and_keep_every_word() {
        let title = "Nel 95 % dei percorsi la perdita del fondo resta sotto 412 mila euro";
        let lines = wrap(title, 22.0, Weight::Bold, 300.0);
        assert!(lines.len() > 1);
        assert!(lines.iter().all(|line| width(line, 22.0, Weight::Bold) <= 300.0));
        assert_eq!(lines.join(" "), title);
    }

    #[test]
    fn a_word_wider_than_the_line_is_broken() {
        let lines = wrap(&"x".repeat(500), 14.0, Weight::Regular, 100.0);
        assert!(lines.iter().all(|line| width(line, 14.0, Weight::Regular) <= 100.0));
        assert_eq!(lines.concat().len(), 500);
    }

    #[test]
    fn a_line_narrower_than_a_letter_still_ends() {
        assert_eq!(wrap("abc", 14.0, Weight::Regular, 0.0), ["a", "b", "c"]);
    }
}
