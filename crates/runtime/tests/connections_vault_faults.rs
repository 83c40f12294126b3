//! Connections that Vault does not give: which faults are told apart, what is tried again, and what is never sent.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod scripted;
mod vault_server;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use keyloom_runtime::connections::{Backend, Connections, FailureKind, Over, Vault, VaultSettings};
use keyloom_runtime::{Clock, Secret};
use scripted::{CANARY, Reply, Scripted, logs_are_clean};
use serde_json::json;
use vault_server::{ROOT, Server, TEXT, errors, said, settings, token, vault};

#[tokio::test]
async fn a_place_that_is_another_one_is_told_from_a_name_that_is_not_there() {
    let server = Server::start().await;
    server.put("connections/gone", json!({}));
    server.state.lock().unwrap().entries.get_mut("connections/gone").unwrap().push(None);
    let at = |mount: &str, path: &str| {
        let usual = settings(&server.http.url, token(ROOT));
        Vault::new(VaultSettings { mount: mount.to_owned(), path: path.to_owned(), ..usual }).unwrap()
    };
    for (mount, path, name, words) in [
        ("secret", "connections", "db", "there is no `db` in secret/data/connections at 127.0.0.1:"),
        ("secret", "", "db", "there is no `db` in secret/data at 127.0.0.1:"),
        ("secret", "data/connections", "db", "leave `data/` out of BRUIN_VAULT_PATH"),
        ("secret", "secret/connections", "db", "leave `secret/` out of BRUIN_VAULT_PATH: it is the mount"),
        ("secret/data", "connections", "db", "the engine is mounted at `secret`, not at `secret/data`"),
        (
            "old",
            "connections",
            "db",
            "`old` is a KV secrets engine of version 1; upgrade it with `vault kv enable-versioning old`",
        ),
        ("pki", "connections", "db", "`pki` is a secrets engine of type pki, not kv"),
        ("none", "connections", "db", "nothing is mounted at `none`"),
        (
            "secret",
            "connections",
            "gone",
            "version 2 of `gone` is deleted; write a new one, or bring it back with `vault kv undelete -mount=secret -versions=2 connections/gone`",
        ),
        ("secret", "connections", "gome", "there is no `gome` in secret/data/connections at 127.0.0.1:"),
        ("secret", "connections", "gome", "did you mean `gone`?"),
        ("secret", "connections", "../other", "the name is no path of an entry"),
        ("secret", "connections", "a//b", "the name is no path of an entry"),
        ("secret", "connections", ".\t./other", "the name is no path of an entry"),
    ] {
        let failure = Connections::new(at(mount, path)).text(name).await.unwrap_err();
        assert_eq!(
            (failure.what.as_str(), failure.kind),
            ("failed to read secret from Vault", FailureKind::NotFound)
        );
        assert!(said(&failure).contains(words), "{failure}");
    }
    // What looks like an empty engine is not written to, if it is none of the second version.
    for mount in ["old", "pki", "none"] {
        let vault = at(mount, "connections");
        assert_eq!(
            vault.write("db", &Secret::new(TEXT.to_owned()), Over::Anything).await.unwrap_err().kind,
            FailureKind::NotFound
        );
        assert_eq!(vault.names().await.unwrap_err().kind, FailureKind::NotFound);
    }
    assert!(server.http.lines().iter().all(|line| !line.starts_with("POST")), "{:?}", server.http.lines());
    let failure = at("secret", "connections")
        .write("db", &Secret::new(CANARY.to_owned()), Over::Anything)
        .await
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unsupported);
    assert!(said(&failure).contains("the text is no JSON object"));
}

#[tokio::test]
async fn what_passes_is_tried_again_and_no_more_than_is_said() {
    let count = Arc::new(AtomicUsize::new(0));
    for (status, tries) in
        [(412, 4), (429, 4), (500, 4), (502, 4), (503, 4), (504, 4), (501, 1), (400, 1), (404, 1)]
    {
        let server = Scripted::start(move |_| errors(status, &[])).await;
        let failure = vault(&server.url, token(ROOT)).read("db").await.unwrap_err();
        let reads = server.lines().iter().filter(|line| line.ends_with("/data/connections/db")).count();
        assert_eq!(reads, tries, "{status}: {failure}");
        said(&failure);
        // What writes is looked up first; of what comes back nobody knows whether it was written.
        let server = Scripted::start(move |asked| match asked.method.as_str() {
            "GET" => vault_server::data(json!({"data": {}, "metadata": {"version": 1}})),
            _ => errors(status, &["canary"]),
        })
        .await;
        let written =
            vault(&server.url, token(ROOT)).write("db", &Secret::new(TEXT.to_owned()), Over::Anything).await;
        said(&written.unwrap_err());
        let posts = server.lines().iter().filter(|line| line.starts_with("POST")).count();
        assert_eq!(posts, if matches!(status, 412 | 429 | 503) { 4 } else { 1 }, "{status}");
    }
    let counted = Arc::clone(&count);
    let server = Scripted::start(move |_| match counted.fetch_add(1, Ordering::SeqCst) {
        0 => errors(503, &[]),
        1 => errors(429, &[]).with("retry-after", "0"),
        _ => vault_server::data(json!({"data": {"type": "generic"}, "metadata": {"version": 1}})),
    })
    .await;
    vault(&server.url, token(ROOT)).read("db").await.unwrap();
    assert_eq!(count.load(Ordering::SeqCst), 3);
    logs_are_clean();
}

