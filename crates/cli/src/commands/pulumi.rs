//! `keyloom pulumi`: a declaration as resources of a Pulumi stack, without a program.

use crate::args::Pulumi;
use crate::failure::Failure;
use crate::io::Io;

#[cfg(feature = "pulumi")]
mod program;

#[cfg(feature = "pulumi")]
pub(super) fn run(args: &Pulumi, io: &mut Io) -> Result<u8, Failure> {
    program::run(args, io)
}

#[cfg(not(feature = "pulumi"))]
pub(super) fn run(_: &Pulumi, _: &mut Io) -> Result<u8, Failure> {
    let install = crate::install_with("pulumi");
    Err(Failure::Usage(format!(
        "this keyloom was built without its feature `pulumi`; to have it, run \
         {install}"
    )))
}
