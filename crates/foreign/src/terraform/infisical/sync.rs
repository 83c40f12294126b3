//! Secret syncs (`resource/secret_sync/` of the provider): what all of them have.

use std::collections::BTreeMap;

use keyloom_models::code;
use keyloom_syntax::Severity;
use keyloom_syntax::view::ViewKind;
use keyloom_upstream::terraform::infisical::{INITIAL_SYNC_BEHAVIORS, SecretSync, app_connection_of};

use super::super::expression::{Step, of_template};
use super::super::module::Module;
use super::super::view::boolean;
use super::super::{Place, Problems};
use super::{AT_APPLY, AT_SERVER, destination, is_empty, not_empty, slug, unsettled, word};

const BEHAVIOR: &str = "initial_sync_behavior";
const OVERWRITE: &str = "overwrite-destination";
/// What stands for the name of a secret.
const SECRET_KEY: &str = "{{secretKey}}";

pub(super) fn check(module: &Module<'_>, sync: &SecretSync, place: &Place<'_, '_>, problems: &mut Problems) {
    slug(place, 256, problems);
    not_empty(place, &["connection_id", "environment", "project_id", "secret_path"], AT_SERVER, problems);
    if let Some(path) = place.get("secret_path")
        && path.text().is_some_and(|text| !text.is_empty() && !text.starts_with('/'))
    {
        problems.push(path.error(code::BAD_FORMAT, "the path does not begin with `/`").why(AT_SERVER));
    }
    connection(module, sync, place, problems);
    if let Some(options) = place.get("sync_options").filter(|options| options.kind() == ViewKind::Mapping) {
        self::options(sync, place, &options, problems);
    }
    if let Some(config) = place.get("destination_config").filter(|config| config.kind() == ViewKind::Mapping)
    {
        destination::check(sync, &config, problems);
    }
}

/// The connection leads to the app of the destination, and is named by its id.
fn connection(module: &Module<'_>, sync: &SecretSync, place: &Place<'_, '_>, problems: &mut Problems) {
    let Some(id) = place.get("connection_id") else { return };
    let view = id.view();
    let Some(text) = view.node().as_str() else { return };
    for reference in of_template(text) {
        let Some((block, steps)) = module.resource(&reference) else { continue };
        let Some(other) = app_connection_of(block.label(0)) else { continue };
        if other.app != sync.app {
            problems.push(
                id.error(
                    code::APP_OF_DESTINATION,
                    format!("`{}` is a connection to `{}`", block.address(), other.app),
                )
                .why(format!(
                    "a sync to `{}` writes through a connection to `{}`; {AT_SERVER}",
                    sync.kind, sync.app
                )),
            );
        }
        let step = reference.steps[steps..].iter().find_map(|step| match step {
            Step::Name(name) if block.node.get("for_each").is_none() => Some(*name),
            Step::Name(_) | Step::Index | Step::Splat => None,
        });
        // One that a connection does not have is told as such.
        let has = |name: &str| module.schema(block).is_some_and(|schema| schema.attribute(name).is_some());
        if let Some(name) = step.filter(|name| *name != "id" && has(name)) {
            problems.push(
                id.error(code::BAD_FORMAT, format!("`{name}` of a connection is not its id"))
                    .why(AT_SERVER)
                    .fix(format!("write `${{{}.id}}`", block.address())),
            );
        }
    }
}

fn options(sync: &SecretSync, place: &Place<'_, '_>, options: &Place<'_, '_>, problems: &mut Problems) {
    unsettled(options, &["aws_kms_key_id", "key_schema"], problems);
    let behavior = options.get(BEHAVIOR);
    if let Some(behavior) = &behavior {
        word(behavior, &INITIAL_SYNC_BEHAVIORS, AT_APPLY, problems);
        let imports = behavior.text().is_some_and(|text| text.starts_with("import-"));
        if imports
            && !sync.imports
            && behavior.text().is_some_and(|text| INITIAL_SYNC_BEHAVIORS.contains(&text))
        {
            problems.push(
                behavior
                    .error(
                        code::IMPORT_NOT_SUPPORTED,
                        format!("secrets of `{}` cannot be read back", sync.kind),
                    )
                    .why(AT_SERVER)
                    .fix(format!("write `{OVERWRITE}`")),
            );
        }
    }
    let schema = options.get("key_schema");
    if let Some(schema) = &schema {
        key_schema(schema, problems);
    }
    let mapping = place.at(&["destination_config", "mapping_behavior"]);
    let many = match &mapping {
        None => sync.choice.is_some_and(|choice| choice.default == Some("many-to-one")),
        Some(mapping) => mapping.text() == Some("many-to-one"),
    };
    deletes(sync, options, many, problems);
    tags(options, problems);
    let metadata = options.get("sync_secret_metadata_as_tags");
    if let Some(metadata) = metadata.filter(|metadata| many && boolean(metadata) == Some(true)) {
        problems.push(
            metadata
                .error_at_key(
                    code::DESTINATION_FIELDS,
                    "metadata becomes tags only where each secret has its own",
                )
                .why(AT_SERVER)
                .fix("write `mapping_behavior`: \"one-to-one\", or leave this out"),
        );
    }
}

