//! Figures: medians, the table and the JSON file.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::bench::validate::{Form, Part, Side};

/// What is measured, at each size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Figure {
    Render,
    SerdeJson,
    Typed,
    PeerDump,
    PeerTyped,
    Document,
    Wall,
    Cpu,
    Peak,
    PeerWall,
    PeerCpu,
    PeerPeak,
    Validate(Form, Side, Part),
}

/// What was measured; every figure with all its runs.
#[derive(Debug, Default)]
pub(super) struct Report {
    sizes: Vec<usize>,
    samples: BTreeMap<(Figure, usize), Vec<f64>>,
}

#[derive(Clone, Copy, Debug)]
enum Unit {
    Seconds,
    Bytes,
    Ratio,
}

/// A line of the table: what it says, and how it follows from the medians at one size.
struct Line {
    name: &'static str,
    unit: Unit,
    of: fn(&Report, usize) -> Option<f64>,
}

const fn line(name: &'static str, unit: Unit, of: fn(&Report, usize) -> Option<f64>) -> Line {
    Line { name, unit, of }
}

const VALUES: &[Line] = &[
    line("keyloom render", Unit::Seconds, |r, n| r.median(Figure::Render, n)),
    line("serde_json::to_writer, equal structs", Unit::Seconds, |r, n| r.median(Figure::SerdeJson, n)),
    line("keyloom build + validate + synthesize + render", Unit::Seconds, |r, n| r.median(Figure::Typed, n)),
    line("peer dump", Unit::Seconds, |r, n| r.median(Figure::PeerDump, n)),
    line("peer new + validate + dump", Unit::Seconds, |r, n| r.median(Figure::PeerTyped, n)),
    line("render / serde_json (target: at most 3)", Unit::Ratio, |r, n| {
        r.ratio(Figure::Render, Figure::SerdeJson, n)
    }),
    line("peer new + validate + dump / render (target: at least 10)", Unit::Ratio, |r, n| {
        r.ratio(Figure::PeerTyped, Figure::Render, n)
    }),
    line("peer / keyloom, both from nothing to text", Unit::Ratio, |r, n| {
        r.ratio(Figure::PeerTyped, Figure::Typed, n)
    }),
    line("render, time an item against the size before", Unit::Ratio, |r, n| r.growth(Figure::Render, n)),
];

const DOCUMENT: &[Line] = &[
    line("document", Unit::Bytes, |r, n| r.median(Figure::Document, n)),
    line("keyloom wall", Unit::Seconds, |r, n| r.median(Figure::Wall, n)),
    line("keyloom CPU", Unit::Seconds, |r, n| r.median(Figure::Cpu, n)),
    line("keyloom peak memory", Unit::Bytes, |r, n| r.median(Figure::Peak, n)),
    line("peer wall", Unit::Seconds, |r, n| r.median(Figure::PeerWall, n)),
    line("peer CPU", Unit::Seconds, |r, n| r.median(Figure::PeerCpu, n)),
    line("peer peak memory", Unit::Bytes, |r, n| r.median(Figure::PeerPeak, n)),
    line("peer / keyloom wall (target: at least 5)", Unit::Ratio, |r, n| {
        r.ratio(Figure::PeerWall, Figure::Wall, n)
    }),
    line("peer / keyloom CPU", Unit::Ratio, |r, n| r.ratio(Figure::PeerCpu, Figure::Cpu, n)),
    line("peer / keyloom peak memory", Unit::Ratio, |r, n| r.ratio(Figure::PeerPeak, Figure::Peak, n)),
    line("keyloom peak / document (target: at most 6)", Unit::Ratio, |r, n| {
        r.ratio(Figure::Peak, Figure::Document, n)
    }),
    line("keyloom wall, time an item against the size before", Unit::Ratio, |r, n| r.growth(Figure::Wall, n)),
];

/// The lines of one form of manifests.
macro_rules! validated {
    ($form:expr) => {
        &[
            line("keyloom wall", Unit::Seconds, |r, n| r.validate($form, Side::Keyloom, Part::Wall, n)),
            line("keyloom CPU", Unit::Seconds, |r, n| r.validate($form, Side::Keyloom, Part::Cpu, n)),
            line("keyloom peak memory", Unit::Bytes, |r, n| r.validate($form, Side::Keyloom, Part::Peak, n)),
            line("kubeconform wall", Unit::Seconds, |r, n| r.validate($form, Side::Peer, Part::Wall, n)),
            line("kubeconform CPU", Unit::Seconds, |r, n| r.validate($form, Side::Peer, Part::Cpu, n)),
            line("kubeconform peak memory", Unit::Bytes, |r, n| r.validate($form, Side::Peer, Part::Peak, n)),
            line("kubeconform / keyloom wall (target: at least 3)", Unit::Ratio, |r, n| {
                r.beside($form, Part::Wall, n)
            }),
            line("kubeconform / keyloom CPU", Unit::Ratio, |r, n| r.beside($form, Part::Cpu, n)),
            line("kubeconform / keyloom peak memory", Unit::Ratio, |r, n| r.beside($form, Part::Peak, n)),
        ]
    };
}

