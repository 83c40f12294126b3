//! What the operator's Vault reader asks for.

use keyloom_syntax::Text;

use super::{VaultAuthMethod, VaultConfig};
use crate::finding::{Findings, Place};
use crate::policy::VaultVersion;
use crate::validate::literal;
use crate::validate::newer::Asker;
use crate::validate::selectors::Scope;
use crate::validate::stores::one_of_two;

/// Rules of a Vault block.
pub(crate) fn check(config: &VaultConfig, scope: &Scope<'_>, place: &Place, findings: &mut Findings) {
    scope.authority(config.ca_bundle.as_ref(), config.ca_provider.as_ref(), place, findings);
    mount(config, place, findings);
    server(config, place, findings);
    if let Some(tls) = &config.tls {
        scope.secret(&tls.cert_secret_ref, Some("tls.crt"), &place.path("tls.certSecretRef"), findings);
        scope.secret(&tls.key_secret_ref, Some("tls.key"), &place.path("tls.keySecretRef"), findings);
    }
    for (name, value) in config.headers.iter().flatten() {
        literal::constant(name, value, &place.at("headers").at(name.clone()), findings);
    }
    if config.version == Some(VaultVersion::V1)
        && config.check_and_set.is_some_and(|cas| cas.required == Some(true))
    {
        findings
            .error(
                "check-and-set-v1",
                place.at("checkAndSet"),
                "version v1 of the key-value engine has no check-and-set",
            )
            .fix("leave `checkAndSet` out");
    }
    if let Some(auth) = &config.auth {
        method(&auth.method, scope, &place.at("auth").at(auth.method.name()), findings);
    }
}

fn server(config: &VaultConfig, place: &Place, findings: &mut Findings) {
    let Some(server) = config.server.known() else { return };
    if !server.is_empty() && !server.starts_with("https://") && !server.starts_with("http://") {
        findings
            .error("bad-server", place.at("server"), format!("`{server}` is not the address of a server"))
            .fix("write it with its scheme, such as https://vault.example.com:8200");
    }
}

/// The mount is named, and without what the operator adds itself.
fn mount(config: &VaultConfig, place: &Place, findings: &mut Findings) {
    match config.path.as_ref().map(Text::known) {
        None => {
            findings
                .warning(
                    "vault-mount",
                    place.clone(),
                    "without `path` the first segment of every path is taken for the mount",
                )
                .fix("write `path` with the mount of the key-value engine");
        }
        Some(Some(path)) if config.version != Some(VaultVersion::V1) && path.ends_with("/data") => {
            findings
                .error(
                    "vault-mount",
                    place.at("path"),
                    format!("the operator adds `data` itself: it would read `{path}/data/...`"),
                )
                .fix(format!("write `{}`", path.trim_end_matches("/data")));
        }
        Some(_) => {}
    }
}

fn method(method: &VaultAuthMethod, scope: &Scope<'_>, place: &Place, findings: &mut Findings) {
    for (field, selector) in method.selectors() {
        let default_key = match method {
            VaultAuthMethod::Kubernetes(_) => Some("token"),
            _ => None,
        };
        scope.secret(&selector, default_key, &place.path(field), findings);
    }
    if let Some((field, account)) = method.service_account() {
        scope.service_account(account, &place.path(field), findings);
    }
    match method {
        VaultAuthMethod::AppRole(auth) => {
            let pair = (("roleId", auth.role_id.is_some()), ("roleRef", auth.role_ref.is_some()));
            one_of_two("app-role-id", pair, place, findings);
        }
        VaultAuthMethod::Jwt(auth) => {
            let token = auth.kubernetes_service_account_token.is_some();
            let pair = (("secretRef", auth.secret_ref.is_some()), ("kubernetesServiceAccountToken", token));
            one_of_two("jwt-token", pair, place, findings);
        }
        VaultAuthMethod::TokenSecretRef(_)
        | VaultAuthMethod::Kubernetes(_)
        | VaultAuthMethod::Ldap(_)
        | VaultAuthMethod::UserPass(_)
        | VaultAuthMethod::Cert(_)
        | VaultAuthMethod::Iam(_)
        | VaultAuthMethod::Gcp(_) => {}
    }
}

/// Fields that some version of the operator lacks.
pub(crate) fn newer(config: &VaultConfig, ask: &mut Asker<'_>, place: &Place) {
    ask.field(config.check_and_set.is_some(), "provider.vault.checkAndSet", || place.at("checkAndSet"));
    let Some(auth) = &config.auth else { return };
    let method = auth.method.name();
    ask.field(true, &format!("provider.vault.auth.{method}"), || place.at("auth").at(method));
    if let VaultAuthMethod::Cert(cert) = &auth.method {
        let path = |field: &'static str| place.path("auth.cert").at(field);
        ask.field(cert.vault_role.is_some(), "provider.vault.auth.cert.vaultRole", || path("vaultRole"));
        ask.field(cert.path.is_some(), "provider.vault.auth.cert.path", || path("path"));
    }
}
