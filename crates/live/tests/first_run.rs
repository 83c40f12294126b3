//! What is told of a first run is what the server does: each combination of options is simulated from names, and then run with
//! values by the fake Infisical, whose syncs are written apart from the simulation. What both ends have afterwards is compared.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::collections::{BTreeMap, BTreeSet};

use keyloom_fake_infisical::{
    Access, AppConnection, Destination, Environment, FakeInfisical, Identity, Project, Role, SecretSync,
    Seed, uuid,
};
use keyloom_models::key_schema::KeySchema;
use keyloom_models::policy::InitialSyncBehavior;
use keyloom_resources::first_run::{Action, FirstRun, Names, Source, Sync, Target, simulate};
use keyloom_runtime::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use keyloom_runtime::http::{Http, Limits, Method, Request};
use keyloom_runtime::{BaseUrl, Client, Credentials, Folder, Project as Which};
use serde_json::{Map, Value, json};

const KIND: &str = "aws-secrets-manager";
const AT_SOURCE: [&str; 4] = ["A", "B", "SHARED", "prod_X"];
const AT_DESTINATION: [&str; 8] =
    ["A", "FOREIGN", "KL_A", "KL_OLD", "prod/B", "prod/OLD", "prod/team/A", "X_KL"];

fn config() -> Map<String, Value> {
    json!({"region": "us-east-1", "mappingBehavior": "one-to-one"}).as_object().unwrap().clone()
}

/// A combination of options.
#[derive(Clone, Copy, Debug)]
struct Case {
    behavior: InitialSyncBehavior,
    schema: Option<&'static str>,
    keep: bool,
}

fn cases() -> Vec<Case> {
    let behaviors = [
        InitialSyncBehavior::OverwriteDestination,
        InitialSyncBehavior::ImportPrioritizeSource,
        InitialSyncBehavior::ImportPrioritizeDestination,
    ];
    let schemas = [
        None,
        Some("{{secretKey}}"),
        Some("KL_{{secretKey}}"),
        Some("{{environment}}/{{secretKey}}"),
        Some("{{secretKey}}_KL"),
    ];
    let mut cases = Vec::new();
    for behavior in behaviors {
        for schema in schemas {
            cases.extend([true, false].map(|keep| Case { behavior, schema, keep }));
        }
    }
    cases
}

