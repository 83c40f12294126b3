//! A Deployment with every field.

use keyloom_models::selector::LabelSelector;
use keyloom_models::service::*;
use keyloom_resources::Deployment;
use keyloom_resources::deployment::{
    AccountToken, Container, DeploymentSpec, PodSpec, PodTemplate, Probe, Role, Volume, VolumeMount,
    VolumeSource,
};

use super::{map, metadata};

fn whole(name: &str, optional: bool) -> Option<ObjectRef> {
    Some(ObjectRef { name: name.into(), optional })
}

fn key(name: &str, optional: bool) -> Option<KeyRef> {
    Some(KeyRef { name: name.into(), key: "key".into(), optional })
}

fn from(name: &str, value_from: ValueFrom) -> EnvVar {
    EnvVar { name: name.into(), value: None, value_from: Some(value_from) }
}

fn files() -> Vec<KeyToPath> {
    vec![KeyToPath { key: "key".into(), path: "folder/key".into() }]
}

fn probe(path: &str) -> Option<Probe> {
    Some(Probe {
        path: path.into(),
        port: "http".into(),
        period_seconds: Some(1),
        failure_threshold: Some(60),
    })
}

fn sidecar() -> Container {
    Container {
        name: "beside".into(),
        image: "registry.example.com/beside:1.0.0".into(),
        role: Role::Sidecar,
        args: vec!["listen".into(), "--dir=/run/keyloom".into()],
        ports: Vec::new(),
        env_from: Vec::new(),
        env: Vec::new(),
        startup_probe: probe("/started"),
        liveness_probe: None,
        readiness_probe: None,
        volume_mounts: vec![VolumeMount {
            name: "memory".into(),
            mount_path: "/run/keyloom".into(),
            read_only: false,
        }],
    }
}

pub(super) fn deployment() -> Deployment {
    let container = Container {
        name: "service".into(),
        image: "registry.example.com/service:1.0.0".into(),
        role: Role::Application,
        args: Vec::new(),
        ports: vec![
            Port { name: Some("http".into()), container_port: 8080 },
            Port { name: None, container_port: 9090 },
        ],
        env_from: vec![
            EnvFrom { prefix: Some("DB_".into()), secret_ref: whole("db", true), config_map_ref: None },
            EnvFrom { prefix: None, secret_ref: None, config_map_ref: whole("settings", false) },
        ],
        env: vec![
            EnvVar { name: "LEVEL".into(), value: Some("info".into()), value_from: None },
            from("A", ValueFrom { secret_key_ref: key("a", true), ..ValueFrom::default() }),
            from("B", ValueFrom { config_map_key_ref: key("b", false), ..ValueFrom::default() }),
            from(
                "NAME",
                ValueFrom {
                    field_ref: Some(FieldRef { field_path: "metadata.name".into() }),
                    ..ValueFrom::default()
                },
            ),
        ],
        startup_probe: None,
        liveness_probe: probe("/health"),
        readiness_probe: probe("/ready"),
        volume_mounts: vec![VolumeMount {
            name: "tls".into(),
            mount_path: "/etc/tls".into(),
            read_only: true,
        }],
    };
    let secret = SecretVolume { secret_name: "tls".into(), items: files(), optional: true };
    let config_map = ConfigMapVolume { name: "settings".into(), items: files(), optional: true };
    let spec = PodSpec {
        service_account_name: Some("service".into()),
        automount_token: false,
        run_as: Some(10001),
        sidecar: Some(sidecar()),
        image_pull_secrets: vec![PullSecret { name: "registry".into() }],
        container,
        volumes: vec![
            Volume { name: "tls".into(), source: VolumeSource::Secret(secret) },
            Volume { name: "settings".into(), source: VolumeSource::ConfigMap(config_map) },
            Volume { name: "memory".into(), source: VolumeSource::Memory },
            Volume { name: "podinfo".into(), source: VolumeSource::PodAnnotations("annotations".into()) },
            Volume {
                name: "token".into(),
                source: VolumeSource::Token(AccountToken {
                    audience: Some("infisical".into()),
                    path: "token".into(),
                }),
            },
        ],
    };
    let labels = map(&[("app.kubernetes.io/name", "service")]);
    Deployment {
        metadata: metadata("service"),
        spec: DeploymentSpec {
            replicas: Some(2),
            selector: LabelSelector { match_labels: labels.clone(), ..LabelSelector::default() },
            template: PodTemplate { labels, annotations: map(&[("infisical.com/auth", "kubernetes")]), spec },
        },
    }
}
