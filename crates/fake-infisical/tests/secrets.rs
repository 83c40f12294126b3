//! Secrets by both versions of the interface.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use keyloom_fake_infisical::{
    Access, Environment, FakeInfisical, Identity, Metadata, Planned, Project, RateLimits, Secret, Seed, Tag,
};
use serde_json::Value;
use support::{Client, Response, pairs, seed, start};

fn v4(client: &Client, rest: &str) -> Response {
    client.get(&format!("/api/v4/secrets{rest}&projectId={}", FakeInfisical::project_id("payments")))
}

fn v3(client: &Client, rest: &str) -> Response {
    client.get(&format!("/api/v3/secrets/raw{rest}&workspaceSlug=payments"))
}

fn keys(secrets: &Value) -> Vec<String> {
    pairs(secrets).into_iter().map(|(key, _)| key).collect()
}

fn pair(key: &str, value: &str) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

#[test]
fn both_versions_list_a_folder_and_differ_in_defaults() {
    let fake = start();
    let client = Client::logged_in(&fake);
    let new = v4(&client, "?environment=dev");
    assert_eq!(
        pairs(&new.body["secrets"]),
        [pair("API_KEY", "first value"), pair("HOST", "h"), pair("URL", "https://h/5432")]
    );
    assert_eq!(new.body["imports"], Value::Array(Vec::new()));
    let old = v3(&client, "?environment=dev");
    assert_eq!(pairs(&old.body["secrets"])[2], pair("URL", "https://${HOST}/${dev.db.main.PORT}"));
    assert!(old.body.get("imports").is_none());
    let secret = &new.body["secrets"][0];
    assert_eq!(secret["secretPath"], "/");
    assert_eq!(secret["secretValueHidden"], false);
    assert_eq!(secret["version"], 1);
    assert_eq!(secret["type"], "shared");
    assert_eq!(secret["createdAt"], "2026-01-01T00:00:00.000Z");
    let by_id =
        v3(&client, &format!("?environment=dev&workspaceId={}", FakeInfisical::project_id("payments")));
    assert_eq!(by_id.status, 200);
}

#[test]
fn folders_below_come_with_their_paths() {
    let fake = start();
    let client = Client::logged_in(&fake);
    let answer = v4(&client, "?environment=dev&recursive=true&secretPath=/db/");
    assert_eq!(pairs(&answer.body["secrets"]), [pair("API_KEY", "in db"), pair("PORT", "5432")]);
    assert_eq!(answer.body["secrets"][0]["secretPath"], "/db/main");
    let answer = v4(&client, "?environment=dev&recursive=true");
    assert_eq!(answer.body["secrets"].as_array().unwrap().len(), 7);
}

#[test]
fn imports_are_listed_beside_and_the_last_one_wins_by_name() {
    let dev = Environment::new("dev")
        .folder("/app", &[("A", "own")])
        .folder("/one", &[("A", "one"), ("B", "one"), ("C", "one")])
        .folder("/two", &[("B", "two")])
        .folder("/deep", &[("D", "deep")])
        .import("/app", "dev", "/one")
        .import("/app", "dev", "/two")
        .import("/app", "dev", "/gone")
        .import("/two", "dev", "/deep")
        .import("/two", "dev", "/app");
    let identity = Identity::new("i").universal("client", "right secret").may(Access::Read, "payments");
    let seed = Seed::new().project(Project::new("payments").environment(dev)).identity(identity);
    let fake = FakeInfisical::start(seed).unwrap();
    let client = Client::logged_in(&fake);
    let answer = v4(&client, "?environment=dev&secretPath=/app");
    let imports = answer.body["imports"].as_array().unwrap();
    let paths: Vec<&Value> = imports.iter().map(|it| &it["secretPath"]).collect();
    assert_eq!(paths, ["/one", "/two"]);
    assert_eq!(pairs(&imports[1]["secrets"]), [pair("B", "two"), pair("D", "deep")]);
    assert!(imports[0]["secrets"][0].get("createdAt").is_none());
    for (name, value) in [("A", "own"), ("B", "two"), ("C", "one"), ("D", "deep")] {
        let answer = v4(&client, &format!("/{name}?environment=dev&secretPath=/app"));
        assert_eq!(answer.body["secret"]["secretValue"], value, "{name}");
        let alone = v4(&client, &format!("/{name}?environment=dev&secretPath=/app&includeImports=false"));
        assert_eq!(alone.status, if name == "A" { 200 } else { 404 });
    }
}

