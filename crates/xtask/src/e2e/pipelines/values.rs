//! What becomes of a value: when it is written, when not, and that nobody sees it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::runner::{Run, Runner};
use super::spy::Spy;
use crate::e2e::engines::Workflows;
use crate::e2e::keyloom::Keyloom;
use crate::e2e::moto::Moto;
use crate::e2e::options::Options;
use crate::e2e::process::Said;
use crate::e2e::report::Report;
use crate::{Result, root};

/// In every value, and so in nothing that is printed or kept.
const CANARY: &str = "canary";
/// The secret whose life is followed: its name in AWS, its source, its step and its key.
const SECRET: &str = "shop/api-key";
const SOURCE: &str = "API_KEY";
const KEY: &str = "API_KEY";
/// What AWS says where no policy allows a call.
const DENIED: &str = "An error occurred (AccessDeniedException) when calling it: no policy allows it";
/// Bytes that AWS takes.
const LIMIT: usize = 65_536;

/// The workflow under each policy.
struct Bench {
    moto: Moto,
    fail: Runner,
    overwrite: Runner,
    keep: Runner,
}

/// Answers with what is wrong.
type Check = fn(&Bench) -> Result<Vec<String>>;

/// Runs every check, each with an empty AWS.
pub(super) fn run(
    programs: &Workflows,
    moto: Moto,
    keyloom: &Keyloom,
    options: &Options,
    report: &mut Report,
) -> Result<()> {
    let runner = |policy: &str| -> Result<Runner> {
        let text = std::fs::read_to_string(root().join("e2e/pipelines/keyloom.yaml"))?;
        let dir = tempfile::tempdir()?;
        let text = text.replace("onConflict: fail", &format!("onConflict: {policy}"));
        std::fs::write(dir.path().join("keyloom.yaml"), text)?;
        let workflow = keyloom.run(dir.path(), &["render", "--format", "workflow", "keyloom.yaml"], &[0])?;
        Runner::new(&workflow, Spy::new(&programs.aws)?, moto.url())
    };
    let (fail, overwrite, keep) = (runner("fail")?, runner("overwrite")?, runner("keep")?);
    let bench = Bench { moto, fail, overwrite, keep };
    let checks: [(&str, Check); 9] = [
        ("missing", Bench::missing),
        ("whole run", Bench::whole),
        ("dry run", Bench::dry),
        ("life of a value", Bench::life),
        ("changed in AWS", Bench::changed),
        ("equal in AWS", Bench::equal),
        ("odd values", Bench::odd),
        ("refused", Bench::refused),
        ("traced", Bench::traced),
    ];
    for (name, check) in checks {
        let title = format!("pipelines steps: {name}");
        if !options.selects(&title) {
            continue;
        }
        bench.moto.reset()?;
        report.conclude(&title, check(&bench))?;
    }
    Ok(())
}

impl Bench {
    /// What is missing stops the run before anything is done, and each step by itself too.
    fn missing(&self) -> Result<Vec<String>> {
        self.moto.create_container(SECRET)?;
        self.moto.create_container("shop/mail/smtp")?;
        let mut wrong = Vec::new();
        let run = Run { settings: settings(&[("MAIL_PASSWORD", "canary")]), ..Run::default() };
        let mut without_role = run.clone();
        without_role.settings.remove("AWS_ROLE_ARN");
        let cases = [
            (run, ["secret API_KEY is empty", "Nothing was changed: 1 without a value"]),
            (without_role, ["variable AWS_ROLE_ARN is empty", "Nothing was changed: 2 without a value"]),
        ];
        for (run, words) in cases {
            wrong.extend(self.ends(&self.fail, &run, 1, &words)?);
        }
        let words = ["secret API_KEY is empty or not set", "so nothing was written", "Settings > Secrets"];
        wrong.extend(self.ends(&self.fail, &only(""), 1, &words)?);
        wrong.extend(self.counts(0)?);
        self.moto.reset()?;
        // Without Terraform's part there is no secret to write to.
        let words = ["(ResourceNotFoundException)", "apply terraform/shop"];
        wrong.extend(self.ends(&self.fail, &only("canary"), 1, &words)?);
        Ok(wrong)
    }

    /// Every step, one after the other.
    fn whole(&self) -> Result<Vec<String>> {
        self.moto.create_container(SECRET)?;
        self.moto.create_container("shop/mail/smtp")?;
        let settings = settings(&[("API_KEY", "canary 1"), ("MAIL_PASSWORD", "canary 2")]);
        let run = Run { settings, ..Run::default() };
        let words = ["shop/api-key: wrote the first value", "shop/mail/smtp: wrote the first value"];
        let mut wrong = self.ends(&self.fail, &run, 0, &words)?;
        wrong.extend(self.holds(SECRET, KEY, "canary 1")?);
        wrong.extend(self.holds("shop/mail/smtp", "password", "canary 2")?);
        // One that stops keeps no other from being written.
        self.moto.change_secret(SECRET, "{\"API_KEY\": \"canary of somebody\"}")?;
        let settings = self::settings(&[("API_KEY", "canary 3"), ("MAIL_PASSWORD", "canary 4")]);
        let words = ["somebody changed it in AWS", "shop/mail/smtp: wrote a new value"];
        wrong.extend(self.ends(&self.fail, &Run { settings, ..Run::default() }, 1, &words)?);
        wrong.extend(self.holds("shop/mail/smtp", "password", "canary 4")?);
        Ok(wrong)
    }

