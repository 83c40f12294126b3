//! Values of a folder, from a server that answers as Infisical does.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use keyloom_fake_infisical::{Access, Environment, FakeInfisical, Identity, Project as Seeded, Secret, Seed};
use keyloom_runtime::{Client, Fetched, Folder, Loaded, Project};
use support::{CANARY, client, credentials, folder, said};

fn seed(identity: Identity) -> Seed {
    let rotated = Secret { rotation_id: Some("rotation".to_owned()), ..Secret::new("canary-rotated") };
    let prod = Environment::new("prod")
        .folder("/api", &[("OWN", "canary-own"), ("URL", "https://${HOST}/x"), ("HOST", "canary-host")])
        .secret("/api", "PASSWORD", rotated)
        .folder("/one", &[("OWN", "canary-one"), ("SHARED", "canary-one"), ("ONE", "canary-one")])
        .folder("/two", &[("SHARED", "canary-two")])
        .import("/api", "prod", "/one")
        .import("/api", "prod", "/two");
    Seed::new().project(Seeded::new("shop").environment(prod)).identity(identity)
}

fn identity() -> Identity {
    Identity::new("app").universal("client", CANARY)
}

fn start(identity: Identity) -> (FakeInfisical, Client) {
    let fake = FakeInfisical::start(seed(identity)).unwrap();
    let client = client(fake.url(), credentials(CANARY));
    (fake, client)
}

async fn loaded(client: &Client, folder: &Folder) -> Loaded {
    match client.secrets(folder, None).await.unwrap() {
        Fetched::Loaded(loaded) => loaded,
        Fetched::Unchanged => panic!("nothing was known that could be unchanged"),
    }
}

fn shown(loaded: &Loaded) -> Vec<(&str, &str)> {
    assert!(!format!("{loaded:?}").contains("canary"));
    loaded.values.iter().map(|(key, value)| (key.as_str(), value.secret.expose())).collect()
}

const ALL: [(&str, &str); 6] = [
    ("HOST", "canary-host"),
    ("ONE", "canary-one"),
    ("OWN", "canary-own"),
    ("PASSWORD", "canary-rotated"),
    ("SHARED", "canary-two"),
    ("URL", "https://canary-host/x"),
];

fn paths(fake: &FakeInfisical) -> Vec<(String, u16)> {
    let gets = fake.requests().into_iter().filter(|request| request.method == "GET");
    gets.map(|request| (request.path, request.status)).collect()
}

#[tokio::test]
async fn every_interface_gives_the_same_values() {
    let of = |path: &str, status| (path.to_owned(), status);
    let (v4, v3, slug) = ("/api/v4/secrets", "/api/v3/secrets/raw", "/api/v1/projects/slug/shop");
    let by_slug = Folder { project: Project::new("shop"), ..folder("/api") };
    for (has_v3, has_v4, early, place, asked) in [
        (true, true, false, folder("/api"), vec![of(v4, 200), of(v4, 200)]),
        (false, true, true, folder("/api"), vec![of(v4, 200), of(v4, 200)]),
        (true, false, false, folder("/api"), vec![of(v4, 404), of(v3, 200), of(v3, 200)]),
        (true, true, false, by_slug.clone(), vec![of(v3, 200), of(v3, 200)]),
        (false, true, false, by_slug, vec![of(v3, 404), of(slug, 200), of(v4, 200), of(v4, 200)]),
    ] {
        let (fake, client) = start(identity().may(Access::Read, "shop"));
        fake.change_settings(|settings| {
            (settings.v3, settings.v4, settings.early_v4) = (has_v3, has_v4, early);
        });
        for _ in 0..2 {
            assert_eq!(shown(&loaded(&client, &place).await), ALL);
        }
        assert_eq!(paths(&fake), asked);
    }
}

#[tokio::test]
async fn a_server_that_is_renewed_beneath_a_client_is_asked_by_the_interface_it_has() {
    let (fake, client) = start(identity().may(Access::Read, "shop"));
    fake.change_settings(|settings| (settings.v3, settings.v4) = (true, false));
    loaded(&client, &folder("/api")).await;
    fake.change_settings(|settings| (settings.v3, settings.v4) = (false, true));
    assert_eq!(shown(&loaded(&client, &folder("/api")).await), ALL);
    fake.change_settings(|settings| settings.v4 = false);
    let error = client.secrets(&folder("/api"), None).await.unwrap_err();
    assert!(error.is_not_found() && said(&error).contains("Route GET:"), "{error}");
}

#[tokio::test]
async fn what_a_rotation_writes_is_marked() {
    let (_fake, client) = start(identity().may(Access::Read, "shop"));
    let loaded = loaded(&client, &folder("/api")).await;
    let rotated: Vec<_> =
        loaded.values.iter().filter(|(_, value)| value.rotated).map(|(key, _)| key).collect();
    assert_eq!(rotated, ["PASSWORD"]);
}

#[tokio::test]
async fn what_may_not_be_read_is_no_value_but_known_by_name() {
    let here = |access, path| identity().may_at(access, "shop", "prod", path);
    let mixed = here(Access::Describe, "/api").may_at(Access::Read, "shop", "prod", "/one").may_at(
        Access::Describe,
        "shop",
        "prod",
        "/two",
    );
    let (_fake, client) = start(mixed);
    let loaded = loaded(&client, &folder("/api")).await;
    assert_eq!(shown(&loaded), [("ONE", "canary-one")]);
    let hidden: Vec<_> = loaded.hidden.iter().map(String::as_str).collect();
    assert_eq!(hidden, ["HOST", "OWN", "PASSWORD", "SHARED", "URL"]);
    for value in loaded.values.values() {
        assert!(!value.secret.expose().contains("hidden"));
    }
}

#[tokio::test]
async fn what_did_not_change_is_not_sent_again() {
    let (fake, client) = start(identity().may(Access::Read, "shop"));
    let first = loaded(&client, &folder("/api")).await;
    let etag = first.etag.clone().unwrap();
    assert!(matches!(client.secrets(&folder("/api"), Some(&etag)).await.unwrap(), Fetched::Unchanged));
    assert_eq!(fake.requests().last().map(|last| (last.conditional, last.status)), Some((true, 304)));
    // A change in an import is one of the folder.
    fake.set_secret(("shop", "prod", "/two"), "SHARED", "canary-new").unwrap();
    let Fetched::Loaded(second) = client.secrets(&folder("/api"), Some(&etag)).await.unwrap() else {
        panic!("the change was not noticed");
    };
    assert_eq!(second.values["SHARED"].secret.expose(), "canary-new");
    assert_ne!(second.etag, first.etag);
}
