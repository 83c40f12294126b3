//! Which place of a document decides about a field: found by changing the examples, one field at a time, and looking at
//! what comes out.

use std::collections::{BTreeMap, BTreeSet};

use keyloom_upstream::Cursor;
use keyloom_upstream::eso::Kind;
use serde_json::{Value, json};

use super::declared::{Declared, Way, spelled};
use super::rows::{self, Fields, Path};
use crate::Result;

/// What decides about each field.
pub(super) struct Found {
    places: BTreeMap<(Kind, Path), Vec<Place>>,
    /// What fields of the document are called upstream, by their name.
    aliases: BTreeMap<String, BTreeSet<String>>,
}

/// A place in one of the examples.
#[derive(Clone)]
pub(super) struct Place {
    /// How well it goes with the field: by its names, and by how little else it decides about.
    rank: (i32, usize, usize, String),
    pub(super) text: String,
    pub(super) example: usize,
    pub(super) way: Way,
}

impl Found {
    /// The places that decide about a field, the best first.
    pub(super) fn places(&self, kind: Kind, path: &[String]) -> &[Place] {
        self.places.get(&(kind, path.to_vec())).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, kind: Kind, path: &Path, (example, way, weight): (usize, &Way, usize)) {
        let text = spelled(&way.1);
        let rank = (-self.likeness(kind, path, &text), weight, way.1.len(), text.clone());
        let place = Place { rank, text, example, way: way.clone() };
        let places = self.places.entry((kind, path.clone())).or_default();
        let at = places.partition_point(|known| known.rank <= place.rank);
        places.insert(at, place);
    }

    /// How alike the names of a field and of a place are. Most fields are called as upstream calls them, and what a field is
    /// called upstream otherwise, the document's schema says.
    fn likeness(&self, kind: Kind, path: &[String], place: &str) -> i32 {
        let steps: Vec<_> = place.split('.').map(|step| step.trim_end_matches("[]")).collect();
        let names: Vec<_> = path.iter().filter(|step| *step != "[]").map(String::as_str).collect();
        let last = steps.last().copied().unwrap_or_default();
        let upstream = names.join(".");
        let is_alias = |alias: &String| upstream == *alias || upstream.ends_with(&format!(".{alias}"));
        let alias = self.aliases.get(last).is_some_and(|aliases| aliases.iter().any(is_alias));
        let own = list(kind).is_some_and(|list| steps.first() == Some(&list));
        let shared = names.iter().filter(|name| steps[1..].contains(name)).count();
        let same = names.last() == Some(&last);
        10 * i32::from(alias) + 5 * i32::from(own) + 3 * i32::from(same) + i32::try_from(shared).unwrap_or(0)
    }
}

/// The list that declares objects of that kind.
fn list(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::SecretStore | Kind::ClusterSecretStore => Some("stores"),
        Kind::ExternalSecret => Some("externalSecrets"),
        Kind::ClusterExternalSecret => Some("clusterExternalSecrets"),
        Kind::PushSecret => Some("pushSecrets"),
        Kind::ClusterPushSecret => Some("clusterPushSecrets"),
        kind => kind.is_generator().then_some("generators"),
    }
}

/// Changes every field of every example.
pub(super) fn examples(examples: &[Declared]) -> Result<Found> {
    let words = words();
    let mut found = Found { places: BTreeMap::new(), aliases: aliases()? };
    for (number, example) in examples.iter().enumerate() {
        // Another word, or another thing that is declared.
        let words: Vec<_> = words.iter().cloned().chain([example.names()]).collect();
        example.render().map_err(|codes| format!("an example has errors: {codes:?}"))?;
        for (alone, (document, item)) in example.alone() {
            // What is nobody's business but the whole example's has nothing to say alone.
            let (Ok(before), Some(list)) = (alone.render(), item.first()) else { continue };
            for way in alone.nodes(list) {
                let changed = changes(&alone, &way, &before, &words);
                let way = (document, [&item[..], &way.1[2..]].concat());
                for (kind, path) in &changed {
                    found.add(*kind, path, (number, &way, changed.len()));
                }
            }
        }
    }
    Ok(found)
}

