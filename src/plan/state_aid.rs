//! Gross grant equivalents per cent lent or guaranteed, by the three routes of RULES.md and DOMAIN.md section 4.
//!
//! - Loans against the Commission's *reference rate*: communication 2008/C 14/02.
//! - Guarantees against the *safe-harbour premium*: communication 2008/C 155/02.
//! - Either by the *simplified* brackets of the de minimis regulations ([`AidRoute::Simplified`]): a loan within an amount and
//!   a duration is aid in proportion to both, `ceiling x loan / amount x years / duration` (art. 4(3) and 4(6)).
//!
//! | | Reg. 1407/2013 | Reg. 2023/2831 |
//! | --- | --- | --- |
//! | loan, to 5 years | 1,000,000 | 1,500,000 |
//! | loan, above 5 to 10 years | 500,000 | 750,000 |
//! | guaranteed, to 5 years | 1,500,000 | 2,250,000 |
//! | guaranteed, above 5 to 10 years | 750,000 | 1,125,000 |
//! | ceiling that the aid is a part of | 200,000 | 300,000 |
//!
//! Both brackets of a kind give the same aid per euro and year (4 % of a loan, 2.67 % of a guaranteed amount); the
//! duration only decides which amounts fit.
//!
//! Decisions where the contracts are silent:
//! - What fits no bracket goes by the reference rate or the safe-harbour premium, as the regulations say; R119 and the table
//!   of `fesr check` name the reason ([`Misfit`]).
//! - The aid of a bracket is a part of the regulation's ceiling, whatever `ceiling` the scenario sets.
//! - A fund rate or a premium lowers no simplified aid: the regulations look at amount and duration only.
//! - The regulation is the one named; else that of 2013 if `[state_aid] ceiling` is at most 200,000 EUR, or 500,000 (services of
//!   general economic interest, Reg. 360/2012), and that of 2023 if not.
//! - Collateral of half a loan is taken for given: no scenario describes it.

use crate::numeric;
use crate::scenario::{AidRoute, Regulation, Scenario};
use crate::units::{Cents, Share};
use rust_decimal::Decimal;

/// Loans or guaranteed amounts to a bracket's largest, and their gross grant equivalent per cent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bracket {
    /// Largest amount in cents; below 0 where nothing fits.
    pub largest: f64,
    /// Gross grant equivalent per cent.
    pub per_cent: f64,
}

impl Bracket {
    /// Nothing fits.
    pub const NONE: Bracket = Bracket { largest: -1.0, per_cent: 0.0 };

    /// Gross grant equivalent per cent of an amount: the bracket's where it fits, else `otherwise`.
    #[inline(always)]
    pub fn or(&self, otherwise: f64, amount: f64) -> f64 {
        if amount <= self.largest { self.per_cent } else { otherwise }
    }
}

/// Why a loan or guarantee fits no simplified bracket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// It runs longer than ten years.
    TooLong,
    /// It is above the amount of its duration.
    TooLarge {
        /// The largest amount of a bracket of its duration.
        largest: Cents,
    },
    /// More than 80 % of the loan is guaranteed.
    CoversTooMuch,
}

impl Regulation {
    /// The largest loan of the bracket of five years, art. 4(3)(b) or (c).
    fn five_year_loan(self) -> Cents {
        match self {
            Regulation::Of2013 => Cents(100_000_000),
            Regulation::Of2023 => Cents(150_000_000),
        }
    }

    /// The largest guaranteed amount of the bracket of five years, art. 4(6)(b) or (c).
    fn five_year_guarantee(self) -> Cents {
        match self {
            Regulation::Of2013 => Cents(150_000_000),
            Regulation::Of2023 => Cents(225_000_000),
        }
    }
}

/// Quarters of the shorter and of the longer bracket.
const FIVE_YEARS: u32 = 20;
const TEN_YEARS: u32 = 40;

/// The largest amount of a duration, given that of five years; `None` beyond ten years.
fn largest(of_five_years: Cents, quarters: u32) -> Option<Cents> {
    match quarters {
        0..=FIVE_YEARS => Some(of_five_years),
        // Longer than five years.
        _ if quarters <= TEN_YEARS => Some(Cents(of_five_years.0 / 2)),
        _ => None,
    }
}

