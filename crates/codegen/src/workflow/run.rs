//! What steps run: constant texts, none of which holds an expression of GitHub.

/// Stops unless every setting has a value.
pub(super) const SETTINGS: &str = include_str!("settings.sh");
/// Puts [`WRITE_SECRET`] where [`WRITE`] finds it. A workflow that repeated it in each step would soon be larger than the
/// 500 KB that GitHub reads.
pub(super) const SCRIPT: &str = concat!(
    "cat >\"$RUNNER_TEMP/keyloom-write-secret\" <<'END_OF_SCRIPT'\n",
    include_str!("write_secret.sh"),
    "END_OF_SCRIPT\n"
);
/// Writes one secret.
pub(super) const WRITE: &str = "bash \"$RUNNER_TEMP/keyloom-write-secret\"";

/// Prepares Terraform.
pub(super) const INIT: &str = "terraform init -input=false";
/// Plans, into a file that is not kept.
pub(super) const PLAN: &str =
    "terraform plan -input=false -lock-timeout=5m -out=\"$RUNNER_TEMP/keyloom.tfplan\"";
/// Does what the plan says, and nothing else.
pub(super) const APPLY: &str =
    "terraform apply -input=false -lock-timeout=5m \"$RUNNER_TEMP/keyloom.tfplan\"";
