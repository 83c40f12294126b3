//! What the backend of Infisical is told, by the environment or by a program.

use keyloom_connections::Secret;

use super::WORD;
use super::failure::Place;
use crate::base_url::BaseUrl;
use crate::connections::credentials::Credentials;
use crate::connections::error::{Failure, FailureKind};
use crate::connections::setting::{Origin, Said, Setting, Variables};
use crate::error::Error;
use crate::folder::{Folder, Project};

/// Each is read from the first of its variables that is set: the contract's own, then what Infisical's own tools call it.
const HOST: &[&str] = &["BRUIN_INFISICAL_HOST", "INFISICAL_HOST", "INFISICAL_API_URL"];
const CLIENT_ID: &[&str] = &["BRUIN_INFISICAL_CLIENT_ID", "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID"];
const CLIENT_SECRET: &[&str] = &["BRUIN_INFISICAL_CLIENT_SECRET", "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET"];
const PROJECT_ID: &[&str] = &["BRUIN_INFISICAL_PROJECT_ID", "INFISICAL_PROJECT_ID"];
const ENVIRONMENT: &[&str] = &["BRUIN_INFISICAL_ENVIRONMENT", "INFISICAL_ENVIRONMENT"];
const SECRET_PATH: &[&str] = &["BRUIN_INFISICAL_SECRET_PATH", "INFISICAL_SECRET_PATH"];
const ORGANIZATION: &[&str] = &["INFISICAL_AUTH_ORGANIZATION_SLUG"];
/// Kubernetes sets it in every pod.
const IN_CLUSTER: &[&str] = &["KUBERNETES_SERVICE_HOST"];

/// What somebody logs in with.
pub(in crate::connections) const CREDENTIALS: Credentials = Credentials {
    own: &[CLIENT_ID[0], CLIENT_SECRET[0]],
    shared: &[CLIENT_ID[1], CLIENT_SECRET[1], "INFISICAL_ACCESS_TOKEN", "INFISICAL_TOKEN"],
};

const DEFAULT_HOST: &str = "https://app.infisical.com";
const DEFAULT_PATH: &str = "/";

/// How service tokens begin, which Universal Auth does not take.
const SERVICE_TOKEN: &str = "st.";

/// What the backend of Infisical is told.
#[derive(Clone, Debug)]
pub struct InfisicalSettings {
    /// Address, such as `https://app.infisical.com`, which is the default.
    pub host: String,
    /// Client ID of a machine identity with Universal Auth.
    pub client_id: String,
    /// Its client secret.
    pub client_secret: Secret,
    /// The project, by its id or its slug.
    pub project_id: String,
    /// Slug of the environment.
    pub environment: String,
    /// The folder. Default: `/`.
    pub secret_path: String,
    /// Slug of the sub-organization that the login is for. Default: none.
    pub organization_slug: Option<String>,
    /// Whether this runs in a pod: there `http` to a name of the cluster is taken. Default: no.
    pub in_cluster: bool,
}

/// Settings, with who said them.
pub(super) struct Told {
    pub(super) settings: InfisicalSettings,
    pub(super) origins: Origins,
}

/// Who said each of the settings that are shown.
pub(super) struct Origins {
    pub(super) host: Origin,
    pub(super) client_id: Origin,
    pub(super) client_secret: Origin,
    pub(super) project: Origin,
    pub(super) environment: Origin,
    pub(super) path: Origin,
}

impl InfisicalSettings {
    /// The usual ones.
    pub fn new(client_id: &str, client_secret: Secret, project_id: &str, environment: &str) -> Self {
        Self {
            host: DEFAULT_HOST.to_owned(),
            client_id: client_id.to_owned(),
            client_secret,
            project_id: project_id.to_owned(),
            environment: environment.to_owned(),
            secret_path: DEFAULT_PATH.to_owned(),
            organization_slug: None,
            in_cluster: false,
        }
    }
}

impl From<InfisicalSettings> for Told {
    fn from(settings: InfisicalSettings) -> Self {
        let origins = Origins {
            host: Origin::Program,
            client_id: Origin::Program,
            client_secret: Origin::Program,
            project: Origin::Program,
            environment: Origin::Program,
            path: Origin::Program,
        };
        Self { settings, origins }
    }
}

