//! Connections in AWS Secrets Manager, against moto.

use std::path::Path;

use serde_json::Value;

use super::bench::{Bench, CANARY, Wrong};
use crate::Result;
use crate::e2e::moto::Moto;
use crate::e2e::options::Options;
use crate::e2e::report::Report;

/// More than the service tells on one page.
const MANY: usize = 230;

/// Runs the checks.
pub(super) fn run(moto: &Path, options: &Options, report: &mut Report) -> Result<()> {
    let check = "connections in AWS Secrets Manager";
    if !options.selects(check) {
        return Ok(());
    }
    report.conclude(check, checked(moto))
}

fn checked(program: &Path) -> Result<Vec<String>> {
    let home = tempfile::tempdir()?;
    let moto = Moto::start(program, home.path())?;
    let variables = vec![
        ("BRUIN_SECRETS_BACKEND", "aws".to_owned()),
        ("BRUIN_AWS_ACCESS_KEY_ID", "AKIDEXAMPLE".to_owned()),
        ("BRUIN_AWS_SECRET_ACCESS_KEY", format!("{CANARY}-key")),
        ("BRUIN_AWS_SESSION_TOKEN", format!("{CANARY}-session")),
        ("BRUIN_AWS_REGION", "us-east-1".to_owned()),
        ("AWS_ENDPOINT_URL", moto.url().to_owned()),
        ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
    ];
    let bench = Bench::new(home.path(), variables)?;
    let mut wrong = Wrong(bench.round("shop/my-postgres")?);
    if moto.versions("shop/my-postgres")?.len() != 2 {
        wrong.0.push("the second text is no version of the same secret".to_owned());
    }
    for number in 0..MANY {
        moto.create_secret(&format!("many-{number}"), &Value::from(CANARY))?;
    }
    let listed = bench.connection(&["list", "--output", "json"])?;
    wrong.unless(&listed, 0, &format!("\"many-{}\"", MANY - 1));
    if listed.out.matches("many-").count() != MANY {
        wrong.0.push(format!("not all names are listed:\n{}", listed.out));
    }
    moto.create_container("empty")?;
    wrong.unless(
        &bench.connection(&["get", "empty"])?,
        1,
        "failed to read secret from AWS Secrets Manager: ",
    );
    wrong.unless(&bench.connection(&["get", "many-0"])?, 1, "failed to parse secret as JSON");
    moto.delete_secret("shop/my-postgres")?;
    wrong.unless(
        &bench.connection(&["get", "shop/my-postgres"])?,
        1,
        "is marked for deletion; bring it back with",
    );
    let other = bench.with(&[("BRUIN_AWS_REGION", "eu-central-1")]);
    wrong.unless(
        &other.connection(&["get", "many-0"])?,
        1,
        "there is no secret `many-0` in AWS Secrets Manager in eu-central-1",
    );
    // Without keys and a region of its own: AWS's own chain, from a profile.
    std::fs::write(
        home.path().join("credentials"),
        format!(
            "[shop]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = {CANARY}\nregion = us-east-1\n"
        ),
    )?;
    let file = home.path().join("credentials").display().to_string();
    let chain = bench.with(&[
        ("BRUIN_AWS_ACCESS_KEY_ID", ""),
        ("BRUIN_AWS_SECRET_ACCESS_KEY", ""),
        ("BRUIN_AWS_SESSION_TOKEN", ""),
        ("BRUIN_AWS_REGION", ""),
    ]);
    let profile = chain.with(&[
        ("AWS_PROFILE", "shop"),
        ("AWS_SHARED_CREDENTIALS_FILE", &file),
        ("AWS_CONFIG_FILE", &file),
    ]);
    wrong.unless(&profile.connection(&["list"])?, 0, "many-0");
    let region = chain.with(&[("AWS_REGION", "us-east-1")]);
    wrong.unless(&region.connection(&["list"])?, 2, "failed to authenticate with AWS Secrets Manager: ");
    let neither = "failed to initialize aws client: BRUIN_AWS_REGION env variable not set: ";
    wrong.unless(&chain.connection(&["list"])?, 2, neither);
    Ok(wrong.0)
}
