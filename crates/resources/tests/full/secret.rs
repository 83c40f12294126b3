//! An external secret with every field.

use keyloom_models::duration::Duration;

use keyloom_models::policy::*;
use keyloom_resources::ExternalSecret;
use keyloom_resources::external_secret::*;

use super::{map, metadata};

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

pub(super) fn external_secret() -> ExternalSecret {
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
