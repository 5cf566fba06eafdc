//! Closed forms and exact laws that simulated figures are checked against.
//!
//! Nothing here draws a random number, and the engine never looks here: the tests and the table of exact and simulated
//! figures that every run leaves ([`crate::aggregate::exact_check`]) do.

pub mod applicant_law;
pub mod default_law;
pub mod exact_figure;
pub mod expectations;
pub mod fee_law;
pub mod large_pool;
pub mod loss_law;
pub mod project_cash;
pub mod severity_law;
pub mod stream;
pub mod stream_variance;
pub mod sure_list;
