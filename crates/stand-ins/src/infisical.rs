//! A stand-in for Pulumi's package of Infisical, which is bridged from Terraform's provider: it holds inputs against the
//! provider's schema and makes nothing.
//!
//! The real bridge drops what it does not know in silence; this one refuses it, for that is what a test wants to see.

use keyloom_wire::message::Struct;
use keyloom_wire::message::plugin::PluginInfo;
use keyloom_wire::message::provider::{
    ConfigureRequest, ConfigureResponse, GetSchemaRequest, GetSchemaResponse,
};
use keyloom_wire::message::resource::{
    CheckFailure, CheckRequest, CheckResponse, CreateRequest, CreateResponse, DeleteRequest, DiffChanges,
    DiffRequest, DiffResponse, ReadRequest, ReadResponse, UpdateRequest, UpdateResponse,
};
use keyloom_wire::property::{PropertyMap, decode_map};
use keyloom_wire::service::ResourceProvider;
use tonic::Status;

mod check;

/// The version whose schema it is.
const VERSION: &str = "0.19.24";
/// The input whose change replaces a resource.
const REPLACES: &str = "projectId";

/// The provider. Its resources are what they are told to be.
#[derive(Clone, Copy, Debug, Default)]
pub struct Provider;

impl ResourceProvider for Provider {
    async fn get_plugin_info(&self, (): ()) -> Result<PluginInfo, Status> {
        Ok(PluginInfo { version: VERSION.to_owned() })
    }

    async fn get_schema(&self, _: GetSchemaRequest) -> Result<GetSchemaResponse, Status> {
        Ok(GetSchemaResponse {
            schema: serde_json::json!({ "name": "infisical", "version": VERSION }).to_string(),
        })
    }

    async fn check_config(&self, request: CheckRequest) -> Result<CheckResponse, Status> {
        Ok(CheckResponse { inputs: request.news, failures: Vec::new() })
    }

    async fn diff_config(&self, _: DiffRequest) -> Result<DiffResponse, Status> {
        Ok(DiffResponse { changes: DiffChanges::None.into(), ..DiffResponse::default() })
    }

    async fn configure(&self, _: ConfigureRequest) -> Result<ConfigureResponse, Status> {
        Ok(ConfigureResponse { accept_secrets: true, supports_preview: true, ..ConfigureResponse::default() })
    }

    async fn check(&self, request: CheckRequest) -> Result<CheckResponse, Status> {
        let inputs = decode(request.news.as_ref())?;
        let failures = check::failures(token(&request.urn), &inputs);
        let failure = |(property, reason)| CheckFailure { property, reason };
        Ok(CheckResponse { inputs: request.news, failures: failures.into_iter().map(failure).collect() })
    }

    async fn diff(&self, request: DiffRequest) -> Result<DiffResponse, Status> {
        let (old, new) = (decode(request.old_inputs.as_ref())?, decode(request.news.as_ref())?);
        let names = old.keys().chain(new.keys().filter(|name| !old.contains_key(*name)));
        let diffs: Vec<String> = names.filter(|name| old.get(*name) != new.get(*name)).cloned().collect();
        let replaces = diffs.iter().filter(|name| *name == REPLACES).cloned().collect();
        let changes = if diffs.is_empty() { DiffChanges::None } else { DiffChanges::Some };
        Ok(DiffResponse { changes: changes.into(), replaces, diffs, ..DiffResponse::default() })
    }

    async fn create(&self, request: CreateRequest) -> Result<CreateResponse, Status> {
        let id = if request.preview { String::new() } else { id(&request.urn) };
        Ok(CreateResponse { id, properties: request.properties })
    }

    async fn read(&self, request: ReadRequest) -> Result<ReadResponse, Status> {
        Ok(ReadResponse { id: request.id, properties: request.properties, inputs: request.inputs })
    }

    async fn update(&self, request: UpdateRequest) -> Result<UpdateResponse, Status> {
        Ok(UpdateResponse { properties: request.news })
    }

    async fn delete(&self, _: DeleteRequest) -> Result<(), Status> {
        Ok(())
    }

    async fn cancel(&self, (): ()) -> Result<(), Status> {
        Ok(())
    }
}

/// The type token of a resource, without those of its parents.
fn token(urn: &str) -> &str {
    let types = urn.split("::").nth(2).unwrap_or_default();
    types.rsplit('$').next().unwrap_or_default()
}

/// An id that is the same whenever the resource is made: that of Infisical are UUIDs.
fn id(urn: &str) -> String {
    format!("id-of-{}", urn.rsplit("::").next().unwrap_or_default())
}

fn decode(fields: Option<&Struct>) -> Result<PropertyMap, Status> {
    let Some(fields) = fields else { return Ok(PropertyMap::new()) };
    decode_map(fields).map_err(|error| Status::invalid_argument(error.to_string()))
}
