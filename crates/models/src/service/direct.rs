//! How a service reads from Infisical itself: as whom, which folder, and who may tell it of changes.

use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::Validate;

use super::{SecretAccess, ServiceConfig};
use crate::name::{NAMESPACE, PROJECT, SLUG, UUID};

mod address;
mod sidecar;

pub(crate) use address::{Address, Whereabouts};
pub use sidecar::{
    DIRECTORY_VARIABLE, HTTP_PORT, HTTP_VARIABLES, SECRETS_FOLDER, SHARED_FOLDER, SHARED_VOLUME, SIDECAR,
    Sidecar, SidecarMode, TOKEN_FILE,
};

/// Where Infisical is when nothing else is said: its chart's Service, in its own namespace.
pub const API_URL: &str = "http://infisical.infisical.svc.cluster.local:8080/api";
/// Port of the webhook when nothing else is said.
pub const WEBHOOK_PORT: u32 = 8080;
/// Name of the container's port for the webhook, and of the port of its Services.
pub const WEBHOOK_PORT_NAME: &str = "webhook";
/// Folder in which the container finds the annotations of its pod.
pub const POD_INFO_FOLDER: &str = "/etc/podinfo";
/// Name of the volume with the annotations of the pod.
pub const POD_INFO_VOLUME: &str = "podinfo";
/// Folder in which the container finds a token that is for Infisical alone.
pub const TOKEN_FOLDER: &str = "/var/run/secrets/infisical.com/serviceaccount";
/// Name of the volume with a token that is for Infisical alone.
pub const TOKEN_VOLUME: &str = "infisical-token";
/// Domain of the annotations that say how a service reads from Infisical.
pub const ANNOTATION_DOMAIN: &str = "infisical.com/";
/// What is put behind a service's name to name its headless Service.
pub const PEERS_SUFFIX: &str = "-peers";
/// The account that a pod has when nothing else is said, and that all of a namespace share.
pub const DEFAULT_ACCOUNT: &str = "default";

/// The variables that a service with `secretAccess: infisical` gets. Among them is whatever would send the client elsewhere, or
/// have it log in otherwise, than `infisical` says, so that `envFrom` cannot, which counts after them. Those
/// of a token for Infisical alone are in [`TOKEN_VARIABLE`].
pub const VARIABLES: [&str; 11] = [
    "INFISICAL_API_URL",
    "INFISICAL_HOST",
    "INFISICAL_AUTH_METHOD",
    "INFISICAL_IDENTITY_ID",
    "INFISICAL_PROJECT_ID",
    "INFISICAL_ENVIRONMENT",
    "INFISICAL_SECRET_PATH",
    "WEBHOOK_PORT",
    "KEYLOOM_PEERS",
    "KEYLOOM_POD_IP",
    "KEYLOOM_ANNOTATIONS",
];
/// The variable that says where the token for the login lies.
pub const TOKEN_VARIABLE: &str = "INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH";

/// As whom a service with `secretAccess: infisical` logs in to Infisical, and what it reads there. With `image` all that it needs
/// is rendered beside its Deployment.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DirectAccess {
    /// Id of the machine identity, which must have Kubernetes Auth: a UUID. It is no secret.
    #[validate(length(min = 1), regex(path = *UUID))]
    pub identity_id: Text,
    /// Id of the project, or its slug.
    #[validate(length(min = 1), regex(path = *PROJECT))]
    pub project_id: Text,
    /// Slug of the environment, such as `production`; default `dev`.
    #[validate(length(min = 1), regex(path = *SLUG))]
    pub environment: Option<Text>,
    /// Folder that is read, from the top, such as `/services/web`; default `/`.
    #[validate(length(min = 1))]
    pub secret_path: Option<Text>,
    /// Address of Infisical's API, default `http://infisical.infisical.svc.cluster.local:8080/api`.
    #[validate(length(min = 1))]
    pub api_url: Option<Text>,
    /// With whose token Infisical asks the API server who is there, default `client`.
    pub reviewer: Option<Reviewer>,
    /// Audience of a token that is for Infisical alone; with `reviewer: server`. Left out, the pod's usual token is sent.
    #[validate(length(min = 1))]
    pub audience: Option<Text>,
    /// How the pods are told of changes.
    #[validate(nested)]
    pub webhook: Option<WebhookServer>,
    /// `keyloom listen` beside an application that has no client of its own.
    #[validate(nested)]
    pub sidecar: Option<Sidecar>,
}

