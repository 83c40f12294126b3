//! Which path leads where.

use serde_json::json;

use crate::auth::{kubernetes, service_token, token, universal, vouched};
use crate::clock::iso;
use crate::connections::catalogue::is_app;
use crate::connections::routes as connections;
use crate::error::Fault;
use crate::folders;
use crate::http::{Answer, Request};
use crate::projects::{self, By};
use crate::secrets::query::Api;
use crate::secrets::write::Write;
use crate::secrets::{list, single, write};
use crate::seed::VouchedMethod;
use crate::shared::Shared;
use crate::syncs::{actions, destination, routes as syncs};
use crate::webhooks::routes as webhooks;

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
        ("POST", "v1", ["auth", method, "login"]) => {
            vouched::login(shared, request, VouchedMethod::named(method)?)
        }
        ("POST", "v1", ["auth", "token", "renew"]) => token::renew(shared, request),
        ("POST", "v1", ["auth", "token", "revoke"]) => token::revoke(shared, request),
        ("GET", "v2", ["service-token"]) => service_token::get(shared, request),
        ("GET", "v1", ["projects"]) => projects::list(shared, request, "projects"),
        ("GET", "v1", ["workspace"]) => projects::list(shared, request, "workspaces"),
        ("GET", "v1", ["projects", "slug", slug]) => projects::get(shared, request, By::Slug(slug), None),
        ("GET", "v1", ["projects", id]) => projects::get(shared, request, By::Id(id), Some("project")),
        ("GET", "v1", ["workspace", id]) => projects::get(shared, request, By::Id(id), Some("workspace")),
        ("GET", "v2", ["workspace", slug]) => projects::get(shared, request, By::Slug(slug), None),
        ("GET", "v1" | "v2", ["folders"]) => folders::list(shared, request),
        ("POST", "v1" | "v2", ["folders"]) => folders::create(shared, request),
        ("DELETE", "v1" | "v2", ["folders", which]) => folders::delete(shared, request, which),
        (_, "v1", ["webhooks" | "app-connections" | "secret-syncs", ..])
            if service_token::sent(request).is_some() =>
        {
            Err(Fault::forbidden_to(request))
        }
        (method, "v1", ["webhooks", rest @ ..]) => return webhook(shared, request, method, rest),
        (method, "v1", ["app-connections", rest @ ..]) => return connection(shared, request, method, rest),
        (method, "v1", ["secret-syncs", rest @ ..]) => return sync(shared, request, method, rest),
        (_, "v3", ["secrets", "raw", rest @ ..]) if shared.world().settings.v3 => {
            return secrets(shared, request, Api::V3, rest);
        }
        (_, "v4", ["secrets", rest @ ..]) if shared.world().settings.v4 => {
            return secrets(shared, request, Api::V4, rest);
        }
        _ => return None,
    })
}

fn secrets(shared: &Shared, request: &Request, api: Api, rest: &[&str]) -> Option<Result<Answer, Fault>> {
    Some(match (request.method.as_str(), rest) {
        ("GET", []) => list::list(shared, request, api),
        (_, ["batch"]) if api == Api::V4 => write::batch(shared, request, kind(&request.method)?),
        ("GET", ["id", id]) if api == Api::V4 => single::by_id(shared, request, id),
        ("GET", [name]) => single::by_name(shared, request, api, name),
        (method, [name]) => write::one(shared, request, api, kind(method)?, name),
        _ => return None,
    })
}

fn kind(method: &str) -> Option<Write> {
    match method {
        "POST" => Some(Write::Create),
        "PATCH" => Some(Write::Update),
        "DELETE" => Some(Write::Delete),
        _ => None,
    }
}

fn webhook(shared: &Shared, request: &Request, method: &str, rest: &[&str]) -> Option<Result<Answer, Fault>> {
    Some(match (method, rest) {
        ("POST", []) => webhooks::create(shared, request),
        ("GET", []) => webhooks::list(shared, request),
        ("GET", [id]) => webhooks::get(shared, request, id),
        ("PATCH", [id]) => webhooks::update(shared, request, id),
        ("DELETE", [id]) => webhooks::delete(shared, request, id),
        ("POST", [id, "test"]) => webhooks::test(shared, request, id),
        _ => return None,
    })
}

/// Every app has routes of its own, so what is no app is no route.
fn connection(
    shared: &Shared,
    request: &Request,
    method: &str,
    rest: &[&str],
) -> Option<Result<Answer, Fault>> {
    use crate::connections::routes::By;
    match (method, rest) {
        ("GET", []) => return Some(connections::list(shared, request, None, false)),
        ("GET", ["options"]) => return Some(connections::options(shared, request)),
        _ => {}
    }
    let (app, rest) = rest.split_first().filter(|(app, _)| is_app(app))?;
    Some(match (method, rest) {
        ("GET", []) => connections::list(shared, request, Some(app), false),
        ("GET", ["available"]) => connections::list(shared, request, Some(app), true),
        ("GET", ["connection-name", name]) => connections::get(shared, request, app, By::Name(name)),
        ("GET", [id]) => connections::get(shared, request, app, By::Id(id)),
        ("POST", []) => connections::create(shared, request, app),
        ("PATCH", [id]) => connections::update(shared, request, app, id),
        ("DELETE", [id]) => connections::delete(shared, request, app, id),
        _ => return None,
    })
}

/// Every destination has routes of its own, so what is no destination is no route.
fn sync(shared: &Shared, request: &Request, method: &str, rest: &[&str]) -> Option<Result<Answer, Fault>> {
    use crate::syncs::routes::By;
    match (method, rest) {
        ("GET", []) => return Some(syncs::list(shared, request, None)),
        ("GET", ["options"]) => return Some(syncs::options(shared, request)),
        _ => {}
    }
    let (to, rest) = rest.split_first()?;
    let to = destination::named(to)?;
    Some(match (method, rest) {
        ("GET", []) => syncs::list(shared, request, Some(to)),
        ("GET", ["sync-name", name]) => syncs::get(shared, request, to, By::Name(name)),
        ("GET", [id]) => syncs::get(shared, request, to, By::Id(id)),
        ("POST", []) => syncs::create(shared, request, to),
        ("POST", ["check-destination"]) => actions::check_destination(shared, request, to),
        ("POST", [id, what @ ("sync-secrets" | "import-secrets" | "remove-secrets")]) => {
            actions::run(shared, request, to, id, what)
        }
        ("PATCH", [id]) => syncs::update(shared, request, to, id),
        ("DELETE", [id]) => syncs::delete(shared, request, to, id),
        _ => return None,
    })
}

fn status(shared: &Shared) -> Answer {
    Answer::ok(json!({
        "date": iso(shared.clock.now()), "message": "Ok", "emailConfigured": false,
        "inviteOnlySignup": false, "redisConfigured": true, "secretScanningConfigured": false,
    }))
}
