//! One secret, by its name or its id.

use serde_json::json;

use super::imports;
use super::list::shown;
use super::query::{Api, Query};
use super::shape::Place;
use crate::auth::access::{self, Actor};
use crate::error::Fault;
use crate::http::{Answer, Request};
use crate::seed::Access;
use crate::shared::Shared;
use crate::world::World;

/// `GET /api/v4/secrets/{secretName}` and `GET /api/v3/secrets/raw/{secretName}`.
pub(crate) fn by_name(shared: &Shared, request: &Request, api: Api, name: &str) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let mut fields = request.parameters();
    let version = fields.optional("version").filter(|text| !text.is_empty());
    let query = Query::read(world, &mut fields, api)?;
    world.named(actor, &query, name, version.as_deref())
}

/// `GET /api/v4/secrets/id/{secretId}`.
pub(crate) fn by_id(shared: &Shared, request: &Request, id: &str) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let (project, environment, path, key) =
        world.place_of(id).ok_or_else(|| Fault::not_found(format!("Secret with ID '{id}' not found")))?;
    let query = Query {
        project,
        environment,
        path,
        view_value: true,
        expand: false,
        recursive: false,
        imports: false,
        tags: Vec::new(),
        metadata: Vec::new(),
    };
    world.named(actor, &query, &key, None)
}

impl World {
    fn named(&self, actor: Actor, query: &Query, name: &str, version: Option<&str>) -> Result<Answer, Fault> {
        let project = &self.projects[query.project];
        let (environment, path) = (query.environment.as_str(), query.path.as_str());
        self.access(actor, project, environment, path)?;
        let folder = project.folder(environment, path)?;
        let access = self.require(
            actor,
            project,
            (environment, path),
            Access::Describe,
            ("describeSecret", "secrets"),
        )?;
        let here = Place { project, environment, path };
        let found = match query.imports {
            true => imports::find(project, environment, path, name),
            false => folder.secrets.get(name).map(|secret| (here, secret)),
        };
        let asked =
            |secret: &&crate::store::Secret| version.is_none_or(|it| it == secret.version.to_string());
        let found = found.filter(|(_, secret)| asked(secret));
        let (place, secret) =
            found.ok_or_else(|| Fault::not_found(format!("Secret with name '{name}' not found")))?;
        let access = match (place.environment, place.path) == (environment, path) {
            true => Some(access),
            false => self.access(actor, project, place.environment, place.path)?,
        };
        match access {
            Some(access) if access >= Access::Read || !query.view_value => {
                Ok(Answer::ok(json!({"secret": shown(place, name, secret, query, access)})))
            }
            Some(_) | None => Err(Fault::hidden_value(name)),
        }
    }

    /// Project, environment, path and key of a secret.
    fn place_of(&self, id: &str) -> Option<(usize, String, String, String)> {
        for (number, project) in self.projects.iter().enumerate() {
            for environment in &project.environments {
                for (path, folder) in &environment.folders {
                    if let Some((key, _)) = folder.secrets.iter().find(|(_, secret)| secret.id == id) {
                        return Some((number, environment.slug.clone(), path.clone(), key.clone()));
                    }
                }
            }
        }
        None
    }
}
