//! The stand-in as the engine calls it: into a folder, and into a cluster.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::fs;

use keyloom_wire::message::provider::{GetSchemaRequest, ProviderHandshakeRequest};
use keyloom_wire::message::resource::{
    CheckRequest, CreateRequest, DeleteRequest, DiffChanges, DiffKind, DiffRequest, ReadRequest,
    UpdateRequest,
};
use keyloom_wire::service::ProviderClient;
use serde_json::{Value as Json, json};
use tonic::{Code, Status};

mod support;

use support::{ApiServer, check, diff, fields, json, provider, unconfigured};

const K: &str = "urn:pulumi:dev::shop::keyloom:index:Keyloom$kubernetes:g/v1:K::web";
const SECRET: &str = "urn:pulumi:dev::shop::kubernetes:core/v1:Secret::web-credentials";
const WIDE: &str = "urn:pulumi:dev::shop::kubernetes:g/v1:Wide::all";

async fn create(
    client: &ProviderClient,
    urn: &str,
    inputs: &Json,
    preview: bool,
) -> Result<(String, Json), Status> {
    let request = CreateRequest {
        urn: urn.to_owned(),
        properties: fields(inputs),
        preview,
        ..CreateRequest::default()
    };
    client.create(request).await.map(|answer| (answer.id, json(answer.properties)))
}

async fn update(client: &ProviderClient, urn: &str, olds: &Json, news: &Json) -> Result<Json, Status> {
    let (olds, news) = (fields(olds), fields(news));
    let request = UpdateRequest { urn: urn.to_owned(), olds, news, ..UpdateRequest::default() };
    client.update(request).await.map(|answer| json(answer.properties))
}

async fn delete(client: &ProviderClient, urn: &str, id: &str, state: &Json) {
    let (urn, id) = (urn.to_owned(), id.to_owned());
    client
        .delete(DeleteRequest { urn, id, properties: fields(state), ..DeleteRequest::default() })
        .await
        .unwrap();
}

async fn read(
    client: &ProviderClient,
    urn: &str,
    id: &str,
    state: &Json,
    inputs: &Json,
) -> Option<(Json, Json)> {
    let request = ReadRequest {
        urn: urn.to_owned(),
        id: id.to_owned(),
        properties: fields(state),
        inputs: fields(inputs),
        ..ReadRequest::default()
    };
    let answer = client.read(request).await.unwrap();
    (!answer.id.is_empty()).then(|| (json(answer.properties), json(answer.inputs)))
}

fn k(spec: Json) -> Json {
    json!({"apiVersion": "g/v1", "kind": "K", "metadata": {"name": "n", "namespace": "s"}, "spec": spec})
}

#[tokio::test]
async fn it_introduces_itself_as_the_real_one() {
    let client = unconfigured().await;
    let error = client.handshake(ProviderHandshakeRequest::default()).await.unwrap_err();
    assert_eq!(error.code(), Code::Unimplemented);
    assert_eq!(client.get_plugin_info(()).await.unwrap().version, "4.32.0");
    let schema = client.get_schema(GetSchemaRequest::default()).await.unwrap().schema;
    assert_eq!(serde_json::from_str::<Json>(&schema).unwrap()["name"], "kubernetes");
    client.cancel(()).await.unwrap();
    let error = create(&client, K, &k(json!({})), false).await.unwrap_err();
    assert_eq!(error.code(), Code::FailedPrecondition);
}

#[tokio::test]
async fn settings_are_checked_and_another_folder_replaces() {
    let client = unconfigured().await;
    let settings = json!({"renderYamlToDirectory": "out", "cluster": "c"});
    let request = CheckRequest { news: fields(&settings), ..CheckRequest::default() };
    let answer = client.check_config(request).await.unwrap();
    assert_eq!(answer.failures[0].property, "cluster");
    let (olds, news) = (fields(&json!({"renderYamlToDirectory": "old"})), fields(&settings));
    let answer = client.diff_config(DiffRequest { olds, news, ..DiffRequest::default() }).await.unwrap();
    assert_eq!(
        (answer.replaces.clone(), answer.changes()),
        (vec!["renderYamlToDirectory".to_owned()], DiffChanges::Some)
    );
}

