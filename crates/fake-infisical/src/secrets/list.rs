//! All secrets of a folder, and if asked for, of those below it and of its imports.

use serde_json::{Value, json};

use super::expand::expand;
use super::imports;
use super::query::{Api, Query};
use super::shape::{self, Place};
use crate::auth::access::{self, Actor};
use crate::error::Fault;
use crate::http::{Answer, Request};
use crate::seed::Access;
use crate::shared::Shared;
use crate::store::Secret;
use crate::world::World;

/// How many folders below the one that is asked for are looked into.
const DEPTH: usize = 20;

/// `GET /api/v4/secrets` and `GET /api/v3/secrets/raw`.
pub(crate) fn list(shared: &Shared, request: &Request, api: Api) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let query = Query::read(world, &mut request.parameters(), api)?;
    let secrets = world.secrets(actor, &query)?;
    let mut body = json!({"secrets": secrets});
    if query.imports {
        body["imports"] = world.imports(actor, &query)?;
    }
    Ok(Answer::ok(body))
}

impl World {
    fn secrets(&self, actor: Actor, query: &Query) -> Result<Value, Fault> {
        let project = &self.projects[query.project];
        let environment = query.environment.as_str();
        let access = self.access(actor, project, environment, &query.path)?;
        project.folder(environment, &query.path)?;
        // Below a folder that is closed there may be open ones.
        if !query.recursive {
            let place = (environment, query.path.as_str());
            self.require(actor, project, place, Access::Describe, ("describeSecret", "secrets"))?;
        }
        let folders = project.environment(environment).into_iter().flat_map(|it| &it.folders);
        let mut secrets = Vec::new();
        for (path, folder) in folders.filter(|(path, _)| reaches(query, path)) {
            let access =
                if *path == query.path { access } else { self.access(actor, project, environment, path)? };
            let Some(access) = access else { continue };
            let place = Place { project, environment, path };
            let fitting = folder.secrets.iter().filter(|(_, secret)| fits(query, secret));
            secrets.extend(fitting.map(|(key, secret)| shown(place, key, secret, query, access)));
        }
        Ok(secrets.into())
    }

    fn imports(&self, actor: Actor, query: &Query) -> Result<Value, Fault> {
        let project = &self.projects[query.project];
        let mut shown_imports = Vec::new();
        for imported in imports::of(project, &query.environment, &query.path) {
            let Place { environment, path, .. } = imported.place;
            let mut secrets = Vec::new();
            for (place, key, secret) in imported.secrets {
                if let Some(access) = self.access(actor, project, place.environment, place.path)? {
                    let mut secret = shown(place, key, secret, query, access);
                    if let Some(secret) = secret.as_object_mut() {
                        secret.shift_remove("createdAt");
                        secret.shift_remove("updatedAt");
                    }
                    secrets.push(secret);
                }
            }
            shown_imports.push(json!({
                "secretPath": path, "environment": environment,
                "folderId": imported.folder.id, "secrets": secrets,
            }));
        }
        Ok(shown_imports.into())
    }
}

/// Whether a folder is one that is asked for.
fn reaches(query: &Query, path: &str) -> bool {
    let below = if query.path == "/" { path } else { path.strip_prefix(&query.path).unwrap_or("no") };
    let depth = below.matches('/').count();
    path == query.path || (query.recursive && below.starts_with('/') && depth <= DEPTH)
}

fn fits(query: &Query, secret: &Secret) -> bool {
    let tagged = query.tags.is_empty() || secret.tags.iter().any(|tag| query.tags.contains(&tag.slug));
    let has = |(key, value): &(String, String)| {
        secret.metadata.iter().any(|it| it.key == *key && it.value == *value)
    };
    tagged && query.metadata.iter().all(has)
}

/// A secret, with as much of it as the caller may see and wants to.
pub(super) fn shown(place: Place<'_>, key: &str, secret: &Secret, query: &Query, access: Access) -> Value {
    if access < Access::Read || !query.view_value {
        return shape::secret(place, key, secret, None);
    }
    let value = secret.value.expose();
    let value = match query.expand {
        true => expand(place.project, place.environment, place.path, value),
        false => value.to_owned(),
    };
    shape::secret(place, key, secret, Some(&value))
}
