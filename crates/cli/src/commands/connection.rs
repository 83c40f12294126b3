//! `keyloom connection`: what can be asked of connections; of a backend in builds that can.

use crate::args::{Connection, ConnectionVerb};
use crate::failure::Failure;
use crate::io::Io;

#[cfg(feature = "live")]
pub(super) mod asking;
mod check;
#[cfg(feature = "live")]
mod get;
#[cfg(feature = "live")]
mod list;
#[cfg(feature = "live")]
mod put;
#[cfg(feature = "live")]
mod test;

pub(super) fn run(args: &Connection, io: &mut Io) -> Result<u8, Failure> {
    match &args.verb {
        ConnectionVerb::Check(args) => check::run(args, io),
        #[cfg(feature = "live")]
        ConnectionVerb::Get(args) => get::run(args, io),
        #[cfg(feature = "live")]
        ConnectionVerb::List(args) => list::run(args, io),
        #[cfg(feature = "live")]
        ConnectionVerb::Test(args) => test::run(args, io),
        #[cfg(feature = "live")]
        ConnectionVerb::Put(args) => put::run(args, io),
        #[cfg(not(feature = "live"))]
        ConnectionVerb::Get(_)
        | ConnectionVerb::List(_)
        | ConnectionVerb::Test(_)
        | ConnectionVerb::Put(_) => {
            let install = crate::install_with("live");
            Err(Failure::Usage(format!(
                "this keyloom was built without its feature `live`, and asks no backend; to have it, run {install}"
            )))
        }
    }
}
