//! What is done to objects once the provider is configured. It blocks where a cluster is asked.

use keyloom_wire::Property;
use keyloom_wire::property::PropertyMap;

use super::check;
use super::cluster::{self, Failure, Place};
use super::diff::{self, Differences};
use super::file;
use super::http::Client;
use super::kind::Kind;
use super::prune::{normalize, prune};
use super::settings::{self, Settings};
use super::state::{self, state};
use crate::object::{plain_map, set_metadata};

/// A configured provider.
pub(super) struct Session {
    pub(super) settings: Settings,
    /// Or why there is no cluster.
    client: Result<Client, String>,
}

/// An object as it is now: its identity, what is kept of it, and the inputs that would make it.
pub(super) struct Found {
    pub(super) id: String,
    pub(super) state: PropertyMap,
    pub(super) inputs: PropertyMap,
}

impl Session {
    /// A cluster that cannot be told matters only where one is needed.
    pub(super) fn new(inputs: &PropertyMap) -> Self {
        let (settings, access) = settings::read(inputs);
        Self { settings, client: access.and_then(|access| Client::new(&access)) }
    }

    pub(super) fn check(
        &self,
        urn: &str,
        news: &PropertyMap,
        olds: &PropertyMap,
        seed: &[u8],
    ) -> Result<PropertyMap, String> {
        let namespaced = self.is_namespaced(&Kind::of(urn)?);
        let default = namespaced.then_some(self.settings.namespace.as_str());
        check::check(urn, news, olds, seed, default)
    }

    pub(super) fn diff(
        &self,
        urn: &str,
        olds: &PropertyMap,
        news: &PropertyMap,
    ) -> Result<Differences, String> {
        let kind = Kind::of(urn)?;
        let options = diff::Options {
            namespaced: self.is_namespaced(&kind),
            mutable_secrets: self.settings.mutable_secrets,
        };
        Ok(diff::diff(olds, news, &kind, options))
    }

    /// Makes an object; of a preview, what would be kept of it, without an identity.
    pub(super) fn create(
        &self,
        urn: &str,
        inputs: &PropertyMap,
        preview: bool,
    ) -> Result<(String, PropertyMap), String> {
        let object = plain_map(inputs);
        let none = PropertyMap::new();
        let live = match (&self.settings.render, preview) {
            (Some(_), true) => return Ok((String::new(), inputs.clone())),
            (Some(dir), false) => {
                file::write(dir, &object).map_err(|error| format!("{}: {error}", dir.display()))?;
                object
            }
            (None, true) if object.values().any(Property::holds_unknown) => {
                return Ok((String::new(), inputs.clone()));
            }
            (None, preview) => match self.create_in_cluster(&Kind::of(urn)?, &object, preview) {
                Ok(live) => live,
                // What the object needs may come with the same update, and what is in its way may go.
                Err(Failure::NoKind | Failure::NotFound(_) | Failure::Conflict(_)) if preview => {
                    return Ok((String::new(), inputs.clone()));
                }
                Err(failure) => return Err(format!("{} was not created: {failure}", state::id(&object))),
            },
        };
        let id = if preview { String::new() } else { state::id(&live) };
        Ok((id, state(live, inputs, &none, urn)))
    }

    fn create_in_cluster(
        &self,
        kind: &Kind,
        object: &PropertyMap,
        preview: bool,
    ) -> Result<PropertyMap, Failure> {
        let client = self.client()?;
        let mut live = cluster::create(client, &Place::find(client, kind)?, object, preview)?;
        if preview {
            live.remove("status");
        }
        Ok(live)
    }

    /// Changes an object in place.
    pub(super) fn update(
        &self,
        urn: &str,
        olds: &PropertyMap,
        news: &PropertyMap,
        preview: bool,
    ) -> Result<PropertyMap, String> {
        let object = plain_map(news);
        if preview && (self.settings.render.is_some() || object.values().any(Property::holds_unknown)) {
            return Ok(news.clone());
        }
        let live = match &self.settings.render {
            Some(dir) => {
                file::write(dir, &object).map_err(|error| format!("{}: {error}", dir.display()))?;
                object
            }
            None => {
                let manager = state::field_manager(olds, urn);
                self.apply(&Kind::of(urn)?, &object, &manager, preview)
                    .map_err(|failure| format!("{} was not updated: {failure}", state::id(&object)))?
            }
        };
        Ok(state(live, news, olds, urn))
    }

    fn apply(
        &self,
        kind: &Kind,
        object: &PropertyMap,
        manager: &str,
        preview: bool,
    ) -> Result<PropertyMap, Failure> {
        let client = self.client()?;
        cluster::apply(client, &Place::find(client, kind)?, object, manager, preview)
    }

