//! From files to a config: every problem of all files, each at its place.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use keyloom_syntax::{De, Diagnostic, Label, Node, NodeId, Sources, Span, Text, Tree};

use keyloom_syntax::check::Problem;

use crate::code;
use crate::config::Config;
use crate::defaults::{Defaults, Substitution, Versions};
use crate::document::{Document, Item, ItemPlace, SetAside};
use crate::finding::List;
use crate::list::{Declared, Visit};
use crate::parts;
use crate::suppress::{self, Suppressed, Suppressions};
use crate::validate;

mod environments;
pub(crate) mod hidden;
pub(crate) mod locate;
mod options;
mod overlay;
mod plan;
mod scan;
pub(crate) mod shape;

use environments::Claims;
pub use options::{Chosen, Environment, Options};
use plan::{Part, Plan};
use shape::Shapes;

/// What reading came to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Every problem, by file, line and column.
    pub diagnostics: Vec<Diagnostic>,
    /// What no excerpt may show, in order: whatever may be a credential, as far as its place and its name tell. Empty when
    /// there is no problem.
    pub hidden: Vec<Span>,
    /// What comments of the documents set aside. These are never errors.
    pub suppressed: Vec<Suppressed>,
    /// The config; none when there is an error.
    pub config: Option<Config>,
    /// Where each secret sync of the config is written, by its name: for findings that come of names at a destination.
    pub secret_syncs: BTreeMap<String, Label>,
}

/// Reads the declaration that all files are together.
///
/// ```
/// use keyloom_models::read::{Options, load};
/// use keyloom_syntax::Sources;
/// let mut sources = Sources::new();
/// sources.add("keyloom.yaml", "stores: [{name: aws, providr: aws}]".to_owned()).unwrap();
/// let outcome = load(&sources, &Options::default());
/// assert!(outcome.config.is_none());
/// assert_eq!(outcome.diagnostics[0].code, "unknown-field");
/// ```
pub fn load(sources: &Sources, options: &Options) -> Outcome {
    let (mut tree, diagnostics) = keyloom_syntax::parse(sources, &options.budget);
    let mut reader = Reader { diagnostics, hidden: Vec::new(), options, substitution: false };
    reader.diagnostics.extend(options.bad_namespace());
    let base = reader.base(&tree);
    let plans = overlay::environments(&mut tree, &base, options, &mut reader.diagnostics);
    let (mut config, mut secret_syncs) = (None, BTreeMap::new());
    let mut claims = Vec::new();
    for (number, plan) in plans.iter().enumerate() {
        let (made, places) = reader.plan(&tree, plan);
        if number == 0 {
            secret_syncs = places.by_name(List::SecretSyncs);
        }
        // One alone has nobody to share with.
        if plans.len() > 1 {
            claims.push(Claims::new(plan, made.as_ref(), places));
        }
        if number == 0 {
            config = made;
        }
    }
    reader.diagnostics.extend(environments::shared(&claims));
    if reader.errors() == 0 && plans.iter().all(Plan::is_empty) {
        reader.diagnostics.push(
            Diagnostic::warning(code::NOTHING_DECLARED, "no store, external secret or service is declared")
                .fix("name the files that declare them, or the environment with `--env`"),
        );
    }
    let hidden = if reader.diagnostics.is_empty() {
        Vec::new()
    } else {
        let found = reader.diagnostics.iter().filter(|found| found.code == code::LITERAL_SECRET);
        reader.hidden.extend(found.filter_map(|found| found.primary.span));
        hidden::of_documents(sources, &tree, reader.hidden)
    };
    let diagnostics = locate::sorted(sources, reader.diagnostics);
    let unread = suppress::unread(sources, &diagnostics);
    let allowed = Suppressions { complete: options.is_everything(), unread, ..Suppressions::default() };
    let (diagnostics, suppressed) = suppress::apply(sources, &tree, diagnostics, &allowed);
    let failed = diagnostics.iter().any(|diagnostic| diagnostic.severity == keyloom_syntax::Severity::Error);
    Outcome { diagnostics, hidden, suppressed, config: config.filter(|_| !failed), secret_syncs }
}

/// Somebody handed over a manifest: said once, in place of each of its fields.
fn manifest(root: Node<'_>) -> Option<Diagnostic> {
    let (key, _) = root.entries().find(|(key, _)| key.as_str() == Some("apiVersion"))?;
    root.get("kind")?;
    Some(
        Diagnostic::error(code::UNKNOWN_FIELD, "this is a Kubernetes manifest, not a declaration")
            .at(Label::at(key.span(), ""))
            .why("a declaration has `stores`, `externalSecrets` and `services`; manifests are made of it")
            .fix("`keyloom init` writes a declaration to begin with; to compare manifests with one, `keyloom check --manifests`"),
    )
}

struct Reader<'o> {
    diagnostics: Vec<Diagnostic>,
    hidden: Vec<Span>,
    options: &'o Options,
    substitution: bool,
}

