//! The backend of Infisical, from a server that answers as Infisical does.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod infisical_writing;
mod support;

use std::time::Duration;

use keyloom_connections::Generic;
use keyloom_fake_infisical::{
    Access, Environment, FakeInfisical, Identity, Logged, Planned, Project as Seeded, Secret as Kept, Seed,
};
use keyloom_runtime::connections::{Backend, ConnectionError, Connections, FailureKind, Infisical};
use keyloom_runtime::connections::{Failure, InfisicalSettings, Over};
use keyloom_runtime::http::{Http, Limits};
use keyloom_runtime::{Clock, Secret};
use support::CANARY;

const PLACE: (&str, &str, &str) = ("shop", "prod", "/connections");

fn generic(value: &str) -> String {
    format!(r#"{{"type": "generic", "details": {{"value": "{value}"}}}}"#)
}

fn identity() -> Identity {
    Identity::new("app").universal("client", CANARY)
}

fn start(identity: Identity) -> FakeInfisical {
    let prod = Environment::new("prod")
        .folder(
            "/connections",
            &[
                ("my-postgres", &generic("canary-own")),
                ("ä b%/?#+1", &generic("canary-odd")),
                ("uses", &generic("${HOST}")),
                ("HOST", "canary-host"),
            ],
        )
        .folder("/shared", &[("my-postgres", &generic("canary-1")), ("imported", &generic("canary-1"))])
        .folder("/last", &[("imported", &generic("canary-2"))])
        .import("/connections", "prod", "/shared")
        .import("/connections", "prod", "/last")
        .secret("/connections", "plain", Kept::new("canary"));
    let seed = Seed::new().project(Seeded::new("shop").environment(prod)).identity(identity);
    FakeInfisical::start(seed).unwrap()
}

fn settings(fake: &FakeInfisical) -> InfisicalSettings {
    let secret = Secret::new(CANARY.to_owned());
    InfisicalSettings {
        host: fake.url().to_owned(),
        secret_path: "/connections".to_owned(),
        ..InfisicalSettings::new("client", secret, &FakeInfisical::project_id("shop"), "prod")
    }
}

fn backend(settings: InfisicalSettings) -> Infisical {
    let limits = Limits { pause: Duration::ZERO, ..Limits::default() };
    Infisical::with_http(settings, Http::new(limits).unwrap()).unwrap()
}

fn reader() -> (FakeInfisical, Infisical) {
    let fake = start(identity().may(Access::Read, "shop"));
    let backend = backend(settings(&fake));
    (fake, backend)
}

fn asked(fake: &FakeInfisical) -> Vec<String> {
    let all = fake.requests().into_iter().filter(|request| !request.path.contains("/auth/"));
    all.map(|Logged { method, path, status, .. }| format!("{method} {path} {status}")).collect()
}

/// What a failure says, without the canary.
fn said(failure: &Failure) -> String {
    assert!(!format!("{failure} {failure:?}").contains("canary"), "{failure:?}");
    failure.to_string()
}

#[tokio::test]
async fn a_connection_is_one_request_for_the_secret_of_its_name() {
    let (fake, backend) = reader();
    for (name, value) in [
        ("my-postgres", "canary-own"),
        ("ä b%/?#+1", "canary-odd"),
        ("uses", "canary-host"),
        ("imported", "canary-2"),
    ] {
        assert_eq!(backend.read(name).await.unwrap().expose(), generic(value), "{name}");
    }
    assert_eq!(
        asked(&fake),
        [
            "GET /api/v4/secrets/my-postgres 200",
            "GET /api/v4/secrets/%C3%A4%20b%25%2F%3F%23+1 200",
            "GET /api/v4/secrets/uses 200",
            "GET /api/v4/secrets/imported 200",
        ]
    );
    let requests = fake.requests();
    assert_eq!(requests.iter().filter(|request| request.path.contains("login")).count(), 1);
    for (name, value) in [
        ("projectId", FakeInfisical::project_id("shop").as_str()),
        ("environment", "prod"),
        ("secretPath", "/connections"),
        ("viewSecretValue", "true"),
        ("expandSecretReferences", "true"),
        ("includeImports", "true"),
    ] {
        assert_eq!(requests[1].parameter(name), Some(value), "{name}");
    }
}

#[tokio::test]
async fn every_interface_gives_the_same() {
    for (v3, v4, early, slug, paths) in [
        (true, true, true, false, &["GET /api/v4/secrets/imported 200"][..]),
        (
            true,
            false,
            false,
            false,
            &["GET /api/v4/secrets/imported 404", "GET /api/v3/secrets/raw/imported 200"],
        ),
        (true, true, false, true, &["GET /api/v3/secrets/raw/imported 200"]),
        (
            false,
            true,
            false,
            true,
            &[
                "GET /api/v3/secrets/raw/imported 404",
                "GET /api/v1/projects/slug/shop 200",
                "GET /api/v4/secrets/imported 200",
            ],
        ),
    ] {
        let fake = start(identity().may(Access::Read, "shop"));
        fake.change_settings(|settings| {
            (settings.v3, settings.v4, settings.early_v4) = (v3, v4, early);
        });
        let mut settings = settings(&fake);
        if slug {
            settings.project_id = "shop".to_owned();
        }
        let backend = backend(settings);
        assert_eq!(backend.read("imported").await.unwrap().expose(), generic("canary-2"));
        assert_eq!(asked(&fake), paths);
    }
}

#[tokio::test]
async fn names_come_without_values() {
    let (fake, backend) = reader();
    let names: Vec<_> = backend.names().await.unwrap().into_iter().collect();
    assert_eq!(names, ["HOST", "imported", "my-postgres", "plain", "uses", "ä b%/?#+1"]);
    assert_eq!(fake.requests().last().unwrap().parameter("viewSecretValue"), Some("false"));
}

#[tokio::test]
async fn what_is_not_there_is_told_with_where_it_was_looked_for() {
    let (fake, backend) = reader();
    let failure = Connections::new(backend).text("my-postgre").await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::NotFound);
    let told = said(&failure);
    let project = FakeInfisical::project_id("shop");
    let begin = format!(
        "failed to read secret from Infisical: looked for `my-postgre` in project `{project}`, environment `prod`, path \
         `/connections`: 127.0.0.1:"
    );
    assert!(told.starts_with(&begin), "{told}");
    assert!(told.contains("404 NotFound: Secret with name 'my-postgre' not found"), "{told}");
    assert!(told.ends_with("; did you mean `my-postgres`?"), "{told}");
    assert_eq!(asked(&fake)[1..], ["GET /api/v4/secrets 200"], "the names, without values");
    assert_eq!(fake.requests().last().unwrap().parameter("viewSecretValue"), Some("false"));
    for (environment, path) in [("prod", "/none"), ("none", "/connections")] {
        let (environment, secret_path) = (environment.to_owned(), path.to_owned());
        let elsewhere = self::backend(InfisicalSettings { environment, secret_path, ..settings(&fake) });
        fake.forget_requests();
        let failure = Connections::new(elsewhere).text("my-postgre").await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::NotFound);
        assert!(
            said(&failure).contains("check the project (the program), the environment (the program)"),
            "{failure}"
        );
    }
}

