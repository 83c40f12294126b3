//! Syncs that meet a pipeline: in AWS, where one secret would have two writers, and at GitHub, where a sync that claims every name
//! deletes what the workflow needs.

use keyloom_syntax::Text;

use super::reach::{Claim, Enabled, Same, account, github, same};
use crate::code::{SYNC_MAY_DELETE, TWO_WRITERS};
use crate::config::infisical::{AppConnection, Destination};
use crate::config::pipeline::Pipeline;
use crate::finding::{Findings, List, Place};
use crate::key_schema::names::Manner;
use crate::validate::world::World;

/// Checks every sync against every pipeline.
pub(super) fn check(
    all: &[Enabled<'_>],
    connections: &[Option<AppConnection>],
    world: &World<'_>,
    findings: &mut Findings,
) {
    for (number, pipeline) in world.pipelines.iter().enumerate() {
        for sync in all {
            in_aws(sync, pipeline, number, connections, findings);
            // Pipelines are of github.com.
            let elsewhere =
                github(&sync.sync.connection, connections).is_some_and(|host| host != "github.com");
            if sync.feeds(pipeline) != Same::No && !elsewhere {
                at_github(sync, pipeline, number, findings);
            }
        }
    }
}

fn in_aws(
    sync: &Enabled<'_>,
    pipeline: &Pipeline,
    number: usize,
    connections: &[Option<AppConnection>],
    findings: &mut Findings,
) {
    let Destination::AwsSecretsManager { region, .. } = &sync.sync.destination else { return };
    let here = account(&sync.sync.connection, connections);
    let reach = same(here.as_deref(), Some(&pipeline.aws.account));
    if region.known() != Some(pipeline.aws.region.as_str()) || reach == Same::No {
        return;
    }
    let one = matches!(sync.claim(), Some(Claim::One(_)));
    // What it claims and does not write it deletes.
    if !one && sync.sync.options.disable_secret_deletion {
        return;
    }
    let met = pipeline.secrets.iter().position(|secret| sync.writes(&secret.aws_name));
    let Some(at) = met else { return };
    let (own, whose) = (sync.sync.name.shown(), &pipeline.name);
    let name = &pipeline.secrets[at].aws_name;
    let message = match (one, reach) {
        (true, Same::Yes) => {
            format!("sync `{own}` and pipeline `{whose}` both write `{name}` of AWS Secrets Manager")
        }
        (true, _) => {
            format!("sync `{own}` and pipeline `{whose}` may both write `{name}` of AWS Secrets Manager")
        }
        (false, Same::Yes) => format!("sync `{own}` takes `{name}` of pipeline `{whose}` for its own"),
        (false, _) => format!("sync `{own}` may take `{name}` of pipeline `{whose}` for its own"),
    };
    let place = Place::item(List::SecretSyncs, sync.number).at("destinationConfig");
    let finding = match reach {
        Same::Yes => findings.error(TWO_WRITERS, place, message),
        Same::Unknown | Same::No => findings.warning(TWO_WRITERS, place, message),
    };
    if one {
        finding
            .why("each undoes what the other wrote")
            .fix("let one of the two own it, or write another name");
    } else {
        finding
            .why("what a sync claims and Infisical does not have, it deletes")
            .fix("give the sync a `keySchema` of its own that no name of the pipeline has, or `disableSecretDeletion: true`");
    }
    let secret = Place::item(List::Pipelines, number).at("secrets").at(at).at("aws");
    finding.and(secret, "the workflow writes this");
}

/// That a sync claims every name is told already; what stands there is known here.
fn at_github(sync: &Enabled<'_>, pipeline: &Pipeline, number: usize, findings: &mut Findings) {
    let names = &sync.names;
    let options = &sync.sync.options;
    if !names.claims_all() || Manner::of(sync.sync.kind(), false).keeps(options.disable_secret_deletion) {
        return;
    }
    let told = findings.0.iter_mut().find(|finding| {
        let place = &finding.place;
        finding.diagnostic.code == SYNC_MAY_DELETE
            && place.list == List::SecretSyncs
            && place.index == sync.number
    });
    let Some(told) = told else { return };
    let place = Place::item(List::Pipelines, number);
    let whose = &pipeline.name;
    let sources = sync.feeds(pipeline);
    let are = if sources == Same::Yes { "are" } else { "may be" };
    told.and(place.at("secrets"), format!("the sources of pipeline `{whose}` {are} among them"));
    for (setting, path) in pipeline.login_secrets() {
        let words = if sources == Same::Yes {
            format!("and `{setting}`, without which its workflow has no way in")
        } else {
            format!("`{setting}` too, unless it is kept nearer: pipeline `{whose}` has no other way in")
        };
        told.and(place.path(path), words);
    }
}

impl Enabled<'_> {
    /// Whether it writes to where a pipeline's sources are kept. A workflow sees the secrets of its repository beside those of
    /// its environment, and those of the organization that the repository may use, which is not known.
    pub(super) fn feeds(&self, pipeline: &Pipeline) -> Same {
        let wanted = &pipeline.github.environment;
        match &self.sync.destination {
            Destination::GithubRepository { owner, name } if is_repository(owner, name, pipeline) => {
                if wanted.is_none() { Same::Yes } else { Same::Unknown }
            }
            Destination::GithubEnvironment { owner, name, environment }
                if is_repository(owner, name, pipeline)
                    && wanted.as_ref().is_some_and(|wanted| is(environment, wanted)) =>
            {
                Same::Yes
            }
            Destination::GithubOrganization { owner, .. } if is(owner, &pipeline.github.owner) => {
                Same::Unknown
            }
            Destination::GithubRepository { .. }
            | Destination::GithubEnvironment { .. }
            | Destination::GithubOrganization { .. }
            | Destination::AwsSecretsManager { .. }
            | Destination::AwsParameterStore { .. }
            | Destination::GcpGlobal { .. }
            | Destination::GcpRegion { .. }
            | Destination::AzureKeyVault { .. }
            | Destination::Carried { .. } => Same::No,
        }
    }
}

fn is_repository(owner: &Text, name: &Text, pipeline: &Pipeline) -> bool {
    is(owner, &pipeline.github.owner) && is(name, &pipeline.github.repository)
}

/// GitHub does not tell capitals from small letters.
fn is(text: &Text, wanted: &str) -> bool {
    text.known().is_some_and(|text| text.eq_ignore_ascii_case(wanted))
}
