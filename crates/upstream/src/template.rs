//! The template language of the External Secrets Operator: Go's text/template with the operator's functions.
//!
//! [`check`] says everything that is wrong with a template, each fault at its bytes; [`reads`] says which fetched keys it
//! uses. Nothing is executed.
//!
//! The operator gives a template all fetched keys as a map of texts, and stops at a key that is not there
//! (`missingkey=error`). So `.key` needs the key, while `index . "key"` gives empty text without it; and no function for
//! maps, such as `hasKey`, takes the map of fetched keys. Delimiters are `{{` and `}}`: whoever gives the operator other
//! ones by its flags knows.
//!
//! ```
//! use keyloom_upstream::template::{Given, Known, Position, check};
//!
//! let keys = ["user", "pass-word"];
//! let given = Given { eso: None, position: Position::Value, keys: Known { known: &keys, complete: true } };
//! assert!(check(r#"{{ .user }}:{{ index . "pass-word" | urlquery }}"#, &given).is_empty());
//!
//! let faults = check("{{ .pass-word }}", &given);
//! assert_eq!(faults[0].range, 3..13);
//! assert_eq!(faults[0].fix.as_deref(), Some("write `index . \"pass-word\"`"));
//! ```

use keyloom_syntax::Severity;

use crate::eso::EsoVersion;

mod check;
mod fault;
mod functions;
mod lex;
mod literal;
mod output;
mod parse;
mod reads;
mod tree;

pub use fault::{Fault, FaultKind};
pub use reads::{Read, Reads};

/// Where a template stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Its result is one value: of a key, a label or an annotation.
    Value,
    /// Its result is YAML of keys and values (`templateFrom.literal`).
    KeysAndValues,
    /// Its result is one value, which is a YAML file.
    Yaml,
    /// It makes one name of another (`rewrite.transform`): the only key is `value`.
    Transform,
}

/// The keys that a template can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known<'a> {
    /// Keys that are there.
    pub known: &'a [&'a str],
    /// Whether there are no others.
    pub complete: bool,
}

impl Known<'_> {
    /// Nothing is known.
    pub const NOTHING: Known<'static> = Known { known: &[], complete: false };

    fn has(&self, key: &str) -> bool {
        self.known.contains(&key)
    }
}

/// What is known around a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given<'a> {
    /// The version of the operator; none when any known one will do.
    pub eso: Option<EsoVersion>,
    /// Where the template stands.
    pub position: Position,
    /// What it can read.
    pub keys: Known<'a>,
}

/// Everything that is wrong with a template, in the order of its text.
pub fn check(text: &str, given: &Given<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !text.contains("{{") && given.position != Position::KeysAndValues {
        return faults;
    }
    let tree = parse::parse(text, &mut faults);
    let reads = check::check(text, &tree, given, &mut faults);
    reads::check(&reads, given, &mut faults);
    let found = faults.len();
    output::check(text, &tree, given, &mut faults);
    quiet_beside_errors(&mut faults, found);
    faults.sort_by_key(|fault| (fault.range.start, fault.range.end));
    // A named template is walked once for each kind of value that it gets.
    faults.dedup();
    faults
}

/// Where an action does not work at all, it is no use to say what it would write; `from` is where such faults begin.
fn quiet_beside_errors(faults: &mut Vec<Fault>, from: usize) {
    let output = faults.split_off(from);
    let works = |fault: &Fault| {
        let inside = |error: &Fault| {
            let (action, range) = (&fault.range, &error.range);
            action.start <= range.start && range.end <= action.end
        };
        !faults.iter().any(|error| error.severity == Severity::Error && inside(error))
    };
    let kept: Vec<_> = output.into_iter().filter(works).collect();
    faults.extend(kept);
}

/// Which fetched keys a template reads, as far as it can be parsed.
pub fn reads(text: &str) -> Reads {
    let given = Given { eso: None, position: Position::Value, keys: Known::NOTHING };
    let mut faults = Vec::new();
    let tree = parse::parse(text, &mut faults);
    check::check(text, &tree, &given, &mut faults)
}