fn start(case: Case) -> FakeInfisical {
    let pairs = |names: &[&'static str]| names.iter().map(|name| (*name, "source")).collect::<Vec<_>>();
    let prod = Environment::new("prod")
        .folder("/sync", &pairs(&["A", "B", "prod_X"]))
        .folder("/shared", &pairs(&["SHARED"]))
        .import("/sync", "prod", "/shared");
    let mut options =
        json!({"initialSyncBehavior": case.behavior.as_str(), "disableSecretDeletion": case.keep});
    if let Some(schema) = case.schema {
        options["keySchema"] = schema.into();
    }
    let sync = SecretSync {
        name: "one".to_owned(),
        destination: KIND.to_owned(),
        project: "shop".to_owned(),
        environment: "prod".to_owned(),
        path: "/sync".to_owned(),
        app_connection: "aws".to_owned(),
        options: options.as_object().unwrap().clone(),
        config: config(),
        ..SecretSync::default()
    };
    let connection = AppConnection {
        name: "aws".to_owned(),
        app: "aws".to_owned(),
        method: "test".to_owned(),
        ..AppConnection::default()
    };
    let secrets = AT_DESTINATION.map(|name| (name.to_owned(), "there".into())).into();
    let identity =
        Identity::new("i").universal("client", "test").may(Access::Write, "shop").role(Role::Admin);
    let seed = Seed::new()
        .project(Project::new("shop").environment(prod))
        .identity(identity)
        .app_connection(connection)
        .destination(Destination { destination: KIND.to_owned(), config: config(), secrets })
        .secret_sync(sync);
    FakeInfisical::start(seed).unwrap()
}

async fn post(fake: &FakeInfisical, http: &Http, path: &str, token: Option<&str>, body: &Value) -> Value {
    let mut request = Request::new(Method::POST, format!("{}{path}", fake.url()).parse().unwrap());
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(token) = token {
        request.headers_mut().insert(AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
    }
    *request.body_mut() = Some(body.to_string().into());
    let answer = http.once(request).await.unwrap();
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    serde_json::from_slice(&answer.body).unwrap()
}

/// Has the sync run.
async fn run(fake: &FakeInfisical, http: &Http) {
    let login = json!({"clientId": "client", "clientSecret": "test"});
    let granted = post(fake, http, "/api/v1/auth/universal-auth/login", None, &login).await;
    let path = format!("/api/v1/secret-syncs/{KIND}/{}/sync-secrets", uuid("sync/one"));
    post(fake, http, &path, granted["accessToken"].as_str(), &json!({})).await;
}

async fn source(fake: &FakeInfisical, http: &Http) -> BTreeSet<String> {
    let get = |name: &str| match name {
        "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID" => Some("client".to_owned()),
        "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET" => Some("test".to_owned()),
        _ => None,
    };
    let credentials = Credentials::from_env(get).unwrap();
    let client = Client::with_http(BaseUrl::parse(fake.url()).unwrap(), credentials, http.clone());
    let project = Which::new(&FakeInfisical::project_id("shop"));
    client.names(&Folder { project, environment: "prod".to_owned(), path: "/sync".to_owned() }).await.unwrap()
}

fn destination(fake: &FakeInfisical) -> BTreeMap<String, String> {
    let there = fake.destination(KIND, &config());
    there.into_iter().map(|(name, value)| (name, value.expose().to_owned())).collect()
}

fn sync(case: Case) -> Sync {
    Sync {
        name: "one".to_owned(),
        source: Source {
            host: None,
            project: String::new(),
            environment: "prod".to_owned(),
            path: "/sync".to_owned(),
        },
        target: Target::AwsSecrets { region: "us-east-1".to_owned() },
        github_server: None,
        behavior: case.behavior,
        key_schema: KeySchema::new(case.schema, "prod"),
        disable_secret_deletion: case.keep,
        allow_deletions: BTreeSet::new(),
    }
}

/// Names and values at the destination after what was told.
fn after(told: &FirstRun) -> BTreeMap<String, String> {
    let mut there: BTreeMap<String, String> =
        AT_DESTINATION.iter().map(|name| ((*name).to_owned(), "there".to_owned())).collect();
    for row in &told.rows {
        match row.action {
            Action::Add | Action::Change => drop(there.insert(row.name.clone(), "source".to_owned())),
            Action::Delete => drop(there.remove(&row.name)),
            Action::Import | Action::Keep => {}
        }
    }
    there
}

#[tokio::test]
async fn what_is_told_is_what_happens() {
    let http = Http::new(Limits::default()).unwrap();
    for case in cases() {
        let fake = start(case);
        let names = Names {
            source: source(&fake, &http).await,
            destination: destination(&fake).into_keys().collect(),
        };
        assert!(AT_SOURCE.iter().all(|name| names.source.contains(*name)), "{:?}", names.source);
        let sync = sync(case);
        let told = simulate(&sync, &names);
        run(&fake, &http).await;
        assert_eq!(destination(&fake), after(&told), "{case:?}");
        let imported = told.of(Action::Import).filter_map(|row| sync.key_schema.strip(&row.name));
        let expected: BTreeSet<String> =
            names.source.iter().cloned().chain(imported.map(str::to_owned)).collect();
        assert_eq!(source(&fake, &http).await, expected, "{case:?}");
        if told.of(Action::Delete).next().is_none() {
            let before: BTreeSet<_> = names.destination.iter().collect();
            let now = destination(&fake);
            assert!(before.iter().all(|name| now.contains_key(*name)), "{case:?}: something vanished unsaid");
        }
    }
}
