//! The Region's books: milestones and absorption, the sources of the public cost, social results, the yearly report.

use super::Page;
use super::table::{Kind, Table, text};
use super::verdict::badge;
use crate::aggregate::figures::RATIO_ONE;
use crate::aggregate::summary::natural;
use crate::books::RegionBooks;
use crate::books::annual::{AnnualColumn, Basis, Item};
use crate::books::outcomes::{OUTCOME_ONE, Part, Price, Reach};
use crate::books::summary::Spread;
use crate::metrics::Unit;
use crate::numeric::normal::HALF_WIDTH_95;
use crate::report::limits::Verdict;
use crate::report::region::milestones::verdict;
use crate::report::region::outcome_limits::{
    bounds_text, interval_text, judge_outcomes, outcome_name, promise_name, value_text,
};
use crate::report::region::plain_paths;
use crate::report::region::words::{item_name, part_name};
use crate::report::telling::{Telling, tell};
use maud::{Markup, html};

/// The tables of the chapter; its charts stand before them.
pub(super) fn tables(page: &Page) -> Markup {
    let Some(books) = page.contents.books else { return html! {} };
    let tail = page.contents.summary.tail.is_some();
    html! {
        @if tail { p { (plain_paths(page.telling, books)) } }
        (milestones(page, books))
        (cost(page, books))
        (outcomes(page, books))
        (annual(page, books))
    }
}

/// The promises that only the books can judge, as rows of the table of limits: milestones that state a probability, and
/// social results.
pub(super) fn promise_rows(page: &Page) -> Vec<Vec<Markup>> {
    let Some(books) = page.contents.books else { return Vec::new() };
    let telling = page.telling;
    let percent = |share: f64| telling.numbers.percent(share, 2);
    let of_milestones = books.milestones.iter().filter_map(|figure| {
        let verdict = verdict(figure)?;
        let quarter = telling.quarter(page.contents.plan.start.plus(figure.milestone.quarter));
        let least = telling.numbers.cents(figure.milestone.min_disbursed);
        let most = figure.milestone.max_probability.map_or(0.0, |most| most.to_f64());
        Some(vec![
            text(tell!(
                telling,
                "probabilità di mancare il traguardo del {quarter}: {least} erogati",
                "probability of missing the milestone of {quarter}: {least} disbursed"
            )),
            text(format!("≤\u{a0}{}", telling.phrases.plain_percent(most))),
            text(percent(figure.probability)),
            text(format!("{} – {}", percent(figure.low), percent(figure.high))),
            badge(page, verdict),
        ])
    });
    let scenario = page.contents.facts.scenario;
    let of_outcomes = judge_outcomes(scenario, books).into_iter().map(|result| {
        vec![
            text(promise_name(scenario, books, telling, &result.limit)),
            text(bounds_text(telling, &result.limit)),
            text(value_text(telling, &result)),
            text(interval_text(telling, &result)),
            badge(page, result.verdict),
        ]
    });
    of_milestones.chain(of_outcomes).collect()
}

fn milestones(page: &Page, books: &RegionBooks) -> Markup {
    let telling = page.telling;
    if books.milestones.is_empty() {
        return html! {};
    }
    let mut table = Table::new(
        tell!(telling, "Traguardi di spesa", "Milestones of spending"),
        vec![
            (tell!(telling, "Entro la fine del", "By the end of"), Kind::Words),
            (tell!(telling, "Da erogare", "To be disbursed"), Kind::Number),
            (tell!(telling, "Probabilità di mancarlo", "Probability of missing it"), Kind::Number),
            (tell!(telling, "Intervallo al 95\u{a0}%", "95% interval"), Kind::Number),
            (tell!(telling, "Accettata", "Accepted"), Kind::Number),
            (tell!(telling, "Esito", "Verdict"), Kind::Words),
        ],
    );
    let percent = |share: f64| telling.numbers.percent(share, 2);
    for figure in &books.milestones {
        let milestone = &figure.milestone;
        let share = milestone.min_disbursed.to_f64() / page.contents.plan.endowment.to_f64();
        let (least, share) = (telling.numbers.cents(milestone.min_disbursed), telling.percent(share));
        let word = match verdict(figure) {
            None => tell!(telling, "informazione", "information"),
            Some(Verdict::Kept) => tell!(telling, "rispettato", "kept"),
            Some(Verdict::Broken) => tell!(telling, "non rispettato", "broken"),
            Some(Verdict::NotSettled) => tell!(telling, "non deciso", "not settled"),
        };
        let accepted = milestone.max_probability;
        let accepted =
            accepted.map_or("–".to_string(), |most| telling.phrases.plain_percent(most.to_f64()));
        table.row(vec![
            text(telling.quarter(page.contents.plan.start.plus(milestone.quarter))),
            text(format!("{least} ({share})")),
            text(percent(figure.probability)),
            text(format!("{} – {}", percent(figure.low), percent(figure.high))),
            text(accepted),
            text(word),
        ]);
    }
    html! {
        h3 { (tell!(telling, "I traguardi di spesa", "The milestones of spending")) }
        p { (tell!(
            telling,
            "Conta come erogato ciò che arriva ai destinatari: prestiti e contributi pagati, e quanto è accantonato per garanzie su prestiti erogati (Reg. 1303/2013 art. 42). I costi di gestione non contano. L’intervallo è quello di Clopper e Pearson.",
            "What reaches recipients counts as disbursed: loans and grants paid, and what is set aside for guarantees on loans disbursed (Reg. 1303/2013 art. 42). Management costs do not count. The interval is that of Clopper and Pearson."
        )) }
        (table.render())
    }
}

