use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::listen::state::tests::next;

struct Bench {
    state: Arc<State>,
    token: Token,
    clock: Clock,
    header: String,
    first: Arc<Snapshot>,
}

fn bench() -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("token");
    let token = Token::of(&file).unwrap();
    let state = Arc::new(State::new().unwrap());
    let first = next(&Snapshot::empty(1), &[("A", "first value"), ("tls.crt/x", "é")]);
    state.publish(first.clone());
    let header = format!("Bearer {}", std::fs::read_to_string(file).unwrap());
    Bench { state, token, clock: Clock::simulated(Duration::ZERO), header, first }
}

impl Bench {
    fn asked(&self, path: &str) -> Asked {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        Asked {
            method: "GET".to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            authorization: Some(self.header.clone()),
            known: None,
        }
    }

    async fn ask(&self, asked: Asked) -> (u16, Value) {
        let answer = answer(&self.state, &self.token, &self.clock, &asked).await;
        let body = answer.body.map(|body| serde_json::from_slice(&body).unwrap());
        (answer.status, body.unwrap_or_default())
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        self.ask(self.asked(path)).await
    }
}

#[tokio::test]
async fn secrets_are_told_to_whoever_has_the_token() {
    let bench = bench();
    let version = bench.state.spell(1);
    let all = json!({"version": version, "secrets": {"A": "first value", "tls.crt/x": "é"}});
    assert_eq!(bench.get("/v1/secrets").await, (200, all));
    let one = json!({"version": version, "key": "tls.crt/x", "value": "é"});
    assert_eq!(bench.get("/v1/secrets/tls.crt%2Fx").await, (200, one));
    for path in
        ["/v1/secrets/B", "/v1/secrets/", "/v1/secrets/A/B", "/v1/", "/", "/v1", "/v1/secret", "secrets"]
    {
        assert_eq!(bench.get(path).await.0, 404, "{path}");
    }
    for header in [None, Some("Bearer x".to_owned()), Some("Basic x".to_owned())] {
        for path in ["/v1/secrets", "/v1/secrets/A", "/v1/changes", "/elsewhere"] {
            let (status, body) =
                bench.ask(Asked { authorization: header.clone(), ..bench.asked(path) }).await;
            assert!(status == 401 && !body.to_string().contains("first value"), "{body}");
        }
    }
    let (status, _) = bench.ask(Asked { method: "POST".to_owned(), ..bench.asked("/v1/secrets") }).await;
    assert_eq!(status, 405);
}

#[tokio::test]
async fn whoever_has_the_version_gets_nothing_again() {
    let bench = bench();
    let tag = format!("\"{}\"", bench.state.spell(1));
    for known in [tag.clone(), format!("W/{tag}"), format!("\"0\", {tag}")] {
        let asked = Asked { known: Some(known), ..bench.asked("/v1/secrets") };
        assert_eq!(bench.ask(asked).await, (304, Value::Null));
    }
    bench.state.publish(next(&bench.first, &[("A", "second value")]));
    let asked = Asked { known: Some(tag), ..bench.asked("/v1/secrets/A") };
    let (status, body) = bench.ask(asked).await;
    assert_eq!((status, &body["value"]), (200, &json!("second value")));
}

#[tokio::test]
async fn a_change_is_waited_for() {
    let bench = Arc::new(bench());
    let version = |number| bench.state.spell(number);
    let nothing = json!({"version": version(1), "reset": false, "changes": []});
    assert_eq!(bench.get("/v1/changes").await, (200, nothing.clone()));
    let path = format!("/v1/changes?since={}&wait=20", version(1));
    let waiting = || {
        let (bench, path) = (bench.clone(), path.clone());
        tokio::spawn(async move { bench.get(&path).await })
    };
    let tired = waiting();
    tokio::task::yield_now().await;
    bench.clock.advance(Duration::from_secs(19));
    tokio::task::yield_now().await;
    assert!(!tired.is_finished());
    bench.clock.advance(Duration::from_secs(1));
    assert_eq!(tired.await.unwrap(), (200, nothing));

    let told = waiting();
    tokio::task::yield_now().await;
    bench.state.publish(next(&bench.first, &[("A", "second value"), ("B", "canary")]));
    let (status, body) = told.await.unwrap();
    let change = |key: &str, kind: &str| json!({"key": key, "kind": kind, "version": version(2)});
    let changes = [change("A", "updated"), change("B", "created"), change("tls.crt/x", "deleted")];
    assert_eq!((status, body), (200, json!({"version": version(2), "reset": false, "changes": changes})));
}

#[tokio::test]
async fn versions_of_another_run_are_answered_at_once() {
    let bench = bench();
    for since in ["0.1", "", "x", &bench.state.spell(0), &bench.state.spell(9)] {
        let (status, body) = bench.get(&format!("/v1/changes?since={since}")).await;
        assert_eq!((status, &body["reset"]), (200, &json!(true)), "{since}");
    }
    for query in ["since", "sinc=1", "wait=x", "wait=-1&since=1"] {
        assert_eq!(bench.get(&format!("/v1/changes?{query}")).await.0, 400, "{query}");
    }
}
