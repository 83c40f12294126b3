//! The rights that the relay is said to need, and those that it uses.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{ACCOUNT, NAMESPACE};
use crate::Result;
use crate::e2e::cluster::Cluster;
use crate::e2e::keyloom::Keyloom;
use crate::e2e::manifests::{self, Manifest};

/// What `keyloom relay --print-rbac` prints.
pub(super) fn printed(keyloom: &Keyloom) -> Result<Vec<Manifest>> {
    manifests::parse(&keyloom.run(&crate::root(), &["relay", "--print-rbac"], &[0])?)
}

/// Rights that were used and are not printed, or the other way round; and requests that were forbidden.
pub(super) fn wrong(cluster: &Cluster, keyloom: &Keyloom) -> Result<Vec<String>> {
    let events = cluster.audit(NAMESPACE, ACCOUNT)?;
    let used: BTreeSet<String> = events.iter().map(right).collect();
    let printed = printed(keyloom)?;
    let granted: BTreeSet<String> = printed.iter().flat_map(granted).collect();
    let refused = events.iter().filter(|event| event["responseStatus"]["code"] == 403);
    let mut wrong: Vec<String> = refused.map(|event| format!("forbidden: {}", right(event))).collect();
    wrong.extend(granted.difference(&used).map(|right| format!("is granted and not used: {right}")));
    wrong.extend(used.difference(&granted).map(|right| format!("is used and not granted: {right}")));
    Ok(wrong)
}

/// The right that a request takes: `list external-secrets.io/externalsecrets`.
fn right(event: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let object = &event["objectRef"];
    named(&text(&event["verb"]), &text(&object["apiGroup"]), &text(&object["resource"]))
}

/// The rights that a role grants.
fn granted(manifest: &Manifest) -> Vec<String> {
    let mut rights = Vec::new();
    for rule in manifest.value["rules"].as_array().into_iter().flatten() {
        for group in texts(&rule["apiGroups"]) {
            for resource in texts(&rule["resources"]) {
                rights.extend(texts(&rule["verbs"]).map(|verb| named(verb, group, resource)));
            }
        }
    }
    rights
}

fn texts(list: &Value) -> impl Iterator<Item = &str> + Clone {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn named(verb: &str, group: &str, resource: &str) -> String {
    format!("{verb} {group}/{resource}")
}
