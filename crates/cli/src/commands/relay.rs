//! `keyloom relay`: webhooks of Infisical, handed on to External Secrets Operator.

use crate::args::Relay;
use crate::exit_code;
use crate::failure::Failure;
use crate::io::Io;

#[cfg(feature = "live")]
mod serving;

/// A service account that may do what the relay does, and nothing more. `docs/relay.md` shows it.
const RBAC: &str = include_str!("relay/rbac.yaml");

pub(super) fn run(args: &Relay, io: &mut Io) -> Result<u8, Failure> {
    if args.print_rbac {
        io.write(|out| out.write_all(RBAC.as_bytes()))?;
        return Ok(exit_code::CLEAN);
    }
    serve(args, io)
}

#[cfg(feature = "live")]
fn serve(args: &Relay, io: &Io) -> Result<u8, Failure> {
    serving::serve(args, io)
}

#[cfg(not(feature = "live"))]
fn serve(_: &Relay, _: &Io) -> Result<u8, Failure> {
    let install = crate::install_with("live");
    Err(Failure::Usage(format!(
        "this keyloom was built without its feature `live`, and talks to no cluster; to have it, run \
         {install}"
    )))
}