fn misfit(of_five_years: Cents, quarters: u32, amount: Cents) -> Option<Misfit> {
    match largest(of_five_years, quarters) {
        None => Some(Misfit::TooLong),
        Some(largest) => (amount > largest).then_some(Misfit::TooLarge { largest }),
    }
}

/// Why a loan of an amount and a tenor fits no bracket of a regulation; `None` if it does.
pub fn loan_misfit(regulation: Regulation, quarters: u32, amount: Cents) -> Option<Misfit> {
    misfit(regulation.five_year_loan(), quarters, amount)
}

/// Why a guaranteed amount fits no bracket of a regulation; `None` if it does.
pub fn guarantee_misfit(
    regulation: Regulation,
    quarters: u32,
    guarantee_rate: Share,
    amount: Cents,
) -> Option<Misfit> {
    if guarantee_rate.decimal() > Decimal::new(80, 2) {
        return Some(Misfit::CoversTooMuch);
    }
    misfit(regulation.five_year_guarantee(), quarters, amount)
}

/// What the gross grant equivalent of a line's products depends on.
pub(super) struct AidFactors<'a> {
    pub scenario: &'a Scenario,
    pub fund_fractions: &'a [f64],
    pub bank_fractions: &'a [f64],
    pub fund_rate: f64,
    pub premium_rate: f64,
}

impl AidFactors<'_> {
    fn discount(&self, quarters: usize) -> f64 {
        let rate = self.scenario.state_aid.base_rate.to_f64() + 0.01;
        numeric::pow(1.0 + rate, quarters as f64 / 4.0)
    }

    /// `sum_{k=1..n} f(k-1) x (base_rate + margin - fund_rate) / 4 / (1+d)^(k/4)` for each rating.
    pub(super) fn per_fund_loan(&self) -> Vec<f64> {
        let base = self.scenario.state_aid.base_rate.to_f64();
        let annuity: f64 =
            (1..self.fund_fractions.len()).map(|k| self.fund_fractions[k - 1] / 4.0 / self.discount(k)).sum();
        self.scenario
            .credit
            .ratings
            .iter()
            .map(|rating| annuity * (base + rating.reference_margin.to_f64() - self.fund_rate))
            .collect()
    }

    /// `sum_{k=1..n} f_bank(k-1) x (guarantee_premium - premium_rate) / 4 / (1+d)^((k-1)/4)` for each rating.
    pub(super) fn per_guarantee(&self) -> Vec<f64> {
        let annuity: f64 = (1..self.bank_fractions.len())
            .map(|k| self.bank_fractions[k - 1] / 4.0 / self.discount(k - 1))
            .sum();
        self.scenario
            .credit
            .ratings
            .iter()
            .map(|rating| annuity * (rating.guarantee_premium.to_f64() - self.premium_rate))
            .collect()
    }

    /// The bracket of fund loans of a tenor.
    pub(super) fn loan_bracket(&self, quarters: u32) -> Bracket {
        self.bracket(quarters, Regulation::five_year_loan)
    }

    /// The bracket of guaranteed amounts of a tenor.
    pub(super) fn guarantee_bracket(&self, quarters: u32, guarantee_rate: Share) -> Bracket {
        if guarantee_rate.decimal() > Decimal::new(80, 2) {
            return Bracket::NONE;
        }
        self.bracket(quarters, Regulation::five_year_guarantee)
    }

    fn bracket(&self, quarters: u32, of_five_years: fn(Regulation) -> Cents) -> Bracket {
        let regulation = self.scenario.state_aid.regulation;
        match (self.scenario.state_aid.route, largest(of_five_years(regulation), quarters)) {
            (AidRoute::ReferenceRate, _) | (AidRoute::Simplified, None) => Bracket::NONE,
            (AidRoute::Simplified, Some(largest)) => {
                // ceiling x years / (amount x 5), one f64; the same quotient in the bracket of ten years.
                let (ceiling, amount) = (regulation.ceiling().to_f64(), of_five_years(regulation).to_f64());
                let per_cent = ceiling * f64::from(quarters) / (20.0 * amount);
                Bracket { largest: largest.to_f64(), per_cent }
            }
        }
    }
}
