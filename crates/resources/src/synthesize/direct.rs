//! A service that reads from Infisical itself: what its pods need before they start, what they are given, and who may reach them.

use std::collections::BTreeSet;

use keyloom_models::selector::LabelSelector;
use keyloom_models::service::direct::{
    DEFAULT_ACCOUNT, POD_INFO_FOLDER, POD_INFO_VOLUME, TOKEN_FOLDER, TOKEN_VARIABLE, TOKEN_VOLUME,
    WEBHOOK_PORT_NAME,
};
use keyloom_models::service::{
    DirectAccess, EnvVar, FieldRef, KeyRef, Port, Reviewer, ServiceConfig, ValueFrom,
};
use keyloom_syntax::Text;

use super::{metadata, service};
use crate::cluster_role_binding::{AccountRef, ClusterRoleBinding};
use crate::config_map::ConfigMap;
use crate::deployment::{AccountToken, Container, Deployment, Probe, Volume, VolumeMount, VolumeSource};
use crate::metadata::{Metadata, TextMap};
use crate::network_policy::{IngressRule, NetworkPolicy, NetworkPolicySpec, Peer};
use crate::resource::Resource;
use crate::service::{Service, ServiceAddress, ServicePort, ServiceSpec};
use crate::service_account::ServiceAccount;

mod sidecar;

/// What lets a pod's own token ask the API server whose token it is.
const DELEGATOR: &str = "system:auth-delegator";
/// Key of the identity's id in its ConfigMap.
const IDENTITY_KEY: &str = "identity-id";
/// The annotation that a pod has beside those of its Deployment: with another identity there are other pods.
const IDENTITY_ANNOTATION: &str = "infisical.com/identity-id";
/// The label that every namespace has, with its name.
const NAMESPACE_LABEL: &str = "kubernetes.io/metadata.name";
/// So many times, every ten seconds, an application is asked whether it has begun before it is started again: the client answers
/// from when the application starts it, and that may migrate a database first, or try again while Infisical is away.
const PATIENCE: u32 = 30;
/// The file with the annotations.
const ANNOTATIONS: &str = "annotations";
/// The file with a token that is for Infisical alone.
const TOKEN: &str = "token";

/// The service accounts that are made already: services may share one.
#[derive(Default)]
pub(super) struct Accounts(BTreeSet<(Option<String>, String)>);

impl Accounts {
    /// Whether the account of that name is to be made now. Names that cannot be compared are not held to be the same.
    fn is_new(&mut self, name: &Text, namespace: Option<&Text>) -> bool {
        let written = |text: &Text| text.written().map(str::to_owned);
        let namespace = match namespace.map(written) {
            Some(None) => return true,
            Some(namespace) => namespace,
            None => None,
        };
        written(name).is_none_or(|name| self.0.insert((namespace, name)))
    }
}

/// What its pods need before they start.
pub(super) fn needed(item: &ServiceConfig, access: &DirectAccess, accounts: &mut Accounts) -> Vec<Resource> {
    let mut all = Vec::new();
    if let Some(account) = item.account() {
        let is_there = account.known() == Some(DEFAULT_ACCOUNT);
        if !is_there && accounts.is_new(&account, item.namespace.as_ref()) {
            all.push(ServiceAccount { metadata: named(item, &account) }.into());
        }
        match access.reviewer() {
            Reviewer::Client => all.push(delegation(item, account).into()),
            Reviewer::Server => {}
        }
    }
    let data = TextMap::from([(IDENTITY_KEY.to_owned(), access.identity_id.clone())]);
    all.push(ConfigMap { metadata: named(item, &item.identity_config_map()), data }.into());
    all
}

fn delegation(item: &ServiceConfig, account: Text) -> ClusterRoleBinding {
    ClusterRoleBinding {
        metadata: Metadata { namespace: None, ..named(item, &item.delegation()) },
        role: DELEGATOR,
        account: AccountRef { name: account, namespace: item.namespace.clone() },
    }
}

/// How its pods are reached, and by whom.
pub(super) fn reached(item: &ServiceConfig, access: &DirectAccess) -> [Resource; 3] {
    let service = |name: &Text, address, ports| Service {
        metadata: named(item, name),
        spec: ServiceSpec { address, selector: service::selector(item).match_labels, ports },
    };
    let webhook = ServicePort { name: WEBHOOK_PORT_NAME.into(), port: access.port() };
    let ports = std::iter::once(webhook.clone()).chain(item.ports.iter().map(service_port)).collect();
    [
        service(&item.name, ServiceAddress::OneForAll, ports).into(),
        // A pod that is not ready yet may have read its secrets before the change that it would not be told of.
        service(&item.peers(), ServiceAddress::OneForEach, vec![webhook]).into(),
        policy(item, access).into(),
    ]
}

fn service_port(port: &Port) -> ServicePort {
    let number = port.container_port;
    let name = port.name.clone().unwrap_or_else(|| format!("port-{number}").into());
    ServicePort { name, port: number }
}

/// The webhook is for its pods, who tell each other, and for those who deliver; the application's ports are for everybody.
fn policy(item: &ServiceConfig, access: &DirectAccess) -> NetworkPolicy {
    let pods = service::selector(item);
    let namespaces = access.deliverers(item.namespace.as_ref()).into_iter().map(|name| {
        let match_labels = TextMap::from([(NAMESPACE_LABEL.to_owned(), name)]);
        Peer::Namespaces(LabelSelector { match_labels, ..LabelSelector::default() })
    });
    let from = std::iter::once(Peer::Pods(pods.clone())).chain(namespaces).collect();
    let mut ingress = vec![IngressRule { from: Some(from), ports: vec![access.port()] }];
    if !item.ports.is_empty() {
        let ports = item.ports.iter().map(|port| port.container_port).collect();
        ingress.push(IngressRule { from: None, ports });
    }
    NetworkPolicy { metadata: named(item, &item.webhook_policy()), spec: NetworkPolicySpec { pods, ingress } }
}

