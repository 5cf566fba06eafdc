//! fesr: Monte Carlo simulator of the WECARE mixed financial instrument.
pub mod metrics;
pub mod numeric;
pub mod random;
pub mod scenario;
pub mod units;
