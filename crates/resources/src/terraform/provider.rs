//! [`Infisical`]: the provider's own block.

use keyloom_syntax::Text;

use super::argument::{Argument, Arguments, Said};

/// Which Infisical, and how the provider logs in to it. Its credentials come from the environment (`INFISICAL_*`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Infisical {
    /// `host`; without it the vendor's cloud, or what `INFISICAL_HOST` says.
    pub host: Option<Text>,
    /// The method.
    pub login: Login,
}

/// How the provider logs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Login {
    /// Client id and secret of a machine identity.
    #[default]
    Universal,
    /// A token of an OIDC issuer, as that of GitHub Actions.
    Oidc,
    /// A service account of Kubernetes.
    Kubernetes,
    /// A role of AWS.
    AwsIam,
    /// An access token.
    Token,
}

impl Infisical {
    /// What the block says: a method without credentials.
    pub fn arguments(&self) -> Arguments {
        let method = match self.login {
            Login::Universal => Some("universal"),
            Login::Oidc => Some("oidc"),
            Login::Kubernetes => Some("kubernetes"),
            Login::AwsIam => Some("aws_iam"),
            // The token is the value itself, which the provider takes from the environment when nothing else is said.
            Login::Token => None,
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
