//! From manifests to the text of a declaration that is rendered to the same manifests, field by field.
//!
//! ```text
//! objects --items(level)--> text --load, render--> objects: equal, or the item goes one level down
//! ```
//!
//! Items are written as people write them. Where that comes to something else than the manifest, they are written more
//! plainly; where even that does, nothing is written, and each difference is told.

use std::collections::BTreeMap;

use keyloom_models::code;
use keyloom_models::config::Config;
use keyloom_models::read::{self, Environment};
use keyloom_models::{ProviderKind, hidden_in_manifests};
use keyloom_syntax::{Budget, Diagnostic, Label, Node, Severity, Sources, Span, Tree, parse};
use keyloom_upstream::Cursor;
use keyloom_upstream::eso::{self, EsoVersion, Kind};
use serde_json::Value;

use crate::json;
use crate::object::Object;
use crate::set::Set;
use crate::validate::{self, validate};

mod cluster;
mod comments;
mod compare;
mod data;
mod data_from;
mod external_secret;
mod generator;
mod helper;
mod items;
mod plain;
mod push_secret;
mod refused;
mod store;
mod stores;
mod usual;
mod writer;
mod written;

use comments::Comments;
use compare::How;
use refused::{nothing, unknown_stores, written_out};
use stores::{StoreId, Stores, namespace};
use usual::Usual;
use written::Written;

/// How manifests are imported.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How large and how deep a file may be.
    pub budget: Budget,
    /// The operator's version, when it is not the newest.
    pub eso: Option<EsoVersion>,
    /// Providers of stores that are not among the manifests, by the store's name.
    pub stores: BTreeMap<String, ProviderKind>,
    /// The provider of every other such store.
    pub others: Option<ProviderKind>,
    /// Lines that the declaration begins with.
    pub header: Vec<String>,
}

/// What importing came to.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// The declaration; none when something of the manifests would be lost.
    pub text: Option<String>,
    /// Every problem, by file, line and column.
    pub diagnostics: Vec<Diagnostic>,
    /// What no excerpt may show, in order.
    pub hidden: Vec<Span>,
    /// How many objects of the operator there are.
    pub objects: usize,
}

/// How an item is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    /// Field by field.
    Plain,
    /// With grouped keys, prefixes and constants.
    Keys,
    /// With a helper, if one fits.
    Helpers,
}

/// What every item is written with.
struct Context<'a, 't> {
    comments: &'a Comments,
    stores: &'a Stores<'t>,
    usual: &'a Usual,
    /// The namespace of the object at hand.
    namespace: Option<&'a str>,
    /// The schema of an ExternalSecret's `spec`.
    spec: Cursor<'static>,
    eso: EsoVersion,
}

impl Context<'_, '_> {
    /// A reference to a store.
    fn store_ref(&self, reference: Node<'_>) -> Written {
        match StoreId::of(reference, self.namespace) {
            Some(id) => usual::reference(&id, self.stores),
            None => plain::value(reference, None, self.comments),
        }
    }

    /// Whether a reference goes without saying.
    fn is_usual_store(&self, reference: Node<'_>) -> bool {
        let id = StoreId::of(reference, self.namespace);
        id.is_some() && (id == self.usual.only_store || id == self.usual.store)
    }
}

/// More rounds are not needed: in each some item goes one level down, or the text is the last.
const ROUNDS: usize = 8;

