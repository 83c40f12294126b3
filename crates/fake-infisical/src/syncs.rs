//! Secret syncs: what is copied from a folder to another service, and how the copying went.

pub(crate) mod actions;
pub(crate) mod check;
pub(crate) mod destination;
pub(crate) mod job;
pub(crate) mod routes;
pub(crate) mod schema;

use serde_json::{Map, Value, json};

use crate::clock::iso;
use crate::world::World;

/// A sync.
#[derive(Clone, Debug)]
pub(crate) struct Sync {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// Where to, such as `github`.
    pub(crate) destination: String,
    /// The number of the project.
    pub(crate) project: usize,
    /// Slug of the environment.
    pub(crate) environment: String,
    pub(crate) path: String,
    /// The id of the app connection.
    pub(crate) connection: String,
    pub(crate) auto: bool,
    pub(crate) options: Map<String, Value>,
    pub(crate) config: Map<String, Value>,
    pub(crate) version: u32,
    pub(crate) created: i64,
    pub(crate) updated: i64,
    pub(crate) sync: Job,
    pub(crate) import: Job,
    pub(crate) remove: Job,
}

/// How the last job of a kind went.
#[derive(Clone, Debug, Default)]
pub(crate) struct Job {
    pub(crate) status: Option<&'static str>,
    pub(crate) id: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) at: Option<i64>,
}

impl World {
    /// A sync as it is answered. Environment and folder are gone when the source is.
    pub(crate) fn sync_shape(&self, sync: &Sync) -> Value {
        let project = &self.projects[sync.project];
        let environment = project.environment(&sync.environment);
        let folder = environment.and_then(|it| it.folders.get(&sync.path));
        let connection = self.connections.iter().find(|it| it.id == sync.connection);
        json!({
            "id": sync.id,
            "name": sync.name,
            "description": sync.description,
            "version": sync.version,
            "isAutoSyncEnabled": sync.auto,
            "projectId": project.id,
            "folderId": folder.map(|it| &it.id),
            "connectionId": sync.connection,
            "createdAt": iso(sync.created),
            "updatedAt": iso(sync.updated),
            "syncStatus": sync.sync.status,
            "lastSyncJobId": sync.sync.id,
            "lastSyncMessage": sync.sync.message,
            "lastSyncedAt": sync.sync.at.map(iso),
            "importStatus": sync.import.status,
            "lastImportJobId": sync.import.id,
            "lastImportMessage": sync.import.message,
            "lastImportedAt": sync.import.at.map(iso),
            "removeStatus": sync.remove.status,
            "lastRemoveJobId": sync.remove.id,
            "lastRemoveMessage": sync.remove.message,
            "lastRemovedAt": sync.remove.at.map(iso),
            "syncOptions": sync.options,
            "destination": sync.destination,
            "destinationConfig": sync.config,
            "connection": connection.map(|it| json!({"app": it.app, "name": it.name, "id": it.id})),
            "environment": folder.and(environment)
                .map(|it| json!({"slug": it.slug, "name": it.name, "id": it.id})),
            "folder": folder.map(|it| json!({"id": it.id, "path": sync.path})),
        })
    }
}
