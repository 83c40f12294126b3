//! What one logs in with. It comes from the environment, under the names that Infisical's own tools read.

mod kubernetes;

#[cfg(feature = "vault")]
pub(crate) use kubernetes::MOUNTED;
pub use kubernetes::{KubernetesAuth, TokenSource};

use crate::error::Error;
use crate::variable::trimmed;
use keyloom_connections::Secret;

const METHOD: &str = "INFISICAL_AUTH_METHOD";
const CLIENT_ID: &str = "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID";
const CLIENT_SECRET: &str = "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET";
/// As the command line and the Terraform provider call it, and as SDKs do.
const TOKEN: [&str; 2] = ["INFISICAL_TOKEN", "INFISICAL_ACCESS_TOKEN"];
const ORGANIZATION: &str = "INFISICAL_AUTH_ORGANIZATION_SLUG";

/// What one logs in with.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// A machine identity with Universal Auth.
    Universal(UniversalAuth),
    /// A machine identity that takes the token of a Kubernetes service account.
    Kubernetes(KubernetesAuth),
    /// An access token that is there already. It is never renewed.
    Token(Secret),
}

/// Client id and client secret of a machine identity.
#[derive(Clone, Debug)]
pub struct UniversalAuth {
    /// Client id.
    pub client_id: String,
    /// Client secret.
    pub client_secret: Secret,
    /// Slug of the sub-organization that the token is for; none for the organization itself.
    pub organization_slug: Option<String>,
}

impl Credentials {
    /// What the environment says: `INFISICAL_AUTH_METHOD` (`universal`, `kubernetes` or `token`), or whatever is there: client
    /// id and secret before a token, and a token before an identity of Kubernetes.
    ///
    /// # Errors
    /// [`Error::Environment`], with all that is missing at once.
    pub fn from_env(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let get = |name: &str| trimmed(get(name));
        if let Some(method) = get(METHOD) {
            return Self::by(&method, &get);
        }
        if get(CLIENT_ID).is_some() || get(CLIENT_SECRET).is_some() {
            return Self::universal(&get);
        }
        match Self::token(&get) {
            Some(token) => Ok(token),
            None if kubernetes::IDENTITY.iter().any(|name| get(name).is_some()) => Self::kubernetes(&get),
            None => Err(Error::Environment(format!(
                "neither {CLIENT_ID} and {CLIENT_SECRET} are set, nor {}, nor {}",
                TOKEN[0],
                kubernetes::IDENTITY[0]
            ))),
        }
    }

    /// What the environment of a pod says: the same, but that without `INFISICAL_AUTH_METHOD` one logs in with the token of the
    /// service account.
    ///
    /// # Errors
    /// [`Error::Environment`], with all that is missing at once.
    pub fn in_cluster(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let get = |name: &str| trimmed(get(name));
        Self::by(get(METHOD).as_deref().unwrap_or("kubernetes"), &get)
    }

    fn by(method: &str, get: &impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        match method {
            "universal" => Self::universal(get),
            "kubernetes" => Self::kubernetes(get),
            "token" => Self::token(get).ok_or_else(|| Error::Environment(format!("{} is not set", TOKEN[0]))),
            "oidc" | "aws_iam" | "aws-iam" => Err(Error::Environment(format!(
                "{METHOD} says a method that is not supported here yet; set {CLIENT_ID} and {CLIENT_SECRET}, \
                 or {}, or {}, and {METHOD} to `universal`, `token` or `kubernetes`",
                TOKEN[0],
                kubernetes::IDENTITY[0]
            ))),
            _ => Err(Error::Environment(format!(
                "{METHOD} says none of `universal`, `token` and `kubernetes`"
            ))),
        }
    }

    fn token(get: &impl Fn(&str) -> Option<String>) -> Option<Self> {
        TOKEN.iter().find_map(|name| get(name)).map(|token| Self::Token(Secret::new(token)))
    }

    fn kubernetes(get: &impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        KubernetesAuth::from_set(get).map(Self::Kubernetes)
    }

