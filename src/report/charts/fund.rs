//! The fund's own money: its cash over time, and where each euro of the endowment ends.

use super::reading;
use super::story::{Story, Words};
use crate::aggregate::timeline::SeriesId;
use crate::chart::{AxisFormat, Chart, Fan, FanPanel, Figure, Hue, Layout, StackPart, StackRow, StackedBars};
use crate::engine::path::today::TodaysBooks;
use crate::metrics::MetricId;
use crate::report::telling::{sentence, tell};

/// Cash, and the part of it that nothing is waiting for.
pub(super) fn cash(story: &Story) -> Result<Chart, String> {
    story.needs_a_path()?;
    let telling = story.telling;
    let (cash, idle) = (story.series(SeriesId::Cash, None), story.series(SeriesId::IdleCash, None));
    // What is promised may wait for a tranche that is still to come.
    let promised_ahead = idle.points.iter().flat_map(|point| &point.quantiles).any(|quantile| quantile.0 < 0);
    let note = if promised_ahead {
        tell!(
            telling,
            " (sotto zero: promesso in attesa della prossima quota)",
            " (below zero: promised, waiting for the next tranche)"
        )
    } else {
        String::new()
    };
    let panel = |title: String, series, hue| FanPanel {
        title,
        format: AxisFormat::Euro,
        range: None,
        series: vec![story.fan_series(series, telling.words.median, hue, &[0.5, 0.8, 0.95], |_, _| true)],
        thresholds: Vec::new(),
    };
    let figure = Fan {
        first_quarter: story.plan.start,
        now: story.now(),
        layout: Layout::Rows,
        panels: vec![
            panel(tell!(telling, "In cassa", "In the fund’s account"), cash, Hue::Grey),
            panel(
                tell!(
                    telling,
                    "Libera: in cassa meno ciò che è già promesso a progetti e garanzie{note}",
                    "Free: in the account less what is already promised to projects and guarantees{note}"
                ),
                idle,
                Hue::Grey,
            ),
        ],
    };
    let means = story.means_over_time(cash);
    let idle_means = story.means_over_time(idle);
    let lowest = (0..means.len()).min_by(|&a, &b| means[a].total_cmp(&means[b])).unwrap_or(0);
    let last = means.len() - 1;
    let quarter = telling.quarter(story.plan.start.plus(lowest as u32));
    let euros = |amount: f64| telling.numbers.euros_short(amount);
    let (low, end) = (euros(means[lowest]), euros(means[last]));
    let average = story.on_average();
    let overdrawn = story.mean(MetricId::OverdraftEvent, None);
    let title = if overdrawn > 0.0 {
        let futures = story.futures(overdrawn);
        tell!(
            telling,
            "La cassa va sotto zero in {futures}; {average} tocca il minimo nel {quarter} ({low})",
            "Cash falls below zero in {futures}; {average} it is lowest in {quarter} ({low})"
        )
    } else {
        tell!(
            telling,
            "La cassa non va mai sotto zero; {average} tocca il minimo nel {quarter} ({low})",
            "Cash never falls below zero; {average} it is lowest in {quarter} ({low})"
        )
    };
    let horizon = story.horizon();
    let (free, head) = (euros(idle_means[lowest]), story.means_head());
    let words = Words {
        title,
        subtitle: tell!(
            telling,
            "Liquidità del fondo a fine trimestre, {horizon}",
            "Cash of the fund at the end of each quarter, {horizon}"
        ),
        numbers: tell!(
            telling,
            "{head}: minimo {low}, di cui liberi {free}; a fine periodo {end}.",
            "{head}: lowest {low}, of which free {free}; at the horizon {end}."
        ),
        reading: reading::cash(story, &means, &idle_means, lowest),
    };
    Ok(story.chart("cash", words, Figure::Fan(figure)))
}

