//! The file itself: read within limits, written whole or not at all.

use std::fs::{self, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use keyloom_connections::file::LARGEST;
use zeroize::Zeroizing;

use super::entries::Fault;

/// So long another process may write it.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(5);

/// As the system has it.
const MOST_LINKS: usize = 40;

pub(super) fn read(path: &Path) -> Result<Zeroizing<String>, Fault> {
    // Opening a pipe would wait for whoever writes into it.
    let about = fs::metadata(path).map_err(|error| fault(&error))?;
    if !about.is_file() {
        return Err(Fault::NotAFile);
    }
    if about.len() > LARGEST {
        return Err(Fault::TooLarge);
    }
    guarded(path, &about)?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(about.len()).unwrap_or_default() + 1));
    let file = fs::File::open(path).map_err(|error| fault(&error))?;
    // It may grow meanwhile.
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| fault(&error))?;
    if bytes.len() as u64 > LARGEST {
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

/// Reads a file and writes what comes of it, while no other process does; whether something did. What a link leads to is written, and
/// the link stays.
pub(super) fn change(
    path: &Path,
    change: impl FnOnce(Option<&str>) -> Result<Option<Zeroizing<String>>, Fault>,
) -> Result<bool, Fault> {
    let path = target(path)?;
    let _held = hold(&path)?;
    let before = match read(&path) {
        Err(Fault::Missing) => None,
        other => Some(other?),
    };
    match change(before.as_deref().map(String::as_str))? {
        Some(after) => write(&path, &after).map(|()| true),
        None => Ok(false),
    }
}

/// What a path leads to, whether something is there or not.
fn target(path: &Path) -> Result<PathBuf, Fault> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&path) {
            Ok(next) => path = folder(&path).join(next),
            // It is no link.
            Err(_) => return Ok(path),
        }
    }
    Err(Fault::Links)
}

/// Waits until nobody else writes. The lock is on a file beside it: the file itself is replaced. That one stays, for whoever took it
/// away would let two in at once; the lock ends with the process.
fn hold(path: &Path) -> Result<fs::File, Fault> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let lock = options.open(named_beside(path, "lock")).map_err(|error| match error.kind() {
        ErrorKind::NotFound => Fault::NoFolder(folder(path).display().to_string()),
        _ => fault(&error),
    })?;
    let began = Instant::now();
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::WouldBlock) if began.elapsed() < LONGEST_WAIT => std::thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => return Err(Fault::Held),
            Err(TryLockError::Error(error)) => return Err(fault(&error)),
        }
    }
}

/// Writes a file beside it, which only its owner may read, and puts that in its place.
fn write(path: &Path, text: &str) -> Result<(), Fault> {
    let beside = named_beside(path, &format!("{:016x}", fastrand::u64(..)));
    let written = write_new(&beside, text).and_then(|()| fs::rename(&beside, path));
    written.and_then(|()| keep(folder(path))).map_err(|error| {
        // It may not have been made.
        let _ = fs::remove_file(&beside);
        fault(&error)
    })
}

/// What was put in place stays there when the machine loses its power.
#[cfg(unix)]
fn keep(folder: &Path) -> std::io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn keep(_: &Path) -> std::io::Result<()> {
    Ok(())
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

fn named_beside(path: &Path, end: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{end}"))
}

/// The folder that it is in.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn fault(error: &std::io::Error) -> Fault {
    match error.kind() {
        ErrorKind::NotFound => Fault::Missing,
        ErrorKind::PermissionDenied => Fault::Forbidden,
        kind => Fault::Io(kind),
    }
}
