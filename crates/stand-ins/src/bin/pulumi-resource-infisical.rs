//! The stand-in for Pulumi's package of Infisical, as the engine starts it: `[FLAGS] HOST:PORT` of the engine.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use keyloom_stand_ins::infisical::Provider;
use keyloom_wire::serve::{Launch, Stop, plugin};
use keyloom_wire::service::ResourceProvider;
use tokio::runtime::Builder;

fn main() -> ExitCode {
    match serve(&Launch::read(std::env::args().skip(1))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(launch: &Launch) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(plugin(Arc::new(Provider).router(), launch, &Stop::default()))
}
