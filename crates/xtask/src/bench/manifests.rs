//! Manifests in the shapes that people write: most are ExternalSecrets, whose stores are few and elsewhere.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// One store answers for this many objects.
const BLOCK: usize = 100;
const SCHEMA: &str = "# yaml-language-server: $schema=https://schemas.example.com/externalsecret_v1.json\n";
/// A field that nobody knows, which takes the place of `refreshInterval` in a broken manifest.
pub(super) const MISSPELLED: &str = "refreshIntervall";

/// All of them as one file.
pub(super) fn stream(count: usize, path: &Path) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    (0..count).try_for_each(|index| write!(out, "---\n{}", manifest(index)))?;
    out.flush()
}

/// Each as a file of its own, in a folder for each application.
pub(super) fn tree(count: usize, folder: &Path) -> io::Result<()> {
    for index in 0..count {
        let app = folder.join(format!("team-{:02}/app-{:03}", index % 40, index / 40));
        fs::create_dir_all(&app)?;
        fs::write(app.join("secret.yaml"), format!("---\n{}", manifest(index)))?;
    }
    Ok(())
}

/// One that has a mistake.
pub(super) fn broken() -> String {
    external_secret(BLOCK - 1).replace("refreshInterval", MISSPELLED)
}

fn manifest(index: usize) -> String {
    match index % BLOCK {
        0 => cluster_store(index),
        1 | 2 => store(index),
        3..=5 => push_secret(index),
        6 => generator(index),
        _ => external_secret(index),
    }
}

fn head(group: &str, kind: &str, name: &str, namespace: &str) -> String {
    let namespace = if namespace.is_empty() { String::new() } else { format!("  namespace: {namespace}\n") };
    format!("apiVersion: {group}\nkind: {kind}\nmetadata:\n  name: {name}\n{namespace}")
}

fn cluster_store(index: usize) -> String {
    let name = format!("platform-{}", index / BLOCK);
    head("external-secrets.io/v1", "ClusterSecretStore", &name, "")
        + "spec:
  provider:
    vault:
      server: https://vault.example.com:8200
      path: secret
      version: v2
      auth:
        kubernetes:
          mountPath: kubernetes
          role: external-secrets
          serviceAccountRef:
            name: external-secrets
            namespace: external-secrets
"
}

fn store(index: usize) -> String {
    let head = head("external-secrets.io/v1", "SecretStore", &format!("team-store-{index}"), "apps");
    let provider = if index.is_multiple_of(2) {
        "    onepassword:
      connectHost: http://onepassword-connect.security:8080
      vaults:
        kubernetes: 1
      auth:
        secretRef:
          connectTokenSecretRef:
            name: onepassword-connect
            key: token
"
    } else {
        "    aws:
      service: SecretsManager
      region: eu-central-1
      auth:
        jwt:
          serviceAccountRef:
            name: external-secrets
"
    };
    format!("{head}spec:\n  provider:\n{provider}")
}

fn push_secret(index: usize) -> String {
    let (name, block) = (format!("push-{index}"), index / BLOCK);
    let head = head("external-secrets.io/v1alpha1", "PushSecret", &name, "apps");
    format!(
        "{head}spec:
  refreshInterval: 1h
  deletionPolicy: Delete
  secretStoreRefs:
    - name: platform-{block}
      kind: ClusterSecretStore
  selector:
    secret:
      name: {name}-source
  data:
    - match:
        secretKey: password
        remoteRef:
          remoteKey: apps/{name}
          property: password
"
    )
}

fn generator(index: usize) -> String {
    head("generators.external-secrets.io/v1alpha1", "Password", &format!("password-{index}"), "apps")
        + "spec:\n  length: 32\n  digits: 6\n  symbols: 0\n  noUpper: false\n  allowRepeat: true\n"
}

/// With or without a namespace, an interval and a template; what is read is whole entries more often than single keys.
fn external_secret(index: usize) -> String {
    let (name, block) = (format!("app-{index:05}"), index / BLOCK);
    let schema = if index % 5 < 2 { SCHEMA } else { "" };
    let head =
        head("external-secrets.io/v1", "ExternalSecret", &name, if index % 8 < 3 { "apps" } else { "" });
    let interval = if index % 5 < 3 || index % BLOCK == BLOCK - 1 { "  refreshInterval: 1h\n" } else { "" };
    let template = if index % 7 < 4 { template(&name) } else { String::new() };
    let read = if index % 5 < 3 {
        format!("  dataFrom:\n    - extract:\n        key: apps/{name}\n")
    } else {
        let entry = |property: &str| {
            format!(
                "    - secretKey: {property}
      remoteRef:
        key: apps/{name}
        property: {property}
"
            )
        };
        format!("  data:\n{}{}{}", entry("username"), entry("password"), entry("token"))
    };
    format!(
        "{schema}{head}spec:
{interval}  secretStoreRef:
    kind: ClusterSecretStore
    name: platform-{block}
  target:
    name: {name}-secret
    creationPolicy: Owner
{template}{read}"
    )
}

fn template(name: &str) -> String {
    format!(
        "    template:
      engineVersion: v2
      data:
        APP_USER: \"{{{{ .username }}}}\"
        APP_PASSWORD: \"{{{{ .password }}}}\"
        APP_HOST: {name}.databases.svc.cluster.local
        APP_URL: \"postgres://{{{{ .username }}}}:{{{{ .password | urlquery }}}}@{name}.databases:5432/app\"
"
    )
}
