//! What expressions refer to: declared or not, and whether a resource has such an attribute.

use keyloom_models::code;
use keyloom_syntax::check::{Problem, key_step};
use keyloom_syntax::suggest::suggest;
use keyloom_syntax::tree::Kind;
use keyloom_syntax::{Node, Span};
use keyloom_upstream::terraform::{Nesting, Provider, Type};

use super::Problems;
use super::expression::{Reference, Step, is_template, is_unclosed, of_address, of_template};
use super::module::Module;
use super::view::boolean;
use super::written::{Block, COMMENT, Sort};

/// Arguments that hold addresses without `${`.
const ADDRESSES: [&str; 2] = ["depends_on", "replace_triggered_by"];
/// Arguments whose text is no expression.
const WORDS: [&str; 5] = ["from", "ignore_changes", "provider", "providers", "to"];
/// What references to declared things begin with, beside types of resources.
const DECLARED: [&str; 6] = ["data", "ephemeral", "local", "module", "resource", "var"];
/// Names that are there without a declaration.
const GIVEN: [&str; 6] = ["count", "each", "path", "self", "template", "terraform"];

/// Checks every reference of a module.
pub(super) fn check(module: &Module<'_>, problems: &mut Problems) {
    for block in &module.blocks {
        // Conditions may stand in a variable, which refer to itself.
        if block.sort != Sort::Terraform {
            below(module, block, block.node, &block.path, &Written::default(), problems);
        }
    }
}

/// What is known of the place where a text stands.
#[derive(Clone, Copy, Default)]
struct Written {
    /// Whether the text is an address.
    address: bool,
    /// Whether it is deeper than where Terraform gives names a meaning: in the block itself, and in its `lifecycle`.
    inner: bool,
    /// Whether it is in the block at all.
    below: bool,
    /// Whether an ephemeral value may not stand here.
    kept: bool,
}

fn below<'t>(
    module: &Module<'t>,
    block: &Block<'t>,
    node: Node<'t>,
    path: &str,
    written: &Written,
    problems: &mut Problems,
) {
    match node.kind() {
        Kind::String => text(module, block, node, path, *written, problems),
        Kind::Sequence => {
            for (at, item) in node.items().enumerate() {
                below(module, block, item, &format!("{path}[{at}]"), written, problems);
            }
        }
        Kind::Mapping => {
            for (key, value) in node.entries() {
                let name = key.scalar().unwrap_or_default();
                let meta = !written.inner && block.sort != Sort::Locals;
                if name == COMMENT || (meta && WORDS.contains(&name)) {
                    continue;
                }
                let mut path = path.to_owned();
                key_step(&mut path, name);
                let first = !written.below;
                let written = Written {
                    address: written.address || (meta && ADDRESSES.contains(&name)),
                    inner: !(first && name == "lifecycle"),
                    below: true,
                    kept: if first {
                        is_kept(module, block, name)
                    } else {
                        written.kept && !is_write_only(name)
                    },
                };
                below(module, block, value, &path, &written, problems);
            }
        }
        Kind::Null | Kind::Bool | Kind::Int | Kind::Float => {}
    }
}

/// Whether an argument of a resource ends up in the state, where nothing ephemeral may be.
fn is_kept(module: &Module<'_>, block: &Block<'_>, name: &str) -> bool {
    if !matches!(block.sort, Sort::Resource | Sort::Data) {
        return false;
    }
    let attribute = module.schema(block).and_then(|schema| schema.attribute(name));
    attribute.is_some_and(|attribute| !attribute.write_only)
}

fn is_write_only(name: &str) -> bool {
    name.ends_with("_wo")
}

