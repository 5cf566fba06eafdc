//! Signals. Ctrl-C: the first one asks the run to stop at the next block, the second one stops at once. A file-size limit of
//! the system is no reason to die.

use crate::locale::{Pair, told};
use crate::scenario::Language;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Lets a write beyond the system's limit for files fail like one to a full disk, which is told and cleaned up, instead of
/// ending the process (SIGXFSZ). Blocked and not ignored: that can be asked for without unsafe code, and threads take it over
/// from this one, which must be the only one yet.
pub fn outlive_file_limits() {
    #[cfg(unix)]
    {
        use nix::sys::signal::{SigSet, Signal};
        let mut limit = SigSet::empty();
        limit.add(Signal::SIGXFSZ);
        // If it cannot be blocked, a limit ends the process, as it does with most programs.
        let _ = limit.thread_block();
    }
}

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
