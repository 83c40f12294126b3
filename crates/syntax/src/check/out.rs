//! Where a walk puts what it finds: a list, or a mere answer.

use super::Problem;

pub(super) trait Out<At> {
    /// Whether nothing is reported, so that building words and going on after a failure would be wasted.
    const SILENT: bool;

    fn push(&mut self, problem: impl FnOnce() -> Problem<At>);

    /// The answer depends on something that is not known yet.
    fn unsure(&mut self);

    /// Whether the rest of the walk cannot change the answer.
    fn done(&self) -> bool;
}

/// All problems.
pub(super) struct Report<'k, At>(pub(super) &'k mut Vec<Problem<At>>);

impl<At> Out<At> for Report<'_, At> {
    const SILENT: bool = false;

    fn push(&mut self, problem: impl FnOnce() -> Problem<At>) {
        self.0.push(problem());
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