impl Reader<'_> {
    /// Looks at every document as a whole: its sections, and what must not stand anywhere in it.
    fn base(&mut self, tree: &Tree<'_>) -> Plan {
        let shapes = &*SHAPES;
        self.substitution =
            tree.documents().any(|root| root.get("substitution").and_then(Node::as_str) == Some("flux"));
        for root in tree.documents() {
            match manifest(root) {
                Some(finding) => self.diagnostics.push(finding),
                None => {
                    let problems = shapes.root(root, self.substitution);
                    self.problems(problems);
                }
            }
            self.diagnostics.extend(scan::document(root, self.substitution));
        }
        Plan::base(tree, &mut self.diagnostics)
    }

    /// Reads and validates one environment; tells where its items are written too.
    fn plan<'t>(&mut self, tree: &'t Tree<'t>, plan: &Plan) -> (Option<Config>, locate::Places<'t>) {
        let before = self.errors();
        let document = self.document(tree, plan);
        let places = locate::Places::new(tree, &document, plan);
        let (config, findings) = validate::whole(document);
        self.diagnostics
            .extend(findings.0.into_iter().map(|finding| finding.locate(|place| places.find(place))));
        (config.filter(|_| self.errors() == before), places)
    }

    /// Takes over what the checker found: its diagnostics, and what they hide.
    fn problems(&mut self, problems: Vec<Problem<Span>>) {
        for mut problem in problems {
            if !hidden::is_name_of_key(&problem.path) {
                self.hidden.append(&mut problem.hidden);
            }
            self.diagnostics.push(problem.into_diagnostic(|span| Some(*span)));
        }
    }

    fn errors(&self) -> usize {
        let is_error = |diagnostic: &&Diagnostic| diagnostic.severity == keyloom_syntax::Severity::Error;
        self.diagnostics.iter().filter(is_error).count()
    }

    fn document(&mut self, tree: &Tree<'_>, plan: &Plan) -> Document {
        let mut document = Document {
            versions: self.section(tree, plan.versions).unwrap_or_default(),
            substitution: self.substitution.then_some(Substitution::Flux),
            infisical: self.section(tree, plan.infisical).unwrap_or_default(),
            ..Document::default()
        };
        if let Some(eso) = &self.options.eso {
            document.versions = Versions { eso: Some(Text::from(eso.as_str())), ..document.versions };
        }
        for part in &plan.parts {
            let mut defaults: Defaults = self.section(tree, part.defaults).unwrap_or_default();
            if defaults.namespace.is_none() {
                defaults.namespace = self.options.namespace.as_deref().map(Text::from);
            }
            let aside = &mut document.set_aside;
            document.items.visit(&mut PartReader { reader: self, tree, part, defaults: &defaults, aside });
        }
        document
    }

    /// Reads a section; one whose shape is wrong is reported already.
    fn section<T: for<'de> serde::Deserialize<'de>>(
        &self,
        tree: &Tree<'_>,
        node: Option<NodeId>,
    ) -> Option<T> {
        De::new(tree.node(node?)).substitution(self.substitution).read().ok()
    }
}

/// Reads the items of one YAML document into the lists. One whose shape is wrong is reported and set aside.
struct PartReader<'r, 'o> {
    reader: &'r mut Reader<'o>,
    tree: &'r Tree<'r>,
    part: &'r Part,
    defaults: &'r Defaults,
    aside: &'r mut Vec<SetAside>,
}

impl Visit for PartReader<'_, '_> {
    fn list<T: Declared>(&mut self, items: &mut Vec<Item<T>>) {
        let places = self.part.list(T::LIST);
        items.reserve_exact(places.len());
        let (tree, defaults, at) = (self.tree, self.defaults, self.part.defaults);
        let substitution = self.reader.substitution;
        let runs = parts::of(places, |_, run| {
            let mut read = Read { items: Vec::with_capacity(run.len()), ..Read::default() };
            for place in run {
                let place = &ItemPlace { defaults: at, ..*place };
                let node = tree.node(place.node);
                match item::<T>(tree, T::LIST, *place, substitution, &mut read) {
                    Some(mut value) => {
                        value.fill(defaults);
                        read.items.push(Item { value, place: Some(*place) });
                    }
                    None => read.aside.push(set_aside(T::LIST, node)),
                }
            }
            read
        });
        for read in runs {
            items.extend(read.items);
            self.aside.extend(read.aside);
            self.reader.problems(read.problems);
            self.reader.diagnostics.extend(read.diagnostics);
        }
    }
}

/// What reading a run of items came to.
struct Read<T> {
    items: Vec<Item<T>>,
    aside: Vec<SetAside>,
    problems: Vec<Problem<Span>>,
    diagnostics: Vec<Diagnostic>,
}

impl<T> Default for Read<T> {
    fn default() -> Self {
        Self { items: Vec::new(), aside: Vec::new(), problems: Vec::new(), diagnostics: Vec::new() }
    }
}

/// Reads one item, if its shape is right.
fn item<T: for<'de> serde::Deserialize<'de>>(
    tree: &Tree<'_>,
    list: List,
    place: ItemPlace,
    substitution: bool,
    read: &mut Read<T>,
) -> Option<T> {
    let node = tree.node(place.node);
    if !SHAPES.item(list, place.index, node, substitution, &mut read.problems) {
        return None;
    }
    match De::new(node).substitution(substitution).read() {
        Ok(value) => Some(value),
        // A key that stands twice is reported by the reader of YAML.
        Err(error) if error.message.starts_with("duplicate field") => None,
        Err(error) => {
            let span = tree.node(error.at).span();
            read.diagnostics.push(Diagnostic::error("bad-format", error.message).at(Label::at(span, "")));
            None
        }
    }
}

fn set_aside(list: List, node: Node<'_>) -> SetAside {
    let text = |key| node.get(key).and_then(Node::as_str).map(Text::from);
    SetAside { list, name: text("name"), target: text("targetSecretName") }
}

static SHAPES: LazyLock<Shapes> = LazyLock::new(Shapes::default);
