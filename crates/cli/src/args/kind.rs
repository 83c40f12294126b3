//! The word of a type of connection on the command line.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command, Error};
use keyloom_connections::Kind;

/// Takes any word, for what is none is told with the nearest one later; shells complete those that there are.
#[derive(Clone)]
pub(crate) struct KindWord;

impl TypedValueParser for KindWord {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Kind::all().map(|kind| PossibleValue::new(kind.word))))
    }
}
