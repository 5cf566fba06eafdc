//! Which assumptions matter most: one at a time (tornado) and all together (Sobol indices).
//!
//! An [`Input`] is an assumption with the values that it may have: a row of `[uncertainty]`, or a [`defaults`] drawn from
//! published ranges where the scenario has none. [`Variation`] puts values into a scenario and reads it again, so that
//! whatever is simulated has passed every check of a scenario file. All runs share the applicants and the luck
//! ([`crate::paired`]).
//!
//! ```text
//! Scenario --inputs--> inputs --tornado--> each at its low and its high end, the others at their base
//!                             --design, indices--> points of the whole space, first-order and total Sobol indices
//! ```
//!
//! The base line is the scenario with every input at its base: for a range its `base`, the mode of a triangular law, the
//! middle of a uniform one, the median of a lognormal one.

pub mod defaults;
pub mod design;
pub mod indices;
mod input;
mod law;
mod measure_text;
pub mod runs;
pub mod tornado;
mod variation;
mod worlds;

pub use defaults::LeftOutInput;
pub use input::{Input, Shown, inputs, left_out_inputs};
pub use law::{TRUNCATED, ends};
pub use measure_text::{measure_text, parse_measure};
pub use variation::{Refused, Variation, ends_problems};
pub use worlds::{DrawnWorlds, NoWorlds};
