//! What anybody logs in the process of a test.

use std::sync::{Mutex, MutexGuard, PoisonError};

static LOG: Log = Log(Mutex::new(String::new()));

struct Log(Mutex<String>);

impl Log {
    /// A test that failed while it looked leaves what was logged as it is.
    fn text(&self) -> MutexGuard<'_, String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let line = format!("{} {}: {}\n", record.level(), record.target(), record.args());
        self.text().push_str(&line);
    }

    fn flush(&self) {}
}

/// From now on it is kept, traces too.
pub(crate) fn listen() {
    // Fails when another test of this process did it before.
    let _ = log::set_logger(&LOG);
    log::set_max_level(log::LevelFilter::Trace);
}

/// What was logged so far: `LEVEL TARGET: WORDS`, a line each.
pub(crate) fn text() -> String {
    LOG.text().clone()
}
