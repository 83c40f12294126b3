//! From a file to its blocks: JSON syntax is an object for each label of a block, and a list wherever there are several.

use keyloom_models::code;
use keyloom_syntax::check::Problem;
use keyloom_syntax::suggest::suggest;
use keyloom_syntax::tree::Kind;
use keyloom_syntax::{Node, Span};
use keyloom_upstream::terraform::{self, Provider};

use super::Problems;

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    Check,
    Data,
    Ephemeral,
    Import,
    Locals,
    Module,
    Moved,
    Output,
    Provider,
    Removed,
    Resource,
    Terraform,
    Variable,
}

/// One block.
#[derive(Debug)]
pub(super) struct Block<'t> {
    pub(super) sort: Sort,
    /// Its labels: of a resource its type and its name.
    pub(super) labels: Vec<Node<'t>>,
    /// What stands in it: an object.
    pub(super) node: Node<'t>,
    /// `resource.infisical_secret.a`
    pub(super) path: String,
    /// Whether it is laid over a block of the same name, so that it need not say everything.
    pub(super) overrides: bool,
}

/// A member with this name is a comment, wherever a block or its members stand.
pub(super) const COMMENT: &str = "//";

const SORTS: [(&str, Sort, usize); 13] = [
    ("check", Sort::Check, 1),
    ("data", Sort::Data, 2),
    ("ephemeral", Sort::Ephemeral, 2),
    ("import", Sort::Import, 0),
    ("locals", Sort::Locals, 0),
    ("module", Sort::Module, 1),
    ("moved", Sort::Moved, 0),
    ("output", Sort::Output, 1),
    ("provider", Sort::Provider, 1),
    ("removed", Sort::Removed, 0),
    ("resource", Sort::Resource, 2),
    ("terraform", Sort::Terraform, 0),
    ("variable", Sort::Variable, 1),
];

impl Sort {
    /// What its schema is for, if it has one.
    pub(super) fn kind(self) -> Option<terraform::Kind> {
        match self {
            Self::Resource => Some(terraform::Kind::Resource),
            Self::Data => Some(terraform::Kind::Data),
            Self::Ephemeral => Some(terraform::Kind::Ephemeral),
            Self::Check
            | Self::Import
            | Self::Locals
            | Self::Module
            | Self::Moved
            | Self::Output
            | Self::Provider
            | Self::Removed
            | Self::Terraform
            | Self::Variable => None,
        }
    }

    pub(super) fn is_resource(self) -> bool {
        self.kind().is_some()
    }

    /// Its name in a file.
    pub(super) fn name(self) -> &'static str {
        SORTS.iter().find(|(_, sort, _)| *sort == self).map_or("", |(name, _, _)| name)
    }
}

impl<'t> Block<'t> {
    /// The label at that place; a block has as many as its sort wants.
    pub(super) fn label(&self, at: usize) -> &'t str {
        self.labels.get(at).and_then(|label| label.scalar()).unwrap_or_default()
    }

    /// What names it: its last label.
    pub(super) fn name_span(&self) -> Span {
        self.labels.last().map_or(self.node.span(), |label| label.span())
    }

    /// Its labels as a reference spells them.
    pub(super) fn address(&self) -> String {
        let labels = (0..self.labels.len()).map(|at| self.label(at)).collect::<Vec<_>>().join(".");
        match self.sort {
            Sort::Resource => labels,
            Sort::Variable => format!("var.{labels}"),
            sort => format!("{}.{labels}", sort.name()),
        }
    }
}

/// Whether a document is a file of Terraform: by its name, or because it has sections of one alone, and in them what one
/// of the known providers has.
pub(super) fn is_terraform(name: &str, document: Node<'_>) -> bool {
    if name.ends_with(".tf.json") {
        return true;
    }
    let may_be = name.ends_with(".json") || name.starts_with('<');
    let known = |key: &str| key == COMMENT || SORTS.iter().any(|(name, _, _)| *name == key);
    may_be
        && document.kind() == Kind::Mapping
        && document.entries().all(|(key, _)| key.scalar().is_some_and(known))
        && document.entries().any(|(key, value)| is_telling(key.scalar().unwrap_or_default(), value))
}

fn is_telling(section: &str, value: Node<'_>) -> bool {
    let ours = |names: fn(&str) -> bool| {
        let members = [value].into_iter().chain(value.items()).flat_map(|node| node.entries());
        members.filter_map(|(key, _)| key.scalar()).any(names)
    };
    match section {
        "resource" | "data" | "ephemeral" => {
            ours(|name| name.contains('_') && Provider::of_type(name).is_some())
        }
        "provider" => ours(|name| Provider::ALL.iter().any(|provider| provider.name() == name)),
        "terraform" => ours(|name| name == "required_providers"),
        _ => false,
    }
}

/// The folder of a file, whose files of Terraform are one module.
pub(super) fn folder(name: &str) -> &str {
    name.rsplit_once(['/', '\\']).map_or("", |(folder, _)| folder)
}

