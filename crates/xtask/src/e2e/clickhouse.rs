//! A ClickHouse of one's own, which nobody else reaches.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::Result;
use crate::e2e::process::{Server, free_port};

const LIMIT: Duration = Duration::from_secs(60);
/// The user that it has.
pub(super) const USER: &str = "app";
/// What is said where there is none.
pub(super) const MISSING: &str = "there is no ClickHouse; the package clickhouse-server of Debian 12 has it";

/// A running server on a port of this machine, which speaks HTTP there, with one user.
pub(super) struct ClickHouse {
    _server: Server,
    _dir: TempDir,
    pub(super) port: u16,
}

impl ClickHouse {
    /// Starts one whose user has this password.
    pub(super) fn start(program: &Path, password: &str) -> Result<Self> {
        let dir = tempfile::Builder::new().prefix("keyloom-e2e-").tempdir()?;
        let (port, home) = (free_port()?, dir.path().display());
        let config = format!(
            "<yandex><logger><level>information</level><console>1</console></logger>\
             <listen_host>127.0.0.1</listen_host><http_port>{port}</http_port>\
             <path>{home}/data/</path><tmp_path>{home}/tmp/</tmp_path><mark_cache_size>1048576</mark_cache_size>\
             <users_config>users.xml</users_config>\
             <default_profile>default</default_profile><default_database>default</default_database></yandex>"
        );
        let users = format!(
            "<yandex><profiles><default/></profiles><quotas><default/></quotas><users><{USER}>\
             <password>{password}</password><networks><ip>127.0.0.1</ip></networks>\
             <profile>default</profile><quota>default</quota></{USER}></users></yandex>"
        );
        for (name, text) in [("config.xml", config), ("users.xml", users)] {
            fs::write(dir.path().join(name), text)?;
        }
        let mut command = Command::new(program);
        command.arg("--config-file").arg(dir.path().join("config.xml"));
        let mut server = Server::start("clickhouse", &mut command, dir.path())?;
        let log = dir.path().join("clickhouse.log");
        let ready = || fs::read_to_string(&log).is_ok_and(|log| log.contains("Ready for connections"));
        server.wait_ready(LIMIT, ready)?;
        Ok(Self { _server: server, _dir: dir, port })
    }
}

/// Where it is installed; Debian has it among the programs of administrators.
pub(super) fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    folders.map(|folder| folder.join("clickhouse-server")).find(|it| it.is_file())
}
