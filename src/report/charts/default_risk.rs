//! Default risk: how bad the loss can get, who makes it, and how many projects default over time.

use super::reading;
use super::story::{Story, Words};
use crate::aggregate::contributions::Split;
use crate::aggregate::timeline::SeriesId;
use crate::chart::{
    AxisFormat, Bar, BarGroup, Bin, Chart, ExceedancePoint, Fan, FanPanel, Figure, GroupedBars, Histogram,
    Hue, Layout, LossDistribution, Marker, MarkerKind, ValueAxis,
};
use crate::metrics::MetricId;
use crate::report::telling::{Preposition, sentence, tell};
use crate::scenario::LineNumber;

/// Histogram of the fund loss above its exceedance curve, with expected loss, VaR 99 % and ES 99 %.
pub(super) fn loss_distribution(story: &Story) -> Result<Chart, String> {
    story.needs_paths()?;
    refuse_without_loss(story)?;
    let (telling, metric) = (story.telling, MetricId::FundLoss);
    let loss = story.metric(metric, None);
    let natural = |carried: f64| Story::natural(metric, carried);
    let statistic = |label: String, value: f64| Marker { label, value, kind: MarkerKind::Statistic };

    let expected = story.mean(metric, None);
    let value_at_risk = story.quantile(metric, None, 990);
    let shortfall =
        loss.shortfall(990).and_then(|shortfall| shortfall.estimate).map(|(value, _)| natural(value));
    let mut markers = vec![
        statistic(telling.words.expected_loss.to_string(), expected),
        statistic(telling.phrases.value_at_risk(0.99), value_at_risk),
    ];
    markers.extend(shortfall.map(|value| statistic(telling.phrases.expected_shortfall(0.99), value)));
    markers.extend(story.limit_markers(metric, None));

    let bins = loss.histogram.iter().map(|bin| Bin {
        from: natural(bin.from as f64),
        to: natural(bin.to as f64),
        count: bin.count,
    });
    let curve = loss.exceedance.iter().map(|point| ExceedancePoint {
        value: natural(point.value as f64),
        chance: point.probability,
        interval: Some((point.low, point.high)),
    });
    let label = telling.words.fund_loss.to_string();
    let figure = LossDistribution {
        histogram: Histogram {
            axis: ValueAxis { label, format: AxisFormat::Euro, hue: Hue::Vermilion },
            bins: bins.collect(),
            markers,
        },
        curve_heading: telling.words.chance_of_losing_more.to_string(),
        curve: curve.collect(),
    };
    let words = loss_words(story, expected, value_at_risk, shortfall);
    Ok(story.chart("loss-distribution", words, Figure::LossDistribution(figure)))
}

fn loss_words(story: &Story, expected: f64, value_at_risk: f64, shortfall: Option<f64>) -> Words {
    let (telling, metric) = (story.telling, MetricId::FundLoss);
    let euros = |amount: f64| telling.numbers.euros_short(amount);
    let (mean, worst) = (euros(expected), euros(story.largest(metric, None)));
    let (at_risk, endowment) = (euros(value_at_risk), euros(story.plan.endowment.to_f64() / 100.0));
    let settled = story.metric(metric, None).quantile(990).is_some_and(|quantile| quantile.high.is_some());
    let paths = telling.numbers.count(story.summary.paths);
    let title = if !settled {
        tell!(
            telling,
            "In media il fondo perde {mean}, nel peggiore dei {paths} futuri simulati {worst}",
            "On average the fund loses {mean}, in the worst of {paths} simulated futures {worst}"
        )
    } else if value_at_risk <= 0.0 {
        tell!(
            telling,
            "In 99 futuri simulati su 100 il fondo non perde nulla, nel peggiore {worst}",
            "In 99 simulated futures out of 100 the fund loses nothing, in the worst {worst}"
        )
    } else {
        tell!(
            telling,
            "In 99 futuri simulati su 100 il fondo perde al massimo {at_risk}; in media {mean}",
            "In 99 simulated futures out of 100 the fund loses at most {at_risk}; on average {mean}"
        )
    };
    let horizon = story.horizon();
    let subtitle = |last: &str| {
        tell!(
            telling,
            "Perdita su prestiti e garanzie al netto dei recuperi, {horizon}; {last}",
            "Loss on loans and guarantees net of recoveries, {horizon}; {last}"
        )
    };
    let (subtitle, tail) = match shortfall {
        Some(value) => {
            let value = euros(value);
            let tail = tell!(
                telling,
                "media dell’1 % peggiore dei futuri (ES 99 %) {value}",
                "mean of the worst 1% of futures (ES 99%) {value}"
            );
            let whole = tell!(telling, "dotazione {endowment}", "endowment {endowment}");
            (subtitle(&whole), tail)
        }
        None => {
            let few = tell!(telling, "troppo pochi percorsi per l’ES 99\u{a0}%", "too few paths for ES 99%");
            let tail = tell!(
                telling,
                "perdita massima fra {paths} percorsi {worst}",
                "largest loss among {paths} paths {worst}"
            );
            (subtitle(&few), tail)
        }
    };
    let numbers = tell!(
        telling,
        "Perdita attesa {mean}; VaR 99 % {at_risk}; {tail}.",
        "Expected loss {mean}; VaR 99% {at_risk}; {tail}."
    );
    let at_risk = settled.then_some(value_at_risk);
    let reading = reading::loss_distribution(story, expected, at_risk, shortfall);
    Words { title, subtitle, numbers, reading }
}

