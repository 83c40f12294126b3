//! What Keyloom sets for a service that reads from Infisical itself, and what the service says of the same.

use keyloom_syntax::Text;

use crate::code::SET_BY_KEYLOOM;
use crate::finding::{Findings, Place};
use crate::service::direct::{
    ANNOTATION_DOMAIN, HTTP_PORT, POD_INFO_FOLDER, POD_INFO_VOLUME, SHARED_FOLDER, SHARED_VOLUME, SIDECAR,
    TOKEN_FOLDER, TOKEN_VARIABLE, TOKEN_VOLUME, VARIABLES, WEBHOOK_PORT_NAME,
};
use crate::service::{DirectAccess, ServiceConfig, SidecarMode};

pub(super) fn check(service: &ServiceConfig, access: &DirectAccess, place: &Place, findings: &mut Findings) {
    match &access.sidecar {
        None => variables(service, access, place, findings),
        Some(sidecar) => {
            let is_taken = |name: &str| sidecar.variables().contains(&name);
            set_already(service, is_taken, place, findings);
            if service.name.known() == Some(SIDECAR) {
                findings
                    .error(
                        SET_BY_KEYLOOM,
                        place.at("name"),
                        format!("`{SIDECAR}` is the container beside it"),
                    )
                    .why("the container of a service has its name, and a pod has a name once")
                    .fix("rename the service");
            }
        }
    }
    annotations(service, place, findings);
    ports(service, access, place, findings);
    volumes(service, access, place, findings);
}

fn variables(service: &ServiceConfig, access: &DirectAccess, place: &Place, findings: &mut Findings) {
    let of_token = access.has_own_token().then_some(TOKEN_VARIABLE);
    set_already(service, |name| VARIABLES.contains(&name) || of_token == Some(name), place, findings);
}

fn set_already(
    service: &ServiceConfig,
    is_taken: impl Fn(&str) -> bool,
    place: &Place,
    findings: &mut Findings,
) {
    for (n, variable) in service.env.iter().enumerate() {
        let Some(name) = variable.name.known().filter(|name| is_taken(name)) else { continue };
        findings
            .error(
                SET_BY_KEYLOOM,
                place.at("env").at(n).at("name"),
                format!("`{name}` is set from what `infisical` says"),
            )
            .why("one container has a variable once")
            .fix("leave it out here, and say it there");
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

/// The webhook listens on a port of its own: nobody can listen there too, and it is closed to most. The same is true of the port
/// at which a container beside the application answers it.
fn ports(service: &ServiceConfig, access: &DirectAccess, place: &Place, findings: &mut Findings) {
    let answers = access.sidecar.as_ref().is_some_and(|sidecar| sidecar.mode() == SidecarMode::Http);
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
        if answers && port.container_port == HTTP_PORT {
            findings
                .error(
                    SET_BY_KEYLOOM,
                    at.at("containerPort"),
                    format!("at port {HTTP_PORT} the container beside it answers"),
                )
                .why("the containers of a pod share their ports")
                .fix("give the application another port, or write `mode: files`");
        }
        if port.name.as_ref().and_then(Text::known) == Some(WEBHOOK_PORT_NAME) {
            findings
                .error(SET_BY_KEYLOOM, at.at("name"), "the port of the webhook has that name")
                .fix("if it is meant for the webhook, leave it out; otherwise rename it");
        }
    }
    if answers && access.port() == HTTP_PORT {
        findings
            .error(
                SET_BY_KEYLOOM,
                place.path("infisical.webhook.port"),
                format!("at port {HTTP_PORT} the application is answered"),
            )
            .fix("give the webhook another port");
    }
}

fn volumes(service: &ServiceConfig, access: &DirectAccess, place: &Place, findings: &mut Findings) {
    let of_token = access.has_own_token().then_some((TOKEN_VOLUME, TOKEN_FOLDER));
    let shared = access.sidecar.as_ref().map(|_| (SHARED_VOLUME, SHARED_FOLDER));
    let taken: Vec<_> =
        [(POD_INFO_VOLUME, POD_INFO_FOLDER)].into_iter().chain(of_token).chain(shared).collect();
    // Beside a sidecar the application itself sees what both share, and nothing else.
    let is_mounted = |folder: &str| access.sidecar.is_none() || folder == SHARED_FOLDER;
    for (n, volume) in service.volumes.iter().enumerate() {
        let at = place.at("volumes").at(n);
        let known = |text: Option<&Text>, own: &str| text.and_then(Text::known) == Some(own);
        for (name, folder) in &taken {
            if known(Some(&volume.name), name) {
                findings
                    .error(SET_BY_KEYLOOM, at.at("name"), format!("`{name}` is a volume that the pod gets"))
                    .fix("rename it");
            }
            if known(volume.mount_path.as_ref(), folder) && is_mounted(folder) {
                findings
                    .error(SET_BY_KEYLOOM, at.at("mountPath"), format!("`{folder}` is mounted already"))
                    .fix("mount another folder");
            }
        }
    }
}