    /// A dry run says what it would do.
    fn dry(&self) -> Result<Vec<String>> {
        let dry = |value: &str| Run { dry: true, ..only(value) };
        let mut wrong =
            self.ends(&self.fail, &dry("canary"), 0, &["dry run, would write the first value"])?;
        self.moto.create_container(SECRET)?;
        wrong.extend(self.ends(&self.fail, &dry("canary"), 0, &["dry run, would write the first value"])?);
        wrong.extend(self.counts(0)?);
        wrong.extend(self.ends(&self.fail, &only("canary"), 0, &[])?);
        wrong.extend(self.ends(&self.fail, &dry("canary 2"), 0, &["dry run, would write a new value"])?);
        wrong.extend(self.ends(&self.fail, &dry("canary"), 0, &["unchanged"])?);
        wrong.extend(self.counts(1)?);
        // What AWS says of a secret that is not there to a role that may read it by the ARN which it will have.
        self.fail.spy().fail("get-secret-value", Some(DENIED))?;
        let words =
            ["::warning", "it is not there yet", "or the role lacks a right: apply terraform/shop/bootstrap"];
        wrong.extend(self.ends(&self.fail, &dry("canary 2"), 0, &words)?);
        self.fail.spy().fail("get-secret-value", None)?;
        wrong.extend(self.counts(1)?);
        Ok(wrong)
    }

    /// First, unchanged, changed, changed back: a version for each change.
    fn life(&self) -> Result<Vec<String>> {
        self.moto.create_container(SECRET)?;
        let mut wrong = Vec::new();
        for (value, words, versions) in [
            ("canary 1", "wrote the first value", 1),
            ("canary 1", "unchanged", 1),
            ("canary 2", "wrote a new value", 2),
            ("canary 2", "unchanged", 2),
            ("canary 1", "wrote a new value", 3),
        ] {
            wrong.extend(self.ends(&self.fail, &only(value), 0, &[words])?);
            wrong.extend(self.counts(versions)?);
            wrong.extend(self.holds(SECRET, KEY, value)?);
            wrong.extend(self.ours()?);
        }
        Ok(wrong)
    }