#[tokio::test]
async fn who_may_not_list_is_told_no_name() {
    let fake = start(identity().may(Access::Read, "shop"));
    let connections = Connections::new(backend(settings(&fake)));
    connections.text("my-postgres").await.unwrap();
    fake.plan([Planned::AsUsual, Planned::Status(403)]);
    let told = said(&connections.text("my-postgre").await.unwrap_err());
    assert!(!told.contains("my-postgres") && told.contains("check the exact name"), "{told}");
}

#[tokio::test]
async fn a_hint_is_not_waited_for() {
    let fake = start(identity().may(Access::Read, "shop"));
    let clock = Clock::simulated(Duration::ZERO);
    let http = Http::new(Limits::default()).unwrap().on(clock.clone());
    let backend = Infisical::with_http(settings(&fake), http).unwrap();
    let connections = Connections::new(backend).on(clock.clone());
    connections.text("my-postgres").await.unwrap();
    fake.plan([Planned::AsUsual, Planned::TooMany(30)]);
    let (failure, ()) = tokio::join!(connections.text("my-postgre"), async {
        clock.asleep(2).await;
        clock.advance(Duration::from_secs(3));
    });
    let failure = failure.unwrap_err();
    assert_eq!(failure.kind, FailureKind::NotFound);
    assert!(said(&failure).contains("check the exact name"), "{failure}");
}

