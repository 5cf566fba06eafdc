//! Later files over earlier ones.
//!
//! Tables merge key by key; scalars and lists replace. Some refinements keep a planner's file short and a result
//! unambiguous: weight tables, tranches and rows of `[uncertainty]` replace whole; a new `guarantee.kind` drops the inherited rate of the
//! other kind; a new form of `budget` (shares of a total, or euros) drops what was inherited in the other form, and so do a
//! migration matrix and ratings with PDs.

use super::tree::{Node, Table, Value};
use std::cmp::Ordering;

/// Puts `later` over `base`. `[scenario]` of the base is never inherited.
pub fn over(mut base: Node, later: Node) -> Node {
    if let Some(table) = base.as_table_mut() {
        table.remove("scenario");
    }
    merge(base, later, &mut Vec::new())
}

fn merge(base: Node, later: Node, path: &mut Vec<String>) -> Node {
    let whole = replaces_whole(path);
    match (base.value, later.value) {
        (Value::Table(mut inherited), Value::Table(own)) if !whole => {
            drop_other_form(&mut inherited, &own, path);
            for (name, node) in own {
                path.push(name.clone());
                let merged = match inherited.remove(&name) {
                    Some(older) => merge(older, node, path),
                    None => node,
                };
                path.pop();
                inherited.insert(name, merged);
            }
            Node { value: Value::Table(inherited), place: later.place, key: later.key, computed: false }
        }
        (_, value) => Node { value, place: later.place, key: later.key, computed: later.computed },
    }
}

/// Weight tables, tranches and laws mean something only as a whole.
fn replaces_whole(path: &[String]) -> bool {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    matches!(
        path[..],
        ["fund", "tranches"]
            | ["credit", "migration", "matrix"]
            | ["uncertainty", _]
            | ["line1" | "line2", "pipeline", "themes" | "legal_form" | "size" | "ratings" | "members"]
    )
}

/// Takes out of a table what belongs to another form than the one now chosen.
pub fn drop_other_form(inherited: &mut Table, own: &Table, path: &[String]) {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path[..] {
        ["line1" | "line2", "guarantee"] => match own.get("kind").and_then(Node::as_text) {
            Some("capped") => drop_keys(inherited, &["provision_rate"], |_| true),
            Some("uncapped") => drop_keys(inherited, &["cap_rate"], |_| true),
            _ => {}
        },
        ["credit"] => {
            let has_matrix = own.get("migration").is_some_and(|node| node.at(&["matrix"]).is_some());
            let own_ratings = own.get("rating").into_iter().flat_map(entries);
            if has_matrix {
                if let Some(Node { value: Value::List(ratings), .. }) = inherited.get_mut("rating") {
                    let tables = ratings.iter_mut().filter_map(Node::as_table_mut);
                    tables.for_each(|rating| drop_keys(rating, &["pd"], |_| true));
                }
            } else if own_ratings.filter_map(Node::as_table).any(|rating| rating.contains_key("pd")) {
                drop_keys(inherited, &["migration"], |_| true);
            }
        }
        ["line1" | "line2", "budget"] => {
            let had_total = inherited.contains_key("total");
            if own.contains_key("total") {
                drop_keys(inherited, &ENVELOPES, |node| !had_total || form(node) == BudgetForm::Euros);
            } else if ENVELOPES
                .iter()
                .any(|name| own.get(*name).is_some_and(|node| form(node) == BudgetForm::Euros))
            {
                drop_keys(inherited, &["total"], |_| true);
                drop_keys(inherited, &ENVELOPES, |node| form(node) == BudgetForm::Share);
            }
        }
        _ => {}
    }
}

fn entries(node: &Node) -> &[Node] {
    match &node.value {
        Value::List(entries) => entries,
        _ => &[],
    }
}

fn drop_keys(table: &mut Table, names: &[&str], unwanted: impl Fn(&Node) -> bool) {
    table.retain(|name, node| !(names.contains(&name.as_str()) && unwanted(node)));
}

/// The three envelopes of a line's budget.
pub const ENVELOPES: [&str; 3] = ["loans", "guarantees", "grants"];

/// How an envelope was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BudgetForm {
    /// Zero, which is the same in both forms.
    Zero,
    /// A percentage, or a number up to 1.
    Share,
    /// Any other number.
    Euros,
}

