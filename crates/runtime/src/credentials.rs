//! What one logs in with. It comes from the environment, under the names that Infisical's Terraform provider reads.

use crate::error::Error;
use crate::secret::Secret;

const METHOD: &str = "INFISICAL_AUTH_METHOD";
const CLIENT_ID: &str = "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID";
const CLIENT_SECRET: &str = "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET";
const TOKEN: &str = "INFISICAL_TOKEN";
const ORGANIZATION: &str = "INFISICAL_AUTH_ORGANIZATION_SLUG";

/// What one logs in with.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// A machine identity with Universal Auth.
    Universal(UniversalAuth),
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
    /// What the environment says: `INFISICAL_AUTH_METHOD` (`universal` or `token`), or whatever is there, client id and
    /// secret before a token.
    ///
    /// # Errors
    /// [`Error::Environment`], with all that is missing at once.
    pub fn from_env(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let get =
            |name: &str| get(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let token = || get(TOKEN).map(|token| Self::Token(Secret::new(token)));
        match get(METHOD).as_deref() {
            Some("universal") => Self::universal(get),
            Some("token") => token().ok_or_else(|| Error::Environment(format!("{TOKEN} is not set"))),
            Some("oidc" | "kubernetes" | "aws_iam" | "aws-iam") => Err(Error::Environment(format!(
                "{METHOD} says a method that is not supported here yet; set {CLIENT_ID} and {CLIENT_SECRET}, \
                 or {TOKEN}, and {METHOD} to `universal` or `token`"
            ))),
            Some(_) => Err(Error::Environment(format!("{METHOD} says neither `universal` nor `token`"))),
            None if get(CLIENT_ID).is_none() && get(CLIENT_SECRET).is_none() => token().ok_or_else(|| {
                Error::Environment(format!("neither {CLIENT_ID} and {CLIENT_SECRET} are set, nor {TOKEN}"))
            }),
            None => Self::universal(get),
        }
    }

    fn universal(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
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
            (TOKEN, "canary"),
            (ORGANIZATION, "sub"),
        ]) else {
            panic!("no universal auth");
        };
        assert_eq!((found.client_id.as_str(), found.client_secret.expose()), ("id", "canary"));
        assert_eq!(found.organization_slug.as_deref(), Some("sub"));
        assert!(!format!("{found:?}").contains("canary"));
        assert!(matches!(from(&[(TOKEN, "canary")]), Ok(Credentials::Token(_))));
        let said =
            from(&[(METHOD, "token"), (CLIENT_ID, "id"), (CLIENT_SECRET, "canary"), (TOKEN, "canary")]);
        assert!(matches!(said, Ok(Credentials::Token(_))));
    }

    #[test]
    fn all_that_is_missing_is_said_at_once() {
        let missing = |set: &[(&str, &str)]| from(set).unwrap_err();
        assert_eq!(missing(&[]), format!("neither {CLIENT_ID} and {CLIENT_SECRET} are set, nor {TOKEN}"));
        assert_eq!(missing(&[(CLIENT_ID, "id")]), format!("{CLIENT_SECRET} is not set"));
        assert_eq!(missing(&[(CLIENT_SECRET, "canary")]), format!("{CLIENT_ID} is not set"));
        assert_eq!(missing(&[(METHOD, "universal")]), format!("{CLIENT_ID} and {CLIENT_SECRET} are not set"));
        assert_eq!(missing(&[(METHOD, "token"), (TOKEN, " ")]), format!("{TOKEN} is not set"));
        assert!(missing(&[(METHOD, "kubernetes")]).contains("not supported here yet"));
        assert!(!missing(&[(METHOD, "canary")]).contains("canary"));
    }
}
