//! Projects with their environments, by slug and by id.

use serde_json::{Value, json};

use crate::auth::access;
use crate::error::Fault;
use crate::http::{Answer, Request};
use crate::seed::Access;
use crate::shared::Shared;
use crate::store::Project;
use crate::world::World;

/// How a project is called.
#[derive(Clone, Copy, Debug)]
pub(crate) enum By<'a> {
    Id(&'a str),
    Slug(&'a str),
}

/// `GET /api/v1/projects/{id}`, `GET /api/v1/projects/slug/{slug}`, and the older `GET /api/v1/workspace/{id}` and
/// `GET /api/v2/workspace/{slug}`; `key` is what the project stands under in the answer.
pub(crate) fn get(
    shared: &Shared,
    request: &Request,
    by: By<'_>,
    key: Option<&str>,
) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let number = match by {
        By::Id(id) => world.project_by_id(id)?,
        By::Slug(slug) => world.project_by_slug(slug)?,
    };
    let project = &world.projects[number];
    if !world.is_member(actor, project) {
        return Err(Fault::forbidden("Identity is not a member of this project"));
    }
    let shape = world.project_shape(project);
    Ok(Answer::ok(match key {
        Some(key) => json!({key: shape}),
        None => shape,
    }))
}

/// `GET /api/v1/projects` and the older `GET /api/v1/workspace`: those that the caller is a member of.
pub(crate) fn list(shared: &Shared, request: &Request, key: &str) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let mine = world.projects.iter().filter(|project| world.is_member(actor, project));
    let shapes: Value = mine.map(|project| world.project_shape(project)).collect();
    Ok(Answer::ok(json!({key: shapes})))
}

impl World {
    fn is_member(&self, actor: access::Actor, project: &Project) -> bool {
        let grants = &self.identities[actor.identity].grants;
        grants.iter().any(|grant| grant.project == project.slug && grant.access >= Access::Describe)
    }

    fn project_shape(&self, project: &Project) -> Value {
        let environments = project.environments.iter();
        let environments = environments.map(|it| json!({"id": it.id, "name": it.name, "slug": it.slug}));
        json!({
            "id": project.id,
            "_id": project.id,
            "name": project.name,
            "slug": project.slug,
            "type": "secret-manager",
            "orgId": self.organization,
            "environments": environments.collect::<Value>(),
        })
    }
}
