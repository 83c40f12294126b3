//! The components that make one external secret.

use keyloom_models::{ApiKeyArgs, DatabaseCredentialsArgs, ExternalSecretConfig, TlsCertificateArgs};
use keyloom_resources::component::Component as Kind;
use keyloom_syntax::Text;

use super::component::Declared;
use super::context::Context;
use super::handle::Handle;
use super::options::Options;
use crate::problem::InputErrors;

/// A component that makes one external secret: its type, the arguments it takes, and how these become an external secret.
macro_rules! component {
    ($(#[$doc:meta])* $component:ident($arguments:ty) = $config:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $component(Declared);

        impl $component {
            /// Checks it at once, and registers it while the program goes on. Without a name of its own, the external secret is
            /// called as the component.
            ///
            /// # Errors
            /// Everything that is wrong with it.
            pub fn new(context: &Context, name: &str, arguments: $arguments) -> Result<Self, InputErrors> {
                Self::with(context, name, arguments, Options::new())
            }

            /// As [`new`](Self::new), with options.
            ///
            /// # Errors
            /// Everything that is wrong with it.
            pub fn with(
                context: &Context,
                name: &str,
                mut arguments: $arguments,
                options: Options,
            ) -> Result<Self, InputErrors> {
                if arguments.name.is_empty() {
                    arguments.name = name.into();
                }
                let config = $config(arguments);
                let plan = |component: crate::typed::Component<'_>| component.external_secret(config);
                Declared::new(context, Kind::$component, name, options, plan).map(Self)
            }

            /// Name of the external secret. What is given it depends on the external secret.
            pub fn name(&self) -> Text {
                self.0.text("name").unwrap_or_default()
            }

            /// Namespace of the external secret, if it has one.
            pub fn namespace(&self) -> Option<Text> {
                self.0.text("namespace")
            }

            /// Name of the Secret that it writes. What is given it depends on the external secret.
            pub fn target_secret_name(&self) -> Text {
                self.0.text("targetSecretName").unwrap_or_default()
            }
        }

        impl From<&$component> for Handle {
            fn from(component: &$component) -> Self {
                component.0.handle
            }
        }
    };
}

component! {
    /// Values of a store, written to one Kubernetes Secret and kept fresh.
    ExternalSecret(ExternalSecretConfig) = std::convert::identity
}

component! {
    /// An external secret with the keys `host`, `port`, `username`, `password` and `database`.
    DatabaseCredentials(DatabaseCredentialsArgs) = ExternalSecretConfig::database_credentials
}

component! {
    /// An external secret with one key.
    ApiKey(ApiKeyArgs) = ExternalSecretConfig::api_key
}

component! {
    /// An external secret with the keys `tls.crt` and `tls.key`.
    TlsCertificate(TlsCertificateArgs) = ExternalSecretConfig::tls_certificate
}
