//! What every Kubernetes object has: name, namespace, labels, annotations.

use indexmap::IndexMap;
use keyloom_syntax::Text;

use crate::walk::{Sink, Walk, map};

/// A map of texts in the order of the declaration: labels, annotations, tags, headers, template data.
pub type TextMap = IndexMap<String, Text>;

/// `metadata` of a Kubernetes object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metadata {
    /// Name of the object.
    pub name: Text,
    /// Its namespace. `None` for objects of the whole cluster, and where a later tool supplies it.
    pub namespace: Option<Text>,
    /// Labels; none writes no field.
    pub labels: TextMap,
    /// Annotations; none writes no field.
    pub annotations: TextMap,
}

impl Walk for Metadata {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("name", &self.name)?;
            m.optional("namespace", &self.namespace)?;
            m.nonempty("labels", &self.labels)?;
            m.nonempty("annotations", &self.annotations)
        })
    }
}
