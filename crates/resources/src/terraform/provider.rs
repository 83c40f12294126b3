//! [`Infisical`]: the provider's own block.

use keyloom_models::policy::LoginMethod;
use keyloom_syntax::Text;

use super::argument::{Argument, Arguments, Said};

/// Which Infisical, and how the provider logs in to it. Its credentials come from the environment (`INFISICAL_*`).
#[derive(Clone, Debug, PartialEq)]
pub struct Infisical {
    /// `host`; without it the vendor's cloud, or what `INFISICAL_HOST` says.
    pub host: Option<Text>,
    /// The method.
    pub login: LoginMethod,
}

/// The vendor's cloud, by a client id and a client secret.
impl Default for Infisical {
    fn default() -> Self {
        Self { host: None, login: LoginMethod::Universal }
    }
}

impl Infisical {
    /// What the block says: a method without credentials.
    pub fn arguments(&self) -> Arguments {
        let method = match self.login {
            LoginMethod::Universal => Some("universal"),
            LoginMethod::Oidc => Some("oidc"),
            LoginMethod::Kubernetes => Some("kubernetes"),
            LoginMethod::AwsIam => Some("aws_iam"),
            // The token is the value itself, which the provider takes from the environment when nothing else is said.
            LoginMethod::Token => None,
        };
        let said = Said::default().optional("host", self.host.as_ref());
        let said = match method {
            Some(method) => {
                let method = (method.to_owned(), Argument::Object(Arguments::new()));
                said.argument("auth", Argument::Object(vec![method]))
            }
            None => said,
        };
        said.end()
    }
}
