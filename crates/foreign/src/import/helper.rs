//! Helpers that say in one line exactly what an external secret fetches.

use keyloom_syntax::Node;
use serde_json::{Value, json};

use super::data::{Single, remote_schema};
use super::written::{Map, Notes, Written};
use super::{Context, plain};
use crate::json;

/// A helper that fits.
pub(super) struct Helper {
    pub(super) name: &'static str,
    pub(super) fields: Map,
    /// How often it is read again when nobody says.
    pub(super) usual: String,
    pub(super) notes: Notes,
}

/// The kinds of helper with several fields: name, names of the fields, the type of the Secret, how often.
const TLS: Shape = Shape { name: "tlsCertificate", kind: Some("kubernetes.io/tls"), usual: "24h" };
const BASIC: Shape = Shape { name: "basicAuth", kind: Some("kubernetes.io/basic-auth"), usual: "10m" };
const DATABASE: Shape = Shape { name: "databaseCredentials", kind: None, usual: "10m" };
const S3: Shape = Shape { name: "s3Credentials", kind: None, usual: "1h" };
const API: Shape = Shape { name: "apiKey", kind: None, usual: "1h" };
const DOCKER: Shape =
    Shape { name: "dockerConfig", kind: Some("kubernetes.io/dockerconfigjson"), usual: "1h" };

const DATABASE_FIELDS: [&str; 5] = ["host", "port", "username", "password", "database"];
const S3_FIELDS: [(&str, &str); 5] = [
    ("accessKeyId", "AWS_ACCESS_KEY_ID"),
    ("secretAccessKey", "AWS_SECRET_ACCESS_KEY"),
    ("region", "AWS_REGION"),
    ("endpoint", "AWS_ENDPOINT_URL"),
    ("bucket", "S3_BUCKET"),
];

struct Shape {
    name: &'static str,
    kind: Option<&'static str>,
    usual: &'static str,
}

/// Values of one entry, or of one folder.
struct Fields<'t> {
    path: String,
    version: Option<&'t str>,
    /// Keys in the Secret with what they are called at the store.
    pairs: Vec<(&'t str, &'t str)>,
}

/// The helper that fits, as far as the spelling tells; whether it comes to the same is found out by rendering it.
pub(super) fn of(spec: Node<'_>, singles: &[Single<'_>], context: &Context<'_, '_>) -> Option<Helper> {
    if singles.is_empty() || spec.get("dataFrom").is_some_and(|list| !list.is_empty()) {
        return None;
    }
    let remote = remote_schema(context.spec);
    if !singles.iter().all(|single| single.is_simple(remote)) {
        return None;
    }
    let kind = kind(spec, context)?;
    let fields = Fields::of(singles)?;
    let keys: Vec<&str> = fields.pairs.iter().map(|(key, _)| *key).collect();
    let (shape, map) = match (kind.as_deref(), keys.as_slice()) {
        (Some("kubernetes.io/tls"), ["tls.crt", "tls.key"]) => (TLS, fields.same()?),
        (Some("kubernetes.io/tls"), ["tls.crt", "tls.key", "ca.crt"]) => {
            let mut map = fields.same()?;
            map.put("ca", Written::Word("true".to_owned()));
            (TLS, map)
        }
        (Some("kubernetes.io/basic-auth"), ["username", "password"]) => {
            (BASIC, fields.renamed(&["username", "password"]))
        }
        (Some("kubernetes.io/dockerconfigjson"), [".dockerconfigjson"]) => {
            (DOCKER, single(&singles[0], None)?)
        }
        (None, [key]) if is_api_key(key) => (API, single(&singles[0], Some(key))?),
        (None, keys) if keys.first() == Some(&S3_FIELDS[0].1) && keys.len() > 1 => (S3, fields.s3()?),
        (None, _) => (DATABASE, fields.database()?),
        _ => return None,
    };
    let notes = singles.iter().fold(Notes::default(), |notes, single| notes.and(single.notes(context)));
    let notes = Notes { above: notes.lines(), beside: None };
    debug_assert_eq!(shape.kind.is_some(), kind.is_some());
    Some(Helper { name: shape.name, fields: map, usual: shape.usual.to_owned(), notes })
}

/// The type of Secret that a template asks for which does nothing else; nothing inside of `Some` without a template,
/// `None` if it does more.
fn kind(spec: Node<'_>, context: &Context<'_, '_>) -> Option<Option<String>> {
    let Some(template) = spec.get("target").and_then(|target| target.get("template")) else {
        return Some(None);
    };
    let schema = context.spec.at(&["target", "template"]);
    let said = template.entries().filter(|(key, value)| {
        let schema = schema.and_then(|schema| schema.step(key.scalar().unwrap_or_default()));
        !plain::is_default(*value, schema)
    });
    let said: serde_json::Map<String, Value> =
        said.map(|(key, value)| (key.scalar().unwrap_or_default().to_owned(), json::value(value))).collect();
    let kind = said.get("type").and_then(Value::as_str)?.to_owned();
    (Value::from(said) == json!({ "type": kind })).then_some(Some(kind))
}

