//! What stands beside a Deployment, with every field.

use keyloom_models::selector::LabelSelector;
use keyloom_resources::cluster_role_binding::{AccountRef, ClusterRoleBinding};
use keyloom_resources::network_policy::{IngressRule, NetworkPolicy, NetworkPolicySpec, Peer};
use keyloom_resources::service::{Service, ServiceAddress, ServicePort, ServiceSpec};
use keyloom_resources::{ConfigMap, Metadata, Resource, ServiceAccount, TextMap};

use super::{map, metadata};

fn pods() -> TextMap {
    map(&[("app.kubernetes.io/name", "service")])
}

fn labels(match_labels: TextMap) -> LabelSelector {
    LabelSelector { match_labels, ..LabelSelector::default() }
}

fn service(name: &str, address: ServiceAddress) -> Resource {
    let port = |name: &str, port| ServicePort { name: name.into(), port };
    let ports = vec![port("http", 8080), port("metrics", 9090)];
    Service { metadata: metadata(name), spec: ServiceSpec { address, selector: pods(), ports } }.into()
}

pub(super) fn beside_a_deployment() -> Vec<Resource> {
    let account = AccountRef { name: "service".into(), namespace: Some("my-app".into()) };
    let binding = ClusterRoleBinding {
        metadata: Metadata { namespace: None, ..metadata("binding") },
        role: "system:auth-delegator",
        account,
    };
    let namespaces = Peer::Namespaces(labels(map(&[("kubernetes.io/metadata.name", "ingress")])));
    let ingress = vec![
        IngressRule { from: Some(vec![Peer::Pods(labels(pods())), namespaces]), ports: vec![8080] },
        IngressRule { from: None, ports: vec![9090] },
    ];
    let policy = NetworkPolicy {
        metadata: metadata("policy"),
        spec: NetworkPolicySpec { pods: labels(pods()), ingress },
    };
    vec![
        ServiceAccount { metadata: metadata("account") }.into(),
        binding.into(),
        ConfigMap { metadata: metadata("settings"), data: map(&[("level", "info")]) }.into(),
        service("together", ServiceAddress::OneForAll),
        service("apart", ServiceAddress::OneForEach),
        policy.into(),
    ]
}
