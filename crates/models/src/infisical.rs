//! The section `infisical`: which Infisical app connections and secret syncs are made in, and how one logs in there.

use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::Validate;

use crate::policy::LoginMethod;

/// The Infisical in which app connections and secret syncs are made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "the section `infisical`"))]
pub struct InfisicalAccess {
    /// Its address, such as `https://eu.infisical.com`; default the vendor's cloud in the US, or what `INFISICAL_HOST` says.
    pub host: Option<Text>,
    /// How the provider logs in, default `universal`. What it logs in with comes from the environment alone.
    pub auth: Option<LoginMethod>,
}
