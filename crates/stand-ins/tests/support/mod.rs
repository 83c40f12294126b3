//! A provider to call, and an API server with nothing behind it.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use keyloom_stand_ins::kubernetes::Provider;
use keyloom_wire::message::Struct;
use keyloom_wire::message::provider::ConfigureRequest;
use keyloom_wire::message::resource::{CheckRequest, CheckResponse, DiffRequest, DiffResponse};
use keyloom_wire::property::{Form, PropertyMap, decode_map, encode_map};
use keyloom_wire::serve::Port;
use keyloom_wire::service::{ProviderClient, ResourceProvider, connect};
use keyloom_wire::{Property, Value};
use serde_json::{Value as Json, json};

/// A provider with these settings, and its caller.
pub(crate) async fn provider(settings: &[(&str, &str)]) -> ProviderClient {
    let client = unconfigured().await;
    let variables =
        settings.iter().map(|(name, text)| (format!("kubernetes:config:{name}"), (*text).to_owned()));
    let request = ConfigureRequest { variables: variables.collect(), ..ConfigureRequest::default() };
    assert!(client.configure(request).await.unwrap().accept_secrets);
    client
}

/// A provider that was told nothing yet.
pub(crate) async fn unconfigured() -> ProviderClient {
    let port = Port::open().await.unwrap();
    let address = port.address().to_string();
    let router = Arc::new(Provider::new(None)).router();
    tokio::spawn(port.serve(router, std::future::pending()));
    ProviderClient::new(connect(&address).await.unwrap())
}

fn properties(json: &Json) -> PropertyMap {
    match property(json).value {
        Value::Map(map) => map,
        other => panic!("{other:?}"),
    }
}

/// `{"secret": ...}` alone in an object makes a secret, `{"unknown": true}` what is not known.
fn property(json: &Json) -> Property {
    match json {
        Json::Null => Property::default(),
        Json::Bool(value) => Property::from(*value),
        Json::Number(number) => Property::from(number.as_f64().unwrap()),
        Json::String(text) => Property::from(text.as_str()),
        Json::Array(items) => Property::from(items.iter().map(property).collect::<Vec<_>>()),
        Json::Object(members) => match (members.len(), members.get("secret"), members.get("unknown")) {
            (1, Some(secret), _) => property(secret).secret(),
            (1, _, Some(_)) => Property::unknown(),
            _ => Property::from(
                members.iter().map(|(name, it)| (name.clone(), property(it))).collect::<PropertyMap>(),
            ),
        },
    }
}

/// The other way round.
pub(crate) fn json(fields: Option<Struct>) -> Json {
    fn of(property: &Property) -> Json {
        let json = match &property.value {
            Value::Null => Json::Null,
            Value::Unknown => json!({"unknown": true}),
            Value::Bool(value) => json!(value),
            Value::Number(value) => json!(value),
            Value::String(text) => json!(text),
            Value::List(items) => items.iter().map(of).collect(),
            Value::Map(members) => members.iter().map(|(name, it)| (name.clone(), of(it))).collect(),
            other => panic!("{other:?}"),
        };
        if property.secret { json!({"secret": json}) } else { json }
    }
    of(&Property::from(decode_map(&fields.unwrap()).unwrap()))
}

pub(crate) fn fields(json: &Json) -> Option<Struct> {
    Some(encode_map(&properties(json), Form::Plain))
}

pub(crate) async fn check(client: &ProviderClient, urn: &str, news: &Json) -> CheckResponse {
    let request = CheckRequest {
        urn: urn.to_owned(),
        news: fields(news),
        random_seed: vec![1, 2, 3, 4],
        ..CheckRequest::default()
    };
    client.check(request).await.unwrap()
}

pub(crate) async fn diff(client: &ProviderClient, urn: &str, olds: &Json, news: &Json) -> DiffResponse {
    let request =
        DiffRequest { urn: urn.to_owned(), olds: fields(olds), news: fields(news), ..DiffRequest::default() };
    client.diff(request).await.unwrap()
}

/// An API server that keeps what it is given, and serves one kind and Secrets.
#[derive(Clone, Default)]
pub(crate) struct ApiServer {
    /// By path.
    pub(crate) objects: Arc<Mutex<BTreeMap<String, Json>>>,
    /// Method and path with query.
    pub(crate) requests: Arc<Mutex<Vec<String>>>,
}

impl ApiServer {
    /// Starts it; the text is a kubeconfig.
    pub(crate) fn start() -> (Self, String) {
        let server = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serving = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let server = serving.clone();
                thread::spawn(move || server.serve(stream.unwrap()));
            }
        });
        let kubeconfig = json!({
            "clusters": [{"name": "c", "cluster": {"server": url}}],
            "users": [{"name": "u", "user": {"token": "t"}}],
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
            "current-context": "x",
        });
        (server, kubeconfig.to_string())
    }

    fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut stream = stream;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
            let mut length = 0;
            loop {
                let mut header = String::new();
                reader.read_line(&mut header).ok()?;
                let header = header.trim().to_ascii_lowercase();
                if let Some(value) = header.strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                if header.is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).ok()?;
            let mut words = line.split(' ');
            let (method, target) = (words.next()?, words.next()?);
            let (status, answer) =
                self.answer(method, target, &serde_json::from_slice(&body).unwrap_or_default());
            let answer = answer.to_string();
            let head = format!("HTTP/1.1 {status} -\r\ncontent-length: {}\r\n\r\n{answer}", answer.len());
            stream.write_all(head.as_bytes()).ok()?;
        }
    }

    fn answer(&self, method: &str, target: &str, body: &Json) -> (u16, Json) {
        self.requests.lock().unwrap().push(format!("{method} {target}"));
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let dry = query.contains("dryRun=All");
        let mut objects = self.objects.lock().unwrap();
        let path = match method {
            "POST" => format!("{path}/{}", body["metadata"]["name"].as_str().unwrap()),
            _ => path.to_owned(),
        };
        match (method, path.as_str()) {
            ("GET", "/api/v1") => (
                200,
                json!({"resources": [
                {"name": "secrets", "kind": "Secret", "namespaced": true}]}),
            ),
            ("GET", "/apis/g/v1") => (
                200,
                json!({"resources": [
                {"name": "ks/status", "kind": "K", "namespaced": true},
                {"name": "ks", "kind": "K", "namespaced": true},
                {"name": "wides", "kind": "Wide", "namespaced": false}]}),
            ),
            _ if body["spec"]["bad"] == true => (422, json!({"message": "spec.bad: must be good"})),
            ("POST", _) if objects.contains_key(&path) => (409, json!({"message": "already exists"})),
            ("POST", _) => {
                let mut object = body.clone();
                object["metadata"]["uid"] = json!("u");
                object["metadata"]["managedFields"] = json!([
                    {"manager": "pulumi-kubernetes", "operation": "Update"},
                    {"manager": "external-secrets", "operation": "Update", "subresource": "status"}]);
                object["status"] = json!({});
                if !dry {
                    objects.insert(path, object.clone());
                }
                (201, object)
            }
            (_, path) if !objects.contains_key(path) => (404, json!({"message": "not found"})),
            ("PATCH", path) => {
                let mut object = objects[path].clone();
                match body.as_array() {
                    Some(operations) => {
                        object["metadata"]["managedFields"] = operations[0]["value"].clone();
                    }
                    None => object["spec"] = body["spec"].clone(),
                }
                if !dry {
                    objects.insert(path.to_owned(), object.clone());
                }
                (200, object)
            }
            ("DELETE", path) => (200, objects.remove(path).unwrap()),
            (_, path) => (200, objects[path].clone()),
        }
    }
}
