//! `keyloom schema`: the JSON Schema of the document, as it is committed.

use crate::exit_code;
use crate::failure::Failure;
use crate::io::Io;

pub(super) fn run(io: &mut Io) -> Result<u8, Failure> {
    io.write(|out| out.write_all(keyloom_codegen::json_schema::render().as_bytes()))?;
    Ok(exit_code::CLEAN)
}
