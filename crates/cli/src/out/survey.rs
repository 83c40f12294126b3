//! Looks at everything before anything is changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use keyloom_codegen::File;

use super::disk::{Disk, Seen};
use super::list::{Entry, LIST, List, digest};
use super::{Conflict, OutError, OutOptions, Outcome, Reason};

/// The one file that holds no object.
const INDEX: &str = "kustomization.yaml";

/// What will be done.
pub(super) struct Plan<'f> {
    /// Files to write, new and changed.
    pub(super) write: Vec<Step<'f>>,
    /// Paths to remove.
    pub(super) remove: Vec<String>,
    /// The list when all is done.
    pub(super) after: List,
    pub(super) outcome: Outcome,
}

/// A file to write.
pub(super) struct Step<'f> {
    pub(super) file: &'f File,
    /// Digest of what stands there now.
    pub(super) there: Option<String>,
    /// Digest of what will stand there.
    pub(super) digest: String,
}

/// Decides what must be done, or says what stands in the way.
pub(super) fn survey<'f>(
    dir: &Path,
    files: &'f [File],
    before: &List,
    options: &OutOptions,
) -> Result<Plan<'f>, OutError> {
    let mut survey = Survey {
        disk: Disk::new(dir)?,
        options,
        before,
        conflicts: clashes(files),
        plan: Plan {
            write: Vec::new(),
            remove: Vec::new(),
            after: before.clone(),
            outcome: Outcome::default(),
        },
    };
    let mut files: Vec<&File> = files.iter().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    for &file in &files {
        survey.wanted(file)?;
    }
    let wanted: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    for (path, entry) in before.files.iter().filter(|(path, _)| !wanted.contains(path.as_str())) {
        survey.unwanted(path, entry)?;
    }
    let Survey { mut conflicts, plan, .. } = survey;
    if !plan.remove.is_empty() && files.iter().all(|file| file.path.ends_with(INDEX)) {
        conflicts.push(Conflict { path: LIST.to_owned(), reason: Reason::AllGone(plan.remove.len()) });
    }
    conflicts.retain(|conflict| !options.force || !conflict.reason.yields_to_force());
    conflicts.sort();
    conflicts.dedup();
    if conflicts.is_empty() { Ok(plan) } else { Err(OutError::Conflicts(conflicts)) }
}

/// Outputs whose names are the same but for case.
fn clashes(files: &[File]) -> Vec<Conflict> {
    let mut seen = BTreeMap::from([(LIST.to_owned(), LIST)]);
    let mut conflicts = Vec::new();
    for file in files {
        if let Some(other) = seen.insert(file.path.to_lowercase(), &file.path) {
            conflicts
                .push(Conflict { path: file.path.clone(), reason: Reason::TwoOutputs(other.to_owned()) });
        }
    }
    conflicts
}

struct Survey<'a, 'f> {
    disk: Disk,
    options: &'a OutOptions,
    before: &'a List,
    conflicts: Vec<Conflict>,
    plan: Plan<'f>,
}

impl Plan<'_> {
    /// Whether all is as it should be already.
    pub(super) fn is_done(&self, before: &List) -> bool {
        self.write.is_empty() && self.remove.is_empty() && self.after == *before
    }
}

impl<'f> Survey<'_, 'f> {
    fn conflict(&mut self, path: &str, reason: Reason) {
        self.conflicts.push(Conflict { path: path.to_owned(), reason });
    }

    fn wanted(&mut self, file: &'f File) -> Result<(), OutError> {
        let path = &file.path;
        let entry = self.before.files.get(path);
        let digest = digest(&file.contents);
        let there = match self.disk.look(path)? {
            Seen::InTheWay(reason) => {
                self.conflict(path, reason);
                return Ok(());
            }
            Seen::Absent => None,
            Seen::File(there) => Some(there),
        };
        let foreign_set = entry.map(|entry| &entry.set).filter(|set| **set != self.options.document_set);
        let same = there.as_ref() == Some(&digest);
        let doubt = match (&there, entry) {
            _ if foreign_set.is_some() => foreign_set.map(|set| Reason::OtherSet(set.shown(self.disk.dir()))),
            // An unlisted file that is right already was written by a run that could not finish, or by hand.
            _ if same => None,
            (None, _) => None,
            (Some(_), None) => Some(Reason::NotOurs),
            (Some(there), Some(entry)) => (!entry.knows(there)).then_some(Reason::Edited),
        };
        if let Some(reason) = doubt {
            self.conflict(path, reason);
        }
        let outcome = &mut self.plan.outcome;
        match &there {
            _ if same => outcome.unchanged.push(path.clone()),
            None => outcome.written.push(path.clone()),
            Some(_) => outcome.changed.push(path.clone()),
        }
        let entry = Entry {
            format: file.format.as_str().to_owned(),
            set: self.options.document_set.clone(),
            sha256: Some(digest.clone()),
            next: None,
        };
        self.plan.after.files.insert(path.clone(), entry);
        if !same {
            self.plan.write.push(Step { file, there, digest });
        }
        Ok(())
    }

    fn unwanted(&mut self, path: &str, entry: &Entry) -> Result<(), OutError> {
        let rendered = self.options.formats.iter().any(|format| format.as_str() == entry.format);
        if !rendered || entry.set != self.options.document_set {
            self.plan.outcome.kept.push(path.to_owned());
            return Ok(());
        }
        match self.disk.look(path)? {
            Seen::Absent => {}
            Seen::InTheWay(reason) => self.conflict(path, reason),
            Seen::File(there) => {
                if !entry.knows(&there) {
                    self.conflict(path, Reason::Edited);
                }
                self.plan.remove.push(path.to_owned());
                self.plan.outcome.removed.push(path.to_owned());
            }
        }
        self.plan.after.files.remove(path);
        Ok(())
    }
}
