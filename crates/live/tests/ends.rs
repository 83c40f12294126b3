//! Both ends of syncs, against a server that answers as Infisical does and one that answers as GitHub does.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use keyloom_fake_infisical::{
    Access, Environment, FakeInfisical, Identity, KubernetesAuth, Project, Seed, Verdict,
};
use keyloom_live::{Error, Systems};
use keyloom_resources::first_run::{Names, Source, Sync, Target};
use keyloom_runtime::http::Limits;
use keyloom_stand_ins::github::{Github, State};
use keyloom_stand_ins::web::{Reply, Web};
use serde_json::json;

/// Stands in every value and credential; nothing that is said may hold it.
const CANARY: &str = "canary-value";

fn infisical() -> FakeInfisical {
    let prod = Environment::new("prod").folder("/ci-cd", &[("DATABASE_URL", CANARY), ("STRIPE_KEY", CANARY)]);
    let verdicts = BTreeMap::from([(CANARY.into(), Verdict::default())]);
    let identity = Identity::new("plan")
        .universal("client", CANARY)
        .kubernetes(KubernetesAuth { verdicts, ..KubernetesAuth::default() })
        .may(Access::Describe, "shop");
    FakeInfisical::start(Seed::new().project(Project::new("shop").environment(prod)).identity(identity))
        .unwrap()
}

fn github(many: usize) -> Github {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let secrets = BTreeMap::from([
        ("acme/my-app".to_owned(), names(&["AWS_ACTIONS_ROLE_ARN", "NPM_TOKEN", "STRIPE_KEY"])),
        ("acme/my-app/prod/eu".to_owned(), names(&["OF_ENVIRONMENT"])),
        ("acme".to_owned(), (0..many).map(|n| format!("N{n:04}")).collect()),
        ("acme/empty".to_owned(), Vec::new()),
    ]);
    Github::start(State { token: CANARY.to_owned(), secrets }).unwrap()
}

fn sync(infisical: &str, target: Target) -> Sync {
    Sync {
        name: "ci".to_owned(),
        source: Source {
            host: Some(format!("{infisical}/api")),
            project: FakeInfisical::project_id("shop"),
            environment: "prod".to_owned(),
            path: "/ci-cd".to_owned(),
        },
        target,
        github_server: None,
        behavior: keyloom_models::policy::InitialSyncBehavior::OverwriteDestination,
        key_schema: keyloom_models::key_schema::KeySchema::new(None, "prod"),
        disable_secret_deletion: false,
        allow_deletions: Default::default(),
    }
}

fn variables(
    github: &str,
    token: &str,
) -> impl Fn(&str) -> Option<String> + Send + std::marker::Sync + 'static {
    let (github, token) = (github.to_owned(), token.to_owned());
    move |name: &str| match name {
        "GITHUB_API_URL" => Some(github.clone()),
        "GITHUB_TOKEN" => Some(token.clone()),
        "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID" => Some("client".to_owned()),
        "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET" => Some(CANARY.to_owned()),
        _ => None,
    }
}

fn systems(github: &str, token: &str) -> Systems {
    let get = variables(github, token);
    Systems::with_limits(get, Limits { pause: Duration::ZERO, tries: 3, ..Limits::default() }).unwrap()
}

fn repository(name: &str) -> Target {
    Target::GithubRepository { owner: "acme".to_owned(), repository: name.to_owned() }
}

fn sorted(names: &Names) -> (Vec<&str>, Vec<&str>) {
    (
        names.source.iter().map(String::as_str).collect(),
        names.destination.iter().map(String::as_str).collect(),
    )
}

fn said(error: &Error) -> String {
    assert!(!format!("{error} {error:?}").contains(CANARY), "{error:?}");
    error.to_string()
}

#[tokio::test]
async fn both_ends_are_read_with_one_login() {
    let (infisical, github) = (infisical(), github(0));
    let systems = systems(&github.url(), CANARY);
    let sync = sync(infisical.url(), repository("my-app"));
    for _ in 0..2 {
        let names = systems.names(&sync, &|_| {}).await.unwrap();
        let (source, destination) = sorted(&names);
        assert_eq!(source, ["DATABASE_URL", "STRIPE_KEY"]);
        assert_eq!(destination, ["AWS_ACTIONS_ROLE_ARN", "NPM_TOKEN", "STRIPE_KEY"]);
    }
    assert_eq!(infisical.requests().iter().filter(|request| request.method == "POST").count(), 1);
    assert_eq!(github.asked().len(), 2);
}

