//! Documents built in Rust: what only they can get wrong, and that their diagnostics repeat no credential either.
#![allow(clippy::unwrap_used)]

use keyloom_models::pipeline::{PipelineAws, PipelineGithub, PipelineTerraform};
use keyloom_models::policy::AwsService;
use keyloom_models::{
    AwsConfig, Document, ExternalSecretConfig, PipelineConfig, SecretReference, SecretStoreConfig,
};
use keyloom_syntax::{Origins, Text};

fn codes_and_words(item: ExternalSecretConfig) -> (Vec<&'static str>, String) {
    let store = SecretStoreConfig::aws("main", AwsConfig::new(AwsService::SecretsManager, "eu-central-1"));
    let found = Document::new().store(store).external_secret(item).validate().unwrap_err();
    (found.iter().map(|diagnostic| diagnostic.code).collect(), format!("{found:?}"))
}

#[test]
fn an_external_secret_without_keys() {
    assert_eq!(codes_and_words(ExternalSecretConfig::new("web")).0, ["no-keys"]);
}

#[test]
fn credentials_in_the_wrong_place_are_not_repeated() {
    let url = "postgres://app:hunter2@db:5432/app";
    let item = ExternalSecretConfig::new("web")
        .data([SecretReference::new("sk_live_4eC39HqLyjWDarjt", url)])
        .data([SecretReference::new("sk_live_4eC39HqLyjWDarjt", "b")]);
    let (codes, words) = codes_and_words(item);
    assert_eq!(codes, ["literal-secret", "duplicate-secret-key"]);
    assert!(!words.contains("hunter2") && !words.contains("sk_live"), "{words}");
}

/// What would be written into a workflow or a policy has been through the same forms as in YAML.
#[test]
fn a_pipeline_has_its_forms_in_rust_too() {
    let good = || {
        PipelineConfig::new(
            "web",
            PipelineGithub::new("acme/web"),
            PipelineAws::new("123456789012", "us-east-2"),
            PipelineTerraform::s3("state", "web", "us-east-2"),
        )
        .secret("web", "web")
        .eso_role("external-secrets")
    };
    let wrong = |pipeline: PipelineConfig| {
        let found = Document::new().pipelines([pipeline]).validate().unwrap_err();
        found.iter().map(|it| format!("{} {}", it.code, it.primary.path)).collect::<Vec<_>>()
    };
    assert!(Document::new().pipelines([good().secrets(["A"])]).validate().is_ok());
    assert_eq!(wrong(good()), ["too-few pipelines[0].secrets"]);
    let mut branch = good().secrets(["A"]);
    branch.github.branch = Some("main' || true".to_owned());
    assert_eq!(wrong(branch), ["bad-format pipelines[0].github.branch"]);
    let mut github = good().secrets(["A"]);
    github.github.repository = "web".to_owned();
    github.github.role_arn_from = Some(keyloom_models::pipeline::Setting::Secret("a b".to_owned()));
    assert_eq!(
        wrong(github),
        ["bad-format pipelines[0].github.repository", "bad-format pipelines[0].github.roleArnFrom.secret"]
    );
    let mut target = good().secrets(["A"]);
    target.secret.as_mut().unwrap().name = Some(Text::unknown(false, Origins::NONE));
    assert_eq!(wrong(target), ["pipeline-target pipelines[0].secret.name"]);
    let mut state = good().secrets(["A"]);
    state.terraform = PipelineTerraform::s3("state", "/web", "us-east-2");
    assert_eq!(wrong(state), ["bad-format pipelines[0].terraform.backend.s3.key"]);
    let mut entry = good().secrets(["A"]);
    entry.secrets[0].property = Some("a.b".to_owned());
    entry.eso.allows = Some(vec!["web/*".to_owned(), "a b".to_owned()]);
    let found = wrong(entry);
    assert!(found.contains(&"bad-format pipelines[0].secrets[0].property".to_owned()), "{found:?}");
    assert!(found.contains(&"bad-format pipelines[0].eso.allows".to_owned()), "{found:?}");
}
