//! The whole way: GitHub's settings, the workflow with Terraform, AWS, the operator, the Secret that a Deployment reads; and what is left of a
//! secret whose entry goes.

use std::fs;

use super::World;
use super::arrival::Arrival;
use super::runner::{Run, Runner};
use super::spy::Spy;
use super::terraform::Terraform;
use crate::Result;
use crate::e2e::cluster::Cluster;
use crate::e2e::moto::Moto;
use crate::e2e::options::Options;
use crate::e2e::report::Report;
use crate::e2e::{engines, operator, versions};

/// In every value, and so in no file, no state, no plan and no line that is printed.
const CANARY: &str = "c4n4ry";
const BUCKET: &str = "my-company-state";
const KEPT: &str = "chain/stripe-api-key";
const SECRET: &str = "chain/resend-api-key";
const ENTRY: &str = "  - RESEND_API_KEY\n";

/// A repository, and everything that its secrets pass.
struct Chain<'w> {
    world: &'w World<'w>,
    arrival: Arrival,
    moto: Moto,
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
    let mut chain = Chain { world, arrival: Arrival { cluster, operator }, moto, terraform, repository };
    let checks: [Check<'w>; 2] = [Chain::by_workflow, Chain::by_terraform];
    for (title, check) in titles.into_iter().zip(checks) {
        if options.selects(title) {
            chain.moto.reset()?;
            report.conclude(title, check(&mut chain))?;
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
        self.arrival.wrong(self.repository.path(), values)
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
