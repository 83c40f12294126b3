//! Many files, on as many cores as there are; the result is that of reading them one after another.

use std::thread;

use crate::diagnostic::Diagnostic;
use crate::place::Source;
use crate::tree::{Files, NodeId, Tree, index};

use super::pieces::Plan;
use super::shift::Shift;
use super::{Budget, read_file};

/// What some files hold, and what is wrong with them.
pub(super) type Read<'s> = (Tree<'s>, Vec<Diagnostic>);

/// Reads files; threads of their own read all runs but the first.
pub(super) fn read<'s>(files: &[&'s Source], budget: &Budget, plan: &Plan) -> Read<'s> {
    let mut runs = runs(files, plan);
    let Some(first) = runs.next() else { return Read::default() };
    if first.len() == files.len() {
        return read_run(first, budget, plan);
    }
    let (mut tree, problems) = thread::scope(|scope| {
        let started = runs.map(|run| {
            let work = move || read_run(run, budget, plan);
            (run, thread::Builder::new().spawn_scoped(scope, work).ok())
        });
        let started: Vec<_> = started.collect();
        let (mut tree, mut problems) = read_run(first, budget, plan);
        for (run, thread) in started {
            // Where there is no thread to be had, this one does the work.
            let read = thread.and_then(|thread| thread.join().ok());
            let (part, faults) = read.unwrap_or_else(|| read_run(run, budget, plan));
            append(&mut tree, part);
            problems.extend(faults);
        }
        (tree, problems)
    });
    tree.files = Files::of(files.iter().copied());
    (tree, problems)
}

/// As many neighbours as make about the same size of text, for each core.
fn runs<'f, 's>(files: &'f [&'s Source], plan: &Plan) -> impl Iterator<Item = &'f [&'s Source]> {
    let all = files.last().map_or(0, |last| last.base as usize + last.text.len());
    let pieces = if all < plan.least_bytes { 1 } else { plan.pieces.max(1) };
    let size = all / pieces + 1;
    files.chunk_by(move |a, b| a.base as usize / size == b.base as usize / size)
}

fn read_run<'s>(files: &[&'s Source], budget: &Budget, plan: &Plan) -> Read<'s> {
    let mut tree = Tree { files: Files::of(files.iter().copied()), ..Tree::default() };
    let mut problems = Vec::new();
    for file in files {
        read_file(file, budget, plan, &mut tree, &mut problems);
    }
    (tree, problems)
}

fn append<'s>(tree: &mut Tree<'s>, part: Tree<'s>) {
    let by = Shift { nodes: index(tree.nodes.len()), texts: index(tree.owned.len()) };
    tree.nodes.reserve_exact(part.nodes.len());
    tree.nodes.extend(part.nodes.iter().map(|raw| by.moved(raw)));
    tree.owned.extend(part.owned);
    tree.roots.extend(part.roots.iter().map(|id| NodeId(by.node(id.0))));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::Sources;
    use crate::read::parse_as;

    const TEXTS: [&str; 7] = [
        "a: &x [1, 'it''s', \"q\\n\"]\nb: *x\n---\n- |\n  text\n",
        "",
        "a: 1\na: 2\n",
        "- {b: *none}\n",
        "c: [\"\\ud83d\\ude00\"]\n",
        "base: &b {k: v}\nd:\n  <<: *b\n",
        "- \"two\\twords\"\n- 'o''ne'\n---\n---\nx\n",
    ];

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let mut sources = Sources::new();
        for (i, text) in TEXTS.iter().cycle().take(40).enumerate() {
            sources.add(format!("{i}.yaml"), (*text).to_owned()).unwrap();
        }
        let read = |pieces| parse_as(&sources, &Budget::default(), &Plan { least_bytes: 0, pieces });
        let (whole, problems) = read(1);
        assert!(whole.documents().count() > 30 && problems.len() >= 10);
        for pieces in [2, 3, 7, 100] {
            let (tree, faults) = read(pieces);
            assert_eq!(format!("{tree:?}"), format!("{whole:?}"));
            assert_eq!(faults, problems);
        }
    }

    #[test]
    fn runs_hold_all_files_and_about_as_much_text_each() {
        let mut sources = Sources::new();
        for i in 0..100 {
            sources.add(format!("{i}"), "x".repeat(50)).unwrap();
        }
        let files: Vec<_> = sources.files().map(|(_, file)| file).collect();
        let lengths = |least_bytes, pieces| {
            runs(&files, &Plan { least_bytes, pieces }).map(<[_]>::len).collect::<Vec<_>>()
        };
        assert_eq!(lengths(0, 4), [25, 25, 25, 25]);
        assert_eq!(lengths(1 << 20, 4), [100]);
        assert_eq!(lengths(0, 0), [100]);
    }
}
