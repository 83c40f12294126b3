//! [`Spot`]: a view together with the way to it, for rules that look at several places of a tree.

use std::fmt::Write;

use crate::check::{Problem, key_step};
use crate::view::{View, ViewKind};

/// A node of a tree and how it was reached. The way is written out only where something is reported.
#[derive(Clone)]
pub struct Spot<'p, V: View> {
    view: V,
    key: Option<V::At>,
    way: Way<'p>,
}

#[derive(Clone, Copy)]
enum Way<'p> {
    Root(&'p str),
    Key(&'p Way<'p>, &'p str),
    Path(&'p Way<'p>, &'p [&'p str]),
    Index(&'p Way<'p>, usize),
}

impl<'p, V: View> Spot<'p, V> {
    /// Where a tree begins; `path` begins every path.
    pub fn root(view: V, path: &'p str) -> Self {
        Self { view, key: None, way: Way::Root(path) }
    }

    /// The field of that name, unless it is absent or null.
    pub fn get<'s>(&'s self, key: &'s str) -> Option<Spot<'s, V>> {
        let (at, view) = self.view.get(key)?;
        (view.kind() != ViewKind::Null).then_some(Spot { view, key: Some(at), way: Way::Key(&self.way, key) })
    }

    /// The field at the end of a path of fields, unless one of them is absent or null.
    pub fn at<'s>(&'s self, path: &'s [&'s str]) -> Option<Spot<'s, V>> {
        let (mut view, mut key) = (self.view, self.key.clone());
        for step in path {
            let (at, below) = view.get(step)?;
            (view, key) = (below, Some(at));
        }
        (view.kind() != ViewKind::Null).then_some(Spot { view, key, way: Way::Path(&self.way, path) })
    }

    /// Whether the field is there and not null.
    pub fn has(&self, key: &str) -> bool {
        self.view.get(key).is_some_and(|(_, view)| view.kind() != ViewKind::Null)
    }

    /// Whether the node is not known yet.
    pub fn is_unknown(&self) -> bool {
        self.kind() == ViewKind::Unknown
    }

    /// The items of a list.
    pub fn items<'s>(&'s self) -> impl Iterator<Item = Spot<'s, V>> {
        let item = |(index, view)| Spot { view, key: None, way: Way::Index(&self.way, index) };
        self.view.items().enumerate().map(item)
    }

    /// The fields of a mapping that are not null, each with its key.
    pub fn entries<'s>(&'s self) -> impl Iterator<Item = (&'s str, Spot<'s, V>)> {
        let entries = self.view.entries().filter(|(_, _, view)| view.kind() != ViewKind::Null);
        entries.map(|(key, at, view)| (key, Spot { view, key: Some(at), way: Way::Key(&self.way, key) }))
    }

    /// What it is.
    pub fn kind(&self) -> ViewKind {
        self.view.kind()
    }

    /// The text, when it is known.
    pub fn text(&self) -> Option<&str> {
        self.view.text()
    }

    /// The text of a field, when it is known.
    pub fn text_of(&self, key: &str) -> Option<String> {
        self.view.get(key).and_then(|(_, view)| view.text().map(str::to_owned))
    }

    /// The node.
    pub fn view(&self) -> V {
        self.view
    }

    /// Where the node is.
    pub fn place(&self) -> V::At {
        self.view.at()
    }

    /// Where the node's key is, or the node where it has none.
    pub fn key_place(&self) -> V::At {
        self.key.clone().unwrap_or_else(|| self.view.at())
    }

    /// The way in the document's spelling.
    pub fn path(&self) -> String {
        let mut path = String::new();
        self.way.spell(&mut path);
        path
    }

    /// An error about the node.
    pub fn error(&self, code: &'static str, message: impl Into<String>) -> Problem<V::At> {
        Problem { path: self.path(), ..Problem::error(code, self.place(), message) }
    }

    /// An error about the field as a whole, which is shown at its key.
    pub fn error_at_key(&self, code: &'static str, message: impl Into<String>) -> Problem<V::At> {
        Problem { path: self.path(), ..Problem::error(code, self.key_place(), message) }
    }
}

impl Way<'_> {
    fn spell(&self, path: &mut String) {
        match self {
            Way::Root(root) => path.push_str(root),
            Way::Key(parent, key) => {
                parent.spell(path);
                key_step(path, key);
            }
            Way::Path(parent, keys) => {
                parent.spell(path);
                keys.iter().for_each(|key| key_step(path, key));
            }
            Way::Index(parent, index) => {
                parent.spell(path);
                _ = write!(path, "[{index}]");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_spot_knows_its_way() {
        let value = json!({"data": [{"remoteRef": {"key": "x", "none": null}}], "a/b": {"c": 1}});
        let root = Spot::root(&value, "spec");
        let data = root.get("data").unwrap();
        let item = data.items().next().unwrap();
        let key = item.at(&["remoteRef", "key"]).unwrap();
        assert_eq!((key.text(), key.path().as_str()), (Some("x"), "spec.data[0].remoteRef.key"));
        assert!(item.at(&["remoteRef", "none"]).is_none() && item.at(&["other", "key"]).is_none());
        let paths: Vec<_> = root.entries().map(|(_, spot)| spot.path()).collect();
        assert_eq!(paths, ["spec.data", "spec[\"a/b\"]"]);
        assert_eq!(key.error("bad-format", "no").path, "spec.data[0].remoteRef.key");
    }
}
