//! Closed forms and exact laws that simulated figures are checked against; the engine never uses them.

pub mod large_pool;
pub mod loss_law;
