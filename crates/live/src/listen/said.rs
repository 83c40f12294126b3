//! Who said a setting: a flag, a variable, an annotation of the pod, or nobody.

use std::collections::BTreeMap;
use std::fmt;

use keyloom_runtime::{pod_annotations, trimmed};

/// Gives the value of a variable.
type Get<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A setting.
struct Row {
    /// The variable that names it.
    name: &'static str,
    /// All variables of it: the first that is set counts.
    variables: &'static [&'static str],
    annotation: Option<&'static str>,
    /// What counts when nobody says anything.
    default: Option<&'static str>,
    /// Whether it lets somebody log in.
    secret: bool,
}

/// A setting whose first variable names it.
const fn row(variables: &'static [&'static str]) -> Row {
    Row { name: variables[0], variables, annotation: None, default: None, secret: false }
}

const fn by_default(variables: &'static [&'static str], default: &'static str) -> Row {
    Row { default: Some(default), ..row(variables) }
}

const fn noted(variables: &'static [&'static str], annotation: &'static str, default: &'static str) -> Row {
    Row { annotation: Some(annotation), ..by_default(variables, default) }
}

const fn secret(variables: &'static [&'static str]) -> Row {
    Row { secret: true, ..row(variables) }
}

/// In the order in which they are shown.
const ROWS: [Row; 21] = [
    Row {
        name: "INFISICAL_API_URL",
        ..by_default(
            &["INFISICAL_HOST", "INFISICAL_API_URL"],
            "http://infisical.infisical.svc.cluster.local:8080/api",
        )
    },
    noted(&["INFISICAL_AUTH_METHOD"], "infisical.com/auth", "kubernetes"),
    row(&["INFISICAL_IDENTITY_ID", "INFISICAL_MACHINE_IDENTITY_ID", "INFISICAL_KUBERNETES_IDENTITY_ID"]),
    by_default(
        &["INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH"],
        "/var/run/secrets/kubernetes.io/serviceaccount/token",
    ),
    secret(&["KUBERNETES_SERVICE_ACCOUNT_TOKEN", "INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN"]),
    row(&["INFISICAL_AUTH_ORGANIZATION_SLUG"]),
    row(&["INFISICAL_UNIVERSAL_AUTH_CLIENT_ID"]),
    secret(&["INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET"]),
    secret(&["INFISICAL_TOKEN", "INFISICAL_ACCESS_TOKEN"]),
    row(&["INFISICAL_PROJECT_ID"]),
    noted(&["INFISICAL_ENVIRONMENT"], "infisical.com/environment", "dev"),
    noted(&["INFISICAL_SECRET_PATH"], "infisical.com/secret-path", "/"),
    by_default(&["WEBHOOK_PORT"], "8080"),
    secret(&["KEYLOOM_WEBHOOK_SECRET"]),
    by_default(&["KEYLOOM_WEBHOOK_SECRET_NAMES"], "WEBHOOK_SECRET,WEBHOOK_SECRET_PREVIOUS"),
    row(&["KEYLOOM_PEERS"]),
    row(&["KEYLOOM_POD_IP"]),
    secret(&["KEYLOOM_REDIS_URL"]),
    by_default(&["KEYLOOM_RECONCILE_INTERVAL"], "300"),
    by_default(&["KEYLOOM_LEGACY_EVENTS"], "off"),
    by_default(&["KEYLOOM_ANNOTATIONS"], "/etc/podinfo/annotations"),
];

/// Who said a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A flag of the command line.
    Flag,
    /// A variable of this name.
    Variable(&'static str),
    /// An annotation of the pod, of this name.
    Annotation(&'static str),
    /// Nobody: what counts then.
    Default,
    /// Nobody, and nothing counts.
    Nobody,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("flag"),
            Self::Variable(name) => write!(f, "variable {name}"),
            Self::Annotation(name) => write!(f, "annotation {name}"),
            Self::Default => f.write_str("default"),
            Self::Nobody => f.write_str("not set"),
        }
    }
}

/// A setting as it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The variable that names it.
    pub setting: &'static str,
    /// Its value; `(not shown)` of what lets somebody log in, and nothing where there is none.
    pub value: String,
    /// Who said it.
    pub origin: Origin,
}

/// The environment with flags before it: what [`keyloom_runtime::Settings::from_env`] is given. A flag is named by the variable
/// that means the same.
pub fn with_flags(
    flags: BTreeMap<&'static str, String>,
    get: impl Fn(&str) -> Option<String>,
) -> impl Fn(&str) -> Option<String> {
    move |name| {
        let row = ROWS.iter().find(|row| row.variables.contains(&name));
        let flag = row.and_then(|row| flags.get(row.name));
        match (row, flag) {
            // The other names of it do not count any more.
            (Some(row), Some(flag)) => (row.name == name).then(|| flag.clone()),
            _ => get(name),
        }
    }
}

/// All settings as they count, with flags before the environment.
pub fn said(flags: &BTreeMap<&'static str, String>, get: impl Fn(&str) -> Option<String>) -> Vec<Said> {
    let all = with_flags(flags.clone(), &get);
    let annotations = pod_annotations(&all);
    ROWS.iter().map(|row| row.said(flags, &get, &annotations)).collect()
}

/// The variables that let somebody log in.
pub(crate) fn credentials() -> impl Iterator<Item = &'static str> {
    ROWS.iter().filter(|row| row.secret).flat_map(|row| row.variables).copied()
}

