//! Names of a folder, from a server that answers as Infisical does, and from what may stand before it.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use std::net::TcpListener;
use std::time::Duration;

use keyloom_fake_infisical::{
    Access, ClientSecret, FakeInfisical, Identity, Logged, Planned, TokenSettings, UniversalAuth,
};
use keyloom_runtime::http::{Http, Limits};
use keyloom_runtime::{BaseUrl, Client, Credentials, Error, Folder, Project, Secret};
use support::{CANARY, credentials, folder, ok, said, serve};

const ALL: [&str; 3] = ["DB URL/1", "SENTRY_DSN", "STRIPE_KEY"];

fn start() -> FakeInfisical {
    let identity = Identity::new("plan").universal("client", CANARY).may(Access::Describe, "shop");
    support::start(identity)
}

fn token() -> Credentials {
    Credentials::Token(Secret::new(CANARY.to_owned()))
}

fn client(url: &str, credentials: Credentials) -> Client {
    let limits = Limits { pause: Duration::ZERO, body: 64 * 1024, ..Limits::default() };
    Client::with_http(BaseUrl::parse(url).unwrap(), credentials, Http::new(limits).unwrap())
}

async fn names(client: &Client, folder: &Folder) -> Result<Vec<String>, Error> {
    Ok(client.names(folder).await?.into_iter().collect())
}

fn paths(fake: &FakeInfisical) -> Vec<(String, u16)> {
    fake.requests().into_iter().map(|Logged { path, status, .. }| (path, status)).collect()
}

#[tokio::test]
async fn names_come_with_those_of_imports_and_without_values() {
    let fake = start();
    let client = client(&format!("{}/api/", fake.url()), credentials(CANARY));
    assert_eq!(names(&client, &folder("/api")).await.unwrap(), ALL);
    assert_eq!(names(&client, &folder("/shared")).await.unwrap(), ["SENTRY_DSN", "STRIPE_KEY"]);
    let requests = fake.requests();
    assert_eq!(requests.len(), 3, "one login, two lists");
    for (name, value) in [
        ("viewSecretValue", "false"),
        ("expandSecretReferences", "false"),
        ("recursive", "false"),
        ("includeImports", "true"),
        ("includePersonalOverrides", "false"),
        ("secretPath", "/api"),
    ] {
        assert_eq!(requests[1].parameter(name), Some(value), "{name}");
    }
    assert!(requests[1].agent.starts_with("keyloom/"));
}

#[tokio::test]
async fn the_first_builds_of_the_interface_bring_imports_too() {
    let fake = start();
    fake.change_settings(|settings| settings.early_v4 = true);
    assert_eq!(names(&client(fake.url(), credentials(CANARY)), &folder("/api")).await.unwrap(), ALL);
}

#[tokio::test]
async fn an_older_server_and_a_slug_lead_to_the_older_interface() {
    let fake = start();
    fake.change_settings(|settings| settings.v4 = false);
    let by_id = client(fake.url(), credentials(CANARY));
    for _ in 0..2 {
        assert_eq!(names(&by_id, &folder("/api")).await.unwrap(), ALL);
    }
    let of = |path: &str, status| (path.to_owned(), status);
    let older = of("/api/v3/secrets/raw", 200);
    assert_eq!(paths(&fake)[1..], [of("/api/v4/secrets", 404), older.clone(), older.clone()]);
    fake.forget_requests();
    fake.change_settings(|settings| settings.v4 = true);
    let by_slug = Folder { project: Project::new("shop"), ..folder("/api") };
    assert_eq!(names(&client(fake.url(), credentials(CANARY)), &by_slug).await.unwrap(), ALL);
    assert_eq!(paths(&fake)[1], older);
}

#[tokio::test]
async fn a_token_that_ran_out_leads_to_one_more_login() {
    let auth = UniversalAuth {
        client_id: "client".to_owned(),
        client_secrets: vec![ClientSecret::new(CANARY)],
        tokens: TokenSettings { ttl: 60, max_ttl: 60, ..TokenSettings::default() },
        ..UniversalAuth::default()
    };
    let identity = Identity::new("plan").universal_auth(auth).may(Access::Read, "shop");
    let fake = support::start(identity);
    let client = client(fake.url(), credentials(CANARY));
    names(&client, &folder("/api")).await.unwrap();
    fake.advance(Duration::from_secs(61));
    assert_eq!(names(&client, &folder("/api")).await.unwrap(), ALL);
    let requests = fake.requests();
    assert_eq!(requests.len(), 5);
    assert_eq!(requests[2].error.as_deref(), Some("TokenError"));
    assert_eq!((requests[3].method.as_str(), requests[4].status), ("POST", 200));
}

#[tokio::test]
async fn several_at_once_log_in_once() {
    let fake = start();
    let client = client(fake.url(), credentials(CANARY));
    let (api, shared) = (folder("/api"), folder("/shared"));
    let (one, two, three) = tokio::join!(client.names(&api), client.names(&shared), client.names(&api));
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    assert_eq!(fake.requests().iter().filter(|request| request.method == "POST").count(), 1);
}

