//! Declared secrets arrive: document, controller and store together.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Result;
use crate::e2e::cluster::Cluster;
use crate::e2e::engines::Engines;
use crate::e2e::keyloom::{Keyloom, Rendered};
use crate::e2e::manifests::{Manifest, sorted};
use crate::e2e::moto::Moto;
use crate::e2e::operator;
use crate::e2e::options::Options;
use crate::e2e::process::{Server, wait_until};
use crate::e2e::report::Report;
use crate::e2e::sync::case::Case;
use crate::e2e::versions::{self, Version};

pub(super) mod case;

const ARRIVAL: Duration = Duration::from_secs(60);

/// What a case runs against.
struct Bench<'a> {
    cluster: Cluster,
    moto: Moto,
    operator: Server,
    keyloom: &'a Keyloom,
}

/// Syncs every case, and every example that says what its store holds.
pub(super) fn run(
    engines: &Engines,
    keyloom: &Keyloom,
    options: &Options,
    report: &mut Report,
) -> Result<()> {
    let cases: Vec<PathBuf> = cases()?.into_iter().filter(|case| options.selects(&title(case))).collect();
    if cases.is_empty() {
        return Ok(());
    }
    let mut cluster = Cluster::start(engines)?;
    cluster.objects.install_crds(&versions::controllers_crds()?)?;
    let moto = Moto::start(&engines.moto, cluster.dir())?;
    let operator = operator::start(engines, &cluster, moto.url())?;
    let mut bench = Bench { cluster, moto, operator, keyloom };
    for dir in cases {
        report.conclude(&title(&dir), bench.sync(&dir))?;
    }
    Ok(())
}

impl Bench<'_> {
    /// Runs one case; every fault is a line.
    fn sync(&mut self, dir: &Path) -> Result<Vec<String>> {
        let case = Case::read(dir)?;
        let manifests = match self.keyloom.render(Version::V0_20, None, &case.document)? {
            Rendered::Manifests(manifests) => manifests,
            Rendered::NewerThanVersion => {
                return Ok(vec!["has fields newer than the controller".to_owned()]);
            }
            Rendered::Refused(words) => return Ok(vec![words]),
        };
        for (name, value) in &case.aws {
            self.moto.create_secret(name, value)?;
        }
        let wrong = self.arrive(&case, &manifests)?;
        self.clear(&case, &manifests)?;
        Ok(wrong)
    }

    fn arrive(&mut self, case: &Case, manifests: &[Manifest]) -> Result<Vec<String>> {
        for manifest in case.kubernetes.iter().chain(manifests) {
            let applied = self.cluster.objects.apply(manifest)?;
            if !applied.is_ok() {
                return Ok(vec![format!("{}: {}", manifest.title(), applied.summary())]);
            }
        }
        let objects = &mut self.cluster.objects;
        let mut wrong = Vec::new();
        let arrived = wait_until(ARRIVAL, || {
            wrong = case.missing(objects, &self.moto)?;
            Ok(wrong.is_empty().then_some(()))
        })?;
        if arrived.is_none() {
            wrong.extend(self.explain(manifests)?);
        }
        Ok(wrong)
    }

    /// What the controller says about it.
    fn explain(&mut self, manifests: &[Manifest]) -> Result<Vec<String>> {
        let mut words = Vec::new();
        for manifest in manifests {
            let stored = self.cluster.objects.get(manifest)?.json();
            words.push(format!("{}: status {}", manifest.title(), stored["status"]));
        }
        words.push("the controller's last words:".to_owned());
        words.push(self.operator.log_tail(15));
        Ok(words)
    }

    /// Leaves nothing that a later case could mistake for its own.
    fn clear(&mut self, case: &Case, manifests: &[Manifest]) -> Result<()> {
        // Stores last: the controller needs them to let go of what they serve.
        for manifest in manifests.iter().rev() {
            self.cluster.objects.delete(manifest)?;
        }
        // Nobody collects garbage here: the Secrets of a deleted ExternalSecret stay.
        let others = case.kubernetes.iter().filter(|object| object.kind() != "Namespace");
        for target in case.targets().iter().chain(others) {
            self.cluster.objects.delete(target)?;
        }
        self.moto.reset()
    }
}

fn cases() -> Result<Vec<PathBuf>> {
    let root = crate::root();
    let mut found = Vec::new();
    for (home, inner) in [("e2e/sync", ""), ("examples", "e2e")] {
        let home = root.join(home);
        if home.is_dir() {
            let dirs = sorted(&home)?.into_iter();
            found.extend(dirs.filter(|dir| dir.join(inner).join("expected.json").is_file()));
        }
    }
    Ok(found)
}

fn title(dir: &Path) -> String {
    let name = dir.strip_prefix(crate::root()).unwrap_or(dir);
    format!("sync {}", name.display())
}
