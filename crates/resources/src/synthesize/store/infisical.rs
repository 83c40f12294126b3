//! Infisical: the document's flat scope and short method names become ESO's.

use keyloom_models::InfisicalConfig;
use keyloom_models::store::infisical::{InfisicalAuth as Auth, OciAuth as Oci};

use crate::secret_store::Infisical;
use crate::secret_store::infisical::{InfisicalAuth, OciAuth, SecretsScope};

pub(super) fn lower(config: &InfisicalConfig) -> Infisical {
    let InfisicalConfig {
        project_slug,
        environment,
        secrets_path,
        recursive,
        expand_secret_references,
        organization_slug,
        host_api,
        ca_bundle,
        ca_provider,
        auth,
    } = config;
    Infisical {
        auth: method(auth),
        secrets_scope: SecretsScope {
            organization_slug: organization_slug.clone(),
            project_slug: project_slug.clone(),
            environment_slug: environment.clone(),
            secrets_path: secrets_path.clone(),
            recursive: *recursive,
            expand_secret_references: *expand_secret_references,
        },
        host_api: host_api.clone(),
        ca_bundle: ca_bundle.clone(),
        ca_provider: ca_provider.clone(),
    }
}

fn method(auth: &Auth) -> InfisicalAuth {
    match auth.clone() {
        Auth::UniversalAuth(auth) => {
            InfisicalAuth::UniversalAuth { client_id: auth.client_id, client_secret: auth.client_secret }
        }
        Auth::KubernetesAuth(auth) => InfisicalAuth::KubernetesAuth {
            identity_id: auth.identity_id,
            service_account_token_path: auth.service_account_token_path,
        },
        Auth::AwsAuth(auth) => InfisicalAuth::AwsAuth { identity_id: auth.identity_id },
        Auth::AzureAuth(auth) => {
            InfisicalAuth::AzureAuth { identity_id: auth.identity_id, resource: auth.resource }
        }
        Auth::GcpIdTokenAuth(auth) => InfisicalAuth::GcpIdTokenAuth { identity_id: auth.identity_id },
        Auth::GcpIamAuth(auth) => InfisicalAuth::GcpIamAuth {
            identity_id: auth.identity_id,
            service_account_key_file_path: auth.service_account_key_file_path,
        },
        Auth::JwtAuth(auth) => InfisicalAuth::JwtAuth { identity_id: auth.identity_id, jwt: auth.jwt },
        Auth::LdapAuth(auth) => InfisicalAuth::LdapAuth {
            identity_id: auth.identity_id,
            ldap_password: auth.ldap_password,
            ldap_username: auth.ldap_username,
        },
        Auth::OciAuth(auth) => InfisicalAuth::OciAuth(Box::new(oci(*auth))),
        Auth::TokenAuth(auth) => InfisicalAuth::TokenAuth { access_token: auth.access_token },
    }
}

fn oci(auth: Oci) -> OciAuth {
    let Oci { identity_id, private_key, private_key_passphrase, fingerprint, user_id, tenancy_id, region } =
        auth;
    OciAuth { identity_id, private_key, private_key_passphrase, fingerprint, user_id, tenancy_id, region }
}