/// All blocks of a file; what is none is reported.
pub(super) fn blocks<'t>(file: &str, document: Node<'t>, problems: &mut Problems) -> Vec<Block<'t>> {
    let overrides = file.ends_with("override.tf.json")
        && matches!(
            file.strip_suffix("override.tf.json").and_then(|rest| rest.chars().next_back()),
            None | Some('/' | '\\' | '_')
        );
    let mut found = Vec::new();
    for root in objects(document, "", problems) {
        for (key, value) in root.0.entries() {
            let name = key.scalar().unwrap_or_default();
            let Some((_, sort, labels)) = SORTS.iter().find(|(known, _, _)| *known == name) else {
                if name != COMMENT {
                    problems.push(unknown_section(name, key, value));
                }
                continue;
            };
            below(
                &mut Reader { sort: *sort, labels: *labels, overrides, found: &mut found },
                &[],
                value,
                name,
                problems,
            );
        }
    }
    found
}

struct Reader<'t, 'r> {
    sort: Sort,
    labels: usize,
    overrides: bool,
    found: &'r mut Vec<Block<'t>>,
}

/// Reads labels until there are enough of them. Where they are wanted, a member is a label whatever its name, and nothing is no
/// label.
fn below<'t>(
    reader: &mut Reader<'t, '_>,
    labels: &[Node<'t>],
    node: Node<'t>,
    path: &str,
    problems: &mut Problems,
) {
    let wanted = labels.len() < reader.labels;
    if node.kind() == Kind::Null && !wanted {
        return;
    }
    let is_empty = node.kind() == Kind::Null || (node.is_empty() && is_body(node));
    if wanted && is_empty {
        let what = if labels.len() + 1 == reader.labels { "name" } else { "type" };
        let mut problem =
            Problem::error(code::MISSING_FIELD, node.span(), format!("the {what} of a block is missing"))
                .why("Terraform refuses a section with nothing in it")
                .fix("leave the section out");
        path.clone_into(&mut problem.path);
        return problems.push(problem);
    }
    for (object, path) in objects(node, path, problems) {
        if !wanted {
            let Reader { sort, overrides, .. } = *reader;
            reader.found.push(Block { sort, labels: labels.to_vec(), node: object, path, overrides });
            continue;
        }
        for (key, value) in object.entries() {
            let path = format!("{path}.{}", key.scalar().unwrap_or_default());
            if key.scalar() == Some(COMMENT) {
                problems.push(misplaced(key, path));
                continue;
            }
            below(reader, &[labels, &[key]].concat(), value, &path, problems);
        }
    }
}

fn is_body(node: Node<'_>) -> bool {
    matches!(node.kind(), Kind::Mapping | Kind::Sequence)
}

fn misplaced(key: Node<'_>, path: String) -> Problem<Span> {
    let problem = Problem::error(code::NOT_ALLOWED, key.span(), "a comment among labels")
        .why("Terraform takes every member for a label here, and this one for a block")
        .fix("put it into a block, or at the beginning of the file");
    Problem { path, ..problem }
}

/// One object, or each of a list of them, with its path.
pub(super) fn objects<'t>(node: Node<'t>, path: &str, problems: &mut Problems) -> Vec<(Node<'t>, String)> {
    match node.kind() {
        Kind::Mapping => vec![(node, path.to_owned())],
        Kind::Sequence => {
            let items = node.items().enumerate().map(|(at, item)| (item, format!("{path}[{at}]")));
            let (objects, others): (Vec<_>, Vec<_>) =
                items.partition(|(item, _)| item.kind() == Kind::Mapping);
            problems.extend(others.into_iter().map(|(item, path)| no_object(item, path)));
            objects
        }
        Kind::Null | Kind::Bool | Kind::Int | Kind::Float | Kind::String => {
            problems.push(no_object(node, path.to_owned()));
            Vec::new()
        }
    }
}

fn no_object(node: Node<'_>, path: String) -> Problem<Span> {
    let mut problem =
        Problem::error(code::WRONG_TYPE, node.span(), "an object is wanted here, or a list of objects");
    problem.path = path;
    problem.hidden.push(node.span());
    problem
}

fn unknown_section(name: &str, key: Node<'_>, value: Node<'_>) -> Problem<Span> {
    let near = suggest(name, SORTS.iter().map(|(name, _, _)| *name));
    let mut problem = Problem::error(code::UNKNOWN_FIELD, key.span(), format!("unknown block `{name}`"));
    name.clone_into(&mut problem.path);
    match near {
        Some(near) => problem.label = format!("did you mean `{near}`?"),
        None => {
            let names: Vec<_> = SORTS.iter().map(|(name, _, _)| format!("`{name}`")).collect();
            problem.fix = Some(format!("Terraform knows {}", names.join(", ")));
        }
    }
    super::view::scalars(super::TerraformView::new(value), &mut problem.hidden);
    problem
}
