//! Who asked for which connection stands in the log of the application: name, backend and outcome, and never a value.

#![allow(clippy::unwrap_used)] // helpers of tests stand outside of test functions

mod heard;

use std::time::Duration;

use keyloom_connections::Generic;
use keyloom_fake_infisical::{
    Access, Environment, FakeInfisical, Identity, Planned, Project as Seeded, Seed,
};
use keyloom_runtime::Secret;
use keyloom_runtime::connections::{Connections, Infisical, InfisicalSettings, Over};
use keyloom_runtime::http::{Http, Limits};

const TEXT: &str = r#"{"type": "generic", "details": {"value": "canary"}}"#;

fn connections(fake: &FakeInfisical, client_secret: &str) -> Connections {
    let secret = Secret::new(client_secret.to_owned());
    let settings = InfisicalSettings {
        host: fake.url().to_owned(),
        ..InfisicalSettings::new("client", secret, &FakeInfisical::project_id("shop"), "dev")
    };
    let limits = Limits { pause: Duration::ZERO, tries: 1, ..Limits::default() };
    Connections::new(Infisical::with_http(settings, Http::new(limits).unwrap()).unwrap())
}

/// What was logged of connections since then, without what is another thing in each run.
fn lines(before: usize) -> Vec<String> {
    let all = heard::text();
    assert!(!all.contains("canary"), "{all}");
    let ours = |line: &&str| line.starts_with("INFO keyloom_runtime::connections");
    let words = |line: &str| line.split_once(": ").map_or(line, |(_, words)| words).to_owned();
    all[before..].lines().filter(ours).map(words).collect()
}

#[tokio::test]
async fn every_reading_and_writing_is_a_line_without_a_value() {
    heard::listen();
    let dev = Environment::new("dev").folder("/", &[("my-secret", TEXT), ("broken", "canary")]);
    let identity = Identity::new("app").universal("client", "canary-secret").may(Access::Write, "shop");
    let seed = Seed::new().project(Seeded::new("shop").environment(dev)).identity(identity);
    let fake = FakeInfisical::start(seed).unwrap();
    let all = connections(&fake, "canary-secret");
    for _ in 0..3 {
        all.get::<Generic>("my-secret").await.unwrap();
    }
    assert_eq!(lines(0), ["connection 'my-secret': read, secrets backend 'infisical'"], "it was read once");

    // It is read, whatever comes of its text.
    let before = heard::text().len();
    all.get::<Generic>("broken").await.unwrap_err();
    all.text("my-secret").await.unwrap();
    all.backend().read("my-secret").await.unwrap();
    all.backend().write("new", &Secret::new(TEXT.to_owned()), Over::Nothing).await.unwrap();
    assert_eq!(
        lines(before),
        [
            "connection 'broken': read, secrets backend 'infisical'",
            "connection 'my-secret': read, secrets backend 'infisical'",
            "connection 'my-secret': read, secrets backend 'infisical'",
            "connection 'new': written, secrets backend 'infisical'",
        ]
    );

    let before = heard::text().len();
    all.get::<Generic>("none").await.unwrap_err();
    fake.plan([Planned::Status(403)]);
    all.get::<Generic>("denied").await.unwrap_err();
    all.get::<Generic>("two\nlines").await.unwrap_err();
    connections(&fake, "canary-wrong").get::<Generic>("my-secret").await.unwrap_err();
    let begins = [
        ("none", "failed to read secret from Infisical: looked for `none` in project ", "404 NotFound"),
        ("denied", "failed to read secret from Infisical: looked for `denied` in project ", "(request req-"),
        ("two\\nlines", "failed to read secret from Infisical: no request can be made", ""),
        ("my-secret", "failed to authenticate with Infisical: ", "(request req-"),
    ];
    let told = lines(before);
    assert_eq!(told.len(), begins.len(), "{told:?}");
    for (line, (name, begin, within)) in told.iter().zip(begins) {
        let begin = format!("connection '{name}': not read, secrets backend 'infisical': {begin}");
        assert!(line.starts_with(&begin) && line.contains(within), "{line}");
    }
}
