//! From what the engine asks to what is constructed: inputs with all they depend on, and every option.

use std::collections::BTreeSet;

use keyloom_wire::message::construct::ConstructRequest;
use keyloom_wire::property::{Malformed, Property, PropertyMap, Urn, Value, decode, decode_map};

use crate::failure::ResourceName;
use crate::options::ResourceOptions;

/// What the engine asks for.
pub(super) struct Asked {
    pub(super) component: ResourceName,
    pub(super) inputs: PropertyMap,
    pub(super) options: ResourceOptions,
    pub(super) dry_run: bool,
    /// `HOST:PORT` of the deployment's monitor.
    pub(super) monitor: String,
    /// Whether outputs may say themselves what they depend on.
    pub(super) output_values: bool,
}

impl Asked {
    pub(super) fn read(request: ConstructRequest) -> Result<Self, Malformed> {
        // Every field, so that a new one cannot be forgotten. Configuration and names of the stack are not for components:
        // what they need comes as inputs.
        let ConstructRequest {
            project: _,
            stack: _,
            organization: _,
            config: _,
            config_secret_keys: _,
            parallel: _,
            dry_run,
            monitor_endpoint,
            r#type: token,
            name,
            parent,
            inputs,
            input_dependencies,
            protect,
            providers,
            dependencies,
            additional_secret_outputs,
            custom_timeouts,
            deleted_with,
            delete_before_replace,
            ignore_changes,
            replace_on_changes,
            retain_on_delete,
            accepts_output_values,
            resource_hooks,
            stack_trace_handle,
            replace_with,
            aliases,
            replacement_trigger,
        } = request;
        let mut inputs = inputs.as_ref().map(decode_map).transpose()?.unwrap_or_default();
        for (name, urns) in input_dependencies {
            if let Some(input) = inputs.get_mut(&name) {
                depend(input, urns.urns);
            }
        }
        let options = ResourceOptions {
            parent: urn(parent),
            depends_on: dependencies.into_iter().map(Urn::from).collect(),
            provider: String::new(),
            providers,
            protect,
            aliases,
            additional_secret_outputs,
            custom_timeouts,
            deleted_with: urn(deleted_with),
            replace_with: replace_with.into_iter().map(Urn::from).collect(),
            delete_before_replace,
            ignore_changes,
            replace_on_changes,
            retain_on_delete,
            replacement_trigger: replacement_trigger.as_ref().map(decode).transpose()?,
            hooks: resource_hooks,
            stack_trace_handle,
        };
        let component = ResourceName { token, name };
        Ok(Self {
            component,
            inputs,
            options,
            dry_run,
            monitor: monitor_endpoint,
            output_values: accepts_output_values,
        })
    }
}

fn urn(urn: String) -> Option<Urn> {
    (!urn.is_empty()).then(|| Urn::from(urn))
}

/// An input depends on those too, unless it says itself, and more precisely, what its parts depend on. A resource as a value
/// depends on itself, and the engine knows.
fn depend(input: &mut Property, urns: Vec<String>) {
    let precise = !input.all_urns().is_empty() || matches!(input.value, Value::Reference(_));
    if !precise {
        input.urns = urns.into_iter().map(Urn::from).collect::<BTreeSet<_>>();
    }
}
