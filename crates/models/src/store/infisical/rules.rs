//! What the operator's Infisical reader asks for, and where nothing but a rule would tell.

use super::{InfisicalAuth, InfisicalConfig};
use crate::finding::{Findings, Place};
use crate::validate::newer::Asker;
use crate::validate::selectors::Scope;

/// Rules of an Infisical block.
pub(crate) fn check(config: &InfisicalConfig, scope: &Scope<'_>, place: &Place, findings: &mut Findings) {
    scope.authority(config.ca_bundle.as_ref(), config.ca_provider.as_ref(), place, findings);
    let method = config.auth.name();
    let auth = place.at("auth").at(method);
    for (field, selector) in config.auth.selectors() {
        scope.secret(&selector, None, &auth.at(field), findings);
    }
    if let InfisicalAuth::TokenAuth(_) = &config.auth {
        findings
            .warning(
                "static-token",
                auth.clone(),
                "an access token is never renewed; when it ends, so does every sync",
            )
            .why("Infisical's retired service tokens (st.…) do not work here at all")
            .fix("use a machine identity: `universalAuth`, or `kubernetesAuth`");
    }
    if ambient(&config.auth) && !scope.cluster {
        findings
            .warning(
                "shared-identity",
                auth,
                format!("with `{method}` the operator's own pod logs in, whoever uses the store"),
            )
            .why("every store with this method has the same rights, in every namespace")
            .fix("use `universalAuth` for rights of its own");
    }
    if let Some(path) = &config.secrets_path
        && path.known().is_some_and(|path| !path.starts_with('/'))
    {
        findings
            .error("bad-path", place.at("secretsPath"), "the folder of a store starts with `/`")
            .fix("write the folder from the top, such as `/databases`");
    }
}

/// Methods by which the operator's pod logs in as itself.
fn ambient(auth: &InfisicalAuth) -> bool {
    match auth {
        InfisicalAuth::KubernetesAuth(_)
        | InfisicalAuth::AwsAuth(_)
        | InfisicalAuth::AzureAuth(_)
        | InfisicalAuth::GcpIdTokenAuth(_)
        | InfisicalAuth::GcpIamAuth(_) => true,
        InfisicalAuth::UniversalAuth(_)
        | InfisicalAuth::JwtAuth(_)
        | InfisicalAuth::LdapAuth(_)
        | InfisicalAuth::OciAuth(_)
        | InfisicalAuth::TokenAuth(_) => false,
    }
}

/// Fields that some version of the operator lacks.
pub(crate) fn newer(config: &InfisicalConfig, ask: &mut Asker<'_>, place: &Place) {
    ask.field(config.ca_bundle.is_some(), "provider.infisical.caBundle", || place.at("caBundle"));
    ask.field(config.ca_provider.is_some(), "provider.infisical.caProvider", || place.at("caProvider"));
    let organization = config.organization_slug.is_some();
    ask.field(organization, "provider.infisical.secretsScope.organizationSlug", || {
        place.at("organizationSlug")
    });
    let method = config.auth.name();
    let path = format!("provider.infisical.auth.{method}Credentials");
    ask.field(true, &path, || place.at("auth").at(method));
}
