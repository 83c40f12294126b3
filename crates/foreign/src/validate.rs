//! From files to diagnostics.

use std::collections::BTreeSet;

use keyloom_models::suppress::{self, Suppressed, Suppressions};
use keyloom_models::{code, parts};
use keyloom_syntax::check::Problem;
use keyloom_syntax::{Budget, Diagnostic, FileId, Label, Sources, Span, Spot, parse};
use keyloom_upstream::eso::{EsoVersion, GROUP, Kind};
use keyloom_upstream::rules::webhook;

use crate::hidden;
use crate::object::{Api, Object, Role, Sort, kinds_of, known};
use crate::rules;
use crate::set::Set;
use crate::shape::Shapes;
use crate::terraform;
use crate::view::ManifestView;
use crate::whole;

/// How manifests are read.
#[derive(Clone, Debug)]
pub struct Options {
    /// How large and how deep a file may be.
    pub budget: Budget,
    /// The operator's version.
    pub eso: EsoVersion,
    /// Files that somebody asked for by name: what is wrong with them is told even where they have nothing to do with
    /// the operator.
    pub named: BTreeSet<FileId>,
    /// Files of Terraform whose folder holds others that were not handed over: what they refer to may stand there.
    pub open: BTreeSet<FileId>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            budget: Budget::default(),
            eso: EsoVersion::newest(),
            named: BTreeSet::new(),
            open: BTreeSet::new(),
        }
    }
}

/// What validating came to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Every problem, by file, line and column.
    pub diagnostics: Vec<Diagnostic>,
    /// What comments of the manifests set aside.
    pub suppressed: Vec<Suppressed>,
    /// What no excerpt may show, in order.
    pub hidden: Vec<Span>,
    /// How many objects of the operator there are.
    pub objects: usize,
    /// How many resources, data sources and ephemeral resources of Terraform there are.
    pub resources: usize,
}

/// Codes of `keyloom check --manifests`, which reads the same files: a comment may be needed there.
const OF_CHECK: [&str; 5] = [
    code::ENV_NAME,
    code::NO_MANIFEST,
    code::OPTIONAL_SECRET,
    code::UNKNOWN_SECRET,
    code::UNKNOWN_SECRET_KEY,
];

/// Looks at every object of the operator in these files, at all of them together, and at files of Terraform.
///
/// ```
/// use keyloom_foreign::{Options, validate};
/// use keyloom_syntax::Sources;
/// let mut sources = Sources::new();
/// let text = "{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: a}, specs: {}}";
/// sources.add("a.yaml", text.to_owned()).unwrap();
/// let outcome = validate(&sources, &Options::default());
/// assert_eq!(outcome.diagnostics[0].message, "unknown field `specs`");
/// ```
pub fn validate(sources: &Sources, options: &Options) -> Outcome {
    let (tree, problems) = parse(sources, &options.budget);
    let mut unread = suppress::unread(sources, &problems);
    let set = Set::of(options.eso, sources, &tree, &problems);
    let terraform = terraform::check(sources, &tree, &options.open);
    let mut found = Found { diagnostics: terraform.diagnostics, hidden: terraform.hidden };
    let own = |problem: &Diagnostic| {
        let file = problem.primary.span.and_then(|span| sources.file_of(span));
        file.is_some_and(|file| terraform.files.contains(&file))
    };
    let concerns = |problem: &Diagnostic| own(problem) || concerns(problem, sources, &set, options);
    found.diagnostics.extend(problems.into_iter().filter(concerns));
    found.diagnostics.extend(templates(sources, &set));
    let shapes = Shapes::new(options.eso);
    let objects: Vec<&Object<'_>> = set.eso().collect();
    let runs = parts::of(&objects, |_, run| {
        let mut found = Found::default();
        run.iter().for_each(|object| found.object(object, &set, &shapes));
        found
    });
    for run in runs {
        found.diagnostics.extend(run.diagnostics);
        found.hidden.extend(run.hidden);
    }
    found.diagnostics.extend(whole::check(sources, &set));
    found.diagnostics.extend(without_objects(sources, &set, options, &found.diagnostics, &terraform.files));
    let Found { mut diagnostics, mut hidden } = found;
    diagnostics.sort_by_cached_key(|one| (one.primary.span, one.severity, one.code, one.message.clone()));
    diagnostics.dedup();
    if !diagnostics.is_empty() {
        set.objects.iter().for_each(|object| hidden::of(object, &mut hidden));
        hidden.extend(keyloom_models::hidden_in_manifests(sources, &tree));
        hidden.sort_unstable();
        hidden.dedup();
    }
    // Comments elsewhere, such as in a declaration, are for those who read it.
    let own: BTreeSet<FileId> = objects.iter().map(|object| object.file).collect();
    unread.extend(sources.files().map(|(file, _)| file).filter(|file| !own.contains(file)));
    unread.extend(set.templated.keys());
    let complete = options.eso == EsoVersion::newest();
    let allowed = Suppressions { errors: true, complete, elsewhere: &OF_CHECK, unread };
    let (diagnostics, suppressed) = suppress::apply(sources, &tree, diagnostics, &allowed);
    Outcome { diagnostics, suppressed, hidden, objects: objects.len(), resources: terraform.resources }
}

