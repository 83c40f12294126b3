//! Services that read from Infisical themselves: names that do not meet, accounts that are shared, who may deliver, and that no
//! Secret of Kubernetes is anywhere.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::collections::BTreeSet;

use keyloom_models::read::{Options, load};
use keyloom_models::service::direct::{TOKEN_VARIABLE, VARIABLES};
use keyloom_resources::synthesize;
use keyloom_resources::walk::to_json;
use serde_json::{Value, json};

const WHO: &str = "identityId: 7d0c6f3e-1a2b-4c3d-9e8f-001122334455, projectId: shop";

fn manifests(services: &[String]) -> Vec<Value> {
    let text = format!("services:\n{}", services.concat());
    let mut sources = keyloom_syntax::Sources::new();
    sources.add("keyloom.yaml", text).unwrap();
    let outcome = load(&sources, &Options::default());
    let config = outcome.config.unwrap_or_else(|| panic!("{:?}", outcome.diagnostics));
    synthesize(&config).kubernetes().map(|object| to_json(object).unwrap()).collect()
}

/// A service with those fields, and more that it says of Infisical.
fn service(fields: &str, more: &str) -> String {
    format!("- {{{fields}, image: \"app:1\", secretAccess: infisical, infisical: {{{WHO}{more}}}}}\n")
}

fn of_kind<'m>(manifests: &'m [Value], kind: &str) -> Vec<&'m Value> {
    manifests.iter().filter(|manifest| manifest["kind"] == kind).collect()
}

