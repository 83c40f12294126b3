//! What AWS's refusals mean, and what to do about each.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_secretsmanager::error::{ProvideErrorMetadata, SdkError};
use reqwest::Url;

use super::super::error::{Failure, FailureKind};
use super::super::unreached::{self, SSL_CERT_FILE, Signs};
use super::WORD;
use super::asks::InTheClear;
use super::settings::REGION;
use crate::http::Fault;
use crate::refusal::short;

const LOGIN: &str = "failed to authenticate with AWS Secrets Manager";
const CHAIN: &str = "set BRUIN_AWS_ACCESS_KEY_ID and BRUIN_AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or log in with `aws sso login`";

/// What was asked for.
#[derive(Clone, Copy)]
pub(super) enum Call<'n> {
    Read(&'n str),
    List,
    Write(&'n str),
}

/// Where it was asked for.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) region: String,
    pub(super) endpoint: Option<String>,
}

impl Call<'_> {
    pub(super) fn what(self) -> &'static str {
        match self {
            Self::Read(_) => "failed to read secret from AWS Secrets Manager",
            Self::List => "failed to list secrets of AWS Secrets Manager",
            Self::Write(_) => "failed to write secret to AWS Secrets Manager",
        }
    }

    fn actions(self) -> &'static str {
        match self {
            Self::Read(_) => "secretsmanager:GetSecretValue",
            Self::List => "secretsmanager:ListSecrets",
            Self::Write(_) => "secretsmanager:PutSecretValue and secretsmanager:CreateSecret",
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Read(name) | Self::Write(name) => name,
            Self::List => "",
        }
    }
}

/// Whether there is no such secret.
pub(super) fn is_not_found<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    error.code() == Some("ResourceNotFoundException")
}

/// Whether there is such a secret already.
pub(super) fn is_there<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    error.code() == Some("ResourceExistsException")
}

/// What happened, in pieces.
struct Told {
    kind: FailureKind,
    cause: String,
    remedy: String,
}

/// What came of a call.
pub(super) fn failure<E: ProvideErrorMetadata + Error + 'static>(
    error: &SdkError<E>,
    call: Call<'_>,
    place: &Place,
) -> Failure {
    let told = match error {
        SdkError::ServiceError(_) => {
            let said =
                Said { code: error.code().unwrap_or_default(), message: error.message().unwrap_or_default() };
            refused(&said, call, place)
        }
        SdkError::ResponseError(_) => told(
            FailureKind::Unavailable,
            format!("what {place} answers is not AWS's"),
            "look at AWS_ENDPOINT_URL and at proxies on the way",
        ),
        SdkError::TimeoutError(_) => told(
            FailureKind::Unavailable,
            format!("{place} did not answer in time, all tries included"),
            "look at the network and at AWS_ENDPOINT_URL",
        ),
        _ if too_large(error) => told(
            FailureKind::Unavailable,
            format!("what {place} answers is longer than AWS's answers are"),
            "look at AWS_ENDPOINT_URL and at proxies on the way",
        ),
        _ if find::<InTheClear>(error).is_some() => told(
            FailureKind::Settings,
            format!(
                "the endpoint of {place} begins with http://, and everybody on the way would read the values"
            ),
            "write https:// where it is set: in AWS_ENDPOINT_URL, or in the profile as `endpoint_url`",
        ),
        _ if is_of_credentials(error) => {
            told(FailureKind::Login, "AWS's own chain finds no credentials any more".to_owned(), CHAIN)
        }
        _ => unreached(error, place),
    };
    let what = if told.kind == FailureKind::Login { LOGIN } else { call.what() };
    Failure { what: what.to_owned(), cause: Some(told.cause), remedy: told.remedy, kind: told.kind }
}

fn told(kind: FailureKind, cause: String, remedy: impl Into<String>) -> Told {
    Told { kind, cause, remedy: remedy.into() }
}

