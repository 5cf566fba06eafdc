//! `[scenario]`, `[simulation]`, `[fund]` and `[state_aid]`.

use super::field::{Field, Sign};
use super::number::quoted;
use super::opening::fund_opening;
use super::promises::texts_by_key;
use super::section::Section;
use super::suggestion::{number_text, slug};
use crate::locale::{Told, pair, percent, told};
use crate::scenario::{
    Fees, Fund, Identity, Regime, Regulation, Simulation, StateAid, Tranche, Translation, Translations,
};
use crate::units::{Cents, NotAQuarter, OutOfRange, Precision, Quarter, Rate, Share};
use rust_decimal::Decimal;
use std::path::Path;

/// Most paths of one run.
const MOST_PATHS: u64 = 1_000_000_000;
/// Longest horizon in years.
const LONGEST_HORIZON: u32 = 40;

/// `[scenario]`; the name falls back to the stem of the file's name.
pub fn identity(root: &Section<'_>, path: &Path) -> Option<Identity> {
    let section = root.section_or_empty("scenario")?;
    let stem = path.file_stem().map(|stem| slug(&stem.to_string_lossy())).unwrap_or_default();
    let stem = if stem.is_empty() { "scenario".to_string() } else { stem };
    let name = section.optional("name", |field| field.name()).map(|name| name.unwrap_or(stem));
    let title = section.optional("title", |field| field.text().map(str::to_string));
    let description = section.read("description", |field| field.text().map(str::to_string));
    let language = section.read("lang", |field| field.word());
    let name = name?;
    Some(Identity {
        title: title?.unwrap_or_else(|| name.clone()),
        name,
        description: description?,
        language: language?,
    })
}

/// What the scenario says in each language: `title_it` and its fellows, `[italian]`, `[english]`.
pub fn translations(root: &Section<'_>) -> Option<Translations> {
    let section = root.section_or_empty("scenario")?;
    let text = |key: &str| section.optional(key, |field| field.text().map(str::to_string));
    let (title_it, description_it) = (text("title_it"), text("description_it"));
    let (title_en, description_en) = (text("title_en"), text("description_en"));
    let (italian, english) = (texts_by_key(root, "italian"), texts_by_key(root, "english"));
    Some(Translations {
        italian: Translation { title: title_it?, description: description_it?, names: italian? },
        english: Translation { title: title_en?, description: description_en?, names: english? },
    })
}

/// `[simulation]`.
pub fn simulation(root: &Section<'_>) -> Option<Simulation> {
    let section = root.section_or_empty("simulation")?;
    let paths = section.read("paths", |field| field.whole(1..=MOST_PATHS));
    let precision = section.read("precision", |field| field.precision());
    // A TOML integer goes no further, and the scenario as run must be one.
    let seed = section.read("seed", |field| field.whole(1..=i64::MAX as u64));
    Some(Simulation { paths: paths?, precision: precision?, seed: seed? })
}

/// A precision as it is typed on the command line: `1%`, `0,5 %`, `0.01`.
///
/// # Errors
/// What is wrong with it and what to write.
pub fn parse_precision(text: &str) -> Result<Precision, Told> {
    let (value, was_percent) = quoted(text).map_err(|reason| {
        told!(
            "{text} {reason}; scrivere per esempio 1%",
            "{text} is {reason}; write for example 1%";
            text,
            reason,
        )
    })?;
    Precision::new(value).map_err(|OutOfRange { what, range, in_italian: [precisione, intervallo], .. }| {
        let written = if was_percent { percent(value) } else { number_text(value) };
        let meant = match !was_percent && value >= Decimal::ONE && value <= Decimal::from(50) {
            true => told!("; si intendeva {value}%?", "; did you mean {value}%?"; value = value.normalize().to_string()),
            false => Told::default(),
        };
        let range =
            Told::new(format!("{precisione} deve essere {intervallo}"), format!("{what} must be {range}"));
        told!("{range}, non {written}{meant}", "{range}, not {written}{meant}"; range, written, meant)
    })
}

