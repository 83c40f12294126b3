//! Bodies with every field filled.

mod deployment;
mod secret;
mod service;
mod stores;

use keyloom_models::duration::Duration;

use keyloom_models::policy::*;
use keyloom_models::selector::*;
use keyloom_resources::secret_store::aws::*;
use keyloom_resources::secret_store::*;
use keyloom_resources::{ExternalSecret, Metadata, Resource, ResourceSet, SecretStore, TextMap};
use keyloom_syntax::Text;

/// Stores of every provider with every way to sign in, and external secrets.
pub(crate) fn set() -> ResourceSet {
    let mut resources = vec![store("aws-keys", StoreKind::ClusterSecretStore, aws(Some(aws_keys())))];
    resources.push(store("aws-account", StoreKind::SecretStore, aws(Some(AwsAuth::Jwt(account())))));
    resources.push(store(
        "aws-pod",
        StoreKind::SecretStore,
        Aws::new(AwsService::ParameterStore, "eu-west-1"),
    ));
    for (name, method) in stores::infisical_methods() {
        resources.push(store(name, StoreKind::ClusterSecretStore, stores::infisical(method)));
    }
    for (name, method) in stores::vault_methods() {
        resources.push(store(name, StoreKind::SecretStore, stores::vault(Some(method))));
    }
    resources.push(store("vault-agent", StoreKind::SecretStore, stores::vault(None)));
    for (name, kubernetes) in stores::kubernetes() {
        resources.push(store(name, StoreKind::ClusterSecretStore, kubernetes));
    }
    resources.push(store("carried", StoreKind::SecretStore, stores::carried()));
    resources.push(secret::external_secret().into());
    resources.push(deployment::deployment().into());
    resources.extend(service::beside_a_deployment());
    resources.push(ExternalSecret { metadata: metadata("least"), ..ExternalSecret::default() }.into());
    ResourceSet { resources, ..ResourceSet::default() }
}

fn key(key: &str) -> SecretKeySelector {
    SecretKeySelector::new("credentials", key).namespace("platform")
}

fn account() -> ServiceAccountSelector {
    ServiceAccountSelector {
        name: "operator".into(),
        namespace: Some("platform".into()),
        audiences: vec!["sts.amazonaws.com".into()],
    }
}

fn map(entries: &[(&str, &str)]) -> TextMap {
    entries.iter().map(|(key, value)| ((*key).to_owned(), Text::from(*value))).collect()
}

fn metadata(name: &str) -> Metadata {
    Metadata {
        name: name.into(),
        namespace: Some("my-app".into()),
        labels: map(&[("app.kubernetes.io/part-of", "web-shop")]),
        annotations: map(&[("argocd.argoproj.io/sync-wave", "-1")]),
    }
}

fn store(name: &str, kind: StoreKind, provider: impl Into<Provider>) -> Resource {
    let cluster = kind == StoreKind::ClusterSecretStore;
    let metadata = Metadata { namespace: (!cluster).then(|| "my-app".into()), ..metadata(name) };
    let spec = SecretStoreSpec {
        controller: Some("main".into()),
        retry_settings: Some(RetrySettings {
            max_retries: Some(3),
            retry_interval: Some(Duration::from_secs(10)),
        }),
        refresh_interval: Some(300),
        conditions: vec![StoreCondition {
            namespace_selector: Some(LabelSelector {
                match_labels: map(&[("team", "web")]),
                match_expressions: vec![LabelSelectorRequirement {
                    key: "stage".into(),
                    operator: SelectorOperator::In,
                    values: vec!["prod".into()],
                }],
            }),
            namespaces: vec!["my-app".into()],
            namespace_regexes: vec!["^web-.*$".into()],
        }],
        ..SecretStoreSpec::new(provider)
    };
    SecretStore { kind, metadata, spec }.into()
}

fn ca() -> CaProvider {
    CaProvider {
        kind: CaProviderType::ConfigMap,
        name: "ca".into(),
        key: Some("ca.crt".into()),
        namespace: Some("platform".into()),
    }
}

fn aws_keys() -> AwsAuth {
    AwsAuth::SecretRef(aws_secret())
}

fn aws_secret() -> AwsSecretRef {
    AwsSecretRef {
        access_key_id_secret_ref: Some(key("id")),
        secret_access_key_secret_ref: Some(key("secret")),
        session_token_secret_ref: Some(key("token")),
    }
}

fn aws(auth: Option<AwsAuth>) -> Aws {
    Aws {
        service: AwsService::SecretsManager,
        auth,
        role: Some("arn:aws:iam::123456789012:role/reader".into()),
        region: "eu-central-1".into(),
        additional_roles: vec!["arn:aws:iam::123456789012:role/hop".into()],
        external_id: Some("1234".into()),
        session_tags: vec![AwsTag { key: "team".into(), value: "web".into() }],
        session_tags_policy: Some(SessionTagsPolicy::Custom),
        custom_session_tags: map(&[("stage", "prod")]),
        secrets_manager: Some(AwsSecretsManager {
            force_delete_without_recovery: Some(false),
            recovery_window_in_days: Some(7),
        }),
        transitive_tag_keys: vec!["team".into()],
        prefix: Some("web/".into()),
    }
}
