//! Objects of an API server: applied strictly, read back, deleted.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::Result;
use crate::e2e::curl::{Client, Request, Response};
use crate::e2e::manifests::Manifest;
use crate::e2e::process::wait_until;

const SERVED: Duration = Duration::from_secs(60);
/// Refuses unknown and duplicate fields, as `kubectl apply --server-side` does.
const STRICT: &str = "fieldManager=keyloom&fieldValidation=Strict&force=true";
/// Other people's CRDs are not what is checked here.
const LENIENT: &str = "fieldManager=keyloom&fieldValidation=Ignore&force=true";

/// A client that knows where each kind lives.
#[derive(Debug)]
pub(super) struct Objects {
    client: Client,
    /// By apiVersion and kind: plural name, and whether it lives in a namespace.
    resources: BTreeMap<(String, String), (String, bool)>,
    namespaces: BTreeSet<String>,
}

impl Objects {
    /// Nothing is known yet; kinds are looked up when first used.
    pub(super) fn new(client: Client) -> Self {
        Self { client, resources: BTreeMap::new(), namespaces: BTreeSet::new() }
    }

    /// Installs CRDs and waits until every kind of theirs is served.
    pub(super) fn install_crds(&mut self, crds: &[Manifest]) -> Result<()> {
        for crd in crds {
            let response = self.patch(&self.path(crd)?, LENIENT, &crd.text)?;
            if !response.is_ok() {
                return Err(format!("{}: {}", crd.title(), response.summary()).into());
            }
        }
        for crd in crds {
            let path = self.path(crd)?;
            let established =
                wait_until(SERVED, || Ok(is_established(&self.request("GET", &path)?.json()).then_some(())))?;
            established.ok_or_else(|| format!("{} is not established", crd.title()))?;
            self.wait_served(crd)?;
        }
        Ok(())
    }

    /// An established CRD answers requests only a moment later.
    fn wait_served(&self, crd: &Manifest) -> Result<()> {
        let text = |pointer| crd.value.pointer(pointer).and_then(Value::as_str).unwrap_or("");
        let (group, plural) = (text("/spec/group"), text("/spec/names/plural"));
        let versions = crd.value.pointer("/spec/versions").and_then(Value::as_array);
        for version in versions.into_iter().flatten().filter(|it| it["served"] == true) {
            let version = version["name"].as_str().unwrap_or_default();
            let path = format!("/apis/{group}/{version}/{plural}");
            wait_until(SERVED, || Ok(self.request("GET", &path)?.is_ok().then_some(())))?
                .ok_or_else(|| format!("{path} is not served"))?;
        }
        Ok(())
    }

    /// Applies an object strictly, in a namespace that is made if it is not there.
    pub(super) fn apply(&mut self, manifest: &Manifest) -> Result<Response> {
        self.learn(manifest)?;
        self.ensure_namespace(manifest.namespace())?;
        if manifest.kind() == "Namespace" {
            // It has labels of its own, which making it again would take away.
            self.namespaces.insert(manifest.name().to_owned());
        }
        self.patch(&self.path(manifest)?, STRICT, &manifest.text)
    }

    /// Asks what creating the object would answer; nothing is stored.
    pub(super) fn try_create(&mut self, manifest: &Manifest) -> Result<Response> {
        self.learn(manifest)?;
        self.ensure_namespace(manifest.namespace())?;
        let path = self.collection(manifest)?;
        self.client.send(Request {
            method: "POST",
            path: &format!("{path}?dryRun=All&fieldValidation=Strict"),
            headers: &["Content-Type: application/yaml"],
            body: Some(&manifest.text),
        })
    }

    /// The object as it is stored now.
    pub(super) fn get(&mut self, manifest: &Manifest) -> Result<Response> {
        self.learn(manifest)?;
        self.request("GET", &self.path(manifest)?)
    }

    /// What events say of the object.
    pub(super) fn events(&self, manifest: &Manifest) -> Result<Vec<String>> {
        let path = format!("/api/v1/namespaces/{}/events", segment(manifest.namespace()));
        let list = self.request("GET", &path)?.json();
        let events = list["items"].as_array().into_iter().flatten();
        let about = |event: &&Value| {
            let object = &event["involvedObject"];
            object["kind"] == manifest.kind() && object["name"] == manifest.name()
        };
        Ok(events.filter(about).map(|event| text(event, "message")).collect())
    }

