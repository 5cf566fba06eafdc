//! The streams that a project moves, quarter by quarter.
//!
//! A path of a settled list is a sum: what happens if everybody takes its likeliest product and nobody withdraws or
//! defaults, which is the same on all paths, and the changes of those who do otherwise. Both stand in tables of the
//! same shape, a number (or a number of each lane) for each quarter, line and channel.

/// A stream of a line: what moves in a quarter. Amounts in cents.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Channel {
    /// Scheduled principal of fund loans (step 4).
    Principal,
    /// Scheduled interest (step 4).
    Interest,
    /// Guarantee premiums (step 4).
    Premium,
    /// Change of what is guaranteed of performing loans.
    Performing,
    /// The same with loans approved and not yet disbursed.
    Exposure,
    /// Fund loans outstanding at their default (step 4).
    Defaulted,
    /// Number of defaults (step 4).
    Defaults,
    /// Number of projects that mature (step 4).
    Matured,
    /// Original reserves of guaranteed loans that mature or default (step 4).
    ReservesEnded,
    /// Grants paid: in step 4, or where the lag is 0 with the disbursement.
    Grants,
    /// Recoveries on fund loans (step 6).
    LoanRecoveries,
    /// Grants clawed back (step 6).
    ClawedBack,
    /// Change of the loans envelope's blocked part.
    BlockedLoans,
    /// Change of the grants envelope's blocked part.
    BlockedGrants,
    /// Change of the reserves of loans approved or disbursed.
    PromisedReserves,
    /// Fund loans disbursed (steps 7 and 9).
    Loans,
    /// Reserves of guaranteed loans at disbursement (steps 7 and 9).
    Reserves,
    /// Fund and bank loans disbursed (steps 7 and 9).
    Finance,
    /// Number of projects disbursed (steps 7 and 9).
    Projects,
    /// Their investment (steps 7 and 9).
    Investment,
}

/// Number of channels.
pub const CHANNELS: usize = Channel::Investment as usize + 1;

/// Paths side by side: one vector of Philox lanes.
pub const LANES: usize = 16;

/// A number of each path.
pub type Lane = [f64; LANES];

/// Where a channel stands in a table of so many lines.
#[inline(always)]
pub fn place(lines: usize, quarter: u32, slot: usize, channel: Channel) -> usize {
    (quarter as usize * lines + slot) * CHANNELS + channel as usize
}
