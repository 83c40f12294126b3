//! The configuration of webhooks.

use std::net::{IpAddr, Ipv4Addr};

use serde_json::{Value, json};

use super::Webhook;
use crate::auth::access::{self, Actor};
use crate::error::Fault;
use crate::fields::Fields;
use crate::http::{Answer, Request};
use crate::seed::Access;
use crate::shared::Shared;
use crate::store::normal;
use crate::world::World;

const KINDS: [&str; 3] = ["general", "slack", "microsoft-teams"];
const EVENTS: [&str; 2] = ["secrets.modified", "secrets.rotation-failed"];

/// `POST /api/v1/webhooks`.
pub(crate) fn create(shared: &Shared, request: &Request) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let mut fields = request.json()?;
    let project = project_name(&fields);
    let (project, environment) = (fields.text(project), fields.text("environment"));
    let kind = fields.optional("type").unwrap_or_else(|| "general".to_owned());
    if !KINDS.contains(&kind.as_str()) {
        fields.complain("type", "Invalid enum value. Expected 'general' | 'slack' | 'microsoft-teams'");
    }
    let url = fields.text("webhookUrl");
    if !url.starts_with("http://") && !url.starts_with("https://") {
        fields.complain("webhookUrl", "Invalid url");
    }
    if kind == "slack" && !url.contains("hooks.slack.com") {
        fields.complain("webhookUrl", "Incoming Webhook URL is invalid.");
    }
    let key = fields.optional("webhookSecretKey");
    let secret_path = normal(&fields.optional("secretPath").unwrap_or_default());
    let events = events(&mut fields);
    fields.close()?;
    let project = world.project_by_id(&project)?;
    let place = (environment.as_str(), secret_path.as_str());
    world.require(actor, &world.projects[project], place, Access::Write, ("create", "webhooks"))?;
    if world.projects[project].environment(&environment).is_none() {
        return Err(Fault::not_found(format!("Environment with slug '{environment}' not found")));
    }
    if !world.settings.allow_internal_webhooks && is_internal(&url) {
        return Err(Fault::bad_request("Local IPs not allowed as URL"));
    }
    let webhook = Webhook {
        id: world.fresh_id("webhook"),
        kind,
        project,
        environment,
        secret_path,
        url,
        key: key.map(Into::into),
        events,
        disabled: false,
        last: None,
        created: now,
        updated: now,
    };
    let shape = world.webhook_shape(&webhook);
    world.webhooks.push(webhook);
    Ok(Answer::ok(json!({"message": "Successfully created webhook", "webhook": shape})))
}

/// `GET /api/v1/webhooks`.
pub(crate) fn list(shared: &Shared, request: &Request) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let mut fields = request.parameters();
    let project = project_name(&fields);
    let project = fields.text(project);
    let environment = fields.optional("environment");
    let path = fields.optional("secretPath").map(|path| normal(&path));
    fields.close()?;
    let project = world.project_by_id(&project)?;
    world.access(actor, &world.projects[project], "", "/")?;
    let wanted = |it: &&Webhook| {
        it.project == project
            && environment.as_ref().is_none_or(|environment| it.environment == *environment)
            && path.as_ref().is_none_or(|path| it.secret_path == *path)
    };
    let shapes: Value = world.webhooks.iter().filter(wanted).map(|it| world.webhook_shape(it)).collect();
    Ok(Answer::ok(json!({"message": "Successfully fetched webhook", "webhooks": shapes})))
}

/// `GET /api/v1/webhooks/{id}`.
pub(crate) fn get(shared: &Shared, request: &Request, id: &str) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let number = world.webhook(actor, id, Access::Describe, "read")?;
    Ok(Answer::ok(json!({"webhook": world.webhook_shape(&world.webhooks[number])})))
}

