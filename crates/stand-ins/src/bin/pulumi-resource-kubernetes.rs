//! The stand-in for Pulumi's Kubernetes provider.

use keyloom_stand_ins::kubernetes::Provider;
use keyloom_stand_ins::program::{ended, serve};

fn main() -> std::process::ExitCode {
    ended(serve(|launch| Provider::new(launch.engine.clone())))
}
