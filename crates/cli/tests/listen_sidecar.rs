//! What is rendered beside an application is what `keyloom listen` takes: its arguments, its variables, the annotations of the pod.

#![cfg(all(feature = "live", unix))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

mod support;

use support::{finished, run_in};

/// The pods of the service with a sidecar in that mode.
fn pods(mode: &str) -> Value {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/all-of-services/keyloom.yaml");
    let dir = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(example).unwrap().replace("mode: files", &format!("mode: {mode}"));
    fs::write(dir.path().join("keyloom.yaml"), text).unwrap();
    let rendered = run_in(dir.path(), &["render"]);
    assert_eq!(rendered.code, 0, "{}", rendered.err);
    let objects = yaml_serde::Deserializer::from_str(&rendered.out)
        .map(|document| <Value as serde::Deserialize>::deserialize(document).unwrap());
    let is_it = |object: &Value| object["kind"] == "Deployment" && object["metadata"]["name"] == "billing";
    objects.into_iter().find(is_it).unwrap()["spec"]["template"].clone()
}

#[test]
fn arguments_variables_and_annotations_are_taken() {
    for (mode, handed_on) in [("files", "--dir=/run/keyloom/secrets"), ("http", "--serve=127.0.0.1:8200")] {
        let pods = pods(mode);
        let sidecar = &pods["spec"]["initContainers"][0];
        let args: Vec<_> =
            sidecar["args"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        assert!(args.contains(&handed_on), "{args:?}");
        let annotations = tempfile::NamedTempFile::new().unwrap();
        let all = pods["metadata"]["annotations"].as_object().unwrap();
        let text: String = all.iter().map(|(key, value)| format!("{key}={value}\n")).collect();
        fs::write(annotations.path(), text).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyloom"));
        command.args(&args).arg("--check").env_clear().stdin(Stdio::null());
        for variable in sidecar["env"].as_array().unwrap() {
            let name = variable["name"].as_str().unwrap();
            match (name, variable["value"].as_str()) {
                ("KEYLOOM_ANNOTATIONS", _) => command.env(name, annotations.path()),
                ("INFISICAL_IDENTITY_ID", None) => {
                    command.env(name, all["infisical.com/identity-id"].as_str().unwrap())
                }
                ("KEYLOOM_POD_IP", None) => command.env(name, "10.0.0.7"),
                // What annotations say as well is left to them.
                ("INFISICAL_ENVIRONMENT" | "INFISICAL_SECRET_PATH", _) => &mut command,
                (_, Some(value)) => command.env(name, value),
                (_, None) => panic!("{name} has no value"),
            };
        }
        let checked = finished(command.output().unwrap());
        assert_eq!(checked.code, 0, "{}", checked.err);
        for (name, value, said) in [
            ("INFISICAL_PROJECT_ID", "web-shop", "variable INFISICAL_PROJECT_ID"),
            ("INFISICAL_ENVIRONMENT", "production", "annotation infisical.com/environment"),
            ("INFISICAL_SECRET_PATH", "/services/billing", "annotation infisical.com/secret-path"),
            ("KEYLOOM_PEERS", "billing-peers.shop.svc", "variable KEYLOOM_PEERS"),
        ] {
            let line = checked.out.lines().find(|line| line.split(' ').next() == Some(name)).unwrap();
            assert!(line.contains(value) && line.ends_with(said), "{line}");
        }
    }
}