/// `PATCH /api/v1/webhooks/{id}`: whether it is on, and what it is told; nothing else.
pub(crate) fn update(shared: &Shared, request: &Request, id: &str) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let mut fields = request.json()?;
    let disabled = fields.get("isDisabled").is_some().then(|| fields.flag("isDisabled", false));
    let events = fields.get("eventsFilter").is_some().then(|| events(&mut fields));
    if disabled.is_none() && events.is_none() {
        fields.complain("isDisabled", "At least one field is required");
    }
    fields.close()?;
    let number = world.webhook(actor, id, Access::Write, "edit")?;
    let webhook = &mut world.webhooks[number];
    webhook.disabled = disabled.unwrap_or(webhook.disabled);
    if let Some(events) = events {
        webhook.events = events;
    }
    webhook.updated = now;
    let shape = world.webhook_shape(&world.webhooks[number]);
    Ok(Answer::ok(json!({"message": "Successfully updated webhook", "webhook": shape})))
}

/// `DELETE /api/v1/webhooks/{id}`.
pub(crate) fn delete(shared: &Shared, request: &Request, id: &str) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let number = world.webhook(actor, id, Access::Write, "delete")?;
    let shape = world.webhook_shape(&world.webhooks[number]);
    world.webhooks.remove(number);
    Ok(Answer::ok(json!({"message": "Successfully deleted webhook", "webhook": shape})))
}

/// `POST /api/v1/webhooks/{id}/test`: sends at once.
pub(crate) fn test(shared: &Shared, request: &Request, id: &str) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let delivery = {
        let world = &mut *shared.world();
        let actor = access::admit(world, request, now)?;
        let number = world.webhook(actor, id, Access::Describe, "read")?;
        world.test_event(&world.webhooks[number], now)
    };
    // The receiver may ask this server something before it answers.
    shared.send(&delivery);
    let world = shared.world();
    let webhook = world.webhooks.iter().find(|it| it.id == id).ok_or_else(|| missing(id))?;
    let failed = webhook.last.as_ref().and_then(|it| it.error.clone());
    match failed {
        Some(words) => Err(Fault::bad_request(format!("Webhook test failed: {words}"))),
        None => Ok(Answer::ok(json!({
            "message": "Successfully tested webhook", "webhook": world.webhook_shape(webhook),
        }))),
    }
}

fn missing(id: &str) -> Fault {
    Fault::not_found(format!("Webhook with ID '{id}' not found"))
}

/// Older servers call the project a workspace.
fn project_name(fields: &Fields) -> &'static str {
    if fields.get("workspaceId").is_some() { "workspaceId" } else { "projectId" }
}

fn events(fields: &mut Fields) -> Vec<String> {
    let listed = fields.get("eventsFilter").and_then(Value::as_array).cloned().unwrap_or_default();
    let names: Vec<String> =
        listed.iter().map(|it| it["eventName"].as_str().unwrap_or_default().to_owned()).collect();
    if names.iter().any(|name| !EVENTS.contains(&name.as_str())) {
        fields.complain("eventsFilter", "Invalid enum value");
    }
    names
}

/// Whether a URL leads to an address that only this machine or its network has.
fn is_internal(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    let host = match host.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(host, _)| host),
    };
    match host.parse() {
        Ok(IpAddr::V4(ip)) => {
            ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip == Ipv4Addr::UNSPECIFIED
        }
        Ok(IpAddr::V6(ip)) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
        // What such names lead to is known in the cluster alone.
        Err(_) => host == "localhost" || host.ends_with(".local") || host.ends_with(".svc"),
    }
}

impl World {
    /// The number of a webhook that somebody may use so.
    fn webhook(&self, actor: Actor, id: &str, access: Access, action: &str) -> Result<usize, Fault> {
        let number = self.webhooks.iter().position(|it| it.id == id).ok_or_else(|| missing(id))?;
        let webhook = &self.webhooks[number];
        let place = (webhook.environment.as_str(), webhook.secret_path.as_str());
        self.require(actor, &self.projects[webhook.project], place, access, (action, "webhooks"))?;
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_within_are_told_from_those_without() {
        for (url, expected) in [
            ("http://127.0.0.1:8080/x", true),
            ("https://10.1.2.3", true),
            ("http://[::1]:80/", true),
            ("http://hooks.apps.svc.cluster.local:8080", true),
            ("http://localhost/", true),
            ("https://example.com/hook", false),
            ("https://8.8.8.8/?a=b", false),
        ] {
            assert_eq!(is_internal(url), expected, "{url}");
        }
    }
}
