//! Asking for secrets by whichever interface a server has: the current one (v4), which takes ids of projects alone, or the
//! older one (v3), which is deprecated and takes slugs too.

use reqwest::Url;
use serde::Deserialize;

use crate::client::Client;
use crate::error::Error;
use crate::etag::Etag;
use crate::folder::{Folder, Project};
use crate::http::Answer;

/// A project, as far as it is used.
#[derive(Deserialize)]
struct Found {
    id: String,
}

/// Whether values travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    Names,
    Values,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    pub(crate) folder: &'a Folder,
    /// One secret of it; all where there is none.
    pub(crate) name: Option<&'a str>,
    pub(crate) view: View,
}

impl Client {
    /// Lists a folder together with its imports.
    pub(crate) async fn list(
        &self,
        folder: &Folder,
        view: View,
        known: Option<&Etag>,
    ) -> Result<Answer, Error> {
        self.ask(Question { folder, name: None, view }, known).await
    }

    pub(crate) async fn ask(&self, question: Question<'_>, known: Option<&Etag>) -> Result<Answer, Error> {
        let folder = question.folder;
        let id = match &folder.project {
            Project::Id(id) => Some(id.clone()),
            Project::Slug(slug) => self.known_id(slug),
        };
        if let Some(id) = id.filter(|_| !self.is_old()) {
            match self.get(&self.current(&id, question), known).await {
                Err(error) if is_no_route(&error) => self.set_old(true),
                other => return other,
            }
        }
        match self.get(&self.older(question), known).await {
            // A server that is newer than one thought, or than it was.
            Err(error) if is_no_route(&error) => {
                let id = match &folder.project {
                    Project::Id(id) if self.is_old() => id.clone(),
                    Project::Id(_) => return Err(error),
                    Project::Slug(slug) => self.look_up(slug).await?,
                };
                self.set_old(false);
                self.get(&self.current(&id, question), known).await
            }
            other => other,
        }
    }

    /// Asks for the id of a project, and remembers it.
    pub(crate) async fn look_up(&self, slug: &str) -> Result<String, Error> {
        let answer = match self.get(&self.base().join(&["api", "v1", "projects", "slug", slug]), None).await {
            // What older servers call a project.
            Err(error) if is_no_route(&error) => {
                self.get(&self.base().join(&["api", "v2", "workspace", slug]), None).await?
            }
            other => other?,
        };
        // What serde says may quote what it read.
        let found: Found = serde_json::from_slice(&answer.body).map_err(|_| Error::Answer {
            host: answer.host.clone(),
            why: "it is no project; does the address lead to Infisical?".to_owned(),
        })?;
        self.remember_id(slug, &found.id);
        Ok(found.id)
    }

    /// Versions differ in their defaults, so that every choice is spelled out.
    fn current(&self, project: &str, question: Question<'_>) -> Url {
        let Question { folder, name, view } = question;
        let mut url = self.base().join(&[&["api", "v4", "secrets"], name.as_slice()].concat());
        let mut query = url.query_pairs_mut();
        query
            .append_pair("projectId", project)
            .append_pair("environment", &folder.environment)
            .append_pair("secretPath", &folder.path)
            .append_pair("viewSecretValue", view.word())
            .append_pair("expandSecretReferences", view.word())
            .append_pair("includeImports", "true")
            // What the first builds of this interface called it.
            .append_pair("include_imports", "true");
        if name.is_none() {
            query.append_pair("recursive", "false").append_pair("includePersonalOverrides", "false");
        }
        drop(query);
        url
    }

    fn older(&self, question: Question<'_>) -> Url {
        let Question { folder, name, view } = question;
        let mut url = self.base().join(&[&["api", "v3", "secrets", "raw"], name.as_slice()].concat());
        let (which, project) = match &folder.project {
            Project::Id(id) => ("workspaceId", id),
            Project::Slug(slug) => ("workspaceSlug", slug),
        };
        let mut query = url.query_pairs_mut();
        query
            .append_pair(which, project)
            .append_pair("environment", &folder.environment)
            .append_pair("secretPath", &folder.path)
            .append_pair("viewSecretValue", view.word())
            .append_pair("expandSecretReferences", view.word())
            .append_pair("include_imports", "true");
        if name.is_none() {
            query.append_pair("recursive", "false");
        }
        drop(query);
        url
    }
}

impl View {
    fn word(self) -> &'static str {
        match self {
            Self::Names => "false",
            Self::Values => "true",
        }
    }
}

pub(crate) fn is_no_route(error: &Error) -> bool {
    matches!(error, Error::Refused { refusal, .. } if refusal.is_no_route())
}
