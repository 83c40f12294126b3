//! A stand-in for AWS Secrets Manager and Parameter Store on loopback.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::Result;
use crate::e2e::base64;
use crate::e2e::curl::{Client, Request, Response};
use crate::e2e::process::{Server, free_port};

/// The region of every case's store.
const REGION: &str = "us-east-1";

/// A running stand-in.
#[derive(Debug)]
pub(super) struct Moto {
    client: Client,
    _server: Server,
}

impl Moto {
    /// Starts this program, empty.
    pub(super) fn start(program: &Path, dir: &Path) -> Result<Self> {
        let port = free_port()?.to_string();
        let mut command = Command::new(program);
        command.args(["--host", "127.0.0.1", "--port", &port]);
        let mut server = Server::start("moto", &mut command, dir)?;
        let client = Client { base: format!("http://127.0.0.1:{port}"), ..Client::default() };
        let get = Request { method: "GET", path: "/moto-api/", headers: &[], body: None };
        server.wait_ready(Duration::from_secs(60), || client.send(get).is_ok())?;
        Ok(Self { client, _server: server })
    }

    /// Where AWS clients are pointed.
    pub(super) fn url(&self) -> &str {
        &self.client.base
    }

    /// Forgets everything.
    pub(super) fn reset(&self) -> Result<()> {
        expect_ok(&self.client.send(Request {
            method: "POST",
            path: "/moto-api/reset",
            headers: &[],
            body: Some(""),
        })?)
    }

    /// Creates a secret; what is not a string is stored as JSON text.
    pub(super) fn create_secret(&self, name: &str, value: &Value) -> Result<()> {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let body = json!({"Name": name, "SecretString": text, "ClientRequestToken": TOKEN});
        expect_ok(&self.call("CreateSecret", &body)?)
    }

    /// Creates a secret without a value, as Terraform does.
    pub(super) fn create_container(&self, name: &str) -> Result<()> {
        expect_ok(&self.call("CreateSecret", &json!({"Name": name, "ClientRequestToken": TOKEN}))?)
    }

    /// Gives a secret another value, as a person does.
    pub(super) fn change_secret(&self, name: &str, text: &str) -> Result<()> {
        expect_ok(&self.call("PutSecretValue", &json!({"SecretId": name, "SecretString": text}))?)
    }

    /// Marks a secret for deletion.
    pub(super) fn delete_secret(&self, name: &str) -> Result<()> {
        expect_ok(&self.call("DeleteSecret", &json!({"SecretId": name, "RecoveryWindowInDays": 7}))?)
    }

    /// The labels of each version of a secret that has any.
    pub(super) fn versions(&self, name: &str) -> Result<Vec<BTreeSet<String>>> {
        let answer = self.call("DescribeSecret", &json!({"SecretId": name}))?;
        expect_ok(&answer)?;
        let labels = |labels: &Value| -> BTreeSet<String> {
            labels.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let versions = answer.json()["VersionIdsToStages"].as_object().cloned().unwrap_or_default();
        Ok(versions.values().map(labels).collect())
    }

    /// What is known of a secret, one that is about to go included.
    pub(super) fn describe(&self, name: &str) -> Result<Value> {
        let answer = self.call("DescribeSecret", &json!({"SecretId": name}))?;
        expect_ok(&answer)?;
        Ok(answer.json())
    }

    /// Creates a bucket of S3; one that is there is fine.
    pub(super) fn create_bucket(&self, name: &str) -> Result<()> {
        expect_ok(&self.bucket("PUT", &format!("/{name}"))?)
    }

    /// What an object in a bucket holds.
    pub(super) fn object(&self, bucket: &str, key: &str) -> Result<String> {
        let answer = self.bucket("GET", &format!("/{bucket}/{key}"))?;
        expect_ok(&answer)?;
        Ok(answer.body)
    }

    /// Creates a parameter.
    pub(super) fn create_parameter(&self, name: &str, value: &str) -> Result<()> {
        let body = json!({"Name": name, "Value": value, "Type": "SecureString"});
        expect_ok(&self.call_of("ssm", "AmazonSSM.PutParameter", &body)?)
    }

    /// What a secret holds; none when there is no such secret.
    pub(super) fn secret(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let answer = self.call("GetSecretValue", &json!({"SecretId": name}))?;
        if !answer.is_ok() && answer.body.contains("ResourceNotFoundException") {
            return Ok(None);
        }
        expect_ok(&answer)?;
        let answer = answer.json();
        let text = answer["SecretString"].as_str().map(|text| text.as_bytes().to_vec());
        Ok(text.or_else(|| base64::decode(answer["SecretBinary"].as_str()?)))
    }

    fn call(&self, action: &str, body: &Value) -> Result<Response> {
        self.call_of("secretsmanager", &format!("secretsmanager.{action}"), body)
    }

    fn bucket(&self, method: &str, path: &str) -> Result<Response> {
        self.client.send(Request { method, path, headers: &[&authorization("s3")], body: None })
    }

    fn call_of(&self, service: &str, target: &str, body: &Value) -> Result<Response> {
        self.client.send(Request {
            method: "POST",
            path: "/",
            headers: &[
                "Content-Type: application/x-amz-json-1.1",
                &format!("X-Amz-Target: {target}"),
                &authorization(service),
            ],
            body: Some(&body.to_string()),
        })
    }
}

/// The signature is not looked at; the scope says which service and region is meant.
fn authorization(service: &str) -> String {
    format!(
        "Authorization: AWS4-HMAC-SHA256 Credential=test/20250101/{REGION}/{service}/aws4_request, \
         SignedHeaders=host, Signature=none"
    )
}

/// AWS wants one from every caller; any text of 32 to 64 characters will do.
const TOKEN: &str = "00000000-0000-4000-8000-000000000000";

fn expect_ok(response: &Response) -> Result<()> {
    match response.is_ok() {
        true => Ok(()),
        false => Err(format!("moto: {}", response.summary()).into()),
    }
}
