use keyloom_models::DatabaseCredentialsArgs;
use keyloom_models::policy::StoreKind;
use keyloom_models::reference::SecretStoreRef;
use keyloom_models::store::ProviderKind;
use keyloom_syntax::Block;
use keyloom_wire::property::{Property, Value};

use super::fake::Fake;
use super::*;
use crate::program::{DatabaseCredentials, Options};

const STACK: &str = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";
const NAMESPACE: &str = "kubernetes:core/v1:Namespace";

fn namespace(name: &str) -> Block {
    Block::map([("metadata", Block::map([("name", name)]))])
}

#[tokio::test]
async fn the_stack_comes_first_and_its_outputs_last() {
    let (fake, deployment) = Fake::serve().await;
    let ended = run(
        &async |ctx: Context| {
            ctx.export("token", ctx.config().require_secret("token")?);
            ctx.export("region", ctx.config().require("region")?);
            let made = ctx.resource(NAMESPACE, "apps", namespace("my-app")).await?;
            ctx.export("namespace", made.text("metadata.name")?);
            Ok(())
        },
        deployment,
    );
    assert_eq!(ended.await, Ended::Well);
    assert_eq!(fake.names(), ["pulumi:pulumi:Stack shop-dev", "kubernetes:core/v1:Namespace apps"]);
    let registered = fake.registered.lock().unwrap();
    assert_eq!((registered[0].custom, registered[0].parent.as_str()), (false, ""));
    assert_eq!((registered[1].custom, registered[1].parent.as_str()), (true, STACK));
    let outputs = fake.outputs.lock().unwrap();
    let (urn, outputs) = &outputs[0];
    assert_eq!(urn, STACK);
    assert_eq!(outputs["token"], Property::from("canary").secret());
    assert_eq!(outputs["region"], Property::from("eu"));
    assert_eq!(outputs["namespace"], Property::from("my-app"));
    assert!(*fake.ended.lock().unwrap(), "the engine is told that everything is registered");
}

#[tokio::test]
async fn what_derives_from_a_resource_depends_on_it() {
    let (fake, deployment) = Fake::serve().await;
    let ended = run(
        &async |ctx: Context| {
            let provider = ctx.resource("pulumi:providers:kubernetes", "k8s", Block::default()).await?;
            let token = ctx.config().require_secret("token")?;
            let inputs =
                Block::map([("data", Block::map([("token", Block::from(token)), ("port", 5432.into())]))]);
            let first = ctx.resource("kubernetes:core/v1:Secret", "first", inputs).await?;
            assert!(first.text("data.token")?.is_secret() && first.property("data.port").is_ok());
            assert!(first.text("data.port").unwrap_err().to_string().contains("is no text"));
            assert!(first.text("data.tokn").unwrap_err().to_string().contains("no output `data.tokn`"));
            let inputs = Block::map([("a", Block::from(first.text("data.token")?)), ("b", true.into())]);
            let options =
                Options::new().parent(&first).depends_on([&provider]).provider(&provider).protect(true);
            ctx.resource_with("kubernetes:core/v1:ConfigMap", "second", inputs, options).await?;
            Ok(())
        },
        deployment,
    );
    assert_eq!(ended.await, Ended::Well);
    assert!(fake.inputs("second").get("a").unwrap().secret, "a secret is one wherever it goes");
    let registered = fake.registered.lock().unwrap();
    let second = &registered[3];
    let (first, provider) = (
        "urn:pulumi:dev::shop::kubernetes:core/v1:Secret::first",
        "urn:pulumi:dev::shop::pulumi:providers:kubernetes::k8s",
    );
    assert_eq!(second.parent, first);
    assert_eq!(second.dependencies, [first, provider]);
    assert_eq!(second.property_dependencies["a"].urns, [first]);
    assert_eq!(second.property_dependencies["b"].urns, [""; 0]);
    assert_eq!(second.providers["kubernetes"], format!("{provider}::id-of-k8s"));
    assert_eq!(second.protect, Some(true));
}

#[tokio::test]
async fn a_preview_has_what_is_not_known_yet() {
    let (_, deployment) = Fake::serve().await;
    let ended = run(
        &async |ctx: Context| {
            let made = ctx.resource(NAMESPACE, "apps", namespace("my-app")).await?;
            let uid = made.text("metadata.uid")?;
            assert!(uid.written().is_none() && !uid.origins().is_empty());
            assert_eq!(made.property("status")?.value, Value::Unknown);
            Ok(())
        },
        Deployment { dry_run: true, ..deployment },
    );
    assert_eq!(ended.await, Ended::Well);
}

#[tokio::test]
async fn what_goes_wrong_is_told_once_at_the_stack() {
    let cases: [(&str, &str); 5] = [
        (
            "missing",
            "the stack has no configuration `shop:regoin`; set it with `pulumi config set shop:regoin VALUE`",
        ),
        ("panic", "the program panicked; its output says where"),
        ("bad", "kubernetes:core/v1:Namespace `bad`: its provider could not create or update it"),
        ("refused", "kubernetes:core/v1:Namespace `refused` was not registered: no such type"),
        ("background", "lost"),
    ];
    for (case, words) in cases {
        let (fake, deployment) = Fake::serve().await;
        let program = async |ctx: Context| {
            let inputs = || Ok::<_, BoxError>(Block::map([("token", ctx.config().require_secret("token")?)]));
            match case {
                "missing" => _ = ctx.config().require("regoin")?,
                "panic" => panic!("on purpose"),
                "background" => ctx.spawn(async { Err("lost".into()) }),
                name => _ = ctx.resource(NAMESPACE, name, inputs()?).await?,
            }
            Ok(())
        };
        assert_eq!(run(&program, deployment).await, Ended::Told, "{case}");
        let messages = fake.messages();
        assert!(messages.len() == 1 && messages[0].starts_with(words), "{messages:?}");
        assert!(!messages[0].contains("canary"), "{messages:?}");
        assert_eq!(fake.logs.lock().unwrap()[0].urn, STACK);
        assert!(fake.outputs.lock().unwrap().is_empty() && !*fake.ended.lock().unwrap());
    }
}

