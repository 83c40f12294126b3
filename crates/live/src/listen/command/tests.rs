use std::collections::BTreeSet;
use std::path::Path;

use keyloom_runtime::{Loaded, Secret, Value};

use super::*;

fn snapshot(values: &[(&str, &str)]) -> Snapshot {
    let value = |text: &str| Value { secret: Secret::new(text.to_owned()), rotated: false };
    let values = values.iter().map(|(key, text)| ((*key).to_owned(), value(text))).collect();
    Snapshot::empty(1).with(0, Loaded { values, hidden: BTreeSet::new(), etag: None }).0
}

fn start(script: &str, values: &[(&str, &str)]) -> Running {
    let arguments = ["sh", "-c", script].map(OsString::from);
    Running::start(&arguments, &snapshot(values)).unwrap().0
}

/// Waits until a command has said what it does on a signal.
async fn minding(running: &Running, signal: Signal) {
    while !running.minds(signal) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn secrets_are_variables_and_the_exit_code_is_handed_on() {
    let mut running =
        start("test \"$A\" = 'first value' && test -n \"$PATH\" && exit 42", &[("A", "first value")]);
    assert_eq!(running.wait().await.unwrap(), 42);
    let (_, refused) =
        Running::start(&["true".into()], &snapshot(&[("", "1"), ("A=B", "1"), ("C", "\0"), ("D", "1")]))
            .unwrap();
    assert_eq!(refused.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["", "A=B", "C"]);
    let mut ended = start("kill -TERM $$", &[]);
    assert_eq!(ended.wait().await.unwrap(), 143);
}

#[tokio::test]
async fn a_command_that_cannot_run_says_why() {
    let why = |name: &str| Running::start(&[name.into()], &Snapshot::default()).unwrap_err();
    assert!(matches!(why("no-such-command"), CommandError::Missing(_)));
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    assert!(matches!(why(&here.to_string_lossy()), CommandError::Refused(..)));
}

#[tokio::test]
async fn a_command_ends_as_it_is_asked_to() {
    let clock = Clock::simulated(Duration::ZERO);
    let mut signals = Signals::of(&[]).unwrap();
    let mut running = start("trap 'exit 7' TERM; trap 'exit 8' HUP; while :; do sleep 0.01; done", &[]);
    minding(&running, Signal::Term).await;
    let stopped = running.stop(Duration::from_secs(10), &clock, &mut signals).await.unwrap();
    assert_eq!((stopped, clock.now()), (Stopped::Restart, Duration::ZERO));
}

#[tokio::test]
async fn a_command_that_does_not_end_is_made_to() {
    let clock = Clock::simulated(Duration::ZERO);
    let mut signals = Signals::of(&[]).unwrap();
    let mut running = start("trap '' TERM; while :; do sleep 0.01; done", &[]);
    minding(&running, Signal::Term).await;
    let stopping = running.stop(Duration::from_secs(10), &clock, &mut signals);
    let moving = async {
        clock.advance(Duration::from_secs(9));
        tokio::task::yield_now().await;
        clock.advance(Duration::from_secs(1));
    };
    let (stopped, ()) = tokio::join!(stopping, moving);
    assert_eq!(stopped.unwrap(), Stopped::Restart);
}

#[tokio::test]
async fn a_signal_reaches_a_command() {
    let mut running = start("trap 'exit 8' HUP; while :; do sleep 0.01; done", &[]);
    minding(&running, Signal::Hup).await;
    assert!(!running.minds(Signal::Usr1));
    running.hand_on(Signal::Hup);
    assert_eq!(running.wait().await.unwrap(), 8);
}
