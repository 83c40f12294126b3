//! `keyloom connection test`: connections, step by step.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::time::Duration;

use keyloom_live::connections::{Reach, Step, StepId, StepState, TrialOptions, trials};
use keyloom_runtime::connections::{Setting, Shown};
use serde_json::{Map, Value, json};

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
    /// What is wrong with the settings, and the exit code that it deserves.
    wrong: Vec<String>,
    code: u8,
    connections: Vec<(&'a str, Vec<Step>)>,
}

pub(super) fn run(args: &Test, io: &mut Io) -> Result<u8, Failure> {
    let options = TrialOptions {
        timeout: Duration::from_secs(args.timeout.into()),
        reach: match (args.no_connect, args.url) {
            (true, _) => Reach::Secret,
            (false, false) => Reach::Server,
            (false, true) => Reach::Address,
        },
    };
    let mut known = BTreeSet::new();
    let names: Vec<_> = args.names.iter().filter(|name| known.insert(*name)).cloned().collect();
    let mut tested = Tested::default();
    match asking::backend(&args.backend) {
        Ok(all) => {
            match asking::block_on(trials(&all, &names, options))? {
                Ok(tried) => {
                    tested.connections = names.iter().map(String::as_str).zip(tried).collect();
                }
                Err(failure) => {
                    (tested.wrong, tested.code) = (vec![failure.to_string()], exit_code::USAGE);
                }
            }
            tested.settings = all.settings();
        }
        Err(error) => (tested.wrong, tested.code) = (error.lines(), asking::code(&error)),
    }
    match args.output {
        TextOrJson::Text => io.write(|out| text(&tested, out))?,
        TextOrJson::Json => io.write(|out| json(&tested, out))?,
    }
    Ok(tested.exit_code())
}

impl Tested<'_> {
    fn holds(&self) -> bool {
        self.wrong.is_empty() && self.connections.iter().all(|(_, steps)| holds(steps))
    }

    /// As of the other verbs: a backend that cannot be asked is no finding about a connection.
    fn exit_code(&self) -> u8 {
        let unasked = |step: &Step| {
            step.state == StepState::Failed && matches!(step.id, StepId::Host | StepId::Login | StepId::Place)
        };
        if !self.wrong.is_empty() {
            self.code
        } else if self.connections.iter().any(|(_, steps)| steps.iter().any(unasked)) {
            exit_code::USAGE
        } else if self.holds() {
            exit_code::CLEAN
        } else {
            exit_code::FINDINGS
        }
    }

    fn state(&self) -> StepState {
        if self.wrong.is_empty() { StepState::Ok } else { StepState::Failed }
    }
}

fn holds(steps: &[Step]) -> bool {
    steps.iter().all(|step| step.state != StepState::Failed)
}

fn word(state: StepState) -> &'static str {
    match state {
        StepState::Ok => "ok",
        StepState::Warning => "warning",
        StepState::Failed => "failed",
        StepState::Skipped => "skipped",
    }
}

fn text(tested: &Tested<'_>, out: &mut dyn Write) -> io::Result<()> {
    line(SETTINGS, tested.state(), &tested.wrong, out)?;
    let name = tested.settings.iter().map(|it| it.name.len()).max().unwrap_or_default();
    for setting in &tested.settings {
        let shown = shown(&setting.shown);
        writeln!(out, "           {:name$}  {shown}  ({})", setting.name, setting.origin)?;
    }
    for (name, steps) in &tested.connections {
        writeln!(out, "{}", one_line(name))?;
        steps.iter().try_for_each(|step| line(step.id.word(), step.state, &step.found, out))?;
    }
    Ok(())
}

/// What is no value stands in parentheses.
fn shown(shown: &Shown) -> String {
    match shown {
        Shown::Value(value) => one_line(value),
        Shown::Credential => "(not shown)".to_owned(),
        Shown::LeftTo(whom) => format!("(left to {whom})"),
        Shown::Unset => "(not set)".to_owned(),
    }
}

fn line(id: &str, state: StepState, found: &[String], out: &mut dyn Write) -> io::Result<()> {
    let found: Vec<_> = found.iter().map(|it| one_line(it)).collect();
    let first = found.first().map(|it| format!(": {it}")).unwrap_or_default();
    writeln!(out, "  {:7}  {id}{first}", word(state))?;
    found.iter().skip(1).try_for_each(|it| writeln!(out, "           {it}"))
}

/// Which of the four it is stands in `shown`; a value is in `value`, and nowhere else.
fn setting(setting: &Setting) -> Value {
    let (word, more) = match &setting.shown {
        Shown::Value(value) => ("value", Some(("value", value.as_str()))),
        Shown::Credential => ("credential", None),
        Shown::LeftTo(whom) => ("left-to", Some(("leftTo", *whom))),
        Shown::Unset => ("unset", None),
    };
    let mut row = Map::new();
    row.insert("name".to_owned(), setting.name.into());
    row.insert("shown".to_owned(), word.into());
    row.extend(more.map(|(name, text)| (name.to_owned(), text.into())));
    row.insert("origin".to_owned(), setting.origin.to_string().into());
    Value::Object(row)
}

fn json(tested: &Tested<'_>, out: &mut dyn Write) -> io::Result<()> {
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
