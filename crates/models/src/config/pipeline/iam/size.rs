//! How long a policy is for IAM, and how resources are cut into several.

use super::{Policy, Statement};

/// The most characters of a managed policy; white space is not counted.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
pub const MOST_CHARACTERS: usize = 6_144;
/// The most managed policies of a role, unless AWS has raised it.
pub const MOST_POLICIES: usize = 10;

impl Policy {
    /// Its characters as IAM counts them, or a few more: a list of one is counted as a list.
    pub fn characters(&self) -> usize {
        let frame = r#"{"Version":"2012-10-17","Statement":[]}"#.len();
        frame + self.statements.iter().map(|statement| statement.characters() + 1).sum::<usize>()
    }
}

impl Statement {
    fn characters(&self) -> usize {
        let frame = r#"{"Sid":"","Effect":"Allow","Action":[],"Resource":[]}"#.len();
        let actions: usize = self.actions.iter().copied().map(listed).sum();
        let resources: usize = self.resources.iter().map(|resource| listed(resource)).sum();
        let conditions = self.conditions.iter().map(|condition| {
            let values: usize = condition.values.iter().map(|value| listed(value)).sum();
            r#""":{"":[]},"#.len() + condition.test.len() + condition.variable.len() + values
        });
        let conditions = match self.conditions.is_empty() {
            true => 0,
            false => r#","Condition":{}"#.len() + conditions.sum::<usize>(),
        };
        frame + self.sid.len() + actions + resources + conditions
    }
}

/// A text in a list: with its quotes, a comma, and what Go's encoder makes of single characters.
fn listed(text: &str) -> usize {
    let written = |c: char| match c {
        '"' | '\\' => 2,
        '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => 6,
        c if c.is_control() => 6,
        _ => 1,
    };
    text.chars().map(written).sum::<usize>() + 3
}

/// Policies that hold `apart`, and `each` for all of the resources: every resource in exactly one of them, in its order, and
/// as many in each as IAM takes. A resource is always short enough to stand with `each` alone.
pub(super) fn cut(apart: Vec<Statement>, each: &Statement, resources: Vec<String>) -> Vec<Policy> {
    let empty = |mut statements: Vec<Statement>| {
        statements.push(each.clone());
        let policy = Policy { statements };
        (policy.characters(), policy)
    };
    let mut made: Vec<Policy> = Vec::new();
    let (mut length, mut open) = empty(apart);
    for resource in resources {
        let longer = listed(&resource);
        if length + longer > MOST_CHARACTERS {
            let (fresh, next) = empty(Vec::new());
            made.push(std::mem::replace(&mut open, next));
            length = fresh;
        }
        length += longer;
        if let Some(last) = open.statements.last_mut() {
            last.resources.push(resource);
        }
    }
    made.push(open);
    for policy in &mut made {
        policy.statements.retain(|statement| !statement.resources.is_empty());
    }
    made.retain(|policy| !policy.statements.is_empty());
    made
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::pipeline::iam::Condition;
    use proptest::prelude::*;

    fn each() -> Statement {
        Statement {
            sid: "Secrets",
            actions: &["secretsmanager:GetSecretValue"],
            resources: Vec::new(),
            conditions: Vec::new(),
        }
    }

    fn apart(key: String) -> Statement {
        let condition =
            Condition { test: "StringEquals", variable: "kms:ViaService", values: vec!["s3".to_owned()] };
        Statement { sid: "Key", actions: &["kms:Decrypt"], resources: vec![key], conditions: vec![condition] }
    }

    /// The policy as Go writes it, without white space.
    fn written(policy: &Policy) -> usize {
        let statement = |statement: &Statement| {
            let mut made = serde_json::json!({
                "Sid": statement.sid, "Effect": "Allow", "Action": statement.actions, "Resource": statement.resources,
            });
            for condition in &statement.conditions {
                made["Condition"][condition.test][condition.variable] = condition.values.clone().into();
            }
            made
        };
        let statements: Vec<_> = policy.statements.iter().map(statement).collect();
        let text = serde_json::json!({"Version": "2012-10-17", "Statement": statements}).to_string();
        text.chars().map(|c| if "<>&".contains(c) { 6 } else { 1 }).sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn every_resource_is_in_one_policy_and_none_is_too_long(
            resources in prop::collection::vec("[a-z/&\"<-]{1,600}", 0..40),
            key in prop::option::of("[a-z]{1,900}"),
        ) {
            let made = cut(key.into_iter().map(apart).collect(), &each(), resources.clone());
            let found = made.iter().flat_map(|policy| &policy.statements).filter(|it| it.sid == "Secrets");
            prop_assert_eq!(found.flat_map(|it| it.resources.clone()).collect::<Vec<_>>(), resources);
            for policy in &made {
                prop_assert!(written(policy) <= policy.characters());
                prop_assert!(policy.characters() <= MOST_CHARACTERS);
            }
        }
    }

    #[test]
    fn as_many_as_fit_stand_together() {
        let resources: Vec<String> = (0..300)
            .map(|number| {
                format!("arn:aws:secretsmanager:us-east-2:123456789012:secret:app/key-{number:03}-??????")
            })
            .collect();
        let made = cut(Vec::new(), &each(), resources);
        let counts: Vec<usize> = made.iter().map(|policy| policy.statements[0].resources.len()).collect();
        assert_eq!(counts, [81, 81, 81, 57]);
        assert!(made[0].characters() > MOST_CHARACTERS - 74);
    }

    #[test]
    fn nothing_is_no_policy() {
        assert_eq!(cut(Vec::new(), &each(), Vec::new()), []);
        assert_eq!(cut(vec![apart("k".to_owned())], &each(), Vec::new()).len(), 1);
    }
}
