//! What the environment of a pod says, and the annotations of the pod.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use crate::base_url::BaseUrl;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::folder::{Folder, Project};
use crate::replicas::{Headless, Replicas};
use crate::settings::{PORT, RECONCILE, Settings, WebhookKeys, WebhookSettings, annotations};
use crate::variable::trimmed;
use crate::webhook::LegacyEvents;
use keyloom_connections::Secret;

const PROJECT: &str = "INFISICAL_PROJECT_ID";
const ENVIRONMENT: &str = "INFISICAL_ENVIRONMENT";
const SECRET_PATH: &str = "INFISICAL_SECRET_PATH";
const METHOD: &str = "INFISICAL_AUTH_METHOD";
const WEBHOOK_PORT: &str = "WEBHOOK_PORT";
const KEYS: &str = "KEYLOOM_WEBHOOK_SECRET";
const KEY_NAMES: &str = "KEYLOOM_WEBHOOK_SECRET_NAMES";
const PEERS: &str = "KEYLOOM_PEERS";
const POD_IP: &str = "KEYLOOM_POD_IP";
const REDIS: &str = "KEYLOOM_REDIS_URL";
const INTERVAL: &str = "KEYLOOM_RECONCILE_INTERVAL";
const LEGACY: &str = "KEYLOOM_LEGACY_EVENTS";
const ANNOTATIONS: &str = "KEYLOOM_ANNOTATIONS";
/// Where manifests have the downward API put them.
const ANNOTATIONS_FILE: &str = "/etc/podinfo/annotations";
/// A larger file is none of annotations: Kubernetes takes 256 KB of them, and quotes at most double that.
const ANNOTATIONS_LIMIT: u64 = 512 * 1024;

const AUTH_ANNOTATION: &str = "infisical.com/auth";
const RENEWAL_ANNOTATION: &str = "infisical.com/auto-renewal";
const ENVIRONMENT_ANNOTATION: &str = "infisical.com/environment";
const PATH_ANNOTATION: &str = "infisical.com/secret-path";

/// What is not right, to be told all at once; values are not repeated.
#[derive(Default)]
struct Wrong(Vec<String>);

impl Wrong {
    fn push(&mut self, words: String) {
        self.0.push(words);
    }

    fn take<T>(&mut self, result: Result<T, Error>) -> Option<T> {
        result.map_err(|error| self.push(error.to_string())).ok()
    }
}

