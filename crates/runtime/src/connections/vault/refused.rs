//! What Vault's refusals mean, and what to do about each. No words of an answer are repeated but those about a login, without what
//! was sent.

use keyloom_connections::Secret;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::super::error::{Failure, FailureKind};
use super::super::unreached::{self, Signs};
use super::LOGIN;
use super::ask::Operation;
use super::entry::Metadata;
use super::kv;
use super::mount::{self, Mounted};
use crate::error::Error;
use crate::http::Answer;
use crate::refusal::{short, without};

pub(super) const NOT_VAULT: &str =
    "does BRUIN_VAULT_HOST lead to Vault, and not to a proxy or a page to log in at?";

#[derive(Default, Deserialize)]
struct Errors {
    errors: Vec<String>,
}

fn errors(answer: &Answer) -> Vec<String> {
    serde_json::from_slice::<Errors>(&answer.body).unwrap_or_default().errors
}

/// Whether one of the errors has these words in it.
pub(super) fn says(answer: &Answer, words: &str) -> bool {
    errors(answer).iter().any(|error| error.contains(words))
}

/// Whether Vault wrote an answer, and not something before it.
pub(super) fn is_vaults(answer: &Answer) -> bool {
    #[derive(Deserialize)]
    struct Any {
        #[serde(default)]
        errors: Option<IgnoredAny>,
        #[serde(default)]
        request_id: Option<IgnoredAny>,
    }
    serde_json::from_slice::<Any>(&answer.body)
        .is_ok_and(|any| any.errors.is_some() || any.request_id.is_some())
}

/// There was no answer, or none that can be read.
pub(super) fn unanswered(error: &Error) -> (String, String) {
    let signs = Signs {
        address: "BRUIN_VAULT_HOST",
        trust: "put the certificate of its authority into a file, and name that in VAULT_CACERT",
    };
    match (error, unreached::remedy(error, &signs)) {
        (Error::Unreachable { host, source, .. }, _) if source.is_redirect() => (
            format!("{host} answers with a redirect to another host, which is not handed the token"),
            "write the address that it leads to into BRUIN_VAULT_HOST; a standby node leads to the active one"
                .to_owned(),
        ),
        (_, Some(remedy)) => (error.to_string(), remedy),
        (Error::Busy { .. }, None) => (error.to_string(), "ask again then".to_owned()),
        (Error::TooLarge { .. }, None) => (error.to_string(), NOT_VAULT.to_owned()),
        (_, None) => (error.to_string(), "mend that".to_owned()),
    }
}

/// A refusal that is none of those that have an answer of their own. `path` is what was asked for, as policies name it.
pub(super) fn any(operation: &Operation<'_>, answer: &Answer, path: &str, verb: &str) -> Failure {
    if let Some(failure) = of_server(operation, answer) {
        return failure;
    }
    if answer.status == 403 {
        let (capabilities, path) = match verb {
            "read" => ("\"read\"", format!("{}/*", parent(path))),
            "list" => ("\"list\"", path.to_owned()),
            _ => ("\"create\", \"read\", \"update\"", format!("{}/*", parent(path))),
        };
        let (or_unknown, and_default) = match operation.is_unsure() {
            true => (
                "; or it does not know the token, though a login just gave it",
                "; and give it the policy `default`, which tells the two apart",
            ),
            false => ("", ""),
        };
        return operation.failed(
            FailureKind::Denied,
            format!(
                "{} does not let this token {verb} there, or there is no such mount{or_unknown}",
                answer.host
            ),
            format!(
                "look at BRUIN_VAULT_MOUNT_PATH, BRUIN_VAULT_PATH and VAULT_NAMESPACE, or add to a policy of the token: \
                 path \"{path}\" {{ capabilities = [{capabilities}] }}{and_default}"
            ),
        );
    }
    operation.failed(
        FailureKind::Unavailable,
        format!("{} answers {}", answer.host, answer.status),
        "look at the log of Vault for the reason",
    )
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(parent, _)| parent)
}

/// What has to do with the server alone, and not with what it was asked for.
fn of_server(operation: &Operation<'_>, answer: &Answer) -> Option<Failure> {
    let host = &answer.host;
    let unavailable = |cause, remedy: &str| Some(operation.failed(FailureKind::Unavailable, cause, remedy));
    match answer.status {
        429 => unavailable(format!("{host} has no time for more requests just now (429)"), "ask again later"),
        503 if says(answer, "sealed") => unavailable(format!("Vault at {host} is sealed"), "unseal it"),
        501 | 503 if says(answer, "not initialized") || answer.status == 501 => {
            unavailable(format!("Vault at {host} is not initialized"), "initialize it (vault operator init)")
        }
        400 if answer.body.starts_with(b"Client sent an HTTP request to an HTTPS server") => {
            unavailable(format!("{host} wants TLS"), "write BRUIN_VAULT_HOST with https://")
        }
        _ if !is_vaults(answer) => {
            unavailable(format!("what {host} answers ({}) is not Vault's", answer.status), NOT_VAULT)
        }
        _ => None,
    }
}

