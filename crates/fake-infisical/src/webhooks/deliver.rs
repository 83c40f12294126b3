//! Deliveries: one attempt each, signed over the very bytes that are sent.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use ureq::Agent;

use super::{Outcome, Webhook};
use crate::id::hex;
use crate::secrets::write::Folder;
use crate::shared::Shared;
use crate::world::World;

const TIMEOUT: Duration = Duration::from_secs(15);
/// The event of every change.
pub(crate) const MODIFIED: &str = "secrets.modified";
/// The event of a rotation that fails.
const FAILED: &str = "secrets.rotation-failed";

/// Something to be sent.
pub(crate) struct Delivery {
    id: String,
    url: String,
    body: String,
    signature: Option<String>,
}

impl Shared {
    /// Sends what has waited long enough.
    pub(crate) fn deliver(&self) {
        let now = self.clock.now();
        let deliveries = self.world().due(now);
        for delivery in deliveries {
            self.send(&delivery);
        }
    }

    /// Sends, and notes how it went.
    pub(crate) fn send(&self, delivery: &Delivery) {
        let error = post(delivery).err();
        let mut world = self.world();
        if let Some(webhook) = world.webhooks.iter_mut().find(|it| it.id == delivery.id) {
            webhook.last = Some(Outcome { error });
        }
    }
}

impl World {
    fn due(&mut self, now: i64) -> Vec<Delivery> {
        let mut deliveries = Vec::new();
        for (place, by) in self.queue.take(now) {
            let body = self.modified(&place, &by, now);
            let hearing = self.webhooks.iter().filter(|it| it.hears(&place, MODIFIED));
            deliveries.extend(hearing.map(|webhook| Delivery::new(webhook, &body, now)));
        }
        deliveries
    }

    /// What is sent when a rotation fails: at once, to whoever hears it.
    pub(crate) fn rotation_failed(&self, place: &Folder, rotation: &str, now: i64) -> Vec<Delivery> {
        let mut project = self.event_project(place);
        if let Some(project) = project.as_object_mut() {
            project.shift_remove("workspaceId");
        }
        project["rotationName"] = rotation.into();
        project["errorMessage"] = "the rotation failed".into();
        project["triggeredManually"] = false.into();
        let body = json!({"event": FAILED, "project": project, "timestamp": now});
        let hearing = self.webhooks.iter().filter(|it| it.hears(place, FAILED));
        hearing.map(|webhook| Delivery::new(webhook, &body, now)).collect()
    }

    fn modified(&self, place: &Folder, by: &str, now: i64) -> Value {
        let mut project = self.event_project(place);
        project["changedBy"] = by.into();
        project["changedByActorType"] = "identity".into();
        json!({"event": MODIFIED, "project": project, "timestamp": now})
    }

    /// What `POST .../test` sends.
    pub(crate) fn test_event(&self, webhook: &Webhook, now: i64) -> Delivery {
        let place = Folder {
            project: webhook.project,
            environment: webhook.environment.clone(),
            path: webhook.secret_path.clone(),
        };
        let body = json!({"event": "test", "project": self.event_project(&place), "timestamp": now});
        Delivery::new(webhook, &body, now)
    }

    fn event_project(&self, place: &Folder) -> Value {
        let project = &self.projects[place.project];
        let environment = project.environment(&place.environment);
        json!({
            "workspaceId": project.id,
            "projectId": project.id,
            "projectName": project.name,
            "environment": place.environment,
            "environmentName": environment.map(|it| &it.name),
            "secretPath": place.path,
        })
    }
}

impl Delivery {
    fn new(webhook: &Webhook, body: &Value, now: i64) -> Self {
        let body = match webhook.kind.as_str() {
            "general" => body.to_string(),
            // Chats get a sentence.
            _ => {
                json!({"text": format!("{} in {}", body["event"], body["project"]["secretPath"])}).to_string()
            }
        };
        let signature = webhook.key.as_ref().map(|key| format!("t={now};{}", sign(key.expose(), &body)));
        Self { id: webhook.id.clone(), url: webhook.url.clone(), body, signature }
    }
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn sign(key: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("a key of any length");
    mac.update(body.as_bytes());
    hex(&mac.finalize().into_bytes())
}

fn post(delivery: &Delivery) -> Result<(), String> {
    let config =
        Agent::config_builder().http_status_as_error(false).proxy(None).timeout_global(Some(TIMEOUT));
    let agent = Agent::new_with_config(config.build());
    let mut request = agent.post(&delivery.url).header("content-type", "application/json");
    if let Some(signature) = &delivery.signature {
        request = request.header("x-infisical-signature", signature);
    }
    let answer =
        request.send(delivery.body.as_str()).map_err(|_| "the webhook cannot be reached".to_owned())?;
    match answer.status().as_u16() {
        200..300 => Ok(()),
        status => Err(format!("Request failed with status code {status}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_hmac_sha_256() {
        // The second test case of RFC 4231.
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(sign("Jefe", "what do ya want for nothing?"), expected);
    }
}
