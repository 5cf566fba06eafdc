//! `[uncertainty]`: which assumptions are not known, and the values that they may have.
//!
//! Here a row is read and held against itself and against the table of keys: the key must exist and take numbers. That
//! the scenario stays valid at every end of a row is checked once the scenario is whole ([`crate::sensitivity::ends_problems`]).

use super::field::Field;
use super::keys;
use super::kinds::{Kind, kind};
use super::promises::names_a_key;
use super::section::{Section, did_you_mean};
use super::set::split_path;
use super::tree::{Node, Table, Value};
use crate::diagnostic::{Problem, nearest};
use crate::locale::{Told, pair, told};
use crate::scenario::{Change, Law, Uncertainty};
use rust_decimal::Decimal;

/// Most rows: their designs have two dimensions each, and so many dimensions have scrambled Sobol points.
const MOST_ROWS: usize = 50;

/// The words of a row.
const WORDS: [&str; 7] = ["operation", "low", "base", "high", "uniform", "triangular", "lognormal"];

/// Tables of the format that hold no assumptions: how a scenario is called, run and judged.
const NO_ASSUMPTIONS: [&str; 9] =
    ["scenario", "simulation", "programme", "limit", "rules", "sources", "italian", "english", "uncertainty"];

/// Whether a table is the law of a key, rather than part of the way to one.
pub(super) fn is_law(table: &Table) -> bool {
    table.iter().any(|(name, node)| {
        name == "lognormal" || (WORDS.contains(&name.as_str()) && node.as_table().is_none())
    })
}

/// `[uncertainty]`, in the order of the keys.
pub fn uncertainties(root: &Section<'_>, tree: &Node) -> Option<Vec<Uncertainty>> {
    let Some(node) = root.node("uncertainty") else { return Some(Vec::new()) };
    let Some(table) = node.as_table() else {
        let message = told!(
            "`uncertainty` è una tabella, non {kind}",
            "`uncertainty` is a table, not {kind}";
            kind = node.value.kind(),
        );
        root.context.report(Problem::error("E103", &node.place, message).hint(pair(
            "scrivere le sue chiavi sotto una riga [uncertainty]",
            "write its keys below a line [uncertainty]",
        )));
        return None;
    };
    if table.len() > MOST_ROWS {
        let message = told!(
            "`uncertainty` ha {count} chiavi; se ne usano al massimo {most}",
            "`uncertainty` has {count} keys; at most {most} are used";
            count = table.len(),
            most = MOST_ROWS,
        );
        root.context.report(Problem::error("E106", &node.place, message));
        return None;
    }
    let read: Vec<Option<Uncertainty>> = table
        .iter()
        .map(|(key, node)| {
            if node.as_table().is_some()
                && let Err((message, hint)) = takes_numbers(key, tree)
            {
                root.context.report(Problem::error("E128", &node.key, message).hint(hint));
                return None;
            }
            row(root, key, node)
        })
        .collect();
    read.into_iter().collect()
}

/// Whether a key is an assumption that takes numbers.
fn takes_numbers(key: &str, tree: &Node) -> Result<(), (Told, Told)> {
    names_a_key(key, tree)?;
    let shown: String = key.chars().take(80).collect();
    let path = split_path(key).unwrap_or_default();
    let about_the_run = path.first().is_some_and(|table| NO_ASSUMPTIONS.contains(&table.as_str()));
    if about_the_run || path.first().is_some_and(|first| first == "extends") {
        return Err((
            told!("`{shown}` non è un’ipotesi", "`{shown}` is no assumption"; shown),
            told!(
                "è incerto ciò che fanno il fondo, i richiedenti e l’economia, per esempio \"credit.systemic_correlation\"",
                "uncertain is what fund, applicants and economy do, such as \"credit.systemic_correlation\""
            ),
        ));
    }
    let of_a_pd =
        matches!(path.iter().map(String::as_str).collect::<Vec<_>>()[..], ["credit", "rating", _, "pd"]);
    if of_a_pd && tree.at(&["credit", "migration"]).is_some() {
        return Err((
            told!("`{shown}` non c’è: le PD seguono da [credit.migration]", "there is no `{shown}`: PDs follow from [credit.migration]"; shown),
            told!("scrivere \"credit.migration.pd_multiplier\"", "write \"credit.migration.pd_multiplier\""),
        ));
    }
    let numeric = keys::find(&path).and_then(|key| kind(key.path)).is_some_and(is_numeric);
    if numeric {
        return Ok(());
    }
    Err((
        told!("`{shown}` non indica un numero", "`{shown}` does not name a number"; shown),
        told!(
            "scrivere la chiave di un numero, per esempio \"credit.rating.*.pd\"",
            "write the key of a number, such as \"credit.rating.*.pd\""
        ),
    ))
}

