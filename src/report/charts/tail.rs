//! Who makes the tail: each part's share of the loss in the worst 1 % of futures (ES 99 %, Euler allocation) beside its
//! share of the expected loss. Of runs too short for ES 99 %: the shares of the expected loss alone.

use super::coverage::within_the_whole;
use super::default_risk::refuse_without_loss;
use super::reading;
use super::story::{Story, Words};
use crate::aggregate::contributions::{Part, Split};
use crate::aggregate::groups::Dimension;
use crate::aggregate::summary::ContributionSummary;
use crate::chart::{AxisFormat, Bar, BarGroup, Chart, Figure, GroupedBars, Hue};
use crate::metrics::MetricId;
use crate::numeric::normal::HALF_WIDTH_95;
use crate::report::telling::{Preposition, tell};
use crate::scenario::Theme;

/// Most borrowers that have a bar of their own.
const MOST_BORROWERS: usize = 12;

/// One part of the loss.
#[derive(Clone, Debug)]
pub(super) struct PartShare {
    /// Its name.
    pub label: String,
    /// Its share of ES 99 %, or of the expected loss in a short run.
    pub value: f64,
    /// 95 % interval of its euros, over the euros of all parts.
    interval: Option<(f64, f64)>,
    /// Its share of the expected loss, beside that of ES 99 %.
    pub expected: Option<f64>,
}

/// By line, theme, product and rating.
pub(super) fn by_kind(story: &Story) -> Result<Chart, String> {
    refuse_without_loss(story)?;
    let words = story.telling.words;
    let kinds = [
        (Split::Group(Dimension::Product), words.by_product),
        (Split::Line, words.by_line),
        (Split::Group(Dimension::Theme), words.by_theme),
        (Split::Group(Dimension::Rating), words.by_rating),
    ];
    // A kind with one part says nothing.
    let mut groups: Vec<(String, Vec<PartShare>)> = kinds
        .into_iter()
        .map(|(split, title)| (title.to_string(), shares(story, split)))
        .filter(|(_, parts)| parts.len() > 1)
        .collect();
    // With one product in each line both kinds are the same: the lines have the better names.
    let parts_of = |groups: &[(String, Vec<PartShare>)], title: &str| {
        groups.iter().find(|(name, _)| name == title).map(|(_, parts)| parts.len())
    };
    if parts_of(&groups, words.by_product) == parts_of(&groups, words.by_line) {
        groups.retain(|(name, _)| name != words.by_product);
    }
    if groups.is_empty() {
        return Err(tell!(
            story.telling,
            "Tutta la perdita viene da una sola linea, un solo tema, un solo prodotto e una sola classe",
            "All of the loss comes from one line, one theme, one product and one rating class"
        ));
    }
    Ok(chart(story, "tail", groups))
}

/// By listed borrower, the largest part of the tail first.
pub(super) fn by_borrower(story: &Story) -> Result<Chart, String> {
    refuse_without_loss(story)?;
    let telling = story.telling;
    let mut parts = shares(story, Split::Borrower);
    if parts.len() < 2 {
        return Err(tell!(
            telling,
            "Tutta la perdita viene da un solo richiedente",
            "All of the loss comes from one applicant"
        ));
    }
    parts.sort_by(|a, b| b.value.total_cmp(&a.value));
    if parts.len() > MOST_BORROWERS + 1 {
        let rest = parts.split_off(MOST_BORROWERS);
        let count = telling.numbers.count(rest.len() as u64);
        parts.push(PartShare {
            label: tell!(telling, "altri {count}", "{count} others"),
            value: rest.iter().map(|part| part.value).sum(),
            interval: None,
            expected: rest.iter().map(|part| part.expected).sum(),
        });
    }
    Ok(chart(story, "tail-borrowers", vec![(telling.words.by_borrower.to_string(), parts)]))
}

/// The parts of a split that lose anything, in the order of files.
fn shares(story: &Story, split: Split) -> Vec<PartShare> {
    let entries: Vec<&ContributionSummary> =
        story.summary.contributions.iter().filter(|entry| entry.part.split == split).collect();
    let mean: i64 = entries.iter().map(|entry| entry.mean).sum();
    let tail: Option<i64> = entries.iter().map(|entry| entry.shortfall.map(|tail| tail.0)).sum();
    let share = |amount: i64, whole: i64| if whole > 0 { amount as f64 / whole as f64 } else { 0.0 };
    let interval = |value: f64, error: f64, whole: i64| {
        let half = HALF_WIDTH_95 * error / whole.max(1) as f64;
        within_the_whole((value - half, value + half))
    };
    let shares = entries.into_iter().map(|entry| {
        let label = label(story, &entry.part);
        let expected = share(entry.mean, mean);
        match (tail, entry.shortfall) {
            (Some(whole), Some((amount, error))) => {
                let value = share(amount, whole);
                let interval = Some(interval(value, error, whole));
                PartShare { label, value, interval, expected: Some(expected) }
            }
            _ => {
                let interval = entry.mean_error.map(|error| interval(expected, error, mean));
                PartShare { label, value: expected, interval, expected: None }
            }
        }
    });
    shares.filter(|part| part.value != 0.0 || part.expected.is_some_and(|share| share != 0.0)).collect()
}

