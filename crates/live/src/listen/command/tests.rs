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

/// A child that does not end when it is asked to, whose number is in a file.
fn stubborn(file: &Path) -> String {
    format!(
        "(trap '' TERM; while :; do sleep 0.01; done) & echo $! > {0}.new; mv {0}.new {0}",
        file.display()
    )
}

/// Whether a process still does something; one that has ended may not have been waited for.
fn lives(file: &Path) -> bool {
    let text = std::fs::read_to_string(file).unwrap();
    let process = Pid::from_raw(text.trim().parse().unwrap()).unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", text.trim())).unwrap_or_default();
    rustix::process::test_kill_process(process).is_ok() && !stat.contains(") Z ")
}

/// Waits for a process to be gone; a signal takes a moment.
async fn gone(file: &Path) {
    for _ in 0..1_000 {
        if !lives(file) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("it lives on");
}

async fn moved<T>(clock: &Clock, what: impl Future<Output = T>) -> T {
    let moving = async {
        loop {
            clock.advance(Duration::from_secs(1));
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::select! {
        done = what => done,
        () = moving => unreachable!(),
    }
}

#[tokio::test]
async fn what_a_command_started_does_not_outlive_it() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("child");
    let clock = Clock::simulated(Duration::ZERO);
    let grace = Duration::from_secs(10);
    // One that is ended, and says nothing to that.
    let mut signals = Signals::of(&[]).unwrap();
    let mut running = start(&format!("{}; while :; do sleep 0.01; done", stubborn(&file)), &[]);
    while !file.exists() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(lives(&file));
    let stopped = moved(&clock, running.stop(grace, &clock, &mut signals)).await;
    assert_eq!(stopped.unwrap(), Stopped::Restart);
    gone(&file).await;
    // One that ends by itself.
    std::fs::remove_file(&file).unwrap();
    let mut running = start(&format!("{}; exit 3", stubborn(&file)), &[]);
    assert_eq!(running.wait().await.unwrap(), 3);
    assert!(lives(&file));
    moved(&clock, running.end_rest(grace, &clock)).await;
    gone(&file).await;
    // One that nobody waits for any more.
    std::fs::remove_file(&file).unwrap();
    let mut running = start(&format!("{}; exit 3", stubborn(&file)), &[]);
    assert_eq!(running.wait().await.unwrap(), 3);
    drop(running);
    gone(&file).await;
}

#[tokio::test]
async fn what_a_command_started_may_end_in_its_own_time() {
    let dir = tempfile::tempdir().unwrap();
    let (ready, log) = (dir.path().join("ready"), dir.path().join("log"));
    let child = format!(
        "(trap 'sleep 0.05; echo tidy > {}; exit' TERM; touch {}; while :; do sleep 0.01; done)",
        log.display(),
        ready.display()
    );
    let mut running = start(&format!("{child} & while :; do sleep 0.01; done"), &[]);
    while !ready.exists() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    running.hand_on(Signal::Term);
    assert_eq!(running.wait().await.unwrap(), 143);
    running.end_rest(Duration::from_secs(60), &Clock::system()).await;
    assert_eq!(std::fs::read_to_string(log).unwrap(), "tidy\n");
}

#[tokio::test]
async fn secrets_do_not_say_how_programs_are_found_and_begun() {
    let canary = [("PATH", "canary"), ("LD_PRELOAD", "canary"), ("BASH_ENV", "canary"), ("PATHS", "1")];
    let arguments =
        ["sh", "-c", "test \"$PATH$LD_PRELOAD$BASH_ENV\" != \"${PATH%canary}\" && exit 1; exit $PATHS"];
    let (mut running, refused) = Running::start(&arguments.map(OsString::from), &snapshot(&canary)).unwrap();
    assert_eq!(running.wait().await.unwrap(), 1);
    assert_eq!(
        refused.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(),
        ["BASH_ENV", "LD_PRELOAD", "PATH"]
    );
}

#[tokio::test]
async fn a_signal_reaches_a_command() {
    // Not HUP: whoever is started by `nohup` ignores it, and so does what it starts.
    let mut running = start("trap 'exit 8' USR1; while :; do sleep 0.01; done", &[]);
    minding(&running, Signal::Usr1).await;
    assert!(!running.minds(Signal::Usr2));
    running.hand_on(Signal::Usr1);
    assert_eq!(running.wait().await.unwrap(), 8);
}
