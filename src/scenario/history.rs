//! Monitoring a running fund: the projects that were on the books when the forecast began.
//!
//! With `[fund] today` the quarters before it are **history**. Rows of the borrowers' list that have a `status` say what
//! happened in them; rows without one are applicants from today on. History has no luck: the fund's rules are replayed on what
//! the books say ([`crate::engine::path`]), so that every future starts from the same balances, and all figures keep their
//! meaning over the whole life.
//!
//! Books that are kept by people differ from what rules derive: fees were negotiated, cash bore another rate. What is in an
//! envelope at the beginning of today's quarter may therefore be **given** ([`LineOpening`], [`FundOpening`]); a given balance
//! wins over the derived one, and the difference is an entry of its own in the books.

use super::{Borrower, Scenario};
use crate::units::{Cents, Share};

impl Scenario {
    /// The same books as another reading of this scenario: an economy that is to come does not rewrite history.
    pub fn keep_history_of(&mut self, other: &Scenario) {
        let pairs = [(&mut self.line1, &other.line1), (&mut self.line2, &other.line2)];
        for (line, other) in pairs.into_iter().filter_map(|(line, other)| line.as_mut().zip(other.as_ref())) {
            line.booked.clone_from(&other.booked);
        }
    }
}

/// A row of the list that has a `status`: a project disbursed before today.
#[derive(Clone, Debug, PartialEq)]
pub struct BookedProject {
    /// Who, and for what; its product is named, its `quarter` is that of the application.
    pub borrower: Borrower,
    /// Fund quarter of the disbursement: not before the application, before today.
    pub disbursed_quarter: u32,
    /// What became of it.
    pub status: BookedStatus,
}

/// What became of a project before today.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BookedStatus {
    /// It pays.
    Running {
        /// Fund loan outstanding at the end of the quarter before today; `None`: as scheduled.
        outstanding_fund: Option<Cents>,
        /// Bank loan outstanding then; `None`: as scheduled.
        outstanding_bank: Option<Cents>,
    },
    /// It missed the payment of this fund quarter and all later ones.
    Defaulted {
        /// After the disbursement, before today.
        quarter: u32,
        /// What the books expect to lose of the exposure; where the list says nothing: the line's mean as the scenario was read,
        /// so that no stress of what is to come rewrites history.
        loss_given_default: Share,
    },
    /// Nothing is outstanding: paid as scheduled or, where the last payment lies ahead, in the quarter before today.
    Repaid,
}

/// `[lineN.opening]`: what is in the line's envelopes at the beginning of today's quarter, what is promised included; `None`: as
/// history derives it. Not negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineOpening {
    /// For fund loans.
    pub loans: Option<Cents>,
    /// For guarantee calls.
    pub guarantees: Option<Cents>,
    /// For grants.
    pub grants: Option<Cents>,
}

/// `[fund.opening]`: what is in the fund's own envelopes at the beginning of today's quarter; `None`: as history derives it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FundOpening {
    /// For management fees; not negative.
    pub fees: Option<Cents>,
    /// Treasury income and interest; may be negative.
    pub income: Option<Cents>,
    /// What is due back to the Region; not negative.
    pub returned: Option<Cents>,
}
