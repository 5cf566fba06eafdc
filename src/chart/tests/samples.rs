//! Charts as a report has them, in both languages, with made-up but realistic data.

use crate::chart::*;
use crate::locale::{Phrases, words};
use crate::scenario::Language;
use crate::units::Quarter;

const PATHS: u64 = 100_000;

/// A smooth stand-in for a random number, in (0, 1).
fn wave(index: usize, salt: f64) -> f64 {
    let x = (index as f64 + 1.0) * 0.618_033_988_749_895 + salt;
    x - x.floor()
}

fn text(language: Language, italian: (&str, &str), english: (&str, &str)) -> ChartText {
    let (title, subtitle) = match language {
        Language::Italian => italian,
        Language::English => english,
    };
    ChartText {
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        footer: Phrases::new(language).source_line(
            "Base: fondo misto & garanzie",
            PATHS,
            20_220_131,
            "0.1.0",
        ),
        description: format!("{title}. {subtitle}"),
        ..ChartText::default()
    }
}

fn chart(name: &str, language: Language, text: ChartText, figure: Figure) -> Chart {
    Chart { name: format!("{name}-{}", language.word()), language, text, figure }
}

/// A lumpy loss: a spike at zero, a long tail.
pub fn loss(language: Language) -> Chart {
    let words = words(language);
    let phrases = Phrases::new(language);
    let mut bins = vec![Bin { from: 0.0, to: 0.0, count: 21_400 }];
    bins.extend((0..44).map(|index| {
        let x = index as f64 / 9.0;
        let count = (9_500.0 * (x + 0.15) * libm::exp(-x * 1.05) * (0.85 + 0.3 * wave(index, 0.1))) as u64;
        Bin { from: index as f64 * 50_000.0, to: (index + 1) as f64 * 50_000.0, count }
    }));
    let curve = (0..=220)
        .map(|index| {
            let value = index as f64 * 10_000.0;
            let chance = 0.786 * libm::exp(-libm::pow(value / 420_000.0, 1.15));
            let error = 1.96 * (chance * (1.0 - chance) / 10_000.0).sqrt();
            let interval = Some(((chance - error).max(0.0), chance + error + 0.00003));
            ExceedancePoint { value, chance, interval }
        })
        .collect();
    let marker = |label: String, value: f64, kind| Marker { label, value, kind };
    let histogram = Histogram {
        axis: ValueAxis { label: words.fund_loss.to_owned(), format: AxisFormat::Euro, hue: Hue::Vermilion },
        bins,
        markers: vec![
            marker(words.expected_loss.to_owned(), 341_200.0, MarkerKind::Statistic),
            marker(phrases.value_at_risk(0.99), 1_493_000.0, MarkerKind::Statistic),
            marker(phrases.expected_shortfall(0.99), 1_712_345.0, MarkerKind::Statistic),
            marker(words.cap_amount.to_owned(), 1_560_000.0, MarkerKind::Threshold),
        ],
    };
    let text = text(
        language,
        (
            "In 99 futuri su 100 il fondo perde meno di 1,49 M€; in media perde 341 mila euro",
            "Perdita del fondo sull’intera durata, in euro; dotazione 5 M€",
        ),
        (
            "In 99 futures out of 100 the fund loses less than €1.49M; on average it loses €341k",
            "Loss of the fund over its life, in euros; endowment €5M",
        ),
    );
    let curve_heading = words.chance_of_losing_more.to_owned();
    chart(
        "loss",
        language,
        text,
        Figure::LossDistribution(LossDistribution { histogram, curve_heading, curve }),
    )
}

/// A tidy distribution far from zero.
pub fn leverage(language: Language) -> Chart {
    let words = words(language);
    let bins = (0..40)
        .map(|index| {
            let x = (index as f64 - 18.0) / 7.0;
            let count = (6_000.0 * libm::exp(-x * x / 2.0) * (0.9 + 0.2 * wave(index, 0.4))) as u64;
            Bin { from: 2.0 + index as f64 * 0.05, to: 2.05 + index as f64 * 0.05, count }
        })
        .collect();
    let figure = Histogram {
        axis: ValueAxis { label: words.leverage.to_owned(), format: AxisFormat::Ratio(2), hue: Hue::Blue },
        bins,
        markers: vec![
            Marker { label: words.mean.to_owned(), value: 2.93, kind: MarkerKind::Statistic },
            Marker { label: words.median.to_owned(), value: 2.94, kind: MarkerKind::Statistic },
            Marker { label: words.threshold.to_owned(), value: 2.5, kind: MarkerKind::Threshold },
        ],
    };
    let text = text(
        language,
        (
            "Ogni euro del fondo muove quasi 3 euro di credito",
            "Effetto leva: (prestiti del fondo + prestiti bancari) / dotazione",
        ),
        (
            "Each euro of the fund moves almost 3 euros of credit",
            "Leverage effect: (fund loans + bank loans) / endowment",
        ),
    );
    chart("leverage", language, text, Figure::Histogram(figure))
}

