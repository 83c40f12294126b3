//! Connections from Infisical as an application lives with them: many tasks at once, a day of tokens that run out, a server that is
//! away.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use std::process::Command;
use std::time::Duration;

use keyloom_connections::Generic;
use keyloom_fake_infisical::{Environment, FakeInfisical, Planned, Project as Seeded, Seed, TokenSettings};
use keyloom_runtime::connections::{ConnectionError, Connections, FailureKind, Infisical, InfisicalSettings};
use keyloom_runtime::http::{Http, Limits};
use keyloom_runtime::{Clock, Secret};
use support::{CANARY, drive, logins, universal};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

fn name(number: usize) -> String {
    format!("connection-{number}")
}

/// A server with so many connections.
fn start(tokens: TokenSettings, many: usize) -> FakeInfisical {
    let text = |number| format!(r#"{{"type": "generic", "details": {{"value": "{CANARY}-{number}"}}}}"#);
    let all: Vec<_> = (0..many).map(|number| (name(number), text(number))).collect();
    let all: Vec<_> = all.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let prod = Environment::new("prod").folder("/", &all);
    FakeInfisical::start(
        Seed::new().project(Seeded::new("shop").environment(prod)).identity(universal(tokens)),
    )
    .unwrap()
}

fn connections(fake: &FakeInfisical, http: Http) -> Connections {
    let secret = Secret::new(CANARY.to_owned());
    let settings = InfisicalSettings {
        host: fake.url().to_owned(),
        ..InfisicalSettings::new("client", secret, &FakeInfisical::project_id("shop"), "prod")
    };
    Connections::new(Infisical::with_http(settings, http).unwrap())
}

fn timed(clock: &Clock) -> Http {
    Http::new(Limits::default()).unwrap().on(clock.clone()).seeded(7)
}

/// Questions for secrets.
fn questions(fake: &FakeInfisical) -> usize {
    fake.requests().iter().filter(|request| request.path.contains("/secrets")).count()
}

async fn value(connections: &Connections, number: usize) -> Result<(), ConnectionError> {
    let one: Generic = connections.get(&name(number)).await?;
    assert_eq!(one.value.expose(), format!("{CANARY}-{number}"));
    Ok(())
}

#[tokio::test]
async fn a_thousand_tasks_of_five_names_are_one_login_and_five_questions() {
    let fake = start(TokenSettings::default(), 5);
    let connections = connections(&fake, Http::new(Limits::default()).unwrap());
    let ask = |number: usize| {
        let connections = connections.clone();
        let task = tokio::spawn(async move { value(&connections, number % 5).await });
        // Every seventh goes away again, at once or while it waits.
        if number.is_multiple_of(7) {
            task.abort();
        }
        task
    };
    let tasks: Vec<_> = (0..1000).map(ask).collect();
    let mut answered = 0;
    for task in tasks {
        match task.await {
            Ok(told) => {
                told.unwrap();
                answered += 1;
            }
            Err(gone) => assert!(gone.is_cancelled(), "{gone}"),
        }
    }
    assert!(answered >= 857, "{answered}");
    assert_eq!((questions(&fake), logins(&fake).len()), (5, 1));
    assert!(!format!("{connections:?}").contains("canary"));
    // Much later they are still in memory.
    for number in 0..5 {
        value(&connections, number).await.unwrap();
    }
    assert_eq!(questions(&fake), 5);
}

/// The test above in a process that has no other places to write to.
#[test]
fn nothing_is_written_anywhere() {
    let place = tempfile::tempdir().unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "a_thousand_tasks_of_five_names_are_one_login_and_five_questions"]);
    command.current_dir(place.path());
    for variable in ["HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"]
    {
        command.env(variable, place.path());
    }
    let done = command.output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && said.contains("1 passed"), "{said}");
    let files: Vec<_> = std::fs::read_dir(place.path()).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.is_empty(), "{files:?}");
}

