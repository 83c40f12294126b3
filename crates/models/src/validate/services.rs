//! Services: every key that they read is produced by somebody, and none of their variables holds a credential.

use super::reads::{Holder, Produced, Reader};
use super::{Rules, literal};
use crate::config::ExternalSecret;
use crate::document::SetAside;
use crate::finding::{Findings, List, Place};
use crate::service::ServiceConfig;

pub(super) fn check(
    rules: &Rules,
    services: &[ServiceConfig],
    made: &[Option<ExternalSecret>],
    set_aside: &[SetAside],
    findings: &mut Findings,
) {
    if services.is_empty() {
        return;
    }
    let mut produced = Produced::new(made.iter().flatten().map(Holder::of));
    for item in set_aside.iter().filter(|item| item.list == List::ExternalSecrets) {
        produced.set_aside(item.target.as_ref().or(item.name.as_ref()));
    }
    if made.iter().any(Option::is_none) {
        produced.set_aside(None);
    }
    for (i, service) in services.iter().enumerate() {
        let place = Place::item(List::Services, i);
        for (n, variable) in service.env.iter().enumerate() {
            if let (Some(name), Some(value)) = (variable.name.known(), &variable.value) {
                literal::constant(name, value, &place.at("env").at(n).at("value"), findings);
            }
        }
        let namespace = service.namespace.as_ref();
        Reader::new(&produced, namespace, rules.relaxed_env_names).all(&service.reads_at(&place), findings);
    }
}