fn database() -> DatabaseCredentialsArgs {
    let mut store = SecretStoreRef::from("vault");
    (store.kind, store.provider) = (Some(StoreKind::SecretStore), ProviderKind::named("vault"));
    DatabaseCredentialsArgs {
        namespace: Some("my-app".into()),
        secret_store_ref: Some(store),
        database_path: "databases/postgres".into(),
        ..DatabaseCredentialsArgs::default()
    }
}

#[tokio::test]
async fn components_are_registered_while_the_program_goes_on() {
    let (fake, deployment) = Fake::serve().await;
    let ended = run(
        &async |ctx: Context| {
            ctx.eso("2.4");
            let first = DatabaseCredentials::new(&ctx, "postgres", database())?;
            let labels = Block::map([("secret", Block::from(first.target_secret_name()))]);
            let options = Options::new().depends_on([&first]);
            let second = DatabaseCredentials::with(&ctx, "again", database(), options)?;
            ctx.export("secretName", second.target_secret_name());
            // Waits for what it derives from, and the program did not.
            ctx.resource("kubernetes:core/v1:ConfigMap", "config", labels).await?;
            Ok(())
        },
        deployment,
    );
    assert_eq!(ended.await, Ended::Well);
    let names = fake.names();
    let position = |name: &str| names.iter().position(|known| known.ends_with(name)).unwrap();
    assert_eq!(names.len(), 6, "{names:?}");
    assert!(position("ExternalSecret postgres") < position("ConfigMap config"), "{names:?}");
    assert!(position("ExternalSecret postgres") < position("DatabaseCredentials again"), "{names:?}");
    let registered = fake.registered.lock().unwrap();
    let of = |name: &str| &registered[position(name)];
    assert_eq!(of("DatabaseCredentials postgres").parent, STACK);
    let component = "urn:pulumi:dev::shop::keyloom:index:DatabaseCredentials::postgres";
    assert_eq!(of("ExternalSecret postgres").parent, component);
    assert_eq!(of("DatabaseCredentials again").dependencies, [component]);
    let secret = "urn:pulumi:dev::shop::kubernetes:external-secrets.io/v1:ExternalSecret::postgres";
    assert_eq!(of("ConfigMap config").property_dependencies["secret"].urns, [secret]);
    assert_eq!(fake.outputs.lock().unwrap().last().unwrap().1["secretName"], Property::from("again"));
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_component_is_said_before_it_is_registered() {
    let (fake, deployment) = Fake::serve().await;
    let program = async |ctx: Context| {
        let wrong = DatabaseCredentialsArgs {
            namespace: Some("My App".into()),
            database_path: "".into(),
            ..database()
        };
        DatabaseCredentials::new(&ctx, "postgres", wrong)?;
        Ok(())
    };
    assert_eq!(run(&program, deployment).await, Ended::Told);
    let [message] = &fake.messages()[..] else { panic!("{:?}", fake.messages()) };
    assert!(message.contains("inputs are not right") && message.contains("namespace"), "{message}");
    assert!(message.lines().count() > 2, "{message}");
    assert_eq!(fake.names(), ["pulumi:pulumi:Stack shop-dev"]);
}

#[tokio::test]
async fn nobody_waits_for_what_failed() {
    let (fake, deployment) = Fake::serve().await;
    let program = async |ctx: Context| {
        let first = DatabaseCredentials::new(&ctx, "bad", database())?;
        let options = Options::new().depends_on([&first]);
        let second = DatabaseCredentials::with(&ctx, "second", database(), options)?;
        ctx.export("secretName", second.target_secret_name());
        let inputs = Block::map([("secret", second.target_secret_name())]);
        assert!(ctx.resource("kubernetes:core/v1:ConfigMap", "third", inputs).await.is_err());
        Ok(())
    };
    assert_eq!(run(&program, deployment).await, Ended::Told);
    assert_eq!(fake.messages().len(), 2, "{:?}", fake.messages());
}

#[tokio::test]
async fn a_stack_of_somebody_else_is_joined() {
    let (fake, deployment) = Fake::serve().await;
    let program = async |ctx: Context| {
        ctx.resource(NAMESPACE, "apps", namespace("my-app")).await?;
        Ok(())
    };
    join(&program, deployment.clone()).await.unwrap();
    assert_eq!(fake.names(), ["kubernetes:core/v1:Namespace apps"]);
    assert_eq!(fake.registered.lock().unwrap()[0].parent, STACK);
    let exporting = async |ctx: Context| {
        ctx.export("a", "b");
        Ok(())
    };
    assert!(join(&exporting, deployment).await.is_err(), "an output would be lost");
}

#[tokio::test]
async fn an_engine_that_is_not_there_is_said_by_whoever_runs_the_program() {
    let (_, deployment) = Fake::serve().await;
    let deployment = Deployment { monitor: "127.0.0.1:1".to_owned(), ..deployment };
    let ended = run(&async |_: Context| Ok(()), deployment).await;
    assert!(
        matches!(&ended, Ended::Untold(words) if words.starts_with("the engine of stack `dev`")),
        "{ended:?}"
    );
}
