//! `--fix` and `--diff`: what can be mended without a decision, made or shown.

use std::collections::BTreeMap;

use keyloom_foreign::fix::{Fixed, fix};
use keyloom_foreign::{Options, hidden};
use keyloom_syntax::Sources;

use crate::failure::Failure;
use crate::inputs::{self, Inputs};
use crate::io::Io;
use crate::report::diff::{self, Side};
use crate::report::secrets::Secrets;
use crate::rewrite::rewrite;

/// The texts with what can be mended.
pub(super) struct Mended {
    fixed: Fixed,
    /// All files as they are then.
    pub(super) sources: Sources,
}

impl Mended {
    pub(super) fn of(inputs: &Inputs, options: &Options) -> Self {
        let fixed = fix(&inputs.sources, options);
        let sources = fixed.sources(&inputs.sources);
        Self { fixed, sources }
    }

    /// Whether something is another then.
    pub(super) fn is_changed(&self) -> bool {
        !self.fixed.files.is_empty()
    }

    /// Writes every file that changes. Standard input goes to standard output, changed or not.
    ///
    /// # Errors
    /// When a file cannot be written; the others are, and of several such files all but the last are told here.
    pub(super) fn write(&self, inputs: &Inputs, io: &mut Io) -> Result<(), Failure> {
        let files: BTreeMap<_, _> =
            inputs.sources.files().map(|(id, file)| (file.name.as_str(), (id, file))).collect();
        let mut failed: Option<Failure> = None;
        for path in &inputs.paths {
            let name = inputs::name(path);
            let Some((id, file)) = files.get(name.as_str()) else { continue };
            let new = self.fixed.text(*id);
            if inputs::is_stdin(path) {
                let text = new.unwrap_or(&file.text);
                io.write(|out| out.write_all(text.as_bytes()))?;
            } else if let Some(text) = new {
                match rewrite(path, &file.text, text) {
                    Ok(()) => io.say(&format!("mended {name}")),
                    Err(failure) => {
                        if let Some(earlier) = failed.replace(failure) {
                            io.say(&format!("error: {earlier}"));
                        }
                    }
                }
            }
        }
        failed.map_or(Ok(()), Err)
    }

    /// Shows what would change.
    pub(super) fn show(&self, inputs: &Inputs, options: &Options, io: &mut Io) -> Result<(), Failure> {
        if self.is_changed() {
            let old = Secrets::new(hidden(&inputs.sources, options), Vec::new(), &[]);
            let new = Secrets::new(hidden(&self.sources, options), Vec::new(), &[]);
            let color = io.color_out();
            for (id, _) in &self.fixed.files {
                let (before, after) = (inputs.sources.file(*id), self.sources.file(*id));
                let (before, after) =
                    (Side { file: before, secrets: &old }, Side { file: after, secrets: &new });
                io.write(|out| diff::write(&before, &after, color, out))?;
            }
        }
        io.say(&match (self.fixed.mended, self.fixed.files.len()) {
            (0, _) => "nothing to mend".to_owned(),
            (faults, files) => {
                format!("{} in {} would be mended", count(faults, "fault"), count(files, "file"))
            }
        });
        Ok(())
    }

    /// One line of what was mended.
    pub(super) fn summary(&self) -> Option<String> {
        let (faults, files) = (self.fixed.mended, self.fixed.files.len());
        (faults > 0).then(|| format!("mended {} in {}", count(faults, "fault"), count(files, "file")))
    }
}

fn count(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
