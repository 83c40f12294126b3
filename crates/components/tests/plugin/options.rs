//! Everything that a program says of a component reaches the registrations.

use keyloom_wire::message::engine::LogSeverity;
use keyloom_wire::message::options::{Alias, AliasSpec, CustomTimeouts, Former, Hooks, Urns};
use keyloom_wire::property::decode_map;

use crate::ask;
use crate::deployment::{Children, Deployment, urn};
use crate::process::Process;

fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

#[tokio::test]
async fn every_option_is_passed_on() {
    let (deployment, address) = Deployment::start(Children::Succeed).await;
    let plugin = Process::start(&[address.as_str()]);
    let mut request = ask::database("db", &address);
    let spec = AliasSpec { name: "old".to_owned(), ..AliasSpec::default() };
    request.aliases = vec![Alias { alias: Some(Former::Spec(spec)) }];
    request.protect = Some(true);
    request.providers = [("kubernetes".to_owned(), "urn:provider::id".to_owned())].into();
    request.dependencies = texts(["urn:b", "urn:a"]);
    request.input_dependencies = [("path".to_owned(), Urns { urns: texts(["urn:path"]) })].into();
    request.additional_secret_outputs = texts(["targetSecretName"]);
    request.custom_timeouts = Some(CustomTimeouts { create: "5m".to_owned(), ..CustomTimeouts::default() });
    request.deleted_with = "urn:with".to_owned();
    request.delete_before_replace = Some(false);
    request.retain_on_delete = Some(true);
    request.replace_with = texts(["urn:replaced"]);
    request.replacement_trigger =
        Some(keyloom_wire::property::encode(&1.0.into(), keyloom_wire::property::Form::Plain));
    request.resource_hooks = Some(Hooks { after_create: texts(["tell"]), ..Hooks::default() });
    request.stack_trace_handle = "trace".to_owned();
    let asked = request.clone();
    let answer = plugin.client().await.construct(request).await.unwrap();

    let registered = deployment.registered();
    let [component, child] = registered.as_slice() else { panic!("{registered:?}") };
    assert_eq!((component.r#type.as_str(), component.name.as_str()), (asked.r#type.as_str(), "db"));
    assert_eq!((component.custom, component.remote), (false, false));
    assert_eq!(component.parent, asked.parent);
    assert_eq!(component.aliases, asked.aliases);
    assert_eq!(component.protect, asked.protect);
    assert_eq!(component.providers, asked.providers);
    assert_eq!(component.dependencies, ["urn:a", "urn:b", "urn:path"]);
    assert_eq!(component.property_dependencies["path"].urns, ["urn:path"]);
    assert_eq!(component.property_dependencies["namespace"].urns, [""; 0]);
    assert_eq!(component.custom_timeouts, asked.custom_timeouts);
    assert_eq!(component.deleted_with, "urn:with");
    assert_eq!((component.delete_before_replace, component.delete_before_replace_defined), (false, true));
    assert_eq!(component.retain_on_delete, Some(true));
    assert_eq!(component.replace_with, asked.replace_with);
    assert!(component.replacement_trigger == asked.replacement_trigger);
    assert_eq!(component.hooks, asked.resource_hooks);
    assert_eq!(component.parent_stack_trace_handle, "trace");
    assert!(component.accept_secrets && component.accept_resources && component.supports_partial_values);
    assert!(component.alias_specs && component.supports_result_reporting);

    // The engine hands providers, protection, retention and deletion down to children by itself.
    assert_eq!(child.dependencies, ["urn:a", "urn:b", "urn:path"]);
    assert_eq!(child.property_dependencies["spec"].urns, ["urn:path"]);
    assert_eq!(child.property_dependencies["metadata"].urns, [""; 0]);
    assert_eq!(child.custom_timeouts, asked.custom_timeouts);
    assert_eq!(child.replace_with, asked.replace_with);
    assert!(child.replacement_trigger == asked.replacement_trigger && child.delete_before_replace_defined);
    assert_eq!(child.parent_stack_trace_handle, "trace");

    let outputs = decode_map(deployment.outputs()[0].outputs.as_ref().unwrap()).unwrap();
    assert!(outputs["targetSecretName"].secret && !outputs["name"].secret);
    assert!(decode_map(answer.state.as_ref().unwrap()).unwrap()["targetSecretName"].secret);
}

#[tokio::test]
async fn paths_of_inputs_become_paths_of_children_or_a_warning() {
    let (deployment, address) = Deployment::start(Children::Succeed).await;
    let plugin = Process::start(&[address.as_str()]);
    let mut request = ask::database("db", &address);
    request.ignore_changes = texts(["path", "labels"]);
    request.replace_on_changes = texts(["namespace"]);
    plugin.client().await.construct(request).await.unwrap();

    let child = deployment.registered().remove(1);
    assert!(!child.ignore_changes.is_empty());
    let inside = |path: &String| path.starts_with("spec.data[") && path.ends_with("].remoteRef.key");
    assert!(child.ignore_changes.iter().all(inside), "{:?}", child.ignore_changes);
    assert_eq!(child.replace_on_changes, ["metadata.namespace"]);

    let log = deployment.log();
    let [warning] = log.as_slice() else { panic!("{log:?}") };
    assert_eq!(warning.severity(), LogSeverity::Warning);
    assert_eq!(warning.urn, urn("keyloom:index:DatabaseCredentials", "db"));
    let expected = "`ignoreChanges` has no effect on the children for `labels`, because nothing is set there";
    assert_eq!(warning.message, expected);
}
