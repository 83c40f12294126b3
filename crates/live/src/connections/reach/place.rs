//! A database as its clients want it said.

use keyloom_connections::{Connection, Secret};

/// Where a database is, and as whom one logs in.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    pub(super) host: String,
    pub(super) port: Option<u16>,
    pub(super) user: Option<String>,
    pub(super) password: Option<Secret>,
    pub(super) database: Option<String>,
    /// How TLS is used.
    pub(super) ssl_mode: Option<String>,
    /// Files of an authority, a certificate and its key.
    pub(super) ssl_ca_path: Option<String>,
    pub(super) ssl_cert_path: Option<String>,
    pub(super) ssl_key_path: Option<String>,
}

impl Place {
    /// Host and port as one writes them; the host alone where it is a directory with a socket.
    pub(super) fn address(&self, port: u16) -> String {
        match self.host.as_str() {
            socket if socket.starts_with('/') => socket.to_owned(),
            host if host.contains(':') => format!("[{host}]:{}", self.port.unwrap_or(port)),
            host => format!("{host}:{}", self.port.unwrap_or(port)),
        }
    }

    /// What the fields of these names say; a connection has those of its type.
    pub(super) fn of(connection: &Connection) -> Self {
        let secret = |field: &str| connection.field_text(field).filter(|it| !it.is_blank());
        let text = |field: &str| secret(field).map(|it| it.expose().to_owned());
        Self {
            host: text("host").unwrap_or_else(|| "localhost".to_owned()),
            port: text("port").and_then(|port| port.parse().ok()),
            user: text("username"),
            password: secret("password"),
            database: text("database"),
            ssl_mode: text("ssl_mode"),
            ssl_ca_path: text("ssl_ca_path"),
            ssl_cert_path: text("ssl_cert_path"),
            ssl_key_path: text("ssl_key_path"),
        }
    }
}

/// The words of an error and of all that it was caused by, each once.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !words.contains(&more) {
            words.push_str(": ");
            words.push_str(&more);
        }
        cause = error.source();
    }
    words
}
