//! An ExternalSecret as an item: what its `spec` says, in the declaration's own fields.

use keyloom_models::duration::Duration;
use keyloom_syntax::Node;
use keyloom_syntax::tree::Kind;
use keyloom_upstream::{Cursor, eso};

use super::data::Single;
use super::written::{Map, Notes, Written};
use super::{Context, Level, data, data_from, helper, plain};

/// What is written when nobody says how often.
pub(super) const USUAL: &str = "1h";

/// The fields of a `spec`. `name` is that of the object, which a Secret has unless another is said.
pub(super) fn spec(spec: Node<'_>, name: Option<&str>, level: Level, context: &Context<'_, '_>) -> Map {
    let mut map = Map::default();
    let (target, schema) = (spec.get("target"), context.spec.property("target"));
    let singles = spec.get("data").map(Single::all).unwrap_or_default();
    if let Some((key, store)) = said(Some(spec), None, "secretStoreRef")
        && !(context.is_usual_store(store) && reads_store(spec))
    {
        let notes = context.comments.of_entry(key, store);
        map.put_with("secretStoreRef", notes, context.store_ref(store));
    }
    if let Some((key, value)) = said(target, schema, "name")
        && (value.as_str() != name || name.is_none())
    {
        let (notes, value) = plain::field(key, value, None, context.comments);
        map.put_with("targetSecretName", notes, value);
    }
    let helper = (level == Level::Helpers).then(|| helper::of(spec, &singles, context)).flatten();
    let usual = helper.as_ref().map_or(USUAL.to_owned(), |helper| helper.usual.clone());
    match said(Some(spec), None, "refreshPolicy") {
        Some((key, value)) => {
            map.extend("refreshPolicy", Some(plain::field(key, value, None, context.comments)));
        }
        // A declaration takes such values for made once, the operator does not.
        None if is_made(spec) => map.put("refreshPolicy", Written::text("Periodic")),
        None => {}
    }
    interval(spec, &usual, context, &mut map);
    if let Some((key, value)) = said(Some(spec), None, "syncWindows") {
        map.extend("syncWindows", Some(plain::field(key, value, None, context.comments)));
    }
    for name in ["creationPolicy", "deletionPolicy", "immutable", "manifest"] {
        map.extend(
            name,
            said(target, schema, name).map(|(key, value)| plain::field(key, value, None, context.comments)),
        );
    }
    let (mut template, mut constants) = (None, None);
    if let Some((key, value)) = said(target, schema, "template") {
        (template, constants) = template_and_constants(key, value, level, context);
    }
    match helper {
        Some(helper) => {
            map.put_with(helper.name, helper.notes, helper.fields.into());
            template = None;
        }
        None => {
            if let Some((key, value)) = said(Some(spec), None, "data").filter(|(_, data)| !data.is_empty()) {
                let notes = context.comments.of_key(key);
                map.put_with("data", notes, data::list(value, level, context));
            }
            if let Some((key, value)) =
                said(Some(spec), None, "dataFrom").filter(|(_, data)| !data.is_empty())
            {
                let notes = context.comments.of_key(key);
                map.put_with("dataFrom", notes, data_from::list(value, level, context));
            }
        }
    }
    map.extend("template", template);
    map.extend("constants", constants.map(|constants| (Notes::default(), constants)));
    map
}

/// An entry that says more than goes without saying.
fn said<'t>(node: Option<Node<'t>>, schema: Option<Cursor<'_>>, name: &str) -> Option<(Node<'t>, Node<'t>)> {
    let (key, value) = node?.entries().find(|(key, _)| key.scalar() == Some(name))?;
    let schema = schema.and_then(|schema| schema.property(name));
    (!plain::is_default(value, schema)).then_some((key, value))
}

/// Whether some entry is read from the store of the whole.
pub(super) fn reads_store(spec: Node<'_>) -> bool {
    let own = |entry: Node<'_>| entry.get("sourceRef").is_some();
    let lists = [spec.get("data"), spec.get("dataFrom")];
    lists.into_iter().flatten().any(|list| list.items().any(|entry| !own(entry)))
}

/// Whether values are made which would be others at every refresh.
fn is_made(spec: Node<'_>) -> bool {
    let kind =
        |entry: Node<'_>| entry.get("sourceRef")?.get("generatorRef")?.get("kind")?.as_str().map(is_random);
    spec.get("dataFrom").is_some_and(|list| list.items().any(|entry| kind(entry) == Some(true)))
}

/// A ClusterGenerator may be one that does.
fn is_random(kind: &str) -> bool {
    eso::Kind::generator(kind).is_some_and(|kind| kind.rotates() || kind == eso::Kind::ClusterGenerator)
}

/// How often, unless it is what goes without saying.
pub(super) fn interval(spec: Node<'_>, usual: &str, context: &Context<'_, '_>, map: &mut Map) {
    let usual = context.usual.interval.as_deref().unwrap_or(usual);
    let found = spec.entries().find(|(key, _)| key.scalar() == Some("refreshInterval"));
    let (notes, value) = match found.filter(|(_, value)| value.kind() != Kind::Null) {
        Some((key, value)) => (context.comments.of_entry(key, value), plain::duration(value)),
        None => (Notes::default(), Written::text(USUAL)),
    };
    if value != Written::text(usual) {
        map.put_with("refreshInterval", notes, value);
    }
}

/// How often in the shortest spelling, of a `spec` as it stands.
pub(super) fn said_interval(spec: Node<'_>) -> String {
    let said = spec.get("refreshInterval").and_then(Node::as_str);
    said.map_or_else(
        || USUAL.to_owned(),
        |said| said.parse::<Duration>().map_or_else(|_| said.to_owned(), Duration::short),
    )
}

type Said = Option<(Notes, Written)>;

/// The template as it stands; what is no template in it, as constants.
fn template_and_constants(
    key: Node<'_>,
    template: Node<'_>,
    level: Level,
    context: &Context<'_, '_>,
) -> (Said, Option<Written>) {
    let schema = context.spec.at(&["target", "template"]);
    let notes = context.comments.of_key(key);
    let mut map = plain::fields(template, schema, context.comments, |_| true).opened();
    let constants = (level > Level::Plain).then(|| constants(&mut map)).flatten();
    if let Some(Written::Map(data)) =
        map.fields.iter_mut().find(|field| field.key == "data").map(|field| &mut field.value)
    {
        data.open = true;
    }
    if constants.is_some() && map.is_empty() {
        return (None, constants);
    }
    (Some((notes, map.into())), constants)
}

/// Takes fixed values out of a template that does more; or all of it, if it only lays fixed values over what is fetched.
fn constants(template: &mut Map) -> Option<Written> {
    let data = match template.get("data") {
        Some(Written::Map(data)) => data,
        _ => return None,
    };
    let fixed = |value: &Written| matches!(value, Written::Text(text) if !text.contains("{{") && !text.contains('\n'));
    let count = data.fields.iter().filter(|field| fixed(&field.value)).count();
    let all = count == data.fields.len();
    let merges = template.get("mergePolicy") == Some(&Written::text("Merge"));
    let alone = template.fields.len() == 2 && merges;
    if count == 0 || all && !alone {
        return None;
    }
    let field = template.fields.iter_mut().find(|field| field.key == "data")?;
    let Written::Map(data) = &mut field.value else { return None };
    let (constants, rest) =
        std::mem::take(&mut data.fields).into_iter().partition(|field| fixed(&field.value));
    data.fields = rest;
    if all {
        template.fields.clear();
    }
    Some(Map { fields: constants, open: count > 3 }.into())
}
