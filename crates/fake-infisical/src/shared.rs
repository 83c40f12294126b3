//! What all connections share, and the way of a request through it.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::Clock;
use crate::error::{Fault, no_route};
use crate::http::{Answer, Request};
use crate::id;
use crate::log::Logged;
use crate::planned::Planned;
use crate::routes::route;
use crate::seed::Seed;
use crate::world::World;

/// What all connections share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) clock: Clock,
    world: Mutex<World>,
    log: Mutex<Vec<Logged>>,
    planned: Mutex<VecDeque<Planned>>,
    requests: AtomicU64,
    /// Whether requests are written to standard error too.
    aloud: bool,
}

impl Shared {
    pub(crate) fn new(seed: Seed, aloud: bool) -> Self {
        let clock = Clock::new(seed.settings.time);
        let now = clock.now();
        Self {
            clock,
            world: Mutex::new(World::new(seed, now)),
            log: Mutex::default(),
            planned: Mutex::default(),
            requests: AtomicU64::new(0),
            aloud,
        }
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        held(&self.world)
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, Vec<Logged>> {
        held(&self.log)
    }

    pub(crate) fn planned(&self) -> MutexGuard<'_, VecDeque<Planned>> {
        held(&self.planned)
    }

    /// Answers a request, and writes it down.
    pub(crate) fn handle(&self, request: &Request) -> Answer {
        let number = self.requests.fetch_add(1, Ordering::SeqCst);
        let answer = self.answer(request).unwrap_or_else(|fault| Answer {
            status: fault.status,
            headers: fault.headers.clone(),
            body: Some(fault.body(&id::request(number))),
            ..Answer::default()
        });
        let now = self.clock.now();
        let mut world = self.world();
        world.run_jobs(now);
        world.queue.stamp(now);
        let since = u64::try_from(now - world.start).unwrap_or_default();
        drop(world);
        let logged = Logged::new(request, &answer, Duration::from_millis(since));
        if self.aloud {
            // Whoever closed standard error does not want to know.
            let _ = writeln!(io::stderr(), "{logged}");
        }
        self.log().push(logged);
        answer
    }

    fn answer(&self, request: &Request) -> Result<Answer, Fault> {
        let planned = self.planned().pop_front();
        if let Some(answer) = planned.and_then(Planned::answer) {
            return answer;
        }
        let away = self.world().settings.away.clone();
        if away.is_some_and(|below| request.target.starts_with(&below)) {
            return Err(Fault::planned(503));
        }
        let limits = self.world().settings.rate_limits;
        let headers = match limits {
            None => Vec::new(),
            Some(limits) => self.world().buckets.count(limits, request, self.clock.now())?,
        };
        let mut answer = match route(self, request) {
            Some(answer) => answer?,
            None => Answer {
                status: 404,
                body: Some(no_route(&request.method, &request.target)),
                ..Answer::default()
            },
        };
        answer.headers.extend(headers);
        if request.method == "GET" && answer.status == 200 {
            answer.tag(request.header("if-none-match"));
        }
        Ok(answer)
    }
}

/// A lock is held for one look or change, and a panic in between is a test's that has failed already.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
