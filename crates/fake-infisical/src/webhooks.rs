//! Webhooks: their configuration, and what is sent to them.

pub(crate) mod deliver;
pub(crate) mod queue;
pub(crate) mod routes;

use serde_json::{Value, json};

use crate::clock::iso;
use crate::glob;
use crate::secrets::write::Folder;
use crate::seed::Hidden;
use crate::world::World;

/// A webhook.
#[derive(Clone, Debug)]
pub(crate) struct Webhook {
    pub(crate) id: String,
    pub(crate) kind: String,
    /// The number of the project.
    pub(crate) project: usize,
    /// Slug of the environment.
    pub(crate) environment: String,
    /// A glob of the paths whose changes it is told.
    pub(crate) secret_path: String,
    pub(crate) url: String,
    pub(crate) key: Option<Hidden>,
    /// Events that it is told; all, if there are none.
    pub(crate) events: Vec<String>,
    pub(crate) disabled: bool,
    pub(crate) last: Option<Outcome>,
    pub(crate) created: i64,
    pub(crate) updated: i64,
}

/// How a delivery ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// Why it failed; nothing of one that did not.
    pub(crate) error: Option<String>,
}

impl Webhook {
    /// Whether a change in a folder is told to it.
    pub(crate) fn hears(&self, place: &Folder, event: &str) -> bool {
        let here = self.project == place.project && self.environment == place.environment;
        let wanted = self.events.is_empty() || self.events.iter().any(|it| it == event);
        here && wanted && !self.disabled && glob::fits(&self.secret_path, &place.path)
    }
}

impl World {
    /// A webhook as it is answered; its key never is.
    pub(crate) fn webhook_shape(&self, webhook: &Webhook) -> Value {
        let project = &self.projects[webhook.project];
        let environment = project.environment(&webhook.environment);
        let status = webhook.last.as_ref().map(|it| if it.error.is_none() { "success" } else { "failed" });
        let events: Value = webhook.events.iter().map(|it| json!({"eventName": it})).collect();
        json!({
            "id": webhook.id,
            "type": webhook.kind,
            "secretPath": webhook.secret_path,
            "url": webhook.url,
            "isDisabled": webhook.disabled,
            "lastStatus": status,
            "lastRunErrorMessage": webhook.last.as_ref().and_then(|it| it.error.as_ref()),
            "eventsFilter": events,
            "envId": environment.map(|it| &it.id),
            "projectId": project.id,
            "environment": environment.map(|it| json!({"id": it.id, "name": it.name, "slug": it.slug})),
            "createdAt": iso(webhook.created),
            "updatedAt": iso(webhook.updated),
        })
    }
}