fn is_numeric(kind: Kind) -> bool {
    match kind {
        Kind::Whole(..)
        | Kind::Years(..)
        | Kind::Number(..)
        | Kind::Share
        | Kind::Rate(..)
        | Kind::Amount(_)
        | Kind::Envelope
        | Kind::FlagOrShare => true,
        Kind::OneOrMore(kind, _) | Kind::ByYear(kind, _) => is_numeric(*kind),
        // A weight is a key of its own inside such a table: `line1.pipeline.ratings` alone is no number.
        Kind::Weights(_) | Kind::WeightsOfNames | Kind::SharesBetweenNames => false,
        Kind::Text
        | Kind::Name
        | Kind::Label
        | Kind::Flag
        | Kind::Precision
        | Kind::Quarter
        | Kind::Word(_)
        | Kind::Words(_)
        | Kind::MetricOrOutcome
        | Kind::AboutLine
        | Kind::Statistic
        | Kind::Bound
        | Kind::RuleCodes
        | Kind::TextsByKey
        | Kind::LawsByKey
        | Kind::Table
        | Kind::FundQuarter
        | Kind::AmountOrShare
        | Kind::NamedTables
        | Kind::Entries(_) => false,
    }
}

fn row(root: &Section<'_>, key: &str, node: &Node) -> Option<Uncertainty> {
    let path = |word: &str| {
        let path = vec!["uncertainty".to_string(), format!("\"{key}\"")];
        if word.is_empty() { path } else { [path, vec![word.to_string()]].concat() }
    };
    let Some(table) = node.as_table() else {
        let message = told!(
            "`{key}` richiede una tabella, non {kind}",
            "`{key}` takes a table, not {kind}";
            key = path("").join("."),
            kind = node.value.kind(),
        );
        root.context.report(Problem::error("E103", &node.place, message).hint(forms()));
        return None;
    };
    for (name, inner) in table {
        if WORDS.contains(&name.as_str()) {
            continue;
        }
        let shown: String = name.chars().take(60).collect();
        let message = told!("chiave sconosciuta `{shown}`", "unknown key `{shown}`"; shown);
        let problem = Problem::error("E101", &inner.key, message);
        root.context.report(match nearest(name, WORDS) {
            Some(near) => problem.hint(did_you_mean(near)),
            None => problem.hint(forms()),
        });
        return None;
    }
    let field = |word: &str, node| Field { context: root.context, node, path: path(word) };
    let change = match table.get("operation") {
        None => Change::Set,
        Some(node) => field("operation", node).word::<Change>()?,
    };
    let value = |word: &str| table.get(word).map(|node| field(word, node).decimal());
    let values = |word: &str, count: usize| -> Option<Option<Vec<Decimal>>> {
        let node = table.get(word)?;
        let field = field(word, node);
        let Value::List(entries) = &node.value else { return Some(wrong_count(&field, count)) };
        if entries.len() != count {
            return Some(wrong_count(&field, count));
        }
        Some(entries.iter().map(|entry| field.entry(entry).decimal()).collect())
    };
    let is_range = ["low", "base", "high"].iter().any(|word| table.contains_key(*word));
    let forms_given = [is_range, table.contains_key("uniform"), table.contains_key("triangular")]
        .into_iter()
        .chain([table.contains_key("lognormal")])
        .filter(|given| *given)
        .count();
    if forms_given != 1 {
        let message = told!(
            "`{key}` richiede una sola legge",
            "`{key}` takes one law and one only";
            key,
        );
        root.context.report(Problem::error("E102", &node.place, message).hint(forms()));
        return None;
    }
    let law = if let Some(pair) = values("uniform", 2) {
        let pair = pair?;
        Law::Uniform { low: pair[0], high: pair[1] }
    } else if let Some(three) = values("triangular", 3) {
        let three = three?;
        Law::Triangular { low: three[0], mode: three[1], high: three[2] }
    } else if let Some(node) = table.get("lognormal") {
        lognormal(&field("lognormal", node))?
    } else {
        let missing = |word: &str| {
            let message = told!("manca `{word}`", "`{word}` is missing"; word);
            root.context.report(Problem::error("E102", &node.place, message).hint(forms()));
            None
        };
        let base = value("base").or_else(|| change.identity().map(Some));
        match (value("low"), base, value("high")) {
            (Some(low), Some(base), Some(high)) => Law::Range { low: low?, base: base?, high: high? },
            (None, _, _) => return missing("low"),
            (_, _, None) => return missing("high"),
            (_, None, _) => return missing("base"),
        }
    };
    in_order(root, key, node, law)?;
    Some(Uncertainty { key: key.to_string(), change, law })
}