#[tokio::test]
async fn a_wrong_client_secret_is_tried_once() {
    let fake = start();
    let error = client(fake.url(), credentials("wrong")).names(&folder("/api")).await.unwrap_err();
    assert!(error.is_denied() && matches!(error, Error::Login { .. }));
    assert!(said(&error).contains("refuses the login: 401 Unauthorized"), "{error}");
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn a_refused_login_is_not_sent_again_by_the_same_client() {
    let fake = start();
    let wrong = client(fake.url(), credentials("wrong"));
    for _ in 0..4 {
        let error = wrong.names(&folder("/api")).await.unwrap_err();
        assert!(matches!(error, Error::Login { .. }), "{error:?}");
        assert!(said(&error).contains("refuses the login: 401 Unauthorized"), "{error}");
    }
    assert_eq!(fake.requests().len(), 1);
    // The identity is not locked: the right one is still let in.
    assert_eq!(names(&client(fake.url(), credentials(CANARY)), &folder("/api")).await.unwrap(), ALL);
}

#[tokio::test]
async fn a_login_waits_for_a_server_that_is_busy() {
    let fake = start();
    let client = client(fake.url(), credentials(CANARY));
    fake.plan([Planned::TooMany(0), Planned::TooManyForNow, Planned::Status(503)]);
    assert_eq!(names(&client, &folder("/api")).await.unwrap(), ALL);
    assert_eq!(fake.requests().iter().filter(|request| request.method == "POST").count(), 4);
}

#[tokio::test]
async fn a_login_that_a_broken_server_may_have_judged_is_not_sent_again_at_once() {
    let fake = start();
    let client = client(fake.url(), credentials(CANARY));
    fake.plan([Planned::Html(502)]);
    let error = client.names(&folder("/api")).await.unwrap_err();
    assert!(said(&error).contains("refuses the login: 502"), "{error}");
    assert_eq!(fake.requests().len(), 1);
    assert_eq!(names(&client, &folder("/api")).await.unwrap(), ALL, "nor is it held against the identity");
}

#[tokio::test]
async fn a_token_of_ones_own_is_not_renewed() {
    let fake = start();
    let error = client(fake.url(), token()).names(&folder("/api")).await.unwrap_err();
    assert!(error.is_denied());
    said(&error);
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn what_is_missing_and_what_is_forbidden_are_told_apart() {
    let fake = start();
    let missing = client(fake.url(), credentials(CANARY)).names(&folder("/none")).await.unwrap_err();
    assert!(missing.is_not_found() && !missing.is_denied());
    assert!(said(&missing).contains("404 NotFound: Folder with path '/none'"), "{missing}");
    let stranger = Identity::new("plan").universal("client", CANARY);
    let fake = support::start(stranger);
    let denied = client(fake.url(), credentials(CANARY)).names(&folder("/api")).await.unwrap_err();
    assert!(denied.is_denied(), "{denied}");
    said(&denied);
    assert_eq!(fake.requests().len(), 2, "a denial is no reason to log in again");
}

#[tokio::test]
async fn busy_and_broken_servers_are_asked_again() {
    let fake = start();
    let client = client(fake.url(), credentials(CANARY));
    client.names(&folder("/api")).await.unwrap();
    fake.plan([Planned::TooMany(0), Planned::TooManyForNow, Planned::Status(503), Planned::Html(502)]);
    assert_eq!(names(&client, &folder("/api")).await.unwrap(), ALL);
    fake.plan([Planned::TooMany(61)]);
    assert!(said(&client.names(&folder("/api")).await.unwrap_err()).contains("asks to wait for 61 seconds"));
    fake.forget_requests();
    fake.plan([(); 5].map(|()| Planned::Html(504)));
    let error = client.names(&folder("/api")).await.unwrap_err();
    assert!(said(&error).contains("answers 504: the answer is not JSON"), "{error}");
    assert_eq!(fake.requests().len(), 5);
}

#[tokio::test]
async fn a_redirect_to_another_host_is_not_followed() {
    let fake = start();
    let to = format!("location: {}/api/v4/secrets", fake.url());
    let (url, _) =
        serve(format!("HTTP/1.1 302 Found\r\n{to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"));
    let error = client(&url, token()).names(&folder("/api")).await.unwrap_err();
    assert!(said(&error).contains("redirect to another host"), "{error}");
    assert!(fake.requests().is_empty(), "the token went to another host");
}

#[tokio::test]
async fn answers_that_are_too_large_or_no_lists_are_refused() {
    let (url, _) = serve(ok(&"x".repeat(65 * 1024)));
    let error = client(&url, token()).names(&folder("/api")).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { limit: 65_536, .. }), "{error:?}");
    for body in ["<html>canary-value</html>", "{\"secrets\": \"canary-value\"}", "[]"] {
        let error = client(&serve(ok(body)).0, token()).names(&folder("/api")).await.unwrap_err();
        assert!(said(&error).contains("is not understood"), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_to_be_so() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = client(&url, token()).names(&folder("/api")).await.unwrap_err();
    assert!(said(&error).ends_with("cannot be reached: connection refused"), "{error}");
}
