//! What a sync does: the destination is a map of names to values, as a test set it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Sync, schema};
use crate::id;
use crate::secrets::expand::expand;
use crate::secrets::imports;
use crate::secrets::write::Folder;
use crate::seed::{self, Hidden};
use crate::store::Secret;
use crate::world::World;

/// Names and values at destinations, by [`key`].
pub(crate) type Destinations = BTreeMap<String, BTreeMap<String, Hidden>>;

/// A job that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Sync,
    /// Whether the destination's values win.
    Import {
        destination_wins: bool,
    },
    Remove,
}

/// By what a destination is known: its kind and all that is said of it.
pub(crate) fn key(destination: &str, config: &Map<String, Value>) -> String {
    let sorted: BTreeMap<&String, String> =
        config.iter().map(|(name, value)| (name, value.to_string())).collect();
    format!("{destination} {sorted:?}")
}

impl World {
    /// Has the syncs run that copy a folder and are to run by themselves.
    pub(crate) fn sync_from(&mut self, place: &Folder) {
        let here = |sync: &&mut Sync| {
            sync.auto
                && sync.project == place.project
                && sync.environment == place.environment
                && sync.path == place.path
        };
        for sync in self.syncs.iter_mut().filter(here) {
            sync.sync.status = Some("pending");
            self.jobs.push((sync.id.clone(), Task::Sync));
        }
    }

    /// Does what waits.
    pub(crate) fn run_jobs(&mut self, now: i64) {
        for (id, task) in std::mem::take(&mut self.jobs) {
            let Some(number) = self.syncs.iter().position(|sync| sync.id == id) else { continue };
            let sync = self.syncs[number].clone();
            let done = self.run(&sync, &task, now);
            let job_id = id::uuid(&format!("job/{}", self.number()));
            let sync = &mut self.syncs[number];
            let job = match task {
                Task::Sync => &mut sync.sync,
                Task::Import { .. } => &mut sync.import,
                Task::Remove => &mut sync.remove,
            };
            job.status = Some(if done.is_ok() { "succeeded" } else { "failed" });
            job.message = done.err();
            job.id = Some(job_id);
            job.at = Some(now);
        }
    }

    /// Every sync is as old as its first job: only that one imports.
    fn run(&mut self, sync: &Sync, task: &Task, now: i64) -> Result<(), String> {
        let behavior = sync.options.get("initialSyncBehavior").and_then(Value::as_str).unwrap_or_default();
        let first = sync.sync.at.is_none();
        match task {
            Task::Import { destination_wins } => self.import(sync, *destination_wins, now),
            Task::Remove => {
                let names = self.copies(sync)?;
                let there = self.destinations.entry(key(&sync.destination, &sync.config)).or_default();
                there.retain(|name, _| !names.contains_key(name));
                Ok(())
            }
            Task::Sync => {
                if first && behavior != "overwrite-destination" {
                    self.import(sync, behavior == "import-prioritize-destination", now)?;
                }
                self.copy(sync)
            }
        }
    }

    /// What the source holds, imports included, by its name at the destination.
    fn copies(&self, sync: &Sync) -> Result<BTreeMap<String, Hidden>, String> {
        let project = &self.projects[sync.project];
        let folder = project.folder(&sync.environment, &sync.path);
        let folder = folder.map_err(|_| "the source of the sync is gone".to_owned())?;
        let mut keys: Vec<&str> = folder.secrets.keys().map(String::as_str).collect();
        for imported in imports::of(project, &sync.environment, &sync.path) {
            keys.extend(imported.secrets.iter().map(|(_, key, _)| *key));
        }
        let found = keys.into_iter().filter_map(|key| {
            let (place, secret) = imports::find(project, &sync.environment, &sync.path, key)?;
            let value = expand(project, place.environment, place.path, secret.value.expose());
            Some((schema::name(sync.key_schema(), &sync.environment, key), value.into()))
        });
        Ok(found.collect())
    }

    fn copy(&mut self, sync: &Sync) -> Result<(), String> {
        let copies = self.copies(sync)?;
        let keep = sync.options.get("disableSecretDeletion").is_some_and(|it| it == true);
        let there = self.destinations.entry(key(&sync.destination, &sync.config)).or_default();
        if !keep {
            let ours = |name: &String| schema::key(sync.key_schema(), &sync.environment, name).is_some();
            there.retain(|name, _| copies.contains_key(name) || !ours(name));
        }
        there.extend(copies);
        Ok(())
    }

    fn import(&mut self, sync: &Sync, destination_wins: bool, now: i64) -> Result<(), String> {
        let there = self.destinations.get(&key(&sync.destination, &sync.config)).cloned().unwrap_or_default();
        let mut fresh = Vec::new();
        for (name, value) in there {
            if let Some(key) = schema::key(sync.key_schema(), &sync.environment, &name) {
                fresh.push((key, value, self.fresh_id("secret")));
            }
        }
        let place =
            Folder { project: sync.project, environment: sync.environment.clone(), path: sync.path.clone() };
        self.queue.add(place, &sync.name);
        let project = &mut self.projects[sync.project];
        let folder = project.folder_mut(&sync.environment, &sync.path);
        let folder = folder.map_err(|_| "the source of the sync is gone".to_owned())?;
        for (key, value, id) in fresh {
            match folder.secrets.get_mut(&key) {
                Some(secret) if destination_wins && secret.value != value => {
                    (secret.value, secret.version, secret.updated) = (value, secret.version + 1, now);
                }
                Some(_) => {}
                None => {
                    let secret = seed::Secret { value, ..seed::Secret::default() };
                    folder.secrets.insert(key, Secret::new(id, secret, now));
                }
            }
        }
        Ok(())
    }
}

impl Sync {
    fn key_schema(&self) -> Option<&str> {
        self.options.get("keySchema").and_then(Value::as_str)
    }
}
