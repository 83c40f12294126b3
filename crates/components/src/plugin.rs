//! The plugin `pulumi-resource-keyloom`: what Pulumi's engine starts to construct components for programs of any language.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use keyloom_wire::serve::{self, Launch, Stop};
use keyloom_wire::service::{ResourceProvider, hide_panics};

mod answer;
mod engine;
mod provider;
mod request;

pub use provider::Plugin;

const VERSION: &str = env!("CARGO_PKG_VERSION");
const NAME: &str = "pulumi-resource-keyloom";
const HELP: &str = "\
The Pulumi plugin of Keyloom: Pulumi's engine starts it, nobody else has to.

Usage: pulumi-resource-keyloom [--logtostderr] [-v=N] [--tracing URL] [ENGINE]

  ENGINE     HOST:PORT of the engine. Without it the plugin serves until it is told to end, and
             PULUMI_DEBUG_PROVIDERS=keyloom:PORT has the engine attach to it.
  --help     Print this
  --version  Print the version

The flags that the engine gives are taken and do nothing.
";

/// The whole program: reads the arguments, serves, ends.
pub fn main() -> ExitCode {
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|one| one.to_string_lossy().into_owned()).collect();
    let ended = match arguments.first().map(String::as_str) {
        Some("--help" | "-h") => write!(io::stdout(), "{HELP}"),
        Some("--version" | "-V") => writeln!(io::stdout(), "{NAME} {VERSION}"),
        _ => run(&Launch::read(arguments)),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where stderr is closed, the exit code alone says it.
            drop(writeln!(io::stderr(), "{NAME}: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn run(launch: &Launch) -> io::Result<()> {
    hide_panics();
    let stop = Stop::default();
    let plugin = Arc::new(Plugin::new(launch.engine.clone(), stop.clone()));
    // One thread: what a component takes is waiting for the engine.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(serve::plugin(plugin.router(), launch, &stop))
}
