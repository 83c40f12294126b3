//! Connections in a KV secrets engine, against a real OpenBao.

use std::path::Path;

use serde_json::{Value, json};

use super::bench::{Bench, Wrong};
use crate::Result;
use crate::e2e::openbao::{OpenBao, ROOT};
use crate::e2e::options::Options;
use crate::e2e::report::Report;

/// Runs the checks.
pub(super) fn run(bao: &Path, options: &Options, report: &mut Report) -> Result<()> {
    let check = "connections in OpenBao";
    if !options.selects(check) {
        return Ok(());
    }
    report.conclude(check, checked(bao))
}

fn checked(program: &Path) -> Result<Vec<String>> {
    let home = tempfile::tempdir()?;
    let bao = OpenBao::start(program, home.path())?;
    let variables = vec![
        ("BRUIN_SECRETS_BACKEND", "vault".to_owned()),
        ("BRUIN_VAULT_HOST", bao.url().to_owned()),
        ("BRUIN_VAULT_TOKEN", ROOT.to_owned()),
        ("BRUIN_VAULT_MOUNT_PATH", "secret".to_owned()),
        ("BRUIN_VAULT_PATH", "connections".to_owned()),
        ("BRUIN_VAULT_MAX_RETRIES", "0".to_owned()),
    ];
    let bench = Bench::new(home.path(), variables)?;
    let mut wrong = Wrong(bench.round("my-postgres")?);
    wrong.0.extend(rights(&bao, &bench)?.0);
    wrong.0.extend(places(&bao, &bench)?.0);
    let own = [
        ("BRUIN_VAULT_HOST", ""),
        ("BRUIN_VAULT_TOKEN", ""),
        ("VAULT_ADDR", bao.url()),
        ("VAULT_TOKEN", ROOT),
    ];
    wrong.unless(&bench.with(&own).connection(&["list"])?, 0, "my-postgres");
    bao.call("PUT", "/v1/sys/seal", &Value::Null)?;
    wrong.unless(&bench.connection(&["get", "my-postgres"])?, 2, "is sealed; unseal it");
    Ok(wrong.0)
}

/// The policies that the page names are enough, and what they do not let is told as that.
fn rights(bao: &OpenBao, bench: &Bench) -> Result<Wrong> {
    let mut wrong = Wrong::default();
    let reads = bao.token("reads", r#"path "secret/data/connections/*" { capabilities = ["read"] }"#)?;
    let reads = bench.with(&[("BRUIN_VAULT_TOKEN", &reads)]);
    wrong.unless(&reads.connection(&["get", "my-postgres"])?, 0, "6432");
    wrong.unless(
        &reads.connection(&["get", "nowhere"])?,
        1,
        "there is no `nowhere` in secret/data/connections at 127.0.0.1:",
    );
    wrong.unless(
        &reads.connection(&["list"])?,
        2,
        r#"path "secret/metadata/connections" { capabilities = ["list"] }"#,
    );
    wrong.unless(
        &reads.put("new", &[])?,
        1,
        r#"path "secret/data/connections/*" { capabilities = ["create", "read", "update"] }"#,
    );
    let narrow = bao.narrow_token("reads")?;
    let narrow = bench.with(&[("BRUIN_VAULT_TOKEN", &narrow)]);
    wrong.unless(&narrow.connection(&["get", "my-postgres"])?, 0, "6432");
    wrong.unless(&narrow.connection(&["list"])?, 2, "does not let this token list there");
    let writes = bao.token(
        "writes",
        r#"path "secret/data/connections/*" { capabilities = ["create", "read", "update"] }
           path "secret/metadata/connections" { capabilities = ["list"] }"#,
    )?;
    wrong.0.extend(bench.with(&[("BRUIN_VAULT_TOKEN", &writes)]).round("written")?);
    let unknown = bench.with(&[("BRUIN_VAULT_TOKEN", "canary-unknown")]);
    wrong.unless(
        &unknown.connection(&["get", "my-postgres"])?,
        2,
        "failed to authenticate with Vault: 127.0.0.1:",
    );
    Ok(wrong)
}

/// Places that are others are told apart, and nothing is written there.
fn places(bao: &OpenBao, bench: &Bench) -> Result<Wrong> {
    let mut wrong = Wrong::default();
    bao.call("POST", "/v1/sys/mounts/old", &json!({"type": "kv", "options": {"version": "1"}}))?;
    bao.call("POST", "/v1/sys/mounts/transit", &json!({"type": "transit"}))?;
    bao.call("DELETE", "/v1/secret/data/connections/written", &Value::Null)?;
    // 2 where nothing can be there; where an engine answers it may be the name.
    for (mount, path, name, code, words) in [
        ("old", "connections", "db", 2, "`old` is a KV secrets engine of version 1"),
        ("transit", "connections", "db", 2, "is a secrets engine of type transit, not kv"),
        ("none", "connections", "db", 2, "nothing is mounted at `none`"),
        ("secret/data", "connections", "db", 1, "the engine is mounted at `secret`, not at `secret/data`"),
        ("secret", "data/connections", "my-postgres", 1, "leave `data/` out of BRUIN_VAULT_PATH"),
        (
            "secret",
            "connections",
            "written",
            1,
            "version 2 of `written` is deleted; write a new one, or bring it back",
        ),
    ] {
        let elsewhere = bench.with(&[("BRUIN_VAULT_MOUNT_PATH", mount), ("BRUIN_VAULT_PATH", path)]);
        wrong.unless(&elsewhere.connection(&["get", name])?, code, words);
        if mount == "old" {
            wrong.unless(&elsewhere.put(name, &[])?, code, words);
        }
    }
    bao.call(
        "POST",
        "/v1/secret/data/connections/held",
        &json!({"data": {"value": r#"{"type": "generic", "details": {"value": "canary"}}"#}}),
    )?;
    wrong.unless(&bench.connection(&["get", "held"])?, 0, "generic");
    Ok(wrong)
}
