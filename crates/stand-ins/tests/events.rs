//! Receivers, and whether what is measured of them is what they did.

use keyloom_stand_ins::events::{Cost, Task, measure};

const OURS: &str = env!("CARGO_BIN_EXE_keyloom-bench-receiver");
const FLOOR: &str = env!("CARGO_BIN_EXE_keyloom-bench-floor");

fn task(receiver: &str, rate: f64, count: u64, folders: usize) -> Task {
    let command = vec![receiver.to_owned()];
    Task { command, verifies: receiver == OURS, folders, secrets: 3, latency: 5, warm_up: 10, rate, count }
}

/// Of a run in which each of 40 events had its folder for itself.
#[track_caller]
fn saw_all(cost: &Cost) {
    assert_eq!((cost.visible.len(), cost.lost, cost.refused), (40, 0, 0), "{cost:?}");
    assert!(cost.server.len() == 40 && cost.late.len() == 40, "{cost:?}");
    // No value is visible before the server has told it, which takes its time.
    assert!(cost.visible[0] >= 5_000 && cost.server[0] >= 5_000, "{cost:?}");
    assert!(cost.peak >= cost.resident && cost.resident > 0, "{cost:?}");
}

#[test]
fn the_receiver_of_keyloom_sees_all() {
    saw_all(&measure(&task(OURS, 100.0, 40, 50)).unwrap());
}

#[test]
fn the_receiver_that_checks_nothing_sees_all() {
    saw_all(&measure(&task(FLOOR, 100.0, 40, 50)).unwrap());
}

#[test]
fn a_storm_is_few_questions_and_nothing_is_lost() {
    let storm = task(OURS, 2_000.0, 1_000, 2);
    let cost = measure(&storm).unwrap();
    assert_eq!((cost.visible.len(), cost.lost, cost.refused), (1_000, 0, 0));
    // Two in a second of each folder; how many seconds it took depends on the machine.
    assert!(cost.server.len() < 100, "{}", cost.server.len());
}

#[test]
fn a_receiver_that_believes_everybody_is_not_measured() {
    let error = measure(&Task { verifies: true, ..task(FLOOR, 100.0, 1, 1) }).unwrap_err().to_string();
    assert!(error.ends_with("takes a webhook that is not signed"), "{error}");
}

#[test]
fn a_receiver_that_does_not_get_ready_is_an_error() {
    let task = r#"{"command": ["true"], "verifies": true, "folders": 1, "secrets": 1, "latency": 5, "warm_up": 0, "rate": 1,
        "count": 1}"#;
    let error = measure(&serde_json::from_str(task).unwrap()).unwrap_err().to_string();
    assert_eq!(error, r#"["true"] does not get ready"#);
}
