//! `[credit.migration]`: a yearly transition matrix in place of PD lists.

use super::field::Field;
use super::section::{Section, did_you_mean};
use super::tree::{Node, Value};
use crate::diagnostic::{Problem, nearest};
use crate::locale::{Told, pair, percent, told};
use crate::scenario::{Migration, Rating};
use crate::units::{Probability, Share};
use rust_decimal::Decimal;

/// The default state's name in a row.
pub const DEFAULT_STATE: &str = "default";

/// Whether PDs come from a matrix, sound or not.
pub fn is_given(credit: &Section<'_>) -> bool {
    credit.has("migration")
}

/// `[credit.migration]`, for the ratings of these names; `None` if there was a problem.
pub fn migration(credit: &Section<'_>, names: &[String]) -> Option<Migration> {
    let section = credit.section("migration")?;
    let pd_multiplier = section.read("pd_multiplier", |field| field.multiplier(1_000));
    let rows = section.read("matrix", |field| matrix(field, names));
    Some(Migration { rows: rows?, pd_multiplier: pd_multiplier? })
}

/// Gives every rating the PDs by age that follow from the matrix.
pub fn derive(credit: &Section<'_>, migration: &Migration, ratings: &mut [Rating]) -> Option<()> {
    match migration.pd_by_age() {
        Ok(pds) => {
            ratings.iter_mut().zip(pds).for_each(|(rating, pds)| rating.pd = pds);
            Some(())
        }
        Err((rating, pd)) => {
            let message = told!(
                "`credit.migration.pd_multiplier` porta la PD della classe \"{name}\" a {pd}: deve restare minore di 1",
                "`credit.migration.pd_multiplier` lifts the PD of rating \"{name}\" to {pd}: it must stay below 1";
                name = ratings[rating].name,
                pd = percent(pd.round_dp(6)),
            );
            let hint = pair("diminuire il moltiplicatore", "lower the multiplier");
            credit.refuse("migration", "E106", message, hint)
        }
    }
}

/// All rows, in the order of the ratings.
fn matrix(field: &Field<'_>, names: &[String]) -> Option<Vec<Vec<Share>>> {
    let Value::Table(table) = &field.node.value else {
        let message = told!(
            "`{key}` richiede una tabella con una riga per classe, non {kind}",
            "`{key}` takes a table with a row for each rating, not {kind}";
            key = field.key(),
            kind = field.node.value.kind(),
        );
        return field.refuse("E103", message, &field.example());
    };
    let mut sound = true;
    if names.iter().any(|name| name == DEFAULT_STATE) {
        sound = false;
        let message = told!(
            "nessuna classe può chiamarsi \"default\": in una riga della matrice è l’inadempimento",
            "no rating may be called \"default\": in a row of the matrix that is the default state"
        );
        field.context.report(
            Problem::error("E131", &field.node.place, message)
                .hint(pair("dare alla classe un altro nome", "give the rating another name")),
        );
    }
    let rows: Vec<Option<Vec<Share>>> = names
        .iter()
        .map(|name| match table.get(name) {
            Some(node) => row(field, name, node, names),
            None => {
                let message = told!(
                    "alla matrice manca la riga della classe \"{name}\"",
                    "the matrix has no row for rating \"{name}\"";
                    name = name,
                );
                let hint = told!(
                    "scrivere per esempio \"{name}\" = {{ \"{name}\" = \"97%\", default = \"3%\" }}",
                    "write for example \"{name}\" = {{ \"{name}\" = \"97%\", default = \"3%\" }}";
                    name = name,
                );
                field.refuse("E131", message, &[hint])
            }
        })
        .collect();
    for (name, node) in table {
        if !names.contains(name) {
            sound = false;
            unknown(field, name, node, names.iter().map(String::as_str).collect());
        }
    }
    let rows: Vec<Vec<Share>> = rows.into_iter().collect::<Option<_>>()?;
    sound.then_some(rows)
}

/// One row: the chance of each rating, then of default; states that are not named have none.
fn row(matrix: &Field<'_>, from: &str, node: &Node, names: &[String]) -> Option<Vec<Share>> {
    let path: Vec<String> = matrix.path.iter().cloned().chain([from.to_string()]).collect();
    let row = Field { context: matrix.context, node, path: path.clone() };
    let Value::Table(table) = &node.value else {
        let message = told!(
            "`{key}` richiede una tabella di probabilità, non {kind}",
            "`{key}` takes a table of probabilities, not {kind}";
            key = row.key(),
            kind = node.value.kind(),
        );
        return row.refuse("E103", message, &matrix.example());
    };
    let states: Vec<&str> = names.iter().map(String::as_str).chain([DEFAULT_STATE]).collect();
    let mut sound = true;
    let mut shares = vec![Share::ZERO; states.len()];
    for (name, node) in table {
        let Some(position) = states.iter().position(|state| state == name) else {
            sound = false;
            unknown(&row, name, node, states.clone());
            continue;
        };
        let path = path.iter().cloned().chain([name.clone()]).collect();
        let entry = Field { context: matrix.context, node, path };
        match entry.share() {
            Some(share) => shares[position] = share,
            None => sound = false,
        }
    }
    if !sound {
        return None;
    }
    let sum: Decimal = shares.iter().map(|share| share.decimal()).sum();
    if sum != Decimal::ONE {
        let (gap, more) = ((Decimal::ONE - sum).abs(), sum < Decimal::ONE);
        let message = told!(
            "le probabilità di `{key}` devono sommare a 1, sommano a {sum}",
            "the probabilities of `{key}` must add up to 1, they add up to {sum}";
            key = row.key(),
            sum = percent(sum),
        );
        let hint = match more {
            true => told!("ne manca {gap}", "{gap} is missing"; gap = percent(gap)),
            false => told!("ce n’è {gap} di troppo", "{gap} is too much"; gap = percent(gap)),
        };
        let usual = told!(
            "una matrice pubblicata è arrotondata: la differenza va di solito su chi resta nella sua classe",
            "a published matrix is rounded: the difference usually goes to those who keep their rating"
        );
        return row.refuse("E120", message, &[hint, usual]);
    }
    if Probability::new(shares[names.len()].decimal()).is_err() {
        let message = told!(
            "`{key}`: tutti sono inadempienti entro un anno",
            "`{key}`: everybody defaults within a year";
            key = row.key(),
        );
        let hint = pair(
            "la probabilità di `default` deve essere minore di 1",
            "the probability of `default` must be below 1",
        );
        return row.refuse("E106", message, &[Told::from(hint)]);
    }
    Some(shares)
}

fn unknown(field: &Field<'_>, name: &str, node: &Node, known: Vec<&str>) {
    let shown: String = name.chars().take(60).collect();
    let message =
        told!("`{key}` non conosce `{shown}`", "`{key}` does not know `{shown}`"; key = field.key(), shown);
    let hint = match nearest(name, known.iter().copied()) {
        Some(near) => did_you_mean(near),
        None => told!("nomi noti: {names}", "known: {names}"; names = known.join(", ")),
    };
    field.context.report(Problem::error("E101", &node.key, message).hint(hint));
}