const STREAM: &[Line] = validated!(Form::Stream);
const TREE: &[Line] = validated!(Form::Tree);

const SECTIONS: [(&str, &[Line]); 4] = [
    ("typed values", VALUES),
    ("render FILE, whole process", DOCUMENT),
    ("validate, manifests in one file", STREAM),
    ("validate, each manifest in a file of its own", TREE),
];

impl Report {
    pub(super) fn new(sizes: &[usize]) -> Self {
        Self { sizes: sizes.to_vec(), samples: BTreeMap::new() }
    }

    pub(super) fn add(&mut self, figure: Figure, size: usize, sample: f64) {
        self.samples.entry((figure, size)).or_default().push(sample);
    }

    fn median(&self, figure: Figure, size: usize) -> Option<f64> {
        self.samples.get(&(figure, size)).map(|samples| median(samples))
    }

    fn ratio(&self, above: Figure, below: Figure, size: usize) -> Option<f64> {
        Some(self.median(above, size)? / self.median(below, size)?)
    }

    fn validate(&self, form: Form, side: Side, part: Part, size: usize) -> Option<f64> {
        self.median(Figure::Validate(form, side, part), size)
    }

    fn beside(&self, form: Form, part: Part, size: usize) -> Option<f64> {
        let of = |side| Figure::Validate(form, side, part);
        self.ratio(of(Side::Peer), of(Side::Keyloom), size)
    }

    /// The cost of one item over that at the size before: 1 is linear.
    fn growth(&self, figure: Figure, size: usize) -> Option<f64> {
        let before = *self.sizes.iter().take_while(|other| **other < size).last()?;
        let cost = |size| Some(self.median(figure, size)? / size as f64);
        Some(cost(size)? / cost(before)?)
    }

    /// The table, without sections that were not asked for. Lines of a peer that did not run say so.
    pub(super) fn table(&self) -> String {
        let mut table = String::new();
        let measured = |lines: &[Line]| {
            lines.iter().any(|line| self.sizes.iter().any(|size| (line.of)(self, *size).is_some()))
        };
        for (title, lines) in SECTIONS.into_iter().filter(|(_, lines)| measured(lines)) {
            let heads = self.sizes.iter().map(|size| format!("{size:>14}"));
            table.push_str(&format!("{title:<60}{}\n", heads.collect::<String>()));
            for Line { name, unit, of } in lines {
                let cells = self.sizes.iter().map(|size| format!("{:>14}", shown(of(self, *size), *unit)));
                table.push_str(&format!("  {name:<58}{}\n", cells.collect::<String>()));
            }
            table.push('\n');
        }
        table
    }

    /// Everything as JSON: the lines of the table, and all runs behind them.
    pub(super) fn json(&self) -> Value {
        let sections = SECTIONS.map(|(title, lines)| {
            let line = |line: &Line| {
                let values: Vec<_> = self.sizes.iter().map(|size| (line.of)(self, *size)).collect();
                json!({ "name": line.name, "unit": line.unit.word(), "values": values })
            };
            json!({ "title": title, "lines": lines.iter().map(line).collect::<Vec<_>>() })
        });
        let sample = |((figure, size), runs): (&(Figure, usize), &Vec<f64>)| json!({ "figure": format!("{figure:?}"), "size": size, "runs": runs });
        json!({
            "sizes": self.sizes,
            "sections": sections,
            "samples": self.samples.iter().map(sample).collect::<Vec<_>>(),
        })
    }
}

impl Unit {
    fn word(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Bytes => "bytes",
            Self::Ratio => "ratio",
        }
    }
}

fn shown(value: Option<f64>, unit: Unit) -> String {
    match (value, unit) {
        (None, _) => "-".to_owned(),
        (Some(value), Unit::Seconds) => format!("{:.2} ms", value * 1e3),
        (Some(value), Unit::Bytes) => format!("{:.1} MiB", value / f64::from(1 << 20)),
        (Some(value), Unit::Ratio) => format!("{value:.2}"),
    }
}

/// The middle one, or the mean of the two in the middle.
pub(super) fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[n / 2],
        n => f64::midpoint(sorted[n / 2 - 1], sorted[n / 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
    }

    #[test]
    fn the_table_holds_medians_ratios_and_growth() {
        let mut report = Report::new(&[10, 100]);
        for (size, wall) in [(10, 0.5), (100, 10.0)] {
            for sample in [wall, wall * 0.9, wall * 7.0] {
                report.add(Figure::Wall, size, sample);
            }
            report.add(Figure::PeerWall, size, wall * 4.0);
        }
        let table = report.table();
        let line = |name: &str| table.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
        let cells = |name: &str| line(name)[60..].split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(cells("keyloom wall  "), "500.00 ms 10000.00 ms");
        assert_eq!(cells("peer / keyloom wall"), "4.00 4.00");
        assert_eq!(cells("keyloom wall, time"), "- 2.00");
        assert_eq!(cells("peer CPU"), "- -");
        assert!(!table.contains("peer dump"), "{table}");
        assert_eq!(report.json()["samples"][0]["runs"], json!([0.5, 0.45, 3.5]));
    }
}
