use std::collections::BTreeSet;

use keyloom_connections::Secret;
use keyloom_runtime::connections::{Backend, Over, Pending, Setting};

use super::*;

/// Has one secret, `db`, or fails as it is told.
#[derive(Clone, Copy, Debug)]
struct Fixed {
    unresolved: Option<FailureKind>,
    text: Option<&'static str>,
    fails: FailureKind,
    names: Result<&'static [&'static str], FailureKind>,
}

fn failure(kind: FailureKind) -> Failure {
    Failure { what: "failed to read".to_owned(), cause: None, remedy: "do something".to_owned(), kind }
}

impl Backend for Fixed {
    fn word(&self) -> &'static str {
        "fixed"
    }

    fn settings(&self) -> Vec<Setting> {
        Vec::new()
    }

    fn resolve(&self) -> Pending<'_, ()> {
        Box::pin(async { self.unresolved.map_or(Ok(()), |kind| Err(failure(kind))) })
    }

    fn read<'a>(&'a self, _: &'a str) -> Pending<'a, Secret> {
        Box::pin(async {
            self.text.map(|text| Secret::new(text.to_owned())).ok_or_else(|| failure(self.fails))
        })
    }

    fn names(&self) -> Pending<'_, BTreeSet<String>> {
        Box::pin(async {
            let names = self.names.map_err(failure)?;
            Ok(names.iter().map(|name| (*name).to_owned()).collect())
        })
    }

    fn write<'a>(&'a self, _: &'a str, _: &'a Secret, _: Over) -> Pending<'a, ()> {
        Box::pin(async { Ok(()) })
    }
}

/// The letters of all states, and what was found.
async fn tried(fixed: Fixed, options: TrialOptions) -> (String, Vec<String>) {
    let connections = Connections::new(fixed);
    let steps = trial(&connections, "my-db", options).await;
    let letter = |state| match state {
        StepState::Ok => 'o',
        StepState::Warning => 'w',
        StepState::Failed => 'F',
        StepState::Skipped => '-',
    };
    let letters = steps.iter().map(|step| letter(step.state)).collect();
    (letters, steps.into_iter().flat_map(|step| step.found).collect())
}

const NO: TrialOptions = TrialOptions { timeout: Duration::from_secs(5), reach: Reach::Secret };
const URL: TrialOptions = TrialOptions { reach: Reach::Address, ..NO };

fn text(text: &'static str) -> Fixed {
    Fixed { unresolved: None, text: Some(text), fails: FailureKind::NotFound, names: Ok(&[]) }
}

fn fails(fails: FailureKind, names: Result<&'static [&'static str], FailureKind>) -> Fixed {
    Fixed { unresolved: None, text: None, fails, names }
}

