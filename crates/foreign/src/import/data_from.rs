//! `dataFrom`: whole entries, searches and generators.

use keyloom_syntax::Node;
use keyloom_syntax::tree::Kind;

use super::written::{Item, Map, Written};
use super::{Context, Level, data, plain};

/// The list.
pub(super) fn list(entries: Node<'_>, level: Level, context: &Context<'_, '_>) -> Written {
    Written::List(entries.items().map(|node| entry(node, level, context)).collect())
}

fn entry(node: Node<'_>, level: Level, context: &Context<'_, '_>) -> Item {
    let span = node.span();
    let notes = context.comments.take(span.start..=span.end);
    let schema = context.spec.at(&["dataFrom", "[]"]);
    let mut map = Map::default();
    if let Some(extract) = node.get("extract") {
        let schema = schema.and_then(|schema| schema.step("extract"));
        let mut whole = Map::default();
        for (name, field) in [("path", "key"), ("property", "property")] {
            if let Some(value) = extract.get(field) {
                whole.put(name, plain::value(value, None, context.comments));
            }
        }
        data::reference(Some(extract), schema, context, &mut whole);
        map.put("extract", short(whole));
    }
    if let Some(find) = node.get("find") {
        let schema = schema.and_then(|schema| schema.step("find"));
        map.put("find", plain::value(find, schema, context.comments));
    }
    let source = node.get("sourceRef");
    if let Some(generator) = source.and_then(|source| source.get("generatorRef")) {
        let schema = schema.and_then(|schema| schema.at(&["sourceRef", "generatorRef"]));
        map.put("generator", plain::value(generator, schema, context.comments));
    }
    if let Some(rewrite) = node.get("rewrite").filter(|rewrite| !rewrite.is_empty()) {
        match prefix(rewrite).filter(|_| level > Level::Plain) {
            Some(prefix) => map.put("prefix", Written::text(prefix)),
            None => {
                let schema = schema.and_then(|schema| schema.step("rewrite"));
                map.put("rewrite", plain::value(rewrite, schema, context.comments));
            }
        }
    }
    if let Some(store) = source.and_then(|source| source.get("storeRef")) {
        map.put("secretStoreRef", context.store_ref(store));
    }
    Item { notes, value: map.into() }
}

/// A path alone is all there is to say of most entries.
fn short(mut extract: Map) -> Written {
    match extract.fields.as_mut_slice() {
        [path] if path.key == "path" => std::mem::replace(&mut path.value, Written::List(Vec::new())),
        _ => extract.into(),
    }
}

/// What is put before every key, if that is all that is rewritten.
fn prefix(rewrite: Node<'_>) -> Option<String> {
    let mut items = rewrite.items();
    let (only, None) = (items.next()?, items.next()) else { return None };
    let regexp = only.get("regexp").filter(|regexp| only.len() == 1 && regexp.len() == 2)?;
    if regexp.get("source")?.as_str()? != "(.*)" || regexp.get("target")?.kind() != Kind::String {
        return None;
    }
    let prefix = regexp.get("target")?.as_str()?.strip_suffix("$1").filter(|prefix| !prefix.is_empty())?;
    // `$` means a group, and doubled itself.
    let bare = prefix.replace("$$", "");
    (!bare.contains('$')).then(|| prefix.replace("$$", "$"))
}

#[cfg(test)]
mod tests {
    use keyloom_syntax::{Budget, Sources, parse};

    use super::*;

    #[test]
    fn prefixes_are_told_from_other_renames() {
        for (text, found) in [
            ("[{regexp: {source: (.*), target: DB_$1}}]", Some("DB_")),
            ("[{regexp: {source: (.*), target: a$$$1}}]", Some("a$")),
            ("[{regexp: {source: (.*), target: $1}}]", None),
            ("[{regexp: {source: (.*), target: $1_$1}}]", None),
            ("[{regexp: {source: ^(.*)$, target: DB_$1}}]", None),
            ("[{regexp: {source: (.*), target: a$1}}, {transform: {template: b}}]", None),
            ("[{transform: {template: b}}]", None),
        ] {
            let mut sources = Sources::new();
            sources.add("a.yaml", text.to_owned()).unwrap();
            let (tree, _) = parse(&sources, &Budget::default());
            let root = tree.documents().next().unwrap();
            assert_eq!(prefix(root).as_deref(), found, "{text}");
        }
    }
}
