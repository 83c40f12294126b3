//! A ClusterExternalSecret or ClusterPushSecret as an item: where, and the spec of what is made there.

use keyloom_syntax::Node;
use keyloom_upstream::eso::{self, Kind};

use super::written::Map;
use super::{Context, Level, external_secret, plain, push_secret};

/// The fields of a `spec`. `name` is that of the object, which what it makes has unless another is said.
pub(super) fn spec(
    kind: Kind,
    spec: Node<'_>,
    name: Option<&str>,
    level: Level,
    context: &Context<'_, '_>,
) -> Map {
    let schema = eso::spec(context.eso, kind).root();
    let name = spec.get("externalSecretName").and_then(Node::as_str).or(name);
    let mut map = Map::default();
    for (key, value) in spec.entries() {
        let field = key.scalar().unwrap_or_default();
        let below = schema.property(field);
        match field {
            _ if plain::is_default(value, below) => {}
            "externalSecretSpec" => {
                let notes = context.comments.of_key(key);
                let inner = external_secret::spec(value, name, level, context);
                map.put_with(field, notes, inner.opened().into());
            }
            "pushSecretSpec" => {
                let notes = context.comments.of_key(key);
                map.put_with(field, notes, push_secret::spec(value, below, context).opened().into());
            }
            "refreshTime" => {
                map.put_with(field, context.comments.of_entry(key, value), plain::duration(value))
            }
            _ => {
                let (notes, value) = plain::field(key, value, below, context.comments);
                map.put_with(field, notes, value);
            }
        }
    }
    map
}
