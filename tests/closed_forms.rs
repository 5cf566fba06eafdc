//! Simulated figures against closed forms, exact laws and published examples.

mod common;

#[path = "closed_forms/large_pool.rs"]
mod large_pool;
#[path = "closed_forms/loss_law.rs"]
mod loss_law;
#[path = "closed_forms/published.rs"]
mod published;
#[path = "closed_forms/revolving.rs"]
mod revolving;
#[path = "closed_forms/tranches.rs"]
mod tranches;
