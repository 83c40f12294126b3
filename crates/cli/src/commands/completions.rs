//! `keyloom completions`: a script for a shell, from the definitions of the command line.

use clap::CommandFactory;

use crate::args::{Args, Completions};
use crate::exit_code;
use crate::failure::Failure;
use crate::io::Io;

pub(super) fn run(args: &Completions, io: &mut Io) -> Result<u8, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "keyloom", &mut script);
    io.write(|out| out.write_all(&script))?;
    Ok(exit_code::CLEAN)
}
