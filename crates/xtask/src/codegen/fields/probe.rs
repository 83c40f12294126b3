//! Fields that no example has: a small document is made that has the field, and what it renders to is looked at.

use keyloom_syntax::check::fits;
use keyloom_syntax::schema::Schema;
use keyloom_upstream::Cursor;
use keyloom_upstream::eso::Kind;
use serde_json::{Map, Value, json};

use super::declared::{Declared, Step, Way};
use super::rows;

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The field is in the manifest.
    There,
    /// The document is refused, for these reasons.
    Refused(Vec<&'static str>),
    /// It was dropped.
    Dropped,
}

/// Whether a document renders to the field.
pub(super) fn ask(declared: &Declared, kind: Kind, path: &[String]) -> Answer {
    match declared.render() {
        Err(codes) => Answer::Refused(codes),
        Ok(objects) => {
            let here = |(of, fields): &(Kind, rows::Fields)| {
                super::trace::one_of_a_pair(*of) == kind && fields.values().any(|(found, _)| found == path)
            };
            if objects.iter().any(here) { Answer::There } else { Answer::Dropped }
        }
    }
}

/// The smallest value that has the field at that path; what is required beside it is there too.
pub(super) fn least(at: Cursor<'_>, path: &[String]) -> Value {
    let Some((step, rest)) = path.split_first() else { return sample(at) };
    match step.as_str() {
        "[]" => json!([at.item().map_or(Value::Null, |item| least(item, rest))]),
        "{}" => json!({"name": at.value().map_or(Value::Null, |value| least(value, rest))}),
        name => {
            let mut fields = required(at, Some(name));
            if let Some(field) = at.property(name) {
                fields.insert(name.to_owned(), least(field, rest));
            }
            fields.into()
        }
    }
}

/// The required fields of an object; where it holds exactly one field, `wanted` is that one.
fn required(at: Cursor<'_>, wanted: Option<&str>) -> Map<String, Value> {
    let needed =
        at.required().filter(|name| at.property(name).is_some_and(|field| field.default().is_none()));
    let mut fields: Map<String, Value> =
        needed.filter_map(|name| Some((name.to_owned(), sample(at.property(name)?)))).collect();
    // A reference to a key of a Secret names both, though no schema asks for it.
    if ["name", "key"]
        .iter()
        .all(|name| at.property(name).is_some_and(|field| field.type_name() == Some("string")))
    {
        for name in ["name", "key"] {
            fields.entry(name).or_insert_with(|| at.property(name).map_or(Value::Null, sample));
        }
    }
    let short = at.keyword("minProperties").and_then(Value::as_u64).is_some_and(|least| least > 0);
    if let (true, true, None, Some((name, field))) =
        (short, fields.is_empty(), wanted, at.properties().next())
    {
        fields.insert(name.to_owned(), sample(field));
    }
    fields
}

/// A value that the schema takes.
pub(super) fn sample(at: Cursor<'_>) -> Value {
    if let Some(word) = at.enum_values().next() {
        return word.clone();
    }
    match at.type_name() {
        Some("object") => match at.value() {
            Some(value) => json!({"name": sample(value)}),
            None => required(at, None).into(),
        },
        Some("array") => at.item().map_or_else(|| json!([]), |item| json!([sample(item)])),
        Some("boolean") => json!(true),
        Some("integer" | "number") => at.keyword("minimum").cloned().unwrap_or(json!(1)),
        Some("string") => json!(text(at)),
        _ => json!(1),
    }
}

