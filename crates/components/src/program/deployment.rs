//! [`Deployment`]: which stack a program is run for, as a language host tells it in the environment.

use std::collections::BTreeMap;
use std::sync::Arc;

use keyloom_wire::message::language::RunRequest;
use serde::de::DeserializeOwned;
use thiserror::Error;

use super::config::Values;

/// What a program is run for, and whom it talks to.
#[derive(Clone, Debug)]
pub(crate) struct Deployment {
    pub(crate) project: String,
    pub(crate) stack: String,
    pub(crate) organization: String,
    /// Whether this is a preview.
    pub(crate) dry_run: bool,
    pub(crate) config: Arc<Values>,
    /// `host:port` of the resource monitor.
    pub(crate) monitor: String,
    /// `host:port` of the engine, which takes messages.
    pub(crate) engine: String,
}

/// Why the environment cannot be understood. It never quotes what stands there: configuration may be secret.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum EnvironmentError {
    #[error("the language host did not set {0}")]
    Missing(&'static str),
    #[error("the language host set {name} to something that is not {wanted}")]
    Malformed { name: &'static str, wanted: &'static str },
}

/// Whether a language host launched this process.
pub(crate) const MONITOR: &str = "PULUMI_MONITOR";

/// What a stack belongs to on backends that know no organizations.
const ORGANIZATION: &str = "organization";

impl Deployment {
    /// Reads the environment that language hosts set.
    pub(crate) fn from_environment(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, EnvironmentError> {
        let text = |name| variable(name).filter(|value| !value.is_empty());
        let required = |name| text(name).ok_or(EnvironmentError::Missing(name));
        let values: BTreeMap<String, String> =
            json(text("PULUMI_CONFIG"), "PULUMI_CONFIG", "a JSON map of texts")?;
        let secret: Vec<String> =
            json(text("PULUMI_CONFIG_SECRET_KEYS"), "PULUMI_CONFIG_SECRET_KEYS", "a JSON list of texts")?;
        Ok(Self {
            project: required("PULUMI_PROJECT")?,
            stack: required("PULUMI_STACK")?,
            organization: text("PULUMI_ORGANIZATION").unwrap_or_else(|| ORGANIZATION.to_owned()),
            dry_run: flag(text("PULUMI_DRY_RUN"))?,
            config: Arc::new(Values::new(values, &secret)),
            monitor: address(&required(MONITOR)?),
            engine: address(&required("PULUMI_ENGINE")?),
        })
    }

    /// Reads what the engine asks a language runtime for.
    pub(crate) fn from_request(request: RunRequest) -> Result<Self, &'static str> {
        let engine = request.args.first().ok_or("the first argument is not the engine's address")?;
        let organization = Some(request.organization).filter(|name| !name.is_empty());
        Ok(Self {
            engine: address(engine),
            monitor: address(&request.monitor_address),
            project: request.project,
            stack: request.stack,
            organization: organization.unwrap_or_else(|| ORGANIZATION.to_owned()),
            dry_run: request.dry_run,
            config: Arc::new(Values::new(request.config, &request.config_secret_keys)),
        })
    }

    /// Name of the stack's own resource.
    pub(crate) fn stack_name(&self) -> String {
        format!("{}-{}", self.project, self.stack)
    }

    /// URN of the stack's own resource, which does not depend on who registers it.
    pub(crate) fn stack_urn(&self) -> String {
        format!("urn:pulumi:{}::{}::{STACK_TYPE}::{}", self.stack, self.project, self.stack_name())
    }
}

/// Type of the stack's own resource.
pub(crate) const STACK_TYPE: &str = "pulumi:pulumi:Stack";

fn json<T: DeserializeOwned + Default>(
    text: Option<String>,
    name: &'static str,
    wanted: &'static str,
) -> Result<T, EnvironmentError> {
    let Some(text) = text else { return Ok(T::default()) };
    serde_json::from_str(&text).map_err(|_| EnvironmentError::Malformed { name, wanted })
}

/// Hosts write it as Go, Python or JavaScript spell it.
fn flag(text: Option<String>) -> Result<bool, EnvironmentError> {
    match text.as_deref().map(str::to_ascii_lowercase).as_deref() {
        None | Some("false" | "0") => Ok(false),
        Some("true" | "1") => Ok(true),
        Some(_) => Err(EnvironmentError::Malformed { name: "PULUMI_DRY_RUN", wanted: "true or false" }),
    }
}

/// Addresses are `host:port`; some hosts put a scheme before them.
fn address(text: &str) -> String {
    text.rsplit_once("://").map_or(text, |(_, address)| address).to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::config::Config;
    use super::*;

    const HOST: [(&str, &str); 9] = [
        ("PULUMI_MONITOR", "127.0.0.1:4001"),
        ("PULUMI_ENGINE", "tcp://127.0.0.1:4002"),
        ("PULUMI_PROJECT", "shop"),
        ("PULUMI_STACK", "dev"),
        ("PULUMI_ORGANIZATION", "acme"),
        ("PULUMI_DRY_RUN", "True"),
        ("PULUMI_PARALLEL", "16"),
        ("PULUMI_CONFIG", r#"{"shop:token":"canary","shop:region":"eu"}"#),
        ("PULUMI_CONFIG_SECRET_KEYS", r#"["shop:token"]"#),
    ];

    fn read(changes: &[(&str, &str)]) -> Result<Deployment, EnvironmentError> {
        Deployment::from_environment(|name| {
            let found = changes.iter().chain(&HOST).find(|(known, _)| *known == name)?;
            Some(found.1.to_owned())
        })
    }

    #[test]
    fn what_a_host_sets_is_read() {
        let read = read(&[]).unwrap();
        assert_eq!((&*read.monitor, &*read.engine), ("127.0.0.1:4001", "127.0.0.1:4002"));
        assert_eq!((&*read.organization, read.dry_run), ("acme", true));
        assert_eq!(read.stack_urn(), "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev");
        let config = Config::new(&read.project, Arc::clone(&read.config));
        assert_eq!(config.require("region").as_deref(), Ok("eu"));
        assert!(config.get("token").is_err(), "secret keys are known");
        assert!(!format!("{read:?}").contains("canary"));
    }

    #[test]
    fn what_may_be_left_out_has_a_default() {
        let read = read(&[
            ("PULUMI_ORGANIZATION", ""),
            ("PULUMI_DRY_RUN", ""),
            ("PULUMI_CONFIG", ""),
            ("PULUMI_CONFIG_SECRET_KEYS", ""),
        ]);
        let read = read.unwrap();
        assert_eq!((&*read.organization, read.dry_run), ("organization", false));
    }

    #[test]
    fn what_is_wrong_is_named_and_not_quoted() {
        let cases = [
            ("PULUMI_STACK", "", "the language host did not set PULUMI_STACK"),
            (
                "PULUMI_CONFIG",
                r#"{"shop:token": ["canary"]}"#,
                "the language host set PULUMI_CONFIG to something that is not a JSON map of texts",
            ),
            (
                "PULUMI_DRY_RUN",
                "canary",
                "the language host set PULUMI_DRY_RUN to something that is not true or false",
            ),
        ];
        for (name, value, words) in cases {
            assert_eq!(read(&[(name, value)]).unwrap_err().to_string(), words);
        }
    }
}
