//! What is said of a call that cannot work.

use keyloom_syntax::suggest::suggest;

use super::call::Argument;
use super::{Checker, Fault, FaultKind};
use crate::eso::EsoVersion;
use crate::template::functions::{self, Function, Parameter, Type};
use crate::template::tree::{Command, Operand};

/// Functions of Helm and other users of the same language.
const ELSEWHERE: [&str; 9] =
    ["Files", "fromToml", "getHostByAddr", "include", "lookup", "required", "toToml", "tpl", "fromJsonArray"];

/// How many of something.
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

impl<'t> Checker<'t, '_> {
    pub(super) fn unknown_function(&mut self, name: &str, at: &Operand) {
        let known = self.known();
        let near = suggest(name, functions::names());
        let fault = self.push(Fault::error(
            FaultKind::UnknownFunction,
            at.range.clone(),
            format!("the operator has no function `{name}`"),
        ));
        if known.has(name) {
            fault.label = Some(format!("did you mean `.{name}`?"));
            fault.why = Some("a word without a dot is a function; a key is read with a dot".into());
        } else if ELSEWHERE.contains(&name) {
            fault.why = Some("it is a function of Helm, which the operator does not have".into());
        } else if let Some(near) = near {
            fault.label = Some(format!("did you mean `{near}`?"));
        } else {
            fault.fix = Some(format!("write `.{name}` for a key, `\"{name}\"` for text"));
        }
    }

    pub(super) fn forbidden_function(
        &mut self,
        name: &str,
        works: bool,
        until: Option<EsoVersion>,
        at: &Operand,
    ) {
        let range = at.range.clone();
        let fault = match (works, until) {
            (true, Some(until)) => {
                let message = format!("`{name}` is gone from version {until} of the operator on");
                Fault::warning(FaultKind::ForbiddenFunction, range, message)
            }
            _ => {
                let message = format!("the operator does not let templates call `{name}`");
                Fault::error(FaultKind::ForbiddenFunction, range, message)
            }
        };
        let (why, fix) = match name {
            "getHostByName" => {
                ("a name that is looked up carries secrets out of the cluster", "write the address")
            }
            "getSecretKey" => {
                ("it read Secrets of every namespace", "fetch the value with an entry of `data`")
            }
            _ => (
                "it would show the environment of the operator's own process",
                "fetch the value, or write it",
            ),
        };
        self.push(fault.why(why).fix(fix));
    }

    pub(super) fn newer_function(&mut self, function: &Function, at: &Operand) {
        let name = function.name;
        let has = match (function.since, function.until) {
            (Some(since), _) => format!("version {since} of the operator is the first that has it"),
            (None, _) => "other versions of the operator have it".into(),
        };
        let version = self.given.eso.map(|version| format!(" {version}")).unwrap_or_default();
        let message = format!("version{version} of the operator has no function `{name}`");
        self.push(Fault::error(FaultKind::NewerFunction, at.range.clone(), message).why(has));
    }

    pub(super) fn wrong_count(&mut self, function: &Function, first: &Operand, given: usize, piped: bool) {
        let name = function.name;
        let least = function.parameters.len();
        let wanted = counted(least, "argument");
        let at_least = if function.rest.is_some() { "at least " } else { "" };
        let gets = if given == 0 { "none".to_owned() } else { given.to_string() };
        let message = format!("`{name}` takes {at_least}{wanted}, and gets {gets}");
        let mut fault = Fault::error(FaultKind::ArgumentCount, first.range.clone(), message)
            .fix(format!("write `{}`", function.usage()));
        if piped {
            fault = fault.why("what comes through the pipe counts as the last argument");
        }
        self.push(fault);
    }

    pub(super) fn wrong_argument(
        &mut self,
        function: &Function,
        command: &'t Command,
        argument: &Argument<'t>,
        parameter: Parameter,
    ) {
        let range = argument.word.map_or(&command.first, |word| word).range.clone();
        let name = function.name;
        let given = argument.value.of.words();
        if argument.value.of == Type::Data {
            let fault = self.wrong_type(&range, format!("`{name}` does not take the map of fetched keys"));
            fault.why = Some("that map holds texts, and the function wants a map of anything: Go does not take the one for the other".into());
            fault.fix = Some(instead(name).into());
            return;
        }
        let through = if argument.word.is_none() { " through the pipe" } else { "" };
        let message = format!(
            "`{name}` wants {} for `{}`, and gets {given}{through}",
            parameter.of.words(),
            parameter.name.to_uppercase(),
        );
        let usage = function.usage();
        let fault = self.wrong_type(&range, message);
        let literal = argument.value.literal;
        fault.fix = Some(match (argument.value.of, parameter.of) {
            (Type::Text, Type::Int | Type::Int64) if !literal => {
                format!("write `{usage}`; a number is made of text by `int`")
            }
            (Type::Int64 | Type::Float, Type::Int) => "make it an `int` first: `(int ...)`".into(),
            (Type::Int | Type::Int64 | Type::Float | Type::Bool, Type::Text) if !literal => {
                "make it text first: `(toString ...)`".into()
            }
            (Type::Text, Type::Sequence | Type::List) => {
                "make a list of it first: `fromJson`, or `splitList \",\" ...`".into()
            }
            (Type::Text, Type::Map) => "parse it first: `fromJson`".into(),
            (Type::Text, Type::Bool) => "write a condition, such as `eq .key \"true\"`".into(),
            _ => format!("write `{usage}`"),
        });
    }
}

/// What to write in place of a function for maps.
fn instead(name: &str) -> &'static str {
    match name {
        "get" => "write `index . \"key\"`",
        "hasKey" => "write `index . \"key\"`, which is empty for a key that is not there",
        "dig" => "write `index . \"key\" | default \"...\"`",
        "keys" | "values" => "write `range $key, $value := .`",
        _ => "make another map of it: `(toJson . | fromJson)`",
    }
}
