//! [`SecretStore`]: the component that makes a store.

use keyloom_models::SecretStoreConfig;
use keyloom_models::reference::SecretStoreRef;
use keyloom_resources::component::Component as Kind;
use keyloom_syntax::Text;

use super::component::Declared;
use super::context::Context;
use super::handle::Handle;
use super::options::Options;
use crate::children::credentials::Credentials;
use crate::failure::ResourceName;
use crate::problem::{InputErrors, InputProblem};

/// A store, and with it the Secret of credentials that the program hands over itself.
///
/// ```no_run
/// use keyloom_components::program::{BoxError, Context};
/// use keyloom_components::{Credentials, SecretStore};
/// use keyloom_models::store::infisical::UniversalAuth;
/// use keyloom_models::{InfisicalConfig, SecretStoreConfig};
/// # fn declare(ctx: &Context) -> Result<(), BoxError> {
/// let mut credentials = Credentials::new("infisical-identity", Some("my-app".into()));
/// let auth = UniversalAuth {
///     client_id: credentials.add("clientId", ctx.config().require_secret("client-id")?),
///     client_secret: credentials.add("clientSecret", ctx.config().require_secret("client-secret")?),
/// };
/// let infisical = InfisicalConfig::new("web-shop", "production").auth(auth);
/// let config = SecretStoreConfig::infisical("app-store", infisical).namespace("my-app");
/// let store = SecretStore::new(ctx, "app-store", (config, credentials))?;
/// let reference = store.reference();
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct SecretStore {
    declared: Declared,
    reference: SecretStoreRef,
}

/// What a [`SecretStore`] is made of: its config, alone or with the credentials that go into a Secret of their own.
#[derive(Clone, Debug)]
pub struct SecretStoreArgs {
    config: SecretStoreConfig,
    credentials: Credentials,
}

impl From<SecretStoreConfig> for SecretStoreArgs {
    fn from(config: SecretStoreConfig) -> Self {
        Self { config, credentials: Credentials::default() }
    }
}

impl From<(SecretStoreConfig, Credentials)> for SecretStoreArgs {
    fn from((config, credentials): (SecretStoreConfig, Credentials)) -> Self {
        Self { config, credentials }
    }
}

impl SecretStore {
    /// Checks it at once, and registers it while the program goes on. Without a name of its own, the store is called as the
    /// component.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn new(
        context: &Context,
        name: &str,
        arguments: impl Into<SecretStoreArgs>,
    ) -> Result<Self, InputErrors> {
        Self::with(context, name, arguments, Options::new())
    }

    /// As [`new`](Self::new), with options.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn with(
        context: &Context,
        name: &str,
        arguments: impl Into<SecretStoreArgs>,
        options: Options,
    ) -> Result<Self, InputErrors> {
        let SecretStoreArgs { mut config, credentials } = arguments.into();
        if config.name.is_empty() {
            config.name = name.into();
        }
        let reference = config.reference();
        let declared = Declared::new(context, Kind::SecretStore, name, options, |component| {
            in_clear(&component.resource, &credentials)?;
            component.secret_store(config, &credentials)
        })?;
        // What is given the reference depends on the store; what must be known of it is.
        let name = declared.text("name").unwrap_or_default();
        Ok(Self { declared, reference: SecretStoreRef { name, ..reference } })
    }

    /// Name of the store. What is given it depends on the store.
    pub fn name(&self) -> Text {
        self.reference.name.clone()
    }

    /// Namespace of the store, if it has one.
    pub fn namespace(&self) -> Option<Text> {
        self.declared.text("namespace")
    }

    /// The store for whoever reads from it: its name, its kind, its provider, and what else addresses in it are spelt by.
    pub fn reference(&self) -> SecretStoreRef {
        self.reference.clone()
    }
}

impl From<&SecretStore> for Handle {
    fn from(store: &SecretStore) -> Self {
        store.declared.handle
    }
}

impl From<&SecretStore> for SecretStoreRef {
    fn from(store: &SecretStore) -> Self {
        store.reference()
    }
}

/// Refuses credentials that are no secrets of Pulumi. One that is not known yet is judged when it is.
fn in_clear(component: &ResourceName, credentials: &Credentials) -> Result<(), InputErrors> {
    let plain = credentials.values.iter().filter(|(_, value)| value.known().is_some());
    let problem = |(key, _): &(String, Text)| {
        let reason = "a credential came in plain, so it is in the program for everybody to read; take it from \
                      `ctx.config().require_secret(...)`, or refer to a Secret that is there [inline-credential]";
        InputProblem::new(format!("credentials.{key}"), reason).quiet()
    };
    let problems: Vec<_> = plain.map(problem).collect();
    match problems.is_empty() {
        true => Ok(()),
        false => Err(InputErrors { component: component.clone(), problems }),
    }
}
