//! Imported folders: of several, the last one wins, and what lies in the folder itself wins over all.

use std::collections::BTreeSet;

use super::shape::Place;
use crate::store::{Folder, Project, Secret};

/// How deep imports of imports are looked into.
const DEPTH: usize = 10;

/// A secret by its name, as the server finds it: in the folder, else in its imports from the last to the first.
pub(crate) fn find<'a>(
    project: &'a Project,
    environment: &'a str,
    path: &'a str,
    key: &str,
) -> Option<(Place<'a>, &'a Secret)> {
    search(project, environment, path, key, &mut BTreeSet::new(), DEPTH)
}

fn search<'a>(
    project: &'a Project,
    environment: &str,
    path: &str,
    key: &str,
    seen: &mut BTreeSet<(String, String)>,
    depth: usize,
) -> Option<(Place<'a>, &'a Secret)> {
    let (place, folder) = place(project, environment, path)?;
    if let Some(secret) = folder.secrets.get(key) {
        return Some((place, secret));
    }
    if depth == 0 || !seen.insert((environment.to_owned(), path.to_owned())) {
        return None;
    }
    let mut imports = folder.imports.iter().rev();
    imports.find_map(|import| search(project, &import.environment, &import.path, key, seen, depth - 1))
}

/// An imported folder and all that is seen through it, what is nearer before what is farther.
pub(crate) struct Imported<'a> {
    pub(crate) place: Place<'a>,
    pub(crate) folder: &'a Folder,
    pub(crate) secrets: Vec<(Place<'a>, &'a str, &'a Secret)>,
}

/// Imports of a folder in their order; those that lead nowhere are left out.
pub(crate) fn of<'a>(project: &'a Project, environment: &'a str, path: &'a str) -> Vec<Imported<'a>> {
    let mut seen = BTreeSet::from([(environment.to_owned(), path.to_owned())]);
    deep(project, environment, path, &mut seen, DEPTH)
}

fn deep<'a>(
    project: &'a Project,
    environment: &str,
    path: &str,
    seen: &mut BTreeSet<(String, String)>,
    depth: usize,
) -> Vec<Imported<'a>> {
    let Some((_, folder)) = place(project, environment, path).filter(|_| depth > 0) else {
        return Vec::new();
    };
    let mut imported = Vec::new();
    for import in &folder.imports {
        let Some((place, folder)) = place(project, &import.environment, &import.path) else { continue };
        if !seen.insert((import.environment.clone(), import.path.clone())) {
            continue;
        }
        let mut secrets: Vec<_> =
            folder.secrets.iter().map(|(key, secret)| (place, key.as_str(), secret)).collect();
        for farther in deep(project, &import.environment, &import.path, seen, depth - 1) {
            secrets.extend(farther.secrets);
        }
        imported.push(Imported { place, folder, secrets });
    }
    imported
}

fn place<'a>(project: &'a Project, environment: &str, path: &str) -> Option<(Place<'a>, &'a Folder)> {
    let environment = project.environment(environment)?;
    let (path, folder) = environment.folders.get_key_value(path)?;
    Some((Place { project, environment: &environment.slug, path }, folder))
}
