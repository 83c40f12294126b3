//! The life of access tokens: issued, used, renewed, revoked.

use serde_json::{Value, json};

use super::{jwt, trust};
use crate::error::Fault;
use crate::http::{Answer, Request};
use crate::id;
use crate::seed::{TokenSettings, VouchedMethod};
use crate::shared::Shared;
use crate::world::World;

/// What is kept of a token.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) id: String,
    /// The number of its identity.
    pub(crate) identity: usize,
    pub(crate) proof: Proof,
    pub(crate) settings: TokenSettings,
    pub(crate) created: i64,
    /// When it was issued last; counts for tokens of before 2026 alone.
    renewed: i64,
    pub(crate) uses: u64,
    pub(crate) revoked: bool,
}

/// How an identity showed who it is.
#[derive(Clone, Debug)]
pub(crate) enum Proof {
    /// The number of a client secret.
    Universal(usize),
    /// A service account.
    Kubernetes { namespace: String, name: String },
    /// A token made beforehand.
    Token,
    /// What another service vouches for.
    Vouched(VouchedMethod),
}

impl Proof {
    fn method(&self) -> &'static str {
        match self {
            Self::Universal(_) => "universal-auth",
            Self::Kubernetes { .. } => "kubernetes-auth",
            Self::Token => "token-auth",
            Self::Vouched(method) => method.name(),
        }
    }
}

/// `POST /api/v1/auth/token/renew`.
pub(crate) fn renew(shared: &Shared, request: &Request) -> Result<Answer, Fault> {
    let (text, now) = (sent(request)?, shared.clock.now());
    let world = &mut *shared.world();
    let id = world.token_id(&text, now)?;
    world.renew(&id, &text, now)
}

/// `POST /api/v1/auth/token/revoke`.
pub(crate) fn revoke(shared: &Shared, request: &Request) -> Result<Answer, Fault> {
    let (text, now) = (sent(request)?, shared.clock.now());
    let world = &mut *shared.world();
    let id = world.token_id(&text, now)?;
    world.good_token(&id)?.revoked = true;
    Ok(Answer::ok(json!({"message": "Successfully revoked access token"})))
}

fn sent(request: &Request) -> Result<String, Fault> {
    let mut fields = request.json()?;
    let token = fields.trimmed("accessToken");
    fields.close()?;
    Ok(token)
}

impl World {
    /// Keeps the tokens that identities have from the beginning.
    pub(crate) fn make_tokens(&mut self, now: i64) {
        for identity in 0..self.identities.len() {
            let Some(auth) = self.identities[identity].token.clone() else { continue };
            let id = self.keep(identity, Proof::Token, auth.tokens, now);
            self.made_beforehand.insert(id::digest(auth.access_token.expose()), id);
        }
    }

    fn keep(&mut self, identity: usize, proof: Proof, settings: TokenSettings, now: i64) -> String {
        let id = self.fresh_id("token");
        let token = Token {
            id: id.clone(),
            identity,
            proof,
            settings,
            created: now,
            renewed: now,
            uses: 0,
            revoked: false,
        };
        self.tokens.insert(id.clone(), token);
        id
    }

    /// Issues a token, and answers a login with it.
    pub(crate) fn issue(
        &mut self,
        identity: usize,
        proof: Proof,
        settings: TokenSettings,
        now: i64,
    ) -> Answer {
        let id = self.keep(identity, proof, settings, now);
        let token = self.tokens[&id].clone();
        let life = self.full_life(&token);
        self.answer(&token, life, now)
    }

    /// The id of a token that somebody sent.
    pub(crate) fn token_id(&self, text: &str, now: i64) -> Result<String, Fault> {
        if let Some(id) = self.made_beforehand.get(&id::digest(text)) {
            return Ok(id.clone());
        }
        let claims = jwt::verify(text, now).map_err(|broken| Fault::token(broken.message()))?;
        Ok(claims["identityAccessTokenId"].as_str().unwrap_or_default().to_owned())
    }

    /// A token that is known and not revoked.
    pub(crate) fn good_token(&mut self, id: &str) -> Result<&mut Token, Fault> {
        let known = self.tokens.get_mut(id).filter(|token| !token.revoked);
        known
            .ok_or_else(|| Fault::unauthorized("Failed to authorize: the access token is unknown or revoked"))
    }