/// The fields that are other ones when this one is.
fn changes(
    example: &Declared,
    way: &Way,
    before: &[(Kind, Fields)],
    words: &[Vec<Value>],
) -> BTreeSet<(Kind, Path)> {
    let Some(value) = example.get(way) else { return BTreeSet::new() };
    let others = std::iter::once(None).chain(others(value, words).into_iter().map(Some));
    let outcomes =
        others.filter_map(|value| Some(differences(before, &example.with(way, value).render().ok()?)));
    outcomes.into_iter().find(|changed| !changed.is_empty()).unwrap_or_default()
}

/// Other values that may be fine too.
fn others(value: &Value, words: &[Vec<Value>]) -> Vec<Value> {
    const TEXTS: [&str; 7] = ["example", "1h", "0 4 * * *", "YWJj", "eu-west-1", "In", "NotIn"];
    match value {
        Value::Bool(value) => vec![json!(!value)],
        Value::Number(number) => {
            number.as_i64().map(|n| vec![json!(n + 1), json!(n - 1)]).unwrap_or_default()
        }
        Value::String(text) => {
            let listed = words.iter().filter(|words| words.contains(value)).flatten().cloned();
            let texts = TEXTS.into_iter().map(Value::from).filter(|other| other != value);
            let all = std::iter::once(json!(format!("{text}x"))).chain(listed.filter(|word| word != value));
            all.chain(texts).collect()
        }
        // A list that must be there: with another first entry.
        Value::Array(items) => match items.split_first() {
            Some((first, rest)) if !first.is_object() => {
                let other = |first| std::iter::once(first).chain(rest.iter().cloned()).collect();
                others(first, words).into_iter().map(other).collect()
            }
            _ => Vec::new(),
        },
        Value::Null | Value::Object(_) => Vec::new(),
    }
}

/// What the document's schema says that its fields are called upstream.
fn aliases() -> Result<BTreeMap<String, BTreeSet<String>>> {
    fn look(value: &Value, found: &mut BTreeMap<String, BTreeSet<String>>) {
        for (name, field) in value.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let aliases = field.get("x-aliases").and_then(Value::as_array).into_iter().flatten();
            let aliases = aliases.filter_map(|alias| alias.as_str().map(str::to_owned));
            found.entry(name.clone()).or_default().extend(aliases);
        }
        match value {
            Value::Object(fields) => fields.values().for_each(|value| look(value, found)),
            Value::Array(items) => items.iter().for_each(|value| look(value, found)),
            _ => {}
        }
    }
    let mut found = BTreeMap::new();
    look(&serde_json::from_str(&keyloom_codegen::json_schema::render())?, &mut found);
    Ok(found)
}

/// What is there once and not the other time, or differs. Nothing where the objects are others.
fn differences(before: &[(Kind, Fields)], after: &[(Kind, Fields)]) -> BTreeSet<(Kind, Path)> {
    let kinds = |objects: &[(Kind, Fields)]| objects.iter().map(|(kind, _)| *kind).collect::<Vec<_>>();
    if kinds(before) != kinds(after) {
        return BTreeSet::new();
    }
    let mut found = BTreeSet::new();
    for ((kind, before), (_, after)) in before.iter().zip(after) {
        let all = before.iter().chain(after);
        let other = all.filter(|(place, _)| before.get(*place) != after.get(*place));
        found.extend(other.map(|(_, (path, _))| (one_of_a_pair(*kind), path.clone())));
    }
    found
}

/// A store's spec is the same in both kinds.
pub(super) fn one_of_a_pair(kind: Kind) -> Kind {
    if kind == Kind::ClusterSecretStore { Kind::SecretStore } else { kind }
}

/// Every list of words that a field anywhere may hold.
fn words() -> Vec<Vec<Value>> {
    fn look(at: Cursor<'_>, found: &mut Vec<Vec<Value>>) {
        let words: Vec<_> = at.enum_values().cloned().collect();
        if !words.is_empty() && !found.contains(&words) {
            found.push(words);
        }
        let inner = at.properties().map(|(_, field)| field).chain(at.item()).chain(at.value());
        inner.for_each(|field| look(field, found));
    }
    let mut found = Vec::new();
    Kind::ALL.into_iter().for_each(|kind| look(rows::root(kind), &mut found));
    found
}
