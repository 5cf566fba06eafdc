//! Ctrl-C: the first one asks the run to stop at the next block, the second one stops at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The flag that Ctrl-C raises.
pub fn stop_flag() -> Arc<AtomicBool> {
    stop_flag_saying("writing what was simulated so far")
}

/// The same for a command that does something else once it was stopped.
pub fn stop_flag_saying(what_happens: &'static str) -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&flag);
    let handler = move || {
        if raised.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
        super::say(&format!("\ninterrupted: {what_happens} (Ctrl-C again to stop at once)"));
    };
    // A second handler in one process is refused; the first keeps working.
    let _ = ctrlc::set_handler(handler);
    flag
}
