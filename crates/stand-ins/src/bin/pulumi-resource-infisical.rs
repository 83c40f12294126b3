//! The stand-in for Pulumi's package of Infisical.

use keyloom_stand_ins::infisical::Provider;
use keyloom_stand_ins::program::{ended, serve};

fn main() -> std::process::ExitCode {
    ended(serve(|_| Provider))
}
