//! Keys that are made here, not fetched.

use indexmap::IndexMap;
use keyloom_syntax::Text;

/// Keys that are made here, not fetched.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Made {
    /// Fixed values that are no secrets.
    pub constants: IndexMap<String, Text>,
    /// A connection string.
    pub url: Option<Box<Url>>,
    /// Credentials of a container registry put together from user name and password.
    pub registry: Option<Box<Registry>>,
}

/// A connection string made of other keys of the Secret.
#[derive(Clone, Debug, PartialEq)]
pub struct Url {
    /// Key in the Secret.
    pub key: Text,
    /// Scheme.
    pub scheme: Text,
    /// Key of the user name.
    pub username: Text,
    /// Key of the password.
    pub password: Text,
    /// Key of the host.
    pub host: Text,
    /// Key of the port.
    pub port: Option<Text>,
    /// Key of the database.
    pub database: Option<Text>,
    /// What follows `?`.
    pub parameters: Option<Text>,
}

/// `.dockerconfigjson` made of two fetched keys, which themselves are not written.
#[derive(Clone, Debug, PartialEq)]
pub struct Registry {
    /// The registry.
    pub registry: Text,
    /// Fetched key of the user name.
    pub username: Text,
    /// Fetched key of the password.
    pub password: Text,
}