fn wrong_count<T>(field: &Field<'_>, count: usize) -> Option<T> {
    let message = told!(
        "`{key}` richiede un elenco di {count} numeri",
        "`{key}` takes a list of {count} numbers";
        key = field.key(),
        count,
    );
    field.refuse("E103", message, &[forms()])
}

fn lognormal(field: &Field<'_>) -> Option<Law> {
    let table = field
        .node
        .as_table()
        .filter(|table| table.len() == 2 && table.contains_key("median") && table.contains_key("sigma"));
    let Some(table) = table else {
        let message = told!(
            "`{key}` richiede `median` e `sigma`",
            "`{key}` takes `median` and `sigma`";
            key = field.key(),
        );
        return field.refuse("E102", message, &[forms()]);
    };
    let number = |word: &str| {
        let mut path = field.path.clone();
        path.push(word.to_string());
        Field { context: field.context, node: &table[word], path }.decimal()
    };
    let (median, sigma) = (number("median")?, number("sigma")?);
    if median <= Decimal::ZERO || sigma <= Decimal::ZERO || sigma > Decimal::TWO {
        let message = told!(
            "`{key}`: `median` dev’essere sopra 0 e `sigma` tra 0 e 2",
            "`{key}`: `median` must be above 0 and `sigma` between 0 and 2";
            key = field.key(),
        );
        return field.refuse("E106", message, &[forms()]);
    }
    Some(Law::Lognormal { median, sigma })
}

/// Refuses values that are not in ascending order, and a law with a single value.
fn in_order(root: &Section<'_>, key: &str, node: &Node, law: Law) -> Option<()> {
    let (low, middle, high) = match law {
        Law::Range { low, base, high } => (low, base, high),
        Law::Triangular { low, mode, high } => (low, mode, high),
        Law::Uniform { low, high } => (low, low, high),
        Law::Lognormal { .. } => return Some(()),
    };
    if low <= middle && middle <= high && low < high {
        return Some(());
    }
    let message = told!(
        "`{key}`: i valori vanno dal più piccolo al più grande, con il valore di base in mezzo",
        "`{key}`: values go from the lowest to the highest, with the base value between them";
        key,
    );
    root.context.report(Problem::error("E122", &node.place, message).hint(forms()));
    None
}

fn forms() -> Told {
    Told::from(pair(
        "scrivere { low = 0.03, base = 0.1, high = 0.15 }, { uniform = [0.03, 0.15] }, { triangular = [0.03, 0.1, 0.15] } o { lognormal = { median = 1, sigma = 0.3 }, operation = \"scale\" }",
        "write { low = 0.03, base = 0.1, high = 0.15 }, { uniform = [0.03, 0.15] }, { triangular = [0.03, 0.1, 0.15] } or { lognormal = { median = 1, sigma = 0.3 }, operation = \"scale\" }",
    ))
}
