//! What the Region's books are held against: `[[milestone]]` and `[lineN.outcomes]`.

use super::field::Field;
use super::section::Section;
use super::tree::Value;
use crate::diagnostic::Problem;
use crate::locale::{pair, told};
use crate::scenario::{Fund, Line, Milestone, Outcome};
use crate::units::{Cents, NotAQuarter, Quarter, Share};
use rust_decimal::Decimal;

/// Most milestones of a scenario.
const MOST_MILESTONES: usize = 100;
/// Most outcomes of a line.
const MOST_OUTCOMES: usize = 20;
/// Longest name of an outcome.
const LONGEST_NAME: usize = 40;

/// `[[milestone]]`; quarters and shares need the fund.
pub fn milestones(root: &Section<'_>, fund: Option<&Fund>) -> Option<Vec<Milestone>> {
    let entries = root.entries("milestone")?;
    if entries.len() > MOST_MILESTONES {
        let message = told!(
            "uno scenario ha al massimo {most} traguardi, non {count}",
            "a scenario has at most {most} milestones, not {count}";
            most = MOST_MILESTONES,
            count = entries.len(),
        );
        return root.refuse(
            "milestone",
            "E106",
            message,
            pair("tenere i più importanti", "keep those that matter"),
        );
    }
    let read: Vec<Option<Milestone>> = entries.iter().map(|entry| milestone(entry, fund)).collect();
    read.into_iter().collect()
}

fn milestone(section: &Section<'_>, fund: Option<&Fund>) -> Option<Milestone> {
    let quarter = section.read("quarter", |field| quarter(field, fund));
    let min_disbursed = section.read("min_disbursed", |field| least(field, fund));
    let max_probability = section.optional("max_probability", |field| field.share());
    Some(Milestone { quarter: quarter?, min_disbursed: min_disbursed?, max_probability: max_probability? })
}

/// A quarter of the fund, as a label or counted from 0; within the horizon.
fn quarter(field: &Field<'_>, fund: Option<&Fund>) -> Option<u32> {
    let Value::Text(text) = &field.node.value else {
        let last = fund.map_or(super::line::LONGEST, |fund| fund.horizon_quarters) - 1;
        return field.count(0..=last);
    };
    let parsed = text.parse::<Quarter>();
    if parsed == Err(NotAQuarter::Form) {
        let message = told!(
            "`{key}`: un trimestre si scrive come \"2021-Q4\", o come numero contato da 0, non \"{text}\"",
            "`{key}`: a quarter is written like \"2021-Q4\", or as a number counted from 0, not \"{text}\"";
            key = field.key(),
            text,
        );
        return field.refuse("E106", message, &field.example());
    }
    let fund = fund?;
    (0..fund.horizon_quarters).find(|&quarter| parsed == Ok(fund.start.plus(quarter))).or_else(|| {
        let message = told!(
            "`{key}`: {label} è fuori dalla vita del fondo, da {first} a {last}",
            "`{key}`: {label} is outside the life of the fund, {first} to {last}";
            key = field.key(),
            label = text,
            first = fund.start.to_string(),
            last = fund.start.plus(fund.horizon_quarters - 1).to_string(),
        );
        let hint = pair("scegliere un trimestre entro l’orizzonte", "choose a quarter within the horizon");
        field.refuse("E124", message, &[hint.into()])
    })
}

/// Euros above 1, or a share of the endowment: what has a percent sign or is at most 1.
fn least(field: &Field<'_>, fund: Option<&Fund>) -> Option<Cents> {
    let too_little = |field: &Field<'_>| {
        let message = told!(
            "`{key}` deve superare 1 EUR: nessun futuro può mancare meno",
            "`{key}` must be above 1 EUR: no future can miss less";
            key = field.key(),
        );
        field.refuse("E106", message, &field.example())
    };
    let is_percent = field.node.as_text().is_some_and(|text| text.contains('%'));
    let is_number = matches!(field.node.value, Value::Number(_) | Value::Text(_));
    let value = if is_number { field.decimal()? } else { return field.amount(Cents::ZERO) };
    if !is_percent && value > Decimal::ONE {
        return field.amount(Cents(101));
    }
    let share: Share = field.share()?;
    let amount = match fund {
        Some(fund) => fund.endowment.times(share.to_f64()),
        // The fund has problems of its own; they are told.
        None => return None,
    };
    if amount.0 > 100 { Some(amount) } else { too_little(field) }
}

/// `[lineN.outcomes]`, in the order of their names.
pub fn outcomes(line: &Section<'_>) -> Option<Vec<Outcome>> {
    if !line.has("outcomes") {
        return Some(Vec::new());
    }
    let section = line.section("outcomes")?;
    let names: Vec<&str> = section.names().collect();
    if names.len() > MOST_OUTCOMES {
        let message = told!(
            "una linea ha al massimo {most} risultati sociali, non {count}",
            "a line has at most {most} outcomes, not {count}";
            most = MOST_OUTCOMES,
            count = names.len(),
        );
        return line.refuse("outcomes", "E106", message, pair("unire quelli simili", "join similar ones"));
    }
    let read: Vec<Option<Outcome>> = names.iter().map(|name| outcome(&section, name)).collect();
    read.into_iter().collect()
}

fn outcome(section: &Section<'_>, name: &str) -> Option<Outcome> {
    let fits = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_';
    if name.is_empty() || name.chars().count() > LONGEST_NAME || !name.chars().all(fits) {
        let shown: String = name.chars().take(60).collect();
        let message = told!(
            "`{key}`: il nome \"{shown}\" deve avere solo a-z, 0-9 e _, al massimo {most} segni",
            "`{key}`: the name \"{shown}\" must be of a-z, 0-9 and _ only, at most {most} signs";
            key = section.path.join("."),
            shown,
            most = LONGEST_NAME,
        );
        let place = section.node(name).map_or(&section.place, |node| &node.key);
        section.context.report(
            Problem::error("E108", place, message)
                .hint(pair("scrivere per esempio care_places", "write for example care_places")),
        );
        return None;
    }
    let entry = section.section(name)?;
    let per_million = entry.read("per_million", |field| field.quantity(0..=1_000_000));
    let unit = entry.read("unit", |field| field.label());
    Some(Outcome { name: name.to_string(), per_million: per_million?, unit: unit? })
}

/// An outcome of both lines is added up over them: it must count the same thing.
pub fn same_units(root: &Section<'_>, lines: [Option<&Line>; 2]) -> Option<()> {
    let [Some(one), Some(two)] = lines else { return Some(()) };
    let differing = two.outcomes.iter().find_map(|outcome| {
        let other = one.outcomes.iter().find(|other| other.name == outcome.name)?;
        (other.unit != outcome.unit).then_some((other, outcome))
    });
    let Some((first, second)) = differing else { return Some(()) };
    let message = told!(
        "\"{name}\" conta {first} nella linea 1 e {second} nella linea 2",
        "\"{name}\" counts {first} in line 1 and {second} in line 2";
        name = first.name,
        first = first.unit,
        second = second.unit,
    );
    let place = root
        .node("line2")
        .and_then(|line| line.at(&["outcomes", &second.name, "unit"]))
        .map_or(&root.place, |node| &node.place);
    root.context.report(Problem::error("E123", place, message).hint(pair(
        "usare la stessa unità, o due nomi: le due linee si sommano",
        "use the same unit, or two names: the lines are added up",
    )));
    None
}
