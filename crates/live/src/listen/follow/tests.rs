use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use super::*;
use crate::listen::state::tests::next;

type Said = Mutex<Vec<String>>;

/// Says what it was started with and what it is told, into a file.
const SCRIPT: &str = r#"
    trap 'echo told >> "$LOG"' USR1
    trap 'echo ended >> "$LOG"; exit 7' TERM
    echo "begun with $A" >> "$LOG"
    while :; do sleep 0.01; done
"#;

fn program(log: &Path, on_change: OnChange) -> Program {
    let script = SCRIPT.replace("$LOG", &log.to_string_lossy());
    Program {
        arguments: ["sh", "-c", &script].map(OsString::from).to_vec(),
        on_change,
        quiet: Duration::from_secs(2),
        grace: Duration::from_secs(10),
    }
}

/// Moves the clock again and again, until a file has these lines.
async fn lines(clock: &Clock, log: &Path, expected: &[&str]) {
    for _ in 0..10_000 {
        let text = fs::read_to_string(log).unwrap_or_default();
        if text.lines().eq(expected.iter().copied()) {
            return;
        }
        clock.advance(Duration::from_millis(500));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("no {expected:?}");
}

/// Runs a command, changes a secret twice in one go, and answers with what the command says and what is said of it.
async fn run(on_change: OnChange, expected: [&[&str]; 2]) -> (Result<u8, Failed>, Vec<String>) {
    let dir = tempfile::tempdir().unwrap();
    let log = dir.path().join("log");
    let (said, clock) = (Said::default(), Clock::simulated(Duration::ZERO));
    let say = |line: &str| said.lock().unwrap().push(line.to_owned());
    let first = next(&Snapshot::empty(1), &[("A", "1"), ("a=b", "canary")]);
    let (sender, receiver) = watch::channel(first.clone());
    let follower = Follower {
        outputs: Outputs::default(),
        state: Arc::new(State::new().unwrap()),
        server: None,
        program: Some(program(&log, on_change)),
        clock: clock.clone(),
        say: &say,
    };
    let drive = async {
        lines(&clock, &log, expected[0]).await;
        let second = next(&first, &[("A", "2"), ("B", "canary")]);
        sender.send_replace(second.clone());
        tokio::task::yield_now().await;
        sender.send_replace(next(&second, &[("A", "3"), ("B", "canary")]));
        lines(&clock, &log, expected[1]).await;
        drop(sender);
    };
    let (followed, ()) = tokio::join!(follower.follow(receiver, Signals::of(&[]).unwrap()), drive);
    let said = said.lock().unwrap().clone();
    assert!(!said.iter().any(|line| line.contains("canary")), "{said:?}");
    (followed, said)
}

#[tokio::test]
async fn a_command_is_told_once_when_things_are_quiet() {
    let (followed, said) =
        run(OnChange::Signal(Signal::Usr1), [&["begun with 1"], &["begun with 1", "told"]]).await;
    assert!(matches!(followed, Err(Failed::Ended)));
    assert_eq!(
        said[..2],
        ["warning: the command does not get \"a=b\": it has an equals sign", "ready with 2 secrets"]
    );
    assert!(said.contains(&"the command got SIGUSR1".to_owned()), "{said:?}");
    assert!(said.iter().any(|line| line.starts_with("changed: \"A\" updated")), "{said:?}");
}

#[tokio::test]
async fn a_command_is_started_again_with_the_newest_secrets() {
    let expected: [&[&str]; 2] = [&["begun with 1"], &["begun with 1", "ended", "begun with 3"]];
    let (_, said) = run(OnChange::Restart, expected).await;
    assert!(said.contains(&"the command is started again".to_owned()), "{said:?}");
}

#[tokio::test]
async fn a_change_while_a_command_ends_does_not_start_it_twice() {
    let dir = tempfile::tempdir().unwrap();
    let (log, ending) = (dir.path().join("log"), dir.path().join("ending"));
    let clock = Clock::simulated(Duration::ZERO);
    let say = |_: &str| {};
    let first = next(&Snapshot::empty(1), &[("A", "1")]);
    let (sender, receiver) = watch::channel(first.clone());
    let mut program = program(&log, OnChange::Restart);
    // It ends when there is a file.
    let slow = format!("while ! test -e {}; do sleep 0.01; done; exit 7", ending.display());
    let script = program.arguments[2].to_string_lossy().replace("exit 7", &slow);
    program.arguments[2] = script.into();
    program.grace = Duration::from_secs(3_600);
    let follower = Follower {
        outputs: Outputs::default(),
        state: Arc::new(State::new().unwrap()),
        server: None,
        program: Some(program),
        clock: clock.clone(),
        say: &say,
    };
    let drive = async {
        lines(&clock, &log, &["begun with 1"]).await;
        let second = next(&first, &[("A", "2")]);
        sender.send_replace(second.clone());
        lines(&clock, &log, &["begun with 1", "ended"]).await;
        sender.send_replace(next(&second, &[("A", "3")]));
        fs::write(&ending, "").unwrap();
        let expected = ["begun with 1", "ended", "begun with 3"];
        lines(&clock, &log, &expected).await;
        for _ in 0..50 {
            clock.advance(Duration::from_secs(1));
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        lines(&clock, &log, &expected).await;
        drop(sender);
    };
    let (_, ()) = tokio::join!(follower.follow(receiver, Signals::of(&[]).unwrap()), drive);
}

#[tokio::test]
async fn a_signal_that_would_end_a_command_is_not_sent() {
    let dir = tempfile::tempdir().unwrap();
    let log = dir.path().join("log");
    let clock = Clock::simulated(Duration::ZERO);
    let said = Said::default();
    let say = |line: &str| said.lock().unwrap().push(line.to_owned());
    let first = next(&Snapshot::empty(1), &[("A", "1")]);
    let (sender, receiver) = watch::channel(first.clone());
    let follower = Follower {
        outputs: Outputs::default(),
        state: Arc::new(State::new().unwrap()),
        server: None,
        program: Some(program(&log, OnChange::Signal(Signal::Usr2))),
        clock: clock.clone(),
        say: &say,
    };
    let drive = async {
        lines(&clock, &log, &["begun with 1"]).await;
        sender.send_replace(next(&first, &[("A", "2")]));
        for _ in 0..50 {
            clock.advance(Duration::from_secs(1));
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        drop(sender);
    };
    let (_, ()) = tokio::join!(follower.follow(receiver, Signals::of(&[]).unwrap()), drive);
    let warnings =
        said.lock().unwrap().iter().filter(|line| line.contains("does not handle SIGUSR2")).count();
    assert_eq!(warnings, 1);
}

#[tokio::test]
async fn files_follow_and_the_exit_code_is_the_commands() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::simulated(Duration::ZERO);
    let say = |_: &str| {};
    let mut outputs = Outputs::default();
    outputs.directory(&dir.path().join("secrets"), 0o400, &say).unwrap();
    let file = dir.path().join("secrets/A");
    let first = next(&Snapshot::empty(1), &[("A", "1")]);
    let (sender, receiver) = watch::channel(first.clone());
    let script = format!("until grep -q 2 {0}; do sleep 0.01; done; exit 42", file.display());
    let program = Program {
        arguments: ["sh", "-c", &script].map(OsString::from).to_vec(),
        on_change: OnChange::Ignore,
        quiet: Duration::ZERO,
        grace: Duration::ZERO,
    };
    let state = Arc::new(State::new().unwrap());
    let follower = Follower { outputs, state, server: None, program: Some(program), clock, say: &say };
    let drive = async {
        while !file.exists() {
            tokio::task::yield_now().await;
        }
        sender.send_replace(next(&first, &[("A", "2")]));
    };
    let (followed, ()) = tokio::join!(follower.follow(receiver, Signals::of(&[]).unwrap()), drive);
    assert!(matches!(followed, Ok(42)));
}
