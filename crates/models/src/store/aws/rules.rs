//! What the operator's AWS reader asks for.

use keyloom_syntax::suggest::suggest;

use super::{AwsAuth, AwsConfig};
use crate::finding::{Findings, Place};
use crate::policy::SessionTagsPolicy;
use crate::validate::newer::Asker;
use crate::validate::selectors::Scope;

/// Tags that the operator sets itself.
const RESERVED_TAGS: [&str; 3] = ["esoNamespace", "esoStoreName", "esoStoreKind"];

/// Regions as AWS lists them; an unknown one is a warning, for new ones come.
pub const REGIONS: [&str; 38] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];

/// Rules of an AWS block.
pub(crate) fn check(config: &AwsConfig, scope: &Scope<'_>, place: &Place, findings: &mut Findings) {
    region(config, place, findings);
    if let Some(auth) = &config.auth {
        let at = place.at("auth").at(auth.name());
        for (field, selector) in auth.selectors() {
            scope.secret(&selector, None, &at.at(field), findings);
        }
        if let AwsAuth::Jwt(jwt) = auth {
            scope.service_account(&jwt.service_account_ref, &at.at("serviceAccountRef"), findings);
        }
    }
    session_tags(config, place, findings);
    recovery(config, place, findings);
}

fn region(config: &AwsConfig, place: &Place, findings: &mut Findings) {
    if let Some(region) = config.region.known().filter(|region| !region.is_empty()) {
        known_region(region, &place.at("region"), findings);
    }
}

/// Regions that are not in the list are likely misspelt.
pub(crate) fn known_region(region: &str, place: &Place, findings: &mut Findings) {
    if REGIONS.contains(&region) {
        return;
    }
    let message = format!("`{region}` is not a region that is known here");
    let finding = findings.warning("aws-region", place.clone(), message);
    if let Some(near) = suggest(region, REGIONS.iter().copied()) {
        finding.label(format!("did you mean `{near}`?"));
    }
}

/// Session tags are given when a role is assumed, and some names are the operator's own.
fn session_tags(config: &AwsConfig, place: &Place, findings: &mut Findings) {
    let with_role = [
        ("sessionTags", config.session_tags.is_some()),
        ("transitiveTagKeys", config.transitive_tag_keys.is_some()),
        ("externalID", config.external_id.is_some()),
    ];
    for (field, _) in with_role.iter().filter(|(_, present)| *present && config.role.is_none()) {
        findings
            .warning(
                "ignored-without-role",
                place.at(*field),
                format!("`{field}` is used when `role` is assumed, and there is none"),
            )
            .fix(format!("write `role`, or leave `{field}` out"));
    }
    let custom = config.custom_session_tags.as_ref();
    for key in
        custom.into_iter().flatten().map(|(key, _)| key).filter(|key| RESERVED_TAGS.contains(&key.as_str()))
    {
        findings
            .error(
                "reserved-session-tag",
                place.at("customSessionTags").at(key.clone()),
                format!("the operator sets the session tag `{key}` itself"),
            )
            .fix("choose another key");
    }
    let overwrites =
        matches!(config.session_tags_policy, Some(SessionTagsPolicy::Simple | SessionTagsPolicy::Custom));
    if overwrites && config.session_tags.is_some() {
        findings
            .warning(
                "ignored-by-provider",
                place.at("sessionTags"),
                "`sessionTagsPolicy` puts its own tags in the place of `sessionTags`",
            )
            .fix("leave `sessionTags` out, or write `customSessionTags` with the policy `Custom`");
    }
}

fn recovery(config: &AwsConfig, place: &Place, findings: &mut Findings) {
    let Some(settings) = &config.secrets_manager else { return };
    let at = place.path("secretsManager.recoveryWindowInDays");
    let Some(days) = settings.recovery_window_in_days else { return };
    if days != 0 && !(7..=30).contains(&days) {
        findings
            .error("recovery-window", at.clone(), "AWS keeps a deleted secret for 7 to 30 days")
            .fix("write 7 to 30");
    }
    if days != 0 && settings.force_delete_without_recovery == Some(true) {
        findings
            .error("recovery-window", at, "a secret deleted without recovery has no recovery window")
            .fix("keep one of the two");
    }
}

/// Fields that some version of the operator lacks.
pub(crate) fn newer(config: &AwsConfig, ask: &mut Asker<'_>, place: &Place) {
    let policy = config.session_tags_policy.is_some();
    ask.field(policy, "provider.aws.sessionTagsPolicy", || place.at("sessionTagsPolicy"));
    let custom = config.custom_session_tags.is_some();
    ask.field(custom, "provider.aws.customSessionTags", || place.at("customSessionTags"));
    ask.word("provider.aws.service", config.service.as_str(), || place.at("service"));
}
