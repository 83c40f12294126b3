//! [`Plugin`]: what it answers. What components do not need is left to the service's own `UNIMPLEMENTED`.

use std::time::Duration;

use keyloom_resources::component::Component;
use keyloom_wire::message::construct::{ConstructRequest, ConstructResponse};
use keyloom_wire::message::plugin::{PluginAttach, PluginInfo};
use keyloom_wire::message::provider::{
    ConfigureRequest, ConfigureResponse, GetMappingRequest, GetMappingResponse, GetMappingsRequest,
    GetMappingsResponse, GetSchemaRequest, GetSchemaResponse, ProviderHandshakeRequest,
    ProviderHandshakeResponse,
};
use keyloom_wire::message::resource::{CheckRequest, CheckResponse, DiffChanges, DiffRequest, DiffResponse};
use keyloom_wire::property::PropertyMap;
use keyloom_wire::serve::Stop;
use keyloom_wire::service::ResourceProvider;
use tonic::Status;

use super::engine::Engines;
use super::request::Asked;
use super::{VERSION, answer};
use crate::component;
use crate::construct::{Host, construct};
use crate::failure::ResourceName;
use crate::origins::OriginTable;
use crate::plan::Plan;
use crate::translate::translate;

/// How long a component that is being made goes on once the plugin is to end. The engine asks plugins to stop a moment before
/// it stops listening, and until then takes every error for a fault of that very component.
const PATIENCE: Duration = Duration::from_secs(1);

/// Constructs components for an engine, many at once.
#[derive(Debug)]
pub struct Plugin {
    engines: Engines,
    stop: Stop,
}

impl Plugin {
    /// A plugin of the engine at that `HOST:PORT`, which asks to end by requesting that.
    pub fn new(engine: Option<String>, stop: Stop) -> Self {
        Self { engines: Engines::new(engine), stop }
    }

    async fn constructed(&self, request: ConstructRequest) -> Result<ConstructResponse, Status> {
        let component = ResourceName { token: request.r#type.clone(), name: request.name.clone() };
        let asked = Asked::read(request).map_err(|malformed| answer::malformed(&component, &malformed))?;
        let origins = OriginTable::new();
        let plan = plan(&asked, &origins)?;
        let monitor = self.engines.deployment(&asked.monitor).await.map_err(|error| {
            Status::unavailable(format!(
                "{component}: the engine does not answer at {}: {error}",
                asked.monitor
            ))
        })?;
        let host = Host { monitor, origins, dry_run: asked.dry_run };
        let failed = |failure| answer::failed(failure, &asked.inputs);
        let constructed = construct(&host, plan, asked.options).await.map_err(failed)?;
        Ok(answer::constructed(constructed, asked.output_values))
    }
}

/// What the component amounts to, with what its options mean for the children.
fn plan(asked: &Asked, origins: &OriginTable) -> Result<Plan, Status> {
    let Asked { component, inputs, options, .. } = asked;
    let kind = Component::of_token(&component.token).ok_or_else(|| answer::no_component(component))?;
    let plan =
        |inputs: &PropertyMap, origins: &OriginTable| component::plan(kind, &component.name, inputs, origins);
    let mut made = plan(inputs, origins).map_err(|errors| answer::failed(errors.into(), inputs))?;
    translate(&mut made, options, inputs, |other| Some(plan(&other, &OriginTable::new()).ok()?.children));
    Ok(made)
}

impl ResourceProvider for Plugin {
    async fn handshake(
        &self,
        request: ProviderHandshakeRequest,
    ) -> Result<ProviderHandshakeResponse, Status> {
        self.engines.moved(request.engine_address);
        Ok(ProviderHandshakeResponse {
            accept_secrets: true,
            accept_resources: true,
            accept_outputs: true,
            ..ProviderHandshakeResponse::default()
        })
    }

    async fn attach(&self, request: PluginAttach) -> Result<(), Status> {
        self.engines.moved(request.address);
        Ok(())
    }

    async fn get_plugin_info(&self, (): ()) -> Result<PluginInfo, Status> {
        Ok(PluginInfo { version: VERSION.to_owned() })
    }

    async fn get_schema(&self, request: GetSchemaRequest) -> Result<GetSchemaResponse, Status> {
        if request.version != 0 {
            return Err(Status::invalid_argument(format!(
                "schemas of format {} are not known; 0 is",
                request.version
            )));
        }
        if !request.subpackage_name.is_empty() {
            return Err(Status::invalid_argument(
                "the package takes no parameters, so there are no packages of it",
            ));
        }
        Ok(GetSchemaResponse { schema: include_str!("../../../../schemas/pulumi-package.json").to_owned() })
    }

    async fn check_config(&self, request: CheckRequest) -> Result<CheckResponse, Status> {
        // There is nothing to configure: components take everything as inputs.
        Ok(CheckResponse { inputs: request.news, failures: Vec::new() })
    }

    async fn diff_config(&self, request: DiffRequest) -> Result<DiffResponse, Status> {
        let same = request.news == request.old_inputs.or(request.olds);
        let changes = if same { DiffChanges::None } else { DiffChanges::Some };
        Ok(DiffResponse { changes: changes.into(), ..DiffResponse::default() })
    }

    async fn configure(&self, _: ConfigureRequest) -> Result<ConfigureResponse, Status> {
        Ok(ConfigureResponse {
            accept_secrets: true,
            supports_preview: true,
            accept_resources: true,
            accept_outputs: true,
            ..ConfigureResponse::default()
        })
    }

    async fn construct(&self, request: ConstructRequest) -> Result<ConstructResponse, Status> {
        let component = ResourceName { token: request.r#type.clone(), name: request.name.clone() };
        let given_up = async {
            self.stop.requested().await;
            tokio::time::sleep(PATIENCE).await;
        };
        tokio::select! {
            answer = self.constructed(request) => answer,
            () = given_up => Err(Status::cancelled(format!(
                "{component} is not finished: plugins were asked to stop, as they are when something else fails or the \
                 run is cancelled; nothing is known to be wrong with it"
            ))),
        }
    }

    async fn cancel(&self, (): ()) -> Result<(), Status> {
        self.stop.request();
        Ok(())
    }

    async fn get_mapping(&self, _: GetMappingRequest) -> Result<GetMappingResponse, Status> {
        Ok(GetMappingResponse::default())
    }

    async fn get_mappings(&self, _: GetMappingsRequest) -> Result<GetMappingsResponse, Status> {
        Ok(GetMappingsResponse::default())
    }
}
