//! fesr: Monte Carlo simulator of the WECARE mixed financial instrument.
pub mod aggregate;
pub mod chart;
pub mod engine;
pub mod locale;
pub mod metrics;
pub mod numeric;
pub mod plan;
pub mod random;
pub mod report;
pub mod scenario;
pub mod units;
