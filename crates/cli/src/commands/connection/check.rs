//! `keyloom connection check`: a file of connections, each mistake at its place. Nothing is sent over a network.
//!
//! It is a verb of its own and no part of `keyloom check`: such a file is no declaration, and nothing is merged with it.

use std::path::{Path, PathBuf};

use keyloom_connections::file::{DEFAULT, SMALLER, VARIABLE};
use keyloom_models::code;
use keyloom_syntax::Diagnostic;

use crate::args::CheckConnections;
use crate::failure::Failure;
use crate::inputs;
use crate::io::Io;
use crate::report::{Found, Report};
use judge::{File, judge};

mod hidden;
mod judge;
mod place;

pub(super) fn run(args: &CheckConnections, io: &mut Io) -> Result<u8, Failure> {
    let paths = paths(args)?;
    if let Some(directory) = paths.iter().find(|path| path.is_dir()) {
        return Err(inputs::directory(directory, "*.json"));
    }
    let mut inputs = inputs::read_files(paths, &inputs::budget_of(None))?;
    let mut found = Found { diagnostics: std::mem::take(&mut inputs.refused), ..Found::default() };
    for refused in found.diagnostics.iter_mut().filter(|it| it.code == "too-large") {
        refused.fix = Some(SMALLER.to_owned());
    }
    found.diagnostics.extend(inputs.paths.iter().filter_map(|path| open_to_all(path)));
    let mut count = 0;
    for (_, file) in inputs.sources.files() {
        match judge(File { name: &file.name, text: &file.text, base: file.base }) {
            Ok(judged) => {
                count += judged.count;
                found.diagnostics.extend(judged.found);
                found.unsaid.extend(judged.hidden);
            }
            Err(unjudged) => {
                found.diagnostics.push(*unjudged.error);
                found.unsaid.extend(unjudged.hidden);
            }
        }
    }
    let mut report = Report::new(&args.findings);
    report.add(&inputs.sources, &inputs.paths, found);
    let counted = if count == 1 { " (1 connection)".to_owned() } else { format!(" ({count} connections)") };
    report.print(args.output.output, &counted, io)?;
    Ok(report.exit_code())
}

/// A file that everybody may read: the backend `file` refuses it, but a checkout that is only checked has no other modes.
#[cfg(unix)]
fn open_to_all(path: &Path) -> Option<Diagnostic> {
    use keyloom_connections::file::open_to_all;
    use std::os::unix::fs::PermissionsExt;
    let mode = path.metadata().ok().filter(std::fs::Metadata::is_file)?.permissions().mode();
    let name = inputs::name(path);
    let said = open_to_all(mode).filter(|_| !inputs::is_stdin(path))?;
    let open = Diagnostic::warning(code::CONNECTION_FILE_OPEN, format!("{name}: {said}"))
        .why("the backend `file` refuses such a file; a checkout has no other modes, and is right to be checked")
        .fix(format!("chmod 600 {name} where programs read it"));
    Some(open)
}

#[cfg(not(unix))]
fn open_to_all(_: &Path) -> Option<Diagnostic> {
    None
}

/// The files to check: those that are named, or the one that the backend `file` would read.
fn paths(args: &CheckConnections) -> Result<Vec<PathBuf>, Failure> {
    if !args.files.is_empty() {
        return Ok(args.files.clone());
    }
    let said = std::env::var(VARIABLE).unwrap_or_default();
    if !said.trim().is_empty() {
        return Ok(vec![PathBuf::from(said.trim())]);
    }
    inputs::default_is_here(DEFAULT, "keyloom connection put")?;
    Ok(vec![PathBuf::from(DEFAULT)])
}
