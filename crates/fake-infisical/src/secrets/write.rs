//! Secrets are made, changed and deleted, one by one or several at once.

use serde_json::{Value, json};

use super::query::{Api, Query};
use super::shape::{self, Place};
use crate::auth::access::{self, Actor};
use crate::changes::Changed;
use crate::clock::iso;
use crate::error::Fault;
use crate::fields::Fields;
use crate::http::{Answer, Request};
use crate::seed::{self, Access, Hidden};
use crate::shared::Shared;
use crate::store::Secret;
use crate::world::World;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Write {
    Create,
    Update,
    Delete,
}

impl Write {
    fn action(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "edit",
            Self::Delete => "delete",
        }
    }
}

/// `POST`, `PATCH` and `DELETE` of one secret, by either version.
pub(crate) fn one(
    shared: &Shared,
    request: &Request,
    api: Api,
    write: Write,
    name: &str,
) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let mut fields = request.json()?;
    let wanted = Wanted::read(&mut fields, write, name.to_owned());
    let query = Query::read(world, &mut fields, api)?;
    let place = world.writable(actor, &query, write)?;
    if world.settings.change_policy {
        return Ok(world.asked_for_approval(&place, now));
    }
    let secret = world.write(&place, write, &wanted, now)?;
    world.changed(Changed::by_identity(actor.identity, place));
    Ok(Answer::ok(json!({"secret": secret})))
}

/// `POST`, `PATCH` and `DELETE /api/v4/secrets/batch`: all of them or none.
pub(crate) fn batch(shared: &Shared, request: &Request, write: Write) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let mut fields = request.json()?;
    let listed = fields.get("secrets").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut all = Vec::new();
    for item in listed {
        let mut item = Fields::new(item);
        let name = item.text("secretKey");
        all.push(Wanted::read(&mut item, write, name));
        item.close()?;
    }
    let query = Query::read(world, &mut fields, Api::V4)?;
    let place = world.writable(actor, &query, write)?;
    if world.settings.change_policy {
        return Ok(world.asked_for_approval(&place, now));
    }
    let before = world.projects[place.project].clone();
    let written: Result<Vec<Value>, Fault> =
        all.iter().map(|wanted| world.write(&place, write, wanted, now)).collect();
    let secrets = written.inspect_err(|_| world.projects[place.project] = before)?;
    world.changed(Changed::by_identity(actor.identity, place));
    Ok(Answer::ok(json!({"secrets": secrets})))
}

/// What a secret is to be.
struct Wanted {
    name: String,
    new_name: Option<String>,
    value: Option<Hidden>,
    comment: Option<String>,
}

impl Wanted {
    fn read(fields: &mut Fields, write: Write, name: String) -> Self {
        let value = match write {
            Write::Create => Some(fields.text("secretValue")),
            Write::Update => fields.optional("secretValue"),
            Write::Delete => None,
        };
        Self {
            name,
            new_name: fields.optional("newSecretName").filter(|_| write == Write::Update),
            value: value.map(|value| trimmed(&value).into()),
            comment: fields.optional("secretComment"),
        }
    }
}

/// The server trims values, but leaves one line end.
fn trimmed(value: &str) -> String {
    let end = if value.ends_with('\n') { "\n" } else { "" };
    format!("{}{end}", value.trim())
}

/// A folder of the world.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Folder {
    /// The number of the project.
    pub(crate) project: usize,
    /// Slug of the environment.
    pub(crate) environment: String,
    pub(crate) path: String,
}

impl World {
    fn writable(&self, actor: Actor, query: &Query, write: Write) -> Result<Folder, Fault> {
        let project = &self.projects[query.project];
        let place = (query.environment.as_str(), query.path.as_str());
        self.require(actor, project, place, Access::Write, (write.action(), "secrets"))?;
        project.folder(place.0, place.1)?;
        Ok(Folder { project: query.project, environment: place.0.to_owned(), path: place.1.to_owned() })
    }

    fn asked_for_approval(&mut self, place: &Folder, now: i64) -> Answer {
        Answer::ok(json!({"approval": {
            "id": self.fresh_id("approval"), "slug": format!("request-{}", self.number()), "status": "open",
            "hasMerged": false, "environment": place.environment, "createdAt": iso(now), "updatedAt": iso(now),
        }}))
    }

    fn write(&mut self, place: &Folder, write: Write, wanted: &Wanted, now: i64) -> Result<Value, Fault> {
        let id = self.fresh_id("secret");
        let missing = || Fault::not_found(format!("Secret with name '{}' not found", wanted.name));
        let project = &mut self.projects[place.project];
        let secrets = &mut project.folder_mut(&place.environment, &place.path)?.secrets;
        let key = wanted.new_name.as_ref().unwrap_or(&wanted.name).clone();
        let taken = (write == Write::Create || key != wanted.name) && secrets.contains_key(&key);
        if taken {
            return Err(Fault::bad_request(format!("Secret with name '{key}' already exists")));
        }
        let mut secret = match write {
            Write::Create => Secret::new(id, seed::Secret::default(), now),
            Write::Update | Write::Delete => secrets.remove(&wanted.name).ok_or_else(missing)?,
        };
        if let Some(value) = &wanted.value {
            secret.value = value.clone();
        }
        if let Some(comment) = &wanted.comment {
            secret.comment.clone_from(comment);
        }
        if write == Write::Update {
            secret.version += 1;
            secret.updated = now;
        }
        if write != Write::Delete {
            secrets.insert(key.clone(), secret.clone());
        }
        let project = &self.projects[place.project];
        let place = Place { project, environment: &place.environment, path: &place.path };
        Ok(shape::secret(place, &key, &secret, Some(secret.value.expose())))
    }
}