#[tokio::test]
async fn what_may_not_be_read_is_denied() {
    for (identity, remedy) in [
        (
            identity(),
            "; make the identity a member of the project, and look at the trusted IPs of its access tokens",
        ),
        (identity().may(Access::Describe, "shop"), "; let the identity read the values of secrets there"),
    ] {
        let fake = start(identity);
        let failure = backend(settings(&fake)).read("my-postgres").await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Denied, "{failure}");
        let told = said(&failure);
        assert!(
            told.starts_with("failed to read secret from Infisical: looked for `my-postgres` in project"),
            "{told}"
        );
        assert!(told.ends_with(remedy), "{told}");
        assert_eq!(asked(&fake).len(), 1);
    }
    let body = r#"{"secret": {"secretKey": "a", "secretValue": "<hidden-by-infisical>", "secretValueHidden": true}}"#;
    let failure = of_answer(body).await;
    assert_eq!(failure.kind, FailureKind::Denied, "a placeholder is no connection");
    assert!(said(&failure).ends_with("; let the identity read the values of secrets there"), "{failure}");
}

/// What becomes of an answer to a question for `a`; the login is answered likewise.
async fn of_answer(body: &str) -> Failure {
    let login = r#""accessToken": "canary-token", "expiresIn": 7200, "accessTokenMaxTTL": 7200, "#;
    let (url, _) = support::serve(support::ok(&format!("{{{login}{}", body.strip_prefix('{').unwrap())));
    let fake = start(identity());
    let settings = InfisicalSettings { host: url, ..settings(&fake) };
    backend(settings).read("a").await.unwrap_err()
}

#[tokio::test]
async fn another_secret_than_was_asked_for_is_none() {
    for (body, why) in [
        (r#"{"secret": {"secretKey": "b", "secretValue": "canary"}}"#, "it is another secret"),
        (r#"{"secret": "canary"}"#, "it is no secret"),
        (r#"{"secret": {"secretKey": "a", "secretValue": 7}}"#, "it is no secret"),
    ] {
        let failure = of_answer(body).await;
        assert_eq!(failure.kind, FailureKind::Unavailable);
        assert!(said(&failure).contains(why), "{failure}");
    }
    let (fake, backend) = reader();
    for name in ["", ".", "..", ".\t.", "my-\npostgres"] {
        let failure = backend.read(name).await.unwrap_err();
        assert!(said(&failure).contains("no request can be made: the name of the secret"), "{failure}");
        let failure = backend.write(name, &Secret::new("{}".to_owned()), Over::Anything).await.unwrap_err();
        assert!(said(&failure).contains("no request can be made: the name of the secret"), "{failure}");
    }
    assert!(asked(&fake).is_empty(), "what would list the folder is not asked");
}

#[tokio::test]
async fn connections_come_of_it() {
    let (fake, backend) = reader();
    let connections = Connections::new(backend);
    let one: Generic = connections.get("my-postgres").await.unwrap();
    assert_eq!((one.name.as_str(), one.value.expose()), ("my-postgres", "canary-own"));
    let told = connections.get::<Generic>("plain").await.unwrap_err();
    assert!(matches!(told, ConnectionError::Invalid { .. }));
    assert!(!format!("{told} {told:?}").contains("canary"), "{told}");
    fake.set_secret(PLACE, "plain", &generic("canary-mended")).unwrap();
    assert_eq!(connections.get::<Generic>("plain").await.unwrap().value.expose(), "canary-mended");
}
