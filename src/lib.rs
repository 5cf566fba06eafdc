//! fesr: Monte Carlo simulator of the WECARE mixed financial instrument.
pub mod diagnostic;
pub mod implied;
pub mod metrics;
pub mod numeric;
pub mod reading;
pub mod resolved;
pub mod rules;
pub mod random;
pub mod scenario;
pub mod units;
