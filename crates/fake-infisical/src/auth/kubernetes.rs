//! Login with a token of a Kubernetes service account.

use super::review;
use super::token::Proof;
use crate::error::Fault;
use crate::glob;
use crate::http::{Answer, Request};
use crate::seed::{KubernetesAuth, Verdict};
use crate::shared::Shared;

/// Greatest token that is taken, in bytes.
const LIMIT: usize = 8192;

/// `POST /api/v1/auth/kubernetes-auth/login`.
pub(crate) fn login(shared: &Shared, request: &Request) -> Result<Answer, Fault> {
    let mut fields = request.json()?;
    let (id, token) = (fields.uuid("identityId"), fields.trimmed("jwt"));
    if token.len() > LIMIT {
        fields.complain("jwt", "String must contain at most 8192 character(s)");
    }
    fields.close()?;
    let (identity, auth) = method(shared, &id)?;
    // The cluster is asked while others are served.
    let verdict = review::review(&auth, &token)?;
    check(&auth, &verdict)?;
    let proof = Proof::Kubernetes { namespace: verdict.namespace, name: verdict.name };
    Ok(shared.world().issue(identity, proof, auth.tokens, shared.clock.now()))
}

fn method(shared: &Shared, id: &str) -> Result<(usize, KubernetesAuth), Fault> {
    let world = shared.world();
    let number = world.identities.iter().position(|identity| identity.id.as_deref() == Some(id));
    let auth = number.and_then(|number| Some((number, world.identities[number].kubernetes.clone()?)));
    auth.ok_or_else(|| {
        Fault::not_found("Kubernetes auth method not found for identity, did you configure Kubernetes auth?")
    })
}

/// Whether an identity takes this service account.
fn check(auth: &KubernetesAuth, verdict: &Verdict) -> Result<(), Fault> {
    let refused =
        |what: &str| Err(Fault::unauthorized(format!("Access denied: Kubernetes {what} is not allowed")));
    if !glob::fits_any(&auth.allowed_namespaces, &verdict.namespace) {
        return refused("namespace");
    }
    if !glob::fits_any(&auth.allowed_names, &verdict.name) {
        return refused("service account name");
    }
    if !auth.allowed_audience.is_empty() && !verdict.audiences.contains(&auth.allowed_audience) {
        return refused("audience");
    }
    Ok(())
}
