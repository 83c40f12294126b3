//! Logins that another service vouches for, and service tokens.

use serde::Deserialize;

use super::method::TokenSettings;
use crate::seed::Hidden;

/// Login with something that another service vouches for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct VouchedAuth {
    /// Which service.
    pub method: VouchedMethod,
    /// What it vouches for: a JWT as it is sent, or for AWS the access key that signs the request.
    pub proof: Hidden,
    /// How its tokens live.
    #[serde(default)]
    pub tokens: TokenSettings,
}

/// Login methods with which another service vouches for an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum VouchedMethod {
    /// A signed request to AWS's STS.
    #[serde(rename = "aws-auth")]
    Aws,
    /// A token of Azure's managed identities.
    #[serde(rename = "azure-auth")]
    Azure,
    /// A token of Google's.
    #[serde(rename = "gcp-auth")]
    Gcp,
    /// A JWT.
    #[serde(rename = "jwt-auth")]
    Jwt,
    /// A token of an OpenID Connect provider, such as GitHub's.
    #[serde(rename = "oidc-auth")]
    Oidc,
}

impl VouchedMethod {
    const ALL: [Self; 5] = [Self::Aws, Self::Azure, Self::Gcp, Self::Jwt, Self::Oidc];

    /// As it stands in paths and tokens.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws-auth",
            Self::Azure => "azure-auth",
            Self::Gcp => "gcp-auth",
            Self::Jwt => "jwt-auth",
            Self::Oidc => "oidc-auth",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }
}

/// A service token: what came before identities.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct ServiceToken {
    /// The whole of it: `st.ID.SECRET.KEY`, of which the last part does not travel.
    pub token: Hidden,
    /// Slug of its project.
    pub project: String,
    /// Where it reads.
    pub scopes: Vec<Scope>,
    /// Whether it writes there too.
    pub writes: bool,
}

/// Where a service token reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Scope {
    /// Slug of the environment.
    pub environment: String,
    /// Paths of folders, as a glob.
    pub path: String,
}
