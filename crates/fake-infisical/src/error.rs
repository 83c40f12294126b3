//! Answers that are errors, each in the envelope of the real server.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::http::Request;

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    pub(crate) status: u16,
    /// The word in `error`.
    pub(crate) name: Cow<'static, str>,
    /// A text; of a body that has the wrong shape, a list of problems.
    pub(crate) message: Box<Value>,
    /// Rules that would have to be there, of a permission that is missing.
    pub(crate) details: Option<Box<Value>>,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Fault {
    fn new(status: u16, name: impl Into<Cow<'static, str>>, message: impl Into<Value>) -> Self {
        Self {
            status,
            name: name.into(),
            message: Box::new(message.into()),
            details: None,
            headers: Vec::new(),
        }
    }

    pub(crate) fn bad_request(message: impl Into<Value>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    /// The cluster's API server refused to review a token, or was not reached.
    pub(crate) fn token_review(message: impl Into<Value>) -> Self {
        Self::new(400, "KubernetesTokenReviewError", message)
    }

    pub(crate) fn unauthorized(message: impl Into<Value>) -> Self {
        Self::new(401, "UnauthorizedError", message)
    }

    /// A token that is no valid JWT any more: 403, where one would look for 401.
    pub(crate) fn token(message: impl Into<Value>) -> Self {
        Self::new(403, "TokenError", message)
    }

    /// No permission for an action; says which rules there are for it, as far as the caller has any.
    pub(crate) fn denied(action: &str, subject: &str, rules: Vec<Value>) -> Self {
        let message = format!("You are not allowed to {action} on {subject}");
        Self { details: Some(Box::new(rules.into())), ..Self::new(403, "PermissionDenied", message) }
    }

    pub(crate) fn forbidden(message: impl Into<Value>) -> Self {
        Self::new(403, "ForbiddenError", message)
    }

    /// A route that does not let in whoever sends this token.
    pub(crate) fn forbidden_to(request: &Request) -> Self {
        // The server puts the path where others have a word.
        let name = format!("Forbidden access to {}", request.target);
        Self::new(403, name, "You are not allowed to access this resource")
    }

    /// A secret was asked for by name, and its value is not for the caller.
    pub(crate) fn hidden_value(name: &str) -> Self {
        let message = format!("You are not allowed to read the value of the secret with name {name}");
        Self::new(403, "ForbiddenReadSecretError", message)
    }

    pub(crate) fn not_found(message: impl Into<Value>) -> Self {
        Self::new(404, "NotFound", message)
    }

    /// What was sent has the wrong shape.
    pub(crate) fn invalid(problems: Vec<Value>) -> Self {
        Self::new(422, "ValidationFailure", problems)
    }

    /// Too many requests; the message says how long to wait, and so do the headers.
    pub(crate) fn too_many(seconds: u64, limit: u32) -> Self {
        let headers = vec![
            ("retry-after", seconds.to_string()),
            ("x-ratelimit-limit", limit.to_string()),
            ("x-ratelimit-remaining", "0".to_owned()),
            ("x-ratelimit-reset", seconds.to_string()),
        ];
        let message = format!("Rate limit exceeded. Please try again in {seconds} seconds");
        Self { headers, ..Self::new(429, "RateLimitExceeded", message) }
    }

    /// Something that a test asked for.
    pub(crate) fn planned(status: u16) -> Self {
        let name = if status == 504 { "GatewayTimeoutError" } else { "InternalServerError" };
        Self::new(status, name, "Something went wrong")
    }

    pub(crate) fn body(&self, request_id: &str) -> Value {
        let mut body = json!({
            "reqId": request_id, "statusCode": self.status, "message": *self.message, "error": self.name,
        });
        if let Some(details) = &self.details {
            body["details"] = (**details).clone();
        }
        body
    }
}

/// What the framework says of a path that no route has: not the server's envelope.
pub(crate) fn no_route(method: &str, target: &str) -> Value {
    json!({"message": format!("Route {method}:{target} not found"), "error": "Not Found", "statusCode": 404})
}
