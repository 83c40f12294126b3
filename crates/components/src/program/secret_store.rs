//! [`SecretStore`]: the component that makes a store.

use keyloom_models::SecretStoreConfig;
use keyloom_models::reference::SecretStoreRef;
use keyloom_resources::component::Component as Kind;
use keyloom_syntax::Text;

use super::component::Declared;
use super::context::Context;
use super::handle::Handle;
use super::options::Options;
use crate::problem::InputErrors;

/// A store, and with it the Secret of credentials that the program hands over itself in place of references.
///
/// ```no_run
/// use keyloom_components::program::{BoxError, Context};
/// use keyloom_components::SecretStore;
/// use keyloom_models::store::infisical::UniversalAuth;
/// use keyloom_models::{InfisicalConfig, SecretKeySelector, SecretStoreConfig};
/// # fn declare(ctx: &Context) -> Result<(), BoxError> {
/// let auth = UniversalAuth {
///     client_id: SecretKeySelector::inline(ctx.config().require_secret("client-id")?),
///     client_secret: SecretKeySelector::inline(ctx.config().require_secret("client-secret")?),
/// };
/// let infisical = InfisicalConfig::new("web-shop", "production").auth(auth);
/// let config = SecretStoreConfig::infisical("app-store", infisical).namespace("my-app");
/// let store = SecretStore::new(ctx, "app-store", config)?;
/// let reference = store.reference();
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct SecretStore {
    declared: Declared,
    reference: SecretStoreRef,
}

impl SecretStore {
    /// Checks it at once, and registers it while the program goes on. Without a name of its own, the store is called as the
    /// component.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn new(context: &Context, name: &str, config: SecretStoreConfig) -> Result<Self, InputErrors> {
        Self::with(context, name, config, Options::new())
    }

    /// As [`new`](Self::new), with options.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn with(
        context: &Context,
        name: &str,
        mut config: SecretStoreConfig,
        options: Options,
    ) -> Result<Self, InputErrors> {
        if config.name.is_empty() {
            config.name = name.into();
        }
        let reference = config.reference();
        let declared = Declared::new(context, Kind::SecretStore, name, options, |component| {
            component.secret_store(config)
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