    /// Somebody changed the value in AWS.
    fn changed(&self) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        for (runner, code, words, kept) in [
            (&self.fail, 1, "somebody changed it in AWS. Nothing was written", true),
            (&self.keep, 0, "It is kept, as onConflict says", true),
            (&self.overwrite, 0, "It is overwritten, as onConflict says", false),
        ] {
            self.moto.reset()?;
            self.moto.create_container(SECRET)?;
            wrong.extend(self.ends(runner, &only("canary 1"), 0, &["wrote the first value"])?);
            self.moto.change_secret(SECRET, "{\"API_KEY\": \"canary of somebody\"}")?;
            wrong.extend(self.ends(runner, &only("canary 2"), code, &[words])?);
            wrong.extend(self.counts(if kept { 2 } else { 3 })?);
            wrong.extend(self.holds(SECRET, KEY, if kept { "canary of somebody" } else { "canary 2" })?);
        }
        wrong.extend(self.ours()?);
        // What is no object is somebody's too.
        self.moto.change_secret(SECRET, "canary")?;
        wrong.extend(self.ends(&self.fail, &only("canary"), 1, &["somebody changed it in AWS"])?);
        Ok(wrong)
    }

    /// Somebody wrote the same in AWS, in another spelling: it is taken over, and later changes are no conflict.
    fn equal(&self) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        self.moto.create_secret(SECRET, &Value::from("{\n  \"API_KEY\" : \"c\\u0061nary\"\n}"))?;
        wrong.extend(self.ends(&self.fail, &only("canary"), 0, &["unchanged"])?);
        wrong.extend(self.counts(1)?);
        wrong.extend(self.ours()?);
        wrong.extend(self.ends(&self.fail, &only("canary 2"), 0, &["wrote a new value"])?);
        self.moto.change_secret(SECRET, "{\"API_KEY\":\"canary 3\"}")?;
        wrong.extend(self.ends(&self.fail, &only("canary 3"), 0, &["unchanged"])?);
        wrong.extend(self.counts(3)?);
        wrong.extend(self.ours()?);
        Ok(wrong)
    }

    /// Whatever a value holds arrives, up to what AWS takes.
    fn odd(&self) -> Result<Vec<String>> {
        self.moto.create_container(SECRET)?;
        let mut wrong = Vec::new();
        let around = json!({ KEY: CANARY }).to_string().len() - CANARY.len();
        let largest = format!("{CANARY}{}", "x".repeat(LIMIT - around - CANARY.len()));
        let odd = [
            "canary\nof two lines\n\n",
            " \t canary \t ",
            "\r\ncanary\r\n",
            "canary \" ' ` \\ \\n $HOME $(id) ${PATH} %0A %s * ? ~ ! # & | ; < >",
            "::error::canary",
            "-n canary",
            "file://canary",
            "@canary",
            "{\"API_KEY\": \"canary\"}",
            "canary é 日本 😀 \u{feff}\u{2028}\u{1}\u{7f}",
            &largest,
        ];
        for value in odd {
            wrong.extend(self.ends(&self.fail, &only(value), 0, &["wrote"])?);
            wrong.extend(self.holds(SECRET, KEY, value)?);
            wrong.extend(self.ends(&self.fail, &only(value), 0, &["unchanged"])?);
        }
        wrong.extend(self.counts(odd.len())?);
        let too_large = format!("{largest}x");
        let words = ["has 65537 bytes as JSON, and AWS takes 65536. Nothing was written"];
        wrong.extend(self.ends(&self.fail, &only(&too_large), 1, &words)?);
        wrong.extend(self.holds(SECRET, KEY, &largest)?);
        Ok(wrong)
    }

    /// AWS refuses, in its own words, or does not give back what was written.
    fn refused(&self) -> Result<Vec<String>> {
        self.moto.create_container(SECRET)?;
        let mut wrong = Vec::new();
        let gone = "An error occurred (InvalidRequestException) when calling it: it was marked for deletion";
        let talks = "An error occurred (OddException) when calling it: the value canary is odd";
        for (operation, words, expected) in [
            (
                "get-secret-value",
                DENIED,
                "no policy allows it The role of this workflow lacks a right: apply terraform/shop/bootstrap.",
            ),
            ("put-secret-value", DENIED, "apply terraform/shop/bootstrap."),
            ("get-secret-value", gone, "restore-secret --secret-id shop/api-key"),
            ("put-secret-value", talks, "(OddException) when calling it: the value *** is odd"),
        ] {
            self.fail.spy().fail(operation, Some(words))?;
            wrong.extend(self.ends(&self.fail, &only(CANARY), 1, &[expected])?);
            self.fail.spy().fail(operation, None)?;
            wrong.extend(self.counts(0)?);
        }
        Ok(wrong)
    }

    /// A shell that tells every command tells no value.
    fn traced(&self) -> Result<Vec<String>> {
        self.moto.create_container(SECRET)?;
        let run = Run { env: vec![("SHELLOPTS", "xtrace"), ("ACTIONS_STEP_DEBUG", "true")], ..only(CANARY) };
        self.ends(&self.fail, &run, 0, &["+ bash", "wrote the first value"])
    }

    /// Runs; the code, the words, and that no value is anywhere.
    fn ends(&self, runner: &Runner, run: &Run, code: i32, words: &[&str]) -> Result<Vec<String>> {
        let said: Said = runner.run(run)?;
        let mut wrong = runner.spy().leaks(CANARY)?;
        if said.all.contains(CANARY) {
            wrong.push("a value is printed".to_owned());
        }
        if said.code != Some(code) || !words.iter().all(|words| said.all.contains(words)) {
            wrong.push(format!("{code} with {words:?} is expected, {:?} came:\n{}", said.code, said.all));
        }
        Ok(wrong)
    }

    /// How many versions the secret has had.
    fn counts(&self, expected: usize) -> Result<Vec<String>> {
        let count = self.moto.versions(SECRET)?.len();
        Ok((count != expected).then(|| format!("{count} versions, and not {expected}")).into_iter().collect())
    }

    /// The current version is the one that is marked.
    fn ours(&self) -> Result<Vec<String>> {
        let labels: BTreeSet<String> = ["AWSCURRENT", "KEYLOOM"].map(str::to_owned).into();
        let versions = self.moto.versions(SECRET)?;
        let marked: Vec<_> = versions.iter().filter(|it| it.contains("KEYLOOM")).collect();
        Ok((marked != [&labels]).then(|| format!("labels are {versions:?}")).into_iter().collect())
    }

    fn holds(&self, name: &str, key: &str, value: &str) -> Result<Vec<String>> {
        let held = self.moto.secret(name)?.unwrap_or_default();
        let held: Value = serde_json::from_slice(&held)?;
        Ok((held != json!({ key: value }))
            .then(|| format!("{name} holds another value"))
            .into_iter()
            .collect())
    }
}

/// What a repository has besides the secrets.
fn settings(secrets: &[(&str, &str)]) -> BTreeMap<String, String> {
    let role = ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/keyloom-shop");
    secrets.iter().chain([&role]).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The one step, with that value.
fn only(value: &str) -> Run {
    Run { settings: settings(&[(SOURCE, value)]), only: Some(SOURCE), ..Run::default() }
}
