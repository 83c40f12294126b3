//! What a file of connections may be, and what is said of one that is none.

use std::fs;

use proptest::prelude::*;
use tempfile::TempDir;

use super::super::Connections;
use super::entries::{parse, with};
use super::*;

const TWO: &str = "{\n  \"my-postgres\": {\"type\": \"generic\",\n    \"details\": {\"value\": \"canary\"}},\n  \"b\\\"c\" : 7\n}\n";

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn at(text: Option<&str>) -> (TempDir, File) {
    let directory = tempfile::tempdir().unwrap();
    let file = File::new(directory.path().join("connections.json"));
    if let Some(text) = text {
        fs::write(file.path(), text).unwrap();
        guard(file.path(), 0o600);
    }
    (directory, file)
}

#[cfg(unix)]
fn guard(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn guard(_: &Path, _: u32) {}

async fn said(file: &File, name: &str) -> String {
    let failure = file.read(name).await.unwrap_err();
    assert!(!format!("{failure} {failure:?} {file:?}").contains("canary"), "{failure}");
    failure.to_string().replace(&file.path().display().to_string(), "FILE")
}

#[tokio::test]
async fn a_connection_is_read_as_it_stands_there() {
    let (_directory, file) = at(Some(TWO));
    let text = "{\"type\": \"generic\",\n    \"details\": {\"value\": \"canary\"}}";
    assert_eq!(file.read("my-postgres").await.unwrap().expose(), text);
    assert_eq!(file.names().await.unwrap().into_iter().collect::<Vec<_>>(), ["b\"c", "my-postgres"]);
    let near = Connections::new(file.clone()).text("my-postgre").await.unwrap_err().to_string();
    assert_eq!(
        near.replace(&file.path().display().to_string(), "FILE"),
        "failed to read secret from file: there is no `my-postgre` in FILE; did you mean `my-postgres`?"
    );
    assert!(said(&file, "x").await.ends_with(r#"add "x": {"type": "TYPE", "details": {…}} to it"#));
}

/// Editors look there for the schema of the file.
#[tokio::test]
async fn the_address_of_a_schema_is_no_connection() {
    let (_directory, file) = at(Some(r#"{"$schema": "connections.schema.json", "db": {}}"#));
    assert_eq!(file.names().await.unwrap().into_iter().collect::<Vec<_>>(), ["db"]);
    for name in ["$schema", "", " "] {
        let refused = file.write(name, &secret("{}"), Over::Anything).await.unwrap_err();
        assert_eq!(refused.kind, FailureKind::Unsupported, "{name:?}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_it_is_said_with_its_place() {
    for (text, why) in [
        ("{\"a\": {},\n \"b\": {\"type\": canary}}", "line 2, column 16 in `b`: this is not JSON"),
        ("{\"a\": {}\n \"b\": {}}", "line 2, column 2: this is not JSON"),
        ("{\"a\": ", "line 1, column 6 in `a`: it ends too early"),
        ("", "line 1, column 0: there is nothing in it"),
        ("my-db:\n  type: canary\n", "line 1, column 1: this is YAML, and connections are JSON"),
        (
            "{\"a\": {},\n\"\\ud800\": {}}",
            "line 2, column 1: this is half a character (`\\ud800` to `\\udfff`), whose other half is missing",
        ),
        ("{\"a\": 1} canary", "line 1, column 10: something follows the JSON"),
        ("[\"canary\"]", "it is a list, no object of connections"),
        ("\"{\\\"a\\\": 1}\"", "it is a text that holds JSON, no object of connections"),
        ("{\"a\": {}, \"b\": {},\n\"a\": \"canary\"}", "line 2: `a` stands there for the second time"),
    ] {
        let (_directory, file) = at(Some(text));
        let said = said(&file, "a").await;
        assert!(
            said.starts_with(&format!("failed to read secret from file: FILE: {why}; ")),
            "{said}\nnot {why}"
        );
        let written = file.write("c", &secret("{}"), Over::Anything).await.unwrap_err();
        assert_eq!((written.what.as_str(), written.kind), (WRITE, FailureKind::Settings));
        assert_eq!(fs::read_to_string(file.path()).unwrap(), text, "it stays as it is");
    }
}

#[tokio::test]
async fn what_is_no_file_for_connections_is_not_read() {
    let (directory, file) = at(None);
    assert!(
        said(&file, "a").await.starts_with("failed to read secret from file: there is no file FILE; make it")
    );
    fs::write(file.path(), [0xff]).unwrap();
    guard(file.path(), 0o600);
    assert!(said(&file, "a").await.contains("it is not UTF-8"));
    fs::write(file.path(), vec![b' '; usize::try_from(keyloom_connections::file::LARGEST).unwrap() + 1])
        .unwrap();
    assert!(said(&file, "a").await.contains("it is larger than 4194304 bytes"));
    assert!(said(&File::new(directory.path()), "a").await.contains("it is no file"));
}

#[cfg(unix)]
#[tokio::test]
async fn what_everybody_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let (_directory, file) = at(Some(TWO));
    guard(file.path(), 0o644);
    let told = said(&file, "my-postgres").await;
    assert!(
        told.contains("everybody on this machine may read or write it (mode 644); chmod 600 FILE"),
        "{told}"
    );
    guard(file.path(), 0o640);
    file.read("my-postgres").await.unwrap();
    file.write("a", &secret("{}"), Over::Anything).await.unwrap();
    assert_eq!(fs::metadata(file.path()).unwrap().permissions().mode() & 0o777, 0o640, "it stays");
    let (_directory, new) = at(None);
    new.write("a", &secret("{}"), Over::Anything).await.unwrap();
    assert_eq!(fs::metadata(new.path()).unwrap().permissions().mode() & 0o777, 0o600);
}

/// As far as this process may give files away.
#[cfg(unix)]
#[tokio::test]
async fn a_file_stays_its_owners_and_its_groups() {
    use std::os::unix::fs::{MetadataExt, chown};
    let (_directory, file) = at(Some(TWO));
    guard(file.path(), 0o660);
    let _ = chown(file.path(), Some(4321), Some(4322));
    let about = || {
        let about = fs::metadata(file.path()).unwrap();
        (about.uid(), about.gid(), about.mode() & 0o777)
    };
    let before = about();
    file.write("a", &secret("{}"), Over::Anything).await.unwrap();
    assert_eq!(about(), before);
    assert_eq!(before.2, 0o660);
    let lock = fs::metadata(file.path().with_file_name(".connections.json.lock")).unwrap();
    assert_eq!(
        (lock.uid(), lock.gid(), lock.mode() & 0o777),
        before,
        "whoever may write it may hold its lock"
    );
}

#[tokio::test]
async fn writing_leaves_all_else_as_it_is() {
    let (directory, file) = at(Some(TWO));
    file.write("b\"c", &secret(" {\"new\": 1}\n"), Over::Anything).await.unwrap();
    let first = TWO.replace(": 7", ": {\"new\": 1}");
    assert_eq!(fs::read_to_string(file.path()).unwrap(), first);
    file.write("d", &secret("{}"), Over::Anything).await.unwrap();
    let second = first.replace("{\"new\": 1}\n", "{\"new\": 1},\n  \"d\": {}\n");
    assert_eq!(fs::read_to_string(file.path()).unwrap(), second);
    let told = file.write("d", &secret("{\"canary\""), Over::Anything).await.unwrap_err();
    assert!(
        told.to_string().contains("what is to be written is not JSON")
            && !told.to_string().contains("canary")
    );
    assert_eq!(fs::read_to_string(file.path()).unwrap(), second);
    let mut beside: Vec<_> =
        fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    beside.sort();
    assert_eq!(beside, [".connections.json.lock", "connections.json"], "nothing else is left beside it");
    let lost = File::new(directory.path().join("new/c.json"));
    let told = lost.write("a", &secret("{}"), Over::Anything).await.unwrap_err();
    assert_eq!(told.kind, FailureKind::Settings);
    assert!(told.to_string().contains("new, and nothing is written; make it"), "{told}");
    let (_directory, new) = at(None);
    new.write("a", &secret("{}"), Over::Anything).await.unwrap();
    assert_eq!(fs::read_to_string(new.path()).unwrap(), "{\n  \"a\": {}\n}\n");
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_stays_one() {
    let (directory, file) = at(Some("{}"));
    let link = directory.path().join("link.json");
    std::os::unix::fs::symlink(file.path(), &link).unwrap();
    File::new(&link).write("a", &secret("{}"), Over::Anything).await.unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(file.read("a").await.unwrap().expose(), "{}");
}

/// Nor is it replaced where what it leads to is not there yet, however far that is.
#[cfg(unix)]
#[tokio::test]
async fn a_link_to_nothing_stays_one() {
    use std::os::unix::fs::symlink;
    let (directory, file) = at(None);
    let [first, second, circle] = ["first", "second", "circle"].map(|name| directory.path().join(name));
    symlink("connections.json", &second).unwrap();
    symlink(&second, &first).unwrap();
    File::new(&first).write("a", &secret("{}"), Over::Nothing).await.unwrap();
    assert!(fs::symlink_metadata(&first).unwrap().is_symlink());
    assert!(fs::symlink_metadata(&second).unwrap().is_symlink());
    assert_eq!(file.read("a").await.unwrap().expose(), "{}");
    symlink("circle", &circle).unwrap();
    let failure = File::new(&circle).write("a", &secret("{}"), Over::Nothing).await.unwrap_err();
    assert!(failure.to_string().contains("it is a link that leads nowhere"), "{failure}");
}

#[tokio::test]
async fn one_that_is_there_is_not_replaced_where_nobody_says_so() {
    let (_directory, file) = at(Some(TWO));
    let failure = file.write("my-postgres", &secret("{}"), Over::Nothing).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Exists);
    assert_eq!(
        failure.to_string().replace(&file.path().display().to_string(), "FILE"),
        "failed to write secret to file: there is a `my-postgres` in FILE already; look at what is there, and say that it may be \
         replaced (--force)"
    );
    assert_eq!(fs::read_to_string(file.path()).unwrap(), TWO);
}

/// Each has opened the file for itself, as processes do.
#[tokio::test]
async fn what_many_write_at_once_is_all_there() {
    let (_directory, file) = at(None);
    let names: BTreeSet<_> = (0..40).map(|number| format!("n{number}")).collect();
    let writes = names.iter().cloned().map(|name| {
        let file = File::new(file.path());
        tokio::spawn(async move { file.write(&name, &secret("{}"), Over::Nothing).await.unwrap() })
    });
    for write in writes.collect::<Vec<_>>() {
        write.await.unwrap();
    }
    assert_eq!(file.names().await.unwrap(), names);
}

/// 100,000 names, which nobody has, take as long as they are long.
#[test]
fn many_names_are_read_at_once() {
    let names: Vec<_> = (0..100_000).map(|number| format!("\"n{number}\":0")).collect();
    let text = format!("{{{}}}", names.join(","));
    assert_eq!(parse(&text).unwrap().connections().count(), names.len());
}

proptest! {
    /// Whatever the names and texts: what is written is read, and what was there stays.
    #[test]
    fn what_is_written_is_read(all in prop::collection::vec((".*", ".*"), 1..8)) {
        let mut text = "{}".to_owned();
        let mut known = std::collections::BTreeMap::new();
        for (name, value) in all {
            let value = serde_json::to_string(&value).unwrap();
            text = with(&text, &name, &value).unwrap().to_string();
            known.insert(name, value);
            let entries = parse(&text).unwrap();
            prop_assert_eq!(entries.connections().count(), known.len());
            for (name, value) in &known {
                prop_assert_eq!(entries.get(name).map(|entry| entry.text), Some(value.as_str()));
            }
        }
    }

    /// What is read is what serde reads, and nothing panics.
    #[test]
    fn what_is_no_json_is_refused(text in "[{}\\[\\]\",:a1 \\\\\n\u{feff}]{0,24}") {
        let is_object = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(
            text.strip_prefix('\u{feff}').unwrap_or(&text),
        );
        match parse(&text) {
            Ok(entries) => prop_assert_eq!(entries.connections().count(), is_object.unwrap().len()),
            Err(Fault::Twice { .. }) => prop_assert!(is_object.is_ok()),
            Err(_) => prop_assert!(is_object.is_err()),
        }
    }
}
