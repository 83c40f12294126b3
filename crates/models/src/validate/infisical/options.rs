//! How a sync writes: what its destination can do, and what the first run may cost.

use crate::code;
use crate::finding::{Findings, Place};
use crate::key_schema::KeySchema;
use crate::key_schema::names::{Manner, Names};
use crate::policy::InitialSyncBehavior;
use crate::secret_sync::{SecretSyncConfig, SyncKind};
use crate::validate::aws;

/// Checks the options; the key schema is none where it is not known or wrong.
pub(super) fn check(
    item: &SecretSyncConfig,
    schema: Option<&KeySchema>,
    place: &Place,
    findings: &mut Findings,
) {
    let at = place.at("syncOptions");
    behavior(item, &at, findings);
    of_aws(item, &at, findings);
    let one_secret = item.destination.is_one_secret();
    // What becomes of the keys of one secret is known without a key schema.
    let none = KeySchema::new(None, "");
    if let Some(schema) = schema.or(one_secret.then_some(&none)) {
        let manner = Manner::of(item.destination.kind(), one_secret);
        let claims_all = Names::new(schema, manner).claims_all();
        if claims_all && !manner.keeps(item.options.disable_secret_deletion) {
            may_delete(item, place, findings);
        }
    }
}

fn behavior(item: &SecretSyncConfig, place: &Place, findings: &mut Findings) {
    let kind = item.destination.kind();
    let at = place.at("initialSyncBehavior");
    match (item.options.initial_sync_behavior, kind == SyncKind::AZURE_DEVOPS) {
        (Some(_), true) => {
            findings
                .error(
                    code::OPTION_OF_DESTINATION,
                    at,
                    "a sync to Azure DevOps has no `initialSyncBehavior`: it always overwrites",
                )
                .why("Terraform's provider drops it, and says nothing")
                .fix("leave it out");
        }
        (None, false) => {
            findings.error("missing-field", at, "`initialSyncBehavior` is missing");
        }
        (Some(behavior), false)
            if behavior != InitialSyncBehavior::OverwriteDestination && !kind.can_import() =>
        {
            findings
                .error(
                    code::IMPORT_NOT_SUPPORTED,
                    at,
                    format!("`{behavior}` cannot be: secrets of {} cannot be read back", kind.title()),
                )
                .why("Terraform's provider lets it pass, and the server refuses it when Terraform applies")
                .fix("write `initialSyncBehavior: overwrite-destination`, with a `keySchema` of your own that protects what is there");
        }
        (Some(_), false) | (None, true) => {}
    }
}

/// What only destinations in AWS have.
fn of_aws(item: &SecretSyncConfig, place: &Place, findings: &mut Findings) {
    let options = &item.options;
    let kind = item.destination.kind();
    if !kind.is_aws() {
        let said = [
            ("awsKmsKeyId", options.aws_kms_key_id.as_ref().is_some_and(|key| !key.is_empty())),
            ("tags", !options.tags.is_empty()),
            ("syncSecretMetadataAsTags", options.sync_secret_metadata_as_tags),
        ];
        for (field, _) in said.into_iter().filter(|(_, said)| *said) {
            findings
                .error(
                    code::OPTION_OF_DESTINATION,
                    place.at(field),
                    format!("a sync to {} has no `{field}`", kind.title()),
                )
                .why("only destinations in AWS have it; Terraform's provider drops it, and says nothing")
                .fix("leave it out");
        }
        return;
    }
    super::addresses::kms_key(options.aws_kms_key_id.as_ref(), &place.at("awsKmsKeyId"), findings);
    tags(item, &place.at("tags"), findings);
    if item.destination.is_one_secret() && options.sync_secret_metadata_as_tags {
        findings
            .error(
                code::METADATA_AS_TAGS,
                place.at("syncSecretMetadataAsTags"),
                "metadata of many secrets cannot become tags of one",
            )
            .why("the server refuses it with `many-to-one` when Terraform applies")
            .fix("leave it out, or write `mappingBehavior: one-to-one`");
    }
}

fn tags(item: &SecretSyncConfig, place: &Place, findings: &mut Findings) {
    let tags = &item.options.tags;
    if tags.len() > aws::MOST_TAGS {
        findings
            .error(
                code::AWS_TAGS,
                place.clone(),
                format!("{} tags, and AWS takes {}", tags.len(), aws::MOST_TAGS),
            )
            .fix("leave some out");
    }
    for (key, value) in tags {
        if let Some(what) = aws::complaint(key, value.known()) {
            findings
                .error(code::AWS_TAGS, place.at(key.clone()), format!("AWS does not take this tag: {what}"))
                .fix("change it");
        }
    }
}

/// A sync that claims every name deletes what it did not write. Which names that are is seen by `keyloom plan` alone.
fn may_delete(item: &SecretSyncConfig, place: &Place, findings: &mut Findings) {
    let options = &item.options;
    let overwrites =
        matches!(options.initial_sync_behavior, None | Some(InitialSyncBehavior::OverwriteDestination));
    if !overwrites || !item.enabled {
        return;
    }
    let message = |what: &str| format!("the first run of `{}` deletes {what}", item.name.shown());
    if item.destination.is_one_secret() {
        findings
            .warning(
                code::SYNC_MAY_DELETE,
                place.at("syncOptions"),
                message("keys of the secret that are not at the source"),
            )
            .why("with `many-to-one` the secret is written as a whole, whatever `keySchema` and `disableSecretDeletion` say")
            .fix("name a secret of its own that nothing else writes, and say so in `# keyloom: ignore sync-may-delete -- REASON`, or write `initialSyncBehavior: import-prioritize-source`; `keyloom plan` shows what would go");
        return;
    }
    let said = options.key_schema.as_ref().is_some_and(|schema| !schema.is_empty());
    let step = if said { place.path("syncOptions.keySchema") } else { place.at("syncOptions") };
    findings
        .warning(
            code::SYNC_MAY_DELETE,
            step,
            message("secrets at the destination that are not at the source"),
        )
        .why(if said {
            "a key schema of `{{secretKey}}` alone claims every name"
        } else {
            "without a key schema it claims every name"
        })
        .fix("write a `keySchema` of your own such as \"INFISICAL_{{secretKey}}\", or `disableSecretDeletion: true`; `keyloom plan` shows what would go");
}
