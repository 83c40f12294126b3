//! The controller of External Secrets Operator, outside the cluster that it serves.

use std::process::Command;
use std::time::Duration;

use crate::Result;
use crate::e2e::cluster::Cluster;
use crate::e2e::curl::{Client, Request};
use crate::e2e::engines::Engines;
use crate::e2e::process::{Server, free_port};

/// Starts the controller against a cluster, with AWS's services at one address.
pub(super) fn start(engines: &Engines, cluster: &Cluster, aws: &str) -> Result<Server> {
    let (metrics, live) = (free_port()?, free_port()?);
    let mut command = Command::new(&engines.operator);
    command
        .arg(format!("--metrics-addr=127.0.0.1:{metrics}"))
        .arg(format!("--live-addr=127.0.0.1:{live}"))
        .env("KUBECONFIG", &cluster.kubeconfig)
        .env("AWS_SECRETSMANAGER_ENDPOINT", aws)
        .env("AWS_SSM_ENDPOINT", aws)
        .env("AWS_STS_ENDPOINT", aws)
        // A store without `auth` takes the controller's own; no real ones may leak in.
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env_remove("AWS_PROFILE")
        .env_remove("AWS_SESSION_TOKEN");
    let mut server = Server::start("external-secrets", &mut command, cluster.dir())?;
    let client = Client { base: format!("http://127.0.0.1:{metrics}"), ..Client::default() };
    let get = Request { method: "GET", path: "/metrics", headers: &[], body: None };
    server.wait_ready(Duration::from_secs(60), || client.send(get).is_ok())?;
    Ok(server)
}
