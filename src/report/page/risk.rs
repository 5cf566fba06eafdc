//! What can go wrong, in tables: events with their chance, the loss at several levels, and who makes its tail.

use super::Page;
use super::figure_data::range;
use super::table::{Kind, Table, text};
use crate::aggregate::contributions::Split;
use crate::aggregate::groups::Dimension;
use crate::aggregate::summary::{ContributionSummary, natural};
use crate::locale::metric_name;
use crate::metrics::MetricId as M;
use crate::numeric::normal::HALF_WIDTH_95;
use crate::report::telling::{sentence, tell};
use crate::scenario::{LineNumber, Theme};
use maud::{Markup, html};

/// Most parts of a split that are shown.
const MOST_PARTS: usize = 12;

/// The tables of the chapter.
pub(super) fn tables(page: &Page) -> Markup {
    if !page.has_paths() {
        return html! {};
    }
    html! {
        (events(page).render())
        (about_events(page))
        (levels(page).render())
        (who_makes_the_tail(page))
    }
}

/// Events: the share of futures in which they happen.
fn events(page: &Page) -> Table {
    let telling = page.telling;
    let mut table = Table::new(
        tell!(telling, "In quanti futuri succede", "In how many futures it happens"),
        vec![
            (tell!(telling, "Che cosa", "What"), Kind::Words),
            (tell!(telling, "Dove", "Where"), Kind::Words),
            (tell!(telling, "Futuri", "Futures"), Kind::Number),
            (sentence(telling.words.probability), Kind::Number),
            (tell!(telling, "Intervallo al 95\u{a0}%", "95% interval"), Kind::Number),
        ],
    );
    let mut wanted = vec![(M::OverdraftEvent, false)];
    if page.has_guarantees() {
        wanted.insert(0, (M::ShortfallEvent, false));
    }
    if page.has_capped_guarantees() {
        wanted.insert(0, (M::CapHit, false));
    }
    wanted.push((M::CapitalKept, true));
    for (metric, is_good) in wanted {
        for about in page.abouts() {
            let Some(found) = page.contents.summary.metric(metric, about) else { continue };
            let share = found.moments.mean();
            let percent = |share: f64| telling.numbers.percent(share, 2);
            let interval = found
                .mean_interval
                .map_or("–".to_string(), |(low, high)| range(percent(low), percent(high)));
            let name = metric_name(metric, telling.language);
            let good = tell!(telling, "bene se spesso", "good if often");
            table.row(vec![
                text(if is_good { format!("{name} ({good})") } else { name.to_string() }),
                text(telling.line_name(about)),
                text(telling.futures(share, page.contents.summary.paths)),
                text(percent(share)),
                text(interval),
            ]);
        }
    }
    table
}

/// What two of the events do not say by themselves: delays by the cap, and why capital is seldom kept.
fn about_events(page: &Page) -> Markup {
    let telling = page.telling;
    let mean = |metric: M| page.mean(metric, None);
    let euros = |amount: f64| telling.numbers.euros_short(amount);
    let (fees, losses) = (euros(mean(M::FeesPaid)), euros(mean(M::FundLoss)));
    let earned = euros(mean(M::InterestIncome) + mean(M::PremiumIncome) + mean(M::TreasuryIncome));
    let average = telling.on_average(page.contents.summary.paths);
    html! {
        @if page.has_capped_guarantees() { p.small { (tell!(
            telling,
            "Cap superato: a fine periodo qualche escussione oltre il cap è ancora impagata, e la perdita resta alla banca. Se il cap fa solo attendere un pagamento, finché i recuperi riaprono spazio, quel futuro non è contato.",
            "Cap exceeded: at the horizon some call beyond the cap is still unpaid, and the bank bears the loss. If the cap only delays a payment, until recoveries make room again, that future is not counted."
        )) } }
        @if mean(M::CapitalKept) < 0.5 { p.small { (tell!(
            telling,
            "Capitale conservato: ciò che torna alla Regione, con i prestiti ancora in essere e i contributi pagati, è almeno la dotazione. Che accada di rado è nel disegno del fondo, non un guasto: {average} gestione ({fees}) e perdite ({losses}) costano più di quanto interessi e commissioni rendono ({earned}). È il prezzo della misura.",
            "Capital kept: what comes back to the Region, with loans still outstanding and grants paid, is at least the endowment. That it is rare is by design of the fund, not a failure: {average} management ({fees}) and losses ({losses}) cost more than interest and fees earn ({earned}). That is the price of the measure."
        )) } }
    }
}

/// The loss of the fund and of its parts at the levels that planners speak of.
fn levels(page: &Page) -> Table {
    let telling = page.telling;
    let losses = [M::FundLoss, M::LoanLoss, M::GuaranteeLoss, M::BankLoss];
    let mut heads = vec![(tell!(telling, "Statistica", "Statistic"), Kind::Words)];
    heads.extend(
        losses.iter().map(|&metric| (metric_name(metric, telling.language).to_string(), Kind::Number)),
    );
    let mut table = Table::new(tell!(telling, "Perdite a vari livelli", "Losses at several levels"), heads);
    let row = |name: String, value: &dyn Fn(M) -> Option<f64>| {
        let mut cells = vec![text(name)];
        cells.extend(losses.iter().map(|&metric| match value(metric) {
            Some(value) => text(page.amount(metric, value)),
            None => text(telling.words.too_few_paths),
        }));
        cells
    };
    let of = |metric: M| page.metric(metric, None);
    table.row(row(sentence(telling.words.mean), &|metric| Some(page.mean(metric, None))));
    table.row(row(sentence(telling.words.standard_deviation), &|metric| {
        Some(natural(metric.unit(), of(metric).moments.standard_deviation()))
    }));
    for per_mille in [500, 950, 990, 999] {
        let name = telling.phrases.value_at_risk(f64::from(per_mille) / 1_000.0);
        let name = if per_mille == 500 { sentence(telling.words.median) } else { name };
        table.row(row(name, &|metric| {
            of(metric).quantile(per_mille).map(|quantile| natural(metric.unit(), quantile.value as f64))
        }));
    }
    for per_mille in [950, 990, 999] {
        let name = telling.phrases.expected_shortfall(f64::from(per_mille) / 1_000.0);
        table.row(row(name, &|metric| {
            let (value, _) = of(metric).shortfall(per_mille)?.estimate?;
            Some(natural(metric.unit(), value))
        }));
    }
    table.row(row(sentence(telling.words.maximum), &|metric| {
        Some(natural(metric.unit(), of(metric).moments.max as f64))
    }));
    table
}

