//! Bodies with every field filled.

use std::time::Duration;

use keyloom_models::policy::*;
use keyloom_models::selector::*;
use keyloom_resources::external_secret::*;
use keyloom_resources::secret_store::aws::*;
use keyloom_resources::secret_store::infisical::{InfisicalAuth, SecretsScope};
use keyloom_resources::secret_store::vault::*;
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
    for (name, method) in infisical_methods() {
        resources.push(store(name, StoreKind::ClusterSecretStore, infisical(method)));
    }
    for (name, method) in vault_methods() {
        resources.push(store(name, StoreKind::SecretStore, vault(Some(method))));
    }
    resources.push(store("vault-agent", StoreKind::SecretStore, vault(None)));
    resources.push(external_secret().into());
    resources.push(ExternalSecret { metadata: metadata("least"), ..ExternalSecret::default() }.into());
    ResourceSet { resources }
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

fn infisical(auth: InfisicalAuth) -> Infisical {
    Infisical {
        auth,
        secrets_scope: SecretsScope {
            organization_slug: Some("acme".into()),
            project_slug: "web-shop".into(),
            environment_slug: "production".into(),
            secrets_path: Some("/".into()),
            recursive: Some(true),
            expand_secret_references: Some(false),
        },
        host_api: Some("https://infisical.example".into()),
        ca_bundle: Some("LS0tLS1CRUdJTg==".into()),
        ca_provider: Some(ca()),
    }
}

fn infisical_methods() -> Vec<(&'static str, InfisicalAuth)> {
    let identity_id = key("identityId");
    vec![
        (
            "universal",
            InfisicalAuth::UniversalAuth { client_id: key("clientId"), client_secret: key("clientSecret") },
        ),
        (
            "azure",
            InfisicalAuth::AzureAuth { identity_id: identity_id.clone(), resource: Some(key("resource")) },
        ),
        ("gcp-id-token", InfisicalAuth::GcpIdTokenAuth { identity_id: identity_id.clone() }),
        (
            "gcp-iam",
            InfisicalAuth::GcpIamAuth {
                identity_id: identity_id.clone(),
                service_account_key_file_path: key("path"),
            },
        ),
        ("jwt", InfisicalAuth::JwtAuth { identity_id: identity_id.clone(), jwt: key("jwt") }),
        (
            "ldap",
            InfisicalAuth::LdapAuth {
                identity_id: identity_id.clone(),
                ldap_password: key("password"),
                ldap_username: key("username"),
            },
        ),
        (
            "oci",
            InfisicalAuth::OciAuth(Box::new(infisical::OciAuth {
                identity_id: identity_id.clone(),
                private_key: key("key"),
                private_key_passphrase: Some(key("passphrase")),
                fingerprint: key("fingerprint"),
                user_id: key("user"),
                tenancy_id: key("tenancy"),
                region: key("region"),
            })),
        ),
        (
            "kubernetes",
            InfisicalAuth::KubernetesAuth {
                identity_id: identity_id.clone(),
                service_account_token_path: Some(key("path")),
            },
        ),
        ("aws", InfisicalAuth::AwsAuth { identity_id }),
        ("token", InfisicalAuth::TokenAuth { access_token: key("token") }),
    ]
}

fn vault(method: Option<VaultMethod>) -> Vault {
    Vault {
        auth: method.map(|method| VaultAuth { namespace: Some("team".into()), method }),
        server: "https://vault.example:8200".into(),
        path: Some("kv".into()),
        version: Some(VaultVersion::V2),
        namespace: Some("team".into()),
        ca_bundle: Some("LS0tLS1CRUdJTg==".into()),
        tls: Some(VaultTls { cert_secret_ref: Some(key("tls.crt")), key_secret_ref: Some(key("tls.key")) }),
        ca_provider: Some(ca()),
        read_your_writes: Some(true),
        forward_inconsistent: Some(true),
        headers: map(&[("X-Team", "web")]),
        check_and_set_required: Some(true),
    }
}

