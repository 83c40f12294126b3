//! The engines' programs: built from pinned modules once, and kept outside the checkout.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::{Result, cache as kept, say};

const ETCD: GoTool = GoTool { name: "etcd", package: "go.etcd.io/etcd/server/v3", ld_flags: "" };
const API_SERVER: GoTool = GoTool {
    name: "kube-apiserver",
    package: "k8s.io/kubernetes/cmd/kube-apiserver",
    // Without these the server calls itself v0.0.0-master.
    ld_flags: "-X k8s.io/component-base/version.gitVersion=v1.36.3 \
               -X k8s.io/component-base/version.gitMajor=1 \
               -X k8s.io/component-base/version.gitMinor=36",
};
const OPERATOR: GoTool = GoTool {
    name: "external-secrets",
    package: "github.com/external-secrets/external-secrets",
    ld_flags: "",
};

const KUSTOMIZE: GoTool =
    GoTool { name: "kustomize", package: "sigs.k8s.io/kustomize/kustomize/v5", ld_flags: "" };
const ACTIONLINT: GoTool =
    GoTool { name: "actionlint", package: "github.com/rhysd/actionlint/cmd/actionlint", ld_flags: "" };
const KUBECONFORM: GoTool =
    GoTool { name: "kubeconform", package: "github.com/yannh/kubeconform/cmd/kubeconform", ld_flags: "" };

/// A program that Go builds from the module in `e2e/NAME`.
struct GoTool {
    name: &'static str,
    package: &'static str,
    ld_flags: &'static str,
}

/// Where each program is.
#[derive(Clone, Debug)]
pub(super) struct Engines {
    /// The API server's store.
    pub(super) etcd: PathBuf,
    /// The Kubernetes API server.
    pub(super) api_server: PathBuf,
    /// The operator's controller.
    pub(super) operator: PathBuf,
    /// The stand-in for AWS.
    pub(super) moto: PathBuf,
}

/// Programs that read what keyloom writes, or run it.
#[derive(Clone, Debug)]
pub(super) struct Tools {
    /// Builds manifests.
    pub(super) kustomize: PathBuf,
    /// Reads workflows of GitHub.
    pub(super) actionlint: PathBuf,
    /// Runs hooks.
    pub(super) pre_commit: PathBuf,
}

/// Builds the small programs that the cache does not hold yet.
pub(super) fn tools(pins: &Path, cache: &Path) -> Result<Tools> {
    let go_version = go_output(pins, &["version"])?;
    let build = |tool: &GoTool| build_tool(tool, pins, cache, &go_version);
    Ok(Tools {
        kustomize: build(&KUSTOMIZE)?,
        actionlint: build(&ACTIONLINT)?,
        pre_commit: install("pre-commit", pins, cache)?.join("bin/pre-commit"),
    })
}

/// Builds kubeconform, which only benches need, unless the cache holds it.
pub(super) fn kubeconform(pins: &Path, cache: &Path) -> Result<PathBuf> {
    build_tool(&KUBECONFORM, pins, cache, &go_output(pins, &["version"])?)
}

/// Builds what the cache does not hold yet, from the modules under `pins`.
pub(super) fn build(pins: &Path, cache: &Path) -> Result<Engines> {
    let go_version = go_output(pins, &["version"])?;
    let build = |tool: &GoTool| build_tool(tool, pins, cache, &go_version);
    Ok(Engines {
        etcd: build(&ETCD)?,
        operator: build(&OPERATOR)?,
        api_server: build(&API_SERVER)?,
        moto: install("moto", pins, cache)?.join("bin/moto_server"),
    })
}

fn build_tool(tool: &GoTool, pins: &Path, cache: &Path, go_version: &str) -> Result<PathBuf> {
    let module = pins.join(tool.name);
    let key = kept::digest(&[
        &fs::read(module.join("go.mod"))?,
        &fs::read(module.join("go.sum"))?,
        go_version.as_bytes(),
        tool.ld_flags.as_bytes(),
    ]);
    let dir = kept::keyed(cache, tool.name, &key, |new| {
        say(&format!("building {} ...", tool.name))?;
        let start = Instant::now();
        let output = new.join(tool.name);
        let status = go(&module)
            .args(["build", "-trimpath", "-buildvcs=false", "-ldflags", tool.ld_flags, "-o"])
            .arg(output)
            .arg(tool.package)
            .status()
            .map_err(no_go)?;
        if !status.success() {
            return Err(format!("building {} failed: {status}", tool.name).into());
        }
        say(&format!("built {} in {} s", tool.name, start.elapsed().as_secs()))
    })?;
    Ok(dir.join(tool.name))
}

/// The environment with what `e2e/NAME` requires of Python. It cannot be moved, so its directory is built in place and
/// marked when done.
fn install(name: &str, pins: &Path, cache: &Path) -> Result<PathBuf> {
    let requirements = pins.join(name).join("requirements.txt");
    let python = output_of(Command::new("python3").arg("--version"))
        .map_err(|error| format!("{error}; install Python 3 (Debian: python3 python3-venv)"))?;
    let key = kept::digest(&[&fs::read(&requirements)?, python.as_bytes()]);
    let dir = cache.join(format!("{name}-{key}"));
    let done = dir.join("complete");
    if !done.exists() {
        say(&format!("installing {name} ..."))?;
        let start = Instant::now();
        output_of(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&dir))
            .map_err(|error| format!("{error}; install venv (Debian: python3-venv)"))?;
        let mut pip = Command::new(dir.join("bin/python"));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]);
        output_of(pip.arg(&requirements))?;
        fs::write(done, "")?;
        say(&format!("installed {name} in {} s", start.elapsed().as_secs()))?;
    }
    Ok(dir)
}

/// Where Go keeps the operator's module, fetched if it is not there.
pub(super) fn operator_module(pins: &Path) -> Result<PathBuf> {
    let pins = pins.join(OPERATOR.name);
    let find = || go_output(&pins, &["list", "-m", "-f", "{{.Dir}}", OPERATOR.package]);
    match find()? {
        dir if !dir.is_empty() => Ok(dir.into()),
        // A cached binary does not imply a filled module cache.
        _ => {
            go_output(&pins, &["mod", "download", OPERATOR.package])?;
            Ok(find()?.into())
        }
    }
}

fn go(dir: &Path) -> Command {
    let mut command = Command::new("go");
    // The Go that is installed: its version is part of the key.
    command.current_dir(dir).env("GOTOOLCHAIN", "local").env("GOWORK", "off");
    command
}

fn go_output(dir: &Path, args: &[&str]) -> Result<String> {
    output_of(go(dir).args(args)).map_err(|error| {
        format!("{error}; the engines are built with Go 1.26 or newer (go.dev/doc/install)").into()
    })
}

fn no_go(error: std::io::Error) -> String {
    format!("cannot run go ({error}); install Go 1.26 or newer")
}

/// What a command printed; its complaints are the error when it fails.
fn output_of(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("cannot run {program}: {error}"))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("{program} failed: {words}").into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
