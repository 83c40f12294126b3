//! Resources of a Terraform provider in Pulumi: the bridge has names of its own for types and properties.

use keyloom_resources::Terraform;
use keyloom_resources::terraform::{Argument, Arguments};
use keyloom_wire::property::{Property, PropertyMap, Value};

use super::sink::{Inputs, leaf};
use crate::origins::OriginTable;

/// Name of the bridged package, and what the names of the provider's types begin with.
const PACKAGE: &str = "infisical";

/// Type token, such as `infisical:index/appConnectionAws:AppConnectionAws`.
pub(super) fn token(resource: &Terraform) -> String {
    let resource_type = resource.resource_type();
    let module = name(resource_type.strip_prefix("infisical_").unwrap_or(resource_type));
    let mut letters = module.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    let kind: String = first.into_iter().chain(letters).collect();
    format!("{PACKAGE}:index/{module}:{kind}")
}

/// A name of Terraform's in camelCase: `connection_id` is `connectionId`.
pub(super) fn name(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    for (at, part) in name.split('_').enumerate() {
        let mut letters = part.chars();
        match letters.next() {
            Some(first) if at > 0 => camel.push(first.to_ascii_uppercase()),
            Some(first) => camel.push(first),
            None => {}
        }
        camel.push_str(letters.as_str());
    }
    camel
}

/// The arguments as inputs. What refers to another child is left out: it is put in when that is registered.
pub(super) fn inputs(resource: &Terraform, origins: &OriginTable) -> Inputs {
    let mut inputs = Inputs::default();
    for (argument, value) in resource.arguments() {
        let mut ids = Vec::new();
        if let Some(property) = property(&value, origins, &mut ids) {
            let name = name(&argument);
            if !ids.is_empty() {
                inputs.origins.entry(name.clone()).or_default().extend(ids);
            }
            inputs.properties.insert(name, property);
        }
    }
    inputs
}

/// A value, and the numbers of what its texts derive from.
fn property(value: &Argument, origins: &OriginTable, ids: &mut Vec<u32>) -> Option<Property> {
    Some(match value {
        Argument::Text(text) => {
            ids.extend(origins.ids(text));
            leaf(text)
        }
        Argument::Bool(value) => Property::from(*value),
        Argument::Number(value) => Property::from(value.as_f64()),
        Argument::List(items) => {
            Property::from(items.iter().filter_map(|item| property(item, origins, ids)).collect::<Vec<_>>())
        }
        Argument::Object(members) => Property::from(Value::Map(object(members, origins, ids))),
        // Variables are Terraform's; a program hands over the value itself.
        Argument::Variable(_) | Argument::Reference(_) => return None,
    })
}

fn object(members: &Arguments, origins: &OriginTable, ids: &mut Vec<u32>) -> PropertyMap {
    let member = |(key, value): &(String, Argument)| Some((name(key), property(value, origins, ids)?));
    members.iter().filter_map(member).collect()
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn names_are_those_of_the_bridge() {
        for (terraform, pulumi) in [
            ("connection_id", "connectionId"),
            ("app_connection_1password", "appConnection1password"),
            ("aws_secrets_manager_secret_name", "awsSecretsManagerSecretName"),
            ("name", "name"),
        ] {
            assert_eq!(name(terraform), pulumi);
        }
    }
}
