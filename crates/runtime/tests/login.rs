//! Logging in with the token of a Kubernetes service account.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use std::fs;
use std::path::Path;
use std::time::Duration;

use keyloom_runtime::{Credentials, Error, KubernetesAuth, Secret, TokenSource};
use support::{FIRST, SECOND, client, folder, kubernetes, mounted, said, service_account, start};

#[tokio::test]
async fn the_token_is_read_again_at_each_login() {
    let fake = start(kubernetes(60, 60));
    let folder_of_token = tempfile::tempdir().unwrap();
    let path = folder_of_token.path().join("token");
    let client = client(fake.url(), mounted(&path));
    for token in [FIRST, SECOND] {
        fs::write(&path, format!("{token}\n")).unwrap();
        client.names(&folder("/api")).await.unwrap();
        fake.advance(Duration::from_secs(61));
    }
    // Where the cluster takes neither any more, the one that is there now is judged, and not one from before.
    fs::write(&path, "canary-unknown").unwrap();
    assert!(client.names(&folder("/api")).await.unwrap_err().is_denied());
    let logins: Vec<_> = fake.requests().into_iter().filter(|request| request.method == "POST").collect();
    assert_eq!(logins.iter().map(|login| login.status).collect::<Vec<_>>(), [200, 200, 401]);
    for login in logins {
        assert_eq!(login.path, "/api/v1/auth/kubernetes-auth/login");
        assert_eq!(login.fields, ["identityId", "jwt"]);
    }
}

#[tokio::test]
async fn a_token_that_is_given_serves_where_there_is_no_file() {
    let fake = start(kubernetes(60, 60));
    let token = TokenSource::Given(Secret::new(FIRST.to_owned()));
    client(fake.url(), service_account(token)).names(&folder("/api")).await.unwrap();
}

#[tokio::test]
async fn the_organization_is_sent_where_it_is_said() {
    let fake = start(kubernetes(60, 60));
    let token = TokenSource::Given(Secret::new(FIRST.to_owned()));
    let Credentials::Kubernetes(auth) = service_account(token) else { panic!("no Kubernetes auth") };
    let organization_slug = Some("sub".to_owned());
    let credentials = Credentials::Kubernetes(KubernetesAuth { organization_slug, ..auth });
    // The server that stands in has no such organization, or does not know the field.
    let _ = client(fake.url(), credentials).names(&folder("/api")).await;
    assert_eq!(fake.requests()[0].fields, ["identityId", "jwt", "organizationSlug"]);
}

#[tokio::test]
async fn no_file_is_said_with_its_place_and_nothing_is_sent() {
    let fake = start(kubernetes(60, 60));
    let client = client(fake.url(), mounted(Path::new("/nowhere/token")));
    let error = client.names(&folder("/api")).await.unwrap_err();
    assert_eq!(
        said(&error),
        "no token of the service account in /nowhere/token: there is no such file; is the token mounted?"
    );
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn a_token_that_the_cluster_does_not_take_is_a_refused_login() {
    let fake = start(kubernetes(60, 60));
    let token = TokenSource::Given(Secret::new("canary-unknown".to_owned()));
    let client = client(fake.url(), service_account(token));
    for _ in 0..3 {
        let error = client.names(&folder("/api")).await.unwrap_err();
        assert!(matches!(error, Error::Login { .. }) && error.is_denied(), "{error:?}");
        assert!(said(&error).contains("(request req-"), "{error}");
    }
    assert_eq!(fake.requests().len(), 1);
}
