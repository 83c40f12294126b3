//! The template of a Secret: what was declared, and what selections, constants, connection strings, typed connections and
//! registries need.
//!
//! Values are Go templates. Keys are looked up with `index`, which knows dashes and dots, and literal text that holds
//! `{{` is escaped.

use keyloom_models::config::{self, FromEntry, Registry, Url};
use keyloom_models::policy::TemplateMergePolicy;
use keyloom_models::template as written;
use keyloom_syntax::Text;

use crate::external_secret::{Template, TemplateFrom, TemplateItem, TemplateMetadata, TemplateSource};
use crate::metadata::TextMap;

mod connection;

/// The selections that are made by template: from whole entries of which some fields are kept.
pub(super) struct Selection<'a> {
    entries: &'a [FromEntry],
    /// Whether single values are fetched beside them.
    beside_data: bool,
}

impl<'a> Selection<'a> {
    pub(super) fn of(item: &'a config::ExternalSecret) -> Self {
        Self { entries: &item.data_from, beside_data: !item.data.is_empty() }
    }

    fn is_empty(&self) -> bool {
        self.entries.iter().all(|entry| entry.keep.is_none())
    }

    /// What is put before the keys of an entry while they wait for the template; nothing where an entry is alone and
    /// its keys meet no others.
    pub(super) fn scratch(&self, index: usize) -> Option<String> {
        let kept = self.entries.get(index).is_some_and(|entry| entry.keep.is_some());
        (kept && (self.entries.len() > 1 || self.beside_data)).then(|| format!("from{index}."))
    }

    /// The fetched key that a key of the Secret is made of: templates see what is fetched, not what is written.
    fn fetched(&self, key: &Text) -> Text {
        self.pairs().find(|(made, _)| made == key).map_or_else(|| key.clone(), |(_, fetched)| fetched)
    }

    /// Pairs of key in the Secret and the fetched key it is made of.
    fn pairs(&self) -> impl Iterator<Item = (Text, Text)> {
        self.entries.iter().enumerate().flat_map(|(i, entry)| {
            let scratch = self.scratch(i);
            entry.keep.iter().flatten().map(move |(key, field)| {
                let key = entry.prefix.as_ref().map_or_else(|| key.clone(), |prefix| prefix.join(key));
                let fetched = scratch
                    .as_ref()
                    .map_or_else(|| field.clone(), |scratch| Text::from(scratch.as_str()).join(field));
                (key, fetched)
            })
        })
    }
}

/// The template, if one is needed.
pub(super) fn lower(item: &config::ExternalSecret, select: &Selection<'_>) -> Option<Template> {
    let declared = item.target.template.as_ref();
    let made = made(item, select);
    let mut template = match declared {
        Some(template) => from_written(template),
        None if made.is_empty() && item.target.secret_type.is_none() => return None,
        // The operator copies labels and annotations as long as there is no template. One that is made here must not end that.
        None => Template {
            metadata: (!item.labels.is_empty() || !item.annotations.is_empty()).then(|| TemplateMetadata {
                labels: item.labels.clone(),
                annotations: item.annotations.clone(),
                finalizers: Vec::new(),
            }),
            ..Template::default()
        },
    };
    if let (None, Some(kind)) = (&template.kind, item.target.secret_type) {
        template.kind = Some(kind.into());
    }
    if !made.is_empty() {
        let replaces_all =
            !select.is_empty() || item.made.registry.is_some() || item.made.connection.is_some();
        let keeps_fetched = template.data.is_empty() && template.template_from.is_empty() && !replaces_all;
        if template.merge_policy.is_none() && keeps_fetched {
            template.merge_policy = Some(TemplateMergePolicy::Merge);
        }
        for (key, value) in made {
            template.data.entry(key).or_insert(value);
        }
    }
    Some(template)
}