/// Any curve over quarters as a series with three bands, a mean and samples.
pub fn series(
    label: &str,
    hue: Hue,
    quarters: usize,
    middle: impl Fn(f64) -> f64,
    spread: impl Fn(f64) -> f64,
) -> FanSeries {
    let line = |shift: f64| {
        (0..quarters)
            .map(|index| {
                let x = index as f64 / (quarters.max(2) - 1) as f64;
                Some(middle(x) + shift * spread(x))
            })
            .collect::<Vec<_>>()
    };
    let band = |share, reach: f64| Band { share, lower: line(-reach), upper: line(reach * 1.25) };
    let samples = (0..4)
        .map(|path| {
            let mut shift = 0.0;
            (0..quarters)
                .map(|index| {
                    let x = index as f64 / (quarters.max(2) - 1) as f64;
                    shift = 0.96 * shift + (wave(index * index + 3 * index, path as f64 * 0.37) - 0.5) * 0.9;
                    Some(middle(x) + shift * spread(x))
                })
                .collect()
        })
        .collect();
    FanSeries {
        label: label.to_owned(),
        hue,
        bands: vec![band(0.95, 1.96), band(0.8, 1.28), band(0.5, 0.67)],
        median: line(0.0),
        mean: Some(line(0.25)),
        samples,
    }
}

fn first_quarter() -> Quarter {
    Quarter::new(2018, 3).expect("a quarter")
}

/// The same figure for three groups, side by side.
pub fn defaults(language: Language) -> Chart {
    let words = words(language);
    let panel = |title: &str, level: f64, wide: f64| FanPanel {
        title: title.to_owned(),
        format: AxisFormat::Percent,
        range: None,
        series: vec![series(
            words.median,
            Hue::Vermilion,
            50,
            |x| level * x * (2.0 - x),
            |x| wide * x * (1.4 - 0.4 * x) * level,
        )],
        thresholds: Vec::new(),
    };
    let figure = Fan {
        first_quarter: first_quarter(),
        now: Some(Now { quarter: 11, label: "today".to_owned() }),
        layout: Layout::Columns,
        panels: vec![
            panel(words.all_lines, 0.14, 0.3),
            panel(words.line_one, 0.11, 0.48),
            panel(words.line_two, 0.17, 0.33),
        ],
    };
    let text = text(
        language,
        (
            "Un progetto su sette non rimborsa, ma nella linea 1 l’incertezza è doppia",
            "Tasso di inadempimento cumulato, per linea, sui progetti finanziati fino al trimestre",
        ),
        (
            "One project in seven defaults, but line 1 is twice as uncertain",
            "Cumulative default rate by line, of the projects funded up to the quarter",
        ),
    );
    chart("defaults", language, text, Figure::Fan(figure))
}

/// One panel with a threshold: cash that falls below zero in bad futures.
pub fn cash(language: Language) -> Chart {
    let words = words(language);
    let figure = Fan {
        first_quarter: first_quarter(),
        now: None,
        layout: Layout::Rows,
        panels: vec![FanPanel {
            title: String::new(),
            format: AxisFormat::Euro,
            range: None,
            series: vec![series(
                words.median,
                Hue::Blue,
                60,
                |x| 1_900_000.0 * (x * 4.0).min(1.0) * (1.15 - x) + 600_000.0 * x,
                |x| 90_000.0 + 500_000.0 * x,
            )],
            thresholds: vec![Threshold { label: words.threshold.to_owned(), value: 250_000.0, until: None }],
        }],
    };
    let text = text(
        language,
        ("La cassa resta positiva in 19 futuri su 20", "Liquidità del fondo a fine trimestre"),
        ("Cash stays positive in 19 futures out of 20", "Cash of the fund at the end of the quarter"),
    );
    chart("cash", language, text, Figure::Fan(figure))
}

