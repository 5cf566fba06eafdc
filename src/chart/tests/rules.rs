//! The rules, checked on every sample.

use super::samples;
use crate::chart::geometry::Area;
use crate::chart::scene::{Mark, Scene};
use crate::chart::*;

fn all() -> Vec<Chart> {
    samples::realistic().into_iter().chain(samples::nasty()).collect()
}

/// Writes every sample as SVG and PNG into the folder named by `CHART_SAMPLES`, to be looked at.
#[test]
#[ignore = "writes pictures; run it with CHART_SAMPLES=FOLDER"]
fn write_samples() {
    let folder = std::path::PathBuf::from(std::env::var("CHART_SAMPLES").expect("CHART_SAMPLES names a folder"));
    for chart in all() {
        let name = chart.name.replace([' ', '"'], "-");
        std::fs::write(folder.join(format!("{name}.svg")), to_svg(&chart)).expect("written");
        std::fs::write(folder.join(format!("{name}.png")), to_png(&chart)).expect("written");
        std::fs::write(folder.join(format!("{name}.csv")), chart.to_csv()).expect("written");
    }
}

#[test]
fn texts_stay_on_the_sheet() {
    for chart in all() {
        let scene = draw(&chart);
        for text in scene.texts() {
            let bounds = text.bounds();
            let inside = bounds.left >= -0.01
                && bounds.top >= 0.0
                && bounds.right <= scene.width + 0.01
                && bounds.bottom <= scene.height;
            assert!(inside, "{}: “{}” at {bounds:?}", chart.name, text.content);
        }
    }
}

#[test]
fn no_text_covers_another() {
    for chart in all() {
        let scene = draw(&chart);
        let texts: Vec<_> = scene.texts().map(|text| (&text.content, text.bounds())).collect();
        for (index, (content, bounds)) in texts.iter().enumerate() {
            for (other, other_bounds) in &texts[..index] {
                assert!(!bounds.overlaps(other_bounds), "{}: “{content}” covers “{other}”", chart.name);
            }
        }
    }
}
