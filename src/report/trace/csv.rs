//! `trace-PATH.csv`: one row an entry, for spreadsheets.

use crate::engine::events::Envelope;
use crate::ledger::entry::envelope_word;
use crate::ledger::{Account, Entry, Ledger, Names};
use crate::plan::Plan;
use crate::report::tables::Table;
use crate::spreadsheet::safe;
use crate::units::Cents;

/// The columns.
const HEADER: [&str; 7] = ["quarter", "line", "project", "event", "envelope", "amount", "balance"];

/// Every entry of a ledger: `quarter,line,project,event,envelope,amount,balance`.
///
/// `quarter` counts from 0 as in `timeline.csv`. `line` owns the envelope; it is empty for *fees*, *income*,
/// *returned* and *paid_in*, and the project's own where no envelope moves; `amount` and `balance` are empty then. The
/// first rows are the opening balances, the last rows the closing ones, both without an amount. So the sum of `amount`
/// over all rows is the closing cash, and of an envelope: opening balance + sum of amounts = closing balance.
pub fn ledger_csv(plan: &Plan, ledger: &Ledger) -> String {
    let mut table = Table::new(&HEADER);
    for account in &ledger.accounts {
        table.row(&balance_row(plan, account, 0, "opening", account.opening));
    }
    for entry in &ledger.entries {
        table.row(&entry_row(plan, &ledger.names, entry));
    }
    for account in &ledger.accounts {
        table.row(&balance_row(plan, account, plan.quarters - 1, "closing", account.closing));
    }
    table.into_text()
}

fn balance_row(plan: &Plan, account: &Account, quarter: u32, event: &str, balance: Cents) -> [String; 7] {
    let envelope = account.envelope;
    [
        quarter.to_string(),
        owner(plan, envelope).to_string(),
        String::new(),
        event.to_string(),
        envelope_word(envelope).to_string(),
        String::new(),
        balance.to_string(),
    ]
}

fn entry_row(plan: &Plan, names: &Names, entry: &Entry) -> [String; 7] {
    let [envelope, amount, balance] = match &entry.movement {
        Some(movement) => [
            envelope_word(movement.envelope).to_string(),
            movement.amount.to_string(),
            movement.balance.to_string(),
        ],
        None => [const { String::new() }; 3],
    };
    [
        entry.quarter.to_string(),
        line(plan, entry).to_string(),
        entry.event.who().map_or(String::new(), |who| safe(&names.of(who))),
        entry.kind.word().to_string(),
        envelope,
        amount,
        balance,
    ]
}

/// The line of an entry: the envelope's owner, or the project's line where no envelope moves.
pub(super) fn line(plan: &Plan, entry: &Entry) -> &'static str {
    match (&entry.movement, entry.event.who()) {
        (Some(movement), _) => owner(plan, movement.envelope),
        (None, Some(who)) => plan.lines[who.slot].number.word(),
        (None, None) => "",
    }
}

/// The line that owns an envelope; nothing for those of the fund.
pub(super) fn owner(plan: &Plan, envelope: Envelope) -> &'static str {
    envelope.owner().map_or("", |slot| plan.lines[slot].number.word())
}
