//! The plugin as a process, driven as Pulumi's engine drives it: over its port, by signals, by its stdin.

#![cfg(unix)] // signals are sent with `kill`
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

#[path = "../support/mod.rs"]
mod support;

mod ask;
mod construct;
mod deployment;
mod ends;
mod faults;
mod options;
mod process;
mod protocol;