    /// Reads an object; `None` when it is gone. Without inputs it is one to be imported.
    pub(super) fn read(
        &self,
        urn: &str,
        id: &str,
        olds: &PropertyMap,
        inputs: &PropertyMap,
    ) -> Result<Option<Found>, String> {
        if self.settings.render.is_some() {
            return Ok(Some(Found { id: id.to_owned(), state: olds.clone(), inputs: inputs.clone() }));
        }
        let kind = Kind::of(urn)?;
        let live = match self.read_from_cluster(&kind, &address(id)) {
            Err(Failure::NoKind | Failure::NotFound(_)) => return Ok(None),
            live => live.map_err(|failure| format!("{id} was not read: {failure}"))?,
        };
        let mut written = match inputs.is_empty() {
            true => normalize(live.clone(), false),
            false => prune(&live, &normalize(plain_map(inputs), kind.is_secret())),
        };
        written.remove("status");
        super::annotate::annotate(&mut written, inputs);
        Ok(Some(Found { id: id.to_owned(), state: state(live, &written, olds, urn), inputs: written }))
    }

    fn read_from_cluster(&self, kind: &Kind, address: &PropertyMap) -> Result<PropertyMap, Failure> {
        let client = self.client()?;
        cluster::read(client, &Place::find(client, kind)?, address)
    }

    /// Deletes an object, or its file.
    pub(super) fn delete(&self, urn: &str, id: &str, olds: &PropertyMap) -> Result<(), String> {
        let failed = |words: &dyn std::fmt::Display| format!("{id} was not deleted: {words}");
        if let Some(dir) = &self.settings.render {
            return file::remove(dir, &state::parts(olds).1).map_err(|error| failed(&error));
        }
        match self.delete_from_cluster(&Kind::of(urn)?, &address(id)) {
            Err(Failure::NoKind) => Ok(()),
            done => done.map_err(|failure| failed(&failure)),
        }
    }

    fn delete_from_cluster(&self, kind: &Kind, address: &PropertyMap) -> Result<(), Failure> {
        let client = self.client()?;
        cluster::delete(client, &Place::find(client, kind)?, address)
    }

    /// Files need no cluster; where there is none, kinds are taken to be what they usually are.
    fn is_namespaced(&self, kind: &Kind) -> bool {
        match (&self.settings.render, &self.client) {
            (None, Ok(client)) => {
                Place::find(client, kind).map_or_else(|_| kind.is_namespaced(), |place| place.namespaced)
            }
            _ => kind.is_namespaced(),
        }
    }

    fn client(&self) -> Result<&Client, Failure> {
        self.client.as_ref().map_err(|reason| Failure::Other(format!("no cluster is configured: {reason}")))
    }
}

/// An object of which nothing is known but where it is.
fn address(id: &str) -> PropertyMap {
    let (namespace, name) =
        id.split_once('/').map_or((None, id), |(namespace, name)| (Some(namespace), name));
    let mut object = PropertyMap::new();
    set_metadata(&mut object, "name", Some(name));
    set_metadata(&mut object, "namespace", namespace);
    object
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::object::{from_json, name, namespace};

    const URN: &str = "urn:pulumi:d::p::kubernetes:g/v1:K::n";

    #[test]
    fn an_identity_is_an_address() {
        let both = address("s/n");
        assert_eq!((namespace(&both), name(&both)), ("s", "n"));
        let alone = address("n");
        assert_eq!((namespace(&alone), name(&alone)), ("", "n"));
    }

    #[test]
    fn without_a_cluster_nothing_is_made_but_inputs_are_checked() {
        let session = Session::new(&from_json(&json!({"kubeconfig": "{}"})));
        let news = from_json(&json!({"metadata": {"name": "n"}}));
        let inputs = session.check(URN, &news, &PropertyMap::new(), &[]).unwrap();
        assert_eq!(namespace(&inputs), "default");
        let error = session.create(URN, &inputs, false).unwrap_err();
        assert!(error.starts_with("default/n was not created: no cluster is configured: "), "{error}");
    }

    #[test]
    fn a_preview_of_what_is_unknown_answers_the_inputs() {
        let session = Session::new(&PropertyMap::new());
        let inputs = PropertyMap::from([("spec".to_owned(), Property::unknown().secret())]);
        assert_eq!(session.create(URN, &inputs, true).unwrap(), (String::new(), inputs.clone()));
        assert_eq!(session.update(URN, &PropertyMap::new(), &inputs, true).unwrap(), inputs);
    }
}
