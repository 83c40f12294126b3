use keyloom_models::reference::{SecretReference, SecretStoreRef};
use keyloom_models::store::infisical::UniversalAuth;
use keyloom_models::{
    DatabaseCredentialsArgs, ExternalSecretConfig, InfisicalConfig, SecretKeySelector, SecretStoreConfig,
};

use keyloom_wire::property::{Property, Value};

use super::fake::Fake;
use super::*;
use crate::program::{DatabaseCredentials, ExternalSecret, Keyloom, SecretStore};

const CANARY: &str = "canary";

fn store(ctx: &Context, value: &str) -> Result<SecretStore, BoxError> {
    let secret = match value {
        CANARY => ctx.config().require_secret("token")?,
        plain => plain.into(),
    };
    let auth = UniversalAuth {
        client_id: SecretKeySelector::inline(secret.clone()),
        client_secret: SecretKeySelector::inline(secret),
    };
    let infisical = InfisicalConfig::new("web-shop", "prod").auth(auth);
    let config = SecretStoreConfig::infisical("", infisical).namespace("my-app");
    Ok(SecretStore::new(ctx, "app-store", config)?)
}

fn database(store: SecretStoreRef) -> DatabaseCredentialsArgs {
    DatabaseCredentialsArgs {
        namespace: Some("my-app".into()),
        secret_store_ref: Some(store),
        database_path: "/databases/postgres".into(),
        ..DatabaseCredentialsArgs::default()
    }
}

#[tokio::test]
async fn credentials_come_first_then_the_store_then_who_reads_from_it() {
    let (fake, deployment) = Fake::serve().await;
    let ended = run(
        &async |ctx: Context| {
            let store = store(&ctx, CANARY)?;
            DatabaseCredentials::new(&ctx, "postgres", database(store.reference()))?;
            Ok(())
        },
        deployment,
    );
    assert_eq!(ended.await, Ended::Well);
    let names = fake.names();
    let position = |name: &str| names.iter().position(|known| known == name).unwrap();
    let order = [
        "keyloom:index:SecretStore app-store",
        "kubernetes:core/v1:Secret app-store-credentials",
        "kubernetes:external-secrets.io/v1:SecretStore app-store",
        "kubernetes:external-secrets.io/v1:ExternalSecret postgres",
    ];
    assert!(order.map(position).is_sorted() && names.len() == 6, "{names:?}");
    let secret = fake.inputs("app-store-credentials");
    let data = secret.get("stringData").unwrap();
    assert!(
        !data.secret && data.get("universalAuth.clientSecret").unwrap().secret,
        "a secret at its own place"
    );
    let registered = fake.registered.lock().unwrap();
    let store = "urn:pulumi:dev::shop::kubernetes:external-secrets.io/v1:SecretStore::app-store";
    assert_eq!(registered[position(order[3])].dependencies, [store], "a reference depends on the store");
}

#[tokio::test]
async fn a_secret_that_would_be_readable_is_refused_and_not_shown() {
    type Case = (&'static str, fn(&Context) -> Result<(), BoxError>);
    let cases: [Case; 4] = [
        ("infisical.auth.universalAuth.clientSecret.value: the credential came in plain", |ctx| {
            store(ctx, "plain-canary").map(|_| ())
        }),
        ("spec.target.template.data.TOKEN: a secret would stand", |ctx| {
            let token = ctx.config().require_secret("token")?;
            let config = ExternalSecretConfig::new("a").secret_store_ref(vault()).constant("TOKEN", token);
            ExternalSecret::new(ctx, "a", config.data([SecretReference::new("b", "c").property("d")]))?;
            Ok(())
        }),
        ("metadata.labels.token: a secret would stand", |ctx| {
            let token = ctx.config().require_secret("token")?;
            let config = ExternalSecretConfig::new("a").secret_store_ref(vault()).label("token", token);
            ExternalSecret::new(ctx, "a", config.data([SecretReference::new("b", "c").property("d")]))?;
            Ok(())
        }),
        ("keyloom.yaml cannot be read", |ctx| {
            Keyloom::from_file(ctx, "all", "nowhere/keyloom.yaml")?;
            Ok(())
        }),
    ];
    for (words, declare) in cases {
        let (fake, deployment) = Fake::serve().await;
        let program = async |ctx: Context| declare(&ctx);
        assert_eq!(run(&program, deployment).await, Ended::Told);
        let messages = fake.messages().concat();
        assert!(messages.contains(words) && !messages.contains(CANARY), "{messages}");
        assert_eq!(fake.names().len(), 1, "nothing of it is registered");
    }
}

fn vault() -> SecretStoreRef {
    use keyloom_models::policy::StoreKind;
    use keyloom_models::store::ProviderKind;
    let mut store = SecretStoreRef::from("vault");
    (store.kind, store.provider) = (Some(StoreKind::SecretStore), ProviderKind::named("vault"));
    store
}

#[tokio::test]
async fn an_address_may_be_secret_and_stays_it() {
    let (fake, deployment) = Fake::serve().await;
    let ended = run(
        &async |ctx: Context| {
            let path = ctx.config().require_secret("token")?;
            let reference = SecretReference::new("key", path).property("property");
            let config = ExternalSecretConfig::new("").secret_store_ref(vault()).data([reference]);
            ExternalSecret::new(&ctx, "apis", config)?;
            Ok(())
        },
        deployment,
    );
    assert_eq!(ended.await, Ended::Well);
    let inputs = fake.inputs("apis");
    assert!(inputs.get("spec").is_none(), "the component comes first");
    let registered = fake.registered.lock().unwrap();
    let object = registered[2].object.as_ref().unwrap();
    let object = Property::from(keyloom_wire::property::decode_map(object).unwrap());
    let data = object.get("spec").unwrap().get("data").unwrap();
    let Value::List(items) = &data.value else { panic!("{data:?}") };
    assert!(items[0].get("remoteRef").unwrap().get("key").unwrap().secret);
    assert!(!data.secret && !items[0].secret);
}

#[tokio::test]
async fn a_declaration_is_one_component() {
    const TEXT: &str = "
stores: [{name: aws, namespace: my-app, provider: aws, aws: {service: SecretsManager, region: eu-central-1}}]
externalSecrets: [{name: api, namespace: my-app, data: [{key: token, path: api/token}]}]
";
    let (fake, deployment) = Fake::serve().await;
    let ended = run(
        &async |ctx: Context| {
            let all = Keyloom::from_text(&ctx, "shop", TEXT)?;
            ctx.export("api", all.target_secret_name("my-app/api").unwrap_or_default());
            assert!(all.target_secret_name("api").is_none());
            Ok(())
        },
        deployment,
    );
    assert_eq!(ended.await, Ended::Well);
    assert_eq!(
        fake.names()[1..],
        [
            "keyloom:index:Keyloom shop",
            "kubernetes:external-secrets.io/v1:SecretStore shop-secretstore-my-app-aws",
            "kubernetes:external-secrets.io/v1:ExternalSecret shop-externalsecret-my-app-api",
        ]
        .map(str::to_owned)
    );
    assert_eq!(fake.outputs.lock().unwrap().last().unwrap().1["api"], Property::from("api"));
}
