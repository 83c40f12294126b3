//! [`ResourceSet`]: everything that must exist, whatever the format.

use keyloom_models::policy::StoreKind;
use keyloom_upstream::eso::{EsoVersion, Kind};

use crate::cluster::{ClusterExternalSecret, ClusterPushSecret};
use crate::cluster_role_binding::ClusterRoleBinding;
use crate::config_map::ConfigMap;
use crate::deployment::Deployment;
use crate::external_secret::ExternalSecret;
use crate::generator::Generator;
use crate::metadata::Metadata;
use crate::network_policy::NetworkPolicy;
use crate::push_secret::PushSecret;
use crate::secret::Secret;
use crate::secret_store::SecretStore;
use crate::service::Service;
use crate::service_account::ServiceAccount;
use crate::terraform::{Infisical, Terraform, aws};
use crate::walk::{Defaults, Sink, Walk};
use crate::workflow::Workflow;

/// What a declaration amounts to, in the order in which it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceSet {
    /// The External Secrets Operator that runs in the cluster: manifests spell out the defaults that its CRDs would
    /// have the API server add.
    pub eso: EsoVersion,
    /// The Infisical that keeps connections and syncs, and how Terraform logs in to it.
    pub infisical: Infisical,
    /// The configurations of Terraform for AWS, two for each pipeline.
    pub aws: Vec<aws::Settings>,
    /// The resources.
    pub resources: Vec<Resource>,
}

impl ResourceSet {
    /// The Kubernetes objects among the resources.
    pub fn kubernetes(&self) -> impl Iterator<Item = &Kubernetes> {
        self.resources.iter().filter_map(Resource::kubernetes)
    }

    /// The resources that Terraform makes.
    pub fn terraform(&self) -> impl Iterator<Item = &Terraform> {
        self.resources.iter().filter_map(|resource| match resource {
            Resource::Terraform(resource) => Some(resource),
            Resource::Kubernetes(_) | Resource::Workflow(_) => None,
        })
    }

    /// The workflows that GitHub runs.
    pub fn workflows(&self) -> impl Iterator<Item = &Workflow> {
        self.resources.iter().filter_map(|resource| match resource {
            Resource::Workflow(workflow) => Some(&**workflow),
            Resource::Kubernetes(_) | Resource::Terraform(_) => None,
        })
    }
}

/// Nothing, for the newest operator that is known.
impl Default for ResourceSet {
    fn default() -> Self {
        Self {
            eso: EsoVersion::newest(),
            infisical: Infisical::default(),
            aws: Vec::new(),
            resources: Vec::new(),
        }
    }
}

/// One resource of one engine.
#[derive(Clone, Debug, PartialEq)]
pub enum Resource {
    /// An object of a Kubernetes cluster.
    Kubernetes(Kubernetes),
    /// What Terraform makes, or Pulumi with the same provider.
    Terraform(Terraform),
    /// What GitHub runs.
    Workflow(Box<Workflow>),
}

impl Resource {
    /// The Kubernetes object, if it is one.
    pub fn kubernetes(&self) -> Option<&Kubernetes> {
        match self {
            Self::Kubernetes(object) => Some(object),
            Self::Terraform(_) | Self::Workflow(_) => None,
        }
    }
}

/// A Kubernetes object.
#[derive(Clone, Debug, PartialEq)]
pub enum Kubernetes {
    /// A Secret with the credentials of the store that follows it.
    Secret(Box<Secret>),
    /// A SecretStore or ClusterSecretStore.
    SecretStore(Box<SecretStore>),
    /// A generator of one namespace, or a ClusterGenerator.
    Generator(Box<Generator>),
    /// An ExternalSecret.
    ExternalSecret(Box<ExternalSecret>),
    /// A PushSecret.
    PushSecret(Box<PushSecret>),
    /// A ClusterExternalSecret.
    ClusterExternalSecret(Box<ClusterExternalSecret>),
    /// A ClusterPushSecret.
    ClusterPushSecret(Box<ClusterPushSecret>),
    /// A Deployment: the pods of a service.
    Deployment(Box<Deployment>),
    /// A ServiceAccount: who a service's pods are.
    ServiceAccount(Box<ServiceAccount>),
    /// A ClusterRoleBinding: what a service's account may do.
    ClusterRoleBinding(Box<ClusterRoleBinding>),
    /// A ConfigMap.
    ConfigMap(Box<ConfigMap>),
    /// A Service: the address of a service's pods.
    Service(Box<Service>),
    /// A NetworkPolicy: who may reach a service's pods.
    NetworkPolicy(Box<NetworkPolicy>),
}