/// Mean, standard error and 90 % band of an amount.
fn amount_cells(telling: Telling, spread: &Spread) -> Vec<Markup> {
    let euros = |cents: f64| telling.numbers.euros(cents / 100.0, 0);
    vec![
        text(euros(spread.moments.mean())),
        text(spread.std_error().map_or("–".to_string(), euros)),
        text(band(spread, &|value| euros(value as f64))),
    ]
}

fn band(spread: &Spread, shown: &dyn Fn(i64) -> String) -> String {
    let [low, high] = [50, 950].map(|level| spread.quantile(level).map(|quantile| shown(quantile.value)));
    match (low, high) {
        (Some(low), Some(high)) => format!("{low} – {high}"),
        _ => "–".to_string(),
    }
}

fn amount_heads(telling: Telling, first: String) -> Vec<(String, Kind)> {
    vec![
        (first, Kind::Words),
        (tell!(telling, "Media", "Mean"), Kind::Number),
        (tell!(telling, "Errore standard", "Standard error"), Kind::Number),
        (tell!(telling, "Nove futuri su dieci", "Nine futures in ten"), Kind::Number),
    ]
}

fn cost(page: &Page, books: &RegionBooks) -> Markup {
    let telling = page.telling;
    let mut table = Table::new(
        tell!(
            telling,
            "Costo pubblico per fonte, in valore attuale",
            "Public cost by source, in present value"
        ),
        amount_heads(telling, tell!(telling, "Voce", "Part")),
    );
    for (part, spread) in &books.subsidy {
        let mut cells = vec![text(part_name(*part, telling))];
        cells.extend(amount_cells(telling, spread));
        table.row(cells);
    }
    let total = tell!(telling, "Costo pubblico attualizzato", "Public cost in present value");
    let mut cells = vec![html! { strong { (total) } }];
    cells.extend(amount_cells(telling, &books.subsidy_cost));
    table.row(cells);
    let rate = telling.phrases.plain_percent(page.contents.facts.scenario.fund.discount_rate.to_f64());
    html! {
        h3 { (tell!(telling, "Da dove viene il costo pubblico", "Where the public cost comes from")) }
        p { (tell!(
            telling,
            "Come nel Federal Credit Reform Act: ciò che esce meno ciò che entra, attualizzato al {rate} l’anno. Le voci sommano al costo, al centesimo, in ogni futuro; le fasce no, perché gli anni cattivi di una voce non sono quelli di un’altra.",
            "As under the Federal Credit Reform Act: what goes out less what comes in, discounted at {rate} a year. The parts add up to the cost, to the cent, in every future; the ranges do not, for the bad futures of one part are not those of another."
        )) }
        (table.render())
    }
}

