//! render, trace, explain and the check of foreign manifests on whole documents.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::path::Path;

mod support;

use support::{run, run_in, snapshot};

fn examples() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

#[test]
fn render_out_writes_once_and_then_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("deploy");
    let input = examples().join("growing-up/keyloom.yaml");
    let args = [
        "render",
        input.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "--env",
        "prod",
        "--kustomization",
    ];
    let first = run(&args);
    assert_eq!((first.code, first.out.as_str()), (0, ""), "{}", first.err);
    assert!(first.err.contains("wrote "), "{}", first.err);
    let again = run(&args);
    assert_eq!(again.code, 0);
    assert!(again.err.lines().count() == 1 && again.err.ends_with(" unchanged\n"), "{}", again.err);

    let edited = out.join("kubernetes/kustomization.yaml");
    std::fs::write(&edited, "mine").unwrap();
    let refused = run(&args);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("error[edited-output]"), "{}", refused.err);
    let forced = run(&[&args[..], &["--force"]].concat());
    assert!(forced.code == 0 && forced.err.contains("changed "), "{}", forced.err);
}

#[test]
fn render_prints_nothing_when_there_are_errors() {
    let run = run(&["render", "twenty-mistakes.yaml"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.contains("error[two-auth-methods]"), "{}", run.err);
}

#[test]
fn warnings_do_not_stop_a_render_unless_they_are_denied() {
    let fine = run(&["render", "warned.yaml"]);
    assert!(fine.code == 0 && fine.out.contains("kind: ExternalSecret"), "{}", fine.err);
    assert!(fine.err.contains("warning[refresh-out-of-range]"), "{}", fine.err);
    let denied = run(&["render", "warned.yaml", "--deny-warnings"]);
    assert_eq!((denied.code, denied.out.as_str()), (1, ""));
    assert_eq!(run(&["check", "warned.yaml"]).code, 0);
    assert_eq!(run(&["check", "warned.yaml", "--deny-warnings"]).code, 1);
}

#[test]
fn pods_of_foreign_manifests_are_checked_at_their_places() {
    snapshot(
        "manifests-cluster",
        &run(&["check", "good.yaml", "--manifests", "cluster.yaml", "constants.yaml"]),
    );
    snapshot("manifests-writers", &run(&["check", "good.yaml", "--manifests", "writers.yaml"]));
    snapshot("manifests", &run(&["check", "good.yaml", "--manifests", "pods.yaml"]));
}

#[test]
fn trace_shows_every_hop() {
    let dir = examples().join("complete-workflow");
    for name in ["postgres", "external-apis", "stores/my-app/app-secret-store", "services/my-app"] {
        snapshot(&format!("trace-{}", name.replace('/', "-")), &run_in(&dir, &["trace", name]));
    }
    let dir = examples().join("growing-up");
    for name in ["postgres", "sonarr"] {
        snapshot(&format!("trace-growing-up-{name}"), &run_in(&dir, &["trace", name, "--env", "prod"]));
    }
    let none = run_in(&dir, &["trace", "postgrse"]);
    assert_eq!((none.code, none.out.as_str()), (1, ""));
    assert!(none.err.contains("did you mean postgres?"), "{}", none.err);
}

#[test]
fn explain_knows_codes_and_fields() {
    snapshot("explain-field", &run(&["explain", "externalSecrets[].databaseCredentials"]));
    assert_eq!(run(&["explain"]).code, 0);
    let code = run(&["explain", "two-owners"]);
    assert!(code.code == 0 && code.out.starts_with("two-owners: "), "{}", code.out);
    for (what, near) in [
        ("two-ownrs", "did you mean two-owners?"),
        ("stores.valt", "did you mean stores.vault?"),
        ("storess.vault", "did you mean stores.vault?"),
        ("stores.vault.auth.kubernetse", "did you mean stores.vault.auth.kubernetes?"),
        ("zzz", "lists the codes"),
        ("connections.postgress", "did you mean connections.postgres?"),
        ("connections.bigquery.x", "did you mean connections.google_cloud_platform?"),
        ("connections.typ", "did you mean connections.type?"),
        ("connections.postgres.pasword", "did you mean connections.postgres.password?"),
        ("connections.postgres.banana", "`keyloom explain connections.postgres` shows all"),
        ("connections.postgres.host.x", "connections.postgres.host has no fields"),
        ("postgress", "did you mean connections.postgres?"),
    ] {
        let run = run(&["explain", what]);
        assert!(run.code == 2 && run.err.contains(near), "{what}: {}", run.err);
    }
}

#[test]
fn explain_knows_types_of_connections() {
    let page = run(&["explain", "connections.google_cloud_platform"]);
    snapshot("explain-connection", &page);
    for other in ["google_cloud_platform", "connections[].google_cloud_platform"] {
        assert_eq!(run(&["explain", other]).out, page.out, "{other}");
    }
    let mongo = run(&["explain", "connections.mongodb"]).out;
    assert!(
        mongo.starts_with("connections.mongo: ") && mongo.contains("with a warning: mongodb\n"),
        "{mongo}"
    );
    let port = run(&["explain", "connections.postgres.port"]);
    assert!(port.code == 0 && port.out.contains("default 5432"), "{}", port.out);
    // A field of the document of that name stands before a type.
    assert!(run(&["explain", "connections.type"]).out.starts_with("connections.type: text"));
}

#[cfg(not(feature = "pulumi"))]
#[test]
fn a_build_without_pulumi_says_how_to_get_it() {
    let run = run(&["pulumi", "preview", "good.yaml", "--stack", "dev"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("cargo install") && run.err.contains("--features pulumi"), "{}", run.err);
}
