//! What single apps ask of their connections, and what of them is better avoided.

use keyloom_syntax::Text;

use super::addresses;
use keyloom_upstream::terraform::camel;

use crate::app_connection::{App, DeclaredConnection};
use crate::attributes::Fields;
use crate::code;
use crate::config::Argument;
use crate::finding::{Findings, Place};
use crate::policy::GithubInstance;

/// Names that Terraform keeps for itself.
const RESERVED: [&str; 8] =
    ["count", "depends_on", "for_each", "lifecycle", "locals", "providers", "source", "version"];

/// Checks what a connection logs in with by what its app makes of it.
pub(super) fn check(item: &DeclaredConnection, fields: &Fields, place: &Place, findings: &mut Findings) {
    let app = item.credentials.app();
    let at = place.at("credentials");
    addresses::connection(app.as_str(), fields, &at, findings);
    variables(fields, &at, findings);
    match app {
        App::GITHUB => github(fields, &at, findings),
        _ if app.as_str() == "ldap" => ldap(fields, &at, findings),
        _ => {}
    }
    gateway(app, item.gateway_id.as_ref(), place, findings);
}

/// Names of variables are legal.
fn variables(fields: &Fields, place: &Place, findings: &mut Findings) {
    for (field, argument) in &fields.0 {
        if let Argument::Variable(name) = argument {
            variable(name, &place.at(camel(field)).at("variable"), findings);
        }
    }
}

fn variable(name: &str, place: &Place, findings: &mut Findings) {
    let first = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let legal = name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    if !first || !legal {
        findings
            .error(code::VARIABLE_NAME, place.clone(), "that is no name of a variable of Terraform")
            .fix("use letters, digits, `_` and `-`, not a digit first");
    } else if RESERVED.contains(&name) {
        findings
            .error(
                code::VARIABLE_NAME,
                place.clone(),
                format!("Terraform keeps the name `{name}` for itself"),
            )
            .fix("choose another name");
    }
}

/// Warns of a login that lives until somebody ends it.
pub(super) fn long_lived(item: &DeclaredConnection, method: &str, place: &Place, findings: &mut Findings) {
    if item.credentials.app() != App::AWS || method != "access-key" {
        return;
    }
    findings
        .warning(
            code::ACCESS_KEY_LOGIN,
            place.at("method"),
            "an access key of AWS lives until somebody takes it away",
        )
        .why("whoever reads it, here or in a state, can use it from anywhere")
        .fix("use `method: assume-role`, whose credentials last an hour");
}

/// A server of one's own has a host, and github.com has none.
fn github(fields: &Fields, place: &Place, findings: &mut Findings) {
    let server = fields.known("instance_type") == Some(GithubInstance::Server.as_str());
    let host = fields.get("host");
    if server && host.is_none() {
        findings
            .error(
                code::CONNECTION_HOST,
                place.at("instanceType"),
                "a GitHub Enterprise Server needs its `host`",
            )
            .why("Terraform's provider asks for it only when it applies")
            .fix("write `host`, or leave `instanceType` out for github.com");
    }
    if !server && host.is_some() {
        findings
            .error(code::CONNECTION_HOST, place.at("host"), "`host` is for a GitHub Enterprise Server alone")
            .why("without `instanceType: server` the connection leads to github.com")
            .fix("write `instanceType: server`, or leave `host` out");
    }
}

/// Certificates can be refused only where there are any.
fn ldap(fields: &Fields, place: &Place, findings: &mut Findings) {
    let plain = fields.known("url").is_some_and(|url| url.starts_with("ldap://"));
    let said = fields.get("ssl_reject_unauthorized");
    if plain && said != Some(&Argument::Bool(false)) {
        findings
            .error(
                code::CONNECTION_HOST,
                place.at("url"),
                "with an address of ldap:// the provider wants `sslRejectUnauthorized: false`",
            )
            .why("its default is true, which it refuses without TLS when Terraform applies")
            .fix("write an address of ldaps://, or `sslRejectUnauthorized: false`; the password then goes over the network in clear");
    }
}

/// Only connections to HashiCorp Vault go through a gateway, as far as the provider can say.
fn gateway(app: App, gateway: Option<&Text>, place: &Place, findings: &mut Findings) {
    if gateway.is_some_and(|gateway| !gateway.is_empty()) && app.as_str() != "hashicorp-vault" {
        findings
            .error(
                code::IGNORED_BY_PROVIDER,
                place.at("gatewayId"),
                format!("Terraform's provider has no `gatewayId` for a connection to {}", app.title()),
            )
            .fix("leave it out, or make the connection in Infisical itself and declare its `id`");
    }
}
