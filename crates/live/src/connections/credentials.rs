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
