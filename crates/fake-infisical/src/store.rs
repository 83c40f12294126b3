//! Projects while the server runs: every secret with its version, every folder with its id.

use std::collections::BTreeMap;

use crate::error::Fault;
use crate::id;
use crate::seed::{self, Hidden, Metadata, Tag};

/// A project.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    pub(crate) id: String,
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) environments: Vec<Environment>,
}

/// An environment.
#[derive(Clone, Debug)]
pub(crate) struct Environment {
    pub(crate) id: String,
    pub(crate) slug: String,
    pub(crate) name: String,
    /// By their paths, which begin with a slash and end without one; the root is `/`.
    pub(crate) folders: BTreeMap<String, Folder>,
}

/// A folder.
#[derive(Clone, Debug, Default)]
pub(crate) struct Folder {
    pub(crate) id: String,
    pub(crate) secrets: BTreeMap<String, Secret>,
    pub(crate) imports: Vec<seed::Import>,
}

/// A secret.
#[derive(Clone, Debug)]
pub(crate) struct Secret {
    pub(crate) id: String,
    pub(crate) version: u32,
    pub(crate) value: Hidden,
    pub(crate) comment: String,
    pub(crate) tags: Vec<Tag>,
    pub(crate) metadata: Vec<Metadata>,
    pub(crate) rotation_id: Option<String>,
    pub(crate) created: i64,
    pub(crate) updated: i64,
}

impl Project {
    pub(crate) fn new(project: seed::Project, now: i64) -> Self {
        let seed::Project { slug, name, id, environments } = project;
        let id = id.unwrap_or_else(|| id::uuid(&format!("project/{slug}")));
        let environments = environments.into_iter().map(|it| Environment::new(it, &id, now)).collect();
        Self { name: name.unwrap_or_else(|| slug.clone()), id, slug, environments }
    }

    /// # Errors
    /// 404; an environment that is not there looks like a folder that is not.
    pub(crate) fn folder(&self, environment: &str, path: &str) -> Result<&Folder, Fault> {
        let environment_ = self.environments.iter().find(|it| it.slug == environment);
        let folder = environment_.and_then(|it| it.folders.get(path));
        folder.ok_or_else(|| no_folder(environment, path))
    }

    /// # Errors
    /// 404, as [`Project::folder`].
    pub(crate) fn folder_mut(&mut self, environment: &str, path: &str) -> Result<&mut Folder, Fault> {
        let found = self.environments.iter_mut().find(|it| it.slug == environment);
        found.and_then(|it| it.folders.get_mut(path)).ok_or_else(|| no_folder(environment, path))
    }

    pub(crate) fn environment(&self, slug: &str) -> Option<&Environment> {
        self.environments.iter().find(|it| it.slug == slug)
    }
}

fn no_folder(environment: &str, path: &str) -> Fault {
    Fault::not_found(format!("Folder with path '{path}' in environment with slug '{environment}' not found"))
}

impl Environment {
    fn new(environment: seed::Environment, project: &str, now: i64) -> Self {
        let seed::Environment { slug, name, folders } = environment;
        let mut made = Self {
            id: id::uuid(&format!("environment/{project}/{slug}")),
            name: name.unwrap_or_else(|| slug.clone()),
            slug,
            folders: BTreeMap::new(),
        };
        made.make_folder("/");
        for (path, folder) in folders {
            let path = normal(&path);
            let seed::Folder { secrets, imports } = folder;
            let place = format!("{}{path}", made.id);
            let kept = made.make_folder(&path);
            kept.imports.extend(imports);
            for (key, secret) in secrets {
                let id = id::uuid(&format!("secret/{place}/{key}"));
                kept.secrets.insert(key, Secret::new(id, secret, now));
            }
        }
        made
    }

    /// A folder, made with those above it unless it is there.
    pub(crate) fn make_folder(&mut self, path: &str) -> &mut Folder {
        let ends = path.match_indices('/').map(|(at, _)| at).filter(|at| *at > 0);
        for end in ends {
            self.folders.entry(path[..end].to_owned()).or_insert_with(|| folder(&self.id, &path[..end]));
        }
        self.folders.entry(path.to_owned()).or_insert_with(|| folder(&self.id, path))
    }
}

fn folder(environment: &str, path: &str) -> Folder {
    Folder { id: id::uuid(&format!("folder/{environment}/{path}")), ..Folder::default() }
}

impl Secret {
    pub(crate) fn new(id: String, secret: seed::Secret, now: i64) -> Self {
        let seed::Secret { value, comment, tags, metadata, rotation_id } = secret;
        Self { id, version: 1, value, comment, tags, metadata, rotation_id, created: now, updated: now }
    }
}

/// A path as it is kept: a slash before every part, and none behind.
pub(crate) fn normal(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_above_are_made_too() {
        let environment = seed::Environment::new("dev").folder("/a/b/", &[("K", "v")]);
        let environment = Environment::new(environment, "p", 0);
        assert_eq!(environment.folders.keys().collect::<Vec<_>>(), ["/", "/a", "/a/b"]);
        assert_eq!(environment.folders["/a/b"].secrets["K"].value.expose(), "v");
        assert_eq!((normal(""), normal("a//b/")), ("/".to_owned(), "/a/b".to_owned()));
    }
}