/// Keys that a template makes.
fn made(item: &config::ExternalSecret, select: &Selection<'_>) -> Vec<(String, Text)> {
    let mut made = Vec::new();
    // Of what a registry's configuration is made, nothing else is written.
    if !select.is_empty() && item.made.registry.is_none() {
        // The template names everything that stays, single values too.
        let single = item.data.iter().map(|entry| (entry.secret_key.clone(), entry.secret_key.clone()));
        for (key, fetched) in select.pairs().chain(single) {
            made.extend(named(&key, || lookup(&fetched)));
        }
    }
    for (key, value) in &item.made.constants {
        made.push((key.clone(), escaped(value)));
    }
    if let Some(url) = &item.made.url {
        made.extend(named(&url.key, || connection_string(url, select)));
    }
    if let Some(keys) = &item.made.connection {
        made.extend(connection::made(keys));
    }
    if let Some(registry) = &item.made.registry {
        made.push((".dockerconfigjson".to_owned(), docker_config(registry, select)));
    }
    made
}

/// A value under that key, which derives from whatever its key derives from.
fn named(key: &Text, value: impl FnOnce() -> Text) -> Option<(String, Text)> {
    key.written().map(|name| (name.to_owned(), value().with_origins(key.origins().clone())))
}

/// `{{ index . "key" }}`: right for every key.
fn lookup(key: &Text) -> Text {
    Text::from("{{ ").join(&value_of(key)).join(&" }}".into())
}

fn value_of(key: &Text) -> Text {
    Text::from("index . ").join(&quoted(key))
}

/// A string of Go's template language.
fn quoted(text: &Text) -> Text {
    text.map_written(|text| {
        let mut quoted = String::with_capacity(text.len() + 2);
        quoted.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => quoted.extend(['\\', c]),
                '\n' => quoted.push_str("\\n"),
                c if c.is_control() => quoted.extend(format!("\\u{:04x}", u32::from(c)).chars()),
                c => quoted.push(c),
            }
        }
        quoted.push('"');
        quoted
    })
}

/// Literal text: `{{` would begin an action.
fn escaped(text: &Text) -> Text {
    text.map_written(|text| text.replace("{{", "{{ \"{{\" }}"))
}

/// User name and password escaped for a URL. Go's `urlquery` writes a space as `+`, which is only right behind `?`.
fn connection_string(url: &Url, select: &Selection<'_>) -> Text {
    let escaped_value = |key: &Text| {
        Text::from("{{ ")
            .join(&value_of(&select.fetched(key)))
            .join(&" | urlquery | replace \"+\" \"%20\" }}".into())
    };
    let mut text = escaped(&url.scheme)
        .join(&"://".into())
        .join(&escaped_value(&url.username))
        .join(&":".into())
        .join(&escaped_value(&url.password))
        .join(&"@".into())
        .join(&lookup(&select.fetched(&url.host)));
    if let Some(port) = &url.port {
        text = text.join(&":".into()).join(&lookup(&select.fetched(port)));
    }
    if let Some(database) = &url.database {
        text = text.join(&"/".into()).join(&escaped_value(database));
    }
    if let Some(parameters) = &url.parameters {
        text = text.join(&"?".into()).join(&escaped(parameters));
    }
    text
}

/// `{"auths": {REGISTRY: {"username", "password", "auth"}}}`, put together by the template engine's own JSON writer.
fn docker_config(registry: &Registry, select: &Selection<'_>) -> Text {
    let username = value_of(&select.fetched(&registry.username));
    let password = value_of(&select.fetched(&registry.password));
    let parts: [Text; 9] = [
        "{{ dict \"auths\" (dict ".into(),
        quoted(&registry.registry),
        " (dict \"username\" (".into(),
        username.clone(),
        ") \"password\" (".into(),
        password.clone(),
        ") \"auth\" (printf \"%s:%s\" (".into(),
        username.join(&") (".into()).join(&password),
        ") | b64enc))) | toJson }}".into(),
    ];
    parts.iter().fold(Text::default(), |text, part| text.join(part))
}

pub(super) fn from_written(template: &written::Template) -> Template {
    let written::Template { secret_type, engine_version, merge_policy, metadata, data, template_from } =
        template.clone();
    Template {
        kind: secret_type,
        engine_version,
        metadata: metadata.map(|metadata| TemplateMetadata {
            annotations: metadata.annotations,
            labels: metadata.labels,
            finalizers: metadata.finalizers,
        }),
        merge_policy,
        data: data.unwrap_or_default() as TextMap,
        template_from: template_from.into_iter().flatten().flat_map(lower_from).collect(),
    }
}

