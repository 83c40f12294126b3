//! Where secrets are: a folder of an environment of a project.

/// A folder of an environment of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// The project.
    pub project: Project,
    /// Slug of the environment.
    pub environment: String,
    /// Path of the folder, such as `/api`.
    pub path: String,
}

/// A project, by its id or by its slug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Project {
    /// A UUID. The current interface takes nothing else.
    Id(String),
    /// A slug, which only the older interface takes.
    Slug(String),
}

impl Project {
    /// What looks like a UUID is an id, everything else a slug.
    ///
    /// ```
    /// use keyloom_runtime::Project;
    /// assert!(matches!(Project::new("7d0c6f3e-1a2b-4c3d-9e8f-001122334455"), Project::Id(_)));
    /// assert!(matches!(Project::new("my-app-x7f2"), Project::Slug(_)));
    /// ```
    pub fn new(text: &str) -> Self {
        let groups: Vec<_> = text.split('-').collect();
        let digits = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let lengths: Vec<_> = groups.iter().map(|group| group.len()).collect();
        if digits && lengths == [8, 4, 4, 4, 12] {
            Self::Id(text.to_owned())
        } else {
            Self::Slug(text.to_owned())
        }
    }
}
