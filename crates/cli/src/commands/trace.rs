//! `keyloom trace`: what a declared thing becomes, hop by hop, in columns.

use std::io::{self, Write};

use keyloom_resources::trace::{Hop, Trace, names, trace};
use keyloom_syntax::suggest::suggest;

use super::load::{Without, load};
use crate::args;
use crate::exit_code;
use crate::failure::Failure;
use crate::io::Io;
use crate::report::Report;
use crate::report::text::one_line;

/// A cell that is wider does not push the next column out for all others.
const WIDEST: usize = 60;

pub(super) fn run(args: &args::Trace, io: &mut Io) -> Result<u8, Failure> {
    let (inputs, found, config) = load(&args.documents, Without::Base)?;
    let Some(config) = config else {
        let mut report = Report::of_all();
        report.add(&inputs.sources, &inputs.paths, found);
        report.say(io);
        return Ok(exit_code::FINDINGS);
    };
    let traces = trace(&config, &args.name);
    if traces.is_empty() {
        let name = args.name.rsplit('/').next().unwrap_or_default();
        let near = suggest(name, names(&config).into_iter().filter(|known| *known != name));
        let hint = near.map(|near| format!("; did you mean {}?", one_line(near))).unwrap_or_default();
        io.say(&format!("error: nothing is declared as {}{hint}", one_line(&args.name)));
        return Ok(exit_code::FINDINGS);
    }
    io.write(|out| {
        for (position, trace) in traces.iter().enumerate() {
            if position > 0 {
                writeln!(out)?;
            }
            print(trace, out)?;
        }
        Ok(())
    })?;
    Ok(exit_code::CLEAN)
}

fn print(trace: &Trace, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", one_line(&trace.subject))?;
    let width = |cell: fn(&Hop) -> &str| {
        let widths = trace.hops.iter().map(|hop| cell(hop).chars().count());
        widths.filter(|width| *width <= WIDEST).max().unwrap_or(0)
    };
    let (systems, whats) = (width(|hop| hop.system), width(|hop| &hop.what));
    for hop in &trace.hops {
        let row =
            format!("  {:<systems$}  {:<whats$}  {}", hop.system, one_line(&hop.what), one_line(&hop.note));
        writeln!(out, "{}", row.trim_end())?;
    }
    Ok(())
}
