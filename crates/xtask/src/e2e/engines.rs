//! The engines' programs: built from pinned modules once, and kept outside the checkout.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;

mod go;
mod maven;
mod python;

use go::{GoTool, HERE};

const ETCD: GoTool = GoTool::new("etcd", "go.etcd.io/etcd/server/v3");
const API_SERVER: GoTool = GoTool {
    // Without these the server calls itself v0.0.0-master.
    ld_flags: "-X k8s.io/component-base/version.gitVersion=v1.36.3 \
               -X k8s.io/component-base/version.gitMajor=1 \
               -X k8s.io/component-base/version.gitMinor=36",
    ..GoTool::new("kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver")
};
const OPERATOR: GoTool = GoTool::new("external-secrets", "github.com/external-secrets/external-secrets");
const KUSTOMIZE: GoTool = GoTool::new("kustomize", "sigs.k8s.io/kustomize/kustomize/v5");
const ACTIONLINT: GoTool = GoTool::new("actionlint", "github.com/rhysd/actionlint/cmd/actionlint");
const KUBECONFORM: GoTool = GoTool::new("kubeconform", "github.com/yannh/kubeconform/cmd/kubeconform");
const PULUMI: GoTool = GoTool {
    // Without it the command knows no version of its own, and asks for none of others.
    ld_flags: "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.259.0",
    module: "pulumi/engine",
    ..GoTool::new("pulumi", "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi")
};
const PULUMI_YAML: GoTool = GoTool {
    module: PULUMI.module,
    ..GoTool::new("pulumi-language-yaml", "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml")
};
const PULUMI_SDKS: GoTool = GoTool { module: "pulumi/sdks", ..GoTool::new("pulumi-sdks", HERE) };
const PULUMI_SDK_DOTNET: GoTool =
    GoTool { module: "pulumi/sdks-dotnet", ..GoTool::new("pulumi-sdk-dotnet", HERE) };

const TERRAFORM_PROVIDER: GoTool = GoTool { module: "terraform", ..GoTool::new("terraform-provider", HERE) };

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
    /// The server of a KV secrets engine.
    pub(super) openbao: PathBuf,
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

/// What reads workflows of pipelines, and the command that their steps run.
#[derive(Clone, Debug)]
pub(super) struct Workflows {
    /// Reads workflows of GitHub.
    pub(super) actionlint: PathBuf,
    /// Reads scripts.
    pub(super) shellcheck: PathBuf,
    /// Reads workflows for what is unsafe in them.
    pub(super) zizmor: PathBuf,
    /// The AWS command.
    pub(super) aws: PathBuf,
}

/// Pulumi's engine, and what programs in its languages need.
#[derive(Clone, Debug)]
pub(super) struct Pulumi {
    /// The command, which holds the engine.
    pub(super) command: PathBuf,
    /// The host of YAML programs.
    pub(super) yaml: PathBuf,
    /// Writes the SDKs of a package, each language in a folder of its own.
    pub(super) sdks: PathBuf,
    /// Writes the SDK for .NET.
    pub(super) sdk_dotnet: PathBuf,
    /// The environment of Python programs.
    pub(super) python: PathBuf,
}

/// Builds the small programs that the cache does not hold yet.
pub(super) fn tools(pins: &Path, cache: &Path) -> Result<Tools> {
    let go_version = go::go_output(pins, &["version"])?;
    let build = |tool: &GoTool| go::build(tool, pins, cache, &go_version);
    Ok(Tools {
        kustomize: build(&KUSTOMIZE)?,
        actionlint: build(&ACTIONLINT)?,
        pre_commit: python::install("pre-commit", pins, cache)?.join("bin/pre-commit"),
    })
}

/// Installs what the workflows of pipelines are held against, unless the cache holds it.
pub(super) fn workflows(pins: &Path, cache: &Path) -> Result<Workflows> {
    let readers = python::install("zizmor", pins, cache)?.join("bin");
    Ok(Workflows {
        actionlint: go::build(&ACTIONLINT, pins, cache, &go::go_output(pins, &["version"])?)?,
        shellcheck: readers.join("shellcheck"),
        zizmor: readers.join("zizmor"),
        aws: python::install("aws", pins, cache)?.join("bin/aws"),
    })
}

/// Builds kubeconform, which only benches need, unless the cache holds it.
pub(super) fn kubeconform(pins: &Path, cache: &Path) -> Result<PathBuf> {
    go::build(&KUBECONFORM, pins, cache, &go::go_output(pins, &["version"])?)
}

/// Builds the provider that knows a schema and nothing else, unless the cache holds it.
pub(super) fn terraform_provider(pins: &Path, cache: &Path) -> Result<PathBuf> {
    go::build(&TERRAFORM_PROVIDER, pins, cache, &go::go_output(pins, &["version"])?)
}

/// Builds what the cache does not hold yet, from the modules under `pins`.
pub(super) fn build(pins: &Path, cache: &Path) -> Result<Engines> {
    let go_version = go::go_output(pins, &["version"])?;
    let build = |tool: &GoTool| go::build(tool, pins, cache, &go_version);
    Ok(Engines {
        etcd: build(&ETCD)?,
        operator: build(&OPERATOR)?,
        api_server: build(&API_SERVER)?,
        moto: moto(pins, cache)?,
        openbao: openbao(pins, cache)?,
    })
}

/// Installs OpenBao, unless the cache holds it.
pub(super) fn openbao(pins: &Path, cache: &Path) -> Result<PathBuf> {
    Ok(python::install("openbao", pins, cache)?.join("bin/bao"))
}

/// Fetches OpenSearch with its security plugin, unless the cache holds it.
pub(super) fn opensearch(pins: &Path, cache: &Path) -> Result<PathBuf> {
    maven::unpack("opensearch", pins, cache)
}

/// Installs the stand-in for AWS, unless the cache holds it.
pub(super) fn moto(pins: &Path, cache: &Path) -> Result<PathBuf> {
    Ok(python::install("moto", pins, cache)?.join("bin/moto_server"))
}

/// Builds what Pulumi programs run with, unless the cache holds it.
pub(super) fn pulumi(pins: &Path, cache: &Path) -> Result<Pulumi> {
    let go_version = go::go_output(pins, &["version"])?;
    let build = |tool: &GoTool| go::build(tool, pins, cache, &go_version);
    Ok(Pulumi {
        command: build(&PULUMI)?,
        yaml: build(&PULUMI_YAML)?,
        sdks: build(&PULUMI_SDKS)?,
        sdk_dotnet: build(&PULUMI_SDK_DOTNET)?,
        python: pulumi_python(pins, cache)?,
    })
}

/// Installs what Python programs for Pulumi need, unless the cache holds it.
pub(super) fn pulumi_python(pins: &Path, cache: &Path) -> Result<PathBuf> {
    python::install("pulumi/python", pins, cache)
}

/// Installs what the receiver of webhooks in Python needs, unless the cache holds it.
pub(super) fn live_python(pins: &Path, cache: &Path) -> Result<PathBuf> {
    python::install("bench/live/python", pins, cache)
}

/// Where Go keeps the operator's module, fetched if it is not there.
pub(super) fn operator_module(pins: &Path) -> Result<PathBuf> {
    let pins = pins.join(OPERATOR.name);
    let find = || go::go_output(&pins, &["list", "-m", "-f", "{{.Dir}}", OPERATOR.package]);
    match find()? {
        dir if !dir.is_empty() => Ok(dir.into()),
        // A cached binary does not imply a filled module cache.
        _ => {
            go::go_output(&pins, &["mod", "download", OPERATOR.package])?;
            Ok(find()?.into())
        }
    }
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