pub(super) fn refuse_without_loss(story: &Story) -> Result<(), String> {
    story.needs_projects()?;
    if story.is_zero(MetricId::FundLoss, None) {
        return Err(tell!(
            story.telling,
            "In nessun futuro simulato il fondo perde denaro",
            "The fund loses no money in any simulated future"
        ));
    }
    Ok(())
}

/// Mean loss by instrument and line.
pub(super) fn losses(story: &Story) -> Result<Chart, String> {
    refuse_without_loss(story)?;
    let telling = story.telling;
    let instruments = [
        (MetricId::LoanLoss, MetricId::FundLoans, telling.words.fund_loans, Hue::Orange),
        (MetricId::GuaranteeLoss, MetricId::Guarantees, telling.words.guarantees, Hue::Blue),
    ];
    let groups = instruments.iter().map(|&(loss, used, title, hue)| {
        // A line that does not use the instrument has no bar.
        let lines = story.lines().map(|line| Some(line.number)).filter(|&line| !story.is_zero(used, line));
        let bars = lines.map(|line| Bar {
            label: telling.line_name(line).to_string(),
            hue,
            value: Some(story.mean(loss, line)),
            interval: story.mean_interval(loss, line),
            reference: None,
        });
        BarGroup { title: sentence(title), bars: bars.collect() }
    });
    let figure = GroupedBars {
        axis_label: mean_axis(story),
        format: AxisFormat::Euro,
        groups: groups.filter(|group| !group.bars.is_empty()).collect(),
        threshold: None,
    };
    let horizon = story.horizon();
    let loss = story.expected_loss();
    let head = sentence(&loss);
    let words = Words {
        title: losses_title(story),
        subtitle: tell!(
            telling,
            "{head} del fondo per strumento e linea, in euro, {horizon}",
            "{head} of the fund by instrument and line, in euros, {horizon}"
        ),
        numbers: {
            let euros = |metric| telling.numbers.euros_short(story.mean(metric, None));
            let (all, loans, guarantees) =
                (euros(MetricId::FundLoss), euros(MetricId::LoanLoss), euros(MetricId::GuaranteeLoss));
            if story.lines().any(|line| line.has_guarantees()) {
                tell!(
                    telling,
                    "{head} {all}: prestiti {loans}, garanzie {guarantees}.",
                    "{head} {all}: loans {loans}, guarantees {guarantees}."
                )
            } else {
                tell!(telling, "{head} {all}, tutta su prestiti.", "{head} {all}, all on loans.")
            }
        },
        reading: reading::losses(story),
    };
    Ok(story.chart("losses", words, Figure::GroupedBars(figure)))
}

fn losses_title(story: &Story) -> String {
    let telling = story.telling;
    let loss = story.expected_loss();
    let lines: Vec<LineNumber> = story.lines().map(|line| line.number).collect();
    if let [_, _] = lines[..] {
        return losses_by_line(story);
    }
    let whole = story.mean(MetricId::FundLoss, None);
    let loans = story.mean(MetricId::LoanLoss, None) / whole;
    let (first, share) = match loans {
        _ if loans >= 1.0 => {
            return tell!(
                telling,
                "Tutta la {loss} viene dai prestiti",
                "All of the {loss} comes from loans"
            );
        }
        _ if loans <= 0.0 => {
            return tell!(
                telling,
                "Tutta la {loss} viene dalle garanzie",
                "All of the {loss} comes from guarantees"
            );
        }
        _ if loans >= 0.5 => (tell!(telling, "dai prestiti", "loans"), loans),
        _ => (tell!(telling, "dalle garanzie", "guarantees"), 1.0 - loans),
    };
    let share = telling.the_percent(Preposition::None, share);
    let italian = sentence(&share);
    match telling.language {
        crate::scenario::Language::Italian => format!("{italian} della {loss} viene {first}"),
        crate::scenario::Language::English => format!("{share} of the {loss} comes from {first}"),
    }
}