    /// Deletes the object and waits until it is gone; one that is not there is fine.
    pub(super) fn delete(&mut self, manifest: &Manifest) -> Result<()> {
        self.learn(manifest)?;
        let path = self.path(manifest)?;
        self.request("DELETE", &path)?;
        let gone = wait_until(SERVED, || Ok((self.request("GET", &path)?.status == 404).then_some(())))?;
        Ok(gone.ok_or_else(|| format!("{} does not go away", manifest.title()))?)
    }

    /// A Secret's address as a manifest that holds nothing else.
    pub(super) fn secret(namespace: &str, name: &str) -> Manifest {
        let value = json!({"apiVersion": "v1", "kind": "Secret",
            "metadata": {"namespace": namespace, "name": name}});
        Manifest { text: value.to_string(), value }
    }

    fn ensure_namespace(&mut self, name: &str) -> Result<()> {
        if name.is_empty() || name == "default" || self.namespaces.contains(name) {
            return Ok(());
        }
        let text = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}});
        let path = format!("/api/v1/namespaces/{}", segment(name));
        let response = self.patch(&path, STRICT, &text.to_string())?;
        if !response.is_ok() {
            return Err(format!("namespace {name}: {}", response.summary()).into());
        }
        self.namespaces.insert(name.to_owned());
        Ok(())
    }

    /// Looks up where objects of this kind live.
    fn learn(&mut self, manifest: &Manifest) -> Result<()> {
        let key = (manifest.api_version().to_owned(), manifest.kind().to_owned());
        if is_crd(manifest) || self.resources.contains_key(&key) {
            return Ok(());
        }
        let list = self.request("GET", &version_path(manifest.api_version()))?.json();
        for resource in list["resources"].as_array().into_iter().flatten() {
            let (name, kind) = (text(resource, "name"), text(resource, "kind"));
            // Parts such as `secretstores/status` have a slash.
            if !name.contains('/') {
                let namespaced = resource["namespaced"] == true;
                let key = (manifest.api_version().to_owned(), kind);
                self.resources.insert(key, (name, namespaced));
            }
        }
        Ok(())
    }

    fn path(&self, manifest: &Manifest) -> Result<String> {
        Ok(format!("{}/{}", self.collection(manifest)?, segment(manifest.name())))
    }

    fn collection(&self, manifest: &Manifest) -> Result<String> {
        if is_crd(manifest) {
            return Ok("/apis/apiextensions.k8s.io/v1/customresourcedefinitions".to_owned());
        }
        let (api_version, kind) = (manifest.api_version(), manifest.kind());
        let Some((plural, namespaced)) = self.resources.get(&(api_version.to_owned(), kind.to_owned()))
        else {
            return Err(format!("the server does not know {api_version} {kind}").into());
        };
        let namespace = match manifest.namespace() {
            "" => "default",
            written => written,
        };
        let within = match namespaced {
            true => format!("/namespaces/{}", segment(namespace)),
            false => String::new(),
        };
        Ok(format!("{}{within}/{plural}", version_path(api_version)))
    }

    fn patch(&self, path: &str, query: &str, body: &str) -> Result<Response> {
        self.client.send(Request {
            method: "PATCH",
            path: &format!("{path}?{query}"),
            headers: &["Content-Type: application/apply-patch+yaml"],
            body: Some(body),
        })
    }

    fn request(&self, method: &str, path: &str) -> Result<Response> {
        self.client.send(Request { method, path, headers: &[], body: None })
    }
}

fn is_crd(manifest: &Manifest) -> bool {
    manifest.kind() == "CustomResourceDefinition"
}

fn is_established(crd: &Value) -> bool {
    let conditions = crd.pointer("/status/conditions").and_then(Value::as_array);
    conditions.is_some_and(|all| all.iter().any(|it| it["type"] == "Established" && it["status"] == "True"))
}

fn version_path(api_version: &str) -> String {
    match api_version.contains('/') {
        true => format!("/apis/{api_version}"),
        false => format!("/api/{api_version}"),
    }
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

/// A name as a part of a path, whatever it holds: bad names must reach the server too.
fn segment(name: &str) -> String {
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');
    utf8_percent_encode(name, ENCODED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_and_bad_names_make_paths() {
        assert_eq!(version_path("v1"), "/api/v1");
        assert_eq!(version_path("external-secrets.io/v1"), "/apis/external-secrets.io/v1");
        assert_eq!(segment("My/Store é"), "My%2FStore%20%C3%A9");
    }
}
