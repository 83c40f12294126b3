//! Connections, syncs, destinations and webhooks of a seed, put into the world.

use crate::connections::Connection;
use crate::id;
use crate::seed::{AppConnection, Destination, SecretSync, Webhook as WrittenWebhook};
use crate::store::normal;
use crate::syncs::{Job, Sync, job};
use crate::webhooks::Webhook;
use crate::world::World;

impl World {
    pub(crate) fn sow_connection(&mut self, connection: AppConnection, now: i64) {
        let AppConnection { name, app, method, credentials, project, id } = connection;
        self.connections.push(Connection {
            id: id.unwrap_or_else(|| id::uuid(&format!("connection/{name}"))),
            name,
            description: None,
            app,
            method,
            credentials,
            project: project.map(|slug| self.id_of_project(&slug)),
            gateway: None,
            platform_managed: false,
            version: 1,
            created: now,
            updated: now,
        });
    }

    /// A sync whose project or connection is not there leads nowhere, and is answered so.
    pub(crate) fn sow_sync(&mut self, sync: SecretSync, now: i64) {
        let connection = self.connections.iter().find(|it| it.name == sync.app_connection);
        self.syncs.push(Sync {
            id: sync.id.unwrap_or_else(|| id::uuid(&format!("sync/{}", sync.name))),
            name: sync.name,
            description: None,
            destination: sync.destination,
            project: self.project_by_slug(&sync.project).unwrap_or_default(),
            environment: sync.environment,
            path: normal(&sync.path),
            connection: connection.map(|it| it.id.clone()).unwrap_or_default(),
            auto: sync.auto_sync,
            options: sync.options,
            config: sync.config,
            version: 1,
            created: now,
            updated: now,
            sync: Job::default(),
            import: Job::default(),
            remove: Job::default(),
        });
    }

    pub(crate) fn sow_destination(&mut self, destination: Destination) {
        let key = job::key(&destination.destination, &destination.config);
        self.destinations.insert(key, destination.secrets);
    }

    pub(crate) fn sow_webhook(&mut self, webhook: WrittenWebhook, now: i64) {
        let webhook = Webhook {
            id: self.fresh_id("webhook"),
            kind: "general".to_owned(),
            project: self.project_by_slug(&webhook.project).unwrap_or_default(),
            environment: webhook.environment,
            secret_path: normal(&webhook.secret_path),
            url: webhook.url,
            key: webhook.key,
            events: Vec::new(),
            disabled: false,
            last: None,
            created: now,
            updated: now,
        };
        self.webhooks.push(webhook);
    }

    fn id_of_project(&self, slug: &str) -> String {
        let found = self.projects.iter().find(|project| project.slug == slug);
        found.map_or_else(|| id::uuid(&format!("project/{slug}")), |project| project.id.clone())
    }
}
