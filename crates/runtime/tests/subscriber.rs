//! What an application has of a subscriber.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod shop;

use std::time::Duration;

use keyloom_fake_infisical::{FakeInfisical, Planned};
use keyloom_runtime::webhook::LegacyEvents;
use keyloom_runtime::{Change, ChangeKind, Error, Settings, Subscriber, WebhookSettings};
use shop::{
    CANARY, KEY, Notes, PLACE, START, Sender, folder, modified, next, questions, seed, settings, shown,
    started, until, value,
};

const MINUTE: Duration = Duration::from_secs(60);

fn start() -> FakeInfisical {
    FakeInfisical::start(seed()).unwrap()
}

fn said(change: &Change) -> String {
    let value = |secret: &Option<_>| secret.as_ref().map_or("-", keyloom_runtime::Secret::expose).to_owned();
    format!("{:?} {} {} {}", change.kind, change.key, value(&change.old), value(&change.new))
}

#[tokio::test]
async fn who_waits_for_changes_of_one_that_is_dropped_is_told_that_there_are_no_more() {
    let fake = start();
    let subscriber = started(settings(fake.url())).await;
    let mut changes = subscriber.changes();
    drop(subscriber);
    tokio::select! {
        biased;
        next = changes.next() => assert!(next.is_none()),
        () = std::future::ready(()) => panic!("it waits for ever"),
    }
}

#[tokio::test]
async fn folders_are_loaded_once_before_it_is_ready() {
    let fake = start();
    let settings = settings(fake.url());
    let subscriber = Subscriber::new(settings).unwrap();
    assert!(!subscriber.is_ready() && subscriber.get("USER").is_none());
    subscriber.start().await.unwrap();
    assert!(subscriber.is_ready());
    assert_eq!(questions(&fake), 1);
    assert_eq!(subscriber.get("USER").unwrap().expose(), "canary-user-1");
    let all = subscriber.get_all();
    // The key of webhooks is not the application's.
    assert_eq!(all.iter().map(|(key, _)| key).collect::<Vec<_>>(), ["PASSWORD", "URL", "USER"]);
    assert!(matches!(subscriber.start().await, Err(Error::Started)));
    shown(&subscriber);
    subscriber.stop().await;
    assert_eq!(questions(&fake), 1);
    assert_eq!(subscriber.get("USER").unwrap().expose(), "canary-user-1");
}

#[tokio::test]
async fn a_first_load_that_fails_fails_the_start() {
    let fake = start();
    let wrong = Settings { folders: vec![folder("/api"), folder("/gone")], ..settings(fake.url()) };
    let subscriber = Subscriber::new(wrong.clone()).unwrap();
    let error = subscriber.start().await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert!(!subscriber.is_ready() && subscriber.webhook_address().is_none());
    // Who asks for it starts anyway, and goes on trying.
    let clock = wrong.clock.clone();
    let degraded = started(Settings { degraded: true, ..wrong }).await;
    let mut changes = degraded.changes();
    let url = format!("http://{}/ready", degraded.webhook_address().unwrap());
    assert_eq!(Sender::new(KEY).get(&url).await.0, 503);
    assert!(degraded.status().last_error.unwrap().contains("/gone"));
    clock.advance(MINUTE);
    assert_eq!(next(&mut changes).await.len(), 3);
    assert!(!degraded.is_ready());
    fake.set_secret(("shop", "prod", "/gone"), "LATE", "canary-late").unwrap();
    until("everything is loaded", || {
        clock.advance(MINUTE);
        degraded.is_ready()
    })
    .await;
    assert_eq!(degraded.get("LATE").unwrap().expose(), "canary-late");
    assert_eq!(Sender::new(KEY).get(&url).await.0, 200);
    shown(&degraded);
    degraded.stop().await;
}