/// One source is checked for; each that is there is written.
fn lower_from(from: written::TemplateFrom) -> impl Iterator<Item = TemplateFrom> {
    let written::TemplateFrom { config_map, secret, literal, target, values_decoding_strategy } = from;
    let items = |items: Vec<written::TemplateItem>| {
        items.into_iter().map(|item| TemplateItem { key: item.key, template_as: item.template_as }).collect()
    };
    let sources = [
        config_map.map(|source| TemplateSource::ConfigMap { name: source.name, items: items(source.items) }),
        secret.map(|source| TemplateSource::Secret { name: source.name, items: items(source.items) }),
        literal.map(TemplateSource::Literal),
    ];
    sources.into_iter().flatten().map(move |source| TemplateFrom {
        source,
        target: target.clone(),
        values_decoding_strategy,
    })
}

#[cfg(test)]
mod tests {
    use keyloom_models::{DataFrom, Document, ExternalSecretConfig, InfisicalConfig, SecretReference};
    use keyloom_models::{SecretStoreConfig, UniversalAuth};
    use keyloom_upstream::template::{Given, Known, Position, check};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_literal_never_becomes_an_action() {
        let written = |text: Text| text.written().map(str::to_owned).unwrap();
        assert_eq!(written(escaped(&"a {{ b }}".into())), "a {{ \"{{\" }} b }}");
        assert_eq!(written(escaped(&Text::placeholder("{{ .a }}${X}"))), "{{ \"{{\" }} .a }}${X}");
        assert_eq!(written(quoted(&"a\"b\\c\nd\u{1b}".into())), r#""a\"b\\c\nd\u001b""#);
        assert_eq!(written(quoted(&Text::placeholder("${REGISTRY}"))), "\"${REGISTRY}\"");
    }

    #[test]
    fn a_selected_field_and_a_single_value_of_the_same_name_are_kept_apart() {
        let store = InfisicalConfig::new("web", "prod").auth(UniversalAuth::from_secret("identity"));
        let item = ExternalSecretConfig::new("web")
            .data([SecretReference::new("token", "/single")])
            .data_from([DataFrom::extract("/entry").keys([("OTHER", "token")])]);
        let document = Document::new().store(SecretStoreConfig::infisical("s", store)).external_secret(item);
        let config = document.validate().unwrap();
        let item = &config.external_secrets()[0];
        let template = lower(item, &Selection::of(item)).unwrap();
        assert_eq!(template.data["OTHER"], Text::from("{{ index . \"from0.token\" }}"));
        assert_eq!(template.data["token"], Text::from("{{ index . \"token\" }}"));
    }

    /// Nothing is wrong with it, and these are the keys that it reads.
    fn reads(template: &Text, known: &[&str]) -> Vec<String> {
        let text = template.written().unwrap();
        let keys = Known { known, complete: true };
        assert_eq!(check(text, &Given { eso: None, position: Position::Value, keys }), [], "{text}");
        keyloom_upstream::template::reads(text).keys.into_iter().map(|read| read.key).collect()
    }

    proptest! {
        /// What is made here is what the operator takes, whatever keys are called and constants hold.
        #[test]
        fn what_is_made_is_what_the_operator_takes(keys in prop::array::uniform3("\\PC{1,12}|[a-z{}\"\\\\ -]{1,9}"), text in ".*|[{}a\"`-]*") {
            let [user, password, host] = keys.each_ref().map(String::as_str);
            prop_assert_eq!(reads(&lookup(&user.into()), &[user]), [user]);
            prop_assert!(reads(&escaped(&text.as_str().into()), &[]).is_empty());
            let alone = Selection { entries: &[], beside_data: false };
            let url = Url {
                key: "url".into(),
                scheme: "postgres".into(),
                username: user.into(),
                password: password.into(),
                host: host.into(),
                port: None,
                database: Some(user.into()),
                parameters: Some(text.as_str().into()),
            };
            let known = [user, password, host];
            prop_assert_eq!(reads(&connection_string(&url, &alone), &known), [user, password, host, user]);
            let registry = Registry { registry: text.as_str().into(), username: user.into(), password: password.into() };
            prop_assert_eq!(reads(&docker_config(&registry, &alone), &known), [user, password, user, password]);
        }
    }
}
