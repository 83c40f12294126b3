use keyloom_models::schema::compile;
use keyloom_syntax::check::{Problem, check};
use serde_json::json;

use super::*;

fn problems(component: Component, inputs: &Value) -> Vec<Problem<()>> {
    let schema = compile(&component.input_schema()).unwrap();
    schema.compile_patterns().unwrap();
    let mut found = Vec::new();
    check(inputs, &schema, &mut found);
    found
        .into_iter()
        .map(|it| Problem {
            fix: it.fix,
            why: it.why,
            path: it.path,
            label: it.label,
            ..Problem::error(it.code, (), it.message)
        })
        .collect()
}

fn codes(component: Component, inputs: &Value) -> Vec<&'static str> {
    problems(component, inputs).iter().map(|problem| problem.code).collect()
}

#[test]
fn every_schema_is_draft_07_and_demands_what_a_program_must_say() {
    for (component, required) in Component::ALL.into_iter().zip([
        json!(["provider"]),
        json!([]),
        json!(["secretStoreRef", "path"]),
        json!(["secretStoreRef", "path", "keyName"]),
        json!(["secretStoreRef", "path"]),
        json!(["app", "credentials"]),
        json!([
            "type",
            "appConnection",
            "projectId",
            "environment",
            "secretPath",
            "destinationConfig",
            "syncOptions"
        ]),
        Value::Null,
    ]) {
        let schema = component.input_schema();
        jsonschema::draft7::meta::validate(&schema).unwrap();
        assert_eq!(schema["required"], required, "{component:?}");
        assert_eq!(schema["additionalProperties"], false, "{component:?}");
        compile(&schema).unwrap().compile_patterns().unwrap();
        let text = schema.to_string();
        assert!(!text.contains("<text>"), "{component:?}");
    }
}

#[test]
fn a_bare_name_of_a_store_is_told_what_to_write() {
    let inputs = json!({"secretStoreRef": "main", "path": "/db"});
    let found = problems(Component::DatabaseCredentials, &inputs);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].code, found[0].path.as_str()), ("unknown-store", "secretStoreRef"));
    let fix = found[0].fix.as_deref().unwrap();
    assert!(fix.contains("`ref`") && fix.contains("{name: ..., kind: SecretStore, provider: ...}"), "{fix}");
    let whole = json!({"name": "main", "kind": "SecretStore", "provider": "vault", "path": "kv"});
    assert_eq!(
        codes(Component::DatabaseCredentials, &json!({"secretStoreRef": whole, "path": "/db"})),
        [""; 0]
    );
    let found = problems(
        Component::ApiKey,
        &json!({"secretStoreRef": {"name": "main"}, "path": "p", "keyName": "K"}),
    );
    assert_eq!(found[0].message, "missing field `provider`");
    assert!(found[0].fix.as_deref().unwrap().contains("`ref`"), "{found:?}");
}

fn infisical(client_secret: &Value) -> Value {
    let auth =
        json!({"universalAuth": {"clientId": {"name": "id", "key": "id"}, "clientSecret": client_secret}});
    json!({"provider": "infisical", "infisical": {"projectSlug": "p", "environment": "e", "auth": auth}})
}

#[test]
fn a_reference_to_a_secret_takes_a_value_in_its_place() {
    assert_eq!(codes(Component::SecretStore, &infisical(&json!({"value": "v"}))), [""; 0]);
    assert_eq!(codes(Component::SecretStore, &infisical(&json!({"name": "n", "key": "k"}))), [""; 0]);
    assert_eq!(
        codes(Component::SecretStore, &infisical(&json!({"value": "v", "namespace": "web"}))),
        [""; 0]
    );
    let both =
        problems(Component::SecretStore, &infisical(&json!({"value": "canary", "name": "n", "key": "k"})));
    assert_eq!(both.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["inline-credential"; 2]);
    assert!(!format!("{both:?}").contains("canary"));
    let bare = problems(Component::SecretStore, &infisical(&json!("canary")));
    assert!(bare[0].fix.as_deref().unwrap().contains("{value: ...}"), "{bare:?}");
    assert!(!format!("{bare:?}").contains("canary"));
    assert_eq!(codes(Component::SecretStore, &infisical(&json!({}))), ["missing-field"]);
    let carried =
        json!({"provider": "doppler", "doppler": {"auth": {"secretRef": {"dopplerToken": {"value": "v"}}}}});
    assert_eq!(codes(Component::SecretStore, &carried), [""; 0]);
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let inputs = json!({
        "provider": "vault", "vaults": 1, "external": true, "clusterScoped": "yes",
        "vault": {"server": "https://v", "auth": {"tokenSecretRef": {"name": "t"}, "ldap": {"username": "u"}}},
    });
    let mut found = codes(Component::SecretStore, &inputs);
    found.sort_unstable();
    assert_eq!(found, ["two-auth-methods", "unknown-field", "unknown-field", "wrong-type"]);
}

