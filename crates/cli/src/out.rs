//! `render --out DIR`: files on disk, and nothing lost on the way.
//!
//! `DIR/.keyloom.json` lists what was written: path, digest, format, and the document set it came from. Only listed
//! files that nobody has edited since, of the same format and document set, are replaced or removed; anything
//! else that stands in the way is a finding, and then nothing at all is written. Links below DIR are never followed,
//! and names are compared without case, for some systems do not tell them apart. A list that is not as we write it, or
//! has a path in it that its format does not make, is damaged, and then nothing is touched.
//!
//! Order of the work, so that a run that was cut short can be run again:
//! 1. everything is looked at, and nothing is changed while there is a finding;
//! 2. the list is written with the old and the new digest of each file that will change;
//! 3. each file is written beside its place and renamed into it, so that it is old or new, never half;
//! 4. files that are no longer made are removed, and directories that this leaves empty;
//! 5. the list is written again, with the new digests alone.
//!
//! From 2 to 5 the file `.keyloom.lock` keeps other runs away; a killed run leaves it behind, and the next one says so.
//!
//! Whenever it stops, every file is in the list with the digest that it has. A killed run may leave a file
//! `.keyloom-*.tmp` behind, which no tool reads.

use std::path::Path;

use keyloom_codegen::{File, Format};

mod apply;
mod conflict;
mod disk;
mod document_set;
mod list;
mod lock;
mod survey;

pub use conflict::{Conflict, OutError, Reason};
pub use document_set::DocumentSet;
pub use list::LIST;
use list::List;
use survey::Plan;

/// How files are written.
#[derive(Clone, Debug)]
pub struct OutOptions {
    /// Replaces and removes files although they were edited, or are not ours.
    pub force: bool,
    /// The formats that were rendered; files of others are left alone.
    pub formats: Vec<Format>,
    /// Where the declaration came from.
    pub document_set: DocumentSet,
}

/// What was done, as paths below DIR in alphabetical order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Files that were not there before.
    pub written: Vec<String>,
    /// Files with new contents.
    pub changed: Vec<String>,
    /// Files that are no longer made.
    pub removed: Vec<String>,
    /// Files that were right already; they are not touched.
    pub unchanged: Vec<String>,
    /// Listed files of other formats or document sets, left alone.
    pub kept: Vec<String>,
}

/// Brings `dir` to what `files` say, and makes it if it is not there.
///
/// # Errors
/// [`OutError::Conflicts`] when something stands in the way: nothing was written. [`OutError::Io`] when the system
/// refuses: a second run goes on where the first stopped.
pub fn write_out(dir: &Path, files: &[File], options: &OutOptions) -> Result<Outcome, OutError> {
    disk::expect_directory(dir)?;
    let (mut before, mut plan) = look(dir, files, options)?;
    if plan.is_done(&before) {
        return Ok(plan.outcome);
    }
    apply::make_dir(dir)?;
    let _lock = lock::Lock::take(dir)?;
    // Another run can have come between. Whatever it did is in its list.
    if List::read(dir)? != before {
        (before, plan) = look(dir, files, options)?;
    }
    apply::apply(dir, &plan, &before, options)?;
    Ok(plan.outcome)
}

/// The list, and what must be done to bring the directory to what the files say.
fn look<'f>(dir: &Path, files: &'f [File], options: &OutOptions) -> Result<(List, Plan<'f>), OutError> {
    loop {
        let before = List::read(dir)?;
        match survey::survey(dir, files, &before, options) {
            Ok(plan) => return Ok((before, plan)),
            // Against an old list the work of another run looks like somebody's edits.
            Err(OutError::Conflicts(_)) if List::read(dir)? != before => {}
            Err(error) => return Err(error),
        }
    }
}
