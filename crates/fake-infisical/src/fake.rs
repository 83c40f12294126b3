//! The server as a test holds it.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::id;
use crate::log::Logged;
use crate::planned::Planned;
use crate::seed::{Seed, Settings};
use crate::server::Server;
use crate::shared::Shared;

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
        Self::start_on(seed, 0)
    }

    fn start_on(seed: Seed, port: u16) -> io::Result<Self> {
        let shared = Arc::new(Shared::new(seed));
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

    /// Moves the server's clock on.
    pub fn advance(&self, by: Duration) {
        self.shared.clock.advance(by);
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

/// Serves until the process ends; `ready` is told where.
///
/// # Errors
/// A port that is taken, or what `ready` says.
pub fn serve(seed: Seed, port: u16, ready: impl FnOnce(&str) -> io::Result<()>) -> io::Result<()> {
    let fake = FakeInfisical::start_on(seed, port)?;
    ready(&fake.url)?;
    fake.server.wait();
    Ok(())
}
