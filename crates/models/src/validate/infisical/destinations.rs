//! Destinations of syncs: which fields belong together.

use crate::app_connection::arguments::fields_of_block;
use crate::config::infisical::Destination;
use crate::finding::{Findings, Place};
use crate::policy::{GcpScope, GithubScope, GithubVisibility, MappingBehavior};
use crate::secret_sync::{
    AwsSecretsManagerDestination, DestinationConfig, GcpSecretManagerDestination, GithubDestination,
    SyncOptions,
};

use super::present;

/// Makes one, and says what is wrong with it; none where something is missing.
pub(super) fn make(
    item: &DestinationConfig,
    _options: &SyncOptions,
    place: &Place,
    findings: &mut Findings,
) -> Option<Destination> {
    match item {
        DestinationConfig::AwsSecretsManager(it) => secrets_manager(it, place, findings),
        DestinationConfig::AwsParameterStore(it) => {
            Some(Destination::AwsParameterStore { region: it.aws_region.clone(), path: it.path.clone() })
        }
        DestinationConfig::Github(it) => github(it, place, findings),
        DestinationConfig::GcpSecretManager(it) => gcp(it, place, findings),
        DestinationConfig::AzureKeyVault(it) => {
            Some(Destination::AzureKeyVault { vault_base_url: it.vault_base_url.clone() })
        }
        DestinationConfig::Carried(kind, block) => {
            Some(Destination::Carried { kind: *kind, arguments: fields_of_block(block).0 })
        }
    }
}

fn secrets_manager(
    it: &AwsSecretsManagerDestination,
    _place: &Place,
    _findings: &mut Findings,
) -> Option<Destination> {
    let name = present(it.aws_secrets_manager_secret_name.as_ref());
    let secret_name = match it.mapping_behavior.unwrap_or(MappingBehavior::ManyToOne) {
        MappingBehavior::ManyToOne => Some(name?),
        MappingBehavior::OneToOne => None,
    };
    Some(Destination::AwsSecretsManager { region: it.aws_region.clone(), secret_name })
}

fn github(it: &GithubDestination, _place: &Place, _findings: &mut Findings) -> Option<Destination> {
    let owner = present(it.repository_owner.as_ref());
    let name = present(it.repository_name.as_ref());
    let environment = present(it.repository_environment.as_ref());
    Some(match it.scope {
        GithubScope::Repository => Destination::GithubRepository { owner: owner?, name: name? },
        GithubScope::RepositoryEnvironment => {
            Destination::GithubEnvironment { owner: owner?, name: name?, environment: environment? }
        }
        GithubScope::Organization => Destination::GithubOrganization {
            owner: owner?,
            visibility: it.visibility?,
            selected_repository_ids: match it.visibility? {
                GithubVisibility::Selected => it.selected_repository_ids.clone(),
                GithubVisibility::All | GithubVisibility::Private => Vec::new(),
            },
        },
    })
}

fn gcp(it: &GcpSecretManagerDestination, _place: &Place, _findings: &mut Findings) -> Option<Destination> {
    let project_id = it.project_id.clone();
    Some(match it.scope.unwrap_or(GcpScope::Global) {
        GcpScope::Global => {
            Destination::GcpGlobal { project_id, replicas: it.user_replica_location_ids.clone() }
        }
        GcpScope::Region => {
            Destination::GcpRegion { project_id, location_id: present(it.location_id.as_ref())? }
        }
    })
}
