//! Connections in Vault: what is asked, and what is made of the answers.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod scripted;
mod vault_server;

use std::time::Duration;

use keyloom_runtime::connections::{
    Backend, ConnectionError, Connections, FailureKind, Over, Vault, VaultAuth, VaultSettings,
};
use keyloom_runtime::{Clock, Secret, TokenSource};
use scripted::{CANARY, logs_are_clean};
use serde_json::json;
use vault_server::{LEASE, ROOT, Server, TEXT, said, settings, token, vault};

#[tokio::test]
async fn an_entry_is_read_listed_and_written() {
    let server = Server::start().await;
    server.put("connections/db", json!({"type": "generic", "details": {"value": "canary-value"}}));
    server.put("connections/held", json!({"value": TEXT}));
    server.put("connections/folder/deep%20er", json!({"type": "generic", "details": {"value": "canary"}}));
    let vault = vault(&server.http.url, token(ROOT));
    for name in ["db", "held"] {
        let text: serde_json::Value = serde_json::from_str(vault.read(name).await.unwrap().expose()).unwrap();
        assert_eq!(text["details"]["value"], "canary-value", "{name}");
    }
    vault.read("folder/deep er").await.unwrap();
    assert_eq!(vault.names().await.unwrap().into_iter().collect::<Vec<_>>(), ["db", "held"]);
    let exact = r#"{"type":"generic","details":{"value":"canary","ratio":1.50}}"#;
    for _ in 0..2 {
        vault.write("new", &Secret::new(exact.to_owned()), Over::Anything).await.unwrap();
    }
    assert!(server.http.asked().last().unwrap().body.contains("1.50"), "numbers keep their spelling");
    assert_eq!(
        server.http.lines(),
        [
            "GET /v1/secret/data/connections/db",
            "GET /v1/secret/data/connections/held",
            "GET /v1/secret/data/connections/folder/deep%20er",
            "GET /v1/secret/metadata/connections?list=true",
            "GET /v1/secret/data/connections/new",
            "GET /v1/sys/internal/ui/mounts/secret",
            "POST /v1/secret/data/connections/new",
            "GET /v1/secret/data/connections/new",
            "POST /v1/secret/data/connections/new",
        ]
    );
    assert!(server.http.asked().iter().all(|asked| asked.header("x-vault-token") == Some(ROOT)));
    assert!(server.http.asked().iter().all(|asked| asked.header("x-vault-request") == Some("true")));
    assert!(!format!("{vault:?}").contains(CANARY), "{vault:?}");
    logs_are_clean();
}

#[tokio::test]
async fn no_entries_are_no_names() {
    let server = Server::start().await;
    assert!(vault(&server.http.url, token(ROOT)).names().await.unwrap().is_empty());
}

#[tokio::test]
async fn nobodys_writing_is_lost() {
    let server = Server::start().await;
    let vault = vault(&server.http.url, token(ROOT));
    vault.write("db", &Secret::new(TEXT.to_owned()), Over::Anything).await.unwrap();
    server.state.lock().unwrap().rival = Some(json!({"theirs": "canary"}));
    let failure = vault.write("db", &Secret::new(TEXT.to_owned()), Over::Anything).await.unwrap_err();
    assert_eq!(
        said(&failure),
        "failed to write secret to Vault: somebody else wrote `db` at the same time; look at what is there now, and write again"
    );
    server.state.lock().unwrap().entries.get_mut("connections/db").unwrap().push(None);
    vault.write("db", &Secret::new(TEXT.to_owned()), Over::Anything).await.unwrap();
    assert_eq!(server.state.lock().unwrap().entries["connections/db"].len(), 4, "over one that was deleted");
}

