//! One row of the ledger: which kind of event, and the envelope that it moves, if any.

use crate::engine::events::{Envelope, Event};
use crate::units::Cents;

/// Declares the kinds of row with their words in files.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident: $word:literal,)+) => {
        /// What a row of the ledger tells.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum EntryKind { $($(#[$doc])* $kind,)+ }

        impl EntryKind {
            /// All kinds.
            pub const ALL: &'static [EntryKind] = &[$(EntryKind::$kind,)+];

            /// The word in files.
            pub fn word(self) -> &'static str {
                match self { $(EntryKind::$kind => $word,)+ }
            }
        }
    };
}

kinds! {
    /// The Region paid a tranche that was due.
    TrancheDue: "tranche_due",
    /// The Region paid a tranche ahead of the rule.
    TrancheAdvanced: "tranche_advanced",
    /// Interest on cash.
    Treasury: "treasury",
    /// Today's balance of a running fund less what its history derives.
    Correction: "correction",
    /// Management fees paid.
    Fees: "fees",
    /// Management fees that nothing was left to pay.
    FeesUnpaid: "fees_unpaid",
    /// Principal of a fund loan repaid.
    Principal: "principal",
    /// Interest on a fund loan.
    Interest: "interest",
    /// Guarantee premium.
    Premium: "premium",
    /// Grant paid.
    Grant: "grant",
    /// A project defaulted.
    Default: "default",
    /// The default cures: no loss, no call.
    Cure: "cure",
    /// The bank demands a call.
    CallDemanded: "call_demanded",
    /// The project made its last payment.
    Maturity: "maturity",
    /// A call, or a part of it, was paid.
    CallPaid: "call_paid",
    /// A call, or a part of it, stays open.
    CallOpen: "call_open",
    /// Recovery on a fund loan.
    LoanRecovery: "loan_recovery",
    /// The fund's share of a recovery on a called loan.
    CallRecovery: "call_recovery",
    /// A grant clawed back.
    GrantRecovery: "grant_recovery",
    /// An approved project withdrew.
    Withdrawal: "withdrawal",
    /// A project was disbursed.
    Disbursement: "disbursement",
    /// An application arrived.
    Application: "application",
    /// It was refused at arrival.
    RejectedIneligible: "rejected_ineligible",
    /// It was approved.
    Approval: "approval",
    /// It waits.
    Waiting: "waiting",
    /// It waited in vain.
    RejectedBudget: "rejected_budget",
}

/// The word of an envelope in files; a line's envelopes are told apart by the column `line`.
pub fn envelope_word(envelope: Envelope) -> &'static str {
    match envelope {
        Envelope::Loans(_) => "loans",
        Envelope::Guarantees(_) => "guarantees",
        Envelope::Grants(_) => "grants",
        Envelope::Fees => "fees",
        Envelope::Income => "income",
        Envelope::Returned => "returned",
        Envelope::PaidIn => "paid_in",
    }
}

/// What a row moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movement {
    /// Where.
    pub envelope: Envelope,
    /// Signed: what comes in is positive.
    pub amount: Cents,
    /// What is in the envelope afterwards.
    pub balance: Cents,
}

/// One row of the ledger.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// The fund quarter, counted from 0.
    pub quarter: u32,
    /// What it tells.
    pub kind: EntryKind,
    /// The event that it is a part of.
    pub event: Event,
    /// What it moves; many events move no envelope.
    pub movement: Option<Movement>,
}

/// Hands the rows of an event to `take`: one for each envelope that it moves, then those that move none.
pub fn rows(event: &Event, mut take: impl FnMut(EntryKind, Option<(Envelope, Cents)>)) {
    let mut moving = |kind: EntryKind| event.movements().for_each(|movement| take(kind, Some(movement)));
    match *event {
        Event::TranchePaid { advanced: false, .. } => moving(EntryKind::TrancheDue),
        Event::TranchePaid { advanced: true, .. } => moving(EntryKind::TrancheAdvanced),
        Event::TreasuryReceived { .. } => moving(EntryKind::Treasury),
        Event::BalanceCorrected { .. } => moving(EntryKind::Correction),
        Event::FeesPaid { unpaid, .. } => {
            moving(EntryKind::Fees);
            if unpaid.0 > 0 {
                take(EntryKind::FeesUnpaid, None);
            }
        }
        Event::PrincipalPaid { .. } => moving(EntryKind::Principal),
        Event::InterestPaid { .. } => moving(EntryKind::Interest),
        Event::PremiumPaid { .. } => moving(EntryKind::Premium),
        Event::GrantPaid { .. } => moving(EntryKind::Grant),
        Event::Defaulted { facts, .. } => {
            take(EntryKind::Default, None);
            if facts.cured {
                take(EntryKind::Cure, None);
            }
            if facts.call.0 > 0 {
                take(EntryKind::CallDemanded, None);
            }
        }
        Event::Matured { .. } => take(EntryKind::Maturity, None),
        Event::CallSettled { open, .. } => {
            moving(EntryKind::CallPaid);
            if open.0 > 0 {
                take(EntryKind::CallOpen, None);
            }
        }
        Event::LoanRecovered { .. } => moving(EntryKind::LoanRecovery),
        Event::GrantRecovered { .. } => moving(EntryKind::GrantRecovery),
        Event::CallRecovered { .. } => moving(EntryKind::CallRecovery),
        Event::Withdrawn { .. } => take(EntryKind::Withdrawal, None),
        Event::Disbursed { package, .. } if package.fund_loan.0 == 0 => take(EntryKind::Disbursement, None),
        Event::Disbursed { .. } => moving(EntryKind::Disbursement),
        Event::Applied { .. } => take(EntryKind::Application, None),
        Event::FoundIneligible { .. } => take(EntryKind::RejectedIneligible, None),
        Event::Approved { .. } => take(EntryKind::Approval, None),
        Event::Waits { .. } => take(EntryKind::Waiting, None),
        Event::Lost { .. } => take(EntryKind::RejectedBudget, None),
    }
}
