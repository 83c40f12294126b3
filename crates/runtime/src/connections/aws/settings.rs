//! What the environment says of AWS: the names of Bruin. All others are left to AWS's own chain.

use keyloom_connections::Secret;

use super::super::credentials::Credentials;
use super::super::error::Failure;
use super::super::setting::{Origin, Said, Setting, Shown, Variables};
use super::{WORD, endpoint};
use crate::clock::Clock;
use crate::http::{Proxies, is_confidential};

const KEY_ID: &str = "BRUIN_AWS_ACCESS_KEY_ID";
const SECRET_KEY: &str = "BRUIN_AWS_SECRET_ACCESS_KEY";
const SESSION: &str = "BRUIN_AWS_SESSION_TOKEN";
pub(super) const REGION: &str = "BRUIN_AWS_REGION";
/// What somebody logs in with. AWS's own (`AWS_SECRET_ACCESS_KEY`, ...) are not among it: a program that is given connections may well
/// be a client of AWS itself.
pub(in crate::connections) const CREDENTIALS: Credentials =
    Credentials { own: &[KEY_ID, SECRET_KEY, SESSION], shared: &[] };
/// As AWS's own tools have it; the first that is set counts.
const ENDPOINT: [&str; 2] = ["AWS_ENDPOINT_URL_SECRETS_MANAGER", "AWS_ENDPOINT_URL"];
/// A pod has it.
const IN_POD: &str = "KUBERNETES_SERVICE_HOST";
const IGNORE_ENDPOINTS: &str = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS";
/// Who knows what is not said here: the profiles that AWS's SDK reads, and where it runs.
const CHAIN: &str = "AWS's own chain";

/// What an [`AwsSecretsManager`](super::AwsSecretsManager) is told.
#[derive(Clone, Debug)]
pub struct AwsSettings {
    /// Keys to sign with; those that AWS's own chain finds where there are none.
    pub keys: Option<AwsKeys>,
    /// Region; that of AWS's own chain where there is none.
    pub region: Option<String>,
    /// An address that stands in for the region's own: `https`, or `http` to this machine or to a service of the same cluster; no
    /// credentials are in it.
    pub endpoint: Option<String>,
    /// The time. Default: the machine's.
    pub clock: Clock,
}

impl Default for AwsSettings {
    /// What AWS's own chain finds.
    fn default() -> Self {
        Self { keys: None, region: None, endpoint: None, clock: Clock::system() }
    }
}

/// Keys that requests to AWS are signed with.
#[derive(Clone, Debug)]
pub struct AwsKeys {
    /// Access key ID.
    pub access_key_id: String,
    /// Secret access key.
    pub secret_access_key: Secret,
    /// Session token, of keys that end.
    pub session_token: Option<Secret>,
}

/// Settings, with who said them.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) settings: AwsSettings,
    origins: Origins,
}

/// Who said each of the settings that are shown.
#[derive(Debug)]
struct Origins {
    region: Origin,
    keys: Origin,
    endpoint: Origin,
}

impl Told {
    /// Settings of the program's own.
    ///
    /// # Errors
    /// All that is wrong with them.
    pub(super) fn of(settings: AwsSettings) -> Result<Self, Vec<Failure>> {
        let said = |is_said: bool| if is_said { Origin::Program } else { Origin::Default };
        let origins = Origins {
            region: said(settings.region.is_some()),
            keys: said(settings.keys.is_some()),
            endpoint: said(settings.endpoint.is_some()),
        };
        Self::checked(settings, origins, true, Vec::new())
    }

