//! The programs that pages show and no road takes: they run, and a second preview is empty.

use crate::Result;
use crate::e2e::pulumi::home::{Home, said};
use crate::e2e::pulumi::plugins;
use crate::e2e::pulumi::scene::{Scene, files, rendered};
use crate::e2e::pulumi::stack::Stack;

/// Runs every check.
pub(super) fn run(scene: &mut Scene<'_>) -> Result<()> {
    scene.check("page yaml", yaml)?;
    scene.check("page rust", rust)
}

/// `e2e/pulumi/yaml/credentials.yaml`.
fn yaml(home: &Home) -> Result<Vec<String>> {
    let stack = files(home, "credentials", "credentials")?;
    for key in ["clientId", "clientSecret"] {
        stack.set_secret(key, "not-a-real-one")?;
    }
    for args in [&["up", "--yes", "--skip-preview"][..], &["preview", "--expect-no-changes"]] {
        let said = stack.said(args)?;
        if said.code != Some(0) {
            return Ok(vec![said.all]);
        }
    }
    Ok(Vec::new())
}

/// The example `web_shop` of the components.
fn rust(home: &Home) -> Result<Vec<String>> {
    let stack = rendered(Stack::driven(home, "web-shop", "rust")?)?;
    for key in ["infisical-client-id", "infisical-client-secret"] {
        stack.set_secret(key, "not-a-real-one")?;
    }
    for args in [&["up", "--yes", "--skip-preview"][..], &["preview", "--expect-no-changes"]] {
        let mut program = stack.command(&home.bin().join(plugins::PAGE));
        let said = said(program.args(args).args(["--stack", "e2e", "--non-interactive", "--color=never"]))?;
        if said.code != Some(0) {
            return Ok(vec![said.all]);
        }
    }
    Ok(Vec::new())
}
