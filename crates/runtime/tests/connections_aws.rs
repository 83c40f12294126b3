//! Connections in AWS Secrets Manager: what is asked, what is made of the answers, and which faults are told apart. Answers are as AWS
//! words them; `cargo xtask e2e --only connections` asks a service that is not made for this.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod scripted;

use std::sync::atomic::{AtomicUsize, Ordering};

use keyloom_runtime::Secret;
use keyloom_runtime::connections::{
    AwsKeys, AwsSecretsManager, AwsSettings, Backend, Connections, Failure, FailureKind, Over,
};
use scripted::{Asked, CANARY, Reply, Scripted, logs_are_clean, was_heard};
use serde_json::{Value, json};

const TEXT: &str = r#"{"type":"generic","details":{"value":"canary-value"}}"#;

fn aws(url: &str) -> AwsSecretsManager {
    let keys = AwsKeys {
        access_key_id: "AKIDEXAMPLE".to_owned(),
        secret_access_key: Secret::new("canary-key".to_owned()),
        session_token: Some(Secret::new("canary-session".to_owned())),
    };
    let region = Some("eu-central-1".to_owned());
    let endpoint = Some(url.to_owned());
    AwsSecretsManager::new(AwsSettings { keys: Some(keys), region, endpoint, ..AwsSettings::default() })
        .unwrap()
}

fn operation(asked: &Asked) -> &str {
    asked.header("x-amz-target").unwrap().strip_prefix("secretsmanager.").unwrap()
}

fn operations(server: &Scripted) -> Vec<String> {
    server.asked().iter().map(|asked| operation(asked).to_owned()).collect()
}

fn refusal(kind: &str, message: &str) -> Reply {
    Reply::json(400, &json!({"__type": kind, "Message": message}))
        .with("content-type", "application/x-amz-json-1.1")
}

fn ok(body: &Value) -> Reply {
    Reply::json(200, body).with("content-type", "application/x-amz-json-1.1")
}

const MISSING: &str = "Secrets Manager can't find the specified secret.";

/// What a failure says, in every way; without the canary.
fn said(failure: &Failure) -> String {
    assert!(!format!("{failure} {failure:?}").contains(CANARY), "{failure:?}");
    failure.to_string()
}

#[tokio::test]
async fn a_secret_is_read_by_exactly_its_name_and_signed() {
    let server = Scripted::start(|asked| {
        assert_eq!(asked.json(), json!({"SecretId": "/shop/My DB"}));
        ok(&json!({"Name": "/shop/My DB", "SecretString": TEXT}))
    })
    .await;
    let aws = aws(&server.url);
    assert_eq!(aws.read("/shop/My DB").await.unwrap().expose(), TEXT);
    let asked = &server.asked()[0];
    assert_eq!(operation(asked), "GetSecretValue");
    let signed = asked.header("authorization").unwrap();
    assert!(signed.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"), "{signed}");
    assert!(signed.contains("/eu-central-1/secretsmanager/"), "{signed}");
    assert_eq!(asked.header("x-amz-security-token"), Some("canary-session"));
    assert!(!format!("{aws:?}").contains(CANARY), "{aws:?}");
    logs_are_clean();
}

#[tokio::test]
async fn names_are_read_to_the_last_page() {
    let server = Scripted::start(|asked| {
        assert_eq!(operation(asked), "ListSecrets");
        let page: usize = asked.json()["NextToken"].as_str().map_or(0, |token| token.parse().unwrap());
        let mut body = json!({"SecretList": [{"Name": format!("b{page}")}, {"Name": format!("a{page}")}]});
        if page < 2 {
            body["NextToken"] = json!((page + 1).to_string());
        }
        ok(&body)
    })
    .await;
    let names = aws(&server.url).names().await.unwrap();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["a0", "a1", "a2", "b0", "b1", "b2"]);
}

