//! For lists whose budgets never bind, not revolving, static dependence: more risk never means fewer defaults, a larger cap
//! never pays less. In general neither holds: larger reserves or losses mean fewer loans.

use crate::generated::{ample_portfolio, fixed_cases};
use crate::{lines_of, play, sum};
use fesr::scenario::{GuaranteeKind, Scenario};
use fesr::units::{Multiplier, Share};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// Every hazard times a factor.
fn riskier(scenario: &Scenario, factor: Decimal) -> Scenario {
    let mut riskier = scenario.clone();
    for multiplier in &mut riskier.credit.legal_form_multiplier {
        *multiplier = Multiplier::new(multiplier.decimal() * factor).expect("small enough");
    }
    riskier
}

/// Caps (and provisions, which change nothing here) raised by a part of what is missing to 1.
fn larger_caps(scenario: &Scenario, part: Decimal) -> Scenario {
    let mut larger = scenario.clone();
    let raised =
        |rate: Share| Share::new(rate.decimal() + (Decimal::ONE - rate.decimal()) * part).expect("at most 1");
    for line in lines_of(&mut larger) {
        if let Some(guarantee) = &mut line.guarantee {
            guarantee.kind = match guarantee.kind {
                GuaranteeKind::Capped { cap_rate } => GuaranteeKind::Capped { cap_rate: raised(cap_rate) },
                GuaranteeKind::Uncapped { provision_rate } => {
                    GuaranteeKind::Uncapped { provision_rate: raised(provision_rate) }
                }
            };
        }
    }
    larger
}

proptest! {
    #![proptest_config(fixed_cases(250))]

    /// `F(k)` of every project grows with the multiplier while its `U` stays: each defaults at the same age or earlier.
    #[test]
    fn more_risk_never_means_fewer_defaults(generated in ample_portfolio(), per_mille in 1_001_i64..5_000) {
        let scenario = generated.scenario();
        let riskier = riskier(&scenario, Decimal::new(per_mille, 3));
        for ((calm, calm_rows), (risky, risky_rows)) in play(&scenario, 10).iter().zip(play(&riskier, 10)) {
            prop_assert_eq!(sum(calm).rejected_budget + sum(&risky).rejected_budget, 0);
            prop_assert_eq!(sum(calm).projects, sum(&risky).projects);
            // In every quarter and line, not only at the end.
            for (before, after) in calm_rows.iter().zip(&risky_rows) {
                for slot in 0..calm.lines.len() {
                    prop_assert!(before.lines[slot].defaults <= after.lines[slot].defaults);
                }
            }
        }
    }

    /// Calls paid, to date, in every quarter. (Not the net loss: who pays later forfeits recoveries, so a smaller cap may end
    /// with a larger one.) Demand is the same under both caps and served in one fixed order, so that what a call has got is
    /// decided by what all have got; that is the smaller of the demand due and the cap amount plus recoveries, and recoveries
    /// grow with what was paid before.
    #[test]
    fn a_larger_cap_never_pays_less(generated in ample_portfolio(), per_cent in 1_i64..=100) {
        let scenario = generated.scenario();
        let larger = larger_caps(&scenario, Decimal::new(per_cent, 2));
        for ((small, small_rows), (large, large_rows)) in play(&scenario, 10).iter().zip(play(&larger, 10)) {
            prop_assert_eq!(sum(small).rejected_budget + sum(&large).rejected_budget, 0);
            prop_assert_eq!(sum(small).calls_demanded, sum(&large).calls_demanded);
            for (before, after) in small_rows.iter().zip(&large_rows) {
                for slot in 0..small.lines.len() {
                    prop_assert!(before.lines[slot].calls_paid <= after.lines[slot].calls_paid);
                }
            }
        }
    }
}