#[tokio::test]
async fn callbacks_are_told_old_and_new_and_do_not_disturb_each_other() {
    let fake = start();
    let settings = settings(fake.url());
    let clock = settings.clock.clone();
    let subscriber = started(settings).await;
    let (notes, sender) = (Notes::default(), Sender::new(KEY));
    let note = |name: &'static str| {
        let notes = notes.clone();
        move |words: &str| notes.add(format!("{name}: {words}"))
    };
    subscriber.subscribe("USER", |_| panic!("canary panic"));
    subscriber.subscribe("USER", |_| Err("canary error".into()));
    let one = note("one");
    let first = subscriber.subscribe("USER", move |change| {
        one(&said(change));
        Ok(())
    });
    let all = note("all");
    subscriber.subscribe_all(move |changes| {
        all(&changes.iter().map(said).collect::<Vec<_>>().join(", "));
        Ok(())
    });
    fake.set_secret(PLACE, "USER", "canary-user-2").unwrap();
    fake.set_secret(PLACE, "PASSWORD", "canary-password-2").unwrap();
    let mut changes = subscriber.changes();
    let address = subscriber.webhook_address().unwrap();
    assert_eq!(sender.send(address, START, &modified("/api", START)).await, 202);
    assert_eq!(next(&mut changes).await[0].kind, ChangeKind::Rotated);
    until("both were told", || notes.all().len() == 2).await;
    assert_eq!(
        notes.all(),
        [
            "one: Updated USER canary-user-1 canary-user-2",
            "all: Rotated PASSWORD canary-password-1 canary-password-2, Updated USER canary-user-1 canary-user-2"
        ]
    );
    until("failures are counted", || shown(&subscriber).contains("callbacks_failed_total 2")).await;
    assert!(subscriber.unsubscribe(first) && !subscriber.unsubscribe(first));
    fake.remove_secret(PLACE, "USER").unwrap();
    fake.set_secret(PLACE, "NEW", "canary-new").unwrap();
    subscriber.hint(&keyloom_runtime::webhook::Hint::default());
    clock.advance(MINUTE / 120);
    until("the second change was told", || notes.all().len() == 3).await;
    assert_eq!(notes.all()[2], "all: Created NEW - canary-new, Deleted USER canary-user-2 -");
    subscriber.stop().await;
}

#[tokio::test]
async fn stopping_joins_everything() {
    let fake = start();
    let subscriber = started(settings(fake.url())).await;
    let (began, ended) = (Notes::default(), Notes::default());
    let (begin, end) = (began.clone(), ended.clone());
    subscriber.subscribe_all(move |_| {
        begin.add(String::new());
        std::thread::sleep(Duration::from_millis(300));
        end.add(String::new());
        Ok(())
    });
    let mut changes = subscriber.changes();
    let address = subscriber.webhook_address().unwrap();
    fake.set_secret(PLACE, "USER", "canary-user-2").unwrap();
    subscriber.hint(&keyloom_runtime::webhook::Hint::default());
    until("the callback began", || began.all().len() == 1).await;
    subscriber.stop().await;
    assert_eq!(ended.all().len(), 1);
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
    assert_eq!(changes.next().await.map(|batch| batch.len()), Some(1));
    assert!(changes.next().await.is_none());
    subscriber.stop().await;
}

#[tokio::test]
async fn an_event_that_is_lost_is_made_good() {
    let fake = start();
    let settings = settings(fake.url());
    let clock = settings.clock.clone();
    let subscriber = started(settings).await;
    let mut changes = subscriber.changes();
    // Nothing changed: one question whose answer carries no values.
    until("it is asked", || {
        clock.advance(MINUTE);
        questions(&fake) == 2
    })
    .await;
    let last = fake.requests().pop().unwrap();
    assert!(last.conditional && last.status == 304, "{last}");
    fake.set_secret(PLACE, "URL", "canary-url-2").unwrap();
    until("it is asked", || {
        clock.advance(MINUTE);
        subscriber.get("URL").unwrap().expose() == "canary-url-2"
    })
    .await;
    let told: Vec<_> = next(&mut changes).await.iter().map(said).collect();
    assert_eq!(told, ["Updated URL canary-url-1 canary-url-2"]);
    subscriber.stop().await;
}