#[tokio::test]
async fn a_pod_logs_in_with_the_token_of_its_service_account() {
    let (infisical, github) = (infisical(), github(0));
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("token");
    std::fs::write(&path, format!("{CANARY}\n")).unwrap();
    let (path, variables) = (path.display().to_string(), variables(&github.url(), CANARY));
    let get = move |name: &str| match name {
        "INFISICAL_AUTH_METHOD" => Some("kubernetes".to_owned()),
        "INFISICAL_IDENTITY_ID" => Some(FakeInfisical::identity_id("plan")),
        "INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH" => Some(path.clone()),
        _ => variables(name),
    };
    let names = Systems::new(get).unwrap().names(&sync(infisical.url(), repository("my-app")), &|_| {}).await;
    assert_eq!(sorted(&names.unwrap()).0, ["DATABASE_URL", "STRIPE_KEY"]);
    assert_eq!(infisical.requests()[0].path, "/api/v1/auth/kubernetes-auth/login");
}

#[tokio::test]
async fn environments_and_organizations_have_secrets_of_their_own() {
    let (infisical, github) = (infisical(), github(250));
    let systems = systems(&github.url(), CANARY);
    let environment = Target::GithubEnvironment {
        owner: "acme".to_owned(),
        repository: "my-app".to_owned(),
        environment: "prod/eu".to_owned(),
    };
    let names = systems.names(&sync(infisical.url(), environment), &|_| {}).await.unwrap();
    assert_eq!(sorted(&names).1, ["OF_ENVIRONMENT"]);
    let told = Mutex::new(Vec::new());
    let organization = Target::GithubOrganization { organization: "acme".to_owned() };
    let progress = |count: usize| told.lock().unwrap().push(count);
    let names = systems.names(&sync(infisical.url(), organization), &progress).await.unwrap();
    assert_eq!(names.destination.len(), 250);
    assert_eq!(*told.lock().unwrap(), [100, 200, 250], "page by page");
    let names = systems.names(&sync(infisical.url(), repository("empty")), &|_| {}).await.unwrap();
    assert!(names.destination.is_empty());
}

#[tokio::test]
async fn what_is_refused_is_told_without_a_token() {
    let (infisical, github) = (infisical(), github(0));
    let gone = sync(infisical.url(), repository("gone"));
    let error = systems(&github.url(), CANARY).names(&gone, &|_| {}).await.unwrap_err();
    assert_eq!(
        said(&error),
        "GitHub answers 404 for repos/acme/gone/actions/secrets: Not Found; is it spelled so, and may GITHUB_TOKEN see it?"
    );
    let error = systems(&github.url(), "wrong").names(&gone, &|_| {}).await.unwrap_err();
    assert!(said(&error).ends_with("Bad credentials; is GITHUB_TOKEN still good?"), "{error}");
    let error = systems(&github.url(), " ").names(&gone, &|_| {}).await.unwrap_err();
    assert_eq!(said(&error), "GITHUB_TOKEN is not set");
    let nowhere = Sync { source: Source { path: "/none".to_owned(), ..gone.source.clone() }, ..gone };
    let error = systems(&github.url(), CANARY).names(&nowhere, &|_| {}).await.unwrap_err();
    assert!(!said(&error).is_empty());
}

#[tokio::test]
async fn a_wrong_client_secret_is_sent_once_for_all_syncs() {
    let (infisical, github) = (infisical(), github(0));
    let get = variables(&github.url(), CANARY);
    let wrong = move |name: &str| match name {
        "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET" => Some("wrong".to_owned()),
        _ => get(name),
    };
    let systems = Systems::new(wrong).unwrap();
    let sync = sync(infisical.url(), repository("my-app"));
    for _ in 0..4 {
        let error = systems.names(&sync, &|_| {}).await.unwrap_err();
        assert!(said(&error).contains("refuses the login: 401"), "{error}");
    }
    assert_eq!(infisical.requests().len(), 1, "three would lock the identity");
}

