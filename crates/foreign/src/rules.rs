//! What nobody refuses and what fails all the same: faults that only show when the operator reads the object.

mod cluster_external_secret;
mod external_secret;
mod generator;
mod push_secret;
mod store;
mod template;
mod values;

use keyloom_syntax::check::Problem;
use keyloom_syntax::{Span, Spot};
use keyloom_upstream::eso::{EsoVersion, Kind};

use crate::object::Object;
use crate::view::ManifestView;

/// A place in a manifest.
pub(crate) type Place<'p, 't> = Spot<'p, ManifestView<'t>>;
/// What rules report.
pub(crate) type Problems = Vec<Problem<Span>>;

/// Looks at one object by itself.
pub(crate) fn check(
    eso: EsoVersion,
    object: &Object<'_>,
    kind: Kind,
    spec: &Place<'_, '_>,
    problems: &mut Problems,
) {
    match kind {
        Kind::SecretStore | Kind::ClusterSecretStore => store::check(object, kind, spec, problems),
        Kind::ExternalSecret => external_secret::check(eso, spec, problems),
        Kind::ClusterExternalSecret => {
            cluster_external_secret::check(spec, problems);
            if let Some(spec) = spec.get("externalSecretSpec") {
                external_secret::check(eso, &spec, problems);
            }
        }
        Kind::PushSecret => push_secret::check(eso, spec, problems),
        Kind::ClusterPushSecret => {
            values::interval(spec, "refreshTime", problems);
            if let Some(spec) = spec.get("pushSecretSpec") {
                push_secret::check(eso, &spec, problems);
            }
        }
        kind => generator::check(object, kind, spec, problems),
    }
}
