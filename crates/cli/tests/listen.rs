//! `keyloom listen` without a server: what it is told, and what it answers to that.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use support::run;

#[cfg(not(feature = "live"))]
#[test]
fn without_the_feature_the_verb_says_how_to_get_it() {
    let run = run(&["listen", "--dir", "secrets"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("cargo install") && run.err.contains("--features live"), "{}", run.err);
}

#[test]
fn what_does_not_go_together_is_refused() {
    for (args, words) in [
        (&["--mode", "0444"][..], "everybody could read"),
        (&["--serve", "127.0.0.1:8200"], "--token-file"),
        (&["--format", "json"], "--file"),
        (&["--signal", "HUP"], "<COMMAND>"),
        (&["--signal", "KILL", "--", "true"], "HUP"),
        (&["--webhook-secret", "canary"], "--webhook-secret-names"),
    ] {
        let run = run(&[&["listen"], args].concat());
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args:?}");
        assert!(run.err.contains(words) && !run.err.contains(": canary"), "{args:?}: {}", run.err);
    }
}
