//! Leverage: how much finance each euro moves, when, and where it comes from.

use super::reading;
use super::story::{Story, Words};
use crate::aggregate::timeline::SeriesId;
use crate::chart::{
    AxisFormat, Bin, Chart, Fan, FanPanel, Figure, Histogram, Hue, Layout, Marker, MarkerKind, StackPart,
    StackRow, StackedBars, ValueAxis,
};
use crate::metrics::MetricId;
use crate::report::telling::{Preposition, sentence, tell};
use crate::scenario::LineNumber;

/// How leverage is spread over the futures.
pub(super) fn distribution(story: &Story) -> Result<Chart, String> {
    story.needs_paths()?;
    refuse_without_loans(story)?;
    let (telling, metric) = (story.telling, MetricId::LeverageEffect);
    let natural = |carried: i64| Story::natural(metric, carried as f64);
    let bins = story.metric(metric, None).histogram.iter().map(|bin| Bin {
        from: natural(bin.from),
        to: natural(bin.to),
        count: bin.count,
    });
    let statistic =
        |label: &str, value: f64| Marker { label: label.to_string(), value, kind: MarkerKind::Statistic };
    let (mean, median) = (story.mean(metric, None), story.quantile(metric, None, 500));
    let mut markers = vec![statistic(telling.words.mean, mean), statistic(telling.words.median, median)];
    markers.extend(story.limit_markers(metric, None));
    let label = telling.words.leverage.to_string();
    let figure = Histogram {
        axis: ValueAxis { label, format: AxisFormat::Ratio(2), hue: Hue::Orange },
        bins: bins.collect(),
        markers,
    };
    let euros = |ratio: f64| telling.numbers.euros(ratio, 2);
    let (low, high) = (story.quantile(metric, None, 50), story.quantile(metric, None, 950));
    let (mean_text, low_text, high_text) = (euros(mean), euros(low), euros(high));
    let euro = base_euro(story);
    let title = if low == high {
        tell!(
            telling,
            "{euro} attiva in media {mean_text} di prestiti",
            "{euro} moves {mean_text} of loans on average"
        )
    } else {
        tell!(
            telling,
            "{euro} attiva in media {mean_text} di prestiti, tra {low_text} e {high_text} in 9 futuri su 10",
            "{euro} moves {mean_text} of loans on average, between {low_text} and {high_text} in 9 futures out of 10"
        )
    };
    let base = base_name(story);
    let multiplier = telling.numbers.decimal(story.mean(MetricId::InvestmentMultiplier, None), 2);
    let words = Words {
        title,
        subtitle: tell!(
            telling,
            "Effetto leva: prestiti del fondo e delle banche ai destinatari finali / {base}",
            "Leverage effect: loans of the fund and of banks to final recipients / {base}"
        ),
        numbers: {
            let decimal = |value: f64| telling.numbers.decimal(value, 2);
            let (mean, median) = (decimal(mean), decimal(median));
            tell!(
                telling,
                "Media {mean}, mediana {median}; moltiplicatore degli investimenti {multiplier}.",
                "Mean {mean}, median {median}; investment multiplier {multiplier}."
            )
        },
        reading: reading::leverage(story, &base),
    };
    Ok(story.chart("leverage", words, Figure::Histogram(figure)))
}

fn refuse_without_loans(story: &Story) -> Result<(), String> {
    story.needs_projects()?;
    if story.is_zero(MetricId::LeverageEffect, None) {
        return Err(tell!(
            story.telling,
            "In nessun futuro simulato viene erogato un prestito",
            "No loan is disbursed in any simulated future"
        ));
    }
    Ok(())
}

/// Of which euro the leverage is: the endowment's, or the Union's part of it.
fn base_euro(story: &Story) -> String {
    if story.plan.union_share < 1.0 {
        tell!(story.telling, "Ogni euro dell’Unione europea", "Each euro of the Union")
    } else {
        tell!(story.telling, "Ogni euro della dotazione", "Each euro of the endowment")
    }
}

fn base_name(story: &Story) -> String {
    let telling = story.telling;
    if story.plan.union_share < 1.0 {
        let share = telling.percent(story.plan.union_share);
        tell!(
            telling,
            "contributo dell’Unione europea ({share} della dotazione)",
            "contribution of the Union ({share} of the endowment)"
        )
    } else {
        telling.words.endowment.to_string()
    }
}

