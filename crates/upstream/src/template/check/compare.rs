//! Comparisons: Go compares text with text and number with number, and refuses everything else.

use super::call::Argument;
use super::types::Value;
use super::{Checker, Type};
use crate::template::tree::Command;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Text,
    Whole,
    Fraction,
    Bool,
}

fn class(value: Value) -> Option<Class> {
    match value.of {
        Type::Text | Type::Word => Some(Class::Text),
        Type::Int | Type::Int64 | Type::Uint32 => Some(Class::Whole),
        Type::Float => Some(Class::Fraction),
        Type::Bool => Some(Class::Bool),
        Type::Any
        | Type::Nothing
        | Type::Data
        | Type::TextMap
        | Type::Map
        | Type::Sequence
        | Type::List
        | Type::Texts
        | Type::Ints
        | Type::Time
        | Type::Certificate
        | Type::Version => None,
    }
}

impl<'t> Checker<'t, '_> {
    pub(super) fn compare(&mut self, name: &str, command: &'t Command, arguments: &[Argument<'t>]) {
        let Some((first, others)) = arguments.split_first() else { return };
        let Some(left) = class(first.value) else { return };
        for other in others {
            let Some(right) = class(other.value).filter(|right| *right != left) else { continue };
            let range = other.word.map_or(&command.first, |word| word).range.clone();
            let (a, b) = (first.value.of.words(), other.value.of.words());
            let fault = self.wrong_type(&range, format!("`{name}` cannot compare {a} with {b}"));
            fault.why = Some("Go compares values of one kind only, and stops at others".into());
            fault.fix = Some(match (left, right) {
                (Class::Text, Class::Whole | Class::Fraction | Class::Bool) if other.value.literal => {
                    "a fetched value is text: write the other one in quotes".into()
                }
                (Class::Whole | Class::Fraction, Class::Fraction | Class::Whole) => {
                    "make both `float64`, or both `int`".into()
                }
                _ => "make both texts with `toString`, or both numbers with `int`".into(),
            });
        }
    }
}
