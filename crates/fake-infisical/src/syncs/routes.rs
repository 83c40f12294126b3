//! The configuration of secret syncs, and their jobs.

use serde_json::{Value, json};

use super::destination::{DESTINATIONS, Destination};
use super::job::Task;
use super::{Job, Sync, check};
use crate::auth::access::{self, Actor};
use crate::connections::routes::{By as ConnectionBy, description, slug};
use crate::error::Fault;
use crate::fields::Fields;
use crate::http::{Answer, Request};
use crate::seed::Access;
use crate::shared::Shared;
use crate::store::normal;
use crate::world::World;

const SUBJECT: &str = "secret-syncs";

/// How a sync is called.
#[derive(Clone, Copy, Debug)]
pub(crate) enum By<'a> {
    Id(&'a str),
    Name(&'a str),
}

/// `GET /api/v1/secret-syncs/options`.
pub(crate) fn options(shared: &Shared, request: &Request) -> Result<Answer, Fault> {
    access::admit(&mut shared.world(), request, shared.clock.now())?;
    let options = DESTINATIONS.iter().map(|it| {
        json!({"name": it.name, "destination": it.name, "connection": it.app, "canImportSecrets": it.can_import})
    });
    Ok(Answer::ok(json!({"secretSyncOptions": options.collect::<Value>()})))
}

/// `GET /api/v1/secret-syncs` and `GET /api/v1/secret-syncs/{destination}`.
pub(crate) fn list(shared: &Shared, request: &Request, to: Option<&Destination>) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let mut fields = request.parameters();
    let project = fields.text("projectId");
    fields.close()?;
    let project = world.project_by_id(&project)?;
    world.access(actor, &world.projects[project], "", "/")?;
    let wanted = |it: &&Sync| it.project == project && to.is_none_or(|to| it.destination == to.name);
    let shapes: Value = world.syncs.iter().filter(wanted).map(|it| world.sync_shape(it)).collect();
    Ok(Answer::ok(json!({"secretSyncs": shapes})))
}

/// `GET /api/v1/secret-syncs/{destination}/{syncId}` and `GET .../sync-name/{name}`.
pub(crate) fn get(shared: &Shared, request: &Request, to: &Destination, by: By<'_>) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let number = match by {
        By::Id(id) => world.sync(actor, to, id, (Access::Describe, "read"))?,
        By::Name(name) => {
            let mut fields = request.parameters();
            let project = fields.text("projectId");
            fields.close()?;
            let id = world.sync_named(to, name, &project)?;
            world.sync(actor, to, &id, (Access::Describe, "read"))?
        }
    };
    Ok(world.sync_answer(number))
}

/// `POST /api/v1/secret-syncs/{destination}`.
pub(crate) fn create(shared: &Shared, request: &Request, to: &Destination) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let mut fields = request.json()?;
    let project = fields.text("projectId");
    let sync = Sync {
        id: String::new(),
        name: slug(&mut fields, 256),
        description: description(&mut fields),
        destination: to.name.to_owned(),
        project: 0,
        environment: fields.text("environment"),
        path: normal(&fields.text("secretPath")),
        connection: fields.uuid("connectionId"),
        auto: fields.flag("isAutoSyncEnabled", true),
        options: check::options(&mut fields),
        config: check::config(&mut fields, to),
        version: 1,
        created: now,
        updated: now,
        sync: Job::default(),
        import: Job::default(),
        remove: Job::default(),
    };
    fields.close()?;
    check::together(to, &sync.options, &sync.config)?;
    let sync = Sync { id: world.fresh_id("sync"), project: world.project_by_id(&project)?, ..sync };
    world.allowed(actor, &sync, (Access::Write, "create"))?;
    world.fits(to, &sync)?;
    let number = world.syncs.len();
    let auto = sync.auto;
    world.syncs.push(sync);
    if auto {
        world.enqueue(number, Task::Sync);
    }
    Ok(world.sync_answer(number))
}

/// `PATCH /api/v1/secret-syncs/{destination}/{syncId}`.
pub(crate) fn update(
    shared: &Shared,
    request: &Request,
    to: &Destination,
    id: &str,
) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let number = world.sync(actor, to, id, (Access::Write, "edit"))?;
    let sync = changed(world.syncs[number].clone(), &mut request.json()?, to)?;
    check::together(to, &sync.options, &sync.config)?;
    world.allowed(actor, &sync, (Access::Write, "edit"))?;
    world.fits(to, &sync)?;
    let auto = sync.auto;
    world.syncs[number] = Sync { version: sync.version + 1, updated: now, ..sync };
    if auto {
        world.enqueue(number, Task::Sync);
    }
    Ok(world.sync_answer(number))
}