/// Mean and ES 99 % of the loss, part by part: the parts of each split add up.
fn who_makes_the_tail(page: &Page) -> Markup {
    let telling = page.telling;
    let contributions = &page.contents.summary.contributions;
    if page.is_zero(M::FundLoss) || contributions.is_empty() {
        return html! {};
    }
    let splits = [
        Split::Line,
        Split::Group(Dimension::Theme),
        Split::Group(Dimension::Product),
        Split::Group(Dimension::Rating),
        Split::Borrower,
    ];
    html! {
        h3 { (tell!(telling, "Chi fa la perdita, e chi ne fa la coda", "Who makes the loss, and who makes its tail")) }
        p { (tell!(
            telling,
            "La perdita attesa e l’ES 99\u{a0}% divisi fra le parti del fondo: in ogni divisione le parti sommano al totale (ripartizione di Eulero, Tasche 1999).",
            "Expected loss and ES 99% split over the parts of the fund: in each split the parts add up to the total (Euler allocation, Tasche 1999)."
        )) }
        @for split in splits { (contribution_table(page, contributions, split)) }
    }
}

fn contribution_table(page: &Page, contributions: &[ContributionSummary], split: Split) -> Markup {
    let telling = page.telling;
    let mut parts: Vec<&ContributionSummary> =
        contributions.iter().filter(|entry| entry.part.split == split).collect();
    let all = parts.len();
    if all < 2 {
        return html! {};
    }
    parts.sort_by_key(|entry| std::cmp::Reverse(entry.shortfall.map_or(entry.mean, |(value, _)| value)));
    let head = match split {
        Split::Line => telling.words.line,
        Split::Group(Dimension::Theme) => telling.words.theme,
        Split::Group(Dimension::Product) => telling.words.product,
        Split::Group(Dimension::Rating) => telling.words.rating,
        Split::Borrower => match telling.language {
            crate::scenario::Language::Italian => "richiedente",
            crate::scenario::Language::English => "borrower",
        },
    };
    let mut table = Table::new(
        tell!(telling, "Perdita del fondo per {head}", "Loss of the fund by {head}"),
        vec![
            (sentence(head), Kind::Words),
            (telling.words.expected_loss.to_string(), Kind::Number),
            (format!("± ({})", tell!(telling, "95\u{a0}%", "95%")), Kind::Number),
            (telling.phrases.expected_shortfall(0.99), Kind::Number),
            (format!("± ({})", tell!(telling, "95\u{a0}%", "95%")), Kind::Number),
        ],
    );
    let cents = |carried: f64| telling.numbers.euros(carried / 100.0, 0);
    for entry in parts.iter().take(MOST_PARTS) {
        let (worst, worst_error) = match entry.shortfall {
            Some((value, error)) => (cents(value as f64), cents(HALF_WIDTH_95 * error)),
            None => (telling.words.too_few_paths.to_string(), "–".to_string()),
        };
        table.row(vec![
            text(part_name(page, entry)),
            text(cents(entry.mean as f64)),
            text(entry.mean_error.map_or("–".to_string(), |error| cents(HALF_WIDTH_95 * error))),
            text(worst),
            text(worst_error),
        ]);
    }
    html! {
        (table.render())
        @if all > MOST_PARTS {
            @let more = telling.numbers.count((all - MOST_PARTS) as u64);
            p.small { (tell!(telling, "e altri {more}: contributions.csv", "and {more} more: contributions.csv")) }
        }
    }
}

/// The name of a part for readers: themes and lines in words, what the scenario named as it is.
fn part_name(page: &Page, entry: &ContributionSummary) -> String {
    let telling = page.telling;
    let name = page.contents.facts.scenario.named(&entry.part.name);
    match entry.part.split {
        Split::Line => telling.line_name(LineNumber::from_word(name)).to_string(),
        Split::Group(Dimension::Theme) => match Theme::from_word(name) {
            Some(Theme::HealthWellbeing) => telling.words.health_wellbeing.to_string(),
            Some(Theme::DemographicChange) => telling.words.demographic_change.to_string(),
            Some(Theme::PovertyExclusion) => telling.words.poverty_exclusion.to_string(),
            Some(Theme::Other) => telling.words.other_theme.to_string(),
            None => name.to_string(),
        },
        Split::Group(Dimension::Product) | Split::Borrower => match LineNumber::from_word(entry.part.line) {
            Some(line) => format!("{name} ({})", telling.line(line)),
            None => name.to_string(),
        },
        Split::Group(Dimension::Rating) => name.to_string(),
    }
}
