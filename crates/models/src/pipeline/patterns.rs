//! Forms of what a pipeline says: for the schema, and for pipelines built in Rust.

use std::sync::LazyLock;

use regex::Regex;

use crate::name::pattern;

macro_rules! patterns {
    ($( $(#[doc = $about:literal])+ $name:ident = $pattern:literal; )+) => {
        $( $(#[doc = $about])+ pub(crate) static $name: LazyLock<Regex> = LazyLock::new(|| pattern($pattern)); )+

        #[cfg(test)]
        mod tests {
            #[test]
            fn they_are_expressions() {
                $( assert_eq!(super::$name.as_str(), $pattern); )+
            }
        }
    };
}

patterns! {
    /// Resources of a policy.
    ALLOWED = r"^[A-Za-z0-9/_+=.@:*?-]+$";
    /// Numbers of accounts.
    ACCOUNT = r"^[0-9]{12}$";
    /// Regions.
    REGION = r"^[a-z]{2,4}(-[a-z]+)+-[0-9]+$";
    /// Beginnings of names in AWS.
    PREFIX = r"^[A-Za-z0-9/_+=.@-]*$";
    /// Keys of KMS, by id or alias.
    KMS_ARN = r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key/[A-Za-z0-9-]+|alias/[A-Za-z0-9/_-]+)$";
    /// Keys of KMS, by id.
    KMS_KEY_ARN = r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$";
    /// Names of roles, without a path.
    ROLE = r"^[A-Za-z0-9+=,.@_-]{1,64}$";
    /// `OWNER/NAME`.
    REPOSITORY = r"^[A-Za-z0-9](-?[A-Za-z0-9])*/[A-Za-z0-9._-]{1,100}$";
    /// Branches, as far as an expression can say it: steps between slashes, no two dots together and none at an end.
    BRANCH = r"^[A-Za-z0-9_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*(/[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*)*$";
    /// Environments of a repository.
    ENVIRONMENT = r"^[A-Za-z0-9]([A-Za-z0-9 ._-]*[A-Za-z0-9._-])?$";
    /// Names of settings at GitHub.
    SETTING = r"^[A-Za-z_][A-Za-z0-9_]*$";
    /// Five fields of cron.
    SCHEDULE = r"^[0-9*/,-]+( [0-9A-Za-z*/,-]+){4}$";
    /// Buckets.
    BUCKET = r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$";
    /// Names of states in a bucket.
    STATE = r"^[A-Za-z0-9!_.'()-][A-Za-z0-9!_.'()/-]*$";
    /// Organizations of HCP Terraform.
    ORGANIZATION = r"^[A-Za-z0-9_-]{1,40}$";
    /// Workspaces.
    WORKSPACE = r"^[A-Za-z0-9_-]{1,80}$";
    /// Hosts.
    HOST = r"^[a-z0-9.-]+$";
    /// Names in AWS.
    AWS_NAME = r"^[A-Za-z0-9/_+=.@-]+$";
    /// Fields of a value.
    PROPERTY = r"^[A-Za-z0-9_-]+$";
    /// Keys of a Secret.
    KEY = r"^\.*[-_a-zA-Z0-9][-._a-zA-Z0-9]*$";
    /// Names of entries; that they are in capitals is a rule, which can say the name that is meant.
    NAME = r"^[A-Za-z_][A-Za-z0-9_-]*$";
}