#[tokio::test]
async fn infisical_itself_tells_of_a_change() {
    let fake = std::sync::Arc::new(start());
    let subscriber = started(settings(fake.url())).await;
    let mut changes = subscriber.changes();
    let sender = Sender::new(KEY);
    let login = format!("{}/api/v1/auth/universal-auth/login", fake.url());
    let token = sender.post(&login, &[], r#"{"clientId": "client", "clientSecret": "canary-secret"}"#).await;
    let token: serde_json::Value = serde_json::from_slice(&token.body).unwrap();
    let token = format!("Bearer {}", token["accessToken"].as_str().unwrap());
    let webhook = serde_json::json!({
        "projectId": FakeInfisical::project_id("shop"), "environment": "prod", "secretPath": "/api",
        "webhookUrl": format!("http://{}/infisical/webhook", subscriber.webhook_address().unwrap()), "webhookSecretKey": KEY,
    });
    let url = format!("{}/api/v1/webhooks", fake.url());
    let made = sender.post(&url, &[("authorization", &token)], &webhook.to_string()).await;
    assert_eq!(made.status, 200);
    fake.set_secret(PLACE, "URL", "canary-url-2").unwrap();
    // The clocks need not agree to the second.
    let deliver = std::sync::Arc::clone(&fake);
    tokio::task::spawn_blocking(move || deliver.advance(Duration::from_secs(1))).await.unwrap();
    assert_eq!(next(&mut changes).await.len(), 1);
    assert!(shown(&subscriber).contains(r#"webhooks_total{event="secrets.modified"} 1"#));
    subscriber.stop().await;
}

#[tokio::test]
async fn the_applications_own_events_are_believed_only_where_it_is_said() {
    let fake = start();
    let body = |kind: &str, value: &str| {
        let time = START.as_millis();
        format!(
            r#"{{"event": "secret.{kind}", "payload": {{"secretKey": "USER", "secretValue": "{value}"}}, "timestamp": {time}}}"#
        )
    };
    let sender = Sender::new(KEY);
    for (legacy, status) in
        [(LegacyEvents::Off, 200), (LegacyEvents::Hints, 202), (LegacyEvents::Values, 202)]
    {
        let mut settings = settings(fake.url());
        let clock = settings.clock.clone();
        settings.webhook = Some(WebhookSettings { legacy, ..settings.webhook.unwrap() });
        let subscriber = started(settings).await;
        let (address, mut changes) = (subscriber.webhook_address().unwrap(), subscriber.changes());
        if legacy == LegacyEvents::Values {
            fake.plan([Planned::Status(500)]);
        }
        assert_eq!(sender.send(address, START, &body("rotated", "canary-claimed")).await, status);
        assert_eq!(Sender::new("guess").send(address, START, &body("updated", "canary-forged")).await, 401);
        if legacy == LegacyEvents::Values {
            // Told at once, and corrected as soon as the server answers.
            let told = next(&mut changes).await;
            assert_eq!(said(&told[0]), "Rotated USER canary-user-1 canary-claimed");
            until("the server is asked again", || {
                clock.advance(MINUTE);
                subscriber.get("USER").unwrap().expose() == "canary-user-1"
            })
            .await;
        } else {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(subscriber.get("USER").unwrap().expose(), "canary-user-1");
        shown(&subscriber);
        subscriber.stop().await;
    }
}

#[tokio::test]
async fn an_older_event_does_not_take_the_place_of_a_newer_value() {
    let fake = start();
    let mut settings = settings(fake.url());
    let clock = settings.clock.clone();
    settings.webhook = Some(WebhookSettings { legacy: LegacyEvents::Values, ..settings.webhook.unwrap() });
    let subscriber = started(settings).await;
    let (to, sender) = (subscriber.webhook_address().unwrap(), Sender::new(KEY));
    let send = async |kind: &str, said: &str, time: Duration| {
        let payload = format!(r#"{{"secretKey": "USER", "secretValue": "{said}"}}"#);
        let millis = time.as_millis();
        let body = format!(r#"{{"event": "secret.{kind}", "payload": {payload}, "timestamp": {millis}}}"#);
        assert_eq!(sender.send(to, time, &body).await, 202);
        value(&subscriber, "USER")
    };
    // Infisical is away, and events come in any order.
    fake.plan(std::iter::repeat_n(Planned::Status(500), 3));
    let second = Duration::from_secs(1);
    assert_eq!(send("updated", "canary-before-the-load", START - second).await, "canary-user-1");
    assert_eq!(send("updated", "canary-user-3", START + 2 * second).await, "canary-user-3");
    assert_eq!(send("updated", "canary-user-2", START + second).await, "canary-user-3");
    assert_eq!(send("deleted", "", START + second / 2).await, "canary-user-3");
    assert_eq!(send("updated", "canary-user-4", START + 3 * second).await, "canary-user-4");
    // What Infisical says is newer than what was sent before it was asked.
    for _ in 0..9 {
        clock.advance(5 * second);
        // Then no question is on its way.
        clock.asleep(2).await;
    }
    assert_eq!(send("updated", "canary-late", START + 4 * second).await, "canary-user-1");
    shown(&subscriber);
    subscriber.stop().await;
}

#[tokio::test]
async fn figures_have_names_that_stay() {
    let fake = start();
    let subscriber = started(settings(fake.url())).await;
    let address = subscriber.webhook_address().unwrap();
    let sender = Sender::new(KEY);
    assert_eq!(sender.send(address, START, &modified("/elsewhere", START)).await, 202);
    until("it was asked", || questions(&fake) == 2).await;
    until("it was answered", || subscriber.metrics().contains("unchanged\"} 1")).await;
    let (status, text) = sender.get(&format!("http://{address}/metrics")).await;
    assert_eq!((status, text.contains(CANARY)), (200, false));
    assert_eq!(text, include_str!("metrics.txt"));
    subscriber.stop().await;
}
