//! `keyloom listen`: secrets for programs of any language, in builds that can.

use crate::args::Listen;
use crate::failure::Failure;
use crate::io::Io;

#[cfg(all(feature = "live", unix))]
mod running;

#[cfg(all(feature = "live", unix))]
pub(super) fn run(args: &Listen, io: &mut Io) -> Result<u8, Failure> {
    running::run(args, io)
}

#[cfg(all(feature = "live", not(unix)))]
pub(super) fn run(_: &Listen, _: &mut Io) -> Result<u8, Failure> {
    Err(Failure::Usage("`keyloom listen` runs on Linux and macOS alone".to_owned()))
}

#[cfg(not(feature = "live"))]
pub(super) fn run(_: &Listen, _: &mut Io) -> Result<u8, Failure> {
    let install = crate::install_with("live");
    Err(Failure::Usage(format!(
        "this keyloom was built without its feature `live`; to have it, run \
         {install}"
    )))
}
