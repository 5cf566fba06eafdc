//! Monitoring a running fund: the projects that were on the books when the forecast began.
//!
//! With `[fund] today` the quarters before it are **history**. Rows of the borrowers' list that have a `status` say what
//! happened in them; rows without one are applicants from today on. History has no luck: the fund's rules are replayed on what
//! the books say ([`crate::engine::path`]), so that every future starts from the same balances, and all figures keep their
//! meaning over the whole life.

use super::Borrower;
use crate::units::{Cents, Share};

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
        /// What the books expect to lose of the exposure; `None`: the line's mean.
        loss_given_default: Option<Share>,
    },
    /// Nothing is outstanding: paid as scheduled or, where the last payment lies ahead, in the quarter before today.
    Repaid,
}
