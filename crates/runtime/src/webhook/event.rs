//! What a webhook says.

use std::time::Duration;

use serde::Deserialize;

use crate::folder::{Folder, Project};
use crate::webhook::refused::Refused;
use keyloom_connections::Secret;

/// The longest name or path that is kept, in bytes; far longer than any of Infisical's.
const LONGEST: usize = 2048;

/// An event of Infisical, or one of the form that applications had before there was one.
#[derive(Clone, Debug)]
pub enum Event {
    /// `secrets.modified`: something in a folder was created, changed or deleted, or a rotation succeeded.
    Modified(Hint),
    /// `secrets.rotation-failed`: a rotation did not succeed, so nothing changed.
    RotationFailed(Hint),
    /// `test`: somebody pressed the button.
    Test(Hint),
    /// An event of the applications' own form; only where [`LegacyEvents`] lets it in.
    Own(Own),
    /// Anything else, such as an access request. It is taken and nothing follows from it.
    Unknown,
}

/// Where something may have changed; of older servers, not all is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hint {
    /// Id of the project.
    pub project: Option<String>,
    /// Slug of the environment.
    pub environment: Option<String>,
    /// Path of the folder.
    pub path: Option<String>,
}

/// An event `secret.created`, `secret.updated`, `secret.rotated` or `secret.deleted`, with `payload.secretKey` and, but for
/// the last, `payload.secretValue`. Infisical never sent one.
#[derive(Clone, Debug)]
pub struct Own {
    /// Name of the secret.
    pub key: String,
    /// What it is now; none of one that was deleted, and wherever values are not let in.
    pub value: Option<Secret>,
    /// Whether a rotation made the value.
    pub rotated: bool,
    /// Whether it is gone.
    pub deleted: bool,
    /// When it was sent, as what was signed says it.
    pub time: Option<Duration>,
}

/// What becomes of events of the applications' own form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LegacyEvents {
    /// They are events that nobody knows.
    #[default]
    Off,
    /// They are hints: the folders are fetched again, and what stands in the event is not looked at.
    Hints,
    /// The value in one that is signed and says when it was sent is believed until the folders are fetched again, which
    /// happens at once.
    Values,
}

#[derive(Deserialize)]
struct Head {
    event: String,
    /// Milliseconds; a number in JavaScript's way.
    timestamp: Option<f64>,
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    project: Scope,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Scope {
    project_id: Option<String>,
    workspace_id: Option<String>,
    environment: Option<String>,
    secret_path: Option<String>,
}

#[derive(Deserialize)]
struct OwnBody {
    payload: Payload,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    secret_key: String,
    secret_value: Option<Secret>,
    #[serde(default)]
    rotation: bool,
}

impl Event {
    /// Reads a body, and when it was sent.
    pub(crate) fn read(body: &[u8], legacy: LegacyEvents) -> Result<(Self, Option<Duration>), Refused> {
        let Head { event, timestamp } = json(body)?;
        let time = timestamp.map(moment).transpose()?;
        let event = match (event.as_str(), legacy) {
            ("secrets.modified", _) => Self::Modified(hint(body)?),
            ("secrets.rotation-failed", _) => Self::RotationFailed(hint(body)?),
            ("test", _) => Self::Test(hint(body)?),
            (
                "secret.created" | "secret.updated" | "secret.rotated" | "secret.deleted",
                LegacyEvents::Hints | LegacyEvents::Values,
            ) => Self::Own(own(&event, body, time, legacy)?),
            (_, LegacyEvents::Off | LegacyEvents::Hints | LegacyEvents::Values) => Self::Unknown,
        };
        Ok((event, time))
    }

    /// Which folders may have changed by it; none of an event that changes none.
    pub fn hint(&self) -> Option<Hint> {
        match self {
            Self::Modified(hint) => Some(hint.clone()),
            Self::Own(_) => Some(Hint::default()),
            Self::RotationFailed(_) | Self::Test(_) | Self::Unknown => None,
        }
    }

    /// All that metrics call events, in the order in which they are shown.
    pub(crate) const NAMES: [&'static str; 5] =
        ["secrets.modified", "secrets.rotation-failed", "test", "own", "unknown"];

    /// What metrics call it. Names of unknown events are whatever somebody sends, and are not kept.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Modified(_) => "secrets.modified",
            Self::RotationFailed(_) => "secrets.rotation-failed",
            Self::Test(_) => "test",
            Self::Own(_) => "own",
            Self::Unknown => "unknown",
        }
    }
}

impl Hint {
    /// Whether the folder itself is meant, as far as the hint tells.
    pub fn is_of(&self, folder: &Folder) -> bool {
        let is = |said: &Option<String>, it: &str| said.as_deref().is_none_or(|said| said == it);
        let path = self.path.as_deref().is_none_or(|path| trimmed(path) == trimmed(&folder.path));
        self.may_show_in(folder) && is(&self.environment, &folder.environment) && path
    }

