//! How the operator logs in to Vault.

use std::fmt;

use keyloom_syntax::Text;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::selector::{SecretKeySelector, ServiceAccountSelector};

mod methods;
pub use methods::{
    GcpSecretRef, GcpWorkloadIdentity, VaultAppRole, VaultCertAuth, VaultGcpAuth, VaultIamAuth, VaultJwtAuth,
    VaultKubernetesAuth, VaultServiceAccountToken, VaultUserAuth,
};

/// How the operator logs in to Vault (ESO's `auth`): exactly one method, and where to use it.
#[derive(Clone, Debug, PartialEq)]
pub struct VaultAuth {
    /// Vault Enterprise namespace of the login, default that of the store.
    pub namespace: Option<Text>,
    /// The method.
    pub method: VaultAuthMethod,
}

impl From<VaultAuthMethod> for VaultAuth {
    fn from(method: VaultAuthMethod) -> Self {
        Self { namespace: None, method }
    }
}

impl From<VaultKubernetesAuth> for VaultAuth {
    fn from(auth: VaultKubernetesAuth) -> Self {
        VaultAuthMethod::Kubernetes(auth).into()
    }
}

/// The login methods of Vault that the operator knows.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(transform = crate::schema::one_method)]
pub enum VaultAuthMethod {
    /// A token kept in a Secret.
    TokenSecretRef(SecretKeySelector),
    /// An application role.
    AppRole(VaultAppRole),
    /// A Kubernetes service account.
    Kubernetes(VaultKubernetesAuth),
    /// A user of an LDAP directory.
    Ldap(VaultUserAuth),
    /// A user of Vault's own list.
    UserPass(VaultUserAuth),
    /// A JSON web token or OIDC identity.
    Jwt(VaultJwtAuth),
    /// A TLS client certificate.
    Cert(VaultCertAuth),
    /// An AWS identity.
    Iam(VaultIamAuth),
    /// A Google identity.
    Gcp(VaultGcpAuth),
}

const METHODS: [&str; 9] =
    ["tokenSecretRef", "appRole", "kubernetes", "ldap", "userPass", "jwt", "cert", "iam", "gcp"];

impl<'de> Deserialize<'de> for VaultAuth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(VaultAuthVisitor)
    }
}

struct VaultAuthVisitor;

impl<'de> Visitor<'de> for VaultAuthVisitor {
    type Value = VaultAuth;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a login method of Vault")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<VaultAuth, A::Error> {
        let (mut namespace, mut method) = (None, None);
        while let Some(key) = map.next_key::<String>()? {
            if key == "namespace" {
                namespace = Some(map.next_value()?);
                continue;
            }
            let read = match key.as_str() {
                "tokenSecretRef" => VaultAuthMethod::TokenSecretRef(map.next_value()?),
                "appRole" => VaultAuthMethod::AppRole(map.next_value()?),
                "kubernetes" => VaultAuthMethod::Kubernetes(map.next_value()?),
                "ldap" => VaultAuthMethod::Ldap(map.next_value()?),
                "userPass" => VaultAuthMethod::UserPass(map.next_value()?),
                "jwt" => VaultAuthMethod::Jwt(map.next_value()?),
                "cert" => VaultAuthMethod::Cert(map.next_value()?),
                "iam" => VaultAuthMethod::Iam(map.next_value()?),
                "gcp" => VaultAuthMethod::Gcp(map.next_value()?),
                other => return Err(de::Error::unknown_field(other, &METHODS)),
            };
            if method.replace(read).is_some() {
                return Err(de::Error::custom("two login methods"));
            }
        }
        let method = method.ok_or_else(|| de::Error::custom("a login method is missing"))?;
        Ok(VaultAuth { namespace, method })
    }
}

impl JsonSchema for VaultAuth {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "VaultAuth".into()
    }

    /// The method's schema with `namespace` as one more property of every choice.
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let about = "Vault Enterprise namespace of the login, default that of the store.";
        let namespace = crate::schema::text(generator, &serde_json::json!({ "description": about }));
        let mut schema = VaultAuthMethod::json_schema(generator);
        schema.insert("description".into(), "How the operator logs in to Vault: exactly one method.".into());
        crate::schema::add_to_choices(&mut schema, "namespace", &namespace);
        schema
    }
}

