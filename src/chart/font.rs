//! The embedded font: how wide a text is, and which pixels it covers.
//!
//! Labels are placed by these widths and drawn with these glyphs, so a picture never depends on the fonts of the
//! machine that makes it. Where the font comes from is told in `font/README.md`.

use super::scene::Weight;
use ab_glyph::{Font, FontRef, Glyph, GlyphId, PxScale, point};
use std::sync::LazyLock;

/// A font, and the glyphs of ASCII: looking one up in the font takes longer than all else that setting a letter needs.
struct Face {
    font: FontRef<'static>,
    ascii: [GlyphId; 128],
}

static REGULAR: LazyLock<Face> = LazyLock::new(|| Face::new(include_bytes!("font/fesr-sans-regular.ttf")));
static BOLD: LazyLock<Face> = LazyLock::new(|| Face::new(include_bytes!("font/fesr-sans-bold.ttf")));

impl Face {
    fn new(bytes: &'static [u8]) -> Face {
        let font = FontRef::try_from_slice(bytes).expect("the embedded font can be read");
        let ascii = std::array::from_fn(|code| font.glyph_id(char::from(code as u8)));
        Face { font, ascii }
    }

    fn glyph(&self, letter: char) -> GlyphId {
        self.ascii.get(letter as usize).copied().unwrap_or_else(|| self.font.glyph_id(letter))
    }
}

fn face(weight: Weight) -> &'static Face {
    match weight {
        Weight::Regular => &REGULAR,
        Weight::Bold => &BOLD,
    }
}

/// Pixels per font unit at an em of `size` pixels.
fn unit(font: &FontRef, size: f64) -> f64 {
    size / f64::from(font.units_per_em().expect("the embedded font has an em"))
}

/// A line set letter by letter: how wide it is by now, without measuring it again from its start.
#[derive(Clone, Copy)]
pub(super) struct Pen {
    face: &'static Face,
    last: Option<GlyphId>,
    /// Distance from the start, in font units.
    at: f64,
}

impl Pen {
    /// At the start of a line.
    pub fn new(weight: Weight) -> Pen {
        Pen { face: face(weight), last: None, at: 0.0 }
    }

    /// Sets letters.
    pub fn set_all(&mut self, content: &str) {
        content.chars().for_each(|letter| {
            self.set(letter);
        });
    }

    /// Sets a letter; its glyph and where that begins, in font units.
    pub fn set(&mut self, letter: char) -> (GlyphId, f64) {
        let glyph = self.face.glyph(letter);
        if let Some(before) = self.last.replace(glyph) {
            self.at += f64::from(self.face.font.kern_unscaled(before, glyph));
        }
        let begin = self.at;
        self.at += f64::from(self.face.font.h_advance_unscaled(glyph));
        (glyph, begin)
    }

    /// The width of what was set, with its kerning, in the unit of `size`.
    pub fn width(&self, size: f64) -> f64 {
        self.at * unit(&self.face.font, size)
    }
}

/// The width of a text with its kerning, in the unit of `size`.
pub(super) fn width(content: &str, size: f64, weight: Weight) -> f64 {
    let mut pen = Pen::new(weight);
    pen.set_all(content);
    pen.width(size)
}

/// Calls `cover(x, y, coverage)` for every pixel that a text covers, `coverage` from 0 to 1.
pub(super) fn cover(
    content: &str,
    size: f64,
    weight: Weight,
    (left, baseline): (f64, f64),
    mut cover: impl FnMut(i32, i32, f64),
) {
    let mut pen = Pen::new(weight);
    let font = &pen.face.font;
    let unit = unit(font, size);
    let scale = PxScale::from((f64::from(font.height_unscaled()) * unit) as f32);
    for letter in content.chars() {
        let (id, from_start) = pen.set(letter);
        let x = (left + from_start * unit) as f32;
        let glyph = Glyph { id, scale, position: point(x, baseline as f32) };
        if let Some(outline) = font.outline_glyph(glyph) {
            let corner = outline.px_bounds().min;
            outline.draw(|x, y, coverage| {
                let at = (corner.x as i32 + x as i32, corner.y as i32 + y as i32);
                cover(at.0, at.1, f64::from(coverage).clamp(0.0, 1.0));
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_count_letters_not_bytes() {
        let width = |content| width(content, 100.0, Weight::Regular);
        assert!((width("€") - width("0")).abs() < 1e-9, "the euro is as wide as a digit");
        assert!((width("è") - width("e")).abs() < 1e-9);
        assert!((width("0000") - 4.0 * width("1")).abs() < 1e-9, "digits are tabular");
        assert!(width("Va") < width("V") + width("a"), "pairs are kerned");
    }

    #[test]
    fn the_font_has_every_letter_that_we_write() {
        let letters = "ABCXYZabcxyz0123456789 ÀÈÉÌÒÙàèéìòù€%–—’‘“”«»·…−×≤≥<>&/()[]{},.;:!?'\"\u{a0}";
        for weight in [Weight::Regular, Weight::Bold] {
            for letter in letters.chars() {
                assert_ne!(face(weight).glyph(letter).0, 0, "{letter:?}");
                assert_eq!(face(weight).glyph(letter), face(weight).font.glyph_id(letter), "{letter:?}");
            }
        }
    }

    #[test]
    fn covered_pixels_lie_where_the_text_is() {
        let (mut left, mut right, mut top, mut bottom) = (i32::MAX, i32::MIN, i32::MAX, i32::MIN);
        cover("Hxg", 100.0, Weight::Bold, (50.0, 200.0), |x, y, coverage| {
            if coverage > 0.5 {
                (left, right) = (left.min(x), right.max(x));
                (top, bottom) = (top.min(y), bottom.max(y));
            }
        });
        assert!(left >= 50 && f64::from(right) <= 50.0 + width("Hxg", 100.0, Weight::Bold));
        assert!((125..140).contains(&top) && (210..235).contains(&bottom), "{top} {bottom}");
    }
}
