//! What the command answers the shell with. Part of the contract: scripts rely on it.

/// Nothing is wrong, or warnings and notes alone.
pub(crate) const CLEAN: u8 = 0;
/// There are findings: errors in the documents (syntax included), or anything at all under `--deny-warnings`.
pub(crate) const FINDINGS: u8 = 1;
/// The command line is wrong, or a file cannot be read or written.
pub(crate) const USAGE: u8 = 2;
/// A fault of the command itself.
pub(crate) const INTERNAL: u8 = 3;
/// Something would change: of `plan --detailed-exitcode` alone.
pub(crate) const CHANGES: u8 = 4;
/// Of verbs that run a command: a failure of ours, as `env` and `timeout` answer it.
pub(crate) const OURS: u8 = 125;
/// Of verbs that run a command: it cannot be run.
#[cfg(feature = "live")]
pub(crate) const NOT_RUN: u8 = 126;
/// Of verbs that run a command: there is none of its name.
#[cfg(feature = "live")]
pub(crate) const NOT_FOUND: u8 = 127;