fn outcomes(page: &Page, books: &RegionBooks) -> Markup {
    let telling = page.telling;
    if books.outcome_terms.is_empty() {
        return html! {};
    }
    let mut table = Table::new(
        tell!(telling, "Risultati sociali attesi", "Expected social results"),
        vec![
            (tell!(telling, "Risultato", "Result"), Kind::Words),
            (tell!(telling, "Di che cosa", "Of what"), Kind::Words),
            (tell!(telling, "Media", "Mean"), Kind::Number),
            (tell!(telling, "Intervallo al 95\u{a0}% della media", "95% interval of the mean"), Kind::Number),
            (tell!(telling, "Nove futuri su dieci", "Nine futures in ten"), Kind::Number),
            (tell!(telling, "Se nulla fallisse", "If nothing failed"), Kind::Number),
        ],
    );
    let number = |carried: f64| telling.numbers.decimal(carried / OUTCOME_ONE, 1);
    for (column, spread) in books.outcomes.iter().filter(|(column, _)| column.reach == Reach::Completed) {
        let terms = &books.outcome_terms[column.outcome];
        let supported = books.outcomes.iter().find(|(other, _)| {
            other.outcome == column.outcome && other.part == column.part && other.reach == Reach::Supported
        });
        let supported = supported.map_or(0.0, |(_, spread)| spread.moments.mean());
        if supported == 0.0 && column.part != Part::All {
            continue;
        }
        let whom = match column.part {
            Part::All => telling.line_name(None).to_string(),
            Part::Line(line, _) => telling.line_name(Some(line)).to_string(),
            Part::Theme(theme, _) => telling.theme_name(theme).to_string(),
        };
        let mean = spread.moments.mean();
        let interval = spread.std_error().map_or("–".to_string(), |error| {
            let half = HALF_WIDTH_95 * error;
            format!("{} – {}", number(mean - half), number(mean + half))
        });
        table.row(vec![
            html! { bdi { (outcome_name(page.contents.facts.scenario, terms)) } },
            text(whom),
            text(number(mean)),
            text(interval),
            text(band(spread, &|value| number(value as f64))),
            text(number(supported)),
        ]);
    }
    html! {
        h3 { (tell!(telling, "I risultati sociali", "The social results")) }
        p { (tell!(
            telling,
            "Lo scenario dice quanti ne porta un milione di euro di investimento completato ([lineN.outcomes]). Completato è l’investimento dei progetti finanziati che non diventano inadempienti entro l’ultima rata o la fine dell’orizzonte; accanto, quanto porterebbero tutti i progetti finanziati.",
            "The scenario says how many of them a million euros of completed investment bring ([lineN.outcomes]). Completed is the investment of funded projects that do not default by their last payment or the horizon; beside it, what all funded projects would bring."
        )) }
        (table.render())
        (outcome_prices(page, books))
    }
}

fn outcome_prices(page: &Page, books: &RegionBooks) -> Markup {
    let telling = page.telling;
    let mut table = Table::new(
        tell!(telling, "Risultati per milione di euro", "Results per million euros"),
        vec![
            (tell!(telling, "Risultato", "Result"), Kind::Words),
            (tell!(telling, "Per milione di euro", "Per million euros"), Kind::Words),
            (tell!(telling, "Risultati", "Results"), Kind::Number),
            (tell!(telling, "Intervallo al 95\u{a0}%", "95% interval"), Kind::Number),
        ],
    );
    for ratio in &books.outcome_ratios {
        let terms = &books.outcome_terms[ratio.outcome];
        let price = match ratio.price {
            Price::Lost => tell!(telling, "perso (perdita del fondo)", "lost (fund loss)"),
            Price::Spent => tell!(
                telling,
                "che non torna (perdite, contributi, costi di gestione)",
                "that does not come back (losses, grants, management costs)"
            ),
        };
        let number = |value: f64| telling.numbers.decimal(value, 1);
        let (value, interval) = match ratio.per_million {
            None => ("–".to_string(), "–".to_string()),
            Some((value, error)) => {
                let half = HALF_WIDTH_95 * error;
                (number(value), format!("{} – {}", number(value - half), number(value + half)))
            }
        };
        table.row(vec![
            html! { bdi { (outcome_name(page.contents.facts.scenario, terms)) } },
            text(price),
            text(value),
            text(interval),
        ]);
    }
    html! {
        (table.render())
        p.small { (tell!(
            telling,
            "Rapporti fra medie, non medie di rapporti: in molti futuri non si perde nulla. A dividere è ciò che l’intero fondo perde o spende, anche per i risultati di una sola linea.",
            "Ratios of means, not means of ratios: in many futures nothing is lost. They are divided by what the whole fund loses or spends, also where only one line brings the result."
        )) }
    }
}

