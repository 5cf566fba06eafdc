//! Names at the right edge of a panel over time: bands, medians, means and thresholds, at their last values.

use super::fan::{Band, FanPanel, FanSeries};
use super::geometry::{Area, Point};
use super::palette::Rgb;
use super::placement::spread;
use super::scene::{Stroke, Text, Weight, width, wrap};
use super::sheet::{Axis, LABEL, Sheet};

/// From the plot to the labels at its right edge.
pub(super) const LEADER: f64 = 16.0;
/// Height of a line of a label.
const LINE: f64 = 16.0;

/// A label at the right edge.
pub(super) struct EdgeLabel {
    /// The value that it names.
    value: f64,
    /// Where in the series that value is; `None` for lines that run through.
    index: Option<usize>,
    lines: Vec<String>,
    weight: Weight,
    colour: Rgb,
}

impl EdgeLabel {
    pub fn width(&self) -> f64 {
        self.lines.iter().map(|line| width(line, LABEL, self.weight)).fold(0.0, f64::max)
    }
}

/// The last value of a line, with its position.
fn last(line: &[Option<f64>]) -> Option<(usize, f64)> {
    let (index, value) =
        line.iter().enumerate().rev().find(|(_, value)| value.is_some_and(f64::is_finite))?;
    value.map(|value| (index, value))
}

/// Bands from the widest to the narrowest.
pub(super) fn widest_first(series: &FanSeries) -> Vec<&Band> {
    let mut bands: Vec<&Band> = series.bands.iter().collect();
    bands.sort_by(|a, b| b.share.total_cmp(&a.share));
    bands
}

/// The labels of a panel, broken into lines no wider than `limit`; an arrow shows where a value outside the range is.
pub(super) fn edge_labels(panel: &FanPanel, sheet: &Sheet, limit: f64) -> Vec<EdgeLabel> {
    let numbers = sheet.numbers();
    let mut labels = Vec::new();
    let mut add = |(index, value): (Option<usize>, f64), text: String, weight: Weight, colour: Rgb| {
        let text = match panel.range {
            Some((one, other)) if value > one.max(other) => format!("↑\u{a0}{text}"),
            Some((one, other)) if value < one.min(other) => format!("↓\u{a0}{text}"),
            _ => text,
        };
        labels.push(EdgeLabel { value, index, lines: wrap(&text, LABEL, weight, limit), weight, colour });
    };
    let mut named: Vec<f64> = Vec::new();
    for series in &panel.series {
        let colour = series.hue.text();
        let bands = widest_first(series);
        for (rank, band) in bands.iter().enumerate() {
            let (Some((index, high)), Some((_, low))) = (last(&band.upper), last(&band.lower)) else {
                continue;
            };
            // Several series have the same bands: they are named once, where they can be seen.
            if panel.series.len() > 1 && (named.contains(&band.share) || high <= low) {
                continue;
            }
            named.push(band.share);
            // A band whose upper end leaves the panel is named where its lower end is. The label points into the strip
            // between the band's edge and what lies inside: it names the band, not the line, which is another quantile.
            let outside = |value: f64| panel.range.is_some_and(|(one, other)| value > one.max(other));
            let inner = bands.get(rank + 1);
            let within = |line: Option<&Vec<Option<f64>>>| {
                line.unwrap_or(&series.median).get(index).copied().flatten()
            };
            let (end, inner) = if outside(high) && !outside(low) {
                (low, within(inner.map(|band| &band.lower)))
            } else {
                (high, within(inner.map(|band| &band.upper)))
            };
            let inner = inner.filter(|inner| inner.is_finite() && !outside(*inner)).unwrap_or(end);
            let name = match rank {
                0 => sheet.phrases().band_of_paths(band.share),
                _ => sheet.phrases().plain_percent(band.share),
            };
            add((Some(index), (end + inner) / 2.0), name, Weight::Regular, colour);
        }
        if let Some((index, value)) = last(&series.median) {
            let text = format!("{} {}", series.label, panel.format.value(value, numbers));
            add((Some(index), value), text, Weight::Bold, colour);
        }
        if let Some((index, value)) = series.mean.as_deref().and_then(last) {
            let text = format!("{} {}", sheet.words().mean, panel.format.value(value, numbers));
            add((Some(index), value), text, Weight::Regular, colour);
        }
    }
    for threshold in panel.thresholds.iter().filter(|threshold| threshold.value.is_finite()) {
        let text = format!("{} {}", threshold.label, panel.format.exact(threshold.value, numbers));
        add((None, threshold.value), text, Weight::Bold, Rgb::INK);
    }
    labels
}

