//! Names: each rule once, for the schema, for documents built in Rust and for validation.

use std::sync::LazyLock;

use keyloom_syntax::Text;
use regex::Regex;

/// Pattern of object names: RFC 1123 subdomains, as the API server and ESO's CRDs have it.
pub const OBJECT_NAME_PATTERN: &str = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
/// Pattern of namespaces: RFC 1123 labels.
pub const NAMESPACE_PATTERN: &str = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
/// Longest namespace.
pub(crate) const NAMESPACE_MAX: usize = 63;
/// Longest value of a label, and longest name of its key.
pub(crate) const LABEL_MAX: usize = 63;
/// Pattern of the names of ports: digits and single hyphens, and a letter among them.
pub const PORT_NAME_PATTERN: &str = r"^([0-9]+-)*[0-9]*[a-z][a-z0-9]*(-[a-z0-9]+)*$";
/// Pattern of the fields of a pod that an environment variable can hold.
pub const POD_FIELD_PATTERN: &str = r"^(metadata\.(name|namespace|uid|(labels|annotations)\['[^']+'\])|spec\.(nodeName|serviceAccountName)|status\.(hostIP|hostIPs|podIP|podIPs))$";
/// Pattern of the keys of a Kubernetes Secret.
pub const SECRET_KEY_PATTERN: &str = r"^[-._a-zA-Z0-9]+$";
/// Pattern of names in Infisical: slugs.
pub const SLUG_PATTERN: &str = r"^[a-z0-9]+(-[a-z0-9]+)*$";

/// Pattern of the names of typed connections: what every backend takes as the name of a secret.
pub const CONNECTION_NAME_PATTERN: &str = r"^[A-Za-z0-9_]([-._A-Za-z0-9]*[A-Za-z0-9_])?$";

/// Pattern of ids in Infisical: UUIDs.
pub const UUID_PATTERN: &str =
    r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";
/// Pattern of a project in Infisical: its id, or its slug.
pub const PROJECT_PATTERN: &str = r"^[0-9A-Za-z]+([-_][0-9A-Za-z]+)*$";

/// Names that a variable of Terraform cannot have, for a module's block uses them itself.
const RESERVED_VARIABLES: [&str; 8] =
    ["count", "depends_on", "for_each", "lifecycle", "locals", "providers", "source", "version"];

pub(crate) static OBJECT_NAME: LazyLock<Regex> = LazyLock::new(|| pattern(OBJECT_NAME_PATTERN));
pub(crate) static NAMESPACE: LazyLock<Regex> = LazyLock::new(|| pattern(NAMESPACE_PATTERN));
pub(crate) static SECRET_KEY: LazyLock<Regex> = LazyLock::new(|| pattern(SECRET_KEY_PATTERN));
pub(crate) static PORT_NAME: LazyLock<Regex> = LazyLock::new(|| pattern(PORT_NAME_PATTERN));
pub(crate) static POD_FIELD: LazyLock<Regex> = LazyLock::new(|| pattern(POD_FIELD_PATTERN));
pub(crate) static SLUG: LazyLock<Regex> = LazyLock::new(|| pattern(SLUG_PATTERN));
pub(crate) static CONNECTION_NAME: LazyLock<Regex> = LazyLock::new(|| pattern(CONNECTION_NAME_PATTERN));
pub(crate) static UUID: LazyLock<Regex> = LazyLock::new(|| pattern(UUID_PATTERN));
pub(crate) static PROJECT: LazyLock<Regex> = LazyLock::new(|| pattern(PROJECT_PATTERN));

#[expect(clippy::expect_used, reason = "the patterns are constants, compiled by the tests beside them")]
pub(crate) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("constant pattern")
}

/// Why a text is not a legal name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is not a legal {what}: {rule}")]
pub struct NameError {
    /// The name as written.
    pub name: String,
    /// What it should have been, such as `namespace`.
    pub what: &'static str,
    /// The rule in words.
    pub rule: &'static str,
}

/// Key of a Kubernetes Secret: letters, digits, `-`, `_` and `.`, at most 253 of them; neither `.` nor `..`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretKey(Text);

impl SecretKey {
    /// Longest legal key, in bytes.
    pub const MAX: usize = 253;

    /// Checks the rule; text that is not known yet passes.
    ///
    /// # Errors
    /// [`NameError`] when the text is known and breaks the rule.
    pub fn parse(text: &Text) -> Result<Self, NameError> {
        let Some(name) = text.known() else { return Ok(Self(text.clone())) };
        if name.len() > Self::MAX || !SECRET_KEY.is_match(name) || matches!(name, "." | "..") {
            return Err(NameError {
                name: name.chars().take(80).collect(),
                what: "Secret key",
                rule: "letters, digits, `-`, `_` and `.`, at most 253 characters",
            });
        }
        Ok(Self(text.clone()))
    }

