//! App connections (`resource/app_connection/` of the provider).

use keyloom_models::code;
use keyloom_syntax::Severity;
use keyloom_syntax::suggest::suggest;
use keyloom_syntax::view::{View, ViewKind};
use keyloom_upstream::terraform::infisical::AppConnection;

use super::super::view::boolean;
use super::super::{Place, Problems};
use super::{AT_APPLY, AT_SERVER, case, counts, is_empty, listed, not_empty, slug, whole, word};

/// Methods that the API has and the provider does not.
const BROWSER: [&str; 2] = ["github-app", "oauth"];

pub(super) fn check(connection: &AppConnection, place: &Place<'_, '_>, problems: &mut Problems) {
    slug(place, 64, problems);
    if let Some(id) = place.get("project_id").filter(is_empty) {
        problems.push(
            id.error(code::PERPETUAL_DIFF, "with an empty `project_id` every plan replaces the connection")
                .severity(Severity::Warning)
                .why("the provider reads it back as nothing, and a change of it replaces the connection")
                .fix("leave it out for a connection of the whole organisation"),
        );
    }
    not_empty(place, &["gateway_id"], "the provider refuses an empty one", problems);
    method(connection, place, problems);
    let Some(credentials) = place.get("credentials") else { return };
    for words in connection.words {
        if let Some(at) = credentials.get(words.attribute) {
            word(&at, words.words, AT_APPLY, problems);
        }
    }
    if let Some(port) = credentials.get("port") {
        whole(&port, problems);
    }
    match connection.app {
        "aws" => aws(&credentials, problems),
        "datadog" => datadog(&credentials, problems),
        "github" => github(&credentials, problems),
        "ldap" => ldap(&credentials, problems),
        _ => {}
    }
}

/// The method, and the credentials that belong to it.
fn method(connection: &AppConnection, place: &Place<'_, '_>, problems: &mut Problems) {
    let Some(method) = place.get("method") else { return };
    let names: Vec<_> = connection.methods.iter().map(|method| method.name).collect();
    let why = if method.text().is_some_and(|text| BROWSER.contains(&text)) {
        "such a connection is made in a browser; refer to it by its id"
    } else {
        AT_APPLY
    };
    word(&method, &names, why, problems);
    // Where only one method is possible, it is the one that is meant.
    let chosen = match connection.methods {
        [only] => Some(only),
        _ => method.text().and_then(|text| case(connection.methods, text)),
    };
    let (Some(chosen), Some(credentials)) = (chosen, place.get("credentials")) else { return };
    if credentials.kind() != ViewKind::Mapping {
        return;
    }
    let always = super::required(connection.resource, "credentials");
    let view = credentials.view();
    let misspelt: Vec<_> = view
        .entries()
        .filter(|(key, _, _)| connection.methods.iter().all(|method| !method.has(key)))
        .filter_map(|(key, _, _)| suggest(key, chosen.needs.iter().copied()))
        .collect();
    for name in chosen.needs.iter().filter(|name| !counts(&credentials, name) && !misspelt.contains(name)) {
        let written = credentials.get(name);
        // What the schema requires is missed by whoever checks the schema.
        if written.is_none() && always.contains(name) {
            continue;
        }
        let words = format!("method `{}` needs `{name}`", chosen.name);
        let problem = match &written {
            Some(empty) => empty.error(code::CREDENTIALS_OF_METHOD, format!("{words}, and it is empty")),
            None => credentials.error_at_key(code::CREDENTIALS_OF_METHOD, words),
        };
        // Of an empty one that has to be there, the provider of some kinds says nothing, and the server does.
        let why = if always.contains(name) { AT_SERVER } else { AT_APPLY };
        problems.push(problem.why(why).fix(format!("write `{name}`")));
    }
    for (name, at) in credentials.entries() {
        let others = chosen.others(connection.methods, name);
        if !others.is_empty() && !is_empty(&at) {
            problems.push(
                at.error_at_key(
                    code::CREDENTIALS_OF_METHOD,
                    format!("`{name}` belongs to method {}", listed(&others)),
                )
                .severity(Severity::Warning)
                .why(format!("with `{}` the provider does not send it, and says nothing", chosen.name))
                .fix("leave it out, or choose the other method"),
            );
        }
    }
}

/// The server calls the endpoint of AWS itself, and no other.
fn aws(credentials: &Place<'_, '_>, problems: &mut Problems) {
    let Some(endpoint) = credentials.get("sts_endpoint") else { return };
    let Some(text) = endpoint.text().filter(|text| !text.is_empty()) else { return };
    let host = text.strip_prefix("https://").map(|rest| rest.split(['/', ':']).next().unwrap_or_default());
    if !host.is_some_and(|host| host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn")) {
        problems.push(
            endpoint
                .error(code::BAD_FORMAT, "not the address of an endpoint of AWS")
                .why(AT_SERVER)
                .fix("write `https://sts.REGION.amazonaws.com`, or leave it out"),
        );
    }
}

fn datadog(credentials: &Place<'_, '_>, problems: &mut Problems) {
    if let Some(url) = credentials.get("url")
        && url.text().is_some_and(|text| !text.starts_with("https://"))
    {
        problems.push(
            url.error(code::BAD_FORMAT, "the address does not begin with `https://`")
                .why("the provider refuses it at `validate`"),
        );
    }
}

fn github(credentials: &Place<'_, '_>, problems: &mut Problems) {
    let instance = credentials.get("instance_type");
    let instance = match &instance {
        None => Some("cloud"),
        Some(instance) => instance.text(),
    };
    let host = credentials.get("host");
    match (instance, host) {
        (Some("server"), host) if host.as_ref().is_none_or(|host| is_empty(host)) => problems.push(
            credentials
                .error_at_key(code::CONNECTION_HOST, "a GitHub Enterprise server needs `host`")
                .why(AT_APPLY),
        ),
        (Some("cloud"), Some(host)) if !is_empty(&host) => problems.push(
            host.error_at_key(code::CONNECTION_HOST, "github.com has no `host`")
                .severity(Severity::Warning)
                .fix("write `instance_type`: \"server\", or leave `host` out"),
        ),
        _ => {}
    }
}

/// `ssl_reject_unauthorized` is true when nothing is said, and the provider refuses true without TLS.
fn ldap(credentials: &Place<'_, '_>, problems: &mut Problems) {
    let Some(url) = credentials.get("url") else { return };
    if url.text().is_none_or(|text| text.starts_with("ldaps://")) {
        return;
    }
    let reject = credentials.get("ssl_reject_unauthorized");
    if reject.as_ref().is_none_or(|reject| boolean(reject) == Some(true)) {
        problems.push(
            url.error(code::CONNECTION_HOST, "certificates are to be checked, and the address has no TLS")
                .why(AT_APPLY)
                .fix("use `ldaps://`, or write `ssl_reject_unauthorized`: false"),
        );
    }
}
