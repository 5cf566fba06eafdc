//! A loan is paid back to the last cent: section 4.

use crate::generated::{any_scenario, fixed_cases};
use crate::{lines_of, play, sum};
use fesr::plan::outstanding_fractions;
use fesr::scenario::Amortisation;
use fesr::units::{Cents, Probability};
use proptest::prelude::*;
use rust_decimal::Decimal;

proptest! {
    #![proptest_config(fixed_cases(2_000))]

    /// In whole cents: never rising, payments that add up to the principal, exactly 0 at the end.
    #[test]
    fn payments_add_up_to_the_principal(
        form in prop::sample::select(Amortisation::ALL),
        tenor in 1_u32..=160,
        grace in 0_u32..160,
        annual_rate in prop_oneof![Just(0.0), 1e-9..1.0],
        principal in 1_i64..100_000_000_000,
    ) {
        let grace = grace % tenor;
        let fractions = outstanding_fractions(form, tenor, grace, annual_rate / 4.0);
        let outstanding: Vec<Cents> = fractions.iter().map(|&fraction| Cents(principal).times(fraction)).collect();
        prop_assert_eq!(outstanding.len() as u32, tenor + 1);
        prop_assert!(outstanding[..=grace as usize].iter().all(|&amount| amount == Cents(principal)));
        prop_assert!(outstanding.windows(2).all(|pair| pair[1] <= pair[0]));
        let paid: Cents = outstanding.windows(2).map(|pair| pair[0] - pair[1]).sum();
        prop_assert_eq!(paid, Cents(principal));
        prop_assert_eq!(outstanding[tenor as usize], Cents::ZERO);
    }
}

proptest! {
    #![proptest_config(fixed_cases(150))]

    /// Without defaults, and with a horizon that sees the last payment, nothing is outstanding and nothing is lost.
    #[test]
    fn without_defaults_everything_is_paid_back(generated in any_scenario()) {
        let mut scenario = generated.scenario();
        for rating in &mut scenario.credit.ratings {
            rating.pd = vec![Probability::new(Decimal::ZERO).expect("a probability")];
        }
        let longest = lines_of(&mut scenario)
            .map(|line| line.disbursement_lag_quarters + line.loan.tenor_quarters)
            .max()
            .expect("a line");
        scenario.fund.horizon_quarters = scenario.fund.availability_quarters + longest;
        for (totals, timeline) in play(&scenario, 3) {
            let lines = sum(&totals);
            prop_assert_eq!(lines.defaults, 0);
            prop_assert_eq!(lines.fund_loss(), Cents::ZERO);
            prop_assert_eq!(lines.calls_demanded, Cents::ZERO);
            prop_assert_eq!(lines.outstanding_at_horizon, Cents::ZERO);
            prop_assert_eq!(lines.grants_paid, lines.grants);
            for line in &timeline.last().expect("a quarter").lines {
                prop_assert_eq!(line.running_projects, 0);
                prop_assert_eq!(line.outstanding_fund_loans, Cents::ZERO);
                prop_assert_eq!(line.outstanding_guaranteed, Cents::ZERO);
            }
        }
    }
}
