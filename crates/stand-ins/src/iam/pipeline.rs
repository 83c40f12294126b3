//! What the roles of a pipeline can do and cannot, by the two configurations that make its secrets and its roles.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::terraform::{Role, roles};
use super::{Decision, NotKnown, Policy, Principal, Request, decide, not_known};

mod state;

use state::{DECRYPTS, ENCRYPTS};

/// What a declaration says of who may write.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declared {
    /// The repository as subjects name it, `OWNER/NAME` or `OWNER@ID/NAME@ID`.
    pub repository: String,
    /// The workflow, where it alone is let in: path and branch behind the repository.
    pub workflow: Option<String>,
    /// Its branch.
    pub branch: String,
    /// The environment that has the secrets, if it is one.
    pub environment: Option<String>,
    /// The prefix of which every name is allowed, declared or not; none where the declared names alone are.
    pub prefix: Option<String>,
    /// The name of the operator's role, if a policy is attached to it.
    pub reader: Option<String>,
}

/// What IAM does not count beyond, and does not attach beyond.
const MOST: (usize, usize) = (6_144, 10);

/// What the workflow calls, and no more than that is allowed.
const WRITES: [&str; 10] = [
    "CreateSecret",
    "DeleteSecret",
    "DescribeSecret",
    "GetResourcePolicy",
    "GetSecretValue",
    "PutSecretValue",
    "TagResource",
    "UntagResource",
    "UpdateSecret",
    "UpdateSecretVersionStage",
];
const READS: [&str; 2] = ["DescribeSecret", "GetSecretValue"];
/// What nobody may who only writes values.
const NEVER: [&str; 10] = [
    "iam:AttachRolePolicy",
    "iam:CreatePolicyVersion",
    "iam:GetRole",
    "iam:PassRole",
    "iam:PutRolePolicy",
    "iam:UpdateAssumeRolePolicy",
    "sts:AssumeRole",
    "secretsmanager:PutResourcePolicy",
    "secretsmanager:ListSecrets",
    // A person takes back that a secret goes.
    "secretsmanager:RestoreSecret",
];

/// Every promise that the configurations of a pipeline break, in words.
///
/// # Errors
/// A policy that cannot be evaluated, or a configuration without what every pipeline has.
pub fn broken(pipeline: &Value, bootstrap: &Value, declared: &Declared) -> Result<Vec<String>, NotKnown> {
    let roles = roles(bootstrap)?;
    let Some((writer, own)) = roles.iter().find(|(_, role)| role.trust.is_some()) else {
        return not_known("no role with a trust policy");
    };
    let mut promises = Promises { place: Place::of(pipeline, bootstrap)?, broken: Vec::new() };
    promises.limits(&roles);
    promises.trust(own, declared)?;
    promises.names(writer, own, &WRITES, declared)?;
    promises.nothing_else(writer, own)?;
    promises.key(writer, own, &ENCRYPTS)?;
    promises.state(own, pipeline, bootstrap)?;
    let reader = roles.iter().find(|(_, role)| role.trust.is_none());
    if reader.map(|(name, _)| name) != declared.reader.as_ref() {
        promises.broken.push("the policies to read are attached to another role".to_owned());
    }
    if let Some((reader, role)) = reader {
        promises.names(reader, role, &READS, declared)?;
        promises.nothing_else(reader, role)?;
        promises.key(reader, role, &DECRYPTS)?;
        for name in promises.place.names.clone() {
            let arn = promises.place.arn(&name);
            promises.want(reader, role, "secretsmanager:PutSecretValue", &arn, false)?;
        }
    }
    Ok(promises.broken)
}

/// Where the secrets are, and their names.
struct Place {
    partition: String,
    region: String,
    account: String,
    names: Vec<String>,
    key: Option<String>,
}

struct Promises {
    place: Place,
    broken: Vec<String>,
}