#[test]
fn leaves_that_may_come_later_are_marked_and_words_are_not() {
    let schema = Component::SecretStore.input_schema();
    let mark = |pointer: &str| {
        schema.pointer(pointer).unwrap_or_else(|| panic!("{pointer}")).get("x-text").is_some()
    };
    assert!(mark("/properties/namespace") && mark("/definitions/VaultConfig/properties/server"));
    assert!(
        mark("/definitions/VaultConfig/properties/caBundle")
            && mark("/definitions/VaultAuth/properties/namespace")
    );
    assert!(mark("/properties/labels/additionalProperties"));
    for plain in [
        "/properties/name",
        "/properties/provider",
        "/properties/refreshInterval",
        "/properties/clusterScoped",
    ] {
        assert!(!mark(plain), "{plain}");
    }
    assert_eq!(schema.pointer("/properties/doppler/x-block"), Some(&true.into()));
    let schema = Component::DatabaseCredentials.input_schema();
    let mark = |pointer: &str| {
        schema.pointer(pointer).unwrap_or_else(|| panic!("{pointer}")).get("x-text").is_some()
    };
    assert!(mark("/properties/path") && mark("/properties/keys/properties/host/anyOf/0"));
    assert!(mark("/properties/as/properties/host") && mark("/definitions/SecretStoreRef/properties/name"));
    assert!(!mark("/properties/layout") && !mark("/definitions/SecretStoreRef/properties/provider"));
    assert!(!keyloom_models::document_schema().to_string().contains("x-text"));
}

#[test]
fn a_declaration_comes_from_one_place() {
    assert_eq!(codes(Component::Keyloom, &json!({"file": "keyloom.yaml", "environment": "prod"})), [""; 0]);
    for wrong in [json!({}), json!({"file": "a", "content": "b"})] {
        assert_eq!(codes(Component::Keyloom, &wrong), ["exactly-one"]);
    }
    let Inputs::Keyloom(read) = Component::Keyloom.read("k", json!({"content": "{}"})).unwrap() else {
        panic!("a declaration")
    };
    assert_eq!(read.content.as_deref(), Some("{}"));
}

#[test]
fn tokens_lead_back_to_their_components() {
    for component in Component::ALL {
        assert_eq!(Component::of_token(&component.token()), Some(component));
        assert!(component.outputs().iter().all(|output| output.about.ends_with('.')));
    }
    assert_eq!(Component::of_token("keyloom:index:Other"), None);
}

/// Pulumi keeps the word `pulumi` for itself.
#[test]
fn the_block_of_pulumi_has_another_name() {
    let block = json!({"environment": "prod", "organization": "o", "project": "p", "auth": {"accessToken": {"secretRef": {"value": "v"}}}});
    let inputs = json!({"provider": "pulumi", "pulumiEsc": block});
    assert_eq!(codes(Component::SecretStore, &inputs), [""; 0]);
    let Inputs::SecretStore(store) = Component::SecretStore.read("esc", inputs).unwrap() else {
        panic!("a store")
    };
    assert_eq!(store.provider().as_str(), "pulumi");
    let found = problems(Component::SecretStore, &json!({"provider": "pulumi", "pulumi": block}));
    assert!(found.iter().any(|problem| format!("{problem:?}").contains("pulumiEsc")), "{found:?}");
    assert_eq!(
        codes(
            Component::SecretStore,
            &json!({"provider": "vault", "vault": {"server": "https://v"}, "pulumiEsc": block})
        ),
        ["foreign-provider-block"]
    );
    assert_eq!(codes(Component::SecretStore, &json!({"provider": "pulumi"})), ["missing-field"]);
}

mod inline {
    use keyloom_models::{Document, InfisicalConfig, SecretKeySelector, SecretStoreConfig, UniversalAuth};
    use keyloom_syntax::{Origins, Text};

    use crate::walk::to_json;
    use crate::{Resource, needs, synthesize};

    fn config() -> keyloom_models::Config {
        let secret = |value: &str| Text::secret(value.to_owned().into(), Origins::NONE);
        let auth = UniversalAuth {
            client_id: SecretKeySelector::new("identity", "id"),
            client_secret: SecretKeySelector::inline(secret("canary-4711")),
        };
        let mut store =
            SecretStoreConfig::infisical("main", InfisicalConfig::new("p", "e").auth(auth)).namespace("web");
        store.labels.insert("team".to_owned(), "web".into());
        Document::new().store(store).validate().unwrap()
    }

    #[test]
    fn the_secret_goes_before_its_store_and_is_never_shown() {
        let set = synthesize(&config());
        let [Resource::Kubernetes(secret), Resource::Kubernetes(store)] = set.resources.as_slice() else {
            panic!("a Secret and a store")
        };
        assert_eq!((secret.api_version(), secret.kind(), secret.cluster_scoped()), ("v1", "Secret", false));
        assert_eq!(needs(&set), [vec![], vec![0]]);
        let refused = to_json(secret).unwrap_err();
        assert_eq!(refused.path, "stringData.universalAuth.clientSecret");
        let store = to_json(store).unwrap();
        assert_eq!(
            store.pointer("/spec/provider/infisical/auth/universalAuthCredentials/clientSecret").unwrap(),
            &serde_json::json!({"name": "main-credentials", "key": "universalAuth.clientSecret"})
        );
        assert!(!format!("{set:?}{refused}{store}").contains("canary"));
    }

    #[test]
    fn a_trace_names_the_keys() {
        let traces = crate::trace::trace(&config(), "main");
        let hop = &traces[0].hops[1];
        assert_eq!((hop.system, hop.what.as_str()), ("logs in with", "Secret web/main-credentials"));
        assert_eq!(hop.note, "universalAuth.clientSecret");
        assert!(!format!("{traces:?}").contains("canary"));
    }
}
