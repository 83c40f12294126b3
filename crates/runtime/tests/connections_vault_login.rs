//! The token of Vault: denials that look like those of a token that is not known, and logins that do not answer.

#![allow(clippy::unwrap_used)] // helpers of tests stand outside of test functions

mod scripted;
mod vault_server;

use std::sync::Arc;
use std::time::Duration;

use keyloom_runtime::connections::{Backend, Failure, FailureKind, Vault, VaultAuth, VaultSettings};
use keyloom_runtime::{Clock, Secret, TokenSource};
use scripted::logs_are_clean;
use serde_json::json;
use vault_server::{LEASE, Server, said, settings, token, vault};

fn kubernetes(folder: &tempfile::TempDir) -> VaultAuth {
    let path = folder.path().join("token");
    std::fs::write(&path, "canary-jwt").unwrap();
    VaultAuth::Kubernetes {
        role: "app".to_owned(),
        mount: "kubernetes".to_owned(),
        token: TokenSource::File(path),
    }
}

fn clocked(url: &str, auth: VaultAuth, clock: &Clock) -> Vault {
    Vault::new(VaultSettings { clock: clock.clone(), ..settings(url, auth) }).unwrap()
}

#[tokio::test]
async fn a_token_that_may_not_look_at_itself_is_known_by_the_mount_that_it_sees() {
    let server = Server::start().await;
    {
        let mut state = server.state.lock().unwrap();
        let state = &mut *state;
        for set in [&mut state.tokens, &mut state.powerless, &mut state.blind, &mut state.narrow] {
            set.insert("canary-narrow".to_owned());
        }
    }
    let failure = vault(&server.http.url, token("canary-narrow")).read("db").await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Denied);
    assert!(said(&failure).contains("does not let this token read there"), "{failure}");
    // It sees nothing: both are possible, and both are told.
    server.state.lock().unwrap().narrow.clear();
    let failure = vault(&server.http.url, token("canary-narrow")).read("db").await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Login);
    for words in ["does not know the token", "or knows it and lets it neither do this nor look at itself"] {
        assert!(said(&failure).contains(words), "{failure}");
    }
    assert!(failure.remedy.contains("the policy `default`"), "{failure}");
}

#[tokio::test]
async fn denials_that_a_login_does_not_change_lead_to_no_more_logins() {
    let server = Server::start().await;
    server.state.lock().unwrap().grants_nothing = true;
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::simulated(Duration::from_secs(1_800_000_000));
    let vault = clocked(&server.http.url, kubernetes(&folder), &clock);
    let logins = || server.state.lock().unwrap().logins.len();
    for _ in 0..5 {
        let failure = vault.read("db").await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Denied, "{failure}");
        let words = said(&failure);
        assert!(
            words.contains("does not let this token read there")
                && words.contains("or it does not know the token, though"),
            "{words}"
        );
        assert!(
            words.contains("capabilities = [\"read\"]") && words.contains("the policy `default`"),
            "{words}"
        );
        assert_eq!(logins(), 2, "one to ask, and one to see whether that helps");
    }
    // After a minute one is tried again, for the policy or the token may be another by now.
    clock.advance(Duration::from_secs(60));
    server.put("connections/db", json!({"type": "generic", "details": {"value": "canary-value"}}));
    server.state.lock().unwrap().grants_nothing = false;
    vault.read("db").await.unwrap();
    assert_eq!(logins(), 3);
    logs_are_clean();
}

#[tokio::test]
async fn many_who_are_denied_at_once_log_in_once() {
    let server = Server::start().await;
    server.state.lock().unwrap().grants_nothing = true;
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::simulated(Duration::from_secs(1_800_000_000));
    let vault = Arc::new(clocked(&server.http.url, kubernetes(&folder), &clock));
    let reads: Vec<_> = (0..20)
        .map(|number| {
            let vault = Arc::clone(&vault);
            tokio::spawn(async move { vault.read(&format!("db{number}")).await })
        })
        .collect();
    for read in reads {
        assert_eq!(read.await.unwrap().unwrap_err().kind, FailureKind::Denied);
    }
    let logins = server.state.lock().unwrap().logins.len();
    assert!(logins <= 3, "{logins} logins");
}

/// How many logins the server was asked for.
fn logins(server: &Server) -> usize {
    server.http.lines().iter().filter(|line| line.ends_with("/login")).count()
}

/// Reads, and waits until so many logins were asked for and so many sleep; the clock stands.
async fn reads(
    vault: &Arc<Vault>,
    server: &Server,
    many: usize,
    clock: &Clock,
    asleep: usize,
) -> tokio::task::JoinHandle<Result<Secret, Failure>> {
    let vault = Arc::clone(vault);
    let read = tokio::spawn(async move { vault.read("db").await });
    while logins(server) < many {
        tokio::task::yield_now().await;
    }
    clock.asleep(asleep).await;
    read
}

#[tokio::test]
async fn a_login_that_hangs_holds_up_nobody_whose_token_is_good() {
    let server = Server::start().await;
    server.put("connections/db", json!({"type": "generic", "details": {"value": "canary-value"}}));
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::simulated(Duration::from_secs(1_800_000_000));
    let vault = Arc::new(clocked(&server.http.url, kubernetes(&folder), &clock));
    vault.read("db").await.unwrap();
    server.state.lock().unwrap().hangs = true;
    clock.advance(Duration::from_secs(LEASE * 91 / 100));
    let read = reads(&vault, &server, 2, &clock, 2).await;
    assert_eq!(clock.next_wake(), Some(clock.now() + Duration::from_secs(5)), "and not 30");
    clock.advance(Duration::from_secs(5));
    read.await.unwrap().unwrap();
    // A pause before the next.
    for _ in 0..5 {
        vault.read("db").await.unwrap();
    }
    assert_eq!(logins(&server), 2);
    clock.advance(Duration::from_secs(60));
    let read = reads(&vault, &server, 3, &clock, 2).await;
    clock.advance(Duration::from_secs(5));
    read.await.unwrap().unwrap();
    assert_eq!(logins(&server), 3);
    // Once the token has ended, the login is waited for.
    clock.advance(Duration::from_secs(LEASE));
    let read = reads(&vault, &server, 4, &clock, 1).await;
    assert_eq!(clock.next_wake(), Some(clock.now() + Duration::from_secs(30)));
    clock.advance(Duration::from_secs(30));
    assert_eq!(read.await.unwrap().unwrap_err().kind, FailureKind::Unavailable);
    logs_are_clean();
}