impl Place {
    fn of(pipeline: &Value, bootstrap: &Value) -> Result<Self, NotKnown> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let provider = &pipeline["provider"]["aws"];
        let secrets = pipeline["resource"]["aws_secretsmanager_secret"].as_object();
        let secrets: Vec<&Value> = secrets.into_iter().flatten().map(|(_, secret)| secret).collect();
        let federated =
            &bootstrap["data"]["aws_iam_policy_document"]["trust"]["statement"][0]["principals"][0];
        let arn = federated["identifiers"][0].as_str().unwrap_or_default();
        match (text(&provider["region"]), text(&provider["allowed_account_ids"][0]), arn.split(':').nth(1)) {
            (Some(region), Some(account), Some(partition)) if !secrets.is_empty() => Ok(Self {
                partition: partition.to_owned(),
                region,
                account,
                names: secrets.iter().filter_map(|secret| text(&secret["name"])).collect(),
                key: secrets.iter().find_map(|secret| text(&secret["kms_key_id"])),
            }),
            _ => not_known("no region, account or secret"),
        }
    }

    /// The ARN that AWS gives a secret of that name: six characters of its own behind it.
    fn arn(&self, name: &str) -> String {
        self.arn_in(&self.region, &self.account, name)
    }

    fn arn_in(&self, region: &str, account: &str, name: &str) -> String {
        format!("arn:{}:secretsmanager:{region}:{account}:secret:{name}-AbC1d2", self.partition)
    }
}

/// Who asks to be let in.
struct Run {
    subject: String,
    workflow: String,
}

impl Promises {
    fn limits(&mut self, roles: &BTreeMap<String, Role>) {
        for (name, role) in roles {
            let long = role.lengths.iter().filter(|(_, length)| **length > MOST.0);
            self.broken.extend(long.map(|(policy, length)| format!("{policy} has {length} characters")));
            if role.policies.len() > MOST.1 {
                self.broken.push(format!("{name} has {} policies", role.policies.len()));
            }
        }
    }

    /// One subject, to the letter.
    fn trust(&mut self, role: &Role, declared: &Declared) -> Result<(), NotKnown> {
        let Declared { repository, branch, environment, .. } = declared;
        let on_branch = |repository: &str, branch: &str| format!("repo:{repository}:ref:refs/heads/{branch}");
        let in_environment = |repository: &str, name: &str| format!("repo:{repository}:environment:{name}");
        let (own, other) = match environment {
            Some(name) => (in_environment(repository, name), in_environment(repository, "another")),
            None => (on_branch(repository, branch), on_branch(repository, "another")),
        };
        let (elsewhere, upper) = match environment {
            Some(name) => {
                (in_environment("somebody/else", name), in_environment(&repository.to_uppercase(), name))
            }
            None => (on_branch("somebody/else", branch), on_branch(&repository.to_uppercase(), branch)),
        };
        let longer = format!("{own}-2");
        let pull = format!("repo:{repository}:pull_request");
        let tag = format!("repo:{repository}:ref:refs/tags/{branch}");
        // That of the action that logs in, or what its documentation gives for China.
        let (audience, another) = match self.place.partition.as_str() {
            "aws-cn" => ("sts.amazonaws.com.cn", "sts.amazonaws.com"),
            _ => ("sts.amazonaws.com", "sts.amazonaws.com.cn"),
        };
        let workflow =
            declared.workflow.as_deref().unwrap_or("somebody/else/.github/workflows/a.yml@refs/heads/main");
        let run = |subject: &str, workflow: &str| Run {
            subject: subject.to_owned(),
            workflow: workflow.to_owned(),
        };
        self.assume(role, &run(&own, workflow), audience, true)?;
        self.assume(role, &run(&own, workflow), another, false)?;
        self.assume(role, &run(&own, workflow), "https://github.com/somebody", false)?;
        for subject in [other, elsewhere, upper, longer, pull, tag] {
            let same = subject == own;
            self.assume(role, &run(&subject, workflow), audience, same)?;
        }
        if declared.workflow.is_some() {
            for other in
                [workflow.replace(".yml", "-2.yml"), format!("{workflow}-2"), workflow.to_uppercase()]
            {
                self.assume(role, &run(&own, &other), audience, false)?;
            }
        }
        Ok(())
    }

