//! Resources of a Terraform provider in Pulumi: the bridge has names of its own for types and properties.

use keyloom_resources::Terraform;
use keyloom_resources::terraform::{Argument, Arguments, camel};
use keyloom_wire::property::{Property, PropertyMap, Value};

use super::sink::{Inputs, leaf};
use crate::origins::OriginTable;

/// Name of the bridged package, and what the names of the provider's types begin with.
const PACKAGE: &str = "infisical";

/// Type token, such as `infisical:index/appConnectionAws:AppConnectionAws`.
pub(super) fn token(resource: &Terraform) -> String {
    let resource_type = resource.resource_type();
    let module = camel(resource_type.strip_prefix("infisical_").unwrap_or(resource_type));
    let mut letters = module.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    let kind: String = first.into_iter().chain(letters).collect();
    format!("{PACKAGE}:index/{module}:{kind}")
}

/// The arguments as inputs, and the names of those that refer to another child: they are put in when that is registered.
pub(super) fn inputs(resource: &Terraform, origins: &OriginTable) -> (Inputs, Vec<String>) {
    let (mut inputs, mut references) = (Inputs::default(), Vec::new());
    for (argument, value) in resource.arguments() {
        let name = camel(&argument);
        if matches!(value, Argument::Reference(_)) {
            references.push(name);
            continue;
        }
        let mut ids = Vec::new();
        if let Some(property) = property(&value, origins, &mut ids) {
            if !ids.is_empty() {
                inputs.origins.entry(name.clone()).or_default().extend(ids);
            }
            inputs.properties.insert(name, property);
        }
    }
    (inputs, references)
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
        Argument::Variable(_) | Argument::Reference(_) | Argument::Encoded(_) => return None,
    })
}

fn object(members: &Arguments, origins: &OriginTable, ids: &mut Vec<u32>) -> PropertyMap {
    let member = |(key, value): &(String, Argument)| Some((camel(key), property(value, origins, ids)?));
    members.iter().filter_map(member).collect()
}
