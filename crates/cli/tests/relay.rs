//! `keyloom relay` from its beginning to its end, beside an API server that stands in. The same against a real one, and the
//! operator, is an end-to-end check.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use support::run;

/// In every key and body, and so in nothing that is printed.
#[cfg(feature = "live")]
const CANARY: &str = "canary";

#[test]
fn the_rights_are_printed_as_the_page_tells_them() {
    let run = run(&["relay", "--print-rbac"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let mut rights = Vec::new();
    for document in run.out.split("---\n") {
        let value: serde_json::Value = yaml_serde::from_str(document).unwrap();
        for rule in value["rules"].as_array().into_iter().flatten() {
            rights.push(format!("{} {}", rule["verbs"], rule["resources"]));
        }
    }
    assert_eq!(
        rights,
        [
            r#"["list"] ["clustersecretstores","externalsecrets","secretstores"]"#,
            r#"["patch"] ["clusterexternalsecrets","externalsecrets"]"#,
            r#"["list"] ["namespaces"]"#,
        ]
    );
}

#[cfg(not(feature = "live"))]
#[test]
fn without_the_feature_the_verb_says_how_to_get_it() {
    let run = run(&["relay"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("cargo install") && run.err.contains("--features live"), "{}", run.err);
}

#[cfg(feature = "live")]
mod live {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpStream;
    use std::process::{Child, Command, Stdio};
    use std::sync::{Arc, Mutex};
    use std::time::{SystemTime, UNIX_EPOCH};

    use keyloom_stand_ins::web::{Reply, Request, Web};
    use serde_json::{Value, json};

    use super::CANARY;
    use super::support::{command, finished};

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let mut command = command(dir.path(), &["relay", "--project", "web-shop"]);
        let output =
            command.env_remove("KEYLOOM_WEBHOOK_SECRET").env("WEBHOOK_PORT", CANARY).output().unwrap();
        let run = finished(output);
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        for words in ["ID=SLUG", "WEBHOOK_PORT is no port", "set KEYLOOM_WEBHOOK_SECRET"] {
            assert!(run.err.contains(words), "{}", run.err);
        }
        assert_eq!((run.err.lines().count(), run.err.contains(CANARY)), (3, false), "{}", run.err);
        let mut command = super::support::command(dir.path(), &["relay"]);
        command.env("KEYLOOM_WEBHOOK_SECRET", CANARY).env("KUBECONFIG", dir.path().join("none"));
        let run = finished(command.env_remove("KUBERNETES_SERVICE_HOST").output().unwrap());
        assert!(
            run.code == 2 && run.err.contains("set KUBECONFIG") && !run.err.contains(CANARY),
            "{}",
            run.err
        );
    }

    /// One ExternalSecret that reads `/apps/web`, and what is written to it.
    fn api_server(patches: &Arc<Mutex<Vec<Value>>>) -> Web {
        let patches = Arc::clone(patches);
        Web::start(move |request: &Request| {
            let item = match request.path.last().map(String::as_str) {
                Some("secretstores") => json!({"metadata": {"namespace": "shop", "name": "store"}, "spec": {"provider": {
                    "infisical": {"secretsScope": {"projectSlug": "web-shop", "environmentSlug": "prod", "secretsPath": "/apps/web"}}}}}),
                Some("externalsecrets") => json!({"metadata": {"namespace": "shop", "name": "web"}, "spec": {
                    "secretStoreRef": {"name": "store"}, "data": [{"secretKey": "a", "remoteRef": {"key": "A"}}]}}),
                Some("clustersecretstores") => return Reply::json(200, json!({"items": []})),
                _ => {
                    patches.lock().unwrap().push(request.json());
                    return Reply::json(200, json!({}));
                }
            };
            Reply::json(200, json!({"items": [item]}))
        })
        .unwrap()
    }

    /// A relay that listens, with what it says from then on.
    fn relay(
        api_server: &Web,
        dir: &std::path::Path,
    ) -> (Child, String, BufReader<std::process::ChildStderr>) {
        let config = json!({"apiVersion": "v1", "kind": "Config", "current-context": "it",
            "clusters": [{"name": "it", "cluster": {"server": api_server.url()}}],
            "users": [{"name": "it", "user": {"token": CANARY}}],
            "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}]});
        std::fs::write(dir.join("kubeconfig"), config.to_string()).unwrap();
        std::fs::write(dir.join("key"), format!("{CANARY} new\n{CANARY} old\n")).unwrap();
        let mut command = command(dir, &["relay", "--listen", "127.0.0.1:0", "--webhook-secret-file", "key"]);
        command.env("KUBECONFIG", dir.join("kubeconfig")).stdin(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ").unwrap().to_owned();
        (child, address, said)
    }

    fn post(address: &str, key: &str, body: &str) -> String {
        let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let body = body.replace("NOW", &time.as_millis().to_string());
        let signature = keyloom_runtime::webhook::Signature::sign(key.as_bytes(), time, body.as_bytes());
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "POST /infisical/webhook HTTP/1.1\r\nhost: relay\r\nconnection: close\r\ncontent-length: {}\r\n\
             x-infisical-signature: {signature}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().to_owned()
    }

    #[test]
    fn a_signed_webhook_is_handed_on_before_the_end_and_a_forged_one_never() {
        let dir = tempfile::tempdir().unwrap();
        let patches = Arc::default();
        let api_server = api_server(&patches);
        let (mut child, address, mut said) = relay(&api_server, dir.path());
        let body = |path: &str| {
            json!({"event": "secrets.modified", "project": {"environment": "prod", "secretPath": path, "changedBy": CANARY}})
                .to_string()
                .replace("}}", "}, \"timestamp\": NOW}")
        };
        assert_eq!(post(&address, "another", &body("/apps/web")), "401");
        assert_eq!(post(&address, &format!("{CANARY} old"), &body("/apps/web")), "202");
        // Begun, and not yet done.
        let stopped =
            Command::new("sh").args(["-c", &format!("kill -s TERM {}", child.id())]).status().unwrap();
        assert!(stopped.success() && child.wait().unwrap().success());
        let patches: Vec<Value> = patches.lock().unwrap().clone();
        let [patch] = patches.as_slice() else { panic!("{patches:?}") };
        assert_eq!(patch["metadata"]["annotations"]["force-sync"].as_str().unwrap().len(), 16);
        let mut lines = String::new();
        said.read_to_string(&mut lines).unwrap();
        assert!(lines.contains("prod:/apps/web changed: syncs ExternalSecret shop/web\n"), "{lines}");
        assert!(!lines.contains(CANARY), "{lines}");
    }
}
