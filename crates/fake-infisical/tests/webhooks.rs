//! Webhooks: their configuration, and what receivers get.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use keyloom_fake_infisical::{FakeInfisical, uuid};
use serde_json::{Value, json};
use support::{Client, Response, seed, start, text};

const SECOND: Duration = Duration::from_secs(1);

/// What a receiver got: its signature and its body.
type Got = (Option<String>, Value);

/// A receiver that answers each request with a status.
fn receiver(status: u16) -> (String, Receiver<Got>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let (mut length, mut signature) = (0, None);
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                match line.trim_end().split_once(": ") {
                    Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                        length = value.parse().unwrap();
                    }
                    Some((name, value)) if name.eq_ignore_ascii_case("x-infisical-signature") => {
                        signature = Some(value.to_owned());
                    }
                    Some(_) => {}
                    None if line.trim_end().is_empty() => break,
                    None => {}
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            if sender.send((signature, serde_json::from_slice(&body).unwrap())).is_err() {
                return;
            }
            write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
        }
    });
    (url, receiver)
}

fn create(client: &Client, url: &str, more: &Value) -> Response {
    let mut body = json!({
        "projectId": FakeInfisical::project_id("payments"), "environment": "dev", "webhookUrl": url,
    });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    client.post("/api/v1/webhooks", &body)
}

#[test]
fn a_burst_is_told_once_signed_and_without_keys_or_values() {
    let fake = start();
    let client = Client::logged_in(&fake);
    let (url, got) = receiver(200);
    let made = create(&client, &url, &json!({"webhookSecretKey": "key of the hook", "secretPath": "/**"}));
    assert_eq!(made.status, 200, "{made:?}");
    assert!(!made.text.contains("key of the hook"));
    fake.set_secret(("payments", "dev", "/db/main"), "PORT", "5433").unwrap();
    fake.set_secret(("payments", "dev", "/db/main"), "NEW", "value-canary").unwrap();
    fake.set_secret(("payments", "prod", "/"), "API_KEY", "x").unwrap();
    fake.advance(SECOND / 2);
    assert!(got.try_recv().is_err());
    fake.advance(SECOND / 2);
    let (signature, body) = got.try_recv().unwrap();
    assert!(got.try_recv().is_err());
    assert_eq!(body["event"], "secrets.modified");
    assert_eq!(body["project"]["secretPath"], "/db/main");
    assert_eq!(body["project"]["environment"], "dev");
    let time = body["timestamp"].as_i64().unwrap();
    assert!(signature.unwrap().starts_with(&format!("t={time};")));
    assert!(!body.to_string().contains("canary") && !body.to_string().contains("PORT"));
    let project = FakeInfisical::project_id("payments");
    let listed = client.get(&format!("/api/v1/webhooks?projectId={project}"));
    assert_eq!(listed.body["webhooks"][0]["lastStatus"], "success");
}

#[test]
fn folders_that_import_are_told_of_too_and_paths_choose() {
    let dev = keyloom_fake_infisical::Environment::new("dev")
        .folder("/shared", &[("A", "a")])
        .import("/app", "dev", "/shared")
        .import("/app/deep", "dev", "/app");
    let mut seed = seed();
    seed.projects[0].environments[0] = dev;
    let fake = FakeInfisical::start(seed).unwrap();
    let client = Client::logged_in(&fake);
    let (url, got) = receiver(200);
    create(&client, &url, &json!({"secretPath": "/app"}));
    fake.set_secret(("payments", "dev", "/shared"), "A", "b").unwrap();
    fake.advance(SECOND);
    let (signature, body) = got.try_recv().unwrap();
    assert_eq!((signature, body["project"]["secretPath"].as_str()), (None, Some("/app")));
    assert!(got.try_recv().is_err());
}

#[test]
fn one_attempt_is_made_and_its_end_noted() {
    let fake = start();
    let client = Client::logged_in(&fake);
    let (url, got) = receiver(500);
    let id = text(&create(&client, &url, &json!({})).body["webhook"]["id"]);
    fake.set_secret(("payments", "dev", "/"), "A", "b").unwrap();
    fake.advance(SECOND);
    fake.advance(SECOND * 60);
    assert!(got.try_recv().is_ok() && got.try_recv().is_err());
    let webhook = client.get(&format!("/api/v1/webhooks/{id}")).body["webhook"].clone();
    assert_eq!(webhook["lastStatus"], "failed");
    assert_eq!(webhook["lastRunErrorMessage"], "Request failed with status code 500");
    let off =
        client.send("PATCH", &format!("/api/v1/webhooks/{id}"), &[], Some(&json!({"isDisabled": true})));
    assert_eq!(off.body["webhook"]["isDisabled"], true);
    fake.set_secret(("payments", "dev", "/"), "A", "c").unwrap();
    fake.advance(SECOND);
    assert!(got.try_recv().is_err());
    assert_eq!(client.send("PATCH", &format!("/api/v1/webhooks/{id}"), &[], Some(&json!({}))).status, 422);
    assert_eq!(client.send("DELETE", &format!("/api/v1/webhooks/{id}"), &[], None).status, 200);
    assert_eq!(client.get(&format!("/api/v1/webhooks/{id}")).error(), (404, "NotFound"));
}

#[test]
fn a_test_is_sent_at_once() {
    let fake = start();
    let client = Client::logged_in(&fake);
    let (url, got) = receiver(200);
    let id = text(&create(&client, &url, &json!({})).body["webhook"]["id"]);
    assert_eq!(client.post(&format!("/api/v1/webhooks/{id}/test"), &json!({})).status, 200);
    assert_eq!(got.recv().unwrap().1["event"], "test");
}

#[test]
fn what_is_no_webhook_is_refused() {
    let fake = start();
    let client = Client::logged_in(&fake);
    for (url, more, status) in [
        ("nonsense", json!({}), 422),
        ("https://example.com", json!({"type": "slack"}), 422),
        ("https://example.com", json!({"eventsFilter": [{"eventName": "secret.created"}]}), 422),
        ("https://example.com", json!({"environment": "gone"}), 404),
    ] {
        assert_eq!(create(&client, url, &more).status, status, "{url} {more}");
    }
    fake.change_settings(|settings| settings.allow_internal_webhooks = false);
    let inside = create(&client, "http://hook.apps.svc.cluster.local:8080/x", &json!({}));
    assert_eq!(inside.error(), (400, "BadRequest"));
    assert_eq!(client.get(&format!("/api/v1/webhooks/{}", uuid("none"))).status, 404);
}

#[test]
fn a_rotation_that_fails_is_told_to_who_wants_to_know() {
    let fake = start();
    let client = Client::logged_in(&fake);
    let (url, got) = receiver(200);
    create(&client, &url, &json!({"eventsFilter": [{"eventName": "secrets.rotation-failed"}]}));
    fake.set_secret(("payments", "dev", "/"), "A", "b").unwrap();
    fake.advance(SECOND);
    fake.fail_rotation(("payments", "dev", "/"), "db-users").unwrap();
    let (_, body) = got.try_recv().unwrap();
    assert_eq!(body["event"], "secrets.rotation-failed");
    assert_eq!(body["project"]["rotationName"], "db-users");
    assert!(got.try_recv().is_err());
}
