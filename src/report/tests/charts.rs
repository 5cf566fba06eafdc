//! Charts of small runs.

use super::sample::{degenerate, mixed, simulated};
use crate::chart::{Chart, Figure, to_svg};
use crate::report::charts::{album, charts};
use crate::scenario::{Borrower, GuaranteeKind, Language, LegalForm, Pipeline, Size, Theme};

/// Texts that show that a sentence was built wrongly.
const NONSENSE: [&str; 12] =
    ["NaN", "inf ", "  ", " ,", "{", "}", "–%", "()", "-0", "\u{2212}0\u{a0}", "..", " ."];

fn check(name: &str, chart: &Chart) {
    let text = &chart.text;
    let reading = &text.reading;
    let texts = [&text.title, &text.subtitle, &text.footer, &text.description];
    for part in texts.into_iter().chain([&reading.see, &reading.read, &reading.means]) {
        assert!(!part.is_empty(), "{name}, {}: a text is empty", chart.name);
        for nonsense in NONSENSE {
            assert!(!part.contains(nonsense), "{name}, {}: “{part}”", chart.name);
        }
    }
    assert!(text.description.starts_with(&text.title), "{name}, {}", chart.name);
    for part in [&reading.see, &reading.read, &reading.means] {
        assert!(part.ends_with('.'), "{name}, {}: “{part}” does not end", chart.name);
        assert!(part.chars().count() <= 420, "{name}, {}: “{part}” is long", chart.name);
    }
    assert!(
        reading.read.contains(|letter: char| letter.is_ascii_digit()),
        "{name}, {}: reads no value",
        chart.name
    );
    assert!(text.title.chars().count() <= 150, "{name}: a long title: {}", text.title);
    assert!(to_svg(chart).contains("</svg>"));
}

#[test]
fn a_mixed_fund_has_all_charts_in_both_languages() {
    for &language in Language::ALL {
        let charts =
            simulated(&mixed(language), 2_000, 2_000, |facts, plan, summary, _| charts(facts, plan, summary));
        let names: Vec<&str> = charts.iter().map(|chart| chart.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "loss-distribution",
                "losses",
                "tail",
                "default-rate",
                "leverage",
                "leverage-over-time",
                "sources",
                "demand-met",
                "guarantee-reserve-1",
                "cap-utilisation-1",
                "guarantee-reserve-2",
                "cap-utilisation-2",
                "cash",
                "endowment"
            ]
        );
        charts.iter().for_each(|chart| check("mixed", chart));
    }
}

/// Charts of both languages say the same things in other words: none is left in the wrong language.
#[test]
fn every_text_under_a_figure_differs_by_language() {
    let albums = [Language::Italian, Language::English].map(|language| {
        let mut all = degenerate(language);
        all.push(("mixed", mixed(language), 2_000, 2_000));
        all.into_iter()
            .flat_map(|(_, scenario, paths, planned)| {
                simulated(&scenario, paths, planned, |facts, plan, summary, _| charts(facts, plan, summary))
            })
            .collect::<Vec<Chart>>()
    });
    let [italian, english] = albums;
    assert_eq!(italian.len(), english.len());
    for (one, other) in italian.iter().zip(&english) {
        assert_eq!(one.name, other.name);
        let (one_reading, other_reading) = (&one.text.reading, &other.text.reading);
        assert_ne!(one_reading.see, other_reading.see, "{}", one.name);
        assert_ne!(one_reading.read, other_reading.read, "{}", one.name);
        assert_ne!(one_reading.means, other_reading.means, "{}", one.name);
    }
}

#[test]
fn where_something_is_missing_charts_are_left_out_with_a_reason() {
    for &language in Language::ALL {
        for (name, scenario, paths, planned) in degenerate(language) {
            let album =
                simulated(&scenario, paths, planned, |facts, plan, summary, _| album(facts, plan, summary));
            album.charts.iter().for_each(|chart| check(name, chart));
            for left_out in &album.left_out {
                assert!(!left_out.reason.is_empty(), "{name}: {}", left_out.name);
            }
            let missing = |chart: &str| album.left_out.iter().any(|entry| entry.name == chart);
            let drawn = |chart: &str| album.charts.iter().any(|entry| entry.name == chart);
            match name {
                "no path" => assert!(album.charts.is_empty()),
                "one path" => assert!(missing("loss-distribution") && drawn("cash")),
                "no guarantees" => assert!(missing("guarantee-reserve") && drawn("losses")),
                "no defaults" => {
                    assert!(missing("loss-distribution") && missing("default-rate") && drawn("leverage"))
                }
                "no applications" => assert!(missing("demand-met") && drawn("cash")),
                "no money for anything" => assert!(missing("sources") && drawn("demand-met")),
                "grants only" => assert!(missing("leverage") && drawn("sources") && drawn("endowment")),
                "uncapped, revolving, negative interest" => {
                    assert!(drawn("guarantee-reserve-1") && !drawn("cap-utilisation-1"))
                }
                "few paths" | "interrupted" | "one line" | "billions" => assert!(drawn("leverage")),
                other => panic!("{other} is not checked"),
            }
        }
    }
}

