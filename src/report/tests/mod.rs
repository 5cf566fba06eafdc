//! What people read, on small scenarios simulated for the purpose: ordinary ones and those in which something is missing.

mod charts;
mod data_package;
mod key_figures;
mod page;
pub(super) mod sample;
