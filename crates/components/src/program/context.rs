//! [`Context`]: what a program knows of its stack, and where it declares what there shall be.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use keyloom_syntax::Block;
use keyloom_wire::property::{PropertyMap, Urn};
use tokio::task::JoinSet;

use super::BoxError;
use super::config::Config;
use super::deployment::Deployment;
use super::export::Export;
use super::options::Options;
use super::resource::{self, Resource, ResourceError};
use crate::construct::Host;
use crate::monitor::Monitor;
use crate::origins::OriginTable;

/// What a program knows of its stack, and where it declares what there shall be. Clones are the same context.
#[derive(Clone)]
pub struct Context(Arc<Shared>);

struct Shared {
    deployment: Deployment,
    stack: Urn,
    host: Host,
    declared: Mutex<Declared>,
}

/// What the program has declared until now.
#[derive(Default)]
struct Declared {
    /// Registrations that go on while the program does.
    registrations: JoinSet<Result<(), BoxError>>,
    exports: PropertyMap,
    eso: Option<String>,
}

impl Context {
    pub(super) fn new(deployment: Deployment, monitor: Arc<dyn Monitor>, stack: Urn) -> Self {
        let host = Host { monitor, origins: OriginTable::new(), dry_run: deployment.dry_run };
        Self(Arc::new(Shared { deployment, stack, host, declared: Mutex::default() }))
    }

    /// Name of the project.
    pub fn project(&self) -> &str {
        &self.0.deployment.project
    }

    /// Name of the stack.
    pub fn stack(&self) -> &str {
        &self.0.deployment.stack
    }

    /// Organization of the stack; `organization` on backends that know none.
    pub fn organization(&self) -> &str {
        &self.0.deployment.organization
    }

    /// Whether this is a preview: outputs of what does not exist yet are then unknown.
    pub fn dry_run(&self) -> bool {
        self.0.deployment.dry_run
    }

    /// Configuration of the project: what `pulumi config set KEY` sets.
    pub fn config(&self) -> Config {
        self.config_of(self.project())
    }

    /// Configuration of a package: what `pulumi config set NAMESPACE:KEY` sets.
    pub fn config_of(&self, namespace: &str) -> Config {
        Config::new(namespace, Arc::clone(&self.0.deployment.config))
    }

    /// Makes a value an output of the stack, in place of an earlier one of that name. A secret stays one.
    pub fn export(&self, name: impl Into<String>, value: impl Into<Export>) {
        self.declared().exports.insert(name.into(), value.into().0);
    }

    /// Writes for this version of External Secrets Operator, such as `2.4`, from here on; the default is the newest that is known.
    /// A version that is not known is an error of the components that come.
    pub fn eso(&self, version: impl Into<String>) {
        self.declared().eso = Some(version.into());
    }

    /// Registers a resource of any provider, and waits until it is there. Its inputs are a [`Block`], as the provider takes them: objects of
    /// Kubernetes with `apiVersion` and `kind`. Its outputs can be given to components, which then depend on it.
    ///
    /// ```no_run
    /// # use keyloom_components::program::{Block, Context, ResourceError};
    /// # async fn namespace(ctx: &Context) -> Result<(), ResourceError> {
    /// let inputs = Block::map([
    ///     ("apiVersion", "v1".into()),
    ///     ("kind", "Namespace".into()),
    ///     ("metadata", Block::map([("name", "my-app")])),
    /// ]);
    /// let namespace = ctx.resource("kubernetes:core/v1:Namespace", "my-app", inputs).await?;
    /// let name = namespace.text("metadata.name")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When it was not registered, or its provider failed.
    pub async fn resource(&self, token: &str, name: &str, inputs: Block) -> Result<Resource, ResourceError> {
        self.resource_with(token, name, inputs, Options::new()).await
    }

    /// As [`resource`](Self::resource), with options.
    ///
    /// # Errors
    /// When it was not registered, or its provider failed.
    pub async fn resource_with(
        &self,
        token: &str,
        name: &str,
        inputs: Block,
        options: Options,
    ) -> Result<Resource, ResourceError> {
        resource::register(self, token, name, &inputs, options).await
    }

    /// Where components are constructed.
    pub(super) fn host(&self) -> &Host {
        &self.0.host
    }

    /// The parent of what names none.
    pub(super) fn stack_urn(&self) -> &Urn {
        &self.0.stack
    }

    /// The version that [`eso`](Self::eso) said.
    pub(super) fn eso_version(&self) -> Option<String> {
        self.declared().eso.clone()
    }

    /// Lets a registration go on while the program does.
    pub(super) fn spawn(&self, registration: impl Future<Output = Result<(), BoxError>> + Send + 'static) {
        self.declared().registrations.spawn(registration);
    }

    /// Waits for all registrations, and answers with the outputs of the stack.
    pub(super) async fn settle(&self) -> Result<PropertyMap, Vec<BoxError>> {
        let mut errors = Vec::new();
        // The program may go on declaring from tasks of its own until it has nothing left to wait for.
        loop {
            let mut registrations = std::mem::take(&mut self.declared().registrations);
            if registrations.is_empty() {
                break;
            }
            while let Some(ended) = registrations.join_next().await {
                match ended {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => errors.push(error),
                    Err(error) => errors.push(error.into()),
                }
            }
        }
        if errors.is_empty() { Ok(std::mem::take(&mut self.declared().exports)) } else { Err(errors) }
    }

    /// Nothing in here can panic half way, so a poisoned lock holds nothing broken.
    fn declared(&self) -> MutexGuard<'_, Declared> {
        self.0.declared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("stack", &self.0.stack).finish_non_exhaustive()
    }
}