#[tokio::test]
async fn a_pause_that_is_asked_for_is_made_if_there_is_time() {
    let server = Scripted::start(|_| errors(429, &["canary"]).with("retry-after", "20")).await;
    let clock = Clock::simulated(Duration::from_secs(1_800_000_000));
    let settings = VaultSettings { clock: clock.clone(), ..settings(&server.url, token(ROOT)) };
    let vault = Arc::new(Vault::new(settings).unwrap());
    let reads = tokio::spawn({
        let vault = Arc::clone(&vault);
        async move { vault.read("db").await }
    });
    // The end of the operation is waited for too.
    clock.asleep(2).await;
    assert_eq!(clock.next_wake(), Some(Duration::from_secs(20)));
    clock.advance(Duration::from_secs(20));
    let failure = reads.await.unwrap().unwrap_err();
    assert_eq!(server.asked().len(), 2, "a second pause would be longer than the operation may take");
    assert_eq!(failure.kind, FailureKind::Unavailable);
    assert!(said(&failure).contains("asks to wait for 20 seconds"), "{failure}");
}

#[tokio::test]
async fn an_operation_ends_in_time() {
    // Somebody who takes connections and says nothing.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let clock = Clock::simulated(Duration::from_secs(1_800_000_000));
    let settings = VaultSettings { clock: clock.clone(), ..settings(&url, token(ROOT)) };
    let vault = Vault::new(settings).unwrap();
    let reads = tokio::spawn(async move { vault.read("db").await });
    clock.asleep(1).await;
    clock.advance(Duration::from_secs(30));
    let failure = reads.await.unwrap().unwrap_err();
    assert!(said(&failure).contains("127.0.0.1 did not answer within 30s, all tries included"), "{failure}");
}

#[tokio::test]
async fn servers_that_are_none_and_servers_that_are_shut_are_told_apart() {
    let html = "<html>canary</html>";
    for (reply, words) in [
        (errors(503, &["Vault is sealed"]), "is sealed; unseal it"),
        (errors(501, &["Vault is not initialized"]), "is not initialized; initialize it"),
        (errors(500, &["canary"]), "answers 500; look at the log of Vault"),
        (errors(429, &["canary"]), "has no time for more requests just now (429)"),
        (
            Reply::new(400, "Client sent an HTTP request to an HTTPS server.\n"),
            "wants TLS; write BRUIN_VAULT_HOST with https://",
        ),
        (
            Reply::new(200, html),
            "is no entry of a KV secrets engine of version 2; does BRUIN_VAULT_HOST lead to Vault",
        ),
        (Reply::new(403, html), "answers (403) is not Vault's; does BRUIN_VAULT_HOST lead to Vault"),
        (Reply::new(404, html), "answers (404) is not Vault's"),
        (Reply::new(502, html), "answers (502) is not Vault's"),
        (Reply::new(200, ""), "is no entry"),
        (Reply::new(200, r#"{"data": {"data": [canary"#), "is no entry"),
        (Reply::new(200, "canary".repeat(3_000_000)), "is larger than 16777216 bytes"),
    ] {
        let status = reply.status;
        let server = Scripted::start(move |_| reply.clone()).await;
        let vault = vault(&server.url, token(ROOT));
        let failure = vault.read("db").await.unwrap_err();
        assert_eq!(failure.what, "failed to read secret from Vault");
        assert_eq!(failure.kind, FailureKind::Unavailable, "{status}: {failure}");
        assert!(said(&failure).contains(words), "{status}: {failure}");
        said(&vault.names().await.unwrap_err());
        said(&vault.write("db", &Secret::new(TEXT.to_owned()), Over::Anything).await.unwrap_err());
    }
    let unreachable = vault("http://127.0.0.1:1", token(ROOT)).read("db").await.unwrap_err();
    assert_eq!(
        said(&unreachable),
        "failed to read secret from Vault: 127.0.0.1:1 cannot be reached: connection refused; \
         look at host and port of BRUIN_VAULT_HOST, and whether the server runs"
    );
    logs_are_clean();
}

#[tokio::test]
async fn a_token_does_not_follow_to_another_host() {
    let thief = Scripted::start(|_| Reply::new(200, "")).await;
    let to = format!("{}/v1/secret/data/connections/db", thief.url);
    for status in [301, 302, 303, 307, 308] {
        let to = to.clone();
        let server = Scripted::start(move |_| Reply::new(status, "").with("location", &to)).await;
        let vault = vault(&server.url, token(ROOT));
        let failure = vault.read("db").await.unwrap_err();
        assert!(
            said(&failure).contains("redirect to another host, which is not handed the token"),
            "{failure}"
        );
        assert_eq!(server.asked().len(), 1, "it is not tried again");
        said(&vault.write("db", &Secret::new(TEXT.to_owned()), Over::Anything).await.unwrap_err());
    }
    assert!(thief.asked().is_empty(), "{:?}", thief.asked());
}

#[tokio::test]
async fn a_token_is_not_sent_in_the_clear() {
    let settings =
        VaultSettings::new("http://vault.example:8200".parse().unwrap(), "secret", "x", token(ROOT));
    let failure = Vault::new(settings).unwrap_err();
    let told = failure.to_string();
    assert!(told.contains("everybody on the way would read the token; write https://"), "{told}");
}
