//! The declaration of `e2e/pulumi/keyloom.yaml` in Rust: a store in AWS, and what is read from it. The end-to-end checks
//! run it with the Pulumi CLI, and hold its objects against those of the document.

use std::process::ExitCode;

use keyloom_components::{ApiKey, DatabaseCredentials, ExternalSecret, SecretStore};
use keyloom_models::helper::{ConnectionHelperUrl, ConnectionUrl, RemoteName};
use keyloom_models::policy::AwsService;
use keyloom_models::{
    ApiKeyArgs, AwsAuth, AwsConfig, Connection, ConnectionArgs, DatabaseCredentialsArgs,
    ExternalSecretConfig, SecretReference, SecretStoreConfig, TlsCertificateArgs,
};

fn main() -> ExitCode {
    keyloom_components::run(async |ctx| {
        let aws =
            AwsConfig::new(AwsService::SecretsManager, "us-east-1").auth(AwsAuth::from_secret("aws-access"));
        let config = SecretStoreConfig::aws("aws", aws).namespace("e2e-pulumi");
        let store = SecretStore::new(&ctx, "aws", config)?;

        let postgres = DatabaseCredentialsArgs {
            namespace: Some("e2e-pulumi".into()),
            secret_store_ref: Some(store.reference()),
            target_secret_name: Some("postgres-creds".into()),
            database_path: "/databases/postgres".into(),
            keys: [("database".to_owned(), "dbname".into())].into(),
            env_prefix: Some("DB_".into()),
            url: Some(ConnectionUrl {
                key: "DATABASE_URL".into(),
                scheme: "postgresql".into(),
                parameters: None,
            }),
            ..DatabaseCredentialsArgs::default()
        };
        let postgres = DatabaseCredentials::new(&ctx, "postgres", postgres)?;

        let stripe = ApiKeyArgs {
            namespace: Some("e2e-pulumi".into()),
            secret_store_ref: Some(store.reference()),
            api_path: "/external/stripe".into(),
            property: Some("secret".into()),
            key_name: "STRIPE_API_KEY".into(),
            ..ApiKeyArgs::default()
        };
        ApiKey::new(&ctx, "stripe", stripe)?;

        // With more than the arguments of a certificate, it is an external secret like any other.
        let certificate = TlsCertificateArgs {
            name: "app-tls".into(),
            namespace: Some("e2e-pulumi".into()),
            secret_store_ref: Some(store.reference()),
            cert_path: "/certificates/app".into(),
            ..TlsCertificateArgs::default()
        };
        let certificate = ExternalSecretConfig::tls_certificate(certificate)
            .refresh_interval("30m".parse()?)
            .label("team", "web");
        ExternalSecret::new(&ctx, "app-tls", certificate)?;

        let apis = ExternalSecretConfig::new("external-apis")
            .namespace("e2e-pulumi")
            .secret_store_ref(&store)
            .target_secret_name("api-credentials")
            .data([
                SecretReference::new("stripe_key", "/payments/stripe"),
                SecretReference::new("twilio_sid", "sms/twilio").property("account_sid"),
            ])
            .constant("REGION", "eu");
        ExternalSecret::new(&ctx, "external-apis", apis)?;

        let orders = ConnectionArgs {
            name: "orders".into(),
            namespace: Some("e2e-pulumi".into()),
            secret_store_ref: Some(store.reference()),
            connection: Connection {
                name: "my-orders".into(),
                kind: Some("postgres".parse()?),
                path: Some("/connections/orders".into()),
                env_prefix: Some("ORDERS_".into()),
                names: [
                    ("schema".to_owned(), "PGSCHEMA".into()),
                    ("ssl_mode".to_owned(), RemoteName::LeftOut),
                ]
                .into(),
                url: Some(ConnectionHelperUrl { key: "ORDERS_URL".into(), scheme: None, parameters: None }),
            },
            ..ConnectionArgs::default()
        };
        ExternalSecret::new(&ctx, "orders", ExternalSecretConfig::connection(orders))?;

        ctx.export("secretName", postgres.target_secret_name());
        Ok(())
    })
}
