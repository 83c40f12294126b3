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
                if let Some(names) = listed(names) {
                    annotations.entry(annotation.to_owned()).or_insert(names);
                }
            }
        }
        Some(RotationStrategy::File | RotationStrategy::Signal | RotationStrategy::None) | None => {}
    }
    annotations
}

fn listed(names: Vec<Text>) -> Option<Text> {
    names.into_iter().reduce(|list, name| list.join(&",".into()).join(&name))
}
