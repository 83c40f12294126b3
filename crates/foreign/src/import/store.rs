//! A SecretStore or ClusterSecretStore as an item.

use keyloom_syntax::Node;
use keyloom_syntax::tree::Kind;
use keyloom_upstream::Cursor;

use super::written::{Field, Map, Notes, Written};
use super::{Context, Level, plain};

/// Fields of the scope at Infisical which the declaration calls otherwise.
const SCOPE: &str = "secretsScope";
const RENAMED: [(&str, &str); 1] = [("environmentSlug", "environment")];
const SUFFIX: &str = "Credentials";

/// The fields of a `spec`.
pub(super) fn spec(spec: Node<'_>, schema: Cursor<'static>, level: Level, context: &Context<'_, '_>) -> Map {
    let mut map = Map::default();
    for (key, value) in spec.entries() {
        let name = key.scalar().unwrap_or_default();
        let schema = schema.property(name);
        if name == "provider" || plain::is_default(value, schema) {
            continue;
        }
        if name == "refreshInterval" {
            map.put_with(name, context.comments.of_entry(key, value), plain::duration(value));
        } else {
            map.extend(name, Some(plain::field(key, value, schema, context.comments)));
        }
    }
    if let Some((key, (name, block))) = provider(spec) {
        map.put_with(
            "provider",
            context.comments.of_key(key),
            Written::text(name.scalar().unwrap_or_default()),
        );
        let notes = context.comments.of_key(name);
        let block = self::block(name.scalar().unwrap_or_default(), block, schema, level, context);
        map.put_with(name.scalar().unwrap_or_default(), notes, block);
    }
    map
}

type Entry<'t> = (Node<'t>, Node<'t>);

/// The key `provider`, and its one entry.
fn provider(spec: Node<'_>) -> Option<(Node<'_>, Entry<'_>)> {
    let (key, value) = spec.entries().find(|(key, _)| key.scalar() == Some("provider"))?;
    Some((key, value.entries().next()?))
}

/// The name of a store's provider.
pub(super) fn provider_name(spec: Node<'_>) -> Option<&str> {
    provider(spec)?.1.0.scalar()
}

fn block(
    name: &str,
    block: Node<'_>,
    schema: Cursor<'static>,
    level: Level,
    context: &Context<'_, '_>,
) -> Written {
    // What goes without saying is said where leaving it out comes to something else.
    let schema = schema.at(&["provider", name]).filter(|_| level > Level::Plain);
    if block.kind() != Kind::Mapping {
        return plain::value(block, schema, context.comments);
    }
    let mut map = plain::fields(block, schema, context.comments, |_| true);
    if name == "infisical" {
        map = infisical(map);
    }
    map.opened().into()
}

/// The scope stands among the other fields, and a login method is called what it is.
fn infisical(block: Map) -> Map {
    let mut map = Map::default();
    for field in block.fields {
        match (field.key.as_str(), field.value) {
            (SCOPE, Written::Map(scope)) => {
                let mut notes = Some(Notes { above: field.notes.lines(), beside: None });
                for mut inner in scope.fields {
                    if let Some((_, name)) = RENAMED.iter().find(|(theirs, _)| *theirs == inner.key) {
                        (*name).clone_into(&mut inner.key);
                    }
                    inner.notes = notes.take().unwrap_or_default().and(inner.notes);
                    map.fields.push(inner);
                }
            }
            ("auth", Written::Map(mut auth)) => {
                for method in &mut auth.fields {
                    if let Some(short) = method.key.strip_suffix(SUFFIX) {
                        method.key = short.to_owned();
                    }
                }
                map.put_with("auth", field.notes, auth.into());
            }
            (_, value) => map.fields.push(Field { key: field.key, notes: field.notes, value }),
        }
    }
    map
}
