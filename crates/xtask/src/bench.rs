//! `cargo xtask bench`: how long rendering takes and what memory it needs, beside `serde_json` and a peer, and the same
//! of `validate` beside kubeconform, of the plugin for Pulumi beside Pulumi's own hosts, of a plan beside reading its names, of a pipeline with many
//! secrets, and of a receiver of webhooks beside such in Python and Node.
//!
//! Nothing here fails because it is slow. Runs of the two sides alternate, so that a busy machine is busy for both, and
//! the peer must make the very same objects before it is measured.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::{Outcome, Result, say};

mod build;
mod conform;
mod corpus;
mod live;
mod manifests;
mod peer;
mod pipeline;
mod plan;
mod process;
mod pulumi;
mod report;
mod same;
mod sizes;
mod twin;
mod validate;
mod values;

use build::Programs;
use peer::Peer;
use report::{Figure, Report};

const USAGE: &str = "usage: cargo xtask bench [validate|pulumi|plan|pipeline|live] [--quick] [--json FILE]";
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
/// Objects that are compared before anything is measured.
const COMPARED: usize = 100;

/// Runs the bench; with `values N [FILE]`, `names N` or `secrets N`, the parts of it that are processes of their own.
pub(crate) fn run(args: &[String]) -> Result<Outcome> {
    match args.split_first().map(|(word, rest)| (word.as_str(), rest)) {
        Some(("values", rest)) => return values::run(rest),
        Some((plan::WORD, rest)) => return plan::run(rest),
        Some((pipeline::WORD, rest)) => return pipeline::run(rest),
        _ => {}
    }
    let options = Options::parse(args)?;
    let mut json = json!({});
    if options.wants(Part::Render) || options.wants(Part::Validate) {
        let report = measure(&options)?;
        say(&report.table())?;
        json = report.json();
    }
    if options.wants(Part::Plan) {
        let plans = plan::measure(options.quick)?;
        say(plans.table().trim_end())?;
        json["plan"] = plans.json();
    }
    if options.wants(Part::Pipeline) {
        let pipelines = pipeline::measure(options.quick)?;
        say(pipelines.table().trim_end())?;
        json["pipeline"] = pipelines.json();
    }
    if options.wants(Part::Pulumi) {
        let costs = pulumi::measure(options.quick)?;
        say(costs.table().trim_end())?;
        json["pulumi"] = costs.json();
    }
    if options.wants(Part::Live) {
        let figures = live::measure(options.quick)?;
        say(figures.table().trim_end())?;
        json["live"] = figures.json();
    }
    if let Some(path) = options.json {
        fs::write(path, serde_json::to_string_pretty(&json)? + "\n")?;
    }
    Ok(Outcome::Clean)
}

/// What may be measured alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// With all else alone.
    Render,
    Validate,
    Pulumi,
    Plan,
    Pipeline,
    Live,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    /// Measure nothing else.
    only: Option<Part>,
    quick: bool,
    json: Option<PathBuf>,
}

impl Options {
    fn parse(args: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "validate" => options.only = Some(Part::Validate),
                "pulumi" => options.only = Some(Part::Pulumi),
                "plan" => options.only = Some(Part::Plan),
                "pipeline" => options.only = Some(Part::Pipeline),
                "live" => options.only = Some(Part::Live),
                "--quick" => options.quick = true,
                "--json" => options.json = Some(args.next().ok_or("--json wants a file")?.into()),
                _ => return Err(format!("unknown argument {arg}\n{USAGE}").into()),
            }
        }
        Ok(options)
    }

    /// Whether this part is measured; without a word all are.
    fn wants(&self, part: Part) -> bool {
        self.only.is_none_or(|only| only == part)
    }

    fn sizes(&self) -> &'static [usize] {
        if self.quick { &SIZES[..2] } else { &SIZES }
    }

    /// How many manifests are validated.
    fn manifests(&self) -> usize {
        if self.quick { SIZES[0] } else { SIZES[1] }
    }
}

/// Both sides of the comparison.
struct Sides {
    programs: Programs,
    peer: Option<Peer>,
    /// Where documents are written.
    dir: PathBuf,
}

fn measure(options: &Options) -> Result<Report> {
    let programs = Programs::build()?;
    let dir = tempfile::tempdir()?;
    let manifests = options.manifests();
    let mut report = if options.only == Some(Part::Validate) {
        Report::new(&[manifests])
    } else {
        render(options.sizes(), programs.clone(), dir.path())?
    };
    validate::measure(manifests, &programs, dir.path(), &mut report)?;
    Ok(report)
}