    /// Whether what it tells of may show in the folder: imports and references lead anywhere in a project.
    pub fn may_show_in(&self, folder: &Folder) -> bool {
        match (&self.project, &folder.project) {
            (Some(said), Project::Id(id)) => said == id,
            // The id of a slug is not known here.
            (Some(_), Project::Slug(_)) | (None, _) => true,
        }
    }
}

fn trimmed(path: &str) -> &str {
    path.trim_matches('/')
}

fn hint(body: &[u8]) -> Result<Hint, Refused> {
    let Body { project } = json(body)?;
    let Scope { project_id, workspace_id, environment, secret_path } = project;
    // A longer one is as good as none: something may have changed, and nobody says where.
    let short = |it: &String| it.len() <= LONGEST;
    Ok(Hint {
        project: project_id.or(workspace_id).filter(short),
        environment: environment.filter(short),
        path: secret_path.filter(short),
    })
}

fn own(event: &str, body: &[u8], time: Option<Duration>, legacy: LegacyEvents) -> Result<Own, Refused> {
    let OwnBody { payload: Payload { secret_key, secret_value, rotation } } = json(body)?;
    let deleted = event == "secret.deleted";
    if (secret_value.is_none() && !deleted) || secret_key.len() > LONGEST {
        return Err(Refused::Form);
    }
    let is_believed = legacy == LegacyEvents::Values && time.is_some() && !deleted;
    let value = secret_value.filter(|_| is_believed);
    Ok(Own { key: secret_key, value, rotated: rotation || event == "secret.rotated", deleted, time })
}

/// What serde says may quote what it read.
fn json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|_| Refused::Form)
}

