//! What a service says of changes and of where it reads, against what it reads.

use crate::code::{ROTATION_STRATEGY, SECRET_ACCESS};
use crate::finding::{Findings, Place};
use crate::service::{RotationStrategy, SecretAccess, SecretRead, ServiceConfig, Wanted};

pub(super) fn check(service: &ServiceConfig, reads: &[SecretRead], place: &Place, findings: &mut Findings) {
    let container = |read: &&SecretRead| !matches!(read.wanted, Wanted::Registry { .. });
    let mut reads = reads.iter().filter(container).peekable();
    let by_itself = service.secret_access == Some(SecretAccess::Infisical);
    if let (true, Some(first)) = (by_itself, reads.peek()) {
        findings
            .warning(
                SECRET_ACCESS,
                place.at("secretAccess"),
                "it reads from Infisical itself, and from a Kubernetes Secret",
            )
            .why("what it reads from the Secret changes at another time than what it asks Infisical for")
            .fix("leave the Secret out, or leave `secretAccess` out")
            .and(first.at_name.clone(), "read here");
    }
    let at = place.at("rotationStrategy");
    match service.rotation_strategy {
        Some(RotationStrategy::Restart) => {
            if reads.peek().is_none() && service.config_maps().is_empty() {
                findings
                    .warning(
                        ROTATION_STRATEGY,
                        at,
                        "it is to be restarted when a secret changes, and reads none",
                    )
                    .why("Reloader watches the Secrets and ConfigMaps that are read here")
                    .fix("leave `rotationStrategy` out, or say what it reads");
            }
        }
        // Its own client brings what has changed.
        Some(RotationStrategy::File | RotationStrategy::Signal) if by_itself => {}
        Some(RotationStrategy::File) => {
            from_files(service, reads, ("file", "reads its files again"), &at, findings)
        }
        Some(RotationStrategy::Signal) => {
            from_files(
                service,
                reads,
                ("signal", "gets a signal and then reads its files again"),
                &at,
                findings,
            );
        }
        Some(RotationStrategy::None) | None => {}
    }
}

/// Files change while the pod runs; its variables do not.
fn from_files<'r>(
    service: &ServiceConfig,
    reads: impl Iterator<Item = &'r SecretRead>,
    (word, what): (&str, &str),
    at: &Place,
    findings: &mut Findings,
) {
    if service.volumes.is_empty() {
        findings
            .error(ROTATION_STRATEGY, at.clone(), format!("`{word}`: it {what}, and there are none"))
            .why("variables stay as they were when the pod started")
            .fix("read the Secret in `volumes`, or write `rotationStrategy: restart`");
        return;
    }
    for read in reads {
        match read.wanted {
            Wanted::Variable { .. } | Wanted::Variables { .. } => {
                findings
                    .warning(
                        ROTATION_STRATEGY,
                        read.at_name.clone(),
                        format!("it {what}, and this is in a variable"),
                    )
                    .why("a variable stays as it was when the pod started")
                    .fix("read it in `volumes`, or write `rotationStrategy: restart`");
            }
            Wanted::File { .. } | Wanted::Files | Wanted::Registry { .. } => {}
        }
    }
}
