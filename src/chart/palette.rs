//! Colours: the Okabe-Ito palette, which people with every kind of colour vision can tell apart, and its text shades.
//!
//! A hue is never the only carrier of meaning: every series also has its own label, place or dash.

/// The hue of a series. Who maps meaning to hue keeps to it in every chart of a report.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hue {
    /// #0072B2: guarantees.
    Blue,
    /// #E69F00: loans.
    Orange,
    /// #009E73: grants.
    Green,
    /// #D55E00: losses.
    Vermilion,
    /// #56B4E9: money of banks, and figures without a hue of their own.
    Sky,
    /// #CC79A7: own funds of applicants; what running the fund costs.
    Purple,
    /// #F0E442: a rare part of a stack; too light for lines.
    Yellow,
    /// #7A7A7A: the fund as a whole, and the rest.
    Grey,
}

impl Hue {
    /// All hues.
    pub const ALL: [Hue; 8] =
        [Hue::Blue, Hue::Orange, Hue::Green, Hue::Vermilion, Hue::Sky, Hue::Purple, Hue::Yellow, Hue::Grey];

    /// The hue itself, for lines and filled bars.
    pub(super) fn line(self) -> Rgb {
        match self {
            Hue::Blue => Rgb(0x00, 0x72, 0xB2),
            Hue::Orange => Rgb(0xE6, 0x9F, 0x00),
            Hue::Green => Rgb(0x00, 0x9E, 0x73),
            Hue::Vermilion => Rgb(0xD5, 0x5E, 0x00),
            Hue::Sky => Rgb(0x56, 0xB4, 0xE9),
            Hue::Purple => Rgb(0xCC, 0x79, 0xA7),
            Hue::Yellow => Rgb(0xF0, 0xE4, 0x42),
            Hue::Grey => Rgb(0x7A, 0x7A, 0x7A),
        }
    }

    /// The fill of a part of a stack: tints chosen so that neighbours differ in greyscale too.
    pub(super) fn part(self) -> Rgb {
        let percent = match self {
            Hue::Green | Hue::Blue => 100,
            Hue::Orange | Hue::Vermilion => 90,
            Hue::Yellow => 80,
            Hue::Purple => 75,
            Hue::Grey => 60,
            Hue::Sky => 55,
        };
        self.line().tint(percent)
    }

    /// A darker shade, with a contrast of at least 4.5 to 1 on white, for text.
    pub(super) fn text(self) -> Rgb {
        match self {
            Hue::Blue => Rgb(0x00, 0x5A, 0x8E),
            Hue::Orange => Rgb(0x8A, 0x5A, 0x00),
            Hue::Green => Rgb(0x00, 0x70, 0x50),
            Hue::Vermilion => Rgb(0xA3, 0x45, 0x00),
            Hue::Sky => Rgb(0x1F, 0x66, 0x94),
            Hue::Purple => Rgb(0x8F, 0x3F, 0x6B),
            Hue::Yellow => Rgb(0x6B, 0x64, 0x00),
            Hue::Grey => Rgb(0x55, 0x55, 0x55),
        }
    }
}

/// A colour of the screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// Titles and values.
    pub const INK: Rgb = Rgb(0x1A, 0x1A, 0x1A);
    /// Subtitles, ticks, footers: 7 to 1 on white.
    pub const MUTED: Rgb = Rgb(0x55, 0x55, 0x55);
    /// The line that an axis starts from.
    pub const AXIS: Rgb = Rgb(0x70, 0x70, 0x70);
    /// Lines that help the eye.
    pub const GRID: Rgb = Rgb(0xE4, 0xE4, 0xE4);
    /// The background.
    pub const PAPER: Rgb = Rgb(0xFF, 0xFF, 0xFF);

    /// The colour thinned with white: 100 is the colour, 0 is white.
    pub fn tint(self, percent: u16) -> Rgb {
        let mix = |channel: u8| (255 - (255 - u16::from(channel)) * percent / 100) as u8;
        Rgb(mix(self.0), mix(self.1), mix(self.2))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Contrast ratio of two colours (WCAG 2.2, relative luminance of sRGB).
    pub(crate) fn contrast(one: Rgb, other: Rgb) -> f64 {
        let channel = |value: u8| {
            let share = f64::from(value) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { libm::pow((share + 0.055) / 1.055, 2.4) }
        };
        let luminance = |c: Rgb| 0.2126 * channel(c.0) + 0.7152 * channel(c.1) + 0.0722 * channel(c.2);
        let (light, dark) = (luminance(one).max(luminance(other)), luminance(one).min(luminance(other)));
        (light + 0.05) / (dark + 0.05)
    }

    #[test]
    fn all_text_can_be_read_on_white() {
        for colour in Hue::ALL.map(Hue::text).into_iter().chain([Rgb::INK, Rgb::MUTED]) {
            assert!(contrast(colour, Rgb::PAPER) >= 4.5, "{colour:?}");
        }
    }

    #[test]
    fn tints_run_from_white_to_the_colour() {
        assert_eq!(Rgb::INK.tint(0), Rgb::PAPER);
        assert_eq!(Rgb::INK.tint(100), Rgb::INK);
    }
}
