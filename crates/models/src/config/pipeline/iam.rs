//! What the two roles of a pipeline may do, as policies that IAM takes: none longer than it allows.

use super::{Aws, Backend, Pipeline};
use crate::pipeline::partition::Partition;

mod size;

pub use size::{MOST_CHARACTERS, MOST_POLICIES};

/// A managed policy: statements that all allow something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// The statements.
    pub statements: Vec<Statement>,
}

/// One statement, `Allow`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// `Sid`: letters and digits.
    pub sid: &'static str,
    /// `Action`.
    pub actions: &'static [&'static str],
    /// `Resource`: ARNs, whose `*` and `?` are wildcards.
    pub resources: Vec<String>,
    /// `Condition`: all of them must hold.
    pub conditions: Vec<Condition>,
}

/// One line of a `Condition`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The operator, such as `StringEquals`.
    pub test: &'static str,
    /// The key.
    pub variable: &'static str,
    /// The values, of which one must fit.
    pub values: Vec<String>,
}

/// What the workflow calls: Terraform's provider for the container, the AWS command for the value.
const WRITES: &[&str] = &[
    "secretsmanager:CreateSecret",
    "secretsmanager:DeleteSecret",
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetResourcePolicy",
    "secretsmanager:GetSecretValue",
    "secretsmanager:PutSecretValue",
    "secretsmanager:TagResource",
    "secretsmanager:UntagResource",
    "secretsmanager:UpdateSecret",
    "secretsmanager:UpdateSecretVersionStage",
];
/// What the operator calls.
const READS: &[&str] = &["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"];
/// `Encrypt` lets UpdateSecret encrypt anew what another key has encrypted.
const ENCRYPTS: &[&str] = &["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"];
const DECRYPTS: &[&str] = &["kms:Decrypt"];

impl Pipeline {
    /// What the role of the workflow may do. It has no right on IAM: a role that writes its own policies has no limits.
    pub fn writer_policies(&self) -> Vec<Policy> {
        let mut apart = self.state();
        apart.extend(self.key(ENCRYPTS));
        size::cut(apart, &statement("Secrets", WRITES, Vec::new()), self.resource_patterns())
    }

    /// What the role of the operator may do beside what it may do already.
    pub fn reader_policies(&self) -> Vec<Policy> {
        let apart = self.key(DECRYPTS).into_iter().collect();
        size::cut(apart, &statement("Secrets", READS, Vec::new()), self.resource_patterns())
    }

    /// The key of KMS that the secrets are encrypted with, for nothing but Secrets Manager.
    fn key(&self, actions: &'static [&'static str]) -> Option<Statement> {
        let Aws { region, kms_key_arn, .. } = &self.aws;
        let key = kms_key_arn.as_ref()?;
        Some(of_key("Key", actions, key, &via("secretsmanager", region)))
    }

    /// The state in S3: the object, and the file beside it that is the lock. A workspace of HCP Terraform has a token.
    fn state(&self) -> Vec<Statement> {
        let Backend::S3 { bucket, key, region, kms_key_arn } = &self.terraform.backend else {
            return Vec::new();
        };
        let bucket = format!("arn:{}:s3:::{bucket}", self.aws.partition);
        let object = |key: &str| vec![format!("{bucket}/{key}")];
        let mut list = statement("ListState", &["s3:ListBucket"], vec![bucket.clone()]);
        list.conditions.push(equals("s3:prefix", key));
        let mut all = vec![
            list,
            statement("State", &["s3:GetObject", "s3:PutObject"], object(key)),
            statement(
                "LockState",
                &["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
                object(&format!("{key}.tflock")),
            ),
        ];
        all.extend(kms_key_arn.as_ref().map(|key| of_key("StateKey", ENCRYPTS, key, &via("s3", region))));
        all
    }
}

/// The service of a region, as KMS calls it.
fn via(service: &str, region: &str) -> String {
    format!("{service}.{region}.{}", Partition::of(region).suffix)
}

/// A key, for that service alone. No policy takes an alias for a key, so whoever names one gets every key that has it.
fn of_key(sid: &'static str, actions: &'static [&'static str], key: &str, service: &str) -> Statement {
    let mut made = statement(sid, actions, vec![key.to_owned()]);
    made.conditions.push(equals("kms:ViaService", service));
    if let Some((account, alias)) = key.split_once(":alias/") {
        made.resources = vec![format!("{account}:key/*")];
        let values = vec![format!("alias/{alias}")];
        let test = "ForAnyValue:StringEquals";
        made.conditions.push(Condition { test, variable: "kms:ResourceAliases", values });
    }
    made
}

fn equals(variable: &'static str, value: &str) -> Condition {
    Condition { test: "StringEquals", variable, values: vec![value.to_owned()] }
}

fn statement(sid: &'static str, actions: &'static [&'static str], resources: Vec<String>) -> Statement {
    Statement { sid, actions, resources, conditions: Vec::new() }
}
