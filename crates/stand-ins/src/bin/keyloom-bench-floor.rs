//! The receiver that checks nothing and keeps nothing: what `cargo xtask bench live` itself costs.

use std::process::ExitCode;

use keyloom_stand_ins::events::{Receiver, floor};
use keyloom_stand_ins::program::ended;

fn main() -> ExitCode {
    ended(Receiver::read(std::env::args().skip(1)).and_then(|receiver| floor::run(&receiver)))
}
