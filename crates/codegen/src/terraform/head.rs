//! What a configuration says before its resources: Terraform's version, the provider, where the state is, variables.

use std::collections::BTreeSet;

use keyloom_resources::terraform::aws::{Backend, Settings, Variable};
use keyloom_resources::terraform::{Arguments, Terraform};
use serde_json::{Map, Value, json};

use super::block;
use super::expression::{NotWritten, literal};

/// The versions of Infisical's provider whose schema this writes for.
const INFISICAL: &str = "~> 0.19.24";
/// The versions of AWS's provider whose schema this writes for: those of one major version.
const AWS: &str = "~> 6.47";
/// The oldest Terraform that runs Infisical's provider.
const TERRAFORM: &str = ">= 1.0";

/// What Infisical's configuration needs.
pub(super) fn infisical() -> Value {
    json!({
        "required_version": TERRAFORM,
        "required_providers": { "infisical": { "source": "infisical/infisical", "version": INFISICAL } },
    })
}

/// What a configuration for AWS needs, and where its state is kept.
pub(super) fn aws(settings: &Settings) -> Result<Value, NotWritten> {
    let backend = block(&settings.backend.arguments(), "terraform")?;
    let mut made = json!({
        "required_version": settings.required_version,
        "required_providers": { "aws": { "source": "hashicorp/aws", "version": AWS } },
    });
    match settings.backend {
        Backend::S3 { .. } => made["backend"] = json!({ "s3": backend }),
        Backend::Cloud { .. } => made["cloud"] = backend,
    }
    Ok(made)
}

/// The provider's own block: where and who, never by which credentials. Those come from the environment, so that no plan
/// holds them.
pub(super) fn provider(name: &str, arguments: &Arguments) -> Result<Value, NotWritten> {
    Ok(json!({ name: block(arguments, &format!("provider.{name}"))? }))
}

/// Credentials: without a default, so that Terraform asks for what is not handed over.
pub(super) fn credentials(resources: &[&Terraform]) -> Map<String, Value> {
    let arguments: Vec<_> = resources.iter().map(|resource| resource.arguments()).collect();
    let mut names = BTreeSet::new();
    arguments.iter().flatten().for_each(|(_, argument)| argument.variables(&mut names));
    names.into_iter().map(|name| (name.to_owned(), json!({ "type": "string", "sensitive": true }))).collect()
}

/// Values: in neither plan nor state, without a default, and never empty, for an Actions secret that is missing is empty.
pub(super) fn values(variables: &[Variable]) -> Map<String, Value> {
    let variable = |Variable { name, source }: &Variable| {
        let source = literal(source);
        let made = json!({
            "type": "string",
            "description": format!("Value of the Actions secret {source}"),
            "sensitive": true,
            "ephemeral": true,
            "nullable": false,
            "validation": [{
                "condition": format!("${{length(var.{name}) > 0}}"),
                "error_message": format!("The Actions secret {source} is missing or empty: set it at GitHub."),
            }],
        });
        (name.clone(), made)
    };
    variables.iter().map(variable).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyloom_upstream::terraform::Provider;

    #[test]
    fn versions_are_those_of_the_schemas() {
        for (provider, constraint) in [(Provider::Aws, AWS), (Provider::Infisical, INFISICAL)] {
            let version = constraint.trim_start_matches("~> ");
            assert!(provider.version().starts_with(version), "{constraint}: {}", provider.version());
        }
    }
}
