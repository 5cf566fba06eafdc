//! The bars of a histogram: shares of paths, spikes at single values, and what is too narrow to be seen.

use super::axis::{AxisFormat, Scale, from_zero, range_of};
use super::distribution::{Bin, ExceedancePoint, Histogram};
use super::flags::{FlagLine, FlagText, Flags, Horizontal, marker_flags};
use super::geometry::Area;
use super::palette::Rgb;
use super::sheet::{Axis, Sheet, X_AXIS};

const HEIGHT: f64 = 340.0;
const SPIKE_WIDTH: f64 = 7.0;
/// Bars narrower than this, in pixels, are drawn together.
const NARROWEST: f64 = 1.0;

impl Histogram {
    pub(super) fn draw(&self, sheet: &mut Sheet) -> f64 {
        let heading = self.heading(sheet);
        let top = sheet.heading(&heading, sheet.left, sheet.top, sheet.right - sheet.left);
        let Some(range) = self.range(&[]) else {
            let area = Area { left: sheet.left, top, right: sheet.right, bottom: top + HEIGHT };
            sheet.empty(area);
            return area.bottom;
        };
        let heights = Heights::of(&self.bins);
        let gutter = heights.axis((1.0, 0.0), sheet).gutter() + 8.0;
        let horizontal = Horizontal::new(range, self.axis.format, sheet, gutter);
        let flags = Flags::new(&self.flag_texts(&heights, sheet), &horizontal, sheet);
        let area = horizontal.area(top + flags.height(), HEIGHT);
        self.draw_bars(sheet, area, &heights, &horizontal.axis.scale);
        flags.draw(sheet, area);
        sheet.x_axis(area, &horizontal.axis, &self.axis_title(sheet));
        area.bottom + X_AXIS
    }

    pub(super) fn heading(&self, sheet: &Sheet) -> String {
        let heights = Heights::of(&self.bins);
        let width = self.axis.format.value(heights.width, sheet.numbers());
        if heights.width > 0.0 {
            sheet.phrases().share_of_paths_per(&width)
        } else {
            sheet.words().share_of_all_paths.to_owned()
        }
    }

    /// The range of the x axis: everything that is drawn; from zero unless the data is far from it.
    pub(super) fn range(&self, curve: &[ExceedancePoint]) -> Option<(f64, f64)> {
        let filled = self.bins.iter().filter(|bin| bin.count > 0).flat_map(|bin| [bin.from, bin.to]);
        let data = range_of(filled.chain(curve.iter().map(|point| point.value)))?;
        let markers = self.markers.iter().map(|marker| marker.value);
        let data = (data.0, self.cut().map_or(data.1, |(end, _)| end.min(data.1)));
        let (low, high) = range_of(markers.chain([data.0, data.1]))?;
        Some(if low >= 0.0 && low < high * 0.25 {
            from_zero(0.0, high, 0.02)
        } else {
            let air = (high - low) * 0.02;
            (low - air, high + air)
        })
    }

    /// Where the axis ends if a few extreme paths would squeeze all others, with the number of paths beyond.
    ///
    /// The paths left out are at most one in ten thousand (but one in any case), and lie beyond one and a half
    /// times the largest of the others and of the markers.
    pub(super) fn cut(&self) -> Option<(f64, u64)> {
        let total: u64 = self.bins.iter().map(|bin| bin.count).sum();
        let most = (total / 10_000).max(1);
        let filled: Vec<&Bin> = self.bins.iter().filter(|bin| bin.count > 0).collect();
        let largest = filled.last()?.to;
        let mut beyond = 0;
        let inside = filled.iter().rev().find(|bin| {
            beyond += bin.count;
            beyond > most
        })?;
        let beyond = beyond - inside.count;
        let end = self
            .markers
            .iter()
            .map(|marker| marker.value)
            .filter(|value| value.is_finite())
            .fold(inside.to, f64::max);
        (end > 0.0 && beyond > 0 && largest > 1.5 * end).then_some((end, beyond))
    }

    /// The title of the x axis, which says what lies beyond its end.
    pub(super) fn axis_title(&self, sheet: &Sheet) -> String {
        let largest = self.bins.iter().filter(|bin| bin.count > 0).map(|bin| bin.to).fold(0.0, f64::max);
        match self.cut() {
            None => self.axis.label.clone(),
            Some((_, beyond)) => {
                let largest = self.axis.format.value(largest, sheet.numbers());
                format!("{} ({})", self.axis.label, sheet.phrases().beyond_the_axis(beyond, &largest))
            }
        }
    }

    /// Labels of markers and spikes, with the position and the style of each.
    pub(super) fn flag_texts(&self, heights: &Heights, sheet: &Sheet) -> Vec<FlagText> {
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

    pub(super) fn draw_bars(&self, sheet: &mut Sheet, area: Area, heights: &Heights, x: &Scale) {
        let axis = heights.axis((area.bottom, area.top), sheet);
        sheet.y_axis(area, &axis);
        let at = |value: f64| x.at(value).clamp(area.left, area.right);
        for bin in &merged(&self.bins, |from, to| at(to) - at(from) < NARROWEST) {
            let (left, right) = (at(bin.from), at(bin.to));
            if right <= left {
                continue; // beyond the end of the axis
            }
            // A hair of paper between neighbours, where there is room for it.
            let gap = if right - left >= 4.0 { 0.5 } else { 0.0 };
            let top = axis.scale.at(heights.height(bin)).max(area.top);
            let bar = Area { left: left + gap, top, right: right - gap, bottom: area.bottom };
            sheet.scene.rectangle(bar, self.axis.hue.bar());
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

/// Bars with paths in them; neighbours that are too narrow to be seen are taken together.
fn merged(bins: &[Bin], too_narrow: impl Fn(f64, f64) -> bool) -> Vec<Bin> {
    let mut bars: Vec<Bin> = Vec::new();
    for bin in bins.iter().filter(|bin| bin.to > bin.from) {
        match bars.last_mut() {
            Some(bar) if bar.to == bin.from && too_narrow(bar.from, bar.to) => {
                bar.to = bin.to;
                bar.count += bin.count;
            }
            _ => bars.push(*bin),
        }
    }
    bars.retain(|bar| bar.count > 0);
    bars
}

/// How tall bars are.
pub(super) struct Heights {
    total: f64,
    /// The usual width of a bin; 0 if all bins are spikes.
    width: f64,
    /// The tallest height that is drawn whole.
    tallest: f64,
}

impl Heights {
    pub fn of(bins: &[Bin]) -> Heights {
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

    pub fn axis(&self, pixels: (f64, f64), sheet: &Sheet) -> Axis {
        let range = from_zero(0.0, self.tallest, 0.0);
        Axis::linear(range, pixels, 5, AxisFormat::Percent, sheet.numbers())
    }
}