#[tokio::test]
async fn a_secret_gets_a_new_version_or_is_made() {
    let text = Secret::new(TEXT.to_owned());
    let server = Scripted::start(|_| ok(&json!({"Name": "db"}))).await;
    aws(&server.url).write("db", &text, Over::Anything).await.unwrap();
    assert_eq!(operations(&server), ["PutSecretValue"]);
    assert_eq!(server.asked()[0].json()["SecretString"], TEXT);
    let server = Scripted::start(|asked| match operation(asked) {
        "PutSecretValue" => refusal("ResourceNotFoundException", MISSING),
        _ => ok(&json!({"Name": "db"})),
    })
    .await;
    aws(&server.url).write("db", &text, Over::Anything).await.unwrap();
    assert_eq!(operations(&server), ["PutSecretValue", "CreateSecret"]);
    assert_eq!(server.asked()[1].json()["Name"], "db");
    assert!(was_heard("aws_smithy_runtime"), "the SDK says what it sends");
    // Somebody else makes it meanwhile.
    let puts = AtomicUsize::new(0);
    let server = Scripted::start(move |asked| match operation(asked) {
        "PutSecretValue" if puts.fetch_add(1, Ordering::SeqCst) == 0 => {
            refusal("ResourceNotFoundException", MISSING)
        }
        "CreateSecret" => refusal("ResourceExistsException", "canary already exists."),
        _ => ok(&json!({"Name": "db"})),
    })
    .await;
    aws(&server.url).write("db", &text, Over::Anything).await.unwrap();
    assert_eq!(operations(&server), ["PutSecretValue", "CreateSecret", "PutSecretValue"]);
    logs_are_clean();
}

#[tokio::test]
async fn one_that_is_there_is_not_replaced_where_nobody_says_so() {
    let text = Secret::new(TEXT.to_owned());
    let server = Scripted::start(|_| ok(&json!({"Name": "db"}))).await;
    aws(&server.url).write("db", &text, Over::Nothing).await.unwrap();
    assert_eq!(operations(&server), ["CreateSecret"]);
    let server = Scripted::start(|_| refusal("ResourceExistsException", "canary already exists.")).await;
    let failure = aws(&server.url).write("db", &text, Over::Nothing).await.unwrap_err();
    assert_eq!(operations(&server), ["CreateSecret"], "nothing else is asked for");
    assert_eq!(failure.kind, FailureKind::Exists);
    assert!(said(&failure).contains("there is a `db` in AWS Secrets Manager in eu-central-1"), "{failure}");
    logs_are_clean();
}

#[tokio::test]
async fn a_name_that_is_nearly_one_is_told() {
    let server = Scripted::start(|asked| match operation(asked) {
        "ListSecrets" => ok(&json!({"SecretList": [{"Name": "my-postgres"}], "NextToken": "1"})),
        _ => refusal("ResourceNotFoundException", MISSING),
    })
    .await;
    let failure = Connections::new(aws(&server.url)).text("my-postgers").await.unwrap_err();
    assert_eq!(
        said(&failure),
        "failed to read secret from AWS Secrets Manager: there is no secret `my-postgers` in AWS Secrets Manager in eu-central-1 at \
         127.0.0.1; did you mean `my-postgres`?"
    );
    assert_eq!(operations(&server), ["GetSecretValue", "ListSecrets"], "one page, whatever follows");
    assert_eq!(server.asked()[1].json()["Filters"], json!([{"Key": "name", "Values": ["my"]}]));
}

#[tokio::test]
async fn refusals_are_told_apart() {
    use FailureKind::{Deleted, Denied, Login, NotFound, Unavailable, Unsupported};
    let denied = "User: arn:aws:iam::123456789012:user/app is not authorized to perform: secretsmanager:GetSecretValue on resource: db \
                  because no identity-based policy allows the secretsmanager:GetSecretValue action";
    let deleted = "You can't perform this operation on the secret because it was marked for deletion.";
    let signature = "The request signature we calculated does not match. The Canonical String should have been 'x-amz-security-token:canary-session'";
    for (code, message, kind, words) in [
        (
            "AccessDeniedException",
            denied,
            Denied,
            "no identity-based policy allows the secretsmanager:GetSecretValue action; let a policy of this identity allow secretsmanager:GetSecretValue",
        ),
        (
            "AccessDeniedException",
            "Access to KMS is not allowed",
            Denied,
            "the key of KMS that encrypts `db` cannot be used (AccessDeniedException); let this identity kms:Decrypt",
        ),
        (
            "DecryptionFailure",
            "no",
            Denied,
            "the key of KMS that encrypts `db` cannot be used (DecryptionFailure)",
        ),
        (
            "ResourceNotFoundException",
            MISSING,
            NotFound,
            "there is no secret `db` in AWS Secrets Manager in eu-central-1 at 127.0.0.1; look at the name, at the region",
        ),
        (
            "ResourceNotFoundException",
            "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
            NotFound,
            "has no value yet; write one",
        ),
        (
            "InvalidRequestException",
            deleted,
            Deleted,
            "is marked for deletion; bring it back with `aws secretsmanager restore-secret --region eu-central-1 --secret-id db`",
        ),
        ("ThrottlingException", "Rate exceeded", Unavailable, "no time for more requests just now"),
        (
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
            Login,
            "does not know the access key",
        ),
        ("ExpiredTokenException", "no", Login, "the session token has ended; get new keys"),
        (
            "InvalidSignatureException",
            signature,
            Login,
            "does not take the signature; look at the secret access key",
        ),
        (
            "InvalidSignatureException",
            "Credential should be scoped to a valid region, not 'eu-central-1'.",
            Login,
            "the endpoint is of another region than eu-central-1",
        ),
        ("ValidationException", "no", Unsupported, "AWS does not take `db` as a name"),
        (
            "InternalServiceError",
            "of canary-session",
            Unavailable,
            "AWS answers InternalServiceError; ask again later",
        ),
        ("OtherException", signature, Unavailable, "AWS answers OtherException; ask again later"),
        ("OtherException", "of canary-session", Unavailable, "AWS answers OtherException; ask again later"),
        (
            "UnknownOperationException",
            "",
            Unavailable,
            "is not AWS Secrets Manager's; look at AWS_ENDPOINT_URL",
        ),
    ] {
        let server = Scripted::start(move |_| refusal(code, message)).await;
        let aws = aws(&server.url);
        let failure = aws.read("db").await.unwrap_err();
        assert_eq!(failure.kind, kind, "{code}: {failure}");
        let what = match kind {
            Login => "failed to authenticate with AWS Secrets Manager: ",
            _ => "failed to read secret from AWS Secrets Manager: ",
        };
        assert!(said(&failure).starts_with(what) && said(&failure).contains(words), "{code}: {failure}");
        said(&aws.names().await.unwrap_err());
        said(&aws.write("db", &Secret::new(TEXT.to_owned()), Over::Anything).await.unwrap_err());
    }
    logs_are_clean();
}

