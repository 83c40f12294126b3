//! `keyloom connection test`: connections, step by step.

use std::io::{self, Write};
use std::time::Duration;

use keyloom_live::connections::{Limits, State, Step, trials};
use keyloom_runtime::connections::Setting;
use serde_json::{Value, json};

use super::asking;
use crate::args::{Test, TextOrJson};
use crate::exit_code;
use crate::failure::Failure;
use crate::io::Io;
use crate::report::text::one_line;

/// The step before all others, which is the same for all connections.
const SETTINGS: &str = "backend.settings";

/// What was found.
#[derive(Default)]
struct Tested<'a> {
    settings: Vec<Setting>,
    /// What is wrong with the settings.
    wrong: Vec<String>,
    connections: Vec<(&'a str, Vec<Step>)>,
}

pub(super) fn run(args: &Test, io: &mut Io) -> Result<u8, Failure> {
    let limits = Limits {
        timeout: Duration::from_secs(args.timeout.into()),
        connect: !args.no_connect,
        url: args.url,
    };
    let mut tested = Tested::default();
    match asking::backend(&args.backend) {
        Ok(all) => {
            tested.settings = all.settings();
            let tried = asking::block_on(trials(&all, &args.names, limits), io)?;
            tested.connections = args.names.iter().map(String::as_str).zip(tried).collect();
        }
        Err(error) => tested.wrong = error.lines(),
    }
    match args.output {
        TextOrJson::Text => io.write(|out| text(&tested, out))?,
        TextOrJson::Json => io.write(|out| json(&tested, out))?,
    }
    Ok(if tested.holds() { exit_code::CLEAN } else { exit_code::FINDINGS })
}

impl Tested<'_> {
    fn holds(&self) -> bool {
        self.wrong.is_empty() && self.connections.iter().all(|(_, steps)| holds(steps))
    }

    fn state(&self) -> State {
        if self.wrong.is_empty() { State::Ok } else { State::Failed }
    }
}

fn holds(steps: &[Step]) -> bool {
    steps.iter().all(|step| step.state != State::Failed)
}

fn word(state: State) -> &'static str {
    match state {
        State::Ok => "ok",
        State::Warning => "warning",
        State::Failed => "failed",
        State::Skipped => "skipped",
    }
}

fn text(tested: &Tested<'_>, out: &mut dyn Write) -> io::Result<()> {
    line(SETTINGS, tested.state(), &tested.wrong, out)?;
    let name = tested.settings.iter().map(|it| it.name.len()).max().unwrap_or_default();
    for setting in &tested.settings {
        let value = setting.value.as_deref().map_or("(not shown)".to_owned(), one_line);
        writeln!(out, "           {:name$}  {value}  ({})", setting.name, setting.origin)?;
    }
    for (name, steps) in &tested.connections {
        writeln!(out, "{}", one_line(name))?;
        steps.iter().try_for_each(|step| line(step.id.word(), step.state, &step.found, out))?;
    }
    Ok(())
}

fn line(id: &str, state: State, found: &[String], out: &mut dyn Write) -> io::Result<()> {
    let found: Vec<_> = found.iter().map(|it| one_line(it)).collect();
    let first = found.first().map(|it| format!(": {it}")).unwrap_or_default();
    writeln!(out, "  {:7}  {id}{first}", word(state))?;
    found.iter().skip(1).try_for_each(|it| writeln!(out, "           {it}"))
}

fn json(tested: &Tested<'_>, out: &mut dyn Write) -> io::Result<()> {
    let setting = |it: &Setting| json!({"name": it.name, "value": it.value, "origin": it.origin.to_string()});
    let step = |it: &Step| json!({"id": it.id.word(), "state": word(it.state), "found": it.found});
    let connection = |(name, steps): &(&str, Vec<Step>)| {
        let all: Vec<Value> = steps.iter().map(step).collect();
        json!({"name": name, "ok": holds(steps), "steps": all})
    };
    let whole = json!({
        "ok": tested.holds(),
        "settings": {
            "id": SETTINGS,
            "state": word(tested.state()),
            "found": tested.wrong,
            "values": tested.settings.iter().map(setting).collect::<Vec<_>>(),
        },
        "connections": tested.connections.iter().map(connection).collect::<Vec<_>>(),
    });
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    writeln!(out)
}
