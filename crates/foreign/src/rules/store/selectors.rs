//! References to keys of Secrets, wherever a provider has one.

use keyloom_syntax::Severity;
use keyloom_syntax::view::{View, ViewKind};
use keyloom_upstream::Cursor;
use keyloom_upstream::eso::{EsoVersion, Kind, spec};

use crate::rules::{Place, Problems};

/// The fields of such a reference.
const FIELDS: [&str; 3] = ["key", "name", "namespace"];
/// References whose key has a default in the operator.
const WITH_DEFAULT: [&str; 4] = ["dopplerToken", "certSecretRef", "keySecretRef", "clientCert"];
/// Providers of which it is certain that they look for the Secret's name and key.
const CERTAIN: [&str; 8] =
    ["aws", "azurekv", "doppler", "gcpsm", "infisical", "onepassword", "onepasswordSDK", "vault"];

pub(super) fn check(provider: &str, block: &Place<'_, '_>, cluster: bool, problems: &mut Problems) {
    if !CERTAIN.contains(&provider) {
        return;
    }
    let schema = spec(EsoVersion::newest(), Kind::SecretStore).root().at(&["provider", provider]);
    if let Some(schema) = schema {
        below(schema, block, &Judge { provider, cluster, field: "", method: "" }, problems);
    }
}

#[derive(Clone, Copy)]
struct Judge<'p> {
    provider: &'p str,
    cluster: bool,
    /// The field that holds the reference, and the one around it.
    field: &'p str,
    method: &'p str,
}

/// Looks for references by the schema: whatever has these fields and no others is one.
fn below(schema: Cursor<'_>, at: &Place<'_, '_>, judge: &Judge<'_>, problems: &mut Problems) {
    if at.kind() != ViewKind::Mapping {
        return;
    }
    if schema.properties().map(|(name, _)| name).eq(FIELDS) {
        judge.selector(at, problems);
        return;
    }
    for (field, place) in at.entries() {
        if let Some(schema) = schema.property(field) {
            below(schema, &place, &Judge { field, method: judge.field, ..*judge }, problems);
        }
    }
}

impl Judge<'_> {
    fn selector(&self, at: &Place<'_, '_>, problems: &mut Problems) {
        let blank = |field: &str| at.get(field).is_none_or(|value| value.view().text() == Some(""));
        // What the webhook says already is not said twice.
        let by_webhook = self.provider == "onepassword"
            || (self.provider == "infisical" && self.method == "universalAuthCredentials");
        if blank("name") && self.provider != "onepassword" {
            problems.push(
                at.error_at_key("selector-key", "the reference does not name the Secret")
                    .why("the API server takes it, and the operator finds no Secret without a name")
                    .fix("add `name`"),
            );
        }
        let default =
            WITH_DEFAULT.contains(&self.field) || (self.method == "kubernetes" && self.field == "secretRef");
        if blank("key") && !default && !by_webhook {
            problems.push(
                at.error_at_key(
                    "selector-key",
                    "the reference does not say which key of the Secret is meant",
                )
                .why("the API server takes it, and the operator finds no value without a key")
                .fix("add `key`"),
            );
        }
        if self.cluster && self.provider == "infisical" && !at.has("namespace") {
            problems.push(
                at.error_at_key(
                    "selector-namespace",
                    "the reference of a ClusterSecretStore does not say its namespace",
                )
                .severity(Severity::Error)
                .why("the operator looks in no namespace when it checks the store, which never gets ready")
                .fix("add `namespace`"),
            );
        }
    }
}
