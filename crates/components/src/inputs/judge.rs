//! What no schema says: where a value may be secret or known later, and credentials that stand in place of references.

use keyloom_syntax::Text;
use keyloom_syntax::check::key_step;
use keyloom_wire::property::{Property, PropertyMap, Value};

use super::block::Around;
use super::guide::Guide;
use crate::origins::OriginTable;
use crate::problem::InputProblem;

mod words;

/// The inputs after a look at every value.
#[derive(Default)]
pub(crate) struct Judged {
    /// The inputs, with references in place of credentials.
    pub(crate) inputs: PropertyMap,
    /// The credentials, in the order of the inputs.
    pub(crate) credentials: Vec<Credential>,
    /// What is wrong.
    pub(crate) problems: Vec<InputProblem>,
}

/// A credential that was handed over in place of a reference to a Secret.
pub(crate) struct Credential {
    /// Key in the Secret that holds it.
    pub(crate) key: String,
    /// The value: secret, or not known yet.
    pub(crate) value: Text,
    /// The namespace that its reference names.
    pub(crate) namespace: Option<Text>,
    /// Where it stands in the inputs.
    pub(crate) path: String,
}

/// Fields of an item that everybody reads who may read the object.
const READABLE: [&str; 4] = ["labels", "annotations", "constants", "template"];

/// Looks at every value. References to the Secret of credentials name it `secret`.
pub(crate) fn judge(inputs: &PropertyMap, guide: &Guide<'_>, secret: &Text, origins: &OriginTable) -> Judged {
    let mut walk = Walk { origins, secret, found: Judged::default() };
    for (key, property) in inputs {
        let mut path = String::new();
        key_step(&mut path, key);
        let readable = READABLE.contains(&key.as_str());
        let place = Place { path, guide: guide.key(key), around: Around::default(), readable };
        let judged = walk.value(property, &place);
        walk.found.inputs.insert(key.clone(), judged);
    }
    walk.found
}

struct Walk<'w> {
    origins: &'w OriginTable,
    secret: &'w Text,
    found: Judged,
}

/// A place in the inputs.
struct Place<'s> {
    path: String,
    guide: Guide<'s>,
    /// What the containers around say.
    around: Around,
    /// Whether everybody reads it who may read the object.
    readable: bool,
}

impl<'s> Place<'s> {
    fn key(&self, key: &str, around: &Around) -> Self {
        let mut path = self.path.clone();
        key_step(&mut path, key);
        let beside_reference = key == "value" && (self.guide.has("secretRef") || self.guide.in_block);
        let readable = self.readable || beside_reference || self.guide.in_block && self.guide.is_free();
        Self { path, guide: self.guide.key(key), around: around.clone(), readable }
    }

    fn item(&self, index: usize, around: &Around) -> Self {
        let path = format!("{}[{index}]", self.path);
        Self { path, guide: self.guide.item(), around: around.clone(), readable: self.readable }
    }
}

impl Walk<'_> {
    fn problem(&mut self, place: &Place<'_>, reason: &str) {
        self.found.problems.push(InputProblem::new(&*place.path, reason));
    }

    fn value(&mut self, property: &Property, place: &Place<'_>) -> Property {
        if place.guide.is_nowhere() {
            return property.clone();
        }
        let around = place.around.with(property, self.origins);
        match &property.value {
            Value::Map(members) => return self.map(property, members, place, &around),
            Value::List(items) => {
                let before = self.found.problems.len();
                let judged = items.iter().enumerate();
                let judged = judged.map(|(i, item)| self.value(item, &place.item(i, &around))).collect();
                self.said_of_the_whole(property, place, before);
                return Property { value: Value::List(judged), ..property.clone() };
            }
            Value::Reference(_) => self.problem(place, words::RESOURCE),
            Value::Opaque(_) => self.problem(place, words::ASSET),
            Value::Null => {}
            Value::Unknown if !place.guide.is_text() => self.problem(place, words::NOT_KNOWN),
            Value::Bool(_) | Value::Number(_) if around.secret => self.problem(place, words::SECRET),
            Value::String(_) if around.secret && !place.guide.is_text() => self.problem(place, words::SECRET),
            Value::Unknown | Value::String(_) if around.secret && place.readable => {
                self.problem(place, words::READABLE);
            }
            Value::Unknown | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        property.clone()
    }

    fn map(
        &mut self,
        property: &Property,
        members: &PropertyMap,
        place: &Place<'_>,
        around: &Around,
    ) -> Property {
        let value = members.get("value").filter(|value| value.value != Value::Null);
        if let Some(value) = value.filter(|_| place.guide.is_selector()) {
            return self.credential(value, members, place, around);
        }
        let before = self.found.problems.len();
        let mut judged = PropertyMap::new();
        for (key, member) in members {
            judged.insert(key.clone(), self.value(member, &place.key(key, around)));
        }
        self.said_of_the_whole(property, place, before);
        Property { value: Value::Map(judged), ..property.clone() }
    }

    /// A container that came in secret as a whole makes everything in it secret: that is said once.
    fn said_of_the_whole(&mut self, container: &Property, place: &Place<'_>, before: usize) {
        let is_of_whole = |problem: &InputProblem| problem.reason == words::SECRET;
        let inside = self.found.problems.get(before..).unwrap_or_default();
        if container.secret && inside.iter().any(is_of_whole) {
            let mut at = 0;
            self.found.problems.retain(|problem| {
                at += 1;
                at <= before || !is_of_whole(problem)
            });
            self.problem(place, words::SECRET_WHOLE);
        }
    }

    /// Takes a credential, and puts a reference in its place.
    fn credential(
        &mut self,
        value: &Property,
        members: &PropertyMap,
        place: &Place<'_>,
        around: &Around,
    ) -> Property {
        let text =
            |property: &Property| around.with(property, self.origins).text(property.as_str(), self.origins);
        let namespace = members.get("namespace").filter(|namespace| namespace.value != Value::Null);
        let credential = Credential {
            key: key_of(&place.path),
            value: text(value),
            namespace: namespace.map(text),
            path: place.path.clone(),
        };
        let reference = [
            ("name".to_owned(), super::property(self.secret)),
            ("key".to_owned(), Property::from(credential.key.as_str())),
        ];
        let namespace = namespace.map(|namespace| ("namespace".to_owned(), namespace.clone()));
        // Beside a value, name and key are wrong, which the schema says; a value that is no text, too.
        match value.value {
            Value::String(_) if credential.value.known().is_some() => self
                .found
                .problems
                .push(InputProblem::new(format!("{}.value", place.path), words::PLAIN_CREDENTIAL).quiet()),
            Value::Reference(_) => self.problem(place, words::RESOURCE),
            Value::Opaque(_) => self.problem(place, words::ASSET),
            Value::String(_) | Value::Unknown => self.found.credentials.push(credential),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::List(_) | Value::Map(_) => {}
        }
        Property::from(PropertyMap::from_iter(reference.into_iter().chain(namespace)))
    }
}

/// The key of a credential: where it stands inside the provider's block, such as `auth.universalAuth.clientSecret`. Two
/// never share one, for no field of a store holds a dot.
fn key_of(path: &str) -> String {
    let inside = path.split_once(['.', '[']).map_or(path, |(_, inside)| inside);
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    inside.replace('[', ".").chars().filter(|c| *c != ']').map(|c| if legal(c) { c } else { '_' }).collect()
}
