//! [`Kind`]: the kinds of object that the operator knows.

/// A kind of object of the External Secrets Operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A store for one namespace.
    SecretStore,
    /// A store for all namespaces; its `spec` is the same as a SecretStore's.
    ClusterSecretStore,
    /// A Secret made from what a store holds.
    ExternalSecret,
    /// An ExternalSecret in each of several namespaces.
    ClusterExternalSecret,
    /// A Secret of the cluster written to stores.
    PushSecret,
    /// A PushSecret in each of several namespaces.
    ClusterPushSecret,
    /// A token for Azure Container Registry.
    AcrAccessToken,
    /// A dynamic secret of BeyondTrust Workload Credentials.
    BeyondtrustWorkloadCredentialsDynamicSecret,
    /// A token for Cloudsmith.
    CloudsmithAccessToken,
    /// A token for Amazon ECR.
    EcrAuthorizationToken,
    /// Fixed values, for tests.
    Fake,
    /// A token for Google's container registries.
    GcrAccessToken,
    /// A token of a GitHub App installation.
    GithubAccessToken,
    /// A deploy token of a GitLab project or group.
    GitlabDeployToken,
    /// A service account token of Grafana.
    Grafana,
    /// A one-time code of a second factor.
    Mfa,
    /// A random password.
    Password,
    /// A robot account's token for Quay.
    QuayAccessToken,
    /// An SSH key pair.
    SshKey,
    /// Temporary AWS credentials from STS.
    StsSessionToken,
    /// A random UUID.
    Uuid,
    /// Credentials that one of Vault's dynamic engines makes.
    VaultDynamicSecret,
    /// The answer of a webhook.
    Webhook,
    /// Any generator, declared once for the whole cluster.
    ClusterGenerator,
    /// What the controller remembers of a generated value; nobody else writes it.
    GeneratorState,
}

/// The group of stores, ExternalSecrets and PushSecrets.
pub const GROUP: &str = "external-secrets.io";
/// The group of generators.
pub const GENERATORS: &str = "generators.external-secrets.io";

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 25] = [
        Kind::SecretStore,
        Kind::ClusterSecretStore,
        Kind::ExternalSecret,
        Kind::ClusterExternalSecret,
        Kind::PushSecret,
        Kind::ClusterPushSecret,
        Kind::AcrAccessToken,
        Kind::BeyondtrustWorkloadCredentialsDynamicSecret,
        Kind::CloudsmithAccessToken,
        Kind::EcrAuthorizationToken,
        Kind::Fake,
        Kind::GcrAccessToken,
        Kind::GithubAccessToken,
        Kind::GitlabDeployToken,
        Kind::Grafana,
        Kind::Mfa,
        Kind::Password,
        Kind::QuayAccessToken,
        Kind::SshKey,
        Kind::StsSessionToken,
        Kind::Uuid,
        Kind::VaultDynamicSecret,
        Kind::Webhook,
        Kind::ClusterGenerator,
        Kind::GeneratorState,
    ];

    /// The kind of an object, whatever API version of its group it is written in: an `external-secrets.io/v1beta1`
    /// ExternalSecret is an ExternalSecret too. Whether the operator has that version, [`api`](super::api) tells.
    pub fn of(api_version: &str, kind: &str) -> Option<Self> {
        let (group, _) = api_version.split_once('/')?;
        Self::ALL.into_iter().find(|known| known.name() == kind && known.group() == group)
    }

    /// The kind as manifests spell it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::SecretStore => "SecretStore",
            Kind::ClusterSecretStore => "ClusterSecretStore",
            Kind::ExternalSecret => "ExternalSecret",
            Kind::ClusterExternalSecret => "ClusterExternalSecret",
            Kind::PushSecret => "PushSecret",
            Kind::ClusterPushSecret => "ClusterPushSecret",
            Kind::AcrAccessToken => "ACRAccessToken",
            Kind::BeyondtrustWorkloadCredentialsDynamicSecret => {
                "BeyondtrustWorkloadCredentialsDynamicSecret"
            }
            Kind::CloudsmithAccessToken => "CloudsmithAccessToken",
            Kind::EcrAuthorizationToken => "ECRAuthorizationToken",
            Kind::Fake => "Fake",
            Kind::GcrAccessToken => "GCRAccessToken",
            Kind::GithubAccessToken => "GithubAccessToken",
            Kind::GitlabDeployToken => "GitlabDeployToken",
            Kind::Grafana => "Grafana",
            Kind::Mfa => "MFA",
            Kind::Password => "Password",
            Kind::QuayAccessToken => "QuayAccessToken",
            Kind::SshKey => "SSHKey",
            Kind::StsSessionToken => "STSSessionToken",
            Kind::Uuid => "UUID",
            Kind::VaultDynamicSecret => "VaultDynamicSecret",
            Kind::Webhook => "Webhook",
            Kind::ClusterGenerator => "ClusterGenerator",
            Kind::GeneratorState => "GeneratorState",
        }
    }

    /// The API group.
    pub fn group(self) -> &'static str {
        match self {
            Kind::SecretStore
            | Kind::ClusterSecretStore
            | Kind::ExternalSecret
            | Kind::ClusterExternalSecret
            | Kind::PushSecret
            | Kind::ClusterPushSecret => GROUP,
            _ => GENERATORS,
        }
    }

    /// The API version that objects of this kind are written in today, without its group: `v1`.
    pub fn version(self) -> &'static str {
        match self {
            Kind::SecretStore
            | Kind::ClusterSecretStore
            | Kind::ExternalSecret
            | Kind::ClusterExternalSecret => "v1",
            _ => "v1alpha1",
        }
    }

    /// `apiVersion` of objects of this kind, as it is written today.
    pub fn api_version(self) -> &'static str {
        match (self.group(), self.version()) {
            (GROUP, "v1") => "external-secrets.io/v1",
            (GROUP, _) => "external-secrets.io/v1alpha1",
            _ => "generators.external-secrets.io/v1alpha1",
        }
    }

    /// The name in paths of the API: `externalsecrets`.
    pub fn plural(self) -> &'static str {
        super::names(self).get("plural").and_then(serde_json::Value::as_str).unwrap_or_default()
    }

    /// Whether objects of this kind belong to the whole cluster and have no namespace.
    pub fn cluster_scoped(self) -> bool {
        matches!(
            self,
            Kind::ClusterSecretStore
                | Kind::ClusterExternalSecret
                | Kind::ClusterPushSecret
                | Kind::ClusterGenerator
        )
    }

    /// The generator of that name, as a `generatorRef` has it in its `kind`.
    pub fn generator(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.is_generator() && kind.name() == name)
    }

    /// Whether it is a generator that makes a new value each time it is asked, which has nothing to do with the one before.
    pub fn rotates(self) -> bool {
        matches!(self, Kind::Password | Kind::SshKey | Kind::Uuid)
    }

    /// Whether it makes values: what `dataFrom` may name in its `generatorRef`. A ClusterGenerator is one.
    pub fn is_generator(self) -> bool {
        self.group() == GENERATORS && self != Kind::GeneratorState
    }
}
