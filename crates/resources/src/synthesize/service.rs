//! A service with an image as a Deployment. One without is only checked: its pods are made elsewhere.

use keyloom_models::selector::LabelSelector;
use keyloom_models::service::{RotationStrategy, SELECTOR_LABEL, ServiceConfig, Volume as Declared};
use keyloom_syntax::Text;

use super::metadata;
use crate::deployment::{
    Container, Deployment, DeploymentSpec, PodSpec, PodTemplate, Volume, VolumeMount, VolumeSource,
};
use crate::metadata::TextMap;

/// What Stakater Reloader watches for the Deployment that says so: names with commas between them.
const RELOAD_SECRETS: &str = "secret.reloader.stakater.com/reload";
const RELOAD_CONFIG_MAPS: &str = "configmap.reloader.stakater.com/reload";

pub(super) fn lower(item: &ServiceConfig) -> Option<Deployment> {
    let image = item.image.clone()?;
    let own = TextMap::from([(SELECTOR_LABEL.to_owned(), item.name.clone())]);
    let mut labels = own.clone();
    labels.extend(item.labels.iter().filter(|(key, _)| *key != SELECTOR_LABEL).map(pair));
    let container = Container {
        name: item.name.clone(),
        image,
        ports: item.ports.clone(),
        env_from: item.env_from.clone(),
        env: item.env.clone(),
        volume_mounts: item.volumes.iter().filter_map(mount).collect(),
    };
    let spec = PodSpec {
        service_account_name: item.service_account_name.clone(),
        image_pull_secrets: item.image_pull_secrets.clone(),
        container,
        volumes: item.volumes.iter().filter_map(volume).collect(),
    };
    Some(Deployment {
        metadata: metadata(&item.name, item.namespace.as_ref(), &item.labels, &annotations(item)),
        spec: DeploymentSpec {
            replicas: item.replicas,
            selector: LabelSelector { match_labels: own, ..LabelSelector::default() },
            template: PodTemplate { labels, spec },
        },
    })
}

fn pair((key, text): (&String, &Text)) -> (String, Text) {
    (key.clone(), text.clone())
}

fn mount(volume: &Declared) -> Option<VolumeMount> {
    Some(VolumeMount { name: volume.name.clone(), mount_path: volume.mount_path.clone()? })
}

fn volume(volume: &Declared) -> Option<Volume> {
    let secret = volume.secret.clone().map(VolumeSource::Secret);
    let source = secret.or_else(|| volume.config_map.clone().map(VolumeSource::ConfigMap))?;
    Some(Volume { name: volume.name.clone(), source })
}

/// Those of the declaration, and whose changes are to replace the pods. What somebody wrote himself stays.
fn annotations(item: &ServiceConfig) -> TextMap {
    let mut annotations = item.annotations.clone();
    match item.rotation_strategy {
        Some(RotationStrategy::Restart) => {
            let read = [(RELOAD_SECRETS, item.secrets()), (RELOAD_CONFIG_MAPS, item.config_maps())];
            for (annotation, names) in read {
                if let Some(names) = listed(&names) {
                    annotations.entry(annotation.to_owned()).or_insert(names);
                }
            }
        }
        Some(RotationStrategy::File | RotationStrategy::Signal | RotationStrategy::None) | None => {}
    }
    annotations
}

/// In halves, so that a long list is not copied for each of its names.
fn listed(names: &[Text]) -> Option<Text> {
    match names {
        [] => None,
        [name] => Some(name.clone()),
        names => {
            let (first, second) = names.split_at(names.len() / 2);
            Some(listed(first)?.join(&",".into()).join(&listed(second)?))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_their_order_with_commas_between_them() {
        let names = |count: usize| (0..count).map(|n| Text::from(format!("s{n}"))).collect::<Vec<_>>();
        assert_eq!(listed(&names(0)), None);
        for count in 1..9 {
            let plain: Vec<_> = (0..count).map(|n| format!("s{n}")).collect();
            assert_eq!(listed(&names(count)).unwrap().known(), Some(plain.join(",").as_str()));
        }
    }

    #[test]
    fn what_reloader_watches_is_what_the_container_reads_unless_somebody_said_it() {
        let item: ServiceConfig = serde_json::from_value(serde_json::json!({
            "name": "web", "image": "web:1", "rotationStrategy": "restart",
            "imagePullSecrets": [{"name": "registry"}],
            "envFrom": [{"secretRef": {"name": "db"}}, {"configMapRef": {"name": "settings"}}],
            "env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "db", "key": "a"}}}],
            "volumes": [{"name": "tls", "mountPath": "/tls", "secret": {"secretName": "tls"}}],
            "annotations": {RELOAD_CONFIG_MAPS: "other"},
        }))
        .unwrap();
        let expected = [(RELOAD_CONFIG_MAPS, "other"), (RELOAD_SECRETS, "db,tls")];
        let expected = expected.map(|(key, names)| (key.to_owned(), Text::from(names)));
        assert_eq!(lower(&item).unwrap().metadata.annotations, TextMap::from(expected));
        let none = ServiceConfig { rotation_strategy: None, ..item };
        assert_eq!(lower(&none).unwrap().metadata.annotations.len(), 1);
        assert_eq!(lower(&ServiceConfig { image: None, ..none }), None);
    }
}
