//! A stand-in for Pulumi's engine, which starts a plugin of components, has it construct one component over and over,
//! and says what that cost the plugin's process. It deploys nothing.

mod deployment;
mod plugin;

use std::io;
use std::sync::Arc;
use std::time::Instant;

use keyloom_wire::message::Struct;
use keyloom_wire::message::construct::ConstructRequest;
use keyloom_wire::message::provider::{ConfigureRequest, ProviderHandshakeRequest};
use keyloom_wire::message::resource::CheckRequest;
use keyloom_wire::property::{Form, encode_map};
use keyloom_wire::serve::{Port, Stop};
use keyloom_wire::service::{Engine, ProviderClient, ResourceMonitor, connect};
use serde::Serialize;
use serde_json::Value as Json;

use deployment::Deployment;
use plugin::Plugin;

use crate::object::from_json;
use crate::process;

const PROJECT: &str = "bench";
const STACK: &str = "dev";

/// What is asked of the plugin.
#[derive(Clone, Debug)]
pub struct Task {
    /// The plugin's program and its arguments; the engine's address is added.
    pub command: Vec<String>,
    /// Type token of the component.
    pub token: String,
    /// Its inputs.
    pub inputs: Struct,
    /// How often it is constructed before anything is measured.
    pub warm_up: u32,
    /// How often it is constructed then.
    pub count: u32,
}

/// What it cost, and what came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Cost {
    /// Seconds from the start of the process to its line with the port.
    pub start: f64,
    /// Most memory that was resident at one time, in bytes.
    pub peak: u64,
    /// Seconds of processor time of one construction, in the plugin's code and in the kernel's.
    pub cpu: f64,
    /// Seconds that one construction took, one after the other.
    pub wall: f64,
    /// Inputs of all children of one component, with their types.
    pub children: Vec<Json>,
}

/// Inputs that are written as JSON, as they travel.
pub fn inputs(written: impl IntoIterator<Item = (String, Json)>) -> Struct {
    encode_map(&from_json(&Json::Object(written.into_iter().collect())), Form::Plain)
}

/// Starts the plugin, and measures it.
///
/// # Errors
/// A plugin that does not start or fails at what it is asked.
pub async fn measure(task: &Task) -> io::Result<Cost> {
    let deployment = Arc::new(Deployment::default());
    let port = Port::open().await?;
    let address = port.address().to_string();
    let router =
        ResourceMonitor::router(Arc::clone(&deployment)).and(Engine::router(Arc::clone(&deployment)));
    let stop = Stop::default();
    let serving = tokio::spawn(port.serve(router, stop.requested()));

    let (plugin, start) = Plugin::start(&task.command, &address)?;
    let client = ProviderClient::new(connect(&plugin.address()).await.map_err(io::Error::other)?);
    introduce(&client, &address).await?;
    for index in 0..task.warm_up {
        construct(&client, task, &address, index).await?;
    }
    let children = deployment.children();
    let (before, clock) = (process::cpu(plugin.id())?, Instant::now());
    for index in 0..task.count {
        construct(&client, task, &address, task.warm_up + index).await?;
    }
    let (after, wall) = (process::cpu(plugin.id())?, clock.elapsed());
    let peak = process::peak(plugin.id())?;
    let each = f64::from(task.count.max(1));
    client.cancel(()).await.map_err(io::Error::other)?;
    plugin.end().await?;
    stop.request();
    serving.await.map_err(io::Error::other)?.map_err(io::Error::other)?;
    Ok(Cost {
        start: start.as_secs_f64(),
        peak,
        cpu: (after - before).as_secs_f64() / each,
        wall: wall.as_secs_f64() / each,
        children,
    })
}

/// What the engine asks before the first component.
async fn introduce(client: &ProviderClient, address: &str) -> io::Result<()> {
    let handshake = ProviderHandshakeRequest { engine_address: address.to_owned(), ..Default::default() };
    // The official hosts do not know it, and are asked by what follows.
    let _ = client.handshake(handshake).await;
    client.get_plugin_info(()).await.map_err(io::Error::other)?;
    let check = CheckRequest { news: Some(Struct::default()), ..CheckRequest::default() };
    let _ = client.check_config(check).await;
    let configure = ConfigureRequest {
        args: Some(Struct::default()),
        accept_secrets: true,
        accept_resources: true,
        ..ConfigureRequest::default()
    };
    let accepts = client.configure(configure).await.map_err(io::Error::other)?;
    match accepts.accept_secrets {
        true => Ok(()),
        false => Err(io::Error::other("the plugin does not accept secrets")),
    }
}

async fn construct(client: &ProviderClient, task: &Task, address: &str, index: u32) -> io::Result<()> {
    let request = ConstructRequest {
        project: PROJECT.to_owned(),
        stack: STACK.to_owned(),
        organization: "organization".to_owned(),
        parallel: 16,
        monitor_endpoint: address.to_owned(),
        r#type: task.token.clone(),
        name: format!("component-{index}"),
        parent: deployment::urn("", "pulumi:pulumi:Stack", &format!("{PROJECT}-{STACK}")),
        inputs: Some(task.inputs.clone()),
        accepts_output_values: true,
        ..ConstructRequest::default()
    };
    let answer = client.construct(request).await.map_err(io::Error::other)?;
    match answer.urn.is_empty() {
        false => Ok(()),
        true => Err(io::Error::other("the plugin answered without a URN")),
    }
}