fn vault_methods() -> Vec<(&'static str, VaultMethod)> {
    let app_role = |role_id| {
        VaultMethod::AppRole(AppRole { path: "approle".into(), role_id, secret_ref: key("secret-id") })
    };
    let kubernetes = |token| {
        let kubernetes = VaultKubernetes { mount_path: "kubernetes".into(), token, role: "reader".into() };
        VaultMethod::Kubernetes(kubernetes)
    };
    let jwt = |token| VaultMethod::Jwt { path: "jwt".into(), role: Some("reader".into()), token };
    let iam = |credentials| {
        VaultMethod::Iam(Box::new(VaultIam {
            path: Some("aws".into()),
            region: Some("eu-central-1".into()),
            role: Some("arn:aws:iam::123456789012:role/reader".into()),
            vault_role: "reader".into(),
            external_id: Some("1234".into()),
            vault_aws_iam_server_id: Some("vault.example".into()),
            credentials,
        }))
    };
    let (path, username, secret_ref) = (Text::from("mount"), Text::from("web"), Some(key("password")));
    vec![
        ("vault-token", VaultMethod::Token(key("token"))),
        ("vault-app-role", app_role(RoleId::Inline("1f2e".into()))),
        ("vault-app-role-ref", app_role(RoleId::Ref(key("role-id")))),
        ("vault-kubernetes", kubernetes(Some(KubernetesToken::ServiceAccount(account())))),
        ("vault-kubernetes-secret", kubernetes(Some(KubernetesToken::Secret(key("token"))))),
        ("vault-kubernetes-own", kubernetes(None)),
        (
            "vault-ldap",
            VaultMethod::Ldap {
                path: path.clone(),
                username: username.clone(),
                secret_ref: secret_ref.clone(),
            },
        ),
        ("vault-user", VaultMethod::UserPass { path, username, secret_ref }),
        ("vault-jwt", jwt(JwtToken::Secret(key("jwt")))),
        (
            "vault-jwt-account",
            jwt(JwtToken::ServiceAccount {
                account: account(),
                audiences: vec!["vault".into()],
                expiration_seconds: Some(600),
            }),
        ),
        (
            "vault-cert",
            VaultMethod::Cert(VaultCert {
                path: Some("cert".into()),
                vault_role: Some("reader".into()),
                client_cert: Some(key("tls.crt")),
                secret_ref: Some(key("tls.key")),
            }),
        ),
        ("vault-iam", iam(Some(IamCredentials::SecretRef(aws_secret())))),
        ("vault-iam-account", iam(Some(IamCredentials::Jwt(account())))),
        ("vault-iam-pod", iam(None)),
        (
            "vault-gcp",
            VaultMethod::Gcp(Box::new(VaultGcp {
                path: Some("gcp".into()),
                role: "reader".into(),
                project_id: Some("web-shop".into()),
                location: Some("europe-west1".into()),
                secret_access_key_secret_ref: Some(key("key.json")),
                service_account_ref: Some(account()),
                workload_identity: Some(GcpWorkloadIdentity {
                    service_account_ref: account(),
                    cluster_location: Some("europe-west1".into()),
                    cluster_name: Some("main".into()),
                    cluster_project_id: Some("web-shop".into()),
                }),
            })),
        ),
    ]
}

fn remote(key: &str) -> RemoteRef {
    RemoteRef {
        key: key.into(),
        property: Some("password".into()),
        version: Some("3".into()),
        metadata_policy: Some(MetadataPolicy::None),
        conversion_strategy: Some(ConversionStrategy::Unicode),
        decoding_strategy: Some(DecodingStrategy::Base64Url),
        null_byte_policy: Some(NullBytePolicy::Fail),
    }
}

fn other_store() -> StoreRef {
    StoreRef { name: "other".into(), kind: Some(StoreKind::SecretStore) }
}

