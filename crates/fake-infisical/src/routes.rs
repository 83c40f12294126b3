//! Which path leads where.

use serde_json::json;

use crate::auth::{kubernetes, token, universal};
use crate::clock::iso;
use crate::error::Fault;
use crate::http::{Answer, Request};
use crate::projects::{self, By};
use crate::secrets::query::Api;
use crate::secrets::{list, single};
use crate::shared::Shared;

/// The answer to a request; none for a path that leads nowhere.
pub(crate) fn route(shared: &Shared, request: &Request) -> Option<Result<Answer, Fault>> {
    let parts: Vec<&str> = request.path.iter().map(String::as_str).collect();
    // A slash at the end is as good as none.
    let parts = parts.strip_suffix(&[""]).unwrap_or(&parts);
    let (version, rest) = match parts {
        ["api", version, rest @ ..] => (*version, rest),
        _ => return None,
    };
    let method = request.method.as_str();
    Some(match (method, version, rest) {
        ("GET", "status", []) => Ok(status(shared)),
        ("POST", "v1", ["auth", "universal-auth", "login"]) => universal::login(shared, request),
        ("POST", "v1", ["auth", "kubernetes-auth", "login"]) => kubernetes::login(shared, request),
        ("POST", "v1", ["auth", "token", "renew"]) => token::renew(shared, request),
        ("POST", "v1", ["auth", "token", "revoke"]) => token::revoke(shared, request),
        ("GET", "v1", ["projects"]) => projects::list(shared, request, "projects"),
        ("GET", "v1", ["workspace"]) => projects::list(shared, request, "workspaces"),
        ("GET", "v1", ["projects", "slug", slug]) => projects::get(shared, request, By::Slug(slug), None),
        ("GET", "v1", ["projects", id]) => projects::get(shared, request, By::Id(id), Some("project")),
        ("GET", "v1", ["workspace", id]) => projects::get(shared, request, By::Id(id), Some("workspace")),
        ("GET", "v2", ["workspace", slug]) => projects::get(shared, request, By::Slug(slug), None),
        (_, "v3", ["secrets", "raw", rest @ ..]) => return secrets(shared, request, Api::V3, rest),
        (_, "v4", ["secrets", rest @ ..]) if shared.world().settings.v4 => {
            return secrets(shared, request, Api::V4, rest);
        }
        _ => return None,
    })
}

fn secrets(shared: &Shared, request: &Request, api: Api, rest: &[&str]) -> Option<Result<Answer, Fault>> {
    Some(match (request.method.as_str(), rest) {
        ("GET", []) => list::list(shared, request, api),
        ("GET", ["id", id]) if api == Api::V4 => single::by_id(shared, request, id),
        ("GET", [name]) => single::by_name(shared, request, api, name),
        _ => return None,
    })
}

fn status(shared: &Shared) -> Answer {
    Answer::ok(json!({
        "date": iso(shared.clock.now()), "message": "Ok", "emailConfigured": false,
        "inviteOnlySignup": false, "redisConfigured": true, "secretScanningConfigured": false,
    }))
}