/// Two series in one panel, their ratio with its threshold in another; gaps before and after.
pub fn reserve(language: Language) -> Chart {
    let words = words(language);
    let quarters = 52;
    let hump = |x: f64| (x * 3.0).min(1.0) * (1.0 - x) * 1.5;
    let mut exposure = series(
        words.guaranteed_exposure,
        Hue::Orange,
        quarters,
        |x| 4_200_000.0 * hump(x),
        |x| 350_000.0 * hump(x),
    );
    let mut reserve = series(
        words.guarantee_reserve,
        Hue::Blue,
        quarters,
        |x| 900_000.0 - 260_000.0 * x,
        |x| 30_000.0 + 90_000.0 * x,
    );
    for series in [&mut exposure, &mut reserve] {
        series.bands.retain(|band| band.share == 0.8);
        series.mean = None;
        series.samples.clear();
    }
    let mut ratio =
        series(words.median, Hue::Grey, quarters, |x| 0.21 + 0.4 * x * x * x, |x| 0.02 + 0.06 * x);
    ratio.samples.clear();
    ratio.mean = None;
    for line in
        ratio.bands.iter_mut().flat_map(|band| [&mut band.lower, &mut band.upper]).chain([&mut ratio.median])
    {
        line[..3].fill(None);
        line[quarters - 6..].fill(None);
        line[20] = None;
        line[22] = None;
    }
    let figure = Fan {
        first_quarter: first_quarter(),
        now: None,
        layout: Layout::Rows,
        panels: vec![
            FanPanel {
                title: match language {
                    Language::Italian => "Accantonamento ed esposizione",
                    Language::English => "Reserve and exposure",
                }
                .to_owned(),
                format: AxisFormat::Euro,
                range: None,
                series: vec![exposure, reserve],
                thresholds: Vec::new(),
            },
            FanPanel {
                title: words.reserve_ratio.to_owned(),
                format: AxisFormat::Percent,
                range: Some((0.0, 0.6)),
                series: vec![ratio],
                thresholds: vec![Threshold { label: words.threshold.to_owned(), value: 0.2, until: None }],
            },
        ],
    };
    let text = text(
        language,
        (
            "L’accantonamento copre sempre almeno il 20 % dell’esposizione garantita",
            "Accantonamento per garanzie contro esposizione garantita, a fine trimestre",
        ),
        (
            "The reserve always covers at least 20% of the guaranteed exposure",
            "Guarantee reserve against guaranteed exposure, at the end of the quarter",
        ),
    );
    chart("reserve", language, text, Figure::Fan(figure))
}

/// Bars with whiskers by line and by theme.
pub fn demand(language: Language) -> Chart {
    let words = words(language);
    let bar = |label: &str, hue, value: f64, low, high| Bar {
        label: label.to_owned(),
        hue,
        value: Some(value),
        interval: Some((low, high)),
        reference: None,
    };
    let figure = GroupedBars {
        axis_label: format!("{}; {}", words.bar_is_mean, Phrases::new(language).whisker(0.1, 0.9)),
        format: AxisFormat::Percent,
        groups: vec![
            BarGroup {
                title: words.by_line.to_owned(),
                bars: vec![
                    bar(words.line_one, Hue::Blue, 0.417, 0.23, 0.66),
                    bar(words.line_two, Hue::Blue, 0.824, 0.7, 0.97),
                ],
            },
            BarGroup {
                title: words.by_theme.to_owned(),
                bars: vec![
                    bar(words.health_wellbeing, Hue::Green, 0.55, 0.4, 0.7),
                    bar(words.demographic_change, Hue::Green, 0.51, 0.33, 0.69),
                    bar(words.poverty_exclusion, Hue::Green, 0.6, 0.42, 0.81),
                    Bar {
                        label: words.other_theme.to_owned(),
                        hue: Hue::Green,
                        value: None,
                        interval: None,
                        reference: Some(0.4),
                    },
                ],
            },
        ],
        threshold: Some(Threshold { label: words.threshold.to_owned(), value: 0.5, until: None }),
    };
    let text = text(
        language,
        (
            "Il fondo soddisfa due terzi della domanda delle piccole imprese, meno di metà di quella dei grandi programmi",
            "Domanda soddisfatta: investimenti sostenuti / investimenti richiesti",
        ),
        (
            "The fund meets most of the demand of small firms, less than half of that of large programmes",
            "Demand met: investment supported / investment applied for",
        ),
    );
    chart("demand", language, text, Figure::GroupedBars(figure))
}

