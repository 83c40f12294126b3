//! Who sends a request, by its bearer token.

use super::service_token;
use crate::error::Fault;
use crate::http::Request;
use crate::world::World;

/// Who sends a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Actor {
    /// The number of the identity.
    pub(crate) identity: usize,
}

/// Looks at the token, and counts the request as a use of it.
pub(crate) fn admit(world: &mut World, request: &Request, now: i64) -> Result<Actor, Fault> {
    if let Some(token) = service_token::sent(request) {
        return Ok(Actor { identity: world.service_token(&token)? });
    }
    // Whatever the scheme is called, what is behind seven characters is the token.
    let token = request.header("authorization").map(|header| header.get(7..).unwrap_or_default());
    let token = token.ok_or_else(|| Fault::unauthorized("Token missing"))?;
    let id = world.token_id(token, now)?;
    Ok(Actor { identity: world.spend(&id, request.address(), now)? })
}
