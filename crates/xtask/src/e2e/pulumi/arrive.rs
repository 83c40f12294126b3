//! Through the engine into a cluster: objects are stored as they are rendered, the operator's controller makes Secrets of
//! them, and a refresh and a second preview find everything in order.

use std::fs;
use std::time::Duration;

use crate::e2e::cluster::Cluster;
use crate::e2e::compare;
use crate::e2e::engines::Engines;
use crate::e2e::keyloom::{Keyloom, Rendered};
use crate::e2e::moto::Moto;
use crate::e2e::operator;
use crate::e2e::process::wait_until;
use crate::e2e::pulumi::home::Home;
use crate::e2e::pulumi::roads::DOCUMENT;
use crate::e2e::pulumi::scene::Scene;
use crate::e2e::pulumi::stack::{Stack, changes};
use crate::e2e::sync::case::Case;
use crate::e2e::versions::{self, Version};
use crate::{Result, root};

/// Of what version the controller is.
const CONTROLLERS: &str = "versions: {eso: \"0.20\"}\n";
/// Who reads one of the Secrets: a Deployment, of which the server knows more than what is declared.
const SERVICE: &str = "services:\n- {name: web, image: registry.example.com/web:1, rotationStrategy: restart, envFrom: [{secretRef: {name: postgres-creds}}]}\n";
const ARRIVAL: Duration = Duration::from_secs(60);

/// Runs the check, with servers of its own.
pub(super) fn run(engines: &Engines, keyloom: &Keyloom, scene: &mut Scene<'_>) -> Result<()> {
    scene.check("cluster", |home| cluster(engines, keyloom, home))
}

fn cluster(engines: &Engines, keyloom: &Keyloom, home: &Home) -> Result<Vec<String>> {
    let mut cluster = Cluster::start(engines)?;
    cluster.objects.install_crds(&versions::controllers_crds()?)?;
    let moto = Moto::start(&engines.moto, cluster.dir())?;
    let case = Case::read(&root().join("e2e/pulumi"))?;
    for (name, value) in &case.aws {
        moto.create_secret(name, value)?;
    }
    for object in &case.kubernetes {
        cluster.objects.apply(object)?;
    }
    let stack = Stack::new(home, "cluster", "document")?;
    let document = stack.dir().join("keyloom.yaml");
    fs::write(&document, fs::read_to_string(root().join(DOCUMENT))? + CONTROLLERS + SERVICE)?;
    stack.set("kubernetes:kubeconfig", &fs::read_to_string(&cluster.kubeconfig)?)?;
    let up = stack.up()?;
    if up.code != Some(0) {
        return Ok(vec![up.all]);
    }
    let Rendered::Manifests(rendered) = keyloom.render(Version::V0_20, None, &document)? else {
        return Ok(vec!["it is not rendered for the controller's version".to_owned()]);
    };
    let mut wrong = Vec::new();
    for manifest in &rendered {
        let stored = cluster.objects.get(manifest)?.json();
        let lines = compare::differences(&manifest.value, &stored);
        wrong.extend(lines.iter().map(|line| format!("{}: {line}", manifest.title())));
    }
    // The controller writes to what it serves, so it comes only now.
    let operator = operator::start(engines, &cluster, moto.url())?;
    let mut missing = Vec::new();
    let arrived = wait_until(ARRIVAL, || {
        missing = case.missing(&mut cluster.objects, &moto)?;
        Ok(missing.is_empty().then_some(()))
    })?;
    if arrived.is_none() {
        wrong.append(&mut missing);
        wrong.push(operator.log_tail(15));
    }
    let refreshed = stack.said(&["refresh", "--yes", "--skip-preview"])?;
    if refreshed.code != Some(0) {
        wrong.push(refreshed.all);
    }
    match stack.preview()? {
        Ok(steps) => {
            wrong.extend(changes(&steps).iter().map(|step| format!("a second preview would {step}")))
        }
        Err(words) => wrong.push(words),
    }
    let destroyed = stack.destroy()?;
    if destroyed.code != Some(0) {
        wrong.push(destroyed.all);
    }
    for manifest in &rendered {
        if cluster.objects.get(manifest)?.is_ok() {
            wrong.push(format!("{} is left over", manifest.title()));
        }
    }
    Ok(wrong)
}
