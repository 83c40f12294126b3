//! What an identity may do in a place of a project.

use serde_json::{Value, json};

use super::access::Actor;
use crate::error::Fault;
use crate::glob;
use crate::seed::{Access, Grant, Role};
use crate::store::Project;
use crate::world::World;

impl World {
    /// Grants of somebody in a project.
    ///
    /// # Errors
    /// Somebody who is no member.
    fn grants(&self, actor: Actor, project: &Project) -> Result<Vec<&Grant>, Fault> {
        let grants = self.identities[actor.identity].grants.iter();
        let grants: Vec<&Grant> = grants.filter(|grant| grant.project == project.slug).collect();
        if grants.is_empty() {
            return Err(Fault::forbidden("Identity is not a member of this project"));
        }
        Ok(grants)
    }

    /// What somebody may do in a folder; nothing is `None`.
    pub(crate) fn access(
        &self,
        actor: Actor,
        project: &Project,
        environment: &str,
        path: &str,
    ) -> Result<Option<Access>, Fault> {
        let grants = self.grants(actor, project)?.into_iter();
        let here = grants
            .filter(|grant| glob::fits(&grant.environment, environment) && glob::fits(&grant.path, path));
        Ok(here.map(|grant| grant.access).max())
    }

    /// Whether somebody may do so much in a folder.
    ///
    /// # Errors
    /// 403, with the rules that there are.
    pub(crate) fn require(
        &self,
        actor: Actor,
        project: &Project,
        (environment, path): (&str, &str),
        wanted: Access,
        (action, subject): (&str, &str),
    ) -> Result<Access, Fault> {
        match self.access(actor, project, environment, path)? {
            Some(access) if access >= wanted => Ok(access),
            _ => {
                let grants = self.grants(actor, project)?.into_iter();
                let rules =
                    grants.filter(|grant| grant.access >= wanted).map(|grant| rule(grant, action, subject));
                Err(Fault::denied(action, subject, rules.collect()))
            }
        }
    }

    /// Whether somebody may do so much in the organisation.
    ///
    /// # Errors
    /// 403, without rules.
    pub(crate) fn require_role(
        &self,
        actor: Actor,
        wanted: Role,
        action: &str,
        subject: &str,
    ) -> Result<(), Fault> {
        let rank = |role| match role {
            Role::NoAccess => 0,
            Role::Member => 1,
            Role::Admin => 2,
        };
        let role = self.identities[actor.identity].role;
        let may = rank(role) >= rank(wanted);
        if may { Ok(()) } else { Err(Fault::denied(action, subject, Vec::new())) }
    }
}
fn rule(grant: &Grant, action: &str, subject: &str) -> Value {
    json!({
        "action": action, "inverted": false, "subject": subject,
        "conditions": {"environment": {"$glob": grant.environment}, "secretPath": {"$glob": grant.path}},
    })
}
