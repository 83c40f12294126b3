//! The server as a test holds it.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::changes::Changed;
use crate::id;
use crate::log::Logged;
use crate::planned::Planned;
use crate::secrets::write::Folder;
use crate::seed::{Hidden, Secret, Seed, Settings};
use crate::server::Server;
use crate::shared::Shared;
use crate::store::{Secret as Kept, normal};
use crate::syncs::job;
use crate::world::World;

/// A running server. Dropping it stops it.
#[derive(Debug)]
pub struct FakeInfisical {
    shared: Arc<Shared>,
    server: Server,
    url: String,
}

impl FakeInfisical {
    /// Starts a server on a free port of this machine.
    ///
    /// # Errors
    /// No port, or no thread.
    pub fn start(seed: Seed) -> io::Result<Self> {
        Self::start_on(seed, 0, false)
    }

    fn start_on(seed: Seed, port: u16, aloud: bool) -> io::Result<Self> {
        let shared = Arc::new(Shared::new(seed, aloud));
        let server = Server::start(shared.clone(), port)?;
        let url = format!("http://{}", server.address);
        Ok(Self { shared, server, url })
    }

    /// Where it listens, such as `http://127.0.0.1:40000`, without `/api`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The id of a project of the seed that has none of its own there.
    #[must_use]
    pub fn project_id(slug: &str) -> String {
        id::uuid(&format!("project/{slug}"))
    }

    /// The id of an identity of the seed that has none of its own there.
    #[must_use]
    pub fn identity_id(name: &str) -> String {
        id::uuid(&format!("identity/{name}"))
    }

    /// Moves the server's clock on. What is due by then, such as webhooks a second after a change, is done when this returns.
    pub fn advance(&self, by: Duration) {
        self.shared.world().queue.stamp(self.shared.clock.now());
        self.shared.clock.advance(by);
        self.shared.deliver();
    }

    /// Writes a secret, as somebody in the server's own pages would; the folder is made if need be.
    ///
    /// # Errors
    /// A project or environment that is not there.
    pub fn set_secret(&self, place: Place<'_>, key: &str, value: &str) -> Result<(), String> {
        self.set_secrets(place, &[(key, value)])
    }

    /// Writes several secrets at once, as a rotation does: nobody sees one without the others.
    ///
    /// # Errors
    /// As [`FakeInfisical::set_secret`].
    pub fn set_secrets(&self, place: Place<'_>, values: &[(&str, &str)]) -> Result<(), String> {
        let now = self.shared.clock.now();
        let world = &mut *self.shared.world();
        let folder = world.place(place)?;
        for (key, value) in values {
            let id = world.fresh_id("secret");
            let environments = world.projects[folder.project].environments.iter_mut();
            for environment in environments.filter(|it| it.slug == folder.environment) {
                let secrets = &mut environment.make_folder(&folder.path).secrets;
                match secrets.get_mut(*key) {
                    Some(secret) => {
                        (secret.value, secret.version, secret.updated) =
                            ((*value).into(), secret.version + 1, now);
                    }
                    None => {
                        secrets.insert((*key).to_owned(), Kept::new(id.clone(), Secret::new(value), now));
                    }
                }
            }
        }
        world.changed(Changed::by_test(folder));
        world.run_jobs(now);
        Ok(())
    }

    /// Deletes a secret, as somebody in the server's own pages would.
    ///
    /// # Errors
    /// A place or a secret that is not there.
    pub fn remove_secret(&self, place: Place<'_>, key: &str) -> Result<(), String> {
        let now = self.shared.clock.now();
        let world = &mut *self.shared.world();
        let folder = world.place(place)?;
        let found = world.projects[folder.project].folder_mut(&folder.environment, &folder.path);
        let secrets = found.map_err(|_| format!("no folder {}", folder.path))?;
        secrets.secrets.remove(key).ok_or_else(|| format!("no secret {key}"))?;
        world.changed(Changed::by_test(folder));
        world.run_jobs(now);
        Ok(())
    }

    /// Has a rotation fail, of which webhooks are told before this returns.
    ///
    /// # Errors
    /// A place that is not there.
    pub fn fail_rotation(&self, place: Place<'_>, rotation: &str) -> Result<(), String> {
        let deliveries = {
            let world = self.shared.world();
            world.rotation_failed(&world.place(place)?, rotation, self.shared.clock.now())
        };
        deliveries.iter().for_each(|delivery| self.shared.send(delivery));
        Ok(())
    }

    /// Names at a destination of syncs, with their values.
    #[must_use]
    pub fn destination(&self, destination: &str, config: &Map<String, Value>) -> BTreeMap<String, Hidden> {
        let world = self.shared.world();
        world.destinations.get(&job::key(destination, config)).cloned().unwrap_or_default()
    }

    /// All requests so far, in the order in which they were answered.
    #[must_use]
    pub fn requests(&self) -> Vec<Logged> {
        self.shared.log().clone()
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.shared.log().clear();
    }

    /// What the next requests are answered, one each, whatever they ask for.
    pub fn plan(&self, answers: impl IntoIterator<Item = Planned>) {
        self.shared.planned().extend(answers);
    }

    /// Changes how the server behaves; the clock stays what it is.
    pub fn change_settings(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.shared.world().settings);
    }
}

/// A folder: slug of the project, slug of the environment, path.
pub type Place<'a> = (&'a str, &'a str, &'a str);

impl World {
    fn place(&self, (project, environment, path): Place<'_>) -> Result<Folder, String> {
        let number = self.project_by_slug(project).map_err(|_| format!("no project {project}"))?;
        if self.projects[number].environment(environment).is_none() {
            return Err(format!("no environment {environment}"));
        }
        Ok(Folder { project: number, environment: environment.to_owned(), path: normal(path) })
    }
}

/// Serves until the process ends; `ready` is told where. Each request is a line on standard error, as [`Logged`] shows it.
///
/// # Errors
/// A port that is taken, or what `ready` says.
pub fn serve(seed: Seed, port: u16, ready: impl FnOnce(&str) -> io::Result<()>) -> io::Result<()> {
    let fake = FakeInfisical::start_on(seed, port, true)?;
    ready(&fake.url)?;
    fake.server.wait();
    Ok(())
}
