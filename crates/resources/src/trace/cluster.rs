//! External secrets and push secrets in each of several namespaces: where, and then as in one of them.

use keyloom_models::Config;
use keyloom_models::config::{ClusterExternalSecret, ClusterPushSecret};
use keyloom_models::selector::LabelSelector;

use super::push::labels;
use super::{Hop, push, secret, shown};

pub(super) fn external(config: &Config, item: &ClusterExternalSecret) -> Vec<Hop> {
    let mut places: Vec<String> =
        item.namespace_selectors.iter().chain(&item.namespace_selector).map(labels).collect();
    places.extend(item.namespaces.iter().map(|name| format!("the name {}", shown(name))));
    let what = format!("ClusterExternalSecret {}", shown(&item.name));
    let mut hops = vec![Hop::new("ESO", what, namespaces(&places))];
    hops.extend(secret::hops(config, &item.external_secret));
    hops
}

pub(super) fn push(config: &Config, item: &ClusterPushSecret) -> Vec<Hop> {
    let places: Vec<String> = item.namespace_selectors.iter().map(|it: &LabelSelector| labels(it)).collect();
    let what = format!("ClusterPushSecret {}", shown(&item.name));
    let mut hops = vec![Hop::new("ESO", what, namespaces(&places))];
    hops.extend(push::hops(config, &item.push_secret));
    hops
}

fn namespaces(places: &[String]) -> String {
    format!("in every namespace with {}", places.join(", or with "))
}
