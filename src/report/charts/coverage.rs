//! Coverage of demand: how much of what was applied for is funded.

use super::default_risk::mean_axis;
use super::reading;
use super::story::{Story, Words};
use crate::aggregate::groups::Dimension;
use crate::aggregate::summary::GroupSummary;
use crate::chart::{AxisFormat, Bar, BarGroup, Chart, Figure, GroupedBars, Hue, Threshold};
use crate::metrics::MetricId;
use crate::numeric::normal::HALF_WIDTH_95;
use crate::report::telling::{Preposition, tell};
use crate::scenario::{LineNumber, Theme};

/// Demand met by line and by theme, with intervals of the means.
pub(super) fn demand_met(story: &Story) -> Result<Chart, String> {
    story.needs_a_path()?;
    let (telling, metric) = (story.telling, MetricId::DemandCoverage);
    if story.is_zero(MetricId::InvestmentApplied, None) {
        return Err(tell!(
            telling,
            "In nessun futuro simulato arriva una domanda",
            "No application arrives in any simulated future"
        ));
    }
    let asked: Vec<LineNumber> = story
        .lines()
        .map(|line| line.number)
        .filter(|&line| !story.is_zero(MetricId::InvestmentApplied, Some(line)))
        .collect();
    let bar = |line: Option<LineNumber>, hue| Bar {
        label: telling.line_name(line).to_string(),
        hue,
        value: Some(story.mean(metric, line)),
        interval: story.mean_interval(metric, line).map(within_the_whole),
        reference: None,
    };
    let mut lines = vec![bar(None, Hue::Grey)];
    if asked.len() > 1 {
        lines.extend(asked.iter().map(|&line| bar(Some(line), Hue::Sky)));
    }
    let mut groups = vec![BarGroup { title: telling.words.by_line.to_string(), bars: lines }];
    let themes = theme_bars(story);
    if themes.len() > 1 {
        groups.push(BarGroup { title: telling.words.by_theme.to_string(), bars: themes });
    }
    let threshold = story.limit_of_mean(metric).map(|value| Threshold {
        until: None,
        label: tell!(telling, "limite per tutte le linee", "limit for all lines"),
        value,
    });
    let figure = GroupedBars { axis_label: mean_axis(story), format: AxisFormat::Percent, groups, threshold };
    let words = Words {
        title: title(story, &asked),
        subtitle: if asked.len() < 2 {
            tell!(
                telling,
                "Quota finanziata degli investimenti richiesti, media sui futuri (100 % dove nessuno chiede)",
                "Share of the investment applied for that is funded, mean over futures (100% where nobody applies)"
            )
        } else {
            tell!(
                telling,
                "Quota finanziata degli investimenti richiesti, media sui futuri (100 % dove nessuno chiede): quella di tutti può stare fuori da quelle delle linee",
                "Share of the investment applied for that is funded, mean over futures (100% where nobody applies): that of all lines need not lie between the lines’"
            )
        },
        numbers: numbers(story),
        reading: reading::demand_met(story),
    };
    Ok(story.chart("demand-met", words, Figure::GroupedBars(figure)))
}

/// A mean of shares and its interval stay between none and all.
pub(super) fn within_the_whole((low, high): (f64, f64)) -> (f64, f64) {
    (low.max(0.0), high.min(1.0))
}

fn title(story: &Story, asked: &[LineNumber]) -> String {
    let (telling, metric) = (story.telling, MetricId::DemandCoverage);
    // As the labels of the bars.
    let share = |line| story.labelled_percent(Preposition::None, story.mean(metric, line));
    if Story::natural(metric, story.metric(metric, None).moments.min as f64) >= 1.0 {
        return tell!(
            telling,
            "In tutti i futuri simulati il fondo soddisfa tutta la domanda",
            "The fund meets all of the demand in every simulated future"
        );
    }
    let whole = share(None);
    let average = story.on_average();
    match asked {
        [first, second] => {
            let (first_share, second_share) = (share(Some(*first)), share(Some(*second)));
            let (first, second) = (first.word(), second.word());
            tell!(
                telling,
                "Il fondo soddisfa {average} {whole} della domanda: {first_share} nella linea {first}, {second_share} nella linea {second}",
                "The fund meets {whole} of demand {average}: {first_share} in line {first}, {second_share} in line {second}"
            )
        }
        _ => tell!(
            telling,
            "Il fondo soddisfa {average} {whole} della domanda",
            "The fund meets {whole} of demand {average}"
        ),
    }
}

fn numbers(story: &Story) -> String {
    let telling = story.telling;
    let head = story.means_head();
    let euros = |metric| telling.numbers.euros_short(story.mean(metric, None));
    let count = |metric| telling.numbers.decimal(story.mean(metric, None), 1);
    let (applied, supported) = (euros(MetricId::InvestmentApplied), euros(MetricId::InvestmentSupported));
    let (applications, projects) = (count(MetricId::Applications), count(MetricId::Projects));
    tell!(
        telling,
        "{head}: {applications} domande per {applied}, {projects} progetti finanziati per {supported}.",
        "{head}: {applications} applications for {applied}, {projects} projects funded for {supported}."
    )
}

/// The themes for which anybody applies.
fn theme_bars(story: &Story) -> Vec<Bar> {
    let telling = story.telling;
    let of = |theme: Theme, metric: MetricId| -> Option<&GroupSummary> {
        story.summary.groups.iter().find(|entry| {
            entry.group.dimension == Dimension::Theme
                && entry.group.name == theme.word()
                && entry.metric == metric
        })
    };
    Theme::ALL
        .iter()
        .filter(|&&theme| of(theme, MetricId::Applications).is_some_and(|entry| entry.moments.sum() > 0))
        .filter_map(|&theme| {
            let metric = MetricId::DemandCoverage;
            let moments = of(theme, metric)?.moments;
            let natural = |carried: f64| Story::natural(metric, carried);
            let error = HALF_WIDTH_95 * moments.standard_error();
            let interval = (natural(moments.mean() - error), natural(moments.mean() + error));
            let label = telling.theme_name(theme);
            Some(Bar {
                label: label.to_string(),
                hue: Hue::Sky,
                value: Some(natural(moments.mean())),
                interval: (moments.count > 1).then(|| within_the_whole(interval)),
                reference: None,
            })
        })
        .collect()
}
