//! Whether values arrive: the operator makes exactly these keys, in the Secret that a Deployment reads.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::Result;
use crate::e2e::base64;
use crate::e2e::cluster::Cluster;
use crate::e2e::manifests::{self, Manifest};
use crate::e2e::objects::Objects;
use crate::e2e::process::{Server, wait_until};

const ARRIVAL: Duration = Duration::from_secs(60);

/// Where they arrive.
pub(super) struct Arrival {
    pub(super) cluster: Cluster,
    pub(super) operator: Server,
}

impl Arrival {
    /// What is wrong with the keys of the Secret that the Deployment of a repository reads, a while after its manifests are applied.
    pub(super) fn wrong(&mut self, repository: &Path, values: &[(&str, &str)]) -> Result<Vec<String>> {
        let manifests = manifests::read(&repository.join("kubernetes/chain"))?;
        for manifest in &manifests {
            let applied = self.cluster.objects.apply(manifest)?;
            if !applied.is_ok() {
                return Ok(vec![format!("{}: {}", manifest.title(), applied.summary())]);
            }
        }
        let secret = self.read_by_deployment(&manifests)?;
        let mut wrong = Vec::new();
        let arrived = wait_until(ARRIVAL, || {
            let stored = self.cluster.objects.get(&secret)?;
            wrong = differences(&stored.json(), values);
            Ok(wrong.is_empty().then_some(()))
        })?;
        if arrived.is_none() {
            wrong.push("the controller's last words:".to_owned());
            wrong.push(self.operator.log_tail(15));
        }
        Ok(wrong)
    }

    /// The Secret whose keys the stored Deployment takes as environment variables.
    fn read_by_deployment(&mut self, manifests: &[Manifest]) -> Result<Manifest> {
        let deployment =
            manifests.iter().find(|it| it.kind() == "Deployment").ok_or("no Deployment is rendered")?;
        let stored = self.cluster.objects.get(deployment)?.json();
        let name = stored.pointer("/spec/template/spec/containers/0/envFrom/0/secretRef/name");
        let name = name.and_then(Value::as_str).ok_or("the Deployment reads no Secret")?;
        Ok(Objects::secret(deployment.namespace(), name))
    }
}

/// What of a Secret's keys is not as expected; values are compared, never shown.
fn differences(stored: &Value, values: &[(&str, &str)]) -> Vec<String> {
    let Some(data) = stored["data"].as_object() else { return vec!["the Secret has no keys".to_owned()] };
    let mut wrong = Vec::new();
    for (key, value) in values {
        let held = data.get(*key).and_then(Value::as_str).and_then(base64::decode);
        if held.as_deref() != Some(value.as_bytes()) {
            wrong.push(format!("key {key} is not what GitHub has"));
        }
    }
    if data.len() != values.len() {
        wrong.push(format!("the Secret has {} keys, expected {}", data.len(), values.len()));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_compared_and_values_not_shown() {
        let stored = json!({"data": {"A": "Y2FuYXJ5", "B": "eA=="}});
        assert_eq!(differences(&stored, &[("A", "canary"), ("B", "x")]), [""; 0]);
        let wrong = differences(&stored, &[("A", "other")]);
        assert_eq!(wrong, ["key A is not what GitHub has", "the Secret has 2 keys, expected 1"]);
    }
}