/// Whether a problem of reading is about the operator's manifests, or about a file that somebody named.
fn concerns(problem: &Diagnostic, sources: &Sources, set: &Set<'_>, options: &Options) -> bool {
    let Some(file) = problem.primary.span.and_then(|span| sources.file_of(span)) else { return true };
    let own = options.named.contains(&file) || sources.file(file).text.contains(GROUP);
    own && !set.templated.contains_key(&file)
}

/// Files for a template engine: what it makes of them can be checked, they cannot.
fn templates(sources: &Sources, set: &Set<'_>) -> Vec<Diagnostic> {
    let own = set.templated.iter().filter(|(file, _)| sources.file(**file).text.contains(GROUP));
    own.map(|(_, span)| {
        Diagnostic::note(
            code::TEMPLATED_MANIFEST,
            "a template, which is no manifest yet: nothing of this file was checked",
        )
        .at(Label::at(*span, ""))
        .fix("check what it becomes: `helm template . | keyloom validate -`")
    })
    .collect()
}

/// Files that somebody named and in which there is nothing to check.
fn without_objects(
    sources: &Sources,
    set: &Set<'_>,
    options: &Options,
    diagnostics: &[Diagnostic],
    others: &BTreeSet<FileId>,
) -> Vec<Diagnostic> {
    let broken = diagnostics.iter().filter_map(|one| sources.file_of(one.primary.span?));
    let known: BTreeSet<FileId> = set.eso().map(|object| object.file).chain(broken).collect();
    let rest = options.named.iter().filter(|file| !known.contains(file) && !others.contains(file));
    // Beside what there is to check it may be a matter of the shell's `*`; alone it is the wrong verb.
    let alone = set.eso().next().is_none() && others.is_empty();
    rest.map(|id| {
        let file = sources.file(*id);
        let declaration =
            set.objects.iter().filter(|object| object.file == *id).find_map(Object::declaration);
        if let Some(key) = declaration {
            let words = format!("{} is a declaration, not a manifest", file.name);
            let found = if alone { Diagnostic::error } else { Diagnostic::warning };
            return found(code::NO_MANIFEST, words)
                .at(Label::at(key.span(), ""))
                .why("nothing of this file was checked")
                .fix("`keyloom check` checks declarations");
        }
        Diagnostic::warning(
            code::NO_MANIFEST,
            format!("no object of External Secrets Operator in {}", file.name),
        )
        .why("an object has `apiVersion` and `kind`; nothing of this file was checked")
        .fix("hand over what is applied, such as the output of `helm template` or `kustomize build`")
    })
    .collect()
}

/// What an object lacks, and a patch may say.
const LACKS: [&str; 3] = [code::MISSING_FIELD, code::MISSING_STORE, code::NO_KEYS];

/// A field that is only spelled wrongly is not missing too.
fn meant(problems: &mut Vec<Problem<Span>>) {
    let unknown = problems.iter().filter(|problem| problem.code == code::UNKNOWN_FIELD);
    let labels: Vec<String> = unknown.map(|problem| problem.label.clone()).collect();
    let stands_for = |fields: &[&str]| {
        labels.iter().any(|label| fields.iter().any(|field| label.contains(&format!("`{field}`"))))
    };
    let store = stands_for(&["secretStoreRef", "storeRef", "sourceRef"]);
    let keys = stands_for(&["data", "dataFrom"]);
    problems.retain(|problem| match problem.code {
        code::MISSING_STORE => !store,
        code::NO_KEYS => !keys,
        _ => true,
    });
}

/// What was found in a run of objects.
#[derive(Default)]
struct Found {
    diagnostics: Vec<Diagnostic>,
    hidden: Vec<Span>,
}

