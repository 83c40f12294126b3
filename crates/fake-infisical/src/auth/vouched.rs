//! Logins with something that another service vouches for: a signed JWT, or a signed request to AWS. What that service would
//! say is part of the seed.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::token::Proof;
use crate::error::Fault;
use crate::fields::Fields;
use crate::http::{Answer, Request};
use crate::seed::{VouchedAuth, VouchedMethod};
use crate::shared::Shared;

/// `POST /api/v1/auth/{method}/login`.
pub(crate) fn login(shared: &Shared, request: &Request, method: VouchedMethod) -> Result<Answer, Fault> {
    let mut fields = request.json()?;
    let id = fields.uuid("identityId");
    let proof = match method {
        VouchedMethod::Aws => caller(&mut fields),
        VouchedMethod::Azure | VouchedMethod::Gcp | VouchedMethod::Jwt | VouchedMethod::Oidc => {
            Some(fields.trimmed("jwt"))
        }
    };
    fields.close()?;
    let world = &mut *shared.world();
    let number = world.identities.iter().position(|identity| identity.id.as_deref() == Some(id.as_str()));
    let auths = number.map(|number| world.identities[number].vouched.as_slice()).unwrap_or_default();
    let mine: Vec<&VouchedAuth> = auths.iter().filter(|auth| auth.method == method).collect();
    let (Some(number), false) = (number, mine.is_empty()) else {
        let words = format!("The identity has no method {}", method.name());
        return Err(Fault::not_found(words));
    };
    let good = mine.iter().find(|auth| proof.as_deref() == Some(auth.proof.expose()));
    let tokens = good.map(|auth| auth.tokens.clone());
    let tokens =
        tokens.ok_or_else(|| Fault::unauthorized("Access denied: nobody vouches for the identity"))?;
    Ok(world.issue(number, Proof::Vouched(method), tokens, shared.clock.now()))
}

/// The access key that a request to AWS is signed with.
fn caller(fields: &mut Fields) -> Option<String> {
    fields.text("iamHttpRequestMethod");
    let (body, headers) = (fields.text("iamRequestBody"), fields.text("iamRequestHeaders"));
    let decoded = |text: &str| String::from_utf8(BASE64_STANDARD.decode(text).ok()?).ok();
    if !decoded(&body)?.contains("Action=GetCallerIdentity") {
        return None;
    }
    let headers: Value = serde_json::from_str(&decoded(&headers)?).ok()?;
    let headers = headers.as_object()?;
    let (_, signed) = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?;
    // A header is a text, or a list with one.
    let signed = signed.as_str().or_else(|| signed[0].as_str())?;
    let (_, scope) = signed.split_once("Credential=")?;
    Some(scope.split('/').next()?.to_owned())
}
