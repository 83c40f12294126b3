//! Inputs in camelCase, held against the attributes that Terraform's provider has.

use keyloom_upstream::terraform::{Attribute, Kind, schema};
use keyloom_wire::property::{Property, PropertyMap, Value};

/// What is wrong with the inputs of a resource of that type: the property, and why.
pub(super) fn failures(token: &str, inputs: &PropertyMap) -> Vec<(String, String)> {
    let Some(schema) = resource_type(token).and_then(|name| schema(Kind::Resource, &name)) else {
        return vec![(String::new(), format!("the provider has no type {token}"))];
    };
    let mut failures = Vec::new();
    check("", &schema.attributes, inputs, &mut failures);
    failures
}

/// The type of the resource in Terraform: `infisical:index/appConnectionAws:AppConnectionAws` is
/// `infisical_app_connection_aws`.
fn resource_type(token: &str) -> Option<String> {
    let (module, kind) = token.strip_prefix("infisical:index/")?.split_once(':')?;
    let same = module.get(1..) == kind.get(1..) && module.to_lowercase() == kind.to_lowercase();
    same.then(|| format!("infisical_{}", snake(module)))
}

fn snake(camel: &str) -> String {
    let mut snake = String::new();
    let mut before_digit = false;
    for c in camel.chars() {
        if c.is_ascii_uppercase() || c.is_ascii_digit() && !before_digit {
            snake.push('_');
        }
        before_digit = c.is_ascii_digit();
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

fn camel(snake: &str) -> String {
    let mut parts = snake.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    let capital = |part: &str| {
        let mut letters = part.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    parts.fold(first, |name, part| name + &capital(part))
}

fn check(path: &str, attributes: &[Attribute], inputs: &PropertyMap, failures: &mut Vec<(String, String)>) {
    let at = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    for (name, input) in inputs {
        let known = attributes.iter().find(|attribute| camel(attribute.name) == *name);
        match known {
            None => failures.push((at(name), "the provider has no such attribute".to_owned())),
            Some(known) if !known.is_settable() => {
                failures.push((at(name), "the provider says that itself".to_owned()));
            }
            Some(known) => value(&at(name), known, input, failures),
        }
    }
    for attribute in attributes.iter().filter(|attribute| attribute.required) {
        let name = camel(attribute.name);
        if inputs.get(&name).is_none_or(|input| input.value == Value::Null) {
            failures.push((at(&name), "it is missing".to_owned()));
        }
    }
}

fn value(path: &str, attribute: &Attribute, input: &Property, failures: &mut Vec<(String, String)>) {
    if input.as_str() == Some("") {
        failures.push((path.to_owned(), "an empty text is never settled".to_owned()));
    }
    let nested = attribute.ty.nested();
    if nested.is_empty() {
        return;
    }
    match &input.value {
        Value::Map(members) => check(path, nested, members, failures),
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                if let Value::Map(members) = &item.value {
                    check(&format!("{path}[{index}]"), nested, members, failures);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::from_json;

    fn told(token: &str, json: serde_json::Value) -> Vec<String> {
        failures(token, &from_json(&json)).into_iter().map(|(path, why)| format!("{path}: {why}")).collect()
    }

    #[test]
    fn what_the_provider_does_not_know_is_refused_at_any_depth() {
        let token = "infisical:index/appConnectionAws:AppConnectionAws";
        let good =
            serde_json::json!({"name": "a", "method": "assume-role", "credentials": {"roleArn": "arn"}});
        assert_eq!(told(token, good), [""; 0]);
        let bad = serde_json::json!({"name": "", "id": "x", "credentials": {"rolArn": "arn"}});
        assert_eq!(
            told(token, bad),
            [
                "credentials.rolArn: the provider has no such attribute",
                "id: the provider says that itself",
                "name: an empty text is never settled",
                "method: it is missing",
            ]
        );
        assert_eq!(told("infisical:index/nothing:Nothing", serde_json::json!({})).len(), 1);
        assert_eq!(resource_type("infisical:index/appConnectionAws:AppConnectionaws"), None);
        let digit = "infisical:index/appConnection1password:AppConnection1password";
        assert_eq!(resource_type(digit).as_deref(), Some("infisical_app_connection_1password"));
    }
}
