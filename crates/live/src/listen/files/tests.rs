use std::collections::{BTreeMap, BTreeSet};

use keyloom_runtime::{Loaded, Secret, Value};
use proptest::prelude::*;

use super::*;

fn snapshot(values: &[(&str, &str)]) -> Snapshot {
    let value = |text: &str| Value { secret: Secret::new(text.to_owned()), rotated: false };
    let values = values.iter().map(|(key, text)| ((*key).to_owned(), value(text))).collect();
    Snapshot::empty(1).with(0, Loaded { values, hidden: BTreeSet::new(), etag: None }).0
}

/// Names and texts, as a program reads them.
fn read(path: &Path) -> BTreeMap<String, String> {
    let names = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let keys = names.filter(|name| !name.starts_with(".."));
    keys.map(|key| (key.clone(), fs::read_to_string(path.join(key)).unwrap())).collect()
}

fn texts(values: &[(&str, &str)]) -> BTreeMap<String, String> {
    values.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// Directories of states.
fn states(path: &Path) -> Vec<String> {
    let names = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| number(name).is_some()).collect()
}

#[test]
fn a_state_takes_the_place_of_the_one_before() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a/secrets");
    let directory = Directory::open(&path, 0o400).unwrap();
    let written = directory.write(&snapshot(&[("A", "1"), ("B", "x\ny"), ("tls.crt", "")])).unwrap();
    assert_eq!(written, Written { files: 3, refused: Vec::new() });
    assert_eq!(read(&path), texts(&[("A", "1"), ("B", "x\ny"), ("tls.crt", "")]));
    assert_eq!((mode(&path.join("A")), mode(&path.join(DATA))), (0o400, 0o700));
    directory.write(&snapshot(&[("A", "2"), ("C", "1")])).unwrap();
    assert_eq!(read(&path), texts(&[("A", "2"), ("C", "1")]));
    assert_eq!(states(&path), ["..2"]);
}

#[test]
fn a_group_may_read_where_it_is_let() {
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), Permissions::from_mode(0o2770)).unwrap();
    Directory::open(dir.path(), 0o440).unwrap().write(&snapshot(&[("A", "1")])).unwrap();
    assert_eq!((mode(&dir.path().join("A")), mode(&dir.path().join(DATA))), (0o440, 0o2750));
    assert_eq!((searchable(0o444), searchable(0o600), searchable(0o640)), (0o755, 0o700, 0o750));
}

#[test]
fn names_that_are_none_and_places_that_are_taken_are_told() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("README"), "mine").unwrap();
    let directory = Directory::open(dir.path(), 0o400).unwrap();
    let all = snapshot(&[("..", "1"), ("A", "1"), ("README", "2"), ("a/b", "3")]);
    for _ in 0..2 {
        let written = directory.write(&all).unwrap();
        let refused: Vec<_> = written.refused.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!((written.files, &refused[..]), (1, &["..", "README", "a/b"][..]));
        assert_eq!(read(dir.path()), texts(&[("A", "1"), ("README", "mine")]));
    }
}

#[test]
fn what_a_crash_leaves_behind_is_removed_and_the_old_state_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    let old = texts(&[("A", "1"), ("B", "1")]);
    Directory::open(dir.path(), 0o400).unwrap().write(&snapshot(&[("A", "1"), ("B", "1")])).unwrap();
    // In the middle of writing, and right before the rename.
    fs::create_dir(dir.path().join("..2")).unwrap();
    fs::write(dir.path().join("..2/A"), "2").unwrap();
    assert_eq!(read(dir.path()), old);
    symlink("..2", dir.path().join(NEXT)).unwrap();
    assert_eq!(read(dir.path()), old);
    let directory = Directory::open(dir.path(), 0o400).unwrap();
    assert_eq!((read(dir.path()), states(dir.path())), (old, vec!["..1".to_owned()]));
    assert!(fs::symlink_metadata(dir.path().join(NEXT)).is_err());
    // Right after the rename: links are missing and too many, and the old state is still there.
    fs::rename(dir.path().join("..1"), dir.path().join("..7")).unwrap();
    fs::remove_file(dir.path().join(DATA)).unwrap();
    symlink("..7", dir.path().join(DATA)).unwrap();
    fs::create_dir(dir.path().join("..1")).unwrap();
    directory.write(&snapshot(&[("B", "2"), ("C", "2")])).unwrap();
    assert_eq!(
        (read(dir.path()), states(dir.path())),
        (texts(&[("B", "2"), ("C", "2")]), vec!["..8".to_owned()])
    );
}

