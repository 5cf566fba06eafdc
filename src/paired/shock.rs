//! The named shocks of a stress test. A shock is a what-if: the `--set` options that make it, so that whoever reads the
//! results can run, compare and trace the same thing.
//!
//! | shock | what changes |
//! | --- | --- |
//! | PD x 1.5, x 2, x 3 | yearly default probabilities of every rating |
//! | LGD + 15 points | mean loss given default of every line |
//! | correlation x 2 | systemic and theme correlation |
//! | demand halved | mean number of applications of every drawn line; a list is who it names |
//! | recoveries two years later | every instalment of the recovery schedules comes 8 quarters later |
//! | interest + 2 points | bank rates, and the reference rate of state aid where aid is reported; the fund's own rates are set by its call and its treasury earns no more: the adverse half of a rise |
//! | largest project fails | it misses the first payment of its second year ([`crate::engine::forced`]) |
//!
//! Where a bound of the scenario's keys lies nearer than the shock, the shock stops there and says so.

use super::lever::{CORRELATION_BOUND, PROBABILITY_BOUND, largest_lgd, largest_pd};
use crate::locale::{Pair, Told, pair, told};
use crate::scenario::{Pipeline, Regime, Scenario};
use rust_decimal::Decimal;

/// Quarters by which recoveries come later.
const LATER_QUARTERS: u32 = 8;
/// The latest quarter of a recovery schedule.
const LATEST_RECOVERY: u32 = 160;
/// The payment that the largest project misses: the first one of its second year.
const PAYMENT_MISSED: u32 = 5;

/// A named shock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ShockKind {
    /// Default probabilities half as large again.
    Pd150,
    /// Twice as large.
    Pd200,
    /// Three times as large.
    Pd300,
    /// 15 points more lost on every default.
    LossGivenDefault,
    /// Defaults twice as correlated.
    Correlation,
    /// Half as many applications.
    Demand,
    /// Recoveries two years later.
    Recoveries,
    /// Bank and reference rates two points higher.
    Interest,
    /// The largest project fails in its second year.
    LargestProject,
}

/// What a shock does to a scenario.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shock {
    /// Which one.
    pub kind: ShockKind,
    /// The `--set` options that make it, in order.
    pub sets: Vec<String>,
    /// Where a bound cut it.
    pub cut: Option<Told>,
}

