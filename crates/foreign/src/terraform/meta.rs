//! What Terraform itself knows of blocks: meta-arguments, and the blocks that belong to no provider.

use keyloom_models::code;
use keyloom_syntax::view::View;
use keyloom_syntax::{Severity, Span};

use super::body::unknown;
use super::value;
use super::view::scalars;
use super::written::{Block, COMMENT, Sort};
use super::{Place, Problems};

const RESOURCE: &[&str] =
    &["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"];
const DATA: &[&str] = &["count", "depends_on", "for_each", "lifecycle", "provider"];
const PROVIDER: &[&str] = &["alias", "version"];
const LIFECYCLE: [&str; 6] = [
    "create_before_destroy",
    "ignore_changes",
    "postcondition",
    "precondition",
    "prevent_destroy",
    "replace_triggered_by",
];

impl Sort {
    /// Names that Terraform gives a meaning in such a block, beside what a schema has.
    pub(super) fn meta(self) -> &'static [&'static str] {
        match self {
            Self::Resource => RESOURCE,
            Self::Data | Self::Ephemeral => DATA,
            Self::Provider => PROVIDER,
            Self::Check
            | Self::Import
            | Self::Locals
            | Self::Module
            | Self::Moved
            | Self::Output
            | Self::Removed
            | Self::Terraform
            | Self::Variable => &[],
        }
    }

    /// All that may stand in a block that belongs to no provider, and which of it must; `None` where anything may.
    fn fields(self) -> Option<(&'static [&'static str], &'static [&'static str])> {
        match self {
            Self::Variable => Some((
                &[
                    "default",
                    "deprecated",
                    "description",
                    "ephemeral",
                    "nullable",
                    "sensitive",
                    "type",
                    "validation",
                ],
                &[],
            )),
            Self::Output => Some((
                &[
                    "depends_on",
                    "deprecated",
                    "description",
                    "ephemeral",
                    "precondition",
                    "sensitive",
                    "value",
                ],
                &["value"],
            )),
            Self::Terraform => Some((
                &[
                    "backend",
                    "cloud",
                    "encryption",
                    "experiments",
                    "provider_meta",
                    "required_providers",
                    "required_version",
                ],
                &[],
            )),
            Self::Moved => Some((&["from", "to"], &["from", "to"])),
            Self::Import => Some((&["for_each", "id", "identity", "provider", "to"], &["to"])),
            Self::Removed => Some((&["from", "lifecycle", "provisioner"], &["from"])),
            Self::Check => Some((&["assert", "data"], &["assert"])),
            Self::Data | Self::Ephemeral | Self::Locals | Self::Module | Self::Provider | Self::Resource => {
                None
            }
        }
    }
}

/// Checks what Terraform itself asks of a block.
pub(super) fn check(
    block: &Block<'_>,
    place: &Place<'_, '_>,
    problems: &mut Problems,
    hidden: &mut Vec<Span>,
) {
    if let Some((known, required)) = block.sort.fields() {
        fields(place, known, required, problems, hidden);
    }
    match block.sort {
        Sort::Resource | Sort::Data | Sort::Ephemeral => resource(place, problems),
        Sort::Variable => variable(place, problems, hidden),
        Sort::Module if !place.has("source") => {
            let mut problem = place.error_at_key(code::MISSING_FIELD, "missing field `source`");
            problem.at = block.name_span();
            problems.push(problem);
        }
        Sort::Module
        | Sort::Check
        | Sort::Import
        | Sort::Locals
        | Sort::Moved
        | Sort::Output
        | Sort::Provider
        | Sort::Removed
        | Sort::Terraform => {}
    }
}

fn fields(
    place: &Place<'_, '_>,
    known: &[&str],
    required: &[&str],
    problems: &mut Problems,
    hidden: &mut Vec<Span>,
) {
    let view = place.view();
    for (key, at, below) in view.entries() {
        if key != COMMENT && !known.contains(&key) {
            problems.push(unknown(place, key, at, known.iter().copied()).why("Terraform refuses it"));
            scalars(below, hidden);
        }
    }
    for name in required.iter().filter(|name| !place.has(name)) {
        problems.push(place.error_at_key(code::MISSING_FIELD, format!("missing field `{name}`")));
    }
}

fn resource(place: &Place<'_, '_>, problems: &mut Problems) {
    if let (Some(count), Some(each)) = (place.get("count"), place.get("for_each")) {
        problems.push(
            count
                .error_at_key(code::EXACTLY_ONE, "`count` and `for_each` in one block")
                .and(each.key_place(), "and here")
                .why("Terraform takes one of them"),
        );
    }
    let Some(lifecycle) = place.get("lifecycle") else { return };
    let view = lifecycle.view();
    for (key, at, _) in view.entries() {
        if key != COMMENT && !LIFECYCLE.contains(&key) {
            problems.push(unknown(&lifecycle, key, at, LIFECYCLE.into_iter()).why("Terraform refuses it"));
        }
    }
}

/// A sensitive variable whose value stands in the file is no secret.
fn variable(place: &Place<'_, '_>, problems: &mut Problems, hidden: &mut Vec<Span>) {
    for flag in ["ephemeral", "nullable", "sensitive"] {
        if let Some(flag) = place.get(flag) {
            value::check(&flag, &keyloom_upstream::terraform::Type::Bool, problems, hidden);
        }
    }
    let sensitive = place.get("sensitive").and_then(|flag| super::view::boolean(&flag)) == Some(true);
    let Some(default) = place.get("default").filter(|_| sensitive) else { return };
    scalars(default.view(), hidden);
    if default.text() != Some("") {
        problems.push(
            default
                .error(code::LITERAL_SECRET, "the default of a sensitive variable is written out")
                .severity(Severity::Error)
                .why("who can read this file, or its history, has it")
                .fix("leave `default` out, and set the variable in the environment: TF_VAR_NAME"),
        );
    }
}
