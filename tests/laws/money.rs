//! No cent is lost: section 2's identity, recomputed from the results and not from the engine's own books.

use crate::generated::{any_scenario, fixed_cases};
use crate::{play, sum};
use fesr::units::Cents;
use proptest::prelude::*;

proptest! {
    #![proptest_config(fixed_cases(400))]

    /// paid-in + treasury + interest + premiums + repaid principal + recoveries + grants clawed back
    /// = loans + calls + grants + fees + closing cash.
    #[test]
    fn receipts_are_payments_and_closing_cash(generated in any_scenario()) {
        let scenario = generated.scenario();
        for (totals, timeline) in play(&scenario, 6) {
            let (lines, fund) = (sum(&totals), &totals.fund);
            let last = timeline.last().expect("a quarter");
            let paid_in = scenario.fund.endowment - fund.never_paid_in;
            // What was lent is paid back, defaulted upon or still outstanding.
            let principal = lines.fund_loans - lines.fund_exposure - lines.outstanding_at_horizon;
            let received = paid_in
                + fund.treasury
                + lines.interest
                + lines.premiums
                + principal
                + lines.fund_recoveries
                + lines.guarantee_recoveries
                + lines.grants_recovered;
            let spent = lines.fund_loans + lines.calls_paid + lines.grants_paid + fund.fees_paid;
            prop_assert_eq!(received, spent + last.cash);
            prop_assert_eq!(fund.closing_resources, last.cash + fund.never_paid_in);
        }
    }

    /// What is counted to date never falls, what is counted at the end is the last of it, and a part is never above its
    /// whole.
    #[test]
    fn counts_to_date_never_fall(generated in any_scenario()) {
        let scenario = generated.scenario();
        for (totals, timeline) in play(&scenario, 6) {
            for slot in 0..totals.lines.len() {
                let line = &totals.lines[slot];
                for pair in timeline.windows(2) {
                    let (before, after) = (&pair[0].lines[slot], &pair[1].lines[slot]);
                    prop_assert!(before.defaults <= after.defaults);
                    prop_assert!(before.projects <= after.projects);
                    prop_assert!(before.calls_paid <= after.calls_paid);
                    prop_assert!(before.finance <= after.finance);
                    prop_assert!(before.investment_supported <= after.investment_supported);
                }
                let last = &timeline.last().expect("a quarter").lines[slot];
                prop_assert_eq!(last.defaults, line.defaults);
                prop_assert_eq!(last.projects, line.projects);
                prop_assert_eq!(last.calls_paid, line.calls_paid);
                prop_assert_eq!(last.finance, line.fund_loans + line.bank_loans);
                prop_assert_eq!(last.fund_loss, line.fund_loss());
                prop_assert_eq!(last.outstanding_fund_loans, line.outstanding_at_horizon);
                prop_assert!(line.defaults <= line.projects);
                prop_assert!(line.grants_paid <= line.grants);
                prop_assert!(line.grants_recovered <= line.grants_paid);
                prop_assert!(line.calls_paid <= line.calls_demanded);
                prop_assert!(line.fund_recoveries <= line.fund_exposure);
                prop_assert!(line.bank_recoveries <= line.bank_exposure);
                prop_assert_eq!(line.calls_over_cap + line.shortfall, line.calls_demanded - line.calls_paid);
                let decided = line.approvals + line.rejected_budget + line.rejected_ineligible;
                prop_assert_eq!(line.applications, decided);
                let financed = line.fund_loans + line.bank_loans + line.grants + line.own_funds;
                prop_assert_eq!(line.investment_supported, financed);
            }
        }
    }

    /// Groups cut the same projects in other ways: each way adds up to the lines.
    #[test]
    fn groups_add_up_to_the_lines(generated in any_scenario()) {
        let scenario = generated.scenario();
        for (totals, _) in play(&scenario, 6) {
            let lines = sum(&totals);
            for groups in [&totals.themes, &totals.products, &totals.ratings] {
                let loss: Cents = groups.iter().map(|group| group.fund_loss).sum();
                let supported: Cents = groups.iter().map(|group| group.investment_supported).sum();
                prop_assert_eq!(loss, lines.fund_loss());
                prop_assert_eq!(supported, lines.investment_supported);
                prop_assert_eq!(groups.iter().map(|group| group.applications).sum::<i64>(), lines.applications);
                prop_assert_eq!(groups.iter().map(|group| group.projects).sum::<i64>(), lines.projects);
                prop_assert_eq!(groups.iter().map(|group| group.defaults).sum::<i64>(), lines.defaults);
            }
        }
    }
}