impl Settings {
    /// What the environment of a pod says, and the annotations of the pod; a variable counts before an annotation.
    ///
    /// | variable | annotation | default |
    /// |---|---|---|
    /// | `INFISICAL_API_URL` | | `http://infisical.infisical.svc.cluster.local:8080/api` |
    /// | `INFISICAL_IDENTITY_ID` and what else [`Credentials::in_cluster`] reads | `infisical.com/auth` | required |
    /// | `INFISICAL_PROJECT_ID`, id or slug | | required |
    /// | `INFISICAL_ENVIRONMENT` | `infisical.com/environment` | `dev` |
    /// | `INFISICAL_SECRET_PATH` | `infisical.com/secret-path` | `/` |
    /// | `WEBHOOK_PORT` | | 8080 |
    /// | `KEYLOOM_WEBHOOK_SECRET`, `NEW,OLD` while the key is replaced | | what stands in the folder |
    /// | `KEYLOOM_WEBHOOK_SECRET_NAMES`, names of secrets in the folder | | `WEBHOOK_SECRET,WEBHOOK_SECRET_PREVIOUS` |
    /// | `KEYLOOM_PEERS`, host of the headless Service of the application | | no other replicas |
    /// | `KEYLOOM_POD_IP`, the pod's own address, which is not told | | |
    /// | `KEYLOOM_REDIS_URL`, used in place of the headless Service; needs the feature `redis` | | |
    /// | `KEYLOOM_RECONCILE_INTERVAL`, seconds; 0 never asks | | 300 |
    /// | `KEYLOOM_LEGACY_EVENTS`, `off`, `hints` or `values` | | `off` |
    /// | `KEYLOOM_ANNOTATIONS`, file of the downward API | | `/etc/podinfo/annotations`, where it exists |
    ///
    /// `infisical.com/auto-renewal` may say `true`, for tokens are always renewed.
    ///
    /// # Errors
    /// [`Error::Environment`], with all that is missing or wrong at once.
    pub fn from_env(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let get = |name: &str| trimmed(get(name));
        let mut wrong = Wrong::default();
        let annotations = annotations(get(ANNOTATIONS), &mut wrong);
        let says =
            |variable: &str, annotation: &str| get(variable).or_else(|| annotations.get(annotation).cloned());
        if annotations.get(RENEWAL_ANNOTATION).is_some_and(|it| it != "true") {
            wrong.push(format!(
                "the annotation {RENEWAL_ANNOTATION} does not say `true`, but tokens are always renewed; leave it out"
            ));
        }
        let base = wrong.take(BaseUrl::in_cluster(get));
        let method = |name: &str| if name == METHOD { says(METHOD, AUTH_ANNOTATION) } else { get(name) };
        let credentials = wrong.take(Credentials::in_cluster(method));
        let project = get(PROJECT);
        if project.is_none() {
            wrong.push(format!("{PROJECT} is not set"));
        }
        let path = says(SECRET_PATH, PATH_ANNOTATION).unwrap_or_else(|| "/".to_owned());
        if !path.starts_with('/') {
            wrong.push(format!(
                "{SECRET_PATH}, or the annotation {PATH_ANNOTATION}, does not begin with a slash"
            ));
        }
        let webhook = webhook(&get, &mut wrong);
        let place = format!("keyloom:{}:{path}", project.as_deref().unwrap_or_default());
        let replicas = replicas(&get, webhook.address.port(), &place, &mut wrong);
        let reconcile = interval(get(INTERVAL), &mut wrong);
        match (base, credentials, project) {
            (Some(base), Some(credentials), Some(project)) if wrong.0.is_empty() => {
                let environment =
                    says(ENVIRONMENT, ENVIRONMENT_ANNOTATION).unwrap_or_else(|| "dev".to_owned());
                let folder = Folder { project: Project::new(&project), environment, path };
                let settings = Self::new(base, credentials, vec![folder]);
                Ok(Self { webhook: Some(webhook), replicas, reconcile, ..settings })
            }
            _ => Err(Error::Environment(wrong.0.join("; "))),
        }
    }
}

/// The annotations of the pod that [`Settings::from_env`] reads, to show who said what; none where they cannot be read, of
/// which it tells.
pub fn pod_annotations(get: impl Fn(&str) -> Option<String>) -> BTreeMap<String, String> {
    annotations(trimmed(get(ANNOTATIONS)), &mut Wrong::default())
}

fn annotations(file: Option<String>, wrong: &mut Wrong) -> BTreeMap<String, String> {
    let said = file.is_some();
    let file = file.unwrap_or_else(|| ANNOTATIONS_FILE.to_owned());
    let path = Path::new(&file);
    if !said && !path.is_file() {
        return BTreeMap::new();
    }
    let problem = |why: &dyn Display| format!("the annotations in {file} cannot be read: {why}");
    let text = match std::fs::metadata(path) {
        Ok(about) if !about.is_file() || about.len() > ANNOTATIONS_LIMIT => {
            wrong.push(problem(&"it is no file of annotations"));
            return BTreeMap::new();
        }
        Ok(_) => std::fs::read_to_string(path),
        Err(error) => Err(error),
    };
    let parsed = match text {
        Ok(text) => annotations::parse(&text)
            .map_err(|line| problem(&format_args!("line {line} is not `name=\"value\"`"))),
        Err(error) => Err(problem(&error)),
    };
    parsed.map_err(|words| wrong.push(words)).unwrap_or_default()
}

fn webhook(get: &impl Fn(&str) -> Option<String>, wrong: &mut Wrong) -> WebhookSettings {
    let port = match get(WEBHOOK_PORT).map(|text| u16::from_str(&text)) {
        None => PORT,
        Some(Ok(port)) if port > 0 => port,
        Some(_) => {
            wrong.push(format!("{WEBHOOK_PORT} is no number from 1 to 65535"));
            PORT
        }
    };
    let list = |text: String| text.split(',').map(|it| it.trim().to_owned()).collect::<Vec<_>>();
    let (keys, names) = (get(KEYS).map(list), get(KEY_NAMES).map(list));
    for (variable, list) in [(KEYS, &keys), (KEY_NAMES, &names)] {
        if list.as_ref().is_some_and(|list| list.iter().any(String::is_empty)) {
            wrong.push(format!("{variable} has nothing before or behind a comma"));
        }
    }
    if keys.is_some() && names.is_some() {
        wrong.push(format!("both {KEYS} and {KEY_NAMES} are set; unset the one that does not hold"));
    }
    let usual = WebhookSettings::default();
    let keys = match (keys, names) {
        (Some(keys), _) => WebhookKeys::Given(keys.into_iter().map(Secret::new).collect()),
        (None, Some(names)) => WebhookKeys::Named(names),
        (None, None) => usual.keys,
    };
    WebhookSettings {
        address: SocketAddr::new(usual.address.ip(), port),
        keys,
        legacy: legacy(get(LEGACY), wrong),
    }
}

