//! The whole way: GitHub's settings, the workflow with Terraform, AWS, the operator, the Secret that a Deployment reads; and what is left of a
//! secret whose entry goes.

use std::fs;
use std::time::Duration;

use serde_json::Value;

use super::World;
use super::runner::{Run, Runner};
use super::spy::Spy;
use super::terraform::Terraform;
use crate::Result;
use crate::e2e::base64;
use crate::e2e::cluster::Cluster;
use crate::e2e::manifests::{self, Manifest};
use crate::e2e::moto::Moto;
use crate::e2e::objects::Objects;
use crate::e2e::options::Options;
use crate::e2e::process::{Server, wait_until};
use crate::e2e::report::Report;
use crate::e2e::{engines, operator, versions};

/// In every value, and so in no file, no state, no plan and no line that is printed.
const CANARY: &str = "c4n4ry";
const BUCKET: &str = "my-company-state";
const KEPT: &str = "chain/stripe-api-key";
const SECRET: &str = "chain/resend-api-key";
const ENTRY: &str = "  - RESEND_API_KEY\n";
const ARRIVAL: Duration = Duration::from_secs(60);

/// A repository, and everything that its secrets pass.
struct Chain<'w> {
    world: &'w World<'w>,
    cluster: Cluster,
    moto: Moto,
    operator: Server,
    terraform: Terraform,
    repository: tempfile::TempDir,
}

/// Answers with what is wrong.
type Check<'w> = fn(&mut Chain<'w>) -> Result<Vec<String>>;

/// Runs both ways for values to get to AWS.
pub(super) fn run<'w>(world: &'w World<'w>, options: &Options, report: &mut Report) -> Result<()> {
    let titles = ["pipelines chain: values by the workflow", "pipelines chain: values by Terraform"];
    if !titles.iter().any(|title| options.selects(title)) {
        return Ok(());
    }
    if !crate::e2e::terraform::is_installed() {
        return titles
            .iter()
            .try_for_each(|title| report.not_run(title, "SKIPPED, terraform is not installed"));
    }
    let scratch = tempfile::tempdir()?;
    let provider = engines::terraform_provider(&crate::root().join("e2e"), &crate::cache::dir()?)?;
    let terraform = Terraform::new(scratch.path(), &provider)?;
    let mut cluster = Cluster::start(world.engines)?;
    cluster.objects.install_crds(&versions::controllers_crds()?)?;
    let moto = Moto::start(world.moto, cluster.dir())?;
    let operator = operator::start(world.engines, &cluster, moto.url())?;
    let repository = tempfile::tempdir()?;
    let mut chain = Chain { world, cluster, moto, operator, terraform, repository };
    let checks: [Check<'w>; 2] = [Chain::by_workflow, Chain::by_terraform];
    for (title, check) in titles.into_iter().zip(checks) {
        if options.selects(title) {
            chain.moto.reset()?;
            let wrong = check(&mut chain).unwrap_or_else(|error| vec![error.to_string()]);
            report.settle(title, &wrong)?;
        }
    }
    Ok(())
}

