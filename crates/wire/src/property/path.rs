//! [`Path`]: where a property stands, in Pulumi's spelling: `data[0].path`, `labels["app/name"]`, `data[*].path`.

use std::fmt;
use std::str::FromStr;

use super::{Property, PropertyMap};

/// Where one property stands, or, with `*`, where several do. It is read as Pulumi reads it, which is more than it writes:
/// `a.[0]` is `a[0]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(pub Vec<Step>);

/// A step inwards.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// To the member of that name.
    Member(String),
    /// To the item of that number, from 0.
    Item(usize),
    /// To every member or item.
    Every,
}

/// A text that is no path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPath(&'static str);

impl fmt::Display for NoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for NoPath {}

impl Path {
    /// The same, one step further in.
    #[must_use]
    pub fn then(&self, step: Step) -> Self {
        Self(self.0.iter().cloned().chain([step]).collect())
    }

    /// The places in those properties that it stands for, without `*`; none where there is nothing.
    pub fn places(&self, properties: &PropertyMap) -> Vec<Self> {
        let Some((first, rest)) = self.0.split_first() else { return Vec::new() };
        let mut found = Vec::new();
        for (name, property) in properties {
            if matches!(first, Step::Every) || *first == Step::Member(name.clone()) {
                expand(&Self(vec![Step::Member(name.clone())]), property, rest, &mut found);
            }
        }
        found
    }
}

impl Property {
    /// The steps to everything that stands in it.
    pub fn steps(&self) -> Vec<Step> {
        let items = (0..self.items().len()).map(Step::Item);
        items.chain(self.entries().map(|(name, _)| Step::Member(name.clone()))).collect()
    }
}

fn expand(here: &Path, property: &Property, rest: &[Step], found: &mut Vec<Path>) {
    let Some((step, rest)) = rest.split_first() else { return found.push(here.clone()) };
    let steps = if *step == Step::Every { property.steps() } else { vec![step.clone()] };
    for step in steps {
        if let Some(inner) = property.inside(&step) {
            expand(&here.then(step), inner, rest, found);
        }
    }
}

impl FromStr for Path {
    type Err = NoPath;

    fn from_str(text: &str) -> Result<Self, NoPath> {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('.') {
                if steps.is_empty() || after.is_empty() || after.starts_with('.') {
                    return Err(NoPath("a `.` needs a name before and after it"));
                }
                rest = after;
            }
            let (step, after) = match rest.strip_prefix('[') {
                Some(inside) => bracketed(inside)?,
                None => {
                    let (name, after) = rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len()));
                    (if name == "*" { Step::Every } else { Step::Member(name.to_owned()) }, after)
                }
            };
            steps.push(step);
            rest = after;
        }
        if steps.is_empty() { Err(NoPath("a path has at least one name")) } else { Ok(Self(steps)) }
    }
}

/// The step in brackets of which the first is read already, and what comes after the second.
fn bracketed(inside: &str) -> Result<(Step, &str), NoPath> {
    if let Some(quoted) = inside.strip_prefix('"') {
        let mut quotes = quoted.match_indices('"').map(|(at, _)| at);
        let end = quotes.find(|at| quoted.get(..*at).is_some_and(|name| !name.ends_with('\\')));
        let (name, after) =
            end.and_then(|end| Some((quoted.get(..end)?, quoted.get(end + 1..)?))).ok_or(OPEN)?;
        let after = after.strip_prefix(']').ok_or(OPEN)?;
        return Ok((Step::Member(name.replace("\\\"", "\"")), after));
    }
    let (index, after) = inside.split_once(']').ok_or(OPEN)?;
    let step = match index {
        "*" => Step::Every,
        index => Step::Item(
            index.parse().map_err(|_| NoPath("in brackets stands a number, `*` or a name in quotes"))?,
        ),
    };
    Ok((step, after))
}

const OPEN: NoPath = NoPath("a bracket or a quote is not closed");

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Item(item) => write!(f, "[{item}]")?,
                Step::Every => f.write_str("[*]")?,
                Step::Member(name) if !plain(name) => write!(f, "[\"{}\"]", name.replace('"', "\\\""))?,
                Step::Member(name) if index == 0 => f.write_str(name)?,
                Step::Member(name) => write!(f, ".{name}")?,
            }
        }
        Ok(())
    }
}

/// Whether a name needs no quotes in Pulumi's grammar.
fn plain(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_' || c == '$';
    name.starts_with(letter) && name.chars().all(|c| letter(c) || c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn member(name: &str) -> Step {
        Step::Member(name.to_owned())
    }

    #[test]
    fn paths_are_read_as_pulumi_reads_them() {
        let steps = |text: &str| text.parse::<Path>().map(|path| path.0);
        assert_eq!(steps("data[0].path"), Ok(vec![member("data"), Step::Item(0), member("path")]));
        assert_eq!(steps("data.[0]"), steps("data[0]"));
        assert_eq!(steps("data[*].path"), Ok(vec![member("data"), Step::Every, member("path")]));
        assert_eq!(steps("data.*"), Ok(vec![member("data"), Step::Every]));
        assert_eq!(steps(r#"labels["a/b.\"c\""]"#), Ok(vec![member("labels"), member(r#"a/b."c""#)]));
        assert_eq!(steps(r#"["a"].b"#), Ok(vec![member("a"), member("b")]));
        for bad in ["", ".a", "a.", "a..b", "a[", "a[x]", "a[-1]", r#"a["b"#, r#"a["b"x"#, r#"a["b\""#] {
            assert!(steps(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn stars_stand_for_what_is_there() {
        let item = |path: &str| Property::from(PropertyMap::from([("path".to_owned(), path.into())]));
        let data = Property::from(vec![item("a"), Property::from("b"), item("c")]);
        let properties = PropertyMap::from([("data".to_owned(), data), ("name".to_owned(), "x".into())]);
        let places = |path: &str| {
            let places = path.parse::<Path>().unwrap().places(&properties);
            places.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(places("data[*].path"), ["data[0].path", "data[2].path"]);
        assert_eq!(places("*"), ["data", "name"]);
        assert_eq!(places("data[1]"), ["data[1]"]);
        assert_eq!(places("data[3]"), [""; 0]);
        assert_eq!(places("name.x"), [""; 0]);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(steps in prop::collection::vec(prop_oneof![
            r#"[a-z."\[\]* /]{0,6}[a-z]"#.prop_map(Step::Member),
            any::<u16>().prop_map(|index| Step::Item(usize::from(index))),
            Just(Step::Every),
        ], 1..5)) {
            let path = Path(steps);
            prop_assert_eq!(path.to_string().parse::<Path>(), Ok(path));
        }

        #[test]
        fn no_text_panics(text in ".*") {
            _ = text.parse::<Path>();
        }
    }
}
