//! Which variables let somebody log in to a backend.

#[cfg(feature = "aws")]
use super::aws;
use super::infisical;
#[cfg(feature = "vault")]
use super::vault;

/// Variables that hold what one logs in to a backend with.
pub(super) struct Credentials {
    /// Those made for connections alone. They are nothing to any other program.
    pub(super) own: &'static [&'static str],
    /// Those that other programs read too.
    pub(super) shared: &'static [&'static str],
}

/// Of backends that Bruin has, and this crate has not.
const OF_BRUIN: &[&str] = &["BRUIN_AZURE_CLIENT_SECRET", "BRUIN_DOPPLER_TOKEN"];

/// Whether a variable lets somebody log in to a backend; those that other programs read too where it is the backend of this word alone.
/// Of backends that are not in this build none is known.
///
/// ```
/// use keyloom_runtime::connections::is_credential;
/// assert!(is_credential("BRUIN_INFISICAL_CLIENT_SECRET", "file"));
/// assert!(is_credential("INFISICAL_TOKEN", "infisical") && !is_credential("INFISICAL_TOKEN", "file"));
/// assert!(!is_credential("BRUIN_INFISICAL_HOST", "infisical"));
/// ```
pub fn is_credential(variable: &str, backend: &str) -> bool {
    let all = [
        (infisical::WORD, infisical::CREDENTIALS),
        #[cfg(feature = "vault")]
        (vault::WORD, vault::CREDENTIALS),
        #[cfg(feature = "aws")]
        (aws::WORD, aws::CREDENTIALS),
    ];
    let of = |(word, it): (&str, Credentials)| {
        it.own.contains(&variable) || (word == backend && it.shared.contains(&variable))
    };
    OF_BRUIN.contains(&variable) || all.into_iter().any(of)
}

#[cfg(test)]
mod tests {
    use super::super::{ConnectionError, Connections, Origin, Shown};
    use super::*;

    fn value(name: &str) -> Option<String> {
        let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
        let value = match name {
            "BRUIN_AWS_REGION" => "eu-central-1",
            _ if ends(&["HOST", "_ADDR"]) => "https://secrets.example",
            _ if ends(&["_PATH"]) => "/a",
            _ if ends(&["TOKEN", "SECRET", "_ID", "ENVIRONMENT", "_KEY"]) => "value",
            _ => return None,
        };
        Some(value.to_owned())
    }

    /// What a backend hides when it tells its settings is what no command is given.
    #[test]
    fn every_setting_that_a_backend_hides_is_a_credential() {
        for word in ["infisical", "vault", "aws"] {
            for own in [true, false] {
                let get = move |name: &str| value(name).filter(|_| own || !is_credential(name, "file"));
                let connections = match Connections::from_flag_or_env(Some(word), get) {
                    Err(ConnectionError::NotBuiltIn { .. }) => continue,
                    made => made.unwrap(),
                };
                for setting in
                    connections.settings().iter().filter(|setting| setting.shown == Shown::Credential)
                {
                    let Origin::Variable(name) = setting.origin else { continue };
                    assert!(is_credential(name, word) || name.starts_with("AWS_"), "{word}: {setting:?}");
                }
            }
        }
    }
}