fn is_api_key(key: &str) -> bool {
    let plain: String = key.to_lowercase().replace(['-', '_', '.'], "");
    plain.contains("apikey") || plain.contains("apitoken")
}

/// A helper of one value.
fn single(single: &Single<'_>, key: Option<&str>) -> Option<Map> {
    let mut map = Map::default();
    map.put("path", Written::text(single.path()?));
    if let Some(key) = key {
        map.put("keyName", Written::text(key));
    }
    for (name, text) in [("property", single.property()), ("version", single.version())] {
        if let Some(text) = text {
            map.put(name, Written::text(text));
        }
    }
    Some(map)
}

impl<'t> Fields<'t> {
    fn of(singles: &[Single<'t>]) -> Option<Self> {
        let first = singles.first()?;
        let (path, version) = (first.path()?, first.version());
        if singles.iter().any(|single| single.version() != version) {
            return None;
        }
        let mut pairs = Vec::with_capacity(singles.len());
        let folder = path.rsplit_once('/').map(|(folder, _)| folder);
        for single in singles {
            let remote = match single.property() {
                Some(property) => (single.path()? == path).then_some(property)?,
                None => single.path()?.strip_prefix(folder?)?.strip_prefix('/')?,
            };
            pairs.push((single.key()?, remote));
        }
        let properties = singles.iter().filter(|single| single.property().is_some()).count();
        let path = match properties {
            0 => folder?,
            count if count == singles.len() => path,
            _ => return None,
        };
        let folded = pairs.iter().any(|(_, remote)| remote.contains('/'));
        (properties > 0 || !folded).then(|| Self { path: path.to_owned(), version, pairs })
    }

    fn begin(&self) -> Map {
        let mut map = Map::default();
        map.put("path", Written::text(self.path.as_str()));
        map
    }

    fn end(&self, mut map: Map) -> Map {
        if let Some(version) = self.version {
            map.put("version", Written::text(version));
        }
        map
    }

    /// Where both ends have the same names.
    fn same(&self) -> Option<Map> {
        self.pairs.iter().all(|(key, remote)| key == remote).then(|| self.end(self.begin()))
    }

    /// Where the store has names of its own.
    fn renamed(&self, names: &[&str]) -> Map {
        let mut map = self.begin();
        let mut keys = Map::default();
        for (name, (_, remote)) in names.iter().zip(&self.pairs) {
            if name != remote {
                keys.put(name, Written::text(*remote));
            }
        }
        if !keys.is_empty() {
            map.put("keys", keys.into());
        }
        self.end(map)
    }

    fn s3(&self) -> Option<Map> {
        let (mut map, mut keys) = (self.begin(), Map::default());
        for (key, remote) in &self.pairs {
            let at = S3_FIELDS.iter().position(|(_, usual)| usual == key)?;
            if at > 1 || remote != key {
                keys.put(S3_FIELDS[at].0, Written::text(*remote));
            }
        }
        if !keys.is_empty() {
            map.put("keys", keys.into());
        }
        Some(self.end(map))
    }

    /// Host and password at least, under any names that say so.
    fn database(&self) -> Option<Map> {
        let fields: Vec<&str> =
            self.pairs.iter().map(|(key, _)| database_field(key)).collect::<Option<_>>()?;
        if !fields.contains(&"host") || !fields.contains(&"password") {
            return None;
        }
        let (mut map, mut keys, mut names) = (self.begin(), Map::default(), Map::default());
        for field in DATABASE_FIELDS {
            let Some(at) = fields.iter().position(|found| *found == field) else {
                keys.put(field, Written::Word("false".to_owned()));
                continue;
            };
            let (key, remote) = self.pairs[at];
            if remote != field {
                keys.put(field, Written::text(remote));
            }
            if key != field {
                names.put(field, Written::text(key));
            }
        }
        if !keys.is_empty() {
            map.put("keys", keys.into());
        }
        match self.env_prefix(&fields) {
            Some(prefix) => map.put("envPrefix", Written::text(prefix)),
            None if !names.is_empty() => map.put("as", names.into()),
            None => {}
        }
        Some(self.end(map))
    }

    /// What stands before all names in upper case.
    fn env_prefix(&self, fields: &[&str]) -> Option<String> {
        let prefix = self.pairs[0].0.strip_suffix(&fields[0].to_uppercase())?;
        let all = self.pairs.iter().zip(fields).all(|((key, _), field)| {
            key.strip_prefix(prefix).is_some_and(|rest| rest == field.to_uppercase())
        });
        (all && !prefix.is_empty()).then(|| prefix.to_owned())
    }
}

/// Which field of a database a key is.
fn database_field(key: &str) -> Option<&'static str> {
    let key = key.to_lowercase();
    let last = key.rsplit(['_', '-', '.']).next().unwrap_or_default();
    match last {
        "host" | "hostname" => Some("host"),
        "port" => Some("port"),
        "user" | "username" => Some("username"),
        "password" | "pass" => Some("password"),
        "database" | "dbname" | "db" => Some("database"),
        "name" if key.ends_with("db_name") || key.ends_with("db-name") => Some("database"),
        _ => None,
    }
}
