//! Logging in with the token of a Kubernetes service account.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use std::fs;
use std::path::Path;

use keyloom_fake_infisical::FakeInfisical;
use keyloom_runtime::{Credentials, Error, KubernetesAuth, Secret, TokenSource};
use support::{FIRST, SECOND, client, folder, kubernetes, said, start};

#[tokio::test]
async fn the_token_is_read_again_at_each_login() {
    let fake = start(kubernetes(60, 60));
    let mounted = tempfile::tempdir().unwrap();
    let path = mounted.path().join("token");
    fs::write(&path, format!("{FIRST}\n")).unwrap();
    let client = client(fake.url(), mounted_at(&path));
    client.names(&folder("/api")).await.unwrap();
    // The cluster takes the first one no longer.
    fs::write(&path, SECOND).unwrap();
    fake.advance(std::time::Duration::from_secs(61));
    client.names(&folder("/api")).await.unwrap();
    let logins: Vec<_> = fake.requests().into_iter().filter(|request| request.method == "POST").collect();
    assert_eq!(logins.len(), 2);
    for login in logins {
        assert_eq!(login.path, "/api/v1/auth/kubernetes-auth/login");
        assert_eq!(login.fields, ["identityId", "jwt"]);
    }
}

#[tokio::test]
async fn a_token_that_is_given_serves_where_there_is_no_file() {
    let fake = start(kubernetes(60, 60));
    let token = TokenSource::Given(Secret::new(FIRST.to_owned()));
    client(fake.url(), auth(token)).names(&folder("/api")).await.unwrap();
}

#[tokio::test]
async fn the_organization_is_sent_where_it_is_said() {
    let fake = start(kubernetes(60, 60));
    let token = TokenSource::Given(Secret::new(FIRST.to_owned()));
    let Credentials::Kubernetes(auth) = auth(token) else { panic!("no Kubernetes auth") };
    let organization_slug = Some("sub".to_owned());
    let credentials = Credentials::Kubernetes(KubernetesAuth { organization_slug, ..auth });
    // The server that stands in has no such organization, or does not know the field.
    let _ = client(fake.url(), credentials).names(&folder("/api")).await;
    assert_eq!(fake.requests()[0].fields, ["identityId", "jwt", "organizationSlug"]);
}

#[tokio::test]
async fn no_file_is_said_with_its_place_and_nothing_is_sent() {
    let fake = start(kubernetes(60, 60));
    let client = client(fake.url(), mounted_at(Path::new("/nowhere/token")));
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
    let client = client(fake.url(), auth(token));
    for _ in 0..3 {
        let error = client.names(&folder("/api")).await.unwrap_err();
        assert!(matches!(error, Error::Login { .. }) && error.is_denied(), "{error:?}");
        assert!(said(&error).contains("(request req-"), "{error}");
    }
    assert_eq!(fake.requests().len(), 1);
}

fn auth(token: TokenSource) -> Credentials {
    Credentials::Kubernetes(KubernetesAuth {
        identity_id: FakeInfisical::identity_id("app"),
        token,
        organization_slug: None,
    })
}

fn mounted_at(path: &Path) -> Credentials {
    auth(TokenSource::File(path.to_owned()))
}
