//! Every call that an engine makes of a plugin of components, beside Construct.

use keyloom_wire::message::plugin::PluginAttach;
use keyloom_wire::message::provider::{
    ConfigureRequest, GetMappingRequest, GetMappingsRequest, GetSchemaRequest, ProviderHandshakeRequest,
};
use keyloom_wire::message::resource::{
    CheckRequest, CreateRequest, DeleteRequest, DiffChanges, DiffRequest, ReadRequest, UpdateRequest,
};
use keyloom_wire::property::{Form, encode_map};
use serde_json::{Value as Json, json};
use tonic::Code;

use crate::process::{Ended, Process, command};
use crate::support::inputs;

#[tokio::test]
async fn it_says_who_it_is_and_what_it_understands() {
    let plugin = Process::start(&["--logtostderr", "-v=9", "--tracing", "http://127.0.0.1:1", "127.0.0.1:2"]);
    let client = plugin.client().await;
    let handshake =
        ProviderHandshakeRequest { engine_address: "127.0.0.1:2".to_owned(), ..Default::default() };
    let understood = client.handshake(handshake).await.unwrap();
    assert!(understood.accept_secrets && understood.accept_resources && understood.accept_outputs);
    client.attach(PluginAttach { address: "127.0.0.1:3".to_owned() }).await.unwrap();
    assert_eq!(client.get_plugin_info(()).await.unwrap().version, env!("CARGO_PKG_VERSION"));
    let configured = client.configure(ConfigureRequest::default()).await.unwrap();
    assert!(configured.accept_secrets && configured.accept_resources);
    assert!(configured.accept_outputs && configured.supports_preview);
    assert_eq!(client.get_mapping(GetMappingRequest::default()).await.unwrap().provider, "");
    assert!(client.get_mappings(GetMappingsRequest::default()).await.unwrap().providers.is_empty());
    client.cancel(()).await.unwrap();
    assert_eq!(plugin.ended(), Ended::well());
}

#[tokio::test]
async fn its_schema_is_the_committed_one() {
    let plugin = Process::start(&["127.0.0.1:2"]);
    let client = plugin.client().await;
    let schema = client.get_schema(GetSchemaRequest::default()).await.unwrap().schema;
    assert_eq!(schema, include_str!("../../../../schemas/pulumi-package.json"));
    let schema: Json = serde_json::from_str(&schema).unwrap();
    assert_eq!(schema["name"], "keyloom");
    let newer = client.get_schema(GetSchemaRequest { version: 1, ..Default::default() }).await.unwrap_err();
    assert_eq!(newer.code(), Code::InvalidArgument);
    let named = GetSchemaRequest { subpackage_name: "other".to_owned(), ..Default::default() };
    assert_eq!(client.get_schema(named).await.unwrap_err().code(), Code::InvalidArgument);
}

#[tokio::test]
async fn its_configuration_is_whatever_it_is_and_replaces_nothing() {
    let client_of = Process::start(&["127.0.0.1:2"]);
    let client = client_of.client().await;
    let config = |version: &str| Some(encode_map(&inputs(json!({ "version": version })), Form::Plain));
    let checked =
        client.check_config(CheckRequest { news: config("1"), ..Default::default() }).await.unwrap();
    assert!(checked.inputs == config("1") && checked.failures.is_empty());
    for (new, expected) in [("1", DiffChanges::None), ("2", DiffChanges::Some)] {
        let request = DiffRequest {
            olds: config("1"),
            old_inputs: config("1"),
            news: config(new),
            ..Default::default()
        };
        let diff = client.diff_config(request).await.unwrap();
        assert_eq!((diff.changes(), diff.replaces.len()), (expected, 0));
    }
}

#[tokio::test]
async fn what_components_do_not_have_is_unimplemented() {
    let plugin = Process::start(&["127.0.0.1:2"]);
    let client = plugin.client().await;
    let codes = [
        client.check(CheckRequest::default()).await.unwrap_err().code(),
        client.diff(DiffRequest::default()).await.unwrap_err().code(),
        client.create(CreateRequest::default()).await.unwrap_err().code(),
        client.read(ReadRequest::default()).await.unwrap_err().code(),
        client.update(UpdateRequest::default()).await.unwrap_err().code(),
        client.delete(DeleteRequest::default()).await.unwrap_err().code(),
    ];
    assert_eq!(codes, [Code::Unimplemented; 6]);
}

#[test]
fn people_are_told_what_it_is() {
    let version = command().arg("--version").output().unwrap();
    let expected = format!("pulumi-resource-keyloom {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!((String::from_utf8(version.stdout).unwrap(), version.status.code()), (expected, Some(0)));
    let help = String::from_utf8(command().arg("--help").output().unwrap().stdout).unwrap();
    assert!(help.contains("Usage: pulumi-resource-keyloom"), "{help}");
}
