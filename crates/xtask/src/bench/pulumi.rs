//! The plugin of components beside the same component in Pulumi's official hosts for Python and Node.
//!
//! A stand-in for the engine starts each of them and has it construct one component over and over. Before anything is
//! measured all must register the very same children.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::bench::{build, report};
use crate::{Result, cache, e2e, npm, root, say};

const TOKEN: &str = "keyloom:index:ExternalSecret";
const INPUTS: &str = "e2e/bench/pulumi/inputs.json";
/// Constructions before a run is measured: compiled code and open connections are a host's normal state.
const WARM_UP: u32 = 100;

/// Who hosts the component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Host {
    Keyloom,
    Python,
    Node,
}

/// What one run cost; the fields are those of the stand-in engine.
#[derive(Debug, Deserialize)]
struct Cost {
    start: f64,
    peak: f64,
    cpu: f64,
    wall: f64,
    children: Vec<Value>,
}

/// A row of the table: its name, what Keyloom may cost, where it stands in a cost, and how it is shown.
struct Row {
    name: &'static str,
    target: &'static str,
    of: fn(&Cost) -> f64,
    show: fn(f64) -> String,
}

const ROWS: [Row; 4] = [
    Row {
        name: "start to the line with the port",
        target: "5 ms",
        of: |cost| cost.start,
        show: milliseconds,
    },
    Row { name: "peak memory", target: "12 MB", of: |cost| cost.peak, show: megabytes },
    Row { name: "CPU per Construct", target: "0.3 ms", of: |cost| cost.cpu, show: milliseconds },
    Row {
        name: "wall per Construct, one after the other",
        target: "-",
        of: |cost| cost.wall,
        show: milliseconds,
    },
];

/// What all runs cost.
#[derive(Debug, Default)]
pub(super) struct Costs {
    count: u32,
    runs: BTreeMap<Host, Vec<Cost>>,
}

/// Measures all hosts that run here, in turn, so that a busy machine is busy for all.
pub(super) fn measure(quick: bool) -> Result<Costs> {
    let sides = Sides::prepare()?;
    sides.compare()?;
    let (rounds, count) = if quick { (3, 200) } else { (5, 1_000) };
    let mut costs = Costs { count, ..Costs::default() };
    for _ in 0..rounds {
        for (host, command) in &sides.commands {
            costs.runs.entry(*host).or_default().push(sides.run(command, WARM_UP, count)?);
        }
    }
    Ok(costs)
}

/// How each host is started, and what starts it.
struct Sides {
    engine: PathBuf,
    commands: Vec<(Host, Vec<String>)>,
    inputs: Value,
}

impl Sides {
    fn prepare() -> Result<Self> {
        let programs = build::release(&["keyloom-components", "keyloom-stand-ins"])?;
        let mut commands = vec![(Host::Keyloom, vec![told(&programs.find("pulumi-resource-keyloom")?)])];
        for (host, peer) in [(Host::Python, python()), (Host::Node, node())] {
            match peer {
                Ok(command) => commands.push((host, command)),
                Err(reason) => {
                    say(&format!("PULUMI'S HOST FOR {host:?} DOES NOT RUN, and is left out: {reason}\n"))?;
                }
            }
        }
        let inputs = serde_json::from_slice(&std::fs::read(root().join(INPUTS))?)?;
        Ok(Self { engine: programs.find("keyloom-bench-engine")?, commands, inputs })
    }

    /// Makes sure that all sides register the same children.
    fn compare(&self) -> Result<()> {
        let mut expected = None;
        for (host, command) in &self.commands {
            let children = self.run(command, 1, 1)?.children;
            let expected = expected.get_or_insert_with(|| children.clone());
            if children.is_empty() || children != *expected {
                let (ours, theirs) = (json!(expected), json!(children));
                return Err(format!("{host:?} registers other children:\n{ours:#}\n{theirs:#}").into());
            }
        }
        Ok(())
    }

