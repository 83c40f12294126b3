//! An external secret from a config of Rust to what the engine is told.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::collections::BTreeSet;
use std::sync::Arc;

use keyloom_components::children::sink::Inputs;
use keyloom_components::construct::{Constructed, Host, construct};
use keyloom_components::failure::{Failure, ResourceName};
use keyloom_components::monitor::recorder::Recorder;
use keyloom_components::monitor::{Feature, RegisteredAs, Registration};
use keyloom_components::options::ResourceOptions;
use keyloom_components::origins::OriginTable;
use keyloom_components::plan::Plan;
use keyloom_components::typed::Component;
use keyloom_models::policy::StoreKind;
use keyloom_models::reference::SecretStoreRef;
use keyloom_models::store::ProviderKind;
use keyloom_models::{ExternalSecretConfig, SecretReference};
use keyloom_syntax::Text;
use keyloom_wire::Urn;

const TOKEN: &str = "keyloom:index:ExternalSecret";
const CHILD: &str = "external-secrets.io/v1:ExternalSecret::apis";
const CANARY: &str = "canary-0c1f";

fn config() -> ExternalSecretConfig {
    let mut store = SecretStoreRef::from("vault");
    (store.kind, store.provider) = (Some(StoreKind::SecretStore), ProviderKind::named("vault"));
    ExternalSecretConfig::new("apis")
        .namespace("my-app")
        .secret_store_ref(store)
        .data([SecretReference::new("stripe", "payments/stripe").property("key")])
}

fn secret(origins: &OriginTable, urn: &str) -> Text {
    let origin = origins.origins([origins.known(&Urn::from(urn))]);
    Text::secret(CANARY.into(), origin)
}

fn plan(origins: &OriginTable, config: ExternalSecretConfig) -> Plan {
    let resource = ResourceName { token: TOKEN.to_owned(), name: "apis".to_owned() };
    let component = Component { resource, inputs: Inputs::default(), origins, eso: Some("2.4".to_owned()) };
    component.external_secret(config).unwrap()
}

fn run(recorder: &Arc<Recorder>, origins: &OriginTable, plan: Plan) -> Result<Constructed, Failure> {
    let host = Host { monitor: Arc::<Recorder>::clone(recorder), origins: origins.clone(), dry_run: false };
    let parent = Some(Urn::from("urn:pulumi:stack::project::pulumi:pulumi:Stack::project-stack"));
    let options = ResourceOptions { parent, ..ResourceOptions::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(construct(&host, plan, options))
}

#[test]
fn the_component_comes_first_and_the_manifest_is_its_child() {
    let (recorder, origins) = (Arc::new(Recorder::new()), OriginTable::new());
    let constructed = run(&recorder, &origins, plan(&origins, config())).unwrap();
    let records = recorder.records();
    let [(component, row), (child, manifest)] = records.registrations.as_slice() else {
        panic!("{:?}", records.registrations)
    };
    assert_eq!(&**component, "urn:pulumi:stack::project::keyloom:index:ExternalSecret::apis");
    assert!(!row.custom && manifest.custom && manifest.options.parent.as_ref() == Some(component));
    assert_eq!(manifest.token, "kubernetes:external-secrets.io/v1:ExternalSecret");
    assert_eq!(manifest.name, "apis");
    let spec = manifest.inputs["spec"].get("data").unwrap();
    assert!(format!("{spec:?}").contains("conversionStrategy"), "{spec:?}");
    let keys: Vec<_> = manifest.property_dependencies.keys().map(String::as_str).collect();
    assert_eq!(keys, ["apiVersion", "kind", "metadata", "spec"]);
    assert_eq!(constructed.urn, *component);
    assert_eq!(records.outputs.len(), 1);
    let name = &constructed.state["targetSecretName"];
    assert_eq!((name.as_str(), &name.urns), (Some("apis"), &BTreeSet::from([Urn::clone(child)])));
}

#[test]
fn a_secret_stays_one_where_it_goes_and_nowhere_else() {
    let (recorder, origins) = (Arc::new(Recorder::new()), OriginTable::new());
    let config = config().data([SecretReference::new("twilio", secret(&origins, "urn:bucket"))]);
    run(&recorder, &origins, plan(&origins, config)).unwrap();
    let manifest: Registration = recorder.records().registrations.remove(1).1;
    let data = manifest.inputs["spec"].get("data").unwrap();
    insta::assert_snapshot!(format!("{data:#?}"));
    let bucket = BTreeSet::from([Urn::from("urn:bucket")]);
    assert_eq!(manifest.property_dependencies["spec"], bucket);
    assert!(manifest.property_dependencies["metadata"].is_empty());
    assert_eq!(manifest.dependencies, bucket);
}

#[test]
fn failures_name_the_child_and_hold_no_value() {
    let origins = OriginTable::new();
    let told = |recorder: Recorder| {
        let config = config().data([SecretReference::new("twilio", secret(&origins, "urn:bucket"))]);
        run(&Arc::new(recorder), &origins, plan(&origins, config)).unwrap_err().to_string()
    };
    let refused = format!("admission webhook denied {CANARY}");
    let cases = [
        told(Recorder::new().refusing(CHILD, refused)),
        told(Recorder::new().refusing("index:ExternalSecret::apis", "resource monitor shut down")),
        told(Recorder::new().without(Feature::Secrets)),
        told(Recorder::new().answering(CHILD, RegisteredAs::Failed)),
        told(Recorder::new().answering(CHILD, RegisteredAs::Skipped)),
    ];
    assert!(cases.iter().all(|case| !case.contains(CANARY)), "{cases:?}");
    insta::assert_snapshot!(cases.join("\n"));
}
