//! Which rows the table shows in a quarter: every entry, or ordinary ones summed by line.

use super::describe::Teller;
use crate::engine::events::{Envelope, Event, Obstacle};
use crate::ledger::{Entry, EntryKind, Movement};
use crate::report::telling::tell;
use crate::units::Cents;
use std::collections::BTreeMap;

/// A row of the table.
pub(super) struct Row {
    pub text: String,
    pub movement: Option<Movement>,
    /// Something went wrong here.
    pub bad: bool,
}

/// Entries of one kind, line and envelope in a quarter; entries that are no matter of routine stand alone.
struct Group {
    first: Entry,
    count: u64,
    amount: Cents,
    /// Investment applied for.
    investment: Cents,
}

/// The rows of a quarter. Balances run on in `balances`, in the order of the rows, so that they stay right when rows
/// are summed.
pub(super) fn rows(
    teller: &Teller,
    entries: &[Entry],
    every_entry: bool,
    balances: &mut BTreeMap<Envelope, Cents>,
) -> Vec<Row> {
    let mut groups: Vec<Group> = Vec::new();
    // Positions of the groups that more entries may join.
    let mut open: Vec<usize> = Vec::new();
    for entry in entries {
        let amount = entry.movement.map_or(Cents::ZERO, |movement| movement.amount);
        let investment = match entry.event {
            Event::Applied { applicant, .. } => applicant.investment,
            _ => Cents::ZERO,
        };
        let routine = !every_entry && is_routine(entry.kind);
        let same = open.iter().find(|&&group| routine && belong_together(&groups[group].first, entry));
        if let Some(&group) = same {
            let group = &mut groups[group];
            group.count += 1;
            group.amount += amount;
            group.investment += investment;
            continue;
        }
        if routine {
            open.push(groups.len());
        }
        groups.push(Group { first: *entry, count: 1, amount, investment });
    }
    groups
        .into_iter()
        .map(|group| {
            let movement = group.first.movement.map(|Movement { envelope, .. }| {
                let balance = balances.entry(envelope).or_default();
                *balance += group.amount;
                Movement { envelope, amount: group.amount, balance: *balance }
            });
            let text = if group.count == 1 { teller.entry(&group.first) } else { group_text(teller, &group) };
            Row { text, movement, bad: is_bad(&group.first) }
        })
        .collect()
}

/// Whether entries of a kind are summed unless every entry is asked for.
fn is_routine(kind: EntryKind) -> bool {
    match kind {
        EntryKind::Principal
        | EntryKind::Interest
        | EntryKind::Premium
        | EntryKind::Maturity
        | EntryKind::Application
        | EntryKind::Waiting
        | EntryKind::RejectedBudget => true,
        EntryKind::TrancheDue
        | EntryKind::TrancheAdvanced
        | EntryKind::Treasury
        | EntryKind::Correction
        | EntryKind::Fees
        | EntryKind::FeesUnpaid
        | EntryKind::Grant
        | EntryKind::Default
        | EntryKind::Cure
        | EntryKind::CallDemanded
        | EntryKind::CallPaid
        | EntryKind::CallOpen
        | EntryKind::LoanRecovery
        | EntryKind::CallRecovery
        | EntryKind::GrantRecovery
        | EntryKind::Withdrawal
        | EntryKind::Disbursement
        | EntryKind::RejectedIneligible
        | EntryKind::Approval => false,
    }
}

/// Whether a row tells of something that went wrong.
fn is_bad(entry: &Entry) -> bool {
    matches!(
        entry.kind,
        EntryKind::TrancheAdvanced | EntryKind::FeesUnpaid | EntryKind::Default | EntryKind::CallOpen
    )
}

fn belong_together(first: &Entry, entry: &Entry) -> bool {
    let slot = |entry: &Entry| entry.event.who().map(|who| who.slot);
    let envelope = |entry: &Entry| entry.movement.map(|movement| movement.envelope);
    first.kind == entry.kind
        && slot(first) == slot(entry)
        && envelope(first) == envelope(entry)
        && obstacle(first) == obstacle(entry)
}

fn obstacle(entry: &Entry) -> Option<Obstacle> {
    match entry.event {
        Event::Waits { obstacle, .. } | Event::Lost { obstacle, .. } => Some(obstacle),
        _ => None,
    }
}

/// Several entries in one row: always two or more.
fn group_text(teller: &Teller, group: &Group) -> String {
    let telling = teller.telling;
    let count = telling.numbers.count(group.count);
    let line = group.first.event.who().map_or(String::new(), |who| teller.line(who.slot));
    let obstacle = obstacle(&group.first).map_or("", |obstacle| teller.obstacle(obstacle));
    match group.first.kind {
        EntryKind::Principal => {
            tell!(telling, "{line}: {count} rimborsi di capitale", "{line}: {count} projects repay principal")
        }
        EntryKind::Interest => {
            tell!(telling, "{line}: {count} pagamenti di interessi", "{line}: {count} projects pay interest")
        }
        EntryKind::Premium => {
            tell!(telling, "{line}: {count} commissioni di garanzia", "{line}: {count} guarantee fees")
        }
        EntryKind::Maturity => tell!(
            telling,
            "{line}: {count} progetti concludono il loro piano",
            "{line}: {count} projects reach the end of their plan"
        ),
        EntryKind::Application => {
            let investment = teller.money(group.investment);
            tell!(
                telling,
                "{line}: {count} domande, investimenti per {investment}",
                "{line}: {count} applications, investment {investment}"
            )
        }
        EntryKind::Waiting => {
            tell!(
                telling,
                "{line}: {count} domande in attesa: {obstacle}",
                "{line}: {count} applications wait: {obstacle}"
            )
        }
        EntryKind::RejectedBudget => {
            tell!(
                telling,
                "{line}: {count} domande respinte: {obstacle}",
                "{line}: {count} applications turned down: {obstacle}"
            )
        }
        EntryKind::TrancheDue
        | EntryKind::TrancheAdvanced
        | EntryKind::Treasury
        | EntryKind::Correction
        | EntryKind::Fees
        | EntryKind::FeesUnpaid
        | EntryKind::Grant
        | EntryKind::Default
        | EntryKind::Cure
        | EntryKind::CallDemanded
        | EntryKind::CallPaid
        | EntryKind::CallOpen
        | EntryKind::LoanRecovery
        | EntryKind::CallRecovery
        | EntryKind::GrantRecovery
        | EntryKind::Withdrawal
        | EntryKind::Disbursement
        | EntryKind::RejectedIneligible
        | EntryKind::Approval => unreachable!("only routine is summed"),
    }
}
