//! Faults that can be mended without a decision: edits in place, after which the manifest means what it meant.
//!
//! | fault | becomes | only where |
//! |---|---|---|
//! | `external-secrets.io/v1beta1` | `v1` | the kind and the provider are in v1, and no template asks for engine v1 |
//! | `external-secrets.io/v1alpha1` | `v1` | as above, v1 knows every field, and nothing of it means something else |
//! | `engineVersion: v1` | `v2` | no template's result depends on the engine |
//! | `refreshInterval: 0` | `"0"` | the field is text |
//! | `1d` | `24h` | a whole number of days where a duration belongs |
//! | `namespaceSelector`, `namespaces` of a ClusterExternalSecret | `namespaceSelectors` | it is the only one of the three |
//!
//! A misspelt field is not among them: the API server drops it today, and so spelling it right changes what the cluster
//! does.

use std::collections::{BTreeMap, BTreeSet};

use keyloom_syntax::{FileId, Node, Severity, Sources, Span, Tree, parse};

use crate::edit::{self, Edit};
use crate::set::Set;
use crate::validate::Options;

mod duration;
mod engine;
mod helm;
mod namespaces;
mod shared;
mod version;

/// What is changed to mend one fault. All of it is made, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The code of the finding that is mended.
    pub code: &'static str,
    /// The edits, all in one file.
    pub edits: Vec<Edit>,
}

impl Fix {
    fn one(code: &'static str, edit: Edit) -> Self {
        Self { code, edits: vec![edit] }
    }

    /// The file of all its edits.
    fn file(&self, sources: &Sources) -> Option<FileId> {
        let file = sources.file_of(self.edits.first()?.span)?;
        self.edits.iter().all(|edit| sources.file_of(edit.span) == Some(file)).then_some(file)
    }
}

/// What mending came to.
#[derive(Debug, Default)]
pub struct Fixed {
    /// Files whose text is another now, in their order.
    pub files: Vec<(FileId, String)>,
    /// How many faults were mended.
    pub mended: usize,
}

impl Fixed {
    /// All files, those that were mended with their new text.
    pub fn sources(&self, old: &Sources) -> Sources {
        let mut sources = Sources::new();
        for (id, file) in old.files() {
            // They fitted when they were mended.
            let _ = sources.add(file.name.clone(), self.text(id).unwrap_or(&file.text).to_owned());
        }
        sources
    }

    /// The new text of a file, if it is another now.
    pub fn text(&self, file: FileId) -> Option<&str> {
        let at = self.files.binary_search_by_key(&file, |(id, _)| *id).ok()?;
        self.files.get(at).map(|(_, text)| text.as_str())
    }
}

/// One fault may hide another, which is mended in the next round.
const ROUNDS: usize = 4;

/// Mends what can be mended in these files.
///
/// ```
/// use keyloom_foreign::{Options, fix::fix};
/// use keyloom_syntax::Sources;
/// let mut sources = Sources::new();
/// let text = "apiVersion: external-secrets.io/v1beta1 # old\nkind: ExternalSecret\nmetadata: {name: a}\n";
/// sources.add("a.yaml", text.to_owned()).unwrap();
/// let fixed = fix(&sources, &Options::default());
/// assert!(fixed.files[0].1.starts_with("apiVersion: external-secrets.io/v1 # old\nkind:"));
/// ```
pub fn fix(sources: &Sources, options: &Options) -> Fixed {
    let (mut mended, mut made) = round(sources, options);
    if mended == 0 {
        return Fixed::default();
    }
    for _ in 1..ROUNDS {
        let (more, next) = round(&made, options);
        if more == 0 {
            break;
        }
        (mended, made) = (mended + more, next);
    }
    let changed = sources.files().zip(made.files()).filter(|((_, old), (_, new))| old.text != new.text);
    Fixed { files: changed.map(|((id, _), (_, new))| (id, new.text.clone())).collect(), mended }
}

