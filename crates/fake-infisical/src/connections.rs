//! App connections: credentials for another service, kept by the server and never given back.

pub(crate) mod catalogue;
pub(crate) mod routes;

use std::fmt;

use serde_json::{Map, Value, json};

use crate::clock::iso;
use crate::id;
use crate::world::World;

/// A connection.
#[derive(Clone)]
pub(crate) struct Connection {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) app: String,
    pub(crate) method: String,
    pub(crate) credentials: Map<String, Value>,
    /// The id of its project; one of the whole organisation has none.
    pub(crate) project: Option<String>,
    pub(crate) gateway: Option<String>,
    pub(crate) platform_managed: bool,
    pub(crate) version: u32,
    pub(crate) created: i64,
    pub(crate) updated: i64,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("name", &self.name).field("app", &self.app).finish_non_exhaustive()
    }
}

impl World {
    /// A connection as it is answered: of its credentials what is no secret, and a digest of all.
    pub(crate) fn connection_shape(&self, connection: &Connection) -> Value {
        let shown = connection.credentials.iter().filter(|(name, _)| catalogue::is_public(name));
        let shown: Map<String, Value> = shown.map(|(name, value)| (name.clone(), value.clone())).collect();
        json!({
            "id": connection.id,
            "name": connection.name,
            "description": connection.description,
            "version": connection.version,
            "orgId": self.organization,
            "projectId": connection.project,
            "app": connection.app,
            "method": connection.method,
            "credentialsHash": hash(connection),
            "gatewayId": connection.gateway,
            "isPlatformManagedCredentials": connection.platform_managed,
            "isAutoRotationEnabled": false,
            "createdAt": iso(connection.created),
            "updatedAt": iso(connection.updated),
            "credentials": shown,
        })
    }
}

/// Changes whenever the credentials are written, as the real one does: it is made over encrypted text.
fn hash(connection: &Connection) -> String {
    let credentials = Value::Object(connection.credentials.clone());
    id::digest(&format!("{}/{}/{credentials}", connection.id, connection.updated))
}
