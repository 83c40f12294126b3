//! Intervals: zero as a number, and days, which Go does not know.

use keyloom_models::code;
use keyloom_syntax::tree::Kind;
use keyloom_syntax::{Node, Sources};
use keyloom_upstream::eso;

use super::{Fix, at, inner};
use crate::edit::Edit;
use crate::object::Object;

/// More days than this are no refresh interval.
const DAYS: u32 = 3_650;

pub(super) fn fixes(sources: &Sources, object: &Object<'_>) -> Vec<Fix> {
    let Some(kind) = object.eso() else { return Vec::new() };
    let paths: &[&[&str]] = match kind {
        eso::Kind::ExternalSecret | eso::Kind::PushSecret => &[&["refreshInterval"]],
        eso::Kind::ClusterExternalSecret => &[&["refreshTime"], &["externalSecretSpec", "refreshInterval"]],
        eso::Kind::ClusterPushSecret => &[&["refreshTime"], &["pushSecretSpec", "refreshInterval"]],
        eso::Kind::SecretStore | eso::Kind::ClusterSecretStore => &[&["refreshInterval"]],
        _ => &[],
    };
    let store = matches!(kind, eso::Kind::SecretStore | eso::Kind::ClusterSecretStore);
    let spec = object.node.get("spec");
    let values = paths.iter().filter_map(|path| at(spec?, path));
    values.filter_map(|value| zero(value, store).or_else(|| days(sources, value))).collect()
}

/// A store counts seconds, so that a number is right there.
fn zero(value: Node<'_>, store: bool) -> Option<Fix> {
    let zero = value.kind() == Kind::Int && value.scalar() == Some("0") && !store;
    zero.then(|| Fix::one(code::WRONG_TYPE, Edit::replace(value.span(), "\"0\"")))
}

fn days(sources: &Sources, value: Node<'_>) -> Option<Fix> {
    let text = value.as_str()?;
    let number = text.strip_suffix('d').filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()))?;
    let days: u32 = number.parse().ok().filter(|days| (1..=DAYS).contains(days))?;
    Some(Fix::one(code::BAD_DURATION, Edit::replace(inner(sources, value)?, format!("{}h", days * 24))))
}
