//! Values of secrets in a configuration: whether they end in the state, and what they are when nobody sets a variable.

use keyloom_models::code;
use keyloom_syntax::check::{Problem, key_step};
use keyloom_syntax::{Node, Severity};

use super::expression::of_template;
use super::module::Module;
use super::written::{Block, Sort};
use super::{Place, Problems};

/// Attributes that hold the value of a secret, and the write-only one that could hold it.
const VALUES: [(&str, &str, &str); 4] = [
    ("aws_secretsmanager_secret_version", "secret_string", "secret_string_wo"),
    ("aws_secretsmanager_secret_version", "secret_binary", "secret_string_wo"),
    ("aws_ssm_parameter", "value", "value_wo"),
    ("infisical_secret", "value", "value_wo"),
];

/// A value that Terraform keeps, where it could be given without being kept.
pub(super) fn kept(block: &Block<'_>, place: &Place<'_, '_>, problems: &mut Problems) {
    if block.sort != Sort::Resource {
        return;
    }
    let type_of_parameter = place.text_of("type");
    let plain = block.label(0) == "aws_ssm_parameter" && type_of_parameter.as_deref() != Some("SecureString");
    for (_, attribute, write_only) in VALUES.iter().filter(|(kind, _, _)| *kind == block.label(0) && !plain) {
        let Some(value) = place.get(attribute) else { continue };
        problems.push(
            value
                .error_at_key(code::CREDENTIALS_IN_STATE, "the value of a secret is kept in the state")
                .severity(Severity::Warning)
                .why("a state and a saved plan hold it in clear, whatever is sensitive: that hides it from what is printed alone")
                .fix(format!("write `{write_only}` with `{write_only}_version` (Terraform 1.11), or write the value outside of Terraform")),
        );
    }
}

/// Variables that are empty when nobody sets them, though a secret is made of them.
pub(super) fn empty(module: &Module<'_>, problems: &mut Problems) {
    for block in module.of(Sort::Resource) {
        let attributes = VALUES.iter().filter(|(kind, _, _)| *kind == block.label(0));
        let mut attributes: Vec<&str> =
            attributes.flat_map(|(_, plain, written)| [*plain, *written]).collect();
        attributes.sort_unstable();
        attributes.dedup();
        for attribute in attributes {
            let Some(text) = block.node.get(attribute) else { continue };
            of_value(module, text, problems);
        }
    }
}

fn of_value<'t>(module: &Module<'t>, value: Node<'t>, problems: &mut Problems) {
    for reference in value.as_str().map(of_template).unwrap_or_default() {
        let (Some("var"), Some(name)) = (reference.name(0), reference.name(1)) else { continue };
        let Some(variable) = module.block(Sort::Variable, &[name]) else { continue };
        let Some(default) = variable.node.get("default").filter(|default| default.as_str() == Some(""))
        else {
            continue;
        };
        let mut path = variable.path.clone();
        key_step(&mut path, "default");
        let problem = Problem::error(code::EMPTY_DEFAULT, default.span(), "a secret is empty when nobody sets this variable")
            .severity(Severity::Warning)
            .and(value.span(), "the secret")
            .why("a run without the value, on another machine or with a misspelt name, writes an empty secret and says nothing")
            .fix("leave `default` out, so that Terraform asks for a value");
        problems.push(Problem { path, ..problem });
    }
}