#[test]
fn the_chance_of_exceeding_the_cap_falls_and_ends_with_the_cap_hits() {
    let mut scenario = mixed(Language::English);
    let guarantee = scenario.line1.as_mut().and_then(|line| line.guarantee.as_mut()).expect("a guarantee");
    guarantee.kind =
        GuaranteeKind::Capped { cap_rate: "0.02".parse().map(crate::units::Share::new).unwrap().unwrap() };
    simulated(&scenario, 1_000, 1_000, |facts, plan, summary, _| {
        let chart =
            charts(facts, plan, summary).into_iter().find(|chart| chart.name == "cap-utilisation-1").unwrap();
        let Figure::Exceedance(figure) = &chart.figure else { panic!("an exceedance curve") };
        assert!(
            figure
                .points
                .windows(2)
                .all(|pair| pair[1].chance <= pair[0].chance && pair[1].value > pair[0].value)
        );
        let hits = summary
            .metric(crate::metrics::MetricId::CapHit, Some(crate::scenario::LineNumber::One))
            .unwrap()
            .moments
            .mean();
        assert!(hits > 0.05, "the cap is small enough to be hit: {hits}");
        let at_cap = figure.points.iter().find(|point| point.value == 1.0).expect("a point at the cap");
        assert!((at_cap.chance - hits).abs() < 0.02, "{} against {hits}", at_cap.chance);
    });
}

#[test]
fn the_stacks_of_the_endowment_have_one_length() {
    for (_, scenario, paths, planned) in degenerate(Language::English) {
        simulated(&scenario, paths, planned, |facts, plan, summary, _| {
            let charts = charts(facts, plan, summary);
            let Some(chart) = charts.iter().find(|chart| chart.name == "endowment") else { return };
            let Figure::StackedBars(figure) = &chart.figure else { panic!("stacks") };
            let [sources, uses] =
                [0, 1].map(|row| figure.rows[row].parts.iter().map(|part| part.value).sum::<f64>());
            assert!((sources - uses).abs() < 0.01, "{sources} in, {uses} out");
        });
    }
}

/// Words of a scenario are data: no markup comes out of them.
#[test]
fn hostile_titles_and_names_stay_text() {
    let hostile = "<script>alert(\"1\")</script> & 'two' \u{7}\u{202e}]]>";
    for &language in Language::ALL {
        let mut scenario = mixed(language);
        scenario.identity.title = hostile.to_string();
        for line in scenario.line1.iter_mut().chain(&mut scenario.line2) {
            line.products[0].name = format!("{hostile} {}", line.number.word());
        }
        scenario.credit.ratings[0].name = hostile.to_string();
        simulated(&scenario, 1_000, 1_000, |facts, plan, summary, _| {
            for chart in charts(facts, plan, summary) {
                let svg = to_svg(&chart);
                let document = roxmltree::Document::parse(&svg)
                    .unwrap_or_else(|error| panic!("{}: {error}", chart.name));
                for node in document.descendants().filter(roxmltree::Node::is_element) {
                    let tag = node.tag_name().name();
                    let known = ["svg", "title", "desc", "text", "rect", "polyline", "polygon", "circle"];
                    assert!(known.contains(&tag), "{}: <{tag}>", chart.name);
                    assert!(node.attributes().all(|attribute| !attribute.name().starts_with("on")));
                }
                assert!(!svg.contains('\u{7}') && !svg.contains("]]>"), "{}", chart.name);
                let footer =
                    document.descendants().filter_map(|node| node.text()).find(|text| text.contains("fesr"));
                assert!(
                    footer.expect("a footer").contains("<script>alert(\"1\")</script> & 'two'"),
                    "{}",
                    chart.name
                );
            }
        });
    }
}

/// One listed applicant: whatever is drawn is drawn of one project, and no chart compares it with itself.
#[test]
fn a_single_applicant_has_charts() {
    for &language in Language::ALL {
        let mut scenario = mixed(language);
        scenario.line2 = None;
        let line = scenario.line1.as_mut().expect("line 1");
        scenario.fund.endowment = scenario.fund.fees.budget + line.budget.total();
        line.products.truncate(1);
        line.withdrawal_rate = crate::units::Share::ZERO;
        line.pipeline = Pipeline::List(vec![Borrower {
            id: "only-one".to_string(),
            line: crate::scenario::LineNumber::One,
            quarter: 0,
            investment: crate::units::Cents(120_000_000),
            theme: Theme::HealthWellbeing,
            legal_form: LegalForm::Nonprofit,
            size: Size::Small,
            rating: 0,
            product: Some(0),
            accompanied: false,
            members: 1,
            forced_default_quarter: None,
        }]);
        let album = simulated(&scenario, 500, 500, |facts, plan, summary, _| album(facts, plan, summary));
        album.charts.iter().for_each(|chart| check("one applicant", chart));
        let missing: Vec<&str> = album.left_out.iter().map(|entry| entry.name.as_str()).collect();
        assert!(missing.contains(&"tail") && missing.contains(&"tail-borrowers"), "{missing:?}");
        for name in ["losses", "default-rate", "sources", "endowment", "cash"] {
            assert!(album.charts.iter().any(|chart| chart.name == name), "{name}");
        }
    }
}
