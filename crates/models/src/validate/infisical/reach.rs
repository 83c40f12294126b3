//! Where a sync writes, so that two destinations can be compared: a container, and the names in it that the sync claims.

use keyloom_syntax::Text;

use crate::config::infisical::{
    AppConnection, Argument, ConnectionOrigin, ConnectionRef, Destination, SecretSync,
};
use crate::key_schema::names::Names;

/// A sync that is made, with what is known of where it writes.
#[derive(Clone, Copy)]
pub(super) struct Enabled<'a> {
    /// Its number in the document's list.
    pub(super) number: usize,
    pub(super) sync: &'a SecretSync,
    /// What it makes of names.
    pub(super) names: Names<'a>,
}

/// Yes, no, or not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Same {
    No,
    Unknown,
    Yes,
}

/// Names in a container: one, or all of a form.
pub(super) enum Claim<'a> {
    /// One secret, as a whole.
    One(String),
    /// Every name of that form.
    Each(Names<'a>),
}

impl<'a> Enabled<'a> {
    /// The container that it writes to: whatever tells two apart, but for the account; none where that is not known.
    pub(super) fn container(&self) -> Option<Vec<String>> {
        let lower = |text: &Text| text.known().map(str::to_ascii_lowercase);
        let parts: Vec<Option<String>> = match &self.sync.destination {
            Destination::AwsSecretsManager { region, .. } => vec![lower(region)],
            Destination::AwsParameterStore { region, path } => vec![lower(region), owned(path)],
            Destination::GithubRepository { owner, name } => vec![lower(owner), lower(name)],
            Destination::GithubEnvironment { owner, name, environment } => {
                vec![lower(owner), lower(name), lower(environment)]
            }
            Destination::GithubOrganization { owner, .. } => vec![lower(owner)],
            Destination::GcpGlobal { project_id, .. } => vec![lower(project_id)],
            Destination::GcpRegion { project_id, location_id } => {
                vec![lower(project_id), lower(location_id)]
            }
            Destination::AzureKeyVault { vault_base_url } => {
                vec![lower(vault_base_url).map(|url| url.trim_end_matches('/').to_owned())]
            }
            Destination::Carried { arguments, .. } => {
                let mut arguments: Vec<_> = arguments.iter().collect();
                arguments.sort_by(|a, b| a.0.cmp(&b.0));
                arguments.into_iter().map(|(name, value)| Some(format!("{name}={}", said(value)?))).collect()
            }
        };
        let mut container = vec![self.sync.kind().as_str().to_owned()];
        container.extend(parts.into_iter().collect::<Option<Vec<_>>>()?);
        Some(container)
    }

    /// What it claims there.
    pub(super) fn claim(&self) -> Option<Claim<'a>> {
        match &self.sync.destination {
            Destination::AwsSecretsManager { secret_name: Some(name), .. } => {
                Some(Claim::One(self.names.secret(name.known()?)))
            }
            _ => Some(Claim::Each(self.names)),
        }
    }

    /// Whether it writes the secret of that name in Secrets Manager, or the parameter.
    pub(super) fn writes(&self, name: &str) -> bool {
        match (&self.sync.destination, self.claim()) {
            (Destination::AwsParameterStore { path, .. }, _) => path
                .known()
                .and_then(|path| name.strip_prefix(path))
                .is_some_and(|rest| self.names.claims(rest)),
            (_, Some(Claim::One(own))) => own == name,
            (_, Some(Claim::Each(names))) => names.claims(name),
            (_, None) => false,
        }
    }

    /// Whether another sync, which writes to a container of the same description, writes to the same one.
    pub(super) fn account(&self, other: &Self, connections: &[Option<AppConnection>]) -> Same {
        let (a, b) = (&self.sync.connection, &other.sync.connection);
        let one = match (a, b) {
            (ConnectionRef::Elsewhere(a), ConnectionRef::Elsewhere(b)) => {
                same(a.known(), b.known()) == Same::Yes
            }
            (ConnectionRef::Declared(a), ConnectionRef::Declared(b)) => a == b,
            (ConnectionRef::Elsewhere(_), ConnectionRef::Declared(_))
            | (ConnectionRef::Declared(_), ConnectionRef::Elsewhere(_)) => false,
        };
        if one {
            return Same::Yes;
        }
        match &self.sync.destination {
            Destination::AwsSecretsManager { .. } | Destination::AwsParameterStore { .. } => {
                same(account(a, connections).as_deref(), account(b, connections).as_deref())
            }
            Destination::GithubRepository { .. }
            | Destination::GithubEnvironment { .. }
            | Destination::GithubOrganization { .. } => {
                same(github(a, connections).as_deref(), github(b, connections).as_deref())
            }
            // Their addresses are those of the whole world.
            Destination::GcpGlobal { .. }
            | Destination::GcpRegion { .. }
            | Destination::AzureKeyVault { .. } => Same::Yes,
            Destination::Carried { .. } => Same::Unknown,
        }
    }
}

impl Claim<'_> {
    /// Whether some name is claimed by both.
    pub(super) fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::One(a), Self::One(b)) => a == b,
            (Self::One(name), Self::Each(names)) | (Self::Each(names), Self::One(name)) => names.claims(name),
            (Self::Each(a), Self::Each(b)) => a.meets(b),
        }
    }
}

fn owned(text: &Text) -> Option<String> {
    text.known().map(str::to_owned)
}

fn said(argument: &Argument) -> Option<String> {
    Some(match argument {
        Argument::Text(text) => text.known()?.to_owned(),
        Argument::Variable(_) => return None,
        Argument::Bool(value) => value.to_string(),
        Argument::Number(number) => number.as_f64().to_string(),
        Argument::List(items) => items.iter().map(said).collect::<Option<Vec<_>>>()?.join(","),
    })
}

/// Whether two known things are the same.
pub(super) fn same(a: Option<&str>, b: Option<&str>) -> Same {
    match (a, b) {
        (Some(a), Some(b)) if a == b => Same::Yes,
        (Some(_), Some(_)) => Same::No,
        _ => Same::Unknown,
    }
}

fn credential<'a>(
    reference: &ConnectionRef,
    connections: &'a [Option<AppConnection>],
    attribute: &str,
) -> Option<&'a Argument> {
    let ConnectionRef::Declared(number) = reference else { return None };
    let ConnectionOrigin::Declared(declared) = &connections.get(*number)?.as_ref()?.origin else {
        return None;
    };
    declared.credentials.iter().find(|(name, _)| name == attribute).map(|(_, argument)| argument)
}

/// The account of AWS that a connection leads to, as its role tells.
pub(super) fn account(reference: &ConnectionRef, connections: &[Option<AppConnection>]) -> Option<String> {
    let arn = credential(reference, connections, "role_arn")?.text()?.known()?;
    account_of(arn).map(str::to_owned)
}

/// The account in an ARN.
pub(in crate::validate) fn account_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(4).filter(|account| !account.is_empty())
}

/// The GitHub that a connection leads to; not known of one that is made elsewhere.
pub(super) fn github(reference: &ConnectionRef, connections: &[Option<AppConnection>]) -> Option<String> {
    let ConnectionRef::Declared(_) = reference else { return None };
    match credential(reference, connections, "host") {
        Some(host) => Some(host.text()?.known()?.to_ascii_lowercase()),
        None => Some("github.com".to_owned()),
    }
}
