//! Names in AWS Secrets Manager that do not end, and endpoints that are none.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod scripted;

use std::time::Duration;

use keyloom_runtime::connections::{
    AwsKeys, AwsSecretsManager, AwsSettings, Backend, ConnectionError, Failure, FailureKind,
};
use keyloom_runtime::{Clock, Secret};
use scripted::{Asked, CANARY, Reply, Scripted, logs_are_clean};
use serde_json::json;

fn at(url: &str, clock: Clock) -> Result<AwsSecretsManager, ConnectionError> {
    let keys = AwsKeys {
        access_key_id: "AKIDEXAMPLE".to_owned(),
        secret_access_key: Secret::new("canary-key".to_owned()),
        session_token: None,
    };
    let region = Some("eu-central-1".to_owned());
    AwsSecretsManager::new(AwsSettings { keys: Some(keys), region, endpoint: Some(url.to_owned()), clock })
}

/// What a failure says, in every way; without the canary.
fn said(failure: &Failure) -> String {
    assert!(!format!("{failure} {failure:?}").contains(CANARY), "{failure:?}");
    failure.to_string()
}

/// A page of names that leads to another.
fn page(number: usize, next: &str) -> Reply {
    let body = json!({"SecretList": [{"Name": format!("db{number}")}], "NextToken": next});
    Reply::json(200, &body).with("content-type", "application/x-amz-json-1.1")
}

fn number(asked: &Asked) -> usize {
    asked.json()["NextToken"].as_str().map_or(0, |token| token.parse().unwrap())
}

#[tokio::test]
async fn pages_that_do_not_end_are_left() {
    let circle = Scripted::start(|asked| page(0, if number(asked) == 1 { "2" } else { "1" })).await;
    let odd = Scripted::start(|_| page(0, &"x".repeat(5000))).await;
    for (server, asked, words) in [
        (
            &circle,
            3,
            "the pages of names of AWS Secrets Manager in eu-central-1 at 127.0.0.1 lead in a circle",
        ),
        (&odd, 1, "names or tokens that are longer than AWS has them"),
    ] {
        let failure = at(&server.url, Clock::system()).unwrap().names().await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Unavailable);
        assert!(said(&failure).contains(words), "{failure}");
        assert_eq!(server.asked().len(), asked, "{words}");
    }
    logs_are_clean();
}

#[tokio::test]
async fn all_pages_together_end_in_time() {
    let clock = Clock::simulated(Duration::from_secs(1_800_000_000));
    let passes = clock.clone();
    let server = Scripted::start(move |asked| {
        passes.advance(Duration::from_secs(11));
        page(number(asked), &(number(asked) + 1).to_string())
    })
    .await;
    let failure = at(&server.url, clock).unwrap().names().await.unwrap_err();
    assert!(said(&failure).contains("has more names than it tells within 30 seconds"), "{failure}");
    assert!((3..=4).contains(&server.asked().len()), "each is in time, and all together are not");
}

#[test]
fn an_endpoint_that_is_shown_or_read_by_others_is_refused() {
    for url in ["https://user:canary@proxy.example", "http://proxy.example"] {
        let error = at(url, Clock::system()).unwrap_err();
        let ConnectionError::Init(failures) = error else { panic!("{error:?}") };
        assert_eq!(failures.len(), 1);
        assert!(
            said(&failures[0]).starts_with("failed to initialize aws client: the endpoint, by the program, ")
        );
    }
}
