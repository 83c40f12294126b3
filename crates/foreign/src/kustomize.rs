//! Which files kustomize lays over others, and which objects look like it.

use std::collections::{BTreeMap, BTreeSet};

use keyloom_syntax::{FileId, Node, Sources, Tree};

/// Names that kustomize looks for.
const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The files that kustomizations of the set name as patches.
pub(crate) fn patches(sources: &Sources, tree: &Tree<'_>) -> BTreeSet<FileId> {
    let mut files: Option<BTreeMap<String, FileId>> = None;
    let mut patches = BTreeSet::new();
    for document in tree.documents() {
        if document
            .get("patches")
            .or(document.get("patchesStrategicMerge"))
            .or(document.get("patchesJson6902"))
            .is_none()
        {
            continue;
        }
        let Some(file) = sources.file_of(document.span()) else { continue };
        let (folder, name) = split(&sources.file(file).name);
        if !NAMES.contains(&name) {
            continue;
        }
        let files =
            files.get_or_insert_with(|| sources.files().map(|(id, file)| (normal(&file.name), id)).collect());
        for path in paths(document) {
            if let Some(id) = files.get(&normal(&format!("{folder}/{path}"))) {
                patches.insert(*id);
            }
        }
    }
    patches
}

/// Whether an object says itself that it is laid over another.
pub(crate) fn is_patch(object: Node<'_>) -> bool {
    let directive = |node: Node<'_>| node.get("$patch").is_some() || node.get("$retainKeys").is_some();
    directive(object) || object.get("spec").is_some_and(directive)
}

/// What a kustomization names as patches.
fn paths<'t>(kustomization: Node<'t>) -> impl Iterator<Item = &'t str> {
    let entries = ["patches", "patchesJson6902"].into_iter().filter_map(move |list| kustomization.get(list));
    let named = entries.flat_map(Node::items).filter_map(|patch| patch.get("path"));
    let strategic = kustomization.get("patchesStrategicMerge");
    named.chain(strategic.into_iter().flat_map(Node::items)).filter_map(Node::as_str)
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once(['/', '\\']).unwrap_or((".", path))
}

/// A path without `.` and, as far as they lead, without `..`.
fn normal(path: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split(['/', '\\']) {
        match step {
            "." => {}
            "" if !steps.is_empty() => {}
            ".." if steps.last().is_some_and(|last| !matches!(*last, ".." | "")) => _ = steps.pop(),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyloom_syntax::{Budget, parse};

    #[test]
    fn paths_are_brought_into_one_form() {
        for (path, expected) in [
            ("./a/b.yaml", "a/b.yaml"),
            ("a/./b//../c.yaml", "a/c.yaml"),
            ("../x/../y.yaml", "../y.yaml"),
            ("../../a", "../../a"),
            ("/a/../b", "/b"),
            ("a\\b.yaml", "a/b.yaml"),
        ] {
            assert_eq!(normal(path), expected, "{path}");
        }
    }

    #[test]
    fn a_kustomization_names_its_patches() {
        let mut sources = Sources::new();
        let kustomization = "patches: [{path: p/a.yaml}, {patch: '- op: x'}]\npatchesStrategicMerge: [../b.yaml, 'kind: X']\npatchesJson6902: [{path: c.yaml, target: {}}]";
        for (name, text) in [
            ("env/prod/kustomization.yaml", kustomization),
            ("env/prod/p/a.yaml", "a: 1"),
            ("env/b.yaml", "a: 1"),
            ("env/prod/c.yaml", "- a"),
            ("env/prod/d.yaml", "a: 1"),
            ("env/prod/other.yaml", "patches: [{path: d.yaml}]"),
        ] {
            sources.add(name, text.to_owned()).unwrap();
        }
        let (tree, _) = parse(&sources, &Budget::default());
        let names: Vec<_> =
            patches(&sources, &tree).into_iter().map(|id| sources.file(id).name.as_str()).collect();
        assert_eq!(names, ["env/prod/p/a.yaml", "env/b.yaml", "env/prod/c.yaml"]);
    }
}