#[tokio::test]
async fn what_passes_is_tried_again_and_no_more_than_is_said() {
    for (reply, tries) in [
        (Reply::new(503, ""), 4),
        (refusal("ThrottlingException", "Rate exceeded"), 4),
        (refusal("AccessDeniedException", ""), 1),
    ] {
        let server = Scripted::start(move |_| reply.clone()).await;
        said(&aws(&server.url).read("db").await.unwrap_err());
        assert_eq!(server.asked().len(), tries);
    }
}

#[tokio::test]
async fn what_is_no_answer_of_aws_is_not_repeated() {
    for (status, body) in [
        (200, "<html>canary</html>".to_owned()),
        (403, "<html>canary</html>".to_owned()),
        (404, String::new()),
        (200, r#"{"SecretString": "canary"#.to_owned()),
        (502, "canary".to_owned()),
    ] {
        let server = Scripted::start(move |_| Reply::new(status, body.clone())).await;
        let failure = aws(&server.url).read("db").await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Unavailable, "{status}: {failure}");
        let told = said(&failure);
        assert!(told.contains("look at AWS_ENDPOINT_URL and at proxies on the way"), "{status}: {told}");
    }
    let server = Scripted::start(|_| Reply::new(200, "canary".repeat(1_000_000))).await;
    let failure = aws(&server.url).read("db").await.unwrap_err();
    assert!(said(&failure).contains("is longer than AWS's answers are"), "{failure}");
    // Nobody there.
    let failure = aws("http://127.0.0.1:1").read("db").await.unwrap_err();
    assert!(
        said(&failure)
            .contains("AWS Secrets Manager in eu-central-1 at 127.0.0.1 cannot be reached: connection refused; look at host"),
        "{failure}"
    );
    logs_are_clean();
}

#[tokio::test]
async fn a_signature_does_not_follow_to_another_host() {
    let thief = Scripted::start(|_| ok(&json!({"Name": "db", "SecretString": TEXT}))).await;
    let to = thief.url.clone();
    let server = Scripted::start(move |_| Reply::new(307, "").with("location", &to)).await;
    let failure = aws(&server.url).read("db").await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unavailable);
    assert!(
        said(&failure).contains("redirect to another host, which is not handed the signature"),
        "{failure}"
    );
    assert_eq!(server.asked().len(), 1);
    assert!(thief.asked().is_empty());
}

#[tokio::test]
async fn bytes_are_no_connection() {
    let server = Scripted::start(|_| ok(&json!({"Name": "db", "SecretBinary": "Y2FuYXJ5"}))).await;
    let failure = aws(&server.url).read("db").await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unsupported);
    assert!(
        said(&failure).contains("the secret `db` holds bytes (SecretBinary), and a connection is a text"),
        "{failure}"
    );
}
