//! fesr: Monte Carlo simulator of the WECARE mixed financial instrument.
pub mod chart;
pub mod diagnostic;
pub mod explain;
pub mod implied;
pub mod locale;
pub mod metrics;
pub mod numeric;
pub mod random;
pub mod reading;
pub mod resolved;
pub mod rules;
pub mod scenario;
pub mod units;