impl Row {
    fn said(
        &self,
        flags: &BTreeMap<&str, String>,
        get: Get<'_>,
        annotations: &BTreeMap<String, String>,
    ) -> Said {
        let flag = || trimmed(flags.get(self.name).cloned()).map(|it| (it, Origin::Flag));
        let variable = |name: &&'static str| trimmed(get(name)).map(|it| (it, Origin::Variable(name)));
        let annotation = || {
            let name = self.annotation?;
            annotations.get(name).map(|it| (it.clone(), Origin::Annotation(name)))
        };
        let default = || self.default.map(|it| (it.to_owned(), Origin::Default));
        let found = flag().or_else(|| self.variables.iter().find_map(variable)).or_else(annotation);
        let (value, origin) = found.or_else(default).unwrap_or((String::new(), Origin::Nobody));
        // Somebody may have written credentials into an address.
        let hidden = origin != Origin::Nobody && (self.secret || value.contains('@'));
        let value = if hidden { "(not shown)".to_owned() } else { value };
        Said { setting: self.name, value, origin }
    }
}

#[cfg(test)]
mod tests {
    use keyloom_runtime::Settings;

    use super::*;

    fn environment(annotations: &std::path::Path) -> impl Fn(&str) -> Option<String> {
        let annotations = annotations.to_string_lossy().into_owned();
        move |name| {
            Some(match name {
                "INFISICAL_HOST" => "http://infisical.infisical:8080".to_owned(),
                "INFISICAL_IDENTITY_ID" => "of the environment".to_owned(),
                "INFISICAL_PROJECT_ID" => "shop".to_owned(),
                "INFISICAL_ENVIRONMENT" => "staging".to_owned(),
                "KEYLOOM_WEBHOOK_SECRET" => "canary".to_owned(),
                "KEYLOOM_REDIS_URL" => "redis://:canary@redis".to_owned(),
                "KEYLOOM_ANNOTATIONS" => annotations.clone(),
                "WEBHOOK_PORT" => " ".to_owned(),
                _ => return None,
            })
        }
    }

    #[test]
    fn flags_go_before_variables_and_those_before_annotations() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let text = "infisical.com/environment=\"production\"\ninfisical.com/secret-path=\"/services/a\"\n";
        std::fs::write(file.path(), text).unwrap();
        let flags = BTreeMap::from([
            ("INFISICAL_API_URL", "https://secrets.example".to_owned()),
            ("KEYLOOM_PEERS", "canary@host".to_owned()),
        ]);
        let all = said(&flags, environment(file.path()));
        let of = |setting: &str| {
            let said = all.iter().find(|it| it.setting == setting).unwrap();
            (said.value.as_str(), said.origin)
        };
        assert_eq!(of("INFISICAL_API_URL"), ("https://secrets.example", Origin::Flag));
        assert_eq!(of("INFISICAL_ENVIRONMENT"), ("staging", Origin::Variable("INFISICAL_ENVIRONMENT")));
        assert_eq!(
            of("INFISICAL_SECRET_PATH"),
            ("/services/a", Origin::Annotation("infisical.com/secret-path"))
        );
        assert_eq!(of("WEBHOOK_PORT"), ("8080", Origin::Default));
        assert_eq!(of("INFISICAL_TOKEN"), ("", Origin::Nobody));
        assert!(!format!("{all:?}").contains("canary"), "{all:?}");
        let settings = Settings::from_env(with_flags(flags, environment(file.path()))).unwrap();
        assert_eq!(settings.base.to_string(), "https://secrets.example");
        let folder = &settings.folders[0];
        assert_eq!((folder.environment.as_str(), folder.path.as_str()), ("staging", "/services/a"));
    }

    /// What is said to count when nobody says anything is what the client takes.
    #[test]
    fn defaults_are_those_of_the_client() {
        let required = |name: &str| match name {
            "INFISICAL_IDENTITY_ID" | "INFISICAL_PROJECT_ID" => Some("id".to_owned()),
            _ => None,
        };
        let defaults = |name: &str| {
            let row = ROWS.iter().find(|row| row.name == name && name != "KEYLOOM_ANNOTATIONS");
            required(name).or_else(|| row?.default.map(str::to_owned))
        };
        let settings = [Settings::from_env(required), Settings::from_env(defaults)].map(Result::unwrap);
        let [one, other] = settings.map(|it| {
            format!("{:?}", Settings { clock: keyloom_runtime::Clock::simulated(Default::default()), ..it })
        });
        assert_eq!(one, other);
    }

    /// Every variable that the client asks for is shown, and none that it does not; the page names them all.
    #[test]
    fn what_is_shown_is_what_the_client_reads() {
        let page = include_str!("../../../../docs/runtime.md");
        let asked = std::cell::RefCell::new(std::collections::BTreeSet::new());
        for (method, set) in
            ["kubernetes", "universal", "token"].into_iter().flat_map(|it| [(it, true), (it, false)])
        {
            let answer = |name: &str| {
                asked.borrow_mut().insert(name.to_owned());
                match name {
                    "INFISICAL_AUTH_METHOD" => Some(method.to_owned()),
                    "INFISICAL_IDENTITY_ID" | "INFISICAL_PROJECT_ID" => set.then(|| "id".to_owned()),
                    "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID" | "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET" => {
                        set.then(|| "id".to_owned())
                    }
                    _ => None,
                }
            };
            let _ = Settings::from_env(answer);
        }
        let shown = ROWS.iter().flat_map(|row| row.variables).map(|name| (*name).to_owned()).collect();
        assert_eq!(asked.into_inner(), shown);
        let unnamed: Vec<_> = shown.iter().filter(|name| !page.contains(&format!("`{name}`"))).collect();
        assert!(unnamed.is_empty(), "docs/runtime.md says nothing of {unnamed:?}");
    }
}