/// What can be mended in these objects, as they stand.
pub fn fixes(sources: &Sources, tree: &Tree<'_>, set: &Set<'_>, options: &Options) -> Vec<Fix> {
    let objects: Vec<_> = set.eso().filter(|object| !helm::is_template(object.node)).copied().collect();
    let mut fixes = version::fixes(sources, &objects, options.eso);
    for object in objects.iter().filter(|object| object.is_whole()) {
        fixes.extend(engine::fixes(sources, object));
        fixes.extend(duration::fixes(sources, object));
        fixes.extend(namespaces::fix(sources, object));
    }
    shared::agreed(tree, fixes)
}

/// Mends what can be mended now; answers with how many faults that were, and the texts.
fn round(sources: &Sources, options: &Options) -> (usize, Sources) {
    let (tree, problems) = parse(sources, &options.budget);
    let set = Set::of(options.eso, sources, &tree, &problems);
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    let broken = errors.filter_map(|problem| sources.file_of(problem.primary.span?));
    let broken: BTreeSet<FileId> = broken.collect();
    let mut by_file: BTreeMap<FileId, Vec<Fix>> = BTreeMap::new();
    for fix in apart(fixes(sources, &tree, &set, options)) {
        // A file that cannot be read whole is nobody's to write.
        if let Some(file) = fix.file(sources).filter(|file| !broken.contains(file)) {
            by_file.entry(file).or_default().push(fix);
        }
    }
    let (mut made, mut mended) = (Sources::new(), 0);
    for (id, file) in sources.files() {
        let own = by_file.remove(&id).unwrap_or_default();
        let edits: Vec<Edit> = own.iter().flat_map(|fix| fix.edits.iter().cloned()).collect();
        let text = match edits.is_empty() {
            true => None,
            false => edit::apply(file, &edits).ok().filter(|text| is_read(text, options)),
        };
        if text.is_some() {
            mended += own.len();
        }
        // What no longer fits the joined space of all files cannot be larger than what did by more than a few bytes.
        if made.add(file.name.clone(), text.unwrap_or_else(|| file.text.clone())).is_err() {
            return (0, Sources::new());
        }
    }
    (mended, made)
}

/// Whether a text can be read without a fault.
fn is_read(text: &str, options: &Options) -> bool {
    let mut sources = Sources::new();
    if sources.add("", text.to_owned()).is_err() {
        return false;
    }
    let (_, problems) = parse(&sources, &options.budget);
    !problems.iter().any(|problem| problem.severity == Severity::Error)
}

/// The first of fixes that want the same bytes; the others have their turn in the next round.
fn apart(fixes: Vec<Fix>) -> Vec<Fix> {
    let mut kept: Vec<Fix> = Vec::with_capacity(fixes.len());
    let mut taken: BTreeMap<u32, Edit> = BTreeMap::new();
    for fix in fixes {
        let free = fix.edits.iter().all(|edit| {
            let before = taken.range(..=edit.span.end).next_back().map(|(_, other)| other);
            let same = taken.get(&edit.span.start);
            before.into_iter().chain(same).all(|other| !edit.meets(other))
        });
        if free {
            taken.extend(fix.edits.iter().map(|edit| (edit.span.start, edit.clone())));
            kept.push(fix);
        }
    }
    kept
}

/// The entry of that name: its key and its value.
fn entry<'t>(node: Node<'t>, name: &str) -> Option<(Node<'t>, Node<'t>)> {
    node.entries().find(|(key, _)| key.scalar() == Some(name))
}

/// The value at the end of a path of names.
fn at<'t>(node: Node<'t>, path: &[&str]) -> Option<Node<'t>> {
    path.iter().try_fold(node, |node, name| node.get(name))
}

/// The bytes of a scalar's text between its quotes, if it is spelled there as it is.
fn inner(sources: &Sources, scalar: Node<'_>) -> Option<Span> {
    let (file, range) = sources.resolve(scalar.span())?;
    let (raw, text) = (file.text.get(range.clone())?, scalar.scalar()?);
    let quoted = raw.len() >= 2 && raw.starts_with(['"', '\'']);
    let quote = u32::from(quoted);
    let bare = if quoted { &raw[1..raw.len() - 1] } else { raw };
    let span = scalar.span();
    (bare == text).then_some(Span::new(span.start + quote, span.end - quote))
}