/// Both sides over typed values and documents.
fn render(sizes: &[usize], programs: Programs, dir: &Path) -> Result<Report> {
    let peer = match Peer::install() {
        Ok(peer) => Some(peer),
        Err(reason) => {
            say(&format!("THE PEER DOES NOT RUN, and its lines stay empty: {reason}\n"))?;
            None
        }
    };
    let sides = Sides { programs, peer, dir: dir.to_owned() };
    sides.compare()?;
    let mut report = Report::new(sizes);
    for &size in sizes {
        let runs = if size < 100_000 { 5 } else { 3 };
        for _ in 0..runs {
            sides.values(size, &mut report)?;
        }
        let file = sides.document(size)?;
        report.add(Figure::Document, size, fs::metadata(&file)?.len() as f64);
        for _ in 0..runs {
            sides.files(size, &file, &mut report)?;
        }
        fs::remove_file(file)?;
    }
    Ok(report)
}

impl Sides {
    /// Writes the document of that many external secrets.
    fn document(&self, size: usize) -> Result<PathBuf> {
        let path = self.dir.join(format!("{size}.yaml"));
        corpus::write(size, &mut BufWriter::new(File::create(&path)?))?;
        Ok(path)
    }

    /// Makes sure that both sides make the same objects, from values and from a document.
    fn compare(&self) -> Result<()> {
        let ours = self.dir.join("ours.yaml");
        process::output(&mut self.worker(COMPARED, Some(&ours)))?;
        let ours = fs::read(ours)?;
        let document = self.document(COMPARED)?;
        same::check("render FILE", &ours, &process::output(&mut self.programs.render(&document))?)?;
        let Some(peer) = &self.peer else { return Ok(()) };
        let theirs = self.dir.join("theirs.yaml");
        peer.values(COMPARED, Some(&theirs))?;
        same::check("the peer's values", &ours, &fs::read(theirs)?)?;
        same::check("the peer's document", &ours, &process::output(&mut peer.document(&document))?)
    }

    fn worker(&self, size: usize, out: Option<&Path>) -> Command {
        let mut command = Command::new(&self.programs.xtask);
        command.args(["bench", "values", &size.to_string()]).args(out);
        command
    }

    /// One run of each side over typed values.
    fn values(&self, size: usize, report: &mut Report) -> Result<()> {
        let times: values::Times = serde_json::from_slice(&process::output(&mut self.worker(size, None))?)?;
        report.add(Figure::Render, size, times.render);
        report.add(Figure::SerdeJson, size, times.serde_json);
        report.add(Figure::Typed, size, times.build + times.validate + times.synthesize + times.render);
        if let Some(peer) = &self.peer {
            let times = peer.values(size, None)?;
            report.add(Figure::PeerDump, size, times.dump);
            report.add(Figure::PeerTyped, size, times.build + times.validate + times.dump);
        }
        Ok(())
    }

    /// One run of each side over a document.
    fn files(&self, size: usize, file: &Path, report: &mut Report) -> Result<()> {
        let cost = process::run(&mut self.programs.render(file))?;
        report.add(Figure::Wall, size, cost.wall);
        report.add(Figure::Cpu, size, cost.cpu);
        report.add(Figure::Peak, size, cost.peak);
        if let Some(peer) = &self.peer {
            let cost = process::run(&mut peer.document(file))?;
            report.add(Figure::PeerWall, size, cost.wall);
            report.add(Figure::PeerCpu, size, cost.cpu);
            report.add(Figure::PeerPeak, size, cost.peak);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_and_unknown_ones_refused() {
        let parse =
            |words: &[&str]| Options::parse(&words.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(parse(&[]).unwrap().sizes(), SIZES);
        let options = parse(&["--quick", "--json", "f"]).unwrap();
        assert_eq!((options.sizes(), options.json), (&SIZES[..2], Some("f".into())));
        let validate = parse(&["validate", "--quick"]).unwrap();
        assert!(validate.only == Some(Part::Validate) && validate.manifests() == 1_000);
        assert_eq!(parse(&["validate"]).unwrap().manifests(), 10_000);
        assert_eq!(parse(&["pulumi"]).unwrap().only, Some(Part::Pulumi));
        assert_eq!(parse(&["live"]).unwrap().only, Some(Part::Live));
        assert!(parse(&["--fast"]).unwrap_err().to_string().starts_with("unknown argument --fast"));
    }
}
