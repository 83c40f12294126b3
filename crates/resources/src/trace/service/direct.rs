//! A service that reads from Infisical itself: as whom, what, and how it is told of changes.

use keyloom_models::Text;
use keyloom_models::service::direct::{HTTP_PORT, SECRETS_FOLDER, SIDECAR, TOKEN_FILE};
use keyloom_models::service::{DirectAccess, Reviewer, ServiceConfig, Sidecar, SidecarMode};

use super::{Hop, qualified, shown};

pub(super) fn hops(service: &ServiceConfig, access: &DirectAccess) -> Vec<Hop> {
    let folder = format!(
        "project {}, environment {}, folder {}",
        shown(&access.project_id),
        access.environment().shown(),
        access.secret_path().shown()
    );
    let mut hops = vec![
        Hop::new("logs in", format!("identity {}", shown(&access.identity_id)), login(service, access)),
        Hop::new("reads", format!("Infisical {folder}"), access.api_url().shown().to_owned()),
    ];
    if service.image.is_some() {
        hops.extend(access.sidecar.as_ref().map(handed_on));
        hops.push(Hop::new("told by", webhook(service, access), deliverers(service, access)));
    }
    hops
}

/// How the application gets at what the container beside it reads.
fn handed_on(sidecar: &Sidecar) -> Hop {
    let note = match sidecar.mode() {
        SidecarMode::Files => format!("a file for each below {SECRETS_FOLDER}"),
        SidecarMode::Http => format!("over HTTP at 127.0.0.1:{HTTP_PORT}, with the token in {TOKEN_FILE}"),
    };
    Hop::new("handed on", format!("container {SIDECAR}, image {}", shown(&sidecar.image)), note)
}

fn login(service: &ServiceConfig, access: &DirectAccess) -> String {
    let account = match service.account() {
        Some(account) => format!("as ServiceAccount {}", qualified(service.namespace.as_ref(), &account)),
        None => "as the pod's account".to_owned(),
    };
    match access.reviewer() {
        Reviewer::Client => format!("{account}, which may ask the API server who it is"),
        Reviewer::Server => account,
    }
}

fn webhook(service: &ServiceConfig, access: &DirectAccess) -> String {
    let host = match &service.namespace {
        Some(namespace) => format!("{}.{}.svc", shown(&service.name), shown(namespace)),
        None => shown(&service.name).to_owned(),
    };
    format!("http://{host}:{}/infisical/webhook", access.port())
}

fn deliverers(service: &ServiceConfig, access: &DirectAccess) -> String {
    let namespaces = access.deliverers(service.namespace.as_ref());
    let names: Vec<_> = namespaces.iter().map(Text::shown).collect();
    let mut note = match names.as_slice() {
        [] => "nobody may deliver it".to_owned(),
        [one] => format!("delivered from namespace {one}"),
        several => format!("delivered from namespaces {}", several.join(", ")),
    };
    note.push_str(", its pods tell each other");
    note
}
