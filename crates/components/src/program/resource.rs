//! [`Resource`]: a resource of any provider, which a program registers itself.

use std::collections::BTreeSet;

use keyloom_syntax::{Block, Text};
use keyloom_wire::property::signature::UNKNOWN;
use keyloom_wire::property::{Property, Urn, Value};
use secrecy::SecretString;
use thiserror::Error;

use super::context::Context;
use super::handle::Handle;
use super::options::Options;
use crate::children::sink;
use crate::construct::registration;
use crate::failure::{ChildFailure, Failure, ResourceName};
use crate::monitor::Registration;
use crate::origins::{NotRegistered, OriginTable, Reserved};
use crate::scrub::Scrub;

/// A resource that is registered, with what its provider answered.
#[derive(Clone, Debug)]
pub struct Resource {
    resource: ResourceName,
    urn: Urn,
    id: String,
    outputs: Property,
    dry_run: bool,
    origins: OriginTable,
    handle: Handle,
}

/// Why a resource, or an output of one, is not to be had.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResourceError {
    /// It was not registered.
    #[error(transparent)]
    Failed(#[from] Failure),
    /// Its provider did not create or update it.
    #[error("{}: {}", .0.child, .0.reason)]
    NotThere(ChildFailure),
    /// There is no such output.
    #[error("`{name}` has no output `{path}`")]
    NoOutput {
        /// Name of the resource.
        name: String,
        /// Path of the output.
        path: String,
    },
    /// An output is something else than a text.
    #[error("output `{path}` of `{name}` is no text; read it with `property`")]
    NoText {
        /// Name of the resource.
        name: String,
        /// Path of the output.
        path: String,
    },
}

/// Begins the type token of every provider; its package follows.
const PROVIDERS: &str = "pulumi:providers:";

impl Resource {
    /// Its URN.
    pub fn urn(&self) -> &str {
        &self.urn
    }

    /// Its provider's name for it; empty in a preview of what does not exist yet.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The output at a path such as `metadata.name`. It is secret where that was said of it or of what it is in, and depends
    /// on this resource. In a preview, what is not there yet is unknown.
    ///
    /// # Errors
    /// When there is no such output, and this is no preview.
    pub fn property(&self, path: &str) -> Result<Property, ResourceError> {
        let (mut at, mut secret) = (&self.outputs, false);
        for step in path.split('.') {
            secret |= at.secret;
            at = match at.get(step) {
                Some(found) => found,
                None if self.dry_run || at.value == Value::Unknown => {
                    let unknown = Property { secret, ..Property::unknown() };
                    return Ok(unknown.after([Urn::clone(&self.urn)]));
                }
                None => {
                    return Err(ResourceError::NoOutput {
                        name: self.resource.name.clone(),
                        path: path.to_owned(),
                    });
                }
            };
        }
        let found = Property { secret: secret || at.secret, ..at.clone() };
        Ok(found.after([Urn::clone(&self.urn)]))
    }

    /// The text at a path such as `metadata.name`, for any place where a text goes.
    ///
    /// # Errors
    /// When there is no such output, and this is no preview; or when it is no text.
    pub fn text(&self, path: &str) -> Result<Text, ResourceError> {
        let Property { value, secret, .. } = self.property(path)?;
        let origins = self.origins.origins([self.handle.0]);
        match value {
            Value::String(text) if secret => Ok(Text::secret(SecretString::from(text), origins)),
            Value::String(text) => Ok(Text::from(text).with_origins(origins)),
            Value::Unknown => Ok(Text::unknown(secret, origins)),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::List(_)
            | Value::Map(_)
            | Value::Reference(_)
            | Value::Opaque(_) => {
                Err(ResourceError::NoText { name: self.resource.name.clone(), path: path.to_owned() })
            }
        }
    }

    /// The package that it is a provider of, and how resources name it.
    pub(super) fn as_provider(&self) -> (String, String) {
        let package = self.resource.token.strip_prefix(PROVIDERS).unwrap_or(&self.resource.token);
        let id = if self.id.is_empty() { UNKNOWN } else { &self.id };
        (package.to_owned(), format!("{}::{id}", self.urn))
    }
}

impl From<&Resource> for Handle {
    fn from(resource: &Resource) -> Self {
        resource.handle
    }
}

/// Registers a resource, and waits until it is there.
pub(super) async fn register(
    context: &Context,
    token: &str,
    name: &str,
    inputs: &Block,
    options: Options,
) -> Result<Resource, ResourceError> {
    let host = context.host();
    let resource = ResourceName { token: token.to_owned(), name: name.to_owned() };
    let (reserved, origin) = Reserved::one(&host.origins);
    let options = options.resolve(&host.origins, context.stack_urn(), &resource).await?;
    let inputs = sink::plain(inputs, &host.origins);
    let scrub = Scrub::of([&inputs.properties]);
    let registration = registration(host, &resource, inputs, &options, &BTreeSet::new()).await;
    let registration = registration.map_err(|NotRegistered| Failure::Needed(resource.clone()))?;
    let registered = host.monitor.register(Registration { custom: true, ..registration }).await;
    let registered = registered.map_err(|error| Failure::Monitor {
        resource: resource.clone(),
        verb: "registered",
        reason: scrub.clean(&error.message),
    })?;
    if let Some(failure) = ChildFailure::outcome(resource.clone(), registered.outcome) {
        return Err(ResourceError::NotThere(failure));
    }
    reserved.registered(origin, &registered.urn);
    Ok(Resource {
        resource,
        urn: registered.urn,
        id: registered.id,
        outputs: registered.outputs.into(),
        dry_run: host.dry_run,
        origins: host.origins.clone(),
        handle: Handle(origin),
    })
}
