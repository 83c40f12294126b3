//! [`Set`]: all objects of all files.

use std::collections::{BTreeMap, BTreeSet};

use keyloom_syntax::{Diagnostic, FileId, Node, Sources, Span, Tree};
use keyloom_upstream::eso::{EsoVersion, Kind};

use crate::object::{Object, Role, Sort, known};
use crate::{kustomize, templated};

/// All objects of all files, in their order.
#[derive(Debug, Default)]
pub struct Set<'t> {
    /// The objects.
    pub objects: Vec<Object<'t>>,
    /// Files that are text for a template engine, with the place that says so.
    pub templated: BTreeMap<FileId, Span>,
    /// Which objects of the operator there are, by kind, namespace and name; patches are not among them.
    index: BTreeMap<(Kind, Option<&'t str>, &'t str), Vec<usize>>,
    /// Objects that a patch of the set completes, by kind and name.
    patched: BTreeSet<(Kind, &'t str)>,
}

impl<'t> Set<'t> {
    /// The objects of a tree. `problems` are those of reading it; files in which something was wrong and which are
    /// written for a template engine are set aside.
    pub fn of(eso: EsoVersion, sources: &'t Sources, tree: &'t Tree<'t>, problems: &[Diagnostic]) -> Self {
        let templated = templated::files(sources, problems);
        let patches = kustomize::patches(sources, tree);
        let mut objects = Vec::new();
        for document in tree.documents() {
            let Some(file) = sources.file_of(document.span()) else { continue };
            if !templated.contains_key(&file) {
                add(eso, document, file, &patches, &mut objects);
            }
        }
        let mut index: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (at, object) in objects.iter().enumerate().filter(|(_, object)| object.is_whole()) {
            if let (Some(kind), Some(name)) = (object.eso(), object.name()) {
                index.entry((kind, object.namespace(), name)).or_default().push(at);
            }
        }
        let patches = objects.iter().filter(|object| !object.is_whole());
        let patched = patches.filter_map(|object| Some((object.eso()?, object.name()?))).collect();
        Self { objects, templated, index, patched }
    }

    /// Whether a patch of the set is laid over the object, which may say what it lacks.
    pub fn is_patched(&self, object: &Object<'_>) -> bool {
        let identity = object.eso().zip(object.name());
        identity.is_some_and(|(kind, name)| self.patched.contains(&(kind, name)))
    }

    /// The objects of the operator.
    pub fn eso(&self) -> impl Iterator<Item = &Object<'t>> {
        self.objects.iter().filter(|object| object.sort != Sort::Other)
    }

    /// The objects of that kind and name which say that namespace, or none.
    pub fn find<'s>(
        &'s self,
        kind: Kind,
        namespace: Option<&'s str>,
        name: &'s str,
    ) -> impl Iterator<Item = &'s Object<'t>> {
        let found = self.index.get(&(kind, namespace, name));
        found.into_iter().flatten().filter_map(|at| self.objects.get(*at))
    }

    /// Every kind, namespace and name there is.
    pub fn keys(&self) -> impl Iterator<Item = (Kind, Option<&'t str>, &'t str)> {
        self.index.keys().copied()
    }

    /// Every kind, namespace and name there is, with its objects.
    pub fn identities(&self) -> impl Iterator<Item = (Kind, Option<&'t str>, &'t str, Vec<&Object<'t>>)> {
        self.index.iter().map(|((kind, namespace, name), at)| {
            (*kind, *namespace, *name, at.iter().filter_map(|at| self.objects.get(*at)).collect())
        })
    }
}

/// Adds an object, or those of a list.
fn add<'t>(
    eso: EsoVersion,
    node: Node<'t>,
    file: FileId,
    patches: &BTreeSet<FileId>,
    objects: &mut Vec<Object<'t>>,
) {
    let is_list = node.get("kind").and_then(known).is_some_and(|kind| kind.ends_with("List"));
    match node.get("items") {
        Some(items) if is_list => {
            objects.extend(items.items().map(|item| Object::of(eso, item, file, Role::Item)));
        }
        _ => {
            let patch = patches.contains(&file) || kustomize::is_patch(node);
            objects.push(Object::of(eso, node, file, if patch { Role::Patch } else { Role::Manifest }));
        }
    }
}
