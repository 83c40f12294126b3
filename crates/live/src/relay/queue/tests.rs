use super::super::path::Path;
use super::*;

const MILLIS: fn(u64) -> Duration = Duration::from_millis;

fn changed(path: &str) -> Changed {
    Changed { path: Some(Path::new(path)), ..Changed::default() }
}

fn target(name: &str) -> Target {
    Target::ExternalSecret { namespace: "shop".to_owned(), name: name.to_owned() }
}

/// Takes all changes and has each of their objects synced: every folder is read by one, of its name.
fn look(queue: &mut Queue, now: Duration) -> usize {
    let Some(changes) = queue.look(now) else { return 0 };
    let count = changes.len();
    queue.looked(now);
    for (changed, mark) in changes {
        queue.sync(target(&changed.path.unwrap().to_string()), mark);
    }
    count
}

/// The values that objects are marked with now.
fn due(queue: &mut Queue, now: Duration) -> Vec<String> {
    queue.due(now).into_iter().map(|(_, mark)| mark.value).collect()
}

#[test]
fn the_first_change_is_handed_on_at_once_and_the_last_of_a_burst_a_second_later() {
    let mut queue = Queue::default();
    assert_eq!(queue.next(), None);
    let mut marked = Vec::new();
    let mut looks = 0;
    // A change every ten milliseconds, for two seconds.
    for step in 0..200_u64 {
        let now = MILLIS(step * 10);
        queue.change(changed("/a"), step.to_string());
        looks += look(&mut queue, now);
        marked.extend(due(&mut queue, now).into_iter().map(|value| (step * 10, value)));
    }
    for step in 200..400 {
        let now = MILLIS(step * 10);
        looks += look(&mut queue, now);
        marked.extend(due(&mut queue, now).into_iter().map(|value| (step * 10, value)));
    }
    let marked: Vec<(u64, &str)> = marked.iter().map(|(at, value)| (*at, value.as_str())).collect();
    assert_eq!(marked, [(0, "0"), (1000, "100"), (2000, "199")]);
    assert_eq!(looks, 9);
    assert_eq!(queue.next(), None);
    // What is done leaves nothing behind.
    assert!(queue.turns.is_empty() && queue.changes.is_empty());
}

#[test]
fn objects_do_not_wait_for_each_other() {
    let mut queue = Queue::default();
    queue.change(changed("/a"), "1".to_owned());
    look(&mut queue, MILLIS(0));
    assert_eq!(due(&mut queue, MILLIS(0)), ["1"]);
    queue.change(changed("/b"), "2".to_owned());
    assert_eq!(queue.next(), Some(BETWEEN_LOOKS));
    look(&mut queue, BETWEEN_LOOKS);
    assert_eq!(due(&mut queue, BETWEEN_LOOKS), ["2"]);
}

#[test]
fn a_cluster_that_takes_long_has_as_long_a_pause() {
    let mut queue = Queue::default();
    queue.change(changed("/a"), "1".to_owned());
    assert!(queue.look(MILLIS(100)).is_some());
    queue.change(changed("/b"), "2".to_owned());
    queue.looked(MILLIS(1100));
    assert!(queue.look(MILLIS(2099)).is_none());
    assert_eq!(queue.next(), Some(MILLIS(2100)));
    assert!(queue.look(MILLIS(2100)).is_some());
}

#[test]
fn a_cluster_that_does_not_answer_loses_nothing() {
    let mut queue = Queue::default();
    queue.change(changed("/a"), "1".to_owned());
    queue.change(changed("/b"), "2".to_owned());
    let mut now = Duration::ZERO;
    for failed in 0..20 {
        let changes = queue.look(now).unwrap();
        queue.change(changed("/a"), format!("again {failed}"));
        queue.look_failed(changes, now);
        let next = queue.next().unwrap();
        assert!(next > now && next <= now + LONGEST_PAUSE);
        assert!(queue.look(next - MILLIS(1)).is_none());
        now = next;
    }
    look(&mut queue, now);
    assert_eq!(due(&mut queue, now), ["again 19", "2"]);
}

#[test]
fn a_sync_that_fails_is_tried_within_bounds() {
    let mut queue = Queue::default();
    queue.change(changed("/a"), "1".to_owned());
    let mut now = Duration::ZERO;
    look(&mut queue, now);
    let mut tries = 0;
    loop {
        let taken = queue.due(now);
        let Some((target, mark)) = taken.into_iter().next() else { panic!("nothing is due") };
        tries += 1;
        match queue.sync_failed(target, mark, Duration::from_secs(3600), now) {
            Failed::Again => now = queue.next().unwrap(),
            Failed::GivenUp => break,
        }
    }
    assert_eq!(tries, TRIES);
    assert!(now <= LONGEST_PAUSE * TRIES, "{now:?}");
    assert_eq!(queue.next(), None);
    // A later change begins anew.
    queue.change(changed("/a"), "2".to_owned());
    look(&mut queue, now + LONGEST_PAUSE);
    assert_eq!(due(&mut queue, now + LONGEST_PAUSE), ["2"]);
}

#[test]
fn what_came_while_a_sync_failed_is_what_is_tried_again() {
    let mut queue = Queue::default();
    queue.change(changed("/a"), "1".to_owned());
    look(&mut queue, MILLIS(0));
    let (target, mark) = queue.due(MILLIS(0)).remove(0);
    queue.change(changed("/a"), "2".to_owned());
    look(&mut queue, BETWEEN_LOOKS);
    assert_eq!(queue.sync_failed(target, mark, Duration::ZERO, BETWEEN_LOOKS), Failed::Again);
    let next = queue.next().unwrap();
    assert_eq!(due(&mut queue, next), ["2"]);
}

#[test]
fn too_many_folders_become_everything() {
    let mut queue = Queue::default();
    for number in 0..=MOST_CHANGES {
        queue.change(changed(&format!("/{number}")), number.to_string());
    }
    let changes = queue.look(Duration::ZERO).unwrap();
    assert_eq!(changes.keys().collect::<Vec<_>>(), [&Changed::default()]);
}
