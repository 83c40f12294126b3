//! Kubernetes manifests: YAML, one document an object, the same bytes for the same objects.
//!
//! Block style, two spaces an indent, lists indented under their key, fields in canonical order. Text is quoted
//! where a reader of YAML 1.1 (kubectl) or 1.2 could take it for something else. What the API server would add to an
//! object is written too, so that what is in the cluster is what was written.

use std::borrow::Borrow;
use std::io::{self, Write};

use keyloom_resources::walk::{Complete, NotWritten, Walk, to_json};
use keyloom_resources::{EsoVersion, Kubernetes, Resource, ResourceSet};

use crate::yaml::Writer;

/// Bytes that are gathered before they are handed on.
const CHUNK: usize = 64 * 1024;

/// Writes every Kubernetes object of the set, divided by `---`, and nothing of other engines. An empty set writes nothing.
///
/// # Errors
/// Those of `out`; and [`io::ErrorKind::InvalidData`], naming object and field, where text is secret or not known
/// yet. Such an object is not begun, but those before it may have been written.
pub fn render(set: &ResourceSet, out: &mut impl Write) -> io::Result<()> {
    render_each(&set.resources, set.eso, out)
}

/// Writes resources one after the other, as [`render`], without all of them having to be there at once.
///
/// # Errors
/// As [`render`].
pub fn render_each<R: Borrow<Resource>>(
    resources: impl IntoIterator<Item = R>,
    eso: EsoVersion,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut complete = Complete::new(Writer::with_capacity(CHUNK + CHUNK / 4));
    let mut first = true;
    for resource in resources {
        let Some(object) = resource.borrow().kubernetes() else { continue };
        if !std::mem::take(&mut first) {
            complete.sink().divide();
        }
        write_object(object, eso, &mut complete)?;
        let writer = complete.sink();
        if writer.bytes().len() >= CHUNK {
            out.write_all(writer.bytes())?;
            writer.clear();
        }
    }
    out.write_all(complete.sink().bytes())
}

/// Writes one object as a document of its own, for that version of the operator.
///
/// # Errors
/// As [`render`].
pub fn render_one(object: &Kubernetes, eso: EsoVersion, out: &mut impl Write) -> io::Result<()> {
    let mut complete = Complete::new(Writer::with_capacity(2048));
    write_object(object, eso, &mut complete)?;
    out.write_all(complete.sink().bytes())
}

/// Any other body as a document.
pub(crate) fn document(body: &impl Walk) -> Result<Vec<u8>, NotWritten> {
    let mut writer = Writer::with_capacity(1024);
    match body.walk(&mut writer) {
        Ok(()) => Ok(writer.into_bytes()),
        Err(_) => Err(place_of_refusal(body)),
    }
}

fn write_object(object: &Kubernetes, eso: EsoVersion, complete: &mut Complete<'_, Writer>) -> io::Result<()> {
    complete.begin(object.defaults(eso));
    object.walk(complete).map_err(|_| {
        let NotWritten { path } = place_of_refusal(object);
        let name = object.metadata().name.written().unwrap_or("without a known name");
        let message = format!("{} {name}: the text at {path} is secret, or not known yet", object.kind());
        io::Error::new(io::ErrorKind::InvalidData, message)
    })
}

/// The writer keeps no path, so that writing stays fast; a second walk finds the place.
fn place_of_refusal(body: &impl Walk) -> NotWritten {
    to_json(body).err().unwrap_or_default()
}

#[cfg(test)]
mod tests;
