//! [`Engine`]: the monitor of a deployment, over gRPC.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use keyloom_wire::message::engine::{LogRequest, LogSeverity as WireSeverity};
use keyloom_wire::message::monitor::{
    RegisterResourceOutputsRequest, RegisterResourceRequest, RegisterResult, SupportsFeatureRequest,
};
use keyloom_wire::message::options::Urns;
use keyloom_wire::property::{Form, PropertyMap, Urn, decode_map, encode, encode_map};
use keyloom_wire::service::{EngineClient, MonitorClient};
use tonic::transport::Channel;
use tonic::{Code, Status};

use super::{
    Answer, Feature, LogMessage, LogSeverity, Monitor, MonitorError, Registered, RegisteredAs, Registration,
};

/// Pulumi's engine: the resource monitor of one deployment, and where lines for the user go.
#[derive(Clone)]
pub struct Engine {
    monitor: MonitorClient,
    log: Option<EngineClient>,
    /// What it has said of its features: they stay what they are as long as it is there.
    features: Arc<Mutex<BTreeMap<Feature, bool>>>,
}

impl Engine {
    /// The deployment behind `monitor`. Lines for the user go to `engine`, or nowhere.
    pub fn new(monitor: Channel, engine: Option<Channel>) -> Self {
        let log = engine.map(EngineClient::new);
        Self { monitor: MonitorClient::new(monitor), log, features: Arc::default() }
    }

    async fn supports(&self, feature: Feature) -> Result<bool, MonitorError> {
        let known = || self.features.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(supported) = known().get(&feature) {
            return Ok(*supported);
        }
        let request = SupportsFeatureRequest { id: feature.as_str().to_owned() };
        let supported = match self.monitor.supports_feature(request).await {
            Ok(answer) => answer.has_support,
            // Engines older than the question have none of the features.
            Err(status) if status.code() == Code::Unimplemented => false,
            Err(status) => return Err(error(&status)),
        };
        known().insert(feature, supported);
        Ok(supported)
    }

    async fn register(&self, registration: Registration) -> Result<Registered, MonitorError> {
        let answer =
            self.monitor.register_resource(request(registration)).await.map_err(|status| error(&status))?;
        let outcome = match answer.result() {
            RegisterResult::Success => RegisteredAs::Success,
            RegisterResult::Fail => RegisteredAs::Failed,
            RegisterResult::Skip => RegisteredAs::Skipped,
        };
        let outputs = answer.object.map(|object| decode_map(&object)).transpose();
        let outputs = outputs.map_err(|error| MonitorError::new(error.to_string()))?.unwrap_or_default();
        Ok(Registered { urn: Urn::from(answer.urn), id: answer.id, outcome, outputs })
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Engine(..)")
    }
}

impl Monitor for Engine {
    fn register(&self, registration: Registration) -> Answer<'_, Registered> {
        Box::pin(self.register(registration))
    }

    fn register_outputs(&self, urn: Urn, outputs: PropertyMap) -> Answer<'_, ()> {
        Box::pin(async move {
            let outputs = Some(encode_map(&outputs, Form::Plain));
            let request = RegisterResourceOutputsRequest { urn: urn.to_string(), outputs };
            self.monitor.register_resource_outputs(request).await.map_err(|status| error(&status))
        })
    }

    fn log(&self, message: LogMessage) -> Answer<'_, ()> {
        Box::pin(async move {
            let Some(engine) = &self.log else { return Ok(()) };
            let severity = match message.severity {
                LogSeverity::Debug => WireSeverity::Debug,
                LogSeverity::Info => WireSeverity::Info,
                LogSeverity::Warning => WireSeverity::Warning,
                LogSeverity::Error => WireSeverity::Error,
            };
            let urn = message.urn.as_deref().unwrap_or_default().to_owned();
            let line = LogRequest { message: message.message, urn, ..LogRequest::default() };
            let line = LogRequest { severity: severity.into(), ..line };
            engine.log(line).await.map_err(|status| error(&status))
        })
    }

    fn supports(&self, feature: Feature) -> Answer<'_, bool> {
        Box::pin(self.supports(feature))
    }
}

/// The registration as the engine reads it.
fn request(registration: Registration) -> RegisterResourceRequest {
    let Registration { token, name, custom, inputs, dependencies, property_dependencies, options } =
        registration;
    let property_dependencies =
        property_dependencies.into_iter().map(|(name, of)| (name, Urns { urns: urns(&of) }));
    RegisterResourceRequest {
        r#type: token,
        name,
        parent: options.parent.as_deref().unwrap_or_default().to_owned(),
        custom,
        object: Some(encode_map(&inputs, Form::Plain)),
        protect: options.protect,
        dependencies: urns(&dependencies),
        provider: options.provider,
        property_dependencies: property_dependencies.collect::<BTreeMap<_, _>>(),
        delete_before_replace: options.delete_before_replace.unwrap_or_default(),
        delete_before_replace_defined: options.delete_before_replace.is_some(),
        ignore_changes: options.ignore_changes,
        accept_secrets: true,
        additional_secret_outputs: options.additional_secret_outputs,
        custom_timeouts: options.custom_timeouts,
        supports_partial_values: true,
        accept_resources: true,
        providers: options.providers,
        replace_on_changes: options.replace_on_changes,
        retain_on_delete: options.retain_on_delete,
        alias_specs: true,
        aliases: options.aliases,
        deleted_with: options.deleted_with.as_deref().unwrap_or_default().to_owned(),
        supports_result_reporting: true,
        hooks: options.hooks,
        parent_stack_trace_handle: options.stack_trace_handle,
        replace_with: options.replace_with.iter().map(|urn| urn.to_string()).collect(),
        replacement_trigger: options.replacement_trigger.map(|trigger| encode(&trigger, Form::Plain)),
        ..RegisterResourceRequest::default()
    }
}

fn urns(urns: &BTreeSet<Urn>) -> Vec<String> {
    urns.iter().map(|urn| urn.to_string()).collect()
}

fn error(status: &Status) -> MonitorError {
    MonitorError::new(match status.message() {
        "" => status.code().description(),
        message => message,
    })
}