#[test]
fn what_is_missing_is_told_apart_by_its_message() {
    let fake = start();
    let client = Client::logged_in(&fake);
    for (rest, status, begins) in [
        ("/NONE?environment=dev", 404, "Secret with name 'NONE'"),
        ("?environment=dev&secretPath=/gone", 404, "Folder with path '/gone' in environment with slug 'dev'"),
        ("?environment=gone", 404, "Folder with path '/' in environment with slug 'gone'"),
        ("?secretPath=/", 400, "Missing"),
        ("?environment=dev&viewSecretValue=yes", 422, ""),
    ] {
        let answer = v4(&client, rest);
        assert_eq!(answer.status, status, "{rest}: {answer:?}");
        assert!(answer.message().starts_with(begins), "{rest}: {answer:?}");
    }
    let slug = client.get("/api/v4/secrets?environment=dev&projectId=payments");
    assert_eq!(slug.error(), (404, "NotFound"));
    assert_eq!(
        client.get("/api/v3/secrets/raw?environment=dev&workspaceSlug=gone").error(),
        (404, "NotFound")
    );
}

#[test]
fn names_travel_as_one_part_of_the_path() {
    let dev = Environment::new("dev").folder("/", &[("a/b c%", "odd")]);
    let identity = Identity::new("i").universal("client", "right secret").may(Access::Read, "payments");
    let seed = Seed::new().project(Project::new("payments").environment(dev)).identity(identity);
    let fake = FakeInfisical::start(seed).unwrap();
    let client = Client::logged_in(&fake);
    assert_eq!(v4(&client, "/a%2Fb%20c%25?environment=dev").body["secret"]["secretValue"], "odd");
    assert_eq!(v4(&client, "/a/b%20c%25?environment=dev").status, 404);
}

#[test]
fn values_are_hidden_in_lists_and_refused_by_name() {
    let reader = Identity::new("names").universal("names", "n").may(Access::Describe, "payments");
    let stranger = Identity::new("stranger").universal("stranger", "s");
    let partly =
        Identity::new("partly").universal("partly", "p").may_at(Access::Read, "payments", "dev", "/db/**");
    let fake = FakeInfisical::start(seed().identity(reader).identity(stranger).identity(partly)).unwrap();
    let login = |id: &str, secret: &str| {
        let mut client = Client::new(&fake);
        client.token = client.login(id, secret).body["accessToken"].as_str().map(str::to_owned);
        client
    };
    let client = login("names", "n");
    let answer = v4(&client, "?environment=dev");
    assert_eq!(answer.status, 200);
    for secret in answer.body["secrets"].as_array().unwrap() {
        assert_eq!(secret["secretValue"], "<hidden-by-infisical>");
        assert_eq!(secret["secretValueHidden"], true);
    }
    assert!(!answer.text.contains("first value"));
    assert_eq!(v4(&client, "/API_KEY?environment=dev").error(), (403, "ForbiddenReadSecretError"));
    assert_eq!(v4(&client, "/API_KEY?environment=dev&viewSecretValue=false").status, 200);
    assert_eq!(v4(&login("stranger", "s"), "?environment=dev").error(), (403, "ForbiddenError"));
    let client = login("partly", "p");
    let answer = v4(&client, "?environment=dev");
    assert_eq!(answer.error(), (403, "PermissionDenied"));
    assert_eq!(answer.body["details"][0]["conditions"]["secretPath"]["$glob"], "/db/**");
    let answer = v4(&client, "?environment=dev&recursive=true");
    assert_eq!(keys(&answer.body["secrets"]), ["API_KEY", "PORT"]);
}

#[test]
fn a_server_without_version_4_says_what_its_framework_says() {
    let fake = start();
    fake.change_settings(|settings| settings.v4 = false);
    let client = Client::logged_in(&fake);
    let answer = v4(&client, "?environment=dev");
    assert_eq!(answer.error(), (404, "Not Found"));
    assert!(answer.message().starts_with("Route GET:/api/v4/secrets?environment=dev"), "{answer:?}");
    assert!(answer.body.get("reqId").is_none());
    assert_eq!(v3(&client, "?environment=dev").status, 200);
}

#[test]
fn a_client_that_has_it_already_is_told_so() {
    let fake = start();
    let client = Client::logged_in(&fake);
    let target =
        format!("/api/v4/secrets?environment=dev&projectId={}", FakeInfisical::project_id("payments"));
    let tag = client.get(&target).header("etag").unwrap().to_owned();
    let again = client.send("GET", &target, &[("if-none-match", &tag)], None);
    assert_eq!((again.status, again.text.as_str()), (304, ""));
    assert_eq!(client.send("GET", &target, &[("if-none-match", "\"other\"")], None).status, 200);
    assert!(fake.requests().iter().any(|request| request.conditional && request.status == 304));
}

