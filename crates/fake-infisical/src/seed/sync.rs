//! App connections, secret syncs, what lies at their destinations, and webhooks.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::seed::Hidden;

/// An app connection.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct AppConnection {
    /// Its name.
    pub name: String,
    /// Its app, such as `aws`.
    pub app: String,
    /// Its method, such as `access-key`.
    pub method: String,
    /// Its credentials, by their names in the interface.
    pub credentials: Map<String, Value>,
    /// Slug of its project; without one it is the whole organisation's.
    pub project: Option<String>,
    /// Its UUID; made of the name by default (`connection/NAME`, see [`crate::uuid`]).
    pub id: Option<String>,
}

impl fmt::Debug for AppConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppConnection")
            .field("name", &self.name)
            .field("app", &self.app)
            .finish_non_exhaustive()
    }
}

/// A secret sync. It has not run yet.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct SecretSync {
    /// Its name.
    pub name: String,
    /// Where to, such as `github`.
    pub destination: String,
    /// Slug of the project.
    pub project: String,
    /// Slug of the environment.
    pub environment: String,
    /// Path of the folder.
    pub path: String,
    /// Name of the app connection.
    pub app_connection: String,
    /// Whether it runs by itself. Default: no, which the real one's is not.
    pub auto_sync: bool,
    /// `syncOptions` of the interface.
    pub options: Map<String, Value>,
    /// `destinationConfig` of the interface.
    pub config: Map<String, Value>,
    /// Its UUID; made of the name by default (`sync/NAME`, see [`crate::uuid`]).
    pub id: Option<String>,
}

/// What lies at a destination.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Destination {
    /// Its kind, such as `github`.
    pub destination: String,
    /// `destinationConfig` of the syncs that lead to it.
    pub config: Map<String, Value>,
    /// Values by their names.
    pub secrets: BTreeMap<String, Hidden>,
}

/// A webhook of the type `general`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Webhook {
    /// Slug of the project.
    pub project: String,
    /// Slug of the environment.
    pub environment: String,
    /// A glob of the paths whose changes it is told.
    pub secret_path: String,
    /// Where they are sent.
    pub url: String,
    /// What they are signed with.
    pub key: Option<Hidden>,
}