/// The names that secrets get at the destination.
fn key_schema(schema: &Place<'_, '_>, problems: &mut Problems) {
    let Some(text) = schema.text().filter(|text| !text.is_empty()) else { return };
    if !text.contains(SECRET_KEY) {
        problems.push(
            schema
                .error(
                    code::KEY_SCHEMA,
                    format!("`{SECRET_KEY}` is missing, so all secrets would have one name"),
                )
                .why(AT_SERVER),
        );
        return;
    }
    if text.matches(SECRET_KEY).count() > 1 {
        problems.push(
            schema.error(code::KEY_SCHEMA, format!("`{SECRET_KEY}` stands there twice")).why(AT_SERVER),
        );
    }
    let rest = text.replace(SECRET_KEY, "").replace("{{environment}}", "");
    if rest.bytes().any(|byte| !byte.is_ascii_alphanumeric() && !b"_-/".contains(&byte)) {
        problems.push(
            schema
                .error(
                    code::KEY_SCHEMA,
                    "only letters, digits, `_`, `-` and `/` may stand around the placeholders",
                )
                .why(AT_SERVER)
                .fix(format!("its placeholders are `{SECRET_KEY}` and `{{{{environment}}}}`")),
        );
    } else if text.len() > 255 {
        problems.push(schema.error(code::BAD_LENGTH, "more than 255 characters").why(AT_SERVER));
    }
}

/// The first sync removes what is not in Infisical. One secret for `many` is written as a whole, so nothing keeps its keys.
fn deletes(sync: &SecretSync, options: &Place<'_, '_>, many: bool, problems: &mut Problems) {
    let disabled = options.get("disable_secret_deletion");
    let keeps = disabled.as_ref().is_some_and(|flag| boolean(flag) != Some(false));
    let behavior = options.get(BEHAVIOR);
    // Where there is no such attribute it always overwrites; elsewhere it is missing, and told so.
    let always = || sync.schema().is_some_and(|schema| schema.at(&["sync_options", BEHAVIOR]).is_none());
    let overwrites = behavior.as_ref().map_or_else(always, |behavior| behavior.text() == Some(OVERWRITE));
    let schema = options.get("key_schema");
    let limited = schema
        .as_ref()
        .is_some_and(|schema| schema.text().is_none_or(|text| text != SECRET_KEY && !text.is_empty()));
    if !overwrites || !many && (keeps || limited) {
        return;
    }
    let at = behavior.as_ref().unwrap_or(options);
    if many {
        problems.push(
            at.error(code::SYNC_MAY_DELETE, "the first sync deletes all keys of the secret that Infisical does not have")
                .severity(Severity::Warning)
                .why("one secret for all is written as a whole, whatever `key_schema` and `disable_secret_deletion` say")
                .fix("give the sync a secret of its own, or import first: `import-prioritize-source`"),
        );
        return;
    }
    problems.push(
        at.error(
            code::SYNC_MAY_DELETE,
            "the first sync deletes all secrets of the destination that Infisical does not have",
        )
        .severity(Severity::Warning)
        .why("no `key_schema` tells which secrets are its own, and nothing says that none is to be deleted")
        .fix("write a `key_schema` with a prefix, or `disable_secret_deletion`: true"),
    );
}

/// Tags are a set of objects: a key twice is two of them, and AWS takes one.
fn tags(options: &Place<'_, '_>, problems: &mut Problems) {
    let Some(tags) = options.get("tags") else { return };
    let mut seen = BTreeMap::new();
    for tag in tags.items() {
        let (key, value) = (tag.get("key"), tag.get("value"));
        if let Some(key) = &key {
            if is_empty(key) || key.text().is_some_and(|text| text.chars().count() > 128) {
                problems
                    .push(key.error(code::AWS_TAGS, "a key of a tag has 1 to 128 characters").why(AT_SERVER));
            }
            let first = key.text().and_then(|text| seen.insert(text.to_owned(), key.place()));
            if let Some(first) = first {
                problems.push(
                    key.error(code::AWS_TAGS, "a tag has this key already")
                        .and(first, "first here")
                        .why(AT_SERVER),
                );
            }
        }
        if let Some(value) = value.filter(|value| value.text().is_some_and(|text| text.chars().count() > 256))
        {
            problems.push(
                value.error(code::AWS_TAGS, "a value of a tag has 256 characters at most").why(AT_SERVER),
            );
        }
    }
    if tags.items().count() > 50 {
        problems.push(tags.error_at_key(code::AWS_TAGS, "more than 50 tags").why(AT_SERVER));
    }
}
