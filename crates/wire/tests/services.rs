//! Servers and clients of one process talk over a port of this machine.

#![allow(clippy::unwrap_used)] // helpers of tests stand outside of test functions

use std::sync::{Arc, Mutex};

use keyloom_wire::message::construct::{ConstructRequest, ConstructResponse};
use keyloom_wire::message::engine::{LogRequest, LogSeverity};
use keyloom_wire::message::errors::{InputPropertiesError, PropertyError};
use keyloom_wire::message::monitor::{RegisterResourceRequest, RegisterResourceResponse};
use keyloom_wire::message::options::{Alias, AliasSpec, CustomTimeouts, Former, FormerParent, Hooks, Urns};
use keyloom_wire::message::plugin::PluginInfo;
use keyloom_wire::property::{Form, PropertyMap, encode_map};
use keyloom_wire::serve::Port;
use keyloom_wire::service::{
    Client, Engine, EngineClient, MonitorClient, ProviderClient, ResourceMonitor, ResourceProvider, Router,
    connect,
};
use tonic::transport::Channel;
use tonic::{Code, Status};

/// Answers with what it was asked.
#[derive(Default)]
struct Echo {
    log: Mutex<Vec<LogRequest>>,
}

impl ResourceProvider for Echo {
    async fn get_plugin_info(&self, (): ()) -> Result<PluginInfo, Status> {
        Ok(PluginInfo { version: "1.2.3".to_owned() })
    }

    async fn construct(&self, request: ConstructRequest) -> Result<ConstructResponse, Status> {
        if request.name.is_empty() {
            let error = PropertyError { property_path: "a.b[0]".to_owned(), reason: "is missing".to_owned() };
            return Err(InputPropertiesError { errors: vec![error; 2] }.into_status("2 inputs are wrong"));
        }
        let urn = request.name;
        Ok(ConstructResponse { urn, state: request.inputs, state_dependencies: request.input_dependencies })
    }
}

impl ResourceMonitor for Echo {
    async fn register_resource(
        &self,
        request: RegisterResourceRequest,
    ) -> Result<RegisterResourceResponse, Status> {
        Ok(RegisterResourceResponse { urn: request.name, object: request.object, ..Default::default() })
    }
}

impl Engine for Echo {
    async fn log(&self, request: LogRequest) -> Result<(), Status> {
        self.log.lock().unwrap().push(request);
        Ok(())
    }
}

/// A channel to a server that is there as long as the test.
async fn serve(router: Router) -> Channel {
    let port = Port::open().await.unwrap();
    let address = port.address().to_string();
    tokio::spawn(port.serve(router, std::future::pending()));
    connect(&address).await.unwrap()
}

#[tokio::test]
async fn every_service_answers_on_one_port() {
    let echo = Arc::new(Echo::default());
    let router = ResourceProvider::router(Arc::clone(&echo));
    let router =
        router.and(ResourceMonitor::router(Arc::clone(&echo))).and(Engine::router(Arc::clone(&echo)));
    let channel = serve(router).await;

    let info = ProviderClient::new(channel.clone()).get_plugin_info(()).await.unwrap();
    assert_eq!(info.version, "1.2.3");

    let line = LogRequest {
        severity: LogSeverity::Warning.into(),
        message: "look".to_owned(),
        ..Default::default()
    };
    EngineClient::new(channel.clone()).log(line.clone()).await.unwrap();
    assert_eq!(*echo.log.lock().unwrap(), [line]);

    let object = PropertyMap::from([("path".to_owned(), "ci/token".into())]);
    let object = Some(encode_map(&object, Form::Plain));
    let request =
        RegisterResourceRequest { name: "db".to_owned(), object: object.clone(), ..Default::default() };
    let answer = MonitorClient::new(channel).register_resource(request).await.unwrap();
    assert_eq!((answer.urn.as_str(), answer.object), ("db", object));
}

#[tokio::test]
async fn what_nobody_wrote_is_unimplemented() {
    let channel = serve(ResourceProvider::router(Arc::new(Echo::default()))).await;
    let status = ProviderClient::new(channel.clone()).cancel(()).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
    assert_eq!(status.message(), "this server does not implement /pulumirpc.ResourceProvider/Cancel");

    let unknown = "/pulumirpc.ResourceProvider/Parameterize";
    let status = Client::new(channel).unary::<(), ()>(unknown, ()).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
    assert_eq!(status.message(), "this server does not implement /pulumirpc.ResourceProvider/Parameterize");
}

#[tokio::test]
async fn wrong_inputs_arrive_with_their_details() {
    let client = ProviderClient::new(serve(ResourceProvider::router(Arc::new(Echo::default()))).await);
    let status = client.construct(ConstructRequest::default()).await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::InvalidArgument, "2 inputs are wrong"));
    let errors = InputPropertiesError::from_status(&status).unwrap().errors;
    assert_eq!(errors.len(), 2);
    assert_eq!((errors[0].property_path.as_str(), errors[0].reason.as_str()), ("a.b[0]", "is missing"));
}

#[tokio::test]
async fn large_messages_pass_and_many_at_once() {
    let client = ProviderClient::new(serve(ResourceProvider::router(Arc::new(Echo::default()))).await);
    let inputs = PropertyMap::from([("text".to_owned(), "x".repeat(6 * 1024 * 1024).into())]);
    let inputs = Some(encode_map(&inputs, Form::Plain));
    let request = ConstructRequest { name: "large".to_owned(), inputs: inputs.clone(), ..Default::default() };
    assert!(client.construct(request).await.unwrap().state == inputs);

    let calls = (1..=100).map(|number: u32| {
        let client = client.clone();
        let request = ConstructRequest { name: number.to_string(), ..Default::default() };
        tokio::spawn(async move { client.construct(request).await })
    });
    for (number, call) in (1..=100).zip(calls.collect::<Vec<_>>()) {
        assert_eq!(call.await.unwrap().unwrap().urn, number.to_string());
    }
}

#[test]
fn every_option_of_a_component_survives_the_wire() {
    let request = every_option();
    let bytes = prost::Message::encode_to_vec(&request);
    assert!(prost::Message::decode(bytes.as_slice()) == Ok(request));
}

#[test]
fn debug_shows_no_value() {
    let shown = format!("{:?}", every_option());
    assert_eq!(shown, "ConstructRequest { .. }");
}

fn every_option() -> ConstructRequest {
    let text = |text: &str| text.to_owned();
    let spec = AliasSpec {
        name: text("old"),
        r#type: text("a:b:C"),
        stack: text("dev"),
        project: text("p"),
        parent: Some(FormerParent::NoParent(true)),
    };
    ConstructRequest {
        inputs: Some(encode_map(&PropertyMap::from([(text("password"), "canary".into())]), Form::Plain)),
        input_dependencies: [(text("password"), Urns { urns: vec![text("urn:1")] })].into(),
        protect: Some(false),
        providers: [(text("kubernetes"), text("urn::id"))].into(),
        custom_timeouts: Some(CustomTimeouts { create: text("5m"), ..Default::default() }),
        delete_before_replace: Some(true),
        retain_on_delete: Some(false),
        resource_hooks: Some(Hooks { after_create: vec![text("tell")], ..Default::default() }),
        aliases: vec![
            Alias { alias: Some(Former::Spec(spec)) },
            Alias { alias: Some(Former::Urn(text("urn:2"))) },
        ],
        replacement_trigger: Some(prost_types::Value { kind: None }),
        ..Default::default()
    }
}
