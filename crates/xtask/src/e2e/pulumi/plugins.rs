//! Programs of this workspace that the engine runs, or that run the engine.

use std::path::PathBuf;

use crate::Result;
use crate::e2e::keyloom;
use crate::e2e::pulumi::home::Home;

/// The plugin under test.
pub(super) const KEYLOOM: &str = "pulumi-resource-keyloom";
/// Where its children end.
pub(super) const KUBERNETES: &str = "pulumi-resource-kubernetes";
/// Where what Infisical is told ends.
pub(super) const INFISICAL: &str = "pulumi-resource-infisical";
/// The command, with `keyloom pulumi`.
pub(super) const COMMAND: &str = "keyloom";
/// The program in Rust.
pub(super) const RUST: &str = "roads";

/// The program of the page for Rust.
pub(super) const PAGE: &str = "web_shop";

/// Builds what Pulumi's part needs and puts it on the home's path.
pub(super) fn install(home: &Home) -> Result<()> {
    let packages = ["--package", "keyloom-components", "--package", "keyloom-stand-ins"];
    let command = ["--package", "keyloom-cli", "--features", "keyloom-cli/pulumi"];
    let targets = ["--bins", "--example", RUST, "--example", PAGE];
    let built = keyloom::executables(&[&packages[..], &command[..], &targets[..]].concat())?;
    for name in [KEYLOOM, KUBERNETES, INFISICAL, COMMAND, RUST] {
        home.install(find(&built, name)?)?;
    }
    home.install(find(&built, PAGE)?)
}

fn find<'a>(built: &'a [PathBuf], name: &str) -> Result<&'a PathBuf> {
    let named = |path: &&PathBuf| path.file_name().is_some_and(|it| it == name);
    built.iter().find(named).ok_or_else(|| format!("the workspace has no {name}").into())
}
