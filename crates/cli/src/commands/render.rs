//! `keyloom render`: one format on standard output, or files below a directory.

use std::collections::BTreeMap;
use std::path::Path;

use keyloom_codegen::{Format, kubernetes, terraform, workflow};
use keyloom_resources::{Resource, ResourceSet, resources, synthesize};

use super::load::valid;
use crate::args::Render;
use crate::exit_code;
use crate::failure::Failure;
use crate::inputs::Inputs;
use crate::io::Io;
use crate::out::{self, DocumentSet, OutError, OutOptions, Outcome};

pub(super) fn run(args: &Render, io: &mut Io) -> Result<u8, Failure> {
    let (inputs, config) = match valid(&args.documents, &args.findings, io)? {
        Ok(valid) => valid,
        Err(code) => return Ok(code),
    };
    match &args.out {
        None => {
            let format = args.format.map_or(Format::Kubernetes, Format::from);
            let mut besides = Besides::default();
            match format {
                Format::Kubernetes => {
                    let resources = resources(&config).inspect(|resource| besides.count(resource, format));
                    io.write(|mut out| kubernetes::render_each(resources, config.eso(), &mut out))?;
                }
                Format::Terraform => {
                    let set = synthesize(&config);
                    set.resources.iter().for_each(|resource| besides.count(resource, format));
                    match terraform::configurations(&set).as_slice() {
                        [] => {}
                        [one] => io.write(|mut out| one.render(&mut out))?,
                        several => return Err(Failure::Usage(not_one(several))),
                    }
                }
                Format::Workflow => {
                    let set = synthesize(&config);
                    set.resources.iter().for_each(|resource| besides.count(resource, format));
                    io.write(|mut out| workflow::render(&set, &mut out))?;
                }
            }
            besides.say(io);
            // The process ends here, and the system takes memory back faster than piece by piece. No secret is in it.
            std::mem::forget((config, inputs));
            Ok(exit_code::CLEAN)
        }
        Some(dir) => write_files(args, &inputs, &synthesize(&config), dir, io),
    }
}

/// Several configurations are as many folders, and two texts of JSON behind each other are none.
fn not_one(configurations: &[terraform::Configuration<'_>]) -> String {
    let folders: Vec<String> = configurations.iter().map(|one| one.module().folder()).collect();
    let count = folders.len();
    format!(
        "the declaration makes {count} configurations of Terraform ({}), and standard output holds one; write them with --out DIR",
        folders.join(", ")
    )
}

fn write_files(
    args: &Render,
    inputs: &Inputs,
    set: &ResourceSet,
    dir: &Path,
    io: &mut Io,
) -> Result<u8, Failure> {
    let formats = args.format.map_or_else(|| Format::ALL.to_vec(), |format| vec![format.into()]);
    let files = keyloom_codegen::files(set, &formats, args.kustomization)?;
    let options = OutOptions {
        force: args.force,
        formats,
        document_set: DocumentSet::new(dir, &inputs.paths, args.documents.env.as_deref()),
    };
    match out::write_out(dir, &files, &options) {
        Ok(outcome) => {
            say(&outcome, dir, io);
            Ok(exit_code::CLEAN)
        }
        Err(OutError::Conflicts(conflicts)) => {
            for conflict in &conflicts {
                io.say(&format!("error[{}]: {conflict}", conflict.reason.code()));
            }
            io.say(&format!("nothing was written to {}", dir.display()));
            Ok(exit_code::FINDINGS)
        }
        Err(error @ OutError::DamagedList { .. }) => {
            io.say(&format!("error: {error}"));
            io.say(&format!("nothing was written to {}", dir.display()));
            Ok(exit_code::FINDINGS)
        }
        Err(error) => Err(Failure::Usage(error.to_string())),
    }
}

/// What the declaration holds besides the format that is printed.
#[derive(Default)]
struct Besides(BTreeMap<&'static str, usize>);

impl Besides {
    fn count(&mut self, resource: &Resource, printed: Format) {
        let format = Format::of(resource);
        if format != printed {
            *self.0.entry(format.as_str()).or_default() += 1;
        }
    }

    fn say(&self, io: &Io) {
        for (format, count) in &self.0 {
            let what = if *count == 1 { "1 resource".to_owned() } else { format!("{count} resources") };
            io.say(&format!("not printed: {what} for {format}; see --format {format}, or --out DIR for all"));
        }
    }
}

/// What was done, a line a file that is not as it was.
fn say(outcome: &Outcome, dir: &Path, io: &Io) {
    let changes = [("wrote", &outcome.written), ("changed", &outcome.changed), ("removed", &outcome.removed)];
    for (word, paths) in changes {
        for path in paths {
            io.say(&format!("{word:<8}{}", dir.join(path).display()));
        }
    }
    let mut counts: Vec<String> = changes
        .iter()
        .filter(|(_, paths)| !paths.is_empty())
        .map(|(word, paths)| format!("{word} {}", paths.len()))
        .collect();
    if !outcome.unchanged.is_empty() {
        counts.push(format!("{} unchanged", outcome.unchanged.len()));
    }
    if !outcome.kept.is_empty() {
        counts.push(format!("left {} of other documents or environments alone", outcome.kept.len()));
    }
    let counts = if counts.is_empty() { "nothing to write".to_owned() } else { counts.join(", ") };
    io.say(&format!("{}: {counts}", dir.display()));
}
