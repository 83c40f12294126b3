//! Blocks: read from a document, seen by the checker, printed by nobody.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::with_root;
use keyloom_syntax::view::{View, ViewKind};
use keyloom_syntax::{Block, De, Number, Text};

fn block(text: &str, substitution: bool) -> Block {
    with_root(text, |root, _| De::new(root).substitution(substitution).read().unwrap())
}

#[test]
fn every_leaf_stays_what_it_is() {
    let text = "b: {whole: 600, big: 18446744073709551615, part: 1.5, on: true, nothing: ~, word: yes}\na: [x, '2.10']\n";
    let block = block(text, false);
    let inner = block.get("b").unwrap();
    let numbers = [Number::Signed(600), Number::Unsigned(u64::MAX), Number::Float(1.5)];
    for (key, number) in ["whole", "big", "part"].into_iter().zip(numbers) {
        assert_eq!(inner.get(key), Some(&Block::Number(number)));
    }
    assert_eq!(inner.get("on"), Some(&Block::Bool(true)));
    assert_eq!(inner.get("nothing"), Some(&Block::Null));
    assert_eq!(inner.get("word").and_then(Block::text).unwrap(), "yes");
    assert_eq!(block.get("a").unwrap().items()[1].text().unwrap(), "2.10");
    let keys: Vec<_> = block.entries().iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["b", "a"], "keys keep their order");
}

#[test]
fn placeholders_are_text_that_is_not_known() {
    let text = "{url: 'https://${HOST}/', plain: x}";
    let filled_in_later = block(text, true);
    let url = filled_in_later.get("url").unwrap();
    assert_eq!(url.text(), Some(&Text::placeholder("https://${HOST}/")));
    assert_eq!((View::kind(&url), View::text(&url)), (ViewKind::Text, None));
    assert_eq!(View::text(&block(text, false).get("url").unwrap()), Some("https://${HOST}/"));
}

#[test]
fn numbers_that_json_does_not_have_are_refused_at_their_place() {
    with_root("{a: [1, .inf]}", |root, sources| {
        let fault = De::new(root).read::<Block>().unwrap_err();
        let node = root.get("a").unwrap().items().nth(1).unwrap();
        assert_eq!(fault.at, node.id());
        assert_eq!(common::source(sources, node), ".inf");
    });
}

#[test]
fn a_block_and_its_places_are_never_printed() {
    let block = block("{token: canary, list: [{port: 4711}]}", false);
    let port = block.get("list").unwrap().items()[0].get("port").unwrap();
    assert_eq!(format!("{block:?}"), r#"{"token": <text>, "list": [{"port": <number>}]}"#);
    assert_eq!(format!("{:?}", port.at()), "BlockAt(..)");
    assert_eq!(port.at().path_in(&block).as_deref(), Some("list[0].port"));
    assert_eq!(serde_json::to_string(&block).unwrap(), "\"<block>\"");
}
