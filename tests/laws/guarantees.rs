//! A capped line is never short.
//!
//! Why, from sections 2 and 6. Let `B` be the *guarantees* envelope of a capped line. A guaranteed loan is approved only if
//! `B` covers, with that loan counted in, `max(C - N, 0)` (not revolving), or the smaller of that and `G + open calls`
//! (revolving). Each of the two bounds, once it holds, goes on holding until the next approval:
//! - `B >= C - N`: a call paid takes the same from both sides, a recovery adds the same to both, premiums only raise `B`,
//!   a withdrawal only lowers `C`;
//! - `B >= G + open`: a default moves at most its part of `G` (the balance before the missed payment) to the open calls, a
//!   payment only lowers `G`, a call paid takes the same from both sides, recoveries and premiums only raise `B`.
//!
//! A call is owed at most `min(open, max(C - N, 0))` with the smaller `C` of disbursed loans, so `B` alone can pay it, and what
//! backs the line besides is never touched. Nothing is assumed about budgets, lags, dependence, fees or the other line.
//!
//! One condition, on the figure `shortfall` only: a guaranteed loan disbursed in the last quarter (steps 7 and 9) makes room
//! after the last payment of calls (step 5), so that calls left open above the cap are then counted within it. No promise was
//! broken (`shortfall_event` is 0), and it takes a horizon that ends with the availability period (R117 warns of it).

use crate::generated::{any_scenario, fixed_cases};
use crate::play;
use fesr::scenario::GuaranteeKind;
use fesr::units::Cents;
use proptest::prelude::*;

proptest! {
    #![proptest_config(fixed_cases(600))]

    #[test]
    fn a_capped_line_is_never_short(generated in any_scenario()) {
        let scenario = generated.scenario();
        for (totals, timeline) in play(&scenario, 8) {
            for (slot, line) in scenario.lines().enumerate() {
                let Some(guarantee) = line.guarantee else { continue };
                let GuaranteeKind::Capped { .. } = guarantee.kind else { continue };
                let totals = &totals.lines[slot];
                prop_assert_eq!(totals.shortfall_events, 0);
                let rows = &timeline[timeline.len() - 2..];
                if rows[0].lines[slot].projects == rows[1].lines[slot].projects {
                    prop_assert_eq!(totals.shortfall, Cents::ZERO);
                }
                // Net calls stay within the cap amount, and its own envelope paid all of them.
                prop_assert!(totals.guarantee_loss() <= totals.cap_amount);
                let envelope = line.budget.guarantees + totals.premiums - totals.guarantee_loss();
                prop_assert_eq!(timeline.last().expect("a quarter").lines[slot].guarantee_reserve, envelope);
            }
        }
    }
}
