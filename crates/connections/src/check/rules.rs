//! The rules between fields.

use super::fields::is_empty;
use crate::field::FieldType;
use crate::kind::{Kind, Rule, alternatives};
use crate::object::Object;
use crate::problem::Problem;
use crate::secret::Secret;
use crate::suggest::suggest;
use crate::value::Value;

impl Rule {
    pub(super) fn check(self, kind: &Kind, details: &Object, problems: &mut Vec<Problem>) {
        let there = |name: &str| is_there(details.get(name));
        let text = |name: &str| details.get(name).and_then(Value::text).filter(|text| !text.is_blank());
        match self {
            Self::OneOf(groups) => {
                if !groups.iter().any(|group| group.iter().all(|name| there(name))) {
                    problems.push(Problem::NoneOf { kind: kind.word, groups: alternatives(groups) });
                }
            }
            Self::Together(group) => {
                if let Some(is) = group.iter().find(|name| there(name)) {
                    let missing = group.iter().filter(|name| !there(name));
                    problems.extend(missing.map(|field| Problem::Alone { kind: kind.word, is, field }));
                }
            }
            Self::NotBoth(one, other) => {
                let first = |group: &[&'static str]| group.iter().copied().find(|name| there(name));
                if let (Some(one), Some(other)) = (first(one), first(other)) {
                    problems.push(Problem::Both { kind: kind.word, one, other });
                }
            }
            Self::Json(field) => {
                if text(field).is_some_and(|text| !is_object(text)) {
                    problems.push(Problem::FieldNotJson { field });
                }
            }
            Self::Word(field, words) => {
                let word = details.get(field).and_then(Value::text).map(|word| word.expose());
                if word.is_some_and(|word| !words.contains(&word)) {
                    let meant = word.and_then(|word| suggest(word, words.iter().copied()));
                    problems.push(Problem::UnknownWord { field, words, meant });
                }
            }
            Self::AtLeast(field, least) => {
                let number = details.get(field).and_then(i64::read);
                if number.is_some_and(|number| number < least) {
                    problems.push(Problem::TooSmall { field, least });
                }
            }
            Self::Path(field) => {
                if text(field).is_some_and(|text| text.expose().trim_start().starts_with('{')) {
                    problems.push(Problem::FieldNotPath { field });
                }
            }
        }
    }
}

/// A field that is empty or `false` is not there.
fn is_there(value: Option<&Value>) -> bool {
    !matches!(value, None | Some(Value::Bool(false))) && !value.is_some_and(is_empty)
}

fn is_object(text: &Secret) -> bool {
    matches!(serde_json::from_str::<Value>(text.expose()), Ok(Value::Object(_)))
}
