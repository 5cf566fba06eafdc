//! Charts whose data is empty, constant, extreme or hostile.

use super::samples::{cash, defaults, demand, leverage, loss, series, sources};
use crate::chart::*;
use crate::scenario::Language;

/// Charts whose data is empty, constant, extreme, or hostile.
pub fn nasty() -> Vec<Chart> {
    let italian = Language::Italian;
    let mut charts = Vec::new();
    let mut add = |name: &str, base: &Chart, change: &dyn Fn(&mut Chart)| {
        let mut chart = base.clone();
        chart.name = format!("nasty-{name}");
        change(&mut chart);
        charts.push(chart);
    };
    let loss = loss(italian);
    let on_loss = |change: &dyn Fn(&mut LossDistribution)| {
        let mut figure = match &loss.figure {
            Figure::LossDistribution(figure) => figure.clone(),
            _ => unreachable!("the sample is a loss distribution"),
        };
        change(&mut figure);
        Figure::LossDistribution(figure)
    };
    add("loss-empty", &loss, &|chart| {
        chart.figure = on_loss(&|figure| {
            figure.histogram.bins.clear();
            figure.curve.clear();
        });
    });
    add("loss-all-zero", &loss, &|chart| {
        chart.figure = on_loss(&|figure| {
            figure.histogram.bins = vec![Bin { from: 0.0, to: 0.0, count: 5_000 }];
            figure.histogram.markers.iter_mut().for_each(|marker| marker.value = 0.0);
            figure.curve = vec![ExceedancePoint { value: 0.0, chance: 0.0, interval: Some((0.0, 0.0006)) }];
        });
    });
    add("loss-one-value", &loss, &|chart| {
        chart.figure = on_loss(&|figure| {
            figure.histogram.bins = vec![Bin { from: 1_250.0, to: 1_250.0, count: 1 }];
            figure.histogram.markers.iter_mut().for_each(|marker| marker.value = 1_250.0);
            figure.curve = vec![ExceedancePoint { value: 1_250.0, chance: 1.0, interval: None }];
        });
    });
    add("loss-far-tail", &loss, &|chart| {
        chart.figure = on_loss(&|figure| {
            figure.histogram.bins.push(Bin { from: 60_000_000.0, to: 60_050_000.0, count: 1 });
            figure.curve.push(ExceedancePoint {
                value: 60_000_000.0,
                chance: 1e-9,
                interval: Some((0.0, 1e-4)),
            });
        });
    });
    add("loss-not-a-number", &loss, &|chart| {
        chart.figure = on_loss(&|figure| {
            figure.histogram.markers[1].value = f64::NAN;
            figure.histogram.markers[2].value = f64::INFINITY;
            figure.curve[5].chance = f64::NAN;
            figure.curve[7].interval = Some((f64::NAN, f64::INFINITY));
        });
    });
    add("loss-crowded", &loss, &|chart| {
        chart.figure = on_loss(&|figure| {
            figure.histogram.markers = (0..7)
                .map(|index| Marker {
                    label: format!("Quantile molto particolare n. {index}"),
                    value: 300_000.0 + 9_000.0 * index as f64,
                    kind: MarkerKind::Statistic,
                })
                .collect();
        });
    });
    add("long-words", &leverage(italian), &|chart| {
        chart.text.title = "Titolo lunghissimo <con> \"segni\" & 'apici' ".repeat(6);
        chart.text.subtitle = "x".repeat(400);
        chart.text.footer = "Fonte: simulazione\u{7} con uno scenario dal nome ".repeat(9);
        chart.text.description = "a & b < c\u{0} > d".to_owned();
        chart.name = "nasty long \"name\"".to_owned();
    });
    let fan = |chart: &Chart| match &chart.figure {
        Figure::Fan(fan) => fan.clone(),
        _ => unreachable!("the sample is a fan"),
    };
    let (cash, defaults) = (cash(italian), defaults(italian));
    add("fan-empty", &cash, &|chart| {
        let mut figure = fan(&cash);
        figure.panels[0].series.clear();
        chart.figure = Figure::Fan(figure);
    });
    add("fan-no-panel", &cash, &|chart| {
        let mut figure = fan(&cash);
        figure.panels.clear();
        chart.figure = Figure::Fan(figure);
    });
    add("fan-constant", &defaults, &|chart| {
        let mut figure = fan(&defaults);
        for panel in &mut figure.panels {
            panel.series = vec![series("mediana", Hue::Blue, 40, |_| 0.0, |_| 0.0)];
        }
        figure.panels[1].series = vec![series("mediana", Hue::Blue, 40, |_| f64::NAN, |_| 0.0)];
        chart.figure = Figure::Fan(figure);
    });
    add("fan-one-quarter", &cash, &|chart| {
        let mut figure = fan(&cash);
        figure.panels[0].series = vec![series("mediana", Hue::Blue, 1, |_| 4.0e6, |_| 1.0e5)];
        chart.figure = Figure::Fan(figure);
    });
    add("fan-cut", &cash, &|chart| {
        let mut figure = fan(&cash);
        figure.panels[0].range = Some((500_000.0, 1_000_000.0));
        chart.figure = Figure::Fan(figure);
    });
    add("fan-negative", &cash, &|chart| {
        let mut figure = fan(&cash);
        figure.panels[0].series = vec![
            series("mediana", Hue::Blue, 30, |x| -2.0e6 * x, |x| 1.0e6 * x),
            series("altra", Hue::Orange, 30, |x| 1.0e5 * x, |_| 2.0e5),
        ];
        chart.figure = Figure::Fan(figure);
    });
    let demand = demand(italian);
    add("bars-empty", &demand, &|chart| {
        chart.figure = Figure::GroupedBars(GroupedBars {
            axis_label: String::new(),
            format: AxisFormat::Euro,
            groups: Vec::new(),
            threshold: None,
        });
    });
    add("bars-negative", &demand, &|chart| {
        let bar = |label: &str, value, interval| Bar {
            label: label.to_owned(),
            hue: Hue::Blue,
            value,
            interval,
            reference: value.map(|value| value * 1.5),
        };
        chart.figure = Figure::GroupedBars(GroupedBars {
            axis_label: "differenza".to_owned(),
            format: AxisFormat::Euro,
            groups: vec![BarGroup {
                title: String::new(),
                bars: vec![
                    bar("meno", Some(-1_500_000.0), Some((-2_500_000.0, 300_000.0))),
                    bar("niente", Some(0.0), None),
                    bar("non un numero", Some(f64::NAN), Some((f64::NAN, 1.0))),
                    bar(
                        &"un nome così lungo che occupa più righe ".repeat(3),
                        Some(1.0e6),
                        Some((2.0e6, 0.5e6)),
                    ),
                ],
            }],
            threshold: None,
        });
    });
    add("loss-outlier", &loss, &|chart| {
        let Figure::LossDistribution(figure) = &mut chart.figure else { return };
        figure.histogram.bins.push(Bin { from: 30_000_000.0, to: 30_050_000.0, count: 1 });
    });
    add("stack-empty", &sources(italian), &|chart| {
        chart.figure = Figure::StackedBars(StackedBars {
            axis_label: String::new(),
            format: AxisFormat::Euro,
            rows: Vec::new(),
        });
    });
    add("stack-odd", &sources(italian), &|chart| {
        let parts = (0..9)
            .map(|index| StackPart {
                label: format!("parte numero {index}"),
                hue: Hue::ALL[index % Hue::ALL.len()],
                value: [1.0, -5.0, 0.0, f64::NAN, 1e-6, 300.0, 0.2, 40.0, 7.0][index],
            })
            .collect();
        chart.figure = Figure::StackedBars(StackedBars {
            axis_label: "euro".to_owned(),
            format: AxisFormat::Euro,
            rows: vec![StackRow { label: "Una riga".to_owned(), parts }],
        });
    });
    charts
}
