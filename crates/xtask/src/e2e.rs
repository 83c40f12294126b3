//! Checks against real engines: an API server, the operator's controller, a stand-in for AWS.
//!
//! Parts, each of which may run alone: [`accept`] (the server stores what is rendered), [`refuse`] (the server refuses
//! what `check` refuses), [`sync`] (declared secrets arrive), [`infisical`] (from Infisical too), [`ci`] (what others run keyloom with),
//! [`pulumi`] (Pulumi's engine runs the components), [`plan`] (first runs of syncs are told from names that are read),
//! [`listen`] (programs of other languages learn of changes), [`terraform`] (Terraform reads what is rendered for it),
//! [`pipelines`] (workflows are read by linters, their steps run, and what they write arrives), [`replicas`] (replicas tell each
//! other through Redis), [`relay`] (webhooks are handed on to the operator), [`rotation`] (no query fails while a database's
//! password changes) and [`connections`] (an application connects by name).

use crate::{Outcome, Result, say};

mod accept;
mod base64;
mod ci;
mod clickhouse;
mod cluster;
mod compare;
mod connections;
mod curl;
mod documents;
mod engines;
mod fake_infisical;
mod flux;
mod infisical;
mod keyloom;
mod listen;
mod lodging;
mod login;
mod manifests;
mod mariadb;
mod moto;
mod objects;
mod openbao;
mod opensearch;
mod operator;
mod options;
mod pipelines;
mod plan;
mod postgres;
mod process;
mod pulumi;
mod refuse;
mod relay;
mod replicas;
mod report;
mod rotation;
mod sync;
mod terraform;
mod versions;

use options::{Options, Part};
use report::Report;

/// Runs the parts asked for. Findings are checks that failed, or that nothing was checked at all.
pub(crate) fn run(args: &[String]) -> Result<Outcome> {
    let options = Options::parse(args)?;
    let cache = crate::cache::dir()?;
    say(&format!("engines in {}", cache.display()))?;
    let pins = crate::root().join("e2e");
    let tools = options.wants(Part::Ci).then(|| engines::tools(&pins, &cache)).transpose()?;
    let engines = options.needs_engines().then(|| engines::build(&pins, &cache)).transpose()?;
    let wants_moto =
        [Part::Plan, Part::Pipelines, Part::Connections].into_iter().any(|part| options.wants(part));
    let moto = wants_moto.then(|| engines::moto(&pins, &cache)).transpose()?;
    let bao = options.wants(Part::Connections).then(|| engines::openbao(&pins, &cache)).transpose()?;
    let search = (options.wants(Part::Connections) && opensearch::can_run())
        .then(|| engines::opensearch(&pins, &cache))
        .transpose()?;
    let workflows = options.wants(Part::Pipelines).then(|| engines::workflows(&pins, &cache)).transpose()?;
    let pulumi = options.wants(Part::Pulumi).then(|| engines::pulumi(&pins, &cache)).transpose()?;
    if options.engines_only {
        return Ok(Outcome::Clean);
    }
    let binary = keyloom::build()?;
    let mut report = Report::default();
    if let Some(tools) = &tools {
        ci::run(tools, &binary, &options, &mut report)?;
    }
    if let Some(engines) = &engines {
        against_engines(engines, &binary, &options, &mut report)?;
    }
    if let Some(moto) = moto.as_ref().filter(|_| options.wants(Part::Plan)) {
        plan::run(moto, &options, &mut report)?;
    }
    if options.wants(Part::Listen) {
        listen::run(&options, &mut report)?;
    }
    if let (Some(programs), Some(moto), Some(engines)) = (&workflows, &moto, &engines) {
        let world = pipelines::World { programs, engines, moto, keyloom: &binary };
        pipelines::run(&world, &options, &mut report)?;
    }
    if options.wants(Part::Terraform) {
        terraform::run(&binary, &options, &mut report)?;
    }
    if options.wants(Part::Replicas) {
        replicas::run(&options, &mut report)?;
    }
    if options.wants(Part::Rotation) {
        rotation::run(&options, &mut report)?;
    }
    if let (Some(moto), Some(bao)) = (&moto, &bao) {
        connections::run(moto, bao, search.as_deref(), &options, &mut report)?;
    }
    if let (Some(pulumi), Some(engines)) = (&pulumi, &engines) {
        pulumi::run(pulumi, engines, &binary, &options, &mut report)?;
    }
    report.close()
}

/// Where kubeconform is, built if need be.
pub(crate) fn kubeconform() -> Result<std::path::PathBuf> {
    engines::kubeconform(&crate::root().join("e2e"), &crate::cache::dir()?)
}

/// The environment of Python programs for Pulumi, installed if need be.
pub(crate) fn pulumi_python() -> Result<std::path::PathBuf> {
    engines::pulumi_python(&crate::root().join("e2e"), &crate::cache::dir()?)
}

/// The environment of the receiver of webhooks in Python, installed if need be.
pub(crate) fn live_python() -> Result<std::path::PathBuf> {
    engines::live_python(&crate::root().join("e2e"), &crate::cache::dir()?)
}

/// The parts that need an API server.
fn against_engines(
    engines: &engines::Engines,
    binary: &keyloom::Keyloom,
    options: &Options,
    report: &mut Report,
) -> Result<()> {
    if options.wants(Part::Accept) || options.wants(Part::Refuse) {
        for version in versions::all() {
            against_server(version, engines, binary, options, report)?;
        }
    }
    if options.wants(Part::Sync) {
        sync::run(engines, binary, options, report)?;
    }
    if options.wants(Part::Infisical) {
        infisical::run(engines, binary, options, report)?;
    }
    if options.wants(Part::Relay) {
        relay::run(engines, binary, options, report)?;
    }
    Ok(())
}

/// The versions of the operator that output is held against.
#[cfg(test)]
pub(crate) fn versions() -> [String; 2] {
    versions::all().map(|version| version.to_string())
}

/// Each version of the operator that is checked against, and where its CRDs are on this machine.
pub(crate) fn crd_folders() -> Result<Vec<(String, Option<std::path::PathBuf>)>> {
    let folder = |version: versions::Version| Ok((version.to_string(), versions::folder(version)?));
    versions::all().into_iter().map(folder).collect()
}

/// The parts that need one server with one version's CRDs.
fn against_server(
    version: versions::Version,
    engines: &engines::Engines,
    binary: &keyloom::Keyloom,
    options: &Options,
    report: &mut Report,
) -> Result<()> {
    let check = format!("crds {version} are upstream's");
    match versions::proof(version)? {
        _ if !options.selects(&check) => {}
        Some(wrong) => report.settle(&check, &wrong)?,
        None => report.not_run(&check, "upstream's are not here: set KEYLOOM_ESO_29_CRDS to their folder")?,
    }
    let mut cluster = cluster::Cluster::start(engines)?;
    cluster.objects.install_crds(&versions::crds(version)?)?;
    if options.wants(Part::Accept) {
        accept::run(version, &mut cluster.objects, binary, options, report)?;
        login::run(version, &mut cluster, binary, options, report)?;
    }
    if options.wants(Part::Refuse) {
        refuse::run(version, &mut cluster.objects, options, report)?;
    }
    Ok(())
}
