//! Calls to a server that answers as AWS does: pages, signatures, refusals, pauses.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use keyloom_runtime::http::Limits;
use keyloom_stand_ins::web::{Reply, Request, Web};
use serde_json::json;

use super::parameters::Parameters;
use super::secrets::{self, Keys};
use super::*;
use crate::pages::{self, Pages};

const CANARY: &str = "canary-value";

fn http() -> Http {
    Http::new(Limits { pause: Duration::ZERO, tries: 3, ..Limits::default() }).unwrap()
}

fn aws<'h>(http: &'h Http, service: Service, web: &Web) -> Aws<'h> {
    let credentials = Credentials::new("AKIDEXAMPLE", CANARY, Some("session".to_owned()), None, "test");
    Aws { http, service, region: "eu-central-1".to_owned(), endpoint: web.url(), credentials }
}

async fn names(pages: impl Pages) -> Result<Vec<String>, Error> {
    Ok(pages::all(pages, &|_| {}).await?.into_iter().collect())
}

fn refusal(kind: &str) -> Reply {
    Reply::json(400, json!({"__type": format!("com.amazonaws#{kind}"), "message": "no"}))
}

/// A page of a list, by the token of the request: `0`, `1`, ...
fn page(request: &Request, pages: usize, list: &str) -> Reply {
    let number: usize = request.json()["NextToken"].as_str().map_or(0, |token| token.parse().unwrap());
    let names =
        [json!({"Name": format!("/app/n{number}")}), json!({"Name": format!("/app/m{number}"), "Tags": []})];
    let mut body = json!({list: names});
    if number + 1 < pages {
        body["NextToken"] = json!((number + 1).to_string());
    }
    Reply::json(200, body)
}

