//! [`Workflow`]: what GitHub runs so that the secrets of a pipeline arrive in AWS. It holds names alone, and no value; what
//! each step runs is constant text of the format.

use keyloom_models::pipeline::Setting;
use keyloom_models::policy::OnConflict;

/// The workflow of a pipeline: one job, whose steps follow one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workflow {
    /// Name of the pipeline.
    pub pipeline: String,
    /// Path of the workflow in the repository.
    pub path: String,
    /// The repository, `OWNER/NAME`: a copy of the file elsewhere does nothing.
    pub repository: String,
    /// The folder in the repository that Terraform runs in.
    pub folder: String,
    /// The one branch that it runs on.
    pub branch: String,
    /// Environment of GitHub that keeps the secrets; none for the repository.
    pub environment: Option<String>,
    /// When it runs by itself, as cron in UTC.
    pub schedule: String,
    /// What it does when a value was changed in AWS.
    pub on_conflict: OnConflict,
    /// The steps.
    pub steps: Vec<Step>,
}

/// A step of the job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Stops unless each of these has a value. It learns whether there is one, and not which.
    Settings(Vec<Setting>),
    /// Checks the repository out.
    Checkout,
    /// Assumes the role in AWS, by a token that GitHub gives to this run alone.
    Credentials {
        /// The role.
        role: Role,
        /// The account that it must be in.
        account: String,
        /// The region of the secrets.
        region: String,
        /// For whom GitHub makes the token.
        audience: &'static str,
    },
    /// Installs Terraform.
    InstallTerraform,
    /// Runs Terraform.
    Terraform {
        /// What it is to do.
        verb: Verb,
        /// Its variables of the environment, each from a setting.
        env: Vec<(String, Setting)>,
    },
    /// Puts the script that the steps behind it run where they find it.
    Script,
    /// Writes the value of one secret, if it differs.
    Write(Write),
}

/// Where the ARN of the role comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// This is it.
    Arn(String),
    /// A setting holds it.
    From(Setting),
}

/// What Terraform is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// `init`.
    Init,
    /// `plan`, into a file.
    Plan,
    /// `apply` of exactly that file; left out in a dry run.
    Apply,
}

/// The names of one secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// Its name in the declaration.
    pub name: String,
    /// Name of the Actions secret.
    pub source: String,
    /// Name in AWS.
    pub secret: String,
    /// The key in the JSON object there.
    pub property: String,
}
