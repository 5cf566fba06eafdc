//! fesr: Monte Carlo simulator of the WECARE mixed financial instrument.
pub mod chart;
pub mod locale;
pub mod metrics;
pub mod numeric;
pub mod scenario;
pub mod units;
