//! `keyloom schema`: the JSON Schema of the document.

use crate::exit_code;
use crate::failure::Failure;
use crate::io::Io;

pub(super) fn run(io: &mut Io) -> Result<u8, Failure> {
    io.write(|out| {
        serde_json::to_writer_pretty(&mut *out, keyloom_models::document_schema())?;
        writeln!(out)
    })?;
    Ok(exit_code::CLEAN)
}
