//! Objects of a cluster: made, applied, read, deleted. Everything here blocks.

use std::fmt;
use std::thread::sleep;
use std::time::{Duration, Instant};

use keyloom_wire::property::PropertyMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value as Json, json};

use super::http::{Body, Client, Response};
use super::kind::Kind;
use crate::object::{from_json, name, namespace, to_json};

/// Under this name objects are made; the first update takes their fields over.
const CREATOR: &str = "pulumi-kubernetes";
/// Lets an update take over fields of others.
const FORCE: &str = "pulumi.com/patchForce";
const GONE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(50);

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The server does not know this kind.
    NoKind,
    /// The object, or something it needs, is not there.
    NotFound(String),
    /// It is there already, or others have its fields.
    Conflict(String),
    /// Anything else, in the server's words.
    Other(String),
}

/// Where objects of a kind live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// `/apis/GROUP/VERSION`.
    root: String,
    plural: String,
    pub(super) namespaced: bool,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoKind => f.write_str("the API server does not know this kind; are its CRDs installed?"),
            Self::NotFound(words) | Self::Conflict(words) | Self::Other(words) => f.write_str(words),
        }
    }
}

impl Place {
    /// Asks the server where objects of a kind live.
    ///
    /// # Errors
    /// [`Failure::NoKind`], and a server that does not answer.
    pub(super) fn find(client: &Client, kind: &Kind) -> Result<Self, Failure> {
        let root = match kind.group.as_str() {
            "" => format!("/api/{}", segment(&kind.version)),
            group => format!("/apis/{}/{}", segment(group), segment(&kind.version)),
        };
        let answer = match send(client, "GET", &root, Body::None) {
            Err(Failure::NotFound(_)) => return Err(Failure::NoKind),
            answer => answer?,
        };
        // Parts such as `secretstores/status` have a slash.
        let is_it = |it: &&Json| {
            it["kind"] == kind.kind.as_str() && it["name"].as_str().is_some_and(|name| !name.contains('/'))
        };
        let found =
            answer.body["resources"].as_array().into_iter().flatten().find(is_it).ok_or(Failure::NoKind)?;
        let plural = found["name"].as_str().unwrap_or_default().to_owned();
        Ok(Self { root, plural, namespaced: found["namespaced"] == true })
    }

    fn all(&self, namespace: &str) -> String {
        let Self { root, plural, namespaced } = self;
        match (namespaced, namespace) {
            (false, _) => format!("{root}/{plural}"),
            (true, "") => format!("{root}/namespaces/default/{plural}"),
            (true, namespace) => format!("{root}/namespaces/{}/{plural}", segment(namespace)),
        }
    }

    fn one(&self, object: &PropertyMap) -> String {
        format!("{}/{}", self.all(namespace(object)), segment(name(object)))
    }
}

/// Makes an object that must not be there yet.
///
/// # Errors
/// The server's.
pub(super) fn create(
    client: &Client,
    place: &Place,
    object: &PropertyMap,
    dry_run: bool,
) -> Result<PropertyMap, Failure> {
    let path = format!("{}?fieldManager={CREATOR}{}", place.all(namespace(object)), dry(dry_run));
    Ok(from_json(&send(client, "POST", &path, Body::Json(&to_json(object)))?.body))
}

/// Applies an object that is there. Fields that were given at first and are not given now go away, because those that
/// the creator has are handed over to `manager` before.
///
/// # Errors
/// The server's; fields that others took are among them.
pub(super) fn apply(
    client: &Client,
    place: &Place,
    object: &PropertyMap,
    manager: &str,
    dry_run: bool,
) -> Result<PropertyMap, Failure> {
    let path = place.one(object);
    if !dry_run {
        hand_over(client, &path, manager)?;
    }
    let object = to_json(object);
    // In a preview nothing has been handed over.
    let force = dry_run || object["metadata"]["annotations"][FORCE] == "true";
    let path = format!("{path}?fieldManager={}&force={force}{}", segment(manager), dry(dry_run));
    Ok(from_json(&send(client, "PATCH", &path, Body::Apply(&object))?.body))
}

fn hand_over(client: &Client, path: &str, manager: &str) -> Result<(), Failure> {
    let live = send(client, "GET", path, Body::None)?.body;
    let mut managers = live["metadata"]["managedFields"].clone();
    let entries = managers.as_array_mut().into_iter().flatten();
    let of_creator = |entry: &&mut Json| {
        entry["manager"] == CREATOR && entry["operation"] == "Update" && entry["subresource"].is_null()
    };
    let Some(entry) = entries.into_iter().find(of_creator) else { return Ok(()) };
    entry["manager"] = json!(manager);
    entry["operation"] = json!("Apply");
    let version = &live["metadata"]["resourceVersion"];
    let patch = json!([
        {"op": "replace", "path": "/metadata/managedFields", "value": managers},
        {"op": "replace", "path": "/metadata/resourceVersion", "value": version},
    ]);
    send(client, "PATCH", path, Body::JsonPatch(&patch)).map(drop)
}

/// The object as it is now.
///
/// # Errors
/// The server's.
pub(super) fn read(client: &Client, place: &Place, object: &PropertyMap) -> Result<PropertyMap, Failure> {
    Ok(from_json(&send(client, "GET", &place.one(object), Body::None)?.body))
}

/// Deletes an object and waits until it is gone; one that is not there is fine.
///
/// What it owns is deleted in the background: the foreground takes a controller, which an API server alone has not.
///
/// # Errors
/// The server's, and an object that does not go away.
pub(super) fn delete(client: &Client, place: &Place, object: &PropertyMap) -> Result<(), Failure> {
    let path = place.one(object);
    let mut answer = send(client, "DELETE", &format!("{path}?propagationPolicy=Background"), Body::None);
    let start = Instant::now();
    loop {
        match answer {
            Err(Failure::NotFound(_)) => return Ok(()),
            Err(other) => return Err(other),
            Ok(_) if start.elapsed() > GONE => {
                return Err(Failure::Other(format!("{path} does not go away")));
            }
            Ok(_) => {}
        }
        answer = send(client, "GET", &path, Body::None);
        if answer.is_ok() {
            sleep(PAUSE);
        }
    }
}

fn send(client: &Client, method: &str, path: &str, body: Body<'_>) -> Result<Response, Failure> {
    let answer = client.send(method, path, body).map_err(Failure::Other)?;
    match answer.status {
        404 => Err(Failure::NotFound(answer.message())),
        409 => Err(Failure::Conflict(answer.message())),
        _ if answer.is_ok() => Ok(answer),
        _ => Err(Failure::Other(answer.message())),
    }
}

fn dry(dry_run: bool) -> &'static str {
    if dry_run { "&dryRun=All" } else { "" }
}

/// A name as a part of a path, whatever it holds: bad names must reach the server too.
fn segment(name: &str) -> String {
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');
    utf8_percent_encode(name, ENCODED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_hold_names_of_any_form() {
        let place = Place { root: "/apis/g/v1".to_owned(), plural: "ks".to_owned(), namespaced: true };
        let object =
            |namespace: &str| from_json(&json!({"metadata": {"name": "My/K é", "namespace": namespace}}));
        assert_eq!(place.one(&object("a b")), "/apis/g/v1/namespaces/a%20b/ks/My%2FK%20%C3%A9");
        assert_eq!(place.one(&object("")), "/apis/g/v1/namespaces/default/ks/My%2FK%20%C3%A9");
        let wide = Place { namespaced: false, ..place };
        assert_eq!(wide.one(&object("a")), "/apis/g/v1/ks/My%2FK%20%C3%A9");
    }
}
