//! Today's books of a running fund: whether they can be, and how they are told ([`told`]).
//!
//! Whether the books of a running fund can be: its history is played once, before any run, and every envelope must have held
//! what it paid, and hold today what it owes.
//!
//! What is wrong with one row is said where the row is read ([`crate::reading`]); this is about all rows together.

pub mod told;

use crate::diagnostic::{Place, Problem};
use crate::engine::events::Envelope;
use crate::engine::path::today::{OpeningBalance, TodaysBooks, Unpaid};
use crate::locale::{Told, pair, told};
use crate::plan::Plan;
use crate::scenario::Scenario;
use crate::units::Cents;

/// Today's books of a scenario; `None` if its fund starts.
pub fn todays_books(scenario: &Scenario) -> Option<TodaysBooks> {
    (scenario.fund.today_quarter > 0).then(|| TodaysBooks::of(&Plan::resolve_for_few_paths(scenario)))?
}

/// What makes the books of a running fund impossible, and what in them is probably not meant; nothing of a fund that starts.
pub fn problems(scenario: &Scenario, place_of: impl Fn(&str) -> Place) -> Vec<Problem> {
    let Some(books) = todays_books(scenario) else { return Vec::new() };
    let line_word = |slot: usize| scenario.lines().nth(slot).map_or("", |line| line.number.word());
    let mut problems: Vec<Problem> = books
        .unpaid
        .iter()
        .filter_map(|unpaid| unpaid_problem(scenario, &books, unpaid, &place_of))
        .collect();
    if problems.is_empty() && books.cash.0 < 0 && books.balances.iter().any(|balance| balance.given.is_some())
    {
        let message = told!(
            "i saldi di apertura dati lasciano la liquidità a {cash} EUR: sommano a meno della dotazione non ancora versata",
            "the given opening balances leave the cash at {cash} EUR: they add up to less than the endowment not yet paid in";
            cash = books.cash,
        );
        problems.push(Problem::error("E133", &place_of("fund.opening"), message).hint(pair(
            "i saldi comprendono ciò che la Regione deve ancora versare",
            "balances include what the Region has still to pay in",
        )));
    }
    for (slot, line) in books.lines.iter().enumerate() {
        let Some(balance) = books.balance(Envelope::Guarantees(slot)) else { continue };
        if balance.given.is_some_and(|given| given < line.promises) {
            let message = told!(
                "linea {number}: {given} EUR per le garanzie oggi, ma le promesse possono ancora costarne {promises}",
                "line {number}: {given} EUR for guarantees today, but the promises may still cost {promises}";
                number = line_word(slot),
                given = balance.used(),
                promises = line.promises,
            );
            let key = format!("line{}.opening.guarantees", line_word(slot));
            problems.push(Problem::warning("W107", &place_of(&key), message).hint(pair(
                "finché è così nessuna nuova garanzia è approvata",
                "as long as that is so no new guarantee is approved",
            )));
        }
    }
    problems
        .extend(books.balances.iter().filter_map(|balance| more_than_history(scenario, balance, &place_of)));
    problems
}

/// A given balance that holds a good deal more than the fund's rules leave: money from nowhere, or zeros too many.
fn more_than_history(
    scenario: &Scenario,
    balance: &OpeningBalance,
    place_of: &impl Fn(&str) -> Place,
) -> Option<Problem> {
    let given = balance.given?;
    let most = balance.derived + Cents(scenario.fund.endowment.0 / 20);
    if given <= most {
        return None;
    }
    let name = match balance.envelope {
        Envelope::Loans(_) => "loans",
        Envelope::Guarantees(_) => "guarantees",
        Envelope::Grants(_) => "grants",
        Envelope::Fees => "fees",
        Envelope::Income => "income",
        Envelope::Returned => "returned",
        Envelope::PaidIn => return None,
    };
    let table = match balance.envelope.owner().and_then(|slot| scenario.lines().nth(slot)) {
        Some(line) => format!("line{}", line.number.word()),
        None => "fund".to_string(),
    };
    let key = format!("{table}.opening.{name}");
    let message = told!(
        "`{key}`: {given} EUR, ma la storia ne lascia {derived}: la differenza supera un ventesimo della dotazione",
        "`{key}`: {given} EUR, but history leaves {derived}: the difference is above a twentieth of the endowment";
        key,
        given,
        derived = balance.derived,
    );
    Some(Problem::warning("W109", &place_of(&key), message).hint(pair(
        "controllare gli zeri; la differenza conta come denaro del fondo",
        "check the zeros; the difference counts as money of the fund",
    )))
}

fn unpaid_problem(
    scenario: &Scenario,
    books: &TodaysBooks,
    unpaid: &Unpaid,
    place_of: &impl Fn(&str) -> Place,
) -> Option<Problem> {
    let slot = unpaid.envelope.owner()?;
    let number = scenario.lines().nth(slot)?.number.word();
    let (key, name) = match unpaid.envelope {
        Envelope::Loans(_) => ("loans", pair("i prestiti", "loans")),
        Envelope::Grants(_) => ("grants", pair("i contributi", "grants")),
        Envelope::Guarantees(_)
        | Envelope::Fees
        | Envelope::Income
        | Envelope::Returned
        | Envelope::PaidIn => return None,
    };
    let quarter = scenario.fund.start.plus(unpaid.quarter).to_string();
    let given = unpaid.quarter == books.today;
    let table = if given { "opening" } else { "budget" };
    let message: Told = match given {
        true => told!(
            "linea {number}: il saldo dato per {name} non copre ciò che è già promesso: mancano {lacking} EUR",
            "line {number}: the balance given for {name} does not cover what is already promised: {lacking} EUR are lacking";
            number,
            name,
            lacking = unpaid.lacking,
        ),
        false => told!(
            "linea {number}: nel {quarter} la storia spende per {name} {lacking} EUR più di quanto la linea aveva",
            "line {number}: in {quarter} history spends {lacking} EUR more for {name} than the line had";
            number,
            name,
            quarter,
            lacking = unpaid.lacking,
        ),
    };
    let hint = match given {
        true => pair("il saldo comprende ciò che è promesso", "the balance includes what is promised"),
        false => pair(
            "controllare investimenti, prodotti e trimestri delle righe con uno `status`, oppure la dotazione della linea",
            "check investments, products and quarters of the rows with a `status`, or the line's budget",
        ),
    };
    Some(Problem::error("E133", &place_of(&format!("line{number}.{table}.{key}")), message).hint(hint))
}
