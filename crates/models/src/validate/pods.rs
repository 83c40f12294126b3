//! Pods of other people's manifests: the same rule as for declared services, at places in those files.

use keyloom_syntax::{Diagnostic, Node, Text, Tree};

use super::literal;
use super::reads::{Held, Holder, Produced, Reader};
use super::services::env_name;
use crate::config::{Config, Keys};
use crate::finding::{Findings, Found, List, Place};
use crate::read::locate::inside;
use crate::service::reads::files;
use crate::service::{SecretRead, Wanted};

mod writers;

/// Checks that every Secret key that pods of these manifests read is produced by an external secret of `config`, or is
/// in a Secret among the manifests; that no Secret has two writers, and none of theirs is empty.
///
/// Looks into Pods, Deployments, ReplicaSets, StatefulSets, DaemonSets, Jobs, CronJobs, ServiceAccounts, Ingresses and
/// lists of them; objects of other kinds are passed over. Diagnostics have their places in the tree's own files.
pub fn check(config: &Config, tree: &Tree<'_>) -> Vec<Diagnostic> {
    let objects: Vec<Node<'_>> = tree.documents().flat_map(objects).collect();
    let secrets: Vec<Written> = objects.iter().filter_map(|object| Written::read(*object)).collect();
    let declared = config.external_secrets().iter().filter_map(Holder::of);
    let produced = Produced::new(declared.chain(secrets.iter().map(Written::holder)));
    let owners = writers::Owners::new(config);
    let mut findings = Findings::default();
    for (index, object) in objects.iter().enumerate() {
        let root = Place::item(List::Manifests, index);
        owners.check(*object, &root, &mut findings);
        let namespace = text_at(*object, &["metadata", "namespace"]);
        let mut reads = beside_pods(*object, &root);
        if let Some((spec, place)) = pod_spec(*object, &root) {
            reads.extend(pod(spec, &place, config.relaxed_env_names, &mut findings));
        }
        Reader::new(&produced, namespace.as_ref(), config.relaxed_env_names).all(&reads, &mut findings);
    }
    let find = |place: &Place| Found {
        span: objects.get(place.index).map(|object| inside(*object, &place.steps)),
        index: place.index,
        by_default: false,
    };
    findings.0.into_iter().map(|finding| finding.locate(find)).collect()
}

/// A document, or the items of a list of objects.
fn objects(document: Node<'_>) -> Vec<Node<'_>> {
    let is_list = text_at(document, &["kind"])
        .is_some_and(|kind| kind.written().is_some_and(|kind| kind.ends_with("List")));
    match document.get("items") {
        Some(items) if is_list => items.items().collect(),
        _ => vec![document],
    }
}

/// A Secret, or an ExternalSecret that makes one, which stands among the manifests.
struct Written {
    namespace: Option<Text>,
    name: Text,
    keys: Keys,
}

impl Written {
    fn read(object: Node<'_>) -> Option<Self> {
        let namespace = text_at(object, &["metadata", "namespace"]);
        let name = text_at(object, &["metadata", "name"])?;
        match object.get("kind")?.as_str()? {
            "Secret" => {
                let keys = ["data", "stringData"].into_iter().filter_map(|field| object.get(field));
                let known = keys.flat_map(Node::entries).filter_map(|(key, _)| key.scalar()).map(Text::from);
                Some(Self { namespace, name, keys: Keys { known: known.collect(), open: false } })
            }
            // What those hold is for the operators to know.
            "ExternalSecret" | "SealedSecret" => {
                let target = text_at(object, &["spec", "target", "name"])
                    .or_else(|| text_at(object, &["spec", "template", "metadata", "name"]));
                let keys = Keys { known: Vec::new(), open: true };
                Some(Self { namespace, name: target.unwrap_or(name), keys })
            }
            _ => None,
        }
    }

    fn holder(&self) -> Holder<'_> {
        Holder { namespace: self.namespace.as_ref(), name: &self.name, keys: Held::Known(&self.keys) }
    }
}

fn text_at(node: Node<'_>, path: &[&str]) -> Option<Text> {
    path.iter().try_fold(node, |node, key| node.get(key))?.as_str().map(Text::from)
}

/// The spec of the pods that an object makes.
fn pod_spec<'t>(object: Node<'t>, place: &Place) -> Option<(Node<'t>, Place)> {
    let path: &[&'static str] = match object.get("kind")?.as_str()? {
        "Pod" => &["spec"],
        "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" | "Job" | "ReplicationController" => {
            &["spec", "template", "spec"]
        }
        "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
        _ => return None,
    };
    path.iter().try_fold((object, place.clone()), |(node, place), key| Some((node.get(key)?, place.at(*key))))
}

