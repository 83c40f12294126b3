//! The stand-in for Pulumi's Kubernetes provider, as the engine starts it: `[FLAGS] HOST:PORT` of the engine.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use keyloom_stand_ins::kubernetes::Provider;
use keyloom_wire::serve::{Launch, Stop, plugin};
use keyloom_wire::service::ResourceProvider;
use tokio::runtime::Builder;

fn main() -> ExitCode {
    let served = serve(&Launch::read(std::env::args().skip(1)));
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(launch: &Launch) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let provider = Arc::new(Provider::new(launch.engine.clone()));
    let served = runtime.block_on(plugin(provider.router(), launch, &Stop::default()));
    // What still waits for the API server is not waited for.
    runtime.shutdown_timeout(Duration::ZERO);
    served
}
