//! [`AppConnection`]: `infisical_app_connection_*`.

use keyloom_models::app_connection::App;
use keyloom_syntax::Text;

use super::argument::{Argument, Arguments, Said};

/// How Infisical logs in to another system.
#[derive(Clone, Debug, PartialEq)]
pub struct AppConnection {
    /// What it is called in the configuration.
    pub label: String,
    /// The system.
    pub app: App,
    /// `name`, unique in its project or organisation.
    pub name: Text,
    /// `method`, such as `assume-role`.
    pub method: &'static str,
    /// `description`.
    pub description: Option<Text>,
    /// `project_id`; without it the connection is the organisation's. Another one replaces the connection.
    pub project_id: Option<Text>,
    /// `gateway_id`, which connections to HashiCorp Vault may have.
    pub gateway_id: Option<Text>,
    /// `credentials`, in the provider's spelling.
    pub credentials: Arguments,
}

impl AppConnection {
    /// The type of the resource.
    pub fn resource_type(&self) -> &'static str {
        self.app.resource()
    }

    /// What is said of it.
    pub fn arguments(&self) -> Arguments {
        Said::default()
            .text("name", &self.name)
            .optional("description", self.description.as_ref())
            .optional("project_id", self.project_id.as_ref())
            .argument("method", Argument::word(self.method))
            .optional("gateway_id", self.gateway_id.as_ref())
            .argument("credentials", Argument::Object(self.credentials.clone()))
            .end()
    }
}
