//! What the provider is told: its own inputs, as strings.

use std::path::PathBuf;

use keyloom_wire::property::PropertyMap;
use keyloom_wire::{Property, Value};

use super::kubeconfig::{self, Access};

/// The provider's inputs, and what follows from them.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    /// Where files are written instead of objects, if they are.
    pub(super) render: Option<PathBuf>,
    /// For objects that say no namespace.
    pub(super) namespace: String,
    /// Values of Secrets may be changed in place.
    pub(super) mutable_secrets: bool,
}

/// Reads the inputs; the cluster is an `Err` with the reason where it cannot be told, which is fine for files.
pub(super) fn read(inputs: &PropertyMap) -> (Settings, Result<Access, String>) {
    let given = |name| inputs.get(name).and_then(text).filter(|text| !text.is_empty());
    let access = kubeconfig::access(given("kubeconfig"), given("context"));
    let of_context = access.as_ref().map_or("", |access| &access.namespace);
    let namespace = match (given("namespace"), of_context) {
        (Some(given), _) => given,
        (None, "") => "default",
        (None, of_context) => of_context,
    };
    let settings = Settings {
        render: given("renderYamlToDirectory").map(PathBuf::from),
        namespace: namespace.to_owned(),
        mutable_secrets: inputs.get("enableSecretMutable").is_some_and(is_true),
    };
    (settings, access)
}

/// Inputs that do not go together: the property, and why.
pub(super) fn failures(inputs: &PropertyMap) -> Vec<(&'static str, String)> {
    let given = |name: &str| inputs.get(name).and_then(text).is_some_and(|text| !text.is_empty());
    if !given("renderYamlToDirectory") {
        return Vec::new();
    }
    let ambient = std::env::var("KUBECONFIG").ok();
    let is_ambient = |name| name == "kubeconfig" && ambient.as_deref() == inputs.get(name).and_then(text);
    let together =
        ["cluster", "context", "kubeconfig"].into_iter().filter(|name| given(name) && !is_ambient(*name));
    together.map(|name| (name, format!("{name} does not go with renderYamlToDirectory"))).collect()
}

/// Inputs that differ, and whether the provider, and with it all objects, must be replaced for it.
pub(super) fn changes(old: &PropertyMap, new: &PropertyMap) -> Vec<(String, bool)> {
    let only_new = new.keys().filter(|name| !old.contains_key(*name));
    let changed = old.keys().chain(only_new).filter(|name| old.get(*name) != new.get(*name));
    changed
        .map(|name| (name.clone(), name == "renderYamlToDirectory" || unknown_cluster(new, name)))
        .collect()
}

fn unknown_cluster(new: &PropertyMap, name: &str) -> bool {
    ["kubeconfig", "context", "cluster"].contains(&name) && new.get(name).is_some_and(Property::holds_unknown)
}

fn text(property: &Property) -> Option<&str> {
    property.as_str()
}

fn is_true(property: &Property) -> bool {
    matches!(&property.value, Value::Bool(true)) || property.as_str() == Some("true")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::object::from_json;

    const KUBECONFIG: &str = r#"{"clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:1"}}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "namespace": "apps"}}], "current-context": "x"}"#;

    #[test]
    fn inputs_are_strings() {
        let inputs =
            json!({"renderYamlToDirectory": "out", "kubeconfig": KUBECONFIG, "enableSecretMutable": "true"});
        let (settings, access) = read(&from_json(&inputs));
        assert_eq!(settings.render, Some(PathBuf::from("out")));
        assert_eq!(settings.namespace, "apps");
        assert!(settings.mutable_secrets);
        assert_eq!(access.unwrap().server, "https://127.0.0.1:1");
    }

    #[test]
    fn a_written_namespace_wins() {
        let inputs = json!({"kubeconfig": KUBECONFIG, "namespace": "other"});
        assert_eq!(read(&from_json(&inputs)).0.namespace, "other");
    }

    #[test]
    fn files_and_a_cluster_exclude_each_other() {
        let inputs =
            json!({"renderYamlToDirectory": "out", "kubeconfig": "k", "context": "", "cluster": "c"});
        let names: Vec<_> = failures(&from_json(&inputs)).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["cluster", "kubeconfig"]);
        assert!(failures(&from_json(&json!({"kubeconfig": "k"}))).is_empty());
    }

    #[test]
    fn another_folder_replaces() {
        let old = from_json(&json!({"renderYamlToDirectory": "a", "namespace": "x"}));
        let new = from_json(&json!({"renderYamlToDirectory": "b", "context": "y"}));
        let expected = [("namespace", false), ("renderYamlToDirectory", true), ("context", false)];
        assert_eq!(changes(&old, &new), expected.map(|(name, replace)| (name.to_owned(), replace)));
        assert!(changes(&old, &old).is_empty());
    }
}
