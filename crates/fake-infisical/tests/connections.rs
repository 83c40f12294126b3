//! App connections.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use keyloom_fake_infisical::{Access, FakeInfisical, Identity, Role, uuid};
use serde_json::{Value, json};
use support::{Client, seed, start, text};

const AWS: &str = "/api/v1/app-connections/aws";

fn access_key(name: &str) -> Value {
    json!({
        "name": name, "method": "access-key", "description": "for tests",
        "credentials": {"accessKeyId": "test", "secretAccessKey": "secret-canary", "unknown": "dropped"},
    })
}

#[test]
fn a_connection_lives_and_its_secrets_are_never_given_back() {
    let fake = start();
    let client = Client::logged_in(&fake);
    let made = client.post(AWS, &access_key("main"));
    assert_eq!(made.status, 200, "{made:?}");
    let connection = made.body["appConnection"].clone();
    assert_eq!(connection["credentials"], json!({"accessKeyId": "test"}));
    assert_eq!(connection["credentialsHash"].as_str().unwrap().len(), 64);
    assert_eq!(connection["projectId"], Value::Null);
    let id = text(&connection["id"]);
    let by_name = client.get(&format!("{AWS}/connection-name/main"));
    assert_eq!(by_name.body, client.get(&format!("{AWS}/{id}")).body);
    fake.advance(std::time::Duration::from_secs(1));
    let renamed = client.send("PATCH", &format!("{AWS}/{id}"), &[], Some(&json!({"name": "other"})));
    assert_eq!(renamed.body["appConnection"]["credentialsHash"], connection["credentialsHash"]);
    let credentials = json!({"credentials": {"accessKeyId": "test", "secretAccessKey": "second-canary"}});
    let changed = client.send("PATCH", &format!("{AWS}/{id}"), &[], Some(&credentials));
    assert_ne!(changed.body["appConnection"]["credentialsHash"], connection["credentialsHash"]);
    let everything = format!("{}{}{}{:?}{:?}", made.text, by_name.text, changed.text, fake.requests(), fake);
    assert!(!everything.contains("canary"));
    for list in ["/api/v1/app-connections", AWS, "/api/v1/app-connections/aws/available"] {
        assert_eq!(client.get(list).body["appConnections"][0]["name"], "other", "{list}");
    }
    assert_eq!(client.get("/api/v1/app-connections/github").body["appConnections"], json!([]));
    assert_eq!(client.send("DELETE", &format!("{AWS}/{id}"), &[], None).status, 200);
    assert_eq!(client.get(&format!("{AWS}/{id}")).error(), (404, "NotFound"));
}

#[test]
fn what_is_no_connection_is_refused() {
    let fake = start();
    let client = Client::logged_in(&fake);
    for (change, status) in [
        (json!({"name": "Not A Slug"}), 422),
        (json!({"method": "oidc"}), 422),
        (json!({"credentials": {"accessKeyId": "test"}}), 422),
        (json!({"description": "x".repeat(257)}), 422),
        (json!({"projectId": uuid("none")}), 404),
    ] {
        let mut body = access_key("main");
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        assert_eq!(client.post(AWS, &body).status, status, "{change}");
    }
    assert_eq!(client.post(AWS, &access_key("main")).status, 200);
    let twice = client.post(AWS, &access_key("main"));
    assert!(twice.message().contains("already exists"), "{twice:?}");
    let id = text(&client.get(AWS).body["appConnections"][0]["id"]);
    assert_eq!(client.get(&format!("/api/v1/app-connections/github/{id}")).error(), (400, "BadRequest"));
    assert_eq!(client.post("/api/v1/app-connections/nothing", &json!({})).error(), (404, "Not Found"));
    fake.change_settings(|settings| settings.refuse_credentials = true);
    assert_eq!(client.post(AWS, &access_key("second")).error(), (400, "BadRequest"));
}

#[test]
fn members_read_and_strangers_do_not() {
    let seed = seed()
        .identity(Identity::new("member").universal("member", "m").role(Role::Member))
        .identity(Identity::new("stranger").universal("stranger", "s").may(Access::Write, "payments"));
    let fake = FakeInfisical::start(seed).unwrap();
    let admin = Client::logged_in(&fake);
    admin.post(AWS, &access_key("main"));
    let login = |id: &str, secret: &str| {
        let mut client = Client::new(&fake);
        client.token = client.login(id, secret).body["accessToken"].as_str().map(str::to_owned);
        client
    };
    let member = login("member", "m");
    assert_eq!(member.get(AWS).status, 200);
    assert_eq!(member.post(AWS, &access_key("second")).error(), (403, "PermissionDenied"));
    let stranger = login("stranger", "s");
    assert_eq!(stranger.get(AWS).error(), (403, "PermissionDenied"));
    let mut own = access_key("own");
    own["projectId"] = FakeInfisical::project_id("payments").into();
    assert_eq!(stranger.post(AWS, &own).status, 200);
    let named = format!("{AWS}/connection-name/own?projectId={}", FakeInfisical::project_id("payments"));
    assert_eq!(stranger.get(&named).body["appConnection"]["projectId"], own["projectId"]);
}

#[test]
fn the_catalogue_says_apps_and_methods() {
    let fake = start();
    let options = Client::logged_in(&fake).get("/api/v1/app-connections/options");
    let apps = options.body["appConnectionOptions"].as_array().unwrap();
    let aws = apps.iter().find(|it| it["app"] == "aws").unwrap();
    assert_eq!(aws["methods"], json!(["assume-role", "access-key"]));
}
