//! Secrets and folders are written.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use keyloom_fake_infisical::{Access, FakeInfisical, Identity};
use serde_json::{Value, json};
use support::{Client, Response, pairs, seed, start};

fn body(more: &Value) -> Value {
    let mut body = json!({"projectId": FakeInfisical::project_id("payments"), "environment": "dev"});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn send(client: &Client, method: &str, rest: &str, more: &Value) -> Response {
    client.send(method, &format!("/api/v4/secrets{rest}"), &[], Some(&body(more)))
}

fn read(client: &Client, name: &str) -> Response {
    let project = FakeInfisical::project_id("payments");
    client.get(&format!("/api/v4/secrets/{name}?environment=dev&projectId={project}"))
}

#[test]
fn a_secret_is_made_changed_renamed_and_deleted() {
    let fake = start();
    let client = Client::logged_in(&fake);
    let made = send(&client, "POST", "/NEW", &json!({"secretValue": "  spaced \n"}));
    assert_eq!(made.body["secret"]["secretValue"], "spaced\n");
    assert_eq!(send(&client, "POST", "/NEW", &json!({"secretValue": "x"})).error(), (400, "BadRequest"));
    let changed = send(&client, "PATCH", "/NEW", &json!({"secretValue": "second", "newSecretName": "NEWER"}));
    assert_eq!(changed.body["secret"]["version"], 2);
    assert_eq!(read(&client, "NEW").status, 404);
    assert_eq!(read(&client, "NEWER").body["secret"]["secretValue"], "second");
    assert_eq!(send(&client, "DELETE", "/NEWER", &json!({})).status, 200);
    assert_eq!(send(&client, "DELETE", "/NEWER", &json!({})).error(), (404, "NotFound"));
    assert_eq!(send(&client, "POST", "/X", &json!({})).error(), (422, "ValidationFailure"));
    let gone = json!({"secretValue": "x", "secretPath": "/gone"});
    assert_eq!(send(&client, "POST", "/X", &gone).error(), (404, "NotFound"));
}

#[test]
fn several_are_written_together_or_not_at_all() {
    let fake = start();
    let client = Client::logged_in(&fake);
    let secret = |key: &str| json!({"secretKey": key, "secretValue": "v"});
    let both = json!({"secrets": [secret("ONE"), secret("TWO")]});
    assert_eq!(pairs(&send(&client, "POST", "/batch", &both).body["secrets"]).len(), 2);
    let half = json!({"secrets": [secret("THREE"), secret("ONE")]});
    assert_eq!(send(&client, "POST", "/batch", &half).status, 400);
    assert_eq!(read(&client, "THREE").status, 404);
}

#[test]
fn readers_write_nothing() {
    let reader = Identity::new("reader").universal("reader", "r").may(Access::Read, "payments");
    let fake = FakeInfisical::start(seed().identity(reader)).unwrap();
    let mut client = Client::new(&fake);
    client.token = client.login("reader", "r").body["accessToken"].as_str().map(str::to_owned);
    let answer = send(&client, "POST", "/NEW", &json!({"secretValue": "x"}));
    assert_eq!(answer.error(), (403, "PermissionDenied"));
    assert_eq!(answer.body["details"], json!([]));
}

#[test]
fn version_3_writes_too() {
    let fake = start();
    let client = Client::logged_in(&fake);
    let body = json!({"workspaceId": FakeInfisical::project_id("payments"), "environment": "dev", "secretValue": "3"});
    assert_eq!(client.post("/api/v3/secrets/raw/OLD", &body).status, 200);
    assert_eq!(read(&client, "OLD").body["secret"]["secretValue"], "3");
}

#[test]
fn folders_are_listed_made_and_deleted() {
    let fake = start();
    let client = Client::logged_in(&fake);
    let project = FakeInfisical::project_id("payments");
    let names = |path: &str, more: &str| {
        let answer =
            client.get(&format!("/api/v1/folders?workspaceId={project}&environment=dev&path={path}{more}"));
        let folders = answer.body["folders"].as_array().unwrap_or_else(|| panic!("{answer:?}")).clone();
        folders.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("/", ""), ["db", "shared"]);
    assert_eq!(names("/", "&recursive=true"), ["db", "main", "shared"]);
    let make = |name: &str| client.post("/api/v2/folders", &body(&json!({"name": name, "path": "/db"})));
    assert_eq!(make("replica").body["folder"]["path"], "/db/replica");
    assert_eq!(make("replica").error(), (400, "BadRequest"));
    assert_eq!(make("a/b").error(), (422, "ValidationFailure"));
    let gone = client.send("DELETE", "/api/v2/folders/db", &[], Some(&body(&json!({"path": "/"}))));
    assert_eq!(gone.status, 200);
    assert_eq!(names("/", "&recursive=true"), ["shared"]);
    let missing = client.get(&format!("/api/v1/folders?workspaceId={project}&environment=dev&path=/db"));
    assert_eq!(missing.error(), (404, "NotFound"));
}

#[test]
fn a_change_may_have_to_be_approved() {
    let fake = start();
    fake.change_settings(|settings| settings.change_policy = true);
    let client = Client::logged_in(&fake);
    let answer = send(&client, "POST", "/NEW", &json!({"secretValue": "x"}));
    assert_eq!((answer.status, answer.body["approval"]["status"].as_str()), (200, Some("open")));
    assert!(answer.body.get("secret").is_none());
    assert_eq!(read(&client, "NEW").status, 404);
}
