//! What goes wrong around it: it answers with an error, or not at all, and goes on.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use keyloom_wire::message::construct::ConstructRequest;
use keyloom_wire::message::errors::InputPropertiesError;
use keyloom_wire::service::{Client, ProviderClient, connect};
use serde_json::json;
use tonic::Code;

use crate::ask;
use crate::deployment::{Children, Deployment};
use crate::process::{Ended, Process};
use crate::support::CANARY;

#[tokio::test]
async fn garbage_on_the_port_harms_nobody() {
    let plugin = Process::start(&["127.0.0.1:2"]);
    let client = plugin.client().await;
    let preface: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let frames: [&[u8]; 4] =
        [&[0xff; 64], &[0; 9], b"\0\0\x05\x01\x05\0\0\0\x01garbage", &[0x7f, 0xff, 0xff, 0, 0, 0, 0, 0, 1]];
    let with_preface = frames.map(|frame| [preface, frame].concat());
    let plain: [&[u8]; 3] = [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", &[0x16, 3, 1, 2, 0, 1, 0, 1], &[0; 4096]];
    for bytes in plain.into_iter().chain(with_preface.iter().map(Vec::as_slice)) {
        let mut stream = TcpStream::connect(plugin.address()).unwrap();
        // It may close at once, which is as good an answer as any.
        drop(stream.write_all(bytes));
        drop(stream.shutdown(Shutdown::Write));
        drop(stream.read_to_end(&mut Vec::new()));
    }
    client.get_plugin_info(()).await.unwrap();
    client.cancel(()).await.unwrap();
    assert_eq!(plugin.ended(), Ended::well());
}

/// A message that is no message of that method.
#[tokio::test]
async fn garbage_in_a_call_is_an_error_of_that_call() {
    let plugin = Process::start(&["127.0.0.1:2"]);
    let channel = connect(&plugin.address()).await.unwrap();
    let inputs = keyloom_wire::message::plugin::PluginInfo { version: "x".repeat(100) };
    let path = "/pulumirpc.ResourceProvider/Construct";
    // Field 1 is a text in both, so this one is read: a component without a name, a type or a monitor.
    let status = Client::new(channel.clone()).unary::<_, ()>(path, inputs).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
    // Field 1 is a number here.
    let number = keyloom_wire::message::provider::GetSchemaRequest { version: 7, ..Default::default() };
    let status = Client::new(channel.clone()).unary::<_, ()>(path, number).await.unwrap_err();
    assert_eq!(status.code(), Code::Internal, "{status:?}");
    ProviderClient::new(channel).get_plugin_info(()).await.unwrap();
}

#[tokio::test]
async fn a_component_that_is_not_known_is_answered_with_those_that_are() {
    let plugin = Process::start(&["127.0.0.1:2"]);
    let request = ask::component("keyloom:index:SecretStoer", "s", json!({}), "127.0.0.1:2");
    let status = plugin.client().await.construct(request).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(
        status.message(),
        "keyloom:index:SecretStoer `s`: there is no such component; there are `keyloom:index:SecretStore`, \
         `keyloom:index:ExternalSecret`, `keyloom:index:DatabaseCredentials`, `keyloom:index:ApiKey`, \
         `keyloom:index:TlsCertificate`, `keyloom:index:AppConnection`, `keyloom:index:SecretSync`, `keyloom:index:Keyloom`"
    );
}

#[tokio::test]
async fn an_engine_that_does_not_answer_is_named() {
    let plugin = Process::start(&["127.0.0.1:2"]);
    let client = plugin.client().await;
    let status = client.construct(ask::database("db", "127.0.0.1:1")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    let start = "keyloom:index:DatabaseCredentials `db`: the engine does not answer at 127.0.0.1:1: ";
    assert!(status.message().starts_with(start), "{status:?}");
    let status = client.construct(ask::database("db", "no address")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
}

#[tokio::test]
async fn everything_that_is_wrong_with_inputs_is_said_at_once() {
    let (deployment, address) = Deployment::start(Children::Succeed).await;
    let plugin = Process::start(&[address.as_str()]);
    let vault =
        json!({ "server": 7, "auth": { "tokenSecretRef": { "value": "<secret>", "naem": "<secret>" } } });
    let inputs =
        json!({ "provider": "vault", "namspace": "<secret>", "refreshInterval": [], "vault": vault });
    let request = ask::component("keyloom:index:SecretStore", "s", inputs, &address);
    let status = plugin.client().await.construct(request).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    let errors = InputPropertiesError::from_status(&status).unwrap().errors;
    assert_eq!(status.message(), format!("keyloom:index:SecretStore `s`: {} inputs are wrong", errors.len()));
    assert!(errors.len() >= 4, "{errors:?}");
    assert!(errors.iter().any(|error| error.reason.contains("namespace")), "{errors:?}");
    assert!(!format!("{status:?}{errors:?}").contains(CANARY));
    assert!(deployment.registered().is_empty());
}

/// A provider's words may repeat what it was given.
#[tokio::test]
async fn a_child_that_fails_is_told_without_values() {
    let words = format!("admission refused {CANARY} of the Secret");
    let (deployment, address) = Deployment::start(Children::Fail(words)).await;
    let plugin = Process::start(&[address.as_str()]);
    let client = plugin.client().await;
    let status = client.construct(ask::store("vault", &address)).await.unwrap_err();
    assert_eq!(status.code(), Code::Unknown);
    assert!(status.message().contains("admission refused (secret) of the Secret"), "{status:?}");
    assert!(!format!("{status:?}{:?}", deployment.log()).contains(CANARY));
    client.cancel(()).await.unwrap();
    assert_eq!(plugin.ended(), Ended::well());
}

#[tokio::test]
async fn values_that_break_the_protocol_are_refused_without_showing_them() {
    let plugin = Process::start(&["127.0.0.1:2"]);
    let mut request = ask::store("vault", "127.0.0.1:2");
    let text = |text: &str| prost_types::Value {
        kind: Some(prost_types::value::Kind::StringValue(text.to_owned())),
    };
    let signed = [("4dabf18193072939515e22adb298388d", text("no-such-signature")), ("value", text(CANARY))];
    let fields = signed.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let value = prost_types::Value {
        kind: Some(prost_types::value::Kind::StructValue(prost_types::Struct { fields })),
    };
    request.inputs.as_mut().unwrap().fields.insert("token".to_owned(), value);
    let status = plugin.client().await.construct(request).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    let expected = "keyloom:index:SecretStore `vault`: token: an object with a signature that is not known";
    assert_eq!(status.message(), expected);
    let empty = plugin.client().await.construct(ConstructRequest::default()).await.unwrap_err();
    assert_eq!(empty.code(), Code::InvalidArgument);
}
