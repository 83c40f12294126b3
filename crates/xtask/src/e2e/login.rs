//! What Infisical asks the API server when pods of a rendered service log in: whose token it was sent. It asks with that token
//! (`reviewer: client`), or with one of its own (`reviewer: server`).

use serde_json::{Value, json};

use crate::Result;
use crate::e2e::cluster::Cluster;
use crate::e2e::curl::{Client, Request, Response};
use crate::e2e::keyloom::{Keyloom, Rendered};
use crate::e2e::manifests::Manifest;
use crate::e2e::options::Options;
use crate::e2e::report::Report;
use crate::e2e::versions::Version;

/// Who is there without any right: no pod of the service has this account.
const STRANGER: &str = "stranger";

/// A service of an example, and who asks about its token.
struct Case {
    example: &'static str,
    service: &'static str,
    /// Whom its token is for where Infisical asks with one of its own; none where it asks with the pod's.
    audience: Option<&'static str>,
}

const CASES: [Case; 2] = [
    Case { example: "infisical-service", service: "my-service", audience: None },
    Case { example: "all-of-services", service: "orders", audience: Some("infisical") },
];

/// Lets the pods of each service log in, as far as the API server is asked about them.
pub(super) fn run(
    version: Version,
    cluster: &mut Cluster,
    keyloom: &Keyloom,
    options: &Options,
    report: &mut Report,
) -> Result<()> {
    for case in CASES {
        let check = format!("accept {version} login of examples/{} {}", case.example, case.service);
        if options.selects(&check) {
            report.conclude(&check, case.wrong(version, cluster, keyloom))?;
        }
    }
    Ok(())
}

impl Case {
    fn wrong(&self, version: Version, cluster: &mut Cluster, keyloom: &Keyloom) -> Result<Vec<String>> {
        let document = crate::root().join("examples").join(self.example).join("keyloom.yaml");
        let Rendered::Manifests(manifests) = keyloom.render(version, None, &document)? else {
            return Err("is not rendered".into());
        };
        let deployment = manifests.iter().find(|it| it.kind() == "Deployment" && it.name() == self.service);
        let deployment = deployment.ok_or("its Deployment is not rendered")?;
        let account = deployment.value.pointer("/spec/template/spec/serviceAccountName");
        let account = account.and_then(Value::as_str).ok_or("its pods have no account")?;
        let namespace = deployment.namespace();
        let who = |it: &&Manifest| matches!(it.kind(), "ServiceAccount" | "ClusterRoleBinding");
        let stranger = stranger(namespace);
        let applied: Vec<_> = manifests.iter().filter(who).chain([&stranger]).collect();
        for manifest in &applied {
            let answer = cluster.objects.apply(manifest)?;
            if !answer.is_ok() {
                return Err(format!("{}: {}", manifest.title(), answer.summary()).into());
            }
        }
        let found = match self.audience {
            None => asked_with_the_pods(cluster, namespace, account),
            Some(audience) => asked_with_another(cluster, namespace, account, audience),
        };
        for manifest in &applied {
            cluster.objects.delete(manifest)?;
        }
        found
    }
}

/// The token asks about itself: that of the service may, that of an account without the binding may not.
fn asked_with_the_pods(cluster: &Cluster, namespace: &str, account: &str) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let token = cluster.token(namespace, account, None)?;
    wrong.extend(unlike(&review(&as_whoever_has(cluster, &token), &token, None)?, namespace, account));
    let token = cluster.token(namespace, STRANGER, None)?;
    let answer = review(&as_whoever_has(cluster, &token), &token, None)?;
    if answer.status != 403 {
        wrong.push(format!("one without the binding may ask too: {}", told(&answer)));
    }
    Ok(wrong)
}

/// A token for Infisical alone is nothing to the API server itself, so another must ask about it; that the pods have no right
/// to ask at all is a right less.
fn asked_with_another(
    cluster: &Cluster,
    namespace: &str,
    account: &str,
    audience: &str,
) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let token = cluster.token(namespace, account, Some(audience))?;
    wrong.extend(unlike(&review(&cluster.client, &token, Some(audience))?, namespace, account));
    // Somebody who sends such a token is turned away on the spot, which closes the connection; so it is asked about.
    let answer = review(&cluster.client, &token, None)?;
    if !answer.is_ok() || answer.json()["status"]["authenticated"] == true {
        wrong.push(format!("the API server takes a token that is for `{audience}`: {}", told(&answer)));
    }
    let usual = cluster.token(namespace, account, None)?;
    let answer = review(&as_whoever_has(cluster, &usual), &usual, None)?;
    if answer.status != 403 {
        wrong.push(format!("the account has the right to ask: {}", told(&answer)));
    }
    Ok(wrong)
}

/// Asks whose token it is.
fn review(client: &Client, token: &str, audience: Option<&str>) -> Result<Response> {
    let audiences: Vec<_> = audience.into_iter().collect();
    let asked = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview",
        "spec": {"token": token, "audiences": audiences}});
    client.send(Request {
        method: "POST",
        path: "/apis/authentication.k8s.io/v1/tokenreviews",
        headers: &["Content-Type: application/json"],
        body: Some(&asked.to_string()),
    })
}

/// What is wrong with the answer, which is that of the account.
fn unlike(answer: &Response, namespace: &str, account: &str) -> Option<String> {
    let status = &answer.json()["status"];
    let name = format!("system:serviceaccount:{namespace}:{account}");
    let is_it = status["authenticated"] == true && status["user"]["username"] == name.as_str();
    (!is_it).then(|| format!("the token is not that of {name}: {}", told(answer)))
}

/// The status, and what is wrong; never the body, in which a review repeats the token.
fn told(answer: &Response) -> String {
    let json = answer.json();
    let why = json["status"]["error"].as_str().or(json["message"].as_str()).unwrap_or("no reason");
    format!("{} {why}", answer.status)
}

fn as_whoever_has(cluster: &Cluster, token: &str) -> Client {
    Client { token: Some(token.to_owned()), ..cluster.client.clone() }
}

fn stranger(namespace: &str) -> Manifest {
    let value = json!({"apiVersion": "v1", "kind": "ServiceAccount",
        "metadata": {"name": STRANGER, "namespace": namespace}});
    Manifest { text: value.to_string(), value }
}
