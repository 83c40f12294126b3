//! An OpenSearch of one's own with its security plugin, which nobody else reaches.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::Result;
use crate::e2e::lodging::Lodging;
use crate::e2e::process::{Group, Server, free_port};

/// A Java machine on a busy computer takes its time.
const LIMIT: Duration = Duration::from_secs(240);
/// The user that the plugin comes with.
pub(super) const USER: &str = "admin";
/// Their password.
pub(super) const PASSWORD: &str = "admin";
/// What is said where it cannot be had.
pub(super) const MISSING: &str =
    "OpenSearch needs Java and Maven; Debian's packages default-jdk-headless and maven have them";

/// A running server on a port of this machine, which speaks TLS there.
pub(super) struct OpenSearch {
    _server: Server,
    lodging: Lodging,
    pub(super) port: u16,
}

impl OpenSearch {
    /// Starts one from the folder that the engines' cache has.
    pub(super) fn start(unpacked: &Path) -> Result<Self> {
        // It refuses to run as the administrator of a machine.
        let lodging = Lodging::new()?;
        let dir = lodging.path();
        let [home, config, data, logs] =
            ["home", "home/config", "data", "home/logs"].map(|name| dir.join(name));
        copied(&folder(unpacked)?, &home)?;
        let plugin = home.join("plugins/opensearch-security");
        copied(&unpacked.join("opensearch-security"), &plugin)?;
        copied(&plugin.join("config"), &config.join("opensearch-security"))?;
        for folder in [&data, &logs] {
            fs::create_dir_all(folder)?;
        }
        let port = free_port()?;
        certificate(&config)?;
        fs::write(config.join("opensearch.yml"), settings(port, free_port()?, &data, &logs))?;
        let key = config.join("key.pem");
        lodging.hand_over(&[&config, &data, &logs, &key])?;
        let mut command = lodging.command("bash");
        command.arg(home.join("bin/opensearch")).env("OPENSEARCH_JAVA_OPTS", "-Xms512m -Xmx512m");
        command.env("OPENSEARCH_JAVA_HOME", java_home()?);
        let mut server = Server::start("opensearch", &mut command, dir)?;
        let log = dir.join("opensearch.log");
        let ready = || fs::read_to_string(&log).is_ok_and(|log| log.contains("' initialized"));
        server.wait_ready(LIMIT, ready)?;
        Ok(Self { _server: server, lodging, port })
    }

    /// The authority of its certificate.
    pub(super) fn authority(&self) -> PathBuf {
        self.lodging.path().join("home/config/certificate.pem")
    }
}

/// Whether what it needs is here.
pub(super) fn can_run() -> bool {
    ["java", "mvn"].iter().all(|program| Command::new(program).arg("-version").output().is_ok())
}

/// Where Java says that it is.
fn java_home() -> Result<String> {
    let said = Command::new("java").args(["-XshowSettings:properties", "-version"]).output()?;
    let text = String::from_utf8_lossy(&said.stderr).into_owned();
    let home = text.lines().find_map(|line| line.trim().strip_prefix("java.home = "));
    Ok(home.ok_or("java does not say where it is")?.to_owned())
}

/// The server's own folder, whose name has its version.
fn folder(unpacked: &Path) -> Result<PathBuf> {
    let mut folders = fs::read_dir(unpacked)?.flatten().map(|entry| entry.path());
    let found = folders.find(|path| path.join("bin/opensearch").is_file());
    Ok(found.ok_or_else(|| format!("{} has no OpenSearch", unpacked.display()))?)
}

/// A copy that everybody may read, as not all of the package may be.
fn copied(from: &Path, to: &Path) -> Result<()> {
    done(Command::new("cp").arg("-r").arg(from).arg(to))?;
    done(Command::new("chmod").args(["-R", "a+rX"]).arg(to))
}

fn certificate(dir: &Path) -> Result<()> {
    // Without it the certificate is that of an authority, which no server may show.
    fs::write(dir.join("openssl.cnf"), "[req]\ndistinguished_name = name\n[name]\n")?;
    let mut make = Command::new("openssl");
    make.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=node"]);
    make.args(["-config", "openssl.cnf", "-addext", "subjectAltName=DNS:localhost"]).current_dir(dir);
    done(make.args(["-keyout", "key.pem", "-out", "certificate.pem"]))
}

fn done(command: &mut Command) -> Result<()> {
    let said = Group::start(command)?.wait(LIMIT)?;
    if said.code == Some(0) { Ok(()) } else { Err(said.all.into()) }
}

fn settings(port: u16, transport: u16, data: &Path, logs: &Path) -> String {
    let (data, logs) = (data.display(), logs.display());
    let mut text = format!(
        "network.host: 127.0.0.1\nhttp.port: {port}\ntransport.port: {transport}\ndiscovery.type: single-node\n\
         path.data: {data}\npath.logs: {logs}\ncluster.routing.allocation.disk.threshold_enabled: false\n\
         plugins.security.allow_default_init_securityindex: true\nplugins.security.nodes_dn: [CN=node]\n\
         plugins.security.ssl.http.enabled: true\nplugins.security.ssl.transport.enforce_hostname_verification: false\n"
    );
    for layer in ["transport", "http"] {
        for (what, file) in [("pemcert", "certificate"), ("pemkey", "key"), ("pemtrustedcas", "certificate")]
        {
            text.push_str(&format!("plugins.security.ssl.{layer}.{what}_filepath: {file}.pem\n"));
        }
    }
    text
}
