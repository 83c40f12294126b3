//! The file itself: read within limits, written whole or not at all.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::entries::Fault;

/// A larger file is none of connections.
pub(super) const LIMIT: u64 = 4 * 1024 * 1024;

pub(super) fn read(path: &Path) -> Result<Zeroizing<String>, Fault> {
    // Opening a pipe would wait for whoever writes into it.
    let about = fs::metadata(path).map_err(|error| fault(&error))?;
    if !about.is_file() {
        return Err(Fault::NotAFile);
    }
    if about.len() > LIMIT {
        return Err(Fault::TooLarge);
    }
    guarded(path, &about)?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(about.len()).unwrap_or_default() + 1));
    let file = fs::File::open(path).map_err(|error| fault(&error))?;
    // It may grow meanwhile.
    file.take(LIMIT + 1).read_to_end(&mut bytes).map_err(|error| fault(&error))?;
    if bytes.len() as u64 > LIMIT {
        return Err(Fault::TooLarge);
    }
    std::str::from_utf8(&bytes).map(|text| Zeroizing::new(text.to_owned())).map_err(|_| Fault::NotText)
}

/// Who else may read or write it.
#[cfg(unix)]
fn guarded(path: &Path, about: &fs::Metadata) -> Result<(), Fault> {
    use std::os::unix::fs::PermissionsExt;
    let mode = about.permissions().mode();
    if mode & 0o006 != 0 {
        return Err(Fault::Open { mode: mode & 0o777 });
    }
    if mode & 0o060 != 0 {
        let path = path.display();
        log::warn!(
            "the group of {path} may read or write the connections in it; `chmod 600 {path}` ends that"
        );
    }
    Ok(())
}

#[cfg(not(unix))]
fn guarded(_: &Path, _: &fs::Metadata) -> Result<(), Fault> {
    Ok(())
}

/// Writes a file beside it, which only its owner may read, and puts that in its place.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Fault> {
    // What a link leads to is written, and the link stays.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let beside = beside(&path);
    let written = write_new(&beside, text).and_then(|()| fs::rename(&beside, &path));
    written.map_err(|error| {
        // It may not have been made.
        let _ = fs::remove_file(&beside);
        fault(&error)
    })
}

fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{:016x}", fastrand::u64(..)))
}

fn fault(error: &std::io::Error) -> Fault {
    match error.kind() {
        ErrorKind::NotFound => Fault::Missing,
        ErrorKind::PermissionDenied => Fault::Forbidden,
        kind => Fault::Io(kind),
    }
}
