//! Names that are read over a network.

use keyloom_resources::first_run::{Names, Sync};

use crate::failure::Failure;
use crate::io::Io;

pub(super) fn read(syncs: &[Sync], _: &Io) -> Result<Vec<Names>, Failure> {
    if syncs.is_empty() {
        return Ok(Vec::new());
    }
    let repository = crate::REPOSITORY;
    Err(Failure::Usage(format!(
        "this keyloom was built without its feature `live`, and reads no names over a network: hand them over with \
         `--state FILE`, or run `cargo install --git {repository} keyloom-cli --features live`"
    )))
}
