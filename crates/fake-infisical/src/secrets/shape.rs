//! A secret as it is answered.

use serde_json::{Value, json};

use crate::clock::iso;
use crate::id;
use crate::store::{Project, Secret};

/// What stands where a value is not shown.
pub(crate) const HIDDEN: &str = "<hidden-by-infisical>";

/// Where a secret lies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) project: &'a Project,
    pub(crate) environment: &'a str,
    pub(crate) path: &'a str,
}

/// A secret with its value as it is to be shown; without one, the placeholder.
pub(crate) fn secret(place: Place<'_>, key: &str, secret: &Secret, value: Option<&str>) -> Value {
    let tags = secret.tags.iter().map(|tag| {
        let id = id::uuid(&format!("tag/{}/{}", place.project.slug, tag.slug));
        json!({"id": id, "slug": tag.slug, "color": null, "name": tag.slug})
    });
    let metadata =
        secret.metadata.iter().map(|it| json!({"key": it.key, "value": it.value, "isEncrypted": false}));
    json!({
        "id": secret.id,
        "_id": secret.id,
        "workspace": place.project.id,
        "environment": place.environment,
        "version": secret.version,
        "type": "shared",
        "secretKey": key,
        "secretValue": value.unwrap_or(HIDDEN),
        "secretValueHidden": value.is_none(),
        "secretComment": secret.comment,
        "secretReminderNote": null,
        "secretReminderRepeatDays": null,
        "skipMultilineEncoding": false,
        "createdAt": iso(secret.created),
        "updatedAt": iso(secret.updated),
        "isRotatedSecret": secret.rotation_id.is_some(),
        "rotationId": secret.rotation_id,
        "secretPath": place.path,
        "secretMetadata": metadata.collect::<Value>(),
        "tags": tags.collect::<Value>(),
    })
}
