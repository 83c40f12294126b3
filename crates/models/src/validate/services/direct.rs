//! A service that reads from Infisical itself: what it says of it, and what Keyloom sets for it. One without an image has its
//! pods made elsewhere, so only what it says is judged.

use keyloom_syntax::Text;

use crate::code::{BAD_PATH, INFISICAL_ACCESS, INFISICAL_ADDRESS, WEBHOOK_FROM};
use crate::finding::{Findings, Place};
use crate::service::direct::{Address, DEFAULT_ACCOUNT};
use crate::service::{DirectAccess, Reviewer, SecretAccess, ServiceConfig};
use crate::validate::Rules;

mod names;
mod taken;

pub(super) use names::check as names;

pub(super) fn check(rules: &Rules, service: &ServiceConfig, place: &Place, findings: &mut Findings) {
    let by_itself = service.secret_access == Some(SecretAccess::Infisical);
    match &service.infisical {
        Some(access) => {
            if !by_itself {
                unused(place, findings);
            }
            address(access, place, findings);
            path(access, place, findings);
            audience(access, place, findings);
            if by_itself {
                deliverers(service, access, place, findings);
                rendered(rules, service, access, place, findings);
            }
        }
        None if by_itself && service.image.is_some() => unsaid(place, findings),
        None => {}
    }
}

fn unused(place: &Place, findings: &mut Findings) {
    findings
        .error(
            INFISICAL_ACCESS,
            place.at("infisical"),
            "it says how to read from Infisical, and does not read there",
        )
        .why("without `secretAccess: infisical` nothing comes of it")
        .fix("write `secretAccess: infisical`, or leave `infisical` out");
}

fn unsaid(place: &Place, findings: &mut Findings) {
    findings
        .error(
            INFISICAL_ACCESS,
            place.at("secretAccess"),
            "it reads from Infisical itself, and does not say as whom",
        )
        .why("its pods would start without an identity, and the client in them stops at once")
        .fix("write `infisical: {identityId: ..., projectId: ...}`; where its pods are made elsewhere, leave `image` out");
}

/// Whether something is there, and whether what is sent there can be read on the way.
fn address(access: &DirectAccess, place: &Place, findings: &mut Findings) {
    let at = place.path("infisical.apiUrl");
    let Some(url) = access.api_url.as_ref().and_then(Text::known).filter(|url| !url.is_empty()) else {
        return;
    };
    let Some(address) = Address::parse(url) else {
        findings
            .error(INFISICAL_ADDRESS, at, "this is not the address of an API")
            .fix("write it as in https://app.infisical.com/api, without `?` and `#`");
        return;
    };
    if address.user {
        findings
            .error(INFISICAL_ADDRESS, at, "a user stands in the address")
            .why("whoever may read the Deployment reads it, and the client logs in by the token of its pod")
            .fix("write the address without what stands before `@`");
    } else if address.plain && !address.may_be_plain() {
        findings
            .warning(
                INFISICAL_ADDRESS,
                at,
                format!("everything that `{}` is told or tells can be read on the way", address.host),
            )
            .why("the token of the pod goes there and all secrets come from there, so Keyloom's client refuses to ask it")
            .fix("write `https://`, or, if it is a Service of this cluster, NAME.NAMESPACE.svc");
    }
}

fn path(access: &DirectAccess, place: &Place, findings: &mut Findings) {
    let Some(path) = access.secret_path.as_ref().and_then(Text::known).filter(|path| !path.is_empty()) else {
        return;
    };
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_');
    let (what, fix) = if !path.starts_with('/') {
        ("it must begin with `/`", format!("write `/{path}`"))
    } else if path.contains("//") {
        ("it has an empty part", "write a single `/`".to_owned())
    } else if path.len() > 1 && path.ends_with('/') {
        ("it ends with `/`", format!("write `{}`", path.trim_end_matches('/')))
    } else if !path.chars().all(legal) {
        ("it holds what no name of a folder may", "use letters, digits, `-` and `_`".to_owned())
    } else {
        return;
    };
    findings
        .error(
            BAD_PATH,
            place.path("infisical.secretPath"),
            format!("`{path}` is no folder of Infisical: {what}"),
        )
        .why("the client would find no such folder when it starts")
        .fix(fix);
}

/// The API server reviews a token by the right of one that it takes itself, and none that is for somebody else.
fn audience(access: &DirectAccess, place: &Place, findings: &mut Findings) {
    match access.reviewer() {
        Reviewer::Client if access.audience.is_some() => {
            findings
                .error(
                    INFISICAL_ACCESS,
                    place.path("infisical.audience"),
                    "the token is for Infisical alone, and Infisical is to ask the API server with it",
                )
                .why("the API server takes no token that is for somebody else, so every login fails")
                .fix("give the identity a `tokenReviewerJwt` and write `reviewer: server`, or leave `audience` out");
        }
        Reviewer::Client | Reviewer::Server => {}
    }
}

/// Who delivers the webhook is known where Infisical is in the cluster.
fn deliverers(service: &ServiceConfig, access: &DirectAccess, place: &Place, findings: &mut Findings) {
    let said = access.webhook.as_ref().is_some_and(|webhook| webhook.from.is_some());
    // What is no address, or is filled in later, is not judged.
    let legal = access.api_url().known().is_some_and(|url| Address::parse(url).is_some());
    if said || !legal || access.home(service.namespace.as_ref()).is_some() {
        return;
    }
    let at = place.at("infisical");
    let at = if access.webhook.is_some() { at.at("webhook") } else { at };
    findings
        .warning(WEBHOOK_FROM, at, "nobody but its own pods may deliver the webhook")
        .why("the address of Infisical tells no namespace, so changes are noticed when the pods look for them, minutes later")
        .fix("write `webhook: {from: [NAMESPACE]}` with the namespace of the ingress controller or relay; `from: []` if that is meant");
}

/// What is rendered with its Deployment.
fn rendered(
    rules: &Rules,
    service: &ServiceConfig,
    access: &DirectAccess,
    place: &Place,
    findings: &mut Findings,
) {
    if service.image.is_none() {
        return;
    }
    match access.reviewer() {
        Reviewer::Client if service.namespace.is_none() => {
            findings
                .error(INFISICAL_ACCESS, place.clone(), "its namespace is not said")
                .why("its account is bound to `system:auth-delegator` for the whole cluster, and the binding names the namespace")
                .fix("write `namespace`, or, where the identity has a `tokenReviewerJwt`, `reviewer: server`");
        }
        Reviewer::Client | Reviewer::Server => {}
    }
    if service.service_account_name.as_ref().and_then(Text::known) == Some(DEFAULT_ACCOUNT) {
        findings
            .warning(
                INFISICAL_ACCESS,
                place.at("serviceAccountName"),
                "every pod of the namespace that says nothing has the account `default`",
            )
            .why("each of them could log in to Infisical as this service")
            .fix("leave `serviceAccountName` out, and it gets an account of its own");
    }
    if access.sidecar.is_some() && !rules.sidecars {
        findings
            .error(
                INFISICAL_ACCESS,
                place.path("infisical.sidecar"),
                "before Kubernetes 1.29 no container begins before the others and stays",
            )
            .why("the application would begin without its secrets")
            .fix("update the cluster, or let `keyloom listen` begin the application in its own image");
    }
    names::limits(rules, service, place, findings);
    taken::check(service, access, place, findings);
}
