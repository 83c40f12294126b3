use super::infisical::{APP_CONNECTIONS, Case, Choice, Default, SECRET_SYNCS, Words};
use super::*;

/// Every schema that is condensed, with its name.
fn all() -> impl Iterator<Item = (&'static str, &'static Schema)> {
    let kinds = [Kind::Resource, Kind::Data, Kind::Ephemeral];
    let of_kind = move |provider: Provider, kind| {
        provider.names(kind).map(move |name| (name, schema(kind, name).expect("a line is a schema")))
    };
    Provider::ALL
        .into_iter()
        .flat_map(move |provider| kinds.into_iter().flat_map(move |kind| of_kind(provider, kind)))
        .chain(Provider::ALL.into_iter().map(|provider| (provider.name(), provider.config())))
}

fn every_attribute<'s>(attributes: &'s [Attribute], to: &mut Vec<&'s Attribute>) {
    for attribute in attributes {
        to.push(attribute);
        every_attribute(attribute.ty.nested(), to);
    }
}

#[test]
fn every_line_is_read_whole() {
    let mut count = 0;
    for (name, schema) in all() {
        assert!(!schema.attributes.is_empty() || !schema.blocks.is_empty(), "{name}");
        let mut attributes = Vec::new();
        every_attribute(&schema.attributes, &mut attributes);
        for attribute in attributes {
            assert!(
                attribute.required || attribute.optional || attribute.computed,
                "{name} {}",
                attribute.name
            );
            assert!(!format!("{:?}", attribute.ty).contains("Unknown"), "{name} {}", attribute.name);
            count += 1;
        }
    }
    assert!(count > 1500, "{count}");
}

#[test]
fn types_flags_and_blocks_are_what_the_provider_says() {
    let github = schema(Kind::Resource, "infisical_secret_sync_github").unwrap();
    let ids = github.at(&["destination_config", "selected_repository_ids"]).unwrap();
    assert_eq!(ids.ty.words(), "a list of numbers");
    assert!(ids.optional && !ids.required && !ids.computed && ids.is_settable());
    assert!(!github.attribute("id").unwrap().is_settable());
    let rotation = schema(Kind::Resource, "aws_secretsmanager_secret_rotation").unwrap();
    let rules = rotation.block("rotation_rules").unwrap();
    assert_eq!((rules.nesting, rules.min, rules.max), (BlockNesting::List, 1, Some(1)));
    let version = schema(Kind::Resource, "aws_secretsmanager_secret_version").unwrap();
    assert!(version.attribute("secret_string_wo").unwrap().write_only);
    assert_eq!(schema(Kind::Resource, "infisical_nothing"), None);
    assert_eq!(schema(Kind::Resource, "google_thing"), None);
    assert!(Provider::Infisical.config().at(&["auth", "universal", "client_id"]).is_some());
}

#[test]
fn the_header_names_the_version() {
    for provider in Provider::ALL {
        let version = format!("\"version\":\"{}\"", provider.version());
        assert!(
            provider.file().text.lines().any(|line| line.trim_end_matches(',') == version),
            "{provider:?}"
        );
    }
}

/// The table beside the schemas: each kind has a row, and a row names what is there.
#[test]
fn every_connection_and_sync_has_a_row() {
    let named = |prefix: &str| -> Vec<&str> {
        let names = Provider::Infisical.names(Kind::Resource);
        names.filter(|name| name.starts_with(prefix)).collect()
    };
    let resources: Vec<_> = APP_CONNECTIONS.iter().map(|one| one.resource).collect();
    assert_eq!(resources, named("infisical_app_connection_"));
    let resources: Vec<_> = SECRET_SYNCS.iter().map(|one| one.resource).collect();
    assert_eq!(resources, named("infisical_secret_sync_"));
    for one in APP_CONNECTIONS {
        assert_eq!(one.resource.replace('_', "-"), format!("infisical-app-connection-{}", one.app));
        check(one.resource, "credentials", one.methods, one.words, one.defaults);
        let credentials = one.schema().unwrap().attribute("credentials").unwrap();
        for attribute in credentials.ty.nested() {
            let known = one.methods.iter().any(|method| method.has(attribute.name));
            let needed = one.methods.iter().all(|method| method.needs.contains(&attribute.name));
            assert!(known && (needed || !attribute.required), "{} {}", one.app, attribute.name);
        }
    }
    for one in SECRET_SYNCS {
        assert_eq!(one.resource.replace('_', "-"), format!("infisical-secret-sync-{}", one.kind));
        assert!(infisical::app_connection(one.app).is_some(), "{}", one.app);
        let cases = one.choice.map_or(&[][..], |Choice { cases, .. }| cases);
        check(one.resource, "destination_config", cases, one.words, one.defaults);
        if let Some(choice) = one.choice {
            let attribute = one.schema().unwrap().at(&["destination_config", choice.attribute]).unwrap();
            assert_eq!(attribute.required, choice.default.is_none(), "{}", one.kind);
        }
    }
}

fn check(resource: &str, place: &str, cases: &[Case], words: &[Words], defaults: &[(&str, Default)]) {
    let named = cases.iter().flat_map(|case| case.needs.iter().chain(case.may)).copied();
    let named = named.chain(words.iter().map(|words| words.attribute));
    for name in named.chain(defaults.iter().map(|(name, _)| *name)) {
        let found = schema(Kind::Resource, resource).and_then(|schema| schema.at(&[place, name]));
        assert!(found.is_some(), "{resource}: {place}.{name} is not there");
    }
}
