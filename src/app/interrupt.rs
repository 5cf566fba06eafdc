//! Ctrl-C: the first one asks the run to stop at the next block, the second one stops at once.

use crate::locale::{Pair, told};
use crate::scenario::Language;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The flag that Ctrl-C raises; `then` says what happens after it.
pub fn stop_flag(then: Pair, language: Language) -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&flag);
    let handler = move || {
        if raised.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
        let message = told!(
            "\ninterrotto: {then} (di nuovo Ctrl-C per fermarsi subito)",
            "\ninterrupted: {then} (Ctrl-C again to stop at once)";
            then,
        );
        super::say(message.text(language));
    };
    // A second handler in one process is refused; the first keeps working.
    let _ = ctrlc::set_handler(handler);
    flag
}