/// How an envelope was written; what is no number at all counts as euros and is refused later.
pub fn form(node: &Node) -> BudgetForm {
    let (value, percent) = match &node.value {
        Value::Number(digits) => (super::number::plain(digits).ok(), false),
        Value::Text(text) => match super::number::quoted(text) {
            Ok((value, percent)) => (Some(value), percent),
            Err(_) => (None, text.contains('%')),
        },
        Value::Flag(_) | Value::Moment(_) | Value::List(_) | Value::Table(_) => (None, false),
    };
    match value.map(|value| value.cmp(&rust_decimal::Decimal::ZERO)) {
        Some(Ordering::Equal) => BudgetForm::Zero,
        _ if percent => BudgetForm::Share,
        Some(Ordering::Greater) if value.is_some_and(|value| value <= rust_decimal::Decimal::ONE) => {
            BudgetForm::Share
        }
        _ => BudgetForm::Euros,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::SourceId;
    use crate::reading::tree::parse;

    fn merged(base: &str, later: &str) -> Node {
        let (base, problems) = parse(SourceId(0), base);
        assert_eq!(problems, []);
        let (later, problems) = parse(SourceId(1), later);
        assert_eq!(problems, []);
        over(base, later)
    }

    fn keys(node: &Node, path: &[&str]) -> Vec<String> {
        node.at(path)
            .and_then(Node::as_table)
            .map(|table| table.keys().cloned().collect())
            .unwrap_or_default()
    }

    #[test]
    fn tables_merge_and_lists_replace() {
        let node = merged("[fund]\na = 1\nb = [1, 2]\n[scenario]\nname = 'x'", "[fund]\nb = [3]\nc = 4");
        assert_eq!(keys(&node, &["fund"]), ["a", "b", "c"]);
        assert!(matches!(&node.at(&["fund", "b"]).unwrap().value, Value::List(list) if list.len() == 1));
        assert!(node.at(&["scenario"]).is_none());
    }

    #[test]
    fn weights_and_tranches_replace_whole() {
        let node = merged(
            "[line1.pipeline]\nthemes = { other = 1 }\nx = 1\n[fund.tranches]\nshares = [1]",
            "[line1.pipeline]\nthemes = { health_wellbeing = 1 }\n[fund.tranches]\ntriggers = [0]",
        );
        assert_eq!(keys(&node, &["line1", "pipeline", "themes"]), ["health_wellbeing"]);
        assert_eq!(keys(&node, &["line1", "pipeline"]), ["themes", "x"]);
        assert_eq!(keys(&node, &["fund", "tranches"]), ["triggers"]);
    }

    #[test]
    fn a_new_kind_drops_the_rate_of_the_other() {
        let base = "[line1.guarantee]\nkind = 'capped'\ncap_rate = 0.2\npremium_rate = 0.01";
        let node = merged(base, "[line1.guarantee]\nkind = 'uncapped'\nprovision_rate = 0.1");
        assert_eq!(keys(&node, &["line1", "guarantee"]), ["kind", "premium_rate", "provision_rate"]);
        let node = merged(base, "[line1.guarantee]\nkind = 'capped'");
        assert_eq!(keys(&node, &["line1", "guarantee"]), ["cap_rate", "kind", "premium_rate"]);
    }

    #[test]
    fn a_matrix_and_pds_drop_each_other() {
        let ratings = "[[credit.rating]]\nname = 'A'\npd = 0.1\nreference_margin = 0.01";
        let matrix = "[credit.migration]\nmatrix = { A = { A = 0.9, default = 0.1 } }";
        let node = merged(ratings, matrix);
        let Value::List(entries) = &node.at(&["credit", "rating"]).unwrap().value else { panic!() };
        assert_eq!(keys(&entries[0], &[]), ["name", "reference_margin"]);
        assert_eq!(keys(&merged(matrix, ratings), &["credit"]), ["rating"]);
        // A factor on the PDs of an inherited matrix is no new form, nor are ratings without PDs.
        let factor = "[credit.migration]\npd_multiplier = 2";
        assert_eq!(keys(&merged(matrix, factor), &["credit", "migration"]), ["matrix", "pd_multiplier"]);
        let unrated = "[[credit.rating]]\nname = 'A'";
        assert_eq!(keys(&merged(matrix, unrated), &["credit"]), ["migration", "rating"]);
        // A matrix means something only as a whole.
        let other = "[credit.migration]\nmatrix = { B = { default = 0.1 } }";
        assert_eq!(keys(&merged(matrix, other), &["credit", "migration", "matrix"]), ["B"]);
    }

    #[test]
    fn a_budget_has_one_form() {
        let euros = "[line1.budget]\nloans = 3_000_000\nguarantees = 1_000_000\ngrants = 0";
        let shares = "[line1.budget]\ntotal = 4_000_000\nloans = '75%'\nguarantees = 0.25";
        let path = &["line1", "budget"];
        assert_eq!(keys(&merged(euros, shares), path), ["guarantees", "loans", "total"]);
        assert_eq!(keys(&merged(shares, euros), path), ["grants", "guarantees", "loans"]);
        assert_eq!(
            keys(&merged(shares, "[line1.budget]\ntotal = 2_000_000"), path),
            ["guarantees", "loans", "total"]
        );
        assert_eq!(
            keys(&merged(euros, "[line1.budget]\nloans = 2_000_000"), path),
            ["grants", "guarantees", "loans"]
        );
    }
}
