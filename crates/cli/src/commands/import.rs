//! `keyloom import`: from manifests to a declaration.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};

use keyloom_foreign::import::{self, Imported};
use keyloom_foreign::{Options, fix};
use keyloom_models::{Config, ProviderKind};
use keyloom_resources::walk::to_completed_json;
use keyloom_resources::{Resource, resources};
use keyloom_syntax::suggest::suggest;
use keyloom_upstream::eso::EsoVersion;
use serde_json::Value;

use super::{init, validate};
use crate::args::{Findings, Import};
use crate::exit_code;
use crate::failure::Failure;
use crate::inputs::{self, folders};
use crate::io::Io;
use crate::report::{Found, Report};

pub(super) fn run(args: &Import, io: &mut Io) -> Result<u8, Failure> {
    let eso = args.eso.as_deref().map(|text| validate::version(Some(text), io)).transpose()?;
    let budget = inputs::budget_of(args.max_bytes);
    let options = import::Options {
        budget,
        eso,
        stores: stores(&args.store)?,
        others: args.provider.as_deref().map(provider).transpose()?,
        header: vec![format!("# yaml-language-server: $schema={}", init::schema_url())],
    };
    let folders::Files { paths, .. } = folders::files(&args.paths)?;
    let mut inputs = inputs::read_files(paths, &budget)?;
    let mended = fix::fix(
        &inputs.sources,
        &Options { budget, eso: eso.unwrap_or_else(EsoVersion::newest), ..Options::default() },
    );
    let sources = mended.sources(&inputs.sources);
    let Imported { text, mut diagnostics, hidden, objects } = import::import(&sources, &options, rendered);
    diagnostics.splice(0..0, inputs.refused.drain(..));
    let mut report = Report::new(&Findings { max_problems: args.max_problems, deny_warnings: false });
    report.add(&sources, &inputs.paths, Found { diagnostics, hidden, ..Found::default() });
    if !report.is_empty() {
        report.say(io);
    }
    let Some(declaration) = text.filter(|_| report.exit_code() == exit_code::CLEAN) else {
        io.say("nothing was written");
        return Ok(exit_code::FINDINGS);
    };
    if mended.mended > 0 {
        io.say("faults of the manifests were mended on the way; `keyloom validate --diff` shows them");
    }
    match &args.out {
        None => io.write(|out| out.write_all(declaration.as_bytes()))?,
        Some(path) => {
            write(args, &declaration)?;
            io.say(&format!(
                "wrote {}; `keyloom render` makes the same {objects} objects of it",
                path.display()
            ));
        }
    }
    Ok(exit_code::CLEAN)
}

/// The objects that a declaration is rendered to, each with what the API server adds. What cannot be written is missing.
fn rendered(config: &Config) -> Vec<Value> {
    let eso = config.eso();
    let json = |resource: Resource| {
        let object = resource.kubernetes()?;
        to_completed_json(object, object.defaults(eso)).ok()
    };
    resources(config).filter_map(json).collect()
}

/// `NAME=PROVIDER`, one for each store.
fn stores(told: &[String]) -> Result<BTreeMap<String, ProviderKind>, Failure> {
    let one = |told: &String| {
        let (name, kind) = told.split_once('=').ok_or_else(|| {
            Failure::Usage(format!("`--store {told}` is not understood; write `--store NAME=PROVIDER`"))
        })?;
        Ok((name.to_owned(), provider(kind)?))
    };
    told.iter().map(one).collect()
}

fn provider(name: &str) -> Result<ProviderKind, Failure> {
    let known = || ProviderKind::all().map(ProviderKind::as_str);
    ProviderKind::named(name).ok_or_else(|| {
        let near = suggest(name, known()).map(|near| format!("; did you mean `{near}`?"));
        Failure::Usage(format!("`{name}` is not a provider{}", near.unwrap_or_default()))
    })
}

/// A file that is there stays, unless `--force`.
fn write(args: &Import, declaration: &str) -> Result<(), Failure> {
    let Some(path) = &args.out else { return Ok(()) };
    let failed = |source| Failure::Write { path: path.clone(), source };
    let mut options = OpenOptions::new();
    if args.force {
        options.write(true).create(true).truncate(true);
    } else {
        options.write(true).create_new(true);
    }
    let mut file = match options.open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let words =
                format!("{} is there already and is left alone; `--force` replaces it", path.display());
            return Err(Failure::Usage(words));
        }
        Err(error) => return Err(failed(error)),
    };
    file.write_all(declaration.as_bytes()).map_err(failed)
}
