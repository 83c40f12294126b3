//! What linters say of the workflows, and of the scripts in them.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::e2e::engines::Workflows;
use crate::e2e::keyloom::Keyloom;
use crate::e2e::manifests::sorted;
use crate::e2e::options::Options;
use crate::e2e::report::Report;
use crate::{Result, root};

/// The scripts that stand inside of others, where no linter of workflows looks.
const SCRIPTS: &str = "crates/codegen/src/workflow";
/// Documents besides those of examples.
const DOCUMENTS: &str = "crates/codegen/tests/data/workflow";

pub(super) fn run(
    programs: &Workflows,
    keyloom: &Keyloom,
    options: &Options,
    report: &mut Report,
) -> Result<()> {
    for document in documents()? {
        let dir = tempfile::tempdir()?;
        let (out, document) = (dir.path().display().to_string(), shown(&document));
        keyloom.run(&root(), &["render", "--format", "workflow", "--out", &out, &document], &[0])?;
        for file in of_kind(&dir.path().join(".github/workflows"), "yml")? {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            workflow(&format!("{document}: {name}"), &file, programs, options, report)?;
        }
    }
    for file in of_kind(&root().join(SCRIPTS), "sh")? {
        let mut shellcheck = Command::new(&programs.shellcheck);
        shellcheck.args(["--shell", "bash", "--severity", "style"]).arg(&file);
        check(&format!("pipelines shellcheck {}", shown(&file)), shellcheck, options, report)?;
    }
    Ok(())
}

fn workflow(
    name: &str,
    file: &Path,
    programs: &Workflows,
    options: &Options,
    report: &mut Report,
) -> Result<()> {
    let mut actionlint = Command::new(&programs.actionlint);
    actionlint.args(["-no-color", "-pyflakes=", "-shellcheck"]).arg(&programs.shellcheck).arg(file);
    check(&format!("pipelines actionlint {name}"), actionlint, options, report)?;
    let mut zizmor = Command::new(&programs.zizmor);
    zizmor.args(["--offline", "--no-progress", "--color", "never", "--persona", "pedantic"]).arg(file);
    check(&format!("pipelines zizmor {name}"), zizmor, options, report)
}

/// Its path in the repository.
fn shown(file: &Path) -> String {
    file.strip_prefix(root()).unwrap_or(file).display().to_string()
}

fn check(name: &str, mut command: Command, options: &Options, report: &mut Report) -> Result<()> {
    if !options.selects(name) {
        return Ok(());
    }
    let output = command.current_dir(root()).output().map_err(|error| format!("{name}: {error}"))?;
    let words = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    report.settle(name, if output.status.success() { &[] } else { std::slice::from_ref(&words) })
}

/// Every document that has a pipeline.
fn documents() -> Result<Vec<PathBuf>> {
    let mut documents = of_kind(&root().join(DOCUMENTS), "yaml")?;
    let folders = sorted(&root().join("examples"))?;
    let with_workflow = folders.into_iter().filter(|folder| folder.join("workflow.yml").is_file());
    documents.extend(with_workflow.map(|folder| folder.join("keyloom.yaml")));
    Ok(documents)
}

fn of_kind(dir: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let files = sorted(dir)?;
    Ok(files.into_iter().filter(|file| file.extension().is_some_and(|it| it == extension)).collect())
}