fn text<'t>(
    module: &Module<'t>,
    block: &Block<'t>,
    node: Node<'t>,
    path: &str,
    written: Written,
    problems: &mut Problems,
) {
    let Some(text) = node.as_str() else { return };
    let mut report = |problem: Problem<Span>| {
        problems.push(Problem { path: path.to_owned(), ..problem });
    };
    if is_unclosed(text) {
        // A credential may stand in it, and it is none of the texts that are hidden.
        let problem = Problem::error(code::BAD_FORMAT, node.span(), "an expression that is not closed");
        return report(Problem {
            hidden: vec![node.span()],
            ..problem.fix("close it with `}`, or write `$${` for a text that begins so")
        });
    }
    if written.address && is_template(text) {
        report(
            Problem::error(code::BAD_FORMAT, node.span(), "an address is wanted here, and no expression")
                .fix("leave out `${` and `}`"),
        );
    }
    let found = if written.address { of_address(text) } else { of_template(text) };
    let loops = found.iter().any(|reference| reference.name(0) == Some("for")) || has(block.node, "dynamic");
    for reference in found {
        one(module, block, node, &reference, &mut report);
        if !loops {
            root(module, block, node, &reference, &mut report);
        }
        if written.kept && is_ephemeral(module, &reference) {
            report(
                Problem::error(code::NOT_ALLOWED, node.span(), "an ephemeral value where Terraform keeps what it is given")
                    .why("an ephemeral value is in no state, so it can stand in write-only attributes alone; this one is kept in the state"),
            );
        }
    }
}

/// Whether a key stands somewhere below.
fn has(node: Node<'_>, key: &str) -> bool {
    node.items().any(|item| has(item, key))
        || node.entries().any(|(name, value)| name.scalar() == Some(key) || has(value, key))
}

/// Names that nobody declares, where no loop makes names of its own; and those that a loop makes, where there is none.
fn root<'t>(
    module: &Module<'t>,
    block: &Block<'t>,
    node: Node<'t>,
    reference: &Reference<'t>,
    report: &mut impl FnMut(Problem<Span>),
) {
    let (Some(first), Some(second)) = (reference.name(0), reference.name(1)) else { return };
    let own = |argument: &str| block.node.get(argument).is_some();
    let missing = match first {
        "each" if !own("for_each") => "for_each",
        "count" if !own("count") => "count",
        _ if GIVEN.contains(&first) || DECLARED.contains(&first) => return,
        // One of a known provider, or of a type that is declared, is looked up as such.
        _ if is_type(module, first) => return,
        _ => {
            return undeclared(
                module,
                node,
                &format!("{first}.{second}"),
                first,
                DECLARED.into_iter(),
                report,
            );
        }
    };
    if block.sort == Sort::Resource || block.sort == Sort::Data || block.sort == Sort::Output {
        report(
            Problem::error(
                code::UNKNOWN_REFERENCE,
                node.span(),
                format!("`{first}.{second}` without `{missing}`"),
            )
            .why(format!("only a block with `{missing}` has it")),
        );
    }
}

fn is_ephemeral(module: &Module<'_>, reference: &Reference<'_>) -> bool {
    match reference.name(0) {
        Some("ephemeral") => true,
        Some("var") => {
            reference.name(1).and_then(|name| module.block(Sort::Variable, &[name])).is_some_and(|variable| {
                let place = keyloom_syntax::Spot::root(super::TerraformView::new(variable.node), "");
                place.get("ephemeral").and_then(|flag| boolean(&flag)) == Some(true)
            })
        }
        _ => false,
    }
}

fn one<'t>(
    module: &Module<'t>,
    block: &Block<'t>,
    node: Node<'t>,
    reference: &Reference<'t>,
    report: &mut impl FnMut(Problem<Span>),
) {
    let named = |step: usize| reference.name(step);
    match (named(0), named(1)) {
        (Some("var"), Some(name)) => {
            let own = block.sort == Sort::Variable && block.label(0) == name;
            if !own && module.block(Sort::Variable, &[name]).is_none() {
                let names = module.of(Sort::Variable).map(|block| block.label(0));
                undeclared(module, node, &format!("var.{name}"), name, names, report);
            }
        }
        (Some("local"), Some(name)) if !module.has_local(name) => {
            undeclared(module, node, &format!("local.{name}"), name, module.locals(), report);
        }
        (Some("module"), Some(name)) if module.block(Sort::Module, &[name]).is_none() => {
            let names = module.of(Sort::Module).map(|block| block.label(0));
            undeclared(module, node, &format!("module.{name}"), name, names, report);
        }
        (Some(first), Some(_)) => resource(module, node, first, reference, report),
        _ => {}
    }
}

