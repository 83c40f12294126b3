//! Services: every key that they read is produced by somebody, and none of their variables holds a credential.

use keyloom_syntax::Text;

use super::reads::{Holder, Produced, Reader};
use super::{Rules, literal};
use crate::code::ENV_NAME;
use crate::config::{ClusterExternalSecret, ExternalSecret};
use crate::document::SetAside;
use crate::finding::{Findings, List, Place};
use crate::name::is_env_name;
use crate::service::ServiceConfig;

mod deployment;
mod direct;
mod rotation;

pub(super) fn check(
    rules: &Rules,
    services: &[ServiceConfig],
    produced: &Produced<'_>,
    findings: &mut Findings,
) {
    for (i, service) in services.iter().enumerate() {
        let place = Place::item(List::Services, i);
        for (n, variable) in service.env.iter().enumerate() {
            let at = place.at("env").at(n);
            env_name(rules.relaxed_env_names, &variable.name, &at.at("name"), findings);
            if let (Some(name), Some(value)) = (variable.name.known(), &variable.value) {
                literal::constant(name, value, &at.at("value"), findings);
            }
        }
        deployment::check(service, &place, findings);
        direct::check(rules, service, &place, findings);
        let reads = service.reads_at(&place);
        rotation::check(service, &reads, &place, findings);
        let namespace = service.namespace.as_ref();
        Reader::new(produced, namespace, rules.relaxed_env_names).all(&reads, findings);
    }
    direct::names(services, findings);
}

/// The Secrets that external secrets write; those of `everywhere` are in namespaces that only the cluster knows.
pub(super) fn produced<'a>(
    made: &'a [Option<ExternalSecret>],
    everywhere: &'a [Option<ClusterExternalSecret>],
    set_aside: &'a [SetAside],
) -> Produced<'a> {
    let secrets = made.iter().flatten();
    let secrets = secrets.chain(everywhere.iter().flatten().map(|item| &item.external_secret));
    let mut produced = Produced::new(secrets.filter_map(Holder::of));
    let of_secrets =
        |item: &&SetAside| matches!(item.list, List::ExternalSecrets | List::ClusterExternalSecrets);
    for item in set_aside.iter().filter(of_secrets) {
        produced.set_aside(item.target.as_ref().or(item.name.as_ref()));
    }
    // What a pipeline would have written is not known.
    if set_aside.iter().any(|item| item.list == List::Pipelines) {
        produced.set_aside(None);
    }
    if made.iter().any(Option::is_none) || everywhere.iter().any(Option::is_none) {
        produced.set_aside(None);
    }
    produced
}

/// Where the API server of older versions refuses the pod.
pub(super) fn env_name(relaxed: bool, name: &Text, place: &Place, findings: &mut Findings) {
    let Some(known) = name.known() else { return };
    if known.is_empty() || is_env_name(known, relaxed) {
        return;
    }
    findings
        .error(ENV_NAME, place.clone(), format!("`{known}` is not the name of an environment variable"))
        .why("the API server refuses the pod; Kubernetes 1.34 and newer take any printable ASCII but `=`")
        .fix("rename the variable, or write `versions: {kubernetes: ...}` if the cluster is newer");
}
