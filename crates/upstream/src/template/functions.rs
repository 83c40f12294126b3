//! The functions that the operator's templates may call: names, arguments and versions, as data.

use crate::eso::EsoVersion;

/// Rows of the table: `name(argument: Type, ...; rest: Type) -> Type, since 2.2, until 2.3;`.
macro_rules! functions {
    ($( $name:literal ( $($argument:ident : $of:ident),* $(; $rest:ident : $rest_of:ident)? ) -> $returns:ident
        $(, since $major:literal $minor:literal)? $(, until $last_major:literal $last_minor:literal)? ; )+) => {
        /// Sorted by name.
        pub(super) const TABLE: &[super::Function] = &[
            $( super::Function {
                name: $name,
                parameters: &[
                    $( super::Parameter { name: stringify!($argument), of: super::Type::$of } ),*
                ],
                rest: functions!(@rest $($rest $rest_of)?),
                returns: super::Type::$returns,
                since: functions!(@version $($major $minor)?),
                until: functions!(@version $($last_major $last_minor)?),
            } ),+
        ];
    };
    (@rest) => { None };
    (@rest $name:ident $of:ident) => {
        Some(super::Parameter { name: stringify!($name), of: super::Type::$of })
    };
    (@version) => { None };
    (@version $major:literal $minor:literal) => { Some(crate::eso::EsoVersion::new($major, $minor)) };
}

mod go;
mod operator;
mod sprig;

/// A type, as far as it decides whether a call can work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// Anything, or not known.
    Any,
    /// `nil`.
    Nothing,
    Text,
    /// A text that must be written out in the call.
    Word,
    /// `int`: a number without a fraction.
    Int,
    /// `int64`, which is no `int` for Go.
    Int64,
    /// `uint32`, which only a number written out can be.
    Uint32,
    Float,
    Bool,
    /// What the operator fetched: a map of texts, which no function for maps takes.
    Data,
    /// Another map of texts.
    TextMap,
    /// A map of anything.
    Map,
    /// Any list.
    Sequence,
    /// A list of anything.
    List,
    /// A list of texts.
    Texts,
    /// A list of numbers.
    Ints,
    Time,
    Certificate,
    Version,
}

/// An argument: what messages call it, and its type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) of: Type,
}

/// A function.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) parameters: &'static [Parameter],
    /// What may follow them, any number of times.
    pub(super) rest: Option<Parameter>,
    pub(super) returns: Type,
    /// The first version that has it; none for all that are known here.
    pub(super) since: Option<EsoVersion>,
    /// The first version that no longer has it.
    pub(super) until: Option<EsoVersion>,
}

/// Whether a version of the operator has a function.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found {
    Function(&'static Function),
    /// It came later.
    Later(&'static Function),
    /// It reads what is the controller's own. In a version that still had it, it works.
    Forbidden {
        works: Option<&'static Function>,
        until: Option<EsoVersion>,
    },
    Unknown,
}

/// Looks a function up. Without a version, what any known version has is there; of several signatures the one that takes so
/// many arguments, if there is one.
pub(super) fn find(name: &str, version: Option<EsoVersion>, arguments: usize) -> Found {
    if operator::TAKEN_OUT.contains(&name) {
        return Found::Forbidden { works: None, until: None };
    }
    // The operator's own functions, then sprig's, then Go's: the first wins, such as sprig's `slice`.
    let of_name: Vec<_> =
        [operator::TABLE, sprig::TABLE, go::TABLE].into_iter().flat_map(|table| rows(table, name)).collect();
    let Some(first) = of_name.first() else { return Found::Unknown };
    let row = |row: &'static Function| match version {
        Some(version) => {
            row.since.is_none_or(|since| since <= version) && row.until.is_none_or(|until| version < until)
        }
        None => true,
    };
    let mut there = of_name.iter().copied().filter(|found| row(found));
    let there = match there.clone().find(|found| found.parameters.len() == arguments) {
        Some(found) if version.is_none() => Some(found),
        _ => there.next(),
    };
    if operator::LEAKING.contains(&name) {
        let works = version.and(there);
        return Found::Forbidden { works, until: first.until };
    }
    there.map_or(Found::Later(first), Found::Function)
}

/// All rows of that name: one for each signature it had.
fn rows(table: &'static [Function], name: &str) -> impl Iterator<Item = &'static Function> {
    let start = table.partition_point(|row| row.name < name);
    table.get(start..).unwrap_or_default().iter().take_while(move |row| row.name == name)
}

/// Every name, for did-you-mean.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    [operator::TABLE, sprig::TABLE, go::TABLE].into_iter().flatten().map(|row| row.name)
}

impl Function {
    /// How it is called: `indent SPACES TEXT`.
    pub(super) fn usage(&self) -> String {
        let mut usage = self.name.to_owned();
        for parameter in self.parameters {
            usage.push(' ');
            usage.push_str(&parameter.name.to_uppercase());
        }
        if let Some(rest) = self.rest {
            usage.push_str(&format!(" [{}...]", rest.name.to_uppercase()));
        }
        usage
    }

    /// What its argument of that number is.
    pub(super) fn parameter(&self, at: usize) -> Option<Parameter> {
        self.parameters.get(at).copied().or(self.rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        for table in [operator::TABLE, sprig::TABLE, go::TABLE] {
            let wrong = table.windows(2).find(|pair| pair[0].name > pair[1].name);
            assert!(wrong.is_none(), "{wrong:?}");
        }
    }

    #[test]
    fn what_a_version_has() {
        let at = |name, major, minor| find(name, Some(EsoVersion::new(major, minor)), 1);
        assert!(matches!(at("b64enc", 0, 17), Found::Function(_)));
        assert!(matches!(at("certSANs", 0, 20), Found::Later(_)));
        assert!(matches!(at("certSANs", 2, 9), Found::Function(_)));
        assert!(matches!(at("getHostByName", 0, 20), Found::Forbidden { works: Some(_), .. }));
        assert!(matches!(at("getHostByName", 2, 9), Found::Forbidden { works: None, .. }));
        assert!(matches!(at("env", 0, 20), Found::Forbidden { works: None, .. }));
        assert!(matches!(at("htpasswd", 0, 20), Found::Function(row) if row.parameters.len() == 2));
        assert!(matches!(at("htpasswd", 2, 9), Found::Function(row) if row.parameters.len() == 3));
        assert!(matches!(at("slice", 2, 9), Found::Function(row) if row.parameters[0].of == Type::Sequence));
        assert!(matches!(find("lookup", None, 1), Found::Unknown));
    }
}
