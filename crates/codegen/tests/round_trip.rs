//! Whatever a text holds, both a reader of YAML 1.1's family (libyaml, as kubectl's) and one of YAML 1.2 give it
//! back as the same string.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod reader;

use keyloom_codegen::kubernetes::{render, render_one};
use keyloom_resources::external_secret::{Data, ExternalSecretSpec, RemoteRef, Target, Template};
use keyloom_resources::walk::to_completed_json;
use keyloom_resources::{
    EsoVersion, ExternalSecret, Kubernetes, Metadata, Resource, ResourceSet, Secret, TextMap,
};
use keyloom_syntax::{Origins, Text};
use proptest::prelude::*;
use serde_json::Value;

const ESO: EsoVersion = EsoVersion::newest();

/// An object with `text` as a value, a key, an item of a list, and deep inside, with neighbours after each.
fn object(text: &str) -> Resource {
    let map: TextMap = [(text.to_owned(), Text::from(text)), ("after".to_owned(), Text::from("x"))].into();
    ExternalSecret {
        metadata: Metadata { name: text.into(), annotations: map.clone(), ..Metadata::default() },
        spec: ExternalSecretSpec {
            target: Some(Target {
                template: Some(Template { data: map, ..Template::default() }),
                ..Target::default()
            }),
            data: vec![
                Data {
                    secret_key: text.into(),
                    remote_ref: RemoteRef { key: text.into(), ..RemoteRef::default() },
                    source_ref: None,
                };
                2
            ],
            ..ExternalSecretSpec::default()
        },
    }
    .into()
}

fn json(resource: &Resource) -> Value {
    let object = resource.kubernetes().unwrap();
    to_completed_json(object, object.defaults(ESO)).unwrap()
}

fn assert_round_trip(text: &str) {
    let resource = object(text);
    let mut bytes = Vec::new();
    render_one(resource.kubernetes().unwrap(), ESO, &mut bytes).unwrap();
    let yaml = String::from_utf8(bytes).unwrap();
    let expected = json(&resource);
    let libyaml: Value =
        yaml_serde::from_str(&yaml).unwrap_or_else(|error| panic!("{error}: {text:?}\n{yaml}"));
    assert_eq!(libyaml, expected, "{yaml}");
    assert_eq!(reader::documents(&yaml), [expected], "{yaml}");
    assert!(yaml.ends_with('\n'));
    assert!(!yaml.lines().any(|line| line.ends_with(' ')), "a space ends a line:\n{yaml}");
}

#[test]
fn hostile_strings_survive() {
    let hostile: Vec<String> = serde_json::from_str(include_str!("data/hostile.json")).unwrap();
    assert!(hostile.len() > 300);
    hostile.iter().for_each(|text| assert_round_trip(text));
    // All in one file: no document is taken for a part of the one before it.
    let set = ResourceSet {
        eso: ESO,
        resources: hostile.iter().map(|text| object(text)).collect(),
        ..ResourceSet::default()
    };
    let mut bytes = Vec::new();
    render(&set, &mut bytes).unwrap();
    let documents = reader::documents(std::str::from_utf8(&bytes).unwrap());
    assert!(documents.into_iter().eq(set.resources.iter().map(json)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn any_string_survives(text in any::<String>()) {
        assert_round_trip(&text);
    }

    #[test]
    fn strings_of_yaml_s_own_characters_survive(text in r##"[-?:,\[\]{}#&*!|>'"%@`~=<.+0-9a-fonyxt \t\n\r\\]{0,12}"##) {
        assert_round_trip(&text);
    }

    #[test]
    fn lines_survive(text in "([ \t]{0,2}[a#:'-]{0,2}[ \t]{0,1}\n{0,3}){0,5}") {
        assert_round_trip(&text);
    }
}

#[test]
fn a_text_that_may_not_be_written_is_refused_by_place() {
    let mut resource = object("fine");
    let Resource::Kubernetes(Kubernetes::ExternalSecret(secret)) = &mut resource else { panic!() };
    secret.spec.data[1].remote_ref.key = Text::unknown(true, Origins::NONE);
    let mut out = Vec::new();
    let error = render_one(resource.kubernetes().unwrap(), ESO, &mut out).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
    assert_eq!(
        error.to_string(),
        "ExternalSecret fine: the text at spec.data[1].remoteRef.key is secret, or not known yet"
    );
    assert!(out.is_empty());
}

/// A credential that a program handed over: manifests name its place and never hold it.
#[test]
fn a_credential_is_refused_by_place_and_never_written() {
    let value = Text::secret("canary-4711".to_owned().into(), Origins::NONE);
    let secret = Secret {
        metadata: Metadata { name: "main-credentials".into(), ..Metadata::default() },
        string_data: [("universalAuth.clientSecret".to_owned(), value)].into(),
    };
    let set = ResourceSet { eso: ESO, resources: vec![secret.into()], ..ResourceSet::default() };
    let mut out = Vec::new();
    let error = render(&set, &mut out).unwrap_err();
    let expected = "Secret main-credentials: the text at stringData.universalAuth.clientSecret is secret, or not known yet";
    assert_eq!(error.to_string(), expected);
    assert_eq!(
        keyloom_codegen::files::files(&set, &keyloom_codegen::Format::ALL, false).unwrap_err().to_string(),
        expected
    );
    assert!(out.is_empty() && !format!("{error:?}").contains("canary"));
}

#[test]
fn what_the_api_server_would_add_is_written_for_the_version_that_runs() {
    let data = vec![Data { secret_key: "A".into(), remote_ref: RemoteRef::new("/a"), source_ref: None }];
    let metadata = Metadata { name: "api".into(), ..Metadata::default() };
    let spec = ExternalSecretSpec { data, ..ExternalSecretSpec::default() };
    let resources = vec![ExternalSecret { metadata, spec }.into()];
    let old = ResourceSet { eso: EsoVersion::new(0, 20), resources, ..ResourceSet::default() };
    let new = ResourceSet { eso: EsoVersion::new(2, 9), ..old.clone() };
    let yaml = |set| {
        let mut bytes = Vec::new();
        render(set, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    };
    let head = "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata:\n  name: api\nspec:\n  data:\n    \
                - secretKey: A\n      remoteRef:\n        key: /a\n";
    let target = "  target:\n    creationPolicy: Owner\n    deletionPolicy: Retain\n";
    assert_eq!(yaml(&new), format!("{head}  refreshInterval: 1h0m0s\n{target}"));
    let strategies =
        "        conversionStrategy: Default\n        decodingStrategy: None\n        metadataPolicy: None\n";
    assert_eq!(yaml(&old), format!("{head}{strategies}  refreshInterval: 1h\n{target}"));
}
