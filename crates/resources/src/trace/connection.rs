//! A typed connection: where its secret lies, and who makes keys of it.

use keyloom_models::{Config, ConnectionConfig};

use super::users::{self, Home, User};
use super::{Hop, shown};

pub(super) fn hops(config: &Config, item: &ConnectionConfig) -> Vec<Hop> {
    let store =
        item.secret_store_ref.as_ref().map(|reference| format!("in store {}", shown(&reference.name)));
    let what = format!("type {} at {}", item.kind.kind().word, shown(item.address()));
    let lies = Hop::new("connection", what, store.unwrap_or_default());
    let uses = |user: User<'_>, _: Home<'_>| match user {
        User::Secret(secret) => secret.made.connection.iter().any(|made| made.name == item.name),
        User::Push(_) => false,
    };
    std::iter::once(lies).chain(users::hops(config, "written by", uses)).collect()
}