impl Told {
    /// What the environment says, with all that is missing or wrong at once.
    pub(super) fn from_env(get: &dyn Fn(&str) -> Option<String>) -> Result<Self, Vec<Failure>> {
        let mut variables = Variables::new(WORD, get);
        let host = variables.or(HOST, DEFAULT_HOST);
        let client_id =
            variables.required(CLIENT_ID, "the client ID of a machine identity with Universal Auth");
        let client_secret = variables.required(CLIENT_SECRET, "a client secret of that identity");
        let project = variables.required(PROJECT_ID, "the id of the project that the connections are in");
        let environment =
            variables.required(ENVIRONMENT, "the slug of the environment, such as `dev` or `prod`");
        let path = variables.or(SECRET_PATH, DEFAULT_PATH);
        let organization_slug = variables.optional(ORGANIZATION).map(|said| said.text);
        let in_cluster = variables.optional(IN_CLUSTER).is_some();
        let mut failures = variables.take_failures();
        let origin = |said: &Option<Said>| said.as_ref().map_or(Origin::Default, |said| said.origin);
        let origins = Origins {
            host: host.origin,
            client_id: origin(&client_id),
            client_secret: origin(&client_secret),
            project: origin(&project),
            environment: origin(&environment),
            path: path.origin,
        };
        let text = |said: Option<Said>| said.map(|said| said.text).unwrap_or_default();
        let settings = InfisicalSettings {
            host: host.text,
            client_id: text(client_id),
            client_secret: Secret::new(text(client_secret)),
            project_id: text(project),
            environment: text(environment),
            secret_path: path.text,
            organization_slug,
            in_cluster,
        };
        let told = Self { settings, origins };
        // What is missing has been told.
        failures.extend(told.wrong());
        if failures.is_empty() { Ok(told) } else { Err(failures) }
    }

    /// Where to ask, and the settings as they are shown.
    pub(super) fn checked(&self) -> Result<(BaseUrl, Vec<Setting>), Vec<Failure>> {
        let mut failures = self.empty();
        failures.extend(self.wrong());
        match self.base() {
            Ok(base) if failures.is_empty() => {
                let shown = self.shown(&base);
                Ok((base, shown))
            }
            _ => Err(failures),
        }
    }

    /// The folder that is looked at, and who said so.
    pub(super) fn place(&self, base: &BaseUrl) -> Place {
        let folder = Folder {
            project: Project::new(&self.settings.project_id),
            environment: self.settings.environment.clone(),
            path: self.settings.secret_path.clone(),
        };
        let Origins { host, project, environment, path, .. } = self.origins;
        Place { base: base.to_string(), folder, host, project, environment, path }
    }

    fn shown(&self, base: &BaseUrl) -> Vec<Setting> {
        let Self { settings, origins } = self;
        vec![
            Setting::value("host", &base.to_string(), origins.host),
            Setting::value("client ID", &settings.client_id, origins.client_id),
            Setting::credential("client secret", origins.client_secret),
            Setting::value("project", &settings.project_id, origins.project),
            Setting::value("environment", &settings.environment, origins.environment),
            Setting::value("secret path", &settings.secret_path, origins.path),
        ]
    }

    /// What a program left empty.
    fn empty(&self) -> Vec<Failure> {
        let all = [
            ("host", self.settings.host.trim().is_empty()),
            ("client ID", self.settings.client_id.trim().is_empty()),
            ("client secret", self.settings.client_secret.is_blank()),
            ("project ID", self.settings.project_id.trim().is_empty()),
            ("environment", self.settings.environment.trim().is_empty()),
        ];
        let empty = all.into_iter().filter(|(_, is_empty)| *is_empty);
        empty
            .map(|(name, _)| Failure {
                what: format!("empty infisical {name} provided"),
                cause: None,
                remedy: format!("hand over the {name}"),
                kind: FailureKind::Settings,
            })
            .collect()
    }

    /// What is there and cannot be used.
    fn wrong(&self) -> Vec<Failure> {
        let Origins { host, client_id, client_secret, path, .. } = self.origins;
        let mut wrong = Vec::new();
        if !self.settings.host.trim().is_empty()
            && let Err(Error::Address { why }) = self.base()
        {
            let why = format!("the host, by {host}, cannot be used: {why}");
            wrong.push(Failure::of_settings(WORD, why, "an address looks like https://app.infisical.com"));
        }
        for (name, text, origin) in [
            ("client ID", self.settings.client_id.as_str(), client_id),
            ("client secret", self.settings.client_secret.expose(), client_secret),
        ] {
            if text.trim_start().starts_with(SERVICE_TOKEN) {
                let why = format!("the {name}, by {origin}, is a service token");
                let remedy = "make a machine identity with Universal Auth, and set its client ID and a client secret of it; \
                              service tokens are deprecated and belong to nobody";
                wrong.push(Failure::of_settings(WORD, why, remedy));
            }
        }
        if !self.settings.secret_path.starts_with('/') {
            let why = format!("the secret path, by {path}, does not begin with a slash");
            let remedy = "write the path of the folder from the top, such as /connections";
            wrong.push(Failure::of_settings(WORD, why, remedy));
        }
        wrong
    }

