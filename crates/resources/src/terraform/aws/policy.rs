//! [`PolicyDocument`] and [`Policy`]: IAM.

use crate::terraform::argument::{Argument, Arguments, Reference, Said};

/// `data.aws_iam_policy_document`: a policy as blocks, of which the provider makes JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyDocument {
    /// Name of the pipeline.
    pub pipeline: String,
    /// What it is called in the configuration.
    pub label: String,
    /// `statement`: all of them allow something.
    pub statements: Vec<Statement>,
}

/// A block `statement`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statement {
    /// `sid`.
    pub sid: &'static str,
    /// `actions`.
    pub actions: Vec<&'static str>,
    /// `resources`: none in a trust policy, whose resource is the role.
    pub resources: Vec<String>,
    /// `principals`: in a trust policy alone.
    pub principals: Option<Principals>,
    /// `condition`.
    pub conditions: Vec<Condition>,
}

/// A block `principals`.
#[derive(Clone, Debug, PartialEq)]
pub struct Principals {
    /// `type`, such as `Federated`.
    pub kind: &'static str,
    /// `identifiers`.
    pub identifiers: Vec<String>,
}

/// A block `condition`.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// `test`: the operator.
    pub test: &'static str,
    /// `variable`: the key.
    pub variable: String,
    /// `values`, of which one must fit.
    pub values: Vec<String>,
}

/// `aws_iam_policy`: a managed policy, whose text is the document of the same label.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Name of the pipeline.
    pub pipeline: String,
    /// What it is called in the configuration.
    pub label: String,
    /// `name`.
    pub name: String,
    /// `description`, which replaces the policy when it changes.
    pub description: String,
    /// `tags`.
    pub tags: Vec<(String, String)>,
}

impl PolicyDocument {
    /// The type of the data source.
    pub const TYPE: &str = "aws_iam_policy_document";

    /// What is said of it.
    pub fn arguments(&self) -> Arguments {
        let statements = self.statements.iter().map(|statement| Argument::Object(statement.arguments()));
        Said::default().argument("statement", Argument::List(statements.collect())).end()
    }

    /// The JSON that the provider makes of the document of that label.
    pub(super) fn json(label: &str) -> Argument {
        Argument::Reference(Reference::data(Self::TYPE, label, "json"))
    }
}

impl Statement {
    fn arguments(&self) -> Arguments {
        let mut said = Said::default()
            .word("sid", self.sid)
            .argument("actions", Argument::words(self.actions.iter().copied()));
        if !self.resources.is_empty() {
            said = said.argument("resources", Argument::words(self.resources.iter().map(String::as_str)));
        }
        if let Some(principals) = &self.principals {
            let block = Said::default()
                .word("type", principals.kind)
                .argument("identifiers", Argument::words(principals.identifiers.iter().map(String::as_str)));
            said = said.argument("principals", Argument::List(vec![Argument::Object(block.end())]));
        }
        if !self.conditions.is_empty() {
            let conditions = self.conditions.iter().map(|condition| {
                let block = Said::default()
                    .word("test", condition.test)
                    .word("variable", &condition.variable)
                    .argument("values", Argument::words(condition.values.iter().map(String::as_str)));
                Argument::Object(block.end())
            });
            said = said.argument("condition", Argument::List(conditions.collect()));
        }
        said.end()
    }
}

impl Policy {
    /// The type of the resource.
    pub const TYPE: &str = "aws_iam_policy";

    /// What is said of it.
    pub fn arguments(&self) -> Arguments {
        Said::default()
            .word("name", &self.name)
            .word("description", &self.description)
            .argument("policy", PolicyDocument::json(&self.label))
            .argument("tags", super::role::tags(&self.tags))
            .end()
    }
}
