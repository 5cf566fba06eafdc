//! Instrument mixes: how a line's money is divided among guarantees, loans and grants, all else equal.

use crate::scenario::{Budget, Line, LineNumber, Product, Scenario};
use crate::units::{Cents, Multiplier};
use rust_decimal::Decimal;

/// Shares of guarantees, loans and grants, as whole parts of the same number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Mix {
    /// Parts for guarantees.
    pub guarantees: u32,
    /// Parts for loans.
    pub loans: u32,
    /// Parts for grants.
    pub grants: u32,
}

impl Mix {
    /// Parts in all.
    pub fn parts(self) -> u32 {
        self.guarantees + self.loans + self.grants
    }

    /// Shares of guarantees, loans and grants, adding up to 1.
    pub fn shares(self) -> [f64; 3] {
        let parts = f64::from(self.parts());
        [self.guarantees, self.loans, self.grants].map(|part| f64::from(part) / parts)
    }

    /// All mixes of so many parts: guarantees falling, then loans falling. Without grants those on one edge only.
    pub fn grid(parts: u32, with_grants: bool) -> Vec<Mix> {
        let mut mixes = Vec::new();
        for guarantees in (0..=parts).rev() {
            for loans in (0..=parts - guarantees).rev() {
                let grants = parts - guarantees - loans;
                if with_grants || grants == 0 {
                    mixes.push(Mix { guarantees, loans, grants });
                }
            }
        }
        mixes
    }
}

/// Which lines a mix is applied to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MixedLines {
    /// One line; the other one keeps its budget.
    Only(LineNumber),
    /// Both: line 2 takes the mix, line 1, which has no grants, divides its money as the mix divides what is not granted; a
    /// mix of grants alone leaves line 1 as it is.
    All,
}

impl MixedLines {
    /// Whether the line takes part.
    pub fn contains(self, number: LineNumber) -> bool {
        match self {
            MixedLines::Only(only) => only == number,
            MixedLines::All => true,
        }
    }
}

/// What applicants ask for when the money is divided otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProductDemand {
    /// What they ask for in the scenario: a corner of the mix may leave money idle.
    AsInScenario,
    /// They follow the money: the weight of a product is multiplied by the share of the line's money that its own
    /// bundle is made of (`sum over envelopes of budget share x share of the envelope in the product's own need`).
    Follow,
}

/// The scenario with its money divided by `mix`; totals of lines stay the same, to the cent.
pub fn with_mix(scenario: &Scenario, lines: MixedLines, mix: Mix, demand: ProductDemand) -> Scenario {
    let mut changed = scenario.clone();
    for line in changed.line1.iter_mut().chain(&mut changed.line2).filter(|line| lines.contains(line.number))
    {
        let of_line = match (lines, line.number) {
            (MixedLines::All, LineNumber::One) => {
                if mix.guarantees + mix.loans == 0 {
                    continue;
                }
                Mix { grants: 0, ..mix }
            }
            _ => mix,
        };
        line.budget = divided(line.budget.total(), of_line);
        if demand == ProductDemand::Follow {
            follow(line);
        }
    }
    changed
}

/// A total divided by a mix: each share rounded down to the cent, the rest to the largest part.
fn divided(total: Cents, mix: Mix) -> Budget {
    let part = |part: u32| Cents((total.0 as i128 * i128::from(part) / i128::from(mix.parts())) as i64);
    let mut budget =
        Budget { guarantees: part(mix.guarantees), loans: part(mix.loans), grants: part(mix.grants) };
    let rest = total - budget.total();
    if mix.loans >= mix.guarantees && mix.loans >= mix.grants {
        budget.loans += rest;
    } else if mix.guarantees >= mix.grants {
        budget.guarantees += rest;
    } else {
        budget.grants += rest;
    }
    budget
}

/// What a product takes from the envelopes of guarantees, loans and grants, per euro of investment.
pub fn needs(line: &Line, product: &Product) -> [Decimal; 3] {
    let reserve_rate =
        line.guarantee.map_or(Decimal::ZERO, |guarantee| guarantee.kind.reserve_rate().decimal());
    [
        product.guarantee_rate.decimal() * product.bank_loan.decimal() * reserve_rate,
        product.fund_loan.decimal(),
        product.grant.decimal(),
    ]
}

/// Multiplies the weights of products by how far the line's money is what they are made of. If no product is made of any
/// of it, weights stay.
fn follow(line: &mut Line) {
    let total = line.budget.total().to_euros();
    if total.is_zero() {
        return;
    }
    let shares =
        [line.budget.guarantees, line.budget.loans, line.budget.grants].map(|part| part.to_euros() / total);
    let demands: Vec<Multiplier> = line
        .products
        .iter()
        .map(|product| {
            let needs = needs(line, product);
            let whole: Decimal = needs.iter().sum();
            let factor: Decimal = match whole.is_zero() {
                true => Decimal::ZERO,
                false => needs.iter().zip(shares).map(|(need, share)| need / whole * share).sum(),
            };
            // At most the weight it had: within its bounds.
            Multiplier::new(product.demand.decimal() * factor.min(Decimal::ONE)).unwrap_or(product.demand)
        })
        .collect();
    if demands.iter().all(|demand| demand.is_zero()) {
        return;
    }
    for (product, demand) in line.products.iter_mut().zip(demands) {
        product.demand = demand;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_of_steps_of_5_percent_has_231_mixes() {
        let grid = Mix::grid(20, true);
        assert_eq!(grid.len(), 231);
        assert!(grid.iter().all(|mix| mix.parts() == 20));
        assert_eq!(Mix::grid(20, false).len(), 21);
        assert_eq!(grid[0], Mix { guarantees: 20, loans: 0, grants: 0 });
        assert_eq!(grid[230], Mix { guarantees: 0, loans: 0, grants: 20 });
    }

    #[test]
    fn no_cent_is_lost_when_money_is_divided() {
        for total in [1, 10, 99, 93_000_001] {
            for mix in Mix::grid(7, true) {
                let budget = divided(Cents(total), mix);
                assert_eq!(budget.total(), Cents(total));
                assert!(budget.loans.0 >= 0 && budget.guarantees.0 >= 0 && budget.grants.0 >= 0);
            }
        }
    }
}