impl VaultAuthMethod {
    /// Every Secret reference of the method, by its field name in the document; the method's own name when it is one.
    pub fn selectors(&self) -> Vec<(&'static str, SecretKeySelector)> {
        self.clone().selectors_mut().into_iter().map(|(field, selector)| (field, selector.clone())).collect()
    }

    pub(crate) fn selectors_mut(&mut self) -> Vec<(&'static str, &mut SecretKeySelector)> {
        match self {
            Self::TokenSecretRef(token) => vec![("", token)],
            Self::AppRole(auth) => {
                optional([("roleRef", auth.role_ref.as_mut()), ("secretRef", Some(&mut auth.secret_ref))])
            }
            Self::Kubernetes(auth) => optional([("secretRef", auth.secret_ref.as_mut())]),
            Self::Ldap(auth) | Self::UserPass(auth) => optional([("secretRef", auth.secret_ref.as_mut())]),
            Self::Jwt(auth) => optional([("secretRef", auth.secret_ref.as_mut())]),
            Self::Cert(auth) => {
                optional([("clientCert", auth.client_cert.as_mut()), ("secretRef", auth.secret_ref.as_mut())])
            }
            Self::Iam(auth) => auth.secret_ref.as_mut().map_or_else(Vec::new, |keys| {
                optional([
                    ("secretRef.accessKeyIDSecretRef", Some(&mut keys.access_key_id_secret_ref)),
                    ("secretRef.secretAccessKeySecretRef", Some(&mut keys.secret_access_key_secret_ref)),
                    ("secretRef.sessionTokenSecretRef", keys.session_token_secret_ref.as_mut()),
                ])
            }),
            Self::Gcp(auth) => optional([(
                "secretRef.secretAccessKeySecretRef",
                auth.secret_ref.as_mut().and_then(|s| s.secret_access_key_secret_ref.as_mut()),
            )]),
        }
    }

    /// The service account of the method, if it names one, and its field.
    pub fn service_account(&self) -> Option<(&'static str, &ServiceAccountSelector)> {
        match self {
            Self::Kubernetes(auth) => auth.service_account_ref.as_ref().map(|s| ("serviceAccountRef", s)),
            Self::Jwt(auth) => auth
                .kubernetes_service_account_token
                .as_ref()
                .map(|t| ("kubernetesServiceAccountToken.serviceAccountRef", &t.service_account_ref)),
            Self::Iam(auth) => auth.jwt.as_ref().map(|j| ("jwt.serviceAccountRef", &j.service_account_ref)),
            Self::Gcp(auth) => match &auth.workload_identity {
                Some(identity) => Some(("workloadIdentity.serviceAccountRef", &identity.service_account_ref)),
                None => auth.service_account_ref.as_ref().map(|s| ("serviceAccountRef", s)),
            },
            Self::TokenSecretRef(_)
            | Self::AppRole(_)
            | Self::Ldap(_)
            | Self::UserPass(_)
            | Self::Cert(_) => None,
        }
    }

    /// The method's name in the document.
    pub fn name(&self) -> &'static str {
        match self {
            Self::TokenSecretRef(_) => "tokenSecretRef",
            Self::AppRole(_) => "appRole",
            Self::Kubernetes(_) => "kubernetes",
            Self::Ldap(_) => "ldap",
            Self::UserPass(_) => "userPass",
            Self::Jwt(_) => "jwt",
            Self::Cert(_) => "cert",
            Self::Iam(_) => "iam",
            Self::Gcp(_) => "gcp",
        }
    }
}

fn optional<'a, const N: usize>(
    pairs: [(&'static str, Option<&'a mut SecretKeySelector>); N],
) -> Vec<(&'static str, &'a mut SecretKeySelector)> {
    pairs.into_iter().filter_map(|(name, selector)| Some((name, selector?))).collect()
}
