//! Components are constructed, many at once.

use keyloom_wire::message::provider::ProviderHandshakeRequest;
use keyloom_wire::property::{PropertyMap, decode_map};
use prost_types::Value;
use prost_types::value::Kind;
use tokio::sync::Barrier;

use crate::ask;
use crate::deployment::{Children, Deployment, urn};
use crate::process::{Ended, Process};
use crate::support::CANARY;

const SECRET: &str = "kubernetes:core/v1:Secret";
const STORE: &str = "kubernetes:external-secrets.io/v1:SecretStore";

fn map(fields: Option<&prost_types::Struct>) -> PropertyMap {
    decode_map(fields.unwrap()).unwrap()
}

#[tokio::test]
async fn a_component_its_children_and_its_outputs() {
    let (deployment, address) = Deployment::start(Children::Succeed).await;
    let plugin = Process::start(&[address.as_str()]);
    let client = plugin.client().await;
    let answer = client.construct(ask::store("vault", &address)).await.unwrap();

    let component = urn("keyloom:index:SecretStore", "vault");
    assert_eq!(answer.urn, component);
    let registered = deployment.registered();
    let names: Vec<_> =
        registered.iter().map(|request| (request.r#type.as_str(), request.name.as_str())).collect();
    assert_eq!(
        names,
        [("keyloom:index:SecretStore", "vault"), (SECRET, "vault-credentials"), (STORE, "vault")]
    );
    assert!(registered[1..].iter().all(|child| child.custom && child.parent == component));
    assert_eq!(registered[2].dependencies, [urn(SECRET, "vault-credentials")]);

    let secret = map(registered[1].object.as_ref());
    let values = secret["stringData"].clone();
    assert!(values.holds_secret() && !secret["metadata"].holds_secret());
    assert!(!map(registered[2].object.as_ref()).values().any(|property| property.holds_secret()));

    let outputs = deployment.outputs();
    assert_eq!((outputs.len(), outputs[0].urn.as_str()), (1, component.as_str()));
    assert_eq!(map(outputs[0].outputs.as_ref())["name"].as_str(), Some("vault"));
    let state = map(answer.state.as_ref());
    assert_eq!(state["name"].as_str(), Some("vault"));
    assert_eq!(answer.state_dependencies["name"].urns, [urn(STORE, "vault")]);

    assert!(deployment.log().is_empty());
    client.cancel(()).await.unwrap();
    assert_eq!(plugin.ended(), Ended::well());
}

/// The only places of the canary are marked as secret: without those, no byte that leaves the plugin holds it.
#[tokio::test]
async fn the_canary_leaves_marked_as_secret_and_no_other_way() {
    let (deployment, address) = Deployment::start(Children::Succeed).await;
    let plugin = Process::start(&[address.as_str()]);
    let client = plugin.client().await;
    let answer = client.construct(ask::store("vault", &address)).await.unwrap();
    let mut seen = 0;
    let objects = deployment.registered().into_iter().map(|request| request.object);
    let outputs = deployment.outputs().into_iter().map(|request| request.outputs);
    for object in objects.chain(outputs).chain([answer.state]) {
        let mut object = Value { kind: object.map(Kind::StructValue) };
        seen += take_secrets(&mut object);
        assert!(!format!("{object:?}").contains(CANARY), "{object:?}");
    }
    assert_eq!(seen, 2, "the component's own input, and the Secret");
    client.cancel(()).await.unwrap();
    assert_eq!(plugin.ended(), Ended::well());
}

/// Takes out what is marked as secret; how many of them hold the canary.
fn take_secrets(value: &mut Value) -> usize {
    match value.kind.as_mut() {
        Some(Kind::StructValue(marked)) if marked.fields.contains_key("4dabf18193072939515e22adb298388d") => {
            let seen = format!("{marked:?}").contains(CANARY);
            value.kind = None;
            usize::from(seen)
        }
        Some(Kind::StructValue(inner)) => inner.fields.values_mut().map(take_secrets).sum(),
        Some(Kind::ListValue(list)) => list.values.iter_mut().map(take_secrets).sum(),
        _ => 0,
    }
}

/// No child is there before all are asked for, so whoever constructs one after the other never ends.
#[tokio::test]
async fn many_at_once() {
    const COUNT: usize = 50;
    let (deployment, address) = Deployment::start(Children::Together(Barrier::new(COUNT))).await;
    let plugin = Process::start(&[address.as_str()]);
    let client = plugin.client().await;
    let calls: Vec<_> = (0..COUNT)
        .map(|number| {
            let (client, request) = (client.clone(), ask::database(&format!("db{number}"), &address));
            tokio::spawn(async move { client.construct(request).await })
        })
        .collect();
    for (number, call) in calls.into_iter().enumerate() {
        let answer = call.await.unwrap().unwrap();
        assert_eq!(answer.urn, urn("keyloom:index:DatabaseCredentials", &format!("db{number}")));
        let target = &map(answer.state.as_ref())["targetSecretName"];
        assert_eq!(target.as_str(), Some(format!("db{number}").as_str()));
    }
    assert_eq!(deployment.registered().len(), 2 * COUNT);
    assert_eq!(deployment.outputs().len(), COUNT);
}

/// The same process serves the deployments of one engine after another: an update comes to another monitor than its preview.
#[tokio::test]
async fn each_call_goes_to_its_own_deployment() {
    let (first, one) = Deployment::start(Children::Succeed).await;
    let (second, other) = Deployment::start(Children::Succeed).await;
    let plugin = Process::start(&[]);
    let client = plugin.client().await;
    client
        .handshake(ProviderHandshakeRequest { engine_address: one.clone(), ..Default::default() })
        .await
        .unwrap();
    for _ in 0..2 {
        client.construct(ask::database("db", &one)).await.unwrap();
        client.construct(ask::database("db", &other)).await.unwrap();
    }
    assert_eq!((first.registered().len(), second.registered().len()), (4, 4));
}
