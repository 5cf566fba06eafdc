//! The rules, checked on every sample; most of them guard against something that the drawing library does.

use super::{nasty, samples};
use crate::chart::geometry::Area;
use crate::chart::scene::{Mark, Text, Weight, width};
use crate::chart::*;
use crate::scenario::Language;

fn all() -> Vec<Chart> {
    samples::realistic().into_iter().chain(nasty::nasty()).collect()
}

/// Writes every sample as SVG, PNG and CSV into the folder named by `CHART_SAMPLES`, to be looked at.
#[test]
#[ignore = "writes pictures; run it with CHART_SAMPLES=FOLDER"]
fn write_samples() {
    let folder =
        std::path::PathBuf::from(std::env::var("CHART_SAMPLES").expect("CHART_SAMPLES names a folder"));
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
        let texts: Vec<(&String, Area)> = scene.texts().map(|text| (&text.content, text.bounds())).collect();
        for (index, (content, bounds)) in texts.iter().enumerate() {
            for (other, other_bounds) in &texts[..index] {
                assert!(!bounds.overlaps(other_bounds), "{}: “{content}” covers “{other}”", chart.name);
            }
        }
    }
}

/// Data outside a range is cut: nothing is drawn off the sheet, and nothing is without a place.
#[test]
fn marks_stay_on_the_sheet() {
    for chart in all() {
        let scene = draw(&chart);
        let check = |x: f64, y: f64| {
            let inside = (0.0..=scene.width).contains(&x) && (0.0..=scene.height).contains(&y);
            assert!(inside, "{}: a mark at {x}, {y}", chart.name);
        };
        for mark in &scene.marks {
            match mark {
                Mark::Rectangle { area, .. } => {
                    check(area.left, area.top);
                    check(area.right, area.bottom);
                }
                Mark::Line { points, .. } | Mark::Polygon { points, .. } => {
                    points.iter().for_each(|point| check(point.x, point.y));
                }
                Mark::Dot { centre, .. } => check(centre.x, centre.y),
                Mark::Text(text) => check(text.x, text.baseline),
            }
        }
    }
}

#[test]
fn every_svg_is_well_formed_and_named() {
    for chart in all() {
        let svg = to_svg(&chart);
        let document =
            roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{}: {error}", chart.name));
        let root = document.root_element();
        assert_eq!(root.attribute("role"), Some("img"));
        let names: Vec<&str> = root.attribute("aria-labelledby").expect("named").split(' ').collect();
        let mut children = root.children().filter(roxmltree::Node::is_element);
        for (tag, id) in ["title", "desc"].iter().zip(names) {
            let child = children.next().expect("title and description come first");
            assert_eq!((child.tag_name().name(), child.attribute("id")), (*tag, Some(id)));
            assert!(!child.text().unwrap_or_default().is_empty());
        }
        for bad in ["NaN", "inf", "\u{7}", "sans-serif\" font-size", "dy="] {
            assert!(!svg.contains(bad), "{}: {bad:?} in the SVG", chart.name);
        }
    }
}

/// Every colour of a picture is in the table by which a page gives it another value.
#[test]
fn no_colour_is_off_the_table() {
    let table: Vec<String> = picture_colours().into_iter().map(|colour| colour.light).collect();
    for chart in all() {
        let svg = to_svg(&chart);
        let document = roxmltree::Document::parse(&svg).expect("well formed");
        for node in document.descendants() {
            for name in ["fill", "stroke"] {
                let Some(colour) = node.attribute(name).filter(|colour| *colour != "none") else { continue };
                assert!(table.iter().any(|known| known == colour), "{}: {name} {colour}", chart.name);
            }
        }
    }
}

/// Coordinates are tenths of a pixel, shown at the logical size.
#[test]
fn the_svg_is_drawn_ten_times_as_large() {
    let chart = samples::loss(Language::Italian);
    let svg = to_svg(&chart);
    let document = roxmltree::Document::parse(&svg).expect("well formed");
    let root = document.root_element();
    let number = |name: &str| root.attribute(name).and_then(|text| text.parse::<f64>().ok()).expect("a size");
    assert_eq!(number("width"), 960.0);
    let view = format!("0 0 9600 {}", number("height") * 10.0);
    assert_eq!(root.attribute("viewBox"), Some(view.as_str()));
    let scene = draw(&chart);
    let texts: Vec<_> = root.children().filter(|node| node.has_tag_name("text")).collect();
    assert_eq!(texts.len(), scene.texts().count());
    for (node, text) in texts.iter().zip(scene.texts()) {
        assert_eq!(node.text(), Some(text.content.as_str()));
        assert_eq!(node.attribute("font-size"), Some(format!("{}", text.size * 10.0).as_str()));
        let length: f64 = node.attribute("textLength").and_then(|text| text.parse().ok()).expect("a width");
        assert!((length - width(&text.content, text.size, text.weight) * 10.0).abs() <= 0.5);
    }
}

#[test]
fn hostile_words_are_escaped_and_ids_are_plain() {
    let chart =
        nasty::nasty().into_iter().find(|chart| chart.name.contains("name")).expect("a hostile chart");
    let svg = to_svg(&chart);
    let document = roxmltree::Document::parse(&svg).expect("well formed");
    let title = document.descendants().find(|node| node.has_tag_name("title")).expect("a title");
    assert_eq!(title.text(), Some(chart.text.title.as_str()));
    assert_eq!(title.attribute("id"), Some("nasty-long--name--title"));
}

