//! Terraform as a runner has it: providers come from a mirror, and the state goes to a stand-in for S3.

use std::fs;
use std::path::{Path, PathBuf};

use keyloom_upstream::terraform::Provider;

use crate::Result;
use crate::codegen::terraform::rebuilt;

/// How the backend finds a stand-in: it has no certificate, and no bucket has a host of its own.
const BACKEND: &str = "-backend-config=use_path_style=true -backend-config=skip_credentials_validation=true";

/// The environment that Terraform's steps get beside their own.
pub(super) struct Terraform {
    config: PathBuf,
}

impl Terraform {
    /// Lays out a mirror with that program as the provider for AWS, which reads its schema beside itself.
    pub(super) fn new(dir: &Path, provider: &Path) -> Result<Self> {
        let source = format!("registry.terraform.io/{}", Provider::Aws.source());
        let (_, schema) = rebuilt()?
            .into_iter()
            .find(|(address, _)| *address == source)
            .ok_or("no schema of the provider for AWS")?;
        let architecture = match std::env::consts::ARCH {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            other => other,
        };
        let platform = format!("{}_{architecture}", std::env::consts::OS);
        let mirror = dir.join("mirror");
        let home = mirror.join(&source).join(Provider::Aws.version()).join(platform);
        fs::create_dir_all(&home)?;
        fs::copy(provider, home.join("terraform-provider-aws"))?;
        fs::write(home.join("schema.json"), schema.to_string())?;
        let config = dir.join("terraform.rc");
        let path = mirror.display();
        let text =
            format!("provider_installation {{\n  filesystem_mirror {{\n    path = \"{path}\"\n  }}\n}}\n");
        fs::write(&config, text)?;
        Ok(Self { config })
    }

    /// Its variables.
    pub(super) fn env(&self) -> [(&'static str, String); 3] {
        [
            ("TF_CLI_CONFIG_FILE", self.config.display().to_string()),
            ("TF_CLI_ARGS_init", BACKEND.to_owned()),
            ("CHECKPOINT_DISABLE", "1".to_owned()),
        ]
    }
}