/// A reference to a resource or data source, and to an attribute of it.
fn resource<'t>(
    module: &Module<'t>,
    node: Node<'t>,
    first: &str,
    reference: &Reference<'t>,
    report: &mut impl FnMut(Problem<Span>),
) {
    let (sort, from) = match first {
        "data" => (Sort::Data, 1),
        "ephemeral" => (Sort::Ephemeral, 1),
        "resource" => (Sort::Resource, 1),
        _ => (Sort::Resource, 0),
    };
    let (Some(kind), Some(name)) = (reference.name(from), reference.name(from + 1)) else { return };
    // Names that stand for something else, such as `each` or those of a `for`, are no types.
    if from == 0 && !is_type(module, kind) {
        return;
    }
    match module.resource(reference) {
        Some((block, steps)) => {
            let rest = &reference.steps[steps..];
            if block.node.get("count").is_some() && matches!(rest.first(), Some(Step::Name(_))) {
                let message =
                    format!("`{}` has a `count`, and no number says which is meant", block.address());
                let problem = Problem::error(code::UNKNOWN_REFERENCE, node.span(), message);
                report(problem.fix(format!("write `{}[0]`, or `[*]` for all", block.address())));
            }
            attribute(module, block, node, rest, report);
        }
        None => {
            let same = module.of(sort).filter(|block| block.label(0) == kind).map(|block| block.label(1));
            let prefix = if from == 1 { format!("{first}.") } else { String::new() };
            undeclared(module, node, &format!("{prefix}{kind}.{name}"), name, same, report);
        }
    }
}

/// Whether a name is the type of a resource, as far as that can be told.
fn is_type(module: &Module<'_>, name: &str) -> bool {
    (name.contains('_') && Provider::of_type(name).is_some()) || module.has_type(Sort::Resource, name)
}

fn attribute(
    module: &Module<'_>,
    block: &Block<'_>,
    node: Node<'_>,
    steps: &[Step<'_>],
    report: &mut impl FnMut(Problem<Span>),
) {
    let Some(schema) = module.schema(block) else { return };
    let mut steps = steps.iter().skip_while(|step| !matches!(step, Step::Name(_)));
    let Some(Step::Name(name)) = steps.next() else { return };
    // An instance of `for_each` is named like an attribute.
    let name = match (block.node.get("for_each"), steps.clone().next()) {
        (Some(_), Some(Step::Name(next))) if schema.attribute(name).is_none() => next,
        (Some(_), None) if schema.attribute(name).is_none() => return,
        _ => name,
    };
    let lacks = |what: &str, name: &str, near: Option<&str>| {
        let message = format!("`{what}` has no attribute `{name}`");
        let problem = Problem::error(code::UNKNOWN_FIELD, node.span(), message);
        match near {
            Some(near) => problem.label(format!("did you mean `{near}`?")),
            None => problem,
        }
    };
    let Some(found) = schema.attribute(name) else {
        if schema.block(name).is_none() {
            let names = schema.attributes.iter().map(|attribute| attribute.name);
            report(lacks(&block.address(), name, suggest(name, names)));
        }
        return;
    };
    if let (Type::Nested(Nesting::Single, inner), Some(Step::Name(below))) = (&found.ty, steps.next())
        && !inner.iter().any(|attribute| attribute.name == *below)
    {
        let names = inner.iter().map(|attribute| attribute.name);
        report(lacks(&format!("{}.{name}", block.address()), below, suggest(below, names)));
    }
}

/// What nobody declares. Where there may be more files, only what is nearly declared is surely wrong.
fn undeclared<'a>(
    module: &Module<'_>,
    node: Node<'_>,
    address: &str,
    name: &str,
    names: impl Iterator<Item = &'a str>,
    report: &mut impl FnMut(Problem<Span>),
) {
    let near = suggest(name, names);
    if module.open && near.is_none() {
        return;
    }
    let problem =
        Problem::error(code::UNKNOWN_REFERENCE, node.span(), format!("`{address}` is not declared"));
    report(match near {
        Some(near) => problem.label(format!("did you mean `{near}`?")),
        None => problem
            .why("all files of Terraform in the folder were looked at")
            .fix("declare it, or refer to something that is"),
    });
}
