//! What ExternalSecrets read, and whether a change may concern it.

use super::objects::{ExternalSecretSpec, SourceRef, StoreRef};
use super::path::Path;
use super::stores::Store;

/// What an entry asks its store for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Read<'o> {
    /// The secret of this key.
    Secret(&'o str),
    /// All that a search finds, perhaps below this path alone.
    Search(Option<&'o str>),
}

/// The entries that read a store, each with the store that it names, or else that of the whole. An entry that names a
/// generator reads nothing.
pub(crate) fn entries(spec: &ExternalSecretSpec) -> impl Iterator<Item = (&StoreRef, Read<'_>)> {
    let whole = spec.secret_store_ref.as_ref();
    let data = spec.data.iter().flatten().filter_map(move |one| {
        let key = one.remote_ref.as_ref()?.key.as_str();
        Some((store_of(one.source_ref.as_ref(), whole)?, Read::Secret(key)))
    });
    let data_from = spec.data_from.iter().flatten().filter_map(move |one| {
        let read = match (&one.find, &one.extract) {
            (Some(find), _) => Read::Search(find.path.as_deref()),
            (None, Some(extract)) => Read::Secret(&extract.key),
            (None, None) => return None,
        };
        Some((store_of(one.source_ref.as_ref(), whole)?, read))
    });
    data.chain(data_from)
}

fn store_of<'o>(own: Option<&'o SourceRef>, whole: Option<&'o StoreRef>) -> Option<&'o StoreRef> {
    own.and_then(|own| own.store_ref.as_ref()).or(whole)
}

/// Whether what is read from a store may be in a folder. Folders that are imported there are not known here: Infisical tells
/// those that import of the change as well.
pub(crate) fn reaches(store: &Store, read: Read<'_>, folder: &Path) -> bool {
    match read {
        Read::Secret(key) => store.path.of_key(key) == *folder,
        Read::Search(None) => lists(store, &store.path, folder),
        Read::Search(Some(path)) => searches(store, path, folder),
    }
}

/// Whether a list of a path has what lies in a folder.
fn lists(store: &Store, path: &Path, folder: &Path) -> bool {
    match store.recursive {
        true => folder.is_within(path),
        false => folder == path,
    }
}

/// What `find.path` means has changed: in old operators (0.20) it begins a secret's name, in which there is no `/`; in later
/// ones (2.9) the folder's path; newer ones list that path. What any of them reads counts.
fn searches(store: &Store, path: &str, folder: &Path) -> bool {
    let listed = lists(store, &store.path, folder) && (!path.starts_with('/') || folder.begins_with(path));
    listed || lists(store, &Path::new(path), folder)
}

/// Why the operator does not look at force-sync annotations of an ExternalSecret once it is synced, if it does not.
pub(crate) fn deaf(spec: &ExternalSecretSpec) -> Option<&'static str> {
    match spec.refresh_policy.as_deref() {
        Some("CreatedOnce") => Some("refreshPolicy CreatedOnce"),
        Some("OnChange") => None,
        // Periodic, which is also what is left out.
        _ => spec.refresh_interval.as_deref().is_some_and(is_never).then_some("refreshInterval 0"),
    }
}