/// Draws labels beside the plot, with a thin line from each to the value that it names.
///
/// Where all series end early, their labels stand in the empty part of the plot if they have room there; where only
/// some do, these are led on to the edge in dots.
pub(super) fn draw_edge_labels(
    sheet: &mut Sheet,
    area: Area,
    axis: &Axis,
    labels: &[EdgeLabel],
    x_of: impl Fn(usize) -> f64,
) {
    let (lines, series): (Vec<&EdgeLabel>, Vec<&EdgeLabel>) =
        labels.iter().partition(|label| label.index.is_none());
    let widest = series.iter().map(|label| label.width()).fold(0.0, f64::max);
    let first = series.first().and_then(|label| label.index);
    let end = first.filter(|_| series.iter().all(|label| label.index == first)).map(&x_of);
    let wish = |label: &EdgeLabel| {
        let end = axis.scale.at(label.value).clamp(area.top, area.bottom);
        (end, LINE * label.lines.len() as f64)
    };
    // Beside the plot labels may reach beyond its ends, inside it they may not, nor touch a line that runs through.
    let places = |labels: &[&EdgeLabel], inside: bool| {
        let wishes = labels.iter().map(|label| {
            let (at, height) = wish(label);
            (at, if inside && label.index.is_none() { height + 8.0 } else { height })
        });
        let beyond = if inside { -2.0 } else { LINE / 2.0 };
        spread(&wishes.collect::<Vec<_>>(), area.top - beyond, area.bottom + beyond)
    };
    match end.filter(|end| end + LEADER + widest + LINE <= area.right) {
        Some(end) => {
            // The lines that run through the plot keep their own height free.
            let all: Vec<&EdgeLabel> = series.iter().chain(&lines).copied().collect();
            for (label, place) in series.iter().zip(places(&all, true)) {
                let height = LINE * label.lines.len() as f64;
                let left = end + LEADER - 3.0;
                let paper = Area {
                    left,
                    top: place - height / 2.0,
                    right: left + label.width() + 6.0,
                    bottom: place + height / 2.0,
                };
                sheet.scene.rectangle(paper, Rgb::PAPER);
                draw_label(sheet, label, end, (wish(label).0, place));
            }
            for (label, place) in lines.iter().zip(places(&lines, false)) {
                draw_label(sheet, label, area.right, (wish(label).0, place));
            }
        }
        None => {
            let all: Vec<&EdgeLabel> = labels.iter().collect();
            for (label, place) in labels.iter().zip(places(&all, false)) {
                let at = wish(label).0;
                let from = label.index.map_or(area.right, &x_of);
                if from < area.right - 1.0 {
                    let points = vec![Point { x: from + 2.0, y: at }, Point { x: area.right, y: at }];
                    sheet.scene.line(points, 0.75, Rgb::AXIS, Stroke::Dashed(1.5, 3.0));
                }
                draw_label(sheet, label, area.right, (at, place));
            }
        }
    }
}

/// One label right of `x`, at height `place`, and the thin line from the value at height `at`.
fn draw_label(sheet: &mut Sheet, label: &EdgeLabel, x: f64, (at, place): (f64, f64)) {
    let bend = if (place - at).abs() > 1.0 { place } else { at };
    sheet.scene.segment((x + 1.0, at), (x + LEADER - 3.0, bend), 0.75, Rgb::AXIS);
    let first = place - LINE * (label.lines.len() as f64 - 1.0) / 2.0 + LABEL * 0.35;
    for (index, line) in label.lines.iter().enumerate() {
        let text = Text::new(line, x + LEADER, first + LINE * index as f64, LABEL).colour(label.colour);
        sheet.scene.text(Text { weight: label.weight, ..text });
    }
}