#[test]
fn tags_and_metadata_choose() {
    let tag = |slug: &str| Tag { slug: slug.to_owned() };
    let meta = |key: &str, value: &str| Metadata { key: key.to_owned(), value: value.to_owned() };
    let secret = |tags: Vec<Tag>, metadata: Vec<Metadata>| Secret { tags, metadata, ..Secret::new("v") };
    let dev = Environment::new("dev")
        .secret("/", "A", secret(vec![tag("x")], vec![meta("team", "a"), meta("tier", "1")]))
        .secret("/", "B", secret(vec![tag("y")], vec![meta("team", "a")]))
        .secret("/", "C", secret(Vec::new(), Vec::new()));
    let identity = Identity::new("i").universal("client", "right secret").may(Access::Read, "payments");
    let seed = Seed::new().project(Project::new("payments").environment(dev)).identity(identity);
    let fake = FakeInfisical::start(seed).unwrap();
    let client = Client::logged_in(&fake);
    let listed = |rest: &str| keys(&v4(&client, &format!("?environment=dev{rest}")).body["secrets"]);
    assert_eq!(listed("&tagSlugs=x,z"), ["A"]);
    assert_eq!(listed("&metadataFilter=key%3Dteam%2Cvalue%3Da"), ["A", "B"]);
    assert_eq!(listed("&metadataFilter=key%3Dteam%2Cvalue%3Da%7Ckey%3Dtier%2Cvalue%3D1"), ["A"]);
}

#[test]
fn too_many_requests_wait_for_the_next_minute() {
    let fake = start();
    let client = Client::logged_in(&fake);
    fake.change_settings(|settings| {
        settings.rate_limits = Some(RateLimits { secrets: 2, ..RateLimits::default() })
    });
    let first = v4(&client, "?environment=dev");
    assert_eq!(first.header("x-ratelimit-remaining"), Some("1"));
    assert_eq!(v4(&client, "?environment=dev").status, 200);
    fake.advance(std::time::Duration::from_millis(15_200));
    let answer = v4(&client, "?environment=dev");
    assert_eq!(answer.error(), (429, "RateLimitExceeded"));
    assert_eq!(answer.header("retry-after"), Some("45"));
    assert!(answer.message().contains("45 seconds"));
    assert_eq!(client.get("/api/v1/projects").status, 200);
    fake.advance(std::time::Duration::from_secs(45));
    assert_eq!(v4(&client, "?environment=dev").status, 200);
}

#[test]
fn answers_can_be_planned() {
    let fake = start();
    let client = Client::logged_in(&fake);
    fake.plan([Planned::Status(503), Planned::Html(502), Planned::TooMany(7), Planned::TooManyForNow]);
    assert_eq!(client.get("/api/status").status, 503);
    assert!(client.get("/api/status").text.starts_with("<html>"));
    assert_eq!(client.get("/api/status").header("retry-after"), Some("7"));
    assert_eq!(client.get("/api/status").header("retry-after"), None);
    assert_eq!(client.get("/api/status").status, 200);
}

#[test]
fn the_log_tells_tokens_apart_and_shows_none() {
    let fake = start();
    let one = Client::logged_in(&fake);
    let two = Client::logged_in(&fake);
    for client in [&one, &one, &two] {
        v4(client, "?environment=dev");
    }
    let log = fake.requests();
    assert_eq!(log[0].fields, ["clientId", "clientSecret"]);
    let reads: Vec<_> = log.iter().filter(|it| it.parameter("environment") == Some("dev")).collect();
    assert_eq!(reads[0].token, reads[1].token);
    assert_ne!(reads[0].token, reads[2].token);
    let shown = format!("{log:?} {fake:?}");
    for value in ["right secret", "first value", one.token.as_deref().unwrap()] {
        assert!(!shown.contains(value), "{value}");
    }
}

#[test]
fn projects_are_found_by_slug_and_id() {
    let fake = start();
    let client = Client::logged_in(&fake);
    let id = FakeInfisical::project_id("payments");
    let by_id = client.get(&format!("/api/v1/projects/{id}"));
    let by_slug = client.get("/api/v1/projects/slug/payments");
    assert_eq!(by_id.body["project"], by_slug.body);
    assert_eq!(by_slug.body["environments"][1]["slug"], "prod");
    assert_eq!(client.get(&format!("/api/v1/workspace/{id}")).body["workspace"]["slug"], "payments");
    assert_eq!(client.get("/api/v1/projects/slug/gone").error(), (404, "NotFound"));
}

#[test]
fn the_first_builds_of_version_4_had_other_names_and_defaults() {
    let mut seed = seed();
    seed.projects[0].environments[0] = Environment::new("dev")
        .folder("/", &[("A", "${B}"), ("B", "b")])
        .folder("/x", &[("C", "c")])
        .import("/", "dev", "/x");
    let fake = FakeInfisical::start(seed).unwrap();
    let client = Client::logged_in(&fake);
    let today = v4(&client, "?environment=dev");
    assert_eq!(today.body["imports"].as_array().unwrap().len(), 1);
    fake.change_settings(|settings| settings.early_v4 = true);
    let early = v4(&client, "?environment=dev&includeImports=true");
    assert_eq!(pairs(&early.body["secrets"])[0], pair("A", "${B}"));
    assert!(early.body.get("imports").is_none());
    let asked = v4(&client, "?environment=dev&include_imports=true&expandSecretReferences=true");
    assert_eq!(pairs(&asked.body["secrets"])[0], pair("A", "b"));
    assert_eq!(asked.body["imports"].as_array().unwrap().len(), 1);
}
