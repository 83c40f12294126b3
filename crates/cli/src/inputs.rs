//! The documents to read: files, or standard input.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use keyloom_models::parts;
use keyloom_syntax::{Budget, Diagnostic, Sources, decode};

use crate::args::Documents;
use crate::failure::Failure;

pub(crate) mod folders;
pub(crate) mod modules;

/// What is read when no file is named.
pub(crate) const DEFAULT: &str = "keyloom.yaml";
/// The name of standard input in findings.
pub(crate) const STDIN: &str = "<stdin>";

/// The texts of all files, and what is wrong with those that are no text.
pub(crate) struct Inputs {
    /// The paths as they were named; the default when none was.
    pub(crate) paths: Vec<PathBuf>,
    /// Their texts.
    pub(crate) sources: Sources,
    /// Findings in files that could not become text: too large, not UTF-8, a NUL byte.
    pub(crate) refused: Vec<Diagnostic>,
}

/// What one file may cost.
pub(crate) fn budget(documents: &Documents) -> Budget {
    budget_of(documents.max_bytes)
}

/// What one file may cost, when somebody says how large it may be.
pub(crate) fn budget_of(max_bytes: Option<usize>) -> Budget {
    let default = Budget::default();
    Budget { max_bytes: max_bytes.unwrap_or(default.max_bytes), ..default }
}

/// Reads the documents of a verb.
///
/// # Errors
/// When a file cannot be opened, is a directory, or cannot be read.
pub(crate) fn read(documents: &Documents) -> Result<Inputs, Failure> {
    let paths = match documents.files.as_slice() {
        [] => {
            default_is_here(DEFAULT, "keyloom init")?;
            vec![PathBuf::from(DEFAULT)]
        }
        files => files.to_vec(),
    };
    read_files(paths, &budget(documents))
}

/// That the file is here which is read when none is named; `makes` is the verb that writes one.
///
/// # Errors
/// When it is not.
pub(crate) fn default_is_here(file: &str, makes: &str) -> Result<(), Failure> {
    if Path::new(file).exists() {
        return Ok(());
    }
    Err(Failure::Usage(format!("there is no {file} here; name a file, or write one with `{makes}`")))
}

/// Reads files; `-` is standard input.
pub(crate) fn read_files(paths: Vec<PathBuf>, budget: &Budget) -> Result<Inputs, Failure> {
    let named = paths.len();
    read_found(paths, named, budget)
}

/// Reads files of which the first are `named`, and the others were found, each once.
pub(crate) fn read_found(paths: Vec<PathBuf>, named: usize, budget: &Budget) -> Result<Inputs, Failure> {
    let first = &paths[..named.min(paths.len())];
    stdin_once(first)?;
    if let Some(twice) = named_twice(first) {
        return Err(Failure::Usage(format!("{} is named twice", twice.display())));
    }
    let mut sources = Sources::new();
    let mut refused = Vec::new();
    for (texts, failed) in parts::of(&paths, |_, run| read_run(run, budget)) {
        for (name, text) in texts {
            match text {
                Ok(text) => {
                    let added = sources.add(name, text);
                    added.map_err(|error| Failure::Usage(error.to_string()))?;
                }
                Err(diagnostic) => refused.push(diagnostic),
            }
        }
        failed.map_or(Ok(()), Err)?;
    }
    Ok(Inputs { paths, sources, refused })
}

/// A file's name, and its text or why it is none.
type Decoded = (String, Result<String, Diagnostic>);

/// The names and texts of files, up to the first that cannot be read. A run that is more than all files may be together
/// is not read on.
fn read_run(paths: &[PathBuf], budget: &Budget) -> (Vec<Decoded>, Option<Failure>) {
    let (mut texts, mut held) = (Vec::new(), 0);
    for path in paths {
        let name = name(path);
        let text = match bytes(path, budget) {
            Ok(bytes) => decode(&name, bytes, budget),
            Err(failure) => return (texts, Some(failure)),
        };
        held += text.as_ref().map_or(0, |text| text.len() as u64);
        texts.push((name, text));
        if held > u64::from(u32::MAX) {
            break;
        }
    }
    (texts, None)
}

