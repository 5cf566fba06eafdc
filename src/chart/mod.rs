//! Charts as data, and their pictures.
//!
//! A [`Chart`] is a title that states a finding, what is measured, where the numbers come from, and a [`Figure`]:
//! series and labels, nothing of the fund. [`to_svg`] and [`to_png`] draw it, [`Chart::to_csv`] gives its numbers.
//! Same chart, same bytes: no clock, no system font, no platform maths.
//!
//! ```text
//! Chart --(sheet; histogram, curve, fan, bars)--> Scene --(canvas: plotters)--> SVG, PNG
//! ```
//!
//! Figures work out every position in logical pixels and put marks into a scene (`scene`); text is measured with
//! the embedded font, so labels are placed where nothing covers them (`placement`); data is cut and thinned before
//! it is drawn (`geometry`); ranges are never empty (`axis`). A figure without data says so in words.
//!
//! There are no legends: names stand at the right edge, above a marker or beside a bar.

mod axis;
mod bars;
mod canvas;
mod curve;
mod curves;
mod distribution;
mod dumbbell;
mod edge;
mod fan;
mod flags;
mod font;
mod geometry;
mod heat_map;
mod histogram;
mod palette;
mod placement;
mod scatter;
mod scene;
mod sheet;
mod table;
mod ternary;
#[cfg(test)]
mod tests;
mod tornado;

pub use axis::AxisFormat;
pub use bars::{Bar, BarGroup, GroupedBars, StackPart, StackRow, StackedBars};
pub use curves::{CurveSeries, Curves};
pub use distribution::{
    Bin, Exceedance, ExceedancePoint, Histogram, LossDistribution, Marker, MarkerKind, ValueAxis,
};
pub use dumbbell::{Dumbbell, DumbbellRow};
pub use fan::{Band, Fan, FanPanel, FanSeries, Layout, Now, Threshold};
pub use heat_map::{HeatCell, HeatMap, HeatRow};
pub use palette::{ColourRole, Hue, PictureColour, picture_colours};
pub use scatter::{Scatter, ScatterPoint};
pub(crate) use table::COLUMNS as TABLE_COLUMNS;
pub use ternary::{Ternary, TernaryCell, TernaryMark};
pub use tornado::{Tornado, TornadoEnd, TornadoRow};

use crate::locale::{Words, words};
use crate::scenario::Language;
use scene::Scene;

/// The words around a figure.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ChartText {
    /// The finding, as a sentence; long titles are broken into lines.
    pub title: String,
    /// The measure and its unit.
    pub subtitle: String,
    /// Source, scenario, paths, seed, version ([`crate::locale::Phrases::source_line`]).
    pub footer: String,
    /// For screen readers: the finding and about three numbers.
    pub description: String,
    /// Three lines under the figure, where the medium has room for them.
    pub reading: FigureReading,
}

impl ChartText {
    fn subtitle_with(&self, note: Option<&str>) -> String {
        match note {
            Some(note) => format!("{}; {note}", self.subtitle),
            None => self.subtitle.clone(),
        }
    }
}

/// How a figure is read: three short texts for somebody who has never seen such a chart.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FigureReading {
    /// What you see: the marks and the axes.
    pub see: String,
    /// How to read it: with one value of this chart read aloud.
    pub read: String,
    /// What it means here: for this fund and these results.
    pub means: String,
}

/// A chart.
#[derive(Clone, PartialEq, Debug)]
pub struct Chart {
    /// Unique among the charts of a page: the ids in the SVG are made from it. Letters, digits and hyphens; other
    /// characters become hyphens.
    pub name: String,
    /// Language of numbers and of the few words that figures add.
    pub language: Language,
    /// The words around the figure.
    pub text: ChartText,
    /// What is drawn.
    pub figure: Figure,
}

/// What a chart shows.
#[derive(Clone, PartialEq, Debug)]
pub enum Figure {
    /// Histogram above the exceedance curve, sharing the x axis.
    LossDistribution(LossDistribution),
    /// Histogram alone.
    Histogram(Histogram),
    /// Exceedance curve alone.
    Exceedance(Exceedance),
    /// Medians and bands over quarters, in one or more panels.
    Fan(Fan),
    /// Horizontal bars with intervals.
    GroupedBars(GroupedBars),
    /// Horizontal stacks.
    StackedBars(StackedBars),
    /// One figure under several scenarios.
    Dumbbell(Dumbbell),
    /// Exceedance curves of several scenarios.
    Curves(Curves),
    /// Shaded numbers.
    HeatMap(HeatMap),
    /// A figure over mixes of three instruments.
    Ternary(Ternary),
    /// Two figures of many mixes.
    Scatter(Scatter),
    /// One figure as its assumptions move one at a time.
    Tornado(Tornado),
}