    /// Counts a request that is sent with a token.
    pub(crate) fn spend(&mut self, id: &str, address: &str, now: i64) -> Result<usize, Fault> {
        let legacy = self.settings.legacy_tokens;
        let token = self.good_token(id)?;
        if !trust::trusts(&token.settings.trusted_ips, address) {
            return Err(Fault::forbidden(
                "You are not allowed to access this resource from the current IP address",
            ));
        }
        if token.is_used_up() {
            return Err(Fault::unauthorized("The access token has reached its limit of uses"));
        }
        // A JWT of these servers lives as long as it can be renewed: its life is a row of a table.
        let jwt_tells = !legacy && !matches!(token.proof, Proof::Token);
        if !jwt_tells && token.settings.life() > 0 && now > token.renewed + seconds(token.settings.life()) {
            return Err(Fault::unauthorized("The access token has outlived its TTL"));
        }
        token.uses += 1;
        Ok(token.identity)
    }

    fn renew(&mut self, id: &str, text: &str, now: i64) -> Result<Answer, Fault> {
        let legacy = self.settings.legacy_tokens;
        let token = self.good_token(id)?;
        if token.is_used_up() {
            return Err(Fault::unauthorized(
                "Unable to renew: the access token has reached its limit of uses",
            ));
        }
        let token = token.clone();
        let full = self.full_life(&token);
        let left = match token.settings.max() {
            0 => full,
            max => u64::try_from((token.created + seconds(max) - now) / 1000).unwrap_or(0),
        };
        if left == 0 || (legacy && left < full) {
            return Err(Fault::unauthorized("Failed to renew: the access token has reached its max TTL"));
        }
        if let Some(kept) = self.tokens.get_mut(id) {
            kept.renewed = now;
        }
        let mut answer = self.answer(&token, left.min(full), now);
        if legacy && let Some(body) = &mut answer.body {
            body["accessToken"] = text.into();
        }
        Ok(answer)
    }

    /// How long a new token lives, in seconds.
    fn full_life(&self, token: &Token) -> u64 {
        let ceiling = self.settings.max_token_age;
        let limits = [token.settings.life(), token.settings.max(), ceiling];
        limits.into_iter().filter(|limit| *limit > 0).min().unwrap_or(ceiling)
    }

    fn answer(&mut self, token: &Token, life: u64, now: i64) -> Answer {
        let mut claims = self.claims(token, now);
        let end = match (self.settings.legacy_tokens, token.settings.max()) {
            (false, _) => Some(now + seconds(life)),
            (true, 0) => None,
            (true, max) => Some(token.created + seconds(max)),
        };
        if let Some(end) = end {
            claims["exp"] = (end / 1000).into();
        }
        Answer::ok(json!({
            "accessToken": jwt::sign(&claims),
            "expiresIn": life,
            "accessTokenMaxTTL": token.settings.max(),
            "tokenType": "Bearer",
        }))
    }

    fn claims(&mut self, token: &Token, now: i64) -> Value {
        let identity = &self.identities[token.identity];
        let mut claims = json!({
            "identityId": identity.id,
            "identityName": identity.name,
            "authMethod": token.proof.method(),
            "authTokenType": "identityAccessToken",
            "orgId": self.organization,
            "rootOrgId": self.organization,
            "identityAccessTokenId": token.id,
            "accessTokenTTL": token.settings.ttl,
            "accessTokenMaxTTL": token.settings.max(),
            "accessTokenPeriod": token.settings.period,
            "creationEpoch": token.created / 1000,
            "iat": now / 1000,
        });
        match &token.proof {
            Proof::Universal(number) => claims["clientSecretId"] = number.to_string().into(),
            Proof::Kubernetes { namespace, name } => {
                claims["identityAuth"] = json!({"kubernetes": {"namespace": namespace, "name": name}});
            }
            Proof::Token | Proof::Vouched(_) => {}
        }
        // No two tokens are the same text, even within a second.
        claims["jti"] = self.number().into();
        claims
    }
}

impl Token {
    fn is_used_up(&self) -> bool {
        self.settings.uses_limit > 0 && self.uses >= self.settings.uses_limit
    }
}

impl TokenSettings {
    fn life(&self) -> u64 {
        if self.period > 0 { self.period } else { self.ttl }
    }

    fn max(&self) -> u64 {
        if self.period > 0 { 0 } else { self.max_ttl }
    }
}

/// Seconds as milliseconds.
fn seconds(count: u64) -> i64 {
    i64::try_from(count).map_or(i64::MAX / 4, |count| count.saturating_mul(1000).min(i64::MAX / 4))
}
