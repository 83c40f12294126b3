//! The annotations that the relay sets.

use std::collections::BTreeMap;

use crate::Result;
use crate::e2e::cluster::Cluster;
use crate::e2e::curl::Request;

/// Each object that has one, and what it is set to now.
pub(super) fn marks(cluster: &Cluster) -> Result<BTreeMap<String, String>> {
    let mut marks = BTreeMap::new();
    for (plural, kind, annotation) in [
        ("externalsecrets", "ExternalSecret", "force-sync"),
        ("clusterexternalsecrets", "ClusterExternalSecret", "external-secrets.io/force-sync"),
    ] {
        let path = format!("/apis/external-secrets.io/v1/{plural}");
        let list = cluster.client.send(Request { method: "GET", path: &path, headers: &[], body: None })?;
        for object in list.json()["items"].as_array().into_iter().flatten() {
            let metadata = &object["metadata"];
            let name = metadata["name"].as_str().unwrap_or_default();
            let name = match metadata["namespace"].as_str() {
                Some(namespace) => format!("{kind} {namespace}/{name}"),
                None => format!("{kind} {name}"),
            };
            if let Some(mark) = metadata["annotations"][annotation].as_str() {
                marks.insert(name, mark.to_owned());
            }
        }
    }
    Ok(marks)
}