#[tokio::test]
async fn objects_become_files() {
    let dir = tempfile::tempdir().unwrap();
    let client = provider(&[("renderYamlToDirectory", dir.path().to_str().unwrap())]).await;
    let file = dir.path().join("1-manifest/g_v1-k-s-n.yaml");
    let spec = json!({"path": {"secret": "hunter2-canary"}, "list": [{"a": {"secret": "b"}}, {"a": "c"}]});
    let inputs = json(check(&client, K, &k(spec)).await.inputs);
    let expected =
        json!({"path": {"secret": "hunter2-canary"}, "list": {"secret": [{"a": "b"}, {"a": "c"}]}});
    assert_eq!(inputs["spec"], expected);
    assert_eq!(create(&client, K, &inputs, true).await.unwrap(), (String::new(), inputs.clone()));
    assert!(!file.exists(), "a preview writes nothing");
    let (id, state) = create(&client, K, &inputs, false).await.unwrap();
    assert_eq!(id, "s/n");
    assert_eq!((&state["spec"], &state["__inputs"]), (&inputs["spec"], &inputs));
    assert!(fs::read_to_string(&file).unwrap().ends_with("  path: hunter2-canary\n"));
    assert_eq!(diff(&client, K, &state, &inputs).await.changes(), DiffChanges::None);
    let news = k(json!({"path": "other"}));
    let answer = diff(&client, K, &state, &news).await;
    assert_eq!(answer.detailed_diff.keys().collect::<Vec<_>>(), ["spec.list", "spec.path"]);
    assert_eq!(answer.detailed_diff["spec.list"].kind(), DiffKind::Delete);
    let state = update(&client, K, &state, &news).await.unwrap();
    assert!(fs::read_to_string(&file).unwrap().ends_with("  path: other\n"));
    delete(&client, K, &id, &state).await;
    assert!(!file.exists());
}

#[tokio::test]
async fn an_object_without_a_name_gets_one_and_keeps_it() {
    let dir = tempfile::tempdir().unwrap();
    let client = provider(&[("renderYamlToDirectory", dir.path().to_str().unwrap())]).await;
    let inputs = json(check(&client, K, &json!({"apiVersion": "g/v1", "kind": "K"})).await.inputs);
    let metadata = &inputs["metadata"];
    assert_eq!((&metadata["name"], &metadata["namespace"]), (&json!("web-01020304"), &json!("default")));
    let (_, state) = create(&client, K, &inputs, false).await.unwrap();
    let news = json!({"apiVersion": "g/v1", "kind": "K", "metadata": {"name": "mine"}});
    let answer = diff(&client, K, &state, &news).await;
    assert!(answer.replaces.contains(&"metadata.name".to_owned()));
    assert!(!answer.delete_before_replace, "the new one has another name");
}

#[tokio::test]
async fn objects_live_in_a_cluster() {
    let (server, kubeconfig) = ApiServer::start();
    let client = provider(&[("kubeconfig", &kubeconfig)]).await;
    let inputs = k(json!({"a": {"secret": "x"}, "b": 3}));
    let (id, state) = create(&client, K, &inputs, true).await.unwrap();
    assert_eq!((id.as_str(), &state["spec"]), ("", &json!({"a": {"secret": "x"}, "b": 3.0})));
    assert!(server.objects.lock().unwrap().is_empty());
    let (id, state) = create(&client, K, &inputs, false).await.unwrap();
    assert_eq!((id.as_str(), &state["metadata"]["uid"]), ("s/n", &json!("u")));
    assert!(state["metadata"].get("managedFields").is_none());
    let path = "/apis/g/v1/namespaces/s/ks/n";
    assert_eq!(server.objects.lock().unwrap()[path]["spec"], json!({"a": "x", "b": 3}));
    let error = create(&client, K, &inputs, false).await.unwrap_err();
    assert_eq!(error.message(), "s/n was not created: already exists");

    let news = k(json!({"a": "y"}));
    let state = update(&client, K, &state, &news).await.unwrap();
    let manager = state["__fieldManager"].as_str().unwrap().to_owned();
    let stored = server.objects.lock().unwrap()[path].clone();
    assert_eq!(stored["spec"], json!({"a": "y"}));
    let managers = json!([
        {"manager": manager, "operation": "Apply"},
        {"manager": "external-secrets", "operation": "Update", "subresource": "status"}]);
    assert_eq!(stored["metadata"]["managedFields"], managers);
    let last = server.requests.lock().unwrap().last().unwrap().clone();
    assert_eq!(last, format!("PATCH {path}?fieldManager={manager}&force=false"));

    server.objects.lock().unwrap().get_mut(path).unwrap()["spec"]["a"] = json!("drifted");
    let (state, live) = read(&client, K, &id, &state, &news).await.unwrap();
    assert_eq!((&live, &state["spec"]["a"]), (&k(json!({"a": "drifted"})), &json!("drifted")));
    assert_eq!(diff(&client, K, &state, &news).await.detailed_diff["spec.a"].kind(), DiffKind::Update);
    delete(&client, K, &id, &state).await;
    assert!(server.objects.lock().unwrap().is_empty());
    delete(&client, K, &id, &state).await;
    assert!(read(&client, K, &id, &state, &news).await.is_none());
}

