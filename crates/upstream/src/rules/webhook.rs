//! What the operator's admission webhook refuses, beyond the structure.
//!
//! It looks at stores and ExternalSecrets. A ClusterExternalSecret holds the spec of an ExternalSecret, which is refused
//! later, in each namespace.

mod external_secret;
mod selector;
mod store;

use keyloom_syntax::check::Problem;
use keyloom_syntax::spot::Spot;
use keyloom_syntax::view::View;

use crate::eso::Kind;

pub use external_secret::length;
pub use selector::Scope;

/// Appends what the webhook would refuse of a `spec`. `namespace` is the object's own, when it says one that is known.
pub fn check<V: View>(
    kind: Kind,
    namespace: Option<&str>,
    spec: &Spot<'_, V>,
    sink: &mut Vec<Problem<V::At>>,
) {
    match kind {
        Kind::SecretStore => store::check(spec, Scope::Namespace(namespace), sink),
        Kind::ClusterSecretStore => store::check(spec, Scope::Cluster, sink),
        Kind::ExternalSecret => external_secret::check(spec, sink),
        Kind::ClusterExternalSecret => {
            if let Some(spec) = spec.get("externalSecretSpec") {
                external_secret::check(&spec, sink);
            }
        }
        // The webhook does not look at any other kind.
        _ => {}
    }
}

/// Appends what the webhook would refuse of the block of one provider, such as `azurekv`, apart from its references.
pub fn check_provider<V: View>(provider: &str, block: &Spot<'_, V>, sink: &mut Vec<Problem<V::At>>) {
    store::judge(provider, block, sink);
}
