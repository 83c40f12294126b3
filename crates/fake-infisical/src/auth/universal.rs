//! Login with a client id and a client secret.

use super::token::Proof;
use crate::error::Fault;
use crate::http::{Answer, Request};
use crate::seed::UniversalAuth;
use crate::shared::Shared;
use crate::world::World;

/// `POST /api/v1/auth/universal-auth/login`.
pub(crate) fn login(shared: &Shared, request: &Request) -> Result<Answer, Fault> {
    let mut fields = request.json()?;
    let (client_id, secret) = (fields.trimmed("clientId"), fields.trimmed("clientSecret"));
    let slug = fields.optional("organizationSlug");
    fields.close()?;
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let (identity, auth) = world.universal(&client_id).ok_or_else(wrong)?;
    let number = world.check_secret(&auth, &secret, now)?;
    if let Some(slug) = slug {
        return Err(Fault::not_found(format!("Sub organization with name {slug} not found")));
    }
    Ok(world.issue(identity, Proof::Universal(number), auth.tokens, now))
}

fn wrong() -> Fault {
    Fault::unauthorized("Invalid credentials")
}

impl World {
    fn universal(&self, client_id: &str) -> Option<(usize, UniversalAuth)> {
        let auths = self.identities.iter().map(|identity| identity.universal.as_ref());
        let found = auths.enumerate().find(|(_, auth)| auth.is_some_and(|auth| auth.client_id == client_id));
        found.and_then(|(identity, auth)| Some((identity, auth?.clone())))
    }

    /// The number of the client secret, counted as a login with it.
    fn check_secret(&mut self, auth: &UniversalAuth, secret: &str, now: i64) -> Result<usize, Fault> {
        let failures = self.failures.entry(auth.client_id.clone()).or_default();
        if failures.lock(&auth.lockout, now) {
            let message = "This identity auth method is temporarily locked, please try again later";
            return Err(Fault::unauthorized(message));
        }
        let known = auth.client_secrets.iter().position(|it| !it.revoked && it.secret.expose() == secret);
        let Some(number) = known else {
            failures.add(&auth.lockout, now);
            return Err(wrong());
        };
        self.failures.remove(&auth.client_id);
        let found = &auth.client_secrets[number];
        let age = u64::try_from(now - self.start).unwrap_or(0) / 1000;
        if found.ttl > 0 && age > found.ttl {
            return Err(Fault::unauthorized("Access denied due to expired client secret"));
        }
        let logins = self.logins.entry((auth.client_id.clone(), number)).or_default();
        if found.uses_limit > 0 && *logins >= found.uses_limit {
            return Err(Fault::unauthorized("Access denied due to client secret usage limit reached"));
        }
        *logins += 1;
        Ok(number)
    }
}
