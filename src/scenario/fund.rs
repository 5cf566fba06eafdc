//! `[fund]`, `[fund.fees]` and `[state_aid]`.

use super::{AidRoute, FundOpening, Period, Regime, Regulation};
use crate::units::{Cents, Quantity, Quarter, Rate, Share};

/// `[fund]`: the endowment, its calendar and how it may be used.
#[derive(Clone, Debug, PartialEq)]
pub struct Fund {
    /// All the money of the funding agreement.
    pub endowment: Cents,
    /// The calendar quarter of fund quarter 0.
    pub start: Quarter,
    /// The first fund quarter that is not known: what lies before it is history; 0: a fund that starts. Below the horizon.
    pub today_quarter: u32,
    /// Balances of the fund's own envelopes today, where they are given.
    pub opening: FundOpening,
    /// Quarters simulated, 1 to 160 (`horizon_years` x 4).
    pub horizon_quarters: u32,
    /// Quarters in which applications arrive and are approved (`availability_years` x 4), at most the horizon.
    pub availability_quarters: u32,
    /// Programming period.
    pub period: Period,
    /// Whether repaid principal and recoveries on fund loans are lent again.
    pub revolving: bool,
    /// The Union's part of the endowment: denominator of leverage. Above 0.
    pub union_share: Share,
    /// Part of the loans that would have been made without the fund too (deadweight); it changes no path, only what
    /// the report calls additional leverage.
    pub deadweight: Share,
    /// Leverage that the funding agreement expects (Reg. 1303/2013 art. 46(2)(h)): all finance to final recipients per euro
    /// of the Union's contribution. `None`: none is stated, and reports tell what the budgets imply.
    pub expected_leverage: Option<Quantity>,
    /// Yearly interest on the fund's cash; may be negative.
    pub treasury_rate: Rate,
    /// Yearly rate at which `subsidy_cost` is discounted; may be negative.
    pub discount_rate: Rate,
    /// How the endowment is paid in; the shares add up to exactly 1, the first trigger is 0.
    pub tranches: Vec<Tranche>,
    /// Management fees.
    pub fees: Fees,
}

/// One payment of the endowment by the Region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tranche {
    /// Part of the endowment.
    pub share: Share,
    /// Part of what was paid in before that must have been spent.
    pub trigger: Share,
}

/// `[fund.fees]`: what the manager is paid.
#[derive(Clone, Debug, PartialEq)]
pub struct Fees {
    /// Envelope set aside for fees.
    pub budget: Cents,
    /// Yearly share of the endowment paid in, by fund year; the last repeats; never empty.
    pub base: Vec<Rate>,
    /// Yearly, on outstanding fund loans.
    pub loans: Rate,
    /// Yearly, on the original reserves of performing guarantees.
    pub guarantees: Rate,
    /// Once, on grants paid.
    pub grants: Rate,
    /// Ceiling over the life, as a share of the endowment.
    pub cap: Share,
}

impl Regulation {
    /// The general ceiling of a single undertaking over three years, art. 3(2).
    pub fn ceiling(self) -> Cents {
        match self {
            Regulation::Of2013 => Cents(20_000_000),
            Regulation::Of2023 => Cents(30_000_000),
        }
    }

    /// The ceiling for services of general economic interest, of the sister regulation: 360/2012 or 2023/2832.
    pub fn ceiling_of_general_interest(self) -> Cents {
        match self {
            Regulation::Of2013 => Cents(50_000_000),
            Regulation::Of2023 => Cents(75_000_000),
        }
    }

    /// The earliest regulation under which a ceiling is possible.
    pub fn of_ceiling(ceiling: Cents) -> Regulation {
        let of_2013 = Regulation::Of2013;
        if ceiling <= of_2013.ceiling() || ceiling == of_2013.ceiling_of_general_interest() {
            Regulation::Of2013
        } else {
            Regulation::Of2023
        }
    }
}

/// `[state_aid]`: see RULES.md.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StateAid {
    /// Whether aid is limited.
    pub regime: Regime,
    /// Largest gross grant equivalent of one applicant (0 and unused when the regime is `none` and none was given).
    pub ceiling: Cents,
    /// Commission reference rate; may be negative.
    pub base_rate: Rate,
    /// How gross grant equivalents of loans and guarantees are found.
    pub route: AidRoute,
    /// The regulation of the simplified brackets.
    pub regulation: Regulation,
}