/// Leverage reached by the end of each quarter: the fund, and each line on its own budgets.
pub(super) fn over_time(story: &Story) -> Result<Chart, String> {
    refuse_without_loans(story)?;
    let telling = story.telling;
    let lines: Vec<LineNumber> = story.lines().map(|line| line.number).collect();
    // With a single line the fund and the line differ by the fees only: one panel says it. Of two lines one that never
    // lends has nothing to show.
    let lends = |line: &LineNumber| !story.is_zero(MetricId::LeverageEffect, Some(*line));
    let abouts: Vec<Option<LineNumber>> = match lines[..] {
        [_, _] => [None].into_iter().chain(lines.into_iter().filter(lends).map(Some)).collect(),
        _ => vec![None],
    };
    let single = abouts.len() == 1;
    // After the last possible disbursement nothing changes any more.
    let lag = story.lines().map(|line| line.disbursement_lag).max().unwrap_or(0);
    let lending = story.plan.quarters.min(story.plan.open_quarters + lag) as usize;
    let panels = abouts.iter().map(|&about| FanPanel {
        title: if single { String::new() } else { telling.line_name(about).to_string() },
        format: AxisFormat::Ratio(2),
        range: None,
        series: vec![Story::first_quarters(
            story.fan_series(
                story.series(SeriesId::LeverageEffect, about),
                telling.words.median,
                Hue::Orange,
                &[0.5, 0.8, 0.95],
                |_, _| true,
            ),
            lending,
        )],
        thresholds: Vec::new(),
    });
    let figure = Fan {
        first_quarter: story.plan.start,
        now: story.now(),
        layout: Layout::Columns,
        panels: panels.collect(),
    };

    let means = story.means_over_time(story.series(SeriesId::LeverageEffect, None));
    let last = means.last().copied().unwrap_or(0.0);
    let reached = |share: f64| means.iter().position(|&mean| mean >= share * last).unwrap_or(0);
    let reading = reading::leverage_over_time(story, &means, (reached(0.5), reached(0.9)));
    let quarter = |position: usize| telling.quarter(story.plan.start.plus(position as u32));
    let (half, most) = (quarter(reached(0.5)), quarter(reached(0.9)));
    let value = telling.numbers.decimal(last, 2);
    let average = story.on_average();
    let base = base_name(story);
    let words = Words {
        title: tell!(
            telling,
            "L’effetto leva arriva {average} a {value}: metà entro il {half}, nove decimi entro il {most}",
            "Leverage reaches {value} {average}: half of it by {half}, nine tenths by {most}"
        ),
        subtitle: if single {
            tell!(
                telling,
                "Prestiti erogati dal fondo e dalle banche fino a fine trimestre / {base}",
                "Loans disbursed by the fund and by banks up to the end of the quarter / {base}"
            )
        } else {
            tell!(
                telling,
                "Prestiti erogati dal fondo e dalle banche fino a fine trimestre / {base}; per le linee, sulle risorse della linea",
                "Loans disbursed by the fund and by banks up to the end of the quarter / {base}; for lines, on the line’s budgets"
            )
        },
        numbers: {
            let by_line: Vec<String> = story
                .lines()
                .map(|line| {
                    let mean = story.mean(MetricId::LeverageEffect, Some(line.number));
                    format!("{} {}", telling.line(line.number), telling.numbers.decimal(mean, 2))
                })
                .collect();
            let by_line = by_line.join(", ");
            tell!(telling, "A fine periodo: {by_line}.", "At the horizon: {by_line}.")
        },
        reading,
    };
    Ok(story.chart("leverage-over-time", words, Figure::Fan(figure)))
}

/// Where the money of the projects comes from, by line.
pub(super) fn sources(story: &Story) -> Result<Chart, String> {
    story.needs_projects()?;
    let telling = story.telling;
    let sources = [
        (MetricId::FundLoans, telling.words.fund_loans, Hue::Orange),
        (MetricId::BankLoans, telling.words.bank_loans, Hue::Sky),
        (MetricId::Grants, telling.words.grants, Hue::Green),
        (MetricId::OwnFunds, telling.words.own_funds, Hue::Purple),
    ];
    let rows = story.lines().map(|line| line.number);
    let rows = rows.filter(|&line| !story.is_zero(MetricId::Projects, Some(line))).map(|line| StackRow {
        label: telling.line_name(Some(line)).to_string(),
        parts: sources
            .iter()
            .filter(|(metric, ..)| !story.is_zero(*metric, Some(line)))
            .map(|&(metric, label, hue)| StackPart {
                label: label.to_string(),
                hue,
                value: story.mean(metric, Some(line)),
            })
            .collect(),
    });
    let rows: Vec<StackRow> = rows.collect();
    let reading = reading::sources(story, &rows);
    let figure = StackedBars { axis_label: String::new(), format: AxisFormat::Euro, rows };

    let whole = story.mean(MetricId::InvestmentSupported, None);
    let mut shares: Vec<(&str, f64)> = sources
        .iter()
        .map(|&(metric, label, _)| (label, story.mean(metric, None) / whole))
        .filter(|(_, share)| *share > 0.0)
        .collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    let investment = telling.numbers.euros_short(whole);
    let first = shares[0].0;
    let share = sentence(&telling.the_percent(Preposition::None, shares[0].1));
    let title = match shares.get(1) {
        None => tell!(
            telling,
            "Tutto il denaro dei progetti viene da una sola fonte: {first}",
            "All of the projects’ money comes from one source: {first}"
        ),
        Some((second, other)) => {
            let other = telling.the_percent(Preposition::None, *other);
            tell!(
                telling,
                "{share} degli investimenti viene da {first}, {other} da {second}",
                "{share} of the investment comes from {first}, {other} from {second}"
            )
        }
    };
    let average = story.on_average();
    let words = Words {
        title,
        subtitle: tell!(
            telling,
            "Fonti di finanziamento dei progetti per linea, in euro: {average} {investment} di investimenti",
            "Sources of finance of the projects by line, in euros: {investment} of investment {average}"
        ),
        numbers: {
            let list: Vec<String> =
                shares.iter().map(|(label, share)| format!("{label} {}", telling.percent(*share))).collect();
            format!("{}.", sentence(&list.join(", ")))
        },
        reading,
    };
    Ok(story.chart("sources", words, Figure::StackedBars(figure)))
}