    /// The text.
    pub fn text(&self) -> &Text {
        &self.0
    }
}

/// Whether an environment variable may have this name when it comes from `envFrom`.
///
/// Until Kubernetes 1.34 a C identifier (also with `-` and `.` inside) was asked for and other keys were skipped;
/// from 1.34 on any printable ASCII except `=` is allowed.
pub fn is_env_name(name: &str, relaxed: bool) -> bool {
    if relaxed {
        return !name.is_empty() && name.bytes().all(|b| (0x20..0x7f).contains(&b) && b != b'=');
    }
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-' | b'.'))
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
        && name != "."
        && name != ".."
        && !name.starts_with("..")
}

/// Whether Terraform keeps this name from variables.
pub fn is_reserved_variable(name: &str) -> bool {
    RESERVED_VARIABLES.contains(&name)
}

/// Whether it may be the value of a label.
pub fn is_label_value(value: &str) -> bool {
    value.is_empty() || is_label_name(value)
}

/// Whether it may be the key of a label or an annotation: a name, perhaps with a domain and `/` before it.
pub fn is_label_key(key: &str) -> bool {
    match key.split_once('/') {
        Some((domain, name)) => domain.len() <= 253 && OBJECT_NAME.is_match(domain) && is_label_name(name),
        None => is_label_name(key),
    }
}

fn is_label_name(name: &str) -> bool {
    let inside = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let at_the_ends = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_alphanumeric());
    name.len() <= LABEL_MAX
        && at_the_ends(name.bytes().next())
        && at_the_ends(name.bytes().last())
        && name.bytes().all(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_names_and_namespaces() {
        for good in ["a", "web-1", "a.b-c.d"] {
            assert!(OBJECT_NAME.is_match(good), "{good}");
        }
        for bad in ["", "A", "-a", "a-", "a_b", "a..b", ".a", "a/b", "ü"] {
            assert!(!OBJECT_NAME.is_match(bad), "{bad}");
        }
        assert!(NAMESPACE.is_match("my-app") && !NAMESPACE.is_match("my.app"));
    }

    #[test]
    fn secret_keys() {
        assert!(SecretKey::parse(&"tls.crt".into()).is_ok());
        for bad in ["a b", "", ".", "..", "ü", &"x".repeat(254)] {
            assert!(SecretKey::parse(&bad.into()).is_err(), "{bad}");
        }
        assert!(SecretKey::parse(&Text::placeholder("${X} y")).is_ok(), "what is not known passes");
    }

    #[test]
    fn labels() {
        for good in ["a", "a-b_c.d", "1", "A", &"x".repeat(63)] {
            assert!(is_label_value(good) && is_label_key(good), "{good}");
        }
        for bad in ["-a", "a-", "a b", "ü", "a/b", &"x".repeat(64)] {
            assert!(!is_label_value(bad), "{bad}");
        }
        assert!(is_label_value("") && !is_label_key(""));
        assert!(is_label_key("app.kubernetes.io/name"));
        for bad in ["/name", "app.kubernetes.io/", "a/b/c", "App.io/name", "a_b/c"] {
            assert!(!is_label_key(bad), "{bad}");
        }
    }

    #[test]
    fn ports_and_fields_of_pods() {
        for good in ["http", "8080-a", "h2c", "a", "1-2-a-3"] {
            assert!(PORT_NAME.is_match(good), "{good}");
        }
        for bad in ["", "80", "1-2", "a--b", "-a", "a-", "1--a", "HTTP", "a_b"] {
            assert!(!PORT_NAME.is_match(bad), "{bad}");
        }
        for good in ["metadata.name", "metadata.labels['app.kubernetes.io/name']", "status.podIPs"] {
            assert!(POD_FIELD.is_match(good), "{good}");
        }
        for bad in ["", "metadata.labels", "metadata.labels['']", "spec.hostname", "metadata.name.x"] {
            assert!(!POD_FIELD.is_match(bad), "{bad}");
        }
    }

    #[test]
    fn ids_and_projects() {
        let id = "7D0c6f3e-1a2b-4c3d-9e8f-001122334455";
        assert!(UUID.is_match(id) && !UUID.is_match(&id[1..]) && !UUID.is_match("my-project"));
        for good in [id, "my-project", "my-project-a1_B2"] {
            assert!(PROJECT.is_match(good), "{good}");
        }
        for bad in ["", "my project", "-a", "a/b", "a--b"] {
            assert!(!PROJECT.is_match(bad), "{bad}");
        }
    }

    #[test]
    fn environment_names() {
        assert!(is_env_name("DB_HOST", false) && is_env_name("tls.crt", false));
        assert!(!is_env_name("1ST", false) && is_env_name("1ST", true));
        assert!(!is_env_name("a=b", true) && !is_env_name("", true));
    }
}
