//! The file itself: read within limits, written whole or not at all.

use std::fs::{self, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use keyloom_connections::file::LARGEST;
use zeroize::Zeroizing;

use super::entries::Fault;

/// So long another process may write it.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(5);

/// As the system has it.
const MOST_LINKS: usize = 40;

/// The file of a backend.
#[derive(Debug)]
pub(super) struct Disk {
    pub(super) path: PathBuf,
    /// Whether it was said that its group may read it, which is said once.
    is_said: AtomicBool,
}

impl Disk {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, is_said: AtomicBool::new(false) }
    }

    /// What is in it.
    pub(super) fn read(&self) -> Result<Zeroizing<String>, Fault> {
        Ok(read(&self.path, &self.is_said)?.0)
    }

    /// Reads it and writes what comes of that, while no other process does; whether something was written. What a link leads to is
    /// written, and the link stays.
    pub(super) fn change(
        &self,
        change: impl FnOnce(Option<&str>) -> Result<Option<Zeroizing<String>>, Fault>,
    ) -> Result<bool, Fault> {
        let path = target(&self.path)?;
        let _held = hold(&path)?;
        let before = match read(&path, &self.is_said) {
            Err(Fault::Missing) => None,
            other => Some(other?),
        };
        match change(before.as_ref().map(|(text, _)| text.as_str()))? {
            Some(after) => write(&path, &after, before.as_ref().map(|(_, about)| about)).map(|()| true),
            None => Ok(false),
        }
    }
}

fn read(path: &Path, is_said: &AtomicBool) -> Result<(Zeroizing<String>, fs::Metadata), Fault> {
    // Opening a pipe would wait for whoever writes into it.
    let about = fs::metadata(path).map_err(|error| fault(&error))?;
    if !about.is_file() {
        return Err(Fault::NotAFile);
    }
    if about.len() > LARGEST {
        return Err(Fault::TooLarge);
    }
    let file = fs::File::open(path).map_err(|error| fault(&error))?;
    // Another one may have taken its place.
    let about = file.metadata().map_err(|error| fault(&error))?;
    if !about.is_file() {
        return Err(Fault::NotAFile);
    }
    guarded(path, &about, is_said)?;
    let size = about.len().min(LARGEST);
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(size).unwrap_or_default() + 1));
    // It may grow meanwhile.
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| fault(&error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(Fault::TooLarge);
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| Fault::NotText)?;
    Ok((Zeroizing::new(text.to_owned()), about))
}

/// Who else may read or write it.
#[cfg(unix)]
fn guarded(path: &Path, about: &fs::Metadata, is_said: &AtomicBool) -> Result<(), Fault> {
    use keyloom_connections::file::open_to_all;
    use std::os::unix::fs::PermissionsExt;
    let mode = about.permissions().mode();
    if let Some(said) = open_to_all(mode) {
        return Err(Fault::Open(said));
    }
    if mode & 0o060 != 0 && !is_said.swap(true, Ordering::Relaxed) {
        let path = path.display();
        log::warn!(
            "the group of {path} may read or write the connections in it; `chmod 600 {path}` ends that"
        );
    }
    Ok(())
}

#[cfg(not(unix))]
fn guarded(_: &Path, _: &fs::Metadata, _: &AtomicBool) -> Result<(), Fault> {
    Ok(())
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
    let beside = named_beside(path, "lock");
    let is_new = !beside.exists();
    let lock = options.open(beside).map_err(|error| match error.kind() {
        ErrorKind::NotFound => Fault::NoFolder(folder(path).display().to_string()),
        _ => fault(&error),
    })?;
    // Whoever may write the file may hold its lock, whoever was the first to do so.
    if is_new && let Ok(file) = fs::metadata(path) {
        // Without that the lock is one of this user alone.
        let _ = shared_with(&lock, &file);
    }
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

/// Writes a file beside it, and puts that in its place. Whoever could not read the file before cannot read this one.
fn write(path: &Path, text: &str, before: Option<&fs::Metadata>) -> Result<(), Fault> {
    let beside = named_beside(path, &format!("{:016x}", fastrand::u64(..)));
    let written =
        write_new(&beside, text, |file| before.map_or(Ok(()), |before| owned_as(file, path, before)));
    let written = written.and_then(|()| fs::rename(&beside, path));
    written.and_then(|()| keep(folder(path))).map_err(|error| {
        // It may not have been made.
        let _ = fs::remove_file(&beside);
        fault(&error)
    })
}

/// What a file has of another one.
#[cfg(unix)]
struct Kept {
    group: bool,
    owner: bool,
}

/// Gives a file the owner and the group of another one, as far as this process may.
#[cfg(unix)]
fn give(file: &fs::File, other: &fs::Metadata) -> std::io::Result<Kept> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let new = file.metadata()?;
    let group = new.gid() == other.gid() || fchown(file, None, Some(other.gid())).is_ok();
    let owner = new.uid() == other.uid() || fchown(file, Some(other.uid()), None).is_ok();
    Ok(Kept { group, owner })
}

/// Gives a lock to those who may write the file.
#[cfg(unix)]
fn shared_with(lock: &fs::File, file: &fs::Metadata) -> std::io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let Kept { group, .. } = give(lock, file)?;
    let of_group = if group && file.mode() & 0o020 != 0 { 0o060 } else { 0 };
    lock.set_permissions(fs::Permissions::from_mode(0o600 | of_group))
}

/// Gives a file the owner, the group and the permissions of the one that it is to replace, as far as this process may; what could not be
/// kept is said. A group that is another one gets nothing.
#[cfg(unix)]
fn owned_as(file: &fs::File, path: &Path, before: &fs::Metadata) -> std::io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let (Kept { group, owner }, path) = (give(file, before)?, path.display());
    if !group {
        log::warn!(
            "{path} is replaced by a file that no group may read: whoever writes it is not in its group ({})",
            before.gid()
        );
    }
    if !owner {
        log::warn!("{path} is replaced by a file of whoever writes it; its owner was user {}", before.uid());
    }
    let may = if group { 0o770 } else { 0o700 };
    file.set_permissions(fs::Permissions::from_mode(before.mode() & may))
}

#[cfg(not(unix))]
fn shared_with(_: &fs::File, _: &fs::Metadata) -> std::io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn owned_as(_: &fs::File, _: &Path, _: &fs::Metadata) -> std::io::Result<()> {
    Ok(())
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

/// Only the owner may read it until `own` has seen to that; nothing is in it before.
fn write_new(
    path: &Path,
    text: &str,
    own: impl FnOnce(&fs::File) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    own(&file)?;
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
