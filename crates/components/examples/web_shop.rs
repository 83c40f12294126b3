//! A store with a login from the stack's configuration, the credentials of a database and two API keys in it, and a namespace
//! that another provider makes.
//!
//! ```console
//! $ pulumi config set --secret infisical-client-id ... && pulumi config set --secret infisical-client-secret ...
//! $ cargo run --example web_shop -- up --stack dev
//! ```

use std::process::ExitCode;

use keyloom_components::program::Block;
use keyloom_components::{DatabaseCredentials, ExternalSecret, Options, SecretStore};
use keyloom_models::store::infisical::UniversalAuth;
use keyloom_models::{
    DatabaseCredentialsArgs, ExternalSecretConfig, InfisicalConfig, SecretKeySelector, SecretReference,
    SecretStoreConfig,
};

fn main() -> ExitCode {
    keyloom_components::run(async |ctx| {
        let inputs = Block::map([
            ("apiVersion", "v1".into()),
            ("kind", "Namespace".into()),
            ("metadata", Block::map([("name", "my-app")])),
        ]);
        let namespace = ctx.resource("kubernetes:core/v1:Namespace", "my-app", inputs).await?;
        let my_app = namespace.text("metadata.name")?;

        let auth = UniversalAuth {
            client_id: SecretKeySelector::inline(ctx.config().require_secret("infisical-client-id")?),
            client_secret: SecretKeySelector::inline(ctx.config().require_secret("infisical-client-secret")?),
        };
        let infisical = InfisicalConfig::new("web-shop", "production").auth(auth);
        let config = SecretStoreConfig::infisical("app-secret-store", infisical).namespace(&my_app);
        let store = SecretStore::new(&ctx, "app-store", config)?;

        let postgres = DatabaseCredentialsArgs {
            namespace: Some(my_app.clone()),
            secret_store_ref: Some(store.reference()),
            database_path: "/databases/postgres".into(),
            target_secret_name: Some("postgres-creds".into()),
            ..DatabaseCredentialsArgs::default()
        };
        let postgres = DatabaseCredentials::new(&ctx, "postgres", postgres)?;

        let apis = ExternalSecretConfig::new("external-apis")
            .namespace(&my_app)
            .secret_store_ref(&store)
            .target_secret_name("api-credentials")
            .data([
                SecretReference::new("stripe_key", "/payments/stripe"),
                SecretReference::new("twilio_sid", "/sms/twilio").property("account_sid"),
            ]);
        let apis = ExternalSecret::with(&ctx, "external-apis", apis, Options::new().depends_on([&postgres]))?;

        ctx.export("databaseSecret", postgres.target_secret_name());
        ctx.export("apiSecret", apis.target_secret_name());
        Ok(())
    })
}
