//! Colours: the Okabe-Ito palette, which people with every kind of colour vision can tell apart, and its text shades.
//!
//! A hue is never the only carrier of meaning: every series also has its own label, place or dash.
//!
//! Pictures use the colours of [`picture_colours`] and no other: a page that shows them inline can give each of them
//! another value, for dark screens say, by selecting on `fill` and `stroke`.

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
        self.line().tint(self.part_tint())
    }

    /// The fill of a bar that has a label of its own.
    pub(super) fn bar(self) -> Rgb {
        self.line().tint(BAR_TINT)
    }

    /// The fill of a band of a fan, from the widest (0) to the narrowest (2).
    pub(super) fn band(self, rank: usize) -> Rgb {
        self.line().tint(BAND_TINTS[rank.min(2)])
    }

    /// The fill of a confidence band around a curve.
    pub(super) fn confidence(self) -> Rgb {
        self.line().tint(CONFIDENCE_TINT)
    }

    /// The hatch of a part of a stack, for hues that look alike in greyscale.
    pub(super) fn hatch(self) -> Option<Hatch> {
        match self {
            Hue::Orange => Some(Hatch::Falling),
            Hue::Purple => Some(Hatch::Rising),
            Hue::Blue | Hue::Green | Hue::Vermilion | Hue::Sky | Hue::Yellow | Hue::Grey => None,
        }
    }

    /// How strong a part of a stack is, in percent of the hue.
    fn part_tint(self) -> u16 {
        match self {
            Hue::Green | Hue::Blue => 100,
            Hue::Orange | Hue::Vermilion => 90,
            Hue::Yellow => 80,
            Hue::Purple => 75,
            Hue::Grey => 60,
            Hue::Sky => 55,
        }
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

/// Thin lines of paper across a part of a stack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Hatch {
    /// From the lower left to the upper right.
    Rising,
    /// From the upper left to the lower right.
    Falling,
}

const BAND_TINTS: [u16; 3] = [22, 38, 58];
const CONFIDENCE_TINT: u16 = 30;
const BAR_TINT: u16 = 70;

/// What a colour of a picture is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ColourRole {
    /// The background: behind labels inside a plot, and between cut bars.
    Paper,
    /// Titles, values, markers and thresholds.
    Ink,
    /// Subtitles, tick labels, footers.
    Muted,
    /// Lines that axes start from.
    Axis,
    /// Lines that help the eye.
    Grid,
    /// A plot without data.
    Empty,
    /// A single path in a fan.
    Sample,
    /// A curve or, half transparent, one of two crossing bands.
    Line(Hue),
    /// A label in the hue of its series, and the median of a fan.
    Text(Hue),
    /// A bar.
    Bar(Hue),
    /// A part of a stack.
    Part(Hue),
    /// A band of a fan, from the widest (0) to the narrowest (2).
    Band(Hue, usize),
    /// A confidence band around a curve.
    Confidence(Hue),
}

/// A colour that pictures use, and its counterpart on a dark page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PictureColour {
    /// As it stands in `fill` and `stroke`: `#0072B2`.
    pub light: String,
    /// For a background of `#16191D`, with the same contrasts: text has at least 4.5 to 1.
    pub dark: String,
    /// What it is for (the first use, where two roles share a colour).
    pub role: ColourRole,
}

/// All colours of all pictures, each once.
pub fn picture_colours() -> Vec<PictureColour> {
    use ColourRole as Role;
    let plain = [Role::Paper, Role::Ink, Role::Muted, Role::Axis, Role::Grid, Role::Empty, Role::Sample];
    let of_hue = |hue| {
        let bands = (0..BAND_TINTS.len()).map(move |rank| Role::Band(hue, rank));
        [Role::Line(hue), Role::Text(hue), Role::Bar(hue), Role::Part(hue), Role::Confidence(hue)]
            .into_iter()
            .chain(bands)
    };
    let mut colours: Vec<PictureColour> = Vec::new();
    for role in plain.into_iter().chain(Hue::ALL.into_iter().flat_map(of_hue)) {
        let light = role.light().hex();
        if colours.iter().all(|colour| colour.light != light) {
            colours.push(PictureColour { light, dark: role.dark().hex(), role });
        }
    }
    colours
}