#[tokio::test]
async fn a_declaration_alone_does_not_decide_who_is_sent_the_client_secret() {
    let (declared, set, github) = (infisical(), infisical(), github(0));
    let (get, url) = (variables(&github.url(), CANARY), set.url().to_owned());
    let systems =
        Systems::new(move |name: &str| if name == "INFISICAL_HOST" { Some(url.clone()) } else { get(name) })
            .unwrap();
    let error = systems.names(&sync(declared.url(), repository("my-app")), &|_| {}).await.unwrap_err();
    assert!(said(&error).contains(declared.url()) && said(&error).contains(set.url()), "{error}");
    assert!(declared.requests().is_empty() && set.requests().is_empty());
    assert!(systems.names(&sync(set.url(), repository("my-app")), &|_| {}).await.is_ok());
    let plain = Systems::new(variables(&github.url(), CANARY)).unwrap();
    let error =
        plain.names(&sync("http://infisical.example", repository("my-app")), &|_| {}).await.unwrap_err();
    assert!(said(&error).contains("write https://"), "{error}");
}

#[tokio::test]
async fn destinations_without_a_reader_are_said_to_have_none() {
    let vault = Target::AzureKeyVault { vault: "https://v.vault.azure.net".to_owned() };
    let infisical = infisical();
    let error =
        systems("http://127.0.0.1:1", "t").names(&sync(infisical.url(), vault), &|_| {}).await.unwrap_err();
    assert_eq!(
        said(&error),
        "the names at Azure Key Vault https://v.vault.azure.net cannot be read; hand them over with `--state FILE`"
    );
}

#[tokio::test]
async fn what_is_no_region_leads_nowhere() {
    let infisical = infisical();
    let region = "us-east-1.evil.example/".to_owned();
    let parameters = Target::AwsParameters { region: region.clone(), path: "/app/".to_owned() };
    for target in [Target::AwsSecrets { region }, parameters] {
        let systems = systems("http://127.0.0.1:1", "t");
        let error = systems.names(&sync(infisical.url(), target), &|_| {}).await.unwrap_err();
        assert_eq!(said(&error), "`us-east-1.evil.example/` is no region of AWS, such as eu-central-1");
    }
}

#[tokio::test]
async fn a_list_that_is_not_whole_is_no_list() {
    let infisical = infisical();
    let web = Web::start(|request| {
        let names =
            if request.parameter("page") == Some("1") { vec![json!({"name": "A"})] } else { Vec::new() };
        Reply::json(200, json!({"total_count": 2, "secrets": names}))
    })
    .unwrap();
    let error =
        systems(&web.url(), "t").names(&sync(infisical.url(), repository("x")), &|_| {}).await.unwrap_err();
    assert!(said(&error).ends_with("it has fewer secrets than it says"), "{error}");
}

#[tokio::test]
async fn a_limit_that_is_used_up_is_told_as_what_it_is() {
    let infisical = infisical();
    let asked = std::sync::Arc::new(Mutex::new(0));
    let count = asked.clone();
    let web = Web::start(move |request| {
        *count.lock().unwrap() += 1;
        let status = if request.path.iter().any(|part| part == "later") { 429 } else { 403 };
        let headers =
            vec![("x-ratelimit-remaining", "0".to_owned()), ("x-ratelimit-reset", "1790000000".to_owned())];
        Reply { headers, ..Reply::json(status, json!({"message": "API rate limit exceeded"})) }
    })
    .unwrap();
    for (name, status) in [("x", 403), ("later", 429)] {
        let sync = sync(infisical.url(), repository(name));
        let error = systems(&web.url(), "t").names(&sync, &|_| {}).await.unwrap_err();
        assert_eq!(
            said(&error),
            format!(
                "GitHub answers {status} for repos/acme/{name}/actions/secrets: API rate limit exceeded; GITHUB_TOKEN \
                 has used up all requests that GitHub allows it until 14:13 UTC"
            )
        );
    }
    assert_eq!(*asked.lock().unwrap(), 2, "nobody waits for an hour");
}

#[tokio::test]
async fn github_may_ask_for_a_pause() {
    let infisical = infisical();
    let first = std::sync::atomic::AtomicBool::new(true);
    let web = Web::start(move |_| {
        if first.swap(false, std::sync::atomic::Ordering::SeqCst) {
            let message = json!({"message": "You have exceeded a secondary rate limit"});
            return Reply { headers: vec![("retry-after", "0".to_owned())], ..Reply::json(403, message) };
        }
        Reply::json(200, json!({"total_count": 1, "secrets": [{"name": "A"}]}))
    })
    .unwrap();
    let names =
        systems(&web.url(), "t").names(&sync(infisical.url(), repository("x")), &|_| {}).await.unwrap();
    assert_eq!(sorted(&names).1, ["A"]);
}
