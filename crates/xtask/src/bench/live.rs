//! From a webhook until the new value is visible in the application, and the memory of that, beside receivers in Python and
//! Node that do the same.
//!
//! A stand-in for Infisical changes values at a rate, signs the webhook of each and takes 5 ms for each answer. All receivers
//! check the signature over the bytes that were sent, ask for the folder again, hold its values in memory, and write a line
//! when a value is another one. A fourth one only asks: what it takes is what the bench itself costs, on this machine, now.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

use serde_json::json;

use crate::bench::{build, process};
use crate::{Result, e2e, root, say};

mod figures;
mod quantiles;
mod table;

use figures::{Cost, Figures, Host, Work};

const EVENTS: &str = "keyloom-bench-events";
const FLOOR: &str = "keyloom-bench-floor";
const OURS: &str = "keyloom-bench-receiver";
/// Folders of the steady rates: at 1,000 events in a second, none is asked for more often than a receiver may.
const FOLDERS: usize = 1_000;
/// Milliseconds that the server takes for an answer.
const LATENCY: u64 = 5;
/// Events before a steady rate is measured: compiled code and open connections are the normal state.
const WARM_UP: u64 = 400;
/// Secrets of a receiver with nothing to do.
const SECRETS: [usize; 3] = [1, 100, 10_000];
/// Webhooks of the storm, all in one second, and the folders that they name in turn.
const STORM: (u64, usize) = (10_000, 10);
/// The processor for the server and the sender, and that of the receiver.
const PROCESSORS: [&str; 2] = ["0", "1"];

/// Measures all receivers that run here, in turn, so that a busy machine is busy for all.
pub(super) fn measure(quick: bool) -> Result<Figures> {
    let sides = Sides::prepare()?;
    sides.compare()?;
    let mut figures = Figures::default();
    for work in works(quick) {
        for _ in 0..if quick { 1 } else { 3 } {
            // Who keeps nothing has no memory for secrets.
            let is_idle = matches!(work, Work::Idle(_));
            for (host, command) in sides.hosts.iter().filter(|(host, _)| !is_idle || *host != Host::Floor) {
                figures.add(*host, work, sides.run(*host, command, work)?);
            }
        }
    }
    Ok(figures)
}

/// What is measured, in this order.
fn works(quick: bool) -> Vec<Work> {
    let counts = if quick { [5, 300, 3_000] } else { [20, 1_000, 10_000] };
    let rates = [1, 100, 1_000].into_iter().zip(counts).map(|(rate, count)| Work::Rate { rate, count });
    rates.chain([Work::Storm]).chain(SECRETS.map(Work::Idle)).collect()
}

/// How each receiver is started, and what starts it.
struct Sides {
    /// With where it runs before it.
    events: Vec<String>,
    hosts: Vec<(Host, Vec<String>)>,
}

impl Sides {
    fn prepare() -> Result<Self> {
        let programs = build::programs("keyloom-stand-ins", &[EVENTS, FLOOR, OURS])?;
        let told = |name: &str| programs.find(name).map(|path| vec![path.display().to_string()]);
        let mut hosts = vec![
            (Host::Floor, told("keyloom-bench-floor")?),
            (Host::Keyloom, told("keyloom-bench-receiver")?),
        ];
        for (host, peer) in [(Host::Python, python()), (Host::Node, node())] {
            match peer {
                Ok(command) => hosts.push((host, command)),
                Err(reason) => {
                    say(&format!("THE RECEIVER IN {host:?} DOES NOT RUN, and is left out: {reason}\n"))?;
                }
            }
        }
        let [ours, theirs] = processors()?;
        let behind = |before: &[String], command: Vec<String>| [before.to_vec(), command].concat();
        let hosts = hosts.into_iter().map(|(host, command)| (host, behind(&theirs, command))).collect();
        Ok(Self { events: behind(&ours, told(EVENTS)?), hosts })
    }

    /// Makes sure that all receivers see every value, and ask for each once.
    fn compare(&self) -> Result<()> {
        let count = 20;
        for (host, command) in &self.hosts {
            let cost = self.run(*host, command, Work::Rate { rate: 100, count })?;
            let asked = cost.server.len() as u64;
            if cost.visible.len() as u64 != count || cost.refused != 0 || asked != count {
                return Err(format!("{host:?} does something else: {cost:?}").into());
            }
        }
        Ok(())
    }

    fn run(&self, host: Host, command: &[String], work: Work) -> Result<Cost> {
        let (folders, secrets, warm_up, rate, count) = match work {
            Work::Rate { rate, count } => (FOLDERS, 1, WARM_UP, rate, count),
            Work::Storm => (STORM.1, 1, 0, STORM.0, STORM.0),
            Work::Idle(secrets) => (1, secrets, 0, 1, 0),
        };
        let task = json!({
            "command": command, "verifies": host != Host::Floor, "folders": folders, "secrets": secrets,
            "latency": LATENCY, "warm_up": warm_up, "rate": rate, "count": count,
        });
        let (program, args) = self.events.split_first().ok_or("no program")?;
        let mut child =
            Command::new(program).args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        child.stdin.take().ok_or("no standard input")?.write_all(task.to_string().as_bytes())?;
        let output = child.wait_with_output()?;
        if !output.status.success() {
            return Err(format!("{host:?}: {}", output.status).into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

/// What stands before the commands of both sides, so that neither takes the other's processor.
fn processors() -> Result<[Vec<String>; 2]> {
    let pinned = PROCESSORS.map(|number| ["taskset", "-c", number].map(str::to_owned).to_vec());
    let is_there =
        |_: &Vec<String>| process::output(Command::new("taskset").args(["-c", PROCESSORS[1], "true"]));
    match pinned.iter().try_for_each(|it| is_there(it).map(drop)) {
        Ok(()) => Ok(pinned),
        Err(_) => {
            let number = thread::available_parallelism().map_or(1, usize::from);
            say(&format!("SENDER AND RECEIVER SHARE {number} PROCESSORS, for they cannot be pinned here\n"))?;
            Ok([Vec::new(), Vec::new()])
        }
    }
}

fn python() -> Result<Vec<String>> {
    let environment = e2e::live_python()?;
    let program = root().join("e2e/bench/live/python/receiver.py");
    Ok(vec![environment.join("bin/python").display().to_string(), program.display().to_string()])
}

fn node() -> Result<Vec<String>> {
    process::output(Command::new("node").arg("--version"))?;
    Ok(vec!["node".to_owned(), root().join("e2e/bench/live/node/receiver.mjs").display().to_string()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_folder_is_named_more_often_than_it_may_be_asked_for() {
        for work in works(false).into_iter().chain(works(true)) {
            if let Work::Rate { rate, .. } = work {
                assert!(rate as usize <= 2 * FOLDERS, "{work:?}");
            }
        }
        assert_eq!(works(true).len(), works(false).len());
    }
}