fn label(story: &Story, part: &Part) -> String {
    let telling = story.telling;
    let name = story.facts.scenario.named(&part.name);
    match part.split {
        Split::Line => {
            let number = story.lines().map(|line| line.number).find(|number| number.word() == name);
            telling.line_name(number).to_string()
        }
        Split::Group(Dimension::Theme) => {
            let theme = Theme::ALL.iter().find(|theme| theme.word() == name);
            theme.map_or(name.to_string(), |&theme| telling.theme_name(theme).to_string())
        }
        Split::Group(Dimension::Product) => {
            let line = part.line;
            tell!(telling, "Linea {line}, {name}", "Line {line}, {name}")
        }
        Split::Group(Dimension::Rating) => tell!(telling, "Classe {name}", "Class {name}"),
        // The borrowers of a line without a list are one part.
        Split::Borrower if part.line == "all" => {
            tell!(telling, "richiedenti fuori elenco", "applicants not listed")
        }
        Split::Borrower => name.to_string(),
    }
}

fn chart(story: &Story, name: &str, groups: Vec<(String, Vec<PartShare>)>) -> Chart {
    let telling = story.telling;
    let whole = telling.words.confidence_interval;
    let has_tail = groups[0].1[0].expected.is_some();
    let axis_label = match (has_tail, story.summary.paths) {
        (true, _) => tell!(
            telling,
            "barra: quota dell’ES 99 %, {whole}; cerchio: quota della perdita attesa",
            "bar: share of ES 99%, {whole}; ring: share of the expected loss"
        ),
        (false, 1) => telling.words.value.to_string(),
        (false, _) => {
            tell!(telling, "quota della perdita attesa; {whole}", "share of the expected loss; {whole}")
        }
    };
    let words = words(story, &groups, has_tail);
    let bar = |part: PartShare| Bar {
        label: part.label,
        hue: Hue::Vermilion,
        value: Some(part.value),
        interval: part.interval,
        reference: part.expected,
    };
    let groups = groups
        .into_iter()
        .map(|(title, parts)| BarGroup { title, bars: parts.into_iter().map(bar).collect() });
    let figure =
        GroupedBars { axis_label, format: AxisFormat::Percent, groups: groups.collect(), threshold: None };
    story.chart(name, words, Figure::GroupedBars(figure))
}

fn largest(parts: &[PartShare]) -> &PartShare {
    parts.iter().max_by(|a, b| a.value.total_cmp(&b.value)).expect("a group has parts")
}

fn words(story: &Story, groups: &[(String, Vec<PartShare>)], has_tail: bool) -> Words {
    let telling = story.telling;
    let first = largest(&groups[0].1);
    let (label, share) = (&first.label, story.labelled_percent(Preposition::None, first.value));
    let loss = story.expected_loss();
    let title = match first.expected {
        Some(expected) => {
            let expected = story.labelled_percent(Preposition::None, expected);
            tell!(
                telling,
                "Nell’1 % di futuri peggiori {share} della perdita viene da «{label}», in media {expected}",
                "In the worst 1% of futures {share} of the loss comes from “{label}”, on average {expected}"
            )
        }
        None => tell!(
            telling,
            "Della {loss} la parte più grande, {share}, viene da «{label}»",
            "The largest part of the {loss}, {share}, comes from “{label}”"
        ),
    };
    let euros = |amount: f64| telling.numbers.euros_short(amount);
    let mean = euros(story.mean(MetricId::FundLoss, None));
    let horizon = story.horizon();
    let loss_metric = story.metric(MetricId::FundLoss, None);
    let shortfall = loss_metric.shortfall(990).and_then(|shortfall| shortfall.estimate);
    let subtitle = match shortfall.filter(|_| has_tail) {
        Some((value, _)) => {
            let value = euros(Story::natural(MetricId::FundLoss, value));
            tell!(
                telling,
                "Quote dell’ES 99 % ({value}, media dell’1 % peggiore) e della {loss} ({mean}), {horizon}",
                "Shares of ES 99% ({value}, mean of the worst 1%) and of the {loss} ({mean}), {horizon}"
            )
        }
        None => {
            let paths = telling.phrases.paths(story.summary.paths);
            tell!(
                telling,
                "Quote della {loss} ({mean}), {horizon}; con {paths} l’1 % di futuri peggiori non si vede",
                "Shares of the {loss} ({mean}), {horizon}; with {paths} the worst 1% of futures cannot be told"
            )
        }
    };
    let numbers: Vec<String> = groups
        .iter()
        .map(|(title, parts)| {
            let part = largest(parts);
            let share = AxisFormat::Percent.value(part.value, telling.numbers);
            format!("{title}: {} {share}", part.label)
        })
        .collect();
    let numbers = format!("{}.", numbers.join("; "));
    Words { title, subtitle, numbers, reading: reading::tail(story, groups, first) }
}
