//! Policies, against what AWS and GitHub document of them.
#![expect(clippy::unwrap_used, reason = "the data beside this file is as the tests want it")]

use std::collections::BTreeMap;

use keyloom_stand_ins::iam::{Decision, Policy, Principal, Request, decide, terraform};
use serde_json::Value;

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn text(value: &Value, name: &str) -> Option<String> {
    value[name].as_str().map(str::to_owned)
}

fn request(row: &Value) -> Request {
    let context = row["context"].as_object().into_iter().flatten();
    let mut request = Request {
        action: text(row, "action").unwrap_or("sts:AssumeRoleWithWebIdentity".to_owned()),
        resource: text(row, "resource").unwrap_or_default(),
        context: context
            .map(|(key, values)| (key.clone(), serde_json::from_value(values.clone()).unwrap()))
            .collect(),
        principal: None,
    };
    if let Some(subject) = text(row, "subject") {
        let id = "arn:aws:iam::123456123456:oidc-provider/token.actions.githubusercontent.com";
        let id = text(row, "provider").unwrap_or(id.to_owned());
        request.principal = Some(Principal { kind: "Federated".to_owned(), id });
        let audience = text(row, "audience").unwrap_or("sts.amazonaws.com".to_owned());
        let key = |claim: &str| format!("token.actions.githubusercontent.com:{claim}");
        request.context = BTreeMap::from([(key("sub"), vec![subject]), (key("aud"), vec![audience])]);
    }
    request
}

#[test]
fn documented_examples_are_decided_as_documented() {
    for case in read(include_str!("iam/cases.json")).as_array().unwrap() {
        let policies: Vec<Policy> = match case.get("trust") {
            Some(trust) => vec![Policy::trust(trust).unwrap()],
            None => case["policies"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| Policy::identity(one).unwrap())
                .collect(),
        };
        for row in case["requests"].as_array().unwrap() {
            let decision = decide(&policies, &request(row)).unwrap();
            assert_eq!(Some(format!("{decision:?}")), text(row, "decision"), "{}\n{row}", case["source"]);
        }
    }
}

#[test]
fn what_is_not_known_is_an_error() {
    for case in read(include_str!("iam/refused.json")).as_array().unwrap() {
        let read = match case.get("trust") {
            Some(trust) => Policy::trust(trust),
            None => Policy::identity(&case["identity"]),
        };
        assert_eq!(read.map_err(|error| error.to_string()).err(), text(case, "says"), "{case}");
    }
}

#[test]
fn several_values_want_an_operator_for_sets() {
    let policy = read(
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "a:B", "Resource": "*",
            "Condition": {"StringEquals": {"aws:TagKeys": "a"}}}]}"#,
    );
    let policy = Policy::identity(&policy).unwrap();
    let row = read(r#"{"action": "a:B", "resource": "*", "context": {"aws:TagKeys": ["a", "b"]}}"#);
    assert!(decide([&policy], &request(&row)).is_err());
}

#[test]
fn roles_of_a_configuration_have_their_policies() {
    let configuration = read(include_str!("iam/configuration.tf.json"));
    let roles = terraform::roles(&configuration).unwrap();
    assert_eq!(roles.keys().collect::<Vec<_>>(), ["external-secrets", "writer"]);
    let writer = &roles["writer"];
    assert!(roles["external-secrets"].trust.is_none());
    assert_eq!(writer.lengths["reads"], 319);
    let secret = |name: &str| Request {
        action: "secretsmanager:GetSecretValue".to_owned(),
        resource: format!("arn:aws:secretsmanager:us-east-2:111122223333:secret:{name}"),
        ..Request::default()
    };
    let decisions = ["app/a-abc123", "app/b-abc123", "other-abc123"]
        .map(|name| decide(writer.policies.values(), &secret(name)));
    assert_eq!(decisions, [Ok(Decision::Allowed), Ok(Decision::NotAllowed), Ok(Decision::Denied)]);
}

#[test]
fn an_expression_in_a_policy_is_an_error() {
    for (argument, words) in [
        (r#"{"statement": {"actions": ["a:B"], "resources": ["${var.arn}"]}}"#, "the expression in"),
        (
            r#"{"statement": {"actions": ["a:B"], "resource": ["*"]}}"#,
            "resource of a policy document is not read here",
        ),
        (r#"{"override_json": "{}"}"#, "override_json of a policy document is not read here"),
    ] {
        let error = terraform::document(&read(argument)).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}
