//! The stand-in for the engine, with the stand-in for the Kubernetes provider as its plugin, which constructs nothing.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use keyloom_stand_ins::engine::{Task, inputs, measure};

fn task(program: &str, count: u32) -> Task {
    Task {
        command: vec![program.to_owned()],
        token: "kubernetes:index:Nothing".to_owned(),
        inputs: inputs([]),
        warm_up: 0,
        count,
    }
}

#[tokio::test]
async fn a_plugin_is_started_measured_and_ended() {
    let cost = measure(&task(env!("CARGO_BIN_EXE_pulumi-resource-kubernetes"), 0)).await.unwrap();
    assert!(cost.start > 0.0 && cost.peak > 0, "{cost:?}");
    assert!(cost.children.is_empty());
}

#[tokio::test]
async fn a_plugin_that_constructs_nothing_is_an_error() {
    let error = measure(&task(env!("CARGO_BIN_EXE_pulumi-resource-kubernetes"), 1)).await.unwrap_err();
    assert!(error.to_string().contains("Construct"), "{error}");
}

#[tokio::test]
async fn a_program_that_says_no_port_is_an_error() {
    let error = measure(&task("echo", 0)).await.unwrap_err();
    assert!(error.to_string().ends_with("is no port"), "{error}");
}