fn annual(page: &Page, books: &RegionBooks) -> Markup {
    let telling = page.telling;
    let (Some((first, _)), Some((last, _))) = (books.annual.first(), books.annual.last()) else {
        return html! {};
    };
    let years: Vec<i32> = (first.year..=last.year).collect();
    let shown = years_shown(&years, &|year| distance(books, year, last.year));
    let stated = books.expected_leverage.stated;
    let band_paths = telling.phrases.paths(books.band_paths);
    html! {
        h3 { (tell!(telling, "La relazione annuale", "The yearly report")) }
        p { (tell!(
            telling,
            "Le voci della relazione sugli strumenti finanziari (Reg. 1303/2013 art. 46), con il campo dell’allegato I del Reg. di esecuzione 821/2014 a cui rispondono. Gli anni sono solari; il primo e l’ultimo possono essere incompleti. Le fasce sono su {band_paths}.",
            "The items of the report on financial instruments (Reg. 1303/2013 art. 46), with the field of annex I of Implementing Reg. 821/2014 that they answer. Years are calendar years; the first and the last may be short. Ranges are over {band_paths}."
        )) }
        p { @if stated { (tell!(
            telling,
            "L’effetto leva previsto è quello che lo scenario dichiara (fund.expected_leverage).",
            "The leverage expected is the one that the scenario states (fund.expected_leverage)."
        )) } @else { (tell!(
            telling,
            "Lo scenario non dichiara un effetto leva previsto (fund.expected_leverage): qui è quello che le dotazioni implicano se ciascuna è usata una volta per i prodotti preferiti.",
            "The scenario states no expected leverage (fund.expected_leverage): here it is what the budgets imply if each is used once for the preferred products."
        )) } }
        @for block in blocks(&shown) { (overview(page, books, block).render()) }
        @if let ([.., reached, end], true) = (&shown[..], shown.len() < years.len()) { p { (tell!(
            telling,
            "Dalla fine del {reached} a quella del {end} nessuna di queste medie si muove di più di un millesimo: gli anni in mezzo stanno in annual-report.csv.",
            "From the end of {reached} to that of {end} none of these means moves by more than a thousandth: the years between are in annual-report.csv."
        )) } }
        @for year in &shown {
            details {
                summary { (tell!(telling, "L’anno {year}, con errori e fasce", "The year {year}, with errors and ranges")) }
                (of_year(page, books, *year).render())
            }
        }
    }
}

fn find(books: &RegionBooks, wanted: AnnualColumn) -> Option<&Spread> {
    books.annual.iter().find(|(column, _)| *column == wanted).map(|(_, spread)| spread)
}

/// A carried value of an item.
fn shown(item: Item, telling: Telling, carried: f64) -> String {
    let value = natural(item.unit(), carried);
    match item.unit() {
        Unit::Euro => telling.numbers.euros(value, 0),
        Unit::Ratio => telling.numbers.decimal(carried / RATIO_ONE as f64, 2),
        Unit::Count | Unit::Probability => telling.numbers.decimal(value, 1),
    }
}

/// Most years side by side: a wider table is cut off on paper and makes the browser print the whole page smaller.
const YEARS_ABREAST: usize = 6;

/// The years in blocks of much the same width.
fn blocks(years: &[i32]) -> impl Iterator<Item = &[i32]> {
    let count = years.len().div_ceil(YEARS_ABREAST).max(1);
    years.chunks(years.len().div_ceil(count).max(1))
}

/// How far a mean may still move in the years that are left out, as a share of what it is in the last one.
const STILL: f64 = 0.001;

/// The years shown: all until the last one is as good as reached in every item, and the last one. Where no more than one
/// year lies between, it is not left out.
fn years_shown(years: &[i32], distance_from_the_last: &dyn Fn(i32) -> f64) -> Vec<i32> {
    let still = years.iter().rev().take_while(|&&year| distance_from_the_last(year) <= STILL).count();
    // The first of them is shown as well, and the last.
    if still < 4 {
        return years.to_vec();
    }
    let reached = years.len() - still;
    years[..=reached].iter().chain(years.last()).copied().collect()
}

/// The largest distance of an item's mean to date from that of the last year, as a share of it.
fn distance(books: &RegionBooks, year: i32, last: i32) -> f64 {
    let mean = |year, item| {
        find(books, AnnualColumn { year, item, basis: Basis::ToDate })
            .map_or(0.0, |spread| spread.moments.mean())
    };
    let of_item = |&item: &Item| match (mean(year, item), mean(last, item)) {
        (then, at_last) if then == at_last => 0.0,
        (_, 0.0) => f64::INFINITY,
        (then, at_last) => (then / at_last - 1.0).abs(),
    };
    Item::ALL.iter().map(of_item).fold(0.0, f64::max)
}