/// Where the endowment and what it earned end: means over paths, two stacks of the same length.
///
/// On every path, to the cent: endowment + interest + premiums + income on cash = loan losses + guarantee losses +
/// fees + (grants paid - grants clawed back) + loans outstanding at the horizon + closing resources; the last include what was
/// never paid in; what the given opening balances of a running fund differ by stands on its side. It follows from the ledger of MODEL.md section 2 and holds for the means as well.
pub(super) fn endowment(story: &Story) -> Result<Chart, String> {
    story.needs_a_path()?;
    let telling = story.telling;
    let words = telling.words;
    let mean = |metric| story.mean(metric, None);
    let part = |label: &str, hue, value: f64| StackPart { label: label.to_string(), hue, value };
    let endowment = story.plan.endowment.to_f64() / 100.0;
    let treasury = mean(MetricId::TreasuryIncome);
    let never_paid_in = mean(MetricId::NeverPaidIn);
    let lost = mean(MetricId::FundLoss);
    let returned = mean(MetricId::ClosingResources);
    let mut sources = vec![
        part(words.endowment, Hue::Grey, endowment),
        part(
            &tell!(telling, "interessi sui prestiti", "interest on loans"),
            Hue::Orange,
            mean(MetricId::InterestIncome),
        ),
        part(
            &tell!(telling, "commissioni di garanzia", "guarantee fees"),
            Hue::Blue,
            mean(MetricId::PremiumIncome),
        ),
        part(&tell!(telling, "interessi sulla liquidità", "interest on cash"), Hue::Sky, treasury.max(0.0)),
    ];
    let mut uses = vec![
        part(words.lost, Hue::Vermilion, lost),
        part(words.fees, Hue::Purple, mean(MetricId::FeesPaid)),
        part(words.grants, Hue::Green, mean(MetricId::GrantsPaid) - mean(MetricId::GrantsRecovered)),
        part(&tell!(telling, "interessi negativi", "negative interest"), Hue::Yellow, (-treasury).max(0.0)),
        part(
            &tell!(telling, "prestiti ancora in essere", "loans still outstanding"),
            Hue::Orange,
            mean(MetricId::OutstandingAtHorizon),
        ),
        part(
            &tell!(telling, "mai versato dalla Regione", "never paid in by the Region"),
            Hue::Sky,
            never_paid_in,
        ),
        part(words.back_to_region, Hue::Grey, returned - never_paid_in),
    ];
    let total = |parts: &[StackPart]| parts.iter().map(|part| part.value).sum::<f64>();
    // Balances that a running fund gives in place of those that history derives: the same in every future, unless assumptions are
    // drawn that reach into history; then it is what the other parts leave.
    let correction = match TodaysBooks::of(story.plan) {
        None => 0.0,
        Some(_) if story.summary.uncertain.is_some() => total(&uses) - total(&sources),
        Some(books) => books.correction().to_f64() / 100.0,
    };
    let corrected =
        tell!(telling, "differenza dei saldi di apertura dati", "difference of the opening balances given");
    let corrected = part(&corrected, Hue::Yellow, correction.abs());
    if correction > 0.0 {
        sources.push(corrected);
    } else {
        uses.insert(uses.len() - 1, corrected);
    }
    assert!(
        (total(&sources) - total(&uses)).abs() <= 1e-9 * total(&sources).abs() + 0.01,
        "the parts of the endowment do not add up: {} in, {} out",
        total(&sources),
        total(&uses)
    );
    let reading = reading::endowment(story, &uses, endowment, correction);
    let row = |label: String, parts: Vec<StackPart>| StackRow {
        label,
        parts: parts.into_iter().filter(|part| part.value != 0.0).collect(),
    };
    let figure = StackedBars {
        axis_label: String::new(),
        format: AxisFormat::Euro,
        rows: vec![
            row(tell!(telling, "Da dove viene il denaro", "Where the money comes from"), sources),
            row(sentence(&tell!(telling, "dove finisce", "where it ends")), uses),
        ],
    };
    let euros = |amount: f64| telling.numbers.euros_short(amount);
    let (whole, back, gone) = (euros(endowment), euros(returned), euros(lost));
    let average = story.on_average();
    let fees = euros(mean(MetricId::FeesPaid));
    let horizon = story.horizon();
    let measure = match story.summary.paths {
        1 => tell!(telling, "in euro", "in euros"),
        _ => tell!(telling, "valori medi in euro", "means in euros"),
    };
    let ends = if lost > 0.0 {
        tell!(telling, "{gone} vanno persi", "{gone} are lost")
    } else {
        tell!(telling, "nulla va perso", "nothing is lost")
    };
    let title = if never_paid_in > 0.0 {
        tell!(
            telling,
            "Di {whole} di dotazione {average} {back} tornano o restano alla Regione, {ends}",
            "Of an endowment of {whole}, {average} {back} return to or stay with the Region and {ends}"
        )
    } else {
        tell!(
            telling,
            "Di {whole} di dotazione {average} {back} tornano alla Regione, {ends}",
            "Of an endowment of {whole}, {average} {back} return to the Region and {ends}"
        )
    };
    let words = Words {
        title,
        subtitle: tell!(
            telling,
            "Provenienza e destinazione del denaro del fondo, {measure}, {horizon}",
            "Where the fund’s money comes from and where it ends, {measure}, {horizon}"
        ),
        numbers: tell!(
            telling,
            "Alla Regione {back}, perdite {gone}, costi di gestione {fees}.",
            "To the Region {back}, losses {gone}, management fees {fees}."
        ),
        reading,
    };
    Ok(story.chart("endowment", words, Figure::StackedBars(figure)))
}
