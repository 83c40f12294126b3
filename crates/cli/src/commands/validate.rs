//! `keyloom validate`: mistakes in manifests that somebody else wrote.

use std::collections::BTreeSet;

use keyloom_foreign::{Options, Outcome, validate};
use keyloom_models::code;
use keyloom_syntax::Diagnostic;
use keyloom_upstream::eso::{Coverage, EsoVersion};

use crate::args::Validate;
use crate::exit_code;
use crate::failure::Failure;
use crate::inputs::{self, Inputs, folders, modules};
use crate::io::Io;
use crate::report::{Found, Report};

mod mend;

use mend::Mended;

pub(super) fn run(args: &Validate, io: &mut Io) -> Result<u8, Failure> {
    let eso = version(args.eso.as_deref(), io)?;
    let budget = inputs::budget_of(args.max_bytes);
    let folders::Files { paths, named } = folders::files(&args.paths)?;
    let names: BTreeSet<String> = paths[..named].iter().map(|path| inputs::name(path)).collect();
    let inputs = inputs::read_found(paths, named, &budget)?;
    let named =
        inputs.sources.files().filter(|(_, file)| names.contains(&file.name)).map(|(id, _)| id).collect();
    let open = modules::open(&inputs.paths, &inputs.sources);
    let options = Options { budget, eso, named, open };
    let mended = (args.fix || args.diff).then(|| Mended::of(&inputs, &options));
    let sources = mended.as_ref().map_or(&inputs.sources, |mended| &mended.sources);
    let mut report = Report::new(&args.findings);
    let Outcome { diagnostics, suppressed, hidden, objects, resources } = validate(sources, &options);
    let mut all = inputs.refused.clone();
    all.extend(paths_without_files(args, &inputs));
    all.extend(diagnostics);
    report.add(sources, &inputs.paths, Found { diagnostics: all, suppressed, hidden, ..Found::default() });
    if let Some(mended) = mended.as_ref().filter(|_| args.diff) {
        mended.show(&inputs, &options, io)?;
        io.say(&format!("then {}", report.summary()));
        let changed = if mended.is_changed() { exit_code::FINDINGS } else { exit_code::CLEAN };
        return Ok(changed.max(report.exit_code()));
    }
    // What stands is told even where a file cannot be written.
    let written = mended.as_ref().map_or(Ok(()), |mended| mended.write(&inputs, io));
    let counted = counted(objects, resources);
    // Standard output is for the mended text, where it was read from standard input.
    if args.fix && inputs.paths.iter().any(|path| inputs::is_stdin(path)) {
        report.say(io);
    } else {
        report.print(args.output.output, &format!(" ({counted})"), io)?;
    }
    written?;
    if let Some(summary) = mended.as_ref().and_then(Mended::summary) {
        io.say(&summary);
    }
    Ok(report.exit_code())
}

/// Where there are folders alone, and no file below them, nothing was looked at.
fn paths_without_files(args: &Validate, inputs: &Inputs) -> Option<Diagnostic> {
    let names: Vec<_> = args.paths.iter().map(|path| inputs::name(path)).collect();
    inputs.paths.is_empty().then(|| {
        Diagnostic::warning(code::NO_MANIFEST, format!("no file to check in {}", names.join(", ")))
            .why("of folders every *.yaml, *.yml and *.json is read that does not begin with a dot")
            .fix("name the folder or file that holds the manifests")
    })
}

/// What was looked at.
fn counted(objects: usize, resources: usize) -> String {
    let number =
        |count: usize, one: &str| if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") };
    let objects_of = || format!("{} of External Secrets Operator", number(objects, "object"));
    let resources_of = || format!("{} of Terraform", number(resources, "resource"));
    match (objects, resources) {
        (_, 0) => objects_of(),
        (0, _) => resources_of(),
        _ => format!("{}, {}", objects_of(), resources_of()),
    }
}

/// The operator's version that is checked for; says so where another one answers for it.
pub(super) fn version(text: Option<&str>, io: &Io) -> Result<EsoVersion, Failure> {
    let Some(text) = text else { return Ok(EsoVersion::newest()) };
    let newest = EsoVersion::newest();
    let version: EsoVersion = text.parse().map_err(|_| {
        Failure::Usage(format!(
            "`{text}` is not a version of External Secrets Operator; write major and minor, such as {newest}"
        ))
    })?;
    match version.coverage() {
        Coverage::Exact => {}
        Coverage::NoV1 => {
            return Err(Failure::Usage(format!(
                "External Secrets Operator {version} has no external-secrets.io/v1, which is served from 0.17 on"
            )));
        }
        Coverage::Between { used, .. } | Coverage::Older { used } | Coverage::Newer { used } => {
            io.say(&format!("External Secrets Operator {version} is checked as {used}"));
        }
    }
    Ok(version)
}
