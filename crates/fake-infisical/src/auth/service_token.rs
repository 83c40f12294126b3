//! Service tokens, which came before identities: they read secrets of their scopes, and nothing else knows them.

use serde_json::{Value, json};

use crate::error::Fault;
use crate::http::{Answer, Request};
use crate::id;
use crate::seed::{Access, Identity, ServiceToken};
use crate::shared::Shared;
use crate::world::World;

/// The token of a request, if it is a service token: what is before its last part, which never travels.
pub(crate) fn sent(request: &Request) -> Option<String> {
    let token = request.header("authorization")?.get(7..)?;
    let parts: Vec<&str> = token.split('.').take(3).collect();
    token.starts_with("st.").then(|| parts.join("."))
}

/// `GET /api/v2/service-token`.
pub(crate) fn get(shared: &Shared, request: &Request) -> Result<Answer, Fault> {
    let world = shared.world();
    let token = sent(request).ok_or_else(|| Fault::forbidden_to(request))?;
    let identity = &world.identities[world.service_token(&token)?];
    let project = identity.grants.first().and_then(|grant| world.project_by_slug(&grant.project).ok());
    let scopes = identity.grants.iter();
    let scopes = scopes.map(|it| json!({"environment": it.environment, "secretPath": it.path}));
    let id = token.split('.').nth(1);
    Ok(Answer::ok(json!({
        "_id": id,
        "id": id,
        "name": identity.name,
        "workspace": project.map(|number| &world.projects[number].id),
        "projectId": project.map(|number| &world.projects[number].id),
        "scopes": scopes.collect::<Value>(),
        "expiresAt": null,
    })))
}

impl World {
    /// Keeps a service token, as an identity that cannot log in.
    pub(crate) fn sow_service_token(&mut self, token: ServiceToken) {
        let parts: Vec<&str> = token.token.expose().split('.').take(3).collect();
        let access = if token.writes { Access::Write } else { Access::Read };
        let mut identity = Identity::new("service token");
        for scope in &token.scopes {
            identity = identity.may_at(access, &token.project, &scope.environment, &scope.path);
        }
        self.service_tokens.insert(id::digest(&parts.join(".")), self.identities.len());
        self.identities.push(identity);
    }

    /// The number of the identity that a service token stands for.
    pub(crate) fn service_token(&self, token: &str) -> Result<usize, Fault> {
        let known = self.service_tokens.get(&id::digest(token)).copied();
        known.ok_or_else(|| Fault::unauthorized("Service token not found or revoked"))
    }
}
