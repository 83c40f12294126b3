//! `keyloom run`: a command with connections in its environment, in builds that can.

use crate::args::Run;
use crate::failure::Failure;
use crate::io::Io;

#[cfg(feature = "live")]
mod running;

#[cfg(feature = "live")]
pub(super) fn run(args: &Run, io: &mut Io) -> Result<u8, Failure> {
    Ok(running::run(args, io))
}

#[cfg(not(feature = "live"))]
pub(super) fn run(_: &Run, io: &mut Io) -> Result<u8, Failure> {
    let install = crate::install_with("live");
    io.say(&format!("error: this keyloom was built without its feature `live`; to have it, run {install}"));
    Ok(crate::exit_code::OURS)
}