    fn base(&self) -> Result<BaseUrl, Error> {
        if self.settings.in_cluster {
            BaseUrl::within_cluster(&self.settings.host)
        } else {
            BaseUrl::parse(&self.settings.host)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connections::setting::Shown;

    const NEEDED: [(&str, &str); 4] = [
        ("BRUIN_INFISICAL_CLIENT_ID", "client"),
        ("BRUIN_INFISICAL_CLIENT_SECRET", "canary"),
        ("BRUIN_INFISICAL_PROJECT_ID", "shop"),
        ("BRUIN_INFISICAL_ENVIRONMENT", "dev"),
    ];

    fn shown(set: &[(&str, &str)]) -> Result<Vec<String>, String> {
        let get = |name: &str| set.iter().find(|(one, _)| *one == name).map(|(_, value)| (*value).to_owned());
        let told = Told::from_env(&get).and_then(|told| told.checked());
        let words = |setting: Setting| {
            let shown = match setting.shown {
                Shown::Value(value) => value,
                other => format!("{other:?}"),
            };
            format!("{} {shown} {}", setting.name, setting.origin)
        };
        let told = told.map(|(_, settings)| settings.into_iter().map(words).collect::<Vec<_>>());
        let told = told.map_err(|failures| failures.iter().map(|it| format!("{it}\n")).collect::<String>());
        assert!(!format!("{told:?}").contains("canary"));
        told
    }

    #[test]
    fn every_setting_says_who_said_it() {
        assert_eq!(
            shown(&NEEDED).unwrap(),
            [
                "host https://app.infisical.com the default",
                "client ID client BRUIN_INFISICAL_CLIENT_ID",
                "client secret Credential BRUIN_INFISICAL_CLIENT_SECRET",
                "project shop BRUIN_INFISICAL_PROJECT_ID",
                "environment dev BRUIN_INFISICAL_ENVIRONMENT",
                "secret path / the default",
            ]
        );
        let others = [
            ("INFISICAL_HOST", "https://eu.infisical.com/api"),
            ("INFISICAL_API_URL", "https://other.example"),
            ("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", "client"),
            ("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", "canary"),
            ("INFISICAL_PROJECT_ID", "shop"),
            ("INFISICAL_ENVIRONMENT", "prod"),
            ("BRUIN_INFISICAL_ENVIRONMENT", " dev\n"),
            ("INFISICAL_SECRET_PATH", "/connections"),
            ("BRUIN_INFISICAL_SECRET_PATH", ""),
        ];
        assert_eq!(
            shown(&others).unwrap(),
            [
                "host https://eu.infisical.com INFISICAL_HOST",
                "client ID client INFISICAL_UNIVERSAL_AUTH_CLIENT_ID",
                "client secret Credential INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET",
                "project shop INFISICAL_PROJECT_ID",
                "environment dev BRUIN_INFISICAL_ENVIRONMENT",
                "secret path /connections INFISICAL_SECRET_PATH",
            ]
        );
    }

    #[test]
    fn plain_http_is_for_this_machine_and_in_a_pod_for_its_cluster() {
        let with = |more: &[(&'static str, &'static str)]| shown(&[&NEEDED[..], more].concat());
        let cluster = ("BRUIN_INFISICAL_HOST", "http://infisical.infisical.svc:8080/api");
        assert!(with(&[("BRUIN_INFISICAL_HOST", "http://localhost:8080")]).is_ok());
        assert!(with(&[cluster]).unwrap_err().contains("it begins with http://"));
        assert!(with(&[cluster, ("KUBERNETES_SERVICE_HOST", "10.0.0.1")]).is_ok());
        let out =
            [("BRUIN_INFISICAL_HOST", "http://infisical.example"), ("KUBERNETES_SERVICE_HOST", "10.0.0.1")];
        assert!(with(&out).unwrap_err().contains("leads out of the cluster"));
    }
}
