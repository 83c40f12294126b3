//! Names of what stands beside the Deployment of a service that reads from Infisical itself.

use std::collections::BTreeMap;

use keyloom_syntax::Text;

use crate::code::{BAD_DEPLOYMENT, SET_BY_KEYLOOM};
use crate::finding::{Findings, List, Place};
use crate::name::NAMESPACE_MAX;
use crate::service::ServiceConfig;
use crate::service::direct::PEERS_SUFFIX;
use crate::validate::Rules;

/// Its name is that of a Service, and another Service has more letters.
pub(super) fn limits(rules: &Rules, service: &ServiceConfig, place: &Place, findings: &mut Findings) {
    let Some(name) = service.name.known() else { return };
    let longest = NAMESPACE_MAX - PEERS_SUFFIX.len();
    let (message, fix) = if name.len() > longest {
        let message = format!(
            "the name of a service that reads from Infisical itself is at most {longest} characters long, this one is {}",
            name.len()
        );
        (message, "give it a shorter name")
    } else if name.starts_with(|c: char| c.is_ascii_digit()) && !rules.relaxed_service_names {
        (format!("`{name}` is not the name of a Service before Kubernetes 1.36"), "begin it with a letter")
    } else {
        return;
    };
    findings
        .error(BAD_DEPLOYMENT, place.at("name"), message)
        .why("its pods are reached by a Service of that name, and find each other by `NAME-peers`")
        .fix(fix);
}

/// The Service of one service may have the name by which the pods of another find each other.
pub(in super::super) fn check(services: &[ServiceConfig], findings: &mut Findings) {
    let rendered = || {
        let each = services.iter().enumerate();
        each.filter(|(_, service)| service.image.is_some() && service.direct_access().is_some())
    };
    let mut peers: BTreeMap<(Option<&str>, String), usize> = BTreeMap::new();
    for (i, service) in rendered() {
        if let Some(name) = service.peers().written() {
            peers.insert((service.namespace.as_ref().and_then(Text::written), name.to_owned()), i);
        }
    }
    for (i, service) in rendered() {
        let Some(name) = service.name.written() else { continue };
        let namespace = service.namespace.as_ref().and_then(Text::written);
        if let Some(other) = peers.get(&(namespace, name.to_owned())) {
            findings
                .error(
                    SET_BY_KEYLOOM,
                    Place::item(List::Services, i).at("name"),
                    format!("`{name}` is the Service by which the pods of another service find each other"),
                )
                .fix("rename one of the two")
                .and(Place::item(List::Services, *other).at("name"), "its name and `-peers`");
        }
    }
}
