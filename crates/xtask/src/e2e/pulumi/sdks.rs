//! The package's schema, and the SDKs that Pulumi's generators make of it: they compile, beside the programs that use
//! them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::e2e::engines::Pulumi;
use crate::e2e::options::Options;
use crate::e2e::process::Said;
use crate::e2e::pulumi::home::{Home, said};
use crate::e2e::report::Report;
use crate::{Result, npm, root};

/// What the generators read.
const SCHEMA: &str = "schemas/pulumi-package.json";

/// Programs that are ready to run; none where its language or its SDK is not there.
#[derive(Clone, Debug, Default)]
pub(super) struct Programs {
    /// For `node`.
    pub(super) node: Option<PathBuf>,
    /// For the environment's Python.
    pub(super) python: Option<PathBuf>,
    /// By itself.
    pub(super) go: Option<PathBuf>,
}

/// Checks the schema, makes the SDKs, compiles the programs.
pub(super) fn run(pulumi: &Pulumi, home: &Home, options: &Options, report: &mut Report) -> Result<Programs> {
    let mut programs = Programs::default();
    let schema = root().join(SCHEMA);
    if options.selects("pulumi schema") {
        let wrong = check(home, &schema)?;
        report.settle("pulumi schema", &wrong)?;
    }
    let sdks = home.folder("sdks")?;
    dotnet(pulumi, home, &schema, options, report)?;
    if !options.selects("pulumi sdk") && !options.selects("pulumi road") {
        return Ok(programs);
    }
    let generated = said(home.command(&pulumi.sdks).arg(&schema).arg(&sdks))?;
    if generated.code != Some(0) {
        report.fail("pulumi sdk", &generated.all)?;
        return Ok(programs);
    }
    programs.node = node(home, &sdks, report)?;
    programs.python = python(pulumi, home, &schema, &sdks, report)?;
    programs.go = go(home, &sdks, report)?;
    Ok(programs)
}

/// What Pulumi's command says of the schema, if anything.
fn check(home: &Home, schema: &Path) -> Result<Vec<String>> {
    let said = said(home.pulumi(&["schema", "check"]).arg(schema))?;
    let complaints = said.all.trim();
    Ok(match (said.code, complaints) {
        (Some(0), "") => Vec::new(),
        _ => vec![complaints.to_owned()],
    })
}

/// There is no compiler for it here: each component has its class, and that is all that is seen.
fn dotnet(pulumi: &Pulumi, home: &Home, schema: &Path, options: &Options, report: &mut Report) -> Result<()> {
    const CHECK: &str = "pulumi sdk dotnet";
    if !options.selects(CHECK) {
        return Ok(());
    }
    let sdk = home.folder("sdks/dotnet")?;
    let generated = said(home.command(&pulumi.sdk_dotnet).arg(schema).arg(&sdk))?;
    if generated.code != Some(0) {
        return report.fail(CHECK, &generated.all);
    }
    let schema = read(schema)?;
    let components = schema["resources"].as_object().into_iter().flatten().map(|(token, _)| token);
    let class = |token: &String| token.rsplit(':').next().unwrap_or_default().to_owned();
    let missing = components.map(class).filter(|name| !sdk.join(format!("{name}.cs")).is_file());
    let wrong: Vec<String> = missing.map(|name| format!("there is no class {name}")).collect();
    report.settle(CHECK, &wrong)
}

/// Compiles the Node SDK with its program.
fn node(home: &Home, sdks: &Path, report: &mut Report) -> Result<Option<PathBuf>> {
    const CHECK: &str = "pulumi sdk node";
    if let Err(error) = npm::is_there() {
        report.not_run(CHECK, &error.to_string())?;
        return Ok(None);
    }
    let modules = npm::installed("pulumi-node", "e2e/pulumi/node")?.join("node_modules");
    let program = home.folder("node")?;
    copy(&root().join("e2e/pulumi/node"), &program, &["program.ts", "credentials.ts", "tsconfig.json"])?;
    std::os::unix::fs::symlink(&modules, program.join("node_modules"))?;
    fs::rename(sdks.join("nodejs"), program.join("sdk"))?;
    let mut compile = home.command("node");
    compile.arg(modules.join("typescript/bin/tsc")).current_dir(&program);
    let said = said(&mut compile)?;
    // The SDK looks for its version there.
    copy(&program.join("sdk"), &program.join("bin/sdk"), &["package.json"])?;
    settle(CHECK, &said, program.join("bin/program.js"), report)
}

/// Checks the types of the Python SDK with its program.
fn python(
    pulumi: &Pulumi,
    home: &Home,
    schema: &Path,
    sdks: &Path,
    report: &mut Report,
) -> Result<Option<PathBuf>> {
    const CHECK: &str = "pulumi sdk python";
    let program = home.folder("python")?;
    copy(
        &root().join("e2e/pulumi/python"),
        &program,
        &["program.py", "credentials.py", "bad_inputs.py", "mypy.ini"],
    )?;
    fs::rename(sdks.join("python/pulumi_keyloom"), program.join("pulumi_keyloom"))?;
    // The SDK asks for the version that it was installed in.
    let info = home.folder("python/pulumi_keyloom-0.dist-info")?;
    let version = version(schema)?;
    let metadata = format!("Metadata-Version: 2.1\nName: pulumi_keyloom\nVersion: {version}\n");
    fs::write(info.join("METADATA"), metadata)?;
    let mut check = home.command(pulumi.python.join("bin/mypy"));
    // What mypy knows of libraries may be kept.
    check
        .arg("--cache-dir")
        .arg(pulumi.python.join("mypy"))
        .args(["program.py", "credentials.py", "bad_inputs.py"])
        .current_dir(&program);
    let said = said(&mut check)?;
    settle(CHECK, &said, program.join("program.py"), report)
}

/// Vets and builds the Go SDK with its program.
fn go(home: &Home, sdks: &Path, report: &mut Report) -> Result<Option<PathBuf>> {
    const CHECK: &str = "pulumi sdk go";
    let program = home.folder("go")?;
    copy(&root().join("e2e/pulumi/go"), &program, &["main.go", "credentials.go", "go.mod", "go.sum"])?;
    fs::rename(sdks.join("go/keyloom"), program.join("keyloom"))?;
    for verb in [&["vet", "./..."][..], &["build", "-buildvcs=false", "-o", "program", "."]] {
        let mut go = home.command("go");
        go.args(verb).env("GOTOOLCHAIN", "local").env("GOWORK", "off").current_dir(&program);
        let said = said(&mut go)?;
        if said.code != Some(0) {
            report.fail(CHECK, &said.all)?;
            return Ok(None);
        }
    }
    report.pass(CHECK)?;
    Ok(Some(program.join("program")))
}

/// The compiled program, if it compiled.
fn settle(check: &str, said: &Said, program: PathBuf, report: &mut Report) -> Result<Option<PathBuf>> {
    match said.code {
        Some(0) => report.pass(check)?,
        _ => report.fail(check, &said.all)?,
    }
    Ok((said.code == Some(0)).then_some(program))
}

fn read(schema: &Path) -> Result<Value> {
    Ok(serde_json::from_str(&fs::read_to_string(schema)?)?)
}

fn version(schema: &Path) -> Result<String> {
    Ok(read(schema)?["version"].as_str().unwrap_or_default().to_owned())
}

fn copy(from: &Path, to: &Path, names: &[&str]) -> Result<()> {
    for name in names {
        fs::copy(from.join(name), to.join(name)).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}
