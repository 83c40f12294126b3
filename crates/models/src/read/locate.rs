//! Places of findings in the text.

use std::collections::BTreeMap;

use keyloom_syntax::tree::Kind;
use keyloom_syntax::{Diagnostic, Label, Node, NodeId, Severity, Sources, Span, Tree};

use super::plan::Plan;
use crate::code;
use crate::document::{Document, ItemPlace};
use crate::finding::{Found, List, Place, Step};
use crate::looks_like_credential;
use crate::validate::literal::is_random;
use crate::validate::redact::redact;

/// Where the items of a document were written.
pub(super) struct Places<'t> {
    tree: &'t Tree<'t>,
    /// By the number of the list.
    items: Vec<Vec<Option<ItemPlace>>>,
    versions: Option<NodeId>,
    infisical: Option<NodeId>,
}

impl<'t> Places<'t> {
    pub(super) fn new(tree: &'t Tree<'t>, document: &Document, plan: &Plan) -> Self {
        Self { tree, items: document.items.places(), versions: plan.versions, infisical: plan.infisical }
    }

    /// The nearest place that the text spells out.
    pub(super) fn find(&self, place: &Place) -> Found {
        let section = match place.list {
            List::Versions => Some(self.versions),
            List::Infisical => Some(self.infisical),
            _ => None,
        };
        if let Some(section) = section {
            let span = section.map(|node| inside(self.tree.node(node), &place.steps));
            return Found { span, index: 0, by_default: false };
        }
        // Manifests are no part of a declaration.
        let items = place.list.number().and_then(|number| self.items.get(number));
        match items.and_then(|items| items.get(place.index).copied().flatten()) {
            Some(item) => {
                let node = self.tree.node(item.node);
                let defaults = item.defaults.map(|node| self.tree.node(node));
                let (node, by_default) = match (place.steps.first(), defaults) {
                    (Some(Step::Key(key)), Some(defaults))
                        if node.get(key).is_none() && defaults.get(key).is_some() =>
                    {
                        (defaults, true)
                    }
                    _ => (node, false),
                };
                Found { span: Some(inside(node, &place.steps)), index: item.index, by_default }
            }
            None => Found::nowhere(place),
        }
    }

    /// Where the items of a list are written, by their names.
    pub(super) fn by_name(&self, list: List) -> BTreeMap<String, Label> {
        let items = list.number().and_then(|number| self.items.get(number)).into_iter().flatten();
        let named = items.enumerate().filter_map(|(index, item)| {
            let name = self.tree.node(item.as_ref()?.node).get("name")?.as_str()?.to_owned();
            Some((name, self.label(&Place::item(list, index))))
        });
        named.collect()
    }

    /// A place as a diagnostic has it.
    pub(super) fn label(&self, place: &Place) -> Label {
        let Found { span, index, .. } = self.find(place);
        Label { span, path: place.spelled(index), text: String::new() }
    }
}

/// Scalars are pointed at themselves, collections at their key, an item at its name.
pub(crate) fn inside(item: Node<'_>, steps: &[Step]) -> Span {
    let mut node = item;
    let mut span = item.get("name").unwrap_or(item).span();
    for step in steps {
        let next = match step {
            Step::Key(key) => {
                node.entries().find(|(name, _)| name.as_str() == Some(key)).map(|(name, value)| {
                    let collection = matches!(value.kind(), Kind::Mapping | Kind::Sequence);
                    (value, if collection { name.span() } else { value.span() })
                })
            }
            Step::Index(index) => node.items().nth(*index).map(|value| (value, value.span())),
            Step::Part(part) => node.part(part.range.clone()).map(|span| (node, span)),
        };
        let Some((value, at)) = next else { break };
        (node, span) = (value, at);
    }
    span
}

/// By file, line and column; the same problem of several environments is said once.
pub(super) fn sorted(sources: &Sources, mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let key = |diagnostic: &Diagnostic| {
        let severity = match diagnostic.severity {
            Severity::Error => 0_u8,
            Severity::Warning => 1,
            Severity::Note => 2,
        };
        (diagnostic.primary.span, severity, diagnostic.code, diagnostic.message.clone())
    };
    diagnostics.sort_by_cached_key(key);
    diagnostics.dedup_by(|a, b| key(a) == key(b));
    let at = |code: &str| -> Vec<Span> {
        let of_code = diagnostics.iter().filter(|diagnostic| diagnostic.code == code);
        of_code.filter_map(|diagnostic| diagnostic.primary.span).collect()
    };
    let placeholders = at(code::UNFILLED_PLACEHOLDER);
    let tokens = at(code::SERVICE_TOKEN);
    let credentials = at(code::LITERAL_SECRET);
    if placeholders.is_empty() && tokens.is_empty() && credentials.is_empty() {
        return diagnostics;
    }
    diagnostics.retain(|diagnostic| {
        let Some(span) = diagnostic.primary.span else { return true };
        // A name with a placeholder is no legal name either; one of the two says how to mend it.
        let of_form = matches!(
            diagnostic.code,
            code::BAD_FORMAT | code::BAD_PATH | code::BAD_REGEXP | code::AWS_TAGS | code::GITHUB_SECRET_NAME
        );
        // Whatever else is wrong with a credential, it does not belong there.
        let better = match diagnostic.code {
            code::SERVICE_TOKEN => false,
            code::LITERAL_SECRET => tokens.binary_search(&span).is_ok(),
            _ => tokens.binary_search(&span).is_ok() || credentials.binary_search(&span).is_ok(),
        };
        !(better || of_form && placeholders.binary_search(&span).is_ok())
    });
    let known: Vec<&str> =
        tokens.iter().chain(&credentials).filter_map(|span| credential(sources, *span)).collect();
    diagnostics.iter_mut().for_each(|diagnostic| redact(diagnostic, &known));
    diagnostics
}

/// The credential that was found there, as it is written.
fn credential(sources: &Sources, span: Span) -> Option<&str> {
    let (file, range) = sources.resolve(span)?;
    let text = file.text.get(range)?.trim_matches(['"', '\'']);
    (looks_like_credential(text).is_some() || is_random(text)).then_some(text)
}