#[test]
fn same_chart_same_bytes() {
    for chart in all() {
        assert_eq!(to_svg(&chart), to_svg(&chart.clone()), "{}", chart.name);
        assert_eq!(chart.to_csv(), chart.clone().to_csv());
    }
    let chart = samples::reserve(Language::English);
    assert_eq!(to_png(&chart), to_png(&chart.clone()));
}

#[test]
fn the_png_is_twice_as_large_and_has_words() {
    let chart = samples::demand(Language::Italian);
    let scene = draw(&chart);
    let bytes = to_png(&chart);
    let mut reader = png::Decoder::new(bytes.as_slice()).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size()];
    let info = reader.next_frame(&mut pixels).expect("an image");
    assert_eq!((info.width, f64::from(info.height)), (1920, scene.height * 2.0));
    let dark = |text: &Text| {
        let area = text.bounds();
        let (columns, rows) = (
            (area.left * 2.0) as usize..(area.right * 2.0) as usize,
            (area.top * 2.0) as usize..(area.bottom * 2.0) as usize,
        );
        rows.flat_map(|row| columns.clone().map(move |column| (row, column)))
            .filter(|(row, column)| pixels[(row * 1920 + column) * 3] < 140)
            .count()
    };
    for text in scene.texts() {
        assert!(dark(text) > 8, "“{}” is not on the picture", text.content);
    }
}

#[test]
fn a_long_curve_is_thinned_to_the_pixel() {
    let mut chart = samples::cap(Language::English);
    if let Figure::Exceedance(figure) = &mut chart.figure {
        figure.points = (0..100_000)
            .map(|index| {
                let chance = 1.0 - f64::from(index) / 100_000.0;
                ExceedancePoint { value: f64::from(index), chance, interval: Some((chance * 0.9, chance)) }
            })
            .collect();
    }
    assert!(to_svg(&chart).len() < 150_000);
    let mut chart = samples::leverage(Language::English);
    if let Figure::Histogram(figure) = &mut chart.figure {
        figure.bins = (0..100_000)
            .map(|index| Bin {
                from: f64::from(index),
                to: f64::from(index + 1),
                count: 1 + index as u64 % 7,
            })
            .collect();
    }
    assert!(to_svg(&chart).len() < 200_000);
}

#[test]
fn what_has_no_data_says_so() {
    for chart in nasty::nasty() {
        let message = match chart.name.as_str() {
            "nasty-loss-empty" | "nasty-fan-empty" | "nasty-fan-no-panel" | "nasty-fan-constant"
            | "nasty-bars-empty" | "nasty-stack-empty" => "Nessun percorso ha",
            "nasty-loss-all-zero" => "Nessun percorso supera",
            _ => continue,
        };
        let scene = draw(&chart);
        assert!(scene.texts().any(|text| text.content.starts_with(message)), "{}", chart.name);
    }
}

#[test]
fn a_tall_spike_is_cut_and_labelled_with_its_share() {
    let scene = draw(&samples::loss(Language::English));
    assert!(scene.texts().any(|text| text.content.ends_with("of paths exactly at €0")));
}

#[test]
fn one_extreme_path_does_not_squeeze_the_others() {
    let marker_with = |outlier: Option<f64>| {
        let mut chart = samples::loss(Language::English);
        let Figure::LossDistribution(figure) = &mut chart.figure else { panic!("a loss distribution") };
        let bins = &mut figure.histogram.bins;
        bins.extend(outlier.map(|from| Bin { from, to: from + 50_000.0, count: 1 }));
        let scene = draw(&chart);
        let title = scene.texts().find(|text| text.content.starts_with("Loss of the fund (")).cloned();
        let label = scene.texts().find(|text| text.content == "VaR 99%").expect("a marker").x;
        (label, title.map(|title| title.content))
    };
    let (usual, none) = marker_with(None);
    let (with_outlier, title) = marker_with(Some(30_000_000.0));
    assert_eq!(none, None);
    assert!((usual - with_outlier).abs() < 100.0, "{usual} {with_outlier}");
    assert_eq!(title.as_deref(), Some("Loss of the fund (beyond the axis: 1\u{a0}path, up to €30.1M)"));
}

#[test]
fn both_languages_write_their_own_numbers() {
    let has = |language, content: &str| {
        draw(&samples::loss(language)).texts().any(|text| text.content.contains(content))
    };
    assert!(has(Language::Italian, "1,49\u{a0}M€") && has(Language::English, "€1.49M"));
    assert!(has(Language::Italian, "100.000\u{a0}percorsi") && has(Language::English, "100,000\u{a0}paths"));
}

#[test]
fn years_are_few_and_titles_are_largest() {
    for chart in [samples::cash(Language::Italian), samples::reserve(Language::English)] {
        let scene = draw(&chart);
        let is_year = |text: &&Text| text.content.len() == 4 && text.content.starts_with("20");
        assert!((3..=6).contains(&scene.texts().filter(is_year).count()), "{}", chart.name);
        let title = scene.texts().next().expect("a title");
        assert!(title.weight == Weight::Bold && scene.texts().skip(1).all(|text| text.size < title.size));
    }
}

#[test]
fn tables_hold_what_is_drawn() {
    let csv = samples::reserve(Language::Italian).to_csv();
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("panel,series,element,level,x,x_end,value,low,high"));
    assert!(csv.contains("\nDotazione per garanzie / esposizione garantita,soglia,threshold,,,,0.2,,\n"));
    assert!(csv.contains(",median,,2018-Q3,,,,\n"), "a gap is an empty cell");
    let csv = samples::loss(Language::English).to_csv();
    assert!(csv.contains("\nLoss of the fund,,bin,,0,0,21400,,\n"));
    assert!(csv.contains("\nLoss of the fund,VaR 99%,marker,,1493000,,,,\n"));
}
