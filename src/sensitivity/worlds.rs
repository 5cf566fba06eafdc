//! The worlds of `fesr run --uncertain`: every assumption of `[uncertainty]` drawn from its law, group of paths by group.

use super::input::Input;
use super::inputs;
use super::law::reach;
use super::variation::{Refused, Variation};
use crate::aggregate::uncertain::{Worlds, same_frame};
use crate::plan::Plan;
use crate::random::{Address, Purpose};
use crate::scenario::Scenario;
use rust_decimal::Decimal;
use std::sync::Mutex;

/// Draws the assumptions of a scenario. The same seed and group give the same values, whatever else is drawn.
pub struct DrawnWorlds {
    variation: Variation,
    inputs: Vec<Input>,
    seed: u64,
    frame: Plan,
    /// The first group whose draw makes no valid scenario.
    refused: Mutex<Option<(u64, Refused)>>,
}

/// Why a scenario's assumptions cannot be drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum NoWorlds {
    /// It has no `[uncertainty]`.
    NothingUncertain,
    /// A row (its key) changes what the fund is, not what happens to it.
    ChangesTheFund(String),
}

impl DrawnWorlds {
    /// Of a scenario with an `[uncertainty]`.
    ///
    /// # Errors
    /// [`NoWorlds`] if it has none, or if an input would change the horizon, the money or what else figures divide by.
    pub fn new(scenario: &Scenario) -> Result<DrawnWorlds, NoWorlds> {
        if scenario.uncertainties.is_empty() {
            return Err(NoWorlds::NothingUncertain);
        }
        let (variation, inputs) = (Variation::new(scenario), inputs(scenario));
        let frame = Plan::resolve_for_few_paths(scenario);
        for input in &inputs {
            let (low, high) = reach(&input.law);
            for value in [input.rounded(low), input.base(), input.rounded(high)] {
                // What is refused alone was refused when the scenario was read.
                let varied = variation.with(std::slice::from_ref(input), &[value]);
                if varied.is_ok_and(|varied| !same_frame(&frame, &Plan::resolve_for_few_paths(&varied))) {
                    return Err(NoWorlds::ChangesTheFund(input.id.clone()));
                }
            }
        }
        let seed = scenario.simulation.seed;
        Ok(DrawnWorlds { variation, inputs, seed, frame, refused: Mutex::new(None) })
    }

    /// What is drawn.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The values of a group, in the order of the inputs.
    pub fn values(&self, group: u64) -> Vec<Decimal> {
        let drawn = |(index, input): (usize, &Input)| {
            let address = Address {
                seed: self.seed,
                path: group,
                purpose: Purpose::Uncertainty,
                line: 0,
                index: index as u32,
            };
            input.at(address.uniforms()[0])
        };
        self.inputs.iter().enumerate().map(drawn).collect()
    }

    /// The first group whose draw was refused, with the reason.
    pub fn refused(&self) -> Option<Refused> {
        self.refused.lock().ok()?.as_ref().map(|(_, refused)| refused.clone())
    }
}

impl Worlds for DrawnWorlds {
    fn plan(&self, group: u64) -> Option<Plan> {
        match self.variation.with(&self.inputs, &self.values(group)) {
            Ok(scenario) => {
                let plan = Plan::resolve_for_few_paths(&scenario);
                debug_assert!(same_frame(&self.frame, &plan), "the ends of every law keep the fund as it is");
                Some(plan)
            }
            Err(refused) => {
                if let Ok(mut first) = self.refused.lock()
                    && first.as_ref().is_none_or(|(earlier, _)| group < *earlier)
                {
                    *first = Some((group, refused));
                }
                None
            }
        }
    }
}
