//! The sheet that every chart is drawn on: title, subtitle, footer, and the axes that all figures share.

use super::axis::{AxisFormat, MOST_TICKS, Scale, Ticks, ticks};
use super::geometry::Area;
use super::palette::Rgb;
use super::scene::{Anchor, Scene, Text, Weight, width, wrap, wrap_evenly};
use super::{Chart, ChartText};
use crate::locale::{Numbers, Phrases, Words, words};
use crate::scenario::Language;

/// Width of every chart, in logical pixels.
pub(super) const WIDTH: f64 = 960.0;
/// Empty border on all sides.
pub(super) const MARGIN: f64 = 28.0;
/// Size of tick labels and of labels in the plot.
pub(super) const LABEL: f64 = 13.0;
/// Size of the headings of panels.
pub(super) const HEADING: f64 = 14.0;
/// From the bottom of a plot to the bottom of its x axis labels and title.
pub(super) const X_AXIS: f64 = 44.0;

const TITLE: f64 = 22.0;
const TITLE_LEADING: f64 = 27.0;
const SUBTITLE: f64 = 15.0;
const SUBTITLE_LEADING: f64 = 20.0;
const FOOTER: f64 = 12.0;
const FOOTER_LEADING: f64 = 16.0;

/// A chart being drawn.
pub(super) struct Sheet {
    pub scene: Scene,
    pub language: Language,
    /// Left border of the body.
    pub left: f64,
    /// Right border of the body.
    pub right: f64,
    /// Where the body starts.
    pub top: f64,
}

/// Draws a chart from its title to its footer; `body` draws what is between and returns its lower border.
pub(super) fn draw(chart: &Chart, body: impl FnOnce(&mut Sheet) -> f64) -> Scene {
    let mut sheet = with_header(chart);
    let bottom = body(&mut sheet);
    sheet.footer(&chart.text, bottom);
    sheet.scene
}

/// A sheet on which the words above the figure are written already.
fn with_header(chart: &Chart) -> Sheet {
    let mut sheet = Sheet {
        scene: Scene::new(WIDTH),
        language: chart.language,
        left: MARGIN,
        right: WIDTH - MARGIN,
        top: MARGIN,
    };
    sheet.header(&chart.text, chart.figure.note(sheet.words()));
    sheet
}

/// The part of the width that title and subtitle are high.
pub(super) fn head_share(chart: &Chart) -> f64 {
    with_header(chart).top / WIDTH
}

impl Sheet {
    pub fn numbers(&self) -> Numbers {
        Numbers::new(self.language)
    }

    pub fn words(&self) -> &'static Words {
        words(self.language)
    }

    pub fn phrases(&self) -> Phrases {
        Phrases::new(self.language)
    }

    fn header(&mut self, text: &ChartText, note: Option<&str>) {
        let limit = self.right - self.left;
        let mut baseline = self.top + TITLE * 0.72;
        for line in wrap_evenly(&text.title, TITLE, Weight::Bold, limit) {
            self.scene.text(Text::new(line, self.left, baseline, TITLE).bold());
            baseline += TITLE_LEADING;
        }
        baseline -= 2.0;
        let subtitle = text.subtitle_with(note);
        for line in wrap(&subtitle, SUBTITLE, Weight::Regular, limit) {
            self.scene.text(Text::new(line, self.left, baseline, SUBTITLE).colour(Rgb::MUTED));
            baseline += SUBTITLE_LEADING;
        }
        self.top = baseline + 4.0;
    }

    fn footer(&mut self, text: &ChartText, bottom: f64) {
        let mut baseline = bottom + 28.0;
        self.scene.segment((self.left, baseline - 18.0), (self.right, baseline - 18.0), 1.0, Rgb::GRID);
        for line in wrap(&text.footer, FOOTER, Weight::Regular, self.right - self.left) {
            self.scene.text(Text::new(line, self.left, baseline, FOOTER).colour(Rgb::MUTED));
            baseline += FOOTER_LEADING;
        }
        self.scene.height = (baseline - FOOTER_LEADING + MARGIN * 0.75).ceil();
    }

    /// The heading of a panel, broken into lines; returns the first free y below it.
    pub fn heading(&mut self, content: &str, left: f64, top: f64, limit: f64) -> f64 {
        let mut baseline = top + HEADING * 0.8;
        for line in wrap(content, HEADING, Weight::Bold, limit) {
            self.scene.text(Text::new(line, left, baseline, HEADING).bold());
            baseline += HEADING * 1.25;
        }
        baseline - HEADING * 0.75
    }

    /// What stands in a plot that has nothing to show.
    pub fn empty(&mut self, area: Area) {
        self.empty_because(area, self.words().nothing_to_draw);
    }

    /// The same for another reason.
    pub fn empty_because(&mut self, area: Area, reason: &str) {
        self.scene.rectangle(area, Rgb::EMPTY);
        let lines = wrap(reason, LABEL + 1.0, Weight::Regular, area.width() - 20.0);
        let mut baseline = area.centre().y - (lines.len() as f64 - 1.0) * 9.0 + 5.0;
        for line in lines {
            self.scene.text(
                Text::new(line, area.centre().x, baseline, LABEL + 1.0)
                    .anchor(Anchor::Middle)
                    .colour(Rgb::MUTED),
            );
            baseline += 18.0;
        }
    }

    /// Horizontal lines with labels left of the plot.
    pub fn y_axis(&mut self, area: Area, axis: &Axis) {
        for (tick, label) in axis.ticks.values.iter().zip(&axis.labels) {
            let y = axis.scale.at(*tick);
            self.scene.segment((area.left, y), (area.right, y), 1.0, Rgb::GRID);
            self.scene.text(
                Text::new(label, area.left - 8.0, y + LABEL * 0.35, LABEL)
                    .anchor(Anchor::End)
                    .colour(Rgb::MUTED),
            );
        }
    }

    /// Short ticks with labels below the plot, and the axis title under them.
    pub fn x_axis(&mut self, area: Area, axis: &Axis, title: &str) {
        self.scene.segment((area.left, area.bottom), (area.right, area.bottom), 1.0, Rgb::AXIS);
        for (tick, label) in axis.ticks.values.iter().zip(&axis.labels) {
            let x = axis.scale.at(*tick);
            self.scene.segment((x, area.bottom), (x, area.bottom + 5.0), 1.0, Rgb::AXIS);
            self.tick_label(x, area.bottom + 19.0, label);
        }
        let title = wrap(title, LABEL, Weight::Regular, area.width()).into_iter().next().unwrap_or_default();
        self.scene.text(
            Text::new(title, area.centre().x, area.bottom + 38.0, LABEL)
                .anchor(Anchor::Middle)
                .colour(Rgb::MUTED),
        );
    }

    /// A label centred under a tick, moved inwards where it would leave the sheet.
    pub fn tick_label(&mut self, x: f64, baseline: f64, label: &str) {
        let half = width(label, LABEL, Weight::Regular) / 2.0;
        let x = x.clamp(self.left + half, (self.right - half).max(self.left + half));
        self.scene.text(Text::new(label, x, baseline, LABEL).anchor(Anchor::Middle).colour(Rgb::MUTED));
    }
}

