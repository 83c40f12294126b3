//! Secret syncs, each by itself.

use keyloom_syntax::Text;

use super::connections::{Connections, Resolved};
use super::{destinations, label, names, options, present};
use crate::code;
use crate::config::infisical::{AwsSyncOptions, SecretSync, SyncOptions};
use crate::finding::{Findings, Place};
use crate::key_schema::KeySchema;
use crate::key_schema::names::Names;
use crate::secret_sync::SecretSyncConfig;

/// A sync, and what its key schema comes to, as far as it is known.
pub(super) struct Made {
    pub(super) sync: SecretSync,
    schema: Option<KeySchema>,
}

impl Made {
    /// What it makes of names; none where its key schema is not known or wrong.
    pub(super) fn names(&self) -> Option<Names<'_>> {
        Some(self.sync.destination.names(self.schema.as_ref()?))
    }
}

/// Makes one, and says what is wrong with it.
pub(super) fn make(
    item: &SecretSyncConfig,
    connections: &Connections<'_>,
    place: &Place,
    findings: &mut Findings,
) -> Option<Made> {
    let connection = connections.resolve(item, &place.at("appConnection"), findings);
    if let Some(connection) = &connection {
        app(item, connection, connections, place, findings);
    }
    let destination = destinations::make(&item.destination, &place.at("destinationConfig"), findings);
    names::source_path(&item.secret_path, &place.at("secretPath"), findings);
    let schema = names::check(item, place, findings);
    options::check(item, schema.as_ref(), place, findings);
    let sync = SecretSync {
        name: item.name.clone(),
        label: label(&item.name),
        connection: connection?.reference,
        project_id: item.project_id.clone(),
        environment: item.environment.clone(),
        secret_path: path(&item.secret_path),
        description: present(item.description.as_ref()),
        auto_sync: item.auto_sync_enabled,
        destination: destination?,
        options: options(item),
        allow_deletions: item.allow_deletions.clone(),
    };
    Some(Made { sync, schema })
}

/// The connection leads to the app of the destination.
fn app(
    item: &SecretSyncConfig,
    connection: &Resolved,
    connections: &Connections<'_>,
    place: &Place,
    findings: &mut Findings,
) {
    let kind = item.destination.kind();
    if connection.app == kind.app() {
        return;
    }
    let finding = findings.error(
        code::APP_OF_DESTINATION,
        place.at("appConnection"),
        format!(
            "sync `{}` writes to {}, and its connection leads to {}",
            item.name.shown(),
            kind.title(),
            connection.app.title()
        ),
    );
    finding.fix(format!("name a connection of app `{}`", kind.app().as_str()));
    if let Some((declared, at)) = connections.place(connection) {
        finding
            .label(format!("`{}` is of app `{}`", declared, connection.app.as_str()))
            .and(at, "declared here");
    }
}

/// A path without `/` at its end, as Infisical keeps it.
fn path(written: &Text) -> Text {
    match written.known() {
        Some(known) if known.len() > 1 && known.ends_with('/') => {
            let trimmed = known.trim_end_matches('/');
            Text::from(if trimmed.is_empty() { "/" } else { trimmed }).with_origins(written.origins().clone())
        }
        _ => written.clone(),
    }
}

fn options(item: &SecretSyncConfig) -> SyncOptions {
    let options = &item.options;
    let aws = item.destination.kind().is_aws().then(|| AwsSyncOptions {
        kms_key_id: present(options.aws_kms_key_id.as_ref()),
        tags: options.tags.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
        sync_secret_metadata_as_tags: options.sync_secret_metadata_as_tags,
    });
    SyncOptions {
        initial_sync_behavior: options.initial_sync_behavior,
        key_schema: present(options.key_schema.as_ref()),
        disable_secret_deletion: options.disable_secret_deletion,
        aws,
    }
}
