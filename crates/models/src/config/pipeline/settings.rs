//! Settings at GitHub that a pipeline needs besides its sources.

use super::{Backend, Pipeline};
use crate::pipeline::Setting;

/// What the workflow logs in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Login<'p> {
    /// The setting.
    pub setting: &'p Setting,
    /// Where the declaration names it.
    pub path: &'static str,
}

impl Pipeline {
    /// The settings that the workflow logs in with: to AWS, and to where the state is kept.
    pub fn logins(&self) -> impl Iterator<Item = Login<'_>> {
        let role = self.github.role_arn_from.as_ref();
        let role = role.map(|setting| Login { setting, path: "github.roleArnFrom" });
        let token = match &self.terraform.backend {
            Backend::S3 { .. } => None,
            Backend::Cloud { token, .. } => {
                Some(Login { setting: token, path: "terraform.backend.cloud.tokenFrom" })
            }
        };
        role.into_iter().chain(token)
    }

    /// The Actions secrets among them, with where the declaration names each.
    pub fn login_secrets(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.logins().filter_map(|login| match login.setting {
            Setting::Secret(name) => Some((name.as_str(), login.path)),
            Setting::Variable(_) => None,
        })
    }
}
