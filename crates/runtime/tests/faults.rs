//! What goes wrong between Infisical and an application, with figures.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests stand outside of test functions

mod shop;

use std::time::Duration;

use keyloom_fake_infisical::{
    Access, ClientSecret, Environment, FakeInfisical, Identity, Planned, Project as Seeded, Seed,
    TokenSettings, UniversalAuth,
};
use keyloom_runtime::http::Limits;
use keyloom_runtime::webhook::Hint;
use keyloom_runtime::{Clock, Settings};
use shop::{KEY, PLACE, figure, questions, seed, settings, started, stop, until, value};

const MINUTE: Duration = Duration::from_secs(60);

/// Moves the clock to whatever is waited for next, until something is so; how long it went. It stands while a question is on
/// its way: then only the task that keeps the login waits.
async fn pass(clock: &Clock, what: &str, is_so: impl Fn() -> bool) -> Duration {
    let began = clock.now();
    let passing = async {
        while !is_so() {
            clock.asleep(2).await;
            if let Some(next) = clock.next_wake().filter(|_| !is_so()) {
                clock.advance(next - clock.now());
            }
        }
    };
    tokio::time::timeout(MINUTE, passing).await.unwrap_or_else(|_| panic!("never: {what}"));
    clock.now() - began
}

#[tokio::test]
async fn while_the_server_is_away_the_last_secrets_are_served() {
    let fake = FakeInfisical::start(seed()).unwrap();
    let settings = settings(fake.url());
    let clock = settings.clock.clone();
    let subscriber = started(settings).await;
    fake.set_secret(PLACE, "URL", "canary-url-2").unwrap();
    fake.forget_requests();
    let faults = [Planned::Status(500), Planned::Html(502), Planned::TooManyForNow, Planned::Status(504)];
    fake.plan(faults.into_iter().cycle().take(20));
    subscriber.hint(&Hint::default());
    let took = pass(&clock, "the server is back", || {
        assert!(value(&subscriber, "USER") == "canary-user-1" && subscriber.is_ready());
        // However often somebody says that there is news, the server is left alone.
        subscriber.hint(&Hint::default());
        value(&subscriber, "URL") == "canary-url-2"
    })
    .await;
    let asked = questions(&fake);
    figure(&format!("server away: {asked} questions in {took:?}"));
    assert!(asked == 21 && took > 10 * MINUTE, "{asked} questions in {took:?}");
    assert!(
        shop::logged().contains("WARN keyloom_runtime::subscriber::shared: a folder could not be loaded: ")
    );
    stop(vec![subscriber]).await;
}

#[tokio::test]
async fn a_server_that_is_busy_is_left_alone_for_as_long_as_it_wants() {
    let fake = FakeInfisical::start(seed()).unwrap();
    let settings = Settings { limits: Limits::default(), ..settings(fake.url()) };
    let clock = settings.clock.clone();
    let subscriber = started(settings).await;
    fake.set_secret(PLACE, "URL", "canary-url-2").unwrap();
    fake.forget_requests();
    fake.plan([Planned::TooMany(45), Planned::TooMany(300)]);
    subscriber.hint(&Hint::default());
    let took = pass(&clock, "it answers", || value(&subscriber, "URL") == "canary-url-2").await;
    figure(&format!("server busy for 45 s and 300 s: {} questions in {took:?}", questions(&fake)));
    assert_eq!(questions(&fake), 3);
    assert!(took >= Duration::from_secs(345) && took < Duration::from_secs(600), "{took:?}");
    stop(vec![subscriber]).await;
}

#[tokio::test]
async fn a_token_that_ran_out_is_replaced_and_nothing_is_missed() {
    let tokens = TokenSettings { ttl: 60, ..TokenSettings::default() };
    let client_secrets = vec![ClientSecret::new("canary-secret")];
    let auth =
        UniversalAuth { client_id: "client".to_owned(), client_secrets, tokens, ..UniversalAuth::default() };
    let prod = Environment::new("prod").folder("/api", &[("URL", "canary-url-1"), ("WEBHOOK_SECRET", KEY)]);
    let identity = Identity::new("app").universal_auth(auth).may(Access::Read, "shop");
    let fake =
        FakeInfisical::start(Seed::new().project(Seeded::new("shop").environment(prod)).identity(identity))
            .unwrap();
    let settings = settings(fake.url());
    let subscriber = started(settings).await;
    fake.forget_requests();
    // The server's clock only: the client learns of it by being refused.
    fake.advance(2 * MINUTE);
    fake.set_secret(PLACE, "URL", "canary-url-2").unwrap();
    subscriber.hint(&Hint::default());
    until("it is known", || value(&subscriber, "URL") == "canary-url-2").await;
    let seen: Vec<_> = fake.requests().into_iter().map(|request| (request.status, request.error)).collect();
    let refused = (403, Some("TokenError".to_owned()));
    figure(&format!("token ran out: {} requests", seen.len()));
    assert_eq!((seen.len(), &seen[0]), (3, &refused), "{seen:?}");
    stop(vec![subscriber]).await;
}

#[tokio::test]
async fn a_day_without_news_is_one_question_every_five_minutes_or_so() {
    let fake = FakeInfisical::start(seed()).unwrap();
    let settings = settings(fake.url());
    let clock = settings.clock.clone();
    let subscriber = started(settings).await;
    fake.forget_requests();
    let end = clock.now() + 24 * 60 * MINUTE;
    let took = pass(&clock, "a day is over", || clock.now() >= end).await;
    let asked = fake.requests().into_iter().filter(|request| request.path.contains("secrets"));
    let (empty, full): (Vec<_>, Vec<_>) = asked.partition(|request| request.status == 304);
    figure(&format!("no news in {took:?}: {} questions, {} answers with values", empty.len(), full.len()));
    assert!((260..=320).contains(&empty.len()) && full.is_empty(), "{}", empty.len());
    stop(vec![subscriber]).await;
}