/// With whose token Infisical asks the API server who is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Reviewer {
    /// With the one that the pod sends, so the pod's account is bound to the ClusterRole `system:auth-delegator`.
    Client,
    /// With one of its own (`tokenReviewerJwt` of the identity), or through a gateway. The pod's account gets no rights.
    Server,
}

/// The server in each pod that is told of changes, at `/infisical/webhook`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookServer {
    /// Its port, default 8080; no port of the application.
    #[validate(range(min = 1, max = 65535))]
    pub port: Option<u32>,
    /// Namespaces whose pods may reach it, beside the service's own pods; default that of an Infisical in the cluster. Add that
    /// of whatever gathers metrics there.
    #[schemars(inner(length(min = 1, max = 63), regex(pattern = NAMESPACE.as_str())))]
    pub from: Option<Vec<Text>>,
}

impl DirectAccess {
    /// The environment that is read.
    pub fn environment(&self) -> Text {
        self.environment.clone().unwrap_or_else(|| "dev".into())
    }

    /// The folder that is read.
    pub fn secret_path(&self) -> Text {
        self.secret_path.clone().unwrap_or_else(|| "/".into())
    }

    /// The address of Infisical's API.
    pub fn api_url(&self) -> Text {
        self.api_url.clone().unwrap_or_else(|| API_URL.into())
    }

    /// With whose token Infisical asks the API server.
    pub fn reviewer(&self) -> Reviewer {
        self.reviewer.unwrap_or(Reviewer::Client)
    }

    /// Whether its pods have a token that is for Infisical alone: one with an audience, or one that the application beside the
    /// sidecar does not see.
    pub fn has_own_token(&self) -> bool {
        self.audience.is_some() || self.sidecar.is_some()
    }

    /// The port of the webhook.
    pub fn port(&self) -> u32 {
        self.webhook.as_ref().and_then(|webhook| webhook.port).unwrap_or(WEBHOOK_PORT)
    }

    /// The namespaces whose pods may deliver the webhook to a service of that namespace: those that are said, or that of an
    /// Infisical in the cluster.
    pub fn deliverers(&self, namespace: Option<&Text>) -> Vec<Text> {
        let said = self.webhook.as_ref().and_then(|webhook| webhook.from.clone());
        said.unwrap_or_else(|| self.home(namespace).into_iter().collect())
    }

    /// The namespace of Infisical, as far as its address tells it.
    pub(crate) fn home(&self, namespace: Option<&Text>) -> Option<Text> {
        match Address::parse(self.api_url().known()?)?.whereabouts() {
            Whereabouts::Namespace(other) => Some(other.into()),
            Whereabouts::SameNamespace => namespace.cloned(),
            Whereabouts::Pod | Whereabouts::Elsewhere => None,
        }
    }
}

impl ServiceConfig {
    /// How it reads from Infisical itself, if it does.
    pub fn direct_access(&self) -> Option<&DirectAccess> {
        match self.secret_access {
            Some(SecretAccess::Infisical) => self.infisical.as_ref(),
            Some(SecretAccess::Kubernetes) | None => None,
        }
    }

    /// The service account of its pods: the one that is said, or for a service that reads from Infisical itself one of its own,
    /// `NAME-sa`.
    pub fn account(&self) -> Option<Text> {
        let own = || self.direct_access().map(|_| self.with("-sa"));
        self.service_account_name.clone().or_else(own)
    }

    /// Name of the ConfigMap with the id of its identity.
    pub fn identity_config_map(&self) -> Text {
        self.with("-infisical-config")
    }

    /// Name of the headless Service by which its pods find each other.
    pub fn peers(&self) -> Text {
        self.with(PEERS_SUFFIX)
    }

    /// Name of the NetworkPolicy that closes its webhook.
    pub fn webhook_policy(&self) -> Text {
        self.with("-webhook")
    }

    /// Name of the binding to `system:auth-delegator`. The cluster has one of a name, so the namespace stands before it; neither
    /// it nor the name of a service with an image holds a dot, so no two services share one.
    pub fn delegation(&self) -> Text {
        let name = self.with("-auth-delegator");
        match &self.namespace {
            Some(namespace) => namespace.join(&".".into()).join(&name),
            None => name,
        }
    }

    fn with(&self, suffix: &str) -> Text {
        self.name.join(&suffix.into())
    }
}
