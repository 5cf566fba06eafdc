//! Charts on a dark screen: each colour of a picture gets one that stands out from dark paper at least as much as it does
//! from white.
//!
//! Formula: with the contrast `c = 1.05 / (Y + 0.05)` of a colour of relative luminance `Y` on white (WCAG 2.2), its
//! counterpart has the luminance `f(c) (Y_paper + 0.05) - 0.05` and the same chromaticity, thinned with white where that
//! is brighter than its hue can be. `f` joins the points of [`CONTRASTS`]: white becomes the paper, black nearly white,
//! text keeps its contrast, a tint stays a tint, and a fill that is light on white does not turn into mud.

use crate::numeric::pow;
use std::collections::BTreeSet;

/// The paper of a page on a dark screen.
pub(super) const DARK_PAPER: &str = "#16191d";

/// The contrast of a colour on white, and what it is to be on dark paper; ascending.
const CONTRASTS: [(f64, f64); 6] = [(1.0, 1.0), (1.5, 2.2), (2.2, 5.0), (5.0, 6.5), (8.0, 8.5), (21.0, 21.0)];

/// The contrast on dark paper for one on white.
fn wanted_contrast(on_white: f64) -> f64 {
    let upper = CONTRASTS.iter().position(|point| point.0 >= on_white).unwrap_or(CONTRASTS.len() - 1).max(1);
    let ((from, low), (to, high)) = (CONTRASTS[upper - 1], CONTRASTS[upper]);
    low + (on_white - from) / (to - from) * (high - low)
}

/// Style rules for the colours that some pictures have, in the order of the colours.
pub(super) fn dark_rules<'a>(pictures: impl Iterator<Item = &'a str>) -> String {
    let mut colours: BTreeSet<(&str, &str)> = BTreeSet::new();
    for picture in pictures {
        for attribute in ["fill", "stroke"] {
            let start = format!(" {attribute}=\"#");
            colours.extend(picture.match_indices(&start).filter_map(|(at, found)| {
                let digits = picture.get(at + found.len()..at + found.len() + 6)?;
                digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then_some((attribute, digits))
            }));
        }
    }
    let mut rules = String::new();
    for (attribute, digits) in colours {
        let [red, green, blue] = on_dark_paper(channels(digits));
        rules += &format!(
            ".chart [{attribute}=\"#{digits}\"] {{ {attribute}: #{red:02x}{green:02x}{blue:02x}; }}\n"
        );
    }
    rules
}

fn channels(digits: &str) -> [u8; 3] {
    let number = u32::from_str_radix(digits, 16).unwrap_or(0);
    [16, 8, 0].map(|shift| (number >> shift & 255) as u8)
}

/// Linear light of a channel (sRGB, IEC 61966-2-1).
fn linear(channel: u8) -> f64 {
    let share = f64::from(channel) / 255.0;
    if share <= 0.040_45 { share / 12.92 } else { pow((share + 0.055) / 1.055, 2.4) }
}

fn luminance(light: [f64; 3]) -> f64 {
    0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
}

/// The channel of some linear light, rounded up: text may not lose contrast by rounding.
fn channel(light: f64) -> u8 {
    let share = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * pow(light, 1.0 / 2.4) - 0.055 };
    (share * 255.0 - 1e-6).ceil().clamp(0.0, 255.0) as u8
}

fn on_dark_paper(colour: [u8; 3]) -> [u8; 3] {
    let light = colour.map(linear);
    let paper = luminance(channels(&DARK_PAPER[1..]).map(linear));
    let wanted = (wanted_contrast(1.05 / (luminance(light) + 0.05)) * (paper + 0.05) - 0.05).clamp(0.0, 1.0);
    let largest = light.iter().copied().fold(0.0, f64::max);
    if largest == 0.0 || wanted <= paper {
        return if largest == 0.0 { [255; 3] } else { channels(&DARK_PAPER[1..]) };
    }
    let brightest = light.map(|part| part / largest);
    let reached = luminance(brightest);
    let changed = if wanted <= reached {
        brightest.map(|part| part * wanted / reached)
    } else {
        let white = (wanted - reached) / (1.0 - reached);
        brightest.map(|part| part + white * (1.0 - part))
    };
    changed.map(channel)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contrast(colour: [u8; 3], paper: [u8; 3]) -> f64 {
        let [one, other] = [colour, paper].map(|colour| luminance(colour.map(linear)) + 0.05);
        one.max(other) / one.min(other)
    }

    #[test]
    fn colours_keep_their_contrast() {
        let paper = channels(&DARK_PAPER[1..]);
        for red in (0..=255).step_by(15) {
            for green in (0..=255).step_by(15) {
                for blue in (0..=255).step_by(15) {
                    let colour = [red, green, blue];
                    let (light, dark) = (contrast(colour, [255; 3]), contrast(on_dark_paper(colour), paper));
                    assert!(dark >= light.min(17.0) - 0.1, "{colour:?}: {light} on white, {dark} on dark");
                    assert!(light < 4.5 || dark >= 4.5, "{colour:?} is no text any more");
                }
            }
        }
        assert_eq!(on_dark_paper([255; 3]), paper);
    }

    #[test]
    fn only_colours_of_attributes_are_taken() {
        let picture = "<rect fill=\"#E69F00\"/><text stroke=\"#zzzzzz\">fill=&quot;#000000&quot;</text>";
        let rules = dark_rules([picture, picture].into_iter());
        assert_eq!(rules.lines().count(), 1);
        assert!(rules.starts_with(".chart [fill=\"#E69F00\"] { fill: #"), "{rules}");
    }
}