/// Which line makes the loss, and the tail of the loss, by the Euler allocation of ES 99 %.
fn losses_by_line(story: &Story) -> String {
    let telling = story.telling;
    let loss = story.expected_loss();
    let parts: Vec<_> =
        story.summary.contributions.iter().filter(|entry| entry.part.split == Split::Line).collect();
    let mean: i64 = parts.iter().map(|entry| entry.mean).sum();
    let largest = parts.iter().max_by_key(|entry| entry.mean).expect("two lines have two parts");
    let line = &largest.part.name;
    if largest.mean == mean {
        return tell!(
            telling,
            "Tutta la {loss} viene dalla linea {line}",
            "All of the {loss} comes from line {line}"
        );
    }
    let share = telling.the_percent(Preposition::None, largest.mean as f64 / mean as f64);
    let tail: Option<i64> = parts.iter().map(|entry| entry.shortfall.map(|tail| tail.0)).sum();
    match (tail, largest.shortfall) {
        (Some(whole), Some((part, _))) if whole > 0 => {
            let tail = telling.the_percent(Preposition::None, part as f64 / whole as f64);
            tell!(
                telling,
                "La linea {line} causa {share} della {loss} e {tail} della perdita nell’1\u{a0}% di futuri peggiori",
                "Line {line} causes {share} of the {loss} and {tail} of the loss in the worst 1% of futures"
            )
        }
        _ => tell!(
            telling,
            "La linea {line} causa {share} della {loss}",
            "Line {line} causes {share} of the {loss}"
        ),
    }
}

/// The axis of bars that are means with their intervals.
pub(super) fn mean_axis(story: &Story) -> String {
    let words = story.telling.words;
    match story.summary.paths {
        1 => words.value.to_string(),
        _ => format!("{}; {}", words.mean, words.confidence_interval),
    }
}

/// Cumulative default rate over time, one panel per line.
pub(super) fn default_rate(story: &Story) -> Result<Chart, String> {
    story.needs_projects()?;
    let telling = story.telling;
    if story.is_zero(MetricId::Defaults, None) {
        return Err(tell!(
            telling,
            "In nessun futuro simulato un progetto risulta inadempiente",
            "No project defaults in any simulated future"
        ));
    }
    let funded: Vec<LineNumber> = story
        .lines()
        .map(|line| line.number)
        .filter(|&line| !story.is_zero(MetricId::Projects, Some(line)))
        .collect();
    let panels = funded.iter().map(|&line| FanPanel {
        title: telling.line_name(Some(line)).to_string(),
        format: AxisFormat::Percent,
        range: None,
        series: vec![story.fan_series(
            story.series(SeriesId::DefaultRate, Some(line)),
            telling.words.median,
            Hue::Vermilion,
            &[0.5, 0.8, 0.95],
            |_, _| true,
        )],
        thresholds: Vec::new(),
    });
    let figure = Fan {
        first_quarter: story.plan.start,
        now: story.now(),
        layout: Layout::Columns,
        panels: panels.collect(),
    };
    let words = default_rate_words(story, &funded);
    Ok(story.chart("default-rate", words, Figure::Fan(figure)))
}

fn default_rate_words(story: &Story, funded: &[LineNumber]) -> Words {
    let (telling, metric) = (story.telling, MetricId::DefaultRate);
    let mut lines: Vec<(LineNumber, f64)> =
        funded.iter().map(|&line| (line, story.mean(metric, Some(line)))).collect();
    lines.sort_by(|a, b| b.1.total_cmp(&a.1));
    // As the labels at the right edge.
    let percent = |share: f64| story.labelled_percent(Preposition::None, share);
    let average = sentence(story.on_average());
    let title = match lines[..] {
        [(_, high), (_, low)] if percent(high) == percent(low) => {
            let rate = percent(high);
            tell!(
                telling,
                "{average} risulta inadempiente {rate} dei progetti, nella linea 1 come nella linea 2",
                "{average} {rate} of the projects default, in line 1 as in line 2"
            )
        }
        [(first, high), (second, low)] => {
            let (high, low) = (percent(high), percent(low));
            let (first, second) = (first.word(), second.word());
            tell!(
                telling,
                "{average} risulta inadempiente {high} dei progetti della linea {first} e {low} di quelli della linea {second}",
                "{average} {high} of the projects of line {first} and {low} of those of line {second} default"
            )
        }
        _ => {
            let rate = percent(lines[0].1);
            tell!(
                telling,
                "{average} risulta inadempiente {rate} dei progetti finanziati",
                "{average} {rate} of the projects funded default"
            )
        }
    };
    let horizon = story.horizon();
    let unlucky = telling.percent(story.quantile(metric, None, 950));
    let rate = telling.percent(story.mean(metric, None));
    let annual = telling.percent(story.mean(MetricId::AnnualDefaultRate, None));
    Words {
        title,
        subtitle: tell!(
            telling,
            "Inadempimenti / progetti finanziati fino al trimestre, {horizon}",
            "Cumulative default rate: defaults / projects funded so far, {horizon}"
        ),
        numbers: tell!(
            telling,
            "A fine periodo su tutte le linee: media {rate}, quantile 95 % {unlucky}; media per anno di prestito {annual}.",
            "At the horizon over all lines: mean {rate}, 95% quantile {unlucky}; mean per year of loan {annual}."
        ),
        reading: reading::default_rate(story, funded),
    }
}
