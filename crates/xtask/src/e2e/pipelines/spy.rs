//! The programs that steps may run, each behind one that writes down how it was called. There are no others.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::runner::contents;
use crate::Result;

/// What steps need besides `aws`; `sleep` is not run, for nobody here waits.
const PROGRAMS: [&str; 5] = ["bash", "jq", "cat", "wc", "sleep"];

/// A folder for the steps, and one that they know nothing of.
pub(super) struct Spy {
    home: tempfile::TempDir,
    elsewhere: tempfile::TempDir,
    bash: PathBuf,
}

impl Spy {
    /// With that AWS command.
    pub(super) fn new(aws: &Path) -> Result<Self> {
        let spy = Self { home: tempfile::tempdir()?, elsewhere: tempfile::tempdir()?, bash: find("bash")? };
        fs::create_dir(spy.path())?;
        fs::create_dir(spy.faults())?;
        fs::write(spy.record(), "")?;
        spy.put("aws", aws)?;
        for name in PROGRAMS {
            spy.put(name, &find(name)?)?;
        }
        Ok(spy)
    }

    /// One more program of this machine.
    pub(super) fn add(&self, name: &str) -> Result<()> {
        self.put(name, &find(name)?)
    }

    /// A program that notes its arguments, `aws` its environment too, and then is the real one.
    fn put(&self, name: &str, real: &Path) -> Result<()> {
        let record = self.record();
        let mut text = format!("#!{}\n", self.bash.display());
        text.push_str(&format!("printf '%s\\0' {name} \"$@\" >>'{}'\n", record.display()));
        match name {
            "aws" => {
                text.push_str(&format!("export -p >>'{}'\n", record.display()));
                text.push_str(&format!("fault='{}'/\"$2\"\n", self.faults().display()));
                text.push_str(
                    "if [[ -f $fault ]]; then printf '%s\\n' \"$(<\"$fault\")\" >&2; exit 254; fi\n",
                );
                text.push_str(&format!("exec '{}' \"$@\"\n", real.display()));
            }
            "sleep" => {}
            _ => text.push_str(&format!("exec '{}' \"$@\"\n", real.display())),
        }
        let file = self.path().join(name);
        fs::write(&file, text)?;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755))?;
        Ok(())
    }

    /// The only folder with programs.
    pub(super) fn path(&self) -> PathBuf {
        self.elsewhere.path().join("bin")
    }

    /// The shell itself.
    pub(super) fn bash(&self) -> &Path {
        &self.bash
    }

    /// The folder of the steps: their home, and for what is temporary.
    pub(super) fn home(&self) -> &Path {
        self.home.path()
    }

    /// A folder that the steps do not know.
    pub(super) fn elsewhere(&self) -> &Path {
        self.elsewhere.path()
    }

    /// Has an operation of AWS fail with those words; without words it works again.
    pub(super) fn fail(&self, operation: &str, words: Option<&str>) -> Result<()> {
        let file = self.faults().join(operation);
        match words {
            Some(words) => fs::write(file, words)?,
            None => fs::remove_file(file)?,
        }
        Ok(())
    }

    /// Where a text is that nobody may see.
    pub(super) fn leaks(&self, canary: &str) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        if holds(&contents(self.home())?, canary) {
            wrong.push("a value is in a file".to_owned());
        }
        if holds(&fs::read(self.record())?, canary) {
            wrong.push("a value is in an argument, or in the environment of aws".to_owned());
        }
        Ok(wrong)
    }

    fn record(&self) -> PathBuf {
        self.elsewhere.path().join("record")
    }

    fn faults(&self) -> PathBuf {
        self.elsewhere.path().join("faults")
    }
}

fn holds(bytes: &[u8], canary: &str) -> bool {
    bytes.windows(canary.len()).any(|window| window == canary.as_bytes())
}

fn find(program: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut found = std::env::split_paths(&path).map(|dir| dir.join(program)).filter(|file| file.is_file());
    found.next().ok_or_else(|| format!("install {program}").into())
}
