//! A server that answers as Infisical does, with one project, and clients of it.

#![allow(dead_code)] // each test file uses a part

use std::collections::BTreeMap;
use std::time::Duration;

use keyloom_fake_infisical::{
    Access, ClientSecret, Environment, FakeInfisical, Identity, KubernetesAuth, Project as Seeded, Seed,
    TokenSettings, UniversalAuth, Verdict,
};
use keyloom_runtime::http::{Http, Limits};
use keyloom_runtime::{BaseUrl, Client, Credentials, Error, Folder, Project, Secret};

/// Stands in every value and credential; nothing that is said may hold it.
pub(crate) const CANARY: &str = "canary-value";
/// Tokens of service accounts that the cluster takes.
pub(crate) const FIRST: &str = "canary-first";
pub(crate) const SECOND: &str = "canary-second";

/// An identity that logs in with tokens of service accounts, of which tokens live so many seconds.
pub(crate) fn kubernetes(ttl: u64, max_ttl: u64) -> Identity {
    let verdict = Verdict { namespace: "shop".to_owned(), name: "app".to_owned(), ..Verdict::default() };
    let verdicts = BTreeMap::from([(FIRST.into(), verdict.clone()), (SECOND.into(), verdict)]);
    let tokens = TokenSettings { ttl, max_ttl, ..TokenSettings::default() };
    let auth = KubernetesAuth { verdicts, tokens, ..KubernetesAuth::default() };
    Identity::new("app").kubernetes(auth).may(Access::Read, "shop")
}

/// An identity that logs in with a client secret, of which tokens live so many seconds.
pub(crate) fn universal(tokens: TokenSettings) -> Identity {
    let auth = UniversalAuth {
        client_id: "client".to_owned(),
        client_secrets: vec![ClientSecret::new(CANARY)],
        tokens,
        ..UniversalAuth::default()
    };
    Identity::new("app").universal_auth(auth).may(Access::Read, "shop")
}

pub(crate) fn start(identity: Identity) -> FakeInfisical {
    let prod = Environment::new("prod")
        .folder("/api", &[("STRIPE_KEY", CANARY), ("DB URL/1", CANARY)])
        .folder("/shared", &[("SENTRY_DSN", CANARY), ("STRIPE_KEY", CANARY)])
        .import("/api", "prod", "/shared");
    let seed = Seed::new().project(Seeded::new("shop").environment(prod)).identity(identity);
    FakeInfisical::start(seed).unwrap()
}

pub(crate) fn credentials(secret: &str) -> Credentials {
    Credentials::Universal(keyloom_runtime::UniversalAuth {
        client_id: "client".to_owned(),
        client_secret: Secret::new(secret.to_owned()),
        organization_slug: None,
    })
}

/// A client that does not wait between tries.
pub(crate) fn client(url: &str, credentials: Credentials) -> Client {
    let limits = Limits { pause: Duration::ZERO, ..Limits::default() };
    Client::with_http(BaseUrl::parse(url).unwrap(), credentials, Http::new(limits).unwrap())
}

pub(crate) fn folder(path: &str) -> Folder {
    let project = Project::new(&FakeInfisical::project_id("shop"));
    Folder { project, environment: "prod".to_owned(), path: path.to_owned() }
}

/// What an error says, in every way; without the canary.
pub(crate) fn said(error: &Error) -> String {
    assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    error.to_string()
}
