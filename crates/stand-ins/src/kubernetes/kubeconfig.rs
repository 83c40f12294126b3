//! Where the cluster is and who asks, from a kubeconfig.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;

/// What a client needs to know.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Access {
    /// What paths are appended to.
    pub(super) server: String,
    /// Certificates in PEM that the server's own is checked against; none means those that everybody trusts.
    pub(super) authority: Vec<u8>,
    /// The server's certificate is not checked at all.
    pub(super) insecure: bool,
    /// The bearer token.
    pub(super) token: Option<String>,
    /// Of the context; may be empty.
    pub(super) namespace: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Config {
    clusters: Vec<NamedCluster>,
    users: Vec<NamedUser>,
    contexts: Vec<NamedContext>,
    current_context: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NamedCluster {
    name: String,
    cluster: Cluster,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Cluster {
    server: String,
    certificate_authority: Option<PathBuf>,
    certificate_authority_data: Option<String>,
    insecure_skip_tls_verify: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NamedUser {
    name: String,
    user: User,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct User {
    token: Option<String>,
    #[serde(rename = "tokenFile")]
    token_file: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NamedContext {
    name: String,
    context: Context,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Context {
    cluster: String,
    user: String,
    namespace: String,
}

/// Reads a kubeconfig: a path, or the text itself; without either, the file that `KUBECONFIG` names, or the one at home.
///
/// # Errors
/// Why the cluster cannot be told. The text is not in it: it may hold credentials.
pub(super) fn access(kubeconfig: Option<&str>, context: Option<&str>) -> Result<Access, String> {
    match kubeconfig {
        Some(text) if !Path::new(text).is_file() => of_text(text, context, Path::new("")),
        Some(path) => of_file(Path::new(path), context),
        None => of_file(&ambient().ok_or("no kubeconfig was given, and KUBECONFIG names none")?, context),
    }
}

fn ambient() -> Option<PathBuf> {
    let listed = std::env::var_os("KUBECONFIG").filter(|paths| !paths.is_empty());
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".kube/config"));
    match listed {
        Some(paths) => std::env::split_paths(&paths).find(|path| path.is_file()),
        None => home().filter(|path| path.is_file()),
    }
}

fn of_file(path: &Path, context: Option<&str>) -> Result<Access, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    of_text(&text, context, path.parent().unwrap_or(Path::new("")))
}

fn of_text(text: &str, context: Option<&str>, dir: &Path) -> Result<Access, String> {
    // The reader's words quote what it reads.
    let config: Config = yaml_serde::from_str(text).map_err(|_| "the kubeconfig is not one".to_owned())?;
    let wanted = context.unwrap_or(&config.current_context);
    let context = config.contexts.into_iter().find(|it| it.name == wanted);
    let context = context.ok_or_else(|| format!("the kubeconfig has no context {wanted:?}"))?.context;
    let cluster = config.clusters.into_iter().find(|it| it.name == context.cluster);
    let cluster =
        cluster.ok_or_else(|| format!("the kubeconfig has no cluster {:?}", context.cluster))?.cluster;
    let user = config.users.into_iter().find(|it| it.name == context.user).unwrap_or_default().user;
    let read = |path: &Path| fs::read(dir.join(path)).map_err(|error| format!("{}: {error}", path.display()));
    let authority = match (&cluster.certificate_authority_data, &cluster.certificate_authority) {
        (Some(data), _) => {
            BASE64_STANDARD.decode(data).map_err(|_| "certificate-authority-data is no base64")?
        }
        (None, Some(path)) => read(path)?,
        (None, None) => Vec::new(),
    };
    let token = match (user.token, user.token_file) {
        (None, Some(path)) => Some(String::from_utf8_lossy(&read(&path)?).trim().to_owned()),
        (token, _) => token,
    };
    Ok(Access {
        server: cluster.server.trim_end_matches('/').to_owned(),
        authority,
        insecure: cluster.insecure_skip_tls_verify,
        token,
        namespace: context.namespace,
    })
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Access").field("server", &self.server).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "
apiVersion: v1
kind: Config
clusters:
- {name: a, cluster: {server: https://a/, certificate-authority: ca.crt}}
- {name: b, cluster: {server: https://b, certificate-authority-data: UEVN, insecure-skip-tls-verify: true}}
users:
- {name: u, user: {token: hunter2-canary}}
- {name: v, user: {tokenFile: token}}
contexts:
- {name: a, context: {cluster: a, user: v, namespace: apps}}
- {name: b, context: {cluster: b, user: u}}
- {name: lost, context: {cluster: z, user: u}}
current-context: b
";

    #[test]
    fn the_current_context_is_taken() {
        let access = access(Some(TEXT), None).unwrap();
        assert_eq!((access.server.as_str(), access.authority.as_slice()), ("https://b", b"PEM".as_slice()));
        assert!(access.insecure);
        assert_eq!(access.token.as_deref(), Some("hunter2-canary"));
        assert!(!format!("{access:?}").contains("canary"));
    }

    #[test]
    fn files_are_found_beside_the_kubeconfig() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("ca.crt"), "PEM").unwrap();
        fs::write(dir.path().join("token"), "t\n").unwrap();
        let path = dir.path().join("config");
        fs::write(&path, TEXT).unwrap();
        let access = access(path.to_str(), Some("a")).unwrap();
        let expected = Access {
            server: "https://a".to_owned(),
            authority: b"PEM".to_vec(),
            insecure: false,
            token: Some("t".to_owned()),
            namespace: "apps".to_owned(),
        };
        assert_eq!(access, expected);
    }

    #[test]
    fn what_is_missing_is_said_without_quoting() {
        for (text, context) in
            [(TEXT, Some("lost")), (TEXT, Some("none")), ("token: [hunter2-canary", None), ("", None)]
        {
            let error = access(Some(text), context).unwrap_err();
            assert!(!error.contains("canary"), "{error}");
        }
    }
}
