//! Secret syncs, and what they do to destinations.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use std::collections::BTreeMap;

use keyloom_fake_infisical::{AppConnection, Destination, Environment, FakeInfisical, Hidden, uuid};
use serde_json::{Map, Value, json};
use support::{Client, Response, seed, text};

const AWS: &str = "/api/v1/secret-syncs/aws-secrets-manager";

fn config() -> Map<String, Value> {
    json!({"region": "us-east-1", "mappingBehavior": "one-to-one"}).as_object().unwrap().clone()
}

/// A folder `/sync` with `A` and `B`, and a destination with `B`, `FOREIGN` and what is asked for.
fn start_with(there: &[(&str, &str)]) -> (FakeInfisical, Client) {
    let mut seed = seed();
    seed.projects[0].environments.push(
        Environment::new("sync")
            .folder("/sync", &[("A", "source"), ("B", "source")])
            .folder("/shared", &[("C", "source")]),
    );
    let mut secrets = BTreeMap::from([("B", "there"), ("FOREIGN", "there")]);
    secrets.extend(there.iter().copied());
    let secrets = secrets.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    let connection = |name: &str, app: &str| AppConnection {
        name: name.to_owned(),
        app: app.to_owned(),
        method: "test".to_owned(),
        ..AppConnection::default()
    };
    let destination =
        Destination { destination: "aws-secrets-manager".to_owned(), config: config(), secrets };
    let seed = seed
        .app_connection(connection("main", "aws"))
        .app_connection(connection("hub", "github"))
        .destination(destination);
    let fake = FakeInfisical::start(seed).unwrap();
    let client = Client::logged_in(&fake);
    (fake, client)
}

