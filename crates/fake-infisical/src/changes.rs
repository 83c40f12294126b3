//! What follows from a change of secrets: webhooks, and syncs of the folder and of those that import it.

use std::collections::BTreeSet;

use crate::secrets::write::Folder;
use crate::world::World;

/// A folder in which something changed, and by whom.
#[derive(Clone, Debug)]
pub(crate) struct Changed {
    place: Folder,
    /// The number of the identity; a test, if none.
    by: Option<usize>,
}

impl Changed {
    pub(crate) fn by_identity(identity: usize, place: Folder) -> Self {
        Self { place, by: Some(identity) }
    }

    pub(crate) fn by_test(place: Folder) -> Self {
        Self { place, by: None }
    }
}

impl World {
    /// Notes that a folder has changed, and so have those in which its secrets show.
    pub(crate) fn changed(&mut self, changed: Changed) {
        let by = match changed.by {
            Some(identity) => self.identities[identity].name.clone(),
            None => "test".to_owned(),
        };
        let mut seen = BTreeSet::new();
        let mut open = vec![changed.place];
        while let Some(place) = open.pop() {
            if seen.insert(place.clone()) {
                open.extend(self.importers(&place));
            }
        }
        for place in seen {
            self.sync_from(&place);
            self.queue.add(place, &by);
        }
    }

    /// Folders that import a folder.
    fn importers(&self, place: &Folder) -> Vec<Folder> {
        let mut found = Vec::new();
        for environment in &self.projects[place.project].environments {
            for (path, folder) in &environment.folders {
                let imports = folder.imports.iter();
                if imports.clone().any(|it| it.environment == place.environment && it.path == place.path) {
                    found.push(Folder {
                        project: place.project,
                        environment: environment.slug.clone(),
                        path: path.clone(),
                    });
                }
            }
        }
        found
    }
}