/// The text of one file that is no document; `-` is standard input.
///
/// # Errors
/// When it cannot be read, or is no text.
pub(crate) fn text(path: &Path, budget: &Budget) -> Result<String, Failure> {
    let name = name(path);
    let refused = |diagnostic: Diagnostic| Failure::Usage(format!("{name}: {}", diagnostic.message));
    decode(&name, bytes(path, budget)?, budget).map_err(refused)
}

/// What findings call a file.
pub(crate) fn name(path: &Path) -> String {
    if is_stdin(path) { STDIN.to_owned() } else { path.display().to_string() }
}

/// Standard input can be named once among all the files that a verb reads.
pub(crate) fn stdin_once<'p>(paths: impl IntoIterator<Item = &'p PathBuf>) -> Result<(), Failure> {
    match paths.into_iter().filter(|path| is_stdin(path)).count() {
        0 | 1 => Ok(()),
        _ => Err(Failure::Usage("standard input (`-`) can be read once".to_owned())),
    }
}

/// A path to a file that an earlier one leads to as well.
fn named_twice(paths: &[PathBuf]) -> Option<&PathBuf> {
    let mut seen = BTreeSet::new();
    // What cannot be found is reported when it is read.
    let mut known = paths.iter().filter_map(|path| Some((path, path.canonicalize().ok()?)));
    known
        .find(|(path, file)| file.is_file() && !is_stdin(path) && !seen.insert(file.clone()))
        .map(|(path, _)| path)
}

pub(crate) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// The bytes of a file, one more than allowed at most: what is over the budget is refused, not held.
fn bytes(path: &Path, budget: &Budget) -> Result<Vec<u8>, Failure> {
    let failed = |source: io::Error, hint: &str| Failure::Read {
        path: path.to_owned(),
        source,
        hint: hint.to_owned(),
    };
    let limit = (budget.max_bytes as u64).saturating_add(1);
    let mut bytes = Vec::new();
    if is_stdin(path) {
        io::stdin().lock().take(limit).read_to_end(&mut bytes).map_err(|error| failed(error, ""))?;
        return Ok(bytes);
    }
    // Asked of what was opened, for a look at the path of each of many files takes its time.
    let file = match File::open(path) {
        Err(_) if path.is_dir() => return Err(directory(path, "*.yaml")),
        opened => opened.map_err(|error| {
            let missing = error.kind() == io::ErrorKind::NotFound;
            failed(error, &if missing { near(path) } else { String::new() })
        })?,
    };
    if let Ok(metadata) = file.metadata() {
        if metadata.is_dir() {
            return Err(directory(path, "*.yaml"));
        }
        // Only saves copying; where there is not so much memory, reading tells.
        let _ = bytes.try_reserve(usize::try_from(metadata.len().min(limit)).unwrap_or(0));
    }
    file.take(limit).read_to_end(&mut bytes).map_err(|error| failed(error, ""))?;
    Ok(bytes)
}

/// A directory stands where a file belongs; `files` is a pattern of those that are read.
pub(crate) fn directory(path: &Path, files: &str) -> Failure {
    let files = path.join(files);
    Failure::Usage(format!("{} is a directory; name its files, such as {}", path.display(), files.display()))
}

/// A file of nearly that name in the same directory.
fn near(path: &Path) -> String {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (Some(name), Ok(entries)) = (path.file_name().and_then(|name| name.to_str()), fs::read_dir(parent))
    else {
        return String::new();
    };
    let names: Vec<String> =
        entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).take(1_000).collect();
    // A link that leads nowhere has that very name.
    let others = names.iter().map(String::as_str).filter(|other| *other != name);
    let near = keyloom_syntax::suggest::suggest(name, others);
    near.map(|near| format!("; did you mean {}?", path.with_file_name(near).display())).unwrap_or_default()
}
