//! The component table: what programs of Pulumi construct, each of it one item of a declaration, or a whole one.

use keyloom_models::inputs::{self, DeclarationInputs, FlatHelper};
use keyloom_models::schema;
use keyloom_models::{AppConnectionConfig, ExternalSecretConfig, SecretStoreConfig, SecretSyncConfig};
use serde::Deserializer;
use serde_json::Value;

/// Package and module of every component's token.
const TOKEN_PREFIX: &str = "keyloom:index:";

/// A component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Component {
    /// A store.
    SecretStore,
    /// An external secret.
    ExternalSecret,
    /// An external secret with the helper of that name.
    DatabaseCredentials,
    /// An external secret with the helper of that name.
    ApiKey,
    /// An external secret with the helper of that name.
    TlsCertificate,
    /// A connection of Infisical to another system.
    AppConnection,
    /// A sync of Infisical to another system.
    SecretSync,
    /// A whole declaration.
    Keyloom,
}

/// What a component gives back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Output {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: OutputKind,
    /// Whether it is there in every case.
    pub always: bool,
    /// What it is: a sentence.
    pub about: &'static str,
}

/// Type of an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputKind {
    /// A text.
    Text,
    /// Texts by name.
    TextMap,
    /// A whole reference to a store, as `secretStoreRef` takes it.
    StoreRef,
    /// A whole reference to an app connection, as `appConnection` takes it.
    AppConnectionRef,
}

/// The inputs of a component, read and not yet valid.
#[derive(Clone, Debug, PartialEq)]
pub enum Inputs {
    /// A store.
    SecretStore(Box<SecretStoreConfig>),
    /// An external secret.
    ExternalSecret(Box<ExternalSecretConfig>),
    /// An app connection.
    AppConnection(Box<AppConnectionConfig>),
    /// A secret sync.
    SecretSync(Box<SecretSyncConfig>),
    /// A whole declaration.
    Keyloom(DeclarationInputs),
}