fn unreached(error: &(dyn Error + 'static), place: &Place) -> Told {
    let address = "the region, and AWS_ENDPOINT_URL";
    let signs = Signs { address, trust: SSL_CERT_FILE };
    let found =
        find::<crate::error::Error>(error).and_then(|it| Some((it.fault()?, unreached::remedy(it, &signs)?)));
    let (cause, remedy) = match found {
        Some(((Fault::Redirect, _), _)) => (
            format!("{place} answers with a redirect to another host, which is not handed the signature"),
            "write the address that it leads to into AWS_ENDPOINT_URL".to_owned(),
        ),
        Some(((fault, proxy), remedy)) => (fault.words(&place.to_string(), proxy), remedy),
        None => (format!("{place} cannot be reached"), format!("look at {address}")),
    };
    told(FailureKind::Unavailable, cause, remedy)
}

/// Whether looking for credentials is what did not work.
fn is_of_credentials(error: &(dyn Error + 'static)) -> bool {
    find::<CredentialsError>(error).is_some()
}

fn too_large(error: &(dyn Error + 'static)) -> bool {
    matches!(find(error), Some(crate::error::Error::TooLarge { .. }))
}

/// The first error of a kind that is behind this one, or this one.
fn find<'e, T: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// What AWS says of a refusal.
struct Said<'a> {
    code: &'a str,
    message: &'a str,
}

impl Said<'_> {
    fn has(&self, words: &str) -> bool {
        self.message.to_ascii_lowercase().contains(words)
    }

    /// Code and message, on one line. What may repeat something was taken out of it before.
    fn words(&self) -> String {
        match short(self.message) {
            message if message.trim().is_empty() => format!("AWS answers {}", short(self.code)),
            message => format!("AWS answers {}: {message}", short(self.code)),
        }
    }
}

fn refused(said: &Said<'_>, call: Call<'_>, place: &Place) -> Told {
    use FailureKind::{Deleted, Denied, Login, NotFound, Unavailable, Unsupported};
    let (name, region) = (short(call.name()), &place.region);
    match said.code {
        "AccessDeniedException" if said.has("kms") => of_key(said, call),
        "DecryptionFailure" | "EncryptionFailure" => of_key(said, call),
        "AccessDeniedException" => {
            told(Denied, said.words(), format!("let a policy of this identity allow {}", call.actions()))
        }
        "ResourceNotFoundException" if said.has("staging label") => {
            told(NotFound, format!("the secret `{name}` has no value yet"), "write one")
        }
        "ResourceNotFoundException" => told(
            NotFound,
            format!("there is no secret `{name}` in {place}"),
            "look at the name, at the region (BRUIN_AWS_REGION, AWS_REGION) and at the account, or write it",
        ),
        "InvalidRequestException" if said.has("delet") => told(
            Deleted,
            format!("the secret `{name}` is marked for deletion"),
            format!(
                "bring it back with `aws secretsmanager restore-secret --region {region} --secret-id {name}`, or use another name"
            ),
        ),
        "InvalidParameterException" | "ValidationException" => told(
            Unsupported,
            format!("AWS does not take `{name}` as a name, or the text as a value ({})", short(said.code)),
            "write a name of letters, digits and /_+=.@-, and 64 KB at most",
        ),
        "ThrottlingException"
        | "TooManyRequestsException"
        | "RequestLimitExceeded"
        | "LimitExceededException" => told(
            Unavailable,
            format!("{place} has no time for more requests just now ({})", short(said.code)),
            "ask again later",
        ),
        "UnrecognizedClientException" | "InvalidClientTokenId" | "AuthFailure" => told(
            Login,
            format!("{place} does not know the access key"),
            format!(
                "look at the access key, and whether the account has enabled {region}; temporary keys want their session token"
            ),
        ),
        "ExpiredTokenException" | "ExpiredToken" => told(
            Login,
            "the session token has ended".to_owned(),
            "get new keys (`aws sso login`), and set all three",
        ),
        "RequestExpired" | "RequestTimeTooSkewed" => {
            told(Login, "the request is too old for AWS".to_owned(), "set the clock of this machine")
        }
        "InvalidSignatureException" | "SignatureDoesNotMatch" if said.has("scoped to a valid region") => {
            told(
                Login,
                format!("the endpoint is of another region than {region}"),
                "set BRUIN_AWS_REGION to the region of AWS_ENDPOINT_URL, or unset that",
            )
        }
        "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "IncompleteSignatureException"
        | "IncompleteSignature" => told(
            Login,
            format!("{place} does not take the signature"),
            "look at the secret access key, the session token and the clock of this machine",
        ),
        "MissingAuthenticationToken" | "MissingAuthenticationTokenException" => told(
            Login,
            format!("{place} got no signature"),
            "look at proxies on the way: one may take headers away",
        ),
        "UnknownOperationException" | "InvalidAction" | "" => told(
            Unavailable,
            format!("what {place} answers is not AWS Secrets Manager's"),
            "look at AWS_ENDPOINT_URL and at proxies on the way",
        ),
        _ => told(
            Unavailable,
            said.words(),
            "ask again later, or look the code up in the manual of AWS Secrets Manager",
        ),
    }
}

fn of_key(said: &Said<'_>, call: Call<'_>) -> Told {
    let action = match call {
        Call::Read(_) | Call::List => "kms:Decrypt",
        Call::Write(_) => "kms:GenerateDataKey and kms:Decrypt",
    };
    told(
        FailureKind::Denied,
        format!(
            "the key of KMS that encrypts `{}` cannot be used ({})",
            short(call.name()),
            short(said.code)
        ),
        format!(
            "let this identity {action} with that key, in its policy and the key's, and see whether the key is enabled"
        ),
    )
}

/// The secret holds bytes.
pub(super) fn binary(name: &str) -> Failure {
    Failure {
        what: Call::Read(name).what().to_owned(),
        cause: Some(format!(
            "the secret `{}` holds bytes (SecretBinary), and a connection is a text",
            short(name)
        )),
        remedy: "write it as a text (SecretString)".to_owned(),
        kind: FailureKind::Unsupported,
    }
}

/// Nobody says the region.
pub(super) fn no_region() -> Failure {
    Failure {
        what: format!("failed to initialize {WORD} client: {REGION} env variable not set"),
        cause: Some("AWS's own chain knows no region either".to_owned()),
        remedy: "set it, or AWS_REGION, or the region of the profile, to such as eu-central-1".to_owned(),
        kind: FailureKind::Settings,
    }
}

/// This machine cannot do TLS.
pub(super) fn no_client(error: &crate::error::Error) -> Failure {
    Failure::of_settings(
        WORD,
        error.to_string(),
        "look at the certificates in the file that SSL_CERT_FILE names",
    )
}

/// There are no credentials.
pub(super) fn no_credentials(error: Option<&CredentialsError>) -> Failure {
    // What is behind it may quote a file of credentials.
    let why = error.map_or("there is no way to look for them".to_owned(), |error| short(&error.to_string()));
    Failure {
        what: LOGIN.to_owned(),
        cause: Some(format!("AWS's own chain finds no credentials: {why}")),
        remedy: CHAIN.to_owned(),
        kind: FailureKind::Login,
    }
}

/// The chain did not come to an end.
pub(super) fn late(patience: Duration) -> Failure {
    Failure {
        what: LOGIN.to_owned(),
        cause: Some(format!("AWS's own chain came to no end within {} seconds", patience.as_secs())),
        remedy: CHAIN.to_owned(),
        kind: FailureKind::Login,
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AWS Secrets Manager in {}", self.region)?;
        let host = self.endpoint.as_ref().and_then(|text| text.parse::<Url>().ok());
        match host.as_ref().and_then(Url::host_str) {
            Some(host) => write!(f, " at {host}"),
            None => Ok(()),
        }
    }
}