impl Found {
    fn object(&mut self, object: &Object<'_>, set: &Set<'_>, shapes: &Shapes) {
        if object.role == Role::Patch {
            self.diagnostics.push(patch(object));
            return;
        }
        match object.sort {
            Sort::Eso(kind, api) => self.eso(object, kind, api, set, shapes),
            Sort::UnknownKind => self.diagnostics.push(unknown_kind(object)),
            Sort::NoVersion => self.diagnostics.push(
                Diagnostic::error(code::MISSING_FIELD, "missing field `apiVersion`")
                    .at(Label::at(object.node.span(), "")),
            ),
            Sort::Other => {}
        }
    }

    /// An object of the operator.
    fn eso(&mut self, object: &Object<'_>, kind: Kind, api: Api, set: &Set<'_>, shapes: &Shapes) {
        match api {
            _ if !shapes.has(kind) => return self.diagnostics.push(newer(object, kind)),
            Api::Served => {}
            Api::Old => self.diagnostics.push(old(object, kind)),
            Api::Wrong => self.diagnostics.push(wrong(object, kind)),
        }
        let version = object.api_version.and_then(known).and_then(|text| text.split('/').nth(1));
        let mut problems = shapes.check(object, kind, version.unwrap_or_default());
        if let Some(spec) = Spot::root(ManifestView::new(object.node), "").get("spec") {
            webhook::check(kind, object.namespace(), &spec, &mut problems);
            rules::check(shapes.eso(), object, kind, &spec, &mut problems);
        }
        if set.is_patched(object) {
            problems.retain(|problem| !LACKS.contains(&problem.code));
        }
        meant(&mut problems);
        problems.into_iter().for_each(|problem| self.problem(problem));
    }

    fn problem(&mut self, mut problem: Problem<Span>) {
        self.hidden.append(&mut problem.hidden);
        self.diagnostics.push(problem.into_diagnostic(|span| Some(*span)));
    }
}

fn place(object: &Object<'_>, node: Option<keyloom_syntax::Node<'_>>, path: &str) -> Label {
    Label { span: Some(node.unwrap_or(object.node).span()), path: path.to_owned(), text: String::new() }
}

fn patch(object: &Object<'_>) -> Diagnostic {
    Diagnostic::note(
        code::KUSTOMIZE_PATCH,
        "a patch of kustomize, which is no object by itself: it was not checked",
    )
    .at(place(object, object.kind, "kind"))
    .fix("check what it becomes: `kustomize build . | keyloom validate -`")
}

fn newer(object: &Object<'_>, kind: Kind) -> Diagnostic {
    Diagnostic::error(code::NEWER_THAN_ESO, format!("this version of the operator has no {}", kind.name()))
        .at(place(object, object.kind, "kind"))
        .fix("update the operator, or check for the version that you have with `--eso`")
}

fn old(object: &Object<'_>, kind: Kind) -> Diagnostic {
    let written = object.api_version.and_then(known).unwrap_or_default();
    Diagnostic::error(code::UNSERVED_VERSION, format!("`{written}` is served no longer"))
        .at(place(object, object.api_version, "apiVersion"))
        .why("since 0.17 the operator serves v1 alone, and nothing converts what is older: the API server refuses it")
        .fix(format!("write `apiVersion: {}`", kind.api_version()))
}

fn wrong(object: &Object<'_>, kind: Kind) -> Diagnostic {
    let written = object.api_version.and_then(known).unwrap_or_default();
    Diagnostic::error(code::UNSERVED_VERSION, format!("there is no {} in `{written}`", kind.name()))
        .at(place(object, object.api_version, "apiVersion"))
        .fix(format!("write `apiVersion: {}`", kind.api_version()))
}

fn unknown_kind(object: &Object<'_>) -> Diagnostic {
    let Some(kind) = object.kind.and_then(known) else {
        return Diagnostic::error(code::MISSING_FIELD, "missing field `kind`")
            .at(Label::at(object.node.span(), ""));
    };
    let group =
        object.api_version.and_then(known).and_then(|text| text.split('/').next()).unwrap_or_default();
    let mut names: Vec<&str> = kinds_of(group).map(|kind| kind.name()).collect();
    names.sort_unstable();
    let near = keyloom_syntax::suggest::suggest(kind, names.iter().copied());
    let mut found = Diagnostic::error(code::UNKNOWN_KIND, format!("`{group}` has no kind `{kind}`"))
        .at(place(object, object.kind, "kind"));
    match near {
        Some(near) => found.primary.text = format!("did you mean `{near}`?"),
        None => found.fix = Some(format!("its kinds are {}", names.join(", "))),
    }
    found
}