/// Redis counts before the headless Service, which manifests may name anyway.
fn replicas(
    get: &impl Fn(&str) -> Option<String>,
    port: u16,
    channel: &str,
    wrong: &mut Wrong,
) -> Option<Arc<dyn Replicas>> {
    let own = get(POD_IP).map(|text| IpAddr::from_str(&text));
    if let Some(Err(_)) = own {
        wrong.push(format!("{POD_IP} is no address"));
    }
    if let Some(url) = get(REDIS) {
        return through_redis(url, channel, wrong);
    }
    let headless = Headless::named(&get(PEERS)?, port, own.and_then(Result::ok));
    wrong.take(headless).map(|headless| Arc::new(headless) as Arc<dyn Replicas>)
}

#[cfg(feature = "redis")]
fn through_redis(url: String, channel: &str, wrong: &mut Wrong) -> Option<Arc<dyn Replicas>> {
    match crate::replicas::Redis::new(&Secret::new(url), channel) {
        Ok(redis) => Some(Arc::new(redis)),
        Err(error) => {
            wrong.push(format!("{REDIS}: {error}"));
            None
        }
    }
}

#[cfg(not(feature = "redis"))]
fn through_redis(_: String, _: &str, wrong: &mut Wrong) -> Option<Arc<dyn Replicas>> {
    wrong
        .push(format!("{REDIS} is set, but this program was built without Redis; unset it, and set {PEERS}"));
    None
}

fn legacy(said: Option<String>, wrong: &mut Wrong) -> LegacyEvents {
    match said.as_deref() {
        None | Some("off") => LegacyEvents::Off,
        Some("hints") => LegacyEvents::Hints,
        Some("values") => LegacyEvents::Values,
        Some(_) => {
            wrong.push(format!("{LEGACY} says none of `off`, `hints` and `values`"));
            LegacyEvents::Off
        }
    }
}