#[tokio::test]
async fn lists_are_read_to_their_end_and_signed() {
    let web = Web::start(|request| {
        let target = request.header("x-amz-target").unwrap();
        let signed = request.header("authorization").unwrap();
        assert!(signed.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"), "{signed}");
        assert!(signed.contains("/eu-central-1/") && signed.contains("x-amz-target"), "{signed}");
        assert_eq!(request.header("x-amz-security-token"), Some("session"));
        match target {
            "secretsmanager.ListSecrets" => page(request, 3, "SecretList"),
            "AmazonSSM.DescribeParameters" => {
                assert_eq!(request.json()["ParameterFilters"][0]["Values"], json!(["/app/prod"]));
                page(request, 2, "Parameters")
            }
            _ => refusal("UnknownOperationException"),
        }
    })
    .unwrap();
    let http = http();
    let read = names(secrets::all(aws(&http, SECRETS_MANAGER, &web))).await.unwrap();
    assert_eq!(read, ["/app/m0", "/app/m1", "/app/m2", "/app/n0", "/app/n1", "/app/n2"]);
    let read = names(Parameters::new(aws(&http, PARAMETER_STORE, &web), "/app/", "prod/")).await.unwrap();
    assert_eq!(read, ["m0", "m1", "n0", "n1"]);
}

#[tokio::test]
async fn keys_of_one_secret_are_told_without_its_value() {
    let web = Web::start(|request| match request.json()["SecretId"].as_str() {
        Some("app") => {
            let value = json!({"A": CANARY, "B": {"C": CANARY}}).to_string();
            Reply::json(200, json!({"Name": "app", "SecretString": value}))
        }
        Some("text") => Reply::json(200, json!({"Name": "text", "SecretString": CANARY})),
        Some("bytes") => Reply::json(200, json!({"Name": "bytes", "SecretBinary": "Y2FuYXJ5"})),
        _ => refusal("ResourceNotFoundException"),
    })
    .unwrap();
    let http = http();
    let keys = |secret: &str| names(Keys::new(aws(&http, SECRETS_MANAGER, &web), secret.to_owned()));
    assert_eq!(keys("app").await.unwrap(), ["A", "B"]);
    assert_eq!(keys("gone").await.unwrap(), [""; 0]);
    for secret in ["text", "bytes"] {
        let error = keys(secret).await.unwrap_err();
        assert!(matches!(error, Error::NoObject { .. }), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
}

#[tokio::test]
async fn pauses_that_are_asked_for_are_made_and_refusals_are_told() {
    let asked = std::sync::Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let web = Web::start(move |request| match count.fetch_add(1, Ordering::SeqCst) {
        0 => refusal("ThrottlingException"),
        1 => Reply::json(503, json!({})),
        2 => page(request, 1, "SecretList"),
        _ => refusal("AccessDeniedException"),
    })
    .unwrap();
    let http = http();
    assert_eq!(names(secrets::all(aws(&http, SECRETS_MANAGER, &web))).await.unwrap().len(), 2);
    let error = names(secrets::all(aws(&http, SECRETS_MANAGER, &web))).await.unwrap_err();
    assert_eq!(error.to_string(), "AWS Secrets Manager answers AccessDeniedException: no");
    assert_eq!(asked.load(Ordering::SeqCst), 4, "a denial is not tried again");
    assert!(!format!("{error:?}").contains(CANARY));
}

#[tokio::test]
async fn what_was_signed_is_not_repeated() {
    // As AWS words it: the request as it should have been signed, and with it the session token.
    let canonical = "The request signature we calculated does not match the signature you provided. The Canonical String \
                     for this request should have been 'POST / x-amz-security-token:canary-session'";
    let web = Web::start(move |request| match request.json()["SecretId"].as_str() {
        Some(kind @ ("InvalidSignatureException" | "SignatureDoesNotMatch" | "OtherException")) => {
            Reply::json(403, json!({"__type": kind, "message": canonical}))
        }
        _ => Reply::json(400, json!({"__type": "OtherException", "Message": "of canary-session"})),
    })
    .unwrap();
    let http = http();
    for kind in ["InvalidSignatureException", "SignatureDoesNotMatch", "OtherException", "x"] {
        let mut aws = aws(&http, SECRETS_MANAGER, &web);
        aws.credentials =
            Credentials::new("AKIDEXAMPLE", CANARY, Some("canary-session".to_owned()), None, "test");
        let error = names(Keys::new(aws, kind.to_owned())).await.unwrap_err();
        assert!(error.to_string().contains("may quote credentials, and is left out"), "{error}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
}

#[tokio::test]
async fn pages_that_lead_in_a_circle_are_left() {
    let web = Web::start(|_| Reply::json(200, json!({"SecretList": [], "Parameters": [], "NextToken": "1"})))
        .unwrap();
    let http = http();
    let secrets = names(secrets::all(aws(&http, SECRETS_MANAGER, &web))).await.unwrap_err();
    let parameters = Parameters::new(aws(&http, PARAMETER_STORE, &web), "/app/", "");
    for error in [secrets, names(parameters).await.unwrap_err()] {
        assert!(error.to_string().ends_with("its pages lead in a circle"), "{error}");
    }
}

#[tokio::test]
async fn a_search_for_credentials_ends() {
    let error = within(Duration::ZERO, std::future::pending::<Result<(), _>>()).await.unwrap_err();
    assert_eq!(error, "they were not found within 0 seconds");
}

#[test]
fn what_is_no_region_is_told_from_regions() {
    for region in ["us-east-1", "us-gov-west-1", "cn-north-1", "ap-southeast-12", "eusc-de-east-1"] {
        assert!(is_region(region), "{region}");
    }
    for region in [
        "",
        "us",
        "us-east",
        "us-1",
        "us-east-1.evil.example/",
        "x@evil.example/#-a-1",
        "US-EAST-1",
        "us--1",
        "usa-east-1",
    ] {
        assert!(!is_region(region), "{region}");
    }
}

#[test]
fn services_are_where_aws_has_them() {
    assert_eq!(
        default_endpoint(SECRETS_MANAGER, "us-east-1"),
        "https://secretsmanager.us-east-1.amazonaws.com"
    );
    assert_eq!(default_endpoint(PARAMETER_STORE, "cn-north-1"), "https://ssm.cn-north-1.amazonaws.com.cn");
    assert_eq!(
        default_endpoint(PARAMETER_STORE, "eusc-de-east-1"),
        "https://ssm.eusc-de-east-1.amazonaws.eu"
    );
}