    /// What the environment says.
    ///
    /// # Errors
    /// All that is missing or wrong.
    pub(super) fn from_env(get: &dyn Fn(&str) -> Option<String>) -> Result<Self, Vec<Failure>> {
        let mut variables = Variables::new(WORD, get);
        let session = variables.optional(&[SESSION]);
        let is_said = session.is_some()
            || variables.optional(&[KEY_ID]).or(variables.optional(&[SECRET_KEY])).is_some();
        let keys = if is_said {
            let id = variables.required(
                &[KEY_ID],
                "the ID of an access key, or unset the others for those of AWS's own chain",
            );
            let secret =
                variables.required(&[SECRET_KEY], "the secret access key of BRUIN_AWS_ACCESS_KEY_ID");
            id.zip(secret)
        } else {
            None
        };
        let region = variables.optional(&[REGION]);
        let ignored = variables
            .optional(&[IGNORE_ENDPOINTS])
            .is_some_and(|said| said.text.eq_ignore_ascii_case("true"));
        let endpoint = variables.optional(&ENDPOINT).filter(|_| !ignored);
        let origin = |said: Option<&Said>| said.map_or(Origin::Default, |said| said.origin);
        let origins = Origins {
            region: origin(region.as_ref()),
            keys: origin(keys.as_ref().map(|(id, _)| id)),
            endpoint: origin(endpoint.as_ref()),
        };
        let settings = AwsSettings {
            keys: keys.map(|(id, secret)| AwsKeys {
                access_key_id: id.text,
                secret_access_key: Secret::new(secret.text),
                session_token: session.map(|said| Secret::new(said.text)),
            }),
            region: region.map(|said| said.text),
            endpoint: endpoint.map(|said| said.text),
            ..AwsSettings::default()
        };
        let in_pod = variables.optional(&[IN_POD]).is_some();
        Self::checked(settings, origins, in_pod, variables.take_failures())
    }

    fn checked(
        settings: AwsSettings,
        origins: Origins,
        in_pod: bool,
        mut failures: Vec<Failure>,
    ) -> Result<Self, Vec<Failure>> {
        if let Some(text) = &settings.region {
            failures.extend(check_region(text).err());
        }
        match settings.endpoint.as_ref().map(|text| endpoint::parse(text, in_pod)) {
            Some(Err((why, remedy))) => {
                failures.push(Failure::of_settings(
                    WORD,
                    format!("the endpoint, by {}, {why}", origins.endpoint),
                    remedy,
                ));
            }
            Some(Ok(url)) if !is_confidential(&url) => log::warn!(
                "values of AWS Secrets Manager travel in the clear to {}",
                url.host_str().unwrap_or_default()
            ),
            Some(Ok(_)) | None => {}
        }
        if !failures.is_empty() {
            return Err(failures);
        }
        Ok(Self { settings, origins })
    }

    /// Each as it is shown; the region that the chain found, where one was left to it and it was asked.
    pub(super) fn shown(&self, found: Option<&str>) -> Vec<Setting> {
        let Self { settings, origins } = self;
        let region = match (settings.region.as_deref(), found) {
            (None, Some(found)) => Setting::value("region", found, Origin::Found(CHAIN)),
            (said, _) => Setting::optional("region", said, origins.region, Shown::LeftTo(CHAIN)),
        };
        let key = settings.keys.as_ref().map(|keys| keys.access_key_id.as_str());
        let endpoint = settings.endpoint.as_deref();
        let known = settings.region.as_deref().or(found);
        let asked = endpoint.map(str::to_owned).or_else(|| known.map(usual_endpoint));
        let asked = asked.and_then(|text| text.parse().ok());
        let proxy = Setting::proxy(asked.and_then(|url| Proxies::from_env().of(&url)));
        let said = [
            region,
            Setting::optional("access key ID", key, origins.keys, Shown::LeftTo(CHAIN)),
            Setting::optional("endpoint", endpoint, origins.endpoint, Shown::LeftTo(CHAIN)),
        ];
        said.into_iter().chain(proxy).collect()
    }
}

/// Where AWS has it, but for those parts of the world that have a domain of their own.
fn usual_endpoint(region: &str) -> String {
    format!("https://secretsmanager.{region}.amazonaws.com")
}

