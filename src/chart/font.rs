//! The embedded font: how wide a text is, and which pixels it covers.
//!
//! Labels are placed by these widths and drawn with these glyphs, so a picture never depends on the fonts of the
//! machine that makes it. Where the font comes from is told in `font/README.md`.

use super::scene::Weight;
use ab_glyph::{Font, FontRef, Glyph, GlyphId, PxScale, point};
use std::sync::LazyLock;

static REGULAR: LazyLock<FontRef> = LazyLock::new(|| embedded(include_bytes!("font/fesr-sans-regular.ttf")));
static BOLD: LazyLock<FontRef> = LazyLock::new(|| embedded(include_bytes!("font/fesr-sans-bold.ttf")));

fn embedded(bytes: &'static [u8]) -> FontRef<'static> {
    FontRef::try_from_slice(bytes).expect("the embedded font can be read")
}

fn font(weight: Weight) -> &'static FontRef<'static> {
    match weight {
        Weight::Regular => &REGULAR,
        Weight::Bold => &BOLD,
    }
}

/// Pixels per font unit at an em of `size` pixels.
fn unit(font: &FontRef, size: f64) -> f64 {
    size / f64::from(font.units_per_em().expect("the embedded font has an em"))
}

/// The glyphs of a text, each with its distance from the start in font units, and the width of the whole.
fn set(font: &FontRef, content: &str) -> (Vec<(GlyphId, f64)>, f64) {
    let mut glyphs: Vec<(GlyphId, f64)> = Vec::new();
    let mut pen = 0.0;
    for letter in content.chars() {
        let glyph = font.glyph_id(letter);
        if let Some((before, _)) = glyphs.last() {
            pen += f64::from(font.kern_unscaled(*before, glyph));
        }
        glyphs.push((glyph, pen));
        pen += f64::from(font.h_advance_unscaled(glyph));
    }
    (glyphs, pen)
}

/// The width of a text with its kerning, in the unit of `size`.
pub(super) fn width(content: &str, size: f64, weight: Weight) -> f64 {
    let font = font(weight);
    set(font, content).1 * unit(font, size)
}

/// Calls `cover(x, y, coverage)` for every pixel that a text covers, `coverage` from 0 to 1.
pub(super) fn cover(
    content: &str,
    size: f64,
    weight: Weight,
    (left, baseline): (f64, f64),
    mut cover: impl FnMut(i32, i32, f64),
) {
    let font = font(weight);
    let unit = unit(font, size);
    let scale = PxScale::from((f64::from(font.height_unscaled()) * unit) as f32);
    for (id, from_start) in set(font, content).0 {
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
                assert_ne!(font(weight).glyph_id(letter).0, 0, "{letter:?}");
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