/// A text of the right form.
fn text(at: Cursor<'_>) -> &'static str {
    const TEXTS: [&str; 5] =
        ["example", "YWJj", "1h", "user@project.iam.gserviceaccount.com", "2020-01-01T00:00:00Z"];
    let schema = Schema::compile(&at.schema());
    let good = |text: &&str| schema.as_ref().is_ok_and(|schema| fits(&json!(text), schema));
    TEXTS.into_iter().find(good).unwrap_or(TEXTS[0])
}

/// Stores of that provider with a field of its block: with that alone, and with one other beside it, which some rule may ask
/// for; each also as a cluster-scoped one.
pub(super) fn stores(path: &[String]) -> Box<dyn Iterator<Item = Declared> + '_> {
    let Some(provider) = path.get(1) else { return Box::new(std::iter::empty()) };
    let Some(block) = rows::root(Kind::SecretStore).at(&["provider", provider]) else {
        return Box::new(std::iter::empty());
    };
    let alone = least(block, &path[2..]);
    let beside = alone.clone();
    let with = move |other: Vec<String>| merged(beside.clone(), &least(block, &other));
    let blocks = std::iter::once(alone).chain(rows::of(block).into_iter().map(with));
    // Where another field is asked for, scopes matter to none but namespaces.
    let scoped = path.last().is_some_and(|last| last == "namespace");
    let tries = move |(at, block): (usize, Value)| {
        let tries = scopes(provider, &block);
        let count = if at == 0 || scoped { tries.len() } else { 1 };
        tries.into_iter().take(count)
    };
    Box::new(blocks.enumerate().flat_map(tries))
}

fn scopes(provider: &str, block: &Value) -> Vec<Declared> {
    let store = |scope: &str, value: Value, block: &Value| {
        let mut store = json!({"name": "probe", "provider": provider});
        store[scope] = value;
        store[provider] = block.clone();
        Declared(vec![json!({"stores": [store]})])
    };
    let mut placed = block.clone();
    place(&mut placed);
    let mut tries = vec![
        store("namespace", json!("probe"), block),
        store("clusterScoped", json!(true), block),
        store("clusterScoped", json!(true), &placed),
    ];
    if provider == "fake" {
        // Values that stand in a manifest want to be meant.
        tries.iter_mut().for_each(|declared| declared.0[0]["stores"][0]["allowLiteral"] = json!(true));
    }
    tries
}

/// Both values; where they differ, the first.
fn merged(mut first: Value, second: &Value) -> Value {
    match (&mut first, second) {
        (Value::Object(fields), Value::Object(others)) => {
            for (name, other) in others {
                let field = fields.remove(name).map_or_else(|| other.clone(), |field| merged(field, other));
                fields.insert(name.clone(), field);
            }
        }
        (Value::Array(items), Value::Array(others)) => {
            for (item, other) in items.iter_mut().zip(others) {
                *item = merged(item.take(), other);
            }
        }
        _ => {}
    }
    first
}

/// Gives every reference to a Secret a namespace: some providers want it from cluster-scoped stores.
fn place(value: &mut Value) {
    if let Some(fields) = value.as_object_mut() {
        if fields.contains_key("name") && fields.contains_key("key") {
            fields.insert("namespace".to_owned(), json!("probe"));
        }
        fields.values_mut().for_each(place);
    }
}

/// A generator of that kind with a field of its spec.
pub(super) fn generator(kind: Kind, path: &[String]) -> Declared {
    let spec = least(rows::root(kind), path);
    let generator = json!({"kind": kind.name(), "name": "probe", "namespace": "probe", "spec": spec});
    Declared(vec![json!({"generators": [generator]})])
}

/// The path below the block that carries it.
pub(super) fn below(base: &str, path: &[String]) -> String {
    format!("{base}.{}", rows::spelled(path))
}

/// A document with a field added to a place; also with the item around it cluster-scoped, or in the namespace that the
/// field names.
pub(super) fn added(example: &Declared, (document, way): &Way, at: Cursor<'_>, name: &str) -> Vec<Declared> {
    let field = |name: &str, steps: &[Step]| {
        let way = steps.iter().cloned().chain([Step::Key(name.to_owned())]).collect();
        (*document, way)
    };
    let plain = example.with(&field(name, way), Some(sample(at)));
    let item = &way[..way.len().min(2)];
    let scoped = plain.with(&field("clusterScoped", item), Some(json!(true)));
    let scoped = scoped.with(&field("namespace", item), None);
    let there = plain.with(&field("namespace", item), Some(sample(at)));
    vec![plain, scoped, there]
}
