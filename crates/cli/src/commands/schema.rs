//! `keyloom schema`: the JSON Schemas of the document and of connections, as they are committed.

use keyloom_codegen::{connection_schemas, json_schema};

use crate::args::SchemaOf;
use crate::exit_code;
use crate::failure::Failure;
use crate::io::Io;

pub(super) fn run(of: SchemaOf, io: &mut Io) -> Result<u8, Failure> {
    let text = match of {
        SchemaOf::Document => json_schema::render(),
        SchemaOf::Connection => connection_schemas::one(),
        SchemaOf::Connections => connection_schemas::file(),
    };
    io.write(|out| out.write_all(text.as_bytes()))?;
    Ok(exit_code::CLEAN)
}
