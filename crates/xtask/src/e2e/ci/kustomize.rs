//! `kustomize build` of what `render --out --kustomization` writes gives the objects that `render` prints.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::Result;
use crate::e2e::documents::{self, Document};
use crate::e2e::engines::Tools;
use crate::e2e::keyloom::Keyloom;
use crate::e2e::manifests::{self, Manifest};
use crate::e2e::options::Options;
use crate::e2e::report::Report;

/// The example whose tree is committed, its environment and the tree.
const COMMITTED: [&str; 3] = ["examples/gitops/keyloom.yaml", "prod", "examples/gitops/deploy/prod"];

pub(super) fn run(tools: &Tools, keyloom: &Keyloom, options: &Options, report: &mut Report) -> Result<()> {
    let root = crate::root();
    let [document, environment, tree] = COMMITTED;
    let check = format!("ci kustomize {tree}");
    if options.selects(&check) {
        let wrong = built(tools, keyloom, &root.join(document), Some(environment), &root.join(tree))?;
        report.settle(&check, &wrong)?;
    }
    // The other documents hold what nobody writes by hand, such as control characters, which kustomize refuses.
    let examples =
        documents::all(&root)?.into_iter().filter(|document| document.title.starts_with("examples/"));
    for Document { path, environment, title, .. } in examples {
        let check = format!("ci kustomize {title}");
        if options.selects(&check) {
            report.conclude(&check, rendered(tools, keyloom, &path, environment.as_deref()))?;
        }
    }
    Ok(())
}

/// What is different where a document is rendered anew.
fn rendered(
    tools: &Tools,
    keyloom: &Keyloom,
    document: &Path,
    environment: Option<&str>,
) -> Result<Vec<String>> {
    let dir = tempfile::tempdir()?;
    let mut args = vec!["render", "--kustomization", "--out", text(dir.path())?];
    args.extend(environment.into_iter().flat_map(|name| ["--env", name]));
    args.push(text(document)?);
    keyloom.run(&crate::root(), &args, &[0])?;
    built(tools, keyloom, document, environment, dir.path())
}

fn text(path: &Path) -> Result<&str> {
    Ok(path.to_str().ok_or("a path is not UTF-8")?)
}

/// What is different between the objects of a tree and those that are printed.
fn built(
    tools: &Tools,
    keyloom: &Keyloom,
    document: &Path,
    environment: Option<&str>,
    tree: &Path,
) -> Result<Vec<String>> {
    let mut args = vec!["render", text(document)?];
    args.extend(environment.into_iter().flat_map(|name| ["--env", name]));
    let printed = manifests::parse(&keyloom.run(&crate::root(), &args, &[0])?)?;
    let output = Command::new(&tools.kustomize).arg("build").arg(tree.join("kubernetes")).output()?;
    if !output.status.success() {
        return Ok(vec![String::from_utf8_lossy(&output.stderr).into_owned()]);
    }
    let built = manifests::parse(&String::from_utf8(output.stdout)?)?;
    let mut wrong = difference(&printed, &built, "is not built");
    wrong.extend(difference(&built, &printed, "is not printed"));
    if printed.is_empty() {
        wrong.push("nothing was rendered".to_owned());
    }
    Ok(wrong)
}

/// The objects that are in the first alone.
fn difference(all: &[Manifest], there: &[Manifest], words: &str) -> Vec<String> {
    let values: Vec<&Value> = there.iter().map(|manifest| &manifest.value).collect();
    let missing = all.iter().filter(|manifest| !values.contains(&&manifest.value));
    missing.map(|manifest| format!("{} {words}", manifest.title())).collect()
}
