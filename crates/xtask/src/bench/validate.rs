//! `keyloom validate` beside kubeconform, over the same manifests and by the same schemas.
//!
//! Keyloom checks rules, templates and references on top. Before anything is measured both must take every manifest,
//! and refuse one that has a mistake.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Result;
use crate::bench::build::Programs;
use crate::bench::conform::Conform;
use crate::bench::report::{Figure, Report};
use crate::bench::{COMPARED, manifests, process};

const RUNS: usize = 5;

/// How the manifests lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// All in one file.
    Stream,
    /// Each in a file of its own.
    Tree,
}

/// Who looks at them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Keyloom,
    Peer,
}

/// What it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Wall,
    Cpu,
    Peak,
}

/// Measures both sides over that many manifests.
pub(super) fn measure(size: usize, programs: &Programs, dir: &Path, report: &mut Report) -> Result<()> {
    let dir = dir.join("manifests");
    fs::create_dir(&dir)?;
    let sides = Sides { programs, peer: Conform::install_or_say(&dir.join("schemas"))? };
    for form in [Form::Stream, Form::Tree] {
        sides.refuse(form, &dir)?;
        let path = written(form, size, &dir)?;
        sides.accept(&path, size)?;
        for _ in 0..RUNS {
            sides.once(form, size, &path, report)?;
        }
    }
    Ok(fs::remove_dir_all(dir)?)
}

fn written(form: Form, size: usize, dir: &Path) -> Result<PathBuf> {
    let path = dir.join(format!("{form:?}-{size}"));
    match form {
        Form::Stream => {
            fs::create_dir(&path)?;
            manifests::stream(size, &path.join("all.yaml"))?;
        }
        Form::Tree => manifests::tree(size, &path)?,
    }
    Ok(path)
}

/// The exit code, and all that was said.
fn said(command: &mut Command) -> Result<(Option<i32>, String)> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    Ok((output.status.code(), String::from_utf8([output.stdout, output.stderr].concat())?))
}

struct Sides<'p> {
    programs: &'p Programs,
    peer: Option<Conform>,
}

impl Sides<'_> {
    fn commands(&self, path: &Path) -> Vec<(Side, Command)> {
        let peer = self.peer.as_ref().map(|peer| (Side::Peer, peer.check(path)));
        [(Side::Keyloom, self.programs.validate(path))].into_iter().chain(peer).collect()
    }

    /// Both look at all of the manifests, and find nothing.
    fn accept(&self, path: &Path, size: usize) -> Result<()> {
        for (side, mut command) in self.commands(path) {
            let said = said(&mut command)?.1;
            let wanted = match side {
                Side::Keyloom => format!("({size} objects of External Secrets Operator)"),
                Side::Peer => format!("Valid: {size}, Invalid: 0, Errors: 0, Skipped: 0"),
            };
            if !said.contains(&wanted) || (side == Side::Keyloom && !said.starts_with("no problems")) {
                return Err(format!("{side:?} was to say `{wanted}`, and said {said}").into());
            }
        }
        Ok(())
    }

    /// Both take some manifests, and refuse them with a broken one among them, for its mistake.
    fn refuse(&self, form: Form, dir: &Path) -> Result<()> {
        let path = written(form, COMPARED, dir)?;
        self.accept(&path, COMPARED)?;
        fs::write(path.join("broken.yaml"), manifests::broken())?;
        for (side, mut command) in self.commands(&path) {
            let (code, said) = said(&mut command)?;
            if code != Some(1) || !said.contains(manifests::MISSPELLED) {
                return Err(format!("{side:?} does not refuse a broken manifest: {said}").into());
            }
        }
        Ok(())
    }

    fn once(&self, form: Form, size: usize, path: &Path, report: &mut Report) -> Result<()> {
        for (side, mut command) in self.commands(path) {
            let cost = process::run(command.stderr(Stdio::null()))?;
            let parts = [(Part::Wall, cost.wall), (Part::Cpu, cost.cpu), (Part::Peak, cost.peak)];
            for (part, sample) in parts {
                report.add(Figure::Validate(form, side, part), size, sample);
            }
        }
        Ok(())
    }
}