fn changed(mut sync: Sync, fields: &mut Fields, to: &Destination) -> Result<Sync, Fault> {
    if fields.get("name").is_some() {
        sync.name = slug(fields, 256);
    }
    if fields.get("description").is_some() {
        sync.description = description(fields);
    }
    if let Some(environment) = fields.optional("environment") {
        sync.environment = environment;
    }
    if let Some(path) = fields.optional("secretPath") {
        sync.path = normal(&path);
    }
    if fields.get("connectionId").is_some() {
        sync.connection = fields.uuid("connectionId");
    }
    sync.auto = fields.flag("isAutoSyncEnabled", sync.auto);
    if fields.get("syncOptions").is_some() {
        sync.options = check::options(fields);
    }
    if fields.get("destinationConfig").is_some() {
        sync.config = check::config(fields, to);
    }
    std::mem::take(fields).close()?;
    Ok(sync)
}

/// `DELETE /api/v1/secret-syncs/{destination}/{syncId}`; secrets at the destination stay unless `removeSecrets` is `true`.
pub(crate) fn delete(
    shared: &Shared,
    request: &Request,
    to: &Destination,
    id: &str,
) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let mut fields = request.parameters();
    let remove = fields.flag("removeSecrets", false);
    fields.close()?;
    let number = world.sync(actor, to, id, (Access::Write, "delete"))?;
    if remove {
        world.enqueue(number, Task::Remove);
        world.run_jobs(now);
    }
    let answer = world.sync_answer(number);
    world.syncs.remove(number);
    Ok(answer)
}

impl World {
    pub(super) fn sync_answer(&self, number: usize) -> Answer {
        Answer::ok(json!({"secretSync": self.sync_shape(&self.syncs[number])}))
    }

    pub(super) fn enqueue(&mut self, number: usize, task: Task) {
        let sync = &mut self.syncs[number];
        let job = match task {
            Task::Sync => &mut sync.sync,
            Task::Import { .. } => &mut sync.import,
            Task::Remove => &mut sync.remove,
        };
        job.status = Some("pending");
        self.jobs.push((sync.id.clone(), task));
    }

    /// The number of a sync that somebody may use so.
    pub(super) fn sync(
        &self,
        actor: Actor,
        to: &Destination,
        id: &str,
        wanted: (Access, &str),
    ) -> Result<usize, Fault> {
        let missing = || Fault::not_found(format!("Could not find {} Sync with ID \"{id}\"", to.name));
        let number = self.syncs.iter().position(|it| it.id == id).ok_or_else(missing)?;
        self.allowed(actor, &self.syncs[number], wanted)?;
        if self.syncs[number].destination != to.name {
            return Err(Fault::bad_request(format!(
                "Secret sync with ID \"{id}\" is not configured for {}",
                to.name
            )));
        }
        Ok(number)
    }

    fn sync_named(&self, to: &Destination, name: &str, project: &str) -> Result<String, Fault> {
        let project = self.project_by_id(project)?;
        let found = self.syncs.iter().find(|it| it.project == project && it.name == name);
        let missing = || Fault::not_found(format!("Could not find {} Sync with name \"{name}\"", to.name));
        found.map(|sync| sync.id.clone()).ok_or_else(missing)
    }

    fn allowed(&self, actor: Actor, sync: &Sync, (access, action): (Access, &str)) -> Result<(), Fault> {
        let place = (sync.environment.as_str(), sync.path.as_str());
        self.require(actor, &self.projects[sync.project], place, access, (action, SUBJECT)).map(|_| ())
    }

    /// Whether source, connection and name of a sync are good.
    fn fits(&self, to: &Destination, sync: &Sync) -> Result<(), Fault> {
        let project = &self.projects[sync.project];
        if project.folder(&sync.environment, &sync.path).is_err() {
            return Err(Fault::bad_request(format!(
                "Could not find folder with path \"{}\" in environment \"{}\" for project with ID \"{}\"",
                sync.path, sync.environment, project.id
            )));
        }
        self.connection(to.app, ConnectionBy::Id(&sync.connection), None)?;
        let same = |it: &Sync| it.project == sync.project && it.name == sync.name && it.id != sync.id;
        if self.syncs.iter().any(same) {
            return Err(Fault::bad_request(format!(
                "A Secret Sync with the name \"{}\" already exists for the project with ID \"{}\"",
                sync.name, project.id
            )));
        }
        Ok(())
    }
}
