//! The lines that a run prints, and what they add up to.

use crate::{Outcome, Result, say};

/// Counts of the checks so far.
#[derive(Debug, Default)]
pub(super) struct Report {
    passed: usize,
    failed: usize,
    not_run: usize,
}

impl Report {
    /// A check that found what it expected.
    pub(super) fn pass(&mut self, check: &str) -> Result<()> {
        self.passed += 1;
        say(&format!("ok       {check}"))
    }

    /// A check that did not, and why; the reason may have several lines.
    pub(super) fn fail(&mut self, check: &str, why: &str) -> Result<()> {
        self.failed += 1;
        say(&format!("FAILED   {check}\n{}", indent(why)))
    }

    /// A check that could not apply here, said aloud.
    pub(super) fn not_run(&mut self, check: &str, why: &str) -> Result<()> {
        self.not_run += 1;
        say(&format!("not run  {check}: {why}"))
    }

    /// Passes when nothing is wrong, fails with all that is.
    pub(super) fn settle(&mut self, check: &str, wrong: &[String]) -> Result<()> {
        match wrong {
            [] => self.pass(check),
            _ => self.fail(check, &wrong.join("\n")),
        }
    }

    /// Settles what a check came to. One that could not be made fails with the reason.
    pub(super) fn conclude(&mut self, check: &str, wrong: Result<Vec<String>>) -> Result<()> {
        self.settle(check, &wrong.unwrap_or_else(|error| vec![error.to_string()]))
    }

    /// The closing line. A run that checked nothing is no success.
    pub(super) fn close(&self) -> Result<Outcome> {
        let rest = match self.not_run {
            0 => String::new(),
            count => format!(", {count} not run"),
        };
        say(&format!("{} passed, {} failed{rest}", self.passed, self.failed))?;
        if self.passed + self.failed == 0 {
            say("nothing was checked")?;
        }
        Ok(self.outcome())
    }

    fn outcome(&self) -> Outcome {
        match (self.passed, self.failed) {
            (1.., 0) => Outcome::Clean,
            _ => Outcome::Findings,
        }
    }
}

/// Sets text under the line that it explains.
pub(super) fn indent(text: &str) -> String {
    text.lines().map(|line| format!("         {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_run_that_checked_something_is_clean() {
        let mut report = Report::default();
        assert_eq!(report.outcome(), Outcome::Findings);
        report.not_run("a", "no reason").unwrap();
        assert_eq!(report.outcome(), Outcome::Findings);
        report.pass("b").unwrap();
        assert_eq!(report.outcome(), Outcome::Clean);
        report.settle("c", &["x".to_owned()]).unwrap();
        assert_eq!(report.outcome(), Outcome::Findings);
    }
}
