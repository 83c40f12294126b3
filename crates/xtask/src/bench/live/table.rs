//! The table of the receivers.

use crate::bench::live::LATENCY;
use crate::bench::live::figures::{Cost, Figures, Host, Work};

/// A row: its name, what Keyloom may cost, where it stands in the figures, and how it is shown.
struct Row {
    name: &'static str,
    target: &'static str,
    of: fn(&Figures, Work, Host) -> Option<f64>,
    show: fn(f64) -> String,
    /// Whether it is told how many times Keyloom's a receiver's is.
    compared: bool,
}

const fn row(
    name: &'static str,
    target: &'static str,
    of: fn(&Figures, Work, Host) -> Option<f64>,
    show: fn(f64) -> String,
) -> Row {
    Row { name, target, of, show, compared: true }
}

/// Of what the bench is, more than the receivers are.
const fn aside(
    name: &'static str,
    of: fn(&Figures, Work, Host) -> Option<f64>,
    show: fn(f64) -> String,
) -> Row {
    Row { name, target: "-", of, show, compared: false }
}

const PEAK: Row =
    row("peak memory", "15 MB", |f, work, host| f.most(work, host, |cost| cost.peak), megabytes);
const LOST: Row =
    aside("values that never showed", |f, work, host| f.sum(work, host, |cost| cost.lost as f64), number);
const NOT_TAKEN: Row = aside(
    "webhooks that were not taken",
    |f, work, host| f.sum(work, host, |cost| cost.refused as f64),
    number,
);
const LATE: Row =
    aside("sent late, p99", |f, work, host| f.quantile(work, host, |cost| &cost.late, 0.99), milliseconds);

const RATE: &[Row] = &[
    row("visible, p50", "-", |f, work, host| f.quantile(work, host, visible, 0.5), milliseconds),
    row("visible, p99", "-", |f, work, host| f.quantile(work, host, visible, 0.99), milliseconds),
    row("visible, p99.9", "-", |f, work, host| f.quantile(work, host, visible, 0.999), milliseconds),
    row("visible, the slowest", "-", |f, work, host| f.quantile(work, host, visible, 1.0), milliseconds),
    aside("visible, p99 / the 5 ms of the server", share, times),
    aside("the server itself, p99", |f, work, host| f.quantile(work, host, server, 0.99), milliseconds),
    LATE,
    row("CPU of an event", "-", |f, work, host| f.median(work, host, cpu), milliseconds),
    PEAK,
    LOST,
    NOT_TAKEN,
];

const STORM: &[Row] = &[
    row("questions for folders", "-", |f, work, host| f.median(work, host, asked), number),
    row("last webhook to last value", "-", |f, work, host| f.median(work, host, settled), milliseconds),
    row("CPU, all of it", "-", |f, work, host| f.median(work, host, |cost| cost.cpu * 1e6), milliseconds),
    PEAK,
    LOST,
    NOT_TAKEN,
    LATE,
];

const IDLE: &[Row] = &[
    row("resident memory", "15 MB", |f, work, host| f.median(work, host, |cost| cost.resident), megabytes),
    row(
        "start until all is loaded",
        "-",
        |f, work, host| f.median(work, host, |cost| cost.ready * 1e6),
        milliseconds,
    ),
];

fn visible(cost: &Cost) -> &[u64] {
    &cost.visible
}

fn server(cost: &Cost) -> &[u64] {
    &cost.server
}

fn share(figures: &Figures, work: Work, host: Host) -> Option<f64> {
    Some(figures.quantile(work, host, visible, 0.99)? / 1e3 / LATENCY as f64)
}

/// Microseconds of an event.
fn cpu(cost: &Cost) -> f64 {
    cost.cpu * 1e6 / cost.visible.len().max(1) as f64
}

fn asked(cost: &Cost) -> f64 {
    cost.server.len() as f64
}

fn settled(cost: &Cost) -> f64 {
    cost.settled as f64
}

impl Figures {
    /// The table: over all runs, and how many times Keyloom's a receiver's is.
    pub(in crate::bench) fn table(&self) -> String {
        let mut table = String::new();
        for work in self.works() {
            let (title, rows) = match work {
                Work::Rate { rate, .. } => (format!("live, webhooks in a second: {rate}"), RATE),
                Work::Storm => ("live, 10,000 webhooks in one second, of 10 folders".to_owned(), STORM),
                Work::Idle(secrets) => (format!("live, nothing to do, secrets in memory: {secrets}"), IDLE),
            };
            let heads = ["target", "floor", "keyloom", "python", "node", "python/keyloom", "node/keyloom"];
            table.push_str(&format!("{title:<52}{}\n", heads.map(|head| format!("{head:>16}")).concat()));
            rows.iter().for_each(|row| table.push_str(&self.line(row, work)));
            table.push('\n');
        }
        table
    }