fn calendar_quarter(field: &Field<'_>) -> Option<Quarter> {
    match field.text()?.parse() {
        Ok(quarter) => Some(quarter),
        Err(NotAQuarter::Year) => {
            let message = told!(
                "`{key}` deve essere tra {first}-Q1 e {last}-Q4, non \"{text}\"",
                "`{key}` must be between {first}-Q1 and {last}-Q4, not \"{text}\"";
                key = field.key(),
                first = Quarter::FIRST_YEAR.to_string(),
                last = Quarter::LAST_YEAR.to_string(),
                text = field.text()?,
            );
            field.refuse("E106", message, &field.example())
        }
        Err(NotAQuarter::Form) => {
            let message = told!(
                "`{key}`: un trimestre si scrive come \"2018-Q4\", non \"{text}\"",
                "`{key}`: a quarter is written like \"2018-Q4\", not \"{text}\"";
                key = field.key(),
                text = field.text()?,
            );
            field.refuse("E106", message, &field.example())
        }
    }
}

/// Quarters from the start to today, which lies after the start and within the horizon.
fn today(field: &Field<'_>, start: Option<Quarter>, horizon: Option<u32>) -> Option<u32> {
    let today = calendar_quarter(field)?;
    let (start, horizon) = (start?, horizon?);
    match (1..horizon).find(|quarters| start.plus(*quarters) == today) {
        Some(quarters) => Some(quarters),
        None => {
            let message = told!(
                "`{key}` deve essere un trimestre dopo l’avvio ed entro l’orizzonte, da {first} a {last}, non {today}",
                "`{key}` must be a quarter after the start and within the horizon, {first} to {last}, not {today}";
                key = field.key(),
                first = start.plus(1).to_string(),
                last = start.plus(horizon - 1).to_string(),
                today = today.to_string(),
            );
            let hint = pair(
                "è il primo trimestre che non si conosce: ciò che lo precede è storia",
                "it is the first quarter that is not known: what lies before it is history",
            );
            field.refuse("E124", message, &[hint.into()])
        }
    }
}

/// `[fund]` with `[fund.fees]`.
pub fn fund(root: &Section<'_>) -> Option<Fund> {
    let section = root.section("fund")?;
    let endowment = section.read("endowment", |field| field.amount(Cents(1)));
    let start = section.read("start", calendar_quarter);
    let horizon = section.read("horizon_years", |field| field.quarters_of_years(4, LONGEST_HORIZON));
    let availability =
        section.read("availability_years", |field| field.quarters_of_years(1, LONGEST_HORIZON));
    if let (Some(horizon), Some(availability)) = (horizon, availability)
        && availability > horizon
    {
        section.refuse::<()>(
            "availability_years",
            "E124",
            told!(
                "`fund.availability_years` non può essere più lungo di `fund.horizon_years`",
                "`fund.availability_years` must not be longer than `fund.horizon_years`"
            ),
            pair(
                "allungare l’orizzonte o accorciare il periodo di disponibilità",
                "lengthen the horizon or shorten the availability period",
            ),
        );
    }
    let expected_leverage = section.optional("expected_leverage", |field| field.quantity(0..=1_000));
    let period = section.read("period", |field| field.word());
    let revolving = section.read("revolving", |field| field.flag());
    let union_share = section.read("union_share", |field| {
        let share = field.share()?;
        if share.decimal() < Decimal::new(1, 4) {
            let message = told!(
                "`fund.union_share` deve essere almeno {least}, è {share}",
                "`fund.union_share` must be at least {least}, it is {share}";
                least = percent(Decimal::new(1, 4)),
                share = percent(share.decimal()),
            );
            return field.refuse("E106", message, &field.example());
        }
        Some(share)
    });
    let deadweight = section.read("deadweight", |field| field.share());
    let treasury_rate = section.read("treasury_rate", |field| field.rate_between(-50, 50));
    let discount_rate = section.read("discount_rate", |field| field.rate_between(-20, 50));
    let tranches = tranches(&section);
    let fees = fees(&section);
    let today = section.optional("today", |field| today(field, start, horizon));
    let opening = fund_opening(&section);
    Some(Fund {
        endowment: endowment?,
        start: start?,
        today_quarter: today?.unwrap_or(0),
        opening: opening?,
        horizon_quarters: horizon?,
        availability_quarters: availability.filter(|quarters| *quarters <= horizon.unwrap_or(0))?,
        period: period?,
        revolving: revolving?,
        union_share: union_share?,
        expected_leverage: expected_leverage?,
        deadweight: deadweight?,
        treasury_rate: treasury_rate?,
        discount_rate: discount_rate?,
        tranches: tranches?,
        fees: fees?,
    })
}

