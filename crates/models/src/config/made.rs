//! Keys that are made here, not fetched.

use indexmap::IndexMap;
use keyloom_connections::Field;
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
    /// Keys of a typed connection.
    pub connection: Option<Box<ConnectionKeys>>,
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

/// Keys made of a typed connection, `{"type": …, "details": {…}}`, which is fetched whole and itself is not written.
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectionKeys {
    /// Name of the connection.
    pub name: Text,
    /// Word of its type.
    pub kind: &'static str,
    /// What the secret may say its type is: that word and its aliases.
    pub words: Vec<&'static str>,
    /// Fetched key of the JSON.
    pub fetched: &'static str,
    /// Keys of the Secret, in the order of the type's fields.
    pub fields: Vec<ConnectionKey>,
    /// A connection string.
    pub url: Option<ConnectionUrl>,
}

/// A key made of a field of a typed connection.
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectionKey {
    /// Key in the Secret.
    pub key: Text,
    /// The field.
    pub field: &'static Field,
    /// Whether the key was named, and is not made of the field's name.
    pub named: bool,
}

/// A connection string made of fields of a typed connection.
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectionUrl {
    /// Key in the Secret.
    pub key: Text,
    /// Scheme.
    pub scheme: Text,
    /// Field of the user name.
    pub username: &'static Field,
    /// Field of the password.
    pub password: &'static Field,
    /// Field of the host.
    pub host: &'static Field,
    /// Field of the port.
    pub port: Option<&'static Field>,
    /// Field of the database.
    pub database: Option<&'static Field>,
    /// Field that says how TLS is used, where the string has a parameter for it and nobody said that.
    pub ssl_mode: Option<&'static Field>,
    /// What follows `?`, behind that.
    pub parameters: Option<Text>,
}

impl ConnectionKeys {
    /// The keys that it makes.
    pub fn keys(&self) -> impl Iterator<Item = &Text> {
        self.fields.iter().map(|field| &field.key).chain(self.url.iter().map(|url| &url.key))
    }
}
