//! The backend that is asked, and what it answers when it does not give what was asked for.

use std::io::{self, Write};

use keyloom_live::connections;
use keyloom_runtime::connections::{ConnectionError, Connections, FailureKind};
use tokio::runtime::Builder;

use crate::args::Backend;
use crate::exit_code;
use crate::io::Io;
use crate::report::text::one_line;

/// The backend of the flag, or of the environment.
///
/// # Errors
/// All that it lacks.
pub(in crate::commands) fn backend(args: &Backend) -> Result<Connections, ConnectionError> {
    Connections::from_flag_or_env(args.secrets_backend.as_deref(), |name| std::env::var(name).ok())
}

/// Waits for something that is asked over a network. What the client has to say meanwhile is said on standard error.
///
/// # Errors
/// What the system says.
pub(in crate::commands) fn block_on<T>(what: impl Future<Output = T>) -> io::Result<T> {
    connections::hear(&|line| {
        // Where nobody can hear it, it is dropped.
        let _ = writeln!(io::stderr(), "{}", one_line(line));
    });
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let done = runtime.block_on(what);
    // A question that is on its way keeps nobody waiting.
    runtime.shutdown_background();
    Ok(done)
}

/// Says an error, and answers with its exit code.
pub(super) fn failed(error: &ConnectionError, io: &Io) -> u8 {
    error.lines().iter().for_each(|line| io.say(&format!("error: {line}")));
    code(error)
}

/// The exit code of a connection that is not read: that of findings where it is the connection that is wrong, not there or not to be
/// had, and that of usage where nothing can be said of any.
pub(super) fn code(error: &ConnectionError) -> u8 {
    match error {
        ConnectionError::Invalid { .. } | ConnectionError::WrongKind(_) => exit_code::FINDINGS,
        ConnectionError::Read { failure, .. } => match failure.kind {
            FailureKind::NotFound
            | FailureKind::Denied
            | FailureKind::Deleted
            | FailureKind::Exists
            | FailureKind::Unsupported => exit_code::FINDINGS,
            FailureKind::Settings | FailureKind::Login | FailureKind::Unavailable => exit_code::USAGE,
        },
        ConnectionError::Panicked { .. } => exit_code::INTERNAL,
        _ => exit_code::USAGE,
    }
}

/// The exit code of a connection that is not written. It cannot be missing: what is not found is the place.
pub(super) fn code_of_writing(kind: FailureKind) -> u8 {
    match kind {
        FailureKind::Denied | FailureKind::Deleted | FailureKind::Exists => exit_code::FINDINGS,
        FailureKind::NotFound
        | FailureKind::Settings
        | FailureKind::Login
        | FailureKind::Unavailable
        | FailureKind::Unsupported => exit_code::USAGE,
    }
}
