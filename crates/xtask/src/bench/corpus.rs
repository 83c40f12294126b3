//! The declaration that is measured: external secrets as large services have them, about 1.2 KB of document each.

use std::io::{self, Write};

use keyloom_models::store::{ExternalStore, ProviderKind, SecretStoreConfig};
use keyloom_models::{Document, Duration, ExternalSecretConfig, SecretReference};

/// Key in the Secret, last part of the path, property.
const ENTRIES: [(&str, &str, &str); 12] = [
    ("DATABASE_HOST", "database", "host"),
    ("DATABASE_PORT", "database", "port"),
    ("DATABASE_USER", "database", "username"),
    ("DATABASE_PASSWORD", "database", "password"),
    ("DATABASE_NAME", "database", "dbname"),
    ("STRIPE_API_KEY", "stripe", "api_key"),
    ("STRIPE_WEBHOOK_SECRET", "stripe", "webhook_secret"),
    ("SMTP_USERNAME", "smtp", "username"),
    ("SMTP_PASSWORD", "smtp", "password"),
    ("SENTRY_DSN", "sentry", "dsn"),
    ("SESSION_KEY", "session", "current"),
    ("OAUTH_CLIENT_SECRET", "oauth", "client_secret"),
];
const STORE: &str = "platform";

/// The names of one external secret.
struct Names {
    name: String,
    team: String,
    target: String,
    owner: String,
    entries: usize,
}

fn names(index: usize) -> Names {
    let name = format!("svc-{index:06}");
    Names {
        team: format!("team-{}", index % 100),
        target: format!("{name}-credentials"),
        owner: format!("Team {} of the web shop", index % 100),
        entries: 8 + index % 5,
        name,
    }
}

/// The declaration as text.
pub(super) fn write(count: usize, out: &mut impl Write) -> io::Result<()> {
    write!(
        out,
        "stores:\n- name: {STORE}\n  clusterScoped: true\n  external: true\n  provider: aws\nexternalSecrets:\n"
    )?;
    for index in 0..count {
        let Names { name, team, target, owner, entries } = names(index);
        write!(
            out,
            "- name: {name}
  namespace: {team}
  secretStoreRef: {STORE}
  targetSecretName: {target}
  refreshInterval: 15m
  labels:
    app.kubernetes.io/name: {name}
    app.kubernetes.io/part-of: web-shop
    example.com/team: {team}
  annotations:
    argocd.argoproj.io/sync-wave: \"-1\"
    example.com/owner: {owner}
  data:
"
        )?;
        for (key, part, property) in &ENTRIES[..entries] {
            write!(out, "  - key: {key}\n    path: {team}/{name}/{part}\n    property: {property}\n")?;
        }
    }
    out.flush()
}

/// The declaration as a program builds it.
pub(super) fn document(count: usize) -> Document {
    let store = SecretStoreConfig::external(STORE, ExternalStore::new(ProviderKind::Aws)).cluster_scoped();
    Document::new().store(store).external_secrets((0..count).map(external_secret))
}

fn external_secret(index: usize) -> ExternalSecretConfig {
    let Names { name, team, target, owner, entries } = names(index);
    let data = ENTRIES[..entries].iter().map(|(key, part, property)| {
        SecretReference::new(*key, format!("{team}/{name}/{part}")).property(*property)
    });
    let mut item = ExternalSecretConfig::new(&name)
        .namespace(&team)
        .secret_store_ref(STORE)
        .target_secret_name(target)
        .refresh_interval(Duration::from_mins(15))
        .label("app.kubernetes.io/name", &name)
        .label("app.kubernetes.io/part-of", "web-shop")
        .label("example.com/team", &team)
        .data(data);
    item.annotations.insert("argocd.argoproj.io/sync-wave".to_owned(), "-1".into());
    item.annotations.insert("example.com/owner".to_owned(), owner.into());
    item
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyloom_models::read::{Options, load};
    use keyloom_syntax::Sources;

    #[test]
    fn text_and_program_declare_the_same() {
        let mut text = Vec::new();
        write(20, &mut text).unwrap();
        assert!((1_100..1_250).contains(&(text.len() / 20)), "{} bytes each", text.len() / 20);
        let mut sources = Sources::new();
        sources.add("keyloom.yaml", String::from_utf8(text).unwrap()).unwrap();
        let read = load(&sources, &Options::default());
        assert_eq!(read.diagnostics.len(), 0, "{:?}", read.diagnostics);
        assert_eq!(read.config.unwrap(), document(20).validate().unwrap());
    }
}
