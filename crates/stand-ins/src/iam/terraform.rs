//! Policies as Terraform's JSON has them: `aws_iam_policy_document`, and the roles that a configuration gives them to.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{NotKnown, Policy, not_known};

/// A role that a configuration makes, or attaches policies to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Role {
    /// Who may be it; none if the role is made elsewhere.
    pub trust: Option<Policy>,
    /// What it may do, by the policies' names.
    pub policies: BTreeMap<String, Policy>,
    /// How many characters each of these has for AWS, which does not count white space.
    pub lengths: BTreeMap<String, usize>,
}

/// Every role of a configuration, by its name.
///
/// # Errors
/// A policy that cannot be read, or a reference that leads nowhere in this file.
pub fn roles(configuration: &Value) -> Result<BTreeMap<String, Role>, NotKnown> {
    let mut roles: BTreeMap<String, Role> = BTreeMap::new();
    for (_, role) in resources(configuration, "aws_iam_role") {
        let trust = Policy::trust(&policy(configuration, &role["assume_role_policy"])?)?;
        roles.entry(text(&role["name"])?).or_default().trust = Some(trust);
    }
    for (label, attachment) in resources(configuration, "aws_iam_role_policy_attachment") {
        let role = match reference(&attachment["role"], "aws_iam_role") {
            Some((label, "name" | "id")) => text(&configuration["resource"]["aws_iam_role"][label]["name"])?,
            _ => text(&attachment["role"])?,
        };
        let Some((of, "arn")) = reference(&attachment["policy_arn"], "aws_iam_policy") else {
            return not_known(format!("{label}: policy_arn is not that of a policy beside it"));
        };
        let attached = &configuration["resource"]["aws_iam_policy"][of];
        let document = policy(configuration, &attached["policy"])?;
        let name = text(&attached["name"])?;
        let role = roles.entry(role).or_default();
        role.lengths.insert(name.clone(), document.to_string().chars().count());
        role.policies.insert(name, Policy::identity(&document)?);
    }
    Ok(roles)
}

fn resources<'c>(configuration: &'c Value, kind: &str) -> impl Iterator<Item = (&'c String, &'c Value)> {
    configuration["resource"][kind].as_object().into_iter().flatten()
}

/// The document that an attribute holds: one beside it, or JSON as it is.
fn policy(configuration: &Value, attribute: &Value) -> Result<Value, NotKnown> {
    match reference(attribute, "data.aws_iam_policy_document") {
        Some((label, "json" | "minified_json")) => {
            document(&configuration["data"]["aws_iam_policy_document"][label])
        }
        _ => serde_json::from_str(&text(attribute)?).or_else(|_| not_known("a policy that is no JSON")),
    }
}

/// Label and attribute of a text that is nothing but a reference to a block of that type.
fn reference<'v>(attribute: &'v Value, kind: &str) -> Option<(&'v str, &'v str)> {
    let path = attribute.as_str()?.strip_prefix("${")?.strip_suffix('}')?;
    path.strip_prefix(kind)?.strip_prefix('.')?.split_once('.')
}

/// What the provider makes of a block `aws_iam_policy_document`.
///
/// # Errors
/// An argument or a block that is not read here, and an expression in a text.
pub fn document(block: &Value) -> Result<Value, NotKnown> {
    let Some(members) = block.as_object() else { return not_known("no such aws_iam_policy_document") };
    only(members, &["statement", "version", "policy_id"])?;
    let version = members.get("version").map_or_else(|| Ok("2012-10-17".to_owned()), text)?;
    let statements = listed(members.get("statement")).into_iter().map(statement);
    Ok(json!({ "Version": version, "Statement": statements.collect::<Result<Vec<_>, _>>()? }))
}

fn statement(block: &Value) -> Result<Value, NotKnown> {
    let Some(members) = block.as_object() else { return not_known("a statement is a block") };
    let lists = [
        ("actions", "Action"),
        ("not_actions", "NotAction"),
        ("resources", "Resource"),
        ("not_resources", "NotResource"),
    ];
    let mut made = Map::new();
    let known: Vec<&str> =
        lists.iter().map(|(name, _)| *name).chain(["sid", "effect", "condition", "principals"]).collect();
    only(members, &known)?;
    if let Some(sid) = members.get("sid") {
        made.insert("Sid".to_owned(), text(sid)?.into());
    }
    made.insert(
        "Effect".to_owned(),
        members.get("effect").map_or_else(|| Ok("Allow".to_owned()), text)?.into(),
    );
    for (name, spelling) in lists {
        if let Some(list) = members.get(name) {
            made.insert(spelling.to_owned(), texts(list)?);
        }
    }
    let mut principals: Map<String, Value> = Map::new();
    for block in listed(members.get("principals")) {
        principals.insert(text(&block["type"])?, texts(&block["identifiers"])?);
    }
    if !principals.is_empty() {
        made.insert("Principal".to_owned(), principals.into());
    }
    let mut conditions: Map<String, Value> = Map::new();
    for block in listed(members.get("condition")) {
        let keys = conditions.entry(text(&block["test"])?).or_insert_with(|| json!({}));
        if keys.get(text(&block["variable"])?).is_some() {
            return not_known("two conditions with one operator and one key");
        }
        keys[text(&block["variable"])?] = texts(&block["values"])?;
    }
    if !conditions.is_empty() {
        made.insert("Condition".to_owned(), conditions.into());
    }
    Ok(made.into())
}

fn only(members: &Map<String, Value>, known: &[&str]) -> Result<(), NotKnown> {
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => not_known(format!("{name} of a policy document is not read here")),
        None => Ok(()),
    }
}

/// A block that stands once, or several of them.
fn listed(blocks: Option<&Value>) -> Vec<&Value> {
    match blocks {
        Some(Value::Array(blocks)) => blocks.iter().collect(),
        Some(block) => vec![block],
        None => Vec::new(),
    }
}

fn texts(list: &Value) -> Result<Value, NotKnown> {
    let items = list.as_array().map(Vec::as_slice).unwrap_or_else(|| std::slice::from_ref(list));
    items.iter().map(|item| text(item).map(Value::from)).collect()
}

/// A literal, as Terraform takes it. The provider's `&{...}` becomes a variable of the policy.
fn text(value: &Value) -> Result<String, NotKnown> {
    let Some(text) = value.as_str() else { return not_known(format!("{value} is no text")) };
    let without = text.replace("$${", "").replace("%%{", "");
    if without.contains("${") || without.contains("%{") {
        return not_known(format!("the expression in {text} is not evaluated here"));
    }
    Ok(text.replace("$${", "${").replace("%%{", "%{").replace("&{", "${"))
}