#[tokio::test]
async fn one_that_is_there_is_not_replaced_where_nobody_says_so() {
    let server = Server::start().await;
    let text = Secret::new(TEXT.to_owned());
    let vault = |who: &str| vault(&server.http.url, token(who));
    vault(ROOT).write("db", &text, Over::Nothing).await.unwrap();
    let told = "failed to write secret to Vault: there is a `db` in secret/data/connections already; look at what is there, and say \
                that it may be replaced (--force)";
    let failure = vault(ROOT).write("db", &text, Over::Nothing).await.unwrap_err();
    assert_eq!((said(&failure).as_str(), failure.kind), (told, FailureKind::Exists));
    // Whoever is first.
    server.state.lock().unwrap().rival = Some(json!({"theirs": "canary"}));
    let failure = vault(ROOT).write("other", &text, Over::Nothing).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Exists);
    server.state.lock().unwrap().entries.get_mut("connections/db").unwrap().push(None);
    vault(ROOT).write("db", &text, Over::Nothing).await.unwrap();
    assert_eq!(server.state.lock().unwrap().entries["connections/db"].len(), 3, "over one that was deleted");
}

/// Who may write need not be able to read.
#[tokio::test]
async fn a_token_that_may_only_write_writes() {
    let server = Server::start().await;
    server.state.lock().unwrap().writers.insert("canary-writer".to_owned());
    let (text, vault) = (Secret::new(TEXT.to_owned()), vault(&server.http.url, token("canary-writer")));
    vault.write("db", &text, Over::Nothing).await.unwrap();
    assert_eq!(vault.write("db", &text, Over::Nothing).await.unwrap_err().kind, FailureKind::Exists);
    assert_eq!(vault.read("db").await.unwrap_err().kind, FailureKind::Denied);
    vault.write("db", &text, Over::Anything).await.unwrap();
    assert_eq!(server.state.lock().unwrap().entries["connections/db"].len(), 2);
    server.state.lock().unwrap().cas_required = true;
    let failure = vault.write("db", &text, Over::Anything).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Denied);
    assert!(
        said(&failure).ends_with("let a policy of the token \"read\" secret/data/connections/db"),
        "{failure}"
    );
}

#[tokio::test]
async fn a_namespace_goes_with_every_request() {
    let server = Server::start().await;
    let settings =
        VaultSettings { namespace: Some("team/a".to_owned()), ..settings(&server.http.url, token(ROOT)) };
    let _ = Vault::new(settings).unwrap().read("db").await;
    let asked = server.http.asked();
    assert!(
        !asked.is_empty() && asked.iter().all(|asked| asked.header("x-vault-namespace") == Some("team/a"))
    );
}

#[tokio::test]
async fn one_logs_in_before_the_token_ends_with_the_service_accounts_token_of_then() {
    let server = Server::start().await;
    server.put("connections/db", json!({"type": "generic", "details": {"value": "canary"}}));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    let source = TokenSource::File(path.clone());
    let auth =
        VaultAuth::Kubernetes { role: "app".to_owned(), mount: "kubernetes".to_owned(), token: source };
    let clock = Clock::simulated(Duration::from_secs(1_800_000_000));
    let vault =
        Vault::new(VaultSettings { clock: clock.clone(), ..settings(&server.http.url, auth) }).unwrap();
    for (jwt, after, logins) in [
        ("canary-jwt-1", 0, 1),
        ("canary-jwt-2", LEASE * 7 / 10, 1),
        ("canary-jwt-3", LEASE * 21 / 100, 2),
        ("canary-jwt-4", LEASE * 10, 3),
    ] {
        std::fs::write(&path, format!("{jwt}\n")).unwrap();
        clock.advance(Duration::from_secs(after));
        vault.read("db").await.unwrap();
        assert_eq!(server.state.lock().unwrap().logins.len(), logins, "{jwt}");
    }
    assert_eq!(server.state.lock().unwrap().logins, ["canary-jwt-1", "canary-jwt-3", "canary-jwt-4"]);
    // Revoked before its time: one more login, and no more.
    server.state.lock().unwrap().tokens.clear();
    vault.read("db").await.unwrap();
    assert_eq!(server.state.lock().unwrap().logins.len(), 4);
    // While the login does not work, the old token serves; then it does not.
    std::fs::write(&path, "canary-other").unwrap();
    clock.advance(Duration::from_secs(LEASE * 95 / 100));
    vault.read("db").await.unwrap();
    clock.advance(Duration::from_secs(LEASE));
    let failure = vault.read("db").await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Login);
    let words = said(&failure);
    assert!(words.starts_with("failed to authenticate with Vault: 127.0.0.1:"), "{words}");
    assert!(
        words.contains("no such service account: (what was sent); let the role `app` be bound"),
        "{words}"
    );
    logs_are_clean();
}

