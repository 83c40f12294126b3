//! Findings about what was made of pipelines, told where it comes from and in its words.

use super::{Expanded, Origin};
use crate::code::{
    AWS_REGION, DUPLICATE_ITEM, DUPLICATE_SECRET_KEY, LITERAL_SECRET, REFRESH_ZERO, TWO_OWNERS,
};
use crate::finding::{Finding, Findings, List, Place, Step};

/// A pipeline names the secret that GitHub keeps.
pub(crate) const AT_GITHUB: &str = "keep the value among the Actions secrets of the repository, and write its name; if it has been committed, replace it there";

impl Expanded {
    /// Tells findings about what was added where it comes from.
    pub(in crate::validate) fn relocate(&self, findings: &mut Findings) {
        findings.0.retain(|finding| !self.is_told(finding));
        for finding in &mut findings.0 {
            let added = self.added(&finding.place);
            self.place(&mut finding.place);
            finding.others.iter_mut().for_each(|(place, _)| self.place(place));
            // An entry that has one target twice is one place.
            finding.others.retain(|(place, _)| *place != finding.place);
            if let Some(fix) = added.and_then(|list| remedy(finding.diagnostic.code, list)) {
                finding.fix(fix);
            }
        }
        let owned: Vec<_> =
            findings.0.iter().filter(|it| it.diagnostic.code == TWO_OWNERS).map(near).collect();
        // Two external secrets that write one Secret are called like it.
        findings.0.retain(|finding| {
            finding.diagnostic.code != DUPLICATE_ITEM
                || finding.place.list != List::Pipelines
                || !owned.contains(&near(finding))
        });
    }

    /// What is looked at where the pipeline says it.
    fn is_told(&self, finding: &Finding) -> bool {
        finding.diagnostic.code == AWS_REGION
            && finding.place.list == List::Stores
            && finding.place.index >= self.first_store
    }

    /// The list of something that was added.
    fn added(&self, place: &Place) -> Option<List> {
        let first = match place.list {
            List::Stores => self.first_store,
            List::ExternalSecrets => self.first_secret,
            _ => return None,
        };
        (place.index >= first).then_some(place.list)
    }

    fn place(&self, place: &mut Place) {
        match place.list {
            List::Stores => {
                let added = place.index.checked_sub(self.first_store);
                if let Some(pipeline) = added.and_then(|at| self.stores.get(at)) {
                    *place = of_store(*pipeline, &place.steps);
                }
            }
            List::ExternalSecrets => {
                let added = place.index.checked_sub(self.first_secret);
                if let Some(origin) = added.and_then(|at| self.secrets.get(at)) {
                    *place = origin.place(&place.steps);
                }
            }
            _ => {}
        }
    }
}

/// Where a finding about a Secret as a whole stands.
fn near(finding: &Finding) -> Place {
    let mut place = finding.place.clone();
    place.steps.pop();
    place
}

/// How a pipeline mends what an external secret or a store of one's own would mend otherwise.
fn remedy(code: &str, list: List) -> Option<&'static str> {
    match (code, list) {
        (DUPLICATE_ITEM, List::Stores) => Some(
            "call the pipeline or the store otherwise, or read through that store: `secretStoreRef` with its name",
        ),
        (DUPLICATE_ITEM, _) => Some(
            "the external secret is called like the Secret: call that otherwise, in `secret` or in `targets`",
        ),
        (TWO_OWNERS, _) => Some("send the entries to another Secret, or all of them through one pipeline"),
        (DUPLICATE_SECRET_KEY, _) => Some("write another `key`, or leave one out"),
        (LITERAL_SECRET, _) => Some(AT_GITHUB),
        (REFRESH_ZERO, _) => Some("write another `refreshInterval`"),
        _ => None,
    }
}

/// The setting of a pipeline that a field of its store comes from.
fn of_store(pipeline: usize, steps: &[Step]) -> Place {
    let pipeline = Place::item(List::Pipelines, pipeline);
    match steps {
        [Step::Key(aws), Step::Key(auth), ..] if aws == "aws" && auth == "auth" => {
            pipeline.path("eso.serviceAccount")
        }
        [Step::Key(name), ..] if name == "name" => pipeline.at("name"),
        [Step::Key(namespace), ..] if namespace == "namespace" => pipeline.path("secret.namespace"),
        _ => pipeline,
    }
}

impl Origin {
    /// The setting that a field of the external secret comes from.
    fn place(&self, steps: &[Step]) -> Place {
        let pipeline = Place::item(List::Pipelines, self.pipeline);
        match steps {
            [Step::Key(data), Step::Index(at), field @ ..] if data == "data" => self.entry(*at, field),
            [Step::Key(kept), ..]
                if matches!(&**kept, "secretStoreRef" | "refreshInterval" | "labels" | "annotations") =>
            {
                Place { steps: steps.to_vec(), ..pipeline }
            }
            _ => self.whole(steps),
        }
    }

    /// Where an entry is written, and what is said of it there.
    fn entry(&self, at: usize, field: &[Step]) -> Place {
        let secrets = Place::item(List::Pipelines, self.pipeline).at("secrets");
        let Some((secret, target)) = self.entries.get(at) else { return secrets };
        let secret = secrets.at(*secret);
        match (field, target) {
            ([Step::Key(field), ..], _) if field == "path" => secret.at("aws"),
            ([Step::Key(field), ..], _) if field == "property" => secret.at("property"),
            (_, Some(target)) => secret.at("targets").at(*target).at("key"),
            (_, None) => secret.at("key"),
        }
    }

    /// Where the Secret is named: the pipeline's own, or the target that names it first.
    fn whole(&self, steps: &[Step]) -> Place {
        let pipeline = Place::item(List::Pipelines, self.pipeline);
        let secret = match self.entries.first() {
            Some((secret, Some(target))) => pipeline.at("secrets").at(*secret).at("targets").at(*target),
            Some((_, None)) | None => pipeline.at("secret"),
        };
        match steps {
            [Step::Key(namespace), ..] if namespace == "namespace" => secret.at("namespace"),
            _ => secret.at("name"),
        }
    }
}
