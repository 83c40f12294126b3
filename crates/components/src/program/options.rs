//! [`Options`]: what a program says of a resource beside its inputs.

use keyloom_wire::property::Urn;

use super::handle::Handle;
use super::resource::Resource;
use crate::failure::{Failure, ResourceName};
use crate::options::{Alias, AliasSpec, CustomTimeouts, Former, ResourceOptions};
use crate::origins::{NotRegistered, OriginTable};

/// What a program says of a resource beside its inputs, in Pulumi's words.
///
/// ```no_run
/// # use keyloom_components::program::{Context, Options, Resource};
/// # fn options(provider: &Resource, before: &Resource) -> Options {
/// Options::new().provider(provider).depends_on([before]).protect(true).alias("old-name")
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Options {
    parent: Option<Handle>,
    depends_on: Vec<Handle>,
    deleted_with: Option<Handle>,
    /// What is known at once.
    known: ResourceOptions,
}

impl Options {
    /// Nothing said.
    pub fn new() -> Self {
        Self::default()
    }

    /// The parent, in place of the stack.
    #[must_use]
    pub fn parent(mut self, parent: impl Into<Handle>) -> Self {
        self.parent = Some(parent.into());
        self
    }

    /// Resources that must be there before it.
    #[must_use]
    pub fn depends_on<H: Into<Handle>>(mut self, resources: impl IntoIterator<Item = H>) -> Self {
        self.depends_on.extend(resources.into_iter().map(Into::into));
        self
    }

    /// The provider of the resource, or of a component's children of that package.
    #[must_use]
    pub fn provider(mut self, provider: &Resource) -> Self {
        let (package, reference) = provider.as_provider();
        self.known.providers.insert(package, reference);
        self
    }

    /// Whether it must not be deleted.
    #[must_use]
    pub fn protect(mut self, protect: bool) -> Self {
        self.known.protect = Some(protect);
        self
    }

    /// Whether it is left alone when it is no longer declared.
    #[must_use]
    pub fn retain_on_delete(mut self, retain: bool) -> Self {
        self.known.retain_on_delete = Some(retain);
        self
    }

    /// A name that it had before, so that it is kept and not replaced.
    #[must_use]
    pub fn alias(mut self, name: impl Into<String>) -> Self {
        let spec = AliasSpec { name: name.into(), ..AliasSpec::default() };
        self.known.aliases.push(Alias { alias: Some(Former::Spec(spec)) });
        self
    }

    /// What it was before, in whole.
    #[must_use]
    pub fn aliases(mut self, aliases: impl IntoIterator<Item = Alias>) -> Self {
        self.known.aliases.extend(aliases);
        self
    }

    /// Inputs whose changes are passed over, as property paths.
    #[must_use]
    pub fn ignore_changes<P: Into<String>>(mut self, paths: impl IntoIterator<Item = P>) -> Self {
        self.known.ignore_changes.extend(paths.into_iter().map(Into::into));
        self
    }

    /// Inputs whose changes replace it, as property paths.
    #[must_use]
    pub fn replace_on_changes<P: Into<String>>(mut self, paths: impl IntoIterator<Item = P>) -> Self {
        self.known.replace_on_changes.extend(paths.into_iter().map(Into::into));
        self
    }

    /// Outputs that are secret though no input says so.
    #[must_use]
    pub fn additional_secret_outputs<P: Into<String>>(mut self, names: impl IntoIterator<Item = P>) -> Self {
        self.known.additional_secret_outputs.extend(names.into_iter().map(Into::into));
        self
    }

    /// Whether it is deleted before its replacement is created.
    #[must_use]
    pub fn delete_before_replace(mut self, before: bool) -> Self {
        self.known.delete_before_replace = Some(before);
        self
    }

    /// How long each step may take.
    #[must_use]
    pub fn custom_timeouts(mut self, timeouts: CustomTimeouts) -> Self {
        self.known.custom_timeouts = Some(timeouts);
        self
    }

    /// A resource whose deletion deletes this one too.
    #[must_use]
    pub fn deleted_with(mut self, resource: impl Into<Handle>) -> Self {
        self.deleted_with = Some(resource.into());
        self
    }

    /// As the monitor takes them, when everything that they name is registered. The parent of what names none is the stack.
    pub(super) async fn resolve(
        self,
        origins: &OriginTable,
        stack: &Urn,
        resource: &ResourceName,
    ) -> Result<ResourceOptions, Failure> {
        let urns = async |handles: &[Handle]| {
            let urns = origins.urns(handles.iter().map(|handle| handle.0)).await;
            urns.map_err(|NotRegistered| Failure::Needed(resource.clone()))
        };
        let parent = urns(self.parent.as_slice()).await?.pop_first();
        Ok(ResourceOptions {
            parent: Some(parent.unwrap_or_else(|| Urn::clone(stack))),
            deleted_with: urns(self.deleted_with.as_slice()).await?.pop_first(),
            depends_on: urns(&self.depends_on).await?,
            ..self.known
        })
    }
}