#[tokio::test]
async fn a_failure_is_at_its_step_and_the_rest_is_skipped() {
    for (fixed, letters) in [
        (fails(FailureKind::Unavailable, Ok(&[])), "F---------"),
        (fails(FailureKind::Login, Ok(&[])), "oF--------"),
        (fails(FailureKind::Settings, Ok(&[])), "ooF-------"),
        (fails(FailureKind::Denied, Ok(&[])), "oo-F------"),
        (fails(FailureKind::NotFound, Ok(&[])), "ooooF-----"),
        (fails(FailureKind::NotFound, Err(FailureKind::NotFound)), "ooF-------"),
        (fails(FailureKind::NotFound, Err(FailureKind::Denied)), "oo--F-----"),
        (fails(FailureKind::Unsupported, Ok(&[])), "ooooF-----"),
        (fails(FailureKind::Deleted, Ok(&[])), "ooooF-----"),
        (text(" "), "ooooF-----"),
        (text("canary"), "oooooF----"),
        (text("{}"), "ooooooF---"),
        (text(r#"{"type": "generic", "details": ["canary"]}"#), "ooooooF---"),
        (text(r#"{"type": 7, "details": ["canary"]}"#), "ooooooFF--"),
        (text(r#"{"type": "generic", "value": "canary"}"#), "ooooooF---"),
        (text(r#"{"type": "generic", "details": {"value": "canary"}, "value": 1}"#), "oooooowoo-"),
        (
            text(r#"{"type": "mongodb", "details": {"host": "h", "username": "u", "password": "canary"}}"#),
            "ooooooowo-",
        ),
        (text(r#"{"type": "canary banana", "details": {"value": 1}}"#), "oooooooF--"),
        (text(r#"{"type": "generic", "details": {"value": 1}}"#), "ooooooooF-"),
        (text(r#"{"type": "generic", "details": {"value": "canary", "valu": 1}}"#), "oooooooow-"),
        (text(r#"{"type": "generic", "details": {"value": "canary"}}"#), "ooooooooo-"),
    ] {
        let debug = format!("{fixed:?}");
        let (found, said) = tried(fixed, NO).await;
        assert_eq!(found, letters, "{debug}: {said:?}");
        assert!(!said.join("\n").contains("canary\""), "{said:?}");
    }
}

#[tokio::test]
async fn nothing_is_tried_of_a_backend_whose_settings_are_not_found() {
    let mut fixed = text(r#"{"type": "generic", "details": {"value": "canary"}}"#);
    let names = ["my-db".to_owned()];
    let tried = trials(&Connections::new(fixed), &names, NO).await.unwrap();
    assert_eq!(tried[0][0].state, StepState::Ok);
    fixed.unresolved = Some(FailureKind::Settings);
    let told = trials(&Connections::new(fixed), &names, NO).await.unwrap_err();
    assert_eq!(told.kind, FailureKind::Settings);
}

#[tokio::test]
async fn the_nearest_name_is_told() {
    let (_, said) = tried(fails(FailureKind::NotFound, Ok(&["my-db1", "other"])), NO).await;
    assert_eq!(said, ["failed to read; did you mean `my-db1`?"]);
}

#[tokio::test]
async fn what_nobody_answers_is_told_without_a_password() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for kind in ["postgres", "mysql"] {
        let text: &'static str = Box::leak(
            format!(
                r#"{{"type": "{kind}", "details": {{"host": "127.0.0.1", "port": {port}, "username": "u", "password": "canary", "database": "d"}}}}"#
            )
            .into_boxed_str(),
        );
        let (letters, said) = tried(self::text(text), URL).await;
        assert_eq!(letters, "oooooooooF", "{said:?}");
        assert!(said[0].contains("`host`") && !said[0].contains("canary"), "{said:?}");
    }
    for scheme in ["postgres", "mysql", "redis", "http"] {
        let text: &'static str = Box::leak(
            format!(
                r#"{{"type": "generic", "details": {{"value": "{scheme}://u:canary@127.0.0.1:{port}/d"}}}}"#
            )
            .into_boxed_str(),
        );
        let (letters, said) = tried(self::text(text), URL).await;
        assert_eq!(letters, "oooooooooF", "{said:?}");
        assert!(!said[0].contains("canary"), "{said:?}");
    }
}

#[tokio::test]
async fn what_does_not_answer_in_time_is_given_up() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let text: &'static str = Box::leak(
        format!(r#"{{"type": "generic", "details": {{"value": "postgres://u:canary@127.0.0.1:{port}/d"}}}}"#)
            .into_boxed_str(),
    );
    let options = TrialOptions { timeout: Duration::from_millis(50), ..URL };
    let (letters, said) = tried(self::text(text), options).await;
    assert_eq!(letters, "oooooooooF");
    assert!(said[0].starts_with("no answer within 0 s; "), "{said:?}");
    // The port takes connections, so that no firewall is to blame.
    let details = r#""host": "127.0.0.1", "username": "u", "password": "canary", "database": "d""#;
    let text: &'static str = Box::leak(
        format!(r#"{{"type": "postgres", "details": {{{details}, "port": {port}}}}}"#).into_boxed_str(),
    );
    let (letters, said) = tried(self::text(text), options).await;
    assert_eq!(letters, "oooooooooF");
    assert!(said[0].contains(&format!("127.0.0.1:{port} takes connections; see that")), "{said:?}");
    assert!(!said[0].contains("canary") && !said[0].contains("firewall"), "{said:?}");
    drop(silent);
}

#[tokio::test]
async fn a_large_page_and_a_redirect_are_answers() {
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nbegins",
        "HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\n\r\n",
    ] {
        let server = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = server.local_addr().unwrap().port();
        let serving = tokio::spawn(async move {
            let (mut stream, _) = server.accept().await.unwrap();
            let mut request = [0; 1024];
            tokio::io::AsyncReadExt::read(&mut stream, &mut request).await.unwrap();
            tokio::io::AsyncWriteExt::write_all(&mut stream, answer.as_bytes()).await.unwrap();
            // It is kept open, for the rest of the page is still to come.
            std::future::pending::<()>().await;
        });
        let text: &'static str = Box::leak(
            format!(r#"{{"type": "http", "details": {{"url": "http://127.0.0.1:{port}/canary"}}}}"#)
                .into_boxed_str(),
        );
        let (letters, said) = tried(self::text(text), URL).await;
        assert_eq!(letters, "oooooooooo", "{said:?}");
        assert!(said[0].starts_with("GET is answered with ") && !said[0].contains("canary"), "{said:?}");
        serving.abort();
    }
}
