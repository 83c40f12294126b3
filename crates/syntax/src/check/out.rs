//! Where a walk puts what it finds: a list, or a mere answer.

use super::Problem;

pub(super) trait Out<At> {
    /// Whether nothing is reported, so that building words and going on after a failure would be wasted.
    const SILENT: bool;

    fn push(&mut self, problem: impl FnOnce() -> Problem<At>);

    /// A wrongly spelled field of the mapping at `path` stands for `name`.
    fn stands_for(&mut self, path: String, name: &str);

    /// Whether some wrongly spelled field stands for `name` in the mapping at `path`, so that it is not missing too.
    fn is_meant(&self, path: impl FnOnce() -> String, name: &str) -> bool;

    /// The answer depends on something that is not known yet.
    fn unsure(&mut self);

    /// Whether the rest of the walk cannot change the answer.
    fn done(&self) -> bool;
}

/// All problems.
pub(super) struct Report<'k, At> {
    pub(super) sink: &'k mut Vec<Problem<At>>,
    /// Mappings and the fields that wrongly spelled ones in them stand for.
    pub(super) meant: Vec<(String, String)>,
}

impl<At> Out<At> for Report<'_, At> {
    const SILENT: bool = false;

    fn push(&mut self, problem: impl FnOnce() -> Problem<At>) {
        self.sink.push(problem());
    }

    fn stands_for(&mut self, path: String, name: &str) {
        self.meant.push((path, name.to_owned()));
    }

    fn is_meant(&self, path: impl FnOnce() -> String, name: &str) -> bool {
        if !self.meant.iter().any(|(_, known)| known == name) {
            return false;
        }
        let path = path();
        self.meant.iter().any(|(at, known)| *at == path && known == name)
    }

    fn unsure(&mut self) {}

    fn done(&self) -> bool {
        false
    }
}

/// Whether a view fits, without words.
#[derive(Default)]
pub(super) struct Silent {
    pub(super) failed: bool,
    pub(super) unsure: bool,
}

impl<At> Out<At> for Silent {
    const SILENT: bool = true;

    fn push(&mut self, _: impl FnOnce() -> Problem<At>) {
        self.failed = true;
    }

    fn stands_for(&mut self, _: String, _: &str) {}

    fn is_meant(&self, _: impl FnOnce() -> String, _: &str) -> bool {
        false
    }

    fn unsure(&mut self) {
        self.unsure = true;
    }

    fn done(&self) -> bool {
        self.failed
    }
}

/// Whether a view fits a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    Yes,
    /// It depends on something not known yet.
    Open,
    No,
}
