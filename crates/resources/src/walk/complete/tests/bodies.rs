//! The project's own bodies.

use keyloom_models::Duration;

use keyloom_models::policy::{AwsService, ConversionStrategy, GeneratorKind, StoreKind};
use keyloom_models::selector::{SecretKeySelector, ServiceAccountSelector};

use super::*;
use crate::external_secret::{
    Data, DataFrom, DataSource, ExternalSecretSpec, Find, GeneratorRef, RemoteRef, Rewrite, RewriteMerge,
    Target, Template, TemplateFrom, TemplateItem, TemplateSource,
};
use crate::secret_store::aws::{AwsAuth, AwsSecretRef};
use crate::secret_store::infisical::{InfisicalAuth, SecretsScope};
use crate::secret_store::vault::{AppRole, RoleId, VaultAuth, VaultCert, VaultKubernetes, VaultMethod};
use crate::secret_store::{Aws, Infisical, Provider, SecretStoreSpec, Vault};
use crate::walk::to_json;
use crate::{ExternalSecret, Kubernetes, Metadata, Resource, SecretStore};

fn secrets() -> Vec<ExternalSecretSpec> {
    let data = Data {
        secret_key: "PASSWORD".into(),
        remote_ref: RemoteRef {
            conversion_strategy: Some(ConversionStrategy::Unicode),
            ..RemoteRef::new("/db/password")
        },
        source_ref: None,
    };
    let from = |source| TemplateFrom { source, target: None, values_decoding_strategy: None };
    let items = vec![TemplateItem { key: "tpl".into(), template_as: None }];
    let template = Template {
        data: [("target".to_owned(), "{{ .x }}".into())].into(),
        template_from: vec![
            from(TemplateSource::Literal("a: b".into())),
            from(TemplateSource::ConfigMap { name: "c".into(), items: items.clone() }),
            TemplateFrom {
                target: Some("Labels".into()),
                ..from(TemplateSource::Secret { name: "s".into(), items })
            },
        ],
        ..Template::default()
    };
    let generator = GeneratorRef { api_version: None, kind: GeneratorKind::Password, name: "p".into() };
    let many = |source, rewrite| DataFrom { source, rewrite };
    let merge = Rewrite::Merge(RewriteMerge { into: Some("all".into()), ..RewriteMerge::default() });
    let empty = ExternalSecretSpec::default;
    vec![
        empty(),
        ExternalSecretSpec {
            refresh_interval: Some(Duration::from_secs(3600)),
            data: vec![data; 2],
            ..empty()
        },
        ExternalSecretSpec {
            target: Some(Target { template: Some(template), ..Target::default() }),
            ..empty()
        },
        ExternalSecretSpec {
            data_from: vec![
                many(DataSource::Extract { remote: RemoteRef::new("a"), store: None }, vec![merge]),
                many(
                    DataSource::Find { find: Find::default(), store: None },
                    vec![Rewrite::Merge(RewriteMerge::default())],
                ),
                many(DataSource::Generator(generator), vec![]),
            ],
            ..empty()
        },
    ]
}

fn stores() -> Vec<Provider> {
    let key = || SecretKeySelector::new("credentials", "value");
    let vault = |method| {
        let auth = Some(VaultAuth { namespace: None, method });
        Vault { auth, server: "https://vault".into(), ..Vault::default() }.into()
    };
    let infisical = |auth, secrets_scope| {
        Infisical { auth, secrets_scope, host_api: None, ca_bundle: None, ca_provider: None }.into()
    };
    let aws = |auth| Aws { auth: Some(auth), ..Aws::new(AwsService::SecretsManager, "eu-central-1") }.into();
    let scope =
        || SecretsScope { project_slug: "p".into(), environment_slug: "e".into(), ..SecretsScope::default() };
    vec![
        Aws::new(AwsService::ParameterStore, "eu-central-1").into(),
        aws(AwsAuth::SecretRef(AwsSecretRef {
            access_key_id_secret_ref: Some(key()),
            ..AwsSecretRef::default()
        })),
        aws(AwsAuth::Jwt(ServiceAccountSelector::new("sa"))),
        infisical(InfisicalAuth::UniversalAuth { client_id: key(), client_secret: key() }, scope()),
        infisical(
            InfisicalAuth::TokenAuth { access_token: key() },
            SecretsScope { secrets_path: Some("/a".into()), recursive: Some(true), ..scope() },
        ),
        vault(VaultMethod::Token(key())),
        vault(VaultMethod::Cert(VaultCert::default())),
        vault(VaultMethod::Kubernetes(VaultKubernetes {
            mount_path: Some("k8s".into()),
            token: None,
            role: "r".into(),
        })),
        vault(VaultMethod::AppRole(AppRole {
            path: Some("approle".into()),
            role_id: Some(RoleId::Inline("id".into())),
            secret_ref: key(),
        })),
    ]
}

fn objects() -> Vec<Kubernetes> {
    let secrets =
        secrets().into_iter().map(|spec| ExternalSecret { metadata: Metadata::default(), spec }.into());
    let stores = stores().into_iter().flat_map(|provider| {
        [StoreKind::SecretStore, StoreKind::ClusterSecretStore].map(|kind| {
            SecretStore { kind, metadata: Metadata::default(), spec: SecretStoreSpec::new(provider.clone()) }
                .into()
        })
    });
    secrets.chain(stores).map(object).collect()
}

fn object(resource: Resource) -> Kubernetes {
    match resource {
        Resource::Kubernetes(object) => object,
        Resource::Terraform(_) | Resource::Workflow(_) => panic!("an object of Kubernetes"),
    }
}

#[test]
fn bodies_are_filled_as_upstream_fills_them() {
    for object in objects() {
        let (plain, kind) = (to_json(&object).unwrap(), object.upstream_kind().unwrap());
        assert_eq!(kind.name(), object.kind());
        for version in EsoVersion::KNOWN {
            assert_filled(&plain, version, kind);
            let filled = to_completed_json(&object, Defaults::of(version, kind)).unwrap();
            assert_eq!(filled, completed(&plain, Defaults::of(version, kind)));
        }
    }
}

#[test]
fn a_minimal_external_secret_says_what_is_implied() {
    let object = object(ExternalSecret::default().into());
    let spec = |version| {
        to_completed_json(&object, Defaults::of(version, Kind::ExternalSecret)).unwrap()["spec"].clone()
    };
    let [old, new] = EsoVersion::KNOWN;
    let target = json!({"creationPolicy": "Owner", "deletionPolicy": "Retain"});
    assert_eq!(spec(old), json!({"refreshInterval": "1h", "target": target}));
    assert_eq!(spec(new), json!({"refreshInterval": "1h0m0s", "target": target}));
}