impl Chain<'_> {
    /// Made, arrived, changed, removed, and back.
    fn by_workflow(&mut self) -> Result<Vec<String>> {
        let text = fs::read_to_string(crate::root().join("e2e/pipelines/chain.yaml"))?;
        let runner = self.render(&text)?;
        let values = [("RESEND_API_KEY", "c4n4ry 1"), ("STRIPE_API_KEY", "c4n4ry 2")];
        let mut wrong = self.runs(&runner, &values, "wrote the first value")?;
        wrong.extend(self.tagged()?);
        wrong.extend(self.arrives(&values)?);
        let values = [("RESEND_API_KEY", "c4n4ry 3"), ("STRIPE_API_KEY", "c4n4ry 2")];
        wrong.extend(self.runs(&runner, &values, "wrote a new value")?);
        wrong.extend(self.arrives(&values)?);
        wrong.extend(self.stale(&runner, &values)?);
        wrong.extend(self.removed(&text, &values[1..])?);
        wrong.extend(self.back(&text)?);
        Ok(wrong)
    }

    /// Terraform alone has the values, by arguments that it does not keep.
    fn by_terraform(&mut self) -> Result<Vec<String>> {
        let text = fs::read_to_string(crate::root().join("e2e/pipelines/chain.yaml"))?;
        let text = text.replace("values: workflow", "values: writeOnly");
        let runner = self.render(&text)?;
        let values = [("RESEND_API_KEY", "c4n4ry \"1\"\n"), ("STRIPE_API_KEY", "c4n4ry 2")];
        let mut wrong = self.runs(&runner, &values, "Apply complete! Resources: 4 added")?;
        wrong.extend(self.arrives(&values)?);
        // Nobody said that the value is another.
        let unsaid = [("RESEND_API_KEY", "c4n4ry 3"), ("STRIPE_API_KEY", "c4n4ry 2")];
        wrong.extend(self.runs(&runner, &unsaid, "Resources: 0 added, 0 changed, 0 destroyed")?);
        wrong.extend(self.arrives(&values)?);
        let runner = self.render(&text.replace(ENTRY, "  - {name: RESEND_API_KEY, version: 2}\n"))?;
        wrong.extend(self.runs(&runner, &unsaid, "Resources: 1 added, 0 changed, 1 destroyed")?);
        wrong.extend(self.arrives(&unsaid)?);
        let empty = [("RESEND_API_KEY", ""), ("STRIPE_API_KEY", "c4n4ry 2")];
        let said = runner.run(&self.settings(&empty))?;
        if said.code != Some(1) || !said.all.contains("secret RESEND_API_KEY is empty or not set") {
            wrong.push(format!("an empty value ended with {:?}:\n{}", said.code, said.all));
        }
        wrong.extend(self.arrives(&unsaid)?);
        Ok(wrong)
    }

    /// Writes the repository anew, with what comes of that declaration.
    fn render(&self, text: &str) -> Result<Runner> {
        let home = self.repository.path();
        fs::write(home.join("keyloom.yaml"), text)?;
        self.world.keyloom.run(home, &["render", "--out", "."], &[0])?;
        let workflow = fs::read_to_string(home.join(".github/workflows/keyloom-chain.yml"))?;
        let spy = Spy::new(&self.world.programs.aws)?;
        Runner::new(&workflow, spy, self.moto.url())?.with_terraform(home, self.terraform.env())
    }

    fn settings(&self, values: &[(&str, &str)]) -> Run {
        let role = ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/keyloom-chain");
        let all = values.iter().copied().chain([role]);
        Run {
            settings: all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            ..Run::default()
        }
    }

    /// Runs the workflow, which says that, and nothing of a value.
    fn runs(&self, runner: &Runner, values: &[(&str, &str)], words: &str) -> Result<Vec<String>> {
        self.moto.create_bucket(BUCKET)?;
        let said = runner.run(&self.settings(values))?;
        let mut wrong = runner.spy().leaks(CANARY)?;
        if said.code != Some(0) || !said.all.contains(words) {
            wrong.push(format!("expected \"{words}\", ended with {:?}:\n{}", said.code, said.all));
        }
        if said.all.contains(CANARY) {
            wrong.push("a value is in what was printed".to_owned());
        }
        if self.moto.object(BUCKET, "keyloom/chain")?.contains(CANARY) {
            wrong.push("a value is in Terraform's state".to_owned());
        }
        if super::runner::contents(self.repository.path())?
            .windows(CANARY.len())
            .any(|it| it == CANARY.as_bytes())
        {
            wrong.push("a value is in a file of the repository".to_owned());
        }
        Ok(wrong)
    }

    /// AWS has the tags that the declaration makes.
    fn tagged(&self) -> Result<Vec<String>> {
        let said = self.moto.describe(SECRET)?;
        let tags = said["Tags"].as_array().into_iter().flatten();
        let mut tags: Vec<String> = tags
            .map(|tag| {
                format!("{}={}", tag["Key"].as_str().unwrap_or("?"), tag["Value"].as_str().unwrap_or("?"))
            })
            .collect();
        tags.sort();
        let wanted = [
            "Environment=production",
            "ManagedBy=Terraform",
            "Name=chain-resend-api-key",
            "Source=GitHub-Secrets",
        ];
        Ok(if tags == wanted { Vec::new() } else { vec![format!("tags are {tags:?}")] })
    }

    /// The operator makes exactly these keys, in the Secret that the Deployment reads.
    fn arrives(&mut self, values: &[(&str, &str)]) -> Result<Vec<String>> {
        let manifests = manifests::read(&self.repository.path().join("kubernetes/chain"))?;
        for manifest in &manifests {
            let applied = self.cluster.objects.apply(manifest)?;
            if !applied.is_ok() {
                return Ok(vec![format!("{}: {}", manifest.title(), applied.summary())]);
            }
        }
        let secret = self.read_by_deployment(&manifests)?;
        let mut wrong = Vec::new();
        let arrived = wait_until(ARRIVAL, || {
            let stored = self.cluster.objects.get(&secret)?;
            wrong = differences(&stored.json(), values);
            Ok(wrong.is_empty().then_some(()))
        })?;
        if arrived.is_none() {
            wrong.push("the controller's last words:".to_owned());
            wrong.push(self.operator.log_tail(15));
        }
        Ok(wrong)
    }

    /// The Secret whose keys the stored Deployment takes as environment variables.
    fn read_by_deployment(&mut self, manifests: &[Manifest]) -> Result<Manifest> {
        let deployment =
            manifests.iter().find(|it| it.kind() == "Deployment").ok_or("no Deployment is rendered")?;
        let stored = self.cluster.objects.get(deployment)?.json();
        let name = stored.pointer("/spec/template/spec/containers/0/envFrom/0/secretRef/name");
        let name = name.and_then(Value::as_str).ok_or("the Deployment reads no Secret")?;
        Ok(Objects::secret(deployment.namespace(), name))
    }

    /// A plan of a state that has changed since is not applied.
    fn stale(&self, runner: &Runner, values: &[(&str, &str)]) -> Result<Vec<String>> {
        let run = self.settings(values);
        runner.run(&Run { only: Some("Terraform plan"), ..run.clone() })?;
        let plan = fs::read(runner.spy().home().join("keyloom.tfplan"))?;
        // Somebody applies a change in between.
        let main = self.repository.path().join("terraform/chain/main.tf.json");
        let text = fs::read_to_string(&main)?;
        fs::write(&main, text.replace("\"production\"", "\"changed\""))?;
        for step in ["Terraform plan", "Terraform apply"] {
            let said = runner.run(&Run { only: Some(step), ..run.clone() })?;
            if said.code != Some(0) {
                return Err(format!("{step} of another change: {}", said.all).into());
            }
        }
        fs::write(&main, text)?;
        fs::write(runner.spy().home().join("keyloom.tfplan"), plan)?;
        let said = runner.run(&Run { only: Some("Terraform apply"), ..run })?;
        let refused = said.code == Some(1) && said.all.contains("Saved plan is stale");
        Ok(if refused { Vec::new() } else { vec![format!("a stale plan was applied:\n{}", said.all)] })
    }

    /// An entry goes: AWS keeps the secret for a week, and the key leaves the cluster.
    fn removed(&mut self, text: &str, left: &[(&str, &str)]) -> Result<Vec<String>> {
        let without = text.replace(ENTRY, "");
        let runner = self.render(&without)?;
        let mut wrong = self.runs(&runner, left, "0 to add, 1 to change, 1 to destroy")?;
        wrong.extend(self.arrives(left)?);
        let (gone, kept) = (self.moto.describe(SECRET)?, self.moto.describe(KEPT)?);
        let days = gone["DeletedDate"].as_f64().zip(gone["LastChangedDate"].as_f64());
        if days.is_none_or(|(end, start)| ((end - start) / 86_400.0).round() != 7.0) {
            wrong.push(format!("{SECRET} does not go in seven days: {gone}"));
        }
        if !kept["DeletedDate"].is_null() {
            wrong.push(format!("{KEPT} goes too"));
        }
        Ok(wrong)
    }

    /// The entry comes back before the secret has gone: AWS makes no second one, and a person restores and imports the first.
    fn back(&mut self, text: &str) -> Result<Vec<String>> {
        let values = [("RESEND_API_KEY", "c4n4ry 4"), ("STRIPE_API_KEY", "c4n4ry 2")];
        let runner = self.render(text)?;
        let said = runner.run(&self.settings(&values))?;
        let mut wrong = Vec::new();
        // AWS says InvalidRequestException, and that the secret is scheduled for deletion.
        if said.code != Some(1) || !said.all.contains("ResourceExistsException") {
            wrong.push(format!("a secret that is to go was made: {:?}\n{}", said.code, said.all));
        }
        let restore = format!("aws secretsmanager restore-secret --region us-east-1 --secret-id {SECRET}");
        let arn = self.moto.describe(SECRET)?["ARN"].as_str().ok_or("no ARN")?.to_owned();
        let import =
            format!("terraform -chdir=terraform/chain import aws_secretsmanager_secret.resend_api_key {arn}");
        for text in [restore, import] {
            let said = runner.by_hand(&text)?;
            if said.code != Some(0) {
                wrong.push(format!("{text}: {}", said.all));
            }
        }
        wrong.extend(self.runs(&runner, &values, "wrote a new value")?);
        wrong.extend(self.tagged()?);
        wrong.extend(self.arrives(&values)?);
        Ok(wrong)
    }
}

/// What of a Secret's keys is not as expected; values are compared, never shown.
fn differences(stored: &Value, values: &[(&str, &str)]) -> Vec<String> {
    let Some(data) = stored["data"].as_object() else { return vec!["the Secret has no keys".to_owned()] };
    let mut wrong = Vec::new();
    for (key, value) in values {
        let held = data.get(*key).and_then(Value::as_str).and_then(base64::decode);
        if held.as_deref() != Some(value.as_bytes()) {
            wrong.push(format!("key {key} is not what GitHub has"));
        }
    }
    if data.len() != values.len() {
        wrong.push(format!("the Secret has {} keys, expected {}", data.len(), values.len()));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_compared_and_values_not_shown() {
        let stored = json!({"data": {"A": "Y2FuYXJ5", "B": "eA=="}});
        assert_eq!(differences(&stored, &[("A", "canary"), ("B", "x")]), [""; 0]);
        let wrong = differences(&stored, &[("A", "other")]);
        assert_eq!(wrong, ["key A is not what GitHub has", "the Secret has 2 keys, expected 1"]);
    }
}