/// Whether a length of time is none, such as `0s` or `0h0m0s`, or less.
fn is_never(interval: &str) -> bool {
    interval.starts_with('-') || !interval.contains(|it: char| matches!(it, '1'..='9'))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn store(path: &str, recursive: bool) -> Store {
        Store {
            project: "web-shop".to_owned(),
            environment: "prod".to_owned(),
            path: Path::new(path),
            recursive,
            conditions: Vec::new(),
        }
    }

    fn spec(value: Value) -> ExternalSecretSpec {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_key_is_read_in_its_folder_alone() {
        for (scope, key, reached, not) in [
            ("/apps/web", "FOO", &["/apps/web"][..], &["/apps", "/apps/web/sub", "/apps/webs", "/"][..]),
            ("/apps/web", "/FOO", &["/"], &["/apps/web"]),
            ("/apps/web", "/db/main/FOO", &["/db/main"], &["/db", "/db/main/sub", "/apps/web"]),
            ("/apps/web", "sub/FOO", &["/apps/web/sub"], &["/apps/web", "/sub"]),
            ("/apps/web", "../api/FOO", &["/apps/api"], &["/apps/web"]),
            ("", "FOO", &["/"], &["/apps"]),
        ] {
            // Single keys are read in one folder, recursive or not.
            for store in [store(scope, false), store(scope, true)] {
                for (folders, expected) in [(reached, true), (not, false)] {
                    for folder in folders {
                        let reaches = reaches(&store, Read::Secret(key), &Path::new(folder));
                        assert_eq!(reaches, expected, "{key} of {scope} in {folder}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_search_finds_what_its_store_lists() {
        for (scope, recursive, path, reached, not) in [
            ("/apps", false, None, &["/apps"][..], &["/", "/apps/web", "/application"][..]),
            ("/apps", true, None, &["/apps", "/apps/web", "/apps/web/x"], &["/", "/application"]),
            ("/", true, None, &["/", "/anything"], &[]),
            // Characters, as the operator compares them: `/app` begins `/apps` too.
            ("/", true, Some("/app"), &["/app", "/app/x", "/apps"], &["/", "/other"]),
            ("/apps", true, Some("/apps/web"), &["/apps/web", "/apps/web/x"], &["/apps", "/apps/api"]),
            // Newer operators list the path, wherever it lies.
            ("/apps", false, Some("/other"), &["/other"], &["/apps", "/other/x"]),
            // For old ones these characters begin the secret's name.
            ("/apps", false, Some("DB_"), &["/apps"], &["/apps/web", "/"]),
        ] {
            let store = store(scope, recursive);
            for (folders, expected) in [(reached, true), (not, false)] {
                for folder in folders {
                    let reaches = reaches(&store, Read::Search(path), &Path::new(folder));
                    assert_eq!(reaches, expected, "{path:?} of {scope}, recursive {recursive}, in {folder}");
                }
            }
        }
    }

    #[test]
    fn each_entry_has_its_store() {
        let spec = spec(json!({
            "secretStoreRef": {"name": "whole"},
            "data": [
                {"secretKey": "a", "remoteRef": {"key": "A"}},
                {"secretKey": "b", "remoteRef": {"key": "B"},
                 "sourceRef": {"storeRef": {"name": "own", "kind": "ClusterSecretStore"}}},
            ],
            "dataFrom": [
                {"extract": {"key": "C"}},
                {"find": {"name": {"regexp": "x"}}},
                {"find": {"path": "/p"}, "sourceRef": {"storeRef": {"name": "own"}}},
                {"sourceRef": {"generatorRef": {"kind": "Password", "name": "p"}}},
            ],
        }));
        let found: Vec<_> =
            entries(&spec).map(|(store, read)| (store.name.as_deref().unwrap(), read)).collect();
        assert_eq!(
            found,
            [
                ("whole", Read::Secret("A")),
                ("own", Read::Secret("B")),
                ("whole", Read::Secret("C")),
                ("whole", Read::Search(None)),
                ("own", Read::Search(Some("/p"))),
            ]
        );
        assert_eq!(entries(&ExternalSecretSpec::default()).count(), 0);
    }

    #[test]
    fn who_is_never_synced_again_does_not_hear() {
        for (value, expected) in [
            (json!({}), None),
            (json!({"refreshInterval": "1h0m0s"}), None),
            (json!({"refreshInterval": "0"}), Some("refreshInterval 0")),
            (json!({"refreshInterval": "0h0m0s", "refreshPolicy": "Periodic"}), Some("refreshInterval 0")),
            (json!({"refreshInterval": "-1h"}), Some("refreshInterval 0")),
            (json!({"refreshInterval": "0s", "refreshPolicy": "OnChange"}), None),
            (
                json!({"refreshInterval": "1h", "refreshPolicy": "CreatedOnce"}),
                Some("refreshPolicy CreatedOnce"),
            ),
        ] {
            assert_eq!(deaf(&spec(value.clone())), expected, "{value}");
        }
    }
}