impl ColourRole {
    fn light(self) -> Rgb {
        match self {
            ColourRole::Paper => Rgb::PAPER,
            ColourRole::Ink => Rgb::INK,
            ColourRole::Muted => Rgb::MUTED,
            ColourRole::Axis => Rgb::AXIS,
            ColourRole::Grid => Rgb::GRID,
            ColourRole::Empty => Rgb::EMPTY,
            ColourRole::Sample => Rgb::SAMPLE,
            ColourRole::Line(hue) => hue.line(),
            ColourRole::Text(hue) => hue.text(),
            ColourRole::Bar(hue) => hue.bar(),
            ColourRole::Part(hue) => hue.part(),
            ColourRole::Band(hue, rank) => hue.band(rank),
            ColourRole::Confidence(hue) => hue.confidence(),
        }
    }

    /// Tints towards the dark paper instead of white; text is lightened, lines a little.
    fn dark(self) -> Rgb {
        let shade = |hue: Hue, percent: u16| hue.line().mix(DARK_PAPER, percent);
        match self {
            ColourRole::Paper => DARK_PAPER,
            ColourRole::Ink => Rgb(0xF0, 0xF0, 0xF0),
            ColourRole::Muted => Rgb(0xB8, 0xBC, 0xC2),
            ColourRole::Axis => Rgb(0x8C, 0x92, 0x99),
            ColourRole::Grid => Rgb(0x33, 0x38, 0x3F),
            ColourRole::Empty => Rgb(0x25, 0x29, 0x2E),
            ColourRole::Sample => Rgb(0x7A, 0x7F, 0x86),
            ColourRole::Line(hue) => hue.line().tint(80),
            ColourRole::Text(hue) => hue.line().tint(55),
            ColourRole::Bar(hue) => hue.line().tint(80).mix(DARK_PAPER, 90),
            ColourRole::Part(hue) => shade(hue, hue.part_tint()),
            ColourRole::Band(hue, rank) => shade(hue, BAND_TINTS[rank.min(2)]),
            ColourRole::Confidence(hue) => shade(hue, CONFIDENCE_TINT + 10),
        }
    }
}

/// The background that dark counterparts are made for.
const DARK_PAPER: Rgb = Rgb(0x16, 0x19, 0x1D);

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

    /// A plot that has nothing to show.
    pub const EMPTY: Rgb = Rgb(0xF2, 0xF2, 0xF2);
    /// A single path.
    pub const SAMPLE: Rgb = Rgb(0x77, 0x77, 0x77);

    /// The colour thinned with white: 100 is the colour, 0 is white.
    pub fn tint(self, percent: u16) -> Rgb {
        let mix = |channel: u8| (255 - (255 - u16::from(channel)) * percent / 100) as u8;
        Rgb(mix(self.0), mix(self.1), mix(self.2))
    }

    /// The colour thinned with another one: 100 is the colour, 0 is the other.
    fn mix(self, other: Rgb, percent: u16) -> Rgb {
        let mix = |own: u8, other: u8| {
            ((u16::from(own) * percent + u16::from(other) * (100 - percent)) / 100) as u8
        };
        Rgb(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }

    /// As SVG writes it.
    fn hex(self) -> String {
        format!("#{:02X}{:02X}{:02X}", self.0, self.1, self.2)
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
    fn dark_counterparts_can_be_read_too() {
        for role in Hue::ALL.map(ColourRole::Text).into_iter().chain([ColourRole::Ink, ColourRole::Muted]) {
            assert!(contrast(role.dark(), DARK_PAPER) >= 4.5, "{role:?}");
        }
        for role in Hue::ALL.into_iter().flat_map(|hue| [ColourRole::Line(hue), ColourRole::Bar(hue)]) {
            assert!(contrast(role.dark(), DARK_PAPER) >= 3.0, "{role:?}");
        }
    }

    #[test]
    fn each_colour_is_listed_once_and_fits_all_its_uses() {
        let colours = picture_colours();
        for (index, colour) in colours.iter().enumerate() {
            assert!(colours[..index].iter().all(|other| other.light != colour.light), "{colour:?}");
        }
        assert_eq!(colours[0].light, "#FFFFFF");
        assert!(
            colours
                .iter()
                .any(|colour| colour.light == "#0072B2" && colour.role == ColourRole::Line(Hue::Blue))
        );
    }

    #[test]
    fn tints_run_from_white_to_the_colour() {
        assert_eq!(Rgb::INK.tint(0), Rgb::PAPER);
        assert_eq!(Rgb::INK.tint(100), Rgb::INK);
    }
}
