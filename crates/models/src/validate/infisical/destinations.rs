//! Destinations of syncs: which fields belong together, before what Terraform's provider says of it while it applies.

use keyloom_upstream::terraform::camel;
use keyloom_upstream::terraform::infisical::Choice;

use super::credentials::words;
use super::{addresses, held, present};
use crate::attributes::Fields;
use crate::code;
use crate::config::infisical::Destination;
use crate::finding::{Findings, Place};
use crate::policy::{GcpScope, GithubScope, GithubVisibility, MappingBehavior};
use crate::secret_sync::{
    AwsSecretsManagerDestination, DestinationConfig, GcpSecretManagerDestination, GithubDestination, SyncKind,
};

/// Makes one, and says what is wrong with it; none where something is missing.
pub(super) fn make(item: &DestinationConfig, place: &Place, findings: &mut Findings) -> Option<Destination> {
    let fields = item.fields();
    let kind = item.kind();
    match kind.facts().choice {
        Some(choice) => chosen(choice, &fields, place, findings),
        None => needed(kind, &fields, place, findings),
    }
    known(kind, &fields, place, findings);
    if let DestinationConfig::Carried(_, block) = item {
        held::check(block, place, findings);
    }
    addresses::destination(item, &fields, place, findings);
    match item {
        DestinationConfig::AwsSecretsManager(it) => secrets_manager(it),
        DestinationConfig::AwsParameterStore(it) => {
            Some(Destination::AwsParameterStore { region: it.aws_region.clone(), path: it.path.clone() })
        }
        DestinationConfig::Github(it) => github(it, place, findings),
        DestinationConfig::GcpSecretManager(it) => gcp(it),
        DestinationConfig::AzureKeyVault(it) => {
            Some(Destination::AzureKeyVault { vault_base_url: it.vault_base_url.clone() })
        }
        DestinationConfig::Carried(kind, _) => {
            Some(Destination::Carried { kind: *kind, arguments: fields.0 })
        }
    }
}

/// What a word such as `scope` needs is there, and what belongs to another word is not.
fn chosen(choice: Choice, fields: &Fields, place: &Place, findings: &mut Findings) {
    let by = camel(choice.attribute);
    let Some(word) = fields.known(choice.attribute).or(choice.default) else { return };
    let Some(case) = choice.cases.iter().find(|case| case.name == word) else {
        findings
            .error("unknown-value", place.at(by.clone()), format!("`{word}` is not a `{by}`"))
            .fix(format!("write one of {}", words(choice.cases.iter().map(|case| case.name))));
        return;
    };
    for missing in case.needs.iter().filter(|field| fields.get(field).is_none()) {
        let missing = camel(missing);
        findings
            .error(code::DESTINATION_FIELDS, place.clone(), format!("`{by}: {word}` needs `{missing}`"))
            .why("Terraform's provider asks for it only when it applies")
            .fix(format!("write `{missing}`"));
    }
    for (field, _) in &fields.0 {
        let others = case.others(choice.cases, field);
        if !others.is_empty() {
            foreign(&by, word, field, &others, place, findings);
        }
    }
}

fn foreign(by: &str, word: &str, field: &str, others: &[&str], place: &Place, findings: &mut Findings) {
    let name = camel(field);
    let others: Vec<_> = others.iter().map(|other| format!("`{by}: {other}`")).collect();
    findings
        .error(code::DESTINATION_FIELDS, place.at(name.clone()), format!("`{by}: {word}` has no `{name}`"))
        .why("Terraform's provider refuses it when it applies")
        .fix(format!("leave it out, or write {}", others.join(" or ")));
}

/// What a destination without a choice needs, of a document built in Rust; in text the schema asks for it.
fn needed(kind: SyncKind, fields: &Fields, place: &Place, findings: &mut Findings) {
    for missing in kind.destination().iter().filter(|it| it.required && fields.get(it.name).is_none()) {
        let name = camel(missing.name);
        findings
            .error(
                "missing-field",
                place.clone(),
                format!("a destination in {} needs `{name}`", kind.title()),
            )
            .fix(format!("write `{name}`"));
    }
}

/// Attributes that there are, of a document built in Rust; in text the schema asks for them.
fn known(kind: SyncKind, fields: &Fields, place: &Place, findings: &mut Findings) {
    for (field, _) in &fields.0 {
        if !kind.destination().iter().any(|attribute| attribute.name == field) {
            let name = camel(field);
            findings.error(
                "unknown-field",
                place.at(name.clone()),
                format!("`{name}` is not a field of a destination in {}", kind.title()),
            );
        }
    }
}

fn secrets_manager(it: &AwsSecretsManagerDestination) -> Option<Destination> {
    let name = present(it.aws_secrets_manager_secret_name.as_ref());
    let secret_name = match it.mapping_behavior.unwrap_or(MappingBehavior::ManyToOne) {
        MappingBehavior::ManyToOne => Some(name?),
        MappingBehavior::OneToOne => None,
    };
    Some(Destination::AwsSecretsManager { region: it.aws_region.clone(), secret_name })
}

fn github(it: &GithubDestination, place: &Place, findings: &mut Findings) -> Option<Destination> {
    let owner = present(it.repository_owner.as_ref());
    let name = present(it.repository_name.as_ref());
    let environment = present(it.repository_environment.as_ref());
    Some(match it.scope {
        GithubScope::Repository => Destination::GithubRepository { owner: owner?, name: name? },
        GithubScope::RepositoryEnvironment => {
            Destination::GithubEnvironment { owner: owner?, name: name?, environment: environment? }
        }
        GithubScope::Organization => {
            let visibility = it.visibility?;
            selection(it, visibility, place, findings);
            let selected_repository_ids = it.selected_repository_ids.clone();
            Destination::GithubOrganization { owner: owner?, visibility, selected_repository_ids }
        }
    })
}

/// Ids of repositories are there exactly if the visibility asks for them.
fn selection(it: &GithubDestination, visibility: GithubVisibility, place: &Place, findings: &mut Findings) {
    let some = !it.selected_repository_ids.is_empty();
    match visibility {
        GithubVisibility::Selected if !some => {
            findings
                .error(
                    code::DESTINATION_FIELDS,
                    place.at("visibility"),
                    "`visibility: selected` needs `selectedRepositoryIds`",
                )
                .why("Terraform's provider asks for it only when it applies")
                .fix("write the ids of the repositories, or another `visibility`");
        }
        GithubVisibility::All | GithubVisibility::Private if some => {
            let word = visibility.as_str();
            foreign(
                "visibility",
                word,
                "selected_repository_ids",
                &[GithubVisibility::Selected.as_str()],
                place,
                findings,
            );
        }
        GithubVisibility::Selected | GithubVisibility::All | GithubVisibility::Private => {}
    }
}

fn gcp(it: &GcpSecretManagerDestination) -> Option<Destination> {
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
