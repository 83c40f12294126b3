//! What the programs of this crate have in common: how they end, and how a plugin is served.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use keyloom_wire::serve::{Launch, Stop, plugin};
use keyloom_wire::service::ResourceProvider;
use tokio::runtime::Builder;

/// How a program ends that did that; why it could not goes to standard error.
pub fn ended<E: Display>(done: Result<(), E>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell that stderr is closed.
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

/// Serves a provider as the engine starts it: `[FLAGS] HOST:PORT` of the engine.
///
/// # Errors
/// The port cannot be served.
pub fn serve<P: ResourceProvider>(provider: impl FnOnce(&Launch) -> P) -> io::Result<()> {
    let launch = Launch::read(std::env::args().skip(1));
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let router = Arc::new(provider(&launch)).router();
    let served = runtime.block_on(plugin(router, &launch, &Stop::default()));
    // What still waits for somebody is not waited for.
    runtime.shutdown_timeout(Duration::ZERO);
    served
}
