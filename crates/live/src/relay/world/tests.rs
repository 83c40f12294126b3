//! A table of changes beside a cluster, `cluster.json`, and of what each of them concerns.

use serde::Deserialize;

use super::super::objects::StoreSpec;
use super::super::path::Path;
use super::super::stores::Hosts;
use super::*;

const CLUSTER: &str = include_str!("cluster.json");
const CHANGES: &str = include_str!("changes.jsonl");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cluster {
    secret_stores: Vec<Object<StoreSpec>>,
    cluster_secret_stores: Vec<Object<StoreSpec>>,
    external_secrets: Vec<Object<ExternalSecretSpec>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    change: String,
    project: Option<String>,
    environment: Option<String>,
    path: Option<String>,
    #[serde(default)]
    projects: Vec<String>,
    #[serde(default)]
    hosts: Vec<String>,
    expected: Vec<String>,
    #[serde(default)]
    deaf: Vec<String>,
}

#[test]
fn each_change_concerns_who_reads_it() {
    for line in CHANGES.lines() {
        let row: Row = serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        let cluster: Cluster = serde_json::from_str(CLUSTER).unwrap();
        let hosts = Hosts::new(row.hosts.iter().map(String::as_str));
        let world = World {
            stores: Stores::new(cluster.secret_stores, cluster.cluster_secret_stores, &hosts),
            secrets: cluster.external_secrets,
            labels: None,
        };
        let projects = Projects::parse(row.projects.iter().map(String::as_str)).unwrap();
        let path = row.path.map(|path| Path::new(&path));
        let changed = Changed { project: row.project, environment: row.environment, path };
        let Concerned { targets, deaf } = world.concerned(&changed, &projects);
        let targets: Vec<String> = targets.iter().map(ToString::to_string).collect();
        assert_eq!(targets, row.expected, "{}", row.change);
        let deaf: Vec<String> = deaf.iter().map(|(target, why)| format!("{target}: {why}")).collect();
        assert_eq!(deaf, row.deaf, "{}", row.change);
    }
}
