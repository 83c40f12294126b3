//! What the Infisical provider demands of app connections and secret syncs and no schema says.
//!
//! Nearly all of it is checked at apply, half way through: `terraform validate` and `plan` pass. The source of each row is
//! the provider's version 0.19.24, folder `internal/provider/resource`: `app_connection/` for connections and
//! `secret_sync/` for syncs, a file for each type.

mod connections;
mod syncs;

pub use connections::{APP_CONNECTIONS, AppConnection};
pub use syncs::{INITIAL_SYNC_BEHAVIORS, SECRET_SYNCS, SecretSync};

/// What a choice between words means for the attributes beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case {
    /// The word that is chosen, such as `assume-role`.
    pub name: &'static str,
    /// Attributes that must then be there and not empty.
    pub needs: &'static [&'static str],
    /// Attributes that may then be there.
    pub may: &'static [&'static str],
}

impl Case {
    /// Whether the attribute belongs to this word.
    pub fn has(&self, attribute: &str) -> bool {
        self.needs.contains(&attribute) || self.may.contains(&attribute)
    }

    /// Words out of these that the attribute belongs to, if this one is not among them: it is then useless or refused. What no
    /// word names stands beside all of them.
    pub fn others(&self, cases: &'static [Self], attribute: &str) -> Vec<&'static str> {
        if self.has(attribute) {
            return Vec::new();
        }
        cases.iter().filter(|case| case.has(attribute)).map(|case| case.name).collect()
    }
}

const fn case(name: &'static str, needs: &'static [&'static str], may: &'static [&'static str]) -> Case {
    Case { name, needs, may }
}

/// An attribute of a destination that decides which others it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its name: `scope`, `mapping_behavior`.
    pub attribute: &'static str,
    /// What counts when it is left out.
    pub default: Option<&'static str>,
    /// Every word that is allowed.
    pub cases: &'static [Case],
}

/// Words that an attribute may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// Its name, in `credentials` or `destination_config`.
    pub attribute: &'static str,
    /// Every word that is allowed.
    pub words: &'static [&'static str],
}

/// What the provider sets when an attribute is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// A switch
    Bool(bool),
    /// A whole number
    Number(u32),
    /// A word
    Text(&'static str),
}

/// Attributes that the provider calls sensitive although they name somebody and prove nothing: they may stand in a file.
pub const IDENTIFIERS: [&str; 9] = [
    "access_key_id",
    "account_id",
    "client_id",
    "identity_id",
    "instance_url",
    "role_arn",
    "role_external_id",
    "role_id",
    "service_account_email",
];

/// Whether an attribute holds what nobody may read: sensitive or in no state, and not one of the [`IDENTIFIERS`].
pub fn is_secret(attribute: &super::Attribute) -> bool {
    (attribute.sensitive || attribute.write_only) && !IDENTIFIERS.contains(&attribute.name)
}

/// The app connection that Infisical's API and Keyloom's documents call so, such as `azure-key-vault`.
pub fn app_connection(app: &str) -> Option<&'static AppConnection> {
    APP_CONNECTIONS.iter().find(|one| one.app == app)
}

/// The secret sync that Infisical's API and Keyloom's documents call so, such as `aws-secrets-manager`.
pub fn secret_sync(kind: &str) -> Option<&'static SecretSync> {
    SECRET_SYNCS.iter().find(|one| one.kind == kind)
}

/// The app connection that a Terraform resource of that type makes.
pub fn app_connection_of(resource: &str) -> Option<&'static AppConnection> {
    APP_CONNECTIONS.iter().find(|one| one.resource == resource)
}

/// The secret sync that a Terraform resource of that type makes.
pub fn secret_sync_of(resource: &str) -> Option<&'static SecretSync> {
    SECRET_SYNCS.iter().find(|one| one.resource == resource)
}
