//! Names that are read over a network, in builds that can.

use keyloom_resources::first_run::{Names, Sync};

use crate::failure::Failure;
use crate::io::Io;

#[cfg(feature = "live")]
mod reading;

/// The names at both ends of each sync, in their order.
#[cfg(feature = "live")]
pub(super) fn read(syncs: &[Sync], io: &Io) -> Result<Vec<Names>, Failure> {
    reading::read(syncs, io)
}

/// The names at both ends of each sync, in their order.
#[cfg(not(feature = "live"))]
pub(super) fn read(syncs: &[Sync], _: &Io) -> Result<Vec<Names>, Failure> {
    if syncs.is_empty() {
        return Ok(Vec::new());
    }
    let install = crate::install_with("live");
    Err(Failure::Usage(format!(
        "this keyloom was built without its feature `live`, and reads no names over a network: hand them over with \
         `--state FILE`, or run {install}"
    )))
}