fn body(change: &Value) -> Value {
    let mut body = json!({
        "name": "one", "projectId": FakeInfisical::project_id("payments"), "connectionId": uuid("connection/main"),
        "environment": "sync", "secretPath": "/sync/", "destinationConfig": config(),
        "syncOptions": {"initialSyncBehavior": "overwrite-destination"},
    });
    for (name, value) in change.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn create(client: &Client, change: &Value) -> Response {
    client.post(AWS, &body(change))
}

fn there(fake: &FakeInfisical) -> Vec<(String, String)> {
    let names: BTreeMap<String, Hidden> = fake.destination("aws-secrets-manager", &config());
    names.into_iter().map(|(name, value)| (name, value.expose().to_owned())).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn overwriting_deletes_what_is_foreign() {
    let (fake, client) = start_with(&[]);
    let made = create(&client, &json!({}));
    assert_eq!(made.body["secretSync"]["syncStatus"], "pending", "{made:?}");
    assert_eq!(there(&fake), pairs(&[("A", "source"), ("B", "source")]));
    let id = text(&made.body["secretSync"]["id"]);
    let sync = client.get(&format!("{AWS}/{id}")).body["secretSync"].clone();
    assert_eq!(sync["syncStatus"], "succeeded");
    assert_eq!(sync["connection"]["app"], "aws");
    assert_eq!(sync["folder"]["path"], "/sync");
    assert_eq!(sync["environment"]["slug"], "sync");
    assert_eq!(sync["syncOptions"]["disableSecretDeletion"], false);
}

#[test]
fn deletion_can_be_switched_off_and_a_schema_protects() {
    let (fake, client) = start_with(&[("KL_OLD", "there")]);
    create(
        &client,
        &json!({"syncOptions": {"initialSyncBehavior": "overwrite-destination", "disableSecretDeletion": true}}),
    );
    let kept = [("A", "source"), ("B", "source"), ("FOREIGN", "there"), ("KL_OLD", "there")];
    assert_eq!(there(&fake), pairs(&kept));
    let (fake, client) = start_with(&[("KL_OLD", "there")]);
    let options = json!({"initialSyncBehavior": "overwrite-destination", "keySchema": "KL_{{secretKey}}"});
    create(&client, &json!({"syncOptions": options}));
    let ours = [("B", "there"), ("FOREIGN", "there"), ("KL_A", "source"), ("KL_B", "source")];
    assert_eq!(there(&fake), pairs(&ours));
}

#[test]
fn importing_takes_over_what_is_there_once() {
    for (behavior, b) in [("import-prioritize-source", "source"), ("import-prioritize-destination", "there")]
    {
        let (fake, client) = start_with(&[]);
        create(&client, &json!({"syncOptions": {"initialSyncBehavior": behavior}}));
        assert_eq!(there(&fake), pairs(&[("A", "source"), ("B", b), ("FOREIGN", "there")]), "{behavior}");
        fake.remove_secret(("payments", "sync", "/sync"), "FOREIGN").unwrap();
        assert_eq!(there(&fake), pairs(&[("A", "source"), ("B", b)]));
    }
}

#[test]
fn a_change_of_the_source_or_of_its_imports_is_copied() {
    let (fake, client) = start_with(&[]);
    create(&client, &json!({}));
    fake.set_secret(("payments", "sync", "/sync"), "A", "second").unwrap();
    assert_eq!(there(&fake)[0].1, "second");
    let id = text(
        &client.get(&format!("{AWS}/sync-name/one?projectId={}", FakeInfisical::project_id("payments"))).body
            ["secretSync"]["id"],
    );
    let off = client.send("PATCH", &format!("{AWS}/{id}"), &[], Some(&json!({"isAutoSyncEnabled": false})));
    assert_eq!(off.body["secretSync"]["version"], 2);
    fake.set_secret(("payments", "sync", "/sync"), "A", "third").unwrap();
    assert_eq!(there(&fake)[0].1, "second");
    assert_eq!(client.post(&format!("{AWS}/{id}/sync-secrets"), &json!({})).status, 200);
    assert_eq!(there(&fake)[0].1, "third");
}

#[test]
fn jobs_are_asked_for() {
    let (fake, client) = start_with(&[]);
    let id = text(&create(&client, &json!({"isAutoSyncEnabled": false})).body["secretSync"]["id"]);
    assert_eq!(there(&fake).len(), 2);
    let import = |behavior: &str| {
        client.post(&format!("{AWS}/{id}/import-secrets?importBehavior={behavior}"), &json!({}))
    };
    assert_eq!(import("import-prioritize-source").status, 422);
    assert_eq!(import("prioritize-source").body["secretSync"]["importStatus"], "pending");
    client.post(&format!("{AWS}/{id}/sync-secrets"), &json!({}));
    assert_eq!(there(&fake), pairs(&[("A", "source"), ("B", "source"), ("FOREIGN", "there")]));
    client.post(&format!("{AWS}/{id}/remove-secrets"), &json!({}));
    assert_eq!(there(&fake), pairs(&[]));
}

#[test]
fn a_sync_is_deleted_with_or_without_its_copies() {
    for (query, left) in [("", 2), ("?removeSecrets=true", 0)] {
        let (fake, client) = start_with(&[]);
        let id = text(&create(&client, &json!({})).body["secretSync"]["id"]);
        let used = client.send(
            "DELETE",
            &format!("/api/v1/app-connections/aws/{}", uuid("connection/main")),
            &[],
            None,
        );
        assert_eq!(used.error(), (400, "BadRequest"));
        assert_eq!(client.send("DELETE", &format!("{AWS}/{id}{query}"), &[], None).status, 200);
        assert_eq!(there(&fake).len(), left);
        assert_eq!(client.get(&format!("{AWS}/{id}")).error(), (404, "NotFound"));
    }
}

#[test]
fn what_is_no_sync_is_refused() {
    let (_fake, client) = start_with(&[]);
    let options = |more: Value| json!({"syncOptions": more});
    for (change, status) in [
        (json!({"name": "Not A Slug"}), 422),
        (json!({"connectionId": "main"}), 422),
        (options(json!({})), 422),
        (options(json!({"initialSyncBehavior": "merge"})), 422),
        (options(json!({"initialSyncBehavior": "overwrite-destination", "keySchema": "KEY"})), 422),
        (json!({"destinationConfig": {"region": "us-east-1"}}), 422),
        (json!({"destinationConfig": {"region": "us-east-1", "mappingBehavior": "many-to-one"}}), 422),
        (json!({"secretPath": "/gone"}), 400),
        (json!({"environment": "gone"}), 400),
        (json!({"connectionId": uuid("connection/hub")}), 400),
        (json!({"connectionId": uuid("none")}), 404),
    ] {
        let answer = create(&client, &change);
        assert_eq!(answer.status, status, "{change}: {answer:?}");
    }
    assert_eq!(create(&client, &json!({})).status, 200);
    assert_eq!(create(&client, &json!({})).error(), (400, "BadRequest"));
    let github = body(&json!({
        "name": "hub", "connectionId": uuid("connection/hub"),
        "destinationConfig": {"scope": "repository", "owner": "acme", "repo": "web"},
        "syncOptions": {"initialSyncBehavior": "import-prioritize-source"},
    }));
    assert_eq!(client.post("/api/v1/secret-syncs/github", &github).error(), (400, "BadRequest"));
    assert_eq!(client.post("/api/v1/secret-syncs/nowhere", &github).error(), (404, "Not Found"));
}

#[test]
fn duplicates_are_told() {
    let (_fake, client) = start_with(&[]);
    let id = text(&create(&client, &json!({})).body["secretSync"]["id"]);
    let project = FakeInfisical::project_id("payments");
    let check = |more: Value| {
        let mut body = json!({"destinationConfig": config(), "projectId": project});
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        client.post(&format!("{AWS}/check-destination"), &body).body
    };
    assert_eq!(check(json!({})), json!({"hasDuplicate": true, "duplicateProjectId": project}));
    assert_eq!(check(json!({"excludeSyncId": id})), json!({"hasDuplicate": false}));
    let list = client.get(&format!("/api/v1/secret-syncs?projectId={project}"));
    assert_eq!(list.body["secretSyncs"][0]["id"], id.as_str());
    let options = client.get("/api/v1/secret-syncs/options").body["secretSyncOptions"].clone();
    let github = options.as_array().unwrap().iter().find(|it| it["destination"] == "github").unwrap().clone();
    assert_eq!(github["canImportSecrets"], false);
}

#[test]
fn a_source_that_is_gone_shows() {
    let (_fake, client) = start_with(&[]);
    let id = text(&create(&client, &json!({})).body["secretSync"]["id"]);
    let folder =
        json!({"projectId": FakeInfisical::project_id("payments"), "environment": "sync", "path": "/"});
    client.send("DELETE", "/api/v2/folders/sync", &[], Some(&folder));
    client.post(&format!("{AWS}/{id}/sync-secrets"), &json!({}));
    let sync = client.get(&format!("{AWS}/{id}")).body["secretSync"].clone();
    assert_eq!((&sync["folder"], &sync["environment"]), (&Value::Null, &Value::Null));
    assert_eq!(sync["syncStatus"], "failed");
}