/// Stacks with large, tiny and absent parts.
pub fn sources(language: Language) -> Chart {
    let words = words(language);
    let part = |label: &str, hue, value| StackPart { label: label.to_owned(), hue, value };
    let row = |label: &str, values: [f64; 4]| StackRow {
        label: label.to_owned(),
        parts: vec![
            part(words.fund_loans, Hue::Orange, values[0]),
            part(words.bank_loans, Hue::Sky, values[1]),
            part(words.grants, Hue::Green, values[2]),
            part(words.own_funds, Hue::Purple, values[3]),
        ],
    };
    let figure = StackedBars {
        axis_label: String::new(),
        format: AxisFormat::Euro,
        rows: vec![
            row(words.line_one, [2_450_000.0, 7_300_000.0, 0.0, 2_920_000.0]),
            row(words.line_two, [1_310_000.0, 2_110_000.0, 480_000.0, 9_000.0]),
        ],
    };
    let text = text(
        language,
        (
            "Le banche portano più di metà del denaro",
            "Fonti di finanziamento dei progetti, media sui percorsi",
        ),
        ("Banks bring more than half of the money", "Sources of finance of the projects, mean over paths"),
    );
    chart("sources", language, text, Figure::StackedBars(figure))
}

/// An exceedance curve alone.
pub fn cap(language: Language) -> Chart {
    let words = words(language);
    let points = (0..=140)
        .map(|index| {
            let value = index as f64 / 100.0;
            let chance = 0.9 * libm::exp(-libm::pow(value / 0.35, 1.4));
            let error = 1.96 * (chance * (1.0 - chance) / 100_000.0).sqrt();
            ExceedancePoint { value, chance, interval: Some(((chance - error).max(0.0), chance + error)) }
        })
        .collect();
    let figure = Exceedance {
        axis: ValueAxis {
            label: words.cap_utilisation.to_owned(),
            format: AxisFormat::Percent,
            hue: Hue::Blue,
        },
        heading: words.chance_of_exceeding.to_owned(),
        points,
        markers: vec![Marker { label: "Cap".to_owned(), value: 1.0, kind: MarkerKind::Threshold }],
    };
    let text = text(
        language,
        (
            "Il cap viene superato in meno di 2 futuri su 100",
            "Perdite sulle garanzie / importo massimo garantito",
        ),
        ("The cap is exceeded in less than 2 futures out of 100", "Losses on guarantees / cap amount"),
    );
    chart("cap", language, text, Figure::Exceedance(figure))
}

/// Bars on both sides of the base, on one side, and an assumption that changes nothing.
pub fn tornado(language: Language) -> Chart {
    let (from, to) = match language {
        Language::Italian => ("da", "a"),
        Language::English => ("from", "to"),
    };
    let row = |label: &str, (low, low_at): (&str, f64), (high, high_at): (&str, f64), half: f64| {
        let end = |label: String, value: f64| TornadoEnd {
            label,
            value,
            interval: Some((value - half, value + half)),
        };
        TornadoRow {
            label: label.to_owned(),
            low: end(format!("{from} {low}"), low_at),
            high: end(format!("{to} {high}"), high_at),
        }
    };
    let figure = Tornado {
        axis_label: words(language).fund_loss.to_owned(),
        format: AxisFormat::Euro,
        base: 250_000.0,
        base_label: "base 250 k€".to_owned(),
        rows: vec![
            row("PD", ("1,2\u{a0}%", 125_000.0), ("5,6\u{a0}%", 488_000.0), 9_000.0),
            row(
                "Default sanati, linea 1 e linea 2",
                ("0\u{a0}%", 326_000.0),
                ("35\u{a0}%", 218_000.0),
                6_000.0,
            ),
            row("Domanda", ("×\u{a0}0,50", 262_000.0), ("×\u{a0}1,50", 258_000.0), 3_000.0),
            row("Tasso", ("2\u{a0}%", 250_000.0), ("6\u{a0}%", 250_000.0), 0.0),
        ],
    };
    let text = text(
        language,
        ("Conta di più il livello delle PD", "Una ipotesi alla volta, le altre alla base"),
        ("The PD level matters most", "One assumption at a time, the others at their base"),
    );
    chart("tornado", language, text, Figure::Tornado(figure))
}

/// The charts of a normal report.
pub fn realistic() -> Vec<Chart> {
    Language::ALL
        .iter()
        .flat_map(|language| {
            [loss, leverage, defaults, cash, reserve, demand, sources, cap, tornado]
                .map(|sample| sample(*language))
        })
        .collect()
}