#[tokio::test]
async fn a_login_that_fails_says_what_to_do() {
    let server = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    std::fs::write(&path, "canary-jwt").unwrap();
    let kubernetes = |role: &str, mount: &str, path| VaultAuth::Kubernetes {
        role: role.to_owned(),
        mount: mount.to_owned(),
        token: TokenSource::File(path),
    };
    for (auth, kind, words) in [
        (
            kubernetes("other", "kubernetes", path.clone()),
            FailureKind::Login,
            "there is none that is called `other`",
        ),
        (
            kubernetes("app", "k8s/prod", path.clone()),
            FailureKind::Login,
            "is mounted at `auth/k8s/prod` (BRUIN_VAULT_K8S_AUTH_MOUNT)",
        ),
        (
            kubernetes("app", "kubernetes", "/nowhere/token".into()),
            FailureKind::Settings,
            "in /nowhere/token: there is no such file",
        ),
        (token("canary-unknown"), FailureKind::Login, "does not know the token"),
    ] {
        let failure = vault(&server.http.url, auth).read("db").await.unwrap_err();
        assert_eq!(
            (failure.what.as_str(), failure.kind),
            ("failed to authenticate with Vault", kind),
            "{failure}"
        );
        assert!(said(&failure).contains(words), "{failure}");
    }
    logs_are_clean();
}

#[tokio::test]
async fn a_token_that_may_not_is_told_from_one_that_is_none() {
    let server = Server::start().await;
    {
        let mut state = server.state.lock().unwrap();
        state.tokens.insert("canary-powerless".to_owned());
        state.powerless.insert("canary-powerless".to_owned());
    }
    let vault = vault(&server.http.url, token("canary-powerless"));
    let read = vault.read("db").await.unwrap_err();
    assert_eq!((read.what.as_str(), read.kind), ("failed to read secret from Vault", FailureKind::Denied));
    assert!(
        said(&read).ends_with(r#"path "secret/data/connections/*" { capabilities = ["read"] }"#),
        "{read}"
    );
    let list = vault.names().await.unwrap_err();
    assert!(
        said(&list).ends_with(r#"path "secret/metadata/connections" { capabilities = ["list"] }"#),
        "{list}"
    );
    let write = vault.write("db", &Secret::new(TEXT.to_owned()), Over::Anything).await.unwrap_err();
    assert_eq!((write.what.as_str(), write.kind), ("failed to write secret to Vault", FailureKind::Denied));
    let lookups = server.http.lines().iter().filter(|line| line.ends_with("/lookup-self")).count();
    assert_eq!(lookups, 4, "one for each question that was refused: a writing looks first");
}

#[tokio::test]
async fn connections_are_read_through_it() {
    let server = Server::start().await;
    server.put("connections/db", json!({"type": "generic", "details": {"value": "canary-value"}}));
    let connections = Connections::new(vault(&server.http.url, token(ROOT)));
    let generic: keyloom_connections::Generic = connections.get("db").await.unwrap();
    assert_eq!(generic.value.expose(), "canary-value");
    let error = connections.connection("nowhere").await.unwrap_err();
    assert!(matches!(error, ConnectionError::Read { backend: "vault", .. }));
    assert!(
        error.to_string().starts_with(
            "connection 'nowhere' not found in secrets backend 'vault': failed to read secret from Vault: "
        ),
        "{error}"
    );
}