fn tranches(fund: &Section<'_>) -> Option<Vec<Tranche>> {
    if !fund.has("tranches") {
        return Some(vec![Tranche { share: Share::ONE, trigger: Share::ZERO }]);
    }
    let section = fund.section("tranches")?;
    let shares = section.read("shares", |field| field.list(100, |entry| entry.share()));
    let triggers = section.read("triggers", |field| field.list(100, |entry| entry.share()));
    let (shares, triggers) = (shares?, triggers?);
    if shares.len() != triggers.len() {
        let message = told!(
            "ci sono {shares} quote ma {triggers} soglie",
            "there are {shares} shares but {triggers} triggers";
            shares = shares.len(),
            triggers = triggers.len(),
        );
        return section.refuse(
            "triggers",
            "E121",
            message,
            pair(
                "scrivere una soglia per ogni quota; la prima è 0",
                "write one trigger for each share; the first is 0",
            ),
        );
    }
    if !triggers[0].is_zero() {
        let message = told!(
            "la prima soglia deve essere 0: la prima quota è versata subito",
            "the first trigger must be 0: the first tranche is paid at once"
        );
        let hint = pair("scrivere triggers = [0, ...]", "write triggers = [0, ...]");
        return section.refuse("triggers", "E121", message, hint);
    }
    let total: Decimal = shares.iter().map(|share| share.decimal()).sum();
    if total != Decimal::ONE {
        let message = told!(
            "le quote del versamento sommano a {total}, non a {whole}",
            "the shares of the tranches add up to {total}, not {whole}";
            total = percent(total),
            whole = percent(Decimal::ONE),
        );
        return section.refuse("shares", "E120", message, off_by(total));
    }
    Some(shares.into_iter().zip(triggers).map(|(share, trigger)| Tranche { share, trigger }).collect())
}

/// How far shares are from a whole, as a hint.
pub fn off_by(total: Decimal) -> Told {
    let difference = Decimal::ONE - total;
    match difference > Decimal::ZERO {
        true => told!(
            "manca {difference}: aumentarne una",
            "{difference} is missing: raise one of them";
            difference = percent(difference),
        ),
        false => told!(
            "{difference} di troppo: diminuirne una",
            "{difference} is too much: lower one of them";
            difference = percent(-difference),
        ),
    }
}

fn fees(fund: &Section<'_>) -> Option<Fees> {
    let section = fund.section_or_empty("fees")?;
    let budget = section.read("budget", |field| field.amount(Cents::ZERO));
    let base = section.read("base", |field| field.list(160, |entry| entry.rate(Sign::NotNegative)));
    let loans = section.read("loans", |field| field.rate(Sign::NotNegative));
    let guarantees = section.read("guarantees", |field| field.rate(Sign::NotNegative));
    let grants = section.read("grants", |field| field.rate(Sign::NotNegative));
    let cap = section.read("cap", |field| field.share());
    Some(Fees {
        budget: budget?,
        base: base?,
        loans: loans?,
        guarantees: guarantees?,
        grants: grants?,
        cap: cap?,
    })
}

/// `[state_aid]`; ceiling and base rate are required under a regime that limits aid.
pub fn state_aid(root: &Section<'_>) -> Option<StateAid> {
    let section = root.section_or_empty("state_aid")?;
    let regime: Option<Regime> = section.read("regime", |field| field.word());
    let limited = regime != Some(Regime::None);
    let ceiling = match limited || section.has("ceiling") {
        true => section.read("ceiling", |field| field.amount(Cents::ZERO)),
        false => Some(Cents::ZERO),
    };
    let base_rate = match limited || section.has("base_rate") {
        true => section.read("base_rate", |field| field.rate(Sign::Any)),
        false => Some(Rate::default()),
    };
    let route = section.read("route", |field| field.word());
    let regulation = section.optional("regulation", |field| field.word());
    let ceiling = ceiling?;
    Some(StateAid {
        regime: regime?,
        ceiling,
        base_rate: base_rate?,
        route: route?,
        regulation: regulation?.unwrap_or(Regulation::of_ceiling(ceiling)),
    })
}
