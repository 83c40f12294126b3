//! The configuration of app connections.

use serde_json::{Map, Value, json};

use super::{Connection, catalogue};
use crate::auth::access::{self, Actor};
use crate::error::Fault;
use crate::fields::Fields;
use crate::http::{Answer, Request};
use crate::seed::{Access, Role};
use crate::shared::Shared;
use crate::world::World;

const SUBJECT: &str = "app-connections";

/// How a connection is called.
#[derive(Clone, Copy, Debug)]
pub(crate) enum By<'a> {
    Id(&'a str),
    Name(&'a str),
}

/// `GET /api/v1/app-connections` and `GET /api/v1/app-connections/{app}`; of those that are `available` little is said.
pub(crate) fn list(
    shared: &Shared,
    request: &Request,
    app: Option<&str>,
    available: bool,
) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let project = request.parameters().optional("projectId");
    let wanted = |it: &&Connection| {
        app.is_none_or(|app| it.app == app) && (project.is_none() || it.project == project)
    };
    let mut found: Vec<&Connection> = world.connections.iter().filter(wanted).collect();
    found.retain(|it| world.may_use(actor, it.project.as_deref(), Role::Member, "read").is_ok());
    if found.is_empty() {
        world.may_use(actor, project.as_deref(), Role::Member, "read")?;
    }
    found.sort_by_key(|it| it.name.to_lowercase());
    let shape = |it: &Connection| match available {
        true => json!({"app": it.app, "name": it.name, "id": it.id, "projectId": it.project}),
        false => world.connection_shape(it),
    };
    let shapes: Value = found.into_iter().map(shape).collect();
    Ok(Answer::ok(json!({"appConnections": shapes})))
}

/// `GET /api/v1/app-connections/options`.
pub(crate) fn options(shared: &Shared, request: &Request) -> Result<Answer, Fault> {
    access::admit(&mut shared.world(), request, shared.clock.now())?;
    let mut apps: Vec<Value> = Vec::new();
    for method in catalogue::METHODS {
        match apps.last_mut().filter(|it| it["app"] == method.app).and_then(|it| it["methods"].as_array_mut())
        {
            Some(methods) => methods.push(method.name.into()),
            None => apps.push(json!({"name": method.app, "app": method.app, "methods": [method.name]})),
        }
    }
    Ok(Answer::ok(json!({"appConnectionOptions": apps})))
}

/// `GET /api/v1/app-connections/{app}/{id}` and `GET .../connection-name/{name}`.
pub(crate) fn get(shared: &Shared, request: &Request, app: &str, by: By<'_>) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let project = request.parameters().optional("projectId");
    let number = world.connection(app, by, project.as_deref())?;
    let connection = &world.connections[number];
    world.may_use(actor, connection.project.as_deref(), Role::Member, "read")?;
    Ok(Answer::ok(json!({"appConnection": world.connection_shape(connection)})))
}

/// `POST /api/v1/app-connections/{app}`.
pub(crate) fn create(shared: &Shared, request: &Request, app: &str) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let mut fields = request.json()?;
    let name = slug(&mut fields, 64);
    let method = fields.text("method");
    let credentials = credentials(&mut fields, app, &method);
    let connection = Connection {
        id: String::new(),
        name: name.clone(),
        description: description(&mut fields),
        app: app.to_owned(),
        method,
        credentials,
        project: fields.optional("projectId"),
        gateway: fields.optional("gatewayId"),
        platform_managed: fields.flag("isPlatformManagedCredentials", false),
        version: 1,
        created: now,
        updated: now,
    };
    fields.close()?;
    if let Some(project) = &connection.project {
        world.project_by_id(project)?;
    }
    world.may_use(actor, connection.project.as_deref(), Role::Admin, "create")?;
    world.try_credentials()?;
    if world.connections.iter().any(|it| it.name == name && it.project == connection.project) {
        return Err(Fault::bad_request(format!("An App Connection with the name \"{name}\" already exists")));
    }
    let connection = Connection { id: world.fresh_id("connection"), ..connection };
    let shape = world.connection_shape(&connection);
    world.connections.push(connection);
    Ok(Answer::ok(json!({"appConnection": shape})))
}

