//! ClusterExternalSecrets as such; what they hold of an ExternalSecret is looked at like one.

use keyloom_syntax::Severity;

use super::values::interval;
use super::{Place, Problems};

/// Fields of a ClusterExternalSecret that another one replaces.
const REPLACED: [&str; 2] = ["namespaceSelector", "namespaces"];

pub(super) fn check(spec: &Place<'_, '_>, problems: &mut Problems) {
    interval(spec, "refreshTime", problems);
    for field in REPLACED {
        if let Some(old) = spec.get(field) {
            problems.push(
                old.error_at_key("deprecated-field", format!("`{field}` is deprecated"))
                    .severity(Severity::Warning)
                    .fix("write `namespaceSelectors`, a list"),
            );
        }
    }
    if !spec.has("namespaceSelectors") && !REPLACED.into_iter().any(|field| spec.has(field)) {
        problems.push(
            spec.error_at_key("missing-field", "nothing says which namespaces get the external secret")
                .severity(Severity::Warning)
                .why("the API server takes it, and no namespace gets anything")
                .fix("write `namespaceSelectors: [{matchLabels: {...}}]`"),
        );
    }
}
