//! Which variables let somebody log in to a backend.

/// Those made for a backend's connections alone. They are nothing to any other program.
const OWN: [&str; 7] = [
    "BRUIN_AWS_ACCESS_KEY_ID",
    "BRUIN_AWS_SECRET_ACCESS_KEY",
    "BRUIN_AWS_SESSION_TOKEN",
    "BRUIN_DOPPLER_TOKEN",
    "BRUIN_INFISICAL_CLIENT_ID",
    "BRUIN_INFISICAL_CLIENT_SECRET",
    "BRUIN_VAULT_TOKEN",
];

/// Those that other programs read too, by the backend that reads them. AWS's own (`AWS_SECRET_ACCESS_KEY`, ...) are not among them:
/// a command that is given connections may well be a client of AWS itself.
const SHARED: [(&str, &str); 5] = [
    ("infisical", "INFISICAL_ACCESS_TOKEN"),
    ("infisical", "INFISICAL_TOKEN"),
    ("infisical", "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID"),
    ("infisical", "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET"),
    ("vault", "VAULT_TOKEN"),
];

/// Whether a variable lets somebody log in to a backend; those that other programs read too where it is this one alone.
pub(super) fn is_credential(variable: &str, backend: &str) -> bool {
    OWN.contains(&variable) || SHARED.contains(&(backend, variable))
}

#[cfg(test)]
mod tests {
    use keyloom_runtime::connections::{Connections, Origin};

    use super::*;

    /// What a backend hides when it tells its settings is what no command is given.
    #[test]
    fn every_setting_that_a_backend_hides_is_a_credential() {
        for word in ["infisical", "vault", "aws"] {
            for own in [true, false] {
                let get = move |name: &str| match name {
                    _ if !own && OWN.contains(&name) => None,
                    _ if name.ends_with("HOST") || name.ends_with("_ADDR") => {
                        Some("https://secrets.example".to_owned())
                    }
                    _ if name.ends_with("_PATH") => Some("/a".to_owned()),
                    _ if ["TOKEN", "SECRET", "_ID", "ENVIRONMENT", "_KEY"]
                        .iter()
                        .any(|end| name.ends_with(end)) =>
                    {
                        Some("value".to_owned())
                    }
                    "BRUIN_AWS_REGION" => Some("eu-central-1".to_owned()),
                    _ => None,
                };
                let connections = Connections::from_env(Some(word), get).unwrap();
                for setting in connections.settings().iter().filter(|setting| setting.value.is_none()) {
                    let Origin::Variable(name) = setting.origin else { continue };
                    let shared_by_aws = name.starts_with("AWS_");
                    assert!(is_credential(name, word) || shared_by_aws, "{word}: {setting:?}");
                }
            }
        }
    }
}