    fn assume(&mut self, role: &Role, run: &Run, audience: &str, wanted: bool) -> Result<(), NotKnown> {
        const HOST: &str = "token.actions.githubusercontent.com";
        let Place { partition, account, .. } = &self.place;
        let provider = format!("arn:{partition}:iam::{account}:oidc-provider/{HOST}");
        let request = Request {
            action: "sts:AssumeRoleWithWebIdentity".to_owned(),
            principal: Some(Principal { kind: "Federated".to_owned(), id: provider }),
            context: BTreeMap::from([
                (format!("{HOST}:sub"), vec![run.subject.clone()]),
                (format!("{HOST}:job_workflow_ref"), vec![run.workflow.clone()]),
                (format!("{HOST}:aud"), vec![audience.to_owned()]),
            ]),
            ..Request::default()
        };
        let decision = decide(role.trust.iter(), &request)?;
        if (decision == Decision::Allowed) != wanted {
            let Run { subject, workflow } = run;
            self.broken.push(format!("{subject} in {workflow} for {audience} is {decision:?}"));
        }
        Ok(())
    }

    /// Each name, and nothing beside it.
    fn names(
        &mut self,
        who: &str,
        role: &Role,
        actions: &[&str],
        declared: &Declared,
    ) -> Result<(), NotKnown> {
        for name in self.place.names.clone() {
            let place = &self.place;
            let own = place.arn(&name);
            let region = place.arn_in("xx-other-1", &place.account, &name);
            let account = place.arn_in(&place.region, "999999999999", &name);
            let dashed = name.replace('/', "-") + "-beside";
            let siblings = [format!("{name}-2"), format!("{name}2"), format!("zz{name}"), dashed];
            let covered =
                |name: &str| declared.prefix.as_ref().is_some_and(|prefix| name.starts_with(prefix));
            let siblings: Vec<String> = siblings
                .iter()
                .filter(|sibling| !place.names.contains(sibling) && !covered(sibling))
                .map(|sibling| place.arn(sibling))
                .collect();
            for action in actions {
                let action = format!("secretsmanager:{action}");
                self.want(who, role, &action, &own, true)?;
                for arn in siblings.iter().chain([&region, &account]) {
                    self.want(who, role, &action, arn, false)?;
                }
            }
        }
        Ok(())
    }

    /// No right on IAM.
    fn nothing_else(&mut self, who: &str, role: &Role) -> Result<(), NotKnown> {
        let Place { partition, account, names, .. } = &self.place;
        let arns = [
            "*".to_owned(),
            format!("arn:{partition}:iam::{account}:role/{who}"),
            format!("arn:{partition}:iam::{account}:policy/{who}"),
        ];
        let named = names.first().map(|name| self.place.arn(name));
        for arn in arns.iter().chain(named.iter()) {
            for action in NEVER {
                self.want(who, role, action, arn, false)?;
            }
        }
        Ok(())
    }

    fn want(
        &mut self,
        who: &str,
        role: &Role,
        action: &str,
        arn: &str,
        wanted: bool,
    ) -> Result<(), NotKnown> {
        let request = Request { action: action.to_owned(), resource: arn.to_owned(), ..Request::default() };
        self.ask(who, role, &request, wanted)
    }

    fn ask(&mut self, who: &str, role: &Role, request: &Request, wanted: bool) -> Result<(), NotKnown> {
        let decision = decide(role.policies.values().collect::<Vec<&Policy>>(), request)?;
        if (decision == Decision::Allowed) != wanted {
            self.broken.push(format!("{who}: {} on {} is {decision:?}", request.action, request.resource));
        }
        Ok(())
    }
}
