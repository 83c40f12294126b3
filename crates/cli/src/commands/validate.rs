//! `keyloom validate`: mistakes in manifests that somebody else wrote.

use std::collections::BTreeSet;

use keyloom_foreign::{Options, Outcome, validate};
use keyloom_upstream::eso::{Coverage, EsoVersion};

use crate::args::Validate;
use crate::failure::Failure;
use crate::inputs::{self, folders};
use crate::io::Io;
use crate::report::{Found, Report};

pub(super) fn run(args: &Validate, io: &mut Io) -> Result<u8, Failure> {
    let eso = version(args.eso.as_deref(), io)?;
    let budget = inputs::budget_of(args.max_bytes);
    let folders::Files { paths, named } = folders::files(&args.paths)?;
    let names: BTreeSet<String> = paths[..named].iter().map(|path| inputs::name(path)).collect();
    let mut inputs = inputs::read_found(paths, named, &budget)?;
    let named =
        inputs.sources.files().filter(|(_, file)| names.contains(&file.name)).map(|(id, _)| id).collect();
    let mut report = Report::new(&args.findings);
    let Outcome { diagnostics, suppressed, hidden, objects } =
        validate(&inputs.sources, &Options { budget, eso, named });
    let mut all = std::mem::take(&mut inputs.refused);
    all.extend(diagnostics);
    report.add(&inputs.sources, &inputs.paths, Found { diagnostics: all, suppressed, hidden });
    let objects = match objects {
        1 => "1 object".to_owned(),
        count => format!("{count} objects"),
    };
    report.print(args.output.output, &format!(" ({objects} of External Secrets Operator)"), io)?;
    Ok(report.exit_code())
}

/// The operator's version that is checked for; says so where another one answers for it.
fn version(text: Option<&str>, io: &Io) -> Result<EsoVersion, Failure> {
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