#[tokio::test]
async fn values_of_secrets_stay_secret_and_replace() {
    let (_server, kubeconfig) = ApiServer::start();
    let client = provider(&[("kubeconfig", &kubeconfig)]).await;
    let secret = |text: &str| json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "c"}, "stringData": {"k": text}});
    let inputs = json(check(&client, SECRET, &secret("x")).await.inputs);
    assert_eq!(inputs["data"], json!({"secret": {"k": "eA=="}}));
    assert_eq!(inputs["metadata"]["namespace"], "default");
    let (_, state) = create(&client, SECRET, &inputs, false).await.unwrap();
    assert_eq!((&state["data"], &state["__inputs"]["data"]), (&inputs["data"], &inputs["data"]));
    assert_eq!(diff(&client, SECRET, &state, &inputs).await.changes(), DiffChanges::None);
    let inputs = json(check(&client, SECRET, &secret("y")).await.inputs);
    let answer = diff(&client, SECRET, &state, &inputs).await;
    assert!(answer.delete_before_replace);
}

#[tokio::test]
async fn the_selector_of_a_deployment_replaces_it() {
    let folder = tempfile::tempdir().unwrap();
    let client = provider(&[("renderYamlToDirectory", folder.path().to_str().unwrap())]).await;
    let deployment = |image: &str, label: &str| {
        let labels = json!({"app.kubernetes.io/name": label});
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "s"},
            "spec": {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels},
                "spec": {"containers": [{"name": "web", "image": image}]}}}})
    };
    let urn = "urn:pulumi:dev::shop::keyloom:index:Keyloom$kubernetes:apps/v1:Deployment::web";
    let (_, state) = create(&client, urn, &deployment("web:1", "web"), false).await.unwrap();
    let changed = diff(&client, urn, &state, &deployment("web:2", "web")).await;
    assert!(changed.replaces.is_empty() && !changed.diffs.is_empty(), "{changed:?}");
    let changed = diff(&client, urn, &state, &deployment("web:1", "shop")).await;
    assert!(changed.replaces.iter().all(|path| path.starts_with("spec.selector")), "{changed:?}");
    assert!(!changed.replaces.is_empty(), "{changed:?}");
}

#[tokio::test]
async fn kinds_are_what_the_cluster_says() {
    let (_server, kubeconfig) = ApiServer::start();
    let client = provider(&[("kubeconfig", &kubeconfig)]).await;
    let wide = json!({"apiVersion": "g/v1", "kind": "Wide", "metadata": {"name": "n"}});
    let inputs = json(check(&client, WIDE, &wide).await.inputs);
    assert_eq!(inputs, wide);
    assert_eq!(create(&client, WIDE, &inputs, false).await.unwrap().0, "n");
    let unknown = "urn:pulumi:dev::shop::kubernetes:other/v1:K::n";
    let object = json!({"apiVersion": "other/v1", "kind": "K", "metadata": {"name": "n", "namespace": "s"}});
    assert_eq!(create(&client, unknown, &object, true).await.unwrap().1, object, "its CRD may be on its way");
    let error = create(&client, unknown, &object, false).await.unwrap_err();
    assert!(error.message().contains("does not know this kind"), "{error}");
}

#[tokio::test]
async fn what_the_api_server_refuses_fails_in_the_preview_too() {
    let (_server, kubeconfig) = ApiServer::start();
    let client = provider(&[("kubeconfig", &kubeconfig)]).await;
    for preview in [true, false] {
        let error = create(&client, K, &k(json!({"bad": true})), preview).await.unwrap_err();
        assert_eq!(error.message(), "s/n was not created: spec.bad: must be good");
    }
    let unknown = k(json!({"bad": true, "a": {"unknown": true}}));
    assert_eq!(create(&client, K, &unknown, true).await.unwrap(), (String::new(), unknown));
}