impl ShockKind {
    /// All, in the order of results.
    pub const ALL: [ShockKind; 9] = [
        ShockKind::Pd150,
        ShockKind::Pd200,
        ShockKind::Pd300,
        ShockKind::LossGivenDefault,
        ShockKind::Correlation,
        ShockKind::Demand,
        ShockKind::Recoveries,
        ShockKind::Interest,
        ShockKind::LargestProject,
    ];

    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            ShockKind::Pd150 => "pd-x1-5",
            ShockKind::Pd200 => "pd-x2",
            ShockKind::Pd300 => "pd-x3",
            ShockKind::LossGivenDefault => "lgd-plus-15-points",
            ShockKind::Correlation => "correlation-x2",
            ShockKind::Demand => "demand-halved",
            ShockKind::Recoveries => "recoveries-2-years-later",
            ShockKind::Interest => "interest-plus-2-points",
            ShockKind::LargestProject => "largest-project-fails",
        }
    }

    /// What readers see.
    pub fn title(self) -> Pair {
        match self {
            ShockKind::Pd150 => pair("PD × 1,5", "PD × 1.5"),
            ShockKind::Pd200 => pair("PD × 2", "PD × 2"),
            ShockKind::Pd300 => pair("PD × 3", "PD × 3"),
            ShockKind::LossGivenDefault => pair("LGD + 15 punti", "LGD + 15 points"),
            ShockKind::Correlation => pair("Correlazione × 2", "Correlation × 2"),
            ShockKind::Demand => pair("Domanda dimezzata", "Demand halved"),
            ShockKind::Recoveries => pair("Recuperi 2 anni dopo", "Recoveries 2 years later"),
            ShockKind::Interest => pair("Tassi bancari + 2 punti", "Bank rates + 2 points"),
            ShockKind::LargestProject => pair("Cade il più grande", "Largest project fails"),
        }
    }

    /// The shock of a scenario.
    ///
    /// # Errors
    /// Why it does not exist there.
    pub fn of(self, scenario: &Scenario) -> Result<Shock, Told> {
        let shock = |sets: Vec<String>, cut: Option<Told>| Ok(Shock { kind: self, sets, cut });
        match self {
            ShockKind::Pd150 => self.pd(scenario, Decimal::new(15, 1)),
            ShockKind::Pd200 => self.pd(scenario, Decimal::TWO),
            ShockKind::Pd300 => self.pd(scenario, Decimal::new(3, 0)),
            ShockKind::LossGivenDefault => {
                let (sets, cut) = lgd_sets(scenario, Decimal::new(15, 2));
                if sets.is_empty() {
                    return Err(told!(
                        "si perde già tutto il possibile",
                        "all that can be lost is lost already"
                    ));
                }
                shock(
                    sets,
                    cut.then(|| told!("LGD fermata al suo massimo", "LGD stopped at its upper bound")),
                )
            }
            ShockKind::Correlation => {
                let credit = &scenario.credit;
                let (systemic, theme) =
                    (credit.systemic_correlation.decimal(), credit.theme_correlation.decimal());
                let sum = systemic + theme;
                if sum.is_zero() {
                    return Err(told!("le correlazioni sono 0", "correlations are 0"));
                }
                let factor = Decimal::TWO.min((CORRELATION_BOUND / sum).trunc_with_scale(4));
                let cut = factor < Decimal::TWO;
                shock(
                    vec![
                        format!("credit.systemic_correlation={}", (systemic * factor).normalize()),
                        format!("credit.theme_correlation={}", (theme * factor).normalize()),
                    ],
                    cut.then(|| {
                        told!(
                            "correlazioni fermate a {factor} volte: insieme restano sotto 1",
                            "correlations stopped at {factor} times: together they stay below 1";
                            factor
                        )
                    }),
                )
            }
            ShockKind::Demand => {
                let drawn = scenario.lines().filter(|line| matches!(line.pipeline, Pipeline::Statistical(_)));
                let sets: Vec<String> = drawn
                    .map(|line| format!("line{}.pipeline.applications_per_year*=0.5", line.number.word()))
                    .collect();
                if sets.is_empty() {
                    return Err(told!(
                        "i richiedenti sono quelli dell’elenco",
                        "the applicants are those of the list"
                    ));
                }
                shock(sets, None)
            }
            ShockKind::Recoveries => recoveries(scenario),
            ShockKind::Interest => {
                let mut sets: Vec<String> = scenario
                    .lines()
                    .filter(|line| line.products.iter().any(|product| !product.bank_loan.is_zero()))
                    .map(|line| format!("line{}.loan.bank_rate+=0.02", line.number.word()))
                    .collect();
                let aid = &scenario.state_aid;
                if aid.regime == Regime::DeMinimis || !aid.base_rate.is_zero() {
                    sets.push("state_aid.base_rate+=0.02".to_string());
                }
                if sets.is_empty() {
                    return Err(told!("non ci sono prestiti bancari", "there are no bank loans"));
                }
                shock(sets, None)
            }
            ShockKind::LargestProject => {
                shock(vec![format!("macro.largest_fails_after_quarters={PAYMENT_MISSED}")], None)
            }
        }
    }

    fn pd(self, scenario: &Scenario, factor: Decimal) -> Result<Shock, Told> {
        let largest = largest_pd(scenario);
        if largest.is_zero() {
            return Err(told!("tutte le PD sono 0", "all PDs are 0"));
        }
        let most = (PROBABILITY_BOUND / largest).trunc_with_scale(4);
        let cut = factor > most;
        let factor = factor.min(most);
        Ok(Shock {
            kind: self,
            sets: vec![format!("{}*={factor}", scenario.credit.pd_level_key())],
            cut: cut.then(|| {
                told!(
                    "PD fermate a {factor} volte: restano sotto 1",
                    "PDs stopped at {factor} times: they stay below 1";
                    factor
                )
            }),
        })
    }
}

/// The options that raise the mean loss given default of every line by `shift`, and whether a bound cut it somewhere.
pub(super) fn lgd_sets(scenario: &Scenario, shift: Decimal) -> (Vec<String>, bool) {
    let mut cut = false;
    let mut sets = Vec::new();
    for line in scenario.lines() {
        let mean = line.loss.lgd_mean.decimal();
        let most = largest_lgd(line).max(mean);
        cut |= mean + shift > most;
        let raised = (mean + shift).min(most);
        if raised > mean {
            sets.push(format!("line{}.loss.lgd_mean={}", line.number.word(), raised.normalize()));
        }
    }
    (sets, cut)
}

fn recoveries(scenario: &Scenario) -> Result<Shock, Told> {
    let mut cut = false;
    let sets = scenario
        .lines()
        .map(|line| {
            let schedule = &line.loss.recovery;
            // Two instalments of one quarter are not admitted: the schedule is moved as a whole.
            let last = schedule.last().map_or(0, |step| step.after_quarters);
            let later = LATER_QUARTERS.min(LATEST_RECOVERY.saturating_sub(last));
            cut |= later < LATER_QUARTERS;
            let steps: Vec<String> = schedule
                .iter()
                .map(|step| {
                    let after = step.after_quarters + later;
                    format!("{{ after_quarters = {after}, share = {} }}", step.share.decimal().normalize())
                })
                .collect();
            format!("line{}.loss.recovery=[{}]", line.number.word(), steps.join(", "))
        })
        .collect();
    Ok(Shock {
        kind: ShockKind::Recoveries,
        sets,
        cut: cut.then(|| {
            told!("recuperi fermati a 40 anni dal default", "recoveries stopped 40 years after the default")
        }),
    })
}