/// Milliseconds since 1970.
fn moment(timestamp: f64) -> Result<Duration, Refused> {
    if (0.0..1e15).contains(&timestamp) && timestamp.fract() == 0.0 {
        Ok(Duration::from_millis(timestamp as u64))
    } else {
        Err(Refused::Form)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn read(body: &str, legacy: LegacyEvents) -> Result<Event, Refused> {
        Event::read(body.as_bytes(), legacy).map(|(event, _)| event)
    }

    #[test]
    fn every_event_has_a_name_that_is_counted() {
        let own = r#"{"event": "secret.deleted", "timestamp": 1767225600000, "payload": {"secretKey": "A"}}"#;
        let named = |event: &str| format!(r#"{{"event": "{event}", "timestamp": 1767225600000}}"#);
        let infisicals = ["secrets.modified", "secrets.rotation-failed", "test", "honey-token.triggered"];
        let all = infisicals.map(named).into_iter().chain([own.to_owned()]);
        let names: std::collections::BTreeSet<_> =
            all.map(|body| read(&body, LegacyEvents::Hints).unwrap().name()).collect();
        assert_eq!(names, Event::NAMES.into_iter().collect());
    }

    #[test]
    fn infisicals_events_are_hints_or_nothing() {
        let full = r#"{"event": "secrets.modified", "timestamp": 1767225600000, "project": {"workspaceId": "w", "projectId": "p",
            "projectName": "n", "environment": "dev", "environmentName": "Dev", "secretPath": "/db/", "changedBy": "x"}}"#;
        let hint = read(full, LegacyEvents::Off).unwrap().hint().unwrap();
        let folder = |project: &str, environment: &str, path: &str| Folder {
            project: Project::Id(project.to_owned()),
            environment: environment.to_owned(),
            path: path.to_owned(),
        };
        assert!(hint.is_of(&folder("p", "dev", "/db")));
        assert!(!hint.is_of(&folder("p", "dev", "/")) && hint.may_show_in(&folder("p", "prod", "/")));
        assert!(!hint.is_of(&folder("q", "dev", "/db")) && !hint.may_show_in(&folder("q", "dev", "/db")));
        let older = r#"{"event": "secrets.modified", "project": {"workspaceId": "w"}}"#;
        let hint = read(older, LegacyEvents::Off).unwrap().hint().unwrap();
        assert_eq!(hint, Hint { project: Some("w".to_owned()), ..Hint::default() });
        assert!(hint.is_of(&folder("w", "dev", "/db")));
        for event in ["secrets.rotation-failed", "test", "honey-token.triggered", "secret.created"] {
            let body = format!(r#"{{"event": "{event}", "project": {{}}, "timestamp": 1}}"#);
            assert_eq!(read(&body, LegacyEvents::Off).unwrap().hint(), None, "{event}");
        }
    }

    #[test]
    fn the_applications_own_form_is_let_in_where_it_is_asked_for() {
        let body = |event: &str, payload: &str| {
            format!(r#"{{"event": "secret.{event}", "payload": {payload}, "timestamp": 1}}"#)
        };
        let rotated = body("rotated", r#"{"secretKey": "A", "secretValue": "canary", "rotation": true}"#);
        assert!(matches!(read(&rotated, LegacyEvents::Off), Ok(Event::Unknown)));
        let Ok(Event::Own(own)) = read(&rotated, LegacyEvents::Hints) else { panic!("not let in") };
        assert!(own.value.is_none() && own.rotated && own.key == "A");
        let Ok(Event::Own(own)) = read(&rotated, LegacyEvents::Values) else { panic!("not let in") };
        assert_eq!(own.value.as_ref().unwrap().expose(), "canary");
        assert!(!format!("{own:?}").contains("canary"));
        for event in ["created", "updated"] {
            let said = read(&body(event, r#"{"secretKey": "A", "secretValue": "1"}"#), LegacyEvents::Values);
            assert!(matches!(said, Ok(Event::Own(Own { rotated: false, deleted: false, .. }))), "{event}");
        }
        let untimed = read(&rotated.replace(", \"timestamp\": 1", ""), LegacyEvents::Values);
        assert!(matches!(untimed, Ok(Event::Own(Own { value: None, time: None, .. }))));
        let deleted = read(&body("deleted", r#"{"secretKey": "A"}"#), LegacyEvents::Values);
        assert!(matches!(deleted, Ok(Event::Own(Own { deleted: true, value: None, .. }))));
        let lacking = read(&body("updated", r#"{"secretKey": "A"}"#), LegacyEvents::Values);
        assert_eq!(lacking.unwrap_err(), Refused::Form);
    }

    #[test]
    fn a_place_that_is_too_long_is_not_kept_and_the_hint_is() {
        let long = "x".repeat(LONGEST + 1);
        let body = format!(
            r#"{{"event": "secrets.modified", "project": {{"projectId": "{long}", "environment": "{long}", "secretPath": "{long}"}}}}"#
        );
        assert_eq!(read(&body, LegacyEvents::Off).unwrap().hint(), Some(Hint::default()));
        let own =
            format!(r#"{{"event": "secret.deleted", "payload": {{"secretKey": "{long}"}}, "timestamp": 1}}"#);
        assert_eq!(read(&own, LegacyEvents::Values).unwrap_err(), Refused::Form);
    }

    #[test]
    fn what_is_no_event_is_refused() {
        for body in [
            "",
            "{}",
            "[]",
            "null",
            "{\"event\": 1}",
            r#"{"event": "secrets.modified", "project": []}"#,
            r#"{"event": "secrets.modified", "project": {"environment": 1}}"#,
            r#"{"event": "secrets.modified", "event": "test"}"#,
            r#"{"event": "test", "timestamp": -1}"#,
            r#"{"event": "test", "timestamp": 1.5}"#,
            r#"{"event": "test", "timestamp": 1e300}"#,
            r#"{"event": "test", "timestamp": "1"}"#,
            r#"{"event": "test"} {}"#,
        ] {
            assert_eq!(read(body, LegacyEvents::Values).unwrap_err(), Refused::Form, "{body}");
        }
    }
    /// Some JSON, of the names that events have.
    fn some_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "(secrets?\\.(modified|created|updated|rotated|deleted|rotation-failed)|test|canary)"
                .prop_map(Value::from),
        ];
        let names = "event|timestamp|project|payload|projectId|workspaceId|environment|secretPath|secretKey|secretValue|rotation";
        leaf.prop_recursive(3, 32, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(names, inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(body in prop::collection::vec(any::<u8>(), 0..256)) {
            let _ = Event::read(&body, LegacyEvents::Values);
        }

        #[test]
        fn any_json_is_read_or_refused_and_no_value_shown(body in some_json()) {
            let body = body.to_string();
            for legacy in [LegacyEvents::Off, LegacyEvents::Hints, LegacyEvents::Values] {
                match Event::read(body.as_bytes(), legacy) {
                    Ok((Event::Own(own), time)) => {
                        prop_assert!(legacy != LegacyEvents::Off);
                        prop_assert!(own.value.is_none() || (legacy == LegacyEvents::Values && time.is_some()));
                    }
                    Ok(_) => {}
                    Err(refused) => prop_assert_eq!(refused, Refused::Form),
                }
            }
        }

        #[test]
        fn what_infisical_says_arrives(
            project in "\\PC*",
            environment in "\\PC*",
            path in "\\PC*",
            time in 0..10_u64.pow(15),
        ) {
            let scope = json!({"projectId": project, "environment": environment, "secretPath": path, "new": {}});
            let body = json!({"event": "secrets.modified", "project": scope, "timestamp": time}).to_string();
            let (event, sent) = Event::read(body.as_bytes(), LegacyEvents::Off).unwrap();
            prop_assert_eq!(sent, Some(Duration::from_millis(time)));
            let hint = Hint { project: Some(project), environment: Some(environment), path: Some(path) };
            prop_assert_eq!(event.hint(), Some(hint));
        }
    }
}
