//! Ways that lead back: what a sync writes, an external secret reads and a push secret writes to where the sync reads.

use keyloom_syntax::Text;

use super::origin;
use super::reach::{Enabled, Same};
use crate::code;
use crate::config::infisical::{Access, Destination};
use crate::config::{ExternalSecret, FromSource, PushSource, PushStore, StoreRef};
use crate::finding::{Findings, List, Place};
use crate::policy::AwsService;
use crate::store::infisical::InfisicalConfig;
use crate::store::{Backend, StoreProvider};
use crate::validate::same;
use crate::validate::world::{Push, World, full_name};

/// Checks every sync whose values stores can read again: in AWS, and at GitHub where a pipeline takes them there.
pub(super) fn check(all: &[Enabled<'_>], access: &Access, world: &World<'_>, findings: &mut Findings) {
    let read_again = |sync: &&Enabled<'_>| {
        sync.sync.kind().is_aws() || world.pipelines.iter().any(|pipeline| sync.feeds(pipeline) != Same::No)
    };
    for sync in all.iter().filter(read_again) {
        for (number, reader) in world.external_secrets.iter().enumerate() {
            let Some(reader) = reader.as_ref().filter(|reader| world.reads(reader, sync)) else { continue };
            for push in world.pushes() {
                let from = |name: &Text| {
                    same(Some(name), Some(&reader.target.name)) == Some(true)
                        && same(push.item.namespace.as_ref(), reader.namespace.as_ref()) == Some(true)
                };
                let PushSource::Secret(name) = &push.item.source else { continue };
                if from(name) && back(&push, sync, access, world) {
                    report(sync, number, reader, &push, findings);
                }
            }
        }
    }
}

/// Whether a push secret writes into the folder that the sync reads, as far as that is known. Slugs and ids of projects cannot be compared.
fn back(push: &Push<'_>, sync: &Enabled<'_>, access: &Access, world: &World<'_>) -> bool {
    let stores =
        push.item.stores.iter().filter_map(|store| world.infisical(store, push.item.namespace.as_ref()));
    let here = |store: &&InfisicalConfig| {
        store.environment.known().is_some()
            && store.environment.known() == sync.sync.environment.known()
            && host(store.host_api.as_ref()) == host(access.host.as_ref())
    };
    let Some(wanted) = sync.sync.secret_path.known() else { return false };
    stores.filter(here).any(|store| {
        let root = store.secrets_path.as_ref().map_or(Some("/"), Text::known);
        let entries = push.item.data.iter().map(|entry| entry.remote_key.known());
        let many =
            push.item.data_to.iter().map(|many| many.remote_key.as_ref().map_or(Some(""), Text::known));
        let mut names = entries.chain(many).flatten();
        root.is_some_and(|root| names.any(|name| folder(root, name) == wanted))
    })
}

/// The folder of a secret, absolute.
fn folder(root: &str, name: &str) -> String {
    let root = root.trim_end_matches('/');
    let whole = if name.starts_with('/') { name.to_owned() } else { format!("{root}/{name}") };
    match whole.rsplit_once('/') {
        Some(("", _)) | None => "/".to_owned(),
        Some((folder, _)) => folder.to_owned(),
    }
}

/// An address as all clients mean it; none is the vendor's cloud.
fn host(written: Option<&Text>) -> Option<String> {
    let Some(written) = written else { return Some("https://app.infisical.com".to_owned()) };
    Some(origin(written.known()?).to_ascii_lowercase())
}

fn report(
    sync: &Enabled<'_>,
    number: usize,
    reader: &ExternalSecret,
    push: &Push<'_>,
    findings: &mut Findings,
) {
    let environment = sync.sync.environment.shown();
    findings
        .warning(
            code::SYNC_LOOP,
            Place::item(List::SecretSyncs, sync.number).at("secretPath"),
            format!(
                "what sync `{}` writes comes back: push secret `{}` writes into {environment}:{} of Infisical",
                sync.sync.name.shown(),
                push.item.name.shown(),
                sync.sync.secret_path.shown()
            ),
        )
        .why("whether it is the same project cannot be told, for one is named by its id and the other by its slug")
        .fix("leave one part of the way out, or push to another folder")
        .and(
            Place::item(List::ExternalSecrets, number).at("name"),
            format!("`{}` reads what the sync wrote", reader.name.shown()),
        )
        .and(push.place.at("name"), "this pushes it back");
}

impl World<'_> {
    /// Whether an external secret reads what the sync writes.
    fn reads(&self, reader: &ExternalSecret, sync: &Enabled<'_>) -> bool {
        let own = reader.store.as_ref();
        let data = reader.data.iter().map(|entry| (entry.store.as_deref().or(own), &entry.remote.key));
        let whole = reader.data_from.iter().filter_map(|entry| match &entry.source {
            FromSource::Extract(remote) => Some((entry.store.as_ref().or(own), &remote.key)),
            FromSource::Find(_) | FromSource::Generator(_) => None,
        });
        let mut all = data.chain(whole);
        all.any(|(store, key)| {
            store.is_some_and(|store| {
                self.leads_to(store, reader.namespace.as_ref(), key, sync).unwrap_or(false)
            })
        })
    }

    fn leads_to(
        &self,
        store: &StoreRef,
        namespace: Option<&Text>,
        key: &Text,
        sync: &Enabled<'_>,
    ) -> Option<bool> {
        let Backend::Declared(StoreProvider::Aws(block)) = &self.store(store, namespace)?.backend else {
            return None;
        };
        let (name, here) = (full_name(block, key)?, block.region.known()?);
        match &sync.sync.destination {
            Destination::AwsSecretsManager { region, .. } => Some(
                block.service == AwsService::SecretsManager && here == region.known()? && sync.writes(&name),
            ),
            Destination::AwsParameterStore { region, .. } => Some(
                block.service == AwsService::ParameterStore && here == region.known()? && sync.writes(&name),
            ),
            Destination::GithubRepository { .. }
            | Destination::GithubEnvironment { .. }
            | Destination::GithubOrganization { .. } => {
                Some(block.service == AwsService::SecretsManager && self.carries(sync, here, &name))
            }
            Destination::GcpGlobal { .. }
            | Destination::GcpRegion { .. }
            | Destination::AzureKeyVault { .. }
            | Destination::Carried { .. } => None,
        }
    }

    /// Whether a pipeline takes what the sync writes at GitHub on to that name in AWS.
    fn carries(&self, sync: &Enabled<'_>, region: &str, name: &str) -> bool {
        self.pipelines
            .iter()
            .filter(|pipeline| pipeline.aws.region == region && sync.feeds(pipeline) != Same::No)
            .any(|pipeline| {
                pipeline
                    .secrets
                    .iter()
                    .any(|secret| secret.aws_name == name && sync.names.claims(&secret.source))
            })
    }

    /// The block of a declared store in Infisical.
    fn infisical(&self, store: &PushStore, namespace: Option<&Text>) -> Option<&InfisicalConfig> {
        let PushStore::Named(reference) = store else { return None };
        match &self.store(reference, namespace)?.backend {
            Backend::Declared(StoreProvider::Infisical(block)) => Some(block),
            Backend::Declared(_) | Backend::External(_) => None,
        }
    }
}
