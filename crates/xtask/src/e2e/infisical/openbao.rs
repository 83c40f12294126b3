//! Typed connections arrive from a KV secrets engine as they do from Infisical: the entries are connections themselves, and a
//! token and a service account read them.

use std::fs;

use serde_json::json;

use super::{Bench, apply, sync, typed};
use crate::e2e::engines::Engines;
use crate::e2e::openbao::OpenBao;
use crate::e2e::report::Report;
use crate::{Result, root};

const NAMESPACE: &str = "e2e-openbao";
const POLICY: &str = r#"path "secret/data/connections/*" { capabilities = ["read"] }"#;

/// Syncs the connections, and looks at what is said of those that are wrong.
pub(super) fn run(engines: &Engines, bench: &mut Bench<'_>, report: &mut Report) -> Result<()> {
    let check = "infisical connections arrive from OpenBao as well";
    let bao = match OpenBao::start(&engines.openbao, bench.cluster.dir()) {
        Ok(bao) => bao,
        Err(error) => return report.fail(check, &error.to_string()),
    };
    report.conclude(check, arrive(&bao, bench))?;
    report.conclude(
        "infisical connections that are wrong in OpenBao",
        typed::fail(&mut bench.cluster, &bench.operator, NAMESPACE),
    )
}

fn arrive(bao: &OpenBao, bench: &mut Bench<'_>) -> Result<Vec<String>> {
    for (name, value) in typed::secrets()? {
        // What is no connection is an entry with another key.
        let entry = if value.is_object() { value } else { json!({ "value": value }) };
        bao.call("POST", &format!("/v1/secret/data/connections/{name}"), &json!({ "data": entry }))?;
    }
    bao.token("reads", POLICY)?;
    let_in(bao, bench)?;
    let dir = bench.cluster.dir().join("openbao-case");
    fs::create_dir(&dir)?;
    for name in ["keyloom.yaml", "remote.json"] {
        let text = fs::read_to_string(root().join("e2e/openbao").join(name))?;
        fs::write(dir.join(name), text.replace("http://openbao.e2e", bao.url()))?;
    }
    let case = typed::case(&dir, NAMESPACE)?;
    apply(&mut bench.cluster, &case.kubernetes)?;
    let mut wrong = sync(&mut bench.cluster, &bench.operator, bench.keyloom, &case)?;
    if !wrong.is_empty() {
        wrong.push(bao.log_tail(15));
    }
    Ok(wrong)
}

/// The service account may read what the token may; the cluster is asked whose a token is.
fn let_in(bao: &OpenBao, bench: &Bench<'_>) -> Result<()> {
    let client = &bench.cluster.client;
    let ca = client.ca.as_deref().map(fs::read_to_string).transpose()?;
    for (path, body) in [
        ("/v1/sys/auth/kubernetes", json!({"type": "kubernetes"})),
        (
            "/v1/auth/kubernetes/config",
            json!({"kubernetes_host": client.base, "kubernetes_ca_cert": ca, "token_reviewer_jwt": client.token}),
        ),
        (
            "/v1/auth/kubernetes/role/reader",
            json!({"bound_service_account_names": ["reader"], "bound_service_account_namespaces": [NAMESPACE],
                "token_policies": ["reads"]}),
        ),
    ] {
        bao.call("POST", path, &body)?;
    }
    Ok(())
}
