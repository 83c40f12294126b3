//! References to Secrets and ServiceAccounts from a store, and which namespace they may say.

use keyloom_syntax::check::Problem;
use keyloom_syntax::spot::Spot;
use keyloom_syntax::view::View;

/// Where a store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope<'n> {
    /// A SecretStore of that namespace, when it is known.
    Namespace(Option<&'n str>),
    /// A ClusterSecretStore.
    Cluster,
}

/// What a provider asks of a reference in a ClusterSecretStore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// Without a namespace that of the ExternalSecret is meant.
    Referent,
    /// The namespace must be said.
    Strict,
    /// As strict, and a SecretStore must not say even its own.
    Elsewhere,
}

pub(super) fn namespace<V: View>(
    selector: &Spot<'_, V>,
    rule: Rule,
    scope: Scope<'_>,
    sink: &mut Vec<Problem<V::At>>,
) {
    let said = selector.get("namespace");
    match (scope, said) {
        (Scope::Cluster, None) if rule != Rule::Referent => sink.push(
            selector
                .error_at_key("selector-namespace", "the reference of a ClusterSecretStore does not say its namespace")
                .why("the store belongs to no namespace, so nobody knows where to look; the admission webhook refuses it")
                .fix("add `namespace`"),
        ),
        (Scope::Namespace(_), Some(said)) if rule == Rule::Elsewhere => sink.push(
            said.error_at_key("selector-namespace", "a SecretStore must not say the namespace here")
                .why("the admission webhook refuses even the store's own")
                .fix("remove `namespace`"),
        ),
        (Scope::Namespace(Some(own)), Some(said)) if said.text().is_some_and(|said| said != own) => sink.push(
            said.error("selector-namespace", format!("the store is in `{own}` and may not refer to another namespace"))
                .why("the admission webhook refuses it: a SecretStore reads its own namespace alone")
                .fix("remove `namespace`, or use a ClusterSecretStore"),
        ),
        _ => {}
    }
}
