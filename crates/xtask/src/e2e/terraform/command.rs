//! Terraform itself, with a provider for each schema in place of the real ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::Result;

/// Terraform, set up.
pub(super) struct Terraform {
    /// Its configuration, which says where the providers are.
    config: PathBuf,
}

impl Terraform {
    /// The version on this machine, if there is one.
    pub(super) fn version() -> Option<String> {
        let output = Command::new("terraform")
            .args(["version", "-json"])
            .env("CHECKPOINT_DISABLE", "1")
            .output()
            .ok()?;
        let said: Value = serde_json::from_slice(&output.stdout).ok()?;
        said["terraform_version"].as_str().map(str::to_owned)
    }

    /// Lays out the provider once for each schema, which it reads beside itself.
    pub(super) fn with(dir: &Path, provider: &Path, schemas: &[(String, Value)]) -> Result<Self> {
        let mut overrides = String::new();
        for (address, schema) in schemas {
            let name = address.rsplit('/').next().unwrap_or_default();
            let home = dir.join(name);
            fs::create_dir_all(&home)?;
            fs::copy(provider, home.join(format!("terraform-provider-{name}")))?;
            fs::write(home.join("schema.json"), schema.to_string())?;
            overrides.push_str(&format!("    \"{address}\" = \"{}\"\n", home.display()));
        }
        let config = dir.join("terraform.rc");
        let text =
            format!("provider_installation {{\n  dev_overrides {{\n{overrides}  }}\n  direct {{}}\n}}\n");
        fs::write(&config, text)?;
        Ok(Self { config })
    }

    fn command(&self, dir: &Path, args: &[&str]) -> Command {
        let mut command = Command::new("terraform");
        command.args(args).current_dir(dir);
        // Nothing of the machine's own setting: no variables, no logins.
        for (name, _) in std::env::vars_os() {
            let own =
                name.to_str().is_some_and(|name| name.starts_with("TF_") || name.starts_with("INFISICAL_"));
            if own {
                command.env_remove(name);
            }
        }
        command
            .env("TF_CLI_CONFIG_FILE", &self.config)
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_IN_AUTOMATION", "1");
        command
    }

    /// What a command prints, if it succeeds.
    pub(super) fn output(&self, dir: &Path, args: &[&str]) -> Result<String> {
        let output = self.command(dir, args).output()?;
        match output.status.success() {
            true => Ok(String::from_utf8(output.stdout)?),
            false => {
                let words = String::from_utf8_lossy(&output.stderr).into_owned();
                Err(format!("terraform {}: {}\n{words}", args.join(" "), output.status).into())
            }
        }
    }

    /// The errors that `terraform validate` reports of a folder.
    pub(super) fn validate(&self, dir: &Path) -> Result<Vec<String>> {
        let output = self.command(dir, &["validate", "-json"]).output()?;
        let said: Value = serde_json::from_slice(&output.stdout).map_err(|error| {
            format!("terraform validate: {error}\n{}", String::from_utf8_lossy(&output.stderr))
        })?;
        let text = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
        let errors =
            said["diagnostics"].as_array().into_iter().flatten().filter(|one| one["severity"] == "error");
        let errors: Vec<String> =
            errors.map(|one| format!("{}: {}", text(one, "summary"), text(one, "detail"))).collect();
        match (said["valid"].as_bool(), errors.is_empty()) {
            (Some(valid), empty) if valid == empty => Ok(errors),
            _ => Err("terraform validate is of two minds".into()),
        }
    }

    /// What is wrong with a plan of the folder; every variable of its text is given some value.
    pub(super) fn plan(&self, dir: &Path, text: &str) -> Result<Vec<String>> {
        let main: Value = serde_json::from_str(text)?;
        let (planned, words) = self.plan_to(dir, "tfplan", Some("test"))?;
        let resources = main["resource"].as_object().into_iter().flatten();
        let count: usize =
            resources.filter_map(|(_, named)| named.as_object()).map(serde_json::Map::len).sum();
        let expected = format!("Plan: {count} to add, 0 to change, 0 to destroy.");
        match planned && words.contains(&expected) {
            true => Ok(Vec::new()),
            false => Ok(vec![format!("expected \"{expected}\"\n{words}")]),
        }
    }

    /// Plans to a file, with one value for every variable, or none: whether that went well, and what was said.
    pub(super) fn plan_to(&self, dir: &Path, file: &str, value: Option<&str>) -> Result<(bool, String)> {
        let main: Value = serde_json::from_str(&fs::read_to_string(dir.join("main.tf.json"))?)?;
        let mut command = self.command(dir, &["plan", "-input=false", "-no-color", "-out", file]);
        let names = main["variable"].as_object().into_iter().flatten().map(|(name, _)| name);
        let given = names.filter_map(|name| Some((format!("TF_VAR_{name}"), value?)));
        let output = command.envs(given).output()?;
        let words = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        Ok((output.status.success(), words))
    }
}
