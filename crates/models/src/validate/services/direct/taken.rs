//! What Keyloom sets for a service that reads from Infisical itself, and what the service says of the same.

use keyloom_syntax::Text;

use crate::code::SET_BY_KEYLOOM;
use crate::finding::{Findings, Place};
use crate::service::direct::{
    ANNOTATION_DOMAIN, OVERRULING, POD_INFO_FOLDER, POD_INFO_VOLUME, TOKEN_FOLDER, TOKEN_VARIABLE,
    TOKEN_VOLUME, VARIABLES, WEBHOOK_PORT_NAME,
};
use crate::service::{DirectAccess, ServiceConfig};

pub(super) fn check(service: &ServiceConfig, access: &DirectAccess, place: &Place, findings: &mut Findings) {
    variables(service, access, place, findings);
    annotations(service, place, findings);
    ports(service, access, place, findings);
    volumes(service, access, place, findings);
}

fn variables(service: &ServiceConfig, access: &DirectAccess, place: &Place, findings: &mut Findings) {
    let of_token = access.audience.as_ref().map(|_| TOKEN_VARIABLE);
    for (n, variable) in service.env.iter().enumerate() {
        let Some(name) = variable.name.known() else { continue };
        if VARIABLES.contains(&name) || of_token == Some(name) {
            findings
                .error(
                    SET_BY_KEYLOOM,
                    place.at("env").at(n).at("name"),
                    format!("`{name}` is set from what `infisical` says"),
                )
                .why("one pod has a variable once")
                .fix("leave it out here, and say it there");
        } else if OVERRULING.contains(&name) {
            findings
                .error(
                    SET_BY_KEYLOOM,
                    place.at("env").at(n).at("name"),
                    format!("`{name}` counts before what `infisical` says"),
                )
                .why("the client would log in otherwise, or elsewhere, than is said there")
                .fix("leave it out");
        }
    }
}

fn annotations(service: &ServiceConfig, place: &Place, findings: &mut Findings) {
    for key in service.annotations.keys().filter(|key| key.starts_with(ANNOTATION_DOMAIN)) {
        findings
            .error(
                SET_BY_KEYLOOM,
                place.at("annotations").at(key.clone()),
                format!("`{key}` is an annotation that `infisical` becomes"),
            )
            .why("the client reads those annotations, so it would read another folder than is said there")
            .fix("leave it out here, and say it there");
    }
}

/// The webhook listens on a port of its own: nobody can listen there too, and it is closed to most.
fn ports(service: &ServiceConfig, access: &DirectAccess, place: &Place, findings: &mut Findings) {
    for (n, port) in service.ports.iter().enumerate() {
        let at = place.at("ports").at(n);
        if port.container_port == access.port() {
            findings
                .error(
                    SET_BY_KEYLOOM,
                    at.at("containerPort"),
                    format!("port {} is that of the webhook", port.container_port),
                )
                .why("the application cannot listen there too, and only who delivers webhooks may reach it")
                .fix("if it is meant for the webhook, leave it out; otherwise give one of the two another port: `infisical: {webhook: {port: ...}}`");
        }
        if port.name.as_ref().and_then(Text::known) == Some(WEBHOOK_PORT_NAME) {
            findings
                .error(SET_BY_KEYLOOM, at.at("name"), "the port of the webhook has that name")
                .fix("if it is meant for the webhook, leave it out; otherwise rename it");
        }
    }
}

fn volumes(service: &ServiceConfig, access: &DirectAccess, place: &Place, findings: &mut Findings) {
    let of_token = access.audience.as_ref().map(|_| (TOKEN_VOLUME, TOKEN_FOLDER));
    let taken: Vec<_> = [(POD_INFO_VOLUME, POD_INFO_FOLDER)].into_iter().chain(of_token).collect();
    for (n, volume) in service.volumes.iter().enumerate() {
        let at = place.at("volumes").at(n);
        let known = |text: Option<&Text>, own: &str| text.and_then(Text::known) == Some(own);
        for (name, folder) in &taken {
            if known(Some(&volume.name), name) {
                findings
                    .error(SET_BY_KEYLOOM, at.at("name"), format!("`{name}` is a volume that the pod gets"))
                    .fix("rename it");
            }
            if known(volume.mount_path.as_ref(), folder) {
                findings
                    .error(SET_BY_KEYLOOM, at.at("mountPath"), format!("`{folder}` is mounted already"))
                    .fix("mount another folder");
            }
        }
    }
}
