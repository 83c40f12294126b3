//! What a check acts in.

use crate::Result;
use crate::e2e::options::Options;
use crate::e2e::pulumi::home::Home;
use crate::e2e::pulumi::stack::Stack;
use crate::e2e::report::Report;

/// Where the default provider of Kubernetes writes files.
pub(super) const RENDER: &str = "kubernetes:renderYamlToDirectory";

/// A home, and where to tell what was found.
#[derive(Debug)]
pub(super) struct Scene<'a> {
    pub(super) home: &'a Home,
    pub(super) options: &'a Options,
    pub(super) report: &'a mut Report,
}

impl Scene<'_> {
    /// Whether the check of this name was asked for.
    pub(super) fn selects(&self, name: &str) -> bool {
        self.options.selects(&format!("pulumi {name}"))
    }

    /// Runs a check if it was asked for. Every fault is a line; an error is one too.
    pub(super) fn check(
        &mut self,
        name: &str,
        find: impl FnOnce(&Home) -> Result<Vec<String>>,
    ) -> Result<()> {
        if !self.selects(name) {
            return Ok(());
        }
        self.report.conclude(&format!("pulumi {name}"), find(self.home))
    }
}

/// A stack of a program whose children become files in its folder.
pub(super) fn files<'a>(home: &'a Home, project: &str, program: &str) -> Result<Stack<'a>> {
    rendered(Stack::new(home, project, program)?)
}

/// Makes the children of a stack become files in its folder.
pub(super) fn rendered(stack: Stack<'_>) -> Result<Stack<'_>> {
    stack.set(RENDER, &stack.dir().join("rendered").to_string_lossy())?;
    Ok(stack)
}