impl Kubernetes {
    /// The API group and version of the object.
    pub fn api_version(&self) -> &'static str {
        self.kind_of().map_or_else(|(version, _)| version, Kind::api_version)
    }

    /// The kind of the object.
    pub fn kind(&self) -> &'static str {
        self.kind_of().map_or_else(|(_, kind)| kind, Kind::name)
    }

    /// The kind of the object, by which upstream's schemas are found; what is Kubernetes' own has none.
    pub fn upstream_kind(&self) -> Option<Kind> {
        self.kind_of().ok()
    }

    /// The kind of an object of the operator, or version and kind of one that is Kubernetes' own.
    fn kind_of(&self) -> Result<Kind, (&'static str, &'static str)> {
        Ok(match self {
            Self::Secret(_) => return Err((Secret::API_VERSION, Secret::KIND)),
            Self::Deployment(_) => return Err((Deployment::API_VERSION, Deployment::KIND)),
            Self::ServiceAccount(_) => return Err((ServiceAccount::API_VERSION, ServiceAccount::KIND)),
            Self::ClusterRoleBinding(_) => {
                return Err((ClusterRoleBinding::API_VERSION, ClusterRoleBinding::KIND));
            }
            Self::ConfigMap(_) => return Err((ConfigMap::API_VERSION, ConfigMap::KIND)),
            Self::Service(_) => return Err((Service::API_VERSION, Service::KIND)),
            Self::NetworkPolicy(_) => return Err((NetworkPolicy::API_VERSION, NetworkPolicy::KIND)),
            Self::SecretStore(store) => match store.kind {
                StoreKind::SecretStore => Kind::SecretStore,
                StoreKind::ClusterSecretStore => Kind::ClusterSecretStore,
            },
            Self::Generator(generator) => generator.kind(),
            Self::ExternalSecret(_) => Kind::ExternalSecret,
            Self::PushSecret(_) => Kind::PushSecret,
            Self::ClusterExternalSecret(_) => Kind::ClusterExternalSecret,
            Self::ClusterPushSecret(_) => Kind::ClusterPushSecret,
        })
    }

    /// What the API server adds to the object under that version of the operator.
    pub fn defaults(&self, eso: EsoVersion) -> &'static Defaults {
        self.upstream_kind().map_or_else(Defaults::none, |kind| Defaults::of(eso, kind))
    }

    /// Whether the object belongs to the whole cluster and has no namespace.
    pub fn cluster_scoped(&self) -> bool {
        matches!(self, Self::ClusterRoleBinding(_)) || self.upstream_kind().is_some_and(Kind::cluster_scoped)
    }

    /// The object's metadata.
    pub fn metadata(&self) -> &Metadata {
        match self {
            Self::Secret(secret) => &secret.metadata,
            Self::SecretStore(store) => &store.metadata,
            Self::Generator(generator) => &generator.metadata,
            Self::ExternalSecret(secret) => &secret.metadata,
            Self::PushSecret(push) => &push.metadata,
            Self::ClusterExternalSecret(secret) => &secret.metadata,
            Self::ClusterPushSecret(push) => &push.metadata,
            Self::Deployment(deployment) => &deployment.metadata,
            Self::ServiceAccount(account) => &account.metadata,
            Self::ClusterRoleBinding(binding) => &binding.metadata,
            Self::ConfigMap(config_map) => &config_map.metadata,
            Self::Service(service) => &service.metadata,
            Self::NetworkPolicy(policy) => &policy.metadata,
        }
    }
}

/// The whole manifest.
impl Walk for Kubernetes {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        if let Self::Secret(secret) = self {
            return secret.walk(sink);
        }
        crate::walk::map(sink, |m| {
            m.field("apiVersion", self.api_version())?;
            m.field("kind", self.kind())?;
            m.field("metadata", self.metadata())?;
            match self {
                Self::Secret(_) => Ok(()),
                Self::SecretStore(store) => m.field("spec", &store.spec),
                Self::Generator(generator) => m.field("spec", &generator.spec_of_object()),
                Self::ExternalSecret(secret) => m.field("spec", &secret.spec),
                Self::PushSecret(push) => m.field("spec", &push.spec),
                Self::ClusterExternalSecret(secret) => m.field("spec", &secret.spec),
                Self::ClusterPushSecret(push) => m.field("spec", &push.spec),
                Self::Deployment(deployment) => m.field("spec", &deployment.spec),
                Self::ServiceAccount(_) => Ok(()),
                Self::ClusterRoleBinding(binding) => binding.fields(m),
                Self::ConfigMap(config_map) => m.field("data", &config_map.data),
                Self::Service(service) => m.field("spec", &service.spec),
                Self::NetworkPolicy(policy) => m.field("spec", &policy.spec),
            }
        })
    }
}

impl From<Terraform> for Resource {
    fn from(resource: Terraform) -> Self {
        Self::Terraform(resource)
    }
}

impl From<Workflow> for Resource {
    fn from(workflow: Workflow) -> Self {
        Self::Workflow(Box::new(workflow))
    }
}

/// Kubernetes objects as resources.
macro_rules! objects {
    ($($kind:ident),+ $(,)?) => { $(
        impl From<$kind> for Resource {
            fn from(object: $kind) -> Self {
                Self::Kubernetes(Kubernetes::$kind(Box::new(object)))
            }
        }
    )+ };
}

objects! {
    Secret, SecretStore, Generator, ExternalSecret, PushSecret, ClusterExternalSecret, ClusterPushSecret, Deployment,
    ServiceAccount, ClusterRoleBinding, ConfigMap, Service, NetworkPolicy,
}