/// Whether a text may be a region: it becomes part of a host that a signature is sent to.
///
/// # Errors
/// That it is none; it is not quoted.
pub(super) fn check_region(text: &str) -> Result<(), Failure> {
    let is_label =
        text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if is_label && text.contains('-') && text.len() <= 32 && !text.starts_with('-') && !text.ends_with('-') {
        return Ok(());
    }
    let why = "the region is none".to_owned();
    Err(Failure::of_settings(WORD, why, format!("set {REGION} to one, such as eu-central-1")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [(&str, &str); 2] = [(KEY_ID, "AKIDEXAMPLE"), (SECRET_KEY, "canary-key")];

    fn from(set: &[(&str, &str)]) -> Result<Told, Vec<String>> {
        let get = |name: &str| set.iter().find(|(one, _)| *one == name).map(|(_, value)| (*value).to_owned());
        let told = Told::from_env(&get);
        assert!(!format!("{told:?}").contains("canary"), "{told:?}");
        told.map_err(|failures| failures.into_iter().map(|failure| failure.to_string()).collect())
    }

    #[test]
    fn half_a_pair_of_keys_is_told_in_the_words_of_the_contract() {
        let id = "failed to initialize aws client: BRUIN_AWS_ACCESS_KEY_ID env variable not set; ";
        let secret = "failed to initialize aws client: BRUIN_AWS_SECRET_ACCESS_KEY env variable not set; ";
        for (set, expected) in [
            (&KEYS[..1], &[secret][..]),
            (&KEYS[1..], &[id]),
            (&[(SESSION, "canary-session")], &[id, secret]),
            (&[(KEY_ID, " "), KEYS[1]], &[id]),
        ] {
            let told = from(set).err().unwrap();
            assert_eq!(told.len(), expected.len(), "{told:?}");
            assert!(told.iter().zip(expected).all(|(told, begin)| told.starts_with(begin)), "{told:?}");
        }
    }

    #[test]
    fn what_is_not_said_is_of_the_chain_and_keys_are_not_shown() {
        let shown = |set: &[(&str, &str)], found: Option<&str>| {
            let shown = from(set).unwrap().shown(found);
            shown.iter().map(|it| format!("{}={:?} by {}", it.name, it.shown, it.origin)).collect::<Vec<_>>()
        };
        assert_eq!(
            shown(&[], None),
            [
                r#"region=LeftTo("AWS's own chain") by the default"#,
                r#"access key ID=LeftTo("AWS's own chain") by the default"#,
                r#"endpoint=LeftTo("AWS's own chain") by the default"#,
            ]
        );
        let set = [
            KEYS[0],
            KEYS[1],
            (SESSION, "canary-session"),
            (REGION, "eu-central-1"),
            (ENDPOINT[1], "http://127.0.0.1:5000"),
        ];
        assert_eq!(
            shown(&set, Some("us-east-1")),
            [
                r#"region=Value("eu-central-1") by BRUIN_AWS_REGION"#,
                r#"access key ID=Value("AKIDEXAMPLE") by BRUIN_AWS_ACCESS_KEY_ID"#,
                r#"endpoint=Value("http://127.0.0.1:5000") by AWS_ENDPOINT_URL"#,
            ]
        );
        assert_eq!(shown(&[], Some("us-east-1"))[0], r#"region=Value("us-east-1") by AWS's own chain"#);
        let ignored = from(&[(ENDPOINT[1], "http://127.0.0.1:5000"), (IGNORE_ENDPOINTS, "true")]).unwrap();
        assert_eq!(ignored.settings.endpoint, None);
    }

    #[test]
    fn what_would_lead_elsewhere_is_refused_and_not_quoted() {
        for region in ["us-east-1", "us-gov-west-1", "eusc-de-east-1", "ap-southeast-12"] {
            assert!(from(&[(REGION, region)]).is_ok(), "{region}");
        }
        for region in ["canary", "canary.example/", "x@canary.example/#-1", "EU-CANARY-1", "-canary"] {
            assert_eq!(from(&[(REGION, region)]).err().unwrap().len(), 1, "{region}");
        }
        for endpoint in ["canary", "https://canary:canary@proxy.example", "http://canary.example"] {
            let told = from(&[(ENDPOINT[0], endpoint), (REGION, "canary")]).err().unwrap();
            assert_eq!(told.len(), 2, "{endpoint}: {told:?}");
        }
    }
}
