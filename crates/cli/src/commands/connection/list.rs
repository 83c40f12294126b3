//! `keyloom connection list`: names, and what is behind them where that is asked for.

use std::io::{self, Write};

use keyloom_connections::Parsed;
use keyloom_live::connections::{Depth, Listed, list};
use serde_json::{Map, Value, json};

use super::asking;
use crate::args::{ListConnections, TextOrJson};
use crate::exit_code;
use crate::failure::Failure;
use crate::io::Io;
use crate::report::text::one_line;

pub(super) fn run(args: &ListConnections, io: &mut Io) -> Result<u8, Failure> {
    let depth = if args.types { Depth::Connections } else { Depth::Names };
    let all = match asking::backend(&args.backend) {
        Ok(all) => all,
        Err(error) => return Ok(asking::failed(&error, io)),
    };
    let listed = match asking::block_on(list(&all, depth))? {
        Ok(listed) => listed,
        Err(failure) => {
            io.say(&format!("error: {failure}"));
            // Nothing is said of any connection, whatever the reason.
            return Ok(exit_code::USAGE);
        }
    };
    match args.output {
        TextOrJson::Text => io.write(|out| text(&listed, out))?,
        TextOrJson::Json => io.write(|out| json(&listed, out))?,
    }
    // Of several the one that says that the backend could not be asked.
    let codes = listed.iter().filter_map(|one| Some(asking::code(one.read.as_ref()?.as_ref().err()?)));
    Ok(codes.max().unwrap_or(exit_code::CLEAN))
}

/// What is odd about a connection that holds, each with what to do.
fn warnings(read: &Parsed) -> Vec<String> {
    read.warnings.iter().map(|warning| format!("{warning}; {}", warning.remedy())).collect()
}

fn text(listed: &[Listed], out: &mut dyn Write) -> io::Result<()> {
    let names: Vec<_> = listed.iter().map(|one| one_line(&one.name)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
    for (one, name) in listed.iter().zip(&names) {
        match &one.read {
            None => writeln!(out, "{name}")?,
            Some(Ok(read)) => {
                writeln!(out, "{name:width$}  {}", read.connection.kind().word)?;
                warnings(read).iter().try_for_each(|line| writeln!(out, "  {}", one_line(line)))?;
            }
            Some(Err(error)) => {
                writeln!(out, "{name:width$}  -")?;
                error.lines().iter().try_for_each(|line| writeln!(out, "  {}", one_line(line)))?;
            }
        }
    }
    Ok(())
}

fn json(listed: &[Listed], out: &mut dyn Write) -> io::Result<()> {
    let row = |one: &Listed| {
        let mut row = Map::new();
        row.insert("name".to_owned(), one.name.as_str().into());
        match &one.read {
            None => {}
            Some(Ok(read)) => {
                row.insert("type".to_owned(), read.connection.kind().word.into());
                if !read.warnings.is_empty() {
                    row.insert("warnings".to_owned(), warnings(read).into());
                }
            }
            Some(Err(error)) => _ = row.insert("problems".to_owned(), error.lines().into()),
        }
        Value::Object(row)
    };
    let rows: Vec<_> = listed.iter().map(row).collect();
    serde_json::to_writer_pretty(&mut *out, &json!({ "connections": rows }))?;
    writeln!(out)
}