impl Component {
    /// Every component.
    pub const ALL: [Self; 8] = [
        Self::SecretStore,
        Self::ExternalSecret,
        Self::DatabaseCredentials,
        Self::ApiKey,
        Self::TlsCertificate,
        Self::AppConnection,
        Self::SecretSync,
        Self::Keyloom,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::SecretStore => "SecretStore",
            Self::ExternalSecret => "ExternalSecret",
            Self::DatabaseCredentials => "DatabaseCredentials",
            Self::ApiKey => "ApiKey",
            Self::TlsCertificate => "TlsCertificate",
            Self::AppConnection => "AppConnection",
            Self::SecretSync => "SecretSync",
            Self::Keyloom => "Keyloom",
        }
    }

    /// Its type token in Pulumi.
    ///
    /// ```
    /// use keyloom_resources::Component;
    /// assert_eq!(Component::ApiKey.token(), "keyloom:index:ApiKey");
    /// assert_eq!(Component::of_token("keyloom:index:ApiKey"), Some(Component::ApiKey));
    /// ```
    pub fn token(self) -> String {
        [TOKEN_PREFIX, self.name()].concat()
    }

    /// The component of that type token.
    pub fn of_token(token: &str) -> Option<Self> {
        let name = token.strip_prefix(TOKEN_PREFIX)?;
        Self::ALL.into_iter().find(|component| component.name() == name)
    }

    /// What it makes: a few sentences.
    pub fn about(self) -> &'static str {
        match self {
            Self::SecretStore => {
                "A SecretStore or ClusterSecretStore of External Secrets Operator: how the operator reaches one backend. \
                 Credentials that are handed over in place of references become one Secret beside it."
            }
            Self::ExternalSecret => {
                "An ExternalSecret: values of a store, written to one Kubernetes Secret and kept fresh."
            }
            Self::DatabaseCredentials => {
                "An ExternalSecret with the credentials of a database: host, port, user name, password and database from one path. \
                 Read again every 10m unless said otherwise."
            }
            Self::ApiKey => {
                "An ExternalSecret with one key of an API, under a name of your choice. Read again every 1h unless said otherwise."
            }
            Self::TlsCertificate => {
                "An ExternalSecret with a TLS certificate and its private key, as a Secret of type kubernetes.io/tls. Read again \
                 every 24h unless said otherwise."
            }
            Self::AppConnection => {
                "An app connection of Infisical: how it logs in to another system. Made with Pulumi's package of Infisical, \
                 `pulumi package add terraform-provider infisical/infisical`; credentials are secrets of the program."
            }
            Self::SecretSync => {
                "A secret sync of Infisical: what it keeps in step with a folder of its own in another system. `keyloom plan` shows \
                 what its first run would delete."
            }
            Self::Keyloom => {
                "A whole declaration: everything in Kubernetes and Infisical that a keyloom.yaml amounts to."
            }
        }
    }

    /// What it gives back.
    pub fn outputs(self) -> &'static [Output] {
        match self {
            Self::SecretStore => &STORE,
            Self::ExternalSecret | Self::DatabaseCredentials | Self::ApiKey | Self::TlsCertificate => &SECRET,
            Self::AppConnection => &CONNECTION,
            Self::SecretSync => &SYNC,
            Self::Keyloom => &DECLARATION,
        }
    }

    /// What it takes: a JSON Schema, draft-07, with its definitions inside. Leaves that may be known later, secret, or derived
    /// from other resources have `x-text`; blocks in the operator's own words, which may hold such leaves anywhere, have
    /// `x-block`; all else is read at once.
    pub fn input_schema(self) -> Value {
        match self {
            Self::SecretStore => schema::inputs::store(),
            Self::ExternalSecret => schema::inputs::external_secret(),
            Self::DatabaseCredentials => schema::inputs::helper(FlatHelper::DatabaseCredentials),
            Self::ApiKey => schema::inputs::helper(FlatHelper::ApiKey),
            Self::TlsCertificate => schema::inputs::helper(FlatHelper::TlsCertificate),
            Self::AppConnection => schema::inputs::app_connection(),
            Self::SecretSync => schema::inputs::secret_sync(),
            Self::Keyloom => schema::inputs::declaration(),
        }
    }

    /// Reads its inputs, which have been checked against [`input_schema`](Self::input_schema). An item without a name is called
    /// `name`, as the component.
    ///
    /// # Errors
    /// What does not fit, such as a word that is not known yet.
    pub fn read<'de, D: Deserializer<'de>>(self, name: &str, from: D) -> Result<Inputs, D::Error> {
        let flat = |helper, from| inputs::helper(helper, name, from).map(Inputs::external_secret);
        match self {
            Self::SecretStore => inputs::store(name, from).map(|store| Inputs::SecretStore(Box::new(store))),
            Self::ExternalSecret => inputs::external_secret(name, from).map(Inputs::external_secret),
            Self::DatabaseCredentials => flat(FlatHelper::DatabaseCredentials, from),
            Self::ApiKey => flat(FlatHelper::ApiKey, from),
            Self::TlsCertificate => flat(FlatHelper::TlsCertificate, from),
            Self::AppConnection => {
                inputs::app_connection(name, from).map(|item| Inputs::AppConnection(Box::new(item)))
            }
            Self::SecretSync => {
                inputs::secret_sync(name, from).map(|item| Inputs::SecretSync(Box::new(item)))
            }
            Self::Keyloom => inputs::declaration(from).map(Inputs::Keyloom),
        }
    }
}

impl Inputs {
    fn external_secret(item: ExternalSecretConfig) -> Self {
        Self::ExternalSecret(Box::new(item))
    }
}

const fn text(name: &'static str, always: bool, about: &'static str) -> Output {
    Output { name, kind: OutputKind::Text, always, about }
}

const NAMESPACE: Output = text("namespace", false, "Namespace of the object.");

const STORE: [Output; 5] = [
    text("name", true, "Name of the SecretStore or ClusterSecretStore."),
    NAMESPACE,
    text("kind", true, "Kind of the store: `SecretStore` or `ClusterSecretStore`."),
    text("provider", true, "The backend."),
    Output {
        name: "ref",
        kind: OutputKind::StoreRef,
        always: true,
        about: "The store as `secretStoreRef` of other components takes it.",
    },
];

const SECRET: [Output; 3] = [
    text("name", true, "Name of the ExternalSecret."),
    NAMESPACE,
    text("targetSecretName", true, "Name of the Secret that the operator writes, for whoever reads it."),
];

const CONNECTION: [Output; 4] = [
    text("name", true, "Name of the connection."),
    text("app", true, "The system that it leads to."),
    text("connectionId", true, "Id that Infisical gives it."),
    Output {
        name: "ref",
        kind: OutputKind::AppConnectionRef,
        always: true,
        about: "The connection as `appConnection` of a SecretSync takes it.",
    },
];

const SYNC: [Output; 2] =
    [text("name", true, "Name of the sync."), text("syncId", true, "Id that Infisical gives it.")];

const DECLARATION: [Output; 1] = [Output {
    name: "targetSecretNames",
    kind: OutputKind::TextMap,
    always: true,
    about: "Names of the Secrets that the operator writes, by the names of their external secrets: `NAMESPACE/NAME`, or `NAME` without a namespace.",
}];

#[cfg(test)]
mod tests;
