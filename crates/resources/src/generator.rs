//! Bodies of the generators (`generators.external-secrets.io/v1alpha1`). A `spec` is written in upstream's words
//! already, so its type is the declaration's own.

use keyloom_models::generator::GeneratorSpec;
use keyloom_models::generator::ecr::EcrAuthorizationToken;
use keyloom_models::generator::github::GithubAccessToken;
use keyloom_models::generator::password::Password;
use keyloom_models::generator::ssh_key::SshKey;
use keyloom_models::policy::GeneratorKind;
use keyloom_models::store::aws::AwsAuth;
use keyloom_upstream::eso::Kind;

use crate::metadata::Metadata;
use crate::walk::{Sink, Walk, map};

/// A generator of one namespace, or a ClusterGenerator.
#[derive(Clone, Debug, PartialEq)]
pub struct Generator {
    /// Metadata.
    pub metadata: Metadata,
    /// Whether it is a ClusterGenerator.
    pub cluster: bool,
    /// What it makes, and how.
    pub spec: GeneratorSpec,
}

impl Generator {
    /// The kind of the object.
    pub fn kind(&self) -> Kind {
        if self.cluster { Kind::ClusterGenerator } else { self.spec.kind().upstream() }
    }

    /// `spec` of the object.
    pub(crate) fn spec_of_object(&self) -> SpecOf<'_> {
        SpecOf(self)
    }
}

/// `spec` of the object: of a ClusterGenerator it holds that of the generator.
pub(crate) struct SpecOf<'g>(&'g Generator);

impl Walk for SpecOf<'_> {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        let Generator { cluster, spec, .. } = self.0;
        if !cluster {
            return spec.walk(sink);
        }
        let kind = spec.kind();
        map(sink, |m| {
            m.field("kind", &kind)?;
            m.map("generator", |m| m.field(field(kind), spec))
        })
    }
}

/// The field of a ClusterGenerator that holds a generator of that kind.
fn field(kind: GeneratorKind) -> &'static str {
    match kind {
        GeneratorKind::AcrAccessToken => "acrAccessTokenSpec",
        GeneratorKind::BeyondtrustWorkloadCredentialsDynamicSecret => {
            "beyondtrustWorkloadCredentialsDynamicSecretSpec"
        }
        GeneratorKind::CloudsmithAccessToken => "cloudsmithAccessTokenSpec",
        GeneratorKind::EcrAuthorizationToken => "ecrAuthorizationTokenSpec",
        GeneratorKind::Fake => "fakeSpec",
        GeneratorKind::GcrAccessToken => "gcrAccessTokenSpec",
        GeneratorKind::GithubAccessToken => "githubAccessTokenSpec",
        GeneratorKind::GitlabDeployToken => "gitlabDeployTokenSpec",
        GeneratorKind::QuayAccessToken => "quayAccessTokenSpec",
        GeneratorKind::Password => "passwordSpec",
        GeneratorKind::SshKey => "sshKeySpec",
        GeneratorKind::StsSessionToken => "stsSessionTokenSpec",
        GeneratorKind::Uuid => "uuidSpec",
        GeneratorKind::VaultDynamicSecret => "vaultDynamicSecretSpec",
        GeneratorKind::Webhook => "webhookSpec",
        GeneratorKind::Grafana => "grafanaSpec",
        GeneratorKind::Mfa => "mfaSpec",
        // No declared generator is of that kind.
        GeneratorKind::ClusterGenerator => "generator",
    }
}

impl Walk for GeneratorSpec {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        match self {
            Self::Password(spec) => spec.walk(sink),
            Self::Uuid => map(sink, |_| Ok(())),
            Self::SshKey(spec) => spec.walk(sink),
            Self::EcrAuthorizationToken(spec) => spec.walk(sink),
            Self::GithubAccessToken(spec) => spec.walk(sink),
            Self::Carried(_, spec) => spec.walk(sink),
        }
    }
}

impl Walk for Password {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("length", &self.length)?;
            m.optional("digits", &self.digits)?;
            m.optional("symbols", &self.symbols)?;
            m.optional("symbolCharacters", &self.symbol_characters)?;
            m.optional("noUpper", &self.no_upper)?;
            m.optional("allowRepeat", &self.allow_repeat)?;
            m.optional("encoding", &self.encoding)?;
            m.optional("secretKeys", &self.secret_keys)
        })
    }
}

impl Walk for SshKey {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("keyType", &self.key_type)?;
            m.optional("keySize", &self.key_size)?;
            m.optional("comment", &self.comment)
        })
    }
}

impl Walk for EcrAuthorizationToken {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("region", &self.region)?;
            if let Some(auth) = &self.auth {
                m.map("auth", |m| match auth {
                    AwsAuth::Jwt(jwt) => {
                        m.map("jwt", |m| m.field("serviceAccountRef", &jwt.service_account_ref))
                    }
                    AwsAuth::SecretRef(keys) => m.map("secretRef", |m| {
                        m.field("accessKeyIDSecretRef", &keys.access_key_id_secret_ref)?;
                        m.field("secretAccessKeySecretRef", &keys.secret_access_key_secret_ref)?;
                        m.optional("sessionTokenSecretRef", &keys.session_token_secret_ref)
                    }),
                })?;
            }
            m.optional("role", &self.role)?;
            m.optional("scope", &self.scope)
        })
    }
}

impl Walk for GithubAccessToken {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("appID", &self.app_id)?;
            m.field("installID", &self.install_id)?;
            m.map("auth", |m| {
                m.map("privateKey", |m| m.field("secretRef", &self.auth.private_key.secret_ref))
            })?;
            m.optional("url", &self.url)?;
            m.optional("repositories", &self.repositories)?;
            m.optional("permissions", &self.permissions)
        })
    }
}
