//! Folders.

use serde_json::{Value, json};

use crate::auth::access;
use crate::error::Fault;
use crate::fields::Fields;
use crate::http::{Answer, Request};
use crate::seed::Access;
use crate::shared::Shared;
use crate::store::{Environment, Folder, normal};
use crate::world::World;

/// A place that is asked for: the number of the project, the environment, the path.
struct Asked {
    project: usize,
    environment: String,
    path: String,
}

impl Asked {
    /// `project` is how the project is called: `workspaceId` by version 1, `projectId` by version 2.
    fn read(world: &World, fields: &mut Fields, project: &str) -> Result<Self, Fault> {
        // Newer servers take the newer name in version 1 too.
        let name = if fields.get(project).is_some() { project } else { "projectId" };
        let (id, environment) = (fields.text(name), fields.text("environment"));
        let path = fields.optional("path").or_else(|| fields.optional("directory")).unwrap_or_default();
        std::mem::take(fields).close()?;
        Ok(Self { project: world.project_by_id(&id)?, environment, path: normal(&path) })
    }
}

/// `GET /api/v1/folders` and `GET /api/v2/folders`: those in a folder, or all below it.
pub(crate) fn list(shared: &Shared, request: &Request) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let mut fields = request.parameters();
    let recursive = fields.flag("recursive", false);
    let asked = Asked::read(world, &mut fields, "workspaceId")?;
    let project = &world.projects[asked.project];
    // Whoever is a member sees folders.
    world.access(actor, project, &asked.environment, &asked.path)?;
    project.folder(&asked.environment, &asked.path)?;
    let environment = project.environment(&asked.environment);
    let mut folders = Vec::new();
    for (path, folder) in environment.into_iter().flat_map(|it| &it.folders) {
        let Some(below) = below(&asked.path, path) else { continue };
        if recursive || !below.contains('/') {
            let mut shape = shape(environment, path, folder);
            if recursive {
                shape["relativePath"] = format!("/{below}").into();
            }
            folders.push(shape);
        }
    }
    Ok(Answer::ok(json!({"folders": folders})))
}

/// `POST /api/v1/folders` and `POST /api/v2/folders`.
pub(crate) fn create(shared: &Shared, request: &Request) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let mut fields = request.json()?;
    let name = fields.text("name");
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if name.is_empty() || !name.bytes().all(legal) {
        fields.complain(
            "name",
            "Invalid folder name. Only alphanumeric characters, dashes, and underscores are allowed.",
        );
    }
    let asked = Asked::read(world, &mut fields, "workspaceId")?;
    let project = &world.projects[asked.project];
    let place = (asked.environment.as_str(), asked.path.as_str());
    world.require(actor, project, place, Access::Write, ("create", "secret-folders"))?;
    let project = &mut world.projects[asked.project];
    let environment = project.environments.iter_mut().find(|it| it.slug == asked.environment);
    let missing = || Fault::not_found(format!("Environment with slug '{}' not found", asked.environment));
    let environment = environment.ok_or_else(missing)?;
    let path = normal(&format!("{}/{name}", asked.path));
    if environment.folders.contains_key(&path) {
        return Err(Fault::bad_request(format!(
            "Folder with name '{name}' already exists in path '{}'",
            asked.path
        )));
    }
    let folder = environment.make_folder(&path).clone();
    Ok(Answer::ok(json!({"folder": shape(Some(&*environment), &path, &folder)})))
}

/// `DELETE /api/v1/folders/{folderIdOrName}` and the same of version 2, with all that lies in it.
pub(crate) fn delete(shared: &Shared, request: &Request, which: &str) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let asked = Asked::read(world, &mut request.json()?, "workspaceId")?;
    let project = &world.projects[asked.project];
    let place = (asked.environment.as_str(), asked.path.as_str());
    world.require(actor, project, place, Access::Write, ("delete", "secret-folders"))?;
    project.folder(place.0, place.1)?;
    let environment =
        world.projects[asked.project].environments.iter_mut().find(|it| it.slug == asked.environment);
    let missing = || Fault::not_found(format!("Folder with ID or name '{which}' not found"));
    let environment = environment.ok_or_else(missing)?;
    let named = normal(&format!("{}/{which}", asked.path));
    let mut paths = environment.folders.iter().filter(|(path, _)| *path != "/");
    let found = paths.find(|(path, folder)| **path == named || folder.id == which);
    let (path, folder) = found.map(|(path, folder)| (path.clone(), folder.clone())).ok_or_else(missing)?;
    let shape = shape(Some(&*environment), &path, &folder);
    environment.folders.retain(|other, _| *other != path && below(&path, other).is_none());
    Ok(Answer::ok(json!({"folder": shape})))
}

/// What of a path lies behind a folder.
fn below<'a>(folder: &str, path: &'a str) -> Option<&'a str> {
    let rest = if folder == "/" { path } else { path.strip_prefix(folder)? };
    rest.strip_prefix('/').filter(|rest| !rest.is_empty())
}

fn shape(environment: Option<&Environment>, path: &str, folder: &Folder) -> Value {
    let (_, name) = path.rsplit_once('/').unwrap_or_default();
    json!({"id": folder.id, "name": name, "path": path, "envId": environment.map(|it| &it.id), "isReserved": false})
}
