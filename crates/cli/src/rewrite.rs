//! Files that are mended where they are: whole or not at all, with the permissions they had.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::Builder;

use crate::failure::Failure;

/// Puts a text in place of the one that was read. What a link leads to is replaced, the link stays.
///
/// # Errors
/// When somebody changed the file since it was read, or it cannot be replaced.
pub(crate) fn rewrite(path: &Path, read: &str, text: &str) -> Result<(), Failure> {
    let failed = |source| Failure::Write { path: path.to_owned(), source };
    let real = path.canonicalize().map_err(failed)?;
    let folder = real.parent().unwrap_or(Path::new("."));
    let mut file = Builder::new().prefix(".keyloom-").tempfile_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    let permissions = fs::metadata(&real).map_err(failed)?.permissions();
    if permissions.readonly() {
        return Err(failed(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only")));
    }
    file.as_file().set_permissions(permissions).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    if fs::read(&real).map_err(failed)? != read.as_bytes() {
        return Err(failed(io::Error::other("it was changed since it was read")));
    }
    file.persist(&real).map(drop).map_err(|error| failed(error.error))
}