/// Makes a declaration of the manifests in these files. `render` answers with the objects that a declaration is rendered
/// to, each with what the API server adds.
pub fn import(sources: &Sources, options: &Options, render: impl Fn(&Config) -> Vec<Value>) -> Imported {
    let eso = options.eso.unwrap_or_else(EsoVersion::newest);
    let valid =
        validate(sources, &validate::Options { budget: options.budget, eso, ..validate::Options::default() });
    let mut imported = Imported { objects: valid.objects, hidden: valid.hidden, ..Imported::default() };
    // Warnings are for `validate`; notes tell what was passed over.
    imported.diagnostics =
        valid.diagnostics.into_iter().filter(|one| one.severity != Severity::Warning).collect();
    let (tree, problems) = parse(sources, &options.budget);
    let set = Set::of(eso, sources, &tree, &problems);
    if set.eso().next().is_none() {
        imported.diagnostics.push(nothing(&set));
    }
    if imported.diagnostics.iter().all(|one| one.severity != Severity::Error) {
        let objects: Vec<_> = set.eso().filter(|object| object.is_whole()).copied().collect();
        let stores = Stores::of(&objects, &options.stores, options.others);
        let (literal, values) = written_out(&objects);
        imported.hidden.extend(values);
        match [unknown_stores(&stores), literal].concat() {
            refused if refused.is_empty() => {
                let comments = Comments::of(sources, &tree);
                let usual = Usual::of(&objects, &stores);
                let work = Work { options, eso, objects, stores, usual, comments };
                match work.settle(&render) {
                    Ok(text) => imported.text = Some(text),
                    Err(found) => imported.diagnostics.extend(found),
                }
            }
            refused => imported.diagnostics.extend(refused),
        }
    }
    finish(sources, &tree, imported)
}

fn finish(sources: &Sources, tree: &Tree<'_>, mut imported: Imported) -> Imported {
    imported
        .diagnostics
        .sort_by_cached_key(|one| (one.primary.span, one.severity, one.code, one.message.clone()));
    if !imported.diagnostics.is_empty() {
        imported.hidden.extend(hidden_in_manifests(sources, tree));
        imported.hidden.sort_unstable();
        imported.hidden.dedup();
    }
    imported
}

/// Everything that the items are made of.
struct Work<'t, 'o> {
    options: &'o Options,
    eso: EsoVersion,
    objects: Vec<Object<'t>>,
    stores: Stores<'t>,
    usual: Usual,
    comments: Comments,
}

/// What an attempt came to.
struct Attempt {
    /// What is wrong, with the number of the object.
    wrong: Vec<(Option<usize>, Diagnostic)>,
    placeholders: bool,
}

impl Work<'_, '_> {
    /// Looks for the most readable text that is rendered to the same objects.
    fn settle(&self, render: &dyn Fn(&Config) -> Vec<Value>) -> Result<String, Vec<Diagnostic>> {
        let mut levels = vec![Level::Helpers; self.objects.len()];
        let mut substitution = false;
        let mut last = Vec::new();
        for _ in 0..ROUNDS {
            let made = items::declaration(self, &levels, substitution);
            let attempt = self.attempt(&made, render);
            if attempt.placeholders && !substitution {
                substitution = true;
                continue;
            }
            if attempt.wrong.is_empty() {
                return Ok(made.text);
            }
            let lowered = lower(&mut levels, &attempt.wrong);
            last = attempt.wrong;
            if !lowered {
                break;
            }
        }
        Err(last.into_iter().map(|(_, diagnostic)| diagnostic).collect())
    }

    fn attempt(&self, made: &items::Declaration, render: &dyn Fn(&Config) -> Vec<Value>) -> Attempt {
        let mut sources = Sources::new();
        let _ = sources.add("keyloom.yaml", made.text.clone());
        let options = read::Options {
            budget: self.options.budget,
            environment: Environment::Base,
            eso: self.options.eso.map(|eso| eso.to_string()),
            namespace: None,
        };
        let outcome = read::load(&sources, &options);
        let unfilled = |one: &Diagnostic| one.code == code::UNFILLED_PLACEHOLDER;
        let placeholders = outcome.diagnostics.iter().any(unfilled);
        let mut wrong = Vec::new();
        for diagnostic in outcome.diagnostics {
            let object = diagnostic.primary.span.and_then(|span| made.object_at(span));
            // A helper that warns of what the manifest says does not fit.
            let misfit = diagnostic.code == code::REFRESH_OUT_OF_RANGE;
            if diagnostic.severity == Severity::Error || misfit {
                wrong.push((object, self.moved(object, diagnostic)));
            }
        }
        if let Some(config) = &outcome.config {
            wrong.extend(self.compare(&render(config)));
        }
        Attempt { wrong, placeholders }
    }