    fn run(&self, command: &[String], warm_up: u32, count: u32) -> Result<Cost> {
        let task = json!({
            "command": command,
            "token": TOKEN,
            "inputs": self.inputs,
            "warm_up": warm_up,
            "count": count,
        });
        let mut child = Command::new(&self.engine).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut stdin = child.stdin.take().ok_or("no standard input")?;
        stdin.write_all(task.to_string().as_bytes())?;
        drop(stdin);
        let output = child.wait_with_output()?;
        if !output.status.success() {
            return Err(format!("{command:?}: {}", output.status).into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

fn python() -> Result<Vec<String>> {
    let environment = e2e::pulumi_python()?;
    let program = root().join("e2e/bench/pulumi/python/__main__.py");
    Ok(vec![told(&environment.join("bin/python")), told(&program)])
}

/// The program is compiled once: a host that is started with its sources starts slower.
fn node() -> Result<Vec<String>> {
    const FILES: [&str; 2] = ["index.ts", "tsconfig.json"];
    npm::is_there()?;
    let installed = npm::installed("pulumi-node", "e2e/pulumi/node")?;
    let source = root().join("e2e/bench/pulumi/node");
    let [program, config] = FILES.map(|name| std::fs::read(source.join(name)));
    let pins = std::fs::read(installed.join("package-lock.json"))?;
    let key = cache::digest(&[&program?, &config?, &pins]);
    let dir = cache::keyed(&cache::dir()?, "bench-pulumi-node", &key, |new| {
        for name in FILES {
            std::fs::copy(source.join(name), new.join(name))?;
        }
        std::fs::copy(installed.join("package.json"), new.join("package.json"))?;
        std::os::unix::fs::symlink(installed.join("node_modules"), new.join("node_modules"))?;
        compile(new)
    })?;
    Ok(vec!["node".to_owned(), told(&dir.join("index.js"))])
}

fn compile(dir: &Path) -> Result<()> {
    let compiler = dir.join("node_modules/typescript/bin/tsc");
    let output = Command::new("node").arg(compiler).current_dir(dir).output()?;
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stdout).into_owned().into()),
    }
}

fn told(path: &Path) -> String {
    path.display().to_string()
}

impl Costs {
    /// The table: medians, and how many times Keyloom's a host's is.
    pub(super) fn table(&self) -> String {
        let title = format!("pulumi, a plugin with one component, {} times", self.count);
        let heads = ["target", "keyloom", "python", "node", "python/keyloom", "node/keyloom"];
        let mut table = format!("{title:<60}{}\n", heads.map(|head| format!("{head:>16}")).concat());
        for row in &ROWS {
            let ours = self.median(Host::Keyloom, row.of);
            let shown = |host| self.median(host, row.of).map(row.show);
            let ratio = |host| Some(format!("{:.1}", self.median(host, row.of)? / ours?));
            let cells = [
                Some(row.target.to_owned()),
                shown(Host::Keyloom),
                shown(Host::Python),
                shown(Host::Node),
                ratio(Host::Python),
                ratio(Host::Node),
            ];
            let cells = cells.map(|cell| format!("{:>16}", cell.unwrap_or_else(|| "-".to_owned())));
            table.push_str(&format!("  {:<58}{}\n", row.name, cells.concat()));
        }
        table
    }

    /// All runs, in seconds and bytes.
    pub(super) fn json(&self) -> Value {
        let run =
            |cost: &Cost| json!({"start": cost.start, "peak": cost.peak, "cpu": cost.cpu, "wall": cost.wall});
        let host = |(host, runs): (&Host, &Vec<Cost>)| json!({"host": format!("{host:?}"), "runs": runs.iter().map(run).collect::<Vec<_>>()});
        json!({"constructs": self.count, "hosts": self.runs.iter().map(host).collect::<Vec<_>>()})
    }

    fn median(&self, host: Host, of: fn(&Cost) -> f64) -> Option<f64> {
        let samples: Vec<_> = self.runs.get(&host)?.iter().map(of).collect();
        Some(report::median(&samples))
    }
}

fn milliseconds(seconds: f64) -> String {
    format!("{:.3} ms", seconds * 1e3)
}

fn megabytes(bytes: f64) -> String {
    format!("{:.1} MB", bytes / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_medians_and_ratios() {
        let cost = |factor: f64| Cost {
            start: 0.002 * factor,
            peak: 5e6 * factor,
            cpu: 0.0001 * factor,
            wall: 0.0004 * factor,
            children: Vec::new(),
        };
        let runs = [(Host::Keyloom, vec![cost(1.0), cost(8.0), cost(0.5)]), (Host::Node, vec![cost(40.0)])];
        let costs = Costs { count: 10, runs: runs.into_iter().collect() };
        let table = costs.table();
        let cells = |name: &str| {
            let line = table.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
            line[60..].split_whitespace().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(cells("start"), "5 ms 2.000 ms - 80.000 ms - 40.0");
        assert_eq!(cells("peak"), "12 MB 5.0 MB - 200.0 MB - 40.0");
        assert_eq!(costs.json()["hosts"][0]["runs"][1]["start"], 0.016);
    }
}