fn generator() -> GeneratorRef {
    GeneratorRef {
        api_version: Some("generators.external-secrets.io/v1alpha1".into()),
        kind: GeneratorKind::Password,
        name: "long".into(),
    }
}

fn external_secret() -> ExternalSecret {
    let item = TemplateItem { key: "config.yaml".into(), template_as: Some(TemplateScope::KeysAndValues) };
    let template_from = |source| TemplateFrom {
        source,
        target: Some("Data".into()),
        values_decoding_strategy: Some(DecodingStrategy::None),
    };
    let template = Template {
        kind: Some("kubernetes.io/basic-auth".into()),
        engine_version: Some(TemplateEngineVersion::V2),
        metadata: Some(TemplateMetadata {
            annotations: map(&[("a", "b")]),
            labels: map(&[("c", "d")]),
            finalizers: vec!["example.com/keep".into()],
        }),
        merge_policy: Some(TemplateMergePolicy::Merge),
        data: map(&[("url", "postgres://{{ .user }}:{{ .password }}@db")]),
        template_from: vec![
            template_from(TemplateSource::ConfigMap { name: "templates".into(), items: vec![item.clone()] }),
            template_from(TemplateSource::Secret { name: "templates".into(), items: vec![item] }),
            template_from(TemplateSource::Literal("a: {{ .a }}\n".into())),
        ],
    };
    let find = Find {
        path: Some("web".into()),
        name_regexp: Some("^DB_".into()),
        tags: map(&[("stage", "prod")]),
        conversion_strategy: Some(ConversionStrategy::Default),
        decoding_strategy: Some(DecodingStrategy::Auto),
        null_byte_policy: Some(NullBytePolicy::Ignore),
    };
    let merge = RewriteMerge {
        into: Some("all".into()),
        priority: vec!["a".into()],
        priority_policy: Some(MergePriorityPolicy::IgnoreNotFound),
        conflict_policy: Some(MergeConflictPolicy::Ignore),
        strategy: Some(MergeStrategy::Json),
    };
    let spec = ExternalSecretSpec {
        secret_store_ref: Some(StoreRef { name: "main".into(), kind: Some(StoreKind::ClusterSecretStore) }),
        refresh_policy: Some(RefreshPolicy::Periodic),
        refresh_interval: Some(Duration::from_secs(600)),
        sync_windows: Some(SyncWindows {
            kind: SyncWindowKind::Allow,
            windows: vec![SyncWindow {
                schedule: "0 22 * * *".into(),
                duration: Duration::from_secs(8 * 3600),
            }],
        }),
        target: Some(Target {
            name: Some("postgres-creds".into()),
            creation_policy: Some(CreationPolicy::Owner),
            deletion_policy: Some(DeletionPolicy::Retain),
            template: Some(template),
            manifest: Some(TargetManifest { api_version: "v1".into(), kind: "ConfigMap".into() }),
            immutable: Some(true),
        }),
        data: vec![
            Data {
                secret_key: "password".into(),
                remote_ref: remote("a"),
                source_ref: Some(SourceRef::Store(other_store())),
            },
            Data {
                secret_key: "made".into(),
                remote_ref: RemoteRef::new("b"),
                source_ref: Some(SourceRef::Generator(generator())),
            },
        ],
        data_from: vec![
            DataFrom {
                source: DataSource::Extract { remote: remote("c"), store: Some(other_store()) },
                rewrite: vec![
                    Rewrite::Regexp { source: "^(.*)$".into(), target: "DB_$1".into() },
                    Rewrite::Transform { template: "{{ .value | upper }}".into() },
                ],
            },
            DataFrom {
                source: DataSource::Find { find, store: Some(other_store()) },
                rewrite: vec![Rewrite::Merge(merge)],
            },
            DataFrom { source: DataSource::Generator(generator()), rewrite: vec![] },
        ],
    };
    ExternalSecret { metadata: metadata("everything"), spec }
}
