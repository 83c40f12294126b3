//! A TLS certificate.

use indexmap::IndexMap;
use keyloom_syntax::Text;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use validator::Validate;

use super::{Field, Helper, Layout, NamedField, RemoteName, keys_schema, named_fields};
use crate::external_secret::ExternalSecretConfig;
use crate::reference::SecretStoreRef;

static FIELDS: [Field; 3] = [
    Field::same("tls.crt"),
    Field::same("tls.key"),
    Field { name: "ca.crt", key: "ca.crt", remote: "ca.crt", usual: false },
];

/// A TLS certificate with its private key, as a Secret of type `kubernetes.io/tls`, whose keys Kubernetes fixes:
/// `tls.crt` and `tls.key`. Read again every 24h unless said otherwise.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TlsCertificate {
    /// Address of the folder or entry in the store.
    #[validate(length(min = 1))]
    pub path: Text,
    /// Whether the values are a folder of single secrets or the fields of one entry; default as the store's provider keeps values: `folder` on Infisical, `entry` elsewhere.
    pub layout: Option<Layout>,
    /// What the fields are called at the store; `false` leaves one out.
    #[serde(default)]
    #[schemars(schema_with = "keys")]
    pub keys: IndexMap<String, RemoteName>,
    /// Whether the certificate authority is taken too, as `ca.crt`; default false, for a field that is missing fails the whole secret.
    #[serde(default)]
    pub ca: bool,
    /// Version of the entry; `latest` is the same as none.
    pub version: Option<Text>,
}

fn keys(generator: &mut SchemaGenerator) -> Schema {
    keys_schema(&FIELDS, generator)
}

impl TlsCertificate {
    pub(crate) fn fields(&self) -> Vec<NamedField> {
        let mut keys = self.keys.clone();
        if self.ca && !keys.contains_key("ca.crt") {
            keys.insert("ca.crt".to_owned(), RemoteName::Named("ca.crt".into()));
        }
        named_fields(&FIELDS, &keys, &IndexMap::new(), None)
    }
}

/// Arguments of [`ExternalSecretConfig::tls_certificate`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TlsCertificateArgs {
    /// Name of the external secret.
    pub name: Text,
    /// Namespace.
    pub namespace: Option<Text>,
    /// Store.
    pub secret_store_ref: Option<SecretStoreRef>,
    /// Address of the folder or entry in the store.
    pub cert_path: Text,
    /// Name of the Secret, default that of the external secret.
    pub target_secret_name: Option<Text>,
    /// How the values lie in the store.
    pub layout: Option<Layout>,
    /// What the fields are called at the store.
    pub keys: IndexMap<String, RemoteName>,
    /// Whether the certificate authority is taken too, as `ca.crt`.
    pub ca: bool,
}

impl ExternalSecretConfig {
    /// An external secret with `tls.crt` and `tls.key`, of type `kubernetes.io/tls`.
    pub fn tls_certificate(args: TlsCertificateArgs) -> Self {
        Self::from_helper(
            args.name,
            args.namespace,
            args.secret_store_ref,
            args.target_secret_name,
            Helper::TlsCertificate(TlsCertificate {
                path: args.cert_path,
                layout: args.layout,
                keys: args.keys,
                ca: args.ca,
                version: None,
            }),
        )
    }
}
