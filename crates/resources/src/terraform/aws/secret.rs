//! [`Secret`] and [`SecretVersion`]: AWS Secrets Manager.

use keyloom_syntax::Number;

use crate::terraform::argument::{Argument, Arguments, Reference, Said};

/// `aws_secretsmanager_secret`: the secret, its tags, and how long it can be restored. Its value is not in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Secret {
    /// Name of the pipeline.
    pub pipeline: String,
    /// What it is called in the configuration.
    pub label: String,
    /// Name in the declaration, by which the outputs call it.
    pub declared: String,
    /// `name`. Another one replaces the secret.
    pub name: String,
    /// `description`.
    pub description: Option<String>,
    /// `kms_key_id`: ARN of the key; none for that of the account.
    pub kms_key_id: Option<String>,
    /// `recovery_window_in_days`: 7 to 30, or 0.
    pub recovery_window_in_days: u32,
    /// `tags`.
    pub tags: Vec<(String, String)>,
}

/// `aws_secretsmanager_secret_version`: the value, which neither plan nor state holds.
#[derive(Clone, Debug, PartialEq)]
pub struct SecretVersion {
    /// Name of the pipeline.
    pub pipeline: String,
    /// What it is called in the configuration, and the secret that it belongs to.
    pub label: String,
    /// Key of the JSON object that the value stands in.
    pub property: String,
    /// The input variable that holds the value.
    pub variable: String,
    /// `secret_string_wo_version`: another one writes the value.
    pub version: u32,
}

impl Secret {
    /// The type of the resource.
    pub const TYPE: &str = "aws_secretsmanager_secret";

    /// What is said of it.
    pub fn arguments(&self) -> Arguments {
        let days = Number::Unsigned(self.recovery_window_in_days.into());
        Said::default()
            .word("name", &self.name)
            .optional_word("description", self.description.as_ref())
            .optional_word("kms_key_id", self.kms_key_id.as_ref())
            .argument("recovery_window_in_days", Argument::Number(days))
            .argument("tags", super::role::tags(&self.tags))
            .end()
    }
}

impl SecretVersion {
    /// The type of the resource.
    pub const TYPE: &str = "aws_secretsmanager_secret_version";

    /// What is said of it.
    pub fn arguments(&self) -> Arguments {
        let value = vec![(self.property.clone(), self.variable.clone())];
        let version = Number::Unsigned(self.version.into());
        let secret = Reference::resource(Secret::TYPE, self.label.as_str(), "id");
        Said::default()
            .argument("secret_id", Argument::Reference(secret))
            .argument("secret_string_wo", Argument::Encoded(value))
            .argument("secret_string_wo_version", Argument::Number(version))
            .end()
    }
}
