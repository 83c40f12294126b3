//! What the server holds while it runs.

use std::collections::BTreeMap;

use crate::auth::lockout::Failures;
use crate::auth::token::Token;
use crate::connections::Connection;
use crate::id;
use crate::rate::Buckets;
use crate::seed::{Identity, Seed, Settings};
use crate::store::Project;
use crate::syncs::Sync;
use crate::syncs::job::{Destinations, Task};
use crate::webhooks::Webhook;
use crate::webhooks::queue::Queue;

/// Everything that the server knows.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) settings: Settings,
    pub(crate) organization: String,
    pub(crate) projects: Vec<Project>,
    pub(crate) identities: Vec<Identity>,
    /// Issued tokens by their ids.
    pub(crate) tokens: BTreeMap<String, Token>,
    /// Ids of tokens that were made beforehand, by the digests of their texts.
    pub(crate) made_beforehand: BTreeMap<String, String>,
    /// Numbers of the identities that service tokens stand for, by the digests of the tokens.
    pub(crate) service_tokens: BTreeMap<String, usize>,
    /// Wrong client secrets by client id.
    pub(crate) failures: BTreeMap<String, Failures>,
    /// Logins with a client secret, by client id and the secret's number.
    pub(crate) logins: BTreeMap<(String, usize), u64>,
    pub(crate) buckets: Buckets,
    pub(crate) connections: Vec<Connection>,
    pub(crate) syncs: Vec<Sync>,
    /// Ids of syncs, and what is to be done.
    pub(crate) jobs: Vec<(String, Task)>,
    pub(crate) destinations: Destinations,
    pub(crate) webhooks: Vec<Webhook>,
    /// Changes that webhooks are to be told.
    pub(crate) queue: Queue,
    /// When the server started.
    pub(crate) start: i64,
    made: u64,
}

impl World {
    pub(crate) fn new(seed: Seed, now: i64) -> Self {
        let Seed {
            settings,
            projects,
            identities,
            app_connections,
            secret_syncs,
            destinations,
            webhooks,
            service_tokens,
        } = seed;
        let mut world = Self {
            settings,
            organization: id::uuid("organization"),
            projects: projects.into_iter().map(|project| Project::new(project, now)).collect(),
            identities: identities.into_iter().map(identified).collect(),
            tokens: BTreeMap::new(),
            made_beforehand: BTreeMap::new(),
            service_tokens: BTreeMap::new(),
            failures: BTreeMap::new(),
            logins: BTreeMap::new(),
            buckets: Buckets::default(),
            connections: Vec::new(),
            syncs: Vec::new(),
            jobs: Vec::new(),
            destinations: Destinations::new(),
            webhooks: Vec::new(),
            queue: Queue::default(),
            start: now,
            made: 0,
        };
        world.make_tokens(now);
        app_connections.into_iter().for_each(|it| world.sow_connection(it, now));
        secret_syncs.into_iter().for_each(|it| world.sow_sync(it, now));
        destinations.into_iter().for_each(|it| world.sow_destination(it));
        service_tokens.into_iter().for_each(|it| world.sow_service_token(it));
        webhooks.into_iter().for_each(|it| world.sow_webhook(it, now));
        world
    }

    /// A number that nothing else has.
    pub(crate) fn number(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    /// A new UUID for something of this kind.
    pub(crate) fn fresh_id(&mut self, kind: &str) -> String {
        id::uuid(&format!("{kind}/{}", self.number()))
    }
}

/// With an id, which is made of the name where none is given.
fn identified(mut identity: Identity) -> Identity {
    identity.id.get_or_insert_with(|| id::uuid(&format!("identity/{}", identity.name)));
    if let Some(auth) = &mut identity.universal
        && let Some(secret) = auth.client_secret.take()
    {
        auth.client_secrets.push(crate::seed::ClientSecret { secret, ..Default::default() });
    }
    identity
}
