//! A service with an image as a Deployment, and what stands beside it. One without is only checked: its pods are made elsewhere.

use keyloom_models::selector::LabelSelector;
use keyloom_models::service::{RotationStrategy, SELECTOR_LABEL, ServiceConfig, Volume as Declared};
use keyloom_syntax::Text;

use super::{direct, metadata};
use crate::deployment::{
    Container, Deployment, DeploymentSpec, PodSpec, PodTemplate, Role, Volume, VolumeMount, VolumeSource,
};
use crate::metadata::TextMap;
use crate::resource::Resource;

/// What Stakater Reloader watches for the Deployment that says so: names with commas between them.
const RELOAD_SECRETS: &str = "secret.reloader.stakater.com/reload";
const RELOAD_CONFIG_MAPS: &str = "configmap.reloader.stakater.com/reload";

/// What becomes of all services, in their order: of each what its pods need, its Deployment, and how its pods are reached.
pub(super) fn resources(services: &[ServiceConfig]) -> impl Iterator<Item = Resource> {
    let mut accounts = direct::Accounts::default();
    services.iter().flat_map(move |item| {
        let Some(deployment) = lower(item) else { return Vec::new() };
        let Some(access) = item.direct_access() else { return vec![deployment.into()] };
        let mut all = direct::needed(item, access, &mut accounts);
        all.push(deployment.into());
        all.extend(direct::reached(item, access));
        all
    })
}

/// The labels by which its pods are known.
pub(super) fn selector(item: &ServiceConfig) -> LabelSelector {
    LabelSelector {
        match_labels: TextMap::from([(SELECTOR_LABEL.to_owned(), item.name.clone())]),
        ..LabelSelector::default()
    }
}

fn lower(item: &ServiceConfig) -> Option<Deployment> {
    let image = item.image.clone()?;
    let selector = selector(item);
    let mut labels = selector.match_labels.clone();
    labels.extend(item.labels.iter().filter(|(key, _)| *key != SELECTOR_LABEL).map(pair));
    let container = Container {
        name: item.name.clone(),
        image,
        role: Role::Application,
        args: Vec::new(),
        ports: item.ports.clone(),
        env_from: item.env_from.clone(),
        env: item.env.clone(),
        startup_probe: None,
        liveness_probe: None,
        readiness_probe: None,
        volume_mounts: item.volumes.iter().filter_map(mount).collect(),
    };
    let spec = PodSpec {
        service_account_name: item.account(),
        automount_token: true,
        run_as: None,
        sidecar: None,
        image_pull_secrets: item.image_pull_secrets.clone(),
        container,
        volumes: item.volumes.iter().filter_map(volume).collect(),
    };
    let mut deployment = Deployment {
        metadata: metadata(&item.name, item.namespace.as_ref(), &item.labels, &annotations(item)),
        spec: DeploymentSpec {
            replicas: item.replicas,
            selector,
            template: PodTemplate { labels, annotations: TextMap::new(), spec },
        },
    };
    if let Some(access) = item.direct_access() {
        direct::equip(&mut deployment, item, access);
    }
    Some(deployment)
}

fn pair((key, text): (&String, &Text)) -> (String, Text) {
    (key.clone(), text.clone())
}

fn mount(volume: &Declared) -> Option<VolumeMount> {
    Some(VolumeMount { name: volume.name.clone(), mount_path: volume.mount_path.clone()?, read_only: true })
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