/// `PATCH /api/v1/app-connections/{app}/{id}`; the method cannot change.
pub(crate) fn update(shared: &Shared, request: &Request, app: &str, id: &str) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let number = world.connection(app, By::Id(id), None)?;
    let mut connection = world.connections[number].clone();
    world.may_use(actor, connection.project.as_deref(), Role::Admin, "edit")?;
    let mut fields = request.json()?;
    if fields.get("name").is_some() {
        connection.name = slug(&mut fields, 64);
    }
    if fields.get("description").is_some() {
        connection.description = description(&mut fields);
    }
    if let Some(gateway) = fields.optional("gatewayId") {
        connection.gateway = Some(gateway);
    }
    if fields.get("credentials").is_some() {
        connection.credentials = credentials(&mut fields, app, &connection.method);
        world.try_credentials()?;
        connection.updated = now;
    }
    fields.close()?;
    connection.version += 1;
    world.connections[number] = connection;
    let shape = world.connection_shape(&world.connections[number]);
    Ok(Answer::ok(json!({"appConnection": shape})))
}

/// `DELETE /api/v1/app-connections/{app}/{id}`: refused while a sync uses it.
pub(crate) fn delete(shared: &Shared, request: &Request, app: &str, id: &str) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let number = world.connection(app, By::Id(id), None)?;
    world.may_use(actor, world.connections[number].project.as_deref(), Role::Admin, "delete")?;
    if world.syncs.iter().any(|sync| sync.connection == id) {
        let words = "Cannot delete App Connection with existing connections. Remove all existing connections and try again.";
        return Err(Fault::bad_request(words));
    }
    let shape = world.connection_shape(&world.connections[number]);
    world.connections.remove(number);
    Ok(Answer::ok(json!({"appConnection": shape})))
}

/// A name of lower-case letters, digits and hyphens.
pub(crate) fn slug(fields: &mut Fields, limit: usize) -> String {
    let name = fields.text("name");
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !name.bytes().all(legal) || name.starts_with('-') || name.ends_with('-') || name.len() > limit {
        fields.complain("name", "Name must be a valid slug");
    }
    name
}

/// A description, of at most 256 characters.
pub(crate) fn description(fields: &mut Fields) -> Option<String> {
    let description = fields.optional("description");
    if description.as_ref().is_some_and(|it| it.chars().count() > 256) {
        fields.complain("description", "Description cannot exceed 256 characters");
    }
    description
}

/// The credentials of a method; what it does not know is dropped in silence.
fn credentials(fields: &mut Fields, app: &str, method: &str) -> Map<String, Value> {
    let given = fields.object("credentials");
    let Some(known) = catalogue::methods(app).find(|it| it.name == method) else {
        fields.complain("method", "Invalid discriminator value");
        return Map::new();
    };
    for name in known.required {
        if given.get(*name).is_none_or(|value| value.is_null() || value == "") {
            fields.problem(json!({
                "code": "invalid_type", "expected": "string", "received": "undefined",
                "path": ["credentials", name], "message": "Required",
            }));
        }
    }
    let takes =
        |name: &String| known.required.contains(&name.as_str()) || known.optional.contains(&name.as_str());
    given.into_iter().filter(|(name, value)| takes(name) && !value.is_null()).collect()
}

impl World {
    /// The number of a connection of an app.
    ///
    /// # Errors
    /// 404, and 400 for one of another app.
    pub(crate) fn connection(&self, app: &str, by: By<'_>, project: Option<&str>) -> Result<usize, Fault> {
        let said = match by {
            By::Id(id) => format!("ID {id}"),
            By::Name(name) => format!("name {name}"),
        };
        let mut connections = self.connections.iter();
        let found = connections.position(|it| match by {
            By::Id(id) => it.id == id,
            By::Name(name) => it.name == name && it.project.as_deref() == project,
        });
        let number =
            found.ok_or_else(|| Fault::not_found(format!("Could not find App Connection with {said}")))?;
        if self.connections[number].app != app {
            return Err(Fault::bad_request(format!("App Connection with {said} is not for App \"{app}\"")));
        }
        Ok(number)
    }

    /// Whether somebody may do something with connections of a project, or of the organisation.
    fn may_use(&self, actor: Actor, project: Option<&str>, role: Role, action: &str) -> Result<(), Fault> {
        match project {
            None => self.require_role(actor, role, action, SUBJECT),
            Some(id) => {
                let project = &self.projects[self.project_by_id(id)?];
                let access = if role == Role::Admin { Access::Write } else { Access::Describe };
                let place = ("", "/");
                // Connections lie in no environment, so grants for all of them are meant.
                self.require(actor, project, place, access, (action, SUBJECT)).map(|_| ())
            }
        }
    }

    /// The server tries credentials before it keeps them.
    fn try_credentials(&self) -> Result<(), Fault> {
        match self.settings.refuse_credentials {
            true => Err(Fault::bad_request("Unable to validate connection: verify credentials")),
            false => Ok(()),
        }
    }
}
