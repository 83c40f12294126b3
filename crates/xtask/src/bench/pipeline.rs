//! One pipeline with many secrets: reading and checking it, and writing everything that comes of it, beside parsing its text alone.
//!
//! What a secret costs must not grow with their number.

use std::fmt::Write;
use std::time::Instant;

use keyloom_codegen::{File, Format, files};
use keyloom_models::read::{Options, load};
use keyloom_resources::synthesize;
use keyloom_syntax::{Budget, Sources, parse};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::bench::report::median;
use crate::bench::sizes;
use crate::{Outcome, Result};

/// The word after `bench` that measures one size.
pub(super) const WORD: &str = "secrets";
const SIZES: [usize; 3] = [100, 1_000, 10_000];
const ROUNDS: usize = 7;

/// Seconds that each part took.
#[derive(Debug, Deserialize, Serialize)]
struct Times {
    /// Text to tree.
    parse: f64,
    /// Text to config, the tree included.
    check: f64,
    /// Config to every file.
    render: f64,
}

impl Times {
    fn whole(&self) -> f64 {
        self.check + self.render
    }
}

/// The times at each size.
pub(super) struct Pipelines(Vec<(usize, Times)>);

/// Measures every size, or the smaller ones.
pub(super) fn measure(quick: bool) -> Result<Pipelines> {
    sizes::measure(WORD, if quick { &SIZES[..2] } else { &SIZES }).map(Pipelines)
}

/// Measures a pipeline with that many secrets in this process.
pub(super) fn run(args: &[String]) -> Result<Outcome> {
    sizes::run(WORD, args, times)
}

impl Pipelines {
    /// A line for each size; growth is what a secret costs beside what it costs in the pipeline before.
    pub(super) fn table(&self) -> String {
        let mut text = String::from("pipeline: secrets, microseconds each\n");
        let mut before = None;
        for (size, times) in &self.0 {
            let each = |seconds: f64| seconds * 1e6 / *size as f64;
            let (parse, check, render) = (each(times.parse), each(times.check), each(times.render));
            let ratio = times.whole() / times.parse;
            let _ = write!(
                text,
                "{size:>8}  parse {parse:>7.2}  check {check:>7.2}  render {render:>7.2}  whole / parse {ratio:.1}"
            );
            if let Some(before) = before.replace(each(times.whole())) {
                let _ = write!(text, "  growth {:.2} (target: at most 1.2)", each(times.whole()) / before);
            }
            text.push('\n');
        }
        text
    }

    /// The same for programs.
    pub(super) fn json(&self) -> Value {
        self.0.iter().map(|(size, times)| json!({"secrets": size, "seconds": times})).collect()
    }
}

fn times(count: usize) -> Result<Times> {
    let mut sources = Sources::new();
    sources.add("keyloom.yaml", document(count))?;
    let (mut parses, mut checks, mut renders) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let (tree, _) = parse(&sources, &Budget::default());
        parses.push(start.elapsed().as_secs_f64());
        drop(tree);
        let start = Instant::now();
        let outcome = load(&sources, &Options::default());
        checks.push(start.elapsed().as_secs_f64());
        let config = outcome.config.ok_or_else(|| format!("{:?}", outcome.diagnostics))?;
        let start = Instant::now();
        let made = files(&synthesize(&config), &Format::ALL, false)?;
        renders.push(start.elapsed().as_secs_f64());
        named_everywhere(count, &made)?;
    }
    Ok(Times { parse: median(&parses), check: median(&checks), render: median(&renders) })
}

/// The last secret is in every format, or what was measured is not what is meant.
fn named_everywhere(count: usize, made: &[File]) -> Result<()> {
    let name = format!("service-{:06}-token", count - 1);
    for format in Format::ALL {
        let holds = |file: &File| String::from_utf8_lossy(&file.contents).contains(&name);
        if !made.iter().filter(|file| file.format == format).any(holds) {
            return Err(format!("{name} is in no file of {}", format.as_str()).into());
        }
    }
    Ok(())
}

fn document(count: usize) -> String {
    let mut text = String::from(
        "pipelines:
- name: bench
  github: {repository: acme/bench}
  aws: {account: \"123456789012\", region: eu-central-1, policyScope: prefix}
  terraform: {backend: {s3: {bucket: acme-state, key: bench, region: eu-central-1}}}
  eso: {roleName: external-secrets}
  secret: {namespace: bench, name: bench-secrets}
  secrets:
",
    );
    for number in 0..count {
        let _ = writeln!(text, "  - SERVICE_{number:06}_TOKEN");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_secret_is_measured() {
        times(20).unwrap();
    }

    #[test]
    fn the_table_says_whether_a_secret_costs_more_among_many() {
        let times = |whole: f64| Times { parse: 0.001, check: 0.002, render: whole - 0.002 };
        let pipelines = Pipelines(vec![(100, times(0.004)), (1_000, times(0.044))]);
        assert!(pipelines.table().contains("growth 1.10"), "{}", pipelines.table());
        assert_eq!(pipelines.json()[0]["secrets"], 100);
    }
}