/// An axis ready to be drawn.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Axis {
    pub scale: Scale,
    pub ticks: Ticks,
    pub labels: Vec<String>,
}

impl Axis {
    /// A linear axis with round ticks. The range must not be empty.
    pub fn linear(
        range: (f64, f64),
        pixels: (f64, f64),
        most: usize,
        format: AxisFormat,
        numbers: Numbers,
    ) -> Axis {
        let ticks = ticks(range.0, range.1, most, format);
        let labels = format.tick_labels(&ticks.values, ticks.step, numbers);
        Axis { scale: Scale::linear(range, pixels.0, pixels.1), ticks, labels }
    }

    /// A horizontal axis with as many ticks, up to six, as have room for their labels.
    pub fn horizontal(range: (f64, f64), pixels: (f64, f64), format: AxisFormat, numbers: Numbers) -> Axis {
        for most in (3..=MOST_TICKS).rev() {
            let axis = Axis::linear(range, pixels, most, format, numbers);
            if axis.labels_fit() {
                return axis;
            }
        }
        Axis::linear(range, pixels, 2, format, numbers)
    }

    /// A vertical axis of probabilities in powers of ten, from 1 down to `floor`.
    pub fn probabilities(floor: f64, pixels: (f64, f64), numbers: Numbers) -> Axis {
        let decades = (0.5 - libm::log10(floor)).floor() as i32;
        let every = (decades as usize).div_ceil(MOST_TICKS - 1);
        let mut values: Vec<f64> = (0..=decades)
            .step_by(every.max(1))
            .map(|decade| 1.0 / libm::pow(10.0, f64::from(decade)))
            .collect();
        values.reverse();
        let top = values.len() - 1;
        let labels = values
            .iter()
            .enumerate()
            .map(|(index, value)| {
                let decimals = (-libm::log10(*value * 100.0) + 0.5).floor().max(0.0) as usize;
                let label = numbers.decimal(value * 100.0, decimals);
                if index == top { format!("{label}{}", numbers.percent_sign()) } else { label }
            })
            .collect();
        let scale = Scale::logarithmic((floor, 1.0), pixels.0, pixels.1);
        Axis { scale, ticks: Ticks { values, step: 1.0 }, labels }
    }

    /// The width of the widest label.
    pub fn gutter(&self) -> f64 {
        self.labels.iter().map(|label| width(label, LABEL, Weight::Regular)).fold(0.0, f64::max)
    }

    fn labels_fit(&self) -> bool {
        let spans: Vec<(f64, f64)> = self
            .ticks
            .values
            .iter()
            .zip(&self.labels)
            .map(|(tick, label)| (self.scale.at(*tick), width(label, LABEL, Weight::Regular) / 2.0))
            .collect();
        spans.windows(2).all(|pair| pair[1].0 - pair[0].0 >= pair[0].1 + pair[1].1 + 12.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_always_start_from_one() {
        let numbers = Numbers::new(Language::Italian);
        let labels = |floor| Axis::probabilities(floor, (100.0, 0.0), numbers).labels;
        assert_eq!(labels(0.001), ["0,1", "1", "10", "100\u{a0}%"]);
        assert_eq!(labels(1e-5).len(), MOST_TICKS);
        assert_eq!(labels(1e-9), ["0,000001", "0,0001", "0,01", "1", "100\u{a0}%"]);
    }

    #[test]
    fn labels_of_a_narrow_axis_keep_apart() {
        let numbers = Numbers::new(Language::Italian);
        let axis = Axis::horizontal((0.0, 5e6), (0.0, 120.0), AxisFormat::Euro, numbers);
        assert!(axis.labels_fit() && axis.labels.len() >= 2);
    }
}
