//! What a request for secrets asks for. The two versions differ in names and defaults.

use crate::error::Fault;
use crate::fields::Fields;
use crate::store::{Project, normal};
use crate::world::World;

/// A version of the routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Api {
    /// `/api/v3/secrets/raw`.
    V3,
    /// `/api/v4/secrets`.
    V4,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Query {
    /// The number of the project.
    pub(crate) project: usize,
    pub(crate) environment: String,
    pub(crate) path: String,
    pub(crate) view_value: bool,
    pub(crate) expand: bool,
    pub(crate) recursive: bool,
    pub(crate) imports: bool,
    /// Slugs of tags of which a secret must have one; none for all secrets.
    pub(crate) tags: Vec<String>,
    /// Pairs of metadata of which a secret must have all.
    pub(crate) metadata: Vec<(String, String)>,
}

impl Query {
    /// # Errors
    /// 422 for what has the wrong form, then 400 for what is missing, then 404 for a project that is not there.
    pub(crate) fn read(world: &World, fields: &mut Fields, api: Api) -> Result<Self, Fault> {
        let new = api == Api::V4;
        let today = new && !world.settings.early_v4;
        let imports = fields.flag(if today { "includeImports" } else { "include_imports" }, today);
        let query = Self {
            project: 0,
            environment: fields.optional("environment").unwrap_or_default(),
            path: normal(&fields.optional("secretPath").unwrap_or_default()),
            view_value: fields.flag("viewSecretValue", true),
            expand: fields.flag("expandSecretReferences", today),
            recursive: fields.flag("recursive", false),
            imports,
            tags: list(&fields.optional("tagSlugs").unwrap_or_default()),
            metadata: pairs(fields),
        };
        let id = said(fields, if new { "projectId" } else { "workspaceId" });
        let slug = said(fields, "workspaceSlug").filter(|_| !new);
        std::mem::take(fields).close()?;
        if (id.is_none() && slug.is_none()) || query.environment.is_empty() {
            return Err(Fault::bad_request("Missing project id or environment"));
        }
        let project = match (id, slug) {
            (Some(id), _) => world.project_by_id(&id)?,
            (None, slug) => world.project_by_slug(&slug.unwrap_or_default())?,
        };
        Ok(Self { project, ..query })
    }
}

/// A text that is there and not empty: clients send empty ones for what they do not know.
fn said(fields: &mut Fields, name: &str) -> Option<String> {
    fields.optional(name).filter(|text| !text.is_empty())
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

/// Pairs such as `key=a,value=b|key=c,value=d`; at most ten.
fn pairs(fields: &mut Fields) -> Vec<(String, String)> {
    let text = fields.optional("metadataFilter").unwrap_or_default();
    let part = |pair: &str, name: &str| {
        let mut sides = pair.split(',').filter_map(|part| part.split_once('='));
        let (_, value) = sides.find(|(side, _)| side.trim().eq_ignore_ascii_case(name))?;
        Some(value.trim().to_owned())
    };
    let pairs: Vec<(String, String)> =
        text.split('|').filter_map(|pair| Some((part(pair, "key")?, part(pair, "value")?))).collect();
    if pairs.len() > 10 {
        fields.complain("metadataFilter", "You can only filter by up to 10 metadata fields");
    }
    pairs
}

impl World {
    /// The number of a project.
    ///
    /// # Errors
    /// 404.
    pub(crate) fn project_by_id(&self, id: &str) -> Result<usize, Fault> {
        let found = self.projects.iter().position(|project: &Project| project.id == id);
        found.ok_or_else(|| Fault::not_found(format!("Project with ID '{id}' not found")))
    }

    /// The number of a project.
    ///
    /// # Errors
    /// 404.
    pub(crate) fn project_by_slug(&self, slug: &str) -> Result<usize, Fault> {
        let found = self.projects.iter().position(|project: &Project| project.slug == slug);
        found.ok_or_else(|| Fault::not_found(format!("Project with slug '{slug}' not found")))
    }
}