/// Mean, standard error and range of an item.
fn item_cells(telling: Telling, books: &RegionBooks, column: AnnualColumn) -> [String; 3] {
    let Some(spread) = find(books, column) else { return [const { "–" }; 3].map(str::to_string) };
    let value = |carried: f64| shown(column.item, telling, carried);
    [
        value(spread.moments.mean()),
        spread.std_error().map_or("–".to_string(), value),
        band(spread, &|carried| value(carried as f64)),
    ]
}

/// Means to date, a column a year.
fn overview(page: &Page, books: &RegionBooks, years: &[i32]) -> Table {
    let telling = page.telling;
    let (first, last) = (years.first().copied().unwrap_or(0), years.last().copied().unwrap_or(0));
    let mut heads = vec![(tell!(telling, "Voce", "Item"), Kind::Words)];
    heads.extend(years.iter().map(|year| (year.to_string(), Kind::Number)));
    let mut table = Table::new(
        tell!(
            telling,
            "Dall’inizio alla fine di ogni anno, valori medi: {first}–{last}",
            "From the beginning to the end of each year, means: {first}–{last}"
        ),
        heads,
    );
    for &item in Item::ALL {
        let mut cells = vec![text(item_name(item, telling))];
        cells.extend(years.iter().map(|&year| {
            let spread = find(books, AnnualColumn { year, item, basis: Basis::ToDate });
            text(spread.map_or(String::new(), |spread| shown(item, telling, spread.moments.mean())))
        }));
        table.row(cells);
    }
    table
}

fn of_year(page: &Page, books: &RegionBooks, year: i32) -> Table {
    let telling = page.telling;
    let mut table = Table::new(
        tell!(telling, "Anno {year}", "Year {year}"),
        vec![
            (tell!(telling, "Voce", "Item"), Kind::Words),
            (tell!(telling, "Campo", "Field"), Kind::Words),
            (tell!(telling, "Nell’anno, media", "In the year, mean"), Kind::Number),
            (tell!(telling, "Errore standard", "Standard error"), Kind::Number),
            (tell!(telling, "Nove futuri su dieci", "Nine futures in ten"), Kind::Number),
            (tell!(telling, "Dall’inizio, media", "To date, mean"), Kind::Number),
            (tell!(telling, "Errore standard", "Standard error"), Kind::Number),
            (tell!(telling, "Nove futuri su dieci", "Nine futures in ten"), Kind::Number),
        ],
    );
    for &item in Item::ALL {
        let mut cells = vec![text(item_name(item, telling)), text(item.field())];
        for basis in [Basis::Year, Basis::ToDate] {
            cells.extend(item_cells(telling, books, AnnualColumn { year, item, basis }).map(text));
        }
        table.row(cells);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::{YEARS_ABREAST, blocks, years_shown};

    #[test]
    fn years_stand_in_blocks_that_paper_holds() {
        let widths = |count: i32| -> Vec<usize> {
            let years: Vec<i32> = (2018..2018 + count).collect();
            let blocks: Vec<&[i32]> = blocks(&years).collect();
            assert_eq!(blocks.concat(), years);
            blocks.iter().map(|block| block.len()).collect()
        };
        assert_eq!(widths(0), Vec::<usize>::new());
        assert_eq!(widths(6), [6]);
        assert_eq!(widths(7), [4, 3]);
        assert_eq!(widths(17), [6, 6, 5]);
        assert!((1..40).all(|count| widths(count).iter().all(|&width| width <= YEARS_ABREAST)));
    }

    #[test]
    fn years_in_which_nothing_moves_are_left_out() {
        let years: Vec<i32> = (2018..=2034).collect();
        let settled_from = |first: i32| years_shown(&years, &|year| if year < first { 0.01 } else { 0.0005 });
        let expected: Vec<i32> = (2018..=2030).chain([2034]).collect();
        assert_eq!(settled_from(2030), expected);
        // Two years between are left out, one is not.
        assert_eq!(settled_from(2031).last_chunk(), Some(&[2030, 2031, 2034]));
        assert_eq!(settled_from(2032), years);
        assert_eq!(settled_from(2018), [2018, 2034]);
        assert_eq!(years_shown(&[], &|_| 0.0), Vec::<i32>::new());
    }
}
