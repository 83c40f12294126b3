//! How the provider logs in (`provider.go`). What is left out may stand in the environment.

use keyloom_models::code;
use keyloom_syntax::check::Problem;
use keyloom_syntax::{Severity, Span};
use keyloom_upstream::terraform::infisical::{app_connection_of, secret_sync_of};

use super::super::module::Module;
use super::super::written::Sort;
use super::super::{Place, Problems};
use super::{counts, place};

/// Ways to log in, the first of several wins.
const METHODS: [&str; 5] = ["oidc", "universal", "kubernetes", "aws_iam", "token"];

pub(super) fn check(place: &Place<'_, '_>, problems: &mut Problems) {
    retired(place, problems);
    let Some(auth) = place.get("auth") else { return };
    if let (Some(token), true) = (place.get("service_token"), METHODS.iter().any(|method| auth.has(method))) {
        problems.push(two(&token, auth.key_place()));
    }
    let written: Vec<_> = METHODS.iter().filter_map(|method| Some((*method, auth.get(method)?))).collect();
    if let [(first, at), rest @ ..] = written.as_slice() {
        for (name, other) in rest {
            problems.push(
                other
                    .error_at_key(code::TWO_AUTH_METHODS, format!("`{name}` is not used beside `{first}`"))
                    .severity(Severity::Warning)
                    .and(at.key_place(), "this one wins")
                    .why("the provider logs in one way, and says nothing about the others")
                    .fix("leave one of them"),
            );
        }
    }
    if let Some(universal) = auth.get("universal") {
        half(&universal, problems);
    }
}

/// Half of a login may be in the environment, and usually is not.
fn half(universal: &Place<'_, '_>, problems: &mut Problems) {
    for (there, missing) in [("client_id", "client_secret"), ("client_secret", "client_id")] {
        if counts(universal, there) && !counts(universal, missing) {
            let variable = format!("INFISICAL_UNIVERSAL_AUTH_{}", missing.to_ascii_uppercase());
            problems.push(
                universal
                    .error_at_key(code::PROVIDER_RULE, format!("`{there}` is here and `{missing}` is not"))
                    .severity(Severity::Note)
                    .why(format!("without {variable} in the environment the plan fails")),
            );
        }
    }
}

/// Ways to log in that upstream retires.
fn retired(place: &Place<'_, '_>, problems: &mut Problems) {
    if let Some(token) = place.get("service_token") {
        problems.push(
            token
                .error_at_key(code::SERVICE_TOKEN, "service tokens are retired")
                .severity(Severity::Warning)
                .why("a machine identity can do more, and app connections and secret syncs need one")
                .fix("log in with `auth`"),
        );
        if let Some(id) = place.get("client_id") {
            problems.push(two(&token, id.key_place()));
        }
    }
    for name in ["client_id", "client_secret"] {
        if let Some(at) = place.get(name) {
            problems.push(
                at.error_at_key(code::DEPRECATED_FIELD, format!("`{name}` is on its way out here"))
                    .severity(Severity::Warning)
                    .fix(format!("write `auth.universal.{name}`")),
            );
        }
    }
}

fn two(token: &Place<'_, '_>, other: Span) -> Problem<Span> {
    token
        .error_at_key(code::TWO_AUTH_METHODS, "a service token beside a machine identity")
        .and(other, "and here")
        .why("the provider refuses both together when it plans")
        .fix("leave the machine identity")
}

/// A provider that logs in with a service token can make no connection and no sync.
pub(super) fn service_tokens(module: &Module<'_>, problems: &mut Problems) {
    let providers: Vec<_> =
        module.of(Sort::Provider).filter(|block| module.provider_of(block).is_some()).collect();
    for block in module.of(Sort::Resource) {
        let kind = block.label(0);
        if app_connection_of(kind).is_none() && secret_sync_of(kind).is_none() {
            continue;
        }
        let named = block.node.get("provider").and_then(keyloom_syntax::Node::as_str);
        let alias = named.and_then(|named| named.split_once('.')).map(|(_, alias)| alias);
        let local = module.local_name(block);
        let own = providers.iter().find(|provider| {
            let other = provider.node.get("alias").and_then(keyloom_syntax::Node::as_str);
            provider.label(0) == local && other == alias
        });
        let Some(own) = own else { continue };
        let own = place(own);
        if let Some(token) = own.get("service_token").filter(|_| !own.has("auth")) {
            let mut problem = Problem::error(
                code::SERVICE_TOKEN,
                block.name_span(),
                format!("`{}` cannot be made with a service token", block.address()),
            )
            .and(token.key_place(), "the provider logs in with one")
            .why("app connections and secret syncs need a machine identity; the provider says so when it applies");
            problem.path.clone_from(&block.path);
            problems.push(problem);
        }
    }
}