/// What objects besides pods read: the registries of a service account, the certificates of an Ingress.
fn beside_pods(object: Node<'_>, place: &Place) -> Vec<SecretRead> {
    match object.get("kind").and_then(Node::as_str) {
        Some("ServiceAccount") => registries(object, place),
        Some("Ingress") => object.get("spec").map_or_else(Vec::new, |spec| {
            let hosts = items(spec, "tls", &place.at("spec"));
            hosts.iter().flat_map(|(host, at)| certificate(*host, at)).collect()
        }),
        _ => Vec::new(),
    }
}

/// `imagePullSecrets`.
fn registries(node: Node<'_>, place: &Place) -> Vec<SecretRead> {
    let named = items(node, "imagePullSecrets", place).into_iter();
    let read = |(node, at): (Node<'_>, Place)| Some(SecretRead::by_registry(text_at(node, &["name"])?, &at));
    named.filter_map(read).collect()
}

/// A host of an Ingress; without a name the controller has a certificate of its own.
fn certificate(host: Node<'_>, at: &Place) -> Vec<SecretRead> {
    let Some(name) = text_at(host, &["secretName"]) else { return Vec::new() };
    let read = |key| SecretRead::by_cluster(name.clone(), key, &at.at("secretName"), NO_CERTIFICATE);
    ["tls.crt", "tls.key"].map(read).into()
}

const NO_CERTIFICATE: &str = "the Ingress controller serves a certificate of its own, which browsers refuse";

/// Every read of a pod, in the order of the file.
fn pod(spec: Node<'_>, place: &Place, relaxed: bool, findings: &mut Findings) -> Vec<SecretRead> {
    let mut reads = Vec::new();
    for list in ["initContainers", "containers", "ephemeralContainers"] {
        for (container, at) in items(spec, list, place) {
            for (source, at) in items(container, "envFrom", &at) {
                let prefix = text_at(source, &["prefix"]);
                let at = at.at("secretRef");
                reads.extend(source.get("secretRef").and_then(|node| {
                    let wanted = Wanted::Variables { prefix };
                    Some(SecretRead::new(text_at(node, &["name"])?, wanted, optional(node), &at, "name"))
                }));
            }
            for (variable, at) in items(container, "env", &at) {
                reads.extend(env(variable, &at, relaxed, findings));
            }
        }
    }
    for (volume, at) in items(spec, "volumes", place) {
        reads.extend(
            volume
                .get("secret")
                .map(|node| from_volume(node, &at.at("secret"), "secretName"))
                .into_iter()
                .flatten(),
        );
        let Some(projected) = volume.get("projected") else { continue };
        for (source, at) in items(projected, "sources", &at.at("projected")) {
            reads.extend(
                source
                    .get("secret")
                    .map(|node| from_volume(node, &at.at("secret"), "name"))
                    .into_iter()
                    .flatten(),
            );
        }
    }
    reads.extend(registries(spec, place));
    reads
}

fn env(variable: Node<'_>, at: &Place, relaxed: bool, findings: &mut Findings) -> Option<SecretRead> {
    let name = text_at(variable, &["name"])?;
    env_name(relaxed, &name, &at.at("name"), findings);
    if let (Some(known), Some(value)) = (name.known(), text_at(variable, &["value"])) {
        literal::constant(known, &value, &at.at("value"), findings);
    }
    let node = variable.get("valueFrom")?.get("secretKeyRef")?;
    let wanted = Wanted::Variable { key: text_at(node, &["key"])?, name };
    let at = at.path("valueFrom.secretKeyRef");
    Some(SecretRead::new(text_at(node, &["name"])?, wanted, optional(node), &at, "name"))
}

fn from_volume(node: Node<'_>, at: &Place, name: &'static str) -> Vec<SecretRead> {
    let Some(secret) = text_at(node, &[name]) else { return Vec::new() };
    let pairs = node.get("items").into_iter().flat_map(Node::items);
    let text = |item, field| text_at(item, &[field]).unwrap_or_default();
    let pairs = pairs.map(|item| (text(item, "key"), text(item, "path")));
    files(&secret, pairs, optional(node), at, name)
}

fn optional(node: Node<'_>) -> bool {
    node.get("optional").and_then(Node::as_bool) == Some(true)
}

fn items<'t>(node: Node<'t>, list: &'static str, place: &Place) -> Vec<(Node<'t>, Place)> {
    let place = place.at(list);
    let nodes = node.get(list).into_iter().flat_map(Node::items);
    nodes.enumerate().map(|(index, item)| (item, place.at(index))).collect()
}