    fn line(&self, row: &Row, work: Work) -> String {
        let of = |host| (row.of)(self, work, host);
        let shown = Host::ALL.map(|host| of(host).map(row.show));
        let ours = of(Host::Keyloom).filter(|ours| row.compared && *ours > 0.0);
        let ratio = |host| Some(format!("{:.1}", of(host)? / ours?));
        let is_bound = matches!(work, Work::Rate { rate: 1_000, .. }) && row.name.contains(" / the 5 ms");
        let target = if is_bound { "2" } else { row.target };
        let cells =
            [vec![Some(target.to_owned())], shown.to_vec(), vec![ratio(Host::Python), ratio(Host::Node)]];
        let cell = |cell: Option<String>| format!("{:>16}", cell.unwrap_or_else(|| "-".to_owned()));
        format!("  {:<50}{}\n", row.name, cells.concat().into_iter().map(cell).collect::<String>())
    }
}

fn milliseconds(microseconds: f64) -> String {
    format!("{:.2} ms", microseconds / 1e3)
}

fn megabytes(bytes: f64) -> String {
    format!("{:.1} MB", bytes / 1e6)
}

fn times(ratio: f64) -> String {
    format!("{ratio:.2}")
}

fn number(number: f64) -> String {
    format!("{number:.0}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn cost(factor: u64) -> Cost {
        let samples: Vec<u64> = (1..=1_000).map(|sample| sample * factor * 10).collect();
        let cost = json!({
            "ready": 0.1, "visible": samples, "settled": 7000, "lost": factor - 1, "refused": 0, "server": [5100],
            "late": samples, "cpu": factor as f64, "resident": 4e6, "peak": 5e6 * factor as f64,
        });
        serde_json::from_value(cost).unwrap()
    }

    fn cells(table: &str, title: &str, name: &str) -> String {
        let part = table.split("\n\n").find(|part| part.starts_with(title)).unwrap();
        let line = part.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
        line[52..].split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_table_holds_quantiles_over_all_runs_and_ratios() {
        let mut figures = Figures::default();
        for rate in [100, 1_000] {
            let work = Work::Rate { rate, count: 1_000 };
            figures.add(Host::Keyloom, work, cost(1));
            figures.add(Host::Node, work, cost(2));
            figures.add(Host::Node, work, cost(4));
        }
        figures.add(Host::Keyloom, Work::Storm, cost(1));
        figures.add(Host::Keyloom, Work::Idle(10), cost(1));
        let table = figures.table();
        let fast = "live, webhooks in a second: 1000";
        assert_eq!(cells(&table, fast, "visible, p99  "), "- - 9.90 ms - 39.20 ms - 4.0");
        assert_eq!(cells(&table, fast, "visible, p99.9"), "- - 9.99 ms - 39.92 ms - 4.0");
        assert_eq!(cells(&table, fast, "visible, p99 /"), "2 - 1.98 - 7.84 - -");
        assert_eq!(
            cells(&table, "live, webhooks in a second: 100 ", "visible, p99 /"),
            "- - 1.98 - 7.84 - -"
        );
        assert_eq!(cells(&table, fast, "CPU"), "- - 1.00 ms - 3.00 ms - 3.0");
        assert_eq!(cells(&table, fast, "peak"), "15 MB - 5.0 MB - 20.0 MB - 4.0");
        assert_eq!(cells(&table, fast, "values"), "- - 0 - 4 - -");
        assert_eq!(cells(&table, fast, "sent late"), "- - 9.90 ms - 39.20 ms - -");
        assert_eq!(cells(&table, "live, 10,000", "questions"), "- - 1 - - - -");
        assert_eq!(cells(&table, "live, nothing", "resident"), "15 MB - 4.0 MB - - - -");
    }

    #[test]
    fn the_file_holds_every_run() {
        let mut figures = Figures::default();
        for factor in [1, 2] {
            figures.add(Host::Python, Work::Storm, cost(factor));
        }
        let json = figures.json();
        assert_eq!((&json[0]["work"], &json[0]["host"]), (&json!("Storm"), &json!("Python")));
        assert_eq!(json[0]["runs"][1]["visible"]["p99"], 19_800);
        assert_eq!(json[0]["runs"].as_array().map(Vec::len), Some(2));
    }
}
