//! What no schema says: where a value may be secret, or known later.

use keyloom_models::plain_credential;
use keyloom_syntax::check::key_step;
use keyloom_wire::property::{Property, PropertyMap, Value};

use super::guide::Guide;
use crate::problem::InputProblem;

mod words;

/// Fields of an item that everybody reads who may read the object.
const READABLE: [&str; 4] = ["labels", "annotations", "constants", "template"];

/// Looks at every value, and says what is wrong with where it stands. Where the inputs do not fit, no rule will look at them, so
/// that credentials that came in plain are said here.
pub(crate) fn judge(inputs: &PropertyMap, guide: &Guide, fits: bool) -> Vec<InputProblem> {
    let mut walk = Walk { problems: Vec::new(), fits };
    for (key, property) in inputs {
        let mut path = String::new();
        key_step(&mut path, key);
        let readable = READABLE.contains(&key.as_str());
        walk.value(
            property,
            &Place { path, guide: guide.key(key), secret: false, readable, credential: false },
        );
    }
    walk.problems
}

struct Walk {
    problems: Vec<InputProblem>,
    /// Whether the inputs have the shape that rules look at.
    fits: bool,
}

/// A place in the inputs.
struct Place<'s> {
    path: String,
    guide: &'s Guide,
    /// Whether something around it is secret.
    secret: bool,
    /// Whether everybody reads it who may read the object.
    readable: bool,
    /// Whether it is a credential that is handed over in place of a reference.
    credential: bool,
}

impl Place<'_> {
    fn key(&self, key: &str, secret: bool) -> Self {
        let mut path = self.path.clone();
        key_step(&mut path, key);
        // Of a reference to a Secret the value is kept there; beside one it would stand in the object.
        let written_out = key == "value" && (self.guide.has("secretRef") || self.guide.in_block);
        let free = self.guide.in_block && self.guide.is_free;
        let readable = self.readable || free || written_out && !self.guide.is_selector;
        let credential = key == "value" && self.guide.is_selector;
        Self { path, guide: self.guide.key(key), secret, readable, credential }
    }

    fn item(&self, index: usize, secret: bool) -> Self {
        let path = format!("{}[{index}]", self.path);
        Self { path, guide: self.guide.item(), secret, readable: self.readable, credential: false }
    }
}

impl Walk {
    fn problem(&mut self, place: &Place<'_>, reason: &str) {
        self.problems.push(InputProblem::new(&*place.path, reason));
    }

    fn value(&mut self, property: &Property, place: &Place<'_>) {
        if place.guide.is_nowhere() {
            return;
        }
        let secret = place.secret || property.secret;
        let before = self.problems.len();
        match &property.value {
            Value::Map(members) => {
                members.iter().for_each(|(key, member)| self.value(member, &place.key(key, secret)));
                self.said_of_the_whole(property, place, before);
            }
            Value::List(items) => {
                items.iter().enumerate().for_each(|(i, item)| self.value(item, &place.item(i, secret)));
                self.said_of_the_whole(property, place, before);
            }
            Value::Reference(_) => self.problem(place, words::RESOURCE),
            Value::Opaque(_) => self.problem(place, words::ASSET),
            Value::Unknown if !place.guide.is_text => self.problem(place, words::NOT_KNOWN),
            Value::Bool(_) | Value::Number(_) if secret => self.problem(place, words::SECRET),
            Value::String(_) if secret && !place.guide.is_text => self.problem(place, words::SECRET),
            Value::Unknown | Value::String(_) if secret && place.readable => {
                self.problem(place, words::READABLE);
            }
            Value::String(_) if !secret && place.credential && !self.fits => {
                self.problems.push(InputProblem::of(&plain_credential(), place.path.clone()));
            }
            Value::Null | Value::Unknown | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// A container that came in secret as a whole makes everything in it secret: that is said once.
    fn said_of_the_whole(&mut self, container: &Property, place: &Place<'_>, before: usize) {
        let inside = self.problems.split_off(before.min(self.problems.len()));
        let count = inside.len();
        let other: Vec<_> =
            inside.into_iter().filter(|it| !container.secret || it.reason != words::SECRET).collect();
        let whole = other.len() < count;
        self.problems.extend(other);
        if whole {
            self.problem(place, words::SECRET_WHOLE);
        }
    }
}