#[tokio::test]
async fn whoever_goes_away_takes_nothing_from_the_others() {
    let fake = start(TokenSettings::default(), 1);
    let connections = connections(&fake, Http::new(Limits::default()).unwrap());
    for _ in 0..3 {
        // Polled once, which sends the reading on its way, and dropped.
        tokio::select! {
            biased;
            _ = value(&connections, 0) => panic!("it cannot have been answered"),
            () = std::future::ready(()) => {}
        }
    }
    value(&connections, 0).await.unwrap();
    assert_eq!(questions(&fake), 1, "the first of them had it read");
}

/// A day in which another connection is asked for every three minutes, while nobody keeps the token.
async fn day(ttl: u64, max_ttl: u64) -> FakeInfisical {
    let many = usize::try_from(DAY / (3 * MINUTE)).unwrap();
    let fake = start(TokenSettings { ttl, max_ttl, ..TokenSettings::default() }, many);
    let clock = Clock::simulated(Duration::ZERO);
    let connections = connections(&fake, timed(&clock));
    for number in 0..many {
        value(&connections, number).await.unwrap_or_else(|error| panic!("{error} after {:?}", clock.now()));
        let next = Duration::from_secs(3 * MINUTE) * u32::try_from(number + 1).unwrap();
        tokio::join!(clock.sleep_until(next), drive(&fake, &clock, next, async || {}));
    }
    assert_eq!(questions(&fake), many, "each once, and none was refused");
    let refused: Vec<_> = fake.requests().into_iter().filter(|request| request.status != 200).collect();
    assert!(refused.is_empty(), "{refused:?}");
    fake
}

#[tokio::test]
async fn a_day_with_tokens_of_a_minute() {
    let logins = logins(&day(MINUTE, 0).await);
    assert_eq!(logins.len(), 480, "every token is over when the next connection is asked for");
}

#[tokio::test]
async fn a_day_with_tokens_of_two_hours() {
    let all = logins(&day(2 * HOUR, 0).await);
    assert_eq!(all.iter().filter(|login| !login.renews).count(), 1, "{all:?}");
    assert!((11..=16).contains(&all.len()), "{all:?}");
}

#[tokio::test]
async fn a_day_with_tokens_that_can_be_renewed_for_a_few_hours() {
    let all = logins(&day(2 * HOUR, 5 * HOUR).await);
    assert!((4..=9).contains(&all.iter().filter(|login| !login.renews).count()), "{all:?}");
}

#[tokio::test]
async fn a_server_that_is_away_is_given_up_within_bounds_and_asked_again_by_the_next() {
    let fake = start(TokenSettings::default(), 1);
    let clock = Clock::simulated(Duration::ZERO);
    let connections = connections(&fake, timed(&clock));
    let failing = |answers: Vec<Planned>, most: u64| {
        let (fake, clock, connections) = (&fake, &clock, &connections);
        async move {
            fake.forget_requests();
            let before = clock.now();
            let count = answers.len();
            fake.plan(answers);
            let asked = tokio::spawn({
                let connections = connections.clone();
                async move { value(&connections, 0).await.unwrap_err() }
            });
            while !asked.is_finished() {
                match clock.next_wake() {
                    Some(next) => clock.advance(next - clock.now()),
                    None => tokio::task::yield_now().await,
                }
            }
            let error = asked.await.unwrap();
            let ConnectionError::Read { failure, .. } = &error else { panic!("{error:?}") };
            assert_eq!(failure.kind, FailureKind::Unavailable, "{error}");
            assert_eq!(fake.requests().len(), count, "{error}");
            let took = clock.now() - before;
            assert!(took <= Duration::from_secs(most), "{took:?}: {error}");
        }
    };
    // The login: once where the server may have judged it, five times where it says that it did not look.
    failing(vec![Planned::Html(502)], 0).await;
    clock.advance(Duration::from_secs(HOUR));
    failing(vec![Planned::Status(503); 5], 10).await;
    clock.advance(Duration::from_secs(HOUR));
    failing(vec![Planned::TooMany(30); 5], 150).await;
    clock.advance(Duration::from_secs(HOUR));
    // The secret itself.
    failing([vec![Planned::AsUsual], vec![Planned::Status(500); 5]].concat(), 10).await;
    failing(vec![Planned::TooMany(60); 5], 300).await;
    failing(vec![Planned::TooMany(61)], 0).await;
    value(&connections, 0).await.unwrap();
}
