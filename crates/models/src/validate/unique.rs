//! The identity of an item is its list, its kind, its namespace and its name: each stands once.

use indexmap::IndexMap;
use keyloom_syntax::Text;

use super::shown;
use crate::document::Item;
use crate::finding::{Findings, List, Place};
use crate::list::{Declared, Items, Visit};

const DUPLICATE: &str = "duplicate-item";

pub(super) fn check(items: &mut Items, findings: &mut Findings) {
    items.visit(&mut Unique { findings });
}

struct Unique<'f> {
    findings: &'f mut Findings,
}

impl Visit for Unique<'_> {
    fn list<T: Declared>(&mut self, items: &mut Vec<Item<T>>) {
        list(T::LIST, items.iter().map(|item| item.value.identity()), self.findings);
    }
}

fn list<'a>(
    list: List,
    items: impl Iterator<Item = (&'static str, Option<&'a Text>, &'a Text)>,
    findings: &mut Findings,
) {
    let mut seen = IndexMap::new();
    for (index, (kind, namespace, name)) in items.enumerate() {
        // What is not written anywhere cannot be compared.
        let Some(written) = name.written() else { continue };
        let first = *seen.entry((kind, namespace.and_then(Text::written), written)).or_insert(index);
        if first != index {
            let place =
                namespace.map_or(String::new(), |namespace| format!(" in namespace `{}`", shown(namespace)));
            findings
                .error(
                    DUPLICATE,
                    Place::item(list, index).at("name"),
                    format!("{kind} `{written}`{place} is declared twice"),
                )
                .label("again here")
                .fix("rename one, or merge the two into one item")
                .and(Place::item(list, first).at("name"), "first here");
        }
    }
}