fn names(manifests: &[Value], kind: &str) -> Vec<String> {
    of_kind(manifests, kind).iter().map(|it| it["metadata"]["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn names_of_the_cluster_do_not_meet() {
    let all = [
        service("name: web, namespace: a", ""),
        service("name: web, namespace: b", ""),
        service("name: b-web, namespace: a", ""),
        service("name: web, namespace: a-b", ""),
    ];
    let found = manifests(&all);
    let bindings = names(&found, "ClusterRoleBinding");
    assert_eq!(bindings.iter().collect::<BTreeSet<_>>().len(), 4, "{bindings:?}");
    assert_eq!(bindings[0], "a.web-auth-delegator");
    let subject = &of_kind(&found, "ClusterRoleBinding")[1]["subjects"];
    assert_eq!(*subject, json!([{"kind": "ServiceAccount", "name": "web-sa", "namespace": "b"}]));
    let others: BTreeSet<_> = found
        .iter()
        .map(|it| {
            (
                it["kind"].to_string(),
                it["metadata"]["namespace"].to_string(),
                it["metadata"]["name"].to_string(),
            )
        })
        .collect();
    assert_eq!(others.len(), found.len(), "each object has a name of its own");
}

#[test]
fn an_account_that_is_shared_is_made_once_and_the_one_of_everybody_not_at_all() {
    let all = [
        service("name: web, namespace: a, serviceAccountName: shop", ""),
        service("name: api, namespace: a, serviceAccountName: shop", ""),
        service("name: api, namespace: b, serviceAccountName: shop", ""),
        service("name: jobs, namespace: b, serviceAccountName: default", ""),
        "- {name: plain, namespace: b, image: \"app:1\", serviceAccountName: elsewhere}\n".to_owned(),
    ];
    let found = manifests(&all);
    let accounts = of_kind(&found, "ServiceAccount");
    let accounts: Vec<_> =
        accounts.iter().map(|it| (&it["metadata"]["namespace"], &it["metadata"]["name"])).collect();
    assert_eq!(accounts, [(&json!("a"), &json!("shop")), (&json!("b"), &json!("shop"))]);
    let bound = of_kind(&found, "ClusterRoleBinding");
    assert_eq!(bound.len(), 4, "each service is bound, whoever else has its account");
    assert_eq!(bound[3]["subjects"][0]["name"], "default");
}

#[test]
fn a_server_that_asks_by_itself_needs_no_binding_and_no_namespace() {
    let found = manifests(&[service("name: web", ", reviewer: server, audience: infisical")]);
    assert_eq!(names(&found, "ClusterRoleBinding"), [""; 0]);
    let deployment = of_kind(&found, "Deployment")[0];
    let container = &deployment["spec"]["template"]["spec"]["containers"][0];
    let variable = |name: &str| {
        let all = container["env"].as_array().unwrap();
        all.iter().find(|variable| variable["name"] == name).unwrap()["value"].clone()
    };
    assert_eq!(variable("KEYLOOM_PEERS"), "web-peers");
    assert_eq!(variable(TOKEN_VARIABLE), "/var/run/secrets/infisical.com/serviceaccount/token");
    assert!(variable("INFISICAL_ENVIRONMENT") == "dev" && variable("INFISICAL_SECRET_PATH") == "/");
}

#[test]
fn the_variables_are_those_that_no_service_may_set_and_stand_before_its_own() {
    let own = "name: web, namespace: a, env: [{name: LOG_LEVEL, value: info}]";
    let found = manifests(&[service(own, "")]);
    let env = &of_kind(&found, "Deployment")[0]["spec"]["template"]["spec"]["containers"][0]["env"];
    let found: Vec<_> = env.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    let expected: Vec<_> = VARIABLES.into_iter().chain(["LOG_LEVEL"]).collect();
    assert_eq!(found, expected);
}

#[test]
fn the_webhook_is_for_those_who_deliver_and_other_ports_are_for_everybody() {
    let delivers = |more: &str, ports: &str| {
        let found = manifests(&[service(&format!("name: web, namespace: a{ports}"), more)]);
        of_kind(&found, "NetworkPolicy")[0]["spec"]["ingress"].clone()
    };
    let own = json!({"podSelector": {"matchLabels": {"app.kubernetes.io/name": "web"}}});
    let of = |names: &[&str]| {
        let label = |name: &&str| json!({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}});
        std::iter::once(own.clone()).chain(names.iter().map(label)).collect::<Value>()
    };
    let closed = |names: &[&str], port: u32| json!({"from": of(names), "ports": [{"port": port}]});
    assert_eq!(delivers("", ""), json!([closed(&["infisical"], 8080)]));
    let beside = ", apiUrl: \"http://infisical:8080\"";
    assert_eq!(delivers(beside, ""), json!([closed(&["a"], 8080)]));
    let elsewhere = ", apiUrl: \"https://eu.infisical.com\", webhook: {port: 9000, from: [ingress, relay]}";
    assert_eq!(delivers(elsewhere, ""), json!([closed(&["ingress", "relay"], 9000)]));
    let nobody = ", webhook: {from: []}";
    let ports = ", ports: [{containerPort: 3000}, {name: metrics, containerPort: 9090}]";
    assert_eq!(
        delivers(nobody, ports),
        json!([closed(&[], 8080), {"ports": [{"port": 3000}, {"port": 9090}]}])
    );
}

#[test]
fn beside_a_sidecar_the_application_has_nothing_to_log_in_with() {
    for (mode, variables) in [
        ("files", ["KEYLOOM_LISTEN_DIRECTORY", "LOG_LEVEL"].as_slice()),
        ("http", &["KEYLOOM_LISTEN_URL", "KEYLOOM_LISTEN_TOKEN_FILE", "LOG_LEVEL"]),
    ] {
        let own =
            "name: web, namespace: a, ports: [{containerPort: 3000}], env: [{name: LOG_LEVEL, value: info}]";
        let more = format!(", sidecar: {{image: \"keyloom:1\", mode: {mode}, runAsUser: 10001}}");
        let found = manifests(&[service(own, &more)]);
        let pod = &of_kind(&found, "Deployment")[0]["spec"]["template"]["spec"];
        assert_eq!(pod["automountServiceAccountToken"], false);
        assert_eq!(pod["securityContext"]["runAsUser"], 10001);
        let names = |list: &Value| -> Vec<String> {
            list.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
        };
        let application = &pod["containers"][0];
        assert_eq!(names(&application["env"]), variables);
        assert_eq!(
            application["volumeMounts"],
            json!([{"name": "keyloom", "mountPath": "/run/keyloom", "readOnly": true}])
        );
        assert_eq!(application["ports"], json!([{"containerPort": 3000}]));
        assert_eq!(application.get("livenessProbe"), None);
        let sidecar = &pod["initContainers"][0];
        let expected: Vec<_> = VARIABLES.into_iter().chain([TOKEN_VARIABLE]).collect();
        assert_eq!(names(&sidecar["env"]), expected);
        assert_eq!(names(&sidecar["volumeMounts"]), ["keyloom", "podinfo", "infisical-token"]);
        assert_eq!((&sidecar["restartPolicy"], &sidecar["args"][0]), (&json!("Always"), &json!("listen")));
        assert_eq!(names(&pod["volumes"]), ["keyloom", "podinfo", "infisical-token"]);
        let token = json!({"sources": [{"serviceAccountToken": {"path": "token"}}]});
        assert_eq!(pod["volumes"][2]["projected"], token);
    }
}

/// What is read goes from Infisical into the process. Nothing that is rendered is a Secret, names one, or mounts one.
#[test]
fn no_secret_of_kubernetes_is_made_or_read() {
    let found = manifests(&[
        service("name: web, namespace: a", ""),
        service("name: api, namespace: a", ", reviewer: server, audience: infisical"),
        service("name: jobs, namespace: a", ", sidecar: {image: \"keyloom:1\"}"),
    ]);
    let kinds: BTreeSet<_> = found.iter().map(|it| it["kind"].as_str().unwrap()).collect();
    let expected =
        ["ClusterRoleBinding", "ConfigMap", "Deployment", "NetworkPolicy", "Service", "ServiceAccount"];
    assert_eq!(kinds, BTreeSet::from(expected));
    let text = json!(found).to_string();
    for word in ["secretKeyRef", "secretRef", "secretName", "stringData", "imagePullSecrets", "\"Secret\""] {
        assert!(!text.contains(word), "{word}");
    }
}