/// The login was refused.
pub(super) fn login(
    operation: &Operation<'_>,
    answer: &Answer,
    mount: &str,
    role: &str,
    token: &Secret,
) -> Failure {
    if let Some(failure) = of_server(operation, answer) {
        return Failure { what: LOGIN.to_owned(), ..failure };
    }
    let remedy = match answer.status {
        404 => format!(
            "is Kubernetes auth mounted at `auth/{mount}`? Name another mount in BRUIN_VAULT_K8S_AUTH_MOUNT"
        ),
        400 if says(answer, "invalid role") => {
            format!(
                "name a role of `auth/{mount}` in BRUIN_VAULT_ROLE; there is none that is called `{role}`"
            )
        }
        // Whoever has no token is told the same of a mount that is not there.
        400 | 403 => format!(
            "let the role `{role}` be bound to the service account and the namespace of this pod and to the audience of its token, and \
             see whether Kubernetes auth is mounted at `auth/{mount}` (BRUIN_VAULT_K8S_AUTH_MOUNT)"
        ),
        _ => "look at the log of Vault for the reason".to_owned(),
    };
    let kind = if answer.status < 500 { FailureKind::Login } else { FailureKind::Unavailable };
    let words = errors(answer).join("; ");
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let cause = match short(&without(&words, token)) {
        words if words.is_empty() => format!("{} answers {}", answer.host, answer.status),
        words => format!("{} answers {}: {words}", answer.host, answer.status),
    };
    operation.not_let_in(kind, cause, remedy)
}

/// A token that was given is not taken.
pub(super) fn token(answer: &Answer) -> Failure {
    Failure {
        what: LOGIN.to_owned(),
        cause: Some(format!("{} does not know the token (it has ended, was revoked, or is another Vault's), or knows it and lets it neither do this nor look at itself", answer.host)),
        remedy: "set BRUIN_VAULT_TOKEN (or VAULT_TOKEN) to a token of today, and VAULT_NAMESPACE if it is of a namespace; or give it the policy `default` and one that lets it".to_owned(),
        kind: FailureKind::Login,
    }
}

/// The latest version was deleted.
pub(super) fn gone(operation: &Operation<'_>, name: &str, metadata: &Metadata) -> Failure {
    let (version, settings) = (metadata.version, &operation.vault.settings);
    let path = format!("{}/{name}", settings.path);
    operation.failed(
        FailureKind::NotFound,
        format!("version {version} of `{name}` {}", metadata.fate()),
        format!(
            "write a new one, or bring it back with `vault kv undelete -mount={} -versions={version} {}`",
            settings.mount,
            path.trim_start_matches('/')
        ),
    )
}

/// There is nothing there: an entry that is missing, or a place that is another one.
pub(super) async fn not_there(operation: &Operation<'_>, answer: &Answer, name: Option<&str>) -> Failure {
    if let Some(failure) = misplaced(operation, answer).await {
        return failure;
    }
    let place = kv::place(operation, answer);
    let cause = match name {
        Some(name) => format!("there is no `{name}` in {place}"),
        None => format!("there is no {place}"),
    };
    let settings = &operation.vault.settings;
    let first = settings.path.split('/').next().unwrap_or_default();
    let remedy = if matches!(first, "data" | "metadata") {
        format!(
            "leave `{first}/` out of BRUIN_VAULT_PATH: it is a part of every request, and none of the path"
        )
    } else if !first.is_empty() && first == settings.mount {
        format!(
            "leave `{first}/` out of BRUIN_VAULT_PATH: it is the mount, which BRUIN_VAULT_MOUNT_PATH says"
        )
    } else {
        "look at the name (`vault kv list`), BRUIN_VAULT_PATH and BRUIN_VAULT_MOUNT_PATH, or write it"
            .to_owned()
    };
    operation.failed(FailureKind::NotFound, cause, remedy)
}

/// What is wrong with the mount, where that is the reason that nothing is there, or that an answer is another one.
pub(super) async fn misplaced(operation: &Operation<'_>, answer: &Answer) -> Option<Failure> {
    if answer.status == 404
        && let Some(failure) = of_server(operation, answer)
    {
        return Some(failure);
    }
    let mount = &operation.vault.settings.mount;
    let variable = "BRUIN_VAULT_MOUNT_PATH";
    let no_kv = |cause: String, remedy: String| Some(operation.failed(FailureKind::NotFound, cause, remedy));
    if says(answer, "no handler for route") {
        return no_kv(
            format!("nothing is mounted at `{mount}`"),
            format!(
                "set {variable} to the path of a KV secrets engine (`vault secrets list`), and VAULT_NAMESPACE to its namespace"
            ),
        );
    }
    match mount::look(operation).await {
        Mounted::Old => no_kv(
            format!("`{mount}` is a KV secrets engine of version 1"),
            format!(
                "upgrade it with `vault kv enable-versioning {mount}`, or set {variable} to one of version 2"
            ),
        ),
        Mounted::Other(kind) => no_kv(
            format!("`{mount}` is a secrets engine of type {}, not kv", short(&kind)),
            format!("set {variable} to the path of a KV secrets engine"),
        ),
        Mounted::Above(path) => no_kv(
            format!("the engine is mounted at `{}`, not at `{mount}`", short(&path)),
            format!("set {variable} to that, and BRUIN_VAULT_PATH to what is behind it, without `data/`"),
        ),
        Mounted::Versioned | Mounted::Unknown => None,
    }
}

/// What was answered is no entry of the second version.
pub(super) async fn no_entry(operation: &Operation<'_>, answer: &Answer) -> Failure {
    if let Some(failure) = misplaced(operation, answer).await {
        return failure;
    }
    let cause = format!("what {} answers is no entry of a KV secrets engine of version 2", answer.host);
    operation.failed(FailureKind::Unavailable, cause, NOT_VAULT)
}
