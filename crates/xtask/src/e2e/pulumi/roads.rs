//! One declaration, every road: a document, a program of YAML, Node, Python, Go or Rust, and `keyloom pulumi` make the
//! objects that `keyloom render` prints, keep them, and remove them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::e2e::compare;
use crate::e2e::engines::Pulumi;
use crate::e2e::keyloom::Keyloom;
use crate::e2e::manifests::{self, Manifest};
use crate::e2e::process::Said;
use crate::e2e::pulumi::home::{Home, said};
use crate::e2e::pulumi::plugins;
use crate::e2e::pulumi::scene::{RENDER, Scene};
use crate::e2e::pulumi::sdks::Programs;
use crate::e2e::pulumi::stack::Stack;
use crate::{Result, root};

/// What is declared.
pub(super) const DOCUMENT: &str = "e2e/pulumi/keyloom.yaml";
/// What the engine says of a stack that is not as it should be.
const CHANGES: [&str; 4] = ["to create", "to update", "to delete", "to replace"];

/// Words of a command line: those before the verb, and what stands before those that are for Pulumi's command.
type Words = &'static [&'static str];

/// How a declaration gets to the engine.
enum Road<'a> {
    /// Pulumi's command runs it.
    Command(Stack<'a>),
    /// The program of a project runs Pulumi's command.
    Inline { stack: Stack<'a>, program: PathBuf, words: Words, separator: Words },
    /// So does this one, and it keeps its project to itself.
    Automation { home: &'a Home, program: PathBuf, args: Vec<PathBuf>, name: &'static str },
}

/// What roads start from.
struct Start<'a> {
    pulumi: &'a Pulumi,
    programs: &'a Programs,
    home: &'a Home,
}

const ROADS: [&str; 7] = ["yaml", "document", "node", "python", "go", "rust", "command"];

/// Takes every road that there is.
pub(super) fn run(
    pulumi: &Pulumi,
    programs: &Programs,
    keyloom: &Keyloom,
    scene: &mut Scene<'_>,
) -> Result<()> {
    let expected = by_title(manifests::parse(&keyloom.run(&root(), &["render", DOCUMENT], &[0])?)?);
    let start = Start { pulumi, programs, home: scene.home };
    for name in ROADS {
        let check = format!("road {name}");
        if !scene.selects(&check) {
            continue;
        }
        match start.road(name)? {
            Some(road) => scene.check(&check, |home| road.travel(home, name, &expected))?,
            None => scene.report.not_run(&format!("pulumi {check}"), "its SDK is not there")?,
        }
    }
    Ok(())
}

impl<'a> Start<'a> {
    /// The road of a name; none where its language is not here.
    fn road(&self, name: &'static str) -> Result<Option<Road<'a>>> {
        let home = self.home;
        let automation =
            |program: PathBuf, args: Vec<PathBuf>| Road::Automation { home, program, args, name };
        Ok(match name {
            "node" => self.programs.node.clone().map(|script| automation("node".into(), vec![script])),
            "python" => {
                let python = self.pulumi.python.join("bin/python");
                self.programs.python.clone().map(|script| automation(python, vec![script]))
            }
            "go" => self.programs.go.clone().map(|program| automation(program, Vec::new())),
            "rust" => {
                let stack = Stack::driven(home, name, "rust")?;
                Some(Road::Inline {
                    stack,
                    program: home.bin().join(plugins::RUST),
                    separator: &[],
                    words: &[],
                })
            }
            "command" => {
                let stack = Stack::driven(home, name, "keyloom")?;
                copy_document(&stack)?;
                Some(Road::Inline {
                    stack,
                    program: home.bin().join(plugins::COMMAND),
                    separator: &["--"],
                    words: &["pulumi"],
                })
            }
            "document" => {
                let stack = Stack::new(home, name, name)?;
                copy_document(&stack)?;
                Some(Road::Command(stack))
            }
            _ => Some(Road::Command(Stack::new(home, name, "roads")?)),
        })
    }
}

impl Road<'_> {
    /// There and back; every fault is a line.
    fn travel(&self, home: &Home, name: &str, expected: &BTreeMap<String, Value>) -> Result<Vec<String>> {
        let dir = home.folder(&format!("rendered/{name}"))?;
        self.render_to(&dir)?;
        let up = self.said("up", &dir)?;
        if up.code != Some(0) {
            return Ok(vec![up.all]);
        }
        let mut wrong = differences(expected, &by_title(manifests::read(&dir.join("1-manifest"))?));
        let again = self.said("preview", &dir)?;
        if again.code != Some(0) || CHANGES.iter().any(|words| again.all.contains(words)) {
            wrong.push(format!("a second preview is not empty:\n{}", again.all));
        }
        let destroyed = self.said("destroy", &dir)?;
        if destroyed.code != Some(0) {
            wrong.push(destroyed.all);
        }
        let left = manifests::read(&dir.join("1-manifest"))?;
        wrong.extend(left.iter().map(|object| format!("{} is left over", object.title())));
        Ok(wrong)
    }

    fn render_to(&self, dir: &Path) -> Result<()> {
        match self {
            Self::Command(stack) | Self::Inline { stack, .. } => stack.set(RENDER, &dir.to_string_lossy()),
            Self::Automation { .. } => Ok(()),
        }
    }

    fn said(&self, verb: &str, dir: &Path) -> Result<Said> {
        let sure: &[&str] = if verb == "preview" { &[] } else { &["--yes", "--skip-preview"] };
        match self {
            Self::Command(stack) => stack.said(&[&[verb], sure].concat()),
            Self::Inline { stack, program, words, separator } => {
                let mut command = stack.command(program);
                command.args(*words).args([verb, "--stack", "e2e"]);
                said(command.args(*separator).args(sure).args(["--non-interactive", "--color=never"]))
            }
            Self::Automation { home, program, args, name } => {
                let mut command: Command = home.command(program);
                let setting = format!("{RENDER}={}", dir.display());
                said(command.args(args).args([verb, name, &setting]))
            }
        }
    }
}

fn copy_document(stack: &Stack<'_>) -> Result<()> {
    fs::copy(root().join(DOCUMENT), stack.dir().join("keyloom.yaml"))?;
    Ok(())
}

/// Objects by what tells them apart.
fn by_title(manifests: Vec<Manifest>) -> BTreeMap<String, Value> {
    let title = |it: &Manifest| format!("{} {}/{}", it.kind(), it.namespace(), it.name());
    manifests.into_iter().map(|manifest| (title(&manifest), manifest.value)).collect()
}

/// Every difference, a line each.
fn differences(expected: &BTreeMap<String, Value>, found: &BTreeMap<String, Value>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (title, rendered) in expected {
        match found.get(title) {
            Some(object) => {
                let lines = compare::differences(rendered, object);
                wrong.extend(lines.iter().map(|line| format!("{title}: {line}")));
            }
            None => wrong.push(format!("{title} is missing")),
        }
    }
    let more = found.keys().filter(|title| !expected.contains_key(*title));
    wrong.extend(more.map(|title| format!("{title} is one too many")));
    wrong
}