/// What its pods are given: annotations, variables, files, and who asks whether they live. All that is for the client goes to the
/// application's own container, or to the one beside it.
pub(super) fn equip(deployment: &mut Deployment, item: &ServiceConfig, access: &DirectAccess) {
    let said = annotations(access);
    deployment.metadata.annotations.extend(said.clone());
    let template = &mut deployment.spec.template;
    template.annotations.extend(said);
    template.annotations.insert(IDENTITY_ANNOTATION.to_owned(), access.identity_id.clone());
    let pod = &mut template.spec;
    match &access.sidecar {
        None => {
            client(&mut pod.container, item, access);
            let begun = Probe { failure_threshold: Some(PATIENCE), ..probe("/health") };
            pod.container.startup_probe = Some(begun);
        }
        Some(sidecar) => sidecar::add(pod, sidecar, |container| client(container, item, access)),
    }
    pod.volumes.extend(volumes(access));
}

/// What the client needs in the container where it is.
fn client(container: &mut Container, item: &ServiceConfig, access: &DirectAccess) {
    let webhook = Port { name: Some(WEBHOOK_PORT_NAME.into()), container_port: access.port() };
    container.ports.insert(0, webhook);
    container.env.splice(0..0, variables(item, access));
    container.liveness_probe = Some(probe("/health"));
    container.readiness_probe = Some(probe("/ready"));
    let mounts = [(POD_INFO_VOLUME, POD_INFO_FOLDER)].into_iter();
    let token = access.has_own_token().then_some((TOKEN_VOLUME, TOKEN_FOLDER));
    let mounts = mounts.chain(token).map(|(name, folder)| VolumeMount {
        name: name.into(),
        mount_path: folder.into(),
        read_only: true,
    });
    container.volume_mounts.extend(mounts);
}

/// A question at the webhook's port.
fn probe(path: &str) -> Probe {
    Probe { path: path.into(), port: WEBHOOK_PORT_NAME.into(), period_seconds: None, failure_threshold: None }
}

fn volumes(access: &DirectAccess) -> impl Iterator<Item = Volume> {
    let annotations = (POD_INFO_VOLUME, VolumeSource::PodAnnotations(ANNOTATIONS.into()));
    let token = access.has_own_token().then(|| {
        let token = AccountToken { audience: access.audience.clone(), path: TOKEN.into() };
        (TOKEN_VOLUME, VolumeSource::Token(token))
    });
    let all = std::iter::once(annotations).chain(token);
    all.map(|(name, source)| Volume { name: name.into(), source })
}

fn annotations(access: &DirectAccess) -> TextMap {
    let all: [(&str, Text); 4] = [
        ("infisical.com/auth", "kubernetes".into()),
        ("infisical.com/auto-renewal", "true".into()),
        ("infisical.com/environment", access.environment()),
        ("infisical.com/secret-path", access.secret_path()),
    ];
    all.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// In the order of [`keyloom_models::service::direct::VARIABLES`], which no service may set itself.
fn variables(item: &ServiceConfig, access: &DirectAccess) -> Vec<EnvVar> {
    let set = |name: &str, value: Text| EnvVar { name: name.into(), value: Some(value), value_from: None };
    let from = |name: &str, source| EnvVar { name: name.into(), value: None, value_from: Some(source) };
    let identity = KeyRef { name: item.identity_config_map(), key: IDENTITY_KEY.into(), optional: false };
    let address = FieldRef { field_path: "status.podIP".into() };
    let file = |folder: &str, name: &str| format!("{folder}/{name}").into();
    let mut all = vec![
        set("INFISICAL_API_URL", access.api_url()),
        // The client reads these two before anything else, and a Secret or ConfigMap of `envFrom` may hold them; `env` goes
        // before it.
        set("INFISICAL_HOST", access.api_url()),
        set("INFISICAL_AUTH_METHOD", "kubernetes".into()),
        from(
            "INFISICAL_IDENTITY_ID",
            ValueFrom { config_map_key_ref: Some(identity), ..ValueFrom::default() },
        ),
        set("INFISICAL_PROJECT_ID", access.project_id.clone()),
        set("INFISICAL_ENVIRONMENT", access.environment()),
        set("INFISICAL_SECRET_PATH", access.secret_path()),
        set("WEBHOOK_PORT", access.port().to_string().into()),
        set("KEYLOOM_PEERS", peers(item)),
        from("KEYLOOM_POD_IP", ValueFrom { field_ref: Some(address), ..ValueFrom::default() }),
        set("KEYLOOM_ANNOTATIONS", file(POD_INFO_FOLDER, ANNOTATIONS)),
    ];
    all.extend(access.has_own_token().then(|| set(TOKEN_VARIABLE, file(TOKEN_FOLDER, TOKEN))));
    all
}

/// The host of its headless Service; in a namespace that is not said it is found from there.
fn peers(item: &ServiceConfig) -> Text {
    match &item.namespace {
        Some(namespace) => item.peers().join(&".".into()).join(namespace).join(&".svc".into()),
        None => item.peers(),
    }
}

/// Metadata of an object beside its Deployment.
fn named(item: &ServiceConfig, name: &Text) -> Metadata {
    metadata(name, item.namespace.as_ref(), &item.labels, &TextMap::new())
}