    /// A finding in the declaration, at the object it is about.
    fn moved(&self, object: Option<usize>, mut diagnostic: Diagnostic) -> Diagnostic {
        let object = object.and_then(|number| self.objects.get(number));
        let place = object.map(|object| object.name.unwrap_or(object.node).span());
        diagnostic.primary = Label { span: place, path: String::new(), text: String::new() };
        diagnostic.secondary = Vec::new();
        diagnostic
    }

    /// The differences between the manifests and what would be rendered.
    fn compare(&self, rendered: &[Value]) -> Vec<(Option<usize>, Diagnostic)> {
        let identity = |value: &Value| {
            let field = |path| value.pointer(path).and_then(Value::as_str).map(str::to_owned);
            (field("/kind"), field("/metadata/namespace"), field("/metadata/name"))
        };
        let by_identity: BTreeMap<_, _> = rendered.iter().map(|value| (identity(value), value)).collect();
        let mut wrong = Vec::new();
        for (number, object) in self.objects.iter().enumerate() {
            let Some(kind) = object.eso() else { continue };
            let manifest = json::value(object.node);
            let mut key = identity(&manifest);
            if kind.cluster_scoped() {
                key.1 = None;
            }
            let Some(twin) = by_identity.get(&key) else {
                wrong.push((Some(number), lost(object)));
                continue;
            };
            let found = compare::differences(kind, self.eso, manifest, (*twin).clone());
            wrong.extend(found.iter().map(|one| (Some(number), differs(object, &one.path, one.how))));
        }
        wrong
    }

    fn context<'a>(&'a self, number: usize) -> Context<'a, 'a> {
        Context {
            comments: &self.comments,
            stores: &self.stores,
            usual: &self.usual,
            namespace: self.objects.get(number).and_then(namespace),
            spec: eso::spec(self.eso, Kind::ExternalSecret).root(),
            eso: self.eso,
        }
    }
}

/// Writes what is wrong one level more plainly; `false` when all of it is plain already.
fn lower(levels: &mut [Level], wrong: &[(Option<usize>, Diagnostic)]) -> bool {
    let mut numbers: Vec<usize> = wrong.iter().filter_map(|(number, _)| *number).collect();
    if wrong.iter().any(|(number, _)| number.is_none()) {
        numbers = (0..levels.len()).collect();
    }
    numbers.sort_unstable();
    numbers.dedup();
    let mut lowered = false;
    for number in numbers {
        let next = match levels.get(number) {
            Some(Level::Helpers) => Level::Keys,
            Some(Level::Keys) => Level::Plain,
            Some(Level::Plain) | None => continue,
        };
        levels[number] = next;
        lowered = true;
    }
    lowered
}

fn lost(object: &Object<'_>) -> Diagnostic {
    let kind = object.eso().map_or("object", Kind::name);
    Diagnostic::error(code::IMPORT_DIFFERS, format!("a declaration cannot hold this {kind}"))
        .at(Label::at(object.name.unwrap_or(object.node).span(), ""))
        .fix("keep the manifest beside the declaration, and import the others")
}

/// A difference, without the values: one of them may be a secret.
fn differs(object: &Object<'_>, path: &[String], how: How) -> Diagnostic {
    let node = json::follow(object.node, path);
    let path = path.iter().fold(String::new(), |path, step| match step.parse::<usize>() {
        Ok(number) => format!("{path}[{number}]"),
        Err(_) if path.is_empty() => step.clone(),
        Err(_) => format!("{path}.{step}"),
    });
    let message = match how {
        How::Missing => format!("`{path}` would be lost: a declaration has no place for it"),
        How::Added => format!("`{path}` would be added"),
        How::Other => format!("`{path}` would be rendered otherwise"),
    };
    Diagnostic::error(code::IMPORT_DIFFERS, message)
        .at(Label { span: Some(node.span()), path, text: String::new() })
        .why("what a declaration is rendered to must equal the manifest, or the cluster would change")
        .fix("change or remove it in the manifest, or keep the manifest beside the declaration and import the others")
}