impl Figure {
    /// What the subtitle has to add: marks that have no label of their own.
    fn note(&self, words: &'static Words) -> Option<&'static str> {
        match self {
            Figure::Fan(fan) => fan.has_samples().then_some(words.thin_lines_are_paths),
            Figure::LossDistribution(_)
            | Figure::Histogram(_)
            | Figure::Exceedance(_)
            | Figure::GroupedBars(_)
            | Figure::StackedBars(_)
            | Figure::Dumbbell(_)
            | Figure::Curves(_)
            | Figure::HeatMap(_)
            | Figure::Ternary(_)
            | Figure::Scatter(_)
            | Figure::Tornado(_) => None,
        }
    }
}

/// The chart as a complete SVG document, 960 logical pixels wide, with a title and a description for screen readers.
pub fn to_svg(chart: &Chart) -> String {
    let id: String =
        chart.name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
    let naming = canvas::Naming {
        id: &id,
        title: &chart.text.title,
        description: &chart.text.description,
        language: chart.language.word(),
    };
    canvas::svg(&draw(chart), &naming)
}

/// The chart as a PNG file, 1920 pixels wide.
pub fn to_png(chart: &Chart) -> Vec<u8> {
    canvas::png(&draw(chart))
}

impl Chart {
    /// The subtitle as it stands in the picture: with what marks without a label are.
    pub fn whole_subtitle(&self) -> String {
        self.text.subtitle_with(self.figure.note(words(self.language)))
    }

    /// How high title and subtitle are in the picture, as a part of its width: what may be cut off where they stand above
    /// it as text already.
    pub fn head_share(&self) -> f64 {
        sheet::head_share(self)
    }

    /// The numbers behind the chart as tidy CSV, the same columns for every chart:
    /// `panel,series,element,level,x,x_end,value,low,high`. Locale-free; quarters are `2019-Q1`, gaps are empty.
    /// The count of a bin, the probability of a point, the value of a line are all in `value`.
    pub fn to_csv(&self) -> String {
        let mut table = table::Table::new();
        match &self.figure {
            Figure::LossDistribution(figure) => table.loss_distribution(figure),
            Figure::Histogram(figure) => table.histogram(figure),
            Figure::Exceedance(figure) => table.exceedance(figure),
            Figure::Fan(figure) => table.fan(figure),
            Figure::GroupedBars(figure) => table.grouped_bars(figure),
            Figure::StackedBars(figure) => table.stacked_bars(figure),
            Figure::Dumbbell(figure) => table.dumbbell(figure),
            Figure::Curves(figure) => table.curves(figure),
            Figure::HeatMap(figure) => table.heat_map(figure),
            Figure::Ternary(figure) => table.ternary(figure),
            Figure::Scatter(figure) => table.scatter(figure),
            Figure::Tornado(figure) => table.tornado(figure),
        }
        table.finish()
    }
}

/// The chart as marks.
fn draw(chart: &Chart) -> Scene {
    sheet::draw(chart, |sheet| match &chart.figure {
        Figure::LossDistribution(figure) => figure.draw(sheet),
        Figure::Histogram(figure) => figure.draw(sheet),
        Figure::Exceedance(figure) => figure.draw(sheet),
        Figure::Fan(figure) => figure.draw(sheet),
        Figure::GroupedBars(figure) => figure.draw(sheet),
        Figure::StackedBars(figure) => figure.draw(sheet),
        Figure::Dumbbell(figure) => figure.draw(sheet),
        Figure::Curves(figure) => figure.draw(sheet),
        Figure::HeatMap(figure) => figure.draw(sheet),
        Figure::Ternary(figure) => figure.draw(sheet),
        Figure::Scatter(figure) => figure.draw(sheet),
        Figure::Tornado(figure) => figure.draw(sheet),
    })
}