    fn universal(get: &impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        match (get(CLIENT_ID), get(CLIENT_SECRET)) {
            (Some(client_id), Some(secret)) => Ok(Self::Universal(UniversalAuth {
                client_id,
                client_secret: Secret::new(secret),
                organization_slug: get(ORGANIZATION),
            })),
            (None, Some(_)) => Err(Error::Environment(format!("{CLIENT_ID} is not set"))),
            (Some(_), None) => Err(Error::Environment(format!("{CLIENT_SECRET} is not set"))),
            (None, None) => Err(Error::Environment(format!("{CLIENT_ID} and {CLIENT_SECRET} are not set"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(set: &[(&str, &str)]) -> Result<Credentials, String> {
        let get = |name: &str| set.iter().find(|(one, _)| *one == name).map(|(_, value)| (*value).to_owned());
        Credentials::from_env(get).map_err(|error| error.to_string())
    }

    #[test]
    fn client_id_and_secret_go_before_a_token() {
        let Ok(Credentials::Universal(found)) = from(&[
            (CLIENT_ID, "id"),
            (CLIENT_SECRET, " canary\n"),
            (TOKEN[0], "canary"),
            (ORGANIZATION, "sub"),
        ]) else {
            panic!("no universal auth");
        };
        assert_eq!((found.client_id.as_str(), found.client_secret.expose()), ("id", "canary"));
        assert_eq!(found.organization_slug.as_deref(), Some("sub"));
        assert!(!format!("{found:?}").contains("canary"));
        for name in TOKEN {
            assert!(matches!(from(&[(name, "canary")]), Ok(Credentials::Token(_))), "{name}");
        }
        let said =
            from(&[(METHOD, "token"), (CLIENT_ID, "id"), (CLIENT_SECRET, "canary"), (TOKEN[0], "canary")]);
        assert!(matches!(said, Ok(Credentials::Token(_))));
    }

    #[test]
    fn a_pod_has_an_identity_and_the_token_of_its_service_account() {
        let identity = ("INFISICAL_MACHINE_IDENTITY_ID", "id");
        assert!(matches!(from(&[identity]), Ok(Credentials::Kubernetes(_))));
        let said = from(&[identity, (METHOD, "kubernetes"), (TOKEN[0], "canary")]);
        assert!(matches!(said, Ok(Credentials::Kubernetes(_))));
        // Outside of a cluster the identity may be there for another method of another tool.
        assert!(matches!(from(&[identity, (TOKEN[0], "canary")]), Ok(Credentials::Token(_))));
        let in_cluster = |name: &str| match name {
            "INFISICAL_IDENTITY_ID" => Some("id".to_owned()),
            "INFISICAL_TOKEN" => Some("canary".to_owned()),
            _ => None,
        };
        assert!(matches!(Credentials::in_cluster(in_cluster), Ok(Credentials::Kubernetes(_))));
        let missing = Credentials::in_cluster(|_| None).unwrap_err();
        assert_eq!(missing.to_string(), "INFISICAL_IDENTITY_ID is not set");
    }

    #[test]
    fn all_that_is_missing_is_said_at_once() {
        let missing = |set: &[(&str, &str)]| from(set).unwrap_err();
        assert_eq!(
            missing(&[]),
            format!(
                "neither {CLIENT_ID} and {CLIENT_SECRET} are set, nor INFISICAL_TOKEN, nor INFISICAL_IDENTITY_ID"
            )
        );
        assert_eq!(missing(&[(CLIENT_ID, "id")]), format!("{CLIENT_SECRET} is not set"));
        assert_eq!(missing(&[(CLIENT_SECRET, "canary")]), format!("{CLIENT_ID} is not set"));
        assert_eq!(missing(&[(METHOD, "universal")]), format!("{CLIENT_ID} and {CLIENT_SECRET} are not set"));
        assert_eq!(missing(&[(METHOD, "token"), (TOKEN[0], " ")]), "INFISICAL_TOKEN is not set");
        assert_eq!(missing(&[(METHOD, "kubernetes")]), "INFISICAL_IDENTITY_ID is not set");
        assert!(missing(&[(METHOD, "oidc")]).contains("not supported here yet"));
        assert!(!missing(&[(METHOD, "canary")]).contains("canary"));
    }
}
