//! `keyloom connection`: what can be asked of connections, in builds that can.

use crate::args::Connection;
#[cfg(feature = "live")]
use crate::args::ConnectionVerb;
use crate::failure::Failure;
use crate::io::Io;

#[cfg(feature = "live")]
pub(super) mod asking;
#[cfg(feature = "live")]
mod get;
#[cfg(feature = "live")]
mod list;
#[cfg(feature = "live")]
mod put;
#[cfg(feature = "live")]
mod test;

#[cfg(feature = "live")]
pub(super) fn run(args: &Connection, io: &mut Io) -> Result<u8, Failure> {
    match &args.verb {
        ConnectionVerb::Get(args) => get::run(args, io),
        ConnectionVerb::List(args) => list::run(args, io),
        ConnectionVerb::Test(args) => test::run(args, io),
        ConnectionVerb::Put(args) => put::run(args, io),
    }
}

#[cfg(not(feature = "live"))]
pub(super) fn run(_: &Connection, _: &mut Io) -> Result<u8, Failure> {
    let install = crate::install_with("live");
    Err(Failure::Usage(format!(
        "this keyloom was built without its feature `live`; to have it, run {install}"
    )))
}
