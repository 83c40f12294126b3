//! [`Policy`]: a document of IAM, read.

use serde_json::{Map, Value};

use super::condition::Condition;
use super::{NotKnown, Request, not_known, pattern};

/// A policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub(super) statements: Vec<Statement>,
}

/// Who asks, or may ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// `Federated`, `Service` or `AWS`.
    pub kind: String,
    /// The provider's ARN, the service's name, or that of a user or role.
    pub id: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Allow,
    Deny,
}

/// Actions or resources: those listed, or all others.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Which {
    These(Vec<String>),
    AllBut(Vec<String>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) effect: Effect,
    /// None in an identity's policy: it is about whoever has it.
    principals: Option<Vec<Principal>>,
    actions: Which,
    resources: Which,
    conditions: Vec<Condition>,
}

/// What a policy is attached to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Identity,
    Role,
}

impl Policy {
    /// Reads the policy of a user, group or role.
    ///
    /// # Errors
    /// What AWS refuses, or what is not evaluated here.
    pub fn identity(document: &Value) -> Result<Self, NotKnown> {
        Self::read(document, Of::Identity)
    }

    /// Reads the trust policy of a role.
    ///
    /// # Errors
    /// As [`Policy::identity`].
    pub fn trust(document: &Value) -> Result<Self, NotKnown> {
        Self::read(document, Of::Role)
    }

    fn read(document: &Value, of: Of) -> Result<Self, NotKnown> {
        let Some(members) = document.as_object() else { return not_known("a policy is an object") };
        only(members, &["Version", "Id", "Statement"])?;
        if members.get("Version").and_then(Value::as_str) != Some("2012-10-17") {
            return not_known("Version is not 2012-10-17");
        }
        let statements = match members.get("Statement") {
            Some(Value::Array(statements)) => statements.iter().collect(),
            Some(statement) => vec![statement],
            None => return not_known("a policy without Statement"),
        };
        let statements = statements.into_iter().map(|statement| Statement::read(statement, of));
        Ok(Self { statements: statements.collect::<Result<_, _>>()? })
    }
}

impl Statement {
    fn read(statement: &Value, of: Of) -> Result<Self, NotKnown> {
        let Some(members) = statement.as_object() else { return not_known("a statement is an object") };
        let effect = match members.get("Effect").and_then(Value::as_str) {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            _ => return not_known("Effect is neither Allow nor Deny"),
        };
        let known = ["Sid", "Effect", "Action", "NotAction", "Condition"];
        let (principals, resources) = match of {
            Of::Identity => {
                only(members, &[known.as_slice(), &["Resource", "NotResource"]].concat())?;
                let resources = which(members, "Resource", "NotResource")?;
                resources.all().iter().try_for_each(|resource| is_resource(resource))?;
                (None, resources)
            }
            // The role itself is the resource.
            Of::Role => {
                only(members, &[known.as_slice(), &["Principal"]].concat())?;
                (Some(principals(members.get("Principal"))?), Which::AllBut(Vec::new()))
            }
        };
        let actions = which(members, "Action", "NotAction")?;
        let conditions = conditions(members.get("Condition"))?;
        Ok(Self { effect, principals, actions, resources, conditions })
    }

    pub(super) fn applies(&self, request: &Request) -> Result<bool, NotKnown> {
        let mut holds = true;
        for condition in &self.conditions {
            holds &= condition.holds(request)?;
        }
        let asked_by = match &self.principals {
            Some(principals) => request.principal.as_ref().is_some_and(|asking| principals.contains(asking)),
            None => true,
        };
        Ok(holds
            && asked_by
            && self.actions.has(|listed| pattern::action(listed, &request.action))
            && self.resources.has(|listed| pattern::resource(listed, &request.resource)))
    }
}

impl Which {
    fn all(&self) -> &[String] {
        match self {
            Self::These(listed) | Self::AllBut(listed) => listed,
        }
    }

    fn has(&self, matches: impl Fn(&str) -> bool) -> bool {
        let listed = self.all().iter().any(|listed| matches(listed));
        match self {
            Self::These(_) => listed,
            Self::AllBut(_) => !listed,
        }
    }
}

fn only(members: &Map<String, Value>, known: &[&str]) -> Result<(), NotKnown> {
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => not_known(format!("{name} is not evaluated here")),
        None => Ok(()),
    }
}

fn which(members: &Map<String, Value>, these: &str, all_but: &str) -> Result<Which, NotKnown> {
    match (members.get(these), members.get(all_but)) {
        (Some(listed), None) => Ok(Which::These(texts(listed)?)),
        (None, Some(listed)) => Ok(Which::AllBut(texts(listed)?)),
        _ => not_known(format!("exactly one of {these} and {all_but} is wanted")),
    }
}

/// AWS refuses what is no ARN, and a wildcard for the service.
fn is_resource(resource: &str) -> Result<(), NotKnown> {
    let parts: Vec<&str> = resource.splitn(6, ':').collect();
    let service = parts.get(2).is_some_and(|service| !service.contains(['*', '?']));
    match resource == "*" || (parts.len() == 6 && parts.first() == Some(&"arn") && service) {
        true => Ok(()),
        false => not_known(format!("{resource} is no ARN, or has a wildcard for its service")),
    }
}

/// Whoever is named as a whole; accounts and wildcards mean more than one and are not evaluated.
fn principals(written: Option<&Value>) -> Result<Vec<Principal>, NotKnown> {
    let Some(Value::Object(kinds)) = written else { return not_known("Principal is not an object of names") };
    let mut found = Vec::new();
    for (kind, ids) in kinds {
        for id in texts(ids)? {
            let whole = match kind.as_str() {
                "Federated" | "Service" => true,
                "AWS" => id.starts_with("arn:") && !id.ends_with(":root"),
                _ => false,
            };
            if !whole || id.contains('*') {
                return not_known(format!("the principal {kind} {id} is not evaluated here"));
            }
            found.push(Principal { kind: kind.clone(), id });
        }
    }
    Ok(found)
}

fn conditions(written: Option<&Value>) -> Result<Vec<Condition>, NotKnown> {
    let operators = match written {
        Some(Value::Object(operators)) => operators,
        Some(_) => return not_known("Condition is not an object"),
        None => return Ok(Vec::new()),
    };
    let mut found = Vec::new();
    for (operator, keys) in operators {
        let Some(keys) = keys.as_object() else { return not_known(format!("{operator} has no keys")) };
        for (key, values) in keys {
            found.push(Condition::new(operator, key, texts(values)?)?);
        }
    }
    Ok(found)
}

/// A text or a list of them, without variables.
fn texts(value: &Value) -> Result<Vec<String>, NotKnown> {
    let listed = match value {
        Value::Array(items) => items.iter().collect(),
        one => vec![one],
    };
    let text = |one: &Value| match one.as_str() {
        Some(text) if text.contains("${") => {
            not_known(format!("the variable in {text} is not evaluated here"))
        }
        Some(text) => Ok(text.to_owned()),
        None => not_known("a text is wanted"),
    };
    listed.into_iter().map(text).collect()
}