#[test]
fn a_state_that_cannot_be_written_leaves_the_old_one() {
    let dir = tempfile::tempdir().unwrap();
    let directory = Directory::open(dir.path(), 0o400).unwrap();
    directory.write(&snapshot(&[("A", "1")])).unwrap();
    // Nothing can take the place of `..data` while the way there is a directory.
    fs::create_dir(dir.path().join(NEXT)).unwrap();
    assert!(directory.write(&snapshot(&[("A", "2")])).is_err());
    assert_eq!((read(dir.path()), states(dir.path())), (texts(&[("A", "1")]), vec!["..1".to_owned()]));
    fs::remove_dir(dir.path().join(NEXT)).unwrap();
    directory.write(&snapshot(&[("A", "2")])).unwrap();
    assert_eq!(read(dir.path()), texts(&[("A", "2")]));
}

#[test]
fn a_volume_of_somebody_else_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("..2026_11_26")).unwrap();
    symlink("..2026_11_26", dir.path().join(DATA)).unwrap();
    let error = Directory::open(dir.path(), 0o400).unwrap_err();
    assert!(error.to_string().contains("somebody else"), "{error}");
}

/// Whoever reads while states change finds all files of one state.
#[test]
fn readers_see_one_state_or_the_other() {
    let dir = tempfile::tempdir().unwrap();
    let directory = Directory::open(dir.path(), 0o400).unwrap();
    let state = |number: usize| {
        let text = number.to_string();
        snapshot(&[("A", &text), ("B", &text), ("C", &text)])
    };
    directory.write(&state(0)).unwrap();
    let path = dir.path().to_owned();
    let reader = std::thread::spawn(move || {
        let mut last = 0;
        while last < 200 {
            let state = path.join(fs::read_link(path.join(DATA)).unwrap());
            let read = |key: &str| fs::read_to_string(state.join(key)).ok();
            // A state that went away while it was read is read again, as the clients do.
            let (Some(a), Some(b), Some(c)) = (read("A"), read("B"), read("C")) else { continue };
            assert!(a == b && b == c, "{a} {b} {c}");
            let now: usize = a.parse().unwrap();
            assert!(now >= last);
            last = now;
        }
    });
    for number in 1..=200 {
        directory.write(&state(number)).unwrap();
    }
    reader.join().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// After any states, the files are the last one's, and nothing else is left.
    #[test]
    fn files_are_those_of_the_last_state(
        states_of in proptest::collection::vec(proptest::collection::btree_map("[a-c./]{0,3}", "[\\PC\n]{0,8}", 0..4), 1..4)
    ) {
        let dir = tempfile::tempdir().unwrap();
        let directory = Directory::open(dir.path(), 0o400).unwrap();
        for state in &states_of {
            let pairs: Vec<_> = state.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
            let written = directory.write(&snapshot(&pairs)).unwrap();
            let fit: BTreeMap<_, _> =
                state.clone().into_iter().filter(|(key, _)| no_file(key).is_none()).collect();
            prop_assert_eq!(written.files + written.refused.len(), state.len());
            prop_assert_eq!(read(dir.path()), fit);
            prop_assert_eq!(states(dir.path()).len(), 1);
        }
    }
}
