//! Machine identities: how they log in, and what they may do.

use serde::Deserialize;

use super::method::{ClientSecret, KubernetesAuth, TokenAuth, UniversalAuth};
use super::vouched::VouchedAuth;

/// A machine identity.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Identity {
    /// Its name.
    pub name: String,
    /// Its UUID; made of the name by default, see [`crate::uuid`].
    pub id: Option<String>,
    /// Login with a client id and a client secret.
    pub universal: Option<UniversalAuth>,
    /// Login with a token of a Kubernetes service account.
    pub kubernetes: Option<KubernetesAuth>,
    /// A token made beforehand.
    pub token: Option<TokenAuth>,
    /// Logins with something that another service vouches for.
    pub vouched: Vec<VouchedAuth>,
    /// What it may do in projects. Without a grant it is no member of a project.
    pub grants: Vec<Grant>,
    /// What it may do in the organisation.
    pub role: Role,
}

/// What an identity may do in the organisation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Nothing.
    #[default]
    NoAccess,
    /// Read app connections and use them.
    Member,
    /// Everything.
    Admin,
}

/// What an identity may do in a part of a project. Of several grants for one place the strongest counts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Grant {
    /// Slug of the project.
    pub project: String,
    /// Slugs of environments, as a glob. Default: all.
    #[serde(default = "everything")]
    pub environment: String,
    /// Paths of folders, as a glob. Default: all.
    #[serde(default = "everywhere")]
    pub path: String,
    /// What it may do there.
    pub access: Access,
}

/// What an identity may do in a place; each may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// See that secrets are there, without their values.
    Describe,
    /// Read values.
    Read,
    /// Write secrets, folders, webhooks and syncs.
    Write,
}

fn everything() -> String {
    "*".to_owned()
}

fn everywhere() -> String {
    "/**".to_owned()
}

impl Identity {
    /// An identity that cannot log in and may do nothing.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Logs in with a client id and a client secret.
    #[must_use]
    pub fn universal(mut self, client_id: &str, client_secret: &str) -> Self {
        self.universal = Some(UniversalAuth {
            client_id: client_id.to_owned(),
            client_secrets: vec![ClientSecret::new(client_secret)],
            ..UniversalAuth::default()
        });
        self
    }

    /// Logs in with a client id and a client secret, with more said about it.
    #[must_use]
    pub fn universal_auth(mut self, auth: UniversalAuth) -> Self {
        self.universal = Some(auth);
        self
    }

    /// Logs in with tokens of Kubernetes service accounts.
    #[must_use]
    pub fn kubernetes(mut self, auth: KubernetesAuth) -> Self {
        self.kubernetes = Some(auth);
        self
    }

    /// Has a token made beforehand.
    #[must_use]
    pub fn token(mut self, auth: TokenAuth) -> Self {
        self.token = Some(auth);
        self
    }

    /// Logs in with something that another service vouches for.
    #[must_use]
    pub fn vouched(mut self, auth: VouchedAuth) -> Self {
        self.vouched.push(auth);
        self
    }

    /// May do something in all of a project.
    #[must_use]
    pub fn may(self, access: Access, project: &str) -> Self {
        self.may_at(access, project, "*", "/**")
    }

    /// May do something in environments and folders of a project.
    #[must_use]
    pub fn may_at(mut self, access: Access, project: &str, environment: &str, path: &str) -> Self {
        self.grants.push(Grant {
            project: project.to_owned(),
            environment: environment.to_owned(),
            path: path.to_owned(),
            access,
        });
        self
    }

    /// May do something in the organisation.
    #[must_use]
    pub fn role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }
}