fn interval(said: Option<String>, wrong: &mut Wrong) -> Option<Duration> {
    match said.map(|text| u32::from_str(&text)) {
        None => Some(RECONCILE),
        Some(Ok(0)) => None,
        Some(Ok(seconds)) => Some(Duration::from_secs(seconds.into())),
        Some(Err(_)) => {
            wrong.push(format!("{INTERVAL} is no number of seconds"));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const REQUIRED: [(&str, &str); 2] = [("INFISICAL_IDENTITY_ID", "identity"), (PROJECT, "shop")];

    fn from(set: &[(&str, &str)]) -> Result<Settings, String> {
        let get = |name: &str| set.iter().find(|(one, _)| *one == name).map(|(_, value)| (*value).to_owned());
        Settings::from_env(get).map_err(|error| error.to_string())
    }

    /// What is said of Redis where it is not there, and of its address where it is.
    const REDIS_REMEDY: &str = if cfg!(feature = "redis") { "TLS" } else { "unset" };

    fn with(more: &[(&str, &str)]) -> Result<Settings, String> {
        from(&[&REQUIRED, more].concat())
    }

    #[test]
    fn what_is_not_said_is_as_usual() {
        let settings = with(&[]).unwrap();
        assert_eq!(settings.base.to_string(), "http://infisical.infisical.svc.cluster.local:8080");
        assert!(matches!(settings.credentials, Credentials::Kubernetes(_)));
        let folder = &settings.folders[0];
        assert_eq!((folder.environment.as_str(), folder.path.as_str()), ("dev", "/"));
        assert_eq!(folder.project, Project::Slug("shop".to_owned()));
        let webhook = settings.webhook.unwrap();
        assert_eq!(webhook.address.to_string(), "[::]:8080");
        assert!(
            matches!(webhook.keys, WebhookKeys::Named(names) if names == ["WEBHOOK_SECRET", "WEBHOOK_SECRET_PREVIOUS"])
        );
        assert!(settings.replicas.is_none());
        assert_eq!((webhook.legacy, settings.reconcile), (LegacyEvents::Off, Some(Duration::from_secs(300))));
    }

    #[test]
    fn all_that_is_missing_or_wrong_is_said_at_once() {
        let missing = from(&[]).unwrap_err();
        assert_eq!(missing, "INFISICAL_IDENTITY_ID is not set; INFISICAL_PROJECT_ID is not set");
        let wrong = from(&[
            ("INFISICAL_API_URL", "canary"),
            (SECRET_PATH, "canary"),
            (WEBHOOK_PORT, "0"),
            (KEYS, "canary,"),
            (KEY_NAMES, "A,,B"),
            (LEGACY, "canary"),
            (INTERVAL, "-1"),
            (POD_IP, "canary"),
            (REDIS, "canary"),
            (ANNOTATIONS, "/gone/annotations"),
        ])
        .unwrap_err();
        let said: Vec<_> = wrong.split("; ").map(|it| it.split([' ', ',', ':']).next().unwrap()).collect();
        let expected = [
            "the",
            "the",
            "INFISICAL_IDENTITY_ID",
            PROJECT,
            SECRET_PATH,
            WEBHOOK_PORT,
            KEYS,
            KEY_NAMES,
            "both",
            "unset",
            LEGACY,
            POD_IP,
            REDIS,
            REDIS_REMEDY,
            INTERVAL,
        ];
        assert_eq!(said, expected, "{wrong}");
        assert!(!wrong.contains("canary"), "{wrong}");
    }

    #[test]
    fn what_is_said_counts() {
        let settings = with(&[
            (WEBHOOK_PORT, "9000"),
            (KEYS, "canary-new, canary-old"),
            (LEGACY, "hints"),
            (INTERVAL, "0"),
            (ENVIRONMENT, "prod"),
            ("INFISICAL_API_URL", "https://secrets.example/api"),
        ])
        .unwrap();
        assert!(!format!("{settings:?}").contains("canary"));
        assert_eq!(settings.reconcile, None);
        let webhook = settings.webhook.unwrap();
        assert_eq!((webhook.address.port(), webhook.legacy), (9000, LegacyEvents::Hints));
        assert!(matches!(webhook.keys, WebhookKeys::Given(keys) if keys[1].expose() == "canary-old"));
        let peers = with(&[(PEERS, "app-peers.shop.svc"), (POD_IP, "10.0.0.1")]).unwrap().replicas.unwrap();
        assert!(format!("{peers:?}").contains("app-peers.shop.svc"));
        let named = with(&[(KEY_NAMES, "HOOK")]).unwrap().webhook.unwrap();
        assert!(matches!(named.keys, WebhookKeys::Named(names) if names == ["HOOK"]));
    }

    #[test]
    fn annotations_count_where_no_variable_does() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.path().to_str().unwrap();
        let text = "infisical.com/auth=\"kubernetes\"\ninfisical.com/auto-renewal=\"true\"\n\
                    infisical.com/environment=\"production\"\ninfisical.com/secret-path=\"/services/my-service\"\n";
        fs::write(path, text).unwrap();
        let place = |set: &[(&str, &str)]| {
            with(set)
                .map(|settings| format!("{}{}", settings.folders[0].environment, settings.folders[0].path))
        };
        assert_eq!(place(&[(ANNOTATIONS, path)]).unwrap(), "production/services/my-service");
        assert_eq!(
            place(&[(ANNOTATIONS, path), (ENVIRONMENT, "dev"), (SECRET_PATH, "/a")]).unwrap(),
            "dev/a"
        );
        fs::write(path, text.replace("true", "false").replace("kubernetes", "magic")).unwrap();
        let wrong = place(&[(ANNOTATIONS, path)]).unwrap_err();
        assert!(wrong.contains("auto-renewal") && wrong.contains("INFISICAL_AUTH_METHOD"), "{wrong}");
        fs::write(path, "canary").unwrap();
        let wrong = place(&[(ANNOTATIONS, path)]).unwrap_err();
        assert!(wrong.ends_with("line 1 is not `name=\"value\"`"), "{wrong}");
    }
}
